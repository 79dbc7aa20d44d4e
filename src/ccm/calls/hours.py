"""In which hours to call somebody (P3): as they answered before, else as their work allows, within the lawful ones.

A window is a span of one day: never in the quiet hours, not on a day off, not in the past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ccm.limits import lawful_spans, open_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ccm.contact_rules import ContactRules, Span
    from ccm.working_days import Calendar

AROUND = 30
"""Minutes before and after an hour at which somebody answered, rounded outwards to the half hour."""
TWICE = 2
"""How many answered calls make a habit."""
ENOUGH = timedelta(minutes=10)
"""How much of a span that has begun must be left to begin a call in it."""
LONGEST_REST = 20
"""Days after which a calendar without a working day is no longer believed."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of a day in which somebody can be reached, and how that is known."""

    spans: tuple[Span, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Window:
    """One day and the span of it in which to call."""

    on: date
    not_before: time
    not_after: time


def habit(answered: Iterable[time]) -> tuple[Span, ...]:
    """Return the spans in which somebody answered at least twice, earliest first; none where no habit shows."""
    around = sorted(
        (max(0, _floor(_minutes(at) - AROUND)), min(1439, -_floor(-_minutes(at) - AROUND))) for at in answered
    )
    groups: list[tuple[int, int, int]] = []
    for first, last in around:
        if groups and first <= groups[-1][1]:
            begun, until, count = groups[-1]
            groups[-1] = begun, max(until, last), count + 1
        else:
            groups.append((first, last, 1))
    return tuple((_time(first), _time(last)) for first, last, count in groups if count >= TWICE)


def choose(answered: Sequence[time], spans: Sequence[Span], why: str, rules: ContactRules) -> Hours:
    """Return when somebody can be called, the quiet hours taken off.

    Args:
        answered: The hours at which they answered before.
        spans: The hours that their occupation leaves, empty where it is not known.
        why: What is said of those hours.
        rules: The policy's quiet hours, and the hours for somebody of whom nothing is known.
    """
    for wanted, reason in (
        (habit(answered), "以前多在这时接"),
        (spans, why),
        (rules.call_hours, "不知道作息"),
        ([(time(), time.max)], ""),
    ):
        if lawful := lawful_spans(wanted, rules):
            return Hours(lawful, reason)
    raise AssertionError  # some minute of a day is always lawful: quiet hours end when they do not begin


def window(hours: Hours, start: datetime, calendar: Calendar, rules: ContactRules) -> Window:
    """Return the first span open at `start` or later, on a day on which calls are made."""
    on, at = call_day(start.date(), calendar, rules), start.time()
    if on != start.date():
        at = time()
    for first, last in hours.spans:
        left = datetime.combine(on, last) - datetime.combine(on, max(first, at))
        if at <= first or left >= ENOUGH:
            return Window(on, max(first, at), last)
    tomorrow = call_day(on + timedelta(days=1), calendar, rules)
    return Window(tomorrow, *hours.spans[0])


def call_day(on: date, calendar: Calendar, rules: ContactRules) -> date:
    """Return the first day from `on` on which calls are made; a year without data rests on no day (law.md §1.5)."""
    for later in range(LONGEST_REST):
        day = on + timedelta(days=later)
        weekend = rules.call_weekends and calendar.holiday(day) == "周末"
        if calendar.is_working(day) is not False or weekend:
            return day
    return on


def daybreak(on: date, rules: ContactRules) -> datetime:
    """Return the first instant of a day at which a contact is lawful: from when a day is planned."""
    return datetime.combine(on, open_spans(rules)[0][0])


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _floor(minutes: int) -> int:
    return minutes // 30 * 30


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))
