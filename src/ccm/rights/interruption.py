"""How a period runs that can be interrupted: restarted, suspended, expired, revived (民法典194, 195; 时效规定8–19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ccm.rights.periods import Roll, last_day
from ccm.rights.proof import OPEN
from ccm.units import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ccm.rights.clock import Key, Worth
    from ccm.rights.proof import Effect
    from ccm.rights.rules import Rules


@dataclass(frozen=True, slots=True)
class Period:
    """The length of a period, and the day it never passes (`cap_on`).

    A period of `old_months` that was over before `changed_on` stays over (民法总则时效解释3).
    """

    months: int
    suspension: int
    roll: Roll
    cap_on: date = date.max
    old_months: int = 0
    changed_on: date = date.min

    def end(self, start_on: date) -> date:
        """Return the last day, not moved, of the period that starts on `start_on`."""
        if start_on < self.changed_on:
            old_end = add_months(start_on, self.old_months)
            if old_end < self.changed_on:
                return old_end
        return min(add_months(start_on, self.months), self.cap_on)


def limitation_period(rules: Rules, roll: Roll, cap_on: date | None) -> Period:
    """Return the period of a claim: three years, never past the cap (民法典188)."""
    months, cap_on = rules.months, cap_on or date.max
    old, changed_on = months["limitation_old"], rules.changes["three_years"]
    return Period(months["limitation"], months["suspension"], roll, cap_on, old, changed_on)


class Run:
    """One obligor's period as it goes through the events.

    `ends_on` counts from `started_on`, the earlier of sent and arrived; `law_ends_on` from the arrival: alarms go by
    the first, what is in time by the second, moved to a working day.
    `marks` tell, by the event's identity, what each was worth that did not count; `pending` that a proceeding has no
    end on record.
    """

    __slots__ = ("_law_from_on", "ends_on", "expired_on", "law_ends_on", "marks", "pending", "period", "start_on",
                 "started_on")  # fmt: skip

    def __init__(self, start_on: date, period: Period) -> None:
        self.start_on = self.started_on = self._law_from_on = start_on
        self.period = period
        self.ends_on = self.law_ends_on = period.end(start_on)
        self.expired_on: date | None = None
        self.pending = False
        self.marks: dict[int, Worth] = {}

    def alive(self, on: date) -> bool:
        """Tell whether the right can still be kept on a day."""
        return on <= self.law_ends_on or on <= last_day(self.law_ends_on, self.period.roll)

    def restart(self, effect: Effect) -> None:
        """Count anew from an interruption; it never shortens."""
        if effect.in_time_on < self.start_on and effect.law_on <= self.start_on:
            self.marks[id(effect)] = "early"
            return
        if effect.careful_on > self.started_on:
            self.started_on = effect.careful_on
            self.ends_on = max(self.ends_on, self.period.end(effect.careful_on))
        if effect.law_on > self._law_from_on:
            self._law_from_on = effect.law_on
            self.law_ends_on = max(self.law_ends_on, self.period.end(effect.law_on))
            self.pending = effect.law_on == OPEN

    def suspend(self, effect: Effect) -> None:
        """Let an obstacle of the last six months end the period six months after itself (民法典194)."""
        over_on = effect.event.ended_on
        if over_on is None or over_on < add_months(self.law_ends_on, -self.period.suspension):
            self.marks[id(effect)] = "early"
            return
        longer = min(add_months(over_on, self.period.suspension), self.period.cap_on)
        self.ends_on, self.law_ends_on = max(self.ends_on, longer), max(self.law_ends_on, longer)

    def revive(self, effect: Effect) -> None:
        """Live again after the end."""
        self.expired_on = self.expired_on or self.law_ends_on
        self.started_on, self._law_from_on = effect.careful_on, effect.law_on
        self.ends_on, self.law_ends_on = self.period.end(effect.careful_on), self.period.end(effect.law_on)


def walk(starts: Mapping[Key, date], effects: Iterable[Effect], period: Period) -> dict[Key, Run]:
    """Take obligors who owe jointly through the events of all of them, in order.

    What interrupts for one interrupts for all whose own period is alive (时效规定15). After the end only a signed
    agreement to perform revives (时效规定19), and only against the one who signed.

    Args:
        starts: The day each one's period starts.
        effects: The events that count, in order; those of others are passed over.
        period: The period they share.
    """
    runs = {key: Run(start_on, period) for key, start_on in starts.items()}
    everyone = tuple(runs.values())
    for effect in effects:
        own = runs.get(effect.key)
        if own is None:
            continue
        if not own.alive(effect.in_time_on):
            if effect.event.agrees and "revives" in effect.rule.does:
                own.revive(effect)
                continue
            for run in everyone:
                run.marks[id(effect)] = "late"
        elif effect.rule.by == "obstacle":
            own.suspend(effect)
        else:
            for run in everyone:
                if run is own or run.alive(effect.in_time_on):
                    run.restart(effect)
                else:
                    run.marks[id(effect)] = "late"
    return runs


def counting(effects: Iterable[Effect], *, trust: bool) -> list[Effect]:
    """Return the events that can move a period; those whose papers are missing only where they are trusted."""
    return [one for one in effects if not one.void and (trust or not one.missing) and one.rule.by != "judgment"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to count: from where, once by what is proved and once as if all papers were filed."""

    key: str
    proved: Run
    claimed: Run


def read(key: str, starts: Mapping[Key, date], effects: list[Effect], period: Period) -> dict[Key, Reading]:
    """Return the reading that counts from `starts` for each obligor."""
    sure, claimed = counting(effects, trust=False), counting(effects, trust=True)
    by_proof = walk(starts, sure, period)
    by_claim = by_proof if len(claimed) == len(sure) else walk(starts, claimed, period)
    return {one: Reading(key, by_proof[one], by_claim[one]) for one in starts}
