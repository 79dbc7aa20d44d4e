"""Who writes letters in `letters.py`: ccm's own steps, and its peers with the same letters and the same templates.

Run as a program it is one contender in a process of its own: `writers.py WORK SOURCE FOLDER`.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ccm.letters.letter import Letter

    Work = Callable[[], float | None]
    """What is timed; it may return seconds of processor time that another process has spent for it."""

KINDS = ("loan_overdue", "guarantor_perform")
TEMPLATES = Path(__file__).parents[1] / "templates"
OFFICE = Path(__file__).with_name("office.py")
MARK = re.compile("«(.+?)»")
RUN = re.compile(r"<w:r>((?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?)<w:t[^>]*>([^<]*«[^<]*)</w:t>((?:<w:tab/>)*)</w:r>")


# The letters: to borrowers and guarantors in turn, no two alike.


def letter(nth: int) -> Letter:
    """A made-up letter with two loan notes."""
    from ccm.letters import sample

    one = sample.letter(KINDS[nth % 2])
    loans = [f"0062{nth:012d}", f"0063{nth:012d}"]
    notes = tuple(
        replace(note, loan_no=loan_no, interest_cents=note.interest_cents + nth)
        for loan_no, note in zip(loans, one.notes, strict=True)
    )
    party = replace(one.party, name=f"{one.party.name}{nth}", address=f"清水县柳溪镇石桥村{nth}号")
    covers = tuple((loan_no, "bench") for loan_no in loans)
    return replace(one, loan_no=loans[0], covers=covers, notes=notes, party=party)


def number(nth: int) -> str:
    return f"清农城催〔2026〕{nth}号"


def given(letters: Sequence[Letter]) -> list[tuple[str, dict[str, Any]]]:
    """Kind and fields of each letter: the peers get them ready-made, ccm has to make them."""
    from ccm.letters.fields import context

    return [(one.kind, context(one, number(nth))) for nth, one in enumerate(letters)]


def peer_templates(folder: Path, as_field: Callable[[str], str], notes: Sequence[str] = ("借.",)) -> dict[str, Path]:
    """Our templates for those who know no loops and conditions: what is always there, with marks or merge fields.

    `notes` has the beginning of the names in each row of the loan notes.
    """
    from ccm.letters.fields import FIELDS
    from ccm.letters.template import load, render

    plain = {name: f"«{name}»" for name in FIELDS if "." not in name} | {"样张": "", "二维码": ""}
    names = [name.removeprefix("借.") for name in FIELDS if "." in name]
    table = [{name: f"«{note}{name}»" for name in names} for note in notes]
    made = {}
    for kind in KINDS:
        file = render(load(TEMPLATES / f"{kind}.docx", kind), {**plain, "借据": table})
        made[kind] = folder / f"template-{kind}.docx"
        made[kind].write_bytes(file)
        with zipfile.ZipFile(made[kind]) as old:
            members = {name: old.read(name) for name in old.namelist()}
        body = RUN.sub(lambda run: as_field(run[0]), members["word/document.xml"].decode())
        with zipfile.ZipFile(made[kind], "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in {**members, "word/document.xml": body.encode()}.items():
                new.writestr(name, content)
    return made


def merge_fields(run: str) -> str:
    """A run of text and marks as runs and merge fields."""
    properties, text, tabs = RUN.fullmatch(run).groups()  # type: ignore[union-attr]
    parts = re.split("(«.+?»)", text)
    return "".join(
        f'<w:fldSimple w:instr=" MERGEFIELD {part[1:-1]} "><w:r>{properties}<w:t>{part}</w:t></w:r></w:fldSimple>'
        if part.startswith("«")
        else f'<w:r>{properties}<w:t xml:space="preserve">{part}</w:t></w:r>'
        for part in parts
        if part
    ) + (tabs and f"<w:r>{tabs}</w:r>")


def rows(fields: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{f"借.{name}": value for name, value in note.items()} for note in fields["借据"]]


# The contenders: each takes letters and a folder, gets ready, and returns the work that is timed.


def ccm(letters: Sequence[Letter], folder: Path) -> Work:
    """Compile the templates; for each letter make its fields, render it, write it whole or not at all."""
    from ccm.letters.fields import context
    from ccm.letters.template import load, render
    from ccm.safe import put_bytes

    def work() -> None:
        templates = {kind: load(TEMPLATES / f"{kind}.docx", kind) for kind in KINDS}
        for nth, one in enumerate(letters):
            put_bytes(folder / f"{nth}.docx", render(templates[one.kind], context(one, number(nth))))

    return work


def issuing(letters: Sequence[Letter], folder: Path) -> Work:
    """The same with numbers and journal."""
    from ccm.journal import open_journal
    from ccm.letters.issue import Run, issue
    from ccm.letters.template import load

    journal = open_journal(folder / ".ccm", "bench")

    def work() -> None:
        templates = {kind: load(TEMPLATES / f"{kind}.docx", kind) for kind in KINDS}
        at = datetime(2026, 11, 23, 9).astimezone()
        run = Run(folder, folder / "letters", templates, "{code}〔{year}〕{n}号", "bench", at)
        for _ in issue(letters, run, journal, lambda: None):
            pass

    return work


def docxtpl(letters: Sequence[Letter], folder: Path) -> Work:
    """As its manual shows: the template opened anew for each letter."""
    from docxtpl import DocxTemplate

    facts = given(letters)

    def work() -> None:
        for nth, (kind, fields) in enumerate(facts):
            template = DocxTemplate(TEMPLATES / f"{kind}.docx")
            template.render(fields, autoescape=True)
            template.save(folder / f"{nth}.docx")

    return work


def mailmerge(letters: Sequence[Letter], folder: Path) -> Work:
    """Merge fields instead of tags, the loan notes by merge_rows."""
    from mailmerge import MailMerge

    facts, templates = given(letters), peer_templates(folder, merge_fields)

    def work() -> None:
        for nth, (kind, fields) in enumerate(facts):
            with MailMerge(templates[kind]) as document:
                for anchor in ("借.借据号", "借.正常利息"):
                    document.merge_rows(anchor, rows(fields))
                document.merge(**{name: value for name, value in fields.items() if isinstance(value, str)})
                document.write(folder / f"{nth}.docx")

    return work


def python_docx(letters: Sequence[Letter], folder: Path) -> Work:
    """Marks replaced run by run, the row of the loan notes copied by hand."""
    from docx import Document

    facts, templates = given(letters), peer_templates(folder, str)

    def work() -> None:
        for nth, (kind, fields) in enumerate(facts):
            document = Document(str(templates[kind]))
            for table in document.tables:
                for row in table.rows:
                    if "«借." in row.cells[0].text:
                        repeat(row, table, rows(fields))
                    else:
                        fill(row.cells, fields)
            fill([document], fields)
            document.save(str(folder / f"{nth}.docx"))

    return work


def fill(places: Iterable[Any], fields: Mapping[str, str]) -> None:
    """Replace the marks in the paragraphs of a document or of cells."""
    for place in places:
        for paragraph in place.paragraphs:
            for run in paragraph.runs:
                if "«" in run.text:
                    run.text = MARK.sub(lambda mark: fields[mark[1]], run.text)


def repeat(row: Any, table: Any, notes: Iterable[Mapping[str, str]]) -> None:  # noqa: ANN401 - it ships no types
    """Put a copy of a row for each note in its place; python-docx cannot copy a row itself."""
    from docx.table import _Row

    for note in notes:
        copied = deepcopy(row._tr)  # noqa: SLF001
        row._tr.addprevious(copied)  # noqa: SLF001
        fill(_Row(copied, table).cells, note)
    table._tbl.remove(row._tr)  # noqa: SLF001


def writing(source: Path, folder: Path) -> Work:
    """Only the writing: every file that a run has left, under its name, in one folder."""
    files = [(path.name, path.read_bytes()) for path in sorted(source.rglob("*")) if path.is_file()]

    def work() -> None:
        for name, content in files:
            (folder / name).write_bytes(content)

    return work


def libreoffice(letters: Sequence[Letter], folder: Path) -> Work:
    """The office's mail merge, a kind of letter after the other, from a workbook of texts."""
    place = Path(tempfile.mkdtemp(dir=folder.parent))
    made = peer_templates(folder, merge_fields, ("借1", "借2"))
    facts = flat(given(letters))
    for kind in facts:
        made[kind].rename(place / f"{kind}.docx")
    workbook(place / "letters.xlsx", facts)
    (place / "out").symlink_to(folder)
    start = [uno_python(), str(OFFICE), str(place)]
    office = subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if not office.stdin or not office.stdout or office.stdout.readline() != "ready\n":
        sys.exit(1)  # the office's last line has said why
    shot, answers = office.stdin, office.stdout

    def work() -> float:
        shot.write("\n")
        shot.flush()
        return float(answers.readline().removeprefix("done "))

    return work


def flat(letters: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, list[dict[str, str]]]:
    """One row a letter, by kind, with the name of its file."""
    made: dict[str, list[dict[str, str]]] = {}
    for nth, (kind, fields) in enumerate(letters):
        notes = {f"借{at}{name}": value for at, note in enumerate(fields["借据"], 1) for name, value in note.items()}
        plain = {name: value for name, value in fields.items() if isinstance(value, str)}
        made.setdefault(kind, []).append({"no": str(nth), **plain, **notes})
    return made


def workbook(path: Path, facts: Mapping[str, list[dict[str, str]]]) -> None:
    """Write all letters of a kind on one sheet, and the first alone on another, to warm up with."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        for kind, letters in facts.items():
            for name, shown in ((kind, letters), (f"{kind}-first", letters[:1])):
                sheet = book.add_worksheet(name)
                for at, row in enumerate([dict(zip(letters[0], letters[0], strict=True)), *shown]):
                    for column, heading in enumerate(letters[0]):
                        sheet.write_string(at, column, row[heading])


def uno_python() -> str:
    """The Python that knows `uno`: this one, the system's, or the office's own."""
    office = Path(shutil.which("soffice") or "/").resolve().parent
    for one in (sys.executable, "/usr/bin/python3", str(office / "python")):
        with contextlib.suppress(OSError):
            if not subprocess.run([one, "-c", "import uno"], check=False, capture_output=True).returncode:
                return one
    sys.exit("no Python here has uno (Debian: python3-uno)")


WORKS = {one.__name__: one for one in (ccm, issuing, docxtpl, mailmerge, python_docx, libreoffice)}


def child(name: str, source: str, folder: Path) -> None:
    """Get ready, try it once so that all is imported, wait for the shot, work, say so."""
    if name == "writing":
        work = writing(Path(source), folder)
    else:
        first, last = map(int, source.split("-"))
        letters = [letter(nth) for nth in range(first, last)]
        WORKS[name](letters[:1], Path(tempfile.mkdtemp(dir=folder.parent)))()
        work = WORKS[name](letters, folder)
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.process_time()
    elsewhere = work() or 0.0
    print(f"done {time.process_time() - begun + elsewhere}", flush=True)


if __name__ == "__main__":
    child(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
