"""`ccm visit`: the visit pack, and the order of the doors."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccm.cli import logbook
from ccm.cli.app import app, console, counted, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOfLedger, day_of, tell_age
from ccm.cli.errand import Outing, doors_of, going_for, outing_of
from ccm.cli.loan import loan_no_in
from ccm.cli.looked import note_look
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.model import Case, LoanNote, WorkItem
    from ccm.visit.errands import Errand, Pack
    from ccm.visit.outline import Outline
    from ccm.visit.trip import Trip, Visits

OUTLINE, FORM, ROUTE, LETTERS = "谈话提纲.docx", "观察记录表.docx", "上门路线.docx", "函件"


@app.command("visit", cls=ChineseCommand)
def visit(
    loan: Annotated[
        list[str] | None, typer.Argument(help="借据号或其末几位，可写多笔；借款人姓名也行", metavar="借据号")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="今天按政策该上门的，全部")] = False,
    manager: Annotated[str | None, typer.Option(help="与 --due 同用：只要这位客户经理的", metavar="姓名")] = None,
    as_of: AsOfLedger = None,
    visitors: Annotated[str, typer.Option("--with", help="上门的人，全部写上：王敏,李强", metavar="姓名,姓名")] = "",
    out: Annotated[Path | None, typer.Option(help="放到哪个文件夹，默认 visits/日期", metavar="目录")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的电话号码")] = False,
) -> None:
    """上门前备好：谈话提纲、要带的函、观察记录和取证表、走哪条路。

    例：ccm visit 0062 --with 王敏,李强
    """
    if bool(loan) == due:
        raise typer.BadParameter("写要上门的借据号，或写 --due（今天该上门的全部），两样只写一样")
    outing = outing_of(workspace(), day_of(as_of) if as_of else None)
    tell_age(outing.triage.as_of, as_of)
    outing.work.expect(manager)
    trip = trip_of(outing, visitors)
    items, held = _wanted(outing, loan or [], manager)
    errands = outing.errands(items, owed_only=due)
    folder = (out or outing.place.root / "visits" / str(trip.on)).resolve()
    made = _make(outing, trip, errands, folder)
    made = replace(made, held=tuple(held), findings=tuple(_findings(trip, items)))
    if reveal:
        doors = [door for area in made.areas for door in area.doors]
        met = [(one.party, number) for door in doors for one in door.meetings for number in one.loans]
        note_look(outing.place, "visit", ((number, party.role, party.name) for party, number in met))
    if as_json:
        from ccm.wire.visit import visit_json

        print_json(visit_json(made, outing.place.root, reveal=reveal))
    else:
        from ccm.screen.visit import show_visit

        show_visit(console(), made, reveal=reveal)
    raise typer.Exit(4 if made.findings else 0)


def trip_of(outing: Outing, names: str) -> Trip:
    """Return who goes when.

    Raises:
        CcmError: `visit-too-few` where fewer are named than must go: a pack with one name would put the breach on
            paper. Where none is named the names are left blank, to be written in by hand.
    """
    from ccm.visit.trip import Trip

    rules = outing.work.policy.contact
    named = tuple(dict.fromkeys(name for name in re.split(r"[、,，\s]+", names) if name))
    if named and len(named) < rules.visit_staff:
        raise CcmError("visit-too-few", where="--with", names="、".join(named), staff=rules.visit_staff)
    return Trip(outing.work.as_of, named, outing.place.short_bank or "××银行", rules)


def _wanted(outing: Outing, asked: Sequence[str], manager: str | None) -> tuple[list[WorkItem], list[Case]]:
    """Return the loans to go for, and those that are held and left out; a loan that is named is gone for all the same.

    Raises:
        CcmError: `loan-unknown`, `loan-ambiguous`, `loan-refused`; `visit-unneeded` where nothing is overdue.
    """
    if not asked:
        return going_for(outing.items(manager))
    numbers = [loan_no_in(outing.triage, one) for one in asked]
    items = outing.items(numbers=numbers)
    for number in numbers:
        if not any(one.case.loan_no == number for one in items):
            raise CcmError("visit-unneeded", where=number, on=outing.work.as_of)
    return items, []


def _findings(trip: Trip, items: Sequence[WorkItem]) -> list[Finding]:
    """What whoever goes should know before: nobody named yet, a loan that is held."""
    from ccm.holds import active, in_words

    found = []
    if not trip.visitors and items:
        found.append(finding("visit-unnamed", file="--with", staff=trip.staff))
    for one in items:
        if held := active(one.holds):
            words = "；".join(map(in_words, held))
            found.append(finding("visit-held", file=one.case.loan_no, value=one.case.borrower, held=words))
    return found


def _make(outing: Outing, trip: Trip, errands: list[Errand], folder: Path) -> Visits:
    """Write a folder per debtor, and the route sheet."""
    from ccm.visit.errands import packs
    from ccm.visit.sheet import write_route
    from ccm.visit.trip import Visits

    areas = doors_of(outing, errands)
    made = []
    if errands:
        write_route(areas, trip, folder / ROUTE)
        found = packs(errands)
        with closing(logbook.journal_of(outing.place)) as journal, counted("正在备上门材料", len(found)) as told:
            for pack in found:
                made.append((pack, _write(outing, trip, pack, folder, journal)))
                told()
    return Visits(folder, trip, tuple(made), areas)


def _write(outing: Outing, trip: Trip, pack: Pack, folder: Path, journal: Journal) -> Path:
    from ccm.safe import file_name
    from ccm.visit.form import write_forms
    from ccm.visit.outline import write_outline

    home = folder / file_name(pack.cases[0].loan_no, pack.debtor.name)
    write_outline(_outline(outing, pack, journal), trip, home / OUTLINE)
    write_forms(pack.meetings, trip, home / FORM)
    _restore(pack, home / LETTERS, journal)
    return home


def _restore(pack: Pack, folder: Path, journal: Journal) -> None:
    """Put the letters to carry beside the plan, byte for byte as they were issued.

    Raises:
        CcmError: `letter-lost`.
    """
    from ccm.letters.issued import again
    from ccm.safe import put_bytes

    compiled: dict[str, Any] = {}
    for number in dict.fromkeys(paper.letter_no for one in pack.meetings for paper in one.papers):
        entry = next(one for one in journal.entries("letter-issued", letter_no=number) if "path" in one.note.facts)
        folder.mkdir(parents=True, exist_ok=True)
        put_bytes(folder / Path(str(entry.note.facts["path"])).name, again(entry, journal, compiled))


def _outline(outing: Outing, pack: Pack, journal: Journal) -> Outline:
    """Put together what the talk plan says of one debtor."""
    from ccm.cli.talk import advice_for, customer_of, logged_style
    from ccm.talk.phrases import load
    from ccm.visit.outline import Outline

    words = load()
    case = pack.cases[0]
    customer = customer_of(outing.place, case.loan_no)
    guaranteed = any(party.role == "guarantor" and not party.released_on for one in pack.cases for party in one.parties)
    numbers = {one.loan_no for one in pack.cases}
    return Outline(
        pack,
        customer.occupation,
        case.manager or "",
        _notes(outing, pack),
        outing.triage.as_of,
        tuple(_past(outing, pack, journal)),
        tuple(_words(outing, numbers)),
        _elsewhere(outing, pack, numbers),
        tuple(_accounts(outing, case)),
        advice_for(words, customer, None, None, [], logged_style(outing.place, customer.loan_no)),
        tuple(one for one in words.objection if guaranteed or one.key != "guarantor_denies"),
        words.situation,
    )


def _notes(outing: Outing, pack: Pack) -> tuple[LoanNote, ...]:
    from ccm.letters.plan import loan_note

    book = outing.work.book
    rows = book.filter(book["loan_no"].is_in([one.loan_no for one in pack.cases])).iter_rows(named=True)
    by_number = {row["loan_no"]: row for row in rows}
    return tuple(loan_note(one, by_number[one.loan_no]) for one in pack.cases)


def _past(outing: Outing, pack: Pack, journal: Journal) -> list[str]:
    """The time lines of the pack's loans in one, oldest first."""
    from ccm import memory
    from ccm.dossier import event_words
    from ccm.timeline import Told, timeline
    from ccm.units import short_day

    as_of, found = outing.work.as_of, []
    for case in pack.cases:
        told = Told(outing.lives.letters, outing.work.promises.get(case.loan_no, ()), outing.work.policy, str)
        entries = [one for one in journal.entries(loan_no=case.loan_no) if one.note.on <= as_of]
        seen = [(day, row) for day, row in memory.seen(outing.place.state, case.loan_no) if day <= as_of]
        which = f"（{case.loan_no[-4:]}）" if len(pack.cases) > 1 else ""
        for one in timeline(entries, seen, told):
            text = "，".join(filter(None, (one.party, event_words(one, detail=False))))
            found.append((one.on, one.at, f"{short_day(one.on, as_of)} {one.title}{which}　{text}"))
    return [line for *_, line in sorted(found, key=lambda one: one[:2])]


def _words(outing: Outing, numbers: set[str]) -> list[str]:
    """Promises that are not settled, and what holds the loans."""
    from ccm.dossier import promise_words
    from ccm.holds import in_words

    made = [one for number in sorted(numbers) for one in outing.work.promises.get(number, ())]
    held = [in_words(one) for number in sorted(numbers) for one in outing.work.held(number)]
    return [*held, *(promise_words(one) for one in made if one.state in {"open", "due", "broken"})]


def _elsewhere(outing: Outing, pack: Pack, numbers: set[str]) -> Any:  # noqa: ANN401 - parts of a person
    from ccm.person import persons

    asked = pack.debtor.id_no or pack.debtor.name
    found = persons(outing.work.book, outing.triage.parties, asked)
    return tuple(part for one in found for part in one.parts if part.loan_no not in numbers)


def _accounts(outing: Outing, case: Case) -> list[str]:
    """What ledger and journal answer of the ability to repay (V4), and what is still to be looked up (V2)."""
    from ccm.ability import accounts, of_accounts
    from ccm.payments import logged

    since = case.episode_on
    paid = any(one.on >= since for one in logged(outing.work.recorded.words).get(case.loan_no, ()))
    promised = any(one.made_on >= since for one in outing.work.promises.get(case.loan_no, ()))
    known = of_accounts(accounts(case.past_arrears, paid=paid, promised=promised))
    told = "；".join(f"{one.item.title}：{one.item.meaning(one.grade)}" for one in known)
    return [f"{told}。", "□ 出门前在核心系统查：还款账户余额、近三个月流水、名下其他账户（台账里没有这些）"]
