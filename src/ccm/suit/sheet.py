"""The checklist of a suit's papers as a sheet to take along: to the file room, and to the court (C6, C11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm import paper
from ccm.model import ROLE_TITLES
from ccm.units import chinese_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from ccm.suit.checklist import Line
    from ccm.suit.notes import Docket

WIDTHS = (9, 54, 14, 38, 54, 11)


def write_list(lines: Sequence[Line], docket: Docket, on: date, path: Path) -> None:
    """Write the checklist.

    Raises:
        CcmError: `file-unwritable`.
    """
    borrower = docket.parties[0]
    sued = "、".join(f"{ROLE_TITLES[one.role]}{one.name}" for one in docket.parties)
    made = paper.document("起诉材料清单", carried=True)
    paper.line(made, f"借款人：{borrower.name}　　借据号：{docket.loan_no}　　{chinese_day(on)}")
    copies = len(docket.defendants) + 1
    paper.line(made, f"被告{copies - 1}人：{sued}。起诉状和证据各{copies}套（法院一套，被告每人一套）。")
    lacking = [one for one in lines if not one.complete]
    paper.line(made, f"必备的还缺{len(lacking)}项" if lacking else "必备的都在")
    heads = ("序", "材料", "要求", "档案里", "说明", "带齐")
    paper.table(made, heads, _rows(lines), WIDTHS, size=10.5, high_mm=7)
    paper.line(
        made,
        "\n整理人：＿＿＿＿＿＿　复核人：＿＿＿＿＿＿　移交：＿＿＿＿＿＿　接收：＿＿＿＿＿＿　＿＿月＿＿日",
    )
    paper.save(made, path)


def has_words(one: Line) -> str:
    """Say what the loan's file has of a paper."""
    if one.rule.print == "pack":
        return "打包时生成（ccm pack）"
    if one.lacks:
        return one.lacks
    return f"{one.has}封，证据齐全" if one.rule.key in {"letters", "acceleration"} else f"已归档{one.has}份"


def _rows(lines: Iterable[Line]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    group = ""
    for number, one in enumerate(lines, start=1):
        if one.rule.group != group:
            group = one.rule.group
            rows.append((group,))
        rows.append((number, one.rule.title, "必备" if one.must else "如有", has_words(one), one.rule.note, "□"))
    return rows
