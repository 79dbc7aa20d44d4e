"""What the policy requires of a case, less what is done.

outstanding = duties of the policy − what the journal says was done
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.model import Case, Done, Duty, DutyOf, State, Suit
from ccm.policy import ALWAYS
from ccm.units import plus_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from ccm.policy import Condition, DutyRule, Policy


def duties(
    case: Case,
    policy: Policy,
    as_of: date,
    done: Done | None = None,
    requested: Collection[str] = (),
    suit: Suit | None = None,
) -> tuple[Duty, ...]:
    """Return every duty of a case that has arisen or arises within the policy's outlook.

    A loan that jumped stages still owes what was missed: duties of earlier stages are in the list.
    Duties on request are not: they arise when the customer manager asks for them.
    Towards a guarantor whose guarantee is over nothing is left to do: what is not done is `released`.

    Args:
        case: One overdue loan, classified for `as_of`.
        policy: Says what is required, of whom, from which day past due.
        as_of: The day that decides due, overdue and upcoming.
        done: What the journal says was done; only what was done for this run of arrears counts, so a new one starts
            anew.
        requested: Kinds of letters that are asked for, which the policy gives on request only.
        suit: How its suit stands: an approved deferral moves the duty to sue, and who was sued is done with.

    Returns:
        One duty per rule and party, in the order they arise.
    """
    horizon = case.dpd + policy.upcoming_days
    mine = (done or {}).get(case.loan_no, {})
    return tuple(
        duty
        for rule in policy.duties_of(case.product)
        if rule.from_days <= horizon
        and (not rule.on_request or rule.letter in requested)
        and applies(rule.when, case, as_of)
        for duty in _of_rule(rule, case, policy, as_of, mine, suit if rule.channel == "suit" else None)
    )


def missed(case: Case, policy: Policy, as_of: date, done: Done | None = None, suit: Suit | None = None) -> int:
    """Return how many rules of the policy are overdue to be done for a case, whatever the number of parties.

    The same count as of `duties`, without making the records: a book has many cases, a screen shows few.
    """
    if suit or (done and case.loan_no in done):
        return len({duty.id for duty in duties(case, policy, as_of, done, suit=suit) if duty.state == "overdue"})
    roles = {party.role for party in case.parties if not party.released_on}
    return sum(
        last < case.dpd and not roles.isdisjoint(rule.to) and (rule.when is ALWAYS or applies(rule.when, case, as_of))
        for last, rule in policy.deadlines[case.product]
    )


def applies(when: Condition, case: Case, as_of: date) -> bool:
    """Tell whether all the conditions of a duty hold for a case."""
    return when is ALWAYS or all(holds for _, holds in conditions(when, case, as_of))


def conditions(when: Condition, case: Case, as_of: date) -> Iterator[tuple[str, bool]]:
    """Yield each condition that is set, in words, and whether it holds for the case."""
    return judged(
        when,
        Facts(
            principal_cents=case.overdue_principal_cents,
            interest_cents=case.overdue_interest_cents,
            fallen_due=case.due_on is not None and case.due_on <= as_of,
            party_kind=case.party_kind,
            guaranteed=any(party.role == "guarantor" for party in case.parties),
        ),
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions of a duty look at: the values of one case, or the columns of a whole book (`owed`)."""

    principal_cents: Any
    interest_cents: Any
    fallen_due: Any
    party_kind: Any
    guaranteed: Any


def judged(when: Condition, of: Facts) -> Iterator[tuple[str, Any]]:
    """Yield each condition that is set, in words, and whether it holds: a Boolean, or a Boolean column.

    Only comparisons and `&` are used, which mean the same of a value and of a column.
    """
    if when.interest_only is not None:
        only = (of.interest_cents > 0) & (of.principal_cents == 0) & (of.fallen_due == False)  # noqa: E712 - a column too
        yield ("只欠息、本金未到期" if when.interest_only else "不是只欠息"), only == when.interest_only
    if when.principal_overdue is not None:
        yield (
            ("本金已逾期" if when.principal_overdue else "本金未逾期"),
            (of.principal_cents > 0) == when.principal_overdue,
        )
    if when.party_kind is not None:
        yield ("借款人为企业" if when.party_kind == "company" else "借款人为个人"), of.party_kind == when.party_kind
    if when.secured_by is not None:
        yield (
            ("有担保人" if when.secured_by == "guarantor" else "没有担保人"),
            of.guaranteed == (when.secured_by == "guarantor"),
        )
    if when.min_overdue_cents is not None:
        owed = of.principal_cents + of.interest_cents
        yield f"逾期本息不少于{when.min_overdue_cents // 100}元", owed >= when.min_overdue_cents


def _of_rule(
    rule: DutyRule, case: Case, policy: Policy, as_of: date, mine: Mapping[DutyOf, date], suit: Suit | None
) -> Iterator[Duty]:
    """Yield a rule's duty for each party it is owed to."""
    arisen_on = plus_days(case.episode_on, rule.from_days)
    from_on = max(arisen_on, suit.again_on) if suit and suit.again_on else arisen_on
    # A plan that was not kept earns no new time to sue in (C10).
    due_on = from_on if suit and suit.state == "breached" else plus_days(from_on, rule.within_days)
    state = _state(from_on, due_on, as_of)
    for party in case.parties:
        if party.role in rule.to:
            done_on = mine.get((rule.id, party.role, party.name)) if mine else None
            if suit:
                done_on = suit.sued_on(party.role, party.name, case.episode_on)
            known = done_on is not None and (suit is not None or done_on >= counts_from(rule, case, policy, arisen_on))
            yield Duty(
                rule.id,
                rule.rule,
                rule.title,
                rule.channel,
                rule.letter,
                party.name,
                party.role,
                from_on,
                due_on,
                "done" if known else "released" if party.released_on else state,
                rule.stage,
                done_on if known else None,
            )


def counts_from(rule: DutyRule | Duty, case: Case, policy: Policy, from_on: date) -> date:
    """Return the first day on which what was done was done for this run of arrears.

    A borrower who pays the oldest instalments only is in a new run that began before the last letter of the old one;
    so a letter, which is never issued early, counts from the day it is owed, anything else from when it was in view.
    """
    return from_on if rule.letter else max(case.episode_on, plus_days(from_on, -policy.upcoming_days))


def _state(from_on: date, due_on: date, as_of: date) -> State:
    if as_of < from_on:
        return "upcoming"
    return "due" if as_of <= due_on else "overdue"
