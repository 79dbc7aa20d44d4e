"""`ccm log LOAN dispute|hardship|illness|hold|plan|lift …`: what stops calls and letters, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf
from ccm.cli.log import AsJson, Job, On, Saying, To, Words, job_of, log, record, said_day, taken, text_of
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.model import Hold, HoldReason, Note, Step

Owner = Annotated[str | None, typer.Option("--owner", help="谁负责；默认管户客户经理", metavar="姓名")]
Until = Annotated[str | None, typer.Option("--until", help="到哪天为止；默认按政策", metavar="日子")]


@log.command("dispute", cls=ChineseCommand)
def dispute(
    ctx: typer.Context,
    words: Words = None,
    owner: Owner = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """异议：停电话和信函，到期前要答复；答复后用 lift 解除。

    例：ccm log 0062 dispute 说利息多算了两个月
    """
    job = job_of(ctx, to, on, as_of=as_of)
    record(job, held(job, "dispute", text_of(words), owner), as_json=as_json)


@log.command("hardship", cls=ChineseCommand)
def hardship(
    ctx: typer.Context,
    words: Words = None,
    owner: Owner = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """困难：有还款意愿而暂无能力，请求分期或展期；到期前要答复。

    例：ccm log 0062 hardship 鱼塘受灾，请求分期
    """
    job = job_of(ctx, to, on, as_of=as_of)
    record(job, held(job, "hardship", text_of(words), owner), as_json=as_json)


@log.command("illness", cls=ChineseCommand)
def illness(
    ctx: typer.Context,
    words: Words = None,
    until: Until = None,
    owner: Owner = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """患病：住院、丧失行为能力，暂停一段时间再联系。

    例：ccm log 0062 illness 县医院手术 --until 12-20
    """
    job = job_of(ctx, to, on, as_of=as_of)
    end = said_day(until, job.scene.on) if until else None
    record(job, held(job, "illness", text_of(words), owner, until=end), as_json=as_json)


@log.command("hold", cls=ChineseCommand)
def hold(
    ctx: typer.Context,
    until: Annotated[str, typer.Argument(help="到哪天为止：月底、12-31", metavar="日子", show_default=False)],
    words: Words = None,
    owner: Owner = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """暂停：有权人决定暂不催收，写明到哪天、为什么。时效和保证期间照走。

    例：ccm log 0062 hold 12-31 等拆迁款，王主任同意 --owner 王主任
    """
    job = job_of(ctx, to, on, as_of=as_of)
    end = said_day(until, job.scene.on)
    record(job, held(job, "decision", text_of(words), owner, until=end), as_json=as_json)


@log.command("plan", cls=ChineseCommand)
def plan(
    ctx: typer.Context,
    steps: Annotated[
        list[str],
        typer.Argument(help="各期：12-05:2000 01-05:2000，后面可写话", metavar="日子:金额…", show_default=False),
    ],
    owner: Owner = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """还款计划：按期还就停催，哪一期没还就恢复；新计划取代旧计划。

    例：ccm log 0062 plan 12-05:2000 01-05:2000
    """
    job = job_of(ctx, to, on, as_of=as_of)
    agreed, words = _steps(steps, job.scene.on)
    saying = held(job, "plan", text_of(words), owner, steps=agreed)
    record(job, replace(saying, advice=_uncovered(job, agreed)), as_json=as_json)


def _uncovered(job: Job, steps: Sequence[Step]) -> list[Finding]:
    """Tell what is overdue and no step pays: the plan stops its collection as well."""
    from ccm.units import yuan

    planned = sum(step.amount_cents for step in steps)
    overdue = job.loan.case.overdue_cents if job.loan.case else 0
    if planned >= overdue:
        return []
    left = yuan(overdue - planned)
    return [finding("plan-short", file=job.loan.loan_no, planned=yuan(planned), overdue=yuan(overdue), left=left)]


@log.command("lift", cls=ChineseCommand)
def lift(
    ctx: typer.Context,
    words: Words = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """解除暂停，或登记已答复；有几项时先写哪一项：异议、计划、H20261123-1。

    例：ccm log 0062 lift 异议 已书面答复，利息无误
    """
    from ccm.contacts import lifted

    job, said = job_of(ctx, to, on, as_of=as_of), list(words or ())
    holds = job.loan.work.held(job.loan.loan_no)
    if not holds:
        raise CcmError("hold-none", where=job.loan.loan_no)
    named = _named(holds, said[0]) if said else []
    if len(named or holds) > 1:
        raise CcmError("hold-ambiguous", where=job.loan.loan_no, known=_list(holds))
    one, text = (named[0], said[1:]) if named else (holds[0], said)
    record(job, Saying(lambda _: [lifted(job.scene, one, text_of(text))]), as_json=as_json)


def held(
    job: Job,
    reason: HoldReason,
    text: str,
    owner: str | None = None,
    *,
    until: date | None = None,
    steps: Sequence[Step] = (),
) -> Saying:
    """Return what stops calls and letters; a new plan takes the place of the old one."""
    from ccm.contacts import hold as note_of
    from ccm.contacts import lifted, numbered

    rule = job.loan.work.policy.hold(reason)
    old = [one for one in job.loan.work.held(job.loan.loan_no) if one.reason == "plan" == reason]

    def notes(journal: Journal) -> list[Note]:
        number = numbered("H", job.scene.on, taken(journal, "hold-set", "hold_no"))
        note = note_of(job.scene, number, rule, until, owner or job.responsible, text, steps)
        return [*(lifted(job.scene, one, f"由{number}取代") for one in old), note]

    return Saying(notes)


def _steps(said: Sequence[str], as_of: date) -> tuple[list[Step], list[str]]:
    """Read the steps of a plan up to the first word that is none; the days must rise as they are written.

    All days are seen from the day of the talk: a step beyond the year needs its year, or a slip would lie a year away.
    """
    from ccm.model import Step
    from ccm.said import cents

    steps: list[Step] = []
    for place, text in enumerate(said):
        day, colon, amount = text.replace("：", ":").partition(":")
        if not colon:
            if not steps:
                raise CcmError("plan-unclear", value=text)
            return steps, list(said[place:])
        steps.append(Step(said_day(day, as_of), cents(amount)))
        if place and steps[-1].on <= steps[-2].on:
            raise CcmError("plan-unclear", value=text)
    return steps, []


def _named(held: Sequence[Hold], word: str) -> list[Hold]:
    from ccm.model import HOLD_TITLES

    return [one for one in held if word in {one.hold_no, one.reason} or word in HOLD_TITLES[one.reason]]


def _list(held: Sequence[Hold]) -> str:
    from ccm.model import HOLD_TITLES

    return "、".join(f"{one.hold_no} {HOLD_TITLES[one.reason]}" for one in held)
