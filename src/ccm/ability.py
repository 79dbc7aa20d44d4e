"""The ability to repay, from what was seen on a visit and what the accounts show (V4): a score with its reasons.

Each item that is known gives its weight whole, half or not at all; what was not seen counts for nothing either way.
The score sets side by side what is known. It is never a verdict, and it says so.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Grade = Literal["good", "fair", "poor"]
SHARES: dict[str, float] = {"good": 1.0, "fair": 0.5, "poor": 0.0}
GRADE_WORDS: dict[str, Grade] = {"好": "good", "中": "fair", "差": "poor"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: what its three grades mean, and how much it weighs; `of` is `home` or `ledger`."""

    key: str
    title: str
    weight: int
    of: Literal["home", "ledger"]
    good: str
    fair: str
    poor: str
    words: tuple[str, ...]

    def meaning(self, grade: str) -> str:
        """Return what a grade means for this item."""
        return {"good": self.good, "fair": self.fair, "poor": self.poor}[grade]


@dataclass(frozen=True, slots=True)
class Seen:
    """An item with its grade, and in whose words; `said` is empty where nothing was added."""

    item: Item
    grade: Grade
    said: str = ""


@dataclass(frozen=True, slots=True)
class Ability:
    """The score (0 to 100), how many items are known of how many, and a reason for each."""

    score: int
    known: int
    of: int
    reasons: tuple[str, ...]


@cache
def items() -> tuple[Item, ...]:
    """Return the items in the order of the observation form."""
    rows: list[dict[str, Any]] = _data()["item"]
    return tuple(Item(**{**row, "words": tuple(row["words"])}) for row in rows)


def caution() -> str:
    """Return the sentence that stands beside every score."""
    return str(_data()["caution"])


def read(text: str) -> Seen:
    """Read one observation as it is typed: `收入:好`, `邻居:差:说常年在外`; or the grade's own words, `收入:稳定`.

    Raises:
        CcmError: `observation-unclear`, with what may be said.
    """
    name, _, rest = text.replace("：", ":").replace("=", ":").partition(":")
    word, _, said = rest.partition(":")
    item = next((one for one in items() if one.of == "home" and name in {one.key, one.title, *one.words}), None)
    if item is None:
        known = "、".join(one.words[0] for one in items() if one.of == "home")
        raise CcmError("observation-unclear", value=text, known=f"可看的有：{known}")
    grade = GRADE_WORDS.get(word) or next((one for one in GRADE_WORDS.values() if item.meaning(one) == word), None)
    if grade is None:
        known = "，".join(f"{letter}（{item.meaning(GRADE_WORDS[letter])}）" for letter in "好中差")
        raise CcmError("observation-unclear", value=text, known=f"{item.title}可写：{known}")
    return Seen(item, grade, said)


def accounts(past_arrears: int | None, *, paid: bool = False, promised: bool = False) -> dict[str, Grade]:
    """Return what the ledger and the journal answer by themselves.

    Args:
        past_arrears: How often the debtor was in arrears before, None where the ledger does not say.
        paid: Whether a payment was logged since these arrears began.
        promised: Whether one was promised since.
    """
    grades: dict[str, Grade] = {"repayments": "good" if paid else "fair" if promised else "poor"}
    if past_arrears is not None:
        grades["history"] = "good" if past_arrears == 0 else "fair" if past_arrears <= 3 else "poor"
    return grades


def of_accounts(grades: Mapping[str, Grade]) -> list[Seen]:
    """Return the items that the ledger and the journal answer, in the form's order."""
    return [Seen(one, grades[one.key]) for one in items() if one.of == "ledger" and one.key in grades]


def score(seen: Iterable[Seen]) -> Ability:
    """Return what is known, weighed: the points reached of those that the known items could give, in per cent."""
    seen = list(seen)
    most = sum(one.item.weight for one in seen)
    points = sum(one.item.weight * SHARES[one.grade] for one in seen)
    reasons = tuple(
        f"{one.item.title}：{one.item.meaning(one.grade)}"
        f"（{one.item.weight * SHARES[one.grade]:g}/{one.item.weight}分）{f'，{one.said}' if one.said else ''}"
        for one in seen
    )
    return Ability(round(100 * points / most) if most else 0, len(seen), len(items()), reasons)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("ccm").joinpath("data/ability.toml").read_text(encoding="utf-8"))
