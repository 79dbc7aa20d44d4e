"""The whole report as one value: the lists, the tables counted from them, the questions at the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.report.compliance import done_in
from ccm.report.contents import Section, contents
from ccm.report.lists import book_of
from ccm.report.loans import books, stage_labels
from ccm.report.pivots import Table, answer
from ccm.report.questions import Question, questions
from ccm.report.records import deferrals, promises, proofs, rights, signals, troubles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ccm.report.facts import Office
    from ccm.report.lists import Book


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one day.

    `read`, `last` and `month` tell of which days the compared triages are, empty where there are none.
    `revealed` tells that identity and telephone numbers stand in it whole.
    """

    title: str
    as_of: date
    offices: tuple[str, ...]
    read: str
    last: str
    month: str
    revealed: bool
    stages: tuple[str, ...]
    book: Book
    questions: tuple[tuple[Question, Table], ...]
    sections: tuple[tuple[Section, tuple[Table, ...]], ...]

    def table(self, key: str) -> Table | None:
        """Return a table by its key, None where this report has none of it."""
        return next((one for _, tables in self.sections for one in tables if one.pivot.key == key), None)


def report_of(
    title: str, offices: Sequence[Office], moves: Sequence[str], worse: Sequence[str], *, reveal: bool
) -> Report:
    """Put a report together.

    Args:
        title: Whose it is.
        offices: One or several workspaces on one day, all with the same stages.
        moves: The ways a loan may have moved, in words and in their order.
        worse: Those of them that are none for the better.
        reveal: Whether identity and telephone numbers stand in it whole.
    """
    known = books(offices, reveal=reveal)
    book = book_of((known.loans, known.calm, known.pools))
    book |= book_of(
        (
            rights(offices, known.at, book), done_in(offices, known.at), proofs(offices, known.at),
            promises(offices, known.at), signals(offices, known.at), deferrals(offices, known.at), troubles(offices),
        )
    )  # fmt: skip
    stages = stage_labels(offices[0])
    last, month = (any(getattr(office, name) for office in offices) for name in ("last", "month"))
    return Report(
        title, offices[0].as_of, tuple(office.name for office in offices),
        _days(office.read_on for office in offices),
        _days(office.last.on for office in offices if office.last),
        _days(office.month.on for office in offices if office.month),
        reveal, stages, book,
        tuple((one, answer(one.figures, book)) for one in questions(stages, worse, last=last)),
        tuple(
            (section, tuple(answer(pivot, book) for pivot in section.pivots))
            for section in contents(
                book, stages, moves, last=last, month=month,
                found=all(office.troubles is not None for office in offices),
            )
        ),
    )  # fmt: skip


def _days(days: Iterable[date]) -> str:
    found = sorted(set(days))
    return "" if not found else str(found[0]) if len(found) == 1 else f"{found[0]}至{found[-1]}"
