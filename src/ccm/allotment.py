"""Money that came in, given to those who promised it, each cent once.

Whoever is named as payer pays for their own promise first; what is left keeps the oldest promise that is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Payer = tuple[str, str]
"""A party of a loan: role and name."""


@dataclass(frozen=True, slots=True)
class Money:
    """Money that came in, in cents: from whom, None where nobody is named, and which promises it can keep.

    `keeps` are their places, the oldest first.
    """

    cents: int
    payer: Payer | None
    keeps: Sequence[int]


def allot(promised: Sequence[tuple[Payer, int]], came: Sequence[Money]) -> list[int]:
    """Return what each promise gets, in cents: never more than it is for, and together never more than came.

    Args:
        promised: Who promised and how much, the oldest first.
        came: The money, in the order in which it came.
    """
    given, left = [0] * len(promised), [one.cents for one in came]
    for own in (True, False):
        for place, money in enumerate(came):
            for at in money.keeps:
                payer, cents = promised[at]
                if own and payer != money.payer:
                    continue
                part = min(left[place], cents - given[at])
                given[at], left[place] = given[at] + part, left[place] - part
    return given
