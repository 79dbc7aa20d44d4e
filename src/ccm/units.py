"""Money and days: the only place that knows how they are counted and printed.

Money is whole cents (`_cents`, an int); a day is a `date` (`_on`); a span is whole days (`_days`).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation


def yuan(cents: int) -> str:
    """Return cents as a person reads them: `1234567` → `12,345.67`."""
    return f"{Decimal(cents) / 100:,.2f}"


def plain_yuan(cents: int) -> str:
    """Return cents as a program reads them: `1234567` → `12345.67`."""
    return f"{Decimal(cents) / 100:.2f}"


def to_cents(text: str) -> int:
    """Return an amount in yuan, written as `1234.56`, in cents.

    Raises:
        ValueError: It is no finite amount, or has parts of a cent.
    """
    try:
        cents = Decimal(text) * 100
        whole = int(cents)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(text) from error
    if cents != whole:
        raise ValueError(text)
    return whole


def short_yuan(cents: int) -> str:
    """Return cents short, for running text: below 10,000 yuan whole, above in 万 with two decimals."""
    if abs(cents) < 1_000_000:
        return f"{yuan(cents).removesuffix('.00')}元"
    return f"{Decimal(cents) / 1_000_000:,.2f}万元"


def days_between(start_on: date, end_on: date) -> int:
    """Return the days past `start_on` on `end_on`: due on the 20th, unpaid on the 23rd is 3 (law.md §6)."""
    return (end_on - start_on).days


def plus_days(start_on: date, days: int) -> date:
    """Return the day that lies `days` after `start_on`."""
    return start_on + timedelta(days=days)
