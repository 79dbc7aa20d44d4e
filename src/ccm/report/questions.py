"""The three questions of a Monday: what got worse, who missed what, what is lost if nothing is done this month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.report import compliance as done
from ccm.report import loans as of
from ccm.report import records
from ccm.report.lists import getter
from ccm.report.pivots import Measure, Pivot, Query, matcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ccm.report.lists import Book, Row, Value

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """The first rows of a list, or the first lines of the table `top`: what stands under a question at once.

    `sort` names the columns whose sum puts rows in order, the largest first, or the smallest where `rising`.
    """

    title: str
    of: str = ""
    where: Mapping[str, tuple[str, ...]] | None = None
    sort: tuple[str, ...] = ()
    rising: bool = False
    columns: tuple[str, ...] = ()
    top: str = ""
    measures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the numbers that answer it, the first of them large, and what stands under it."""

    title: str
    figures: Pivot
    spot: Spot
    empty: str


def questions(stages: Sequence[str], worse: Sequence[str], *, last: bool) -> tuple[Question, ...]:
    """Return the three questions; `worse` are the moves that are none for the better."""
    return _worse(stages, worse, last=last), _missed(), _lost()


def _worse(stages: Sequence[str], worse: Sequence[str], *, last: bool) -> Question:
    moved = {"move": tuple(worse)}
    final = {**moved, "stage": tuple(stages[-1:])}
    figures = (
        Measure("笔变坏", (Query("loans", moved),)),
        Measure("万元欠款", (Query("loans", moved, ("principal", "interest")),), unit="money"),
        *(Measure(move, (Query("loans", {"move": (move,)}),)) for move in worse),
        Measure(f"进入{stages[-1]}", (Query("loans", final),)),
    )
    title = "什么变坏了？"
    return Question(
        title, _one("worse", title, figures),
        Spot("欠得最多的", "loans", moved, ("principal", "interest"),
             columns=("borrower", "last", "stage", "principal+interest", "manager")),
        "与上次比，没有变坏的。" if last else "只读过一次台账，还没有可比的。",
    )  # fmt: skip


def _missed() -> Question:
    missed = {"state": (done.MISSED,)}
    late = {"state": (done.LATE,)}
    due = {"state": (done.DUE,)}
    earlier = {"state": (done.EARLIER,)}
    figures = (
        Measure("项漏办", (Query("duties", missed, ("n",)),)),
        Measure("笔贷款", (Query("duties", missed, ("case",)),)),
        Measure("迟办（项）", (Query("duties", late, ("n",)),)),
        Measure("限期内未办（项）", (Query("duties", due, ("n",)),)),
        Measure("启用前到期、不计入（项）", (Query("duties", earlier, ("n",)),)),
        Measure("预警过期（个）", (Query("signals", {"standing": (records.OVERDUE,)}),)),
    )
    spot = Spot("漏得最多的", top="duties-manager", measures=(done.STATES.index(done.MISSED), len(done.STATES) + 1))
    title = "谁漏了什么？"
    return Question(title, _one("missed", title, figures), spot, "没有漏办的。")


def _lost() -> Question:
    soon = {"span": (records.SOON,)}
    figures = (
        Measure("项权利30天内到期", (Query("rights", soon),)),
        Measure("万元余额靠它", (Query("rights", soon, ("at_stake",)),), unit="money"),
        Measure("已过最早读法、还可争（项）", (Query("rights", {"span": (records.PAST,)}),)),
        Measure("近30天已丧失（项）", (Query("rights", {"span": (records.LOST,)}),)),
        Measure("30天内进入最后阶段（笔）", (Query("loans", {"soon": (of.SOON,)}),)),
    )
    spot = Spot("最先到期的", "rights", soon, ("ends_on",), rising=True,
                columns=("ends_on", "borrower", "right", "act", "manager"))  # fmt: skip
    title = "这个月不动，会丢什么？"
    return Question(title, _one("lost", title, figures), spot, "30天内没有要到期的权利。")


def _one(key: str, title: str, measures: Iterable[Measure]) -> Pivot:
    return Pivot(f"q-{key}", title, "", "", tuple(measures), total=False, trim=False)


def first(spot: Spot, book: Book) -> list[Row]:
    """Return the first rows of a spot's list, as the page shows them."""
    listing = book[spot.of]
    asked = matcher(book, listing, Query(spot.of, spot.where or {}))
    parts = [getter(book, listing, name) for name in spot.sort]

    def weight(row: Row) -> int:
        return sum(_number(get(row)) for get in parts)

    rows = [row for row in listing.rows if asked(row)]
    return sorted(rows, key=weight, reverse=not spot.rising)[:SHOWN]


def _number(value: Value) -> int:
    return value if isinstance(value, int) else value.toordinal() if value and not isinstance(value, str) else 0
