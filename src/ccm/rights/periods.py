"""Years and months as the law counts them (民法典200–203)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache

Roll = Callable[[date], date | None]
"""The first working day from a day on; None where the year's holidays are not published."""


@lru_cache(maxsize=2**16)
def add_months(start_on: date, months: int) -> date:
    """Return the last day of a period of `months` that starts on `start_on` (民法典201, 202).

    The start day is not counted, so the period ends on the corresponding day (对应日), else on the month's last day.
    A ledger's 9999-12-31 ("for ever") stays the last day there is.
    """
    years, month = divmod(start_on.month - 1 + months, 12)
    year = start_on.year + years
    if year > date.max.year:
        return date.max
    day = start_on.day if start_on.day <= 28 else min(start_on.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


def last_day(raw_on: date, roll: Roll) -> date:
    """Return the day on which a period that ends on `raw_on` may still be kept (民法典203).

    A year whose holidays are not known is not rolled (law.md §1.5).
    """
    return roll(raw_on) or raw_on
