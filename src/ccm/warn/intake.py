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
    outcome, free = Taken(), after(NUMBER, today, taken)
    bare = {number.lstrip("0"): number for number in loans}
    by_no = {one.signal_no: _words(one) for one in every}
    by_words = {(one.loan_no, one.text) for one in every}
    by_day = {(one.loan_no, one.text, one.raised_on) for one in every}
    for row in rows:
        about = loans.get(row.loan_no)
        level = level_said(row.level, policy)
        if about is None and row.loan_no:
            near = bare.get(row.loan_no.lstrip("0"))
            outcome.tell("warn-row-unmatched", row, row.loan_no, near=f"；是不是 {near}？" if near else "")
            continue
        if about is None:
            outcome.tell("warn-row-incomplete", row, row.text)
            continue
        if not _fits(row, today, outcome):
            continue
        on = row.raised_on or today
        facts = Raising(row.source or HEAD_OFFICE, level or policy.levels[-1].label, row.text, row.deadline_on)
        note = raised(row.signal_no or next(free), about, facts, on, policy)
        words = (about.loan_no, facts.level, facts.text, str(note.facts["deadline"]))
        alike = (about.loan_no, row.text, on) in by_day if row.raised_on else (about.loan_no, row.text) in by_words
        if (alike and not row.signal_no) or by_no.get(row.signal_no) == words:
            outcome.known += 1
            continue
        if by_no.get(row.signal_no, words)[0] != about.loan_no:
            outcome.tell("warn-number-taken", row, row.signal_no, loan_no=by_no[row.signal_no][0])
            continue
        if level is None and row.level:
            outcome.tell("warn-level-unknown", row, row.level, level=facts.level)
        if row.deadline_on and row.deadline_on < today:
            outcome.tell("warn-deadline-past", row, str(row.deadline_on), loan_no=about.loan_no)
        outcome.corrected += row.signal_no in by_no
        by_no[str(note.facts["signal_no"])] = words
        by_words.add((about.loan_no, row.text))
        by_day.add((about.loan_no, row.text, on))
        outcome.notes.append(note)
    return outcome


def _words(one: Signal) -> tuple[str, str, str, str]:
    return one.loan_no, one.level, one.text, str(one.deadline_on)


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
