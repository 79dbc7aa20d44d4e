"""Race `ccm letters` against docxtpl, docx-mailmerge, python-docx, LibreOffice's mail merge and bare writing.

Each contender is a process of its own that gets ready, waits, and is timed from the shot to its last file.
Rounds are interleaved and the best of each is taken, so that a busy machine slows all alike.
Nothing is deleted before the end (about 3 GB): when ext4 makes a file it searches past all that were deleted in the
last minutes, which would slow whoever runs later.
LibreOffice's mail merge (`office.py`) runs where a Python with `uno` is found. It knows no loops, so its template has
the rows of two loan notes; counted is merging and saving one .docx a letter, not the office's start, its data source
and a first letter of each kind. Its busy seconds are the office's.
`--large` adds 100,000 letters, by one process and by two in turns (about 10 GB more).
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from score import Score, options
from triage import CCM, COMPILED, citizen

AS_OF = date(2026, 11, 23)
WRITERS = Path(__file__).with_name("writers.py")
CONFIG = """[bank]
name = "清水农村商业银行股份有限公司"
branch = "城关支行"
address = "清水县城关镇人民路1号"
phone = "0000-5550123"

[letters]
code = "清农城催"
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many letters a peer writes, ccm writes in one go, and a run of the command writes."""

    peer: int = 60
    ours: int = 4_000
    few: int = 1_000
    many: int = 10_000
    huge: int = 100_000


TINY = Sizes(peer=4, ours=40, few=20, many=60, huge=200)


@dataclass
class Contender:
    """A kind of work, how much of it each of its processes does, and the best seconds it has taken."""

    title: str
    work: str
    sources: list[str]
    letters: int
    words: list[str] = field(default_factory=list)
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
        command = [sys.executable, str(WRITERS), one.work, source, str(folder)]
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
    letters = [*start, "letters", "--stage", "30", "--json", *one.words]
    process = subprocess.Popen(letters, stdout=subprocess.DEVNULL, env=COMPILED)
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


def each(place: Path, rounds: int, sizes: Sizes) -> dict[str, Contender]:
    """A letter: its facts in memory, its file on the disk."""
    found = {
        "docxtpl": contender("docxtpl, template opened anew", "docxtpl", sizes.peer),
        "mailmerge": contender("docx-mailmerge", "mailmerge", sizes.peer),
        "python-docx": contender("python-docx, marks replaced", "python_docx", sizes.peer),
        "libreoffice": contender("LibreOffice's mail merge, the office running", "libreoffice", sizes.peer),
        "ccm": contender("ccm, one process", "ccm", sizes.ours),
        "two": contender("ccm, two processes", "ccm", sizes.ours, processes=2),
        "recorded": contender("ccm, with numbers and journal", "issuing", sizes.ours),
    }
    if missing := no_office(place):
        print(f"LibreOffice's mail merge does not run here: {missing}")
        del found["libreoffice"]
    bare = Contender("only writing the same files", "writing", [], sizes.ours)
    for _ in range(rounds):
        folders = {name: run(one, place) for name, one in found.items()}
        bare.sources = [str(folders["ccm"])]
        run(bare, place)
        agree([folders[name] for name in found if name not in {"two", "recorded"}], sizes.peer)
    found["bare"] = bare
    show("milliseconds a letter", found, 1000)
    return found


def no_office(place: Path) -> str:
    """Let LibreOffice merge one letter, and return why it cannot."""
    call = [sys.executable, str(WRITERS), "libreoffice", "0-1", tempfile.mkdtemp(dir=place)]
    tried = subprocess.run(call, input="\n", capture_output=True, text=True, check=False)
    return (tried.stderr.strip().splitlines() or ["it ended"])[-1] if tried.returncode else ""


def agree(folders: list[Path], letters: int) -> None:
    """Hold everyone's first and last letters of both kinds against each other, word by word."""
    for nth in (0, 1, letters - 2, letters - 1):
        if len({text(folder / f"{nth}.docx") for folder in folders}) > 1:
            sys.exit(f"letter {nth} does not say the same everywhere")


def whole(place: Path, rounds: int, sizes: Sizes) -> dict[str, Contender]:
    """A run: `ccm letters` from its start to its end, print file, index and answer among what it makes."""
    found = {
        "few": Contender(f"ccm letters, {sizes.few:,}", "", [], sizes.few),
        "many": Contender(f"ccm letters, {sizes.many:,}", "", [], sizes.many),
    }
    bare = Contender(f"only writing the same files, {sizes.many:,}", "writing", [], sizes.many)
    for _ in range(rounds):
        folders = {name: command(one, place) for name, one in found.items()}
        bare.sources = [str(folders["many"])]
        run(bare, place)
    found["bare"] = bare
    show("seconds a run", found, None)
    return found


def large(place: Path, rounds: int, sizes: Sizes) -> dict[str, Contender]:
    """A hundred thousand letters by one process and by two, and ten thousand and docxtpl beside them, in turns."""
    one, two = ["--jobs", "1"], ["--jobs", "2"]
    found = {
        "many": Contender(f"ccm letters --jobs 1, {sizes.many:,}", "", [], sizes.many, one),
        "huge": Contender(f"ccm letters --jobs 1, {sizes.huge:,}", "", [], sizes.huge, one),
        "huge, two": Contender(f"ccm letters --jobs 2, {sizes.huge:,}", "", [], sizes.huge, two),
    }
    docxtpl = contender(f"docxtpl, {sizes.peer}", "docxtpl", sizes.peer)
    for _ in range(rounds):
        for ours in found.values():
            command(ours, place)
        run(docxtpl, place)
    found["docxtpl"] = docxtpl
    show("seconds a run", found, None)
    return found


def show(unit: str, found: dict[str, Contender], factor: int | None) -> None:
    """Print what each contender has taken: by the clock, and of the processors."""
    print(f"\n{unit:44}{'clock':>9}{'busy':>9}{'MB':>9}")
    for one in found.values():
        clock, busy = (value * factor / one.letters if factor else value for value in (one.seconds, one.computing))
        print(f"{one.title:44}{clock:9.3f}{busy:9.3f}" + (f"{one.megabytes:9.0f}" if one.megabytes else ""), flush=True)


@dataclass
class Compared:
    """Prints each ratio of two contenders, a letter, and adds it to the score."""

    score: Score

    def letter(self, key: str, what: str, pair: tuple[Contender, Contender], aim: str = "") -> None:
        """By the clock, which counts for the aim, and by the processors."""
        a, b = pair
        clock, busy = a.each / b.each, a.computing / a.letters / (b.computing / b.letters)
        print(f"{what}：{clock:.2f}（处理器 {busy:.2f}）  {aim}", flush=True)
        self.score.ratio(f"letters/{key}", what, clock, aim)

    def memory(self, key: str, pair: tuple[Contender, Contender]) -> None:
        """Peak memory of a long run over that of one with a tenth of its letters."""
        a, b = pair
        what = f"峰值内存，{a.letters:,} 份 ÷ {b.letters:,} 份"
        print(f"{what}：{a.megabytes / b.megabytes:.2f}", flush=True)
        self.score.ratio(f"letters/{key}", what, a.megabytes / b.megabytes, FLAT)


FLAT = "≤ 1.5"
"""Memory is flat when ten times the letters do not need half as much again: the plan of all letters is held."""


def compare(one: dict[str, Contender], run: dict[str, Contender], score: Score) -> None:
    """Print all ratios of a letter beside their aims."""
    print()
    by, ours, many = Compared(score), one["ccm"], run["many"]
    by.letter("docxtpl", "docxtpl ÷ ccm，每份，一个核", (one["docxtpl"], ours), "≥ 40")
    by.letter("mailmerge", "docx-mailmerge ÷ ccm", (one["mailmerge"], ours), "领先")
    by.letter("python-docx", "python-docx ÷ ccm", (one["python-docx"], ours), "领先")
    if "libreoffice" in one:
        by.letter("libreoffice", "LibreOffice 邮件合并 ÷ ccm", (one["libreoffice"], ours), "领先")
    by.letter("two", "ccm 一个进程 ÷ 两个进程", (ours, one["two"]), "≥ 1.7")
    by.letter("whole", f"只写函的 docxtpl ÷ 整个 ccm letters，{many.letters:,} 份", (one["docxtpl"], many), "≥ 25")
    by.letter("bare", "ccm 写函 ÷ 只写同样的文件", (ours, one["bare"]), "≤ 3")
    by.letter("recorded", "ccm 编号、登记、写函 ÷ 只写同样的文件", (one["recorded"], one["bare"]), "≤ 3")
    by.letter("whole-bare", f"ccm letters {many.letters:,} 份 ÷ 只写同样的文件", (many, run["bare"]), "≤ 3")
    by.memory("memory", (many, run["few"]))


def compare_large(found: dict[str, Contender], score: Score) -> None:
    """Print the ratios of a hundred thousand letters."""
    print()
    by, huge, two = Compared(score), found["huge"], found["huge, two"]
    by.letter("huge", f"docxtpl ÷ ccm letters --jobs 1，{huge.letters:,} 份", (found["docxtpl"], huge), "≥ 40")
    by.letter("huge-two", f"docxtpl ÷ ccm letters --jobs 2，{huge.letters:,} 份", (found["docxtpl"], two), "≥ 40")
    by.letter("jobs", f"ccm letters --jobs 1 ÷ --jobs 2，{huge.letters:,} 份", (huge, two), "≥ 1.7")
    by.memory("huge-memory", (huge, found["many"]))


def main() -> None:
    """Run the races in one folder, which is deleted at the end."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="also 100,000 letters, in two rounds")
    asked = parser.parse_args()
    sizes, score = TINY if asked.tiny else Sizes(), Score()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        one, run = each(place, asked.rounds, sizes), whole(place, asked.rounds, sizes)
        compare(one, run, score)
        points = [run["few"], run["many"]]
        if asked.large:
            found = large(place, min(asked.rounds, 2), sizes)
            compare_large(found, score)
            points.append(found["huge, two"])
        for ran in points:
            score.point("letters", "ccm letters", ran.letters, ran.seconds)
    score.write(asked.score)


if __name__ == "__main__":
    main()
