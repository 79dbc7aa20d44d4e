"""The signals that a ledger gives of itself, raised when it is read (W1); `ccm triage` calls it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from ccm.cli import journey, logbook
from ccm.cli.days import now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ccm.cli.journey import Recorded
    from ccm.memory import Triage
    from ccm.model import Entry
    from ccm.policy import Policy
    from ccm.warn.notes import About
    from ccm.warn.signs import Shown
    from ccm.workspace import Workspace


def raise_signs(place: Workspace, today: Triage, old: Triage | None, policy: Policy) -> Recorded:
    """Write a signal for each sign that is new, and return what the journal knows then, which is read but once.

    A book that shows no sign leaves the journal alone.
    """
    from ccm.journal import exists
    from ccm.numbering import after
    from ccm.warn.notes import NUMBER, shown
    from ccm.warn.signs import Before, fresh

    before = Before(old.as_of, old.loans, old.parties) if old else None

    def found(entries: Iterable[Entry]) -> list[Shown]:
        return fresh(today.loans, today.parties, before, policy, _raised(entries))

    first = None if exists(place.state, place.journal) else found(())
    if first == []:
        return journey.recorded_in(place)
    with closing(logbook.journal_of(place)) as journal, journal.writing():
        known = journey.recorded_by(journal, place)
        signs = first if first is not None and not known.words else found(known.words)
        if not signs:
            return known
        head, _ = journal.head()
        about = abouts(place, today, {one.loan_no for one in signs})
        taken = (str(one.note.facts["signal_no"]) for one in known.words if one.note.kind.startswith("warn-"))
        free = after(NUMBER, today.as_of, taken)
        notes = [shown(next(free), about[one.loan_no], one, today.as_of, policy) for one in signs]
        journal.append(notes, now())
        return replace(known, words=(*known.words, *journal.entries(after=head)))


def _raised(entries: Iterable[Entry]) -> dict[tuple[str, str], date]:
    """The last day on which each sign was raised; one that was undone was raised all the same."""
    found: dict[tuple[str, str], date] = {}
    for entry in entries:
        facts = entry.note.facts
        if entry.note.kind == "warn-raised" and facts.get("sign"):
            key = facts["sign"], facts["subject"]
            found[key] = max(entry.note.on, found.get(key, entry.note.on))
    return found


def abouts(place: Workspace, triage: Triage, numbers: Iterable[str] | None = None) -> dict[str, About]:
    """Return what a signal keeps of its loan, for some loans of a triage or for all."""
    from ccm.payments import figures_of
    from ccm.warn.notes import About

    columns = (
        "loan_no", "borrower", "branch", "data_on", "balance_cents", "overdue_principal_cents",
        "overdue_interest_cents",
    )  # fmt: skip
    loans = triage.loans.select(columns)
    if numbers is not None:
        loans = loans.filter(loans["loan_no"].is_in(list(numbers)))
    return {
        row["loan_no"]: About(
            row["loan_no"], row["borrower"], figures_of(row, triage.as_of), place.lead_of(row["branch"])
        )
        for row in loans.iter_rows(named=True)
    }
