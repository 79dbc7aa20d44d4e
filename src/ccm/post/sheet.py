"""The sheets that the post office gives back: which columns they have is told by their headers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Cell = str | float | bool | date | datetime | None

HEAD_ROWS = 30
"""The header is looked for in this many rows from the top."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, as text; a column that is not there is empty. `on` is None where no day stands there."""

    file: str
    sheet: str
    row: int | None
    letter_no: str
    waybill: str
    status: str
    signer: str
    reason: str
    on: date | None
    contents: str


def rows(
    file: str, sheet: str, table: Sequence[Sequence[Cell]], names: Mapping[str, Sequence[str]]
) -> Iterator[Row] | None:
    """Return the rows of a sheet, None where no header in it names a letter's number or a waybill's.

    Args:
        file: For messages.
        sheet: For messages.
        table: All cells, from the first row of the sheet on.
        names: The fields of `Row` and the headers that mean them (post.toml).
    """
    known = {_bare(name): field for field, of in names.items() for name in of}
    for at, line in enumerate(table[:HEAD_ROWS]):
        columns = {
            known[_bare(cell)]: n for n, cell in enumerate(line) if isinstance(cell, str) and _bare(cell) in known
        }
        if len(columns) > 1 and not columns.keys().isdisjoint({"letter_no", "waybill", "contents"}):
            return _rows(file, sheet, table, at + 1, columns)
    return None


def _rows(
    file: str, sheet: str, table: Sequence[Sequence[Cell]], skip: int, columns: Mapping[str, int]
) -> Iterator[Row]:
    for number, line in enumerate(table[skip:], start=skip + 1):
        cells = {field: line[at] if at < len(line) else None for field, at in columns.items()}
        texts = {field: _text(cell) for field, cell in cells.items()}
        if any(texts.get(field) for field in ("letter_no", "waybill", "contents")):
            words = {
                name: texts.get(name, "") for name in ("letter_no", "waybill", "status", "signer", "reason", "contents")
            }
            yield Row(file, sheet, number, on=_day(cells.get("on")), **words)


def _bare(text: str) -> str:
    return re.sub(r"[\s:：*（(].*$|\s", "", unicodedata.normalize("NFKC", text).strip())


def _text(cell: Cell) -> str:
    """A number that Excel made of a waybill is exact up to 15 digits; beyond, it has lost some and keeps its looks."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 10**15 else repr(cell)
    return "" if cell is None else str(cell).strip()


def _day(cell: Cell) -> date | None:
    """A date, or the first one in a text: 2026-11-25 10:21, 2026年11月25日, 20261125."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = re.search(r"(20\d\d)\D?(\d{1,2})\D?(\d{1,2})", _text(cell))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
