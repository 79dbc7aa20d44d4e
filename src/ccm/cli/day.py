"""`ccm day`: the day's round on one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOfLedger, day_of, tell_age
from ccm.cli.errand import Outing, doors_of, going_for, open_duties, outing_of
from ccm.cli.looked import note_look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ccm.calls.queue import Call as Queued
    from ccm.cli.looked import Whose
    from ccm.model import Promise, Signal, WorkItem
    from ccm.round import Call, Post, Round
    from ccm.visit.route import Door

PROMISE = "promise-"
"""How the duties of promises are named; they stand in a part of their own."""


@app.command("day", cls=ChineseCommand)
def day(
    as_of: AsOfLedger = None,
    manager: Annotated[str | None, typer.Option(help="只看这位客户经理", metavar="姓名")] = None,
    out: Annotated[Path | None, typer.Option(help="写成一页A4的 Word 文件", metavar="文件.docx")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的电话号码")] = False,
) -> None:
    """今天一天的安排，一页纸：先去哪几处、几点给谁打电话、寄什么、查谁、谁的承诺到期。

    例：ccm day --manager 王敏 --out 今天.docx
    """
    from ccm.round import page_of, write_page

    outing = outing_of(workspace(), day_of(as_of) if as_of else None)
    tell_age(outing.triage.as_of, as_of)
    outing.work.expect(manager)
    whole = round_of(outing, manager)
    page = page_of(whole, _urgency(outing))
    if reveal or out:
        note_look(outing.place, "day --out" if out else "day", _shown(whole))
    if out:
        write_page(whole, page, out)
        console(stderr=as_json).print(f"已写好：{out}（有完整的电话号码，用完收好）")
    if as_json:
        from ccm.wire.visit import round_json

        print_json(round_json(whole, reveal=reveal))
    elif not out:
        from ccm.screen.visit import show_round

        show_round(console(), whole, page, reveal=reveal)


def round_of(outing: Outing, manager: str | None) -> Round:
    """Put together the round of one day."""
    from ccm.holds import active
    from ccm.round import Round

    items = outing.items(manager)
    free = [one for one in items if not active(one.holds)]
    going, _ = going_for(items)
    called, uncalled = _called(outing, free)
    return Round(
        outing.work.as_of,
        manager or "",
        tuple(_promises(outing, items)),
        doors_of(outing, outing.errands(going, owed_only=True)),
        called,
        tuple(_posts(outing, free, manager)),
        tuple(dict.fromkeys(duty.party for one in free for duty in open_duties(one, "query"))),
        tuple(one.case.borrower for one in items if active(one.holds)),
        _warned(outing, manager),
        uncalled,
    )


def _shown(whole: Round) -> list[Whose]:
    """Return whose numbers stand on the page."""
    meetings = [one for area in whole.areas for door in area.doors for one in door.meetings]
    return [
        *((one.loan_no, one.role, one.party) for one, _ in whole.promises),
        *((number, one.party.role, one.party.name) for one in meetings for number in one.loans),
        *((number, one.role, one.party) for one in whole.calls for number in one.loan_nos),
    ]


def _promises(outing: Outing, items: Iterable[WorkItem]) -> list[tuple[Promise, str | None]]:
    """What was promised for today, with the promiser's number."""
    return [
        (one, next((party.phone for party in item.case.parties if party.name == one.party), None))
        for item in items
        for one in outing.work.promises.get(item.case.loan_no, ())
        if one.state == "due" and one.by == outing.work.as_of
    ]


def _warned(outing: Outing, manager: str | None) -> tuple[tuple[str, Signal], ...]:
    """The signals that press today, of loans on the list or not: each once, with its borrower."""
    from ccm.signals import pressing, urgency

    work = outing.work
    book = work.book.filter(work.book["loan_no"].is_in(list(work.signals))).select("loan_no", "borrower", "manager")
    found = {
        one.signal_no: (borrower, one)
        for number, borrower, of_manager in book.iter_rows()
        if work.falls_to(manager, number, of_manager)
        for one in pressing(work.signals[number], work.policy)
    }
    return tuple(sorted(found.values(), key=lambda pair: urgency(pair[1])))


def _called(outing: Outing, items: Sequence[WorkItem]) -> tuple[tuple[Call, ...], tuple[str, ...]]:
    """Return one call per human being as `ccm calls` has them, from daybreak on, and who is not called that day.

    What is asked for is what arose last.
    """
    from ccm import working_days
    from ccm.calls.hours import daybreak
    from ccm.calls.queue import queue
    from ccm.cli.calls import Advisor, known_of
    from ccm.cli.outreach import ground_on, said_in

    on = outing.work.as_of
    ground = ground_on(outing.triage, outing.work, daybreak(on, outing.work.policy.contact), said_in(outing.place))
    known = known_of(ground, working_days.load(outing.place.root), Advisor(outing.place, ground).way)
    made, left = queue(map(_to_call, items), known)
    found: dict[str, Call] = {}
    others = {ground.who.get((one.loan_no, one.role, one.party), one.party): one.party for one in left}
    for one in made:
        who = ground.who.get((one.loan_no, one.party.role, one.party.name), one.party.name)
        if one.window.on == on:
            found[who] = _with(found.get(who), one)
        else:
            others[who] = one.party.name
    return tuple(found.values()), tuple(name for who, name in others.items() if who not in found)


def _to_call(item: WorkItem) -> WorkItem:
    """Leave out the promises, which stand in a part of their own, and what is owed to nobody any more."""
    duties = (one for one in item.duties if one.state != "released" and not one.id.startswith(PROMISE))
    return replace(item, duties=tuple(duties))


def _with(first: Call | None, one: Queued) -> Call:
    """Add a call to the one to the same human being before it."""
    from ccm.calls.queue import owed
    from ccm.round import Call

    case, party = one.item.case, one.party
    if first is None:
        hours = f"{one.window.not_before:%H:%M}-{one.window.not_after:%H:%M}"
        title = owed(one.item, party)[0].title
        return Call(one.item.rank, (case.loan_no,), party.name, party.role, one.phone, (hours,), case.overdue_cents,
                    case.dpd, title)  # fmt: skip
    if case.loan_no in first.loan_nos:
        return first
    cents = first.overdue_cents + case.overdue_cents
    return replace(first, loan_nos=(*first.loan_nos, case.loan_no), overdue_cents=cents, dpd=max(first.dpd, case.dpd))


def _posts(outing: Outing, items: Sequence[WorkItem], manager: str | None) -> list[Post]:
    """Letters that are issued and not posted; then letters that are owed and have no number."""
    from ccm.model import LETTER_TITLES
    from ccm.round import Post

    mine = {one.case.loan_no for one in outing.items(manager)}
    ready = [
        Post(life.letter_no, life.title, life.party, life.loan_no)
        for life in outing.lives.letters.values()
        if life.state == "issued" and not life.voided and (manager is None or life.loan_no in mine)
    ]
    owed = [
        Post("", LETTER_TITLES[duty.letter], duty.party, item.case.loan_no)
        for item in items
        for duty in open_duties(item, "letter")
        if duty.letter
    ]
    return ready + owed


def _urgency(outing: Outing) -> Callable[[Door], int]:
    """How pressing a door is: the rank of the most urgent loan behind it."""
    ranks = {one.case.loan_no: one.rank for one in outing.work.ranked}

    def urgency(door: Door) -> int:
        return min(ranks[number] for meeting in door.meetings for number in meeting.loans)

    return urgency
