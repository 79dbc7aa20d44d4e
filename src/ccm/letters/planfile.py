"""A plan as a workbook: a person strikes lines or gives a reason, and what is left is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.model import LETTER_TITLES, ROLE_TITLES
from ccm.safe import put, written
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ccm.letters.plan import Letter, Refused

REASON, KEY = "不发的理由", "标识（勿改）"
HEADERS = (
    "序号",
    "函件",
    "借据号",
    "借款人",
    "收件人",
    "身份",
    "地址",
    "逾期天数",
    "本金（元）",
    "利息（元）",
    REASON,
    KEY,
)
WIDTHS = (6, 24, 20, 14, 14, 12, 34, 10, 16, 16, 28, 16)
BASIS = "依据（勿改）"


def key_of(letter: Letter) -> str:
    """Return what names a line of a plan: its first duty and its party."""
    loan_no, duty = letter.covers[0]
    return f"{loan_no}|{duty}|{letter.party.role}|{letter.party.name}"


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
    sheet.append(HEADERS)
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
    note.cell(2, 1, "要停发一封：删掉那一行，或在“不发的理由”里写明。改好后运行 ccm letters --plan 本文件")
    for one, widths in ((sheet, WIDTHS), (others, (20, 14, 24, 60))):
        one.freeze_panes = "A2"
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
    interest = sum(note.owed_cents - note.principal_cents for note in letter.notes)
    return (
        nth, LETTER_TITLES[letter.kind], "、".join(note.loan_no for note in letter.notes), letter.borrower,
        letter.party.name, ROLE_TITLES[letter.party.role], letter.party.address, max(n.dpd for n in letter.notes),
        yuan(principal), yuan(interest), "", key_of(letter),
    )  # fmt: skip


def read_plan(path: Path, basis: str) -> Mapping[str, str]:
    """Return the lines left in a plan: key → reason not to issue, empty where it is to go out.

    Raises:
        CcmError: `plan-unreadable`, or `plan-stale` where it was made from another triage.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True)
        rows = [tuple(row) for row in book["计划"].iter_rows(values_only=True)]
        made_from = str(next(book[BASIS].iter_rows(values_only=True))[0])
    except Exception as error:  # openpyxl raises what it likes on a file that is none
        raise CcmError("plan-unreadable", where=str(path), reason="不是 ccm 写出的计划文件") from error
    if made_from != basis:
        raise CcmError("plan-stale", where=str(path), plan=made_from[:10], now=basis[:10])
    head = [str(cell) for cell in rows[0]]
    if REASON not in head or KEY not in head:
        raise CcmError("plan-unreadable", where=str(path), reason=f"缺少“{REASON}”或“{KEY}”一列")
    reason, key = head.index(REASON), head.index(KEY)
    return {str(row[key]): str(row[reason] or "").strip() for row in rows[1:] if row[key]}
