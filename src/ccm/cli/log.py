"""`ccm log LOAN …`: write down what happened while it happens, in a few words."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseGroup
from ccm.cli.days import day_of, now
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from ccm.cli.loan import Loan
    from ccm.contacts import Scene
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.model import Entry, Note, Party
    from ccm.timeline import Event
    from ccm.workspace import Workspace

NAMES = {
    "电话": "call",
    "短信": "sms",
    "上门": "visit",
    "查询": "query",
    "承诺": "promise",
    "还款": "payment",
    "撤回": "undo",
    "原因": "cause",
    "备注": "note",
    "错号": "wrong-number",
    "风格": "style",
    "异议": "dispute",
    "困难": "hardship",
    "患病": "illness",
    "暂停": "hold",
    "计划": "plan",
    "解除": "lift",
    "答复": "lift",
    "状态": "state",
    "事件": "event",
}
"""The commands under their Chinese names, for those who type Chinese anyway."""


class LogGroup(ChineseGroup):
    """The group that knows each command by two names."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - Typer keeps its types to itself
        """Return a command by its English or Chinese name."""
        return super().get_command(ctx, NAMES.get(cmd_name, cmd_name))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401
        """Return the commands as they are listed: what is typed most comes first."""
        named = list(dict.fromkeys(NAMES.values()))
        return [name for name in named if name in super(LogGroup, self).list_commands(ctx)]


log = typer.Typer(cls=LogGroup, rich_markup_mode=None, no_args_is_help=True)
app.add_typer(log, name="log")

To = Annotated[str | None, typer.Option("--to", help="对谁：姓名（或其中几个字）、担保人；默认借款人", metavar="姓名")]
On = Annotated[str | None, typer.Option("--on", help="哪天发生的：昨天、周一、11-20；默认今天", metavar="日子")]
At = Annotated[str | None, typer.Option("--at", help="几点发生的：9:05、2205；默认现在", metavar="时刻")]
Words = Annotated[list[str] | None, typer.Argument(help="说了什么，不用加引号", metavar="话", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


@log.callback(cls=LogGroup)
def begin(
    ctx: typer.Context,
    loan: Annotated[str, typer.Argument(help="借据号或其末几位；借款人姓名也行", metavar="借据号", show_default=False)],
) -> None:
    """登记和客户的往来：电话、上门、承诺、异议……边打电话边记。

    例：ccm log 0062 promise 5000 周五
    """
    ctx.obj = loan


@dataclass(frozen=True, slots=True)
class Job:
    """One call of `ccm log`: the workspace, the loan on the day it happened, and the scene."""

    place: Workspace
    loan: Loan
    scene: Scene

    @property
    def responsible(self) -> str:
        """Who manages the loan, else who runs the command."""
        from ccm.cli import logbook

        return self.loan.row["manager"] or logbook.actor()

    def number(self, asked: str | None, *, mobile: bool = False) -> str:
        """Return the number meant: the one that was typed, else the party's first (first mobile) in the ledger.

        The counts of the law go by number, so a cell with several is never taken whole.
        """
        from ccm.phones import phones

        known = [one.number for one in phones(self.scene.party.phone).numbers if one.mobile or not mobile]
        return asked or next(iter(known), self.scene.party.phone or "")


def job_of(
    ctx: typer.Context, to: str | None, on: str | None, at: str | None = None, *, as_of: str | None = None
) -> Job:
    """Find the loan and the party, and settle when it happened; `as_of` stands for today, and then has no hour of now.

    Raises:
        CcmError: As `loan_in`; `party-unknown`, `day-unclear`, `day-wrong-side`, `hour-unclear`, `hour-ahead`.
    """
    from ccm.cli.loan import loan_in
    from ccm.said import clock

    place, today, instant = workspace(), day_of(as_of), now()
    day = said_day(on, today, past=True) if on else today
    loan = loan_in(place, ctx.obj, day)
    hour = clock(at) if at else f"{instant:%H:%M}" if day == instant.date() else ""
    if day == instant.date() and hour > f"{instant:%H:%M}":
        raise CcmError("hour-ahead", where="--at", hour=hour)
    return job_at(place, loan, loan.party(to), day, hour)


def job_at(place: Workspace, loan: Loan, party: Party, day: date, hour: str) -> Job:
    """Return the job of writing down what happened with a party on a day, at an hour (`HH:MM`, empty if unknown)."""
    from ccm.contacts import Scene

    return Job(place, loan, Scene(loan.loan_no, party, day, hour, loan.figures, loan.work.policy.digest))


def said_day(text: str, as_of: date, *, past: bool = False) -> date:
    """Return the day that is meant, seen from `as_of`: one to come, or with `past` one that has been.

    Raises:
        CcmError: `day-unclear`, `day-wrong-side`.
    """
    from ccm.spoken_days import read_day

    return read_day(text, as_of, "back" if past else "ahead")


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be written down: its notes, what the limits say of it, and what else is worth knowing.

    `notes` is called inside the transaction, so that a number it takes is nobody else's.
    """

    notes: Callable[[Journal], Sequence[Note]]
    findings: Sequence[Finding] = ()
    advice: Sequence[Finding] = ()


def record(job: Job, saying: Saying, *, as_json: bool = False) -> None:
    """Write it down, tell what was written and what was done by it, and end: 4 with findings."""
    from ccm.cli.loan import loan_in

    entries = write(job, saying)
    found = [*saying.findings, *saying.advice]
    _tell(loan_in(job.place, job.loan.loan_no, job.scene.on), entries, found, as_json=as_json)
    raise typer.Exit(4 if saying.findings else 0)


def write(job: Job, saying: Saying) -> list[Entry]:
    """Write notes in one transaction, and return the entries they became."""
    from ccm.cli import logbook

    with closing(logbook.journal_of(job.place)) as journal:
        with journal.writing():
            before, _ = journal.head()
            journal.append(saying.notes(journal), now())
        entries = list(journal.entries(loan_no=job.loan.loan_no))
    return [entry for entry in entries if entry.seq > before]


def told(entries: Sequence[Entry], after: Loan) -> list[Event]:
    """Return entries of a loan as lines of its time line; `after` is the loan once they were written."""
    from ccm.masking import mask_phone
    from ccm.timeline import Told, timeline

    work = after.work
    return timeline(entries, (), Told({}, work.promises.get(after.loan_no, ()), work.policy, mask_phone))


def _tell(after: Loan, entries: Sequence[Entry], findings: Sequence[Finding], *, as_json: bool) -> None:
    events, work = told(entries, after), after.work
    if as_json:
        from ccm.wire.case import recorded_json

        print_json(recorded_json(events, findings))
        return
    from ccm.screen.case import show_recorded

    show_recorded(console(), events, after.duties, work.held(after.loan_no), findings, work.as_of)


def taken(journal: Journal, kind: str, fact: str) -> list[str]:
    """Return the numbers that entries of a kind have taken."""
    return [str(entry.note.facts[fact]) for entry in journal.entries(kind)]


def text_of(words: Sequence[str] | None) -> str:
    """Join words that were typed without quotes."""
    return " ".join(words or ()).strip()
