"""What must hold of every clock, whatever happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from story import RULES, borrower, clocks_on, co_borrower, day, guarantor, loan, roll

from ccm.rights.clock import Event
from ccm.rights.count import clocks
from ccm.units import add_months

if TYPE_CHECKING:
    from ccm.rights.clock import Clock, Facts, Obligor

DUE = date(2021, 3, 20)
AS_OF = date(2026, 11, 23)
PEOPLE = (borrower(clause=None), co_borrower(), guarantor(clause=True), guarantor("赵六", "保证", contract_on=None))
FACTS = loan(str(DUE), *PEOPLE, collateral=True, interest_due_on="2020-12-21")
MOVING = sorted(code for code, rule in RULES.events.items() if rule.by != "judgment")
DAYS = st.dates(date(2020, 6, 1), AS_OF)


@st.composite
def happenings(draw: st.DrawFn, people: tuple[Obligor, ...] = PEOPLE, kinds: list[str] = MOVING) -> Event:
    """Any event, well or badly proved; an acceleration only where asked for."""
    kind, who, on = draw(st.sampled_from(kinds)), draw(st.sampled_from(people)), draw(DAYS)
    papers = draw(st.sampled_from([RULES.events[kind].papers, frozenset(), frozenset({"original"})]))
    return Event(
        kind, on, who.name, who.role,
        sent_on=draw(st.none() | st.just(on - timedelta(days=4))),
        arrived_on=draw(st.none() | st.just(on)),
        ended_on=draw(st.none() | st.just(on + timedelta(days=200))),
        served_on=draw(st.none() | st.just(on + timedelta(days=20))),
        withdrawn=draw(st.booleans()),
        agrees=draw(st.booleans()),
        grade=draw(st.sampled_from(["", *RULES.grades])),
        papers=papers,
    )  # fmt: skip


FEW = settings(max_examples=60, deadline=None)
"""Each example draws a dozen events; thousands were tried when this was written."""
PLAIN = [kind for kind in MOVING if kind != "ACCELERATION"]
"""An acceleration moves the start itself, so it may well bring an end nearer."""
EVENTS = st.lists(happenings(), max_size=12)
PLAIN_EVENTS = st.lists(happenings(kinds=PLAIN), max_size=12)


def proved(event: Event) -> Event:
    """The same with all papers filed and its proceeding ended, and nothing signed."""
    ended_on = event.ended_on or event.on
    return event._replace(papers=frozenset(RULES.papers), grade="B", ended_on=ended_on, agrees=False)


def found(facts: Facts, events: list[Event], as_of: date = AS_OF) -> dict[tuple[str, str], Clock]:
    return {(one.right, one.party): one for one in clocks(facts, events, as_of, RULES, roll)}


@given(PLAIN_EVENTS, happenings(kinds=PLAIN))
@FEW
def test_an_event_never_shortens_a_clock(events: list[Event], more: Event) -> None:
    before, after = found(FACTS, events), found(FACTS, [*events, more])

    for party in ("张三", "王五"):
        one, other = before["limitation", party], after["limitation", party]
        assert one.ends_on
        assert other.ends_on
        assert one.ends_on <= other.ends_on
        assert one.legal_ends_on is None or other.legal_ends_on is None or one.legal_ends_on <= other.legal_ends_on


@given(EVENTS, happenings(people=PEOPLE[:2], kinds=PLAIN), st.integers(40, 900))
@FEW
def test_after_the_end_nothing_revives_without_a_signed_agreement(events: list[Event], late: Event, days: int) -> None:
    """Everything is proved and every proceeding has ended, or the end would not have come."""
    unsigned = [proved(one) for one in events]
    before = found(FACTS, unsigned)["limitation", "张三"]
    ends = [before.legal_ends_on, before.ends_on, *(doubt.ends_on for doubt in before.doubts)]
    on = max(end for end in ends if end) + timedelta(days=days)
    demand = proved(late)._replace(on=on, arrived_on=on, sent_on=None, served_on=on, ended_on=on)
    after = found(FACTS, [*unsigned, demand], on)["limitation", "张三"]

    assert (after.state, after.ends_on) == ("lost", found(FACTS, unsigned, on)["limitation", "张三"].ends_on)


@given(EVENTS)
@FEW
def test_joint_debtors_share_as_long_as_nobody_agrees_anew(events: list[Event]) -> None:
    shown = found(FACTS, [one._replace(agrees=False) for one in events if one.kind != "OBSTACLE"])

    assert shown["limitation", "张三"].ends_on == shown["limitation", "王五"].ends_on


@given(st.lists(happenings(people=PEOPLE[:2], kinds=PLAIN), max_size=8), EVENTS)
@FEW
def test_what_befalls_the_debtors_leaves_a_joint_guarantors_period(theirs: list[Event], rest: list[Event]) -> None:
    rest = [one for one in rest if one.kind != "ACCELERATION"]
    alone, together = found(FACTS, rest), found(FACTS, [*rest, *theirs])

    def told(clocks: dict[tuple[str, str], Clock]) -> list[object]:
        return [(one.right, one.ends_on, one.state, one.kept_on) for key, one in clocks.items() if key[1] == "李四"]

    assert told(alone) == told(together)


@given(st.lists(happenings(people=PEOPLE[2:], kinds=PLAIN), max_size=8), PLAIN_EVENTS)
@FEW
def test_what_befalls_a_guarantor_leaves_the_debtors_and_the_other(theirs: list[Event], rest: list[Event]) -> None:
    only_zhao = [one for one in theirs if one.party == "赵六"]
    alone, together = found(FACTS, rest), found(FACTS, [*rest, *only_zhao])

    for key in (("limitation", "张三"), ("limitation", "王五"), ("mortgage", "张三"), ("guarantee", "李四")):
        assert (alone[key].ends_on, alone[key].state) == (together[key].ends_on, together[key].state)


@given(EVENTS, st.randoms())
@FEW
def test_the_order_given_does_not_matter(events: list[Event], chance: object) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert found(FACTS, events) == found(FACTS, shuffled)


@given(EVENTS, st.dates(date(2003, 1, 1), date(2024, 1, 1)))
@FEW
def test_no_end_lies_beyond_the_cap(events: list[Event], due_on: date) -> None:
    shown = found(replace(FACTS, due_on=due_on), events)
    cap = shown["cap", "张三"].ends_on

    assert cap
    assert cap <= add_months(due_on, 12 * 20)
    for right in ("limitation", "guarantor_limitation", "mortgage"):
        assert all(one.ends_on and one.ends_on <= cap for key, one in shown.items() if key[0] == right)


@given(EVENTS)
@FEW
def test_without_its_papers_no_clock_ends_later_than_with_them(events: list[Event]) -> None:
    filed = [one._replace(papers=frozenset(RULES.papers)) for one in events]

    for key, one in found(FACTS, events).items():
        assert one.if_proved_on is None or (one.ends_on and one.ends_on <= one.if_proved_on)
        assert one.if_proved_on is None or one.state == "unproved"
        if key[0] != "guarantee":  # a general one that is kept has no next end before enforcement has failed
            assert one.if_proved_on or one.state != "unproved"
        if key[0] == "limitation" and not any(event.kind == "ACCELERATION" for event in events):
            proved = found(FACTS, filed)[key]
            assert one.ends_on
            assert proved.ends_on
            assert one.ends_on <= proved.ends_on


@given(EVENTS)
@FEW
def test_the_alarm_never_rings_after_the_law(events: list[Event]) -> None:
    for one in found(FACTS, events).values():
        assert one.legal_ends_on is None or (one.ends_on and one.ends_on <= one.legal_ends_on)


@given(EVENTS)
@FEW
def test_a_guarantee_kept_by_its_request_never_outlives_the_period_it_was_kept_in(events: list[Event]) -> None:
    """692: the period's own end moves with nothing but the due date."""
    shown = found(FACTS, [one for one in events if one.kind != "ACCELERATION"])

    assert shown["guarantee", "李四"].ends_on == add_months(DUE, 6)


@given(PLAIN_EVENTS, st.integers(0, 2000))
@FEW
def test_what_is_lost_stays_lost_as_days_go_by(events: list[Event], days: int) -> None:
    later = AS_OF + timedelta(days=days)
    now, then = found(FACTS, events), found(FACTS, events, later)

    assert all(then[key].state == "lost" for key, one in now.items() if one.state == "lost")


def test_a_clock_that_is_safe_turns_near_and_then_lost_in_that_order() -> None:
    facts = loan("2023-03-20")
    states = [clocks_on(str(day("2025-01-01") + timedelta(days=n)), facts)[0].state for n in range(0, 700, 7)]

    assert [state for state, before in zip(states, [None, *states], strict=False) if state != before] == [
        "safe", "near", "lost",
    ]  # fmt: skip
