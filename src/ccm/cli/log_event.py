"""`ccm log LOAN event …`: what keeps a right and has no other way in: a suit, a judgment, a deduction, a waiver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of
from ccm.cli.log import AsJson, Job, On, Saying, Words, job_of, log, record, said_day, text_of
from ccm.errors import CcmError

if TYPE_CHECKING:
    from datetime import date

    from ccm.journal import Journal
    from ccm.model import Note
    from ccm.rights.rules import EventRule, Rules

EVERYONE = "全部"


@log.command("event", cls=ChineseCommand)
def event(
    ctx: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(help="起诉、判决、扣收、报纸公告、同意履行、签收……写错会列出全部", metavar="事件"),
    ],
    words: Words = None,
    to: Annotated[str | None, typer.Option("--to", help="对谁：姓名、担保人、全部；默认借款人", metavar="姓名")] = None,
    on: On = None,
    ended: Annotated[str | None, typer.Option(help="诉讼、执行、障碍终结的日子", metavar="日子")] = None,
    served: Annotated[str | None, typer.Option(help="起诉状副本送达的日子", metavar="日子")] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="撤诉了")] = False,
    agrees: Annotated[bool, typer.Option("--agrees", help="债务人签字同意履行（时效届满后要靠它）")] = False,
    grade: Annotated[str | None, typer.Option(help="送达证据等级 A～F", metavar="等级")] = None,
    number: Annotated[str | None, typer.Option("--no", help="补记这一项的结果：编号 J12", metavar="编号")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记中断时效、保住保证的事：起诉、判决、扣收、公告、签收……材料用 ccm archive add 编号 归档后才算数。

    例：ccm log 0062 event 起诉 --on 11-20 --to 全部
    例：ccm log 0062 event 起诉 --no J12 --ended 昨天
    """
    from ccm.cli.rights import rules_of

    job = job_of(ctx, None if to == EVERYONE else to, on, as_of=as_of)
    rules = rules_of(job.place)
    code, rule = _rule(rules, kind)
    facts: dict[str, object] = {"code": code, "title": rule.title, "text": text_of(words)}
    facts |= _ends(rule, day_of(as_of), ended, served, withdrawn=withdrawn)
    facts |= {"agrees": True} if agrees else {}
    facts |= {"grade": _grade(rules, grade)} if grade else {}
    if number:
        record(job, Saying(lambda journal: [_changed(job, journal, number, facts)]), as_json=as_json)
    parties = job.loan.parties if to == EVERYONE else (job.scene.party,)
    facts["parties"] = [[one.role, one.name] for one in parties]
    facts["borrower"] = job.loan.row["borrower"]
    record(job, Saying(lambda _: [_note(job, "event", facts)]), as_json=as_json)


def _note(job: Job, kind: str, facts: dict[str, object]) -> Note:
    from ccm.model import Note

    party = job.scene.party
    return Note(kind, job.scene.on, job.scene.loan_no, party.name, party.role, policy=job.scene.policy, facts=facts)


def _changed(job: Job, journal: Journal, number: str, facts: dict[str, object]) -> Note:
    """Say of an earlier event what became of it; what was not said anew stays."""
    from ccm.cli import logbook

    deed = logbook.lives_in(journal).deeds.get(number)
    if deed is None or deed.loan_no != job.loan.loan_no or deed.code != facts["code"]:
        raise CcmError("event-number", where=job.loan.loan_no, number=number, title=facts["title"])
    return _note(job, "event-changed", {key: value for key, value in facts.items() if value} | {"event_no": number})


def _rule(rules: Rules, said: str) -> tuple[str, EventRule]:
    """Return the event a word stands for: its code, its title, one of its words.

    Raises:
        CcmError: `event-unknown`, with the words there are.
    """
    for code, rule in rules.events.items():
        if said.strip() in {code, code.lower(), rule.title, *rule.words}:
            return code, rule
    known = "、".join((rule.words or (rule.title,))[0] for rule in rules.events.values())
    raise CcmError("event-unknown", kind=said, known=known)


def _ends(rule: EventRule, today: date, ended: str | None, served: str | None, *, withdrawn: bool) -> dict[str, object]:
    """Return how a proceeding or an obstacle ended; nothing else has an end.

    Raises:
        CcmError: `event-unfit`, `day-unclear`, `day-wrong-side`.
    """
    has_end = rule.by in {"proceeding", "obstacle"}
    if (ended and not has_end) or ((served or withdrawn) and rule.by != "proceeding"):
        raise CcmError("event-unfit", title=rule.title)
    days = {"ended_on": ended, "served_on": served}
    told: dict[str, object] = {key: str(said_day(text, today, past=True)) for key, text in days.items() if text}
    return told | ({"withdrawn": True} if withdrawn else {})


def _grade(rules: Rules, said: str) -> str:
    grade = said.strip().upper()
    if grade not in rules.grades:
        raise CcmError(
            "event-grade", grade=said, known="，".join(f"{key} {title}" for key, title in rules.grades.items())
        )
    return grade
