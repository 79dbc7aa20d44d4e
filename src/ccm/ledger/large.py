"""Large .xlsx files, fast: the first rows from a small copy, the columns that are needed through fastexcel.

fastexcel types a whole column, and in strict mode refuses one that mixes types, so it never turns a number into
text behind our back; a sheet it refuses is read cell by cell instead, which is slower and exact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from ccm.errors import CcmError
from ccm.ledger import ahead, openxml, workbook
from ccm.ledger.table import HEAD_ROWS, Cells, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ccm.bounds import Room


def sheets(
    file: str, path: Path, room: Room, unvalued: Callable[[str], Mapping[str, str]] = lambda _: {}
) -> list[Sheet]:
    """Return the sheets of a large workbook; those that end within the first rows are read whole from the copy.

    Raises:
        CcmError: `file-broken`.
    """
    try:
        copy, whole = openxml.top_of(path, HEAD_ROWS)
        with openxml.opened(path) as package:
            members = openxml.members(package)
        top = workbook.sheets(file, copy, room, unvalued)
    except CcmError:
        raise
    except Exception:  # noqa: BLE001 - anything unusual about the package: read it whole
        return workbook.sheets(file, path, room, unvalued)
    return [sheet if members.get(sheet.name) in whole else _large(sheet, path, room) for sheet in top]


def _large(top: Sheet, path: Path, room: Room) -> Sheet:
    return replace(top, load=lambda skip, columns: _load(top, path, room, skip, columns))


def _load(top: Sheet, path: Path, room: Room, skip: int, columns: Sequence[int]) -> list[Cells]:
    try:
        frame = _typed(path, top.name, skip, columns)
        cells = [_cells(frame.to_series(at)) for at in range(len(columns))]
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return _exact(top, path, room, skip, columns)
    return _without_tail(cells)


def _typed(path: Path, name: str, skip: int, columns: Sequence[int]) -> pl.DataFrame:
    sheet: Any = ahead.reader(path).load_sheet(
        name,
        header_row=None,
        skip_rows=skip,
        schema_sample_rows=None,
        dtype_coercion="strict",
        use_columns=list(columns),
    )
    return sheet.to_polars()  # type: ignore[no-any-return]


def _cells(series: pl.Series) -> Cells:
    size = len(series)
    blank = {
        "text": pl.Series([None], dtype=pl.String).new_from_index(0, size),
        "number": pl.Series([None], dtype=pl.Float64).new_from_index(0, size),
        "date": pl.Series([None], dtype=pl.Date).new_from_index(0, size),
    }
    match series.dtype:
        case pl.String:
            return Cells(**{**blank, "text": workbook.texts(series)})
        case pl.Null:
            return Cells(**blank)
        case kind if kind.is_numeric():
            return Cells(**{**blank, "number": series.cast(pl.Float64)})
        case kind if isinstance(kind, pl.Datetime | pl.Date) or kind == pl.Date:
            return workbook.dated(series)
        case other:
            raise TypeError(other)


def _without_tail(cells: list[Cells]) -> list[Cells]:
    """Drop the blank rows at the end, as the exact reading does."""
    used = (
        pl.DataFrame(
            [
                (one.text.is_not_null() | one.number.is_not_null() | one.date.is_not_null()).alias(str(at))
                for at, one in enumerate(cells)
            ]
        )
        .select(pl.any_horizontal(pl.all()).alias("used"))["used"]
        .arg_true()
    )
    last = used[-1] + 1 if len(used) else 0
    return [Cells(one.text.head(last), one.number.head(last), one.date.head(last)) for one in cells]


def _exact(top: Sheet, path: Path, room: Room, skip: int, columns: Sequence[int]) -> list[Cells]:
    found = next(one for one in workbook.sheets(top.file, path, room) if one.name == top.name)
    return found.load(skip, columns)
