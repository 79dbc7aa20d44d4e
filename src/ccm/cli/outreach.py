"""What calls and messages must know before anybody is contacted: the day, who is who, what was done, who is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.days import day_of, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ccm.cli.journey import Recorded, Work
    from ccm.limits import Contact
    from ccm.memory import Triage
    from ccm.model import Case, Entry, Figures
    from ccm.past import Key, Past
    from ccm.workspace import Workspace

At = Annotated[str | None, typer.Option("--at", help="按几点计算：9:05、1905；默认现在", metavar="时刻")]


@dataclass(frozen=True, slots=True)
class Ground:
    """The worklist of the day from one instant on, and what bears on contacting anybody in it.

    `held` says why a loan is not contacted, `stopped` why a party is not.
    """

    triage: Triage
    work: Work
    start: datetime
    who: Mapping[Key, str]
    contacts: Sequence[Contact]
    past: Past
    held: Mapping[str, str]
    stopped: Mapping[Key, str]

    def figures(self, loans: Iterable[str]) -> dict[str, Figures]:
        """Return what the ledger says of some loans."""
        from ccm.payments import figures_of

        rows = self.work.book.filter(self.work.book["loan_no"].is_in(sorted(loans))).iter_rows(named=True)
        return {row["loan_no"]: figures_of(row, self.triage.as_of) for row in rows}


def ground_of(place: Workspace, as_of: str | None, at: str | None, recorded: Recorded, said: Sequence[Entry]) -> Ground:
    """Put the ground together.

    Args:
        place: The workspace.
        as_of: The day asked for; today where None, or the ledger's own day where that is yet to come.
        at: The hour asked for; now where None, or as soon as it is lawful on a day that is not today.
        recorded: What the worklist looks at in the journal.
        said: The journal's entries of `past.FAMILIES`.

    Raises:
        CcmError: `no-triage`, `as-of-wrong`, `hour-unclear`.
    """
    from ccm.cli import journey

    day = day_of(as_of) if as_of else max(day_of(None), journey.remembered(place).as_of)
    triage, work = journey.remembered_work(place, day, recorded)
    return ground_on(triage, work, _start(work, at), said)


def ground_on(triage: Triage, work: Work, start: datetime, said: Sequence[Entry]) -> Ground:
    """Put the ground together for a worklist that is at hand."""
    from ccm.cli.held import kept_in
    from ccm.contacts import made
    from ccm.past import past
    from ccm.person import identities

    cases = [one.case for one in work.ranked]
    numbers = {case.loan_no for case in cases} | {entry.note.loan_no for entry in said}
    who = identities(triage.loans, triage.parties, numbers)
    return Ground(
        triage,
        work,
        start,
        who,
        made(said, who),
        past(said, who, work.as_of),
        kept_in(work),
        _stopped(work, cases),
    )


def said_in(place: Workspace) -> list[Entry]:
    """Return what was said with anybody, nothing where there is no journal yet."""
    from contextlib import closing

    from ccm.cli import logbook
    from ccm.journal import exists
    from ccm.past import FAMILIES

    if not exists(place.state, place.journal):
        return []
    with closing(logbook.journal_of(place)) as journal:
        return list(journal.entries(*FAMILIES))


def _start(work: Work, at: str | None) -> datetime:
    from ccm.calls.hours import daybreak
    from ccm.said import clock

    if at:
        return datetime.combine(work.as_of, datetime.strptime(clock(at), "%H:%M").time())  # noqa: DTZ007 - a local hour
    instant = now()
    return instant.replace(tzinfo=None) if instant.date() == work.as_of else daybreak(work.as_of, work.policy.contact)


def _stopped(work: Work, cases: Iterable[Case]) -> dict[Key, str]:
    """Say whom nobody calls or writes to: the dead, those without capacity, guarantors whose period is over.

    A demand on such a guarantor revives nothing, and to speak as if it did would overstate the law ("What follows" 3).
    """
    from ccm.person import condition_of, conditions
    from ccm.said import choice
    from ccm.units import short_day

    known = conditions(work.recorded.words, work.as_of)
    found: dict[Key, str] = {}
    for case in cases:
        for party in case.parties:
            condition = condition_of(party, case.loan_no, known) if known else None
            if condition and not (state := choice("state", condition.code)).despite:
                found[case.loan_no, party.role, party.name] = (
                    f"{state.title}（{short_day(condition.on, work.as_of)}登记）"
                )
            elif party.released_on:
                found[case.loan_no, party.role, party.name] = f"保证期间已于{party.released_on}届满，不能再要求承担"
    return found
