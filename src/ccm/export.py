"""The worklist as a file: a workbook to filter and print, or CSV for other programs."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.holds import in_words
from ccm.model import CHANNEL_TITLES, LETTER_TITLES, PRODUCT_TITLES, STATE_TITLES, Duty, WorkItem
from ccm.safe import put, written
from ccm.signals import in_one_line
from ccm.worklist import next_duty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the export: its header, width in characters, number format, and what stands in it."""

    header: str
    width: int
    format: str
    value: Callable[[WorkItem], Value]


def _of_next(item: WorkItem, what: Callable[[Duty], Value]) -> Value:
    duty = next_duty(item)
    return what(duty) if duty else None


def _open_duties(item: WorkItem) -> str:
    """All that is outstanding, one line per rule: its title, how many parties, and by when."""
    groups: dict[str, list[Duty]] = {}
    for duty in item.duties:
        if duty.state in {"due", "overdue"}:
            groups.setdefault(duty.id, []).append(duty)
    return "\n".join(
        f"{of[0].rule} {of[0].title}（{'、'.join(d.party for d in of)}）{of[0].due_on}前 {STATE_TITLES[of[0].state]}"
        for of in groups.values()
    )


MONEY, DAY, WHOLE, TEXT = "#,##0.00", "yyyy-mm-dd", "0", "@"

COLUMNS = (
    Column("序号", 6, WHOLE, lambda item: item.rank),
    Column("借据号", 20, TEXT, lambda item: item.case.loan_no),
    Column("借款人", 14, TEXT, lambda item: item.case.borrower),
    Column("产品", 8, TEXT, lambda item: PRODUCT_TITLES[item.case.product]),
    Column("阶段（天）", 8, WHOLE, lambda item: item.case.stage),
    Column("逾期天数", 8, WHOLE, lambda item: item.case.dpd),
    Column("本金逾期天数", 8, WHOLE, lambda item: item.case.principal_dpd),
    Column("利息逾期天数", 8, WHOLE, lambda item: item.case.interest_dpd),
    Column("逾期本金", 15, MONEY, lambda item: Decimal(item.case.overdue_principal_cents) / 100),
    Column("逾期利息", 14, MONEY, lambda item: Decimal(item.case.overdue_interest_cents) / 100),
    Column("贷款余额", 15, MONEY, lambda item: Decimal(item.case.balance_cents) / 100),
    Column("五级分类", 8, TEXT, lambda item: item.case.risk_class),
    Column("到期日", 12, DAY, lambda item: item.case.due_on),
    Column("欠款起始日", 12, DAY, lambda item: item.case.episode_on),
    Column("下一步", 22, TEXT, lambda item: _of_next(item, lambda duty: f"{duty.rule} {duty.title}")),
    Column("方式", 8, TEXT, lambda item: _of_next(item, lambda duty: CHANNEL_TITLES[duty.channel])),
    Column(
        "函件",
        22,
        TEXT,
        lambda item: _of_next(item, lambda duty: LETTER_TITLES[duty.letter] if duty.letter else None),
    ),
    Column("最迟办理日", 12, DAY, lambda item: _of_next(item, lambda duty: duty.due_on)),
    Column("暂停", 40, TEXT, lambda item: "\n".join(map(in_words, item.holds))),
    Column("预警信号", 40, TEXT, lambda item: "\n".join(map(in_one_line, item.signals))),
    Column("全部应办", 60, TEXT, _open_duties),
    Column("排序理由", 40, TEXT, lambda item: "；".join(item.reasons)),
    Column("得分", 8, "0.00", lambda item: item.priority),
    Column("客户经理", 10, TEXT, lambda item: item.case.manager),
    Column("机构", 16, TEXT, lambda item: item.case.branch),
)


def write_export(items: Sequence[WorkItem], path: Path, *, by_manager: bool = False) -> None:
    """Write the worklist as the file's name asks: .xlsx or .csv.

    Raises:
        CcmError: `export-kind` for any other name, `file-unwritable` where it cannot be written.
    """
    match path.suffix.lower():
        case ".xlsx":
            _workbook(items, path, by_manager=by_manager)
        case ".csv":
            _csv(items, path)
        case suffix:
            raise CcmError("export-kind", where=str(path), suffix=suffix or "（无）")


def _csv(items: Sequence[WorkItem], path: Path) -> None:
    with written(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([column.header for column in COLUMNS])
        for item in items:
            rows.writerow([_safe_text(column.value(item)) for column in COLUMNS])


def _safe_text(value: Value) -> str:
    """A text that a spreadsheet would run as a formula is kept a text."""
    text = "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)
    risky = isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{text}" if risky else text


def _workbook(items: Sequence[WorkItem], path: Path, *, by_manager: bool) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "清单"
    _fill(sheet, items)
    if by_manager:
        managers: dict[str, list[WorkItem]] = {}
        for item in items:
            managers.setdefault(item.case.manager or "未分管", []).append(item)
        for name in sorted(managers):
            _fill(book.create_sheet(_sheet_name(name, book.sheetnames)), managers[name])
    with written(path) as temporary:
        book.save(temporary)


def _fill(sheet: Worksheet, items: Sequence[WorkItem]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for number, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, number, column.header)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E1F2")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        sheet.column_dimensions[cell.column_letter].width = column.width
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for row, item in enumerate(items, start=2):
        for number, column in enumerate(COLUMNS, start=1):
            cell = sheet.cell(row, number)
            put(cell, column.value(item))
            cell.number_format = column.format
            cell.alignment = wrapped if column.width >= 20 else top
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{sheet.cell(1, len(COLUMNS)).column_letter}{len(items) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        "landscape",
        1,
        0,
    )
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    r"""A name Excel allows: at most 31 characters, without :\\/?*[] and not used yet."""
    clean = "".join("_" if c in ":\\/?*[]'" else c for c in name)[:28] or "未分管"
    return clean if clean not in taken else f"{clean}{len(taken)}"
