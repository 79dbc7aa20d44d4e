"""The queue of calls as a file: to dial from on paper, with room for what was said. It holds whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.model import ROLE_TITLES
from ccm.sheets import TEXT, WHOLE, Column, write_rows
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ccm.calls.queue import Call

COLUMNS: tuple[Column[Call], ...] = (
    Column("序", 5, WHOLE, lambda call: call.rank),
    Column("日期", 12, TEXT, lambda call: str(call.window.on)),
    Column("几点打", 14, TEXT, lambda call: f"{call.window.not_before:%H:%M}–{call.window.not_after:%H:%M}"),
    Column("姓名", 12, TEXT, lambda call: call.party.name),
    Column("身份", 10, TEXT, lambda call: ROLE_TITLES[call.party.role]),
    Column("电话", 15, TEXT, lambda call: "\n".join((call.phone, *call.others))),
    Column("借据号", 18, TEXT, lambda call: call.loan_no),
    Column("借款人", 12, TEXT, lambda call: call.item.case.borrower),
    Column("逾期天数", 8, WHOLE, lambda call: call.item.case.dpd),
    Column("逾期本息", 14, TEXT, lambda call: yuan(call.item.case.overdue_cents)),
    Column("为什么打", 36, TEXT, lambda call: "；".join(call.reasons)),
    Column("上次", 26, TEXT, lambda call: call.last),
    Column("欠款原因", 16, TEXT, lambda call: call.cause),
    Column("承诺", 22, TEXT, lambda call: call.promise),
    Column("怎么说", 50, TEXT, lambda call: "\n".join((call.identity, *call.tips))),
    Column("结果", 30, TEXT, lambda _: None),
    Column("客户经理", 10, TEXT, lambda call: call.item.case.manager),
)


def write_sheet(calls: Sequence[Call], path: Path) -> None:
    """Write the queue as .xlsx or .csv.

    Raises:
        CcmError: `export-kind`, `file-unwritable`.
    """
    write_rows(path, COLUMNS, [("电话", calls)])
