"""The post office's words: what each phrase in a tracking text means, by data/post.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from ccm.statutes import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Grade = Literal["A", "B", "C", "D", "E", "F"]
"""Of evidence, A the best (law.md §7.2)."""

REFUSED = "拒收"
"""The reason that has a status of its own."""
NOT = r"(?P<no>(?:未|没有|没|无法|无|不能|不)(?:能|曾|成功|正常|及时|完成|顺利|被|人|予|有)*)?"
YET = (
    r"(?P<yet>(?:等待|等候|待|准备|即将|将|请(?:及时|尽快|注意|准备)?|以便|如需|如|若|是否|能否|预计|预约)"
    r"(?:已|未|被|能|再)?)?"
)
FAILED = r"(?P<failed>失败|不成功|未成功|未果|无果|异常|不了|不到)?"


@dataclass(frozen=True, slots=True)
class Word:
    """One phrase found in a text.

    `means` is what post.toml says (delivered, returned, refused, attempt, again, transit, lost, none, self, family,
    mail_room, other) or `reason`; then `reason` names it and `final` says whether it means a return by itself.
    """

    means: str
    reason: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a letter came back, and its grade of evidence by whether the address was agreed (law.md §7.2)."""

    name: str
    final: bool
    agreed: Grade
    elsewhere: Grade


@cache
def post_data() -> Mapping[str, Any]:
    """Return data/post.toml as it stands."""
    return tomllib.loads(named(files("ccm").joinpath("data/post.toml").read_text("utf-8")))


@cache
def reasons() -> Mapping[str, Reason]:
    """Return the reasons for a return by name."""
    rows = (Reason(row["name"], row["final"], row["agreed"], row["elsewhere"]) for row in post_data()["reason"])
    return {reason.name: reason for reason in rows}


@cache
def _lexicon() -> tuple[re.Pattern[str], Mapping[str, Word]]:
    meanings = {word: Word(row["means"]) for row in post_data()["phrase"] for word in row["words"]}
    for row in post_data()["reason"]:
        meanings |= dict.fromkeys(row["words"], Word("reason", row["name"], row["final"]))
    words = "|".join(map(re.escape, sorted(meanings, key=len, reverse=True)))
    return re.compile(f"{NOT}{YET}(?P<word>{words}){FAILED}"), meanings


def words_of(text: str) -> Iterator[Word]:
    """Give the phrases of a text in order, the longest where several begin; 未妥投 is none of 妥投's.

    A space parts phrases (退回 原因 is not 退回原因), unless nothing is found without joining (妥 投).
    """
    plain = unicodedata.normalize("NFKC", text)
    return iter([*_found(plain)] or [*_found(re.sub(r"\s+", "", plain))])


def _found(text: str) -> Iterator[Word]:
    """A delivery denied or failed is an attempt, one to come is on its way; anything else denied says nothing."""
    pattern, meanings = _lexicon()
    for match in pattern.finditer(text):
        word = meanings[match["word"]]
        if word.means == "delivered" and (match["no"] or match["failed"]):
            yield Word("attempt")
        elif word.means == "delivered" and match["yet"]:
            yield Word("transit")
        elif not (match["no"] or match["yet"]) or word.means in {"attempt", "transit", "again"}:
            yield word
