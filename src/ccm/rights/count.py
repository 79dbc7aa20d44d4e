"""Every clock of one loan on one day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ccm.rights.guarantee import guarantor
from ccm.rights.limitation import cap, claims, enforcement, mortgage
from ccm.rights.matter import matter_of
from ccm.rights.proof import weigh
from ccm.units import plus_days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ccm.rights.clock import Clock, Doubt, Event, Facts, Key
    from ccm.rights.matter import Matter
    from ccm.rights.periods import Roll
    from ccm.rights.rules import Rules


def clocks(facts: Facts, events: Iterable[Event], as_of: date, rules: Rules, roll: Roll) -> tuple[Clock, ...]:
    """Return all clocks of a loan: one per right and party (law.md "What follows" 1).

    Args:
        facts: What the ledger says; its first obligor is the borrower.
        events: What happened to its obligors up to `as_of`, in any order.
        as_of: The day on which the clocks are read.
        rules: The rights file.
        roll: The first working day from a day on, None where that year's holidays are not published.
    """
    matter = matter_of(facts, weigh(facts, events, rules), as_of, rules, roll)
    own = [*claims(matter), *enforcement(matter)]
    guaranteed = [clock for obligor in matter.guarantors for clock in guarantor(matter, obligor)]
    released = {clock.key for clock in guaranteed if clock.right == "guarantee" and clock.state == "lost"}
    return (
        *own,
        *(_warned(matter, clock, own[0], released) for clock in guaranteed),
        *mortgage(matter, own),
        *cap(matter),
    )


def accelerated_on(facts: Facts, events: Iterable[Event], as_of: date, rules: Rules, roll: Roll) -> date | None:
    """Return the due date that a notice brought forward by its arrival, None where none did (law.md §3)."""
    return matter_of(facts, weigh(facts, events, rules), as_of, rules, roll).accelerated_on


def alarm_days(clock: Clock, rules: Rules) -> tuple[date, ...]:
    """Return the days on which to sound the alarm for a clock that runs: before its raw end, never the moved one."""
    if clock.ends_on is None or clock.kept_on or clock.state == "lost":
        return ()
    return tuple(plus_days(clock.ends_on, -days) for days in rules.rights[clock.right].alarm_days)


CHECK = "先核对合同和送达证据"


def advice(clock: Clock, rules: Rules) -> str:
    """Return in words what saves a right; to look first where its day may be past, and what a later reading leaves."""
    act = rules.acts[clock.act].short
    if not clock.perhaps_over:
        return act
    later = max((one.ends_on for one in clock.doubts if one.ends_on and "ends" in one.keys), default=None)
    in_time = later and clock.ends_on and clock.days_left and later >= plus_days(clock.ends_on, -clock.days_left)
    return f"{CHECK}；按另一读法{later}届满：{act}" if in_time else CHECK


def _warned(matter: Matter, clock: Clock, claim: Clock, released: set[Key]) -> Clock:
    """Add to a guarantor's clock what others' clocks mean for it."""
    doubts = (*_defence(matter, clock, claim), *_released(matter, clock, released))
    return replace(clock, doubts=(*clock.doubts, *doubts)) if doubts else clock


def _defence(matter: Matter, clock: Clock, claim: Clock) -> list[Doubt]:
    """A guarantor may use the debtor's expired limitation (时效规定18, 民法典701), even if the debtor agreed anew."""
    if clock.state == "lost" or claim.kept_on or claim.ends_on is None or clock.ends_on is None:
        return []
    if claim.expired_on:
        return [matter.doubt("revived_principal", ends_on=claim.expired_on)]
    if claim.state == "lost" or (clock.right == "guarantor_limitation" and claim.ends_on < clock.ends_on):
        return [matter.doubt("principal", ends_on=claim.ends_on)]
    return []


def _released(matter: Matter, clock: Clock, released: set[Key]) -> list[Doubt]:
    """A guarantor let go may free the others, as far as they could have recovered from them (担保解释29(2))."""
    recourse = {one.key: one.guarantee.recourse if one.guarantee else None for one in matter.guarantors}
    if clock.state == "lost" or recourse[clock.key] is False:
        return []
    return [matter.doubt("co_guarantor", party=key[1]) for key in released if recourse[key] is not False]
