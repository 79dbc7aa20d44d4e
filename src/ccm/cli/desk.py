"""`ccm desk`: the morning's round in one window."""

from __future__ import annotations

import gc
import json
import re
import sys
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.cli.journey import Recorded
    from ccm.cli.loan import Loan
    from ccm.cli.log import Job, Saying
    from ccm.desk.form import Draft
    from ccm.desk.round import Line, Sheet, Written
    from ccm.model import Note, Party
    from ccm.workspace import Workspace

BRIEF = 24
"""How much of what was written the confirming line repeats, in characters."""
DRAFTS = "desk.json"
"""Where half-typed lines are kept, in the workspace's own state."""


@app.command("desk", cls=ChineseCommand)
def desk(
    as_of: AsOf = None,
    manager: Annotated[str | None, typer.Option(help="只看这位客户经理", metavar="姓名")] = None,
    branch: Annotated[str | None, typer.Option(help="只看这个机构", metavar="名称")] = None,
) -> None:
    """催收台：今天的清单和案情摆在一起，打完一笔几个键记下，接着下一笔。按 ? 看帮助。

    例：ccm desk --manager 王敏
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CcmError("desk-no-terminal")
    office = Desk(workspace(), day_of(as_of), manager, branch)
    from ccm.desk.app import Desk as Window

    # A morning is long: what a short run leaves lying must be cleared away here.
    gc.enable()
    Window(office).run()


class Desk:
    """The desk's way to the book, the journal and the other commands' functions (`desk.round.Office`)."""

    def __init__(self, place: Workspace, as_of: date, manager: str | None, branch: str | None) -> None:
        from ccm.cli import journey
        from ccm.cli.triage import wanted

        self.place, self.as_of = place, as_of
        self.on = min(as_of, day_of(None))
        self.recorded: Recorded = journey.recorded_in(place)
        self.triage, self.work = journey.remembered_work(place, as_of, self.recorded)
        self.work.expect(manager, branch)
        mine = (one for one in self.work.ranked if wanted(self.work, one.case, None, manager, branch))
        self.ranked = {one.case.loan_no: one for one in mine}
        whose = "　".join(part for part in (manager, branch) if part)
        old = f"　台账{self.triage.as_of}" if self.triage.as_of != as_of else ""
        self.title = f"{whose}{'　' if whose else ''}{as_of}{old}"
        self._sheets: dict[str, Sheet] = {}

    def lines(self) -> list[Line]:
        """Return the day's list, with what was logged today already."""
        from ccm.desk.round import line_of

        told = self._told_today()
        return [
            line_of(one, self.as_of, told.get(one.case.loan_no, ()))
            for one in self.work.items(list(self.ranked.values()))
        ]

    def sheet(self, loan_no: str) -> Sheet:
        """Return a case whole."""
        if loan_no not in self._sheets:
            self._sheets[loan_no] = self._sheet(self._loan(loan_no, self.as_of))
        return self._sheets[loan_no]

    def write(self, draft: Draft) -> Written:
        """Journal a line as `ccm log` would, and return what came of it."""
        from ccm.cli import journey
        from ccm.cli.log import told, write
        from ccm.desk.round import Written

        job = self._job(draft.loan_no, draft.role, draft.party)
        saying = saying_of(job, draft)
        entries = write(job, saying)
        self.recorded = journey.recorded_in(self.place)
        self._sheets.clear()
        events = told(entries, self._loan(draft.loan_no, self.on))
        words = "；".join(f"{one.title} {re.split('[，（]', one.text)[0][:BRIEF]}".strip() for one in events)
        does = sum(len(one.does) for one in events)
        return Written(
            f"{job.scene.at} {words}{f'；办了{does}项' if does else ''}".strip(),
            tuple(one.message for one in saying.findings),
            self._line(draft.loan_no),
        )

    def revealed(self, loan_no: str) -> None:
        """Journal that whole numbers were shown, by whom and when."""
        from ccm.cli.log import Saying, write
        from ccm.contacts import remark

        job = self._job(loan_no)
        write(job, Saying(lambda _: [remark(job.scene, "revealed", at=job.scene.at, where="desk")]))
        self._sheets.pop(loan_no, None)

    def drafts(self) -> list[Draft]:
        """Return the lines kept; a file that cannot be read holds none."""
        from ccm.desk.form import BY_KIND, Draft

        try:
            kept = json.loads((self.place.state / DRAFTS).read_text(encoding="utf-8"))
            return [draft for row in kept if (draft := Draft(**row)).kind in BY_KIND]
        except (OSError, ValueError, TypeError):
            return []

    def keep(self, drafts: Sequence[Draft]) -> None:
        """Keep the half-typed lines, whole or not at all."""
        from ccm.safe import put_bytes

        text = json.dumps([asdict(one) for one in drafts], ensure_ascii=False, indent=1)
        put_bytes(self.place.state / DRAFTS, text.encode())

    def _loan(self, loan_no: str, day: date) -> Loan:
        """Return a loan on a day: out of the morning's book, which is classified already, where the day is its."""
        from ccm.cli.journey import narrowed
        from ccm.cli.loan import loan_from, loan_of

        if day != self.as_of:
            return loan_of(self.place, self.triage, loan_no, day, self.recorded)
        return loan_from(narrowed(self.work, loan_no, self.recorded, self.triage.as_of), self.triage)

    def _job(self, loan_no: str, role: str = "", name: str = "") -> Job:
        from ccm.cli.log import job_at

        loan, instant = self._loan(loan_no, self.on), now()
        hour = f"{instant:%H:%M}" if instant.date() == self.on else ""
        return job_at(self.place, loan, _party(loan, role, name), self.on, hour)

    def _line(self, loan_no: str) -> Line:
        """Return a line as it is now; it keeps the place it had in the morning."""
        from dataclasses import replace

        from ccm.desk.round import line_of

        morning = self.ranked[loan_no]
        work = self._loan(loan_no, self.as_of).work
        fresh = work.items(work.ranked)[0]
        return replace(line_of(fresh, self.as_of, self._told_today().get(loan_no, ())), rank=morning.rank)

    def _told_today(self) -> dict[str, list[str]]:
        """What was logged on the day, by loan: titles of contacts and words, in their order."""
        from ccm.cli import logbook
        from ccm.journal import exists

        if not exists(self.place.state, self.place.journal):
            return {}
        with closing(logbook.journal_of(self.place)) as journal:
            notes = [entry.note for entry in journal.entries(*LOGGED, on=self.on)]
        found: dict[str, list[str]] = {}
        for note in notes:
            found.setdefault(note.loan_no, []).append(_mark(note))
        return found

    def _sheet(self, loan: Loan) -> Sheet:
        from ccm.cli.case import dossier_of
        from ccm.cli.log_contact import stops
        from ccm.cli.talk import advice_for, customer_in, logged_style
        from ccm.contacts import call
        from ccm.desk.round import Sheet
        from ccm.limits import lawful_spans
        from ccm.said import choice
        from ccm.talk.phrases import load
        from ccm.worklist import reasons

        customer = customer_in(self.place, loan.row, self.as_of)
        advice = advice_for(load(), customer, None, None, [], logged_style(self.place, loan.loan_no))
        rules = loan.work.policy.contact
        job = self._job(loan.loan_no)
        against = stops(job, call(job.scene, choice("call", "接通"), job.scene.party.phone or "", ""))
        return Sheet(
            dossier_of(self.place, loan, self.as_of, reveal=False),
            reasons(self.ranked[loan.loan_no], self.work.policy),
            advice,
            lawful_spans(advice.hours.times(), rules) if advice.hours else (),
            tuple(one.reason for one in against),
        )


LOGGED = {
    "contact-call": "",
    "visit": "",
    "hold-set": "",
    "promise": "承诺",
    "query": "查询",
    "cause": "原因",
    "note": "备注",
    "wrong-number": "错号",
    "payment": "还款",
    "payment-undone": "撤回还款",
}
"""The kinds of entries that mark a line as logged today, and the mark; what has none is marked by its own words."""


def _mark(note: Note) -> str:
    from ccm.model import HOLD_TITLES
    from ccm.said import title

    match note.kind:
        case "contact-call":
            return title("call", note.facts["result"])
        case "visit":
            return title("found", note.facts["found"])
        case "hold-set":
            return {str(key): words for key, words in HOLD_TITLES.items()}.get(str(note.facts["reason"]), "暂停")
        case kind:
            return LOGGED.get(kind, kind)


def saying_of(job: Job, draft: Draft) -> Saying:
    """Return what a line of the desk says, by the functions of `ccm log`."""
    from ccm.cli import log_contact, log_hold, log_word

    words, text = draft.words, " ".join(draft.words)
    match draft.kind:
        case "answered" | "missed" | "promise":
            said = log_contact.called(job, _call(draft.kind, words))
        case "visit":
            from ccm.desk.form import visit_of

            told = visit_of(words)
            by = ",".join([job.responsible, *told.along])
            said = log_contact.visited(job, told.found, told.text, by, saw=told.saw)
        case "query":
            said = log_contact.queried(job, words[0], " ".join(words[1:]))
        case "cause":
            said = log_word.explained(job, words)
        case "wrong-number":
            said = log_word.misdialled(job, text)
        case "dispute" | "hardship" as reason:
            said = log_hold.held(job, reason, text)
        case _:
            said = log_word.noted(job, text)
    return said


def _call(kind: str, words: list[str]) -> list[str]:
    """Put the result before a call's words, where they do not begin with one."""
    from ccm.said import known

    if kind == "promise":
        return ["承诺", *words]
    return words if kind == "answered" or (words and known("call", words[0])) else ["没接", *words]


def _party(loan: Loan, role: str, name: str) -> Party:
    fits = [one for one in loan.parties if (one.role, one.name) == (role, name)]
    return fits[0] if fits else loan.parties[0]
