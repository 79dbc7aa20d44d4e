"""Suits as other programs read them (contract.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.model import SUIT_STATES
from ccm.suit.court import deadline
from ccm.suit.deferral import step_states
from ccm.suit.standing import in_words
from ccm.units import plain_yuan
from ccm.wire.triage import day_json, deferral_json, money_json, suit_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.model import Filing, Suit
    from ccm.policy import DeferralRule
    from ccm.suit.checklist import Line
    from ccm.suit.notes import Docket
    from ccm.suit.standing import Due


def due_json(one: Due, months: Mapping[str, int]) -> dict[str, Any]:
    """Return one loan of the list, with all its debtors (C8)."""
    case, filing = one.case, one.suit.filing if one.suit else None
    return {
        "loan_no": case.loan_no,
        "borrower": case.borrower,
        "dpd": case.dpd,
        "state": one.state,
        "title": SUIT_STATES[one.state],
        "text": in_words(one.suit) if one.suit else "",
        "overdue": plain_yuan(case.overdue_cents),
        "balance": money_json(case.balance_cents),
        "defendants": [{"party": party.name, "role": party.role} for party in case.parties],
        "unsued": [{"party": party.name, "role": party.role} for party in one.unsued],
        "until_on": _until(one.suit),
        "suit": suit_json(one.suit) if one.suit else None,
        "next": next_json(filing, months),
        "rights": [
            {"right": clock.right, "party": clock.party, "ends_on": day_json(clock.ends_on),
             "days_left": clock.days_left, "act": clock.act}
            for clock in one.rights
        ],
    }  # fmt: skip


def _until(one: Suit | None) -> str | None:
    return str(one.deferral.until_on) if one and one.state == "deferred" and one.deferral else None


def next_json(filing: Filing | None, months: Mapping[str, int]) -> dict[str, Any] | None:
    """Return the period that runs since the newest stage of a case."""
    running = deadline(filing, months) if filing else None
    if running is None:
        return None
    stage = running.stage
    return {"stage": stage.key, "on": str(running.on), "act": stage.act, "heed": stage.heed, "source": stage.source,
            "confirm": stage.confirm}  # fmt: skip


def recorded_json(loan_no: str, after: Suit | None, numbers: Sequence[str]) -> dict[str, Any]:
    """Return how a suit stands after something was written down, and the events that papers are filed under."""
    return {"loan_no": loan_no, "suit": suit_json(after) if after else None, "events": list(numbers)}


def plans_json(granted: Iterable[Suit], broken: Sequence[str], rule: DeferralRule, as_of: date) -> dict[str, Any]:
    """Return the plans of approved deferrals, step by step; `broken` are loans whose breach was written down now."""
    return {
        "as_of": str(as_of),
        "plans": [
            {
                "loan_no": one.loan_no,
                "state": one.state,
                "recorded": one.loan_no in broken,
                "deferral": deferral_json(one.deferral),
                "steps": [
                    {"on": str(step.on), "amount": plain_yuan(step.amount_cents), "state": state}
                    for step, state in step_states(one.deferral, rule.grace_days, as_of)
                ],
            }
            for one in granted
            if one.deferral
        ],
    }


def life_json(docket: Docket, one: Suit | None, months: Mapping[str, int]) -> dict[str, Any]:
    """Return the whole life of one suit."""
    return {
        "loan_no": docket.loan_no,
        "defendants": [{"party": party.name, "role": party.role} for party in docket.parties],
        "suit": suit_json(one) if one else None,
        "deferrals": [deferral_json(each) for each in one.deferrals] if one else [],
        "next": next_json(one.filing, months) if one else None,
    }


def list_json(docket: Docket, lines: Iterable[Line], path: str, duty: str) -> dict[str, Any]:
    """Return the checklist of one case; `duty` is the one that its completeness did, empty where none."""
    rows = [
        {
            "key": one.rule.key,
            "group": one.rule.group,
            "title": one.rule.title,
            "must": one.must,
            "items": list(one.rule.items),
            "wanted": one.wanted,
            "has": one.has,
            "lacks": one.lacks or None,
            "source": one.rule.source,
        }
        for one in lines
    ]
    complete = not any(row["must"] and row["lacks"] for row in rows)
    return {"loan_no": docket.loan_no, "complete": complete, "path": path, "duty": duty or None, "papers": rows}
