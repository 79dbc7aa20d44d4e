"""A debt replayed: the worked example as a lawyer reckons it by hand, and what holds of every debt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from worked import AS_OF, DEBT, TERMS

from ccm.statement.account import PART_OF, Account, Debt, account, interest, opened
from ccm.statement.spans import calendar
from ccm.statement.terms import Rate, Terms


def shown(found: Account) -> list[tuple[str, str, int, str, str]]:
    """Kind, first day, days, base and amount of each line, in yuan."""
    return [
        (
            line.kind,
            f"{line.start_on:%m-%d}",
            line.days,
            f"{line.base_cents / 100:.2f}",
            f"{line.amount_cents / 100:.2f}",
        )
        for line in found.lines
    ]


def test_the_worked_example_is_what_a_lawyer_reckons_by_hand() -> None:
    found = account(DEBT, TERMS, AS_OF)

    assert shown(found) == [
        ("interest", "12-21", 90, "100000.00", "1500.00"),  # 100,000 × 6 % ÷ 360 × 90
        ("interest", "03-21", 91, "100000.00", "1516.67"),  # 1,516.666…
        ("penalty", "06-20", 92, "100000.00", "2300.00"),  # 100,000 × 9 % ÷ 360 × 92
        ("compound", "03-21", 91, "1500.00", "34.13"),  # 34.125, half up
        ("compound", "06-20", 92, "3016.67", "69.38"),  # 69.3834…
    ]
    assert found.total_cents == 100_000_00 + 3_016_67 + 2_300_00 + 103_51
    assert found.daily_cents == 25_00 + 75  # 100,000 and 3,016.67 at 9 %


def test_a_payment_goes_to_interest_penalty_and_compound_interest_before_principal() -> None:
    found = account(replace(DEBT, payments=((date(2026, 8, 20), 5_000_00),)), TERMS, AS_OF)

    # By 20 August: interest 3,016.67, penalty 1,525.00 of 61 days, compound 34.13 + 46.00.
    assert found.paid[0].against == {"interest": 3_016_67, "penalty": 1_525_00, "compound": 80_13, "principal": 378_20}
    assert found.owed == {"costs": 0, "interest": 0, "penalty": 772_07, "compound": 0, "principal": 99_621_80}


def test_costs_are_paid_first_and_in_another_order_if_the_policy_says_so() -> None:
    owing = replace(DEBT, costs=((date(2026, 7, 1), 800_00),), payments=((date(2026, 8, 20), 1_000_00),))
    principal_first = replace(TERMS, order=("principal", "interest", "penalty", "compound", "costs"))

    assert account(owing, TERMS, AS_OF).paid[0].against == {"costs": 800_00, "interest": 200_00}
    assert account(owing, principal_first, AS_OF).paid[0].against == {"principal": 1_000_00}


def test_a_year_of_365_days_makes_the_same_days_cheaper() -> None:
    assert interest(10_000_000, TERMS.contract, 360, 90) == 1_500_00
    assert interest(10_000_000, TERMS.contract, 365, 90) == 1_479_45


def test_from_the_day_of_misuse_the_heavier_rate_runs_and_the_two_are_not_added() -> None:
    found = account(replace(DEBT, misused_on=date(2026, 5, 21)), TERMS, AS_OF)

    rates = [(line.kind, str(line.start_on), str(line.rate)) for line in found.lines if line.kind != "compound"]
    assert rates == [
        ("interest", "2025-12-21", "6%"),
        ("interest", "2026-03-21", "6%"),
        ("penalty", "2026-06-20", "12%"),
        ("misuse", "2026-05-21", "12%"),
    ]


def test_interest_before_its_settlement_is_shown_and_not_yet_owed() -> None:
    found = account(DEBT, TERMS, date(2026, 3, 1))

    assert (found.total_cents, found.undue_interest_cents, found.undue_principal_cents) == (0, 1_166_67, 10_000_000)
    assert found.called_cents == 10_000_000 + 1_166_67


def test_compound_interest_on_penalties_runs_only_where_the_policy_says_so() -> None:
    settled = replace(DEBT, settled_on=(date(2026, 3, 21), date(2026, 6, 21), date(2026, 7, 21)))
    both = replace(TERMS, compounds=frozenset({"interest", "penalty"}))

    plain, heaped = account(settled, TERMS, AS_OF), account(settled, both, AS_OF)

    assert [line.base_cents for line in plain.lines if line.kind == "compound"] == [1_500_00, 3_016_67]
    # One day's penalty at the settlement of June, another thirty at that of July.
    assert [line.base_cents for line in heaped.lines if line.kind == "compound"] == [
        1_500_00, 3_016_67, 3_016_67 + 25_00, 3_016_67 + 775_00,
    ]  # fmt: skip


def test_the_principal_of_the_beginning_is_the_balance_and_what_was_paid_of_it_since() -> None:
    ledger = replace(DEBT, principal_cents=99_621_80, payments=((date(2026, 8, 20), 5_000_00),))

    assert opened(ledger, TERMS, AS_OF).principal_cents == 10_000_000


DAYS = st.integers(0, 900)
RATES = st.decimals(Decimal("0.5"), Decimal(24), places=4)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    rate = draw(RATES)
    return replace(
        TERMS,
        contract=Rate(rate, ""),
        penalty=Rate(rate * draw(st.decimals(Decimal("1.3"), Decimal("1.5"), places=2)), ""),
        misuse=Rate(rate * 2, ""),
        basis=draw(st.sampled_from([360, 365])),
        compounds=draw(st.sampled_from([frozenset({"interest"}), frozenset(), frozenset({"interest", "penalty"})])),
    )


@st.composite
def debts(draw: st.DrawFn) -> Debt:
    start_on = draw(st.dates(date(2019, 1, 1), date(2026, 1, 1)))
    months = draw(st.sampled_from([0, 1, 3, 6, 12]))
    due_on = draw(st.none() | DAYS.map(lambda days: start_on + timedelta(days=days)))
    paid = draw(st.lists(st.tuples(DAYS, st.integers(1, 3_000_000)), max_size=4))
    return Debt(
        principal_cents=draw(st.integers(1, 10**11)),
        start_on=start_on,
        due_on=due_on,
        misused_on=draw(st.none() | DAYS.map(lambda days: start_on + timedelta(days=days))),
        settled_on=tuple(calendar(months, 20).between(start_on, start_on + timedelta(days=1_000))),
        payments=tuple(sorted((start_on + timedelta(days=days), cents) for days, cents in paid)),
    )


@given(debts(), terms(), DAYS)
def test_the_total_is_the_sum_of_the_lines_less_what_was_paid(debt: Debt, terms: Terms, days: int) -> None:
    found = account(debt, terms, debt.start_on + timedelta(days=days))

    for part in ("interest", "penalty", "compound"):
        paid = sum(one.against.get(part, 0) for one in found.paid)
        assert found.owed[part] == found.accrued(part) - paid
    paid = sum(one.against.get("principal", 0) for one in found.paid)
    assert found.owed["principal"] + found.undue_principal_cents == debt.principal_cents - paid
    assert all(one.cents == sum(one.against.values()) + one.surplus_cents for one in found.paid)
    assert min(found.owed.values()) >= 0


@given(debts(), terms(), DAYS)
def test_lines_of_a_kind_follow_each_other_without_gap_within_their_base(debt: Debt, terms: Terms, days: int) -> None:
    found = account(debt, terms, debt.start_on + timedelta(days=days))

    for kind in PART_OF:
        lines = [line for line in found.lines if line.kind == kind]
        assert all(line.days > 0 and line.base_cents > 0 for line in lines)
        assert all(before.end_on <= after.start_on for before, after in pairwise(lines))
    # Every day on which there is principal, all of it bears interest of one kind and no other.
    bearing = sum(line.base_cents * line.days for line in found.lines if line.kind != "compound")
    left = [(one.on, one.against.get("principal", 0)) for one in found.paid]
    principal_days = debt.principal_cents * days - sum(cents * (found.as_of - on).days for on, cents in left)
    assert bearing == principal_days


@given(debts(), terms(), DAYS)
def test_one_more_day_never_costs_less(debt: Debt, terms: Terms, days: int) -> None:
    as_of = debt.start_on + timedelta(days=days)
    debt = replace(debt, payments=tuple(one for one in debt.payments if one[0] <= as_of))

    today, tomorrow = (account(debt, terms, as_of + timedelta(days=more)) for more in (0, 1))

    assert tomorrow.total_cents >= today.total_cents
    assert tomorrow.called_cents >= today.called_cents


@given(debts(), terms(), DAYS, DAYS)
def test_splitting_a_span_changes_no_total_beyond_the_rounding_of_its_lines(
    debt: Debt, terms: Terms, days: int, at: int
) -> None:
    as_of, on = (debt.start_on + timedelta(days=some) for some in (days, at))

    whole = account(debt, terms, as_of)
    split = account(replace(debt, payments=tuple(sorted((*debt.payments, (on, 0))))), terms, as_of)

    assert abs(whole.called_cents - split.called_cents) <= len(whole.lines) + len(split.lines)


@given(debts(), terms(), DAYS, DAYS, st.integers(1, 10**9))
def test_a_payment_never_raises_the_total_beyond_the_rounding_of_its_lines(
    debt: Debt, terms: Terms, days: int, at: int, cents: int
) -> None:
    as_of, on = (debt.start_on + timedelta(days=some) for some in (days, at))

    without = account(debt, terms, as_of)
    paid = account(replace(debt, payments=tuple(sorted((*debt.payments, (on, cents))))), terms, as_of)

    assert paid.called_cents <= without.called_cents + len(without.lines) + len(paid.lines)


@given(debts(), terms(), DAYS)
def test_what_is_left_on_the_ledgers_day_is_the_ledgers_balance(debt: Debt, terms: Terms, days: int) -> None:
    on = debt.start_on + timedelta(days=days)

    found = account(opened(debt, terms, on), terms, on)

    left = found.owed["principal"] + found.undue_principal_cents
    # One cent of principal more may round up every line that a payment covers, and so leave that much more.
    assert debt.principal_cents - len(found.lines) <= left <= debt.principal_cents


@given(st.integers(1, 10**12), RATES, st.sampled_from([360, 365]), st.integers(1, 9_999))
def test_a_line_is_rounded_half_up_and_exact(base_cents: int, percent: Decimal, basis: int, days: int) -> None:
    exact = Fraction(base_cents) * Fraction(percent) * days / (100 * basis)

    up = interest(base_cents, Rate(percent, ""), basis, days) - exact
    assert -Fraction(1, 2) < up <= Fraction(1, 2)
