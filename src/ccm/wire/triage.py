"""The JSON that other programs rely on: keys in English, text in Chinese, amounts as strings (contract.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.model import HOLD_TITLES, SUIT_STATES
from ccm.suit.standing import in_words as suit_words
from ccm.units import plain_yuan
from ccm.warn.words import titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.compare import Comparison
    from ccm.errors import Finding
    from ccm.model import Deferral, Duty, Filing, Hold, Signal, Suit, WorkItem
    from ccm.policy import Policy
    from ccm.why import Explanation


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return one finding."""
    return {name: getattr(finding, name) for name in finding.__slots__}


def stages_json(totals: Mapping[int, tuple[int, int, int, int | None]], policy: Policy) -> list[dict[str, Any]]:
    """Return the stages with their totals, also where no loan stands."""
    rows = []
    for stage in policy.stages:
        count, principal, interest, balance = totals.get(stage.from_days, (0, 0, 0, 0))
        rows.append(
            {
                "stage": stage.from_days,
                "label": stage.label,
                "loans": count,
                "overdue_principal": plain_yuan(principal),
                "overdue_interest": plain_yuan(interest),
                "balance": money_json(balance),
            }
        )
    return rows


def item_json(item: WorkItem) -> dict[str, Any]:
    """Return one line of the worklist with its duties."""
    case = item.case
    return {
        "loan_no": case.loan_no,
        "borrower": case.borrower,
        "product": case.product,
        "product_name": case.product_name,
        "principal_dpd": case.principal_dpd,
        "interest_dpd": case.interest_dpd,
        "dpd": case.dpd,
        "stage": case.stage,
        "episode_on": str(case.episode_on),
        "due_on": str(case.due_on) if case.due_on else None,
        "risk_class": case.risk_class,
        "risk_class_by": case.class_by,
        "overdue_principal": plain_yuan(case.overdue_principal_cents),
        "overdue_interest": plain_yuan(case.overdue_interest_cents),
        "balance": money_json(case.balance_cents),
        "manager": case.manager,
        "branch": case.branch,
        "rank": item.rank,
        "priority": item.priority,
        "reasons": list(item.reasons),
        # The four states of duties are fixed (contract.md): who is released is told apart.
        "duties": [duty_json(duty) for duty in item.duties if duty.state != "released"],
        "released": [
            {"party": one.name, "role": one.role, "on": str(one.released_on)} for one in case.parties if one.released_on
        ],
        "holds": [hold_json(hold) for hold in item.holds],
        "signals": signals_json(item.signals),
        "suit": suit_json(item.suit) if item.suit else None,
    }


def hold_json(hold: Hold) -> dict[str, Any]:
    """Return one hold: what it is, since when, until when, and whose it is."""
    return {
        "hold_no": hold.hold_no,
        "reason": hold.reason,
        "title": HOLD_TITLES[hold.reason],
        "state": hold.state,
        "from_on": str(hold.from_on),
        "until_on": day_json(hold.until_on),
        "answer_by": day_json(hold.answer_by),
        "unanswered": hold.unanswered,
        "ended_on": day_json(hold.ended_on),
        "owner": hold.owner,
        "text": hold.text,
        "steps": [{"on": str(step.on), "amount": plain_yuan(step.amount_cents)} for step in hold.steps],
    }


def suit_json(one: Suit) -> dict[str, Any]:
    """Return how the suit of a loan stands, with the application that decides it and what was filed."""
    return {
        "state": one.state,
        "title": SUIT_STATES[one.state],
        "text": suit_words(one),
        "again_on": day_json(one.again_on),
        "deferral": deferral_json(one.deferral) if one.deferral else None,
        "filing": filing_json(one.filing) if one.filing else None,
    }


def deferral_json(one: Deferral) -> dict[str, Any]:
    """Return one application for deferral: its plan, its signatures, and what became of it."""
    return {
        "deferral_no": one.deferral_no,
        "state": one.state,
        "reason": one.reason,
        "until_on": str(one.until_on),
        "steps": [{"on": str(step.on), "amount": plain_yuan(step.amount_cents)} for step in one.steps],
        "paid": plain_yuan(one.paid_cents),
        "missed": one.missed or None,
        "broken_on": day_json(one.broken_on),
        "signed": [
            {"act": sign.act, "on": str(sign.on), "by": sign.by, "actor": sign.actor, "text": sign.text}
            for sign in one.signed
        ],
        "path": one.path,
    }


def filing_json(one: Filing) -> dict[str, Any]:
    """Return one suit and the stages it reached."""
    return {
        "filing_no": one.filing_no,
        "court": one.court,
        "case_no": one.case_no or None,
        "on": str(one.on),
        "withdrawn_on": day_json(one.withdrawn_on),
        "stages": [
            {"stage": stage.key, "title": stage.title, "on": str(stage.on), "from_on": str(stage.from_on),
             "text": stage.text}
            for stage in one.stages
        ],
    }  # fmt: skip


def signal_json(one: Signal) -> dict[str, Any]:
    """Return one signal and how it stands."""
    return {
        "id": one.signal_no,
        "loan_no": one.loan_no,
        "loans": list(one.loans),
        "source": one.source,
        "sign": one.sign or None,
        "level": one.level,
        "text": one.text,
        "raised_on": str(one.raised_on),
        "check_by": str(one.check_by),
        "deadline_on": str(one.deadline_on),
        "state": one.state,
        "overdue": one.overdue,
        "step": one.step,
        "step_by": day_json(one.step_by),
        "measures": list(one.measures),
        "measure_titles": titles(one.measures),
        "checked_on": day_json(one.checked_on),
        "unfounded": one.unfounded,
        "disposed_on": day_json(one.disposed_on),
        "tracked_on": day_json(one.tracked_on),
        "closed_on": day_json(one.closed_on),
        "lead": one.lead or None,
    }


def signals_json(every: Iterable[Signal]) -> list[dict[str, Any]]:
    """Return several signals in their order."""
    return [signal_json(one) for one in every]


def money_json(cents: int | None) -> str | None:
    """Return an amount as text, None where it is not known."""
    return None if cents is None else plain_yuan(cents)


def day_json(day: date | None) -> str | None:
    """Return a day as text, None where there is none."""
    return str(day) if day else None


def duty_json(duty: Duty) -> dict[str, Any]:
    """Return one duty."""
    return {
        "id": duty.id,
        "rule": duty.rule,
        "title": duty.title,
        "channel": duty.channel,
        "letter": duty.letter,
        "party": duty.party,
        "role": duty.role,
        "stage": duty.stage,
        "from_on": str(duty.from_on),
        "due_on": str(duty.due_on),
        "state": duty.state,
        "done_on": str(duty.done_on) if duty.done_on else None,
    }


def changes_json(comparison: Comparison | None) -> dict[str, Any] | None:
    """Return what moved since the triage before, None for the first."""
    if comparison is None:
        return None
    return {
        "since": str(comparison.since),
        "changes": [
            {
                "move": change.move,
                "loan_no": change.loan_no,
                "borrower": change.borrower,
                "before_stage": change.before_stage,
                "after_stage": change.after_stage,
                "before_owed": plain_yuan(change.before_owed_cents),
                "after_owed": plain_yuan(change.after_owed_cents),
            }
            for change in comparison.changes
        ],
    }


def triage_json(
    *,
    as_of: object,
    ledgers: Sequence[str],
    rows: int,
    accepted: int,
    policy: Policy,
    findings: Iterable[Finding],
    totals: Mapping[int, tuple[int, int, int, int | None]],
    items: Iterable[WorkItem],
    comparison: Comparison | None,
    refusal: str | None,
    signals: Iterable[Signal],
) -> dict[str, Any]:
    """Return the whole answer of `ccm triage --json`; `signals` are those of loans that are not on the list."""
    return {
        "as_of": str(as_of),
        "ledgers": list(ledgers),
        "rows": rows,
        "accepted": accepted,
        "policy": policy.name,
        "findings": [finding_json(one) for one in findings],
        "stages": stages_json(totals, policy),
        "loans": [item_json(item) for item in items],
        "changes": changes_json(comparison),
        "refused_file": refusal,
        "signals": signals_json(signals),
    }


def why_json(explanation: Explanation) -> dict[str, Any]:
    """Return why a loan is or is not on the list."""
    return {
        "loan_no": explanation.loan_no,
        "borrower": explanation.borrower,
        "listed": explanation.listed,
        "sentence": explanation.sentence,
        "facts": [{"title": title, "value": value} for title, value in explanation.facts],
        "policy": explanation.policy,
        "holds": [hold_json(hold) for hold in explanation.holds],
        "suit": suit_json(explanation.suit) if explanation.suit else None,
        "rules": [
            {
                "rule": rule.rule,
                "title": rule.title,
                "source": rule.source,
                "line": rule.line,
                "holds": rule.holds,
                "because": rule.because,
                "duties": [duty_json(duty) for duty in rule.owed],
            }
            for rule in explanation.rules
        ],
        "ahead": [{"on": str(day), "text": text} for day, text in explanation.ahead],
    }
