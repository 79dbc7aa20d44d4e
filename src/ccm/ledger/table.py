"""What a sheet holds, before anyone knows what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ccm.bounds import TEXT
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

Value = str | float | bool | date | datetime | None

HEAD_ROWS = 60
"""How many rows from the top are kept as plain values: the header is looked for among them."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of a sheet, each cell in the series of its own type and null in the other two.

    A cell is text, a number or a date, and the difference matters: an identity number that is a number has
    lost digits.
    `text` is String (blank cells and blank strings are null), `number` is Float64, `date` is Date.
    """

    text: pl.Series
    number: pl.Series
    date: pl.Series


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a ledger file.

    `head` holds the first rows from spreadsheet row 1 on, each as wide as the widest.
    `height` is the number of the last row that holds anything; of a large sheet, at least that many are known.
    `load(skip, columns)` gives the cells below the first `skip` rows for the column indices (from 0) asked for.
    `unvalued()` maps a cell like `F17` to what stands there instead of a value: `#N/A` for an error cell, the
    formula's text for a formula whose result was never stored; formats that cannot tell give an empty mapping.
    `epoch_days` are added to a plain number that is a day: 1462 where the workbook's days begin in 1904.
    """

    file: str
    name: str
    head: tuple[tuple[Value, ...], ...]
    height: int
    merged: tuple[tuple[int, int, int, int], ...]
    load: Callable[[int, Sequence[int]], list[Cells]]
    unvalued: Callable[[], Mapping[str, str]]
    epoch_days: int = 0


def all_rows(sheet: Sheet) -> list[tuple[Value, ...]]:
    """Return every row of a small sheet as plain values, spreadsheet row 1 first.

    Raises:
        CcmError: `cell-too-long`.
    """
    width = max(map(len, sheet.head), default=0)
    loaded = sheet.load(0, range(width))
    for cells in loaded:
        check_length(cells, sheet, 0)
    columns = [
        [
            text if text is not None else number if number is not None else day
            for text, number, day in zip(cells.text, cells.number, cells.date, strict=True)
        ]
        for cells in loaded
    ]
    return list(zip(*columns, strict=True))


def check_length(cells: Cells, sheet: Sheet, skip: int) -> None:
    """Stop where a cell is longer than any program makes one: a quotation mark without its second swallows rows.

    Raises:
        CcmError: `cell-too-long`.
    """
    if (cells.text.str.len_bytes().max() or 0) > TEXT:  # type: ignore[operator]
        long = (cells.text.str.len_chars() > TEXT).arg_true()
        if len(long):
            raise CcmError("cell-too-long", where=f"{sheet.file} {sheet.name}第{skip + long[0] + 1}行", most=TEXT)
