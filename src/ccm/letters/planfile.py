"""A plan as a workbook: a person strikes lines or gives a reason, and what is left is issued."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.letters.letter import Refused
from ccm.model import LETTER_TITLES, ROLE_TITLES
from ccm.safe import PERSONAL, put, written
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ccm.letters.letter import Key, Letter

REASON, KEY = "不发的理由", "标识（勿改）"
COLUMNS = {
    "序号": 6, "函件": 24, "依据": 8, "借据号": 20, "借款人": 14, "收件人": 14, "身份": 12, "地址": 34, "逾期天数": 10,
    "本金（元）": 16, "利息（元）": 16, REASON: 28, KEY: 16,
}  # fmt: skip
"""Head and width of each column."""
BASIS = "依据（勿改）"


def write_plan(path: Path, letters: Sequence[Letter], refused: Sequence[Refused], basis: str) -> None:
    """Write the plan; `basis` names the triage it was made from.

    Raises:
        CcmError: `file-unwritable`.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "计划"
    sheet.append(tuple(COLUMNS))
    for nth, letter in enumerate(letters, start=1):
        for column, value in enumerate(_line(nth, letter), start=1):
            put(sheet.cell(nth + 1, column), value)
    others = book.create_sheet("不发")
    others.append(("借据号", "收件人", "函件", "理由"))
    for row, one in enumerate(refused, start=2):
        for column, value in enumerate((one.loan_no, one.party, LETTER_TITLES[one.kind], one.reason), start=1):
            put(others.cell(row, column), value)
    note = book.create_sheet(BASIS)
    put(note.cell(1, 1), basis)
    note.cell(2, 1, "要停发一封：删掉或划掉那一行，或在“不发的理由”里写明。改好后运行 ccm letters --plan 本文件")
    for one, widths in ((sheet, COLUMNS.values()), (others, (20, 14, 24, 60))):
        one.freeze_panes, one.oddHeader.right.text = "A2", PERSONAL
        one.auto_filter.ref = one.dimensions
        for number, width in enumerate(widths, start=1):
            one.column_dimensions[chr(64 + number)].width = width
            head = one.cell(1, number)
            head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F0")
            head.alignment = Alignment(vertical="center", wrap_text=True)
    with written(path) as temporary:
        book.save(temporary)


def _line(nth: int, letter: Letter) -> tuple[object, ...]:
    principal = sum(note.principal_cents for note in letter.notes)
    interest = sum(note.all_interest_cents for note in letter.notes)
    return (
        nth, LETTER_TITLES[letter.kind], "、".join(letter.rules), "、".join(note.loan_no for note in letter.notes),
        letter.borrower, letter.party.name, ROLE_TITLES[letter.party.role], letter.party.address,
        max(n.dpd for n in letter.notes), yuan(principal), yuan(interest), "",
        json.dumps(letter.keys, ensure_ascii=False),
    )  # fmt: skip


def read_plan(path: Path, basis: str) -> dict[Key, str]:
    """Return what the lines left in a plan are to do: duty → reason not to, empty where its letter is to go out.

    A line is struck by deleting it, by crossing out its text, or by a reason.

    Raises:
        CcmError: `plan-unreadable`, or `plan-stale` where it was made from another triage.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(path)
        sheet = book["计划"]
        made_from = str(book[BASIS].cell(1, 1).value)
    except Exception as error:  # openpyxl raises what it likes on a file that is none
        raise CcmError("plan-unreadable", where=str(path), reason="不是 ccm 写出的计划文件") from error
    if made_from != basis:
        raise CcmError("plan-stale", where=str(path), plan=made_from[:10], now=basis[:10])
    head = [str(cell.value) for cell in sheet[1]]
    if REASON not in head or KEY not in head:
        raise CcmError("plan-unreadable", where=str(path), reason=f"缺少“{REASON}”或“{KEY}”一列")
    reason, key = head.index(REASON), head.index(KEY)
    found: dict[Key, str] = {}
    for cells in sheet.iter_rows(min_row=2):
        if not cells[key].value:
            continue
        row = cells[key].row
        if sheet.row_dimensions[row].hidden:
            raise CcmError("plan-unreadable", where=f"{path} 第{row}行", reason="这一行被筛选或隐藏了，不知道要不要发")
        crossed = "整行已划掉" if any(cell.font and cell.font.strike for cell in cells) else ""
        why = str(cells[reason].value or "").strip() or crossed
        for one in _keys(str(cells[key].value), f"{path} 第{row}行"):
            found[one] = found.get(one) or why
    return found


def _keys(written: str, where: str) -> list[Key]:
    try:
        return [(loan_no, duty, role, name) for loan_no, duty, role, name in json.loads(written)]
    except ValueError as error:
        raise CcmError("plan-unreadable", where=where, reason=f"“{KEY}”一格被改动了") from error


def left_out(
    lines: Mapping[Key, str], planned: Iterable[Letter], refused: Iterable[Refused], kinds: Mapping[str, str]
) -> list[Refused]:
    """Return the lines of a plan that come to nothing: those with a reason, and those that are no longer owed.

    Args:
        lines: As `read_plan` gives them.
        planned: What is issued of them.
        refused: What is refused of them already.
        kinds: The kind of letter of each of the policy's duties.
    """
    met = {key for letter in planned for key in letter.keys} | {one.key for one in refused}
    found = []
    for key, why in lines.items():
        loan_no, duty, role, name = key
        if why or key not in met:
            reason = f"计划里写明不发：{why}" if why else "计划里有，但按现在的政策不再应发"
            found.append(Refused(loan_no, name, role, kinds.get(duty, ""), reason, bool(why), duty))
    return found
