"""The statement as a workbook with live formulas: whoever changes a rate or a day sees what becomes of the total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.interest_rules import PART_TITLES
from ccm.safe import PERSONAL, put, written
from ccm.statement.account import KIND_TITLES, PART_OF
from ccm.statement.statement import PARTS, paid_words, rule_words

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from ccm.statement.account import Line
    from ccm.statement.statement import Statement

MONEY, DAY, RATE = "#,##0.00", "yyyy-mm-dd", "0.0000##"
FIRST = 10
"""The row of the lines' heads."""
HEADS = ("序号", "项目", "起（计息）", "止（不计）", "天数", "基数（元）", "年利率（%）", "金额（元）", "到期应付日")
RATE_CELLS = {"interest": "$B$5", "penalty": "$B$6", "compound": "$B$6", "misuse": "$B$7"}
BASIS_CELL = "$B$8"


def write_sheet(statement: Statement, path: Path) -> None:
    """Write the workbook: the computation, the ledger beside it, and what was assumed.

    Amounts, days, bases of compound interest and totals are formulas; what a payment was set against is a value.

    Raises:
        CcmError: `file-unwritable`.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "计算表"
    _head(sheet, statement)
    last = _lines(sheet, statement)
    paid = _paid(sheet, statement, last + 3)
    _sums(sheet, statement, last, paid)
    _compared(book.create_sheet("与台账核对"), statement)
    _notes(book.create_sheet("说明"), statement)
    for one in book.worksheets:
        one.oddHeader.right.text = PERSONAL
    with written(path) as temporary:
        book.save(temporary)


def _head(sheet: Worksheet, statement: Statement) -> None:
    from openpyxl.styles import Font

    loan, terms = statement.loan, statement.terms
    names = "、".join(party.name for party in loan.parties)
    put(sheet["A1"], f"欠款计算表　{names}　借据{loan.loan_no}")
    sheet["A1"].font = Font(bold=True, size=14)
    put(sheet["A2"], f"债权人：{statement.bank}")
    put(sheet["A3"], "截至（当日不计）")
    sheet["B3"], sheet["B3"].number_format = statement.as_of, DAY
    put(sheet["A4"], "下面的利率、天数可以改，金额随之重算；还款抵充的数不会跟着变")
    rows = (
        ("合同年利率（%）", terms.contract),
        ("罚息年利率（%）", terms.penalty),
        ("挪用罚息年利率（%）", terms.misuse),
    )
    for row, (title, rate) in enumerate(rows, start=5):
        put(sheet.cell(row, 1), title)
        sheet.cell(row, 2, rate.percent).number_format = RATE
        put(sheet.cell(row, 3), rate.source)
    put(sheet["A8"], "一年的天数")
    sheet["B8"] = terms.basis
    for letter, width in zip("ABCDEFGHI", (18, 20, 13, 13, 8, 18, 13, 16, 13), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _lines(sheet: Worksheet, statement: Statement) -> int:
    """Write the lines; return the last row."""
    _bold(sheet, FIRST, HEADS)
    for number, line in enumerate(statement.account.lines, start=1):
        row = FIRST + number
        values = (number, KIND_TITLES[line.kind], line.start_on, line.end_on, f"=D{row}-C{row}")
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
        sheet.cell(row, 6, _base(line, row, statement)).number_format = MONEY
        sheet.cell(row, 7, f"={_rate_cell(line, statement)}").number_format = RATE
        sheet.cell(row, 8, f"=ROUND(F{row}*G{row}*E{row}/(100*{BASIS_CELL}),2)").number_format = MONEY
        sheet.cell(row, 9, line.due_on or "未到结息日")
        for column in (3, 4, 9):
            sheet.cell(row, column).number_format = DAY
    return FIRST + len(statement.account.lines)


def _rate_cell(line: Line, statement: Statement) -> str:
    """The parameter a line's rate is; after misuse the penalty runs at the heavier of two."""
    return RATE_CELLS["misuse" if line.rate == statement.terms.misuse else line.kind]


def _base(line: Line, row: int, statement: Statement) -> object:
    """The base: a formula where it is unpaid interest, so that another rate changes it too; else the principal."""
    if line.kind != "compound" or statement.terms.compounds != {"interest"}:
        return line.base_cents / 100
    first, last = FIRST + 1, FIRST + len(statement.account.lines)
    paid = last + 5
    until = paid + max(0, len(statement.account.paid) - 1)
    due = f'SUMIFS($H${first}:$H${last},$B${first}:$B${last},"利息",$I${first}:$I${last},"<="&C{row})'
    less = f'-SUMIFS($D${paid}:$D${until},$A${paid}:$A${until},"<="&C{row})' if statement.account.paid else ""
    return f"={due}{less}"


def _paid(sheet: Worksheet, statement: Statement, top: int) -> tuple[int, int]:
    """Write the payments and what each was set against; return the first and the last row of them."""
    paid = statement.account.paid
    if not paid:
        return 0, -1
    put(sheet.cell(top, 1), "还款及其抵充（元）")
    _bold(sheet, top + 1, ("日期", "金额", *(f"抵{PART_TITLES[part]}" for part in PARTS)))
    for row, one in enumerate(paid, start=top + 2):
        sheet.cell(row, 1, one.on).number_format = DAY
        for column, cents in enumerate((one.cents, *(one.against.get(part, 0) for part in PARTS)), start=2):
            sheet.cell(row, column, cents / 100).number_format = MONEY
    return top + 2, top + 1 + len(paid)


def _sums(sheet: Worksheet, statement: Statement, last: int, paid: tuple[int, int]) -> None:
    """Write what is owed by its part, and the total."""
    top = max(last + 2, paid[1] + 2)
    _bold(sheet, top, ("截至当日应付", "金额（元）"))
    amounts, named, days = (f"{letter}{FIRST + 1}:{letter}{last}" for letter in "HBI")
    for row, (part, cents) in enumerate(statement.sums, start=top + 1):
        column = "BCDEFGH"[1 + PARTS.index(part)]
        less = f"-SUM({column}{paid[0]}:{column}{paid[1]})" if paid[0] else ""
        kinds = [title for kind, title in KIND_TITLES.items() if PART_OF[kind] == part]
        terms = [f'SUMIFS({amounts},{named},"{title}",{days},">0")' for title in kinds]
        put(sheet.cell(row, 1), PART_TITLES[part])
        sheet.cell(row, 2, f"=ROUND({'+'.join(terms)}{less},2)" if terms else cents / 100).number_format = MONEY
    total = top + 1 + len(statement.sums)
    put(sheet.cell(total, 1), "合计")
    sheet.cell(total, 2, f"=ROUND(SUM(B{top + 1}:B{total - 1}),2)").number_format = MONEY
    put(sheet.cell(total + 1, 1), "合计（大写）")
    put(sheet.cell(total + 1, 2), statement.total_words)
    for row in (total, total + 1):
        _strong(sheet.cell(row, 1))
        _strong(sheet.cell(row, 2))


def _compared(sheet: Worksheet, statement: Statement) -> None:
    put(sheet["A1"], f"台账{statement.told.data_on}的数字，和按同一天计算的数字（元）：供本行核对，不必提交")
    _bold(sheet, 2, ("项目", "台账", "计算", "计算减台账", "可能的原因"))
    for row, one in enumerate(statement.compared, start=3):
        put(sheet.cell(row, 1), one.title)
        sheet.cell(row, 2, None if one.ledger_cents is None else one.ledger_cents / 100).number_format = MONEY
        sheet.cell(row, 3, one.counted_cents / 100).number_format = MONEY
        sheet.cell(row, 4, f"=C{row}-B{row}").number_format = MONEY
        put(sheet.cell(row, 5), one.why)
    for letter, width in zip("ABCDE", (34, 18, 18, 18, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def _notes(sheet: Worksheet, statement: Statement) -> None:
    from openpyxl.styles import Alignment

    sheet.column_dimensions["A"].width = 110
    texts = ("计算方法", *rule_words(statement), "台账没有记载、按以下情形计算的", *statement.assumptions)
    for row, text in enumerate((*texts, "依据", *statement.bases, f"数据出处：{statement.loan.place}"), start=1):
        put(sheet.cell(row, 1), text)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    for row, one in enumerate(statement.account.paid, start=sheet.max_row + 1):
        put(sheet.cell(row, 1), f"{one.on}还款：{paid_words(one.against, one.surplus_cents)}")


def _bold(sheet: Worksheet, row: int, heads: tuple[str, ...]) -> None:
    from openpyxl.styles import PatternFill

    for column, head in enumerate(heads, start=1):
        put(sheet.cell(row, column), head)
        _strong(sheet.cell(row, column))
        sheet.cell(row, column).fill = PatternFill("solid", fgColor="D9E1F2")


def _strong(cell: Any) -> None:  # noqa: ANN401 - a cell of openpyxl's, of either kind
    from openpyxl.styles import Font

    cell.font = Font(bold=True)
