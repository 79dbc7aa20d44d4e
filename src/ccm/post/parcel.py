"""A letter as the post office sees it: from whom, to whom, and what the outside may say is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ccm.model import LETTER_TITLES

if TYPE_CHECKING:
    from ccm.life import Life

Contents = Literal["neutral", "title"]
"""What a waybill to a natural person declares: a neutral form, or the letter's full title."""

NEVER_POSTED = {"lawyer_letter": "律师函由律师事务所签发和寄送，我行不寄（中银协催收指引）"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One letter ready for the post: `pages` is None where nobody has counted them."""

    letter_no: str
    title: str
    loans: tuple[str, ...]
    recipient: str
    phone: str
    address: str
    company: bool
    pages: int | None

    def contents(self, setting: Contents) -> str:
        """Return the declared contents (内件品名, L5).

        A company's waybill says the full title, so that what was sent is fixed; a person's says a neutral one with the
        letter number, because the outside of a letter must not tell of a debt (law.md §5.2, "What follows" 7).
        The posting list, which the post office seals, has the full title of both.
        """
        what = f"《{self.title}》" if self.company or setting == "title" else "通知书"
        return f"{self.letter_no}{what}{f'{self.pages}页' if self.pages else ''}"


def parcel(life: Life, pages: int | None) -> Parcel:
    """Return the parcel of an issued letter, with what its entry kept of that day."""
    facts = life.issued.facts
    return Parcel(
        life.letter_no,
        LETTER_TITLES.get(life.kind, life.title),
        life.loans,
        life.party,
        str(facts.get("phone") or ""),
        life.address,
        bool(facts.get("company")),
        pages,
    )


def ready(life: Life) -> str:
    """Return why a letter does not go to the post office, empty where it does."""
    if life.voided:
        return "已作废"
    if life.posted:
        return f"已于{life.posted.on}寄出"
    if life.sample:
        return "样张：签发时没有设置行名，不能寄出；设好行名再运行 ccm letters，会改发正式函"
    return NEVER_POSTED.get(life.kind, "")
