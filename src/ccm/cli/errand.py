"""What `ccm visit` and `ccm day` look up before anybody goes anywhere: the book, the journal, who is seen for what."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ccm.cli import journey, logbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ccm.cli.journey import Work
    from ccm.life import Lives
    from ccm.memory import Triage
    from ccm.model import Case, Duty, Entry, Party, WorkItem
    from ccm.person import Condition
    from ccm.visit.errands import Errand, Paper
    from ccm.visit.route import Area
    from ccm.workspace import Workspace

OPEN = frozenset({"due", "overdue"})
NOT_CARRIED = "lawyer_letter"
"""Only a law firm may issue it (law.md §5.2): the bank's people hand none over."""


@dataclass
class Outing:
    """One workspace on one day: the worklist, and everything the journal says of letters and visits."""

    place: Workspace
    triage: Triage
    work: Work
    entries: tuple[Entry, ...]

    @cached_property
    def lives(self) -> Lives:
        """What became of every letter and visit."""
        from ccm.life import lives

        return lives(self.entries)

    @cached_property
    def conditions(self) -> list[Condition]:
        """What befell persons, the newest first."""
        from ccm.person import conditions

        return conditions(self.work.recorded.words, self.work.as_of)

    def items(self, manager: str | None = None, numbers: Sequence[str] | None = None) -> list[WorkItem]:
        """Return the lines of the worklist in rank order: of a manager, or of these loans."""
        wanted = [
            one
            for one in self.work.ranked
            if self.work.falls_to(manager, one.case.loan_no, one.case.manager)
            and (numbers is None or one.case.loan_no in numbers)
        ]
        return self.work.items(wanted)

    def befell(self, party: Party, loan_no: str) -> str:
        """Say what befell a party, empty where nothing did."""
        from ccm.person import condition_of
        from ccm.said import title

        found = condition_of(party, loan_no, self.conditions)
        return title("state", found.code) if found else ""

    def errands(self, items: Iterable[WorkItem], *, owed_only: bool) -> list[Errand]:
        """Return whom a visit is to: whoever the policy has visited now; else the borrower too, and no guarantor."""
        from ccm.visit.errands import Errand

        found = []
        for item in items:
            for party in item.case.parties:
                due = _duties(item, party, "visit")
                if due or (not owed_only and party.role == "borrower"):
                    papers, wanted = self._letters(item, party)
                    found.append(
                        Errand(
                            item.case,
                            party,
                            min((one.due_on for one in due), default=None),
                            papers,
                            wanted,
                            self.befell(party, item.case.loan_no),
                        )
                    )
        return found

    def _letters(self, item: WorkItem, party: Party) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
        """The newest letter of each kind to a party in these arrears, and the titles of those not issued yet."""
        from ccm.life import LIFE_TITLES
        from ccm.model import LETTER_TITLES
        from ccm.visit.errands import Paper

        by_kind = {
            life.kind: Paper(life.letter_no, life.title, LIFE_TITLES[life.state])
            for life in self.lives.letters.values()
            if life.kind != NOT_CARRIED and not life.voided and _is_to(life.loans, item.case, life.issued.on)
            and (life.role, life.party) == (party.role, party.name)
        }  # fmt: skip
        kinds = [one.letter for one in _duties(item, party, "letter") if one.letter]
        owed = [LETTER_TITLES[kind] for kind in kinds if kind not in by_kind]
        return tuple(by_kind.values()), tuple(dict.fromkeys(owed))


def outing_of(place: Workspace, as_of: date | None) -> Outing:
    """Read what is known on a day, that of the last triage where None.

    Raises:
        CcmError: `no-triage`.
    """
    from ccm.journal import exists
    from ccm.life import FAMILIES

    triage, work = journey.remembered_work(place, as_of, journey.recorded_in(place))
    entries: tuple[Entry, ...] = ()
    if exists(place.state, place.journal):
        with closing(logbook.journal_of(place)) as journal:
            entries = tuple(one for one in journal.entries(*FAMILIES) if one.note.on <= work.as_of)
    return Outing(place, triage, work, entries)


def going_for(items: Sequence[WorkItem]) -> tuple[list[WorkItem], list[Case]]:
    """Return the loans whose visits are due, and those whose visits would be but that are held."""
    from ccm.holds import active

    owed = [one for one in items if open_duties(one, "visit")]
    return [one for one in owed if not active(one.holds)], [one.case for one in owed if active(one.holds)]


def doors_of(outing: Outing, errands: Sequence[Errand]) -> tuple[Area, ...]:
    """Return the doors of errands in road order, from the bank's own place."""
    from ccm.address import Home, split
    from ccm.visit.errands import meetings
    from ccm.visit.route import route

    post, bank = outing.place.post, split(outing.place.address, Home())
    home = Home(post.province or bank.province, post.city or bank.city, post.county or bank.district)
    return route(meetings(errands), home, outing.place.address)


def open_duties(item: WorkItem, channel: str) -> list[Duty]:
    """Return what is to be done through a channel and is not done."""
    return [one for one in item.duties if one.channel == channel and one.state in OPEN]


def _duties(item: WorkItem, party: Party, channel: str) -> list[Duty]:
    return [one for one in open_duties(item, channel) if (one.role, one.party) == (party.role, party.name)]


def _is_to(loans: Sequence[str], case: Case, issued_on: date) -> bool:
    return case.loan_no in loans and issued_on >= case.episode_on
