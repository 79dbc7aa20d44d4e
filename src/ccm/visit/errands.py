"""Whom a visit is to: parties of loans, put together by human being and by debtor (ideas: one visit, several papers).

An errand is one party of one loan. A meeting is one person at one address, with all their errands.
A pack is one debtor, with all the loans and everybody who is seen for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.model import ROLE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ccm.model import Case, Party

SeenAs = tuple[str, str]
"""Who a person is and where: the identity number, else the name; and the address."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter that is carried: issued and not voided; `state` says in words what became of it."""

    letter_no: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Errand:
    """One party of one loan to be seen.

    `due_on` is the last day on which the visit is in time, None where the policy asks for none now.
    `wanted` are the titles of letters that are owed and have no number yet; `note` is what befell the person.
    """

    case: Case
    party: Party
    due_on: date | None = None
    papers: tuple[Paper, ...] = ()
    wanted: tuple[str, ...] = ()
    note: str = ""

    @property
    def person(self) -> str:
        """Who it is: a human being has one identity number; without one only the name can tell."""
        return self.party.id_no or self.party.name

    @property
    def seen_as(self) -> SeenAs:
        """Who it is, and where."""
        return self.person, self.party.address or ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One person at one address, with every errand to them."""

    errands: tuple[Errand, ...]

    @property
    def party(self) -> Party:
        """The person, as the most pressing loan knows them."""
        return self.errands[0].party

    @property
    def address(self) -> str:
        """Where they are; empty where the ledger does not say."""
        return self.party.address or ""

    @property
    def roles(self) -> str:
        """What they are, in words: 借款人, 陈建国的担保人."""
        words = [
            ROLE_TITLES[one.party.role]
            if one.party.role == "borrower"
            else f"{one.case.borrower}的{ROLE_TITLES[one.party.role]}"
            for one in self.errands
        ]
        return "、".join(dict.fromkeys(words))

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The letters to hand over; one that covers several loans is carried once."""
        return tuple({paper.letter_no: paper for one in self.errands for paper in one.papers}.values())

    @property
    def wanted(self) -> tuple[str, ...]:
        """The titles of letters that should be in hand and have no number yet."""
        return tuple(dict.fromkeys(title for one in self.errands for title in one.wanted))

    @property
    def notes(self) -> tuple[str, ...]:
        """What befell them."""
        return tuple(dict.fromkeys(one.note for one in self.errands if one.note))

    @property
    def loans(self) -> tuple[str, ...]:
        """The loans it is about."""
        return tuple(dict.fromkeys(one.case.loan_no for one in self.errands))

    @property
    def due_on(self) -> date | None:
        """The first of their last days; None where no visit is owed now."""
        return min((one.due_on for one in self.errands if one.due_on), default=None)


@dataclass(frozen=True, slots=True)
class Pack:
    """What is carried for one debtor: their loans, and everybody who is seen for them, the debtor first."""

    debtor: Party
    cases: tuple[Case, ...]
    meetings: tuple[Meeting, ...]

    @property
    def name(self) -> str:
        """The pack's name: the first loan and the debtor."""
        return f"{self.cases[0].loan_no}_{self.debtor.name}"


def meetings(errands: Iterable[Errand]) -> tuple[Meeting, ...]:
    """Return one meeting per person and address, in the order of their first errand."""
    found: dict[SeenAs, list[Errand]] = {}
    for one in errands:
        found.setdefault(one.seen_as, []).append(one)
    return tuple(Meeting(tuple(group)) for group in found.values())


def packs(errands: Iterable[Errand]) -> tuple[Pack, ...]:
    """Return one pack per debtor, in the order of their first errand."""
    found: dict[str, list[Errand]] = {}
    for one in errands:
        debtor = one.case.parties[0]
        found.setdefault(debtor.id_no or debtor.name, []).append(one)
    return tuple(_pack(group) for group in found.values())


def _pack(group: list[Errand]) -> Pack:
    cases = {one.case.loan_no: one.case for one in group}
    debtor = group[0].case.parties[0]
    own = debtor.id_no or debtor.name
    return Pack(debtor, tuple(cases.values()), meetings(sorted(group, key=lambda one: one.person != own)))
