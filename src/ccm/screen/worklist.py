"""The worklist on the terminal: one line per loan where it is wide, two where it is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm.screen.marks import SHOWN, hold_mark, hold_style, signal_mark, stage_style, suit_mark
from ccm.signals import pressing
from ccm.statutes import named
from ccm.units import short_day, yuan
from ccm.worklist import next_duty

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console, Group

    from ccm.model import (
        Signal,
        WorkItem,
    )
    from ccm.policy import Policy

WIDE = 110
"""From this width on, the worklist has a column for each thing; below, two lines per loan."""


def show_worklist(console: Console, items: Sequence[WorkItem], policy: Policy, total: int, as_of: date) -> None:
    """Print the first lines of the day's worklist of `total`."""
    wide = console.width >= WIDE
    table = _wide_table() if wide else _narrow_table()
    for item in items:
        style = stage_style(item.case.stage, policy)
        step = _next_step(item, policy, as_of)
        table.add_row(*(_wide_row(item, style, step) if wide else _narrow_row(item, style, step)))
    console.print(table)
    if total > len(items):
        console.print(f"……另有{total - len(items)}笔：加 --limit {total} 全部显示，或 --export 清单.xlsx 导出")


def _wide_table() -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=True)
    table.add_column("序", justify="right", no_wrap=True)
    table.add_column("借款人", max_width=14, overflow="fold")
    table.add_column("借据号", overflow="fold", max_width=20)
    table.add_column("天数", justify="right", no_wrap=True)
    table.add_column("逾期本金", justify="right", no_wrap=True)
    table.add_column("逾期利息", justify="right", no_wrap=True)
    table.add_column("下一步", ratio=5, overflow="fold")
    table.add_column("为什么排在这里", ratio=5, overflow="fold")
    return table


def _wide_row(item: WorkItem, style: str, step: Text) -> list[str | Text]:
    case = item.case
    return [
        str(item.rank),
        Text(case.borrower),
        Text(case.loan_no),
        Text(str(case.dpd), style=style),
        yuan(case.overdue_principal_cents),
        yuan(case.overdue_interest_cents),
        step,
        Text(" ".join(item.reasons), style="dim"),
    ]


def _narrow_table() -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=True)
    table.add_column("序", justify="right", no_wrap=True)
    table.add_column("借款人/借据号", overflow="fold", max_width=20)
    table.add_column("天数", justify="right", no_wrap=True)
    table.add_column("逾期本息", justify="right", no_wrap=True)
    table.add_column("下一步/为什么排在这里", ratio=1, overflow="fold")
    return table


def _narrow_row(item: WorkItem, style: str, step: Text) -> list[str | Text | Group]:
    case = item.case
    return [
        str(item.rank),
        Text.assemble(case.borrower, "\n", (case.loan_no, "dim")),
        Text(str(case.dpd), style=style),
        yuan(case.overdue_cents),
        Text.assemble(step, "\n", (" ".join(item.reasons), "dim")),
    ]


def _next_step(item: WorkItem, policy: Policy, as_of: date) -> Text:
    """What holds the loan, its suit, its signals, then the next duty and its last day; what was missed is counted."""
    held = Text.assemble(*((f"{hold_mark(hold, as_of)}\n", hold_style(hold)) for hold in item.holds))
    warned = signal_mark(pressing(item.signals, policy), as_of)
    sued = suit_mark(item.suit, as_of)
    return Text.assemble(held, sued, "\n" if sued else "", warned, "\n" if warned else "", _next_duty(item, as_of))


def show_signals_elsewhere(console: Console, shown: Sequence[tuple[str, Signal]], as_of: date) -> None:
    """Print what presses of loans that are not on the list: borrowers' names with their signals."""
    if not shown:
        return
    console.print(Text(f"不在清单上的贷款，预警信号{len(shown)}个：", style="bold"))
    for borrower, one in shown[:SHOWN]:
        console.print(
            Text.assemble(f"  {borrower} {one.loan_no} ", signal_mark([one], as_of), (f" {one.signal_no}", "dim"))
        )
    if len(shown) > SHOWN:
        console.print(f"  ……另有{len(shown) - SHOWN}个，见 ccm warn list --open")


def _next_duty(item: WorkItem, as_of: date) -> Text:
    duty = next_duty(item)
    if duty is None:
        return Text("暂无应办", style="dim")
    late = duty.state == "overdue"
    day = "" if duty.names_day else f" {short_day(duty.due_on, as_of)}{'已过期' if late else '前'}"
    text = Text.assemble(
        (f"{duty.title}·{named(duty.rule)}", "red" if late and not day else ""),
        (day, "red" if late else ""),
    )
    missed = {one.id for one in item.duties if one.from_on < duty.from_on and one.state in {"due", "overdue"}}
    if missed:
        text.append(f" 另欠{len(missed)}项", style="yellow")
    return text
