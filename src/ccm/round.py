"""The day's round: what one person can do in one day, on one A4 page (P2, V2; ideas: same morning on the bus).

Promises that fall due, doors in road order, calls in rank order with their hours; then letters and look-ups by name.
The page holds so many lines and no more: what does not fit is counted and named on its last line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm import paper
from ccm.units import chinese_day, short_yuan
from ccm.visit.route import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from ccm.model import Promise, Role, Signal
    from ccm.visit.route import Area, Door

ROOM = 31
"""Lines of the page that promises, doors and calls share."""
NAMED = 46
"""Characters of names in one line of letters, look-ups or what is left."""


@dataclass(frozen=True, slots=True)
class Call:
    """One person to be called, over all their loans: when, why; `hours` like `12:00-13:30`, the lawful ones only."""

    rank: int
    loan_nos: tuple[str, ...]
    party: str
    role: Role
    phone: str | None
    hours: tuple[str, ...]
    overdue_cents: int
    dpd: int
    why: str


@dataclass(frozen=True, slots=True)
class Post:
    """One letter that waits: issued and not posted, with its number; or owed and without one."""

    letter_no: str
    title: str
    party: str
    loan_no: str


@dataclass(frozen=True, slots=True)
class Round:
    """Everything of one day for one manager, or for all of them where `manager` is empty.

    `promises` fall due on the day, with the promisers' numbers by name; `areas` are the doors in road order and
    `pressing` their places in the rank order of the loans behind them; `lookups` name whom to look up,
    `uncalled` whom a call is owed to and is not made that day.
    """

    on: date
    manager: str
    promises: tuple[tuple[Promise, str | None], ...]
    areas: tuple[Area, ...]
    calls: tuple[Call, ...]
    posts: tuple[Post, ...]
    lookups: tuple[str, ...]
    held: tuple[str, ...] = ()
    warned: tuple[tuple[str, Signal], ...] = ()
    uncalled: tuple[str, ...] = ()

    @property
    def doors(self) -> int:
        """How many doors there are."""
        return sum(len(area.doors) for area in self.areas)


@dataclass(frozen=True, slots=True)
class Page:
    """What of a round stands on the page, and a line for everything that does not."""

    promises: tuple[tuple[Promise, str | None], ...]
    areas: tuple[Area, ...]
    calls: tuple[Call, ...]
    rest: str


def share(counts: Sequence[int], room: int) -> list[int]:
    """Share lines between sections: each gets an even part, and what one does not need goes to the others.

    The parts add up to `room` where there is so much, and no section gets more than it has.
    """
    given = [0] * len(counts)
    while room and (open_ := [place for place, count in enumerate(counts) if given[place] < count]):
        even = max(1, room // len(open_))
        for place in open_:
            more = min(even, counts[place] - given[place], room)
            given[place] += more
            room -= more
    return given


def page_of(whole: Round, urgency: Callable[[Door], int], room: int = ROOM) -> Page:
    """Choose what stands on the page: the most urgent of each section, doors still in road order.

    Args:
        whole: The round.
        urgency: The rank of the most urgent loan behind a door; the smallest goes first.
        room: How many lines there are.
    """
    doors = sorted((door for area in whole.areas for door in area.doors), key=urgency)
    promises, visits, calls = share((len(whole.promises), len(doors), len(whole.calls)), room)
    chosen = {id(door) for door in doors[:visits]}
    areas = [type(area)(area.name, tuple(door for door in area.doors if id(door) in chosen)) for area in whole.areas]
    left = (
        ("承诺", "项", [one.party for one, _ in whole.promises[promises:]]),
        ("上门", "处", [door.meetings[0].party.name for door in doors[visits:]]),
        ("电话", "人", [one.party for one in whole.calls[calls:]]),
    )
    told = [f"{title}{len(names)}{unit}（{clipped(names, NAMED)}）" for title, unit, names in left if names]
    return Page(
        whole.promises[:promises],
        tuple(area for area in areas if area.doors),
        whole.calls[:calls],
        "；".join(told),
    )


def clipped(names: Sequence[str], most: int) -> str:
    """Join names as far as they fit into `most` characters; 等 stands for the others, who are counted beside it."""
    shown: list[str] = []
    for name in names:
        if sum(len(one) + 1 for one in shown) + len(name) > most:
            return f"{'、'.join(shown)}等" if shown else f"{name[: most - 1]}…等"
        shown.append(name)
    return "、".join(shown)


def letters_line(posts: Iterable[Post]) -> str:
    """Say which letters wait for the post, and how many are not even issued."""
    posts = list(posts)
    ready = [f"{one.party}{one.letter_no}" for one in posts if one.letter_no]
    owed = [one.party for one in posts if not one.letter_no]
    parts = [f"待寄{len(ready)}封（{clipped(ready, NAMED)}）" if ready else ""]
    parts += [f"该发未签发{len(owed)}封（{clipped(owed, NAMED)}）" if owed else ""]
    return "；".join(filter(None, parts)) or "没有"


def warned_line(warned: Sequence[tuple[str, Signal]]) -> str:
    """Say whose warning signals are to be seen to, and how many of them are late (W2, W3)."""
    names = list(dict.fromkeys(borrower for borrower, _ in warned))
    late = sum(one.overdue for _, one in warned)
    return f"{len(warned)}个{f'，过期{late}个' if late else ''}（{clipped(names, NAMED)}）"


def lookups_line(names: Sequence[str]) -> str:
    """Say whom to look up in the internal systems, the credit bureau and elsewhere (C3)."""
    return f"{len(names)}人（{clipped(names, NAMED)}）" if names else "没有"


def uncalled_line(names: Sequence[str]) -> str:
    """Say to whom a call is owed that is not made today, and where the reasons stand."""
    return f"{len(names)}人（{clipped(names, NAMED)}），原因见 ccm calls"


def write_page(whole: Round, page: Page, path: Path) -> None:
    """Write the round as a Word document of one A4 page.

    Raises:
        CcmError: `file-unwritable`.
    """
    made = paper.document(
        f"{chinese_day(whole.on)}　{whole.manager or '全部客户经理'}　当日安排",
        carried=True,
    )
    rows = [*_promise_rows(page), *_door_rows(page), *_call_rows(page)]
    heads = ("时间、地点", "谁", "电话", "为什么", "结果")
    paper.table(made, heads, rows, (46, 23, 27, 40, 44), size=9, high_mm=6.4, at_least=False)
    if whole.uncalled:
        paper.line(made, f"不打　{uncalled_line(whole.uncalled)}", small=True, bold=True)
    paper.line(made, f"信函　{letters_line(whole.posts)}", small=True, bold=True)
    paper.line(made, f"查询　{lookups_line(whole.lookups)}", small=True, bold=True)
    if whole.warned:
        paper.line(made, f"预警　{warned_line(whole.warned)}", small=True, bold=True)
    if whole.held:
        paper.line(made, f"暂停　{len(whole.held)}笔不联系（{clipped(whole.held, NAMED)}）", small=True, bold=True)
    if page.rest:
        paper.line(made, f"写不下的　{page.rest}", small=True, bold=True)
    paper.save(made, path)


CALLED = "□通 □没接 □错号 ＿＿"
VISITED = "□见 □没人 □搬 □拒 □旁"
PAID = "□到账 □没到 ＿＿＿＿"


def _promise_rows(page: Page) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [(f"今天到期的承诺　{len(page.promises)}项",)] if page.promises else []
    for one, phone in page.promises:
        owed = f"承诺还{short_yuan(one.amount_cents)}"
        rows.append(("先查账，没到再打", fit(one.party, 12), phone or "没有电话", owed, PAID))
    return rows


def _door_rows(page: Page) -> list[tuple[str, ...]]:
    count = sum(len(area.doors) for area in page.areas)
    rows: list[tuple[str, ...]] = [(f"上门　{count}处（两人同行，按地址归拢）",)] if count else []
    rows += [
        (fit(where(area, door), 24), fit(who(door), 12), phone_of(door), fit(why(door), 20), VISITED)
        for area in page.areas
        for door in area.doors
    ]
    return rows


def _call_rows(page: Page) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [(f"电话　{len(page.calls)}人",)] if page.calls else []
    rows += [
        (hours_words(one.hours), fit(one.party, 12), one.phone or "没有电话", fit(call_words(one), 20), CALLED)
        for one in page.calls
    ]
    return rows


def hours_words(spans: Sequence[str]) -> str:
    """Write hours as they fit a cell: `08:00-08:30` is 8:00-8:30, and of three spans 8-8:30."""
    full = ":00" if len(spans) > 2 else ""
    return " ".join("-".join(end.removesuffix(full).lstrip("0") for end in span.split("-")) for span in spans)


def call_words(call: Call) -> str:
    """Say how long overdue somebody is and what the call is for."""
    return f"{call.dpd}天 {call.why}"


def where(area: Area, door: Door) -> str:
    """Say where a door is: the township by its bare name, the village and the house, which must not be cut off."""
    return f"{stem(door.spot)}{door.spot.village}{door.spot.rest}" or area.name


def who(door: Door) -> str:
    """Say who lives behind a door."""
    first, *others = (one.party.name for one in door.meetings)
    return f"{first}等{len(others) + 1}人" if others else first


def phone_of(door: Door) -> str:
    """Return the number of the first person behind a door."""
    return door.meetings[0].party.phone or "没有电话"


def why(door: Door) -> str:
    """Say how long overdue the loans behind a door are, what is owed, and as what the person owes it."""
    cases = {one.case.loan_no: one.case for meeting in door.meetings for one in meeting.errands}
    roles = {one.party.role for meeting in door.meetings for one in meeting.errands}
    role = "担保 " if roles == {"guarantor"} else ""
    total = short_yuan(sum(case.overdue_cents for case in cases.values()))
    letters = sum(len(meeting.papers) for meeting in door.meetings)
    return f"{role}{max(case.dpd for case in cases.values())}天 {total}{f' 带函{letters}' if letters else ''}"


def fit(text: str, cells: int) -> str:
    """Cut a text to so many half-width cells, with … where it was cut: a row of the page is one line high."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= cells else set_cell_size(text, cells - 2).rstrip() + "…"
