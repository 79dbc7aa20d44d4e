"""The words of warning work, as data: where a signal comes from (W1), and the nine measures (W4)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.policy import Policy

HEAD_OFFICE, SYSTEM = "总行", "系统"
"""The sources that no manager writes: head office's list, and the ledger itself."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the nine measures of W4."""

    no: int
    title: str
    text: str


@cache
def warn_data() -> dict[str, Any]:
    """Return data/warn.toml."""
    return tomllib.loads(files("ccm").joinpath("data/warn.toml").read_text(encoding="utf-8"))


@cache
def measures() -> tuple[Measure, ...]:
    """Return the nine measures in their order."""
    return tuple(Measure(**row) for row in warn_data()["measure"])


def measure(said: str) -> Measure:
    """Return the measure meant: by number, by name, or by a part of its words that no other has.

    Raises:
        CcmError: `measure-unknown`, with all nine.
    """
    said = said.strip()
    number = re.fullmatch(r"[（(]?(\d+)[)）、.]?", said)
    fitting = [
        one
        for one in measures()
        if (one.no == int(number[1]) if number else bool(said) and (said in one.title or said in one.text))
    ]
    exact = [one for one in fitting if said == one.title] or fitting
    if len(exact) != 1:
        known = "；".join(f"{one.no} {one.title}" for one in measures())
        raise CcmError("measure-unknown", where="--measure", measure=said, known=known)
    return exact[0]


def level(said: str, policy: Policy) -> str | None:
    """Return which of the policy's levels is meant, by its name or one of its words; None where none is."""
    said = said.strip().casefold()
    return next(
        (one.label for one in policy.levels if said in {word.casefold() for word in (one.label, *one.words)}), None
    )


def titles(numbers: Iterable[int]) -> list[str]:
    """Return the names of measures by their numbers."""
    names = {one.no: one.title for one in measures()}
    return [names.get(number, str(number)) for number in numbers]


def source(said: str) -> str:
    """Return which of the four sources of W1 is meant, under its full name.

    Raises:
        CcmError: `word-unknown`, with the four.
    """
    rows = warn_data()["source"]
    found = next((row["title"] for row in rows if said.strip() in {row["title"], *row["words"]}), None)
    if found is None:
        raise CcmError("word-unknown", where="--source", word=said, known="、".join(row["title"] for row in rows))
    return str(found)
