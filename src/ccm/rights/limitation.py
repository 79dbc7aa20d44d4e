"""The claim's limitation, the mortgage that hangs on it, enforcement after judgment, and the cap (law.md §1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ccm.rights.clock import DEBTORS, Basis, Clock
from ccm.rights.interruption import Period, counting, read, walk
from ccm.rights.proof import lacking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.rights.clock import Doubt, Key, Right, State
    from ccm.rights.interruption import Reading, Run
    from ccm.rights.matter import Matter
    from ccm.rights.proof import Effect

SAVES: dict[Right, str] = {
    "limitation": "demand", "guarantor_limitation": "request", "mortgage": "demand", "enforcement": "enforce",
    "cap": "sue",
}  # fmt: skip
"""What keeps a right that can be interrupted."""
MENDS: dict[Right, str] = {"limitation": "waiver", "guarantor_limitation": "waiver"}
"""What is left where it is lost."""


def claims(matter: Matter) -> list[Clock]:
    """Return the limitation of the claim against each debtor; what interrupts for one interrupts for all."""
    keys = [debtor.key for debtor in matter.debtors]
    dates = matter.due_dates
    if not dates:
        return [matter.off(key, "limitation", "due_on") for key in keys]
    readings = [read(name, dict.fromkeys(keys, on), matter.debts, matter.period) for name, on in dates.items()]
    interest = _interest(matter, readings[0][keys[0]].proved)
    return [
        interrupted(matter, key, "limitation", [one[key] for one in readings], matter.debts, interest) for key in keys
    ]


def interrupted(
    matter: Matter,
    key: Key,
    right: Right,
    readings: Sequence[Reading],
    effects: Sequence[Effect],
    doubts: Sequence[Doubt] = (),
) -> Clock:
    """Return the clock of a right that can be interrupted, by the careful reading that is still open.

    Only a right that is over under every reading is lost; one that is over under some is near (law.md §1.4, [J]).
    `effects` are all events of those who share it, in order, also those that came to nothing.
    """
    still = [one for one in readings if not matter.passed(one.claimed.law_ends_on)]
    chosen = (
        min(still, key=lambda one: one.proved.ends_on)
        if still
        else max(readings, key=lambda one: one.claimed.law_ends_on)
    )
    run = chosen.proved
    kept_on = matter.judged_on(key) if right != "enforcement" else None
    unfiled = matter.unfiled(key) if right != "enforcement" else None
    state = _state(matter, right, chosen, lost=not still, near=len(still) < len(readings))
    act = MENDS.get(right, "review") if state == "lost" else "file" if state == "unproved" else SAVES[right]
    if kept_on or unfiled:
        state, act = ("safe", "none") if kept_on else ("unproved", "file")
    others = [matter.doubt(one.key, "ends", ends_on=one.proved.ends_on) for one in readings if one is not chosen]
    pending = [matter.doubt("pending")] if run.pending else []
    return Clock(
        loan_no=matter.facts.loan_no,
        party=key[1],
        role=key[0],
        right=right,
        state=state,
        started_on=run.started_on,
        ends_on=run.ends_on,
        legal_ends_on=None if run.pending else matter.roll(run.law_ends_on),
        days_left=None if kept_on else (run.ends_on - matter.as_of).days,
        basis=_chain(chosen, effects),
        act=act,
        needs=_papers(matter, chosen, effects, unfiled) if act == "file" else matter.rules.acts[act].needs,
        doubts=(*others, *pending, *doubts),
        if_proved_on=chosen.claimed.ends_on if state == "unproved" and not unfiled else None,
        kept_on=kept_on,
        expired_on=run.expired_on or chosen.claimed.expired_on,
    )


def enforcement(matter: Matter) -> list[Clock]:
    """Return the two years to apply for enforcement of each judgment (民诉法250), interrupted like a claim.

    Debtors share what interrupts; a guarantor stands alone.
    """
    months = matter.rules.months
    period = Period(months["enforcement"], months["suspension"], matter.roll)
    starting = {key: one.event.on for key, one in matter.judgments.items()}
    judged = {key: on for key, on in starting.items() if key[0] in DEBTORS}
    together = [(judged, matter.debts)] if judged else []
    alone = [({key: on}, matter.guaranteed[key]) for key, on in starting.items() if key not in judged]
    clocks = []
    for starts, effects in (*together, *alone):
        since = [one for one in effects if one.law_on > min(starts.values())]
        readings = read("JUDGMENT", starts, since, period)
        clocks += [interrupted(matter, one, "enforcement", [reading], since) for one, reading in readings.items()]
    return clocks


def mortgage(matter: Matter, clocks: Sequence[Clock]) -> list[Clock]:
    """Return the mortgage's clock: the claim's (民法典419) or, after a judgment, its enforcement's (担保解释44).

    A debtor who agrees anew after the end binds the one who mortgaged as little as a guarantor (民法典701).
    """
    borrower = matter.debtors[0].key
    if matter.facts.collateral is None:
        return [matter.off(borrower, "mortgage", "collateral")]
    if not matter.facts.collateral:
        return []
    right = "enforcement" if matter.judged_on(borrower) else "limitation"
    claim = next(one for one in clocks if one.right == right and one.key == borrower)
    if claim.expired_on:
        claim = replace(
            claim,
            state="lost",
            ends_on=claim.expired_on,
            legal_ends_on=matter.roll(claim.expired_on),
            days_left=(claim.expired_on - matter.as_of).days,
            expired_on=None,
            if_proved_on=None,
        )
    if claim.state != "lost":
        return [replace(claim, right="mortgage")]
    return [replace(claim, right="mortgage", act="review", needs=matter.rules.acts["review"].needs)]


def cap(matter: Matter) -> list[Clock]:
    """Return the twenty years of the claim, which nothing interrupts or suspends (民法典188, 总则编解释35)."""
    key = matter.debtors[0].key
    ends_on = matter.cap_on
    if ends_on is None:
        return [matter.off(key, "cap", "due_on")]
    name, start_on = min(matter.due_dates.items(), key=lambda one: one[1])
    kept_on, unfiled = matter.judged_on(key), matter.unfiled(key)
    lost = matter.passed(ends_on) and not kept_on
    state: State = "lost" if lost else "near" if matter.soon("cap", ends_on) and not kept_on else "safe"
    act = "none" if kept_on else "review" if lost else SAVES["cap"]
    if unfiled:
        state, act = "unproved", "file"
    return [
        Clock(
            loan_no=matter.facts.loan_no,
            party=key[1],
            role=key[0],
            right="cap",
            state=state,
            started_on=start_on,
            ends_on=ends_on,
            legal_ends_on=matter.roll(ends_on),
            days_left=None if kept_on else (ends_on - matter.as_of).days,
            basis=(Basis(name, start_on, "", worth="starts"),),
            act=act,
            needs=lacking([unfiled], matter.rules) if unfiled else matter.rules.acts[act].needs,
            kept_on=kept_on,
        )
    ]


def _state(matter: Matter, right: Right, chosen: Reading, *, lost: bool, near: bool) -> State:
    proved, claimed = chosen.proved, chosen.claimed
    if lost:
        return "lost"
    if (claimed.ends_on, claimed.law_ends_on) != (proved.ends_on, proved.law_ends_on):
        return "unproved"
    return "near" if near or matter.soon(right, proved.ends_on) else "safe"


def _chain(reading: Reading, effects: Sequence[Effect]) -> tuple[Basis, ...]:
    start = Basis(reading.key, reading.proved.start_on, "", worth="starts")
    marks = reading.proved.marks
    links = (
        one.link._replace(worth=marks[id(one)]) if id(one) in marks else one.link
        for one in effects
        if one.rule.by != "judgment"
    )
    return (start, *links)


def _papers(matter: Matter, reading: Reading, effects: Sequence[Effect], unfiled: Effect | None) -> tuple[str, ...]:
    """Name the papers of the unproved events that would carry the clock beyond what is proved, or keep it for good."""
    if unfiled:
        return lacking([unfiled], matter.rules)
    since_on, marks = reading.proved.started_on, reading.claimed.marks
    hanging = (one for one in effects if one.missing and not one.void and one.law_on > since_on)
    return lacking((one for one in hanging if id(one) not in marks), matter.rules)


def _interest(matter: Matter, claim: Run) -> list[Doubt]:
    """Warn where the oldest interest, counted by itself as some courts do, ends before the claim (law.md §1.4)."""
    due_on = matter.facts.interest_due_on
    if due_on is None or due_on >= claim.start_on:
        return []
    effects, end_on = counting(matter.debts, trust=False), claim.period.end(due_on)
    if effects and claim.start_on <= effects[0].careful_on and effects[0].in_time_on <= end_on:
        return []  # the first interruption is in time for both, and from it on both run alike
    keys = [debtor.key for debtor in matter.debtors]
    run = walk(dict.fromkeys(keys, due_on), effects, claim.period)[keys[0]]
    return [matter.doubt("interest", ends_on=run.ends_on)] if run.ends_on < claim.ends_on else []
