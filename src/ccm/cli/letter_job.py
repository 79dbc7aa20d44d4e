"""One call of `ccm letters`: what it works on, and what it has come to."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

from ccm.cli.days import day_of, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ccm.cli.journey import Work
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.letters.issue import Run
    from ccm.letters.issued import Issued
    from ccm.letters.letter import Demand, Letter, Refused
    from ccm.letters.plan import Asked
    from ccm.letters.template import Template
    from ccm.memory import Triage
    from ccm.model import Entry
    from ccm.workspace import Workspace


@dataclass
class Outcome:
    """What a run of letters has come to.

    `recovered` are those of an earlier run that was cut off; `earlier` counts what earlier stages still owe.
    """

    recovered: list[Issued] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)
    skipped: list[Refused] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    products: list[Path] = field(default_factory=list)
    earlier: int = 0

    def take(self, outcomes: Iterable[Issued | Refused]) -> None:
        """Sort what came of each letter."""
        from ccm.letters.letter import Refused

        for one in outcomes:
            if isinstance(one, Refused):
                self.skipped.append(one)
            else:
                self.issued.append(one)


class Job:
    """One call of `ccm letters`: the workspace, the remembered triage, and the worklist of the day.

    `since` is the number of the journal's last entry when the worklist was made.
    """

    def __init__(self, place: Workspace, as_of: str | None) -> None:
        from ccm.cli import journey

        self.place, self.since = place, 0
        self.triage: Triage = journey.remembered(place)
        self._day = day_of(as_of) if as_of else self.triage.as_of

    @cached_property
    def work(self) -> Work:
        """The worklist, less what the journal says was done when it was first asked for."""
        from ccm.cli import journey
        from ccm.journal import exists

        recorded = journey.Recorded({}, rights=journey.rights_of(self.place))
        if exists(self.place.state, self.place.journal):
            with closing(self.open_journal()) as journal:
                (self.since, _), recorded = journal.head(), journey.recorded_by(journal, self.place)
        return journey.work_again(self.place, self.triage, self._day, recorded)

    def forget(self, entries: Iterable[Entry]) -> None:
        """Count a letter's duties as not done."""
        gone = {(e.note.loan_no, (e.note.duty, e.note.role, e.note.party)) for e in entries}
        done = {
            loan_no: {duty: on for duty, on in duties.items() if (loan_no, duty) not in gone}
            for loan_no, duties in self.work.done.items()
        }
        self.work = replace(self.work, recorded=replace(self.work.recorded, done=done))

    def forget_samples(self, journal: Journal) -> list[Entry]:
        """Count what was issued before the bank's name was set as not done, and return it: none of it may be posted."""
        if not self.place.bank:
            return []
        gone = {entry.note.letter_no for entry in journal.entries("letter-voided", "letter-posted")}
        marked = {
            one.note.letter_no
            for one in journal.entries("letter-issued")
            if one.note.facts.get("fields", {}).get("样张") and one.note.letter_no not in gone
        }
        # Read again rather than kept: of a hundred thousand letters hardly one is a sample.
        issued = journal.entries("letter-issued") if marked else ()
        samples = [one for one in issued if one.note.letter_no in marked]
        if samples:
            self.forget(samples)
        return samples

    def open_journal(self) -> Journal:
        """Open the journal."""
        from ccm.cli import logbook

        return logbook.journal_of(self.place)

    @contextmanager
    def alone(self) -> Iterator[Journal]:
        """Open the journal, and wait until no other run is issuing letters in this workspace."""
        told: list[str] = []

        def waiting() -> None:
            if not told:
                told.append("另一个 ccm letters 正在写函，等它写完……")
                typer.echo(told[0], err=True)

        with closing(self.open_journal()) as journal, journal.alone(waiting):
            yield journal

    def plan(self, asked: Asked) -> tuple[list[Letter], list[Refused]]:
        """Return who gets what, and who does not."""
        from ccm.cli.held import kept_in, rights_in, stopped_in
        from ccm.letters.plan import COLUMNS, Known, plan

        # One line of the worklist at a time: with all its duties it is many times what a letter is.
        items = (item for one in self.work.ranked for item in self.work.items([one], asked.kinds))
        rows = self.work.book.filter(self.work.book["stage"].is_not_null()).select(COLUMNS)
        known = Known(
            {row["loan_no"]: row for row in rows.iter_rows(named=True)},
            self._demands(),
            kept_in(self.work),
            self.triage.as_of,
            self.work.as_of,
            stopped_in(self.work),
            *rights_in(self.work, self.place, self.triage),
        )
        branches = {one.case.branch or "" for one in self.work.ranked} | {""}
        senders = {branch: _sender(self.place, branch) for branch in branches}
        return plan(items, asked, known, self.work.policy, senders)

    def owed_earlier(self, asked: Asked) -> int:
        """Count what earlier stages still owe beside the letters asked for."""
        from ccm.letters.plan import owed_earlier

        return owed_earlier((item for one in self.work.ranked for item in self.work.items([one])), asked)

    def plan_from_file(self, path: Path, despite: str) -> tuple[list[Letter], list[Refused]]:
        """Return exactly what a plan file leaves, and what it gives a reason against."""
        from ccm.letters.plan import Asked
        from ccm.letters.planfile import left_out, read_plan
        from ccm.model import LETTER_TITLES

        lines = read_plan(path, self.triage.key)
        only = frozenset(key for key, reason in lines.items() if not reason)
        planned, refused = self.plan(Asked(kinds=frozenset(LETTER_TITLES), only=only, despite=despite))
        kinds = {rule.id: rule.letter or "" for rule in self.work.policy.duties}
        return planned, refused + left_out(lines, planned, refused, kinds)

    def _demands(self) -> dict[tuple[str, str, str], list[Demand]]:
        from ccm.journal import exists
        from ccm.letters.letter import Demand

        found: dict[tuple[str, str, str], list[Demand]] = {}
        if not exists(self.place.state, self.place.journal):
            return found
        with closing(self.open_journal()) as journal:
            voided = {entry.note.letter_no for entry in journal.entries("letter-voided")}
            for entry in journal.entries("letter-issued"):
                note = entry.note
                if note.letter_no not in voided:
                    facts: Any = note.facts
                    own = facts["own"]["principal_cents"], facts["own"]["interest_cents"]
                    demand = Demand(note.letter_no, str(facts["kind"]), note.on, *own)
                    found.setdefault((note.loan_no, note.role, note.party), []).append(demand)
        return found

    def templates(self, kinds: Iterable[str]) -> dict[str, Template]:
        """Return the compiled templates of these kinds: the workspace's own, else the built-in ones."""
        from ccm.letters.template import load
        from ccm.workspace import template_path, templates

        found = {}
        with templates() as built_in:
            for kind in sorted(set(kinds)):
                name = f"{kind}.docx"
                found[kind] = load(template_path(self.place.root, name) or built_in / name, kind)
        return found

    def run(self, kinds: Iterable[str], out: Path | None) -> Run:
        """Return what the letters are made with."""
        from ccm.letters.issue import Run

        settings = self.place.letters
        return Run(
            self.place.root,
            (out or self.place.root / "letters" / str(self.work.as_of)).resolve(),
            self.templates(kinds),
            settings.number,
            self.work.policy.digest,
            now(),
            settings.qr,
            self.since,
        )


def _sender(place: Workspace, branch: str) -> Any:  # noqa: ANN401
    from ccm.letters.letter import Sender

    settings, office = place.letters, place.office(branch)
    return Sender(
        place.bank,
        branch or place.branch,
        office.address,
        office.phone,
        office.account,
        settings.codes.get(branch, settings.code),
    )
