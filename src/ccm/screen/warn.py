"""Warning signals as the terminal shows them: what is late first, and what is to be done by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ccm.model import SIGNAL_STATES
from ccm.screen.letters import show_each
from ccm.signals import step_words
from ccm.units import in_yuan
from ccm.warn.words import titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rich.console import Console

    from ccm.model import Entry, Note, Signal
    from ccm.warn.intake import Taken

WIDE = 110
SHOWN = 12
ACTS = {
    "warn-raised": "发出",
    "warn-checked": "核实",
    "warn-disposed": "处置",
    "warn-tracked": "跟踪",
    "warn-closed": "关闭",
    "warn-undone": "撤回",
}


def show_signals(console: Console, shown: Sequence[Signal], total: int, names: Mapping[str, str], on: date) -> None:
    """Print a list of signals; a narrow terminal gets two lines each."""
    if not total:
        console.print(f"{on} 没有这样的预警信号")
        return
    late = sum(one.overdue for one in shown)
    console.print(Text(f"{on} 预警信号{total}个" + (f"，显示的里面{late}个过期" if late else ""), style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    wide = console.width >= WIDE
    for title in ("编号", "级", "借款人", "下一步", *(("借据号", "来源") if wide else ())):
        table.add_column(title, no_wrap=True)
    table.add_column("信号", ratio=1, overflow="fold")
    for one in shown:
        cells: list[str | Text] = [
            one.signal_no,
            one.level,
            names.get(one.loan_no, ""),
            Text(step_words(one, on), style=style_of(one)),
        ]
        cells += [one.loan_no, one.source] if wide else []
        table.add_row(*cells, Text(_words(one)))
    console.print(table)
    if total > len(shown):
        console.print(f"……另有{total - len(shown)}个：加 --limit {total} 全部显示，或 --overdue 只看过期的")
    _show_leads(console, shown)


def _words(one: Signal) -> str:
    done = f"（已{'、'.join(titles(one.measures))}）" if one.measures else "（核实不属实）" if one.unfounded else ""
    return f"{one.text}{done}"


def _show_leads(console: Console, shown: Sequence[Signal]) -> None:
    """Say who answers for it (W5)."""
    leads = list(dict.fromkeys(one.lead for one in shown if one.lead))
    if any(not one.lead for one in shown):
        console.print(Text('还没写授信主管客户经理：在 ccm.toml 的 [warn] 写 lead = "姓名"（W5）', style="yellow"))
    if leads:
        console.print(Text(f"预警工作主要责任人（W5）：{'、'.join(leads)}", style="dim"))


def style_of(one: Signal) -> str:
    """Red where it is late, dim where it is closed, else yellow."""
    return "red" if one.overdue else "dim" if one.state == "closed" else "yellow"


def show_recorded(console: Console, made: Sequence[Note], stand: Sequence[Signal]) -> None:
    """Print what was just written down, and the next step of each signal."""
    after = {one.signal_no: one for one in stand}
    for note in made:
        facts = note.facts
        number = str(facts["signal_no"])
        console.print(
            Text.assemble(("已记 ", "green"), f"{note.on} {ACTS[note.kind]} ", (number, "bold"), f" {note.party} ",
                          _act_words(facts))
        )  # fmt: skip
        one = after.get(number)
        if one is None:
            console.print(Text("  这个信号已撤回", style="dim"))
        else:
            console.print(Text(f"  {SIGNAL_STATES[one.state]}：{step_words(one)}", style=style_of(one)))
    _show_leads(console, stand)


def _act_words(facts: Mapping[str, Any]) -> str:
    parts = ["核实不属实" if facts.get("unfounded") else "", "、".join(titles(facts.get("measures", ())))]
    return "，".join(part for part in (*parts, facts.get("text", "")) if part)


def show_life(console: Console, one: Signal, acts: Sequence[Entry], names: Mapping[str, str]) -> None:
    """Print a signal and everything that was written down of it; what was taken back is struck through."""
    console.print(
        Text.assemble((f"{one.signal_no} 【{one.level}】", "bold"), f"{names.get(one.loan_no, '')} {one.loan_no}")
    )
    console.print(one.text)
    console.print(f"来源：{one.source}；{one.raised_on}发出，{one.check_by}前核实，{one.deadline_on}前处置")
    if len(one.loans) > 1:
        console.print(f"涉及{len(one.loans)}笔：{'、'.join(one.loans)}")
    console.print(Text(f"{SIGNAL_STATES[one.state]}：{step_words(one)}", style=style_of(one)))
    undone = {act.note.facts.get("undoes") for act in acts}
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for act in acts:
        words = _act_words(act.note.facts)
        if "balance_cents" in act.note.facts:
            words += f"　余额{in_yuan(act.note.facts['balance_cents'])}"
        style = "dim strike" if act.seq in undone else ""
        table.add_row(str(act.note.on), ACTS[act.note.kind], act.actor, words, style=style)
    console.print(table)
    _show_leads(console, [one])


def show_taken(console: Console, taken: Taken) -> None:
    """Print what was taken in from head office's list."""
    told = [f"登记预警信号{len(taken.notes) - taken.corrected}个"]
    told += [f"更正{taken.corrected}个"] if taken.corrected else []
    told += [f"{taken.known}个早已登记"] if taken.known else []
    console.print(Text("，".join(told), style="bold"))
    for note in taken.notes[:SHOWN]:
        facts = note.facts
        console.print(
            f"  {facts['signal_no']}　{note.party}　【{facts['level']}】{facts['text']}　{facts['deadline']}前处置"
        )
    if len(taken.notes) > SHOWN:
        console.print(f"  ……另有{len(taken.notes) - SHOWN}个", style="dim")
    show_each(console, taken.findings)
