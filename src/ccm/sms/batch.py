"""The file of a batch, as the bank's gateway takes it: its columns, its encoding, each number and text a text."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.safe import put, written
from ccm.sms.texts import KIND_TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ccm.sms.plan import Message

CELLS: dict[str, Callable[[Message], str]] = {
    "手机号": lambda message: message.phone,
    "内容": lambda message: message.text,
    "编号": lambda message: message.sms_no,
    "姓名": lambda message: message.party.name,
    "借据号": lambda message: "、".join(message.loans),
    "情形": lambda message: KIND_TITLES[message.kind],
    "条数": lambda message: str(message.parts),
    "机构": lambda message: message.covers[0].loan.branch,
    "客户经理": lambda message: message.covers[0].loan.manager,
}
"""What a column may hold."""


def lost(message: Message, columns: Mapping[str, str], encoding: str) -> str:
    """Return the characters of a message's row that an encoding cannot hold, each once; none of them becomes a `?`."""
    characters = dict.fromkeys("".join(_row(message, columns)))
    return "".join(one for one in characters if not _holds(one, encoding))


def write(messages: Sequence[Message], path: Path, columns: Mapping[str, str], encoding: str) -> None:
    """Write a batch as the file's name asks, whole or not at all.

    Args:
        messages: The batch, in its order.
        path: A .csv, written in `encoding`, or an .xlsx.
        columns: The file's headers, in their order, and what stands below each (`CELLS`).
        encoding: What `lost` found nothing in.

    Raises:
        CcmError: `export-kind`, `file-unwritable`.
    """
    rows = [list(columns), *(_row(message, columns) for message in messages)]
    match path.suffix.lower():
        case ".csv":
            with written(path) as temporary, temporary.open("w", encoding=encoding, newline="") as file:
                csv.writer(file).writerows(rows)
        case ".xlsx":
            _workbook(rows, path)
        case suffix:
            raise CcmError("export-kind", where=str(path), suffix=suffix or "（无）")


def _row(message: Message, columns: Mapping[str, str]) -> list[str]:
    return [CELLS[what](message) for what in columns.values()]


def _holds(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _workbook(rows: Sequence[Sequence[str]], path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for at, row in enumerate(rows, start=1):
        for number, value in enumerate(row, start=1):
            put(book.active.cell(at, number), value)
    with written(path) as temporary:
        book.save(temporary)
