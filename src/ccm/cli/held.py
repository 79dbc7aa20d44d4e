"""What stops letters on a day, in words: the holds of a loan, and what befell a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccm.cli.journey import Work
    from ccm.letters.plan import Stopped


def kept_in(work: Work) -> dict[str, str]:
    """Return for each held loan what holds it: its first hold in force."""
    from ccm.holds import active, in_words

    return {loan_no: in_words(held[0]) for loan_no, every in work.holds.items() if (held := active(every))}


def stopped_in(work: Work) -> dict[tuple[str, str, str], Stopped]:
    """Return for whom a state stops letters, and what to do instead, by loan number, role and name."""
    from ccm.letters.plan import Stopped
    from ccm.person import condition_of, conditions
    from ccm.said import choice

    known = conditions(work.recorded.words, work.as_of)
    found: dict[tuple[str, str, str], Stopped] = {}
    for case in (one.case for one in work.ranked) if known else ():
        for party in case.parties:
            if condition := condition_of(party, case.loan_no, known):
                state = choice("state", condition.code)
                reason = f"{party.name}{state.stops}（{condition.on}登记）"
                found[case.loan_no, party.role, party.name] = Stopped(reason, state.despite)
    return found
