"""Several processes write the letters that one would: the same numbers, the same bytes, whatever befalls them."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ccm.journal import open_journal
from ccm.letters import issue
from ccm.letters.crew import Crew, crew

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

HEAD = "借据号,客户名称,地址,支行,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期"
COMMAND = [sys.executable, "-c", "from ccm.cli import main; main()"]


def ledger(place: Path, loans: int) -> Path:
    """Loans of two branches that each owe a letter."""
    rows = [f"{n:05d},客户{n},一路{n}号,支行{n % 2},2028-06-30,500,0,9,2026-10-15" for n in range(loans)]
    path = place / "台账.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return path


def files(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (place / "letters").rglob("〔*.docx")}


def test_three_processes_write_what_one_writes(
    ccm: Callable[..., Result], tmp_path: Path, clock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issue, "BATCH", 7)
    clock("2026-11-23 10:05")
    made = []
    for jobs in (1, 3):
        place = tmp_path / str(jobs)
        place.mkdir()
        (place / "ccm.toml").write_text('[letters]\nnumber = "{code}〔{year}〕{n}号"\n', "utf-8")
        where = ("--workspace", place)
        assert ccm(*where, "triage", ledger(place, 20), "--as-of", "2026-11-23").exit_code == 0
        assert ccm(*where, "letters", "--jobs", jobs).exit_code == 0
        with closing(open_journal(place / ".ccm", "核对")) as journal:
            assert journal.verify() == []
            notes = [entry.note for entry in journal.entries("letter-issued")]
        made.append((files(place), notes))

    assert len(made[0][0]) == 20
    assert made[0] == made[1]


def test_a_crew_that_is_gone_is_not_missed(
    ccm: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = []

    def killed(self: Crew, letters: object, *, coded: bool) -> object:
        for process, _ in self._hands:
            if process.pid and process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
                process.join()
                lost.append(process.pid)
        return whole(self, letters, coded=coded)  # type: ignore[arg-type]

    whole = Crew.render
    monkeypatch.setattr(Crew, "render", killed)
    ccm("triage", ledger(tmp_path, 5), "--as-of", "2026-11-23")

    result = ccm("letters", "--jobs", 2)

    assert result.exit_code == 0, result.output
    assert (len(lost), len(files(tmp_path))) == (2, 5)


def test_one_process_needs_no_crew() -> None:
    with crew({}, 1) as hands:
        assert hands is None


def children(pid: int) -> list[int]:
    """The processes that a process has started, as Linux tells."""
    return [int(one) for task in Path(f"/proc/{pid}/task").glob("*") for one in (task / "children").read_text().split()]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
def test_killed_while_its_crew_works_the_next_run_ends_it_and_no_process_stays(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    ccm("triage", ledger(tmp_path, 1500), "--as-of", "2026-11-23")
    stays = []
    for _ in range(3):
        run = subprocess.Popen([*COMMAND, "--workspace", str(tmp_path), "letters", "--jobs", "2"])
        before = numbered(tmp_path)
        while run.poll() is None and numbered(tmp_path) == before:
            time.sleep(0.01)
        stays += children(run.pid)
        run.kill()
        run.wait()

    assert ccm("letters", "--jobs", 2).exit_code == 0
    with closing(open_journal(tmp_path / ".ccm", "核对")) as journal:
        assert journal.verify() == []
        assert list(issue.unfinished(journal)) == []
        serials = [entry.note.serial for entry in journal.entries("letter-issued")]
    assert serials == list(range(1, 1501))
    assert len(files(tmp_path)) == 1500
    assert len(stays) >= 2
    assert [one for one in stays if Path(f"/proc/{one}").exists()] == []


def numbered(place: Path) -> int:
    """How many letters have a number by now."""
    try:
        with closing(sqlite3.connect(place / ".ccm" / "journal.db")) as raw:
            count: int = raw.execute("SELECT count(*) FROM entry WHERE kind = 'letter-issued'").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    return count
