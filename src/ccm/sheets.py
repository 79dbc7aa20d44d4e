"""Rows as a file: a workbook to filter and print, or CSV for other programs."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from ccm.errors import CcmError
from ccm.safe import PERSONAL, put, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | Decimal | date | None
T = TypeVar("T")

HEAD = 2
"""The row of the headers in a workbook, under the note of what it holds."""
MONEY, DAY, WHOLE, TEXT = "#,##0.00", "yyyy-mm-dd", "0", "@"


def in_cell(cents: int | None) -> Decimal | str:
    """Return an amount as a cell shows it: in yuan, a dash where it is not known."""
    return "—" if cents is None else Decimal(cents) / 100


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: its header, width in characters, number format, and what stands in it."""

    header: str
    width: int
    format: str
    value: Callable[[T], Value]


def write_rows(path: Path, columns: Sequence[Column[T]], sheets: Sequence[tuple[str, Sequence[T]]]) -> None:
    """Write rows as the file's name asks: .xlsx with every sheet, or .csv with the first; above them what they hold.

    Raises:
        CcmError: `export-kind` for any other name, `file-unwritable` where it cannot be written.
    """
    match path.suffix.lower():
        case ".xlsx":
            _workbook(path, columns, sheets)
        case ".csv":
            _csv(path, columns, sheets[0][1])
        case suffix:
            raise CcmError("export-kind", where=str(path), suffix=suffix or "（无）")


def _csv(path: Path, columns: Sequence[Column[T]], rows: Sequence[T]) -> None:
    with written(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([PERSONAL])
        lines.writerow([column.header for column in columns])
        for row in rows:
            lines.writerow([_safe_text(column.value(row)) for column in columns])


def _safe_text(value: Value) -> str:
    """A text that a spreadsheet would run as a formula is kept a text."""
    text = "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)
    risky = isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{text}" if risky else text


def _workbook(path: Path, columns: Sequence[Column[T]], sheets: Sequence[tuple[str, Sequence[T]]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        _fill(book.create_sheet(_sheet_name(name, book.sheetnames)), columns, rows)
    with written(path) as temporary:
        book.save(temporary)


def _fill(sheet: Worksheet, columns: Sequence[Column[T]], rows: Sequence[T]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet.cell(1, 1, PERSONAL).font = Font(italic=True, color="7F7F7F")
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(HEAD, number, column.header)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E1F2")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        sheet.column_dimensions[cell.column_letter].width = column.width
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for at, row in enumerate(rows, start=HEAD + 1):
        for number, column in enumerate(columns, start=1):
            cell = sheet.cell(at, number)
            put(cell, column.value(row))
            cell.number_format = column.format
            cell.alignment = wrapped if column.width >= 20 else top
    sheet.freeze_panes = f"D{HEAD + 1}"
    sheet.auto_filter.ref = f"A{HEAD}:{sheet.cell(HEAD, len(columns)).column_letter}{len(rows) + HEAD}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        "landscape",
        1,
        0,
    )
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{HEAD}"


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    r"""A name Excel allows: at most 31 characters, without :\\/?*[] and not used yet."""
    clean = "".join("_" if c in ":\\/?*[]'" else c for c in name)[:28] or "未分管"
    return clean if clean not in taken else f"{clean}{len(taken)}"
