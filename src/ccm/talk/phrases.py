"""The handbook on talking (T1-T8), causes (C3), objections (P1) and the door (V3): `data/talk.toml`, read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something not to be said, why, and the rule it breaks."""

    say: str
    why: str
    rule: str


@dataclass(frozen=True, slots=True)
class Technique:
    """One of the six listening techniques (T1-T6), with its purpose and a sentence that uses it."""

    rule: str
    key: str
    title: str
    purpose: str
    how: str
    say: str


@dataclass(frozen=True, slots=True)
class Occupation:
    """One of the ten occupations (T7).

    `words` name it in a ledger, `hours` is the key of its hours, `titles` are forms of address (one, or a man's and a
    woman's), `causes` are the causes of arrears to ask for first.
    """

    rule: str
    key: str
    title: str
    words: tuple[str, ...]
    hours: str
    titles: tuple[str, ...]
    signs: tuple[str, ...]
    approach: tuple[str, ...]
    openings: tuple[str, ...]
    avoid: tuple[Phrase, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """When people of one way of life can be called (P3): spans of a day like `12:00-13:30`, and why these."""

    rule: str
    key: str
    title: str
    words: tuple[str, ...]
    spans: tuple[str, ...]
    why: str

    def times(self) -> tuple[tuple[time, time], ...]:
        """Return the spans as times; the law's quiet hours are not yet taken off."""
        ends = (span.split("-") for span in self.spans)
        return tuple((time.fromisoformat(first), time.fromisoformat(last)) for first, last in ends)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of a style, and the words by which it is told."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """One of the four interpersonal styles (T8)."""

    rule: str
    key: str
    title: str
    kind: str
    signs: tuple[Sign, ...]
    approach: tuple[str, ...]
    openings: tuple[str, ...]
    avoid: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that finds one cause of arrears (C3): what to listen for, and what follows if it is this one."""

    rule: str
    key: str
    cause: str
    ask: str
    listen: str
    next: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What customers usually say (P1), told by its words, and how to answer it."""

    rule: str
    key: str
    title: str
    words: tuple[str, ...]
    answers: tuple[str, ...]
    ask: str
    next: str
    avoid: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What one meets at the door (V3): what to do, to say, to record."""

    rule: str
    key: str
    title: str
    do: tuple[str, ...]
    say: str
    record: str
    avoid: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class First:
    """The first words of every talk: make sure who it is, then say who one is (law.md §5.2)."""

    rule: str
    person: str
    company: str
    who: str
    matter: str
    wait: str
    stranger: str
    compound_surnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """All of `data/talk.toml`."""

    caution: str
    first: First
    technique: tuple[Technique, ...]
    occupation: tuple[Occupation, ...]
    hours: tuple[Hours, ...]
    style: tuple[Style, ...]
    avoid: tuple[Phrase, ...]
    question: tuple[Question, ...]
    objection: tuple[Objection, ...]
    situation: tuple[Situation, ...]


ROWS: dict[str, type] = {
    "technique": Technique,
    "occupation": Occupation,
    "hours": Hours,
    "style": Style,
    "avoid": Phrase,
    "question": Question,
    "objection": Objection,
    "situation": Situation,
}


@cache
def load() -> Talk:
    """Return the built-in words."""
    data = tomllib.loads(files("ccm").joinpath("data/talk.toml").read_text(encoding="utf-8"))
    rows = {table: tuple(_row(kind, row) for row in data[table]) for table, kind in ROWS.items()}
    return Talk(caution=data["caution"], first=_row(First, data["first"]), **rows)


def _row(kind: type, row: dict[str, Any]) -> Any:  # noqa: ANN401 - any of the records above
    return kind(**{key: tuple(map(_part, value)) if isinstance(value, list) else value for key, value in row.items()})


def _part(value: Any) -> Any:  # noqa: ANN401 - a text, a phrase or a sign
    if not isinstance(value, dict):
        return value
    return _row(Sign if "words" in value else Phrase, value)
