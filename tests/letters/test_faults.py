"""Whatever befalls a run of letters, the next one ends it: each letter once, whole, under one number, and in print."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from ccm.journal import open_journal
from ccm.letters import issue
from ccm.safe import UNFINISHED, put_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.testing import Result

HEAD = "借据号,客户名称,地址,合同号,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,保证人,保证人地址"
LOANS = 5
PLANNED = sorted(
    one for nth in range(1, LOANS + 1) for one in ((f"{nth:04d}", f"借款人{nth}"), (f"{nth:04d}", f"保证人{nth}"))
)
"""Who gets a letter: each borrower and each guarantor, of two kinds."""


def ledger(place: Path) -> Path:
    rows = [
        f"{nth:04d},借款人{nth},一路{nth}号,借字{nth}号,2028-06-30,50000,0,90,2026-10-15,保证人{nth},二路{nth}号"
        for nth in range(1, LOANS + 1)
    ]
    path = place / "台账.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture
def place(ccm: Callable[..., Result], tmp_path: Path) -> Path:
    """A workspace whose ledger asks for ten letters."""
    assert ccm("triage", ledger(tmp_path), "--as-of", "2026-11-23").exit_code == 0
    return tmp_path


def check_all_is_well(place: Path) -> None:
    """Every planned letter is there once: numbered without gaps, whole, registered, printed; nothing is left over."""
    with closing(open_journal(place / ".ccm", "核对")) as journal:
        assert journal.verify() == []
        letters = [entry.note for entry in journal.entries("letter-issued")]
        assert list(issue.unfinished(journal)) == []
    assert sorted((one.loan_no, one.party) for one in letters) == PLANNED
    assert [one.serial for one in letters] == list(range(1, len(PLANNED) + 1))
    assert [one.letter_no for one in letters] == [f"〔2026〕{one.serial}号" for one in letters]
    for one in letters:
        content = (place / str(one.facts["path"])).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one.facts["sha256"]
        with zipfile.ZipFile(place / str(one.facts["path"])) as archive:
            assert archive.testzip() is None
    files = {path for path in (place / "letters").rglob("*") if path.is_file()}
    assert {path for path in files if path.name.startswith("〔")} == {place / str(one.facts["path"]) for one in letters}
    check_each_is_printed_once({path for path in files if not path.name.startswith("〔")}, len(letters))
    assert [path for path in place.rglob("*") if UNFINISHED.fullmatch(path.name)] == []


def check_each_is_printed_once(files: set[Path], count: int) -> None:
    """The print files and their indexes hold each letter once between them."""
    indexed: list[str] = []
    printed: Counter[str] = Counter()
    wanted = [f"〔2026〕{nth}号" for nth in range(1, count + 1)]
    for path in files:
        if path.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
            indexed += [str(row[0]) for row in sheet.iter_rows(min_row=3, max_col=1, values_only=True)]
        else:
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
                text = archive.read("word/document.xml").decode()
            printed.update(number for number in wanted if number in text)
    assert sorted(indexed) == sorted(wanted)
    assert printed == Counter(wanted)


# ── Killed ──


class Forks:
    """A loaded ccm that forks, and a workspace as it was before the first letter, to be copied."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108 - memory
        self.fresh, self._out, self._count = self.home / "fresh", self.home / "out", 0
        self.fresh.mkdir()
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("forks.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.run(["triage", str(ledger(self.fresh)), "--as-of", "2026-11-23"], place=self.fresh)
        modules = self.home / "modules"
        self.run(["letters"], place=self.copy(), modules=str(modules))
        self.order(runs=[], load=modules.read_text("utf-8").splitlines())

    def order(self, **order: Any) -> dict[str, Any]:  # noqa: ANN401
        """Have children run; return their exit codes and the seconds it took."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def run(self, words: list[str], *, place: Path, kill_after: float | None = None, **run: Any) -> tuple[int, float]:  # noqa: ANN401
        """Run one command in a child; return its exit code, -9 where it was killed, and the seconds it took."""
        child = {"place": str(place), "words": words, "out": str(self._out), "batch": 4, **run}
        answer = self.order(runs=[child], **({} if kill_after is None else {"kill_after": kill_after}))
        assert answer["codes"][0] in {0, -9}, self._out.read_text("utf-8")
        return answer["codes"][0], answer["seconds"]

    def copy(self) -> Path:
        """Return a workspace of its own."""
        self._count += 1
        return Path(shutil.copytree(self.fresh, self.home / str(self._count)))

    def close(self) -> None:
        """End the process and take everything away."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
        shutil.rmtree(self.home)


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork and SIGKILL")
    forks = Forks()
    yield forks
    forks.close()


def left_behind(place: Path) -> str:
    """Say how far a killed run had come."""
    path = place / ".ccm" / "journal.db"
    if not path.exists():
        return "before the journal"
    try:
        with closing(sqlite3.connect(path)) as raw:
            facts = [
                json.loads(text) for (text,) in raw.execute("SELECT facts FROM entry WHERE kind = 'letter-issued'")
            ]
            ends = raw.execute("SELECT facts FROM entry WHERE kind = 'files-written' ORDER BY seq DESC").fetchone()
    except sqlite3.OperationalError:
        return "before the journal"
    if not facts:
        return "before the first number"
    if not all((place / one["path"]).exists() for one in facts):
        return "numbered, not written"
    return "finished in part" if ends else "written, not finished"


@pytest.mark.slow
def test_killed_at_random_moments_the_next_run_ends_it(forks: Forks) -> None:
    """200 kills, up to five one after another, so that the run that mends is killed as well."""
    chance = random.Random(20261123)  # noqa: S311 - when to kill
    whole = forks.run(["letters"], place=forks.copy(), pause=0.005)[1]
    seen: Counter[str] = Counter()
    while seen.total() < 200:
        place, code = forks.copy(), -9
        kills = chance.randint(1, 5)
        while code == -9 and kills:
            # The square root leans to the end, where the writing is.
            moment = whole * chance.random() ** 0.5
            code, seconds = forks.run(["letters"], place=place, kill_after=moment, pause=0.005)
            seen[left_behind(place)] += code == -9
            kills -= 1
        if code == -9:
            code, seconds = forks.run(["letters"], place=place)
        whole = max(seconds, whole * 0.9)  # the machine may be busier now, or idler
        check_all_is_well(place)
        shutil.rmtree(place)

    assert min(seen[where] for where in ("numbered, not written", "written, not finished", "finished in part")) > 0, (
        seen
    )


@pytest.mark.slow
def test_killed_before_each_step_on_the_disk_the_next_run_ends_it(forks: Forks) -> None:
    """Each file that is opened, renamed or removed is a place to die; every run but the last dies one step later."""
    step, seen = 0, Counter[str]()
    code = -9
    while code == -9:
        place = forks.copy()
        code, _ = forks.run(["letters"], place=place, die_at=step)
        seen[left_behind(place)] += 1
        forks.run(["letters"], place=place)
        check_all_is_well(place)
        shutil.rmtree(place)
        step += 1

    assert step > 40, seen
    assert seen["numbered, not written"] > 10, seen


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 4])
def test_several_runs_at_once_send_no_letter_twice(forks: Forks, count: int) -> None:
    for _ in range(4):
        place = forks.copy()
        outs = [forks.home / f"out{nth}" for nth in range(count)]
        runs = [{"place": str(place), "words": ["letters", "--json"], "out": str(out), "batch": 2} for out in outs]

        assert forks.order(runs=runs)["codes"] == [0] * count

        check_all_is_well(place)
        answers = [out.read_text("utf-8") for out in outs]
        issued = [one["letter_no"] for text in answers for one in json.loads(text[text.index("{") :])["issued"]]
        assert sorted(issued) == sorted(f"〔2026〕{nth}号" for nth in range(1, len(PLANNED) + 1))


@pytest.mark.slow
def test_some_killed_while_others_run(forks: Forks) -> None:
    """Of three runs at once all are killed at a random moment, again and again, until one is left to end it."""
    chance = random.Random(23)  # noqa: S311 - when to kill
    for _ in range(5):
        place = forks.copy()
        runs = [
            {"place": str(place), "words": ["letters"], "out": str(forks.home / f"out{nth}"), "batch": 2}
            for nth in range(3)
        ]
        for _ in range(3):
            forks.order(runs=runs, kill_after=0.1 + chance.random())
        forks.run(["letters"], place=place)
        check_all_is_well(place)


def test_two_commands_at_once_send_no_letter_twice(place: Path) -> None:
    command = [sys.executable, "-c", "from ccm.cli import main; main()", "--workspace", str(place), "letters", "--json"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]

    answers = [json.loads(process.communicate(timeout=60)[0]) for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(len(answer["issued"]) for answer in answers) == [0, len(PLANNED)]
    assert sorted(len(answer["skipped"]) for answer in answers) == [0, len(PLANNED)]
    check_all_is_well(place)


# ── Stopped ──


class Killed(BaseException):
    """As if the process had died here."""


@pytest.mark.parametrize("after", [0, 1, 3, 9])
def test_what_a_run_has_numbered_and_not_written_the_next_one_writes_and_prints(
    ccm: Callable[..., Result], place: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(issue, "BATCH", 4)
    left = iter(range(after))

    def dying(path: Path, content: bytes) -> None:
        if next(left, None) is None:
            raise Killed
        put_bytes(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(issue, "put_bytes", dying)
        with pytest.raises(Killed):
            ccm("letters")

    told = ccm("letters")
    assert told.exit_code == 0, told.output
    numbered = min(len(PLANNED), 4 * (after // 4 + 1))
    assert f"上次中断的{numbered}封函" in told.stdout
    check_all_is_well(place)


def test_a_run_that_died_before_its_print_file_is_printed_by_the_next(
    ccm: Callable[..., Result], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("ccm.letters.printing.print_file", dying)
        with pytest.raises(Killed):
            ccm("letters")
    assert len(list((place / "letters").rglob("〔*.docx"))) == len(PLANNED)
    (place / "templates").mkdir()  # edited since: what was numbered is printed as it was
    (place / "templates" / "loan_overdue.docx").write_bytes(b"broken")

    answer = json.loads(ccm("letters", "--json").stdout)

    assert (len(answer["recovered"]), answer["issued"]) == (len(PLANNED), [])
    check_all_is_well(place)


def test_a_letter_voided_before_it_was_written_is_not_written(
    ccm: Callable[..., Result], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(issue, "put_bytes", dying)
        with pytest.raises(Killed):
            ccm("letters", "--loan", "0001")
    ccm("letters", "void", "〔2026〕1号", "--reason", "金额有误")

    answer = json.loads(ccm("letters", "--loan", "0001", "--json").stdout)

    assert [one["letter_no"] for one in answer["recovered"]] == ["〔2026〕2号"]
    assert [one["letter_no"] for one in answer["issued"]] == ["〔2026〕3号"]
    assert {path.name.split("_")[0] for path in place.rglob("〔*.docx")} == {"〔2026〕2号", "〔2026〕3号"}


def test_what_a_person_deletes_after_the_run_stays_deleted_and_can_be_restored(
    ccm: Callable[..., Result], place: Path
) -> None:
    ccm("letters")
    path = next(place.rglob("〔2026〕3号*.docx"))
    content = path.read_bytes()
    path.unlink()

    ccm("letters")
    assert not path.exists()
    assert ccm("letters", "restore", "〔2026〕3号").exit_code == 0

    assert path.read_bytes() == content
    check_all_is_well(place)


def test_a_letter_that_was_altered_is_not_overwritten_but_restored_beside_it(
    ccm: Callable[..., Result], place: Path
) -> None:
    ccm("letters")
    path = next(place.rglob("〔2026〕3号*.docx"))
    content = path.read_bytes()
    path.write_bytes(b"altered")

    stopped = ccm("letters", "restore", "〔2026〕3号")
    assert (stopped.exit_code, "有人改过" in stopped.stderr) == (3, True)
    assert ccm("letters", "restore", "〔2026〕3号", "--out", place / "原样.docx").exit_code == 0

    assert path.read_bytes() == b"altered"
    assert (place / "原样.docx").read_bytes() == content


def test_runs_that_issue_nothing_write_nothing(ccm: Callable[..., Result], place: Path) -> None:
    ccm("letters")
    with closing(open_journal(place / ".ccm", "甲")) as journal:
        before = journal.head()
        files = {path: path.stat().st_mtime_ns for path in (place / "letters").rglob("*")}

        for words in ([], ["--stage", "30"], ["--catch-up"], ["--stage", "90"]):
            assert ccm("letters", *words).exit_code == 0

        assert journal.head() == before
    assert {path: path.stat().st_mtime_ns for path in (place / "letters").rglob("*")} == files


def test_letters_whose_pdf_failed_are_printed_by_the_next_run(ccm: Callable[..., Result], place: Path) -> None:
    (place / "ccm.toml").write_text('[letters]\nsoffice = "true"\n', "utf-8")  # a program that makes nothing

    assert ccm("letters", "--pdf").exit_code == 3
    answer = json.loads(ccm("letters", "--json").stdout)

    assert (len(answer["recovered"]), answer["issued"]) == (len(PLANNED), [])
    check_all_is_well(place)


# ── No room, no leave ──


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有权限")])
@pytest.mark.parametrize("after", [0, 2, 9])
def test_a_disk_that_fails_half_way_is_told_and_the_next_run_goes_on(
    ccm: Callable[..., Result], place: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str, after: int
) -> None:
    write, left = Path.write_bytes, iter(range(after))

    def failing(path: Path, content: bytes) -> int:
        if UNFINISHED.fullmatch(path.name) and ".ccm" not in path.parts and next(left, None) is None:
            write(path, content[: len(content) // 2])
            raise OSError(number, os.strerror(number))
        return write(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", failing)
        stopped = ccm("letters")

    assert stopped.exit_code == 3, stopped.output
    assert told in stopped.stderr
    assert "函号已经登记" in stopped.stderr
    assert "再运行一次 ccm letters" in stopped.stderr
    assert len(list(place.rglob("〔*.docx"))) == after
    assert [path for path in place.rglob("*") if UNFINISHED.fullmatch(path.name)] == []

    assert ccm("letters").exit_code == 0
    check_all_is_well(place)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount")
@pytest.mark.slow
def test_a_disk_that_is_really_full_is_told_and_the_next_run_goes_on(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    """A disk of two megabytes, with more and more room left: it ends in the journal, at a letter, or not at all."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    ends = Counter[str]()
    try:
        for room in range(0, 1000, 90):
            place = disk / str(room)
            place.mkdir()
            ccm("--workspace", place, "triage", ledger(place), "--as-of", "2026-11-23")
            filler = disk / "filler"
            free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
            filler.write_bytes(b"x" * max(0, free - room * 1024))

            stopped = ccm("--workspace", place, "letters")
            assert stopped.exit_code in {0, 3}, stopped.output
            ends["numbered" if "函号已经登记" in stopped.stderr else "before" if stopped.exit_code else "done"] += 1
            assert stopped.exit_code == 0 or "磁盘已满" in stopped.stderr, stopped.stderr

            filler.unlink()
            assert ccm("--workspace", place, "letters").exit_code == 0
            check_all_is_well(place)
            shutil.rmtree(place)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
    assert min(ends[how] for how in ("before", "numbered", "done")) > 0, ends


@pytest.mark.parametrize("where", ["letters", "letters/2026-11-23", ".ccm/templates"])
def test_where_no_folder_can_be_made_it_stops_before_the_first_number(
    ccm: Callable[..., Result], place: Path, where: str
) -> None:
    """A file stands where a folder should be: like a folder nobody may write to, but also so for root."""
    (place / where).parent.mkdir(exist_ok=True)
    (place / where).write_text("not a folder", "utf-8")

    stopped = ccm("letters")

    assert stopped.exit_code == 3, stopped.output
    assert "写不进去" in stopped.stderr
    assert not list(place.rglob("〔*.docx"))
    with closing(open_journal(place / ".ccm", "甲")) as journal:
        assert list(journal.entries("letter")) == []
    (place / where).unlink()
    assert ccm("letters").exit_code == 0
    check_all_is_well(place)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_stops_it_before_the_first_number(ccm: Callable[..., Result], place: Path) -> None:
    (place / "letters").mkdir()
    (place / "letters").chmod(0o555)

    stopped = ccm("letters")

    assert (stopped.exit_code, "没有权限" in stopped.stderr) == (3, True)
    (place / "letters").chmod(0o755)
    assert ccm("letters").exit_code == 0
    check_all_is_well(place)


def test_a_print_file_that_cannot_be_written_is_written_by_the_next_run(
    ccm: Callable[..., Result], place: Path
) -> None:
    """On Windows the file of that name may be open in Word."""
    with closing(open_journal(place / ".ccm", "甲")) as journal:
        name = f"打印文件-{journal.head()[0] + 1}.docx"
    blocked = place / "letters" / "2026-11-23" / name
    blocked.mkdir(parents=True)

    stopped = ccm("letters")
    assert stopped.exit_code == 3
    assert "函号已经登记" in stopped.stderr
    assert name in stopped.stderr.replace("\n", "")
    blocked.rmdir()

    assert ccm("letters").exit_code == 0
    check_all_is_well(place)
