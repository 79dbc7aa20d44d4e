"""`ccm letters`: plan, number, write and print what is outstanding; void and reissue."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccm.cli.app import app, console, counted, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.cli.journey import Work
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.letters.issue import Issued, Run
    from ccm.letters.plan import Asked, Letter, Refused, Stopped
    from ccm.letters.template import Template
    from ccm.memory import Triage
    from ccm.model import Case, Entry
    from ccm.workspace import Workspace

letters = typer.Typer(
    cls=ChineseGroup, rich_markup_mode=None, invoke_without_command=True, help="信函：编号、登记、打印"
)
app.add_typer(letters, name="letters")


@dataclass
class Outcome:
    """What a run of letters has come to."""

    issued: list[Issued] = field(default_factory=list)
    skipped: list[Refused] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    products: list[Path] = field(default_factory=list)

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
        outcome.findings = _findings(planned, place, job)
        _show_plan(outcome, planned, out, job, as_json=as_json)
        return
    with closing(job.open_journal()) as journal:
        recovered = job.recover(journal)
        planned, refused = job.plan_from_file(plan, asked.despite) if plan else job.plan(asked)
        outcome.skipped += refused
        _issue(outcome, planned, job, journal, out)
        if outcome.issued:
            _print(outcome, job, journal, soffice)
    outcome.findings = _findings(planned, place, job)
    _tell(outcome, recovered, as_json=as_json)
    raise typer.Exit(4 if any(not one.done for one in outcome.skipped) else 0)


def _kinds(asked: list[str]) -> frozenset[str]:
    from ccm.model import LETTER_TITLES

    by_title = {title: key for key, title in LETTER_TITLES.items()}
    for one in asked:
        if one not in LETTER_TITLES and one not in by_title:
            raise CcmError("kind-unknown", where="--kind", kind=one, kinds="、".join(LETTER_TITLES))
    return frozenset(by_title.get(one, one) for one in asked)


class Job:
    """One call of `ccm letters`: the workspace, the remembered triage, and the worklist of the day."""

    def __init__(self, place: Workspace, as_of: str | None) -> None:
        from ccm.cli import journey

        self.place = place
        self.triage: Triage
        self.work: Work
        recorded = journey.recorded_in(place)
        self.triage, self.work = journey.remembered_work(place, day_of(as_of) if as_of else None, recorded)

    def open_journal(self) -> Journal:
        """Open the journal."""
        from ccm.cli import journey

        return journey.journal_of(self.place)

    def recover(self, journal: Journal) -> int:
        """Finish what an earlier run left undone."""
        from ccm.letters.issue import recover

        return recover(journal, self.place.root)

    def plan(self, asked: Asked) -> tuple[list[Letter], list[Refused]]:
        """Return who gets what, and who does not."""
        from ccm.letters.plan import Known, plan

        items = self.work.items(self.work.ranked, asked.kinds)
        rows = self.work.book.filter(self.work.book["stage"].is_not_null())
        known = Known(
            {row["loan_no"]: row for row in rows.iter_rows(named=True)},
            self._demands(),
            self._kept(),
            self.triage.as_of,
            self.work.as_of,
            self._stopped(item.case for item in items),
        )
        branches = {item.case.branch or "" for item in items} | {""}
        senders = {branch: _sender(self.place, branch) for branch in branches}
        return plan(items, asked, known, self.work.policy, senders)

    def plan_from_file(self, path: Path, despite: str) -> tuple[list[Letter], list[Refused]]:
        """Return exactly what a plan file leaves, and what it gives a reason against."""
        from ccm.letters.plan import Asked, Refused
        from ccm.letters.planfile import key_of, read_plan
        from ccm.model import LETTER_TITLES

        left = read_plan(path, self.triage.key)
        everything, refused = self.plan(Asked(kinds=frozenset(LETTER_TITLES), despite=despite))
        wanted = [one for one in everything if left.get(key_of(one)) == ""]
        struck = [
            Refused(
                one.loan_no, one.party.name, one.party.role, one.kind, f"计划里写明不发：{left[key_of(one)]}", done=True
            )
            for one in everything
            if left.get(key_of(one))
        ]
        gone = [
            one
            for one in refused
            if any(key.startswith(f"{one.loan_no}|") and key.endswith(f"|{one.role}|{one.party}") for key in left)
        ]
        return wanted, struck + gone

    def _kept(self) -> dict[str, str]:
        """Say for each held loan what holds it: its first hold in force."""
        from ccm.holds import active, in_words

        return {number: in_words(held[0]) for number, all_of in self.work.holds.items() if (held := active(all_of))}

    def _stopped(self, cases: Iterable[Case]) -> dict[tuple[str, str, str], Stopped]:
        """Say for whom a state stops letters, and what to do instead."""
        from ccm.letters.plan import Stopped
        from ccm.person import condition_of, conditions
        from ccm.said import choice

        known = conditions(self.work.recorded.words, self.work.as_of)
        found: dict[tuple[str, str, str], Stopped] = {}
        for case in cases if known else ():
            for party in case.parties:
                if condition := condition_of(party, case.loan_no, known):
                    state = choice("state", condition.code)
                    reason = f"{party.name}{state.stops}（{condition.on}登记）"
                    found[case.loan_no, party.role, party.name] = Stopped(reason, state.despite)
        return found

    def _demands(self) -> dict[tuple[str, str, str], Any]:
        from ccm.journal import exists
        from ccm.letters.plan import Demand

        if not exists(self.place.state):
            return {}
        with closing(self.open_journal()) as journal:
            voided = {entry.note.letter_no for entry in journal.entries("letter-voided")}
            found = {}
            for entry in journal.entries("letter-issued"):
                note = entry.note
                if note.letter_no not in voided:
                    own: Any = note.facts["own"]
                    demand = Demand(note.letter_no, note.on, own["principal_cents"], own["interest_cents"])
                    found[note.loan_no, note.role, note.party] = demand
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


def _issue(outcome: Outcome, planned: list[Letter], job: Job, journal: Journal, out: Path | None) -> None:
    if not planned:
        return
    from ccm.letters.issue import issue

    run = job.run((letter.kind for letter in planned), out)
    with counted("正在写函", len(planned)) as told:
        outcome.take(issue(planned, run, journal, told))


def _print(outcome: Outcome, job: Job, journal: Journal, soffice: str) -> None:
    """One print file, its index, and on request the PDFs."""
    from ccm.letters.printing import print_file, split_pdf, to_pdf
    from ccm.letters.register import write_index

    numbers = {one.letter_no for one in outcome.issued}
    entries = [e for e in journal.entries("letter-issued") if e.note.serial and e.note.letter_no in numbers]
    folder = (job.place.root / outcome.issued[0].path).parent
    first = entries[0].seq
    whole = folder / f"打印文件-{first}.docx"
    index = folder / f"函件目录-{first}.xlsx"
    by_digest = {one.digest: one for one in job.templates({e.note.facts["kind"] for e in entries}).values()}  # type: ignore[misc]
    print_file(whole, [(str(e.note.facts["template"]), _fields(e)) for e in entries], by_digest)
    write_index(index, entries)
    outcome.products += [whole, index]
    if soffice:
        made = to_pdf(whole, soffice, (job.place.state / "soffice").resolve())
        with counted("正在分PDF", len(entries)) as told:
            split_pdf(made, [(job.place.root / one.path).with_suffix(".pdf") for one in outcome.issued], told)
        outcome.products.append(made)


def _fields(entry: Entry) -> dict[str, Any]:
    from ccm.letters.template import qr_run

    facts: Any = entry.note.facts
    return {**facts["fields"], "二维码": qr_run(entry.note.letter_no) if facts["qr"] else ""}


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
    from ccm.screen.letters import show_plan
    from ccm.screen.triage import show_findings

    if out:
        from ccm.letters.planfile import write_plan

        write_plan(out, planned, outcome.skipped, job.triage.key)
    if as_json:
        from ccm.wire import plan_json

        _print_json(plan_json(planned, outcome.skipped, outcome.findings))
        return
    screen = console()
    show_plan(screen, planned, outcome.skipped, job.work.as_of)
    show_findings(screen, outcome.findings, 0, None)
    if out:
        screen.print(f"\n计划已写到 {out}：删行或写明不发的理由，再运行 ccm letters --plan {out}")


def _tell(outcome: Outcome, recovered: int, *, as_json: bool) -> None:
    if as_json:
        from ccm.wire import letters_json

        _print_json(letters_json(outcome.issued, outcome.skipped, outcome.findings))
        return
    from ccm.screen.letters import show_issued
    from ccm.screen.triage import show_findings

    screen = console()
    if recovered:
        screen.print(f"上次没有写完的函件已补写{recovered}封。")
    show_issued(screen, outcome.issued, outcome.skipped, [str(path) for path in outcome.products])
    show_findings(screen, outcome.findings, 0, None)


def _print_json(answer: dict[str, object]) -> None:
    import json

    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))


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
        _void(journal, letter_no, reason, as_of)
    console().print(f"{letter_no} 已作废：{reason}。这项应办恢复为未办。")


def _void(journal: Journal, letter_no: str, reason: str, as_of: str | None) -> Entry:
    """Record that a letter is void; return its first entry."""
    from ccm.model import Note

    entries = list(journal.entries(letter_no=letter_no))
    if not entries:
        raise CcmError("letter-unknown", where=letter_no, letter_no=letter_no)
    for entry in entries:
        if entry.note.kind == "letter-voided":
            raise CcmError(
                "letter-voided",
                where=letter_no,
                letter_no=letter_no,
                on=entry.note.on,
                reason=entry.note.facts["reason"],
            )
    first = entries[0].note
    note = Note(
        "letter-voided", day_of(as_of), first.loan_no, first.party, first.role, "", letter_no, facts={"reason": reason}
    )
    journal.record([note], now())
    return entries[0]


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
    from ccm.cli import journey
    from ccm.letters.plan import Asked

    place = workspace()
    with closing(journey.journal_of(place)) as journal:
        old = _void(journal, letter_no, reason, as_of).note
        job = Job(place, as_of)
        job.recover(journal)
        planned, refused = job.plan(Asked(loans=frozenset({old.loan_no}), kinds=frozenset({str(old.facts["kind"])})))
        outcome = Outcome(skipped=[one for one in refused if (one.party, one.role) == (old.party, old.role)])
        _issue(
            outcome,
            [one for one in planned if (one.party.name, one.party.role) == (old.party, old.role)],
            job,
            journal,
            None,
        )
        if outcome.issued:
            _print(outcome, job, journal, "")
    _tell(outcome, 0, as_json=as_json)
    raise typer.Exit(4 if any(not one.done for one in outcome.skipped) else 0)
