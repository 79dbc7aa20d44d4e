"""The policy as a story: day by day, what a loan owes us."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ccm.cases import cases
from ccm.classify import classify
from ccm.duties import Facts, applies, conditions, counts_from, duties, judged, missed
from ccm.model import Duty, Filing, Suit
from ccm.policy import Condition
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


def test_a_duty_says_all_that_a_letter_and_a_screen_need(policy: Policy) -> None:
    case = case_on(policy, START + timedelta(days=31), **INTEREST)
    done_on = START + timedelta(days=30)
    done = {"1": {("loan-overdue-letter", "borrower", "张三"): done_on}}

    [duty] = [one for one in duties(case, policy, START + timedelta(days=31), done) if one.id == "loan-overdue-letter"]

    assert duty == Duty(
        "loan-overdue-letter", "C4", "寄贷款逾期催收通知书", "letter", "loan_overdue", "张三", "borrower",
        done_on, done_on + timedelta(days=3), "done", 30, done_on,
    )  # fmt: skip


def test_a_letter_counts_from_the_day_it_is_owed_and_a_call_from_when_it_came_in_sight(policy: Policy) -> None:
    case = case_on(policy, START + timedelta(days=40), **INTEREST)
    letter = next(rule for rule in policy.duties_of("loan") if rule.id == "loan-overdue-letter")
    call = next(rule for rule in policy.duties_of("loan") if rule.channel == "phone" and rule.from_days == 7)
    early = next(rule for rule in policy.duties_of("loan") if rule.channel == "phone" and rule.from_days == 1)

    assert counts_from(letter, case, policy, START + timedelta(days=30)) == START + timedelta(days=30)
    assert counts_from(call, case, policy, START + timedelta(days=20)) == START + timedelta(days=13)
    assert counts_from(early, case, policy, START + timedelta(days=1)) == START  # no day before the arrears


def facts(**others: object) -> Facts:
    plain: dict[str, object] = {
        "principal_cents": 0, "interest_cents": 900, "fallen_due": False, "party_kind": "person", "guaranteed": False
    }  # fmt: skip
    return Facts(**{**plain, **others})


@pytest.mark.parametrize(
    ("when", "of", "told"),
    [
        (Condition(interest_only=True), facts(), ("只欠息、本金未到期", True)),
        (Condition(interest_only=True), facts(interest_cents=0), ("只欠息、本金未到期", False)),
        (Condition(interest_only=True), facts(interest_cents=1), ("只欠息、本金未到期", True)),
        (Condition(interest_only=True), facts(principal_cents=1), ("只欠息、本金未到期", False)),
        (Condition(interest_only=True), facts(fallen_due=True), ("只欠息、本金未到期", False)),
        (Condition(interest_only=False), facts(), ("不是只欠息", False)),
        (Condition(interest_only=False), facts(principal_cents=1), ("不是只欠息", True)),
        (Condition(principal_overdue=True), facts(), ("本金已逾期", False)),
        (Condition(principal_overdue=True), facts(principal_cents=1), ("本金已逾期", True)),
        (Condition(principal_overdue=False), facts(), ("本金未逾期", True)),
        (Condition(party_kind="company"), facts(), ("借款人为企业", False)),
        (Condition(party_kind="person"), facts(), ("借款人为个人", True)),
        (Condition(secured_by="guarantor"), facts(), ("有担保人", False)),
        (Condition(secured_by="guarantor"), facts(guaranteed=True), ("有担保人", True)),
        (Condition(secured_by="none"), facts(), ("没有担保人", True)),
        (Condition(secured_by="none"), facts(guaranteed=True), ("没有担保人", False)),
        (Condition(min_overdue_cents=1000), facts(principal_cents=99), ("逾期本息不少于10元", False)),
        (Condition(min_overdue_cents=1000), facts(principal_cents=100), ("逾期本息不少于10元", True)),
    ],
)
def test_a_condition_is_told_in_words_and_turns_where_it_says(
    when: Condition, of: Facts, told: tuple[str, bool]
) -> None:
    assert list(judged(when, of)) == [told]


def test_all_conditions_that_are_set_must_hold(policy: Policy) -> None:
    case = case_on(policy, AS_OF, **INTEREST)

    assert applies(Condition(interest_only=True, secured_by="none"), case, AS_OF)
    assert not applies(Condition(interest_only=True, secured_by="guarantor"), case, AS_OF)
    assert not applies(Condition(interest_only=True), case, date(2028, 1, 1))  # the principal falls due that day
    assert len(list(conditions(Condition(interest_only=True, secured_by="none"), case, AS_OF))) == 2


def suit_duty(policy: Policy, days: int, suit: Suit) -> Duty:
    day = START + timedelta(days=days)
    case = case_on(policy, day, **INTEREST)
    return next(one for one in duties(case, policy, day, suit=suit) if one.channel == "suit")


def test_an_approved_deferral_moves_the_suit_and_a_broken_plan_earns_no_new_time(policy: Policy) -> None:
    again, [rule] = date(2026, 12, 1), [one for one in policy.duties_of("loan") if one.channel == "suit"]

    moved = suit_duty(policy, 100, Suit("1", "deferred", again_on=again))
    breached = suit_duty(policy, 200, Suit("1", "breached", again_on=again))
    earlier = suit_duty(policy, 100, Suit("1", "deferred", again_on=START))

    assert (moved.from_on, moved.due_on, moved.state) == (again, again + timedelta(days=rule.within_days), "upcoming")
    assert (breached.from_on, breached.due_on, breached.state) == (again, again, "overdue")
    assert earlier.from_on == START + timedelta(days=90)


def test_only_the_suit_is_moved_by_a_suit(policy: Policy) -> None:
    day = START + timedelta(days=100)
    case = case_on(policy, day, **INTEREST)

    plain = [one for one in duties(case, policy, day) if one.channel != "suit"]
    moved = duties(case, policy, day, suit=Suit("1", "deferred", again_on=date(2027, 1, 1)))

    assert [one for one in moved if one.channel != "suit"] == plain
    assert missed(case, policy, day, suit=Suit("1", "deferred", again_on=date(2027, 1, 1))) == len(
        {one.id for one in plain if one.state == "overdue"}
    )


def test_a_letter_on_request_is_owed_when_it_is_asked_for_and_no_other(policy: Policy) -> None:
    day = START + timedelta(days=100)
    case = case_on(policy, day, **INTEREST)

    asked = {one.letter for one in duties(case, policy, day, requested=("lawyer_letter",))}

    assert asked - {one.letter for one in duties(case, policy, day)} == {"lawyer_letter"}


def test_the_short_count_looks_at_whom_a_duty_is_owed_to_and_at_what_was_done(policy: Policy) -> None:
    day = START + timedelta(days=40)
    case = case_on(policy, day, **INTEREST)
    ids = {one.id for one in duties(case, policy, day) if one.state == "overdue"}
    done = {"1": {("loan-overdue-letter", "borrower", "张三"): day}}

    assert "loan-guarantor-letter" not in ids
    assert missed(case, policy, day, done) == len(ids) - 1
    assert missed(case, policy, day, {"2": {}}) == len(ids)


def test_whoever_was_sued_is_owed_no_suit_and_the_others_are(policy: Policy) -> None:
    day = START + timedelta(days=120)
    case = case_on(policy, day, ("1", "guarantor", "李四"), **INTEREST)
    filed_on = START + timedelta(days=100)
    sued = (("borrower", "张三"),)
    suit = Suit("1", "filed", filing=Filing("J1", "甲县人民法院", "（2026）甲0001民初1号", filed_on, sued), sued=sued)

    owed = [one for one in duties(case, policy, day, suit=suit) if one.channel == "suit"]
    states = {one.party: (one.state, one.done_on) for one in owed}

    assert states["张三"] == ("done", filed_on)
    assert states["李四"] == ("due", None)


@pytest.mark.parametrize("days", [8, 34, 64, 95])
@pytest.mark.parametrize("row", [{}, {"overdue_principal_cents": 1, "principal_since_on": START}])
def test_the_short_count_agrees_where_conditions_decide(policy: Policy, days: int, row: dict[str, object]) -> None:
    day = START + timedelta(days=days)
    for kind in ("person", "company"):
        case = case_on(policy, day, **{**INTEREST, **row, "party_kind": kind})
        assert missed(case, policy, day) == len({one.id for one in duties(case, policy, day) if one.state == "overdue"})


def test_the_kind_of_borrower_is_looked_at(policy: Policy) -> None:
    person = case_on(policy, AS_OF, **INTEREST, party_kind="person")

    assert applies(Condition(party_kind="person"), person, AS_OF)
    assert not applies(Condition(party_kind="company"), person, AS_OF)


def test_a_call_made_before_it_came_in_sight_does_not_count(policy: Policy) -> None:
    day = START + timedelta(days=80)
    case = case_on(policy, day, **INTEREST)
    [rule] = [one for one in policy.duties_of("loan") if one.channel == "phone" and one.from_days == 60]

    def state(done_on: date) -> str:
        done = {"1": {(rule.id, "borrower", "张三"): done_on}}
        return next(one.state for one in duties(case, policy, day, done) if (one.id, one.party) == (rule.id, "张三"))

    assert (state(START + timedelta(days=52)), state(START + timedelta(days=53))) == ("overdue", "done")
    old = {"1": {(rule.id, "borrower", "张三"): START - timedelta(days=9)}}
    assert {one.done_on for one in duties(case, policy, day, old)} == {None}  # a day of an earlier run is not shown
