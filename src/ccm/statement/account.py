"""One loan replayed from its first unpaid day: every line of interest, every payment, and what is left.

A line runs as long as neither its base nor its rate changes; it ends where something does: a settlement, the due date,
an acceleration, a payment. Each line is rounded to the cent by itself, half up, and all totals are sums of lines, so
that whoever adds up the printed lines gets the printed total.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from ccm.units import days_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.interest_rules import Part
    from ccm.statement.terms import Rate, Terms

Kind = Literal["interest", "penalty", "misuse", "compound"]
KIND_TITLES: dict[Kind, str] = {"interest": "利息", "penalty": "罚息", "misuse": "罚息（挪用）", "compound": "复利"}
PART_OF: dict[Kind, Part] = {
    "interest": "interest",
    "penalty": "penalty",
    "misuse": "penalty",
    "compound": "compound",
}
Dated = tuple["date", int]
"""A day and cents."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What is replayed.

    `principal_cents` is the principal on `start_on`, from which interest is unpaid; on `due_on` all of it falls due.
    `instalment` is what of it fell due before. `settled_on` are the boundaries of settlements, in order.
    `costs` and `payments` are in order of their days. `own_day` is the loan's day of settlement where it is not the
    bank's.
    """

    principal_cents: int
    start_on: date
    due_on: date | None = None
    instalment: Dated | None = None
    misused_on: date | None = None
    settled_on: tuple[date, ...] = ()
    costs: tuple[Dated, ...] = ()
    payments: tuple[Dated, ...] = ()
    own_day: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Interest of one kind over one span that counts its first day and not its last.

    `due_on` is the day from which it may be claimed, None while it may not: interest waits for its settlement.
    """

    kind: Kind
    start_on: date
    end_on: date
    base_cents: int
    rate: Rate
    basis: int
    amount_cents: int
    due_on: date | None

    @property
    def days(self) -> int:
        """The days of the span."""
        return days_between(self.start_on, self.end_on)


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment and what it was set against; `surplus_cents` is what was left when all was paid."""

    on: date
    cents: int
    against: Mapping[Part, int]
    surplus_cents: int


@dataclass(frozen=True, slots=True)
class Account:
    """What came of it by `as_of`, whose own day is not counted.

    `owed` is what is due and unpaid by its part; `undue_principal_cents` and `undue_interest_cents` are not due yet.
    """

    as_of: date
    lines: tuple[Line, ...]
    paid: tuple[Paid, ...]
    owed: Mapping[Part, int]
    undue_principal_cents: int
    undue_interest_cents: int

    @property
    def total_cents(self) -> int:
        """All that is due and unpaid."""
        return sum(self.owed.values())

    @property
    def called_cents(self) -> int:
        """All that is owed if the rest of the principal is called in on the day."""
        return self.total_cents + self.undue_principal_cents + self.undue_interest_cents

    def accrued(self, part: Part) -> int:
        """Return the sum of the due lines of a part, before any payment."""
        return sum(line.amount_cents for line in self.lines if line.due_on and PART_OF[line.kind] == part)

    @property
    def yearly(self) -> Fraction:
        """Interest of every kind as a part of the principal per year of 365 days (for the 24 % warning, law.md §6)."""
        borne = sum(line.base_cents * line.days for line in self.lines if line.kind != "compound")
        return Fraction(sum(line.amount_cents for line in self.lines) * 365, borne) if borne else Fraction(0)

    @property
    def daily_cents(self) -> int:
        """What one more day adds, as the account stands."""
        last = [line for line in self.lines if line.end_on == self.as_of]
        return sum(interest(line.base_cents, line.rate, line.basis, 1) for line in last)


def interest(base_cents: int, rate: Rate, basis: int, days: int) -> int:
    """Return interest in cents, exact and then rounded half up."""
    exact = Fraction(base_cents * days) * Fraction(rate.percent) / (100 * basis)
    return int(exact + Fraction(1, 2))


def account(debt: Debt, terms: Terms, as_of: date) -> Account:
    """Replay a debt up to a day; what happens on that day itself counts, the day's interest does not."""
    run = _Run(debt, terms)
    for on in _days(debt, as_of):
        run.reach(on)
    return run.closed(as_of)


def opened(debt: Debt, terms: Terms, on: date) -> Debt:
    """Return the debt with the principal with which it began, so that on day `on` the ledger's balance is left.

    `debt.principal_cents` is the balance of day `on`; payments up to it that were set against principal are put back.
    Where no cent fits exactly, the principal is the smaller one: nobody is asked for more.
    """
    balance, paid = debt.principal_cents, sum(cents for day, cents in debt.payments if day <= on)

    def left(back: int) -> int:
        found = account(replace(debt, principal_cents=balance + back), terms, on)
        return found.owed["principal"] + found.undue_principal_cents

    # More principal bears more interest, so less of the payments reaches it: what is left only rises.
    back = bisect_left(range(paid + 1), balance, key=left)
    return replace(debt, principal_cents=balance + back - (back > paid or left(back) > balance))


def _days(debt: Debt, as_of: date) -> list[date]:
    """All days on which something changes, and the last."""
    happens: Iterable[date | None] = (
        debt.start_on, debt.due_on, debt.misused_on, debt.instalment and debt.instalment[0],
        *debt.settled_on, *(on for on, _ in debt.costs), *(on for on, _ in debt.payments), as_of,
    )  # fmt: skip
    return sorted({max(on, debt.start_on) for on in happens if on and on <= as_of})


@dataclass(slots=True)
class _Open:
    start_on: date
    base_cents: int
    rate: Rate


@dataclass(slots=True)
class _Run:
    """The account while it is replayed."""

    debt: Debt
    terms: Terms
    lines: list[Line] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    open: dict[Kind, _Open] = field(default_factory=dict)
    owed: dict[Part, int] = field(default_factory=dict)
    accrued: int = 0
    settled_penalty: int = 0
    undue: int = 0
    misused: bool = False

    def __post_init__(self) -> None:
        self.owed = dict.fromkeys(self.terms.order, 0)
        self.undue = self.debt.principal_cents

    def reach(self, on: date) -> None:
        """Come to a day: settle, let fall due, take what was paid, and go on with what is then owed."""
        debt = self.debt
        falls = debt.due_on is not None and on == max(debt.due_on, debt.start_on)
        if falls or on in debt.settled_on:
            self._settle(on)
        if falls:
            self._fall_due(self.undue)
        elif debt.instalment and on == debt.instalment[0]:
            self._fall_due(min(debt.instalment[1], self.undue))
        self.misused = debt.misused_on is not None and on >= debt.misused_on
        self.owed["costs"] += sum(cents for day, cents in debt.costs if max(day, debt.start_on) == on)
        for day, cents in debt.payments:
            if day == on:
                self._pay(on, cents)
        for kind, base_cents, rate in self._running():
            self._carry_on(kind, on, base_cents, rate)

    def closed(self, as_of: date) -> Account:
        """End every line, and return the account."""
        self._close(as_of)
        lines = sorted(self.lines, key=lambda line: (list(KIND_TITLES).index(line.kind), line.start_on))
        return Account(as_of, tuple(lines), tuple(self.paid), dict(self.owed), self.undue, self.accrued)

    def _running(self) -> list[tuple[Kind, int, Rate]]:
        """What bears interest of which kind at which rate; of two causes the heavier (law.md §6)."""
        terms, undue = self.terms, self.undue
        heavier = max(terms.penalty, terms.misuse, key=lambda rate: rate.percent) if self.misused else terms.penalty
        compounding = self.owed["interest"] if "interest" in terms.compounds else 0
        compounding += self.settled_penalty
        return [
            ("interest", 0 if self.misused else undue, terms.contract),
            ("penalty", self.owed["principal"], heavier),
            ("misuse", undue if self.misused else 0, terms.misuse),
            ("compound", compounding, heavier),
        ]

    def _carry_on(self, kind: Kind, on: date, base_cents: int, rate: Rate) -> None:
        """Let a line run on where nothing changed, else end it and begin the next."""
        running = self.open.get(kind)
        if running and (running.base_cents, running.rate) != (base_cents, rate):
            self._end(kind, on)
        if base_cents and kind not in self.open:
            self.open[kind] = _Open(on, base_cents, rate)

    def _end(self, kind: Kind, on: date) -> None:
        running = self.open.pop(kind, None)
        if running is None or running.start_on == on:
            return
        days, basis = days_between(running.start_on, on), self.terms.basis
        cents = interest(running.base_cents, running.rate, basis, days)
        due_on = None if kind == "interest" else on
        self.lines.append(Line(kind, running.start_on, on, running.base_cents, running.rate, basis, cents, due_on))
        if due_on:
            self.owed[PART_OF[kind]] += cents
        else:
            self.accrued += cents

    def _close(self, on: date) -> None:
        for kind in tuple(self.open):
            self._end(kind, on)

    def _settle(self, on: date) -> None:
        """What accrued becomes due; compound interest on penalties runs only where the policy says so."""
        self._end("interest", on)
        self.lines = [line if line.due_on else replace(line, due_on=on) for line in self.lines]
        self.owed["interest"] += self.accrued
        self.accrued = 0
        if "penalty" in self.terms.compounds:
            self._end("penalty", on)
            self._end("misuse", on)
            self.settled_penalty = self.owed["penalty"]

    def _fall_due(self, cents: int) -> None:
        self.undue -= cents
        self.owed["principal"] += cents

    def _pay(self, on: date, cents: int) -> None:
        """Set a payment against what is due, in the policy's order, then against the rest of the principal."""
        self._close(on)
        against: dict[Part, int] = {}
        left = cents
        for part in self.terms.order:
            taken = min(left, self.owed[part])
            self.owed[part] -= taken
            left -= taken
            if taken:
                against[part] = taken
        early = min(left, self.undue)
        if early:
            self.undue -= early
            left -= early
            against["principal"] = against.get("principal", 0) + early
        self.settled_penalty = min(self.settled_penalty, self.owed["penalty"])
        self.paid.append(Paid(on, cents, against, left))
