"""How long a guarantee was agreed to last, as contracts and ledgers write it: 二十四个月, 2.5年, 至2028年8月31日.

What can be read in two ways is not read: whoever counts by it then warns and asks, and loses no right by a guess.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

PLAIN = dict(zip("零一二三四五六七八九", range(10), strict=True))
FORMAL = dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
DIGITS = {**PLAIN, **FORMAL, "〇": 0, "两": 2}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
NUMERAL = "".join((*DIGITS, *TENS))
NUMBER = rf"(?<![\d.{NUMERAL}])(\d+(?:\.\d+)?|[{NUMERAL}]+)"

YEARS = re.compile(
    rf"(?:{NUMBER}周?年(?!\d{{1,2}}月\d)(半)?|(半)年)(?:[零又]?(\d+|[{NUMERAL}]+)个?月(?!\d|[日初底末]))?"
)
MONTHS = re.compile(rf"{NUMBER}个月")
ONLY_MONTHS = re.compile(rf"(?:共|为|约定)?{NUMBER}月")
DAYS = re.compile(rf"(?<!月){NUMBER}[天日]")
DATE = r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:00:00:00)?"
UNTIL = re.compile(rf"[至到]{DATE}|^{DATE}(?:[止前]|届满|到期)?$")
BARE = {"6": 6, "12": 12, "18": 18, "24": 24, "30": 30, "36": 36, "48": 48}
"""Numbers without a unit that can only be months; a 2 or a 3 may be years, a 60 or a 90 days."""
MOST_YEARS = 20
"""Rights have no longer period than this (民法典188); a larger number of years is the year of a date."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed: a length in months or in days, or the last day itself."""

    months: int = 0
    days: int = 0
    until_on: date | None = None


@lru_cache(maxsize=2**12)
def agreed(text: str) -> Agreed | None:
    """Return what a text says of a period, None where it says nothing that can be read in one way."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if found := next((one for one in YEARS.finditer(plain) if _years(one) <= MOST_YEARS), None):
        return _of_months(12 * _years(found) + _number(found[4] or "零"))
    if found := MONTHS.search(plain) or ONLY_MONTHS.fullmatch(plain):
        return _of_months(_number(found[1]))
    if plain in BARE:
        return Agreed(months=BARE[plain])
    if found := UNTIL.search(plain):
        return _until([part for part in found.groups() if part])
    if (found := DAYS.search(plain)) and (days := _number(found[1])) == int(days) and days:
        return Agreed(days=int(days))
    return None


def _years(found: re.Match[str]) -> Decimal:
    return (_number(found[1]) if found[1] else Decimal(0)) + (Decimal("0.5") if found[2] or found[3] else 0)


def _of_months(months: Decimal) -> Agreed | None:
    return Agreed(months=int(months)) if months and months == int(months) else None


def _until(parts: list[str]) -> Agreed | None:
    try:
        return Agreed(until_on=date(*map(int, parts)))
    except ValueError:
        return None


def _number(text: str) -> Decimal:
    """Return a number written in digits or in numerals: 24, 2.5, 二十四, 贰拾肆, 一百二十, 二〇二七."""
    if text.isascii():
        return Decimal(text)
    if not TENS.keys() & set(text):
        return Decimal("".join(str(DIGITS[sign]) for sign in text))
    whole, last = 0, 0
    for sign in text:
        if sign in TENS:
            whole, last = whole + (last or 1) * TENS[sign], 0
        else:
            last = DIGITS[sign]
    return Decimal(whole + last)
