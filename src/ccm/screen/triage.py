"""A triage on the terminal: totals by stage, what moved since the one before, findings; and what stopped the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccm.compare import MOVE_TITLES, Comparison, Move
from ccm.errors import CcmError, Finding, catalogue
from ccm.screen.marks import SHOWN, stage_style
from ccm.units import known_sum, short_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccm.policy import Policy


def show_error(console: Console, error: CcmError) -> None:
    """Print what stopped the work: what, where, why, and what to do."""
    console.print(Text.assemble(("错误：", "bold red"), str(error)), soft_wrap=True)
    if error.hint:
        console.print(Text.assemble(("怎么办：", "bold"), error.hint), soft_wrap=True)


def show_summary(
    console: Console,
    totals: Mapping[int, tuple[int, int, int, int | None]],
    policy: Policy,
    comparison: Comparison | None,
) -> None:
    """Print stages × loans × principal × interest × balance, with what changed since the triage before.

    `totals` maps a stage to its loans, overdue principal, overdue interest and balance in cents; a balance that no
    loan of it has is None.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column("阶段", no_wrap=True)
    for title in ("笔数", "逾期本金", "逾期利息", "贷款余额"):
        table.add_column(title, justify="right", no_wrap=True)
    for stage in policy.stages:
        count, *amounts = totals.get(stage.from_days, (0, 0, 0, 0))
        before = comparison.stages_before.get(stage.from_days, (0, 0))[0] if comparison else count
        table.add_row(
            Text(stage.label, style=stage_style(stage.from_days, policy)),
            _with_change(count, count - before),
            *(yuan(cents) for cents in amounts),
        )
    sums = [known_sum(row[n] for row in totals.values()) for n in range(4)]
    table.add_section()
    table.add_row("合计", str(sums[0]), *(yuan(cents) for cents in sums[1:]), style="bold")
    console.print(table)


def _with_change(count: int, change: int) -> str:
    return f"{count} ({change:+d})" if change else str(count)


def show_changes(console: Console, comparison: Comparison) -> None:
    """Print what moved since the triage before; rows that are gone are asked about one by one."""
    counts = [(move, comparison.of(move)) for move in MOVE_TITLES]
    line = "，".join(f"{MOVE_TITLES[move]}{len(changes)}笔" for move, changes in counts if changes)
    console.print(Text.assemble((f"与{comparison.since}相比：", "bold"), line or "没有变动"))
    for move in ("paid_but_worse", "vanished"):
        _show_moves(console, move, comparison)


def _show_moves(console: Console, move: Move, comparison: Comparison) -> None:
    changes = comparison.of(move)
    for change in changes[:SHOWN]:
        if move == "vanished":
            owed = "有余额" if change.before_stage is None else f"逾期{short_yuan(change.before_owed_cents)}"
            words = f"上次{owed}，这次台账里没有：核销、转岗还是漏导？"
        else:
            owed = f"{short_yuan(change.before_owed_cents)} → {short_yuan(change.after_owed_cents)}"
            words = f"欠款{owed}，却进入满{change.after_stage}天阶段"
        console.print(Text(f"  {change.loan_no} {change.borrower}：{words}", style="yellow"))
    if len(changes) > SHOWN:
        console.print(f"  ……另有{len(changes) - SHOWN}笔{MOVE_TITLES[move]}")
    if move == "vanished" and len(changes) > max(SHOWN, comparison.common):
        console.print("  大半不见了：这次导入的是不是另一个机构的台账？不同台账请分开工作目录，或一次全部导入。")


def show_findings(console: Console, findings: Sequence[Finding], refused: int, refusal: str | None) -> None:
    """Print findings by kind: the first of each whole, the rest counted."""
    if not findings:
        return
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.code, []).append(one)
    console.print(Text(f"台账问题 {len(findings)} 处" + (f"，其中{refused}行被拒收" if refused else ""), style="bold"))
    for code, group in sorted(groups.items(), key=lambda pair: (pair[1][0].severity != "error", -len(pair[1]))):
        console.print(Padding(_finding(code, group), (0, 0, 0, 2)))
    if refusal:
        console.print(
            f"被拒收的行在 {refusal}\n在红色单元格里改好，连同原台账一起再读一遍：ccm triage 原台账 改好的文件"
        )


def _finding(code: str, group: Sequence[Finding]) -> Group:
    first = group[0]
    sign, style = ("✗", "red") if first.severity == "error" else ("!", "yellow")
    place = " ".join(
        part for part in (first.file, first.sheet, first.cell or (f"第{first.row}行" if first.row else "")) if part
    )
    more = f"（共{len(group)}处）" if len(group) > 1 else ""
    shown = f"“{first.value}”" if first.value else ""
    return Group(
        Text.assemble((f"{sign} {catalogue()[code].title}{more}", style), f" {place} ", (code, "dim")),
        Padding(Text(f"{shown}{'，' if shown else ''}{first.message}"), (0, 0, 0, 2)),
        Padding(Text(f"→ {first.hint}", style="dim"), (0, 0, 0, 2)),
    )
