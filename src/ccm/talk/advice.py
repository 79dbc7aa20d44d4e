"""The advice for one customer, put together.

The occupation decides what to begin with and how one greets, the style how to go on and how fast; an opening is one
sentence of each. What must not be said comes from both and from the rules of conduct (law.md §5.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccm.talk.phrases import First, Hours, Occupation, Phrase, Question, Style, Talk


@dataclass(frozen=True, slots=True)
class Call:
    """Who talks to whom; `female` is None where it is not known. Blank names print as ×."""

    name: str = ""
    company: bool = False
    female: bool | None = None
    bank: str = "××银行"
    manager: str = "×××"


@dataclass(frozen=True, slots=True)
class Advice:
    """How to talk with one customer: first words, openings, what to begin with, how to go on, what not to say."""

    occupation: Occupation | None
    style: Style | None
    first: str
    stranger: str
    openings: tuple[str, ...]
    avoid: tuple[Phrase, ...]
    questions: tuple[Question, ...]
    hours: Hours | None
    caution: str


def advise(
    talk: Talk, occupation: Occupation | None, style: Style | None, call: Call, hours: Hours | None = None
) -> Advice:
    """Put together how and when to talk with a customer; what is not known of them is None."""
    first = talk.first
    asked = (first.company if call.company else first.person).format(name=call.name or "×××")
    who = first.who.format(customer=_address(call, occupation, first), bank=call.bank, manager=call.manager)
    own = [one.avoid for one in (style, occupation) if one]
    turns = [phrase for pair in zip_longest(*own) for phrase in pair if phrase]
    asking = occupation.causes if occupation else ("income", "illness", "forgot")
    return Advice(
        occupation=occupation,
        style=style,
        first=asked,
        stranger=first.stranger,
        openings=_openings(first, who, occupation, style),
        avoid=(*turns, *talk.avoid),
        questions=tuple(one for cause in asking for one in talk.question if one.key == cause),
        hours=hours,
        caution=talk.caution,
    )


def _openings(first: First, who: str, occupation: Occupation | None, style: Style | None) -> tuple[str, ...]:
    """Greet as the occupation wants, go on as the style wants; a question is left to be answered first."""
    greetings = occupation.openings if occupation else ("{who}",)
    matters = [one.format(who="") for one in style.openings] if style else [first.matter]
    count = max(len(greetings), len(matters))
    return tuple(
        greeting.format(who=who) + (first.wait if greeting.endswith("？") else "") + matter
        for _, greeting, matter in zip(range(count), cycle(greetings), cycle(matters), strict=False)
    )


def _address(call: Call, occupation: Occupation | None, first: First) -> str:
    """王老师; 王大哥 or 王大姐 where it is known which; else the name. A company is not greeted by name."""
    if call.company:
        return ""
    titles = occupation.titles if occupation else ("先生", "女士")
    compound = call.name[:2] in first.compound_surnames and len(call.name) > 2
    surname = call.name[: 2 if compound else 1]
    if len(titles) == 1:
        return f"{surname or '×'}{titles[0]}"
    if call.female is None or not surname:
        return call.name
    return f"{surname}{titles[call.female]}"


def is_female(id_no: str | None) -> bool | None:
    """Tell from a citizen's identity number: its 17th digit is odd for men (law.md §10); None without one."""
    if not id_no or len(id_no) != 18 or not id_no[:17].isdigit():
        return None
    return int(id_no[16]) % 2 == 0
