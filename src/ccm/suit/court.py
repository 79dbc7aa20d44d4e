"""The stages of a case before the court, as data, and the period that follows each (data/suit.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.statutes import named
from ccm.units import add_months, plus_days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ccm.model import Filing


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: the words for it, what it tells the clocks of the rights, and the period that follows it.

    Of `days`, `months` and `period` (a key of the rights file) at most one is set; `act` is what to do within it,
    `heed` what follows if it is not done.
    """

    key: str
    title: str
    words: tuple[str, ...]
    source: str
    event: str = ""
    days: int = 0
    months: int = 0
    period: str = ""
    act: str = ""
    heed: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period that follows a stage, not moved to a working day, and what is to be done by then."""

    on: date
    stage: Stage


@cache
def suit_data() -> dict[str, Any]:
    """Return data/suit.toml."""
    return tomllib.loads(named(files("ccm").joinpath("data/suit.toml").read_text(encoding="utf-8")))


@cache
def stages() -> tuple[Stage, ...]:
    """Return the stages in their usual order."""
    return tuple(Stage(**{**row, "words": tuple(row["words"])}) for row in suit_data()["stage"])


def stage(said: str) -> Stage:
    """Return the stage a word stands for.

    Raises:
        CcmError: `stage-unknown`, with all there are.
    """
    word = said.strip()
    found = next((one for one in stages() if word in {one.key, one.title, *one.words}), None)
    if found is None:
        raise CcmError("stage-unknown", stage=said, known="、".join(one.title for one in stages()))
    return found


def deadline(filing: Filing, months: Mapping[str, int]) -> Deadline | None:
    """Return the period that runs since the newest stage of a case, None where none does.

    Args:
        filing: The suit, its stages in the order they were reached.
        months: The rights file's periods, by key.
    """
    if filing.withdrawn_on or not filing.stages:
        return None
    last = filing.stages[-1]
    one = next((one for one in stages() if one.key == last.key), None)
    if one is None or not (one.days or one.months or one.period):
        return None
    if one.days:
        return Deadline(plus_days(last.from_on, one.days), one)
    return Deadline(add_months(last.from_on, one.months or months[one.period]), one)
