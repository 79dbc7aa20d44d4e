"""Silent loans as the terminal shows them: by manager with sums, what is about to be lost first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm.silence import due_words, right_words, touch_words
from ccm.units import short_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from ccm.silence import Group, Silence

WIDE = 110
URGENT_DAYS = 30


def show_silence(console: Console, groups: Sequence[Group], days: int, as_of: date, limit: int) -> None:
    """Print the groups; a narrow terminal does without the loan numbers' whole length and the right's party."""
    total = sum(len(group.lines) for group in groups)
    if not total:
        console.print(f"{as_of} 没有该办而{days}天以上无人经手的")
        return
    rights = sum(group.rights for group in groups)
    money = short_yuan(sum(group.overdue_cents for group in groups))
    console.print(
        Text(f"{as_of} 该办而{days}天以上无人经手：{total}笔，逾期本息{money}，权利将届满{rights}笔", style="bold")
    )
    for group in groups:
        _show_group(console, group, limit)
    console.print(Text("权利：最近一项还剩几天；最后：最后经手的日子和登记人。逐笔看 ccm case 借据号", style="dim"))


def _show_group(console: Console, group: Group, limit: int) -> None:
    sums = f"{len(group.lines)}笔，逾期本息{short_yuan(group.overdue_cents)}，余额{short_yuan(group.balance_cents)}"
    ending = f"，权利将届满{group.rights}笔" if group.rights else ""
    console.print(Text.assemble(("\n" + group.manager, "bold"), f"　{sums}{ending}"))
    wide = console.width >= WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("权利", justify="right", no_wrap=True)
    table.add_column("借款人", overflow="fold", max_width=20 if wide else 10)
    table.add_column("借据号", no_wrap=True)
    table.add_column("逾期本息", justify="right", no_wrap=True)
    table.add_column("静默", justify="right", no_wrap=True)
    table.add_column("最后", overflow="fold", max_width=18 if wide else 9)
    table.add_column("该办的", ratio=1, overflow="fold")
    for one in group.lines[:limit]:
        table.add_row(*_cells(one, wide=wide))
    console.print(table)
    if len(group.lines) > limit:
        console.print(Text(f"  ……另有{len(group.lines) - limit}笔：用 --limit 或 --export 看全部", style="dim"))


def _cells(one: Silence, *, wide: bool) -> tuple[Text | str, ...]:
    urgent = one.days_left is not None and one.days_left <= URGENT_DAYS
    due = due_words(one)
    shown = due[: 2 if wide else 1]
    more = f" 另{len(due) - len(shown)}项" if len(due) > len(shown) else ""
    against = f" 对{one.right.party}" if wide and one.right else ""
    held = "【暂停】" if one.held else ""
    moved = "" if one.manager == one.of_ledger else f"（台账仍是{one.of_ledger}）"
    return (
        Text(right_words(one) + against, style="bold red" if urgent else "yellow"),
        one.case.borrower,
        one.case.loan_no if wide else f"…{one.case.loan_no[-4:]}",
        yuan(one.case.overdue_cents),
        f"{one.days}天",
        touch_words(one),
        f"{held}{'；'.join(shown)}{more}{moved}",
    )
