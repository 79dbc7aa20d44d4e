"""Visits as the terminal shows them: door by door in road order, with what goes along."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm.masking import mask_phone
from ccm.round import (
    NAMED,
    call_words,
    clipped,
    fit,
    hours_words,
    letters_line,
    lookups_line,
    uncalled_line,
    warned_line,
    who,
    why,
)
from ccm.screen.letters import show_each
from ccm.units import short_yuan
from ccm.visit.route import UNKNOWN
from ccm.visit.sheet import owed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from ccm.round import Page, Round
    from ccm.visit.errands import Meeting
    from ccm.visit.trip import Visits


def show_visit(console: Console, visits: Visits, *, reveal: bool) -> None:
    """Print the doors in order, where the papers lie, which letters must still be issued, and what is amiss."""
    doors = sum(len(area.doors) for area in visits.areas)
    trip = visits.trip
    if not doors:
        console.print(f"{trip.on} 没有该上门的")
    else:
        who = "、".join(trip.visitors) or f"还没写名字（至少{trip.staff}人）"
        console.print(Text.assemble((f"{trip.on} 上门{doors}处", "bold"), f"　{who}　{trip.hours}之间"))
    number = 0
    for area in visits.areas:
        console.print(Text(f"\n{area.name}　{len(area.doors)}处", style="bold"))
        for door in area.doors:
            number += 1
            console.print(f"{number:>3} {f'{door.spot.village}{door.spot.rest}' or UNKNOWN}")
            for one in door.meetings:
                _show_meeting(console, one, reveal=reveal)
    if visits.packs:
        console.print(f"\n材料在 {visits.folder}，每户一个文件夹，另有一张上门路线")
    _show_wanted(console, visits)
    if visits.held:
        names = "、".join(f"{case.borrower}（{case.loan_no}）" for case in visits.held)
        console.print(Text(f"暂停催收，没有列入 {len(visits.held)}笔：{names}", style="yellow"))
    show_each(console, visits.findings)


def _show_meeting(console: Console, meeting: Meeting, *, reveal: bool) -> None:
    party = meeting.party
    phone = (party.phone if reveal else mask_phone(party.phone)) if party.phone else "没有电话"
    carried = "，".join(f"带{paper.letter_no}" for paper in meeting.papers)
    text = Text.assemble(
        "    ", (party.name, "bold"), f"（{meeting.roles}）{phone} {owed(meeting)}", f"，{carried}" if carried else ""
    )
    if meeting.notes:
        text.append(f" {'、'.join(meeting.notes)}", style="bold red")
    console.print(text)


def _show_wanted(console: Console, visits: Visits) -> None:
    """Say which letters should be carried and are not issued: a letter needs its number, none is made up."""
    lacking = {
        number: None
        for pack, _ in visits.packs
        for meeting in pack.meetings
        for one in meeting.errands
        if one.wanted
        for number in (one.case.loan_no,)
    }
    if lacking:
        count = sum(len(meeting.wanted) for pack, _ in visits.packs for meeting in pack.meetings)
        console.print(Text(f"还有{count}份该带的函没有签发。先签发，再运行一次 ccm visit：", style="yellow"))
        loans = " ".join(f"--loan {shlex.quote(number)}" for number in lacking)
        console.print(f"  ccm letters --catch-up {loans}", soft_wrap=True)


def show_round(console: Console, whole: Round, page: Page, *, reveal: bool) -> None:
    """Print the day's page: the same lines as on paper, at 80 columns."""
    mask = str if reveal else mask_phone
    name = f"　{whole.manager}" if whole.manager else ""
    console.print(
        Text.assemble(
            (f"{whole.on}{name}", "bold"),
            f"　承诺到期{len(whole.promises)}项　上门{whole.doors}处　电话{len(whole.calls)}人",
        )
    )
    if page.promises:
        _table(console, "今天到期的承诺", [
            (fit(one.party, 14), mask(phone) if phone else "没有电话", f"承诺还{short_yuan(one.amount_cents)}，先查账")
            for one, phone in page.promises
        ])  # fmt: skip
    for area in page.areas:
        _table(console, f"上门　{area.name}", [
            (who(door), fit(f"{door.spot.village}{door.spot.rest}", 26), why(door)) for door in area.doors
        ])  # fmt: skip
    if page.calls:
        rows = [
            (fit(one.party, 14), mask(one.phone) if one.phone else "没有电话", one.hours, call_words(one))
            for one in page.calls
        ]
        _table(
            console, "电话", [(name, phone, hours_words(hours), fit(about, 24)) for name, phone, hours, about in rows]
        )
    lines = [("不打", uncalled_line(whole.uncalled))] if whole.uncalled else []
    lines += [("信函", letters_line(whole.posts)), ("查询", lookups_line(whole.lookups))]
    lines += [("预警", warned_line(whole.warned))] if whole.warned else []
    lines += [("暂停", f"{len(whole.held)}笔不联系（{clipped(whole.held, NAMED)}）")] if whole.held else []
    lines += [("写不下的", page.rest)] if page.rest else []
    console.print()
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for title, text in lines:
        grid.add_row(title, text)
    console.print(grid)


def _table(console: Console, title: str, rows: Sequence[tuple[str, ...]]) -> None:
    console.print(Text("\n" + title, style="bold"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in rows[0]:
        table.add_column(overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console.print(table)
