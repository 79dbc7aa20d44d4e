"""Whom one talks with: an occupation by the ledger's words, a style by its signs, an objection by what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol, TypeVar

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ccm.talk.phrases import Hours, Objection, Occupation, Sign, Style, Talk


@dataclass(frozen=True, slots=True)
class Placed:
    """A style's score: one point per word seen, shared between the styles that have it; `seen` tells word and sign."""

    style: Style
    score: float
    seen: tuple[tuple[str, str], ...]


class _Worded(Protocol):
    """What is told by words: an occupation or an objection."""

    @property
    def title(self) -> str: ...
    @property
    def words(self) -> tuple[str, ...]: ...


W = TypeVar("W", bound=_Worded)


def told_by(text: str, among: Iterable[W]) -> tuple[W, str] | None:
    """Return the entry whose longest word stands in `text`, with that word; the earlier of two alike, None of none."""
    found = [(one, word) for one in among for word in (one.title, *one.words) if word in text]
    return max(found, key=lambda pair: len(pair[1])) if found else None


def occupation_of(talk: Talk, name: str) -> Occupation:
    """Return the occupation called `name`: its title, its key, or a word of it (小学教师).

    Raises:
        CcmError: `occupation-unknown`, with the nearest names.
    """
    for one in talk.occupation:
        if one.key == name:
            return one
    found = told_by(name, talk.occupation)
    if found:
        return found[0]
    words = [word for one in talk.occupation for word in (one.title, *one.words)]
    raise CcmError("occupation-unknown", name=name, near=_near(name, words), known=_titles(talk.occupation))


def hours_of(talk: Talk, text: str, occupation: Occupation | None) -> Hours | None:
    """Return when somebody can be called, by the words of the ledger, else by the occupation (P3); None of neither."""
    found = told_by(text, talk.hours)
    key = found[0].key if found else occupation.hours if occupation else ""
    return next((one for one in talk.hours if one.key == key), None)


def style_of(talk: Talk, name: str) -> Style:
    """Return the style called `name`: 猫头鹰, 分析型 or owl, or a part that only one of them has.

    Raises:
        CcmError: `style-unknown`, with the nearest names.
    """
    found = [one for one in talk.style if name and name in f"{one.title} {one.kind} {one.key}"]
    if len(found) != 1:
        names = [name for one in talk.style for name in (one.title, one.kind)]
        near = f"；是不是 {'、'.join(one.title for one in found)}？" if found else _near(name, names)
        known = "、".join(f"{one.title}（{one.kind}）" for one in talk.style)
        raise CcmError("style-unknown", name=name, near=near, known=known)
    return found[0]


def objection_of(talk: Talk, said: str) -> Objection:
    """Return the objection that what the customer said comes to.

    Raises:
        CcmError: `objection-unknown`, with all that are known.
    """
    found = told_by(said, talk.objection)
    if not found:
        words = [word for one in talk.objection for word in (one.title, *one.words)]
        raise CcmError("objection-unknown", said=said, near=_near(said, words), known=_titles(talk.objection))
    return found[0]


def place(talk: Talk, seen: Sequence[str]) -> list[Placed]:
    """Score the four styles by what was seen of the customer, the likeliest first.

    Raises:
        CcmError: `sign-unknown` where a word tells no style.
    """
    hits: dict[str, list[tuple[str, str, float]]] = {one.key: [] for one in talk.style}
    for word in dict.fromkeys(seen):
        having = [(style, sign) for style in talk.style if (sign := _sign(style, word))]
        if not having:
            words = [word for style in talk.style for sign in style.signs for word in sign.words]
            raise CcmError("sign-unknown", word=word, near=_near(word, words))
        for style, sign in having:
            hits[style.key].append((word, sign.text, 1 / len(having)))
    placed = [
        Placed(one, sum(hit[2] for hit in hits[one.key]), tuple(hit[:2] for hit in hits[one.key])) for one in talk.style
    ]
    return sorted(placed, key=lambda one: -one.score)


def clear_style(placed: Sequence[Placed]) -> Style | None:
    """Return the style that leads, None where two lead together: then more must be seen."""
    first, second = placed[:2]
    return first.style if first.score > second.score else None


def _sign(style: Style, seen: str) -> Sign | None:
    """The sign a word tells: it contains one of the sign's words, or is a part of one (two characters at least)."""
    for sign in style.signs:
        for word in (sign.text, *sign.words):
            if _holds(seen, word) or (len(seen) > 1 and _holds(word, seen)):
                return sign
    return None


def _holds(text: str, part: str) -> bool:
    """Whether a text holds a part that is not denied: 不配合 does not hold 配合."""
    return re.search(rf"(?<![不没无]){re.escape(part)}", text) is not None


def _near(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, list(dict.fromkeys(names)), 3, cutoff=0.4)
    return f"；是不是 {'、'.join(near)}？" if near else ""


def _titles(among: Iterable[_Worded]) -> str:
    return "、".join(one.title for one in among)
