"""The arrears statement as other programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.statement.statement import PARTS
from ccm.statement.terms import plain
from ccm.units import plain_yuan
from ccm.wire.triage import finding_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.errors import Finding
    from ccm.model import Note
    from ccm.statement.account import Line, Paid
    from ccm.statement.statement import Statement


def statement_json(made: Statement, findings: Sequence[Finding], note: Note) -> dict[str, Any]:
    """Return a statement whole: amounts as text in yuan, rates as text in per cent of a year."""
    account = made.account
    return {
        "loan_no": made.loan.loan_no,
        "as_of": str(made.as_of),
        "data_on": str(made.told.data_on),
        "total": plain_yuan(account.total_cents),
        "total_words": made.total_words,
        **{part: plain_yuan(account.owed[part]) for part in PARTS},
        "undue_principal": plain_yuan(account.undue_principal_cents),
        "undue_interest": plain_yuan(account.undue_interest_cents),
        "rate": plain(made.terms.contract.percent),
        "penalty_rate": plain(made.terms.penalty.percent),
        "day_basis": made.terms.basis,
        "settle_months": made.terms.months,
        "accelerated_on": str(made.told.accelerated_on) if made.told.accelerated_on else None,
        "lines": [_line(line) for line in account.lines],
        "payments": [_paid(one) for one in account.paid],
        "compared": [
            {
                "title": one.title,
                "ledger": None if one.ledger_cents is None else plain_yuan(one.ledger_cents),
                "counted": plain_yuan(one.counted_cents),
                "why": one.why,
            }
            for one in made.compared
        ],
        "assumptions": list(made.assumptions),
        "findings": [finding_json(one) for one in findings],
        "files": note.facts["files"],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "start_on": str(line.start_on),
        "end_on": str(line.end_on),
        "days": line.days,
        "base": plain_yuan(line.base_cents),
        "rate": plain(line.rate.percent),
        "source": line.rate.source,
        "amount": plain_yuan(line.amount_cents),
        "due_on": str(line.due_on) if line.due_on else None,
    }


def _paid(one: Paid) -> dict[str, Any]:
    return {
        "on": str(one.on),
        "amount": plain_yuan(one.cents),
        "against": {part: plain_yuan(cents) for part, cents in one.against.items()},
        "surplus": plain_yuan(one.surplus_cents),
    }
