"""民法典 200–203: how years and months are counted, and the cases of law.md §1.5."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story import clock, day, loan, roll

from ccm.rights.periods import last_day
from ccm.units import add_months

CASES = [
    ("2023-03-20", 36, "2026-03-20", "2026-03-20"),
    ("2024-02-29", 36, "2027-02-28", None),
    ("2025-08-31", 6, "2026-02-28", "2026-02-28"),
    ("2025-08-30", 6, "2026-02-28", "2026-02-28"),
    ("2023-02-15", 36, "2026-02-15", "2026-02-24"),
    ("2023-05-01", 36, "2026-05-01", "2026-05-06"),
    ("2023-09-20", 36, "2026-09-20", "2026-09-20"),
    ("2023-10-01", 36, "2026-10-01", "2026-10-08"),
]
"""law.md §1.5: base, months, raw end, legal end; None where the year's holidays are not announced."""

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(("base", "months", "raw", "legal"), CASES)
def test_the_counting_cases_of_the_law_page(base: str, months: int, raw: str, legal: str | None) -> None:
    ends_on = add_months(day(base), months)

    assert ends_on == day(raw)
    assert roll(ends_on) == (day(legal) if legal else None)


@pytest.mark.parametrize(("base", "raw", "legal"), [(base, *ends) for base, months, *ends in CASES if months == 36])
def test_a_claim_shows_the_raw_end_and_the_moved_one(base: str, raw: str, legal: str | None) -> None:
    shown = clock("2025-01-01", loan(base))

    assert (shown.ends_on, shown.legal_ends_on) == (day(raw), day(legal) if legal else None)
    assert shown.days_left == (day(raw) - date(2025, 1, 1)).days


def test_without_a_corresponding_day_the_month_ends_the_period() -> None:
    assert add_months(day("2025-05-31"), 6) == day("2025-11-30")
    assert add_months(day("2024-02-29"), 12 * 1) == day("2025-02-28")
    assert add_months(day("2024-02-29"), 12 * 4) == day("2028-02-29")
    assert add_months(day("2025-03-31"), -1) == day("2025-02-28")


def test_a_year_without_announced_holidays_is_not_moved() -> None:
    saturday = day("2027-02-27")

    assert last_day(saturday, roll) == saturday


def test_a_loan_due_for_ever_has_no_end_beyond_the_calendar() -> None:
    assert add_months(date.max, 12 * 3) == date.max
    assert clock("2026-01-01", loan("9999-12-31")).state == "safe"


@given(DAYS, st.integers(1, 240))
def test_a_period_ends_on_its_corresponding_day_or_the_months_last(start: date, months: int) -> None:
    end = add_months(start, months)

    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(1, 240))
def test_who_starts_later_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))

    assert add_months(first, months) <= add_months(second, months)
