"""Who gets a message at an instant, and who does not and why: pure, from occasions to texts.

One number gets one message a day, the gravest: a broken promise before arrears, before a day due. A debtor's loans of
one occasion share a message, a guarantor's those of one borrower.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ccm.errors import Finding, finding
from ccm.limits import Contact, Intent, judge
from ccm.phones import bare, phones
from ccm.sms.occasions import gravity, too_soon, values, wishes
from ccm.sms.texts import FIELD, fill, parts, units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from ccm.contact_rules import ContactRules
    from ccm.model import Party, Promise, Role
    from ccm.past import Key, Past
    from ccm.sms.occasions import Loan, Sender, Wish
    from ccm.sms.texts import Kind, Texts


@dataclass(frozen=True, slots=True)
class Known:
    """What the plan must know beside the loans.

    `at` is the instant of sending; `who` tells which human being a party is, `contacts` what was done that day, `held`
    and `stopped` why a loan, a party gets none; `promises` are those of a loan.
    """

    at: datetime
    rules: ContactRules
    texts: Texts
    sender: Sender
    who: Mapping[Key, str]
    contacts: Sequence[Contact]
    past: Past
    held: Mapping[str, str] = field(default_factory=dict)
    stopped: Mapping[Key, str] = field(default_factory=dict)
    promises: Mapping[str, Sequence[Promise]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One message: to whom, at which number, on what occasion; `covers` holds each loan with the party in it.

    `sms_no` is the number under which the journal and the gateway's file know it, empty while it is only planned.
    """

    kind: Kind
    party: Party
    phone: str
    covers: tuple[Wish, ...]
    text: str
    sms_no: str = ""

    @property
    def loans(self) -> tuple[str, ...]:
        """The numbers of its loans."""
        return tuple(wish.loan.loan_no for wish in self.covers)

    @property
    def units(self) -> int:
        """How long it is for the gateway."""
        return units(self.text)

    @property
    def parts(self) -> int:
        """How many messages are billed."""
        return parts(self.text)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A message that is not sent, and why."""

    kind: Kind
    loan_no: str
    party: str
    role: Role
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch would hold: messages, those withheld, and what is wrong in the data."""

    messages: tuple[Message, ...]
    withheld: tuple[Withheld, ...]
    findings: tuple[Finding, ...]


def plan(loans: Iterable[Loan], kinds: Collection[Kind], known: Known) -> Plan:
    """Return the messages of one instant.

    Args:
        loans: Those of the worklist in its order, and those that fall due soon.
        kinds: The occasions that are wanted.
        known: What bears on them.
    """
    asked = [
        wish
        for loan in loans
        for wish in wishes(loan, known.promises.get(loan.loan_no, ()), known.past.sent, known.at.date(), known.rules)
        if wish.kind in kinds and known.texts.of(wish.kind, wish.party.role)
    ]
    batch = _Batch(known)
    for group in _shared(batch.numbered(sorted(asked, key=gravity))):
        batch.take(group)
    return Plan(tuple(batch.messages), tuple(batch.withheld), tuple(batch.findings))


def count_on(messages: Iterable[Message], first: str) -> list[Message]:
    """Return messages with their numbers, counted on from the first, such as `S20261123-1`."""
    start, _, serial = first.rpartition("-")
    return [replace(message, sms_no=f"{start}-{int(serial) + at}") for at, message in enumerate(messages)]


def not_sent(message: Message, reason: str) -> list[Withheld]:
    """Return what is withheld where a whole message is."""
    return [
        Withheld(message.kind, wish.loan.loan_no, wish.party.name, wish.party.role, reason) for wish in message.covers
    ]


def _shared(pairs: Iterable[tuple[Wish, str]]) -> list[list[tuple[Wish, str]]]:
    """Put together what one message can say: one person, number and occasion; of a guarantor one borrower's loans."""
    groups: dict[tuple[str, ...], list[tuple[Wish, str]]] = {}
    for wish, number in pairs:
        borrower = wish.loan.borrower if wish.party.role == "guarantor" else ""
        promised = wish.loan.loan_no if wish.promise else ""
        groups.setdefault((bare(number), wish.party.name, wish.kind, borrower, promised), []).append((wish, number))
    return list(groups.values())


class _Batch:
    """The messages taken so far, with the day's before them, and what was withheld."""

    def __init__(self, known: Known) -> None:
        self.known, self.on = known, known.at.date()
        self.messages: list[Message] = []
        self.withheld: list[Withheld] = []
        self.findings: list[Finding] = []
        self.taken: set[str] = set()
        self.done: dict[str, list[Contact]] = {}
        for one in known.contacts:
            self.done.setdefault(bare(one.number), []).append(one)

    def numbered(self, asked: Iterable[Wish]) -> Iterable[tuple[Wish, str]]:
        """Yield each wish against which nothing stands, with the number it goes to; note the others."""
        for wish in asked:
            reason = (
                self.known.held.get(wish.loan.loan_no)
                or self.known.stopped.get(wish.key)
                or too_soon(wish, self.known.past.sent.get(wish.key, ()), self.on, self.known.rules)
            )
            if reason:
                self._withhold(wish, reason)
            elif number := self._number(wish):
                yield wish, number

    def take(self, group: Sequence[tuple[Wish, str]]) -> None:
        """Make one message of what belongs together, if the limits and its fields allow it."""
        (wish, number), covers = group[0], tuple(wish for wish, _ in group)
        person = self.known.who.get(wish.key, wish.party.name)
        done = self.done.setdefault(bare(number), [])
        verdict = judge(Intent(self.known.at, "sms", number, person, name=wish.party.name), done, self.known.rules)
        if not verdict.lawful:
            twice = bare(number) in self.taken and verdict.stops[0].limit == "sms"
            for one in covers:
                self._withhold(one, "同一号码本批已有一条" if twice else verdict.stops[0].reason)
            return
        filled = values(wish, [one.loan for one in covers], self.known.sender, self.on)
        text = self.known.texts.of(wish.kind, wish.party.role) or ""
        if empty := [name for name in FIELD.findall(text) if not filled.get(name)]:
            for one in covers:
                self._find(one, finding("sms-value-missing", file=_place(one), value="、".join(empty)))
            return
        self.messages.append(Message(wish.kind, wish.party, number, covers, fill(text, filled)))
        self.taken.add(bare(number))
        done.append(Contact(self.known.at, "sms", number, person, answered=False))

    def _number(self, wish: Wish) -> str:
        """The first mobile that is theirs, empty where there is none: what is wrong with the cell is a finding."""
        person = self.known.who.get(wish.key, wish.party.name)
        found = phones(wish.party.phone)
        mobiles = {
            one.number: self.known.past.wrong.get((person, bare(one.number)), "") for one in found.numbers if one.mobile
        }
        usable = [number for number, wrong in mobiles.items() if not wrong]
        unread = [finding("phone-unread", file=_place(wish), value=part) for part in found.unread]
        if usable:
            self.findings += [one for one in unread if one not in self.findings]
            return usable[0]
        if mobiles:
            self._withhold(wish, f"号码{next(iter(mobiles.values()))}")
        elif found.numbers:
            number = "、".join(one.number for one in found.numbers)
            self._find(wish, finding("phone-fixed", file=_place(wish), value=number))
        else:
            self._find(wish, *(unread or [finding("phone-missing", file=_place(wish))]))
        return ""

    def _withhold(self, wish: Wish, reason: str) -> None:
        self.withheld.append(Withheld(wish.kind, wish.loan.loan_no, wish.party.name, wish.party.role, reason))

    def _find(self, wish: Wish, *found: Finding) -> None:
        """Note what in the data stops a message."""
        self.findings += [one for one in found if one not in self.findings]
        self._withhold(wish, found[0].message)


def _place(wish: Wish) -> str:
    return f"{wish.loan.loan_no} {wish.party.name}"
