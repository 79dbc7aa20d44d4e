"""The tables of a policy file and their keys: which a table must have, which it may have, and of what type.

Those of [contact.…] and [interest.…] stand with their rules, in `contact_rules` and `interest_rules`.
"""

from __future__ import annotations

from ccm.rulefile import Table

SOURCED = {"rule": str, "source": str}

ROWS: dict[str, Table] = {
    "stage": Table({"from_days": int, "label": str, **SOURCED}, {}),
    "duty": Table(
        {
            "id": str,
            **SOURCED,
            "product": str,
            "from_days": int,
            "within_days": int,
            "channel": str,
            "to": list,
            "title": str,
            "proof": str,
        },
        {"letter": str, "when": dict, "on_request": bool},
    ),
    "risk_class": Table({"label": str, "loan_from_days": int, "card_from_days": int, **SOURCED}, {}),
    "priority": Table(
        {"factor": str, "weight": (int, float), "full_at": (int, float, str), "rule": str, "reason": str},
        {"past": str},
    ),
    "hold": Table({"reason": str, **SOURCED}, {"days": int, "answer_days": int}),
    "signal_level": Table(
        {"label": str, "check_days": int, "dispose_days": int, "track_days": int, **SOURCED},
        {"words": list},
    ),
    "sign": Table(
        {"sign": str, "level": str, "title": str, **SOURCED},
        {"from_days": int, "min_balance": str, "from_class": str},
    ),
}
"""What may stand more than once, as [[table]]."""

ONCE: dict[str, Table] = {
    "outlook": Table({}, {"upcoming_days": int}),
    "letters": Table({}, {"per": str, "reply_days": int, **SOURCED}),
    "post": Table({}, {"lookup_days": list, **SOURCED}),
    "deferral": Table({}, {"max_days": int, "decide_days": int, "grace_days": int, **SOURCED}),
    "retention": Table({}, {"months": int, "real_estate_months": int, "triage_months": int, **SOURCED}),
    "cross_default": Table(
        {"bad_from": str, "above_percent": int, "above_class": str, "any_class": str, **SOURCED},
        {},
    ),
}
"""What stands once at most, as [table]; each reading checks the types, within its bounds."""

WHEN = Table(
    {},
    {
        "interest_only": bool,
        "principal_overdue": bool,
        "party_kind": str,
        "secured_by": str,
        "min_overdue": str,
    },
)
"""The conditions of a duty."""

TABLES = ("name", "outlook", "letters", "post", "deferral", "retention", "contact", "cross_default", "interest", *ROWS)
"""What a policy file may have at its top."""
