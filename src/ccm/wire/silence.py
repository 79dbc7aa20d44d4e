"""Silent loans as other programs read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.units import plain_yuan
from ccm.wire.triage import day_json, duty_json, money_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.silence import Group, Silence


def silence_json(groups: Sequence[Group], days: int, as_of: date) -> dict[str, Any]:
    """Return the managers with their silent loans and sums, in the order of danger."""
    return {
        "as_of": str(as_of),
        "days": days,
        "managers": [
            {
                "manager": group.manager,
                "loans": len(group.lines),
                "overdue": plain_yuan(group.overdue_cents),
                "balance": money_json(group.balance_cents),
                "rights": group.rights,
                "silent": [_line(one) for one in group.lines],
            }
            for group in groups
        ],
    }


def _line(one: Silence) -> dict[str, Any]:
    return {
        "loan_no": one.case.loan_no,
        "borrower": one.case.borrower,
        "branch": one.case.branch,
        "ledger_manager": one.case.manager,
        "dpd": one.case.dpd,
        "overdue": plain_yuan(one.case.overdue_cents),
        "balance": money_json(one.case.balance_cents),
        "silent_days": one.days,
        "touched_on": day_json(one.touch.on if one.touch else None),
        "touched_by": one.touch.by if one.touch else None,
        "held": one.held,
        "right": {"right": one.right.right, "party": one.right.party, "role": one.right.role,
                  "ends_on": day_json(one.right.ends_on), "days_left": one.right.days_left} if one.right else None,
        "duties": [duty_json(duty) for duty in one.duties],
    }  # fmt: skip
