"""The posting list (寄送清单, L9) to print and have stamped, and the sheet for bulk waybills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.safe import PERSONAL, put, written
from ccm.units import chinese_day, whole_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from ccm.address import Address
    from ccm.errors import Finding
    from ccm.model import Note
    from ccm.post.parcel import Contents, Parcel


@dataclass(frozen=True, slots=True)
class Unit:
    """The sending unit: its name as printed, address and phone."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One posting list that was written: its letters, its two files, what the waybills lack, what to journal."""

    list_no: str
    parcels: tuple[Parcel, ...]
    files: tuple[Path, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]


LIST_COLUMNS = (
    ("序号", 6),
    ("函号", 22),
    ("收件人", 16),
    ("收件地址", 36),
    ("内件（函件名称）", 26),
    ("借据号", 20),
    ("页数", 6),
    ("邮件号（收寄后填）", 22),
)
BULK_COLUMNS = (
    ("序号", 6),
    ("函号", 22),
    ("收件人", 16),
    ("联系电话", 16),
    ("省", 14),
    ("市", 14),
    ("区县", 14),
    ("详细地址", 36),
    ("内件品名", 34),
    ("寄件人", 30),
    ("寄件电话", 16),
    ("寄件地址", 34),
    ("邮件号", 22),
    ("请补", 20),
)


STAMPS = (
    "寄件单位（盖章）：　　　　　　　　经办人：　　　　　　",
    "收寄邮政单位（盖章、日戳）：　　　　　　　　　收寄人员：　　　　　　",
)
"""Who stamps and signs, left and right at the foot of every page: no page of a list goes unstamped."""


def write_list(path: Path, list_no: str, parcels: Sequence[Parcel], unit: Unit, on: date) -> None:
    """Write the posting list: one row per letter, a place for the post office's stamp.

    Raises:
        CcmError: `file-unwritable`.
    """
    import openpyxl
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "寄送清单"
    last = len(LIST_COLUMNS)
    _line(sheet, 1, last, "邮政特快专递（EMS）寄送清单", size=18, align="center", height=34)
    _line(sheet, 2, last, f"寄件单位：{unit.name}　　清单号：{list_no}　　寄送日期：{chinese_day(on)}")
    _line(sheet, 3, last, f"寄件地址：{unit.address or '（未设置）'}　　联系电话：{unit.phone or '（未设置）'}")
    _head(sheet, 4, LIST_COLUMNS)
    wrapped = Alignment(wrap_text=True, vertical="center")
    for nth, one in enumerate(parcels, start=1):
        values = (
            nth, one.letter_no, one.recipient, one.address, f"《{one.title}》", "、".join(one.loans),
            one.pages, "",
        )  # fmt: skip
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(4 + nth, column)
            put(cell, value)
            cell.border, cell.alignment = _thin(), wrapped
        sheet.row_dimensions[4 + nth].height = 30
    _line(sheet, 5 + len(parcels), last, f"合计：{len(parcels)}件（大写：{whole_in_words(len(parcels))}件）")
    _printed(sheet, "1:4", STAMPS)
    with written(path) as temporary:
        book.save(temporary)


def write_bulk(
    path: Path, parcels: Sequence[Parcel], addresses: Sequence[Address], unit: Unit, contents: Contents
) -> None:
    """Write the sheet that the post office's system takes: one row per letter, the address in its parts.

    What cannot be told from an address stays blank and is named in the last column; it is never guessed.

    Raises:
        CcmError: `file-unwritable`.
    """
    import openpyxl
    from openpyxl.styles import PatternFill

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "批量面单"
    _head(sheet, 1, BULK_COLUMNS)
    open_places = PatternFill("solid", fgColor="FFF2CC")
    for row, (one, place) in enumerate(zip(parcels, addresses, strict=True), start=2):
        lacking = missing(one, place)
        values = (
            row - 1, one.letter_no, one.recipient, one.phone, place.province, place.city, place.district,
            place.street, one.contents(contents), unit.name, unit.phone, unit.address, "", "、".join(lacking),
        )  # fmt: skip
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            put(cell, value)
            cell.border = _thin()
            if not value and BULK_COLUMNS[column - 1][0] in lacking:
                cell.fill = open_places
    sheet.freeze_panes = "C2"
    _printed(sheet, "1:1", ("", ""))
    with written(path) as temporary:
        book.save(temporary)


def missing(parcel: Parcel, place: Address) -> list[str]:
    """Return which cells of a waybill are still blank (L5: the waybill is filled in completely)."""
    parts = {"联系电话": parcel.phone, "省": place.province, "市": place.city, "区县": place.district}
    return [name for name, value in parts.items() if not value]


def _line(
    sheet: Any,  # noqa: ANN401 - openpyxl ships no types
    row: int,
    last: int,
    text: str,
    *,
    size: int = 11,
    align: str = "left",
    height: int = 20,
) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
    cell = sheet.cell(row, 1)
    put(cell, text)
    cell.font = Font(bold=size > 11, size=size)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    sheet.row_dimensions[row].height = height


def _head(sheet: Any, row: int, columns: Sequence[tuple[str, int]]) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, (title, width) in enumerate(columns, start=1):
        cell = sheet.cell(row, number, title)
        cell.font, cell.fill, cell.border = Font(bold=True), PatternFill("solid", fgColor="DDE7F0"), _thin()
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = width


def _thin() -> Any:  # noqa: ANN401
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color="808080")
    return Border(left=side, right=side, top=side, bottom=side)


def _printed(sheet: Any, titles: str, foot: tuple[str, str]) -> None:  # noqa: ANN401
    """A4 across, as wide as the page, header and foot on each page, pages counted."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = titles
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.bottom, sheet.page_margins.footer = (1.5, 0.5) if any(foot) else (0.75, 0.3)
    sheet.oddHeader.right.text = PERSONAL
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = foot
    sheet.oddFooter.center.text = "第&P页　共&N页"
