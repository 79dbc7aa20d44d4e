"""The post as the terminal shows it: posting lists, what was taken in, look-ups, and letters that must not go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccm.screen.letters import show_each

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rich.console import Console

    from ccm.errors import Finding
    from ccm.life import Life
    from ccm.model import Note
    from ccm.post.last_look import Stopped
    from ccm.post.listing import Listing
    from ccm.post.lookup import LookUp, Weight

SHOWN = 12


def show_listing(console: Console, made: Sequence[Listing], left_out: Mapping[str, str]) -> None:
    """Print the posting lists: their letters, their files, and what was left out."""
    if not made:
        console.print(Text("没有待寄的函", style="bold"))
    for listing in made:
        console.print(Text(f"清单{listing.list_no}：{len(listing.parcels)}封", style="bold"))
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column("函号", no_wrap=True)
        table.add_column("收件人", overflow="ellipsis", no_wrap=True)
        table.add_column("地址", overflow="ellipsis", no_wrap=True)
        for one in listing.parcels[:SHOWN]:
            table.add_row(one.letter_no, one.recipient, one.address)
        console.print(table)
        if len(listing.parcels) > SHOWN:
            console.print(f"……另有{len(listing.parcels) - SHOWN}封，见清单", style="dim")
        for product in listing.files:
            console.print(f"  {product}", soft_wrap=True)
        console.print()
    if made:
        console.print("清单打印两份请邮局盖章；收寄后用 ccm post import 登记邮件号。", style="dim")
    reasons: dict[str, int] = {}
    for why in left_out.values():
        reasons[why] = reasons.get(why, 0) + 1
    for why, count in reasons.items():
        console.print(f"未列入{count}封：{why}", style="dim")
    _show(console, [one for listing in made for one in listing.findings])


def _show(console: Console, findings: Sequence[Finding]) -> None:
    """The first of each code in full, the others by their values."""
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.code, []).append(one)
    for group in groups.values():
        show_each(console, group[:3])
        if len(group) > 3:
            console.print(f"  ……同样的另有{len(group) - 3}处", style="dim")


def show_taken(console: Console, what: str, notes: Sequence[Note], known: int, findings: Sequence[Finding]) -> None:
    """Print what was taken in."""
    console.print(Text(f"{what}{len(notes)}封" + (f"，{known}封早已登记" if known else ""), style="bold"))
    for note in notes[:SHOWN]:
        text = note.facts.get("waybill") or " ".join(
            str(note.facts[key]) for key in ("text", "reason") if note.facts.get(key)
        )
        console.print(f"  {note.letter_no}　{note.party}　{note.on}　{text}")
    if len(notes) > SHOWN:
        console.print(f"  ……另有{len(notes) - SHOWN}封", style="dim")
    if unsigned := sum(note.facts.get("status") == "delivered" and not note.facts.get("signer") for note in notes):
        console.print(
            f"其中{unsigned}封没有写明谁签收（本人、家人、单位收发），还不能证明到达；查清后用 --signer 再登记一次",
            style="yellow",
        )
    _show(console, findings)


def show_due(console: Console, found: Sequence[LookUp], back: Sequence[tuple[Life, Weight]], as_of: date) -> None:
    """Print which letters to look up today, and what to do about those that came back."""
    console.print(Text(f"{as_of} 该查询的函：{len(found)}封" if found else f"{as_of} 没有该查询的函", style="bold"))
    for one in found:
        console.print(f"  {one.life.letter_no}　{one.life.party}　邮件号{one.life.waybill}　寄出{one.days}天")
    if found:
        console.print("  到 EMS 网站查询；妥投的展开详情整页打印存档（L7），再用 ccm post status 登记。", style="dim")
    if back:
        console.print(Text(f"\n退回、拒收的函：{len(back)}封", style="bold"))
    alike: dict[Weight, list[Life]] = {}
    for life, weight in back:
        alike.setdefault(weight, []).append(life)
    for weight, lives in alike.items():
        for life in lives:
            console.print(Text(f"  {life.letter_no} {life.party}　{_result(life)}", style="yellow"))
        console.print(Padding(Text(f"证据{weight.grade}级：{weight.worth}"), (0, 0, 0, 4)))
        steps = Table.grid(padding=(0, 1, 0, 0))
        steps.add_column()
        steps.add_column(overflow="fold")
        for number, step in enumerate(weight.steps, start=1):
            steps.add_row(f"{number}.", Text.assemble(step.text, (f"（{step.law}）", "dim")))
        console.print(Padding(steps, (0, 0, 1, 4)))


def _result(life: Life) -> str:
    facts = life.result.facts if life.result else {}
    words = dict.fromkeys(str(facts[key]) for key in ("text", "reason") if facts.get(key))
    return f"{life.result.on if life.result else ''} {' '.join(words)}"


def show_last_look(console: Console, waiting: int, stopped: Sequence[Stopped]) -> None:
    """Print the letters that must not go, with their numbers."""
    if not stopped:
        console.print(Text(f"待寄{waiting}封，都可以寄", style="bold green"))
        return
    console.print(Text(f"待寄{waiting}封，其中{len(stopped)}封不要寄：", style="bold red"))
    for one in stopped:
        console.print(Text(f"  {one.life.letter_no}　{one.life.party}《{one.life.title}》", style="bold"))
        for reason in one.reasons:
            console.print(Padding(Text(reason), (0, 0, 0, 4)))
    console.print(
        "抽出这些函：金额、地址有误的用 ccm letters reissue 重发，不该发的用 ccm letters void 作废。",
        style="dim",
    )
