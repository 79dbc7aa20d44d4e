"""The sheets that the post office gives back: which columns they have is told by their headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.cells import HEAD_ROWS, TOTAL, Cell, day_of, text_of
from ccm.post.headers import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date


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
        columns = columns_of(line)
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
        text = {field: text_of(cells.get(field)) for field in FIELDS}
        if text["letter_no"] or text["waybill_no"] or text["contents"]:
            yield Row(
                file, sheet, number, text["letter_no"], text["waybill_no"], text["status"], text["signer"],
                text["reason"], day_of(cells.get("on")), day_of(cells.get("posted_on")), text["contents"],
            )  # fmt: skip


FIELDS = ("letter_no", "waybill_no", "status", "signer", "reason", "contents")
