"""Calls and messages as other programs read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.masking import mask_phone
from ccm.units import plain_yuan
from ccm.wire.triage import finding_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ccm.calls.queue import Call, LeftOut
    from ccm.errors import Finding
    from ccm.sms.plan import Message, Withheld


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
        "phone": _number(call.phone, reveal=reveal),
        "other_phones": [_number(number, reveal=reveal) for number in call.others],
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
                "phone": _number(one.phone, reveal=reveal),
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


def _number(number: str, *, reveal: bool) -> str:
    return number if reveal else mask_phone(number)
