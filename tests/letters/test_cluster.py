"""Spark writes the letters that one process would: the same numbers, the same bytes, also where tasks are killed."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ccm.journal import open_journal
from ccm.letters import cluster
from ccm.letters.crew import Rendered
from ccm.letters.issue import unfinished
from ccm.letters.issued import intact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from typer.testing import Result

    from ccm.model import Note

    Ccm = Callable[..., Result]

HEAD = "借据号,客户名称,地址,支行,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期"


def triaged(ccm: Ccm, place: Path, loans: int) -> Ccm:
    """A workspace with loans of two branches that each owe a letter; give what runs commands in it."""
    place.mkdir()
    (place / "ccm.toml").write_text('[letters]\nnumber = "{code}〔{year}〕{n}号"\n', "utf-8")
    rows = [f"{n:05d},客户{n},一路{n}号,支行{n % 2},2028-06-30,500,0,9,2026-10-15" for n in range(loans)]
    (place / "台账.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")

    def run(*words: object) -> Result:
        return ccm("--workspace", place, *words)

    assert run("triage", place / "台账.csv", "--as-of", "2026-11-23").exit_code == 0
    return run


def issued(place: Path) -> list[Note]:
    """The letters of a journal that is whole; each has its file, as the journal says."""
    with closing(open_journal(place / ".ccm", "核对")) as journal:
        assert journal.verify() == []
        notes = [entry.note for entry in journal.entries("letter-issued")]
    assert all(intact(place / str(note.facts["path"]), str(note.facts["sha256"])) for note in notes)
    return notes


def files(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (place / "letters").rglob("〔*.docx")}


def left(place: Path) -> int:
    """How many letters have a number and no run that ended."""
    with closing(open_journal(place / ".ccm", "核对")) as journal:
        return len(list(unfinished(journal)))


def killed_once(task: Callable[..., Iterator[Any]], mark: Path, after: int) -> Callable[..., Iterator[Any]]:
    """The same task, whose first attempt on the first part is killed with all its worker when it has done some."""

    def dying(part: Iterable[Any], **known: Any) -> Iterator[Any]:  # noqa: ANN401
        import os
        import signal

        from pyspark import TaskContext

        attempt: Any = TaskContext.get()
        mine = attempt.partitionId() == 0 and not attempt.attemptNumber() and not mark.exists()

        def watched() -> Iterator[Any]:
            for nth, one in enumerate(part):
                if mine and nth == after:
                    mark.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
                yield one

        return task(watched(), **known)

    return dying


@pytest.mark.slow
def test_a_task_that_is_killed_is_done_again_and_nothing_is_issued_twice(
    ccm: Ccm, tmp_path: Path, clock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    clock("2026-11-23 10:05")
    alone, spread = tmp_path / "alone", tmp_path / "spread"
    assert triaged(ccm, alone, 90)("letters").exit_code == 0
    rendering, writing = tmp_path / "killed-rendering", tmp_path / "killed-writing"
    monkeypatch.setattr(cluster, "BLOCK", 40)
    monkeypatch.setattr(cluster, "render_part", killed_once(cluster.render_part, rendering, 5))
    monkeypatch.setattr(cluster, "write_part", killed_once(cluster.write_part, writing, 5))

    result = triaged(ccm, spread, 90)("letters", "--engine", "spark", "--master", "local[2,3]")

    assert result.exit_code == 0, result.output
    assert rendering.exists()
    assert writing.exists()
    notes = issued(spread)
    assert [note.serial for note in notes] == list(range(1, 91))
    assert notes == issued(alone)
    assert files(spread) == files(alone)
    assert len(files(spread)) == 90
    assert left(spread) == 0
    assert list((spread / "letters").rglob(".ccm-*")) == []


@pytest.mark.slow
def test_a_task_that_fails_for_good_takes_no_number_and_a_lost_write_is_made_good_without_spark(
    ccm: Ccm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    place, spark = tmp_path / "place", ("letters", "--engine", "spark", "--master", "local[2,1]")
    run = triaged(ccm, place, 30)
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "render_part", killed_once(cluster.render_part, tmp_path / "first", 3))
        result = run(*spark)
    assert result.exit_code == 3
    assert "Spark 不能用：任务没有做成" in result.stderr
    assert issued(place) == []
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "write_part", killed_once(cluster.write_part, tmp_path / "second", 3))
        result = run(*spark)
    assert result.exit_code == 3
    assert "函号已经登记" in result.stderr
    assert left(place) == 30
    assert len(files(place)) < 30

    result = run("letters")

    assert result.exit_code == 0, result.output
    assert "上次中断的30封函" in result.stdout
    assert [note.serial for note in issued(place)] == list(range(1, 31))
    assert len(files(place)) == 30


@pytest.mark.slow
def test_a_worker_without_the_folder_makes_none_of_its_own(
    ccm: Ccm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    write, place = cluster.Cluster.write, tmp_path / "place"

    def elsewhere(self: cluster.Cluster, paths: dict[str, Path]) -> None:
        write(self, {number: path.parent / "not here" / path.name for number, path in paths.items()})

    run = triaged(ccm, place, 5)
    with monkeypatch.context() as patch:
        patch.setattr(cluster.Cluster, "write", elsewhere)
        result = run("letters", "--engine", "spark")

    assert result.exit_code == 3
    assert "共用的盘" in result.stderr
    assert left(place) == 5
    assert list(place.rglob("not here")) == []


def test_a_part_is_written_as_it_was_rendered_and_refused_letters_are_left_out(tmp_path: Path) -> None:
    made = Rendered({}, "", b"a letter")
    part: Sequence[tuple[str, Rendered | None]] = [("1号", made), ("2号", None), ("3号", made)]

    for _ in ("first", "again"):
        assert list(cluster.write_part(part, files={"1号": str(tmp_path / "1.docx")})) == []

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("1.docx", b"a letter")]


def test_a_file_that_cannot_be_written_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "1.docx").mkdir()
    part = [("1号", Rendered({}, "", b"a letter"))]

    [(where, reason)] = cluster.write_part(part, files={"1号": str(tmp_path / "1.docx")})

    assert where == str(tmp_path / "1.docx")
    assert "文件夹" in reason


def test_without_pyspark_no_number_is_taken(ccm: Ccm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    run = triaged(ccm, tmp_path / "place", 1)

    result = run("letters", "--engine", "spark")

    assert result.exit_code == 3
    assert "没有安装 pyspark" in result.stderr
    assert issued(tmp_path / "place") == []


@pytest.mark.parametrize(
    "words", [["--engine", "polars"], ["--master", "local[2]"], ["--engine", "spark", "--jobs", 2]]
)
def test_what_does_not_go_together_is_refused(ccm: Ccm, words: list[object]) -> None:
    assert ccm("letters", *words).exit_code == 2
