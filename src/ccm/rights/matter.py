"""One loan as it is counted on one day: its facts and weighed events, the rules, and what their words are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ccm.rights.clock import DEBTORS, Clock, Doubt
from ccm.rights.interruption import limitation_period
from ccm.rights.periods import last_day
from ccm.units import add_months

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ccm.rights.clock import Facts, Key, Obligor, Right
    from ccm.rights.interruption import Period
    from ccm.rights.periods import Roll
    from ccm.rights.proof import Effect
    from ccm.rights.rules import Rules


@dataclass(frozen=True, slots=True)
class Matter:
    """A loan on the day `as_of`.

    The `debtors` owe jointly and share their events (`debts`); of the guarantors each has their own (`guaranteed`).
    `judgments` holds the last judgment against each obligor that is proved, else the last; `accelerated_on` is the due
    date that a notice brought forward: the stated day or the arrival, whichever is later. `due_dates` are the days from
    which the claim may be counted, the careful one first (empty where none is known); `cap_on` ends the twenty years
    from the earliest, and `period` is the limitation, which never passes it.
    """

    facts: Facts
    debtors: tuple[Obligor, ...]
    guarantors: tuple[Obligor, ...]
    debts: list[Effect]
    guaranteed: Mapping[Key, list[Effect]]
    judgments: Mapping[Key, Effect]
    accelerated_on: date | None
    due_dates: Mapping[str, date]
    cap_on: date | None
    period: Period
    as_of: date
    rules: Rules
    roll: Roll

    def judged_on(self, key: Key) -> date | None:
        """Return the day of the proved judgment that keeps an obligor's debt for good, None where there is none."""
        judgment = self.judgments.get(key)
        return judgment.event.on if judgment and not judgment.missing else None

    def unfiled(self, key: Key) -> Effect | None:
        """Return the judgment that keeps nothing until its paper is filed (law.md "What follows" 2)."""
        judgment = self.judgments.get(key)
        return judgment if judgment and judgment.missing else None

    def passed(self, raw_on: date) -> bool:
        """Tell whether a period that ends on `raw_on` is over, moved to a working day."""
        return self.as_of > raw_on and self.as_of > last_day(raw_on, self.roll)

    def soon(self, right: Right, ends_on: date) -> bool:
        """Tell whether the first alarm before an end has sounded."""
        return (ends_on - self.as_of).days <= self.rules.rights[right].alarm_days[0]

    def doubt(self, *keys: str, ends_on: date | None = None, party: str = "") -> Doubt:
        """Return the readings of `keys` as one doubt, with the end it leads to."""
        return _doubt(self.rules, keys, ends_on, party)

    def off(self, key: Key, right: Right, *missing: str) -> Clock:
        """Return the clock of a right that cannot be counted without the ledger columns `missing`."""
        role, name = key
        return Clock(self.facts.loan_no, name, role, right, "off", None, None, None, None, missing=missing)


def matter_of(facts: Facts, effects: list[Effect], as_of: date, rules: Rules, roll: Roll) -> Matter:
    """Return a loan with what is counted once for all its clocks."""
    debts: list[Effect] = []
    guaranteed: dict[Key, list[Effect]] = {}
    judgments: dict[Key, Effect] = {}
    for one in effects:
        key = one.key
        (debts if key[0] in DEBTORS else guaranteed.setdefault(key, [])).append(one)
        if one.rule.by == "judgment":
            judgments[key] = max((judgments.get(key, one), one), key=_weight)
    accelerated_on = _accelerated(debts, rules)
    dates = _due_dates(facts, accelerated_on)
    cap_on = add_months(min(dates.values()), rules.months["cap"]) if dates else None
    return Matter(
        facts=facts,
        debtors=tuple(one for one in facts.obligors if one.role in DEBTORS),
        guarantors=tuple(one for one in facts.obligors if one.role not in DEBTORS),
        debts=debts,
        guaranteed=guaranteed,
        judgments=judgments,
        accelerated_on=accelerated_on,
        due_dates=dates,
        cap_on=cap_on,
        period=limitation_period(rules, roll, cap_on),
        as_of=as_of,
        rules=rules,
        roll=roll,
    )


def _weight(judgment: Effect) -> tuple[bool, date]:
    return not judgment.missing, judgment.event.on


@lru_cache(maxsize=2**16)
def _doubt(rules: Rules, keys: tuple[str, ...], ends_on: date | None, party: str) -> Doubt:
    found = [rules.readings[key] for key in keys]
    says = "，".join(rule.says.format(day=ends_on, party=party) for rule in found)
    sources = "；".join(dict.fromkeys(rule.source for rule in found))
    return Doubt(keys, says, ends_on, sources, any(rule.confirm for rule in found))


def _accelerated(debts: list[Effect], rules: Rules) -> date | None:
    """A notice that never arrived changes nothing (law.md §3); of several debtors the first reached counts."""
    arrived = [
        max(one.event.on, one.event.arrived_on)
        for one in debts
        if "accelerates" in one.rule.does
        and one.event.arrived_on
        and not one.void
        and rules.restarts[one.event.grade or one.rule.grade] != "arrival"
    ]
    return min(arrived, default=None)


def _due_dates(facts: Facts, accelerated_on: date | None) -> dict[str, date]:
    original, extended = facts.original_due_on, facts.extended_due_on
    due = ("extended", extended) if extended and (not original or extended > original) else ("due", original)
    early = accelerated_on and not (due[1] and due[1] <= accelerated_on)
    return {key: on for key, on in ((("accelerated", accelerated_on) if early else due), due) if on}
