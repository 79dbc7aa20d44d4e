"""The queue of calls as the terminal shows it: two or three lines a call, read while dialling."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from ccm.masking import mask_phone
from ccm.model import ROLE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime, time

    from rich.console import Console

    from ccm.calls.queue import Call, LeftOut

LEFT = 8
"""How many that are left out are named; all are in the JSON."""


def show_calls(
    console: Console,
    start: datetime,
    calls: Sequence[Call],
    limit: int,
    left: Sequence[LeftOut],
    notes: Sequence[str],
    *,
    reveal: bool,
) -> None:
    """Print the first of the queue: those that can be called now, then those whose hours are yet to come."""
    now = [call for call in calls if is_open(call, start)][:limit]
    later = [call for call in calls if not is_open(call, start)][: limit - len(now)]
    console.print(Text(f"{start:%Y-%m-%d %H:%M}　要打的电话{len(calls)}个", style="bold"))
    for note in notes:
        console.print(Text(note, style="yellow"))
    if calls:
        names = {call.identity for call in calls}
        who = f"“{names.pop()}”" if len(names) == 1 else "本行名称和自己的姓名"
        console.print(Text(f"先确认是本人，再报{who}；不是本人只请转告回电，不提欠款", style="cyan"))
    for title, group in (("现在可打", now), ("还没到钟点", sorted(later, key=_when))):
        if group:
            console.print(Text(f"\n{title}", style="bold"))
        for call in group:
            _show(console, call, start, reveal=reveal)
    if len(calls) > len(now) + len(later):
        rest = len(calls) - len(now) - len(later)
        console.print(f"\n……另有{rest}个：加 --limit {len(calls)} 全部显示，或 --export 电话单.xlsx 导出")
    _show_left(console, left)


def _when(call: Call) -> tuple[date, time, int]:
    return call.window.on, call.window.not_before, call.rank


def is_open(call: Call, start: datetime) -> bool:
    """Tell whether a call can be made at an instant."""
    when = call.window
    return when.on == start.date() and when.not_before <= start.time() < when.not_after


def _show(console: Console, call: Call, start: datetime, *, reveal: bool) -> None:
    case, when = call.item.case, call.window
    day = "" if when.on == start.date() else f"{when.on:%m-%d} "
    console.print(
        Text.assemble(
            f"{call.rank:>3} ",
            (call.party.name, "bold"),
            f" {ROLE_TITLES[call.party.role]} ",
            (call.phone if reveal else mask_phone(call.phone), "bold"),
            (f" {day}{when.not_before:%H:%M}–{when.not_after:%H:%M} ", "green" if is_open(call, start) else ""),
            (f"{case.loan_no} {case.dpd}天", "dim"),
        )
    )
    together = f"和{call.together}是同一人，一个电话一起谈" if call.together else ""
    of = f"{case.borrower}的贷款" if call.party.role == "guarantor" else ""
    _line(console, (together, of, *call.reasons), "")
    last, cause = (f"上次{call.last}" if call.last else "", f"原因{call.cause}" if call.cause else "")
    # A promise that is due or broken is among the reasons; the question and the opening are for `ccm talk`.
    promise = "" if call.promise in call.reasons else call.promise
    _line(console, (last, cause, promise, *call.manner), "dim")


def _line(console: Console, parts: Iterable[str], style: str) -> None:
    """Print what there is, so that a line breaks between parts rather than within one."""
    if words := "  ".join(filter(None, parts)):
        console.print(Padding(Text(words, style=style), (0, 0, 0, 4)))


def _show_left(console: Console, left: Sequence[LeftOut]) -> None:
    if not left:
        return
    console.print(Text(f"\n没有排进来 {len(left)}个", style="bold"))
    for one in left[:LEFT]:
        console.print(
            Padding(
                Text.assemble(f"{one.loan_no} {one.party}（{ROLE_TITLES[one.role]}）", (one.reason, "yellow")),
                (0, 0, 0, 2),
            )
        )
    if len(left) > LEFT:
        reasons = Counter(one.reason.partition("：")[0] for one in left[LEFT:])
        rest = "，".join(f"{reason}{count}个" for reason, count in reasons.most_common())
        console.print(Text(f"  ……另有{len(left) - LEFT}个：{rest}", style="dim"))
