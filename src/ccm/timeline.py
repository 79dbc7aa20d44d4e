"""The time line of one loan: what the ledgers showed, and everything that was done, said, sent and filed.

Each line knows the day it happened and, where that differs, the day it was entered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ccm.ability import caution
from ccm.life import ITEM_TITLES, LIFE_TITLES, RESULT_TITLES
from ccm.model import HOLD_TITLES, PROMISE_STATES
from ccm.payments import fallen_cents, figures_of, undone
from ccm.said import title
from ccm.statutes import named
from ccm.units import short_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ccm.life import Life
    from ccm.model import Entry, Promise
    from ccm.policy import Policy


BOOKKEEPING = frozenset({"letter-printed"})
"""Kinds of entries that are no part of the story."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line: the day, the hour where it is known, what happened to whom, and who wrote it down.

    `entered_on` is set where it was entered on another day than it happened; `does` names the duties done by it,
    `detail` holds what is told below the line.
    """

    on: date
    at: str
    kind: str
    title: str
    text: str
    party: str = ""
    role: str = ""
    actor: str = ""
    entered_on: date | None = None
    does: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the lines are told with, beside the entries: letters, promises, rules, and how numbers are shown."""

    letters: Mapping[str, Life]
    promises: Sequence[Promise]
    policy: Policy
    number: Callable[[str], str]


def timeline(entries: Iterable[Entry], seen: Iterable[tuple[date, Mapping[str, Any]]], told: Told) -> list[Event]:
    """Return the time line of one loan, oldest first.

    Args:
        entries: The journal's entries of the loan, in order.
        seen: Its rows in the remembered triages, with the day of each, oldest first.
        told: What the lines are told with.
    """
    titles = {rule.id: f"{rule.title}·{named(rule.rule)}" for rule in told.policy.duties}
    events: list[Event] = list(_of_ledgers(seen, told.policy))
    ledgers, entries = len(events), list(entries)
    gone = undone(entries)
    for entry in entries:
        note = entry.note
        if note.kind in BOOKKEEPING:
            continue
        duty = titles.get(note.duty, "核对承诺还款·P1" if note.duty.startswith("promise-") else note.duty)
        if note.kind == "duty-done" and len(events) > ledgers:
            events[-1] = replace(events[-1], does=(*events[-1].does, duty))
        else:
            event = _of_entry(entry, told, (duty,) if duty and not note.letter_no else ())
            events.append(replace(event, text=f"{event.text}（已撤回）") if entry.seq in gone else event)
    return sorted(events, key=lambda event: (event.on, event.kind != "ledger"))


def _of_ledgers(seen: Iterable[tuple[date, Mapping[str, Any]]], policy: Policy) -> Iterator[Event]:
    """Tell when the loan came on the list, rose, fell and left it; what stays the same is not told twice."""
    before: Mapping[str, Any] | None = None
    for on, row in seen:
        words = _moved(before, row, on, policy)
        if words:
            yield Event(on, "", "ledger", "台账", words)
        before = row


def _moved(before: Mapping[str, Any] | None, row: Mapping[str, Any], on: date, policy: Policy) -> str:
    owed = _overdue(row)
    if row["stage"] is None:
        return f"已不逾期（上次逾期{short_yuan(_overdue(before))}）" if before and before["stage"] is not None else ""
    standing = f"逾期{row['dpd']}天，本息{short_yuan(owed)}，余额{short_yuan(row['balance_cents'])}"
    if before is None or before["stage"] is None:
        return f"在清单上：{standing}"
    if before["stage"] != row["stage"]:
        way = "进入" if row["stage"] > before["stage"] else "退回"
        return f"{way}“{policy.stage_at(row['dpd']).label}”：{standing}"
    paid = fallen_cents(figures_of(before, on), figures_of(row, on))
    return f"还了约{short_yuan(paid)}，仍{standing}" if paid else ""


def _overdue(row: Mapping[str, Any]) -> int:
    return (row["overdue_principal_cents"] or 0) + (row["overdue_interest_cents"] or 0)


def _of_entry(entry: Entry, told: Told, does: tuple[str, ...]) -> Event:
    note = entry.note
    head, text = _words(entry, told)
    entered = date.fromisoformat(entry.at[:10])
    hour = str(note.facts.get("at") or "") or (entry.at[11:16] if entered == note.on else "")
    ability: Mapping[str, Any] = entry.note.facts.get("ability") or {}
    reasons = (*ability["reasons"], caution()) if ability.get("reasons") else ()
    return Event(
        note.on, hour, note.kind, head, text, note.party, note.role, entry.actor,
        entered if entered != note.on else None, does, reasons,
    )  # fmt: skip


def _words(entry: Entry, told: Told) -> tuple[str, str]:
    """Return a line's title and text; a kind that is not known here is shown with the words it kept."""
    family = entry.note.kind.partition("-")[0]
    if family == "letter":
        return _letter(entry, told)
    teller = TELLERS.get(entry.note.kind) or TELLERS.get(family)
    facts = entry.note.facts
    if teller is None:
        return entry.note.kind, str(facts.get("text") or facts.get("reason") or "")
    head, *parts = teller(facts, told, entry)
    return head, "，".join(part for part in parts if part)


def _letter(entry: Entry, told: Told) -> tuple[str, str]:
    number, facts = entry.note.letter_no, entry.note.facts
    life = told.letters.get(number)
    name = f"《{life.title}》{number}" if life else number
    state = "已作废" if life and life.voided else LIFE_TITLES[life.state] if life else ""
    despite = f"，暂停中仍发：{facts['despite']}" if facts.get("despite") else ""
    result = RESULT_TITLES.get(str(facts.get("status")), "在途")
    more = "，".join(str(facts[key]) for key in ("text", "reason") if facts.get(key))
    lines = {
        "letter-issued": ("发函", f"{name}（{state}）{despite}"),
        "letter-voided": ("函作废", f"{name}：{facts.get('reason', '')}"),
        "letter-listed": ("寄送清单", f"{name}，清单{facts.get('list_no', '')}"),
        "letter-posted": ("已寄", f"{name}，面单{facts.get('waybill', '')}"),
        "letter-result": ("投递", f"{name}：{result}{f'（{more}）' if more else ''}"),
    }
    return lines.get(entry.note.kind, (entry.note.kind, name))


def _call(facts: Mapping[str, Any], told: Told, _: Entry) -> tuple[str, ...]:
    return "电话", title("call", facts["result"]), told.number(str(facts.get("number", ""))), facts.get("text", "")


def _sms(facts: Mapping[str, Any], told: Told, _: Entry) -> tuple[str, ...]:
    return "短信", told.number(str(facts.get("number", ""))), facts.get("text", "")


def _visit(facts: Mapping[str, Any], _: Told, __: Entry) -> tuple[str, ...]:
    ability: Mapping[str, Any] = facts.get("ability") or {}
    known = f"还款能力{ability['score']}分（看到{ability['known']}/{ability['of']}项）" if ability.get("known") else ""
    who = "、".join(facts.get("visitors", ()))
    where = f"{title('place', facts.get('place', 'other'))}{title('found', facts.get('found', ''))}"
    silent = f"没有录音：{facts['no_recording']}" if facts.get("no_recording") else ""
    return "上门", where, who, facts.get("text", ""), known, silent, str(facts["visit_no"])


def _query(facts: Mapping[str, Any], _: Told, __: Entry) -> tuple[str, ...]:
    cause = facts.get("cause")
    return "查询", title("source", facts["source"]), facts.get("result", ""), f"原因：{cause}" if cause else ""


def _promise(facts: Mapping[str, Any], told: Told, entry: Entry) -> tuple[str, ...]:
    note = entry.note
    mine = [
        one
        for one in told.promises
        if (one.role, one.party, one.made_on, str(one.by)) == (note.role, note.party, note.on, facts["by"])
    ]
    state = f"（{PROMISE_STATES[mine[-1].state]}）" if mine else ""
    return "承诺", f"{facts['by']}前还{yuan(facts['amount_cents'])}元{state}", facts.get("text", "")


def _hold(facts: Mapping[str, Any], _: Told, entry: Entry) -> tuple[str, ...]:
    name = HOLD_TITLES.get(facts.get("reason"), "")  # type: ignore[arg-type]
    if entry.note.kind == "hold-lifted":
        return f"解除{name}", facts.get("text", ""), facts["hold_no"]
    this_year = f"{entry.note.on.year}-"
    steps = [
        f"{step['on'].removeprefix(this_year)}还{short_yuan(step['amount_cents'])}" for step in facts.get("steps", ())
    ]
    end = f"至{facts['until']}" if facts.get("until") and not steps else ""
    answer = f"{facts['answer_by']}前答复" if facts.get("answer_by") else ""
    return name, "、".join(steps), end, answer, facts.get("text", ""), facts["hold_no"]


def _evidence(facts: Mapping[str, Any], _: Told, entry: Entry) -> tuple[str, ...]:
    head = "撤下证据" if entry.note.kind == "evidence-withdrawn" else "归档"
    return head, ITEM_TITLES.get(str(facts.get("item")), str(facts.get("item", ""))), str(facts.get("subject", ""))


def _person(facts: Mapping[str, Any], _: Told, __: Entry) -> tuple[str, ...]:
    return "状态", title("state", facts["state"]), facts.get("text", "")


def _warn(facts: Mapping[str, Any], _: Told, entry: Entry) -> tuple[str, ...]:
    heads = {"warn-checked": "核实预警", "warn-disposed": "处置预警", "warn-tracked": "跟踪预警",
             "warn-closed": "关闭预警", "warn-undone": "撤回预警"}  # fmt: skip
    if entry.note.kind == "warn-raised":
        return (
            "预警",
            f"【{facts['level']}】{facts['text']}",
            facts["source"],
            f"{facts['deadline']}前处置",
            _number(facts),
        )
    ground = "核实不属实" if facts.get("unfounded") else ""
    return (
        heads.get(entry.note.kind, "预警"),
        ground,
        "、".join(facts.get("measure_titles", ())),
        facts["text"],
        _number(facts),
    )


def _number(facts: Mapping[str, Any]) -> str:
    return str(facts["signal_no"])


def _event(facts: Mapping[str, Any], entry: Entry) -> tuple[str, ...]:
    ended = f"{facts['ended_on']}终结" if facts.get("ended_on") else ""
    more = (ended, "已撤回" if facts.get("withdrawn") else "", "同意履行" if facts.get("agrees") else "")
    number = facts.get("event_no") or f"J{entry.seq}"
    court = f"{facts['court']}{facts.get('case_no', '')}" if facts.get("court") else ""
    against = f"对{'、'.join(name for _, name in facts['parties'])}" if court else ""
    return facts["title"], court, against, *more, facts.get("text", ""), f"编号{number}"


def _suit(facts: Mapping[str, Any], _: Told, entry: Entry) -> tuple[str, ...]:
    kind, number = entry.note.kind, str(facts.get("deferral_no", ""))
    if kind == "suit-stage":
        since = f"履行到{facts['from']}" if facts.get("from") else ""
        return f"诉讼·{facts['title']}", facts.get("case_no", ""), since, facts.get("text", ""), facts["event_no"]
    if kind == "suit-breached":
        step = f"第{facts['step']}期（{facts['step_on']}）没还：应还{short_yuan(facts['owed_cents'])}"
        return "暂缓失效", step, f"已还{short_yuan(facts['paid_cents'])}", "应起诉（C10）", number
    if kind == "suit-drafted":
        plan = f"方案{len(facts['steps'])}期共{short_yuan(sum(step['amount_cents'] for step in facts['steps']))}"
        return "申请暂缓起诉", f"至{facts['until']}", plan, facts["text"], facts["by"], number
    if kind == "suit-prepared":
        return "起诉材料齐备", facts.get("text", "")
    heads = {"suit-submitted": "上报", "suit-reviewed": "审查", "suit-approved": "批准", "suit-refused": "不批准"}
    return f"暂缓起诉·{heads.get(kind, kind)}", facts["by"], facts.get("text", ""), number


TELLERS: dict[str, Callable[[Mapping[str, Any], Told, Entry], tuple[str, ...]]] = {
    "contact-call": _call,
    "contact-sms": _sms,
    "visit": _visit,
    "query": _query,
    "promise": _promise,
    "payment": lambda facts, _, entry: (
        "还款",
        f"{yuan(facts['amount_cents'])}元",
        facts.get("text", ""),
        f"编号J{entry.seq}",
    ),
    "payment-undone": lambda facts, *_: (
        "撤回还款",
        f"{yuan(facts['amount_cents'])}元",
        facts["text"],
        f"编号J{facts['payment_seq']}",
    ),
    "event": lambda facts, _, entry: _event(facts, entry),
    "cause": lambda facts, _, __: ("欠款原因", title("cause", facts["cause"]), facts.get("text", "")),
    "style": lambda facts, _, __: ("风格", facts.get("text", "")),
    "note": lambda facts, _, __: ("备注", facts.get("text", "")),
    "wrong-number": lambda facts, told, _: ("错号", told.number(str(facts["number"])), facts.get("text", "")),
    "revealed": lambda *_: ("看过号码", "显示了完整的证件和电话号码"),
    "purged": lambda facts, *_: ("销毁", f"保存期到{facts['until_on']}，文件{len(facts['sha256'])}份"),
    "hold": _hold,
    "evidence": _evidence,
    "person-state": _person,
    "warn": _warn,
    "statement": lambda facts, *_: ("欠款计算表", f"应付合计{yuan(facts['total_cents'])}元", facts["files"][0]["path"]),
    "suit": _suit,
    "duty-done": lambda *_: ("已办", ""),
}
"""How each kind or family of entries is told: the title first, then parts that are joined."""
