"""What is handed over: the open cases of one manager, each with everything that would be lost if it were not said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.model import Case, Duty, Hold, Promise, Signal
    from ccm.rights.clock import Clock

SOON_DAYS = 90
"""A right that ends within these days is counted on the front page."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A letter, a visit or a logged event: how it stands, which papers lack, and where the filed ones lie.

    `missing` and `spoilt` are papers in words: not filed yet, so still in somebody's hands; filed but not whole any
    more. `filed` gives each filed paper and its path from the workspace. `weak` says why a result proves too little.
    """

    number: str
    title: str
    party: str
    state: str
    on: date
    missing: tuple[str, ...]
    spoilt: tuple[str, ...]
    filed: tuple[tuple[str, str], ...]
    weak: str = ""

    @property
    def open(self) -> bool:
        """Something of its proof lacks or is spoilt."""
        return bool(self.missing or self.spoilt)


@dataclass(frozen=True, slots=True)
class Item:
    """One case as it is handed over; `befell` says what befell a party, by role and name.

    `duties` are those outstanding, `holds` what stops contact, `signals` those not closed, `promises` those not kept.
    """

    case: Case
    clocks: tuple[Clock, ...] = ()
    promises: tuple[Promise, ...] = ()
    holds: tuple[Hold, ...] = ()
    signals: tuple[Signal, ...] = ()
    proofs: tuple[Proof, ...] = ()
    duties: tuple[Duty, ...] = ()
    befell: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def running(self) -> list[Clock]:
        """The rights that can still be lost, the nearest first; the twenty years only where they end in sight."""
        found = [one for one in self.clocks if _runs(one)]
        return sorted(found, key=lambda one: (one.days_left or 0, one.party))

    @property
    def lost(self) -> list[Clock]:
        """The rights that were lost before the handing over."""
        return [one for one in self.clocks if one.state == "lost"]

    @property
    def days_left(self) -> int | None:
        """The days of the right that ends next, None where none is known."""
        return self.running[0].days_left if self.running else None


def _runs(clock: Clock) -> bool:
    counted = clock.state not in {"lost", "off"} and clock.kept_on is None and clock.days_left is not None
    return counted and (clock.right != "cap" or clock.state != "safe")


@dataclass(frozen=True, slots=True)
class Handover:
    """A whole list: who hands over to whom, on which day, the cases with the most endangered first.

    `files` are the ledgers it was made from. `calm_loans` and `calm_cents` count the manager's loans that owe nothing
    yet; `calm_signals` are signals of those, with their borrowers.
    """

    number: str
    giver: str
    taker: str
    as_of: date
    bank: str
    files: tuple[str, ...]
    items: tuple[Item, ...]
    calm_loans: int = 0
    calm_cents: int = 0
    calm_signals: tuple[tuple[str, Signal], ...] = ()

    @property
    def loan_nos(self) -> list[str]:
        """The loans handed over, in the order of the list."""
        return [one.case.loan_no for one in self.items]


def in_danger(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return cases with the most endangered first: by the nearest right, then by what is overdue."""

    def danger(item: Item) -> tuple[bool, int, int, str]:
        left = item.days_left
        return left is None, left or 0, -item.case.overdue_cents, item.case.loan_no

    return tuple(sorted(items, key=danger))


def sums(items: Sequence[Item]) -> dict[str, int]:
    """Return what the front page counts: money in cents, everything else in pieces."""
    running = [clock for item in items for clock in item.running]
    proofs = [proof for item in items for proof in item.proofs]
    return {
        "cases": len(items),
        "balance_cents": sum(one.case.balance_cents or 0 for one in items),
        "principal_cents": sum(one.case.overdue_principal_cents for one in items),
        "interest_cents": sum(one.case.overdue_interest_cents for one in items),
        "rights_soon": sum((one.days_left or 0) <= SOON_DAYS for one in running),
        "rights_lost": sum(len(one.lost) for one in items),
        "promises": sum(len(one.promises) for one in items),
        "holds": sum(len(one.holds) for one in items),
        "signals": len({signal.signal_no for one in items for signal in one.signals}),
        "proofs_open": len({one.number for one in proofs if one.open}),
        "papers_missing": len({(one.number, paper) for one in proofs for paper in one.missing}),
        "duties_overdue": sum(duty.state == "overdue" for one in items for duty in one.duties),
    }
