"""Applications not to sue for now, read off the journal: their signatures, and whether their plan is kept (C9, C10).

    drafted → submitted by the branch → reviewed by risk → approved, or refused
    approved → kept to its end, or broken: a step not paid within its grace

A later draft takes the place of one that nobody decided, a later approval that of an earlier one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from ccm.model import Deferral, Signature, Step
from ccm.payments import cleared, logged, paid_cents
from ccm.units import plus_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ccm.model import DeferralAct, DeferralState, Entry, Figures
    from ccm.payments import Logged

ACTS: dict[str, DeferralAct] = {
    "suit-drafted": "draft",
    "suit-submitted": "submit",
    "suit-reviewed": "review",
    "suit-approved": "approve",
    "suit-refused": "refuse",
}
"""The kinds of entries that are signatures."""
STATES: dict[DeferralAct, DeferralState] = {
    "draft": "drafted",
    "submit": "submitted",
    "review": "reviewed",
    "approve": "approved",
    "refuse": "refused",
}
OPEN = frozenset({"drafted", "submitted", "reviewed"})
"""States of an application that nobody decided yet."""
GRANTED = frozenset({"approved", "fulfilled", "ended", "breached"})
"""States of an application that was approved."""


def deferrals(
    entries: Iterable[Entry], figures: Mapping[str, Figures], grace_days: int, as_of: date
) -> dict[str, tuple[Deferral, ...]]:
    """Return the applications of every loan, in the order they were drafted, each as it stands on `as_of`.

    Args:
        entries: The journal's applications and payments; entries of other kinds are passed over.
        figures: The ledger's latest figures by loan number; a loan that is in no ledger has none.
        grace_days: How late a step may be (C10).
        as_of: The day asked about; what happened later is not looked at.
    """
    known = [one for one in entries if one.note.on <= as_of]
    payments = logged(known)
    acts: dict[str, list[Entry]] = {}
    for entry in known:
        if entry.note.kind in ACTS or entry.note.kind == "suit-breached":
            acts.setdefault(str(entry.note.facts["deferral_no"]), []).append(entry)
    found: dict[str, list[Deferral]] = {}
    for group in acts.values():
        one = _deferral(group)
        now, paid = figures.get(one.loan_no), payments.get(one.loan_no, [])
        if one.state == "approved":
            one = _measured(one, group, now, paid, grace_days=grace_days, as_of=as_of)
        found.setdefault(one.loan_no, []).append(one)
    return {loan_no: tuple(_replaced(group)) for loan_no, group in found.items()}


def missed_step(
    steps: Sequence[Step], paid_by: Mapping[date, int], seen_on: date | None, grace_days: int, as_of: date
) -> tuple[int, date] | None:
    """Return the first step of a plan that was not paid within its grace: its number from 1, and the day after.

    Args:
        steps: The plan, in order.
        paid_by: What was paid by the last day of grace of each step, in cents.
        seen_on: The day of the ledger's figures; a ledger older than that last day cannot tell.
        grace_days: How late a step may be.
        as_of: The day asked about.
    """
    due = accumulate(step.amount_cents for step in steps)
    for number, (step, owed) in enumerate(zip(steps, due, strict=True), start=1):
        last_on = plus_days(step.on, grace_days)
        if last_on < as_of and seen_on is not None and seen_on >= last_on and paid_by[last_on] < owed:
            return number, plus_days(last_on, 1)
    return None


StepState = Literal["kept", "ahead", "grace", "unknown", "missed"]


def step_states(one: Deferral, grace_days: int, as_of: date) -> list[tuple[Step, StepState]]:
    """Return each step of a plan with how it stands: paid, still to come, in its grace, not known yet, or missed.

    It is not known while no ledger of the last day of grace or later was read.
    """
    told: list[tuple[Step, StepState]] = []
    due = accumulate(step.amount_cents for step in one.steps)
    for number, (step, owed) in enumerate(zip(one.steps, due, strict=True), start=1):
        state: StepState
        if one.missed and number >= one.missed and step.on < as_of:
            state = "missed"
        elif one.paid_cents >= owed or one.state == "fulfilled":
            state = "kept"
        elif as_of <= step.on:
            state = "ahead"
        else:
            state = "grace" if as_of <= plus_days(step.on, grace_days) else "unknown"
        told.append((step, state))
    return told


def _deferral(acts: Sequence[Entry]) -> Deferral:
    drafted = acts[0].note
    facts = acts[0].note.facts
    signed = tuple(
        Signature(ACTS[one.note.kind], one.note.on, one.note.facts["by"], one.actor, one.note.facts.get("text", ""))
        for one in acts
        if one.note.kind in ACTS
    )
    return Deferral(
        facts["deferral_no"],
        drafted.loan_no,
        facts["text"],
        date.fromisoformat(facts["until"]),
        tuple(Step(date.fromisoformat(step["on"]), step["amount_cents"]) for step in facts["steps"]),
        signed,
        STATES[signed[-1].act],
        facts.get("path", ""),
    )


def _measured(
    one: Deferral, acts: Sequence[Entry], now: Figures | None, payments: Logged, *, grace_days: int, as_of: date
) -> Deferral:
    """Hold an approved application against what was paid since it was drafted; a breach once written down stays."""
    drafted = acts[0]
    one = replace(one, paid_cents=paid_cents(drafted, now, payments, as_of))
    told = next((act.note.facts for act in acts if act.note.kind == "suit-breached"), None)
    if told:
        return replace(one, state="breached", missed=told["step"], broken_on=date.fromisoformat(told["broken_on"]))
    if cleared(drafted, now):
        return replace(one, state="ended" if one.until_on < as_of else "fulfilled")
    lasts = [plus_days(step.on, grace_days) for step in one.steps]
    paid_by = {last_on: paid_cents(drafted, now, payments, last_on) for last_on in lasts}
    if miss := missed_step(one.steps, paid_by, now.on if now else None, grace_days, as_of):
        return replace(one, state="breached", missed=miss[0], broken_on=miss[1])
    if one.until_on < as_of:
        return replace(one, state="ended")
    whole = one.paid_cents >= sum(step.amount_cents for step in one.steps)
    return replace(one, state="fulfilled") if whole else one


def _replaced(group: Sequence[Deferral]) -> list[Deferral]:
    """Mark what a later application took the place of."""
    granted = [place for place, one in enumerate(group) if one.state in GRANTED]
    last_granted = granted[-1] if granted else -1
    return [
        replace(one, state="replaced")
        if (one.state in OPEN and place < len(group) - 1) or (one.state in GRANTED and place < last_granted)
        else one
        for place, one in enumerate(group)
    ]
