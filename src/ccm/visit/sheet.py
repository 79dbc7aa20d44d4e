"""The route sheet (上门路线): every door once, township by township, with what is carried to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm import paper
from ccm.units import short_yuan
from ccm.visit.route import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ccm.visit.errands import Meeting
    from ccm.visit.route import Area
    from ccm.visit.trip import Trip

RESULTS = "□见到 □没人\n□搬走 □拒见\n□旁人应门"


def write_route(areas: Sequence[Area], trip: Trip, path: Path) -> None:
    """Write the route sheet.

    Raises:
        CcmError: `file-unwritable`.
    """
    doors = sum(len(area.doors) for area in areas)
    made = paper.document(f"上门路线　{trip.on}", carried=True)
    paper.line(made, f"{doors}处　上门人：{trip.visitor_words}（至少{trip.staff}人同行）　{trip.hours}之间")
    heads = ("序", "地址", "见谁、电话", "欠什么", "带的函", "到达、结果")
    paper.table(made, heads, _rows(areas), (9, 39, 42, 31, 32, 28), size=10, high_mm=14)
    paper.line(made, "按地址归拢，不是导航；路怎么走，可以自己改序。", small=True)
    paper.save(made, path)


def _rows(areas: Iterable[Area]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for area in areas:
        rows.append((f"{area.name}　{len(area.doors)}处",))
        for door in area.doors:
            number = sum(len(row) > 1 for row in rows) + 1
            rows.append(
                (
                    number,
                    f"{door.spot.village}{door.spot.rest}" if door.address else UNKNOWN,
                    "\n".join(map(_who, door.meetings)),
                    "\n".join(map(owed, door.meetings)),
                    "\n".join(map(papers, door.meetings)),
                    f"＿＿:＿＿\n{RESULTS}",
                )
            )
    return rows


def _who(meeting: Meeting) -> str:
    return "\n".join([f"{meeting.party.name}（{meeting.roles}）", meeting.party.phone or "没有电话", *meeting.notes])


def owed(meeting: Meeting) -> str:
    """Say what a meeting is about: how long overdue, and how much."""
    cases = {one.case.loan_no: one.case for one in meeting.errands}
    count = f"{len(cases)}笔，" if len(cases) > 1 else ""
    total = short_yuan(sum(case.overdue_cents for case in cases.values()))
    return f"{count}{max(case.dpd for case in cases.values())}天，{total}"


def papers(meeting: Meeting) -> str:
    """Say which letters go along, and how many are still to be issued."""
    carried = [paper.letter_no for paper in meeting.papers]
    return "\n".join([*carried, *([f"未签发{len(meeting.wanted)}份"] if meeting.wanted else [])]) or "—"
