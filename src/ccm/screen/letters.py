"""Letters as the terminal shows them: the plan, what was issued, and why something was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccm.model import LETTER_TITLES, ROLE_TITLES
from ccm.statutes import named
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from ccm.errors import Finding
    from ccm.letters.issued import Issued
    from ccm.letters.letter import Letter, Refused

SHOWN = 30
"""How many letters a run lists; the rest is in the index workbook."""
WIDE = 100
"""From this width on there is room for the rule as well."""


def show_plan(console: Console, planned: Sequence[Letter], refused: Sequence[Refused], as_of: date) -> None:
    """Print who would get what, and who would not, with the reason."""
    console.print(Text(f"{as_of} 应发{len(planned)}封（还没有编号，也没有写文件）", style="bold"))
    if planned:
        wide = console.width >= WIDE
        table = _table("借据号", "收件人", "函件", *(("依据",) if wide else ()), "天数", "本息")
        for letter in planned[:SHOWN]:
            owed = sum(note.owed_cents for note in letter.notes)
            table.add_row(
                letter.loan_no + (f" 等{len(letter.notes)}笔" if len(letter.notes) > 1 else ""),
                f"{letter.party.name}（{ROLE_TITLES[letter.party.role]}）",
                LETTER_TITLES[letter.kind],
                *(("、".join(map(named, letter.rules)),) if wide else ()),
                str(max(note.dpd for note in letter.notes)),
                yuan(owed),
            )
        console.print(table)
        _rest(console, len(planned))
    _show_refused(console, refused)


def show_issued(
    console: Console, issued: Sequence[Issued], refused: Sequence[Refused], products: Sequence[str]
) -> None:
    """Print what was issued, with its numbers, and where it lies."""
    console.print(Text(f"签发{len(issued)}封" if issued else "没有要新发的函", style="bold"))
    if issued:
        table = _table("函号", "收件人", "函件", "借据号")
        for one in issued[:SHOWN]:
            table.add_row(one.letter_no, f"{one.party}（{ROLE_TITLES[one.role]}）", one.title, one.loan_no)  # type: ignore[index]
        console.print(table)
        _rest(console, len(issued))
    for product in products:
        console.print(f"  {product}", soft_wrap=True)
    _show_refused(console, refused)


def show_earlier(console: Console, count: int) -> None:
    """Say that earlier stages still owe letters, and how to send them."""
    if count:
        console.print(f"以前阶段还欠{count}封没有发：加 --catch-up 一起补发", style="yellow")


def show_each(console: Console, findings: Sequence[Finding]) -> None:
    """Print every finding of a few files."""
    for one in findings:
        sign, style = ("✗", "red") if one.severity == "error" else ("!", "yellow")
        console.print(Text.assemble((f"{sign} ", style), f"{one.file} ", (one.code, "dim")))
        console.print(Padding(Text(one.message), (0, 0, 0, 2)))
        console.print(Padding(Text(f"→ {one.hint}", style="dim"), (0, 0, 0, 2)))


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(
            head, justify="right" if head in {"天数", "本息"} else "left", no_wrap=head in {"函号", "借据号"}
        )
    return table


def _rest(console: Console, count: int) -> None:
    if count > SHOWN:
        console.print(f"……另有{count - SHOWN}封，见函件目录", style="dim")


def _show_refused(console: Console, refused: Sequence[Refused]) -> None:
    """Refusals by reason: what is done is counted, what must be mended is named."""
    done = [one for one in refused if one.done]
    if done:
        console.print(f"已发过或不再发：{len(done)}封", style="dim")
    groups: dict[str, list[Refused]] = {}
    for one in refused:
        if not one.done:
            groups.setdefault(one.reason, []).append(one)
    if groups:
        console.print(Text(f"\n不能发：{sum(map(len, groups.values()))}封", style="bold yellow"))
    for reason, group in groups.items():
        console.print(Padding(Text(reason), (0, 0, 0, 2)))
        names = "；".join(f"{one.loan_no} {one.party} {LETTER_TITLES.get(one.kind, '')}" for one in group[:5])
        console.print(
            Padding(Text(names + (f" 等{len(group)}封" if len(group) > 5 else ""), style="dim"), (0, 0, 0, 4))
        )
