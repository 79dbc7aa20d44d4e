"""A hand-over as other programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.handover.record import sums
from ccm.units import plain_yuan
from ccm.wire.clock import clock_json
from ccm.wire.triage import duty_json, hold_json, money_json, signals_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.handover.record import Handover, Item, Proof
    from ccm.rights.rules import Rules


def handover_json(whole: Handover, files: Sequence[str], rules: Rules) -> dict[str, Any]:
    """Return the whole list; telephone numbers stand in the document alone."""
    of = sums(whole.items)
    return {
        "as_of": str(whole.as_of),
        "handover_no": whole.number or None,
        "giver": whole.giver,
        "taker": whole.taker,
        "files": list(files),
        "sums": {
            key.removesuffix("_cents"): plain_yuan(value) if key.endswith("_cents") else value
            for key, value in of.items()
        },
        "calm": {
            "loans": whole.calm_loans,
            "balance": plain_yuan(whole.calm_cents),
            "signals": signals_json(one for _, one in whole.calm_signals),
        },
        "cases": [_item(item, rules) for item in whole.items],
    }


def _item(item: Item, rules: Rules) -> dict[str, Any]:
    case = item.case
    return {
        "loan_no": case.loan_no,
        "parties": [
            {"role": one.role, "name": one.name, "state": item.befell.get((one.role, one.name))}
            for one in case.parties
        ],
        "dpd": case.dpd,
        "stage": case.stage,
        "risk_class": case.risk_class,
        "overdue_principal": plain_yuan(case.overdue_principal_cents),
        "overdue_interest": plain_yuan(case.overdue_interest_cents),
        "balance": money_json(case.balance_cents),
        "days_left": item.days_left,
        "clocks": [clock_json(one, rules) for one in (*item.running, *item.lost)],
        "promises": [
            {"party": one.party, "role": one.role, "amount": plain_yuan(one.amount_cents), "by": str(one.by),
             "state": one.state, "text": one.text}
            for one in item.promises
        ],
        "holds": [hold_json(one) for one in item.holds],
        "signals": signals_json(item.signals),
        "proofs": [_proof(one) for one in item.proofs],
        "duties": [duty_json(one) for one in item.duties],
    }  # fmt: skip


def _proof(one: Proof) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "party": one.party,
        "state": one.state,
        "on": str(one.on),
        "missing": list(one.missing),
        "spoilt": list(one.spoilt),
        "filed": [{"item": item, "path": path} for item, path in one.filed],
    }
