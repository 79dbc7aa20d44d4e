"""`ccm sms`: a batch of messages for the bank's gateway, journalled as it is written."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, now
from ccm.cli.looked import note_look
from ccm.cli.outreach import At
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ccm.cli.outreach import Ground
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.model import Note
    from ccm.sms.occasions import Loan
    from ccm.sms.plan import Message, Withheld
    from ccm.sms.texts import Kind, Texts
    from ccm.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has come to; `path` is None where no file was written, `sample` where nothing was journalled."""

    messages: Sequence[Message]
    withheld: Sequence[Withheld]
    findings: Sequence[Finding]
    path: Path | None = None
    sample: bool = False


@app.command("sms", cls=ChineseCommand)
def sms(
    as_of: AsOf = None,
    at: At = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="只发这种，可写多次：due_soon、due_today、overdue、broken_promise", metavar="情形"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看短信文字，不写文件、不登记")] = False,
    out: Annotated[Path | None, typer.Option(help="批次文件：.csv 或 .xlsx", metavar="文件")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的电话号码")] = False,
) -> None:
    """成批的短信：到期前、到期当天、逾期、承诺未履行；写成网关的文件，逐条登记。

    例：ccm sms --dry-run
    """
    job = Job(workspace(), as_of, at, _kinds(kind or []), out)
    outcome = job.look() if dry_run else job.send()
    if reveal:
        note_look(
            job.place, "sms", ((no, one.party.role, one.party.name) for one in outcome.messages for no in one.loans)
        )
    _tell(outcome, dry_run=dry_run, as_json=as_json, reveal=reveal)
    raise typer.Exit(4 if outcome.findings else 0)


def _kinds(asked: Sequence[str]) -> tuple[Kind, ...]:
    from ccm.sms.texts import KIND_TITLES

    by_title = {title: key for key, title in KIND_TITLES.items()}
    for one in asked:
        if one not in KIND_TITLES and one not in by_title:
            raise CcmError("occasion-unknown", where="--kind", kind=one, kinds="、".join(KIND_TITLES))
    return tuple(by_title.get(one, cast("Kind", one)) for one in asked) or tuple(KIND_TITLES)


class Job:
    """One call of `ccm sms`: the workspace, the instant, the occasions, and the texts and sender in use."""

    def __init__(
        self, place: Workspace, as_of: str | None, at: str | None, kinds: Sequence[Kind], out: Path | None
    ) -> None:
        from ccm.sms.occasions import Sender

        self.place, self.as_of, self.at, self.kinds, self.out = place, as_of, at, kinds, out
        self.texts: Texts = _texts(place)
        settings = place.sms
        self.missing = [
            words
            for words, value in (
                ("行名（[bank] name 或 [sms] sign）", settings.sign or place.short_bank),
                ("回电号码（[sms] reply 或 [bank] phone）", settings.reply or place.phone),
            )
            if not value
        ]
        sign = settings.sign or place.short_bank or "××银行"
        reply = settings.reply or place.phone or "××××"
        self.sender = Sender(f"样张·{sign}" if self.missing else sign, reply, place.branch)

    def look(self) -> Outcome:
        """Return what would be sent, and write nothing."""
        from ccm.cli import journey
        from ccm.cli.outreach import ground_of, said_in

        ground = ground_of(self.place, self.as_of, self.at, journey.recorded_in(self.place), said_in(self.place))
        return self._plan(ground)

    def send(self) -> Outcome:
        """Write the batch and journal it, or neither; a sample is written and not journalled.

        The plan is made inside the transaction, so that of two runs at once the second sees what the first has sent.
        The file is there before the transaction ends: a run that is killed in between leaves a file that nobody has
        journalled, and the next run writes over it.

        Raises:
            CcmError: `batch-exists`, `export-kind`, `file-unwritable`, and as `ground_of`.
        """
        from ccm.cli import journey, logbook
        from ccm.cli.outreach import ground_of
        from ccm.past import FAMILIES

        if self.out and self.out.exists():
            raise CcmError("batch-exists", where=str(self.out))
        if self.missing:
            return self._written(self.look(), sample=True)
        with closing(logbook.journal_of(self.place)) as journal, journal.writing():
            said = list(journal.entries(*FAMILIES))
            ground = ground_of(self.place, self.as_of, self.at, journey.recorded_in(self.place), said)
            outcome = self._written(self._plan(ground, journal))
            if outcome.path:
                journal.append(_notes(outcome.messages, ground, outcome.path.name), now())
        return outcome

    def _written(self, outcome: Outcome, *, sample: bool = False) -> Outcome:
        """Write the batch's file, if there is anything to send."""
        from ccm.sms.batch import write

        if not outcome.messages:
            return outcome
        path = self._path("样张" if sample else outcome.messages[0].sms_no)
        write(outcome.messages, path, self.place.sms.columns, self.place.sms.encoding)
        return replace(outcome, path=path, sample=sample)

    def _path(self, number: str) -> Path:
        return self.out or self.place.root / "sms" / f"短信-{number}.{self.place.sms.extension}"

    def _plan(self, ground: Ground, journal: Journal | None = None) -> Outcome:
        """Plan the batch; with a journal its messages have numbers."""
        from ccm.contacts import numbered
        from ccm.sms.occasions import loans_of
        from ccm.sms.plan import Known, count_on, not_sent, plan
        from ccm.sms.soon import due_soon

        work = ground.work
        items = work.items(work.ranked)
        loans = loans_of(items, ground.figures({item.case.loan_no for item in items}))
        soon = due_soon(work.book, ground.triage.parties, work.policy.contact, work.as_of, ground.triage.as_of)
        known = Known(
            ground.start,
            work.policy.contact,
            self.texts,
            self.sender,
            {**ground.who, **_identities(soon)},
            ground.contacts,
            ground.past,
            ground.held,
            ground.stopped,
            work.promises,
        )
        made = plan([*loans, *soon], self.kinds, known)
        good, lost = self._writable(made.messages)
        if journal:
            taken = [str(entry.note.facts.get("sms_no") or "") for entry in journal.entries("contact-sms")]
            good = count_on(good, numbered("S", work.as_of, taken))
        withheld = [*made.withheld, *(one for message, found in lost for one in not_sent(message, found.message))]
        findings = [*self._sampled(), *made.findings, *(found for _, found in lost)]
        return Outcome(good, withheld, findings)

    def _writable(self, messages: Iterable[Message]) -> tuple[list[Message], list[tuple[Message, Finding]]]:
        """Part the messages that the file's encoding can hold from those it cannot; a workbook holds all."""
        from ccm.sms.batch import lost

        settings = self.place.sms
        sheet = (self.out.suffix.lower() if self.out else f".{settings.extension}") == ".xlsx"
        good, bad = [], []
        for message in messages:
            if characters := "" if sheet else lost(message, settings.columns, settings.encoding):
                place = f"{message.loans[0]} {message.party.name}"
                encoding = settings.encoding
                bad.append((message, finding("sms-character", file=place, value=characters, encoding=encoding)))
            else:
                good.append(message)
        return good, bad

    def _sampled(self) -> list[Finding]:
        return [finding("sms-sample", file="ccm.toml", missing="、".join(self.missing))] if self.missing else []


def _texts(place: Workspace) -> Texts:
    """Return the workspace's texts, the built-in ones where it has none."""
    from ccm.sms.texts import load
    from ccm.workspace import template_path, templates

    with templates() as built_in:
        return load(template_path(place.root, "sms.toml") or built_in / "sms.toml")


def _identities(loans: Sequence[Loan]) -> dict[tuple[str, str, str], str]:
    return {(loan.loan_no, one.role, one.name): one.id_no or one.name for loan in loans for one in loan.parties}


def _notes(messages: Iterable[Message], ground: Ground, file: str) -> list[Note]:
    """Return what is journalled: an entry per message and loan, and the duties it does."""
    from ccm.contacts import Scene, doing, owed
    from ccm.contacts import sms as note_of

    notes: list[Note] = []
    for message in messages:
        for wish in message.covers:
            loan, party = wish.loan, wish.party
            scene = Scene(
                loan.loan_no,
                party,
                ground.work.as_of,
                f"{ground.start:%H:%M}",
                loan.figures,
                ground.work.policy.digest,
            )
            note = note_of(
                scene,
                message.phone,
                message.text,
                sms_no=message.sms_no,
                occasion=message.kind,
                due_on=str(loan.due_on) if loan.due_on else "",
                parts=message.parts,
                file=file,
            )
            notes += doing(note, owed(loan.duties, party, "sms"))
    return notes


def _tell(outcome: Outcome, *, dry_run: bool, as_json: bool, reveal: bool) -> None:
    from ccm.masking import mask_finding

    findings = [one if reveal else mask_finding(one) for one in outcome.findings]
    if as_json:
        from ccm.wire.outreach import sms_json

        path = str(outcome.path) if outcome.path else None
        answer = sms_json(
            outcome.messages, outcome.withheld, findings, path, sent=bool(path) and not outcome.sample, reveal=reveal
        )
        print_json(answer)
        return
    from ccm.screen.sms import show_batch
    from ccm.screen.triage import show_findings

    out = console()
    show_batch(out, outcome.messages, outcome.withheld, whole=dry_run, reveal=reveal)
    if outcome.path:
        journalled = "样张，没有登记，不能发出" if outcome.sample else "含完整的电话号码；已逐条登记，再运行不会重发"
        out.print(f"批次文件：{outcome.path}（{journalled}）", soft_wrap=True)
    show_findings(out, findings, 0, None)
