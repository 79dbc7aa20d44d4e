"""The last days of rights as a calendar file (RFC 5545): whole days, with a ladder of alarms.

A calendar may lie on any telephone: of people it holds no more than the loan number and a surname.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from ccm.masking import mask_name
from ccm.model import ROLE_TITLES
from ccm.rights.count import advice
from ccm.units import plus_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from icalendar import Event

    from ccm.model import Party
    from ccm.rights.clock import Clock
    from ccm.rights.rules import Rules

RINGS_AT = timedelta(hours=9)
"""The hour of an alarm."""


def agenda(clocks: Iterable[Clock], rules: Rules, people: Mapping[str, Sequence[Party]], made_at: datetime) -> bytes:
    """Return a calendar with one whole-day event per clock that still runs, on its raw end.

    Args:
        clocks: Those that are kept, lost or cannot be counted are left out.
        rules: Gives titles, acts and the alarms.
        people: Who owes under each loan, the borrower first.
        made_at: The instant the file is made.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//ccm//clock//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "权利届满日")
    for clock in clocks:
        if clock.ends_on and clock.state not in {"lost", "off"} and not clock.kept_on:
            calendar.add_component(_event(clock, rules, people[clock.loan_no], made_at))
    return bytes(calendar.to_ical())


def _event(clock: Clock, rules: Rules, people: Sequence[Party], made_at: datetime) -> Event:
    from icalendar import Event

    title = f"{rules.rights[clock.right].title}届满 {clock.loan_no} {_who(clock, people)}"
    event = Event()
    event.add("uid", hashlib.sha256("|".join((clock.loan_no, *clock.key, clock.right)).encode()).hexdigest()[:32])
    event.add("dtstamp", made_at)
    event.add("dtstart", clock.ends_on)
    if clock.ends_on:
        event.add("dtend", plus_days(clock.ends_on, 1))
    event.add("summary", title)
    event.add("description", _what(clock, rules))
    event.add("transp", "TRANSPARENT")
    for days in rules.rights[clock.right].alarm_days:
        event.add_component(_alarm(days, title))
    return event


def _alarm(days: int, title: str) -> Event:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"还有{days}天：{title}")
    alarm.add("trigger", RINGS_AT - timedelta(days=days))
    return alarm  # type: ignore[return-value]


def _who(clock: Clock, people: Sequence[Party]) -> str:
    """Return whose clock it is by role; where a role is held by several, by its place among them."""
    same = [one.name for one in people if one.role == clock.role]
    place = f"{same.index(clock.party) + 1}" if len(same) > 1 else ""
    borrower = f"（借款人{mask_name(people[0].name)}）"
    return borrower[1:-1] if clock.role == "borrower" else f"{ROLE_TITLES[clock.role]}{place}{borrower}"


def _what(clock: Clock, rules: Rules) -> str:
    """Return what saves the right; letters are named by number, people not at all."""
    state = "证据还没有归档，" if clock.state == "unproved" else ""
    return f"{state}{advice(clock, rules)}。按未顺延的届满日；依据见 ccm clock --loan {clock.loan_no}"
