"""The summary of a large book: its stages, what is wrong by kind, and where the rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm.errors import catalogue
from ccm.screen.triage import show_findings, show_summary

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from ccm.bulk.outcome import Outcome
    from ccm.policy import Policy


def show_large(console: Console, outcome: Outcome, policy: Policy, as_of: date) -> None:
    """Print the stages with their totals, each kind of finding with its count, and the folders."""
    counts = outcome.counts
    console.print(f"截至{as_of}，共读{counts.rows:,}行，收下{counts.accepted:,}行；政策：{policy.name}\n")
    show_summary(console, outcome.totals, policy, None)
    console.print()
    if outcome.headers:
        show_findings(console, outcome.headers, 0, None)
        console.print()
    if counts.findings:
        _show_kinds(console, outcome)
        console.print()
    console.print(Text("结果（Parquet 文件夹，按阶段分）：", style="bold"))
    console.print(
        f"  {outcome.out}/loans 逾期或当天到期的贷款\n  {outcome.out}/duties 未办的应办事项，{outcome.duties:,}项"
    )
    if outcome.refused:
        console.print(f"  {outcome.out}/refused 被拒收的{outcome.refused:,}行，原样照抄，ccm_codes 一列写着问题代码")


def _show_kinds(console: Console, outcome: Outcome) -> None:
    findings = outcome.counts.findings
    console.print(
        Text(f"台账问题 {sum(findings.values()):,} 处", style="bold").append(
            f"，其中{outcome.refused:,}行被拒收" if outcome.refused else ""
        )
    )
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for code, count in sorted(findings.items(), key=lambda pair: (catalogue()[pair[0]].severity != "error", -pair[1])):
        trouble = catalogue()[code]
        sign, style = ("✗", "red") if trouble.severity == "error" else ("!", "yellow")
        table.add_row(Text(f"  {sign} {trouble.title}", style=style), Text(f"{count:,}处"), Text(code, style="dim"))
    console.print(table)
