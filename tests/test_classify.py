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


FIRM: dict[str, object] = {"borrower": "清水粮油有限公司", "party_kind": "company", "id_no": "91350100M000100Y43"}


def classes(policy: Policy, *rows: dict[str, object]) -> list[tuple[object, object]]:
    return classify(book(*rows), policy, AS_OF).select("risk_class", "class_by").rows()


@pytest.mark.parametrize(
    ("good_yuan", "bad_yuan", "got"),
    [(900, 101, ("次级", "debtor_share")), (900, 100, ("关注", "debtor_bad")), (900, 0, ("正常", "days"))],
    ids=["more than a tenth", "a tenth exactly", "a bad one that owes nothing any more"],
)
def test_a_company_whose_debt_is_bad_by_more_than_a_tenth_is_bad_in_all_of_it(
    policy: Policy, good_yuan: int, bad_yuan: int, got: tuple[str, str]
) -> None:
    good, bad = {"balance_cents": good_yuan * 100}, {"balance_cents": bad_yuan * 100, "given_class": "可疑"}

    assert classes(policy, FIRM | good, FIRM | bad) == [got, ("可疑", "given")]


def test_the_companys_days_make_a_loan_bad_as_the_ledgers_word_does(policy: Policy) -> None:
    late = {"overdue_interest_cents": 1, "interest_since_on": AS_OF - timedelta(days=91), "balance_cents": 500}

    assert classes(policy, FIRM | late, FIRM | {"balance_cents": 500})[1] == ("次级", "debtor_share")


@pytest.mark.parametrize(
    "other",
    [
        {"party_kind": "person", "id_no": "11010519491231002X", "borrower": "张三"},
        {**FIRM, "product": "card"},
        {**FIRM, "id_no": None},
    ],
    ids=["a person", "a card", "a company without a number"],
)
def test_the_loans_of_persons_and_cards_are_classed_one_by_one(policy: Policy, other: dict[str, object]) -> None:
    good, bad = other | {"balance_cents": 500}, other | {"balance_cents": 500, "given_class": "次级"}

    assert classes(policy, good, bad, FIRM | {"balance_cents": 500, "given_class": "次级"})[0] == ("正常", "days")


def test_a_company_does_not_answer_for_another(policy: Policy) -> None:
    other = FIRM | {"id_no": "91350100M0001008XA"}

    got = classes(policy, other | {"balance_cents": 500}, FIRM | {"balance_cents": 500, "given_class": "次级"})

    assert got[0] == ("正常", "days")


LOANS = st.lists(
    st.fixed_dictionaries(
        {
            "balance_cents": st.none() | st.integers(0, 10**14),
            "given_class": st.sampled_from([None, "正常", "关注", "次级", "可疑", "损失"]),
            "id_no": st.sampled_from(["91350100M000100Y43", "91350100M0001008XA"]),
            "party_kind": st.sampled_from(["company", "person"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@given(LOANS, st.integers(0, 10**14), st.sampled_from(["次级", "可疑", "损失"]))
def test_another_bad_loan_never_betters_a_class(loans: list[dict[str, object]], cents: int, label: str) -> None:
    policy = load()
    order = [tier.label for tier in policy.classes]
    before = classify(book(*loans), policy, AS_OF)["risk_class"].to_list()

    more = [*loans, FIRM | {"balance_cents": cents, "given_class": label}]
    after = classify(book(*more), policy, AS_OF)["risk_class"].to_list()

    assert all(order.index(new) >= order.index(old) for old, new in zip(before, after, strict=False))


@given(LOANS)
def test_no_class_is_ever_better_than_the_loans_own(loans: list[dict[str, object]]) -> None:
    policy = load()
    order = [tier.label for tier in policy.classes]

    got = classify(book(*loans), policy, AS_OF)["risk_class"].to_list()

    assert all(
        order.index(new) >= order.index(str(one["given_class"] or "正常")) for one, new in zip(loans, got, strict=True)
    )
