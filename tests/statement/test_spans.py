"""From which day interest is unpaid: the 20th and the 21st, the loan's own day, the due date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.statement.spans import Calendar, calendar, settled_up_to, unpaid_since

DUE, ISSUED = date(2027, 6, 20), date(2024, 6, 25)


def since(on: str, months: int = 3, due_on: date | None = DUE, issued_on: date | None = ISSUED) -> str:
    found = unpaid_since(calendar(months, 20), date.fromisoformat(on), due_on, issued_on)
    assert found
    return str(found.start_on)


@pytest.mark.parametrize(
    ("told", "months", "start"),
    [
        ("2026-09-20", 3, "2026-06-21"),  # settled on the 20th
        ("2026-09-21", 3, "2026-06-21"),  # booked on the 21st: the same interest
        ("2026-09-20", 1, "2026-08-21"),
        ("2026-12-20", 12, "2025-12-21"),
        ("2026-10-05", 3, "2026-07-05"),  # no settlement day of the bank's: the loan has its own
        ("2026-08-20", 3, "2026-05-20"),  # a 20th, but of no last month of a quarter
        ("2024-09-20", 3, "2024-06-25"),  # never before the loan began
        ("2027-06-20", 3, "2027-03-21"),  # due with the principal
        ("2027-08-20", 1, "2027-07-21"),  # after the due date it is penalty interest that is unpaid
        ("2027-06-25", 3, "2027-06-21"),
    ],
)
def test_interest_is_unpaid_from_the_settlement_before_the_one_that_was_missed(
    told: str, months: int, start: str
) -> None:
    assert since(told, months) == start


def test_interest_due_with_the_principal_runs_from_the_day_of_issue_or_cannot_be_told() -> None:
    assert since("2027-06-20", 0) == "2024-06-25"
    assert unpaid_since(calendar(0, 20), DUE, DUE, None) is None


def test_a_loan_that_owes_no_interest_accrues_since_its_last_settlement() -> None:
    found = settled_up_to(calendar(3, 20), date(2026, 11, 20), ISSUED)

    assert found
    assert str(found.start_on) == "2026-09-21"


def test_a_loans_own_day_is_kept_in_short_months() -> None:
    own = Calendar(1, date(2026, 1, 31), own=True)

    assert [str(on) for on in own.between(date(2026, 1, 31), date(2026, 5, 1))] == [
        "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 2_000), st.sampled_from([1, 3, 6, 12]))
def test_the_boundaries_between_two_days_are_all_there_are(start_on: date, days: int, months: int) -> None:
    usual, end_on = calendar(months, 20), start_on + timedelta(days=days)

    found = list(usual.between(start_on, end_on))

    assert all(on.day == 21 and on.month % months == 0 for on in found)
    every = [start_on + timedelta(days=some) for some in range(1, days)]
    assert found == [on for on in every if on.day == 21 and on.month % months == 0]
    assert usual.before(start_on) < start_on <= next(usual.between(usual.before(start_on), date.max))
