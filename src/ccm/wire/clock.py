"""The clocks as other programs read them (contract.md, `ccm clock --json`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.rights.count import alarm_days
from ccm.wire.triage import day_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ccm.rights.clock import Basis, Clock, Doubt
    from ccm.rights.rules import Rules


def clocks_json(clocks: Iterable[Clock], rules: Rules, as_of: date) -> dict[str, Any]:
    """Return the clocks in their order; those that the ledger has no columns for stand apart, without days."""
    every = list(clocks)
    return {
        "as_of": str(as_of),
        "clocks": [clock_json(one, rules) for one in every if one.state != "off"],
        "off": [{**_whose(one), "missing": list(one.missing)} for one in every if one.state == "off"],
    }


def _whose(clock: Clock) -> dict[str, Any]:
    return {"loan_no": clock.loan_no, "party": clock.party, "role": clock.role, "right": clock.right}


def clock_json(clock: Clock, rules: Rules) -> dict[str, Any]:
    """Return one clock with its chain."""
    return {
        **_whose(clock),
        "started_on": day_json(clock.started_on),
        "ends_on": day_json(clock.ends_on),
        "legal_ends_on": day_json(clock.legal_ends_on),
        "days_left": clock.days_left,
        "basis": [_basis(one) for one in clock.basis],
        "state": clock.state,
        "act": clock.act,
        "needs": list(clock.needs),
        "doubts": [_doubt(one) for one in clock.doubts],
        "missing": list(clock.missing),
        "if_proved_on": day_json(clock.if_proved_on),
        "kept_on": day_json(clock.kept_on),
        "expired_on": day_json(clock.expired_on),
        "post_by_on": day_json(clock.post_by_on),
        "alarms": [str(day) for day in alarm_days(clock, rules)],
    }


def _basis(link: Basis) -> dict[str, Any]:
    return {
        "event": link.event,
        "on": str(link.on),
        "proof": link.proof,
        "grade": link.grade or None,
        "worth": link.worth,
        "party": link.party or None,
        "letter_no": link.letter_no or None,
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "says": doubt.says,
        "ends_on": day_json(doubt.ends_on),
        "source": doubt.source,
        "confirm": doubt.confirm,
    }
