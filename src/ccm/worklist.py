"""What to do first, and why: cases ranked by the policy's priorities (P2)."""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING

from ccm.model import Case, Duty, Promised, Ranked, Signalled, WorkItem
from ccm.units import short_yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ccm.policy import Factor, Policy, Priority

Known = tuple[int, Promised, Signalled, "int | None"]
"""What the order looks at beside the case: rules missed, promises, warning signals."""

REASONS = 3
"""How many reasons a line tells: those that weigh most."""


NOTHING, QUIET = Promised(), Signalled()


def rank(
    cases: Iterable[Case],
    policy: Policy,
    missed: Callable[[Case], int],
    promised: Mapping[str, Promised] | None = None,
    signalled: Mapping[str, Signalled] | None = None,
    right_days: Mapping[str, int] | None = None,
) -> list[Ranked]:
    """Return the cases in order, most urgent first; ties go by amount, then by loan number, so the order is stable.

    Args:
        cases: What is overdue or due.
        policy: Gives the priorities and their weights.
        missed: Says how many rules are overdue to be done for a case.
        promised: Promises broken and due, by loan number.
        signalled: Warning signals late and under tracking, by loan number.
        right_days: Days left of the right that ends next, by loan number, where one does in sight.
    """
    promised, signalled, right_days = promised or {}, signalled or {}, right_days or {}
    scored = []
    for case in cases:
        number = case.loan_no
        known = (
            missed(case),
            promised.get(number, NOTHING),
            signalled.get(number, QUIET),
            right_days.get(number),
        )
        scored.append((_score(case, known, policy), case, known))
    scored.sort(key=lambda line: (-line[0], -line[1].overdue_cents, line[1].loan_no))
    return [Ranked(case, number, points, *known) for number, (points, case, known) in enumerate(scored, start=1)]


def reasons(ranked: Ranked, policy: Policy) -> tuple[str, ...]:
    """Return why a case stands where it stands, in words, the weightiest first."""
    told = []
    for priority in policy.priorities:
        known = (ranked.missed, ranked.promised, ranked.signalled, ranked.right_days)
        share, value = _weigh(priority, ranked.case, known, policy)
        if share > 0:
            following = policy.stage_after(ranked.case.dpd)
            stage = following.from_days if following else ""
            words = short_yuan(value) if priority.factor == "amount" else str(abs(value))
            reason = priority.past if value < 0 else priority.reason
            told.append((priority.weight * share, reason.format(value=words, stage=stage)))
    told.sort(key=lambda pair: -pair[0])
    return tuple(words for _, words in told[:REASONS])


def next_duty(item: WorkItem) -> Duty | None:
    """Return the step to take: of what is outstanding, what arose last, and of that what is due first.

    What arose earlier and was missed is owed still, but a loan at 29 days is not helped by the first reminder.
    """
    open_ = [duty for duty in item.duties if duty.state in {"due", "overdue"}]
    return max(open_, key=lambda duty: (duty.from_on, -duty.due_on.toordinal()), default=None)


def _score(case: Case, known: Known, policy: Policy) -> float:
    return round(sum(one.weight * _weigh(one, case, known, policy)[0] for one in policy.priorities), 2)


def _weigh(priority: Priority, case: Case, known: Known, policy: Policy) -> tuple[float, int]:
    """Return how far a factor is reached (0 to 1), and its value: cents, days or a count."""
    full = priority.full_at
    right_days = known[3]
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
        case "past_arrears":
            value = case.past_arrears or 0
        case "first_time":
            value = int(case.past_arrears == 0 and case.dpd > 0)
        case factor:
            value = _count(factor, known)
    return min(1.0, value / full), value


def _count(factor: Factor, known: Known) -> int:
    """Return how many there are of what is counted beside the case."""
    missed, promised, signalled, _ = known
    match factor:
        case "promise_due":
            return promised.due
        case "promise_broken":
            return promised.broken
        case "deferral_broken":
            return promised.deferral
        case "signal_late":
            return signalled.late
        case "signal_tracked":
            return signalled.tracked
    return missed


def _nearness(left: int | None, full: float) -> tuple[float, int]:
    """Return how near something is: 1 on its day, 0 where it is `full` days away and more, or nowhere.

    A right whose proof is missing may be past its proved end: it is as near as can be, and its days are below 0.
    """
    if left is None:
        return 0.0, 0
    return min(1.0, max(0.0, (full + 1 - left) / full)), left
