"""What to do first, and why: cases ranked by the policy's priorities (P2)."""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING

from ccm.model import Case, Duty, Promised, Ranked, WorkItem
from ccm.units import short_yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ccm.policy import Policy, Priority

REASONS = 3
"""How many reasons a line tells: those that weigh most."""


NOTHING = Promised()


def rank(
    cases: Iterable[Case],
    policy: Policy,
    missed: Callable[[Case], int],
    promised: Mapping[str, Promised] | None = None,
    right_days: Mapping[str, int] | None = None,
) -> list[Ranked]:
    """Return the cases in order, most urgent first; ties go by amount, then by loan number, so the order is stable.

    Args:
        cases: What is overdue or due.
        policy: Gives the priorities and their weights.
        missed: Says how many rules are overdue to be done for a case.
        promised: Promises broken and due, by loan number.
        right_days: Days left of the right that ends next, by loan number, where one does in sight.
    """
    promised, right_days = promised or {}, right_days or {}
    scored = []
    for case in cases:
        looked = (missed(case), promised.get(case.loan_no, NOTHING), right_days.get(case.loan_no))
        scored.append((_score(case, looked, policy), case, looked))
    scored.sort(key=lambda line: (-line[0], -line[1].overdue_cents, line[1].loan_no))
    return [Ranked(case, number, points, *looked) for number, (points, case, looked) in enumerate(scored, start=1)]


def reasons(ranked: Ranked, policy: Policy) -> tuple[str, ...]:
    """Return why a case stands where it stands, in words, the weightiest first."""
    told = []
    for priority in policy.priorities:
        looked = (ranked.missed, ranked.promised, ranked.right_days)
        share, value = _weigh(priority, ranked.case, looked, policy)
        if share > 0:
            following = policy.stage_after(ranked.case.dpd)
            stage = following.from_days if following else ""
            words = short_yuan(value) if priority.factor == "amount" else str(value)
            told.append((priority.weight * share, priority.reason.format(value=words, stage=stage)))
    told.sort(key=lambda pair: -pair[0])
    return tuple(words for _, words in told[:REASONS])


def next_duty(item: WorkItem) -> Duty | None:
    """Return the step to take: of what is outstanding, what arose last, and of that what is due first.

    What arose earlier and was missed is owed still, but a loan at 29 days is not helped by the first reminder.
    """
    open_ = [duty for duty in item.duties if duty.state in {"due", "overdue"}]
    return max(open_, key=lambda duty: (duty.from_on, -duty.due_on.toordinal()), default=None)


Looked = tuple[int, Promised, "int | None"]
"""What is looked at beside the case itself: rules missed, promises, days left of the right that ends next."""


def _score(case: Case, looked: Looked, policy: Policy) -> float:
    return round(sum(one.weight * _weigh(one, case, looked, policy)[0] for one in policy.priorities), 2)


def _weigh(priority: Priority, case: Case, looked: Looked, policy: Policy) -> tuple[float, int]:
    """Return how far a factor is reached (0 to 1), and its value: cents, days or a count."""
    full = priority.full_at
    missed, promised, right_days = looked
    match priority.factor:
        case "amount":
            # By logarithm, or one large debtor would outweigh everything else.
            cents = case.overdue_cents
            return min(1.0, log1p(cents / 100) / log1p(full / 100)), cents
        case "stage_soon":
            following = policy.stage_after(case.dpd)
            return _nearness(following.from_days - case.dpd if following else None, full)
        case "right_ends":
            return _nearness(right_days, full)
        case "days":
            value = case.dpd
        case "duties_overdue":
            value = missed
        case "past_arrears":
            value = case.past_arrears or 0
        case "first_time":
            value = int(case.past_arrears == 0 and case.dpd > 0)
        case "promise_due":
            value = promised.due
        case "promise_broken":
            value = promised.broken
    return min(1.0, value / full), value


def _nearness(left: int | None, full: float) -> tuple[float, int]:
    """Return how near something is: 1 on its day, 0 where it is `full` days away and more, or nowhere.

    A right whose proof is missing may be past its proved end: it is as near as can be.
    """
    if left is None:
        return 0.0, 0
    return min(1.0, max(0.0, (full + 1 - left) / full)), max(0, left)
