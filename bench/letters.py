"""Race `ccm letters` against docxtpl, docx-mailmerge, python-docx and bare writing, in one run; print one table.

Each contender is a process of its own that gets ready, waits, and is timed from the shot to its last file.
Rounds are interleaved and the best of each is taken, so that a busy machine slows all alike.
Nothing is deleted before the end (about 6 GB): when ext4 makes a file it searches past all that were deleted in the
last minutes, which would slow whoever runs later.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triage import CCM, COMPILED, citizen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ccm.letters.letter import Letter

    Work = Callable[[], None]

AS_OF = date(2026, 11, 23)
KINDS = ("loan_overdue", "guarantor_perform")
TEMPLATES = Path(__file__).parents[1] / "templates"
MANY, FEW = 10_000, 1_000
MARK = re.compile("«(.+?)»")
RUN = re.compile(r"<w:r>((?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?)<w:t[^>]*>([^<]*«[^<]*)</w:t>((?:<w:tab/>)*)</w:r>")
CONFIG = """[bank]
name = "清水农村商业银行股份有限公司"
branch = "城关支行"
address = "清水县城关镇人民路1号"
phone = "0000-5550123"

[letters]
code = "清农城催"
"""


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


def peer_templates(folder: Path, as_field: Callable[[str], str]) -> dict[str, Path]:
    """Our templates for those who know no loops and conditions: what is always there, with marks or merge fields."""
    from ccm.letters.fields import FIELDS
    from ccm.letters.template import load, render

    plain = {name: f"«{name}»" for name in FIELDS if "." not in name} | {"样张": "", "二维码": ""}
    row = {name.removeprefix("借."): f"«{name}»" for name in FIELDS if "." in name}
    made = {}
    for kind in KINDS:
        file = render(load(TEMPLATES / f"{kind}.docx", kind), {**plain, "借据": [row]})
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


WORKS = {one.__name__: one for one in (ccm, issuing, docxtpl, mailmerge, python_docx)}


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
    work()
    print(f"done {time.process_time() - begun}", flush=True)


# The races.


@dataclass
class Contender:
    """A kind of work, how much of it each of its processes does, and the best seconds it has taken."""

    title: str
    work: str
    sources: list[str]
    letters: int
    seconds: float = 1e9
    computing: float = 1e9
    megabytes: float = 0

    @property
    def each(self) -> float:
        """Milliseconds per letter."""
        return self.seconds / self.letters * 1000

    def took(self, seconds: float, computing: float) -> None:
        """Keep the best of this round and those before."""
        self.seconds, self.computing = min(self.seconds, seconds), min(self.computing, computing)


def contender(title: str, work: str, letters: int, processes: int = 1) -> Contender:
    share = letters // processes
    return Contender(title, work, [f"{nth * share}-{(nth + 1) * share}" for nth in range(processes)], letters)


def run(one: Contender, place: Path) -> Path:
    """Run a contender once in a new folder; return the folder of its last process."""
    children = []
    for source in one.sources:
        folder = Path(tempfile.mkdtemp(dir=place))
        command = [sys.executable, __file__, "--child", one.work, source, str(folder)]
        children.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=COMPILED)
        )
    if any(process.stdout.readline() != "ready\n" for process in children):  # type: ignore[union-attr]
        sys.exit(f"{one.title}: failed")
    os.sync()
    start = time.perf_counter()
    for process in children:
        process.stdin.write("\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    answers = [process.stdout.readline() for process in children]  # type: ignore[union-attr]
    seconds = time.perf_counter() - start
    if any(process.wait() for process in children):
        sys.exit(f"{one.title}: failed")
    one.took(seconds, sum(float(answer.split()[1]) for answer in answers))
    return folder


def command(one: Contender, place: Path) -> Path:
    """Run `ccm letters` once in a new workspace, and return what it has written there."""
    folder = Path(tempfile.mkdtemp(dir=place))
    (folder / "ccm.toml").write_text(CONFIG, encoding="utf-8")
    ledger(folder / "ledger.csv", one.letters // 2)
    start = [*CCM, "--workspace", str(folder)]
    triage = [*start, "triage", str(folder / "ledger.csv"), "--as-of", str(AS_OF)]
    subprocess.run(triage, check=True, stdout=subprocess.DEVNULL, env=COMPILED)
    os.sync()
    begun = time.perf_counter()
    process = subprocess.Popen([*start, "letters", "--stage", "30", "--json"], stdout=subprocess.DEVNULL, env=COMPILED)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit(f"{one.title}: ended with {process.returncode}")
    one.took(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime)
    one.megabytes = max(one.megabytes, usage.ru_maxrss / 1024)
    return folder / "letters"


def ledger(path: Path, loans: int) -> None:
    """Write a ledger of loans at 30 days, each with a guarantor: two letters a loan."""
    heads = (
        "借据号,客户名称,证件号码,客户类型,产品名称,客户经理,联系地址,合同号,发放日期,到期日期,贷款金额（元）,贷款余额（元）,"
        "拖欠本金,拖欠利息,最早欠息日期,保证人1,保证人1地址"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        book = csv.writer(file)
        book.writerow(heads.split(","))
        for nth in range(loans):
            since = AS_OF - timedelta(days=30 + nth % 30)
            book.writerow(
                (
                    f"0062{nth:012d}", f"张三{nth}", citizen(nth), "个人", "农户小额信用贷款", f"经理{nth % 200}",
                    f"清水县柳溪镇石桥村{nth}号", f"清农商借字〔2024〕{nth}号", "2024-05-01", "2027-05-01",
                    100_000 + nth, 80_000 + nth, 0, f"{1000 + nth * 0.37:.2f}", since,
                    f"李四{nth}", f"清水县清河镇{nth}号",
                )
            )  # fmt: skip


def text(path: Path) -> str:
    """All that a letter says."""
    from docx import Document
    from docx.oxml.ns import qn

    return "".join(node.text or "" for node in Document(str(path)).element.body.iter(qn("w:t")))


def each(place: Path, rounds: int) -> dict[str, Contender]:
    """A letter: its facts in memory, its file on the disk."""
    found = {
        "docxtpl": contender("docxtpl, template opened anew", "docxtpl", 60),
        "mailmerge": contender("docx-mailmerge", "mailmerge", 60),
        "python-docx": contender("python-docx, marks replaced", "python_docx", 60),
        "ccm": contender("ccm, one process", "ccm", 4_000),
        "two": contender("ccm, two processes", "ccm", 4_000, processes=2),
        "recorded": contender("ccm, with numbers and journal", "issuing", 4_000),
    }
    bare = Contender("only writing the same files", "writing", [], 4_000)
    for _ in range(rounds):
        folders = {name: run(one, place) for name, one in found.items()}
        bare.sources = [str(folders["ccm"])]
        run(bare, place)
        for nth in (0, 1, 58, 59):
            said = {text(folders[name] / f"{nth}.docx") for name in ("docxtpl", "mailmerge", "python-docx", "ccm")}
            if len(said) > 1:
                sys.exit(f"letter {nth} does not say the same everywhere")
    found["bare"] = bare
    show("milliseconds a letter", found, 1000)
    return found


def whole(place: Path, rounds: int) -> dict[str, Contender]:
    """A run: `ccm letters` from its start to its end, print file, index and answer among what it makes."""
    found = {
        "few": Contender(f"ccm letters, {FEW:,}", "", [], FEW),
        "many": Contender(f"ccm letters, {MANY:,}", "", [], MANY),
    }
    bare = Contender(f"only writing the same files, {MANY:,}", "writing", [], MANY)
    for _ in range(rounds):
        folders = {name: command(one, place) for name, one in found.items()}
        bare.sources = [str(folders["many"])]
        run(bare, place)
    found["bare"] = bare
    show("seconds a run", found, None)
    return found


def show(unit: str, found: dict[str, Contender], factor: int | None) -> None:
    """Print what each contender has taken: by the clock, and of the processors."""
    print(f"\n{unit:44}{'clock':>9}{'busy':>9}{'MB':>9}")
    for one in found.values():
        clock, busy = (value * factor / one.letters if factor else value for value in (one.seconds, one.computing))
        print(f"{one.title:44}{clock:9.3f}{busy:9.3f}" + (f"{one.megabytes:9.0f}" if one.megabytes else ""))


def ratios(one: dict[str, Contender], run: dict[str, Contender]) -> None:
    """Print all ratios beside their aims."""
    table = [
        ("docxtpl / ccm, a letter on one core", one["docxtpl"], one["ccm"], ">= 40"),
        ("docx-mailmerge / ccm", one["mailmerge"], one["ccm"], ""),
        ("python-docx / ccm", one["python-docx"], one["ccm"], ""),
        ("ccm, one process / two", one["ccm"], one["two"], ">= 1.7 by the clock"),
        (f"docxtpl alone / ccm letters, {MANY:,}", one["docxtpl"], run["many"], ">= 25"),
        ("ccm, rendering and writing / only writing", one["ccm"], one["bare"], "<= 3"),
        ("ccm, with numbers and journal / only writing", one["recorded"], one["bare"], "<= 3"),
        (f"ccm letters, {MANY:,} / only writing", run["many"], run["bare"], "<= 3"),
    ]
    print(f"\n{'ratio, a letter':48}{'clock':>8}{'busy':>8}  aim")
    for name, a, b, aim in table:
        clock, busy = a.each / b.each, a.computing / a.letters / (b.computing / b.letters)
        print(f"{name:48}{clock:8.2f}{busy:8.2f}  {aim}")
    memory = f"peak memory, {MANY:,} letters / {FEW:,}"
    print(f"{memory:48}{run['many'].megabytes / run['few'].megabytes:8.2f}{'':8}  flat")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--child", nargs=3, metavar=("WORK", "SOURCE", "FOLDER"), help="run one contender")
    asked = options.parse_args()
    if asked.child:
        child(asked.child[0], asked.child[1], Path(asked.child[2]))
        sys.exit()
    with tempfile.TemporaryDirectory() as folder:
        ratios(each(Path(folder), asked.rounds), whole(Path(folder), asked.rounds))
