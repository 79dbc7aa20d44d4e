"""A run of letters: number and write, print, and say what whoever signs should know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.cli.app import counted
from ccm.cli.days import now
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ccm.cli.letter_job import Job, Outcome
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.letters.plan import Letter
    from ccm.letters.template import Template
    from ccm.model import Entry, Note
    from ccm.workspace import Workspace


def finish_earlier(outcome: Outcome, job: Job, journal: Journal, soffice: str) -> None:
    """Write and print what a run that was cut off has numbered, in the folder where it stands."""
    from ccm.letters.issue import finish, recover, unfinished

    outcome.recovered = recover(list(unfinished(journal)), journal, job.place.root)
    if outcome.recovered:
        _print(outcome, {}, job, journal, soffice)
        finish(journal, now())


def issue_all(
    outcome: Outcome, planned: list[Letter], job: Job, journal: Journal, out: Path | None, soffice: str
) -> None:
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


def find_soffice(place: Workspace) -> str:
    """Find LibreOffice: as ccm.toml says, else on the path."""
    import shutil

    named = place.letters.soffice
    found = shutil.which(named) if named else shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        raise CcmError("no-soffice", where=named)
    return found


def findings_of(planned: list[Letter], place: Workspace, job: Job) -> list[Finding]:
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
