"""The time line of a case: every entry of the journal about a loan, said in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.life import ITEM_TITLES
from ccm.model import ROLE_TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from ccm.model import Entry, Note


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: on which day, with whom, what, and who wrote it down when."""

    on: date
    party: str
    text: str
    actor: str
    at: str
    kind: str


def chronicle(entries: Iterable[Entry]) -> list[Line]:
    """Return a case's time line in the order things happened; what is only bookkeeping is left out.

    Args:
        entries: The entries of one loan.
    """
    lines = [
        Line(note.on, _party(note), told(note, note.facts), entry.actor, entry.at, note.kind)
        for entry in entries
        if (note := entry.note) and (told := SENTENCES.get(note.kind))
    ]
    return sorted((line for line in lines if line.text), key=lambda line: (line.on, line.at))


def _party(note: Note) -> str:
    role = ROLE_TITLES.get(note.role)  # type: ignore[call-overload]
    return f"{note.party}（{role}）" if note.party and role else note.party


def _issued(note: Note, facts: Mapping[str, Any]) -> str:
    # A letter over several notes has a short entry for each further one.
    return f"签发{note.letter_no}《{facts['title']}》" if "title" in facts else f"{note.letter_no}一并主张本笔"


def _result(note: Note, facts: Mapping[str, Any]) -> str:
    words = {"delivered": "已妥投", "returned": "被退回", "refused": "被拒收", "in_transit": "查询：仍在途"}
    more = "，".join(text for text in (facts.get("text"), facts.get("reason")) if text)
    return f"{note.letter_no}{words[facts['status']]}{f'（{more}）' if more else ''}"


def _filed(_: Note, facts: Mapping[str, Any]) -> str:
    return f"归档{facts['subject']}的{ITEM_TITLES[facts['item']]}"


SENTENCES: dict[str, Callable[[Note, Mapping[str, Any]], str]] = {
    "letter-issued": _issued,
    "letter-voided": lambda note, facts: f"作废{note.letter_no}：{facts['reason']}",
    "letter-listed": lambda note, facts: f"{note.letter_no}列入寄送清单{facts['list_no']}",
    "letter-posted": lambda note, facts: f"寄出{note.letter_no}，邮件号{facts['waybill']}",
    "letter-result": _result,
    "evidence-filed": _filed,
    "evidence-withdrawn": lambda _, facts: f"撤下{facts['subject']}的{ITEM_TITLES[facts['item']]}",
}
"""By kind of entry: what it says. A kind that is not here does not show."""
