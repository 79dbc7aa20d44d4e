"""What letters must look at on a day: the holds of a loan, what befell a person, how a guarantee stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccm.cli.journey import Work
    from ccm.letters.plan import Guaranteed, Stopped
    from ccm.memory import Triage
    from ccm.rights.clock import Clock
    from ccm.workspace import Workspace


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


YEARS_AGO = 2 * 365
"""Days past due below which no limitation can be over: the shortest there ever was had two years."""


def rights_in(
    work: Work, place: Workspace, triage: Triage
) -> tuple[dict[tuple[str, str, str], Guaranteed], frozenset[tuple[str, str, str]]]:
    """Return how each guarantee stands, and the debtors whose limitation is over under every reading.

    Both by loan number, role and name, of what is overdue or due; loans of which neither can be said are not counted.
    """
    import polars as pl

    from ccm.cli.rights import clocks_of, told_of

    guaranteed = triage.parties.filter(pl.col("role") == "guarantor")["loan_no"].unique().to_list()
    asked = pl.col("loan_no").is_in(guaranteed) | (pl.col("dpd") >= YEARS_AGO)
    owing = work.book.filter(pl.col("stage").is_not_null() & asked)
    if owing.is_empty():
        return {}, frozenset()
    counted = clocks_of(place, owing, triage.parties, work.as_of, told_of(place, work.as_of))
    clocks = [(one, (one.loan_no, one.role, one.party)) for every in counted.values() for one in every]
    return (
        {key: _guaranteed(one) for one, key in clocks if one.right == "guarantee" and one.ends_on},
        frozenset(key for one, key in clocks if (one.right, one.state) == ("limitation", "lost")),
    )


def _guaranteed(clock: Clock) -> Guaranteed:
    """A period is certain where no other reading of it ends on another day, and the ledger lacks nothing for it."""
    from ccm.letters.plan import Guaranteed

    doubtful = clock.missing or any("ends" in one.keys or one.keys[0] in UNCERTAIN for one in clock.doubts)
    return Guaranteed(
        clock.ends_on,  # type: ignore[arg-type]
        kept=clock.kept_on is not None,
        suit=clock.act in {"suit", "suit_and_request"},
        certain=not doubtful,
    )


UNCERTAIN = {"no_period", "unread_period", "no_consent", "maximum"}
"""Readings that leave the last day of a guarantee open."""
