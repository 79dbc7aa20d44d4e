"""What a report is made from: all that one workspace knows on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl

    from ccm.model import Case, DutyOf, Hold, Promise, Signal, Suit
    from ccm.payments import Logged
    from ccm.policy import Policy


@dataclass(frozen=True, slots=True)
class Then:
    """A classified book of an earlier day, and how each loan has moved since: by loan number, in words."""

    on: date
    book: pl.DataFrame
    moves: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """A letter or a visit: where it stands, what it proves (A–F, empty for a visit), and which papers are not whole.

    `state`, `title` and `lacking` are words; `look_up` tells that the post office must be asked (L7).
    """

    number: str
    title: str
    loan_no: str
    party: str
    on: date
    state: str
    grade: str
    lacking: tuple[str, ...]
    look_up: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """A right that ends or has ended: on which day, by which act it is saved, and which papers that needs."""

    loan_no: str
    party: str
    right: str
    ends_on: date
    act: str
    needs: str
    lost: bool


@dataclass(frozen=True, slots=True)
class Deferred:
    """A suit that is put off (C9): where that stands in words, and the day by which something is due."""

    loan_no: str
    state: str
    text: str
    until_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble in the ledger: how often it was found, and where at first."""

    title: str
    severity: str
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """One workspace on one day.

    Args:
        name: The branch, else the bank, else the folder.
        as_of: The day of the report.
        began_on: The day of the first triage or record: what was done before it, nobody wrote down here.
        read_on: The day of the triage that `now` comes from.
        now: Its book, classified for `as_of`; `last` and `month` the books it is compared with, None where none is.
        parties: Who else owes, as `now`.
        cases: What is overdue or due in `now`.
        done: Every day on which something was done, by loan and duty.
        holds, promises, payments, suits: By loan number, as they stand on `as_of`.
        troubles: None where the triage did not keep what it found.
    """

    name: str
    as_of: date
    began_on: date
    read_on: date
    policy: Policy
    now: pl.DataFrame
    last: Then | None
    month: Then | None
    parties: pl.DataFrame
    cases: Sequence[Case]
    done: Mapping[str, Mapping[DutyOf, Sequence[date]]]
    holds: Mapping[str, tuple[Hold, ...]]
    promises: Mapping[str, tuple[Promise, ...]]
    payments: Mapping[str, Logged]
    suits: Mapping[str, Suit]
    signals: Sequence[Signal]
    deferrals: Sequence[Deferred]
    proofs: Sequence[Proof]
    endings: Sequence[Ending]
    troubles: Sequence[Trouble] | None
    refused: Sequence[tuple[str, str]]
