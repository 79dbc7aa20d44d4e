"""A run of letters: number and write, print, and say what whoever signs should know."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ccm.cli.app import counted
from ccm.cli.days import now
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ccm.cli.letter_job import Job, Outcome
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.letters.cluster import Cluster
    from ccm.letters.issued import Issued
    from ccm.letters.letter import Letter
    from ccm.letters.template import Template
    from ccm.model import Entry, Note
    from ccm.workspace import Workspace


def finish_earlier(outcome: Outcome, job: Job, journal: Journal, soffice: str) -> None:
    """Write and print what a run that was cut off has numbered, in the folder where it stands."""
    from ccm.letters.issue import finish, recover, unfinished

    outcome.recovered = recover(list(unfinished(journal)), journal, job.place.root)
    if outcome.recovered:
        _print(outcome.recovered, outcome, {}, job, journal, soffice)
        finish(journal, now())


def void_samples(job: Job, journal: Journal) -> None:
    """Void what was issued before the bank's name was set, so that the letters themselves can go out."""
    from ccm.model import Note

    samples = job.forget_samples(journal)
    first = {one.note.letter_no: one.note for one in reversed(samples)}.values()
    facts = {"reason": "样张：签发时还没有设置行名"}
    journal.record(
        [
            Note("letter-voided", job.work.as_of, note.loan_no, note.party, note.role, "", note.letter_no, facts=facts)
            for note in first
        ],
        now(),
    )
    if first:
        typer.echo(f"设置行名以前签发的{len(first)}封样张已作废，改发正式函。", err=True)


@dataclass(frozen=True, slots=True)
class Means:
    """What letters are rendered with: so many processes of this machine, or Spark, on `master` if one is named."""

    jobs: int = 1
    spark: bool = False
    master: str | None = None


def issue_all(
    outcome: Outcome,
    planned: list[Letter],
    job: Job,
    journal: Journal,
    out: Path | None,
    soffice: str,
    means: Means = Means(),
) -> None:
    """Number and write the letters, print them, and record that all is on the disk."""
    if not planned:
        return
    from ccm.letters.crew import crew
    from ccm.letters.issue import finish, issue

    run = job.run((letter.kind for letter in planned), out)
    helping = cluster(run.templates, means.master) if means.spark else crew(run.templates, means.jobs)
    with counted("正在写函", len(planned)) as told, helping as hands:
        outcome.take(issue(planned, run, journal, told, hands))
    if outcome.issued:
        compiled = {one.digest: one for one in run.templates.values()}
        _print(outcome.issued, outcome, compiled, job, journal, soffice)
        finish(journal, run.at)


@contextmanager
def cluster(templates: Mapping[str, Template], master: str | None) -> Iterator[Cluster]:
    """Give a Spark cluster while a block runs; its session ends with it.

    Raises:
        CcmError: `no-spark`.
    """
    from ccm.bulk.engine import session
    from ccm.cli.large import master_of
    from ccm.letters.cluster import Cluster

    chosen = master_of(master)
    if chosen and chosen.startswith("local"):
        # Spark takes the first python3 of the path; on this machine only the one that runs has ccm for certain.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    started = session("ccm letters", chosen)
    try:
        yield Cluster(started, templates)
    finally:
        started.stop()


def _print(
    letters: Sequence[Issued],
    outcome: Outcome,
    compiled: dict[str, Template],
    job: Job,
    journal: Journal,
    soffice: str,
) -> None:
    """Print letters whose run is not finished: one print file per folder, its index, and on request the PDFs.

    What they say is read from the journal each time, so that a large run is not held in memory; `compiled` holds
    templates by their digest.
    """
    from ccm.letters.issue import numbered
    from ccm.letters.issued import kept_template
    from ccm.letters.printing import print_file
    from ccm.letters.register import write_index

    folders: dict[Path, list[Issued]] = {}
    for one in letters:
        folders.setdefault((job.place.root / one.path).parent, []).append(one)
    for folder, group in folders.items():
        seq = next(_entries(group, journal)).seq
        whole, index = folder / f"打印文件-{seq}.docx", folder / f"函件目录-{seq}.xlsx"
        fields = ((str(entry.note.facts["template"]), _fields(entry)) for entry in _entries(group, journal))
        used = {one.template: kept_template(one, journal, compiled) for one in group}
        with numbered():
            print_file(whole, fields, used)
            write_index(index, _entries(group, journal))
        outcome.products += [whole, index]
        journal.record(_printed(group, job.place.name_of(whole), job.work.as_of), now())
        if soffice:
            files = [job.place.root / one.path for one in group]
            outcome.products.append(_print_pdf(whole, files, job, soffice))


def _entries(letters: Sequence[Issued], journal: Journal) -> Iterator[Entry]:
    """Read letters from the journal, in the order of their numbers."""
    from ccm.letters.issue import unfinished

    numbers = {one.letter_no for one in letters}
    return (entry for entry in unfinished(journal) if entry.note.letter_no in numbers)


def _printed(letters: Iterable[Issued], file: str, on: dt.date) -> Iterator[Note]:
    """What a letter's life remembers of its printing: the print file it stands in."""
    from ccm.model import Note

    for one in letters:
        yield Note("letter-printed", on, one.loan_no, one.party, one.role, "", one.letter_no, facts={"file": file})


def _print_pdf(whole: Path, letters: Sequence[Path], job: Job, soffice: str) -> Path:
    """The PDF of a print file, and one per letter."""
    from ccm.letters.pdf import split_pdf, to_pdf

    made = to_pdf(whole, soffice, (job.place.state / "soffice").resolve())
    with counted("正在分PDF", len(letters)) as told:
        split_pdf(made, [path.with_suffix(".pdf") for path in letters], told)
    return made


def _fields(entry: Entry) -> dict[str, Any]:
    from ccm.letters.issued import code_of

    facts: Any = entry.note.facts
    return {**facts["fields"], "二维码": code_of(entry)}


def find_soffice(place: Workspace) -> str:
    """Find LibreOffice: as ccm.toml says, else on the path."""
    import shutil

    named = place.letters.soffice
    tried = (named,) if named else ("soffice", "libreoffice", *_installed_offices())
    found = next(filter(None, map(shutil.which, tried)), None)
    if not found:
        raise CcmError("no-soffice", where=named)
    return found


def _installed_offices() -> Iterator[str]:
    """Where Windows has LibreOffice, which does not put itself on the path; `.com` waits until it is done."""
    for name in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        if folder := os.environ.get(name):
            yield str(Path(folder) / "LibreOffice" / "program" / "soffice.com")


def findings_of(planned: list[Letter], job: Job) -> list[Finding]:
    """What whoever signs should know, letter by letter."""
    file = "、".join(job.triage.files)
    found = [
        finding(code, file=file, value=letter.loan_no, party=letter.party.name)
        for letter in planned
        for code in letter.warnings
    ]
    found += _unposted(planned, job, file)
    if not job.place.bank and planned:
        found.append(finding("letter-sample", file="ccm.toml"))
    return found


def _unposted(planned: list[Letter], job: Job, file: str) -> Iterator[Finding]:
    """Tell of each loan in these letters what was logged as paid after the day of their amounts."""
    from ccm.payments import in_words, logged, unposted

    paid = logged(job.work.recorded.words)
    amounts = dict.fromkeys((note.loan_no, letter.data_on) for letter in planned for note in letter.notes)
    for loan_no, data_on in amounts:
        if since := unposted(paid.get(loan_no, ()), data_on):
            yield finding("paid-unposted", file=file, value=loan_no, paid=in_words(since), data_on=data_on)
