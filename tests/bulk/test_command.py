"""`ccm triage --out`: what a person gets who triages a large book, and what stands in the folders."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ccm.bulk.engine import Cluster
from conftest import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two branches in folders that name them; one row without a borrower, one number that stands twice."""
    rows = {
        "借据号": ["0062001", "0062002", "0062003", "0062004", "0062004"],
        "客户名称": ["张三", "王五", None, "李四", "李四"],
        "到期日期": [date(2028, 6, 30)] * 5,
        "贷款余额": [50_000.0, 800.0, 900.0, 100.0, 200.0],
        "拖欠利息": [90.5, 0.0, 1.0, 0.0, 0.0],
        "最早欠息日期": [date(2026, 10, 15), None, date(2026, 10, 15), None, None],
        "保证人": ["赵六、钱七", None, None, None, None],
    }
    for nth, branch in enumerate(("清河支行", "石桥支行")):
        folder = tmp_path / "账" / f"支行={branch}"
        folder.mkdir(parents=True)
        pl.DataFrame(rows).filter(pl.int_range(pl.len()) % 2 == nth).write_parquet(folder / "0.parquet")
    return tmp_path / "账"


def test_the_summary_and_the_folders(ccm: Callable[..., Result], book: Path, tmp_path: Path) -> None:
    result = ccm("triage", book, "--as-of", AS_OF, "--out", tmp_path / "结果")

    assert result.exit_code == 4, result.output
    assert "共读5行，收下2行" in result.stdout
    assert "被拒收的3行" in result.stdout
    loans = pl.read_parquet(tmp_path / "结果/loans/stage=30/*.parquet")
    assert loans.select("loan_no", "borrower", "branch", "dpd", "overdue_interest_cents").rows() == [
        ("0062001", "张三", "清河支行", 39, 9050)
    ]
    duties = pl.read_parquet(tmp_path / "结果/duties/stage=30/*.parquet")
    letters = (
        duties.filter(pl.col("letter").is_not_null()).select("letter", "party", "state", "days_left").sort("party")
    )
    assert letters.rows() == [
        ("loan_overdue", "张三", "overdue", -6),
        ("guarantor_perform", "赵六", "overdue", -6),
        ("guarantor_perform", "钱七", "overdue", -6),
    ]
    refused = pl.read_parquet(tmp_path / "结果/refused/1/*.parquet").sort("贷款余额")
    assert refused.select("借据号", "ccm_codes").rows() == [
        ("0062004", "loan-no-duplicate"),
        ("0062004", "loan-no-duplicate"),
        ("0062003", "borrower-missing"),
    ]
    assert [path.name for path in tmp_path.glob(".ccm-*")] == []


def test_the_summary_for_programs(ccm: Callable[..., Result], book: Path, tmp_path: Path) -> None:
    result = ccm("triage", book, "--as-of", AS_OF, "--out", tmp_path / "结果", "--json")

    answer = json.loads(result.stdout)
    counts = {one["code"]: one["count"] for one in answer["counts"]}
    assert (answer["rows"], answer["accepted"], answer["refused"]) == (5, 2, 3)
    assert counts == {"borrower-missing": 1, "loan-no-duplicate": 2}
    assert [(one["stage"], one["loans"]) for one in answer["stages"]] == [(0, 0), (30, 1), (60, 0), (90, 0)]


def test_a_folder_is_a_ledger_of_the_usual_kind_too(triage: Callable[..., dict[str, object]], book: Path) -> None:
    answer = triage(book)

    assert (answer["rows"], answer["accepted"]) == (5, 2)
    assert [(one["loan_no"], one["branch"]) for one in answer["loans"]] == [("0062001", "清河支行")]  # type: ignore[attr-defined]


def test_a_list_of_guarantors_joins_its_loans(ccm: Callable[..., Result], book: Path, tmp_path: Path) -> None:
    people = tmp_path / "保证人.parquet"
    pl.DataFrame({"借据号": ["0062001"], "保证人": ["孙八"], "保证人电话": ["13800000000"]}).write_parquet(people)

    ccm("triage", book, people, "--as-of", AS_OF, "--out", tmp_path / "结果")

    duties = pl.read_parquet(tmp_path / "结果/duties/**/*.parquet")
    guarantors = duties.filter(pl.col("letter") == "guarantor_perform")["party"].sort().to_list()
    assert guarantors == ["孙八", "赵六", "钱七"]


@pytest.mark.parametrize(
    "words",
    [
        ["triage"],
        ["triage", "x.parquet", "--engine", "spark"],
        ["triage", "x.parquet", "--engine", "dask", "--out", "y"],
        ["triage", "x.parquet", "--out", "y", "--stage", "30"],
    ],
)
def test_what_does_not_go_together_is_a_wrong_call(ccm: Callable[..., Result], words: list[str]) -> None:
    assert ccm(*words).exit_code == 2


@pytest.mark.parametrize("whole_end", [False, True])
def test_a_stop_leaves_nothing_behind(
    ccm: Callable[..., Result], book: Path, tmp_path: Path, *, whole_end: bool
) -> None:
    """A file that is cut off, and one whose end promises what its middle does not hold."""
    content = (book / "支行=清河支行" / "0.parquet").read_bytes()
    broken = tmp_path / "坏.parquet"
    broken.write_bytes(content[:4] + bytes(300) + content[304:] if whole_end else content[:-50])

    result = ccm("triage", broken, "--out", tmp_path / "结果")

    assert (result.exit_code, "文件已损坏" in result.stderr) == (3, True), result.output
    assert not (tmp_path / "结果").exists()
    assert list(tmp_path.glob(".ccm-*")) == []


def test_start_up_does_not_load_spark() -> None:
    loaded = "import sys, ccm.cli, ccm.bulk.engine; print('pyspark' in sys.modules, 'narwhals' in sys.modules)"
    alone = "import sys, ccm.cli; print('pyspark' in sys.modules, 'polars' in sys.modules, 'narwhals' in sys.modules)"

    def told(code: str) -> str:
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    assert told(loaded) == "False True"
    assert told(alone) == "False False False"


def test_a_cluster_without_memory_enough_is_not_a_broken_book() -> None:
    cluster = object.__new__(Cluster)

    short = cluster.told(RuntimeError("SparkOutOfMemoryError: [UNABLE_TO_ACQUIRE_MEMORY] Unable to"), "账")
    broken = cluster.told(RuntimeError("[FAILED_READ_FILE] 0.parquet"), "账")

    assert (short.code, broken.code) == ("no-spark", "file-broken")
    assert "内存不够" in short.message
