"""A letter before it has a number: who writes, to whom, what it claims and what was demanded before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ccm.model import LoanNote, Party, Product


Key = tuple[str, str, str, str]
"""What names one duty of one party: loan number, the policy's duty, role, name."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the bank and branch as printed, where to call and pay, and the series of its numbers."""

    bank: str
    branch: str
    address: str
    phone: str
    account: str
    code: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What an earlier letter demanded of a party under one loan: its number, kind and day, amounts in cents."""

    letter_no: str
    kind: str
    on: date
    principal_cents: int
    interest_cents: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that is to go to one party, before it has a number.

    `covers` names the duties it does: (loan number, policy duty); `notes` lists every loan note it claims.
    `rules` are the policy's reasons; `earlier` is what was demanded before in this run of arrears.
    `data_on` is the day of the amounts, `warnings` what whoever signs should know.
    `address_agreed_on` is the day the addressee confirmed the address for service, which decides what a return is
    worth (law.md §7.2).
    `guaranteed_until_on` is the last day of the guarantee where it is certain; `barred` tells that the limitation of a
    claim in it is over, which no letter starts anew (law.md §1.2).
    `despite` says why it goes out although something held it, and what that was.
    """

    kind: str
    product: Product
    party: Party
    borrower: str
    loan_no: str
    covers: tuple[tuple[str, str], ...]
    notes: tuple[LoanNote, ...]
    issued_on: date
    data_on: date
    reply_by: date
    manager: str
    sender: Sender
    rules: tuple[str, ...] = ()
    earlier: tuple[Demand, ...] = ()
    clause_no: str = ""
    trigger: str = ""
    comparison: str = ""
    warnings: tuple[str, ...] = ()
    despite: str = ""
    company: bool = False
    address_agreed_on: date | None = None
    guaranteed_until_on: date | None = None
    barred: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        """The duties it does, each with the party."""
        return tuple((loan_no, duty, self.party.role, self.party.name) for loan_no, duty in self.covers)


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter that is not written, and why; `done` where it has gone out before."""

    loan_no: str
    party: str
    role: str
    kind: str
    reason: str
    done: bool = False
    duty: str = ""

    @property
    def key(self) -> Key:
        """The duty that stays undone, with the party."""
        return (self.loan_no, self.duty, self.role, self.party)
