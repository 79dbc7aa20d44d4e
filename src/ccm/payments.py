"""What was paid since a day: by what was logged, and by what the ledger shows; the larger of the two counts.

The ledger shows payments only roughly: a principal that fell, an overdue interest that fell.
Interest that grew meanwhile hides part of a payment, so what was logged may be more.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ccm.model import Figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ccm.model import Entry

Logged = list[tuple[date, int, int]]
"""Payments of one loan as they were logged: the day, the entry's place in the journal, and cents."""


def logged(entries: Iterable[Entry]) -> dict[str, Logged]:
    """Return the payments that were logged, by loan number; entries of other kinds are passed over."""
    found: dict[str, Logged] = {}
    for entry in entries:
        if entry.note.kind == "payment":
            payment = (entry.note.on, entry.seq, _int(entry.note.facts["amount_cents"]))
            found.setdefault(entry.note.loan_no, []).append(payment)
    return found


def paid_cents(since: Entry, now: Figures | None, payments: Logged, until: date) -> int:
    """Return what was paid after something was agreed.

    Args:
        since: The entry that says what was agreed, with the ledger's figures of its day.
        now: The later figures; None where the loan is in no ledger any more.
        payments: What was logged for the loan.
        until: The last day whose payments count.
    """
    agreed = (since.note.on, since.seq)
    said = sum(cents for on, seq, cents in payments if (on, seq) > agreed and on <= until)
    then = from_facts(since.note.facts)
    if then is None or now is None:
        return said
    return max(said, fallen_cents(then, now))


def fallen_cents(then: Figures, now: Figures) -> int:
    """Return what the ledger itself shows of payments: an overdue interest and a known balance that fell."""
    interest = max(0, then.interest_cents - now.interest_cents)
    if then.balance_cents is None or now.balance_cents is None:
        return interest
    return max(0, then.balance_cents - now.balance_cents) + interest


def cleared(since: Entry, now: Figures | None) -> bool:
    """Tell whether nothing is overdue any more of what was overdue when something was agreed."""
    then = from_facts(since.note.facts)
    if then is None or now is None:
        return False
    return then.principal_cents + then.interest_cents > 0 == now.principal_cents + now.interest_cents


def figures_of(row: Mapping[str, Any], day: date) -> Figures:
    """Return the figures of a loan from its row of the book; `day` is the ledger's where the row does not say."""
    return Figures(
        row.get("data_on") or day,
        row["balance_cents"],
        row["overdue_principal_cents"] or 0,
        row["overdue_interest_cents"] or 0,
    )


def as_facts(figures: Figures) -> dict[str, object]:
    """Return figures as an entry keeps them."""
    return {
        "figures_on": str(figures.on),
        "balance_cents": figures.balance_cents,
        "principal_cents": figures.principal_cents,
        "interest_cents": figures.interest_cents,
    }


def from_facts(facts: Mapping[str, Any]) -> Figures | None:
    """Return the figures an entry kept, None where it kept none."""
    if "figures_on" not in facts:
        return None
    on = date.fromisoformat(facts["figures_on"])
    return Figures(on, facts["balance_cents"], facts["principal_cents"], facts["interest_cents"])


def _int(value: object) -> int:
    return int(str(value))
