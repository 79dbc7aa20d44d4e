"""Is the proof complete? What each letter and visit lacks, and what became of the files since they were filed.

Which paper is needed follows from what happened (L10, V5): the delivery page once there is no return, the returned item
only if returned, the posting list only if posted in a batch.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Literal

from ccm.archive.media import inspect
from ccm.bounds import PAPER_MB
from ccm.life import VISIT_ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ccm.life import Deed, Filed, Life, Lives, LoanFile, Visit

Condition = Literal["whole", "missing", "changed", "broken", "unreadable"]
"""What became of a filed paper: `changed` has other bytes than were filed, `broken` has and cannot be read besides."""
SLICE = 1 << 20


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose proof it is: a letter's, a visit's (`kind` is `visit`), of what else keeps a right (`event`), a loan's."""

    number: str
    title: str
    kind: str
    state: str
    loan_no: str
    party: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the proof of one letter or visit stands.

    `missing`, `damaged` and `changed` name items; `bad` maps the path of every paper that is not whole to what it is.
    `items` says of every item that is needed or filed whether all is well with it.
    `grade` is what a letter with a result proves (law.md §7.2), `weak` why that is too little for the right it serves.
    """

    of: Subject
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    changed: tuple[str, ...]
    bad: Mapping[str, Condition]
    items: Mapping[str, bool]
    grade: str = ""
    weak: str = ""

    @property
    def complete(self) -> bool:
        """Nothing lacks and nothing is bad."""
        return not (self.missing or self.damaged or self.changed)


def needed(life: Life) -> tuple[str, ...]:
    """Return the items a letter's complete set has (L10)."""
    items = ["original", "waybill", "returned" if life.state == "returned" else "delivery"]
    return (*items, "posting_list") if life.list_no else tuple(items)


def needed_of_visit(visit: Visit) -> tuple[str, ...]:
    """Return the items of a visit (V5): the two photos; the recording where one was possible."""
    impossible = visit.visited.facts.get("no_recording")
    return tuple(item for item in VISIT_ITEMS if not (item == "recording" and impossible))


@dataclass(frozen=True, slots=True)
class Report:
    """The archive check: how each letter and visit stands, and the files that belong to nothing."""

    standings: tuple[Standing, ...]
    strays: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Every proof is whole and nothing lies about."""
        return all(one.complete for one in self.standings) and not self.strays


def check(
    lives: Lives,
    loans: frozenset[str] | None,
    root: Path,
    weights: Mapping[str, tuple[str, str]],
    told: Callable[[int], None],
    *,
    quick: bool = False,
) -> Report:
    """Check the archive of some loans, or of all where `loans` is None; strays are told of all only.

    Args:
        lives: Every letter and visit; voided letters need no proof.
        loans: Which loans.
        root: The workspace.
        weights: By letter number, what its result proves: the grade, and why it is too little, empty where it is not.
        told: Called with the bytes of each paper looked at.
        quick: Compare size and time alone (`conditions`).
    """
    found = conditions(root, papers_of(lives, loans), told, quick=quick)
    standings = [
        *(
            check_letter(life, lives, found, weights.get(life.letter_no, ("", "")))
            for life in lives.letters.values()
            if _asked(life.loans, loans) and not life.voided
        ),
        *(check_visit(visit, found) for visit in lives.visits.values() if _asked((visit.loan_no,), loans)),
        *(check_deed(deed, found) for deed in lives.deeds.values() if deed.filed and _asked((deed.loan_no,), loans)),
        *(check_file(one, found) for one in lives.files.values() if one.filed and _asked((one.loan_no,), loans)),
    ]
    known = {paper.path for paper in papers_of(lives, None)}
    return Report(tuple(standings), tuple(strays(root, known)) if loans is None else ())


def _asked(loans: Iterable[str], wanted: frozenset[str] | None) -> bool:
    return wanted is None or not wanted.isdisjoint(loans)


def papers_of(lives: Lives, loans: frozenset[str] | None) -> list[Filed]:
    """Return every paper filed for some loans, or for all; a posting list's once."""
    letters = [life for life in lives.letters.values() if _asked(life.loans, loans)]
    visits = [visit for visit in lives.visits.values() if _asked((visit.loan_no,), loans)]
    lists = dict.fromkeys(life.list_no for life in letters) if loans is not None else lives.lists
    deeds = [deed for deed in lives.deeds.values() if _asked((deed.loan_no,), loans)]
    files = [one for one in lives.files.values() if _asked((one.loan_no,), loans)]
    own = [one.filed for whole in (letters, visits, deeds, files) for one in whole]
    return [paper for papers in (*own, *(lives.lists.get(list_no, ()) for list_no in lists)) for paper in papers]


def check_letter(
    life: Life, lives: Lives, condition: Mapping[str, Condition], weight: tuple[str, str] = ("", "")
) -> Standing:
    """Return how the proof of a letter stands; `condition` tells of each filed path what became of it."""
    papers = [paper for item in needed(life) for paper in lives.papers(life, item)]
    title = f"{life.letter_no}《{life.title}》"
    of = Subject(life.letter_no, title, life.kind, life.state, life.loan_no, life.party)
    standing = _standing(of, needed(life), [*papers, *_others(life, papers)], condition)
    return replace(standing, grade=weight[0], weak=weight[1])


def check_visit(visit: Visit, condition: Mapping[str, Condition]) -> Standing:
    """Return how the proof of a visit stands."""
    of = Subject(visit.visit_no, f"上门{visit.visit_no}", "visit", "visited", visit.loan_no, visit.party)
    return _standing(of, needed_of_visit(visit), visit.filed, condition)


def check_deed(deed: Deed, condition: Mapping[str, Condition]) -> Standing:
    """Return how the papers of what keeps a right stand: all that were filed; which are needed the clocks say."""
    of = Subject(deed.deed_no, f"{deed.title}{deed.deed_no}", "event", "done", deed.loan_no, deed.parties[0][1])
    return _standing(of, _items(deed.filed), deed.filed, condition)


def check_file(one: LoanFile, condition: Mapping[str, Condition]) -> Standing:
    """Return how a loan's own papers stand: all that were filed; which a suit needs its list says."""
    of = Subject(one.loan_no, f"贷款档案{one.loan_no}", "loan", "done", one.loan_no, one.borrower)
    return _standing(of, _items(one.filed), one.filed, condition)


def _items(papers: Iterable[Filed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paper.item for paper in papers))


def _others(life: Life, papers: Sequence[Filed]) -> list[Filed]:
    return [paper for paper in life.filed if paper not in papers]


def _standing(
    of: Subject, items: Sequence[str], papers: Sequence[Filed], condition: Mapping[str, Condition]
) -> Standing:
    states = {paper: condition[paper.path] for paper in papers}

    def having(*wanted: Condition) -> tuple[str, ...]:
        return tuple(dict.fromkeys(paper.item for paper, state in states.items() if state in wanted))

    there = having("whole", "changed", "broken", "unreadable")
    missing = tuple(item for item in items if item not in there)
    spoilt = having("missing", "changed", "broken", "unreadable")
    return Standing(
        of,
        missing,
        having("broken", "unreadable"),
        having("changed", "broken"),
        {paper.path: state for paper, state in states.items() if state != "whole"},
        {item: item in there and item not in spoilt for item in dict.fromkeys((*items, *there, *spoilt))},
    )


def conditions(
    root: Path, papers: Iterable[Filed], told: Callable[[int], None], *, quick: bool = False
) -> dict[str, Condition]:
    """Look at every filed paper: is it there, and is it what it was?

    Args:
        root: The workspace.
        papers: What the journal says was filed.
        told: Called with the bytes of each paper read, for a progress bar.
        quick: Compare size and time alone; bytes are read only where one of them differs.

    Returns:
        By path.
    """
    return {paper.path: _condition(f"{root}/{paper.path}", paper, told, quick=quick) for paper in papers}


def _condition(path: str, paper: Filed, told: Callable[[int], None], *, quick: bool) -> Condition:
    try:
        stat = os.lstat(path)
        if quick and stat.st_size == paper.size and stat.st_mtime_ns == paper.modified_ns:
            told(paper.size)
            return "whole"
        # A link would let the proof be swapped elsewhere; only a file of its own counts.
        if not S_ISREG(stat.st_mode):
            return "unreadable"
        # What is longer is another file, and who knows how long.
        digest = digest_of(path) if stat.st_size <= max(paper.size, PAPER_MB << 20) else ""
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "unreadable"
    told(paper.size)
    if digest == paper.sha256:
        return "whole"
    return "broken" if digest and inspect(Path(path)).trouble else "changed"


def digest_of(path: Path | str) -> str:
    """Return the SHA-256 of a file's bytes."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a string, for speed over thousands of papers
        return hashlib.file_digest(file, "sha256", _bufsize=SLICE).hexdigest()


NOT_OURS = {"Thumbs.db", ".DS_Store", "desktop.ini"}
"""What Windows and macOS leave in folders that were looked at."""


def strays(root: Path, known: Iterable[str]) -> Iterator[str]:
    """Yield the files under the archive that belong to nothing, from the workspace; leftovers of a copy count too."""
    filed = set(known)
    for folder, folders, names in os.walk(root / "archive"):
        folders.sort()
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(names):
            path = f"{inside}/{name}"
            if path not in filed and name not in NOT_OURS and not name.startswith("~$"):
                yield path
