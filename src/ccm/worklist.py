"""What to do first, and why: cases ranked by the policy's priorities (P2)."""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING

from ccm.model import Case, Duty, WorkItem
from ccm.units import short_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.policy import Policy, Priority

REASONS = 3
"""How many reasons a line tells: those that weigh most."""


def rank(owing: Iterable[tuple[Case, tuple[Duty, ...]]], policy: Policy) -> list[WorkItem]:
    """Return the worklist, most urgent first; ties go by amount, then by loan number, so the order is stable."""
    scored = [(*_score(case, duties, policy), case, duties) for case, duties in owing]
    scored.sort(key=lambda line: (-line[0], -line[2].overdue_cents, line[2].loan_no))
    return [
        WorkItem(case=case, duties=duties, rank=number, priority=points, reasons=reasons)
        for number, (points, reasons, case, duties) in enumerate(scored, start=1)
    ]


def next_duty(item: WorkItem) -> Duty | None:
    """Return the step to take: of the stage the loan is at, the outstanding duty that falls due first.

    Where nothing of this stage is open, the latest that an earlier stage still owes.
    """
    open_ = [duty for duty in item.duties if duty.state in {"due", "overdue"}]
    if not open_:
        return None
    latest = max(duty.stage for duty in open_)
    return min((duty for duty in open_ if duty.stage == latest), key=lambda duty: (duty.due_on, duty.from_on))


def _score(case: Case, duties: tuple[Duty, ...], policy: Policy) -> tuple[float, tuple[str, ...]]:
    told = []
    total = 0.0
    for priority in policy.priorities:
        share, reason = _weigh(priority, case, duties, policy)
        total += priority.weight * share
        if share > 0:
            told.append((priority.weight * share, reason))
    told.sort(key=lambda pair: -pair[0])
    return round(total, 2), tuple(reason for _, reason in told[:REASONS])


def _weigh(priority: Priority, case: Case, duties: tuple[Duty, ...], policy: Policy) -> tuple[float, str]:
    """Return how far a factor is reached (0 to 1), and the reason in words."""
    value, share, words = 0.0, 0.0, ""
    following = policy.stage_after(case.dpd)
    match priority.factor:
        case "amount":
            # By logarithm, or one large debtor would outweigh everything else.
            value, words = case.overdue_cents, short_yuan(case.overdue_cents)
            share = log1p(value / 100) / log1p(priority.full_at / 100)
        case "days":
            value = case.dpd
        case "stage_soon" if following:
            left = following.from_days - case.dpd
            share = max(0.0, (priority.full_at + 1 - left) / priority.full_at)
            return min(1.0, share), priority.reason.format(value=left, stage=following.from_days)
        case "duties_overdue":
            value = sum(duty.state == "overdue" for duty in duties)
        case "past_arrears":
            value = case.past_arrears or 0
        case "first_time":
            value = 1 if case.past_arrears == 0 and case.dpd > 0 else 0
    share = share or value / priority.full_at
    return min(1.0, share), priority.reason.format(value=words or f"{value:g}", stage="")
