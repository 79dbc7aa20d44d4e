"""The papers a suit needs (law.md §9, as data in data/suit.toml), what the loan's file has, and what it lacks (C6)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ccm.suit.court import suit_data

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class PaperRule:
    """One line of the list: the archive's `items` that are it, whether it must be there, of each defendant or once.

    `when` says for which cases it is; `print` what ccm itself can make of it, `statement` or `pack`.
    """

    key: str
    group: str
    title: str
    items: tuple[str, ...]
    need: str
    per: str
    note: str
    source: str
    when: str = ""
    print: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """What the list hangs on: how many are sued, what secures the loan, and what was sent.

    `kinds` holds the conditions that are met (`PaperRule.when`); `unsure` those of which the ledger says nothing.
    `letters` and `acceleration` count letters, and of them those whose proof is whole.
    """

    defendants: int
    kinds: frozenset[str]
    unsure: frozenset[str]
    letters: tuple[int, int]
    acceleration: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A paper of one case: how many are wanted and how many are there; `lacks` says in words what is missing."""

    rule: PaperRule
    must: bool
    wanted: int
    has: int
    lacks: str

    @property
    def complete(self) -> bool:
        """Nothing that must be there is missing."""
        return not (self.must and self.lacks)


@cache
def rules() -> tuple[PaperRule, ...]:
    """Return the lines in the order in which they are handed over."""
    return tuple(PaperRule(**{**row, "items": tuple(row["items"])}) for row in suit_data()["paper"])


def checklist(matter: Matter, filed: Mapping[str, int], bad: Collection[str] = ()) -> list[Line]:
    """Return the list of one case.

    Args:
        matter: What the case is.
        filed: How many papers of each item lie in the loan's file.
        bad: Items of which a filed paper is lost, changed or unreadable.
    """
    return [
        _line(rule, matter, filed, bad)
        for rule in rules()
        if not rule.when or rule.when in matter.kinds or rule.when in matter.unsure
    ]


def _line(rule: PaperRule, matter: Matter, filed: Mapping[str, int], bad: Collection[str]) -> Line:
    must = rule.need == "must" and not (rule.when and rule.when in matter.unsure)
    if rule.key in {"letters", "acceleration"}:
        sent, whole = matter.letters if rule.key == "letters" else matter.acceleration
        lacks = f"{sent - whole}封的证据不全，见 ccm archive-check" if whole < sent else "" if sent else "没有发过函"
        return Line(rule, must, sent, whole, lacks)
    if rule.print == "pack":
        return Line(rule, must, 0, 0, "")
    wanted = matter.defendants if rule.per == "defendant" else 1
    has = sum(filed.get(item, 0) for item in rule.items)
    if not set(bad).isdisjoint(rule.items):
        return Line(rule, must, wanted, has, "归档后丢失、被改或读不出")
    lacks = f"{wanted}个被告，还差{wanted - has}份" if wanted > 1 else "没有归档"
    return Line(rule, must, wanted, has, lacks if has < wanted else "")
