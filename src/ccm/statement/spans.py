"""From which day on interest is unpaid, and on which days it was settled.

A boundary is the first day of a new settlement: interest of the 20th still belongs to the old one (law.md §6: settled
on the 20th, booked on the 21st), so all spans count their first day and not their last (算头不算尾).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ccm.units import add_months

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Boundaries every `months` from `anchor_on`, in both directions; none where `months` is 0.

    `own` tells that they follow the loan's own day, read off the ledger, and not the bank's settlement day.
    """

    months: int
    anchor_on: date
    own: bool = False

    def before(self, on: date) -> date:
        """Return the last boundary before a day."""
        return self._boundary(self._count(on - ONE))

    def between(self, start_on: date, end_on: date) -> Iterator[date]:
        """Yield the boundaries after a day and before another."""
        if not self.months:
            return
        count = self._count(start_on) + 1
        while (on := self._boundary(count)) < end_on:
            yield on
            count += 1

    def _boundary(self, count: int) -> date:
        return add_months(self.anchor_on, count * self.months)

    def _count(self, on: date) -> int:
        """How many steps from the anchor the last boundary lies that is not after a day."""
        months = (on.year - self.anchor_on.year) * 12 + on.month - self.anchor_on.month
        count = months // self.months
        return count if self._boundary(count) <= on else count - 1


def calendar(months: int, settle_day: int) -> Calendar:
    """Return the bank's calendar: quarters end in March, half-years in June, years in December."""
    month = {0: 12, 1: 1, 3: 3, 6: 6, 12: 12}[months]
    return Calendar(months, date(2000, month, settle_day) + ONE)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Since when interest is unpaid: all before `start_on` is paid; `calendar` is the loan's."""

    start_on: date
    calendar: Calendar


def unpaid_since(usual: Calendar, since_on: date, due_on: date | None, issued_on: date | None) -> Unpaid | None:
    """Return since when interest is unpaid, from the day on which the oldest unpaid interest was due.

    Args:
        usual: The bank's calendar for the loan.
        since_on: The ledger's 最早欠息日: when the oldest unpaid interest was due.
        due_on: The principal's due date, on which the last interest is due whatever the calendar says.
        issued_on: The first day of the loan; nothing is unpaid before it.

    Returns:
        None where it cannot be told: interest is due with the principal, and the ledger lacks the day of issue.
    """
    if not usual.months:
        return Unpaid(issued_on, usual) if issued_on else None
    if due_on and since_on >= due_on:
        # Due with the principal, or later: what is unpaid after the due date is penalty interest.
        start_on = usual.before(since_on)
        start_on = start_on if since_on == due_on else max(due_on, start_on)
        return Unpaid(max(start_on, issued_on or start_on), usual)
    booked_on = since_on if usual.before(since_on + ONE) == since_on else since_on + ONE
    if usual.before(booked_on + ONE) != booked_on:
        usual = replace(usual, anchor_on=since_on, own=True)
        booked_on = since_on
    start_on = usual.before(booked_on)
    return Unpaid(max(start_on, issued_on or start_on), usual)


def settled_up_to(usual: Calendar, on: date, issued_on: date | None) -> Unpaid | None:
    """Return since when interest accrues of a loan that owes none on a day: since the last settlement."""
    if not usual.months:
        return Unpaid(issued_on, usual) if issued_on else None
    start_on = usual.before(on + ONE)
    return Unpaid(max(start_on, issued_on or start_on), usual)
