"""Suits as the terminal shows them: who is to be sued, what is deferred until when, what a case needs and awaits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccm.model import DEFERRAL_ACTS, DEFERRAL_STATES, ROLE_TITLES, SUIT_STATES
from ccm.rights.count import advice
from ccm.screen.marks import SUIT_STYLES
from ccm.suit.court import deadline
from ccm.suit.deferral import OPEN, step_states
from ccm.suit.notes import NEXT
from ccm.suit.sheet import has_words
from ccm.suit.standing import in_words
from ccm.units import days_between, short_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from rich.console import Console

    from ccm.model import Case, Deferral, Filing, Note, Party, Suit, SuitState
    from ccm.policy import DeferralRule
    from ccm.rights.clock import Clock
    from ccm.rights.rules import Rules
    from ccm.suit.checklist import Line
    from ccm.suit.deferral import StepState
    from ccm.suit.notes import Docket
    from ccm.suit.standing import Due

GROUPS: tuple[tuple[str, tuple[SuitState, ...]], ...] = (
    ("应起诉（没有批准的暂缓，照常应起诉）", ("due", "breached", "pending")),
    ("暂缓起诉，权利的期间照走", ("deferred",)),
    ("已起诉", ("filed",)),
)
STEP_TITLES: dict[StepState, str] = {
    "kept": "已还",
    "ahead": "未到期",
    "grace": "宽限中",
    "unknown": "等台账",
    "missed": "没还",
}
STEP_STYLES: dict[StepState, str] = {
    "kept": "green", "ahead": "", "grace": "yellow", "unknown": "yellow", "missed": "red"
}  # fmt: skip
URGENT_DAYS = 30


def show_due(console: Console, found: Sequence[Due], rules: Rules, rule: DeferralRule, as_of: date, limit: int) -> None:
    """Print every loan with all its debtors, what is to be sued first."""
    if not found:
        console.print(f"{as_of} 没有应起诉的贷款")
        return
    counts = Counter(one.state for one in found)
    words = "，".join(f"{SUIT_STATES[state]}{counts[state]}笔" for state in SUIT_STATES if counts[state])
    console.print(Text(f"{as_of} {words}", style="bold"))
    for title, states in GROUPS:
        group = [one for one in found if one.state in states]
        if not group:
            continue
        console.print(Text(f"\n{title}", style="bold"))
        for one in group[:limit]:
            _show_one(console, one, rules, rule, as_of)
        if len(group) > limit:
            console.print(Text(f"……另有{len(group) - limit}笔：加 --limit {len(group)} 全部显示", style="dim"))


def _show_one(console: Console, one: Due, rules: Rules, rule: DeferralRule, as_of: date) -> None:
    case = one.case
    console.print(
        Text.assemble(
            (f"{case.borrower} ", "bold"),
            (f"{case.loan_no} ", "dim"),
            f"逾期{case.dpd}天 {short_yuan(case.overdue_cents)}",
        )
    )
    if one.suit and (words := in_words(one.suit)):
        _line(console, words, SUIT_STYLES[one.state])
    newest = one.suit.deferrals[-1] if one.suit and one.suit.deferrals else None
    if newest and newest.state in OPEN and one.state != "filed":
        _show_pending(console, newest, rule, as_of)
    _line(console, f"债务人：{people(case.parties)}")
    if one.unsued:
        _line(console, f"还没有起诉：{people(one.unsued)}（C8：对全部债务人）", "red")
    if one.suit and one.suit.filing:
        _show_deadline(console, one.suit.filing, rules.months, as_of)
    _show_nearest(console, one.rights, rules)


def _show_nearest(console: Console, clocks: Iterable[Clock], rules: Rules) -> None:
    """Say which right ends first, also where its day is past: without proof, or by what only the contract can tell."""
    nearest = min(clocks, key=lambda clock: clock.days_left or 0, default=None)
    if nearest and nearest.ends_on:
        title, left = rules.rights[nearest.right].title, nearest.days_left or 0
        style = "bold red" if left <= URGENT_DAYS else "yellow"
        heed = "（未证实，或按默认期间）" if nearest.passed else ""
        moved = nearest.legal_ends_on if left < 0 and not nearest.passed else None
        when = f"依法顺延到{moved}" if moved else f"{_left(left)}{heed}"
        words = f"{title}（{nearest.party}）{nearest.ends_on}届满，{when}：{advice(nearest, rules)}"
        _line(console, words, style)


def people(parties: Iterable[Party]) -> str:
    """Name parties with their roles."""
    return "、".join(f"{ROLE_TITLES[one.role]}{one.name}" for one in parties)


def _show_pending(console: Console, one: Deferral, rule: DeferralRule, as_of: date) -> None:
    """Say what an application waits for, and whether it has waited too long."""
    waited = days_between(one.signed[0].on, as_of)
    late = waited > rule.decide_days
    words = f"{one.deferral_no} 申请{waited}天，等{NEXT[one.state]}"
    _line(console, words + (f"；超过了{rule.decide_days}天" if late else ""), "red" if late else "dim")


def _show_deadline(console: Console, filing: Filing, months: Mapping[str, int], as_of: date) -> None:
    running = deadline(filing, months)
    if running is None:
        return
    left, stage = days_between(as_of, running.on), running.stage
    heed = f"；{stage.heed}" if stage.heed else ""
    confirm = "，需法务确认" if stage.confirm else ""
    words = f"{running.on}前：{stage.act}（{_left(left)}）{heed}"
    _line(console, words, "bold red" if left < 0 else "yellow")
    _line(console, f"出处：{stage.source}{confirm}；按未顺延的日子", "dim")


def show_recorded(
    console: Console,
    made: Sequence[Note],
    after: Suit | None,
    numbers: Sequence[str],
    rules: Rules,
    running: Sequence[Clock],
) -> None:
    """Print what was just written down, how the suit stands, what comes next; of a deferral what goes on `running`."""
    first = made[0]
    number = str(first.facts.get("deferral_no") or first.facts.get("event_no") or next(iter(numbers), ""))
    console.print(Text.assemble(("已记 ", "green"), f"{first.on} {first.loan_no} {first.party} ", (number, "bold")))
    if after is None:
        return
    if words := in_words(after):
        _line(console, words, SUIT_STYLES[after.state])
    newest = after.deferrals[-1] if after.deferrals and "deferral_no" in first.facts else None
    if newest and newest.state == "drafted":
        _line(console, f"书面申请：{newest.path}")
    if newest and newest.state in OPEN:
        _line(console, f"下一步：{NEXT[newest.state]}", "dim")
    if newest:
        _show_nearest(console, running, rules)
    if after.filing and newest is None:
        _show_deadline(console, after.filing, rules.months, first.on)
        papers = {"SUIT_FILED": "立案或受理凭证", "JUDGMENT": "生效法律文书", "ENFORCEMENT": "立案或受理凭证"}
        events = [note for note in made if note.kind == "event"]
        for note, event_no in zip(events, numbers, strict=False):
            _line(
                console, f"归档后才算证明：ccm archive add {event_no} {papers[str(note.facts['code'])]} 文件", "yellow"
            )


def show_plans(
    console: Console,
    granted: Sequence[Suit],
    broken: Sequence[str],
    names: Mapping[str, str],
    rule: DeferralRule,
    as_of: date,
) -> None:
    """Print the plans of approved deferrals, step by step, the broken ones first."""
    if not granted:
        console.print(f"{as_of} 没有批准了的暂缓")
        return
    bad = sum(one.state == "breached" for one in granted)
    head = f"{as_of} 批准了的暂缓{len(granted)}笔：方案未履行{bad}笔"
    console.print(Text(head, style="bold"))
    for one in sorted(granted, key=lambda each: (each.state != "breached", each.loan_no)):
        if one.deferral:
            console.print(Text.assemble((f"\n{names.get(one.loan_no, '')} ", "bold"), (one.loan_no, "dim")))
            _line(console, in_words(one), SUIT_STYLES[one.state])
            _show_steps(console, one.deferral, rule, as_of)
            if one.loan_no in broken:
                _line(console, "已登记失效：以后再还也要重新申请", "red")


def _show_steps(console: Console, one: Deferral, rule: DeferralRule, as_of: date) -> None:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for side in ("left", "left", "right", "left"):
        table.add_column(justify=side, no_wrap=True)
    for number, (step, state) in enumerate(step_states(one, rule.grace_days, as_of), start=1):
        table.add_row(
            f"第{number}期",
            str(step.on),
            f"{yuan(step.amount_cents)}元",
            Text(STEP_TITLES[state], style=STEP_STYLES[state]),
        )
    console.print(Padding(table, (0, 0, 0, 2)))
    total = sum(step.amount_cents for step in one.steps)
    _line(console, f"申请以来已还{yuan(one.paid_cents)}元，方案共{yuan(total)}元；一期最多迟{rule.grace_days}天", "dim")


def show_life(
    console: Console, docket: Docket, one: Suit | None, rule: DeferralRule, months: Mapping[str, int], as_of: date
) -> None:
    """Print the whole life of one suit: applications, plans, the case and its stages."""
    console.print(Text.assemble((f"{docket.parties[0].name} ", "bold"), docket.loan_no))
    console.print(f"债务人：{people(docket.parties)}")
    if one is None:
        console.print("没有起诉，也没有申请暂缓")
        return
    if words := in_words(one):
        console.print(Text(words, style=SUIT_STYLES[one.state]))
    for each in one.deferrals:
        _show_deferral(console, each, rule, as_of)
    if one.filing:
        _show_filing(console, one.filing, months, as_of)


def _show_deferral(console: Console, one: Deferral, rule: DeferralRule, as_of: date) -> None:
    console.print(
        Text(f"\n暂缓起诉申请 {one.deferral_no}　至{one.until_on}　{DEFERRAL_STATES[one.state]}", style="bold")
    )
    _line(console, f"理由：{one.reason}")
    for sign in one.signed:
        said = f"　{sign.text}" if sign.text and sign.act != "draft" else ""
        typed = f"（{sign.actor}登记）" if sign.actor != sign.by else ""
        _line(console, f"{sign.on} {DEFERRAL_ACTS[sign.act]} {sign.by}{typed}{said}")
    if one.path:
        _line(console, f"书面申请：{one.path}", "dim")
    _show_steps(console, one, rule, as_of)


def _show_filing(console: Console, one: Filing, months: Mapping[str, int], as_of: date) -> None:
    console.print(
        Text(f"\n起诉 {one.filing_no}　{one.court or '法院没有登记'}　{one.case_no or '还没有案号'}", style="bold")
    )
    _line(console, f"{one.on} 起诉：{'、'.join(name for _, name in one.parties)}")
    for stage in one.stages:
        since = f"，履行到{stage.from_on}" if stage.from_on != stage.on else ""
        _line(console, f"{stage.on} {stage.title}{since}　{stage.text}".rstrip("　"))
    _show_deadline(console, one, months, as_of)


def show_list(console: Console, docket: Docket, lines: Sequence[Line], path: str, case: Case | None, duty: str) -> None:
    """Print the checklist: what is missing first to the eye, what there is, where the sheet lies."""
    lacking = [one for one in lines if not one.complete]
    days = f"　逾期{case.dpd}天" if case else ""
    console.print(Text.assemble((f"{docket.parties[0].name} ", "bold"), f"{docket.loan_no}{days}"))
    console.print(f"被告{len(docket.defendants)}人：{people(docket.parties)}；材料{len(docket.defendants) + 1}套")
    group = ""
    for one in lines:
        if one.rule.group != group:
            group = one.rule.group
            console.print(Text(group, style="bold"))
        sign, style = ("✗", "red") if not one.complete else ("–", "dim") if one.lacks else ("✓", "green")
        need = "" if one.must else "（如有）"
        has = has_words(one)
        if one.rule.print == "statement" and one.lacks:
            has += f"：先用 ccm statement {docket.loan_no} 生成，盖章后归档"
        console.print(
            Padding(Text.assemble((f"{sign} ", style), f"{one.rule.title}{need}　", (has, style)), (0, 0, 0, 2))
        )
    words = f"必备的还缺{len(lacking)}项" if lacking else "必备的都在"
    console.print(Text(words, style="bold yellow" if lacking else "bold green"))
    if lacking:
        console.print(f"归档：ccm archive add {docket.loan_no} 借款合同 文件", style="dim")
    if duty:
        console.print("“整理信贷资料、准备起诉”（C6）已登记办了", style="green")
    console.print(f"清单：{path}；移交：ccm pack {docket.loan_no}", style="dim")


def _left(days: int) -> str:
    return f"还剩{days}天" if days >= 0 else f"已过{-days}天"


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Padding(Text(text, style=style), (0, 0, 0, 2)))
