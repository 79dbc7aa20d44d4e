"""The JSON that other programs rely on: keys in English, text in Chinese, amounts as strings (contract.md)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ccm.masking import mask_identity, mask_phone
from ccm.model import HOLD_TITLES, LETTER_TITLES
from ccm.units import plain_yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from ccm.calls.queue import Call, LeftOut
    from ccm.compare import Comparison
    from ccm.dossier import Dossier
    from ccm.errors import Finding
    from ccm.letters.issue import Issued
    from ccm.letters.plan import Letter, Refused
    from ccm.model import Duty, Hold, WorkItem
    from ccm.person import Person
    from ccm.policy import Policy
    from ccm.sms.plan import Message, Withheld
    from ccm.timeline import Event
    from ccm.why import Explanation


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return one finding."""
    return asdict(finding)


def stages_json(totals: Mapping[int, tuple[int, int, int, int]], policy: Policy) -> list[dict[str, Any]]:
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
                "balance": plain_yuan(balance),
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
        "overdue_principal": plain_yuan(case.overdue_principal_cents),
        "overdue_interest": plain_yuan(case.overdue_interest_cents),
        "balance": plain_yuan(case.balance_cents),
        "manager": case.manager,
        "branch": case.branch,
        "rank": item.rank,
        "priority": item.priority,
        "reasons": list(item.reasons),
        "duties": [_duty(duty) for duty in item.duties],
        "holds": [hold_json(hold) for hold in item.holds],
    }


def hold_json(hold: Hold) -> dict[str, Any]:
    """Return one hold: what it is, since when, until when, and whose it is."""
    return {
        "hold_no": hold.hold_no,
        "reason": hold.reason,
        "title": HOLD_TITLES[hold.reason],
        "state": hold.state,
        "from_on": str(hold.from_on),
        "until_on": _text(hold.until_on),
        "answer_by": _text(hold.answer_by),
        "unanswered": hold.unanswered,
        "ended_on": _text(hold.ended_on),
        "owner": hold.owner,
        "text": hold.text,
        "steps": [{"on": str(step.on), "amount": plain_yuan(step.amount_cents)} for step in hold.steps],
    }


def _text(day: date | None) -> str | None:
    return str(day) if day else None


def _duty(duty: Duty) -> dict[str, Any]:
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
    totals: Mapping[int, tuple[int, int, int, int]],
    items: Iterable[WorkItem],
    comparison: Comparison | None,
    refusal: str | None,
) -> dict[str, Any]:
    """Return the whole answer of `ccm triage --json`."""
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
        "rules": [
            {
                "rule": rule.rule,
                "title": rule.title,
                "source": rule.source,
                "line": rule.line,
                "holds": rule.holds,
                "because": rule.because,
                "duties": [_duty(duty) for duty in rule.owed],
            }
            for rule in explanation.rules
        ],
        "ahead": [{"on": str(day), "text": text} for day, text in explanation.ahead],
    }


def plan_json(planned: Sequence[Letter], refused: Sequence[Refused], findings: Iterable[Finding]) -> dict[str, Any]:
    """Return a plan: letters without numbers, and those refused."""
    return {
        "planned": [
            {
                "kind": one.kind,
                "title": LETTER_TITLES[one.kind],
                "loan_no": one.loan_no,
                "loans": [note.loan_no for note in one.notes],
                "party": one.party.name,
                "role": one.party.role,
                "address": one.party.address,
                "principal": plain_yuan(sum(note.principal_cents for note in one.notes)),
                "interest": plain_yuan(sum(note.owed_cents - note.principal_cents for note in one.notes)),
                "duty": one.covers[0][1],
            }
            for one in planned
        ],
        "skipped": [_refused(one) for one in refused],
        "findings": [finding_json(one) for one in findings],
    }


def letters_json(issued: Sequence[Issued], refused: Sequence[Refused], findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what a run of letters came to (contract.md, `ccm letters`)."""
    return {
        "issued": [{key: value for key, value in asdict(one).items() if key != "warnings"} for one in issued],
        "skipped": [_refused(one) for one in refused],
        "findings": [finding_json(one) for one in findings],
    }


def _refused(one: Refused) -> dict[str, Any]:
    return {
        "loan_no": one.loan_no, "party": one.party, "role": one.role, "kind": one.kind, "reason": one.reason,
        "done": one.done,
    }  # fmt: skip


def event_json(event: Event) -> dict[str, Any]:
    """Return one line of a time line."""
    return {**asdict(event), "on": str(event.on), "entered_on": _text(event.entered_on)}


def recorded_json(events: Iterable[Event], findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what was just written down."""
    return {
        "recorded": [event_json(event) for event in events],
        "findings": [finding_json(one) for one in findings],
    }


def calls_json(
    start: datetime, calls: Iterable[Call], left: Iterable[LeftOut], notes: Sequence[str], *, reveal: bool
) -> dict[str, Any]:
    """Return the queue of calls (contract.md, `ccm calls --json`); phone numbers are masked unless `reveal`."""
    return {
        "as_of": str(start.date()),
        "at": f"{start:%H:%M}",
        "notes": list(notes),
        "calls": [_call(one, reveal=reveal) for one in calls],
        "left_out": [
            {"loan_no": one.loan_no, "party": one.party, "role": one.role, "reason": one.reason} for one in left
        ],
    }


def _call(call: Call, *, reveal: bool) -> dict[str, Any]:
    case, when = call.item.case, call.window
    return {
        "rank": call.rank,
        "loan_no": case.loan_no,
        "party": call.party.name,
        "role": call.party.role,
        "phone": _masked(call.phone, mask_phone, reveal=reveal),
        "other_phones": [_masked(number, mask_phone, reveal=reveal) for number in call.others],
        "on": str(when.on),
        "not_before": f"{when.not_before:%H:%M}",
        "not_after": f"{when.not_after:%H:%M}",
        "hours_known_by": call.why_then,
        "reasons": list(call.reasons),
        "identity": call.identity,
        "tips": list(call.tips),
        "cause": call.cause or None,
        "last_contact": call.last or None,
        "promise": call.promise or None,
        "together_with": call.together or None,
        "borrower": case.borrower,
        "dpd": case.dpd,
        "stage": case.stage,
        "overdue": plain_yuan(case.overdue_cents),
        "priority": call.item.priority,
        "manager": case.manager,
        "branch": case.branch,
    }


def sms_json(
    messages: Iterable[Message],
    withheld: Iterable[Withheld],
    findings: Iterable[Finding],
    file: str | None,
    *,
    sent: bool,
    reveal: bool,
) -> dict[str, Any]:
    """Return a batch of messages; `file` is None where none was written, `sent` tells whether it was journalled."""
    return {
        "file": file,
        "sent": sent,
        "messages": [
            {
                "sms_no": one.sms_no or None,
                "kind": one.kind,
                "loan_no": one.loans[0],
                "loans": list(one.loans),
                "party": one.party.name,
                "role": one.party.role,
                "phone": _masked(one.phone, mask_phone, reveal=reveal),
                "text": one.text,
                "characters": one.units,
                "parts": one.parts,
            }
            for one in messages
        ],
        "withheld": [
            {"kind": one.kind, "loan_no": one.loan_no, "party": one.party, "role": one.role, "reason": one.reason}
            for one in withheld
        ],
        "findings": [finding_json(one) for one in findings],
    }


def dossier_json(dossier: Dossier, *, reveal: bool) -> dict[str, Any]:
    """Return the whole case; identity and phone numbers are masked unless `reveal`."""
    figures = dossier.figures
    return {
        "loan_no": dossier.loan_no,
        "borrower": dossier.borrower,
        "product_name": dossier.product,
        "manager": dossier.manager,
        "branch": dossier.branch,
        "as_of": str(dossier.as_of),
        "standing": dossier.standing,
        "figures_on": _text(figures.on) if figures else None,
        "balance": plain_yuan(figures.balance_cents) if figures else None,
        "overdue_principal": plain_yuan(figures.principal_cents) if figures else None,
        "overdue_interest": plain_yuan(figures.interest_cents) if figures else None,
        "parties": [
            {
                "role": party.role,
                "name": party.name,
                "id_no": _masked(party.id_no, mask_identity, reveal=reveal),
                "phone": _masked(party.phone, mask_phone, reveal=reveal),
                "address": party.address,
                "state": dossier.states.get((party.role, party.name)),
            }
            for party in dossier.parties
        ],
        "holds": [hold_json(hold) for hold in dossier.holds],
        "promises": [
            {
                "party": one.party,
                "role": one.role,
                "amount": plain_yuan(one.amount_cents),
                "made_on": str(one.made_on),
                "by": str(one.by),
                "state": one.state,
                "paid": plain_yuan(one.paid_cents),
                "text": one.text,
            }
            for one in dossier.promises
        ],
        "duties": [_duty(duty) for duty in dossier.duties],
        "timeline": [event_json(event) for event in dossier.events],
    }


def persons_json(persons: Iterable[Person], *, reveal: bool) -> dict[str, Any]:
    """Return every human being of a name, with all their roles."""
    return {
        "persons": [
            {
                "name": one.name,
                "id_no": _masked(one.id_no, mask_identity, reveal=reveal),
                "phones": [_masked(phone, mask_phone, reveal=reveal) for phone in one.phones],
                "addresses": list(one.addresses),
                "states": [
                    {"state": state.code, "on": str(state.on), "loan_no": state.loan_no, "text": state.text}
                    for state in one.conditions
                ],
                "owed": plain_yuan(one.owed_cents),
                "guaranteed": plain_yuan(one.guaranteed_cents),
                "roles": [
                    {
                        "loan_no": part.loan_no,
                        "role": part.role,
                        "borrower": part.borrower,
                        "product": part.product,
                        "balance": plain_yuan(part.balance_cents),
                        "overdue": plain_yuan(part.overdue_cents),
                        "dpd": part.dpd,
                        "stage": part.stage,
                        "manager": part.manager,
                        "by_name_only": part.by_name_only,
                    }
                    for part in one.parts
                ],
            }
            for one in persons
        ]
    }


def _masked(number: str | None, mask: Callable[[str], str], *, reveal: bool) -> str | None:
    return number if reveal or not number else mask(number)
