"""A hand-over as the terminal shows it: the sums, the most endangered cases, where the list lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from ccm.handover import words
from ccm.handover.record import SOON_DAYS, sums
from ccm.units import short_yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from ccm.handover.record import Handover
    from ccm.rights.rules import Rules

SHOWN = 5


def show_handover(console: Console, whole: Handover, files: Sequence[Path], rules: Rules, *, again: bool) -> None:
    """Print what is handed over; the whole of it stands in the files."""
    if not whole.items:
        console.print(f"{whole.giver}名下没有逾期或到期的贷款，没有出清单；正常贷款{whole.calm_loans}笔以台账为准。")
        return
    of = sums(whole.items)
    console.print(Text(f"{whole.giver} → {whole.taker}　{whole.number}　截至{whole.as_of}", style="bold"))
    console.print(
        f"{of['cases']}笔，余额{short_yuan(of['balance_cents'])}，逾期本金{short_yuan(of['principal_cents'])}、"
        f"利息{short_yuan(of['interest_cents'])}；另有正常贷款{whole.calm_loans}笔"
    )
    console.print(
        f"{SOON_DAYS}天内届满的权利{of['rights_soon']}项，已丧失{of['rights_lost']}项；承诺{of['promises']}项，"
        f"暂停{of['holds']}项，信号{of['signals'] + len(whole.calm_signals)}个；"
        f"证据不全{of['proofs_open']}份（缺材料{of['papers_missing']}件）；已过期的应办{of['duties_overdue']}项"
    )
    for item in whole.items[:SHOWN]:
        left = words.left(item.running[0]) if item.running else ""
        urgent = item.days_left is not None and item.days_left <= SOON_DAYS
        console.print(
            Text.assemble((f"{left:>6} ", "bold red" if urgent else ""), (item.case.borrower, "bold"),
                          f" {item.case.loan_no} {words.nearest(item, rules)}")
        )  # fmt: skip
        if item.running:
            console.print(Padding(Text(f"→{words.saves(item.running[0], rules, whole.as_of)}"), (0, 0, 0, 7)))
    if len(whole.items) > SHOWN:
        console.print(Text(f"其余{len(whole.items) - SHOWN}笔见清单", style="dim"))
    for path in files:
        console.print(f"{'早已写好' if again else '已写好'}：{path}", soft_wrap=True)
    console.print(
        Text(f"打印签字，扫描后 ccm archive add {whole.number} 移交清单 文件。核心系统变更管户之前，"
             f"清单仍写{whole.giver}，用 --manager {whole.taker} 也查得到。", style="dim")
    )  # fmt: skip
