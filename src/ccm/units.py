"""Money and days: the only place that knows how they are counted and printed.

Money is whole cents (`_cents`, an int); a day is a `date` (`_on`); a span is whole days (`_days`).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


UNKNOWN = "—"
"""What stands for an amount that is not known, which is not the same as nothing."""


def yuan(cents: int | None) -> str:
    """Return cents as a person reads them: `1234567` → `12,345.67`; None is `UNKNOWN`."""
    return UNKNOWN if cents is None else f"{Decimal(cents) / 100:,.2f}"


def in_yuan(cents: int | None) -> str:
    """Return cents with their unit, for running text; None is 不详."""
    return "不详" if cents is None else f"{yuan(cents)}元"


def known_sum(parts: Iterable[int | None]) -> int | None:
    """Return the sum of what is known, None where there is something and none of it is known."""
    every = list(parts)
    known = [part for part in every if part is not None]
    return sum(known) if known or not every else None


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
        whole = int(cents) if cents.adjusted() < 30 else 0  # a number of a thousand million digits has its own time
    except (ArithmeticError, ValueError) as error:
        raise ValueError(text) from error
    if cents != whole:
        raise ValueError(text)
    return whole


def short_yuan(cents: int | None) -> str:
    """Return cents short, for running text: below 10,000 yuan whole, above in 万 with two decimals; None is 不详."""
    if cents is None:
        return in_yuan(cents)
    if abs(cents) < 1_000_000:
        return f"{yuan(cents).removesuffix('.00')}元"
    return f"{Decimal(cents) / 1_000_000:,.2f}万元"


def days_between(start_on: date, end_on: date) -> int:
    """Return the days past `start_on` on `end_on`: due on the 20th, unpaid on the 23rd is 3 (law.md §6)."""
    return (end_on - start_on).days


def plus_days(start_on: date, days: int) -> date:
    """Return the day that lies `days` after `start_on`."""
    return start_on + timedelta(days=days)


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


WEEKDAYS = "一二三四五六日"
"""What follows 周 in the name of a day, by `date.weekday()`."""


def short_day(on: date, as_of: date | None = None) -> str:
    """Return a day as lists show it: `11-23` in the year of `as_of`, else with its own year, `2025-03-30`."""
    return f"{on:%m-%d}" if as_of and on.year == as_of.year else str(on)


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")


def in_words(cents: int) -> str:
    """Return an amount in Chinese capital numerals (大写): `140950` → `人民币壹仟肆佰零玖元伍角整`.

    零 stands for a gap between two digits, 整 follows 元 and 角, nothing follows 分 (law.md §8.2: 支付结算办法附一,
    会计基础工作规范 52).

    Raises:
        ValueError: The amount is negative or 10^16 yuan and more.
    """
    if not 0 <= cents < 10**18:
        raise ValueError(cents)
    whole, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    text = f"{whole_in_words(whole)}元" if whole else ""
    if jiao:
        # A gap at the yuan's own place is read aloud: 壹拾元零伍角, as banks write it (law.md §8.2, 107,000.53).
        text += ("零" if whole and whole % 10 == 0 else "") + f"{DIGITS[jiao]}角"
    if fen:
        text += ("零" if whole and not jiao else "") + f"{DIGITS[fen]}分"
    return f"人民币{text or '零元'}{'' if fen else '整'}"


def whole_in_words(number: int) -> str:
    """Return a whole number above 0 in capital numerals: `1305` → `壹仟叁佰零伍`."""
    # Split at 亿, then at 万; where the lower part does not fill its place, one 零 stands for the gap.
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        high, low = divmod(number, size)
        if high:
            gap = "零" if 0 < low < size // 10 else ""
            return f"{whole_in_words(high)}{unit}{gap}{whole_in_words(low) if low else ''}"
    return _group_in_words(number)


def _group_in_words(group: int) -> str:
    digits = [group // 10**place % 10 for place in range(4)]
    text, gap = "", False
    for place in reversed(range(4)):
        if digits[place]:
            text += ("零" if gap and text else "") + DIGITS[digits[place]] + PLACES[place]
            gap = False
        else:
            gap = True
    return text


def chinese_day(on: date) -> str:
    """Return a day as a letter writes it: 2026年11月23日."""
    return f"{on.year}年{on.month}月{on.day}日"
