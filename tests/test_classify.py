from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.classify import classify
from ccm.policy import load
from conftest import AS_OF, book

if TYPE_CHECKING:
    from ccm.policy import Policy


def one(policy: Policy, as_of: date = AS_OF, **row: object) -> dict[str, object]:
    return classify(book(row), policy, as_of).row(0, named=True)


def test_due_on_the_20th_and_unpaid_on_the_23rd_is_3_days(policy: Policy) -> None:
    got = one(policy, overdue_principal_cents=100, principal_since_on=date(2026, 11, 20))

    assert (got["principal_dpd"], got["dpd"], got["stage"]) == (3, 3, 0)


@pytest.mark.parametrize(
    ("days", "stage"), [(0, 0), (1, 0), (29, 0), (30, 30), (59, 30), (60, 60), (89, 60), (90, 90), (900, 90)]
)
def test_stages_begin_on_their_day(policy: Policy, days: int, stage: int) -> None:
    got = one(policy, overdue_interest_cents=1, interest_since_on=AS_OF - timedelta(days=days))

    assert (got["dpd"], got["stage"]) == (days, stage)


@pytest.mark.parametrize(
    ("product", "days", "label"),
    [("loan", 0, "正常"), ("loan", 1, "关注"), ("loan", 90, "关注"), ("loan", 91, "次级"), ("loan", 270, "次级"),
     ("loan", 271, "可疑"), ("loan", 360, "可疑"), ("loan", 361, "损失"), ("card", 90, "关注"), ("card", 91, "次级"),
     ("card", 120, "次级"), ("card", 121, "可疑"), ("card", 180, "可疑"), ("card", 181, "损失")],
)  # fmt: skip
def test_the_five_tiers_are_more_than_and_not_at_least(policy: Policy, product: str, days: int, label: str) -> None:
    got = one(policy, product=product, overdue_principal_cents=1, principal_since_on=AS_OF - timedelta(days=days))

    assert got["risk_class"] == label


def test_a_worse_class_in_the_ledger_stands(policy: Policy) -> None:
    assert one(policy, given_class="可疑")["risk_class"] == "可疑"
    assert one(policy, given_class="正常", overdue_interest_cents=1, interest_overdue_days=95)["risk_class"] == "次级"


def test_a_bare_count_is_moved_on_from_the_ledgers_day(policy: Policy) -> None:
    assert one(policy, overdue_principal_cents=1, overdue_days=28, data_on=date(2026, 11, 20))["dpd"] == 31
    assert one(policy, overdue_principal_cents=1, overdue_days=28)["dpd"] == 28


@pytest.mark.parametrize(("as_of", "dpd"), [(date(2026, 11, 23), 0), (date(2026, 11, 24), 1)])
def test_a_count_of_0_is_not_moved_on_over_a_due_day_that_came_after_the_ledger(
    policy: Policy, as_of: date, dpd: int
) -> None:
    row = {"balance_cents": 100, "overdue_principal_cents": 0, "principal_overdue_days": 0}

    got = one(policy, as_of, due_on=date(2026, 11, 23), data_on=date(2026, 11, 20), **row)

    assert (got["dpd"], got["stage"]) == (dpd, 0)


def test_the_date_rules_over_the_count(policy: Policy) -> None:
    got = one(policy, overdue_interest_cents=1, interest_since_on=date(2026, 10, 1), interest_overdue_days=5)

    assert got["interest_dpd"] == 53


def test_a_date_of_neither_part_is_the_interests_where_no_principal_is_owed(policy: Policy) -> None:
    got = one(policy, overdue_principal_cents=0, overdue_interest_cents=9, overdue_since_on=date(2026, 11, 1))

    assert (got["principal_dpd"], got["interest_dpd"]) == (0, 22)


def test_a_loan_is_due_on_its_day_and_not_before(policy: Policy) -> None:
    assert one(policy, balance_cents=5, due_on=AS_OF)["stage"] == 0
    assert one(policy, balance_cents=5, due_on=AS_OF + timedelta(days=1))["stage"] is None
    assert one(policy, balance_cents=0, due_on=AS_OF)["stage"] is None


def test_a_matured_loan_owes_its_whole_balance_since_its_due_date(policy: Policy) -> None:
    got = one(policy, balance_cents=700, overdue_principal_cents=0, due_on=date(2026, 10, 24))

    assert (got["principal_dpd"], got["overdue_principal_cents"]) == (30, 700)


def test_an_extension_moves_the_due_date(policy: Policy) -> None:
    got = one(policy, balance_cents=7, due_on=date(2026, 1, 1), extended_due_on=date(2027, 1, 1))

    assert got["stage"] is None


def test_a_stale_date_without_money_owed_is_no_arrears(policy: Policy) -> None:
    got = one(policy, overdue_principal_cents=0, overdue_interest_cents=0, interest_since_on=date(2026, 1, 1))

    assert (got["dpd"], got["stage"]) == (0, None)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(0, 5000))
def test_days_are_counted_as_the_calendar_does(start: date, days: int) -> None:
    got = one(load(), as_of=start + timedelta(days=days), overdue_interest_cents=1, interest_since_on=start)

    assert got["dpd"] == days


def test_no_row_is_dropped_and_nothing_is_owed_of_nothing(policy: Policy) -> None:
    got = classify(book({}, {}), policy, AS_OF)

    assert got["stage"].to_list() == [None, None]
    assert got.select("overdue_principal_cents", "overdue_interest_cents").sum().row(0) == (0, 0)
    assert isinstance(got, pl.DataFrame)
