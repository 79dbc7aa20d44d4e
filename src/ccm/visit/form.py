"""The record form (观察记录表 and 取证清单): one page per person to be seen, filled by hand at the door (V4, V5).

It bears what `ccm log LOAN visit` asks for afterwards, in the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm import paper
from ccm.ability import caution, items
from ccm.said import choices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ccm.visit.errands import Meeting
    from ccm.visit.trip import Trip

DAY = "＿＿月＿＿日"
HOUR = "＿＿时＿＿分"


def write_forms(meetings: Sequence[Meeting], trip: Trip, path: Path) -> None:
    """Write a form of one page for each person to be seen.

    Raises:
        CcmError: `file-unwritable`.
    """
    made = paper.document("上门观察记录表（附取证清单）", carried=True)
    for place, one in enumerate(meetings):
        _form(made, one, trip, new_page=place > 0)
    paper.save(made, path)


def _form(made: object, meeting: Meeting, trip: Trip, *, new_page: bool) -> None:
    paper.heading(made, f"{meeting.party.name}（{meeting.roles}）　借据{'、'.join(meeting.loans)}", new_page=new_page)
    paper.table(made, (), _place(meeting, trip), (22, 158), size=11, lead=True, high_mm=8)
    paper.heading(made, "看到的（没看到的空着，不猜）")
    seen = [(one.title, f"□{one.good}", f"□{one.fair}", f"□{one.poor}", "") for one in items() if one.of == "home"]
    paper.table(made, ("看什么", "好", "中", "差", "依据"), seen, (24, 37, 31, 50, 38), size=10.5, lead=True, high_mm=7)
    paper.heading(made, "谈的结果")
    paper.table(made, (), _talk(), (22, 158), size=11, lead=True, high_mm=8)
    paper.heading(made, "取证（做到的打勾）")
    paper.table(made, (), _proof(meeting), (22, 158), size=10.5, lead=True, high_mm=7.5)
    paper.line(made, f"\n上门人签名：{' '.join(['＿＿＿＿＿＿＿＿'] * trip.staff)}　　{DAY}")
    paper.line(
        made,
        f"回来当天登记：ccm log {meeting.loans[0]} visit 见到 --to {meeting.party.name} --by 甲,乙 --at 15:20"
        f" --saw 收入:中；照片、录音归档。{caution()}。",
        small=True,
    )


def _place(meeting: Meeting, trip: Trip) -> list[tuple[str, str]]:
    places = "　".join(f"□{one.title}" for one in choices("place"))
    found = "　".join(f"□{one.title}" for one in choices("found"))
    return [
        ("上门", f"{trip.on.year}年{DAY}　到{HOUR}　离{HOUR}　同行：{trip.visitor_words}"),
        ("地点", f"{places}　{meeting.address or '（台账没有地址）＿＿＿＿＿＿＿＿＿＿'}"),
        ("见到谁", f"{found}　应门的：＿＿＿＿（＿＿＿）"),
    ]


def _talk() -> list[tuple[str, str]]:
    causes = "　".join(f"□{one.title}" for one in choices("cause"))
    return [
        ("欠款原因", f"{causes}"),
        ("答应", f"{DAY}前还＿＿＿＿＿＿＿元，钱从＿＿＿＿＿＿＿来　□本人签字　□没有答应"),
        ("原话", "\n\n"),
        ("下一步", f"□再上门{DAY}　□打电话{DAY}　□登记异议　□登记困难　□查财产线索"),
    ]


def _proof(meeting: Meeting) -> list[tuple[str, str]]:
    """V5, and the hand-over of each letter."""
    rows = [
        ("□ 录音", f"从{HOUR}到{HOUR}；开头说：日期、地点、在场的人，并告知对方在录音"),
        ("□ 照片一", f"小区（村口）大门，人持工作证或函件，门牌入镜　{HOUR}"),
        ("□ 照片二", f"楼（院）门口，人持工作证或函件，门牌入镜　{HOUR}"),
    ]
    rows += [("□ 函件", f"{paper.letter_no}　□本人签收、回执由本人写日期　□拒签　□未送达") for paper in meeting.papers]
    return rows
