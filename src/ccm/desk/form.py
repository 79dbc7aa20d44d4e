"""What can be logged at the desk, and how a typed line is read: one line of words, as `ccm log` takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.said import cents, choice, known
from ccm.spoken_days import read_day
from ccm.units import WEEKDAYS, yuan

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be logged: by which keys, under which title, and what its line asks for.

    `needs` tells that a line without words says nothing.
    """

    kind: str
    keys: tuple[str, str]
    title: str
    asks: str
    needs: bool = True


ACTIONS = (
    Action("answered", ("1", "a"), "接通", "说了什么；也可先写 拒还、挂断、他人接", needs=False),
    Action("missed", ("2", "n"), "没接", "回车就是没接；也可写 关机、占线、空号", needs=False),
    Action("promise", ("3", "p"), "承诺", "金额 日子 话，如 5000 周五 卖了猪就还"),
    Action("cause", ("4", "c"), "原因", "失业、患病、受灾、周转、亏损……或照原话"),
    Action("note", ("5", "b"), "备注", "别处记不下的话"),
    Action("wrong-number", ("6", "w"), "错号", "回车就是台账里的号码打错；可写听到的话", needs=False),
    Action("dispute", ("7", "d"), "异议", "对什么有异议；停催，到期前要答复"),
    Action("hardship", ("8", "h"), "困难", "有什么困难，请求什么；停催，到期前要答复"),
    Action("visit", ("9", "v"), "上门", "结果 +同去的人 看到的 话，如 见到 +李强 收入:中 月底还"),
    Action("query", ("0", "u"), "查询", "内部、征信、第三方，再写查到什么"),
)
"""In the order of their digits: a digit passes an input method that is switched on, a letter does not."""

BY_KIND = {one.kind: one for one in ACTIONS}


@dataclass(frozen=True, slots=True)
class Draft:
    """A line for one party of one loan, as far as it is typed; `on` is the day it was begun (ISO)."""

    loan_no: str
    kind: str
    role: str
    party: str
    text: str
    on: str

    @property
    def action(self) -> Action:
        """What it logs."""
        return BY_KIND[self.kind]

    @property
    def words(self) -> list[str]:
        """Its words; a full-width space, as an input method sets it, parts them too."""
        return self.text.split()


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit as it was typed: whom it met, who came along, what was seen, and words."""

    found: str
    along: tuple[str, ...]
    saw: tuple[str, ...]
    text: str


def visit_of(words: list[str]) -> Visited:
    """Read a visit's words: the result first, then in any order `+李强`, `收入:中`, and what else was said."""
    found, rest = (words[0], words[1:]) if words else ("", [])
    along = tuple(word.lstrip("+＋") for word in rest if word[0] in "+＋")
    saw = tuple(word for word in rest if re.match(r"[^+＋]\S*[:：][好中差]", word))
    text = " ".join(word for word in rest if word not in saw and word[0] not in "+＋")
    return Visited(found, tuple(filter(None, along)), saw, text)


def reading(draft: Draft, on: date) -> tuple[str, bool]:
    """Return how a line is understood so far, and whether it can be logged; `on` is the day it is logged for."""
    if not draft.words:
        return ("还没写", False) if draft.action.needs else ("", True)
    reader = READERS.get(draft.kind)
    try:
        return reader(draft.words, on) if reader else ("", True)
    except CcmError as error:
        return error.message, False


def _promise(words: list[str], on: date) -> tuple[str, bool]:
    amount = f"{yuan(cents(words[0]))}元"
    if len(words) < 2:
        return f"{amount}，哪天还？", False
    by = read_day(words[1], on, "ahead")
    return f"{by}（周{WEEKDAYS[by.weekday()]}）前还{amount}", True


def _visit(words: list[str], _: date) -> tuple[str, bool]:
    told = visit_of(words)
    who = f"同{'、'.join(told.along)}" if told.along else "一人去（两人以上才算办了）"
    return "；".join((choice("found", told.found).title, who, *told.saw)), True


def _query(words: list[str], _: date) -> tuple[str, bool]:
    sources = [choice("source", word).title for word in re.split(r"[、,，]+", words[0]) if word]
    return f"查询{'、'.join(sources)}", bool(sources)


def _call(words: list[str], _: date) -> tuple[str, bool]:
    found = known("call", words[0])
    if found and found.code == "promised":
        return "承诺另按3记，好核对金额和日子", False
    return (f"记作{found.title}" if found else ""), True


def _cause(words: list[str], _: date) -> tuple[str, bool]:
    found = known("cause", words[0])
    return (f"记作{found.title}" if found else "照原话记"), True


READERS: dict[str, Callable[[list[str], date], tuple[str, bool]]] = {
    "answered": _call,
    "missed": _call,
    "promise": _promise,
    "cause": _cause,
    "visit": _visit,
    "query": _query,
}
"""How the line of each kind is understood; the others are words, whatever they are."""
