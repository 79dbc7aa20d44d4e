"""The summary of a large book as other programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.errors import catalogue
from ccm.wire.triage import finding_json, stages_json

if TYPE_CHECKING:
    from datetime import date

    from ccm.bulk.outcome import Outcome
    from ccm.policy import Policy


def large_json(outcome: Outcome, ledgers: list[str], policy: Policy, as_of: date) -> dict[str, Any]:
    """Return counts, stages and folders; the loans themselves are in the folders."""
    counts = outcome.counts
    return {
        "as_of": str(as_of),
        "ledgers": ledgers,
        "rows": counts.rows,
        "accepted": counts.accepted,
        "refused": outcome.refused,
        "policy": policy.name,
        "findings": [finding_json(one) for one in outcome.headers],
        "counts": [
            {"code": code, "severity": catalogue()[code].severity, "title": catalogue()[code].title, "count": count}
            for code, count in sorted(counts.findings.items())
        ],
        "stages": stages_json(outcome.totals, policy),
        "duties": outcome.duties,
        "out": outcome.out,
    }
