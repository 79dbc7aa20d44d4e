"""The policy as a story: day by day, what a loan owes us."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ccm.cases import cases
from ccm.classify import classify
from ccm.duties import duties, missed
from conftest import AS_OF, book, people

if TYPE_CHECKING:
    from ccm.model import Case
    from ccm.policy import Policy

START = date(2026, 6, 20)
INTEREST = {
    "overdue_principal_cents": 0,
    "overdue_interest_cents": 900,
    "interest_since_on": START,
    "due_on": date(2028, 1, 1),
}


def case_on(policy: Policy, day: date, *parties: tuple[str, str, str], **row: object) -> Case:
    loans = classify(book({"balance_cents": 5000, **row}), policy, day)
    return cases(loans, people(*parties), day)[0]


def new_on(policy: Policy, days: int, **row: object) -> set[tuple[str, str]]:
    """What first arises on a day past due: (rule, whom it concerns)."""
    day = START + timedelta(days=days)
    case = case_on(policy, day, ("1", "guarantor", "李四"), ("1", "co_borrower", "王五"), **{**INTEREST, **row})
    return {(duty.rule, f"{duty.channel}:{duty.party}") for duty in duties(case, policy, day) if duty.from_on == day}


def test_a_loan_with_interest_owed_day_by_day(policy: Policy) -> None:
    all_three = ("张三", "王五", "李四")

    assert new_on(policy, 0) == {("C1", f"{way}:{who}") for way in ("sms", "phone") for who in ("张三", "王五")}
    assert new_on(policy, 1) == {("C2", "phone:张三"), ("C2", "phone:王五")}
    assert new_on(policy, 7) == {("C3", f"{way}:{who}") for way in ("phone", "query") for who in all_three}
    assert new_on(policy, 29) == set()
    assert new_on(policy, 30) == {
        ("C4", "letter:张三"), ("C4", "letter:王五"), ("C5", "letter:李四"),
        *(("C4", f"visit:{who}") for who in all_three),
    }  # fmt: skip
    assert new_on(policy, 31) == set()
    assert new_on(policy, 60) == {
        *(("C6", f"phone:{who}") for who in all_three), ("C6", "papers:张三"),
        *(("C7", f"letter:{who}") for who in all_three),
    }  # fmt: skip
    assert new_on(policy, 90) == {("C8", f"suit:{who}") for who in all_three}


def test_acceleration_only_while_the_principal_is_not_due(policy: Policy) -> None:
    owed = new_on(policy, 60, overdue_principal_cents=1, principal_since_on=START)

    assert not [rule for rule, _ in owed if rule == "C7"]


@pytest.mark.parametrize(
    ("days", "letters"),
    [(29, set()), (30, {("repayment", "张三")}), (60, {("urgent", "张三"), ("guarantee_duty", "李四")}), (90, set())],
)
def test_a_card_day_by_day(policy: Policy, days: int, letters: set[tuple[str, str]]) -> None:
    day = START + timedelta(days=days)
    case = case_on(
        policy, day, ("1", "guarantor", "李四"), product="card", overdue_principal_cents=9, principal_since_on=START
    )

    new = {(duty.letter, duty.party) for duty in duties(case, policy, day) if duty.letter and duty.from_on == day}

    assert new == letters


def test_every_guarantor_is_owed_a_letter_of_their_own(policy: Policy) -> None:
    names = ["李四", "赵六", "钱七"]
    case = case_on(policy, AS_OF, *(("1", "guarantor", name) for name in names), **INTEREST)

    assert [duty.party for duty in duties(case, policy, AS_OF) if duty.rule == "C5"] == names


def test_a_loan_that_jumps_still_owes_what_was_missed(policy: Policy) -> None:
    owed = duties(case_on(policy, START + timedelta(days=95), **INTEREST), policy, START + timedelta(days=95))

    assert {duty.rule for duty in owed if duty.state == "overdue"} >= {"C1", "C2", "C3", "C4", "C6"}


def test_states_turn_on_their_days(policy: Policy) -> None:
    def state(days: int) -> str:
        day = START + timedelta(days=days)
        return next(
            d.state for d in duties(case_on(policy, day, **INTEREST), policy, day) if d.id == "loan-overdue-letter"
        )

    assert [state(days) for days in (23, 29, 30, 33, 34)] == ["upcoming", "upcoming", "due", "due", "overdue"]


def test_what_is_done_is_done_for_its_episode_only(policy: Policy) -> None:
    case = case_on(policy, AS_OF, **INTEREST)

    def state(done_on: date | None) -> str:
        done = {"1": {("loan-overdue-letter", "borrower", "张三"): done_on}} if done_on else None
        return next(duty.state for duty in duties(case, policy, AS_OF, done) if duty.id == "loan-overdue-letter")

    assert (state(None), state(AS_OF), state(START - timedelta(days=1))) == ("overdue", "done", "overdue")


@pytest.mark.parametrize("days", [0, 2, 8, 33, 34, 64, 95, 400])
def test_the_short_count_agrees_with_the_records(policy: Policy, days: int) -> None:
    day = START + timedelta(days=days)
    case = case_on(policy, day, ("1", "guarantor", "李四"), **INTEREST)

    assert missed(case, policy, day) == len({duty.id for duty in duties(case, policy, day) if duty.state == "overdue"})


def test_a_lawyers_letter_waits_to_be_asked_for(policy: Policy) -> None:
    assert "lawyer_letter" not in {duty.letter for duty in duties(case_on(policy, AS_OF, **INTEREST), policy, AS_OF)}
