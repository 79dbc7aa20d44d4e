"""The lives of letters, visits and deeds as records, each with its facts and its papers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

LetterState = Literal["issued", "posted", "delivered", "returned"]

LIFE_TITLES: dict[LetterState, str] = {
    "issued": "未寄",
    "posted": "已寄",
    "delivered": "已妥投",
    "returned": "已退回",
}
RESULT_TITLES = {"delivered": "妥投", "returned": "退回", "refused": "拒收", "in_transit": "在途"}
FINAL = ("delivered", "refused", "returned")


class Fact(NamedTuple):  # one for nearly every entry of a journal: a frozen dataclass takes four times as long
    """Something that happened: on which day, written down by whom and when, and what the journal kept of it."""

    on: date
    actor: str
    at: str
    facts: Mapping[str, Any]


class Filed(NamedTuple):
    """A paper in the archive: its item, where it lies (from the workspace), and what identifies its bytes.

    `modified_ns` is the file's time when it was filed, for a quick check.
    """

    item: str
    path: str
    sha256: str
    size: int
    modified_ns: int
    on: date
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Life:
    """A letter and all that became of it."""

    letter_no: str
    kind: str
    title: str
    loan_no: str
    loans: tuple[str, ...]
    borrower: str
    party: str
    role: str
    address: str
    duty: str
    issued: Fact
    voided: Fact | None = None
    printed: Fact | None = None
    listed: Fact | None = None
    posted: Fact | None = None
    results: tuple[Fact, ...] = ()
    filed: tuple[Filed, ...] = ()

    @property
    def result(self) -> Fact | None:
        """The last word on what became of it, None while it is on its way."""
        final = [one for one in self.results if one.facts["status"] in FINAL]
        return final[-1] if final else None

    @property
    def state(self) -> LetterState:
        """Where it stands; a refused letter comes back, so it counts as returned."""
        if self.result:
            return "delivered" if self.result.facts["status"] == "delivered" else "returned"
        return "posted" if self.posted else "issued"

    @property
    def sample(self) -> bool:
        """It was issued before the bank's name was set, and must not go out."""
        fields: Any = self.issued.facts.get("fields", {})
        return bool(fields.get("样张"))

    @property
    def waybill(self) -> str:
        """The waybill's number, empty while there is none."""
        return str(self.posted.facts["waybill"]) if self.posted else ""

    @property
    def list_no(self) -> str:
        """The posting list it went out on, empty where it went alone: a list of one letter is no batch (L9)."""
        return str(self.listed.facts["list_no"]) if self.listed and self.listed.facts["letters"] > 1 else ""

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit and what was filed of it."""

    visit_no: str
    loan_no: str
    party: str
    role: str
    visited: Fact
    filed: tuple[Filed, ...] = ()

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class Deed:
    """What keeps a right and is no letter of ours: its code of `data/rights.toml`, to whom it happened, and its papers.

    `parties` are roles and names; `deed_no` is `J` and the number of its entry, a plan's is that of its hold.
    """

    deed_no: str
    code: str
    title: str
    loan_no: str
    parties: tuple[tuple[str, str], ...]
    done: Fact
    filed: tuple[Filed, ...] = ()

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class LoanFile:
    """The papers of a loan itself: contract, note, voucher and what else a suit needs (C6, law.md §9)."""

    loan_no: str
    borrower: str
    filed: tuple[Filed, ...] = ()

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class Lives:
    """Every letter, visit and deed by its number, the lists that were filed, posting and hand-over, and loans' files.

    `handovers` are the numbers of the lists by which cases were handed over, signed and filed or not.
    `plain` gives a letter's number by the form in which numbers are compared (`plain_no`).
    """

    letters: Mapping[str, Life]
    visits: Mapping[str, Visit]
    lists: Mapping[str, tuple[Filed, ...]]
    plain: Mapping[str, str]
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    handovers: frozenset[str] = frozenset()
    files: Mapping[str, LoanFile] = field(default_factory=dict)

    def papers(self, life: Life, item: str) -> tuple[Filed, ...]:
        """The papers of a letter; its posting list lies with the list, once for all its letters."""
        own = life.papers(item)
        return own or (self.lists.get(life.list_no, ()) if item == "posting_list" else ())

    def letter_named(self, text: str) -> Life | None:
        """Find the letter whose number is, or stands within, a text that people or the post office wrote.

        〔2026〕 comes back as [2026], (2026) or 【2026】, with blanks in it; of several that fit, the longest is it.
        """
        wanted = plain_no(text)
        if wanted in self.plain:
            return self.letters[self.plain[wanted]]
        fitting = [number for number in self.plain if _stands_in(number, wanted)]
        return self.letters[self.plain[max(fitting, key=len)]] if fitting else None

    def letter_typed(self, text: str) -> Life | None:
        """Find the letter that a person means: by its number, or by the end of it where no other ends so (12号)."""
        wanted = plain_no(text)
        ends = [number for number in self.plain if _ends_with(number, wanted)]
        return self.letter_named(text) or (self.letters[self.plain[ends[0]]] if len(ends) == 1 else None)


def plain_no(text: str) -> str:
    """Return a number as it is compared: half-width, no blanks, one kind of brackets."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[(\[{【〔]", "〔", re.sub(r"[)\]}】〕]", "〕", bare))


def _ends_with(number: str, wanted: str) -> bool:
    """A number ends with what was typed where no further digit makes it another one."""
    rest = number.removesuffix(wanted)
    return rest != number and any(sign.isdigit() for sign in wanted) and not (rest[-1:] + wanted[0]).isdigit()


def _stands_in(number: str, text: str) -> bool:
    """A number stands in a text where no further digit makes it another one."""
    return any(not text[: found.start()][-1:].isalnum() for found in re.finditer(re.escape(number), text))
