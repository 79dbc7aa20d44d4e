"""What stops calls and letters of a loan for a while, and when it ends: read off the journal, never stored.

    set → in force → lifted, run out, or, for a plan, kept to its end or broken

The clocks of limitation and guarantee run on whatever is held. A plan holds while it is kept: on each day, what was due
by then must be covered by payments that were logged or by what the ledger shows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ccm.model import HOLD_TITLES, Hold, Step
from ccm.payments import cleared, logged, paid_cents
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ccm.model import Entry, Figures
    from ccm.payments import Logged


def holds(entries: Iterable[Entry], figures: Mapping[str, Figures], as_of: date) -> dict[str, tuple[Hold, ...]]:
    """Return every hold by loan number, in the order they were set, each as it stands on `as_of`.

    Args:
        entries: The journal's holds and payments; entries of other kinds are passed over.
        figures: The ledger's latest figures by loan number; a loan that is in no ledger has none.
        as_of: The day asked about; what happened later is not looked at.
    """
    known = [entry for entry in entries if entry.note.on <= as_of]
    payments = logged(known)
    lifted = {str(e.note.facts["hold_no"]): e.note.on for e in known if e.note.kind == "hold-lifted"}
    found: dict[str, list[Hold]] = {}
    for entry in known:
        if entry.note.kind == "hold-set":
            loan_no = entry.note.loan_no
            hold = _hold(entry, as_of)
            if hold.hold_no in lifted:
                hold = replace(hold, state="lifted", ended_on=lifted[hold.hold_no], unanswered=False)
            elif hold.reason == "plan":
                hold = _plan(hold, entry, figures.get(loan_no), payments.get(loan_no, []), as_of)
            elif hold.until_on and hold.until_on < as_of:
                hold = replace(hold, state="ended", ended_on=hold.until_on)
            found.setdefault(loan_no, []).append(hold)
    return {loan_no: tuple(group) for loan_no, group in found.items()}


def active(of_loan: Iterable[Hold]) -> tuple[Hold, ...]:
    """Return the holds in force."""
    return tuple(hold for hold in of_loan if hold.state == "active")


def in_words(hold: Hold) -> str:
    """Say what a hold is, since when and until when: one line for lists, letters that are refused, and files."""
    words = f"{HOLD_TITLES[hold.reason]}：{hold.from_on}起"
    if hold.reason == "plan":
        return f"{words}，至{hold.until_on}，正在按计划还款{_steps(hold)}"
    if hold.until_on:
        words += f"，至{hold.until_on}"
    if hold.answer_by:
        words += f"，应于{hold.answer_by}前答复" + ("（已过期）" if hold.unanswered else "")
    return f"{words}（{hold.text}）" if hold.text else words


def _steps(hold: Hold) -> str:
    return f"（{len(hold.steps)}期共{yuan(sum(step.amount_cents for step in hold.steps))}元）" if hold.steps else ""


def _hold(entry: Entry, as_of: date) -> Hold:
    facts = entry.note.facts
    answer_by = _day(facts.get("answer_by"))
    return Hold(
        facts["hold_no"],
        entry.note.loan_no,
        facts["reason"],
        date.fromisoformat(facts["from"]),
        _day(facts.get("until")),
        answer_by,
        facts.get("owner", ""),
        facts.get("text", ""),
        tuple(Step(date.fromisoformat(step["on"]), step["amount_cents"]) for step in facts.get("steps", ())),
        "active",
        unanswered=answer_by is not None and answer_by < as_of,
    )


def _plan(hold: Hold, entry: Entry, now: Figures | None, payments: Logged, as_of: date) -> Hold:
    """A plan stands while each step whose day has passed is covered; a ledger older than the day cannot tell."""
    paid = paid_cents(entry, now, payments, as_of)
    if paid >= sum(step.amount_cents for step in hold.steps) or cleared(entry, now):
        return replace(hold, state="fulfilled", ended_on=now.on if now else as_of)
    due = 0
    for step in hold.steps:
        due += step.amount_cents
        if step.on < as_of and now is not None and now.on >= step.on and paid < due:
            return replace(hold, state="broken", ended_on=step.on)
    return hold


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
