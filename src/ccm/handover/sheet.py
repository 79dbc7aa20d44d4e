"""The list as a workbook: one row per case, to filter and to tick."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ccm.dossier import hold_words, promise_words
from ccm.handover import words
from ccm.sheets import DAY, MONEY, TEXT, WHOLE, Column, Value, in_cell, write_rows
from ccm.signals import in_one_line

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ccm.handover.record import Handover, Item
    from ccm.rights.rules import Rules


def write_sheet(whole: Handover, rules: Rules, path: Path) -> None:
    """Write the workbook.

    Raises:
        CcmError: `file-unwritable`.
    """
    order = {id(item): nth for nth, item in enumerate(whole.items, start=1)}

    def lines(texts: list[str]) -> Value:
        return "\n".join(texts)

    columns: tuple[Column[Item], ...] = (
        Column("序号", 6, WHOLE, lambda item: order[id(item)]),
        Column("借据号", 20, TEXT, lambda item: item.case.loan_no),
        Column("借款人", 14, TEXT, lambda item: item.case.borrower),
        Column("相关人", 28, TEXT, lambda item: lines([words.person(item, one) for one in item.case.parties])),
        Column("机构", 14, TEXT, lambda item: item.case.branch),
        Column("逾期天数", 8, WHOLE, lambda item: item.case.dpd),
        Column("五级分类", 8, TEXT, lambda item: item.case.risk_class),
        Column("逾期本金", 15, MONEY, lambda item: Decimal(item.case.overdue_principal_cents) / 100),
        Column("逾期利息", 14, MONEY, lambda item: Decimal(item.case.overdue_interest_cents) / 100),
        Column("贷款余额", 15, MONEY, lambda item: in_cell(item.case.balance_cents)),
        Column("最近届满日", 12, DAY, lambda item: item.running[0].ends_on if item.running else None),
        Column("还剩（天）", 8, WHOLE, lambda item: item.days_left),
        Column("权利", 60, TEXT, lambda item: lines(_rights(item, rules, whole.as_of))),
        Column("承诺", 40, TEXT, lambda item: lines([promise_words(one) for one in item.promises])),
        Column("暂停", 40, TEXT, lambda item: lines([hold_words(one) for one in item.holds])),
        Column("预警信号", 40, TEXT, lambda item: lines([in_one_line(one) for one in item.signals])),
        Column("证据不全的函和上门", 50, TEXT, lambda item: lines([words.proof(p) for p in item.proofs if p.open])),
        Column("已归档", 60, TEXT, lambda item: lines([path for one in item.proofs for _, path in one.filed])),
        Column("应办未办", 60, TEXT, lambda item: lines(words.duties(item))),
        Column("接收核对", 10, TEXT, lambda _: ""),
    )
    write_rows(path, columns, [(f"移交清单{whole.number}", whole.items)])


def _rights(item: Item, rules: Rules, as_of: date) -> list[str]:
    groups = words.grouped([*item.running, *item.lost])
    return [
        f"{one[0].ends_on} {words.rights_of(one, rules)}（{words.whom(one)}）：{words.saves(one[0], rules, as_of)}"
        for one in groups
    ]
