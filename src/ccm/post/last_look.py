"""The last look on the morning of posting: the printed letters against the newest ledger, before the postman comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccm.payments import in_words
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ccm.life import Life
    from ccm.model import Case
    from ccm.payments import Logged


@dataclass(frozen=True, slots=True)
class Newest:
    """What the newest ledger says: cases by loan number, all loan numbers in it, and holds by loan number.

    `stopped` says why nothing goes to a person, by loan number, role and name; `unposted` holds the payments that were
    logged after the ledger's day.
    """

    cases: Mapping[str, Case]
    loans: frozenset[str]
    interest: Mapping[str, int]
    held: Mapping[str, str]
    stopped: Mapping[tuple[str, str, str], str]
    unposted: Mapping[str, Logged] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A letter that must not go as it is, and why."""

    life: Life
    reasons: tuple[str, ...]


def last_look(lives: list[Life], stages: Mapping[str, int], newest: Newest) -> list[Stopped]:
    """Return the letters that must not go to the post, in the order of their numbers' issue.

    Args:
        lives: Letters issued and not yet posted.
        stages: By duty id, the stage in which the letter arises.
        newest: The ledger of the morning.
    """
    looked = ((life, tuple(dict.fromkeys(_reasons(life, stages, newest)))) for life in lives)
    return [Stopped(life, reasons) for life, reasons in looked if reasons]


def _reasons(life: Life, stages: Mapping[str, int], newest: Newest) -> Iterator[str]:
    """A letter's amounts are compared note by note: a letter may list several."""
    notes: list[dict[str, Any]] = life.issued.facts["notes"]
    for note in notes:
        loan_no = note["loan_no"]
        if loan_no not in newest.loans:
            yield f"借据{loan_no}不在最新台账里：先查明是结清、核销还是漏导"
        elif loan_no not in newest.cases:
            yield f"借据{loan_no}已还清欠款"
        else:
            yield from _changed(note, newest.cases[loan_no], newest.interest[loan_no])
            if since := newest.unposted.get(loan_no):
                yield f"登记了还款{in_words(since)}，台账还没有，寄前先核对"
            yield from _fallen(life, newest.cases[loan_no], stages)
            yield from _moved(life, newest.cases[loan_no])
        # What was written despite a hold goes out despite it, too.
        if not life.issued.facts.get("despite"):
            yield from _held(life, loan_no, newest)


def _held(life: Life, loan_no: str, newest: Newest) -> Iterator[str]:
    if loan_no in newest.held:
        yield newest.held[loan_no]
    if reason := newest.stopped.get((loan_no, life.role, life.party)):
        yield reason


def _changed(note: dict[str, Any], case: Case, interest_now: int) -> Iterator[str]:
    """Less owed means something was paid. More interest is only the days that passed; the letter says as of when."""
    principal = case.overdue_principal_cents - note["principal_cents"]
    interest = interest_now - sum(note[part] or 0 for part in ("interest_cents", "penalty_cents", "compound_cents"))
    for name, change in (("本金", principal), ("利息", interest)):
        if change < 0:
            yield f"已部分还款：{name}比函中少{yuan(-change)}元"
    if principal > 0:
        yield f"金额有变：本金比函中多{yuan(principal)}元"


def _fallen(life: Life, case: Case, stages: Mapping[str, int]) -> Iterator[str]:
    wanted = stages.get(life.duty)
    if wanted is not None and case.stage < wanted:
        yield f"阶段已退回：函是满{wanted}天的，现在逾期{case.dpd}天"


def _moved(life: Life, case: Case) -> Iterator[str]:
    party = next((one for one in case.parties if (one.role, one.name) == (life.role, life.party)), None)
    if party is None:
        yield f"最新台账里{life.party}已不是这笔贷款的债务人"
        return
    if party.address != life.address:
        yield f"地址有变：现为{party.address or '（空）'}"
    if party.released_on:
        yield f"保证期间已于{party.released_on}届满，寄出也不能恢复保证责任"
