"""Where a period ends on a day off (民法典203); its years and months are counted in `units`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

Roll = Callable[[date], date | None]
"""The first working day from a day on; None where the year's holidays are not published."""


def last_day(raw_on: date, roll: Roll) -> date:
    """Return the day on which a period that ends on `raw_on` may still be kept (民法典203).

    A year whose holidays are not known is not rolled (law.md §1.5).
    """
    return roll(raw_on) or raw_on
