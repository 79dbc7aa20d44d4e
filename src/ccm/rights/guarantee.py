"""The guarantee period, and the guarantor's own limitation once the guarantee was claimed in time (law.md §2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccm.rights.clock import DEBTORS, Basis, Clock, Guarantee
from ccm.rights.contract import lacks, says_period, windows
from ccm.rights.interruption import read
from ccm.rights.limitation import interrupted
from ccm.rights.periods import last_day
from ccm.rights.proof import SIGNER, lacking
from ccm.units import add_months, plus_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.rights.clock import Doubt, Key, Obligor, State, Worth
    from ccm.rights.contract import Window
    from ccm.rights.matter import Matter
    from ccm.rights.proof import Effect


@dataclass(frozen=True, slots=True)
class Outcome:
    """One window and the act that kept it: as proved, and as if all papers were filed; None where there was none."""

    window: Window
    proved: Effect | None
    claimed: Effect | None
    over: bool


def guarantor(matter: Matter, obligor: Obligor) -> list[Clock]:
    """Return the clocks of one guarantor: the guarantee period and, once claimed, their own limitation.

    What happens to the debtor or to another guarantor does not count for this one (担保解释29), save the suit
    against the debtor that a general guarantee needs (民法典693).
    """
    guarantee = obligor.guarantee or Guarantee()
    found = windows(guarantee, matter)
    if not found:
        return [matter.off(obligor.key, "guarantee", "due_on")]
    own = matter.guaranteed.get(obligor.key, [])
    outcomes = [_outcome(matter, window, own) for window in found]
    limitation = _own_limitation(matter, obligor.key, outcomes, own)
    return [_period(matter, obligor, outcomes, own, limitation), *([limitation] if limitation else [])]


def _outcome(matter: Matter, window: Window, own: list[Effect]) -> Outcome:
    """Find the act that keeps one window: a request that reached the guarantor, or a suit against the debtor."""
    where = own if window.kind == "joint" else matter.debts
    acts = [one for one in where if _saves(window, one) and _within(matter, window, one)]
    proved = next((one for one in acts if not one.missing), None)
    over = matter.passed(window.ends_on) and not window.assumed
    return Outcome(window, proved, acts[0] if acts else None, over)


def _saves(window: Window, effect: Effect) -> bool:
    """Tell whether an act is of the kind that saves; a suit withdrawn and not filed anew is not (担保解释31)."""
    if window.kind == "joint":
        return "requests" in effect.rule.does and effect.key[0] not in DEBTORS and not effect.void
    return "sues" in effect.rule.does and effect.key[0] in DEBTORS and not effect.event.withdrawn


def _within(matter: Matter, window: Window, effect: Effect) -> bool:
    return window.start_on <= effect.in_time_on and not _after(matter, window, effect.in_time_on)


def _after(matter: Matter, window: Window, on: date) -> bool:
    return on > window.ends_on and on > last_day(window.ends_on, matter.roll)


def _period(
    matter: Matter, obligor: Obligor, outcomes: list[Outcome], own: list[Effect], limitation: Clock | None
) -> Clock:
    """Return the guarantee period's clock, by the reading that ends first of those not yet kept."""
    guarantee, rules = obligor.guarantee or Guarantee(), matter.rules
    chosen, state = _choose(matter, outcomes)
    window = chosen.window
    judged_on, unfiled = matter.judged_on(obligor.key), matter.unfiled(obligor.key)
    if judged_on or unfiled:
        state = "safe" if judged_on else "unproved"
    kept = [one.proved.in_time_on for one in outcomes if one.proved]
    kept_on = judged_on or (max(kept) if chosen.proved else None)
    act = _act(outcomes, state, kept=kept_on is not None)
    needs = rules.acts[act].needs
    if act == "file":
        claimed = [unfiled] if unfiled else [one.claimed for one in outcomes if one.claimed and not one.proved]
        needs = lacking(claimed, rules)
    return Clock(
        loan_no=matter.facts.loan_no,
        party=obligor.name,
        role=obligor.role,
        right="guarantee",
        state=state,
        started_on=window.start_on,
        ends_on=window.ends_on,
        legal_ends_on=matter.roll(window.ends_on),
        days_left=None if kept_on else (window.ends_on - matter.as_of).days,
        basis=_chain(matter, window, own),
        act=act,
        needs=needs,
        doubts=(*_readings(matter, outcomes, chosen), *_notes(matter, guarantee, outcomes, state)),
        missing=lacks(guarantee, rules),
        if_proved_on=limitation.ends_on if limitation and state == "unproved" else None,
        kept_on=kept_on,
        post_by_on=None if kept_on else _post_by(matter, outcomes),
    )


def _post_by(matter: Matter, outcomes: list[Outcome]) -> date | None:
    """Return the last day to post a request that, returned, leaves time for a second way (law.md §2.2)."""
    days = matter.rules.rights["guarantee"].post_before_days
    coming = (one.window for one in outcomes if not one.proved and not one.over)
    return next((plus_days(window.ends_on, -days) for window in coming if window.kind == "joint"), None)


def _choose(matter: Matter, outcomes: list[Outcome]) -> tuple[Outcome, State]:
    """Return the reading to watch and the state: lost only if lost under every reading, kept only if under all."""
    unkept = [one for one in outcomes if not one.proved]
    if not unkept:
        return outcomes[0], "safe"
    coming = [one for one in unkept if not one.over]
    hanging = [one for one in unkept if one.over and one.claimed]
    gone = len(unkept) - len(coming) - len(hanging)
    if coming:
        chosen = coming[0]
        near = gone > 0 or matter.soon("guarantee", chosen.window.ends_on)
        return chosen, "unproved" if chosen.claimed or hanging else "near" if near else "safe"
    if hanging:
        return hanging[0], "unproved"
    kept = [one for one in outcomes if one.proved]
    return (kept[0], "near") if kept else (outcomes[-1], "lost")


def _act(outcomes: list[Outcome], state: State, *, kept: bool) -> str:
    if kept:
        return "none" if state == "safe" else "review"
    if state in {"lost", "unproved"}:
        return "new_guarantee" if state == "lost" else "file"
    kinds = {one.window.kind for one in outcomes if not one.proved and not one.over}
    return "suit_and_request" if len(kinds) > 1 else "suit" if "general" in kinds else "request"


def _readings(matter: Matter, outcomes: list[Outcome], chosen: Outcome) -> list[Doubt]:
    """Say each other reading by what tells it from the rest, with its own end."""
    if len(outcomes) == 1:
        return []
    keys = [(one.window.kind, one.window.start, one.window.length) for one in outcomes]
    common = set.intersection(*map(set, keys))
    return [
        matter.doubt(*(key for key in names if key not in common), "ends", ends_on=one.window.ends_on)
        for one, names in zip(outcomes, keys, strict=True)
        if one is not chosen
    ]


def _notes(matter: Matter, guarantee: Guarantee, outcomes: list[Outcome], state: State) -> list[Doubt]:
    facts = matter.facts
    notes = []
    if not says_period(guarantee, matter.rules):
        notes.append("unread_period" if guarantee.period_text else "no_period")
    if facts.extended_due_on and facts.extended_due_on > (facts.original_due_on or facts.extended_due_on):
        notes += ["no_consent"] if not guarantee.consents else []
    if guarantee.maximum and all(one.window.start != "determined" for one in outcomes):
        notes.append("maximum")
    if state == "unproved" and any(one.claimed and _presumed(one.claimed) for one in outcomes):
        notes.append("ems")
    return [matter.doubt(note) for note in notes]


def _presumed(effect: Effect) -> bool:
    """Where the waybill and the content are in hand, a claim on the guarantor is presumed (〔2003〕民二他字第6号)."""
    return {"original", "waybill"} <= effect.event.papers and not {"delivery", SIGNER}.isdisjoint(effect.missing)


def _chain(matter: Matter, window: Window, own: list[Effect]) -> tuple[Basis, ...]:
    """Show what reached this guarantor and, for a general guarantee, the suits: each with what it is worth."""
    shown = own
    if window.kind == "general":
        suits = [one for one in matter.debts if "sues" in one.rule.does]
        shown = sorted([*own, *suits], key=lambda one: one.in_time_on)
    start = Basis(window.start, window.start_on, "", worth="starts")
    worths = ((one.link, _worth(matter, window, one)) for one in shown)
    return (start, *(link._replace(worth=worth) if worth else link for link, worth in worths))


def _worth(matter: Matter, window: Window, effect: Effect) -> Worth | None:
    """Return what an act is worth to a window, None where it is worth what it proves."""
    if not _saves(window, effect):
        return "void"
    if effect.in_time_on < window.start_on:
        return "early"
    return "late" if _after(matter, window, effect.in_time_on) else None


def _own_limitation(matter: Matter, key: Key, outcomes: Sequence[Outcome], own: list[Effect]) -> Clock | None:
    """Return the guarantor's own three years (民法典694), None before the guarantee is claimed.

    A joint guarantor's start on the day of the request; a general guarantor's once enforcement against the debtor
    has failed, at the latest a year after it was applied for (担保解释28).
    """
    kept = [(one.window, one.proved or one.claimed) for one in outcomes]
    acts = [(window, act) for window, act in kept if act]
    requests = [(window, act) for window, act in acts if window.kind == "joint"]
    if requests:
        window, act = min(requests, key=lambda one: (bool(one[1].missing), one[1].in_time_on))
        start_on = max(window.start_on, min(act.in_time_on, act.careful_on))
        name, hangs, since_on = act.event.kind, bool(act.missing), act.in_time_on
    else:
        failed_on = _failed(matter) if acts else None
        if not failed_on:
            return None
        name, hangs, start_on, since_on = "ENFORCEMENT", all(act.missing for _, act in acts), failed_on, failed_on
    since = [one for one in own if one.in_time_on >= since_on]
    reading = read(name, {key: start_on}, since, matter.period)[key]
    if hangs:
        reading = replace(reading, proved=reading.claimed)
    clock = interrupted(matter, key, "guarantor_limitation", [reading], since)
    if not hangs or clock.kept_on or clock.state == "lost":
        return clock
    papers = lacking((act for _, act in acts if act.missing), matter.rules)
    return replace(clock, state="unproved", act="file", needs=papers, if_proved_on=clock.ends_on)


def _failed(matter: Matter) -> date | None:
    """Return the day on which a general guarantor may be turned to: enforcement ended, or a year after applying."""
    wait = matter.rules.months["enforcement_wait"]
    applied = [one.event for one in matter.debts if one.event.kind == "ENFORCEMENT"]
    waited = ((one, add_months(one.on, wait)) for one in applied)
    return min((min(one.ended_on or latest_on, latest_on) for one, latest_on in waited), default=None)
