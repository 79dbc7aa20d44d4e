"""The index of a run as a workbook: every letter issued, where it lies, and what it claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.model import ROLE_TITLES
from ccm.safe import put, written
from ccm.units import plain_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ccm.model import Entry

HEADERS = ("函号", "函件", "借据号", "借款人", "收件人", "身份", "地址", "本金（元）", "利息（元）", "签发日期", "文件")
WIDTHS = (24, 24, 22, 16, 16, 12, 36, 15, 15, 13, 60)


def write_index(path: Path, entries: Iterable[Entry]) -> None:
    """Write one row per letter, in the order of the print file.

    Raises:
        CcmError: `file-unwritable`.
    """
    import openpyxl
    from openpyxl.styles import Font, PatternFill

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "函件目录"
    sheet.append(HEADERS)
    for row, entry in enumerate(entries, start=2):
        facts = entry.note.facts
        values = (
            entry.note.letter_no, facts["title"], "、".join(map(str, facts["loans"])), facts["borrower"],  # type: ignore[call-overload]
            entry.note.party, ROLE_TITLES[entry.note.role], facts["address"],  # type: ignore[index]
            float(plain_yuan(facts["principal_cents"])), float(plain_yuan(facts["interest_cents"])),  # type: ignore[arg-type]
            entry.note.on, facts["path"],
        )  # fmt: skip
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            put(cell, value)
            if column in {8, 9}:
                cell.number_format = "#,##0.00"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[chr(64 + number)].width = width
        head = sheet.cell(1, number)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F0")
    with written(path) as temporary:
        book.save(temporary)
