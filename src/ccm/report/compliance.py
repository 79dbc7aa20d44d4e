"""Duties looked back at: done in time, late, missed, not yet due, held, or older than the records; by rule and case.

The first time a duty was done in this run of arrears decides whether it was in time; doing it again later is no delay.
What fell due under a hold was rightly left, what was missed before it was missed.
What fell due before anything was recorded here may have been done in time: nobody can be said to have missed it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ccm.duties import counts_from, duties
from ccm.holds import active
from ccm.report.lists import Column, Listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ccm.model import Case, Duty, DutyOf, Hold
    from ccm.report.facts import Office
    from ccm.report.lists import Row

IN_TIME, LATE, MISSED, DUE, HELD, EARLIER = "按时", "迟办", "漏办", "限期内", "暂停", "启用前"
STATES = (IN_TIME, LATE, MISSED, DUE, HELD, EARLIER)
COLUMNS = (
    Column("loan", "贷款", "loan"), Column("rule", "应办事项"), Column("state", "结果"),
    Column("n", "项数", "count"), Column("due_on", "最迟", "day"), Column("case", "笔数", "count", shown=False),
)  # fmt: skip


def done_in(offices: Sequence[Office], at: Mapping[tuple[int, str], int]) -> Listing:
    """Return one row per loan, rule and result; `n` counts the parties it was owed to.

    `case` is 1 on the first row of a loan that tells of something missed: so loans are counted once.
    """
    rows: list[Row] = []
    rules: dict[str, None] = {}
    for nth, office in enumerate(offices):
        rules |= {f"{rule.rule} {rule.title}": None for rule in office.policy.duties}
        for case in office.cases:
            found = _of_case(case, office).items()
            first = next((key for key, _ in found if key[1] == MISSED), None)
            rows += [(at[nth, case.loan_no], *key[:2], n, key[2], int(key == first)) for key, n in found]
    return Listing("duties", "应办", COLUMNS, tuple(rows), {"rule": tuple(rules), "state": STATES})


def _of_case(case: Case, office: Office) -> Counter[tuple[str, str, date]]:
    days = office.done.get(case.loan_no, {})
    last = {case.loan_no: {duty: max(known) for duty, known in days.items() if known}}
    held = active(office.holds.get(case.loan_no, ()))
    found: Counter[tuple[str, str, date]] = Counter()
    for duty in duties(case, office.policy, office.as_of, last, suit=office.suits.get(case.loan_no)):
        if duty.from_on <= office.as_of and duty.state != "released":
            found[f"{duty.rule} {duty.title}", _state(duty, case, office, days, held), duty.due_on] += 1
    return found


def _state(duty: Duty, case: Case, office: Office, days: Mapping[DutyOf, Sequence[date]], held: Sequence[Hold]) -> str:
    if duty.state == "done":
        since = counts_from(duty, case, office.policy, duty.from_on)
        own = [day for day in days.get((duty.id, duty.role, duty.party), ()) if day >= since]
        # A suit is done by the journal's word of it, which names no duty.
        first = min(own, default=duty.done_on)
        in_time = first is not None and first <= duty.due_on
        return IN_TIME if in_time else EARLIER if duty.due_on < office.began_on else LATE
    if duty.due_on < office.began_on:
        return EARLIER
    if any(hold.from_on <= duty.due_on for hold in held):
        return HELD
    return MISSED if duty.state == "overdue" else DUE
