"""The arrears statement as the terminal shows it: the total, how it was counted, and how the ledger compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm.interest_rules import PART_TITLES
from ccm.screen.letters import show_each
from ccm.statement.document import undue_words
from ccm.statement.statement import line_row, paid_words
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from ccm.errors import Finding
    from ccm.statement.statement import Statement

WIDE = 110
"""From this width on there is room for the formulas."""


def show_statement(console: Console, made: Statement, findings: Sequence[Finding], path: Path) -> None:
    """Print what is owed, line by line, beside the ledger's figures, and where the files lie."""
    account, loan = made.account, made.loan
    head = f"{loan.parties[0].name}　{loan.loan_no}　截至{made.as_of}（当日不计）应付{yuan(account.total_cents)}元"
    console.print(Text(head, style="bold"))
    console.print("，".join(f"{PART_TITLES[part]}{yuan(cents)}" for part, cents in made.sums))
    if account.undue_principal_cents:
        console.print(undue_words(account))
    console.print(f"年利率{made.terms.contract}（{made.terms.contract.source}）")
    console.print(f"罚息利率{made.terms.penalty}（{made.terms.penalty.source}）")
    console.print()
    console.print(_lines(made, wide=console.width >= WIDE))
    for one in account.paid:
        console.print(f"{one.on} 还款{yuan(one.cents)}，{paid_words(one.against, one.surplus_cents)}")
    console.print(Text(f"\n与台账{made.told.data_on}的数字核对", style="bold"))
    console.print(_compared(made))
    console.print(Text("\n台账没有记载、按以下情形计算的", style="bold"))
    console.print(_numbered(made.assumptions))
    show_each(console, findings)
    console.print(f"\n已写 {path}\n　　 {path.with_suffix('.xlsx').name}（同一文件夹，可改利率重算）", soft_wrap=True)


def _lines(made: Statement, *, wide: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("项目", no_wrap=True)
    table.add_column("期间", no_wrap=True)
    for title in ("天数", *(("计算式",) if wide else ("基数", "年利率")), "金额"):
        table.add_column(title, justify="right", no_wrap=True)
    for line in made.account.lines:
        kind, start, end, days, base, rate, formula, amount = line_row(line)
        kind = kind.replace("（未结息）", "*")
        table.add_row(kind, f"{start}至{end[2:]}", str(days), *((formula,) if wide else (base, rate)), amount)
    if any(line.due_on is None for line in made.account.lines):
        table.caption, table.caption_justify = "* 未到结息日，不在合计之内", "left"
    return table


def _numbered(sentences: Sequence[str]) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for number, sentence in enumerate(sentences, start=1):
        grid.add_row(f"{number}.", sentence)
    return grid


def _compared(made: Statement) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("项目", overflow="fold", max_width=20)
    for title in ("台账", "计算"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("差别", overflow="fold", ratio=1)
    for one in made.compared:
        ledger = "—" if one.ledger_cents is None else yuan(one.ledger_cents)
        gap = one.difference_cents
        sign = "" if not gap or one.ledger_cents is None else f"{'多' if gap > 0 else '少'}{yuan(abs(gap))}，"
        table.add_row(one.title, ledger, yuan(one.counted_cents), f"{sign}{one.why}")
    return table
