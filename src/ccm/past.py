"""What is known of each party from what was logged: the last contact, the cause, the style, hours, wrong numbers.

A fact about a human being (when they answer, which number is not theirs) follows them into every loan; the rest stays
with the loan it was logged for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, Any

from ccm.contacts import reached
from ccm.phones import bare, phones
from ccm.said import title
from ccm.units import short_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.model import Entry, Note

FAMILIES = ("contact", "visit", "cause", "query", "style", "wrong-number")
"""The kinds of entries that tell of it."""

Key = tuple[str, str, str]
"""A party of a loan: loan number, role and name."""


@dataclass(frozen=True, slots=True)
class Past:
    """All that was logged of the parties, as of one day.

    `last` tells the last call or visit in words, by party; `causes` the cause of the arrears, by loan; `styles` the
    style that was logged, by party; `answered` the hours at which a person took a call; `wrong` why a number is not
    that person's, by person and number; `messages` the last message of a loan; `sent` all of a party, oldest first.
    """

    last: Mapping[Key, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[Key, str] = field(default_factory=dict)
    answered: Mapping[str, tuple[time, ...]] = field(default_factory=dict)
    wrong: Mapping[tuple[str, str], str] = field(default_factory=dict)
    messages: Mapping[str, Entry] = field(default_factory=dict)
    sent: Mapping[Key, tuple[Note, ...]] = field(default_factory=dict)


def past(entries: Iterable[Entry], who: Mapping[Key, str], as_of: date) -> Past:
    """Return what is known on a day; what happened later is not looked at.

    Args:
        entries: The journal's entries of `FAMILIES`; others are passed over.
        who: Tells which human being a party is (`person.identities`).
        as_of: The day asked about.
    """
    known = _Gathered(as_of)
    for entry in sorted(entries, key=lambda one: (one.note.on, one.seq)):
        if entry.note.on <= as_of:
            known.take(entry, who)
    return Past(
        known.last,
        known.causes,
        known.styles,
        {person: tuple(hours) for person, hours in known.answered.items()},
        known.wrong,
        known.messages,
        {party: tuple(notes) for party, notes in known.sent.items()},
    )


class _Gathered:
    """What the entries have told so far; a later one takes the place of an earlier."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.last: dict[Key, str] = {}
        self.causes: dict[str, str] = {}
        self.styles: dict[Key, str] = {}
        self.answered: dict[str, list[time]] = {}
        self.wrong: dict[tuple[str, str], str] = {}
        self.messages: dict[str, Entry] = {}
        self.sent: dict[Key, list[Note]] = {}

    def take(self, entry: Entry, who: Mapping[Key, str]) -> None:
        """Note what one entry tells."""
        note = entry.note
        facts = note.facts
        party = note.loan_no, note.role, note.party
        person, day = who.get(party, note.party), short_day(note.on, self.as_of)
        match note.kind:
            case "contact-call":
                self.last[party] = _call(note, facts, self.as_of)
                if reached(note) and facts.get("at"):
                    self.answered.setdefault(person, []).append(time.fromisoformat(str(facts["at"])))
                if facts["result"] == "invalid":
                    self._wrong(person, facts, f"{day}拨打是空号")
            case "contact-sms":
                self.messages[note.loan_no] = entry
                self.sent.setdefault(party, []).append(note)
            case "visit":
                self.last[party] = f"{day}上门{title('found', facts['found'])}{_said(facts)}"
            case "cause":
                self.causes[note.loan_no] = f"{title('cause', facts['cause'])}{_said(facts)}"
            case "query" if facts.get("cause"):
                self.causes[note.loan_no] = str(facts["cause"])
            case "style":
                self.styles[party] = str(facts.get("style") or "")
            case "wrong-number":
                self._wrong(person, facts, f"{day}登记为错号")

    def _wrong(self, person: str, facts: Mapping[str, Any], words: str) -> None:
        cell = str(facts.get("number") or "")
        for number in [one.number for one in phones(cell).numbers] or [cell]:
            self.wrong[person, bare(number)] = words


def _call(note: Note, facts: Mapping[str, Any], as_of: date) -> str:
    at = f" {facts['at']}" if facts.get("at") else ""
    return f"{short_day(note.on, as_of)}{at}{title('call', facts['result'])}{_said(facts)}"


def _said(facts: Mapping[str, Any]) -> str:
    return f"“{facts['text']}”" if facts.get("text") else ""
