"""The workbook of refused rows: every mistake shown in its cell, to be mended and read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.safe import PERSONAL, put, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from ccm.model import RefusedRow

ORIGIN = "来源（勿改）"
"""The column by which a mended row replaces the row it came from."""

REASON = "问题与改法"


def write_refusal(rows: Sequence[RefusedRow], path: Path) -> None:
    """Write the refused rows, one sheet per set of columns; cells to mend are red and carry the reason."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    groups: dict[tuple[str, ...], list[RefusedRow]] = {}
    for row in rows:
        groups.setdefault(row.headers, []).append(row)
    for number, (headers, group) in enumerate(groups.items(), start=1):
        sheet = book.create_sheet("拒收行" if number == 1 else f"拒收行{number}")
        _fill(sheet, headers, group)
    with written(path) as temporary:
        book.save(temporary)


def _fill(sheet: Worksheet, headers: tuple[str, ...], rows: Sequence[RefusedRow]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    red = PatternFill("solid", fgColor="FFC7CE")
    sheet.append([PERSONAL])
    sheet.append([*headers, REASON, ORIGIN])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="D9E1F2")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for number, row in enumerate(rows, start=3):
        reasons = "\n".join(f"{one.message}。{one.hint}" for one in row.findings)
        for column, value in enumerate((*row.values, reasons, f"{row.file}|{row.sheet}|{row.row}"), start=1):
            cell = sheet.cell(number, column)
            put(cell, value)
        for one in row.findings:
            at = next((n for n, header in enumerate(row.printed, start=1) if header == one.column), None)
            if at:
                cell = sheet.cell(number, at)
                cell.fill = red
                cell.comment = Comment(f"{one.message}\n{one.hint}", "ccm", width=320, height=120)
        sheet.cell(number, len(headers) + 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A3"
    for column in range(1, len(headers) + 3):
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].width = 60 if column == len(headers) + 1 else 18
