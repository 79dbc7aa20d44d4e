"""Workbooks: .xlsx .xlsm .xls .xlsb .ods through calamine, each cell with its own type."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl

from ccm.errors import UNSEEN, CcmError
from ccm.ledger.table import HEAD_ROWS, Cells, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ccm.bounds import Room
    from ccm.ledger.table import Value


MOST_SPANS = 1000
"""More merged cells than this no header has."""


@contextmanager
def guarded(where: str) -> Iterator[None]:
    """Turn whatever a parser throws at a broken file into one stop; a panic inside calamine is no Exception."""
    try:
        yield
    except (CcmError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise CcmError("file-broken", where=where, reason="内容读不出来") from error


def sheets(
    file: str, source: Path | bytes, room: Room, unvalued: Callable[[str], Mapping[str, str]] = lambda _: {}
) -> list[Sheet]:
    """Return the sheets of a workbook, given as a path or as decrypted bytes; chart sheets and blank ones are left out.

    Args:
        file: For messages.
        source: The workbook, found not to take more than there is room for (`extent`).
        room: What the old .xls may hold, of which nothing is known before it is opened.
        unvalued: By the name of a sheet, what its cells hold instead of a value.

    Raises:
        CcmError: `file-broken`, `file-too-large`.
    """
    import python_calamine

    with guarded(file):
        data = BytesIO(source) if isinstance(source, bytes) else source
        book = python_calamine.load_workbook(data)
        kept = [meta.name for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
        room.sheets(len(kept))
        found, cells = [], 0
        for name in kept:
            found.append(_sheet(file, name, book, unvalued))
            cells += room.hold(found[-1].height, max(map(len, found[-1].head), default=0))
        room.hold(cells, 1)
    return [sheet for sheet in found if sheet.height]


def _sheet(file: str, name: str, book: Any, unvalued: Callable[[str], Mapping[str, str]]) -> Sheet:  # noqa: ANN401 - calamine's
    raw = book.get_sheet_by_name(name)
    rows = raw.to_python(skip_empty_area=False)
    while rows and not any(value not in {"", None} for value in rows[-1]):
        rows.pop()
    spans = [(a[0], a[1], b[0], b[1]) for a, b in raw.merged_cell_ranges or () if a[0] < HEAD_ROWS]
    return Sheet(
        file=file,
        name=name,
        head=tuple(tuple(_plain(value) for value in row) for row in rows[:HEAD_ROWS]),
        height=len(rows),
        merged=tuple(spans[:MOST_SPANS]),
        load=lambda skip, columns: [split([row[index] for row in rows[skip:]]) for index in columns],
        unvalued=lambda: unvalued(name),
    )


def _plain(value: object) -> Value:
    if value == "":
        return None
    if isinstance(value, str | bool | float | date | datetime):
        return value
    return float(value) if isinstance(value, int) else str(value)


def split(values: Sequence[object]) -> Cells:
    """Sort a column's cells by type into its three series."""
    kinds = set(map(type, values))
    size = len(values)
    if kinds <= {str}:
        return Cells(texts(pl.Series(values, dtype=pl.String)), _none(size, pl.Float64), _none(size, pl.Date))
    if kinds <= {float, int}:
        return Cells(_none(size, pl.String), pl.Series(values, dtype=pl.Float64), _none(size, pl.Date))
    if kinds == {date}:
        return Cells(_none(size, pl.String), _none(size, pl.Float64), pl.Series(values, dtype=pl.Date))
    return Cells(
        texts(pl.Series([_word(value) for value in values], dtype=pl.String)),
        pl.Series([value if type(value) in {int, float} else None for value in values], dtype=pl.Float64),
        pl.Series([_day(value) for value in values], dtype=pl.Date),
    )


def texts(series: pl.Series) -> pl.Series:
    """Drop what only shows or protects a text: blanks around it, ="0012", a leading apostrophe, what cannot be seen."""
    unseen = series.str.contains(UNSEEN)
    bare = (series.str.replace_all(UNSEEN, "") if unseen.any() else series).str.strip_chars()
    dressed = bare.str.starts_with("=") | bare.str.starts_with("'")
    if dressed.any():
        bare = bare.str.replace(r'^="(.*)"$', "$1").str.replace(r"^'", "")
    return bare.to_frame("x").select(pl.when(pl.col("x") != "").then(pl.col("x")))["x"]


def dated(series: pl.Series) -> Cells:
    """Sort a column of dates: one that no calendar has is kept as the number it is, and so will be told."""
    day = series.cast(pl.Date)
    real = day.is_between(date(1, 1, 1), date(9999, 12, 31))
    odd = day.is_not_null() & ~real
    size = len(day)
    text = day.to_physical().cast(pl.String).to_frame("x").select(pl.when(odd).then(pl.col("x")))["x"]
    real_day = day.to_frame("x").select(pl.when(real).then(pl.col("x")))["x"]
    return Cells(text, _none(size, pl.Float64), real_day)


def _word(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, time | timedelta) else None


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def _none(size: int, kind: type[pl.DataType]) -> pl.Series:
    return pl.Series([None], dtype=kind).new_from_index(0, size)
