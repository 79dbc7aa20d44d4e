"""The sheets that the post office gives back: which columns they have is told by their headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ccm.post.headers import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Cell = str | float | bool | date | datetime | None

TOTAL = re.compile(r"\s*(合\s*计|总\s*计|小\s*计|共\s*\d+\s*件)")
"""What a row of sums says."""
HEAD_ROWS = 30
"""The header is looked for in this many rows from the top."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, or one as it was typed, as text; what is not there is empty.

    `on` is the day of the result, `posted_on` of posting, None where none stands there; `contents` what the waybill
    declares, in which the letter's number stands.
    """

    file: str
    sheet: str
    row: int | None
    letter_no: str
    waybill: str
    status: str
    signer: str
    reason: str
    on: date | None = None
    posted_on: date | None = None
    contents: str = ""


def rows(file: str, sheet: str, table: Sequence[Sequence[Cell]]) -> Iterator[Row] | None:
    """Return the rows of a sheet, None where no header in it names a letter's number or a waybill's.

    Args:
        file: For messages.
        sheet: For messages.
        table: All cells, from the first row of the sheet on.
    """
    for at, line in enumerate(table[:HEAD_ROWS]):
        columns = columns_of([cell if isinstance(cell, str) else "" for cell in line])
        if len(columns) > 1 and not columns.keys().isdisjoint({"letter_no", "waybill_no", "contents"}):
            return _rows(file, sheet, table, at + 1, columns)
    return None


def _rows(
    file: str, sheet: str, table: Sequence[Sequence[Cell]], skip: int, columns: Mapping[str, int]
) -> Iterator[Row]:
    for number, line in enumerate(table[skip:], start=skip + 1):
        if any(isinstance(cell, str) and TOTAL.match(cell) for cell in line):
            continue
        cells = {field: line[at] if at < len(line) else None for field, at in columns.items()}
        text = {field: _text(cells.get(field)) for field in FIELDS}
        if text["letter_no"] or text["waybill_no"] or text["contents"]:
            yield Row(
                file, sheet, number, text["letter_no"], text["waybill_no"], text["status"], text["signer"],
                text["reason"], _day(cells.get("on")), _day(cells.get("posted_on")), text["contents"],
            )  # fmt: skip


FIELDS = ("letter_no", "waybill_no", "status", "signer", "reason", "contents")


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
