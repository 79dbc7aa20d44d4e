"""What was paid since a day: by what was logged, and by what the ledger shows; the larger of the two counts.

The ledger shows payments only roughly: a principal that fell, an overdue interest that fell.
Interest that grew meanwhile hides part of a payment, so what was logged may be more.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ccm.model import Figures
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ccm.model import Entry


class Payment(NamedTuple):
    """A payment as it was logged: the day, the entry's place in the journal, cents, and role and name of who paid.

    `payer` is None where nobody was named: it is then the borrower's in the journal, and anybody's for promises.
    """

    on: date
    seq: int
    cents: int
    payer: tuple[str, str] | None = None


Logged = list[Payment]
"""Payments of one loan, in the journal's order."""
UNDONE = "payment-undone"
"""The kind of entry that takes a payment back which was logged by mistake."""


def logged(entries: Iterable[Entry]) -> dict[str, Logged]:
    """Return the payments that were logged and stand, by loan number; entries of other kinds are passed over."""
    told = [entry for entry in entries if entry.note.kind in {"payment", UNDONE}]
    gone, found = undone(told), dict[str, Logged]()
    for entry in told:
        if entry.note.kind == "payment" and entry.seq not in gone:
            found.setdefault(entry.note.loan_no, []).append(_payment(entry))
    return found


def undone(entries: Iterable[Entry]) -> frozenset[int]:
    """Return the places in the journal of the payments that were taken back."""
    return frozenset(entry.note.facts["payment_seq"] for entry in entries if entry.note.kind == UNDONE)


def unposted(payments: Iterable[Payment], data_on: date) -> Logged:
    """Return what was paid after the ledger's day, which its figures cannot show yet."""
    return [one for one in payments if one.on > data_on]


def in_words(payments: Sequence[Payment]) -> str:
    """Say how much was paid and on which days: 10,000.00元（2026-11-24、2026-11-25）."""
    days = "、".join(sorted({str(one.on) for one in payments}))
    return f"{yuan(sum(one.cents for one in payments))}元（{days}）"


def _payment(entry: Entry) -> Payment:
    note = entry.note
    named = note.facts.get("named") or note.role != "borrower"
    payer = (note.role, note.party) if named else None
    return Payment(note.on, entry.seq, note.facts["amount_cents"], payer)


def paid_cents(since: Entry, now: Figures | None, payments: Logged, until: date) -> int:
    """Return what was paid after something was agreed.

    Args:
        since: The entry that says what was agreed, with the ledger's figures of its day.
        now: The later figures; None where the loan is in no ledger any more.
        payments: What was logged for the loan.
        until: The last day whose payments count.
    """
    agreed = (since.note.on, since.seq)
    said = sum(one.cents for one in payments if (one.on, one.seq) > agreed and one.on <= until)
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
    return then.principal_cents + then.interest_cents > 0 and now.principal_cents + now.interest_cents == 0


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
