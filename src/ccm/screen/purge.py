"""What `ccm purge` finds and does, on the terminal: what goes, what must stay and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from ccm.retention import Over

NAMED = 3
"""How many files of a case are named; all are in the JSON."""


def show_purge(
    console: Console, cases: Sequence[Over], staying: Sequence[Over], others: Mapping[str, Sequence[str]], *, done: bool
) -> None:
    """Print the cases with their files, those that stay, and what else goes."""
    verb = "已销毁" if done else "保存期满，可以销毁"
    console.print(Text(f"{verb}：{len(cases)}户", style="bold"))
    for one in cases:
        console.print(f"  {_over(one)}，文件{len(one.files)}份")
        for path in one.files[: 0 if done else NAMED]:
            console.print(Padding(Text(path, style="dim", overflow="fold"), (0, 0, 0, 4)))
        if len(one.files) > NAMED and not done:
            console.print(Text(f"    ……共{len(one.files)}份", style="dim"))
    if staying:
        console.print(Text(f"\n期满但还不能销毁：{len(staying)}户", style="bold"))
    for one in staying:
        console.print(f"  {_over(one)}")
        console.print(Padding(Text("；".join(one.reasons), style="yellow"), (0, 0, 0, 4)))
    _show_others(console, others)
    if done:
        console.print("\n记录里留下了每份文件的摘要；记录里的姓名删不掉（只添不改），只存不用，见 docs/privacy.md")
    elif cases or any(others[key] for key in ("rests", "triages", "batches")):
        console.print("\n看过以后加 --yes 销毁，销毁了找不回来；先确认不是核销（账销案存的仍要追索）")


def _show_others(console: Console, others: Mapping[str, Sequence[str]]) -> None:
    lines = {
        "rests": "上一次没有删完的文件{}份",
        "triages": "过期的每日台账记忆{}份（每月最后一份留着）",
        "batches": "过期的拒收行和短信批次文件{}份",
    }
    told = [line.format(len(others[key])) for key, line in lines.items() if others[key]]
    if told:
        console.print()
    for line in told:
        console.print(line)
    if others["outside"]:
        console.print("\n不在工作目录里的，请自行删除：")
        for path in others["outside"]:
            console.print(Padding(Text(path, overflow="fold"), (0, 0, 0, 2)))


def _over(one: Over) -> str:
    return f"{one.loan_no} {one.borrower}　{one.left_on}起台账里没有，保存到{one.until_on}"
