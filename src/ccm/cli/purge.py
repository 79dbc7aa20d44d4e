"""`ccm purge`: destroy what need not be kept any more; the journal keeps the digests."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, progress, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ccm.memory import Triage
    from ccm.model import Entry, Note
    from ccm.retention import Over
    from ccm.workspace import Workspace

BATCHES = ("worklists", "sms")
"""Folders of products about many customers of one day, which go by their age."""


@dataclass(frozen=True, slots=True)
class Purge:
    """What would go: cases with their files, cases that must stay, rests of an earlier purge, old triages and batches.

    `outside` are files that lie elsewhere, which nobody but their owner may delete; `forgotten` are the loans that go
    out of what is remembered. All paths are from the workspace.
    """

    as_of: date
    cases: tuple[Over, ...]
    staying: tuple[Over, ...]
    rests: tuple[str, ...]
    triages: tuple[str, ...]
    batches: tuple[str, ...]
    outside: tuple[str, ...]
    forgotten: frozenset[str] = frozenset()

    @property
    def files(self) -> list[str]:
        """Every file that goes."""
        return [*(path for one in self.cases for path in one.files), *self.rests, *self.batches]


@app.command("purge", cls=ChineseCommand)
def purge(
    loan: Annotated[
        list[str] | None, typer.Option(help="只销毁这笔，可写多次；默认全部到期的", metavar="借据号")
    ] = None,
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出（不写 --yes 也是这样）")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="看过就销毁：删文件，记录里留下摘要")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """保存期满的案卷：函件、证据、上门材料、台账记忆里的个人信息，列出来，看过再销毁。

    例：ccm purge --dry-run
    """
    place, day = workspace(), day_of(as_of)
    done = yes and not dry_run
    with progress("正在核对保存期……"):
        found = _found(place, day, frozenset(loan or ()))
        if done:
            _destroy(place, found)
    if as_json:
        from ccm.wire.purge import purge_json

        print_json(purge_json(found.cases, found.staying, _others(found), day, done=done))
    else:
        from ccm.screen.purge import show_purge

        show_purge(console(), found.cases, found.staying, _others(found), done=done)


def _others(found: Purge) -> dict[str, tuple[str, ...]]:
    return {
        "rests": found.rests,
        "triages": found.triages,
        "batches": found.batches,
        "outside": found.outside,
    }


def _found(place: Workspace, day: date, asked: frozenset[str]) -> Purge:
    """Look through everything that is remembered and recorded."""
    from ccm import memory
    from ccm.cli import journey, logbook
    from ccm.retention import KIND, holdings, worn

    with closing(logbook.journal_of(place)) as journal:
        entries = list(journal.entries())
    held = holdings(entries)
    last = {entry.note.loan_no: entry for entry in entries if entry.note.loan_no}
    purged = {number for number, entry in last.items() if entry.note.kind == KIND}
    left = memory.left(place.state)
    rest = {number: entry for number, entry in last.items() if number not in purged}
    gone = {number: when for number, when in left.items() if number not in purged}
    over = [one for one in _over(place, day, gone, rest) if not asked or one.loan_no in asked]
    cases = [one for one in over if not one.reasons]
    going = purged | {one.loan_no for one in cases}
    paths = {path: loans for path, loans in _with_folders(place, held, going).items() if loans <= going}
    inside = {path: loans for path, loans in paths.items() if _is_ours(place, path)}
    taken: set[str] = set()
    shared = []
    for one in cases:
        own = sorted(path for path, loans in inside.items() if one.loan_no in loans and path not in taken)
        taken.update(own)
        shared.append(replace(one, files=tuple(own)))
    months = journey.policy_of(place).retention.triage_months
    return Purge(
        day,
        tuple(shared),
        tuple(one for one in over if one.reasons),
        tuple(sorted(set(inside) - taken)),
        () if asked else worn(memory.days_by_key(place.state), day, months),
        () if asked else tuple(_old_batches(place, day, months)),
        tuple(sorted(set(paths) - set(inside))),
        frozenset(one.loan_no for one in cases) | (purged & left.keys()),
    )


def _over(place: Workspace, day: date, left: dict[str, tuple[str, date]], last: dict[str, Entry]) -> Iterator[Over]:
    """Yield the cases whose time is over, with what still speaks for keeping each.

    `left` is what the newest ledger has no more, `last` each loan's last entry.
    """
    from ccm import memory
    from ccm.cli import journey
    from ccm.retention import Over, until

    rule, recorded = journey.policy_of(place).retention, journey.recorded_in(place)
    newest = memory.latest(place.state)
    present = set(newest.loans["loan_no"].to_list()) if newest else set()
    triages: dict[str, Triage] = {}
    for number in sorted({*left, *last} - present):
        key, left_on = left.get(number, ("", last[number].note.on if number in last else day))
        if until(left_on, rule, real_estate=False) >= day:
            continue
        if not key:
            borrower, text = last[number].note.party, "记住的台账里没有这一笔，权利期间算不出"
            yield Over(number, borrower, left_on, until(left_on, rule, real_estate=None), (text,))
            continue
        triage = triages.setdefault(key, memory.read(place.state, key))
        if (one := _weighed(place, triage, number, left_on, day, recorded)).until_on < day:
            yield one


def _weighed(place: Workspace, triage: Triage, number: str, left_on: date, day: date, recorded: object) -> Over:
    """Weigh one case: how long it is kept, and what outlasts that."""
    from ccm.claims import facts_of
    from ccm.cli import journey
    from ccm.cli.loan import loan_of, of_loan
    from ccm.cli.rights import rules_of
    from ccm.retention import Over, reasons, until

    loan = loan_of(place, triage, number, day, recorded)  # type: ignore[arg-type]
    [facts] = facts_of(loan.work.book, triage.parties, day)
    ends = until(left_on, journey.policy_of(place).retention, real_estate=facts.collateral)
    titles = {key: right.title for key, right in rules_of(place).rights.items()}
    work = loan.work
    why = reasons(of_loan(place, loan), titles, work.suits.get(number), work.holds.get(number, ()))
    return Over(number, loan.row["borrower"], left_on, ends, why)


def _with_folders(place: Workspace, held: dict[str, frozenset[str]], going: Iterable[str]) -> dict[str, frozenset[str]]:
    """Add what the journal does not name file by file: packs of evidence and visits, in folders named by their loan.

    Only files that are there are returned.
    """
    from ccm.safe import file_name

    names = {file_name(number): number for number in going}
    found = {path: loans for path, loans in held.items() if (place.root / path).is_file()}
    homes = [*(place.root / "packs").glob("*"), *(place.root / "visits").glob("*/*")]
    for home in homes:
        if number := names.get(home.name.partition("_")[0]):
            files = [home] if home.is_file() else [path for path in home.rglob("*") if path.is_file()]
            found |= {path.relative_to(place.root).as_posix(): frozenset({number}) for path in files}
    return found


def _is_ours(place: Workspace, path: str) -> bool:
    """Tell whether a path of the journal lies in the workspace, whatever links and dots it has."""
    return (place.root / path).resolve().is_relative_to(place.root.resolve())


def _old_batches(place: Workspace, day: date, months: int) -> Iterator[str]:
    from ccm.units import add_months

    for name in BATCHES:
        for path in sorted((place.root / name).glob("*")):
            made_on = time.localtime(path.stat().st_mtime)
            if path.is_file() and add_months(type(day)(*made_on[:3]), months) < day:
                yield f"{name}/{path.name}"


def _destroy(place: Workspace, found: Purge) -> None:
    """Write down what goes, then delete it: a run that dies in between is finished by the next."""
    from contextlib import suppress

    from ccm import memory
    from ccm.cli import logbook
    from ccm.doctor import leftovers, take_away
    from ccm.safe import spoken

    notes = list(_notes(place, found))
    if notes:
        with closing(logbook.journal_of(place)) as journal:
            journal.record(notes, now())
    take_away(leftovers(place.root, place.state, now()))  # half a triage holds a whole book
    memory.drop(place.state, found.triages)
    if found.forgotten:
        memory.forget(place.state, found.forgotten)
    folders = set()
    for path in found.files:
        try:
            (place.root / path).unlink(missing_ok=True)
        except OSError as error:
            raise CcmError(
                "file-unwritable", where=path, reason=f"{spoken(error)}，没有删掉；再运行一次接着删"
            ) from error
        folders |= {folder for folder in (place.root / path).parents if folder != place.root}
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        # What still holds something, or is one of the workspace's own, stays.
        if folder.is_relative_to(place.root) and folder.parent != place.root:
            with suppress(OSError):
                folder.rmdir()


def _notes(place: Workspace, found: Purge) -> Iterator[Note]:
    """One entry per case, with the digest of every file and no name; one for what is nobody's alone."""
    from ccm.archive.check import digest_of
    from ccm.model import Note
    from ccm.retention import KIND

    for one in found.cases:
        digests = [digest_of(place.root / path) for path in one.files]
        facts = {"left_on": str(one.left_on), "until_on": str(one.until_on), "sha256": digests}
        yield Note(KIND, found.as_of, one.loan_no, facts=facts)
    if found.triages or found.batches or found.rests:
        others = [digest_of(place.root / path) for path in (*found.rests, *found.batches)]
        yield Note(KIND, found.as_of, facts={"triages": list(found.triages), "sha256": others})
