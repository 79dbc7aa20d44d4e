"""The life of a letter and of a visit, as the journal tells it: separate facts, each with its day, person and file.

    issued → printed → listed → posted → delivered, refused or returned → every paper of it filed

Nothing here is stored: a life is read off the entries, and a correction is a later entry that counts instead.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.model import Entry

LetterState = Literal["issued", "posted", "delivered", "returned"]

LIFE_TITLES: dict[LetterState, str] = {
    "issued": "未寄",
    "posted": "已寄",
    "delivered": "已妥投",
    "returned": "已退回",
}
ITEM_TITLES = {
    "original": "自留正本",
    "waybill": "面单寄件人存联",
    "delivery": "投递打印页",
    "returned": "退件",
    "posting_list": "寄送清单",
    "receipt": "回执",
    "recording": "录音",
    "photo_gate": "小区门口照片",
    "photo_door": "楼门口照片",
}
"""The papers of a letter (L10) and of a visit (V5)."""
LETTER_ITEMS = ("original", "waybill", "delivery", "returned", "posting_list", "receipt")
VISIT_ITEMS = ("recording", "photo_gate", "photo_door")
FINAL = ("delivered", "refused", "returned")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened: on which day, written down by whom and when, and what the journal kept of it."""

    on: date
    actor: str
    at: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filed:
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
class Lives:
    """Every letter by its number, every visit by its number, and the posting lists that were filed.

    `plain` gives a letter's number by the form in which numbers are compared (`plain_no`).
    """

    letters: Mapping[str, Life]
    visits: Mapping[str, Visit]
    lists: Mapping[str, tuple[Filed, ...]]
    plain: Mapping[str, str]

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


def plain_no(text: str) -> str:
    """Return a number as it is compared: half-width, no blanks, one kind of brackets."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[(\[{【〔]", "〔", re.sub(r"[)\]}】〕]", "〕", bare))


def _stands_in(number: str, text: str) -> bool:
    """A number stands in a text where no further digit makes it another one."""
    return any(not text[: found.start()][-1:].isalnum() for found in re.finditer(re.escape(number), text))


FAMILIES = ("letter", "evidence", "visit")
"""The kinds of entries a life is made of: `letter-issued`, `evidence-filed`, `visit` …."""


def lives(entries: Iterable[Entry]) -> Lives:
    """Return what became of every letter and visit.

    Args:
        entries: The journal's entries in order; those of other kinds are passed over.
    """
    letters: dict[str, Life] = {}
    visits: dict[str, Visit] = {}
    lists: dict[str, tuple[Filed, ...]] = {}
    for entry in entries:
        note, facts = entry.note, entry.note.facts
        if note.kind == "letter-issued" and "loans" in facts:
            letters[note.letter_no] = _born(entry)
        elif note.kind == "visit":
            number = str(facts["visit_no"])
            visits[number] = Visit(number, note.loan_no, note.party, note.role, _fact(entry))
        elif note.kind in {"evidence-filed", "evidence-withdrawn"}:
            _file(entry, letters, visits, lists)
        elif note.letter_no in letters:
            letters[note.letter_no] = _lived(letters[note.letter_no], entry)
    return Lives(letters, visits, lists, {plain_no(number): number for number in letters})


def _born(entry: Entry) -> Life:
    note, facts = entry.note, _any(entry)
    return Life(
        note.letter_no,
        facts["kind"],
        facts["title"],
        note.loan_no,
        tuple(facts["loans"]),
        facts["borrower"],
        note.party,
        note.role,
        facts["address"],
        note.duty,
        _fact(entry),
    )


def _lived(life: Life, entry: Entry) -> Life:
    fact = _fact(entry)
    match entry.note.kind:
        case "letter-voided":
            return replace(life, voided=fact)
        case "letter-printed":
            return replace(life, printed=fact)
        case "letter-listed":
            return replace(life, listed=fact)
        case "letter-posted":
            return replace(life, posted=fact)
        case "letter-result":
            return replace(life, results=(*life.results, fact))
    return life


def _file(
    entry: Entry, letters: dict[str, Life], visits: dict[str, Visit], lists: dict[str, tuple[Filed, ...]]
) -> None:
    facts = _any(entry)
    number = facts["subject"]
    if number in letters:
        letters[number] = replace(letters[number], filed=_with(letters[number].filed, entry))
    elif number in visits:
        visits[number] = replace(visits[number], filed=_with(visits[number].filed, entry))
    else:
        lists[number] = _with(lists.get(number, ()), entry)


def _with(filed: tuple[Filed, ...], entry: Entry) -> tuple[Filed, ...]:
    """Add a paper, or take one away that was filed by mistake; the same place again is the newer bytes."""
    facts = _any(entry)
    others = tuple(one for one in filed if one.path != facts["path"])
    if entry.note.kind == "evidence-withdrawn":
        return others
    return (
        *others,
        Filed(
            facts["item"], facts["path"], facts["sha256"], facts["size"], facts["modified_ns"],
            entry.note.on, entry.actor, entry.at,
        ),
    )  # fmt: skip


def _fact(entry: Entry) -> Fact:
    return Fact(entry.note.on, entry.actor, entry.at, entry.note.facts)


def _any(entry: Entry) -> Mapping[str, Any]:
    return entry.note.facts
