"""`ccm letters`: plan, number, write and print what is outstanding; void and reissue."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccm.cli.app import app, console, counted, print_json, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from ccm.cli.journey import Work
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.letters.issue import Issued, Run
    from ccm.letters.plan import Asked, Demand, Letter, Refused
    from ccm.letters.template import Template
    from ccm.memory import Triage
    from ccm.model import Entry, Note
    from ccm.workspace import Workspace

letters = typer.Typer(
    cls=ChineseGroup, rich_markup_mode=None, invoke_without_command=True, help="信函：编号、登记、打印"
)
app.add_typer(letters, name="letters")


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
        from ccm.letters.plan import Refused

        for one in outcomes:
            if isinstance(one, Refused):
                self.skipped.append(one)
            else:
                self.issued.append(one)


@letters.callback(cls=ChineseGroup)
def run_letters(
    ctx: typer.Context,
    stage: Annotated[int | None, typer.Option(help="现在处于这个阶段的贷款（0、30、60、90）", metavar="天数")] = None,
    loan: Annotated[list[str] | None, typer.Option(help="只办这笔，可写多次", metavar="借据号")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="只办这种函，可写多次；律师函要这样点名", metavar="种类")
    ] = None,
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看计划，不编号、不写文件")] = False,
    catch_up: Annotated[bool, typer.Option("--catch-up", help="连同以前阶段欠发的一起补")] = False,
    plan: Annotated[Path | None, typer.Option(help="照这份改过的计划文件办", metavar="文件")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="另出PDF（要有 LibreOffice）")] = False,
    out: Annotated[
        Path | None, typer.Option(help="函件放到哪里；与 --dry-run 同用时是计划文件.xlsx", metavar="位置")
    ] = None,
    despite: Annotated[str, typer.Option(help="有异议、计划等暂停仍要发的理由，记入登记", metavar="理由")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """按政策和记录，签发应发未发的信函；也可先看计划、改计划。

    例：ccm letters --stage 60 --dry-run
    """
    if ctx.invoked_subcommand:
        return
    place, kinds = workspace(), _kinds(kind or [])
    from ccm.letters.plan import Asked

    asked = Asked(stage, frozenset(loan or ()), kinds, catch_up, despite.strip())
    soffice = _soffice(place) if pdf else ""
    job = Job(place, as_of)
    outcome = Outcome()
    if dry_run:
        planned, outcome.skipped = job.plan(asked)
        outcome.findings, outcome.earlier = _findings(planned, place, job), job.owed_earlier(asked)
        _show_plan(outcome, planned, out, job, as_json=as_json)
        return
    with job.alone() as journal:
        _finish_earlier(outcome, job, journal, soffice)
        planned, refused = job.plan_from_file(plan, asked.despite) if plan else job.plan(asked)
        outcome.skipped += refused
        _issue(outcome, planned, job, journal, out, soffice)
    outcome.findings = _findings(planned, place, job)
    outcome.earlier = 0 if plan else job.owed_earlier(asked)
    _tell(outcome, as_json=as_json)
    raise typer.Exit(4 if any(not one.done for one in outcome.skipped) else 0)


def _kinds(asked: list[str]) -> frozenset[str]:
    from ccm.model import LETTER_TITLES

    by_title = {title: key for key, title in LETTER_TITLES.items()}
    for one in asked:
        if one not in LETTER_TITLES and one not in by_title:
            raise CcmError("kind-unknown", where="--kind", kind=one, kinds="、".join(LETTER_TITLES))
    return frozenset(by_title.get(one, one) for one in asked)


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

        recorded = journey.NOTHING
        if exists(self.place.state):
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

    def open_journal(self) -> Journal:
        """Open the journal."""
        from ccm.cli import journey

        return journey.journal_of(self.place)

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
        from ccm.cli.held import guaranteed_in, kept_in, stopped_in
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
            guaranteed_in(self.work, self.place, self.triage),
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
        from ccm.letters.plan import Demand

        found: dict[tuple[str, str, str], list[Demand]] = {}
        if not exists(self.place.state):
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
    from ccm.letters.plan import Sender

    settings = place.letters
    return Sender(
        place.bank,
        branch or place.branch,
        place.address,
        place.phone,
        settings.account,
        settings.codes.get(branch, settings.code),
    )


def _finish_earlier(outcome: Outcome, job: Job, journal: Journal, soffice: str) -> None:
    """Write and print what a run that was cut off has numbered, in the folder where it stands."""
    from ccm.letters.issue import finish, recover, unfinished

    outcome.recovered = recover(list(unfinished(journal)), journal, job.place.root)
    if outcome.recovered:
        _print(outcome, {}, job, journal, soffice)
        finish(journal, now())


def _issue(outcome: Outcome, planned: list[Letter], job: Job, journal: Journal, out: Path | None, soffice: str) -> None:
    """Number and write the letters, print them, and record that all is on the disk."""
    if not planned:
        return
    from ccm.letters.issue import finish, issue

    run = job.run((letter.kind for letter in planned), out)
    with counted("正在写函", len(planned)) as told:
        outcome.take(issue(planned, run, journal, told))
    if outcome.issued:
        compiled = {one.digest: one for one in run.templates.values()}
        _print(outcome, compiled, job, journal, soffice)
        finish(journal, run.at)


def _print(outcome: Outcome, compiled: dict[str, Template], job: Job, journal: Journal, soffice: str) -> None:
    """Print what was issued and is not finished: one print file per folder, its index, and on request the PDFs.

    The letters are read from the journal each time, so that a large run is not held in memory; `compiled` holds
    templates by their digest.
    """
    from ccm.letters.issue import kept_template, numbered, unfinished
    from ccm.letters.printing import print_file
    from ccm.letters.register import write_index

    first: dict[Path, int] = {}
    used: dict[Path, dict[str, Template]] = {}
    for entry in unfinished(journal):
        folder = _file(entry, job).parent
        first.setdefault(folder, entry.seq)
        used.setdefault(folder, {})[str(entry.note.facts["template"])] = kept_template(entry, journal, compiled)

    def letters_in(folder: Path) -> Iterator[Entry]:
        return (entry for entry in unfinished(journal) if _file(entry, job).parent == folder)

    for folder, seq in first.items():
        whole, index = folder / f"打印文件-{seq}.docx", folder / f"函件目录-{seq}.xlsx"
        fields = ((str(entry.note.facts["template"]), _fields(entry)) for entry in letters_in(folder))
        with numbered():
            print_file(whole, fields, used[folder])
            write_index(index, letters_in(folder))
        outcome.products += [whole, index]
        journal.record(_printed(letters_in(folder), job.place.name_of(whole), job.work.as_of), now())
        if soffice:
            files = [_file(entry, job) for entry in letters_in(folder)]
            outcome.products.append(_print_pdf(whole, files, job, soffice))


def _printed(entries: Iterable[Entry], file: str, on: dt.date) -> Iterator[Note]:
    """What a letter's life remembers of its printing: the print file it stands in."""
    from ccm.model import Note

    for entry in entries:
        note = entry.note
        yield Note("letter-printed", on, note.loan_no, note.party, note.role, "", note.letter_no, facts={"file": file})


def _print_pdf(whole: Path, letters: Sequence[Path], job: Job, soffice: str) -> Path:
    """The PDF of a print file, and one per letter."""
    from ccm.letters.pdf import split_pdf, to_pdf

    made = to_pdf(whole, soffice, (job.place.state / "soffice").resolve())
    with counted("正在分PDF", len(letters)) as told:
        split_pdf(made, [path.with_suffix(".pdf") for path in letters], told)
    return made


def _file(entry: Entry, job: Job) -> Path:
    return job.place.root / str(entry.note.facts["path"])


def _fields(entry: Entry) -> dict[str, Any]:
    from ccm.letters.issue import code_of

    facts: Any = entry.note.facts
    return {**facts["fields"], "二维码": code_of(entry)}


def _soffice(place: Workspace) -> str:
    """Find LibreOffice: as ccm.toml says, else on the path."""
    import shutil

    named = place.letters.soffice
    found = shutil.which(named) if named else shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        raise CcmError("no-soffice", where=named)
    return found


def _findings(planned: list[Letter], place: Workspace, job: Job) -> list[Finding]:
    """What whoever signs should know, letter by letter."""
    file = "、".join(job.triage.files)
    found = [
        finding(code, file=file, value=letter.loan_no, party=letter.party.name)
        for letter in planned
        for code in letter.warnings
    ]
    if not place.bank and planned:
        found.append(finding("letter-sample", file="ccm.toml"))
    return found


def _show_plan(outcome: Outcome, planned: list[Letter], out: Path | None, job: Job, *, as_json: bool) -> None:
    from ccm.screen.letters import show_earlier, show_plan
    from ccm.screen.triage import show_findings

    if out:
        from ccm.letters.planfile import write_plan

        write_plan(out, planned, outcome.skipped, job.triage.key)
    if as_json:
        from ccm.wire.letters import plan_json

        print_json({**plan_json(planned, outcome.skipped, outcome.findings), "earlier": outcome.earlier})
        return
    screen = console()
    show_plan(screen, planned, outcome.skipped, job.work.as_of)
    show_earlier(screen, outcome.earlier)
    show_findings(screen, outcome.findings, 0, None)
    if out:
        screen.print(f"\n计划已写到 {out}：删行或写明不发的理由，再运行 ccm letters --plan {out}")


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        from ccm.wire.letters import letters_json

        answer = letters_json(outcome.issued, outcome.recovered, outcome.skipped, outcome.findings)
        print_json({**answer, "earlier": outcome.earlier})
        return
    from ccm.screen.letters import show_earlier, show_issued
    from ccm.screen.triage import show_findings

    screen = console()
    if outcome.recovered:
        screen.print(f"上次中断的{len(outcome.recovered)}封函（函号已登记）已写完，打印文件也已重出。")
    show_issued(screen, outcome.issued, outcome.skipped, [str(path) for path in outcome.products])
    show_earlier(screen, outcome.earlier)
    show_findings(screen, outcome.findings, 0, None)


@letters.command("void", cls=ChineseCommand)
def void(
    letter_no: Annotated[str, typer.Argument(help="函号", metavar="函号")],
    reason: Annotated[str, typer.Option(help="为什么作废", metavar="理由")],
    as_of: AsOf = None,
) -> None:
    """作废一封函：函号从此不再使用，原登记保留。

    例：ccm letters void 清农城催〔2026〕3号 --reason 金额有误
    """
    from ccm.cli import journey

    with closing(journey.journal_of(workspace())) as journal:
        _void(journal, letter_no, reason, day_of(as_of))
    console().print(f"{letter_no} 已作废：{reason}。这项应办恢复为未办。")


def _void(journal: Journal, letter_no: str, reason: str, on: dt.date) -> None:
    """Record that a letter is void."""
    from ccm.model import Note

    with journal.writing():
        first = _standing(journal, letter_no)[0].note
        facts = {"reason": reason}
        journal.append(
            [Note("letter-voided", on, first.loan_no, first.party, first.role, "", letter_no, facts=facts)], now()
        )


def _standing(journal: Journal, letter_no: str) -> list[Entry]:
    """Return the entries of a letter, one per loan it covers.

    Raises:
        CcmError: `letter-unknown`, `letter-voided`.
    """
    entries = list(journal.entries(letter_no=letter_no))
    if not entries:
        raise CcmError("letter-unknown", where=letter_no, letter_no=letter_no)
    for entry in entries:
        note = entry.note
        if note.kind == "letter-voided":
            facts = {"on": note.on, "reason": note.facts["reason"]}
            raise CcmError("letter-voided", where=letter_no, letter_no=letter_no, **facts)
    return [entry for entry in entries if entry.note.kind == "letter-issued"]


@letters.command("reissue", cls=ChineseCommand)
def reissue(
    letter_no: Annotated[str, typer.Argument(help="函号", metavar="函号")],
    reason: Annotated[str, typer.Option(help="为什么重发", metavar="理由")],
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """作废一封函，并按现在的台账用新函号重发给同一个人。

    例：ccm letters reissue 清农城催〔2026〕3号 --reason 地址变更
    """
    job = Job(workspace(), as_of)
    outcome = Outcome()
    with job.alone() as journal:
        old = _standing(journal, letter_no)
        _finish_earlier(outcome, job, journal, "")
        planned = _replacement(old, job)
        _void(journal, letter_no, reason, day_of(as_of))
        _issue(outcome, planned, job, journal, None, "")
    outcome.findings = _findings(planned, job.place, job)
    _tell(outcome, as_json=as_json)


def _replacement(old: Sequence[Entry], job: Job) -> list[Letter]:
    """Plan the letter that takes the place of another.

    Raises:
        CcmError: `reissue-refused` where today's ledger asks for none; the old letter then stands.
    """
    from ccm.letters.plan import Asked

    first = old[0].note
    job.forget(old)
    loans, kind = frozenset(entry.note.loan_no for entry in old), str(first.facts["kind"])
    planned, refused = job.plan(Asked(loans=loans, kinds=frozenset({kind})))
    mine = [one for one in planned if (one.party.name, one.party.role) == (first.party, first.role)]
    if not mine:
        reasons = [one.reason for one in refused if (one.party, one.role) == (first.party, first.role)]
        reason = "；".join(reasons) or "现在的台账里，这笔贷款不需要给这个人发这种函"
        raise CcmError("reissue-refused", where=first.letter_no, reason=reason)
    return mine


@letters.command("restore", cls=ChineseCommand)
def restore(
    letter_no: Annotated[str, typer.Argument(help="函号", metavar="函号")],
    out: Annotated[Path | None, typer.Option(help="写成这个文件；不写则放回原处", metavar="文件")] = None,
) -> None:
    """照原样补回一封函的文件（误删或丢失时）：同一函号，内容一字不差。

    例：ccm letters restore 清农城催〔2026〕3号
    """
    from ccm.cli import journey
    from ccm.letters.issue import again, intact
    from ccm.safe import put_bytes

    place = workspace()
    with closing(journey.journal_of(place)) as journal:
        entry = _standing(journal, letter_no)[0]
        path = out or place.root / str(entry.note.facts["path"])
        if path.exists() and not intact(path, str(entry.note.facts["sha256"])):
            raise CcmError("letter-changed", where=str(path), letter_no=letter_no)
        put_bytes(path, again(entry, journal, {}))
    console().print(f"{letter_no} 的文件在 {path}，与登记的摘要一致。")
