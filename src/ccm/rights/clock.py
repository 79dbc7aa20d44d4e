"""What is counted and what comes out: the facts of a loan, what happened, and a clock per right and party.

Codes of events and papers are those of `data/rights.toml`; roles are the ledger's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ccm.model import Role

Right = Literal["limitation", "guarantee", "guarantor_limitation", "mortgage", "enforcement", "cap"]
State = Literal["safe", "near", "lost", "unproved", "off"]
Worth = Literal["starts", "counts", "unproved", "early", "late", "void"]
Key = tuple["Role", str]
"""An obligor of one loan: role and name."""

DEBTORS = ("borrower", "co_borrower")


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What is known of one guarantee contract; None where the ledger does not say.

    `kind_text` and `period_text` are the contract's words, empty where it has none; a ledger's mere category (保证) is
    not the contract's word. `until_on` is an agreed last day.
    `consents` tells whether the guarantor agreed in writing to the loan's extension, `accelerates` whether the
    contract lets the period run from an accelerated due date, `recourse` whether guarantors may recover
    from each other.
    Of a maximum-amount guarantee, `determined_on` is the day the claims were fixed (债权确定之日) and
    `last_claim_due_on` the due date of the last claim it secures.
    """

    kind_text: str | None = None
    period_text: str | None = None
    until_on: date | None = None
    contract_on: date | None = None
    consents: bool | None = None
    accelerates: bool | None = None
    maximum: bool = False
    determined_on: date | None = None
    last_claim_due_on: date | None = None
    recourse: bool | None = None


@dataclass(frozen=True, slots=True)
class Obligor:
    """Someone who owes under a loan; `address_clause` tells whether a service address was agreed (送达地址条款)."""

    role: Role
    name: str
    address_clause: bool | None = None
    guarantee: Guarantee | None = None

    @property
    def key(self) -> Key:
        """The obligor's role and name."""
        return self.role, self.name


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger says of one loan; None where it does not say.

    `interest_due_on` is the due date of the oldest unpaid interest.
    """

    loan_no: str
    obligors: tuple[Obligor, ...]
    due_on: date | None
    last_instalment_on: date | None = None
    extended_due_on: date | None = None
    interest_due_on: date | None = None
    collateral: bool | None = False
    card: bool = False

    @property
    def original_due_on(self) -> date | None:
        """The due date as first agreed: of the last instalment where there are several (民法典189)."""
        return self.last_instalment_on or self.due_on


class Event(NamedTuple):  # like Basis, one for each of a million entries
    """Something that happened to one obligor of a loan (law.md §1.2).

    Of a letter, `on` is the day it was signed for, refused or returned, `arrived_on` the day it arrived or should have.
    Of an acceleration, `on` is the due date it states.
    Of a proceeding, `on` is the filing, `ended_on` its end, `served_on` the day the complaint reached this obligor.
    Of a judgment, `on` is the last day to perform, else the day it took effect.
    Of an obstacle, `on` and `ended_on` are its span.
    `agrees` tells that the obligor signed to perform (同意履行); `papers` are the codes of what is filed.
    """

    kind: str
    on: date
    party: str
    role: Role
    sent_on: date | None = None
    arrived_on: date | None = None
    ended_on: date | None = None
    served_on: date | None = None
    withdrawn: bool = False
    agrees: bool = False
    letter_no: str = ""
    grade: str = ""
    papers: frozenset[str] = frozenset()

    @property
    def key(self) -> Key:
        """The obligor it happened to."""
        return self.role, self.party


class Basis(NamedTuple):  # as many as there are events: a frozen dataclass takes four times as long to make
    """One link of a clock's chain: what happened when, how it is proved, and what it is worth to this clock.

    `event` is an event's code, or what the count starts from: `due`, `extended`, `accelerated`, `determined`.
    `worth`: starts the count · counts · unproved until its papers are filed · early · late · void.
    """

    event: str
    on: date
    proof: str
    grade: str = ""
    worth: Worth = "counts"
    party: str = ""
    letter_no: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Another way to read the law or the facts: what it says, and the end it leads to (None where it moves none).

    `confirm` marks what the bank's legal department must decide (需法务确认).
    """

    keys: tuple[str, ...]
    says: str
    ends_on: date | None
    source: str
    confirm: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """How long one right against one party lasts, and what saves it.

    `ends_on` is the last day as counted, with every doubt and without unproved events: alarms go by it.
    `legal_ends_on` is the last day by law, moved to a working day; None where that year's holidays are not published.
    `if_proved_on` is the end once the missing papers are filed; None where nothing hangs on papers, or where a general
    guarantee would be kept and the guarantor's limitation has not begun.
    `kept_on` is the day the right was kept for good, so that this clock no longer runs and has no days left.
    `expired_on` is a last day that passed before the debtor agreed anew, proved or not.
    `post_by_on` is the last day to post a letter that leaves time for a second way.
    `missing` names ledger columns without which the clock is weaker, or off.
    `state` is lost only where every reading says so, and off where nothing can be counted.
    """

    loan_no: str
    party: str
    role: Role
    right: Right
    state: State
    started_on: date | None
    ends_on: date | None
    legal_ends_on: date | None
    days_left: int | None
    basis: tuple[Basis, ...] = ()
    act: str = "none"
    needs: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    missing: tuple[str, ...] = ()
    if_proved_on: date | None = None
    kept_on: date | None = None
    expired_on: date | None = None
    post_by_on: date | None = None

    @property
    def key(self) -> Key:
        """The obligor whose clock it is."""
        return self.role, self.party

    @property
    def passed(self) -> bool:
        """Its last day is behind, moved to a working day or not."""
        if self.days_left is None or self.ends_on is None:
            return False
        moved = self.legal_ends_on - self.ends_on if self.legal_ends_on else timedelta()
        return self.days_left + moved.days < 0

    @property
    def perhaps_over(self) -> bool:
        """Its last day is behind by a reading that only the contract can confirm: to act may be too late."""
        return self.passed and self.state == "near"


def in_order(clocks: Iterable[Clock]) -> list[Clock]:
    """Return clocks as they matter: what can still be saved by its day, then what is kept, lost, and not counted."""
    return sorted(
        clocks,
        key=lambda one: (
            one.state == "off", one.state == "lost", one.days_left is None, one.days_left or 0, one.loan_no,
        ),
    )  # fmt: skip
