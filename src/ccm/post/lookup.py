"""Which letters must be looked up at the post office today (L7), and what a returned one is worth and needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.post.proof import RESTARTS, UNSIGNED, grade, next_step, unsigned, worth
from ccm.post.words import post_data
from ccm.units import days_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ccm.life import Life
    from ccm.post.proof import Step
    from ccm.post.words import Grade


@dataclass(frozen=True, slots=True)
class LookUp:
    """A posted letter without a result: how many days it has been on the way, and which look-up is due."""

    life: Life
    days: int
    due_days: int


def look_ups(lives: Iterable[Life], ladder: Sequence[int], as_of: date) -> list[LookUp]:
    """Return the letters to look up, the longest on the way first.

    A look-up is due on each step of the ladder (3, 7 and 15 days, law.md §7.2) until one was made on or after its day;
    after the last step it stays due, because a letter without a result proves nothing.
    """
    found = []
    for life in lives:
        if life.voided or not life.posted or life.result:
            continue
        days = days_between(life.posted.on, as_of)
        reached = [step for step in ladder if step <= days]
        last = max((days_between(life.posted.on, one.on) for one in life.results), default=-1)
        if reached and last < reached[-1]:
            found.append(LookUp(life, days, reached[-1]))
    return sorted(found, key=lambda one: (-one.days, one.life.letter_no))


@dataclass(frozen=True, slots=True)
class Weight:
    """What a letter proves: its grade (law.md §7.2), that in a sentence, and what to do where it proves too little."""

    grade: str
    worth: str
    steps: tuple[Step, ...]

    @property
    def weak(self) -> bool:
        """It does not restart a limitation period by itself."""
        return self.grade not in RESTARTS


def weigh(life: Life) -> Weight:
    """Weigh the proof of a letter: its grade, and what follows from it."""
    graded, facts = graded_by(life), life.result.facts if life.result else {}
    if graded == "F" and unsigned(facts.get("status", "in_transit"), facts.get("signer", "")):
        return Weight(graded, _name_the_signer(life), next_step(graded, UNSIGNED))
    return Weight(graded, worth(graded), next_step(graded, str(facts.get("reason") or "")))


def _name_the_signer(life: Life) -> str:
    on = life.result.on if life.result else ""
    return str(post_data()["unsigned"]["worth"]).format(letter_no=life.letter_no, on=on)


def graded_by(life: Life) -> Grade:
    """Return the grade of a letter's proof by its result, its address and its return slip."""
    facts = life.result.facts if life.result else {}
    return grade(
        facts.get("status", "in_transit"),
        facts.get("signer", ""),
        str(facts.get("reason") or ""),
        address_agreed=bool(life.issued.facts.get("address_agreed_on") or life.papers("address_clause")),
        slip_signed=bool(life.papers("receipt")),
    )


def returned(lives: Iterable[Life]) -> list[Life]:
    """Return the letters that came back, the newest first."""
    back = [life for life in lives if life.state == "returned" and not life.voided]
    return sorted(
        back, key=lambda life: (life.result.on if life.result else life.issued.on, life.letter_no), reverse=True
    )
