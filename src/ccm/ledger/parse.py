"""From a column of cells to a column of values: text, identifiers, money, dates, counts.

Each function takes `Cells` and gives a plan; `parsed` carries out the plans of all columns at once.
A value is null where a cell is blank or unreadable, and for each finding code the rows it concerns are told.
Nothing is guessed: what can be read in two ways is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ccm.ledger.table import Cells


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column of values and, by finding code, a Boolean series that is true where that code applies."""

    values: pl.Series
    trouble: dict[str, pl.Series] = field(default_factory=dict)


BLANKS = ("", "-", "--", "—", "——", "/", "\\", "无", "暂无", "空", "null", "NULL", "None", "N/A", "#")
"""What people and systems write for nothing."""

NO_DATES = (
    "0",
    "00000000",
    "0000-00-00",
    "19000100",
    "1900-01-00",
    "1900-01-01",
    "19000101",
    "99991231",
    "9999-12-31",
    "29991231",
    "2999-12-31",
)
"""What core systems write where there is no date."""

ERROR_CELL = r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$"

SPACES = [" ", "\t", "\n", "\r", "\u3000", "\xa0"]

EXACT = 10**15
"""Excel keeps 15 digits: a whole number above this has lost some."""


def text(cells: Cells) -> pl.LazyFrame:
    """Read names, addresses and other words; a number reads as its digits."""
    return _plan(cells, pl.coalesce(_tidy(), _digits(), pl.col("date").cast(pl.String)))


def ident(cells: Cells) -> pl.LazyFrame:
    """Read identifiers, keeping leading zeros; a number too long for Excel, or one written 4.3E+17, has lost digits."""
    written = _tidy()
    if _any(cells.text.str.contains_any(SPACES)):
        written = written.str.replace_all(r"\s", "")
    written = written.str.to_uppercase()
    lost = _holds(pl.col("number").abs() >= EXACT)
    if _any(cells.text.str.contains_any(["E", "e"])):
        lost |= _holds(written.str.contains(r"^\d(\.\d+)?E\+?\d+$"))
    value = pl.when(~lost).then(pl.coalesce(written, _digits(), pl.col("date").dt.strftime("%Y%m%d")))
    return _plan(cells, value, {"digits-lost": lost})


MOST_CENTS = 10**15
"""Ten million million yuan: what is no less is no amount but a number in the wrong column."""


def money(cells: Cells, scale: int = 1) -> pl.LazyFrame:
    """Read amounts into whole cents; `scale` is what the header's unit multiplies by (万元 is 10000)."""
    plain = _plain(cells, _amounts)
    if plain is not None and not (plain.abs() * (100 * scale) >= MOST_CENTS).any():
        cents = (pl.lit(plain) * (100 * scale)).round(0).cast(pl.Int64)
        return _plan(cells, cents, {"amount-negative": _holds(cents < 0)})
    written = (
        _halfwidth(_tidy()).str.replace_all(r"[\s,，¥￥]|RMB|CNY|人民币|元整?$", "").str.replace(r"^\((.+)\)$", "-$1")
    )
    number = pl.coalesce(pl.col("number"), written.cast(pl.Float64, strict=False))
    exact = written.cast(pl.Decimal(24, 6), strict=False) * (100 * scale)
    cents = pl.coalesce(
        exact.round(0).cast(pl.Int64, strict=False),
        (number * 100 * scale).round(0).cast(pl.Int64, strict=False),
    )
    unreadable = (
        (written.is_not_null() & ~_holds(written.str.contains(r"^[+-]?\d+(\.\d+)?$")))
        | pl.col("date").is_not_null()
        | (number.is_not_null() & ~_holds(number.abs() * (100 * scale) < MOST_CENTS))
    )
    cents = pl.when(~unreadable).then(cents)
    return _plan(cells, cents, {"amount-text": unreadable, "amount-negative": _holds(cents < 0)})


def count(cells: Cells) -> pl.LazyFrame:
    """Read whole numbers of days or times."""
    written = _halfwidth(_tidy()).str.replace_all(r"[\s,，天日次期个月]", "")
    number = pl.coalesce(pl.col("number"), written.cast(pl.Float64, strict=False))
    readable = _holds((number >= 0) & (number == number.floor()) & (number < 100_000))
    blank = pl.col("number").is_null() & written.is_null() & pl.col("date").is_null()
    return _plan(cells, pl.when(readable).then(number.cast(pl.Int64, strict=False)), {"count-text": ~readable & ~blank})


def rate(cells: Cells) -> pl.LazyFrame:
    """Read a rate in per cent of a year; what cannot be read is left blank.

    A cell that shows 4.35% holds 0.0435; no bank lends below half a per cent, so a number below 0.5 is such a part.
    """
    written = _halfwidth(_tidy()).str.replace_all(r"\s", "").str.replace("％", "%")
    number = pl.coalesce(pl.col("number"), written.cast(pl.Float64, strict=False))
    part = pl.when(number < 0.5).then((number * 100).round(6)).otherwise(number)
    return _plan(cells, pl.coalesce(part, written.str.strip_suffix("%").cast(pl.Float64, strict=False)))


def uplift(cells: Cells) -> pl.LazyFrame:
    """Read by how much a rate is raised, in per cent; what cannot be read is left blank.

    0.5, 50% and 50 are one and the same: no penalty is as small as 2%, so a number up to 2 is a part of one.
    """
    written = _halfwidth(_tidy()).str.replace_all(r"\s|上浮|加收", "").str.replace("％", "%")
    number = pl.coalesce(pl.col("number"), written.cast(pl.Float64, strict=False))
    part = pl.when(number <= 2).then((number * 100).round(6)).otherwise(number)
    return _plan(cells, pl.coalesce(part, written.str.strip_suffix("%").cast(pl.Float64, strict=False)))


def day(cells: Cells) -> pl.LazyFrame:
    """Read dates: real ones, serial numbers, 20260501, 2026-05-01, 2026/5/1, 2026.5.1, 2026年5月1日.

    A year of two digits, or day and month that can be swapped, is `date-ambiguous`; 2026-02-30 is
    `date-impossible`.
    """
    real = pl.when(pl.col("date").dt.year().is_between(1901, 2998)).then(pl.col("date"))
    if _blank(cells.text) and _blank(cells.number):
        return _plan(cells, real)
    plain = _plain(cells, _dates)
    if plain is not None:
        return _plan(cells, pl.lit(plain))
    written = _halfwidth(_tidy()).str.replace_all(r"\s+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$|T\d{2}:.*$|\s", "")
    written = pl.when(~written.is_in(NO_DATES)).then(written)
    number = pl.when(pl.col("number") != 0).then(pl.col("number"))
    compact = pl.coalesce(
        pl.when(written.str.contains(r"^\d{8}$")).then(written),
        pl.when(number.is_between(19_000_101, 99_991_231)).then(number.cast(pl.Int64, strict=False).cast(pl.String)),
    )
    compact = pl.when(~compact.is_in(NO_DATES)).then(compact)
    parts = written.str.extract_groups(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
    spelled = _date(parts.struct.field("1"), parts.struct.field("2"), parts.struct.field("3"))
    solid = _date(compact.str.slice(0, 4), compact.str.slice(4, 2), compact.str.slice(6, 2))
    serial_no = pl.coalesce(
        number, pl.when(written.str.contains(r"^\d{5}$")).then(written.cast(pl.Float64, strict=False))
    )
    serial = pl.when(serial_no.is_between(1_000, 100_000)).then(
        pl.date(1899, 12, 30) + pl.duration(days=serial_no.floor().cast(pl.Int64, strict=False))
    )
    value = pl.coalesce(real, spelled, solid, serial).cast(pl.Date)
    given = written.is_not_null() | (
        number.is_not_null() & ~_holds(number.cast(pl.Int64, strict=False).cast(pl.String).is_in(NO_DATES))
    )
    ambiguous = _holds(written.str.contains(r"^\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?$"))
    impossible = given & value.is_null() & ~ambiguous
    return _plan(cells, value, {"date-impossible": impossible, "date-ambiguous": ambiguous})


PARSERS: dict[str, Callable[[Cells], pl.LazyFrame]] = {
    "text": text,
    "name": text,
    "phone": ident,
    "id": ident,
    "date": day,
    "days": count,
    "count": count,
    "rate": rate,
    "uplift": uplift,
}
"""How each kind of `columns.toml` is read; money also needs its scale."""


def parsed(plans: Sequence[pl.LazyFrame]) -> list[Parsed]:
    """Carry out the plans of several columns together, which is faster than one by one."""
    return [
        Parsed(found["values"], {code: found[code] for code in found.columns[1:] if found[code].any()})
        for found in pl.collect_all(plans)
    ]


def _plan(cells: Cells, values: pl.Expr, trouble: dict[str, pl.Expr] | None = None) -> pl.LazyFrame:
    """A frame with the `values`, and a Boolean column for each code."""
    frame = pl.LazyFrame({"text": cells.text, "number": cells.number, "date": cells.date})
    asked = trouble or {}
    # Most columns hold no error: the pattern is worth its time only where something starts like one.
    if _any(cells.text.str.starts_with("#")):
        broken = _holds(pl.col("text").str.contains(ERROR_CELL))
        values = pl.when(~broken).then(values)
        asked = {"cell-error": broken, **{code: expr & ~broken for code, expr in asked.items()}}
    return frame.select(values.alias("values"), **asked)


def _plain(cells: Cells, read: Callable[[pl.Series], pl.Series]) -> pl.Series | None:
    """Return a column of texts read the short way, None where a single one of them needs the long way."""
    if not (_blank(cells.number) and _blank(cells.date)) or _blank(cells.text):
        return None
    values = read(cells.text)
    return values if values.null_count() == cells.text.null_count() else None


def _amounts(texts: pl.Series) -> pl.Series:
    """Amounts as a program writes them: 1234.56; anything else is null."""
    return texts.set(texts.str.contains_any(["e", "E", "_", " "]), None).cast(pl.Decimal(24, 6), strict=False)


def _dates(texts: pl.Series) -> pl.Series:
    """Dates as a program writes them: 2026-05-01; anything else, and what stands for no date, is null."""
    days = texts.set(texts.str.len_bytes() != 10, None).str.to_date("%Y-%m-%d", strict=False)
    return days.set(~days.dt.year().is_between(1901, 2998), None)


def _blank(series: pl.Series) -> bool:
    return series.null_count() == len(series)


def _any(series: pl.Series) -> bool:
    return bool(series.any())


def _tidy() -> pl.Expr:
    """Strip what surrounds a text and read what stands for nothing as blank."""
    bare = pl.col("text").str.strip_chars()
    return pl.when(~bare.is_in(BLANKS)).then(bare)


def _halfwidth(expr: pl.Expr) -> pl.Expr:
    """Turn full-width digits and signs into the usual ones; cheap when there are none."""
    wide = "０１２３４５６７８９．，－＋（）／："
    return expr.str.replace_many(list(wide), list("0123456789.,-+()/:"))


def _digits() -> pl.Expr:
    """A number as its digits: 1002.0 → `1002`, 12.5 → `12.5`."""
    number = pl.col("number")
    whole = _holds(number == number.floor()) & (number.abs() < EXACT)
    return pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(number.cast(pl.String))


def _date(year: pl.Expr, month: pl.Expr, day_: pl.Expr) -> pl.Expr:
    """A date of its parts, null where there is no such day."""
    joined = pl.concat_str(year, month.str.zfill(2), day_.str.zfill(2), separator="-")
    return joined.str.to_date("%Y-%m-%d", strict=False)


def _holds(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(value=False)
