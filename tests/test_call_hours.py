"""In which hours somebody is called: habit before occupation, never unlawful, never on a day off."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.calls.hours import Hours, Window, call_day, choose, daybreak, habit, window
from ccm.limits import is_quiet
from ccm.policy import load
from ccm.working_days import Calendar

RULES = load().contact
CALENDAR = Calendar({})
MONDAY = date(2026, 11, 23)
DUSK = ((time(18, 30), time(21)),)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def at(clock: str, on: date = MONDAY) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock))


def span(first: str, last: str) -> tuple[time, time]:
    return time.fromisoformat(first), time.fromisoformat(last)


def test_two_answered_calls_near_each_other_are_a_habit() -> None:
    assert habit([time(12, 10), time(12, 40)]) == (span("11:30", "13:30"),)
    assert habit([time(9), time(19, 5), time(19, 20)]) == (span("18:30", "20:00"),)


@pytest.mark.parametrize("answered", [[], [time(12)], [time(9), time(15)]])
def test_one_answer_or_scattered_ones_are_none(answered: list[time]) -> None:
    assert habit(answered) == ()


def test_habit_goes_before_occupation_and_occupation_before_nothing_known() -> None:
    assert choose([time(12, 10), time(12, 40)], DUSK, "务农", RULES) == Hours(
        (span("11:30", "13:30"),), "以前多在这时接"
    )
    assert choose([time(12, 10)], DUSK, "务农", RULES) == Hours(DUSK, "务农")
    assert choose([], (), "", RULES) == Hours(RULES.call_hours, "不知道作息")


def test_hours_that_are_all_unlawful_are_passed_over() -> None:
    night = [time(23), time(23, 10)]

    assert choose(night, ((time(5), time(7)),), "早市", RULES).why == "不知道作息"


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("07:00", Window(MONDAY, time(9), time(11, 30))),
        ("09:05", Window(MONDAY, time(9, 5), time(11, 30))),
        ("11:25", Window(MONDAY, time(14, 30), time(20))),  # five minutes are no time to call in
        ("12:00", Window(MONDAY, time(14, 30), time(20))),
        ("20:30", Window(date(2026, 11, 24), time(9), time(11, 30))),
        ("22:05", Window(date(2026, 11, 24), time(9), time(11, 30))),
    ],
)
def test_the_window_is_the_next_span_that_is_still_open(clock: str, expected: Window) -> None:
    assert window(Hours(RULES.call_hours, ""), at(clock), CALENDAR, RULES) == expected


@pytest.mark.parametrize(
    ("on", "following"),
    [
        (date(2026, 10, 1), date(2026, 10, 8)),  # 国庆
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday that is worked in exchange
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday
        (date(2027, 10, 1), date(2027, 10, 6)),  # provisional: the days that the law itself names
        (date(2031, 10, 1), date(2031, 10, 1)),  # no data: nothing is guessed
    ],
)
def test_calls_rest_on_days_off(on: date, following: date) -> None:
    assert call_day(on, CALENDAR, RULES) == following
    assert window(Hours(RULES.call_hours, ""), at("09:30", on), CALENDAR, RULES).on == following


def test_a_bank_that_calls_at_weekends_still_rests_on_holidays() -> None:
    from dataclasses import replace

    busy = replace(RULES, call_weekends=True)

    assert call_day(date(2026, 11, 21), CALENDAR, busy) == date(2026, 11, 21)
    assert call_day(date(2026, 10, 1), CALENDAR, busy) == date(2026, 10, 8)


def test_a_day_is_planned_from_its_first_lawful_minute() -> None:
    assert daybreak(MONDAY, RULES) == at("08:00")


SPANS = st.lists(
    st.tuples(st.integers(0, 1438), st.integers(1, 300)).map(
        lambda pair: (time(*divmod(pair[0], 60)), time(*divmod(min(1439, sum(pair)), 60)))
    ),
    max_size=4,
)


@given(st.lists(TIMES, max_size=6), SPANS, TIMES, st.integers(0, 400))
def test_no_window_is_ever_unlawful_past_or_on_a_day_off(
    answered: list[time], spans: list[tuple[time, time]], clock: time, later: int
) -> None:
    start = datetime.combine(MONDAY + timedelta(days=later), clock)
    got = window(choose(answered, spans, "", RULES), start, CALENDAR, RULES)

    assert datetime.combine(got.on, got.not_before) >= start
    assert got.not_before < got.not_after <= RULES.quiet_from
    assert not is_quiet(got.not_before, RULES)
    assert CALENDAR.is_working(got.on) is not False
