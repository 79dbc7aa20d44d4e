"""`ccm calls`: the queue of calls that are due, each with its hours, its reasons and how to begin."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf
from ccm.cli.looked import note_look
from ccm.cli.outreach import At

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ccm.calls.queue import Call, Known
    from ccm.cli.outreach import Ground
    from ccm.contact_rules import Span
    from ccm.model import Case, Party
    from ccm.talk.advice import Advice
    from ccm.talk.phrases import Talk
    from ccm.working_days import Calendar
    from ccm.workspace import Workspace


@app.command("calls", cls=ChineseCommand)
def calls(
    as_of: AsOf = None,
    at: At = None,
    manager: Annotated[str | None, typer.Option(help="只看这位客户经理", metavar="姓名")] = None,
    branch: Annotated[str | None, typer.Option(help="只看这个机构", metavar="名称")] = None,
    limit: Annotated[int, typer.Option(help="屏幕上显示几个", metavar="个数", min=0)] = 20,
    export: Annotated[Path | None, typer.Option(help="导出电话单：.xlsx 或 .csv，号码是完整的", metavar="文件")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的电话号码")] = False,
) -> None:
    """今天该打的电话：先打谁、几点打、为什么、怎么开口；不超法定的时段和次数。

    例：ccm calls --at 9:05 --reveal
    """
    from ccm import working_days
    from ccm.calls.queue import queue
    from ccm.calls.sheet import write_sheet
    from ccm.cli import journey
    from ccm.cli.outreach import ground_of, said_in
    from ccm.cli.triage import wanted

    place = workspace()
    ground = ground_of(place, as_of, at, journey.recorded_in(place), said_in(place))
    ground.work.expect(manager, branch)
    calendar = working_days.load(place.root)
    mine = [one for one in ground.work.ranked if wanted(ground.work, one.case, None, manager, branch)]
    advisor = Advisor(place, ground)
    found, left = queue(ground.work.items(mine), known_of(ground, calendar, advisor.way))
    made = [advisor.told(one) for one in found]
    if reveal or export:
        shown = made if export or as_json else made[:limit]
        whose = ((one.loan_no, one.party.role, one.party.name) for one in shown)
        note_look(place, "calls --export" if export else "calls", whose)
    if export:
        write_sheet(made, export)
    notes = day_notes(calendar, ground)
    if as_json:
        from ccm.wire.outreach import calls_json

        answer = calls_json(ground.start, made, left, notes, reveal=reveal)
        print_json(answer)
        return
    from ccm.screen.calls import show_calls

    out = console()
    show_calls(out, ground.start, made, limit, left, notes, reveal=reveal)
    if export:
        out.print(f"电话单已导出：{export}（含完整的电话号码，请妥善保管）")


def known_of(ground: Ground, calendar: Calendar, way: Callable[[Case, Party], tuple[Sequence[Span], str]]) -> Known:
    """Return what the queue must know; `way` gives a party's hours."""
    from ccm.calls.queue import Known, repaid
    from ccm.payments import logged

    work, messages = ground.work, ground.past.messages
    return Known(
        ground.start,
        work.policy.contact,
        calendar,
        ground.who,
        ground.contacts,
        ground.past,
        way,
        ground.held,
        ground.stopped,
        work.promises,
        repaid(messages, ground.figures(messages), logged(work.recorded.words), work.as_of),
    )


class Advisor:
    """How to talk with each party, and the hours that their occupation leaves."""

    def __init__(self, place: Workspace, ground: Ground) -> None:
        from ccm.talk.phrases import load

        self.place, self.past = place, ground.past
        self.words: Talk = load()
        book = ground.work.book.select("id_no", "occupation").drop_nulls()
        self.jobs: dict[str, str] = dict(book.iter_rows())
        self.of_loan: dict[str, str] = dict(ground.work.book.select("loan_no", "occupation").drop_nulls().iter_rows())
        self.hours = cache(self._hours)

    def way(self, case: Case, party: Party) -> tuple[Sequence[Span], str]:
        """Return the hours in which somebody of this occupation can be reached, and what is said of them."""
        return self.hours(self._job(case, party))

    def told(self, call: Call) -> Call:
        """Return a call with what to say in it."""
        from dataclasses import replace

        advice = self._advice(call)
        who = self.words.first.who.format(customer="", bank=self._bank, manager=call.item.case.manager or "×××")
        job, style = advice.occupation, advice.style
        manner = tuple(f"{one.title}：{'；'.join(one.approach)}" for one in (job, style) if one)
        return replace(call, identity=who, manner=manner, tips=(*_words(call, advice), *manner))

    def _advice(self, call: Call) -> Advice:
        from ccm.cli.talk import Customer, advice_for
        from ccm.talk.advice import Call as Talking
        from ccm.talk.advice import is_female

        case, party = call.item.case, call.party
        company = party.role == "borrower" and case.party_kind == "company"
        female = None if company else is_female(party.id_no)
        talking = Talking(party.name, company, female, self._bank, case.manager or "×××")
        style = self.past.styles.get((case.loan_no, party.role, party.name))
        customer = Customer(case.loan_no, "", self._job(case, party), talking)
        return advice_for(self.words, customer, None, None, [], style)

    @property
    def _bank(self) -> str:
        return self.place.short_bank or "××银行"

    def _job(self, case: Case, party: Party) -> str:
        """The ledger knows the borrower's occupation; of another party only if they borrow elsewhere."""
        if party.role == "borrower":
            return "企业主" if case.party_kind == "company" else self.of_loan.get(case.loan_no, "")
        return self.jobs.get(party.id_no or "", "")

    def _hours(self, job: str) -> tuple[Sequence[Span], str]:
        from ccm.talk.placing import hours_of, told_by

        found = told_by(job, self.words.occupation) if job else None
        hours = hours_of(self.words, job, found[0] if found else None) if job else None
        return (hours.times(), f"{hours.title}：{hours.why}") if hours else ((), "")


def _words(call: Call, advice: Advice) -> Sequence[str]:
    """What to say: the first question, the opening, and the cause to ask for where it is not known."""
    first, borrower = f"先确认：{advice.first}{advice.stranger}", call.item.case.borrower
    if call.party.role == "guarantor":
        return first, f"说明其担保的{borrower}的贷款已逾期，请其承担保证责任、代为清偿"
    ask = [] if call.cause else [f"问原因：{advice.questions[0].ask}"]
    return first, advice.openings[0], *ask


def day_notes(calendar: Calendar, ground: Ground) -> list[str]:
    """Say how old the ledger is, why no calls are made now, and how far the days off of the year are known."""
    from ccm.calls.hours import call_day
    from ccm.limits import is_quiet
    from ccm.units import plus_days

    on, rules = ground.start.date(), ground.work.policy.contact
    following = call_day(on, calendar, rules)
    notes = []
    if ground.triage.as_of != on:
        notes.append(f"台账是{ground.triage.as_of}读的，那以后的还款只看登记")
    if is_quiet(ground.start.time(), rules):
        notes.append(f"{ground.start:%H:%M}在不联系的时段里（{rules.lines()['quiet_hours']}），现在不打")
    if following != on:
        notes.append(f"{on}是{calendar.holiday(on)}，不打电话，排到{following}")
    # A window may fall on a day of the next year.
    for year in sorted({on.year, plus_days(following, 1).year}):
        known = calendar.known(year)
        if known == "missing":
            notes.append(f"{year}年的放假安排没有数据，没有避开节假日，打之前请看日历")
        elif known == "provisional":
            notes.append(f"{year}年的放假安排是暂定的（调休还没有公布），打之前请看日历")
    return notes
