"""The index of a run as a workbook: every letter issued, where it lies, and what it claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.model import ROLE_TITLES
from ccm.safe import PERSONAL, written
from ccm.units import plain_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ccm.model import Entry

TEXT, AMOUNT, DAY = "@", "#,##0.00", "yyyy-mm-dd"
COLUMNS = {
    "函号": (24, TEXT),
    "函件": (24, TEXT),
    "借据号": (22, TEXT),
    "借款人": (16, TEXT),
    "收件人": (16, TEXT),
    "身份": (12, TEXT),
    "地址": (36, TEXT),
    "本金（元）": (15, AMOUNT),
    "利息（元）": (15, AMOUNT),
    "签发日期": (13, DAY),
    "文件": (60, TEXT),
}
"""Each column's width and form."""


def write_index(path: Path, entries: Iterable[Entry]) -> None:
    """Write one row per letter, in the order of the print file; no more than one row is held in memory.

    Raises:
        CcmError: `file-unwritable`.
    """
    from io import BytesIO

    import xlsxwriter

    with written(path) as temporary:
        # On a full disk the library leaves a half-written file open and complains of it at the end of the program;
        # packed, an index is small enough to be put together first.
        packed = BytesIO()
        book = xlsxwriter.Workbook(packed, {"constant_memory": True})
        _fill(book, entries)
        book.close()
        temporary.write_bytes(packed.getvalue())


def _fill(book: Any, entries: Iterable[Entry]) -> None:  # noqa: ANN401 - the library ships no types
    sheet = book.add_worksheet("函件目录")
    head = book.add_format({"bold": True, "bg_color": "#DDE7F0"})
    styles = {form: book.add_format({"num_format": form}) for form in (TEXT, AMOUNT, DAY)}
    write = {TEXT: sheet.write_string, AMOUNT: sheet.write_number, DAY: sheet.write_datetime}
    sheet.write_string(0, 0, PERSONAL)
    for column, (name, (width, _)) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, name, head)
    forms = [form for _, form in COLUMNS.values()]
    last = 1
    for last, entry in enumerate(entries, start=2):
        for column, (value, form) in enumerate(zip(_values(entry), forms, strict=True)):
            write[form](last, column, value, styles[form])
    sheet.autofilter(1, 0, last, len(COLUMNS) - 1)
    sheet.freeze_panes(2, 1)


def _values(entry: Entry) -> tuple[object, ...]:
    facts = entry.note.facts
    return (
        entry.note.letter_no,
        facts["title"],
        "、".join(facts["loans"]),
        facts["borrower"],
        entry.note.party,
        ROLE_TITLES[entry.note.role],  # type: ignore[index]
        facts["address"],
        float(plain_yuan(facts["principal_cents"])),
        float(plain_yuan(facts["interest_cents"])),
        entry.note.on,
        facts["path"],
    )
