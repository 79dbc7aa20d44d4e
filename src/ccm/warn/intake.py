"""Take head office's list in: new signals, corrected ones, and what does not fit (W2).

The same list again changes nothing. A row is known by its number, else by loan, day and words; a number that comes
again with another level, other words or another deadline corrects the signal by a new entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccm.errors import finding
from ccm.numbering import after
from ccm.warn.notes import NUMBER, Raising, raised
from ccm.warn.words import HEAD_OFFICE
from ccm.warn.words import level as level_said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.errors import Finding
    from ccm.model import Note, Signal
    from ccm.policy import Policy
    from ccm.warn.notes import About
    from ccm.warn.sheet import Row


@dataclass
class Taken:
    """What came of a list: notes for the journal, rows that said nothing new, signals corrected, what did not fit."""

    notes: list[Note] = field(default_factory=list)
    known: int = 0
    corrected: int = 0
    findings: list[Finding] = field(default_factory=list)

    def tell(self, code: str, row: Row, told: str, **facts: Any) -> None:  # noqa: ANN401 - whatever the message names
        """Add a finding about a row and the value in it."""
        self.findings.append(finding(code, file=row.file, sheet=row.sheet, row=row.row, value=told, **facts))


def take_in(
    rows: Iterable[Row],
    loans: Mapping[str, About],
    every: Iterable[Signal],
    policy: Policy,
    today: date,
    taken: Iterable[str],
) -> Taken:
    """Turn the rows of a list into notes.

    Args:
        rows: The list's rows.
        loans: Every loan of the book by its number.
        every: The signals there are.
        policy: Says what the levels are called, and their days.
        today: The day of a row that names none.
        taken: Every number a signal ever had, undone ones too.
    """
    outcome, seen, free = Taken(), Seen(every), after(NUMBER, today, taken)
    bare = {number.lstrip("0"): number for number in loans}
    for row in rows:
        about = loans.get(row.loan_no)
        if about is None:
            _tell_stray(row, bare, outcome)
        elif _fits(row, today, outcome):
            level = level_said(row.level, policy)
            one = Raising(row.source or HEAD_OFFICE, level or policy.levels[-1].label, row.text, row.deadline_on)
            note = raised(row.signal_no or next(free), about, one, row.raised_on or today, policy)
            if _is_new(row, note, seen, outcome):
                if level is None and row.level:
                    outcome.tell("warn-level-unknown", row, row.level, level=one.level)
                if row.deadline_on and row.deadline_on < today:
                    outcome.tell("warn-deadline-past", row, str(row.deadline_on), loan_no=note.loan_no)
                outcome.corrected += row.signal_no in seen.by_no
                outcome.notes.append(note)
                seen.add(note)
    return outcome


class Seen:
    """What is known of signals, by number and by what they say: those there are, and those that a list has brought."""

    def __init__(self, every: Iterable[Signal]) -> None:
        self.by_no: dict[str, tuple[str, str, str, str]] = {}
        self._said: set[tuple[object, ...]] = set()
        for one in every:
            self._keep(one.signal_no, (one.loan_no, one.level, one.text, str(one.deadline_on)), one.raised_on)

    def add(self, note: Note) -> None:
        """Take up a signal that is raised."""
        self._keep(note.facts["signal_no"], _words(note), note.on)

    def has(self, row: Row, note: Note) -> bool:
        """Tell whether a row says nothing new: by its number, else by loan and words, and its day where it has one."""
        if row.signal_no:
            return self.by_no.get(row.signal_no) == _words(note)
        return (note.loan_no, row.text, *filter(None, [row.raised_on])) in self._said

    def _keep(self, number: str, words: tuple[str, str, str, str], on: date) -> None:
        loan_no, _, text, _ = self.by_no[number] = words
        self._said |= {(loan_no, text), (loan_no, text, on)}


def _words(note: Note) -> tuple[str, str, str, str]:
    return note.loan_no, note.facts["level"], note.facts["text"], note.facts["deadline"]


def _tell_stray(row: Row, bare: Mapping[str, str], outcome: Taken) -> None:
    """Say that a row is of no loan of the book; `bare` tells the loans by their numbers without zeros before them."""
    if not row.loan_no:
        outcome.tell("warn-row-incomplete", row, row.text)
        return
    near = bare.get(row.loan_no.lstrip("0"))
    outcome.tell("warn-row-unmatched", row, row.loan_no, near=f"；是不是 {near}？" if near else "")


def _is_new(row: Row, note: Note, seen: Seen, outcome: Taken) -> bool:
    """Tell whether a row is a new signal or corrects one, and say why not: it is known, or another loan's."""
    if seen.has(row, note):
        outcome.known += 1
        return False
    other, *_ = seen.by_no.get(row.signal_no, (note.loan_no,))
    if other != note.loan_no:
        outcome.tell("warn-number-taken", row, row.signal_no, loan_no=other)
    return other == note.loan_no


def _fits(row: Row, today: date, outcome: Taken) -> bool:
    """Tell whether a row can be taken, and say why not."""
    on = row.raised_on or today
    if not row.text:
        outcome.tell("warn-row-incomplete", row, row.loan_no)
    elif row.unread:
        outcome.tell("warn-day-unread", row, row.unread)
    elif on > today or (row.deadline_on and row.deadline_on < on):
        outcome.tell("warn-day-wrong", row, str(row.deadline_on or on), raised=on)
    else:
        return True
    return False
