"""From the columns of a large source to the values they hold: the kinds of `columns.toml` as expressions.

A source of that size is written by a program, so its columns have types; texts are read in the forms that programs
write. What cannot be read is blank and flagged, as in a sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ccm.ledger.parse import BLANKS, EXACT, NO_DATES
from ccm.portable import holds

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Values:
    """A column's values and, by finding code, a Boolean column that is true where that code applies."""

    values: nw.Expr
    trouble: dict[str, nw.Expr] = field(default_factory=dict)


SPACES = " \t\n\r\u3000\xa0"
MONEY_SIGNS = r"[\s\u3000\xa0,，¥￥]|RMB|CNY|人民币|元整?$"
COUNT_SIGNS = r"[\s\u3000\xa0,，天日次期个月]"
LARGEST = 1e13
"""No loan has so many yuan; above it a floating number does not keep the cents."""
WIDEST = 10**18
"""A decimal number below this is an integer of 64 bits."""
NUMBER = r"^[+-]?[0-9]+([.][0-9]+)?$"
FLOATED = r"^[0-9]([.][0-9]+)?E[+]?[0-9]+$"
"""How a program writes a long number that it took for an amount: its last digits are lost."""


def tidied(column: str, kind: str) -> nw.Expr:
    """Return a column of texts without what surrounds its values, as `read` wants it; what stands for nothing is null.

    A step of its own: an engine plans an expression that is used ten times ten times over.
    """
    bare = nw.col(column).str.strip_chars(SPACES)
    written = nw.when(~bare.is_in(BLANKS)).then(bare)
    return TIDIED[kind](written) if kind in TIDIED else written


def _plain_ident(written: nw.Expr) -> nw.Expr:
    return written.str.replace_all(" ", "", literal=True).str.to_uppercase()


def _plain_money(written: nw.Expr) -> nw.Expr:
    return written.str.replace_all(MONEY_SIGNS, "").str.replace_all(r"^[(](.+)[)]$", "-$1")


def _plain_day(written: nw.Expr) -> nw.Expr:
    """A day as its eight digits, whatever signs it is written with."""
    day = nw.when(~written.is_in(NO_DATES)).then(written).str.replace_all(r"[\sT].*$", "")
    day = day.str.replace_all(r"^([0-9]{4})[-/.年]([0-9])([-/.月])", "$1-0$2$3")
    day = day.str.replace_all(r"^([0-9]{4}[-/.年][0-9]{2})[-/.月]([0-9])日?$", "$1-0$2")
    return day.str.replace_all(r"[-/.年月日]", "")


TIDIED: dict[str, Callable[[nw.Expr], nw.Expr]] = {
    "phone": _plain_ident,
    "id": _plain_ident,
    "money": _plain_money,
    "days": lambda written: written.str.replace_all(COUNT_SIGNS, ""),
    "count": lambda written: written.str.replace_all(COUNT_SIGNS, ""),
    "date": _plain_day,
    "rate": lambda written: written.str.replace_all("％", "%", literal=True),
    "uplift": lambda written: written.str.replace_all(r"[\s\u3000]|上浮|加收", "").str.replace_all(
        "％", "%", literal=True
    ),
}


def read(column: str, kind: str, dtype: Any, scale: int = 1) -> Values:  # noqa: ANN401 - a type of Narwhals
    """Return how a column is read: `kind` as in `columns.toml`, `dtype` the source's own type; texts are `tidied`.

    Money comes in whole cents; `scale` is what the header's unit multiplies by.
    """
    if kind == "money":
        return _money(column, dtype, scale)
    return READERS[kind](column, dtype)


def _text(column: str, dtype: Any) -> Values:  # noqa: ANN401
    return Values(nw.col(column) if dtype == nw.String else _spelled(column, dtype))


def _ident(column: str, dtype: Any) -> Values:  # noqa: ANN401
    """Identifiers keep their leading zeros; one that was kept as a floating number has lost digits."""
    if dtype != nw.String:
        spelled = _spelled(column, dtype)
        return Values(spelled, {"digits-lost": spelled.is_null() & ~nw.col(column).is_null()})
    lost = holds(nw.col(column).str.contains(FLOATED))
    return Values(nw.when(~lost).then(nw.col(column)), {"digits-lost": lost})


def _spelled(column: str, dtype: Any) -> nw.Expr:  # noqa: ANN401
    """A number as its digits, null where it is not whole or too large to be exact; a day as 2026-05-01."""
    value = nw.col(column)
    if dtype.is_decimal():
        value = nw.when((value.abs() < WIDEST) & (value == value.floor())).then(value).cast(nw.Int64)
    elif dtype.is_float():
        value = nw.when((value.abs() < EXACT) & (value == value.floor())).then(value).cast(nw.Int64)
    return value.cast(nw.String)


def _money(column: str, dtype: Any, scale: int) -> Values:  # noqa: ANN401
    cents_each, given = 100 * scale, nw.col(column)
    if dtype.is_integer():
        cents = given.cast(nw.Int64) * cents_each
        return Values(cents, {"amount-negative": holds(cents < 0)})
    yuan: nw.Expr
    if dtype == nw.String:
        yuan = nw.when(holds(given.str.contains(NUMBER))).then(given).cast(nw.Float64)
    else:
        yuan = given.cast(nw.Float64) if dtype.is_numeric() else nw.lit(None, nw.Float64)
    # Whole cents; engines round halves in different ways, but all of them know the floor.
    cents = (nw.when(yuan.abs() < LARGEST).then(yuan) * cents_each + 0.5).floor().cast(nw.Int64)
    return Values(cents, {"amount-text": cents.is_null() & ~given.is_null(), "amount-negative": holds(cents < 0)})


def _count(column: str, dtype: Any) -> Values:  # noqa: ANN401
    if dtype == nw.String:
        written = nw.col(column)
        number: nw.Expr = nw.when(holds(written.str.contains(r"^[0-9]{1,5}([.]0+)?$"))).then(written).cast(nw.Float64)
        given = ~written.is_null()
    elif dtype.is_numeric():
        number, given = nw.col(column).cast(nw.Float64), ~nw.col(column).is_null()
    else:
        number, given = nw.lit(None, nw.Float64), ~nw.col(column).is_null()
    readable = holds((number >= 0) & (number < 100_000) & (number == number.floor()))
    return Values(nw.when(readable).then(number).cast(nw.Int64), {"count-text": given & ~readable})


def _rate(column: str, dtype: Any) -> Values:  # noqa: ANN401
    """A rate in per cent of a year; below half a per cent it is a part of one, as 0.0435 is 4.35%."""
    number, percent = _numbers(column, dtype)
    return Values(nw.when(~percent & (number < 0.5)).then((number * 100).round(6)).otherwise(number))


def _uplift(column: str, dtype: Any) -> Values:  # noqa: ANN401
    """By how much a rate is raised, in per cent; up to 2 it is a part of one, as 0.5 is 50%."""
    number, percent = _numbers(column, dtype)
    return Values(nw.when(~percent & (number <= 2)).then((number * 100).round(6)).otherwise(number))


def _numbers(column: str, dtype: Any) -> tuple[nw.Expr, nw.Expr]:  # noqa: ANN401
    """A column's numbers, and where a sign of per cent stands behind them."""
    if dtype == nw.String:
        percent = holds(nw.col(column).str.ends_with("%"))
        bare = nw.col(column).str.replace_all("%", "", literal=True)
        return nw.when(holds(bare.str.contains(NUMBER))).then(bare).cast(nw.Float64), percent
    number = nw.col(column).cast(nw.Float64) if dtype.is_numeric() else nw.lit(None, nw.Float64)
    return number, nw.lit(value=False)


def _day(column: str, dtype: Any) -> Values:  # noqa: ANN401
    """Days as dates, 20260501, 2026-05-01 and its like; a day that does not exist is `date-impossible`."""
    if dtype.is_temporal():
        return Values(_sensible(nw.col(column).cast(nw.Date)))
    if dtype != nw.String and not dtype.is_integer():
        return Values(nw.lit(None, nw.Date), {"date-impossible": ~nw.col(column).is_null()})
    digits = nw.col(column) if dtype == nw.String else _plain_day(nw.col(column).cast(nw.String))
    return _day_of_digits(digits, given=~digits.is_null())


def _day_of_digits(digits: nw.Expr, given: nw.Expr) -> Values:
    """The day 20260501; one that is not in the calendar is held back, for engines stop at it."""
    shaped = nw.when(holds(digits.str.contains(r"^[0-9]{8}$"))).then(digits)
    year, month, day = (shaped.str.slice(at, size).cast(nw.Int64) for at, size in ((0, 4), (4, 2), (6, 2)))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    other = nw.when(month.is_in([4, 6, 9, 11])).then(nw.lit(30)).otherwise(nw.lit(31))
    longest = nw.when(month == 2).then(february).otherwise(other)
    real = holds((month >= 1) & (month <= 12) & (day >= 1) & (day <= longest) & (year >= 1))
    value = nw.when(real).then(shaped).str.to_date(format="%Y%m%d")
    return Values(_sensible(value), {"date-impossible": given & ~real})


def _sensible(day: nw.Expr) -> nw.Expr:
    """Years that core systems write for no date are no date."""
    year = day.dt.year()
    return nw.when((year >= 1901) & (year <= 2998)).then(day)


READERS: dict[str, Callable[[str, Any], Values]] = {
    "text": _text,
    "name": _text,
    "phone": _ident,
    "id": _ident,
    "date": _day,
    "days": _count,
    "count": _count,
    "rate": _rate,
    "uplift": _uplift,
}
"""How each kind is read; money also needs its scale."""
