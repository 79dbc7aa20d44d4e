"""`ccm handover`: the signed list of everything that one manager hands over to another."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli import journey, logbook
from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.archive.check import Standing
    from ccm.cli.journey import Work
    from ccm.handover.record import Handover, Item, Proof
    from ccm.journal import Journal
    from ccm.life import Filed, Lives
    from ccm.memory import Triage
    from ccm.model import Entry, Signal
    from ccm.workspace import Workspace


@app.command("handover", cls=ChineseCommand)
def handover(
    manager: Annotated[str, typer.Argument(help="移交人：台账上的客户经理", metavar="姓名", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="接收人", metavar="姓名", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="放到哪个文件夹，默认 handover/", metavar="文件夹")] = None,
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """移交清单：一位客户经理名下逾期和到期的各笔，连同权利、承诺、信号、材料、未办事项，打印签字。

    例：ccm handover 王敏 --to 李强
    """
    from ccm.cli.rights import rules_of

    place, day = workspace(), day_of(as_of)
    whole = _whole(place, manager.strip(), to.strip(), day)
    old = None
    if whole.items:
        whole, old = _drawn(place, whole, out or place.root / "handover")
    files = _files(whole, out or place.root / "handover") if whole.items else ()
    if as_json:
        from ccm.wire.handover import handover_json

        print_json(handover_json(whole, [place.name_of(path) for path in files], rules_of(place)))
        return
    from ccm.screen.handover import show_handover

    show_handover(console(), whole, files, rules_of(place), again=old is not None)


def _files(whole: Handover, folder: Path) -> tuple[Path, Path]:
    from ccm.safe import file_name

    stem = file_name(f"移交清单{whole.number}", whole.giver, whole.taker)
    return folder / f"{stem}.docx", folder / f"{stem}.xlsx"


def _drawn(place: Workspace, whole: Handover, folder: Path) -> tuple[Handover, Entry | None]:
    """Number the list, write its files and the entry; where the journal has the very same list, write nothing.

    A run that dies before its entry has used no number: the next one writes over its files.
    """
    from ccm.archive.check import digest_of
    from ccm.cli.rights import rules_of
    from ccm.handover import notes
    from ccm.handover.document import write_list
    from ccm.handover.sheet import write_sheet

    rules, policy = rules_of(place), journey.policy_of(place)
    with closing(logbook.journal_of(place)) as journal, journal.writing():
        entries = list(journal.entries(notes.KIND))
        old = notes.same(entries, notes.content_of(whole))
        if old:
            whole = replace(whole, number=str(old.note.facts["handover_no"]))
            if all(path.exists() for path in _files(whole, folder)):
                return whole, old
        whole = replace(whole, number=notes.free_number(whole.as_of, entries))
        document, sheet = _files(whole, folder)
        write_list(whole, rules, document)
        write_sheet(whole, rules, sheet)
        written = [(place.name_of(path), digest_of(path)) for path in (document, sheet)]
        journal.append([notes.drawn(whole, written, policy)], now())
    return whole, None


def _whole(place: Workspace, giver: str, taker: str, day: date) -> Handover:
    """Put together all that a manager has in hand on a day."""
    from ccm.handover.record import Handover, in_danger

    if giver == taker:
        raise CcmError("handover-self", where=giver, manager=giver)
    triage, work = journey.remembered_work(place, day, journey.recorded_in(place))
    mine = _loans_of(work, giver)
    with closing(logbook.journal_of(place)) as journal:
        items = _items(place, triage, work, frozenset(mine), journal)
    listed = {one.case.loan_no for one in items}
    calm = {number: row for number, row in mine.items() if number not in listed}
    return Handover(
        "", giver, taker, day, f"{place.bank}{place.branch}" or "（未设置）", triage.files, in_danger(items),
        sum(bool(cents) for _, cents in calm.values()), sum(cents for _, cents in calm.values()),
        tuple(_signals(work, calm)),
    )  # fmt: skip


def _loans_of(work: Work, giver: str) -> dict[str, tuple[str, int]]:
    """Return the borrower and balance of every loan somebody has, by the ledger or by a list.

    Raises:
        CcmError: `manager-unknown`, with the nearest names.
    """
    from difflib import get_close_matches

    book = work.book.select("loan_no", "borrower", "manager", "balance_cents")
    found = {
        number: (borrower, cents or 0)
        for number, borrower, manager, cents in book.iter_rows()
        if work.falls_to(giver, number, manager)
    }
    if not found:
        names = sorted(filter(None, book["manager"].unique()))
        near = get_close_matches(giver, names, 3, 0.4) or names[:5]
        told = f"；台账里有 {'、'.join(near)}" if near else ""
        raise CcmError("manager-unknown", where=giver, manager=giver, near=told)
    return found


def _signals(work: Work, calm: Mapping[str, tuple[str, int]]) -> Iterable[tuple[str, Signal]]:
    """The signals of loans that owe nothing yet, each once."""
    found = {one.signal_no: (calm[number][0], one) for number in calm for one in work.signals.get(number, ())}
    return found.values()


def _items(place: Workspace, triage: Triage, work: Work, mine: frozenset[str], journal: Journal) -> list[Item]:
    import polars as pl

    from ccm.cli.rights import clocks_of, told_in
    from ccm.handover.record import Item
    from ccm.person import condition_of, conditions
    from ccm.said import title

    items = work.items([one for one in work.ranked if one.case.loan_no in mine])
    numbers = [one.case.loan_no for one in items]
    owing = work.book.filter(pl.col("loan_no").is_in(numbers))
    clocks = clocks_of(place, owing, triage.parties, work.as_of, told_in(journal, work.as_of))
    proofs, known = _proofs(place, work, numbers, journal), conditions(work.recorded.words, work.as_of)

    def befell(item: Item) -> dict[tuple[str, str], str]:
        case = item.case
        states = {(one.role, one.name): condition_of(one, case.loan_no, known) for one in case.parties}
        return {key: title("state", state.code) for key, state in states.items() if state}

    found = [
        Item(
            one.case,
            clocks.get(one.case.loan_no, ()),
            tuple(kept for kept in work.promises.get(one.case.loan_no, ()) if kept.state in OPEN_PROMISES),
            one.holds,
            one.signals,
            tuple(proofs.get(one.case.loan_no, ())),
            tuple(duty for duty in one.duties if duty.state in {"due", "overdue"}),
        )
        for one in items
    ]
    return [replace(one, befell=befell(one)) for one in found]


OPEN_PROMISES = {"open", "due", "broken"}


def _proofs(place: Workspace, work: Work, numbers: Iterable[str], journal: Journal) -> dict[str, list[Proof]]:
    """What the archive check says of every letter, visit and event of these loans, by loan."""
    from ccm.cli.archive import report_of
    from ccm.life import FAMILIES, lives

    wanted = frozenset(numbers)
    known = lives(entry for entry in journal.entries(*FAMILIES) if entry.note.on <= work.as_of)
    found: dict[str, list[Proof]] = {}
    for standing in report_of(place, known, wanted, quick=True).standings:
        letter = known.letters.get(standing.of.number)
        for loan_no in letter.loans if letter else (standing.of.loan_no,):
            found.setdefault(loan_no, []).append(_proof(standing, known))
    return found


def _proof(standing: Standing, known: Lives) -> Proof:
    from ccm.handover.record import Proof
    from ccm.life import ITEM_TITLES, LIFE_TITLES

    number = standing.of.number
    papers: list[Filed]
    if letter := known.letters.get(number):
        last = letter.result or letter.posted or letter.issued
        state, on = LIFE_TITLES[letter.state], last.on
        papers = [*letter.filed, *(() if letter.papers("posting_list") else known.lists.get(letter.list_no, ()))]
    elif visit := known.visits.get(number):
        state, on, papers = "上门", visit.visited.on, list(visit.filed)
    elif deed := known.deeds.get(number):
        state, on, papers = "登记", deed.done.on, list(deed.filed)
    else:  # the loan's own papers, under its number
        papers = list(known.files[number].filed)
        state, on = "归档", max(one.on for one in papers)
    # A letter that was never posted has no papers yet: it is itself what goes over.
    unsent = letter is not None and letter.state == "issued"
    missing = ("没有寄出的函",) if unsent else tuple(ITEM_TITLES[item] for item in standing.missing)
    spoilt = dict.fromkeys((*standing.damaged, *standing.changed))
    return Proof(
        number, standing.of.title, standing.of.party, state, on,
        missing, tuple(ITEM_TITLES[item] for item in spoilt),
        tuple((ITEM_TITLES[one.item], one.path) for one in papers if one.path not in standing.bad), standing.weak,
    )  # fmt: skip
