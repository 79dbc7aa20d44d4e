"""Visits as the terminal shows them: door by door in road order, with what goes along."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.text import Text

from ccm.masking import mask_phone
from ccm.screen.letters import show_each
from ccm.visit.route import UNKNOWN
from ccm.visit.sheet import owed

if TYPE_CHECKING:
    from rich.console import Console

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
