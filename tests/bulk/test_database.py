"""A table of a database is a ledger like any other, and its password is nobody's to see."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ccm.database import quoted, spoken, without_secrets
from conftest import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.testing import Result

TABLE = """
CREATE TABLE {name} ("借据号" text, "客户名称" text, "到期日期" {day}, "贷款余额" {money}, "拖欠本金" {money},
                     "拖欠利息" {money}, "最早欠息日期" {day});
INSERT INTO {name} VALUES
  ('0062001', '张三', '2028-06-30', 50000.25, 0, 90.10, '2026-10-15'),
  ('0062002', '李四', '2026-10-24', 1234567.89, 0, 0, NULL),
  ('0062003', '王五', '2028-06-30', 800, 0, 0, NULL);
"""


def loans(answer: str) -> list[tuple[str, int, str, str]]:
    return sorted(
        (one["loan_no"], one["dpd"], one["balance"], one["overdue_interest"]) for one in json.loads(answer)["loans"]
    )


WANTED = [("0062001", 39, "50000.25", "90.10"), ("0062002", 30, "1234567.89", "0.00")]


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    pytest.importorskip("adbc_driver_sqlite")
    path = tmp_path / "贷款 库.db"
    with sqlite3.connect(path) as db:
        db.executescript(TABLE.format(name='"借据表"', day="text", money="real"))
    return path


def test_a_table_of_sqlite_is_read_like_a_file(ccm: Callable[..., Result], sqlite: Path) -> None:
    result = ccm("triage", "--table", "借据表", "--as-of", AS_OF, "--json", CCM_DATABASE=f"sqlite:///{sqlite}")

    assert result.exit_code == 0, result.output
    assert loans(result.stdout) == WANTED
    assert json.loads(result.stdout)["ledgers"] == ["借据表"]


def test_a_table_goes_into_folders_too(ccm: Callable[..., Result], sqlite: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    words = ("--as-of", AS_OF, "--json", "--out", out, "--database-env", "MY_BANK")

    result = ccm("triage", "--table", "借据表", *words, MY_BANK=f"sqlite:///{sqlite}")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["accepted"] == 3
    found = pl.read_parquet(out / "loans/**/*.parquet")
    assert sorted(found["loan_no"].to_list()) == ["0062001", "0062002"]


def test_a_database_that_is_not_there_is_not_made(ccm: Callable[..., Result], tmp_path: Path) -> None:
    pytest.importorskip("adbc_driver_sqlite")
    result = ccm("triage", "--table", "t", CCM_DATABASE=f"sqlite:///{tmp_path}/nosuch.db")

    assert result.exit_code == 3
    assert not (tmp_path / "nosuch.db").exists()


def test_a_password_is_never_shown() -> None:
    url = "postgresql://risk:s%40cret@10.0.0.9:5432/loans"

    assert spoken(url) == "postgresql://10.0.0.9:5432/loans"
    assert "cret" not in without_secrets(f"IO: cannot open {url} (password s@cret)\nmore", url)


def test_a_table_name_is_a_name_whatever_is_in_it() -> None:
    assert quoted('risk.loans"; DROP TABLE x; --') == '"risk"."loans""; DROP TABLE x; --"'


# ── PostgreSQL ──


def _bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_nobody() -> dict[str, object]:
    """PostgreSQL does not run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server of this test's own, on a port of its own, whose user has a password."""
    pytest.importorskip("adbc_driver_postgresql")
    programs = _bin()
    if programs is None:
        pytest.skip("needs PostgreSQL")
    home = Path(tempfile.mkdtemp(dir="/tmp"))
    secret = home / "secret"
    secret.write_text("s@cret word", "utf-8")
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
        shutil.chown(secret, "nobody")
    as_user = _as_nobody()
    data, port = home / "data", 20_000 + os.getpid() % 20_000

    def run(*words: object) -> None:
        subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, cwd=home, **as_user)  # type: ignore[call-overload]

    run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "risk",
        "-A",
        "scram-sha-256",
        "--pwfile",
        secret,
        "-E",
        "UTF8",
        "--locale=C",
    )
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
    run(programs / "pg_ctl", "-D", data, "-w", "-t", 120, "-l", home / "log", "-o", options, "start")
    try:
        yield f"postgresql://risk:s%40cret%20word@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.slow
def test_a_table_of_postgresql_keeps_its_cents(ccm: Callable[..., Result], postgres: str) -> None:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(postgres, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA risk")
        for statement in TABLE.format(name='risk."借据"', day="date", money="numeric(18,2)").split(";"):
            if statement.strip():
                cursor.execute(statement)

    result = ccm("triage", "--table", "risk.借据", "--as-of", AS_OF, "--json", CCM_DATABASE=postgres)

    assert result.exit_code == 0, result.output
    assert loans(result.stdout) == WANTED


@pytest.mark.slow
def test_what_postgresql_refuses_is_told_without_the_password(ccm: Callable[..., Result], postgres: str) -> None:
    missing = ccm("triage", "--table", "nosuch", CCM_DATABASE=postgres)
    wrong = ccm("triage", "--table", "t", CCM_DATABASE=postgres.replace("%20word", "%20letter"))

    assert (missing.exit_code, wrong.exit_code) == (3, 3)
    for result, hint in ((missing, "nosuch"), (wrong, "password authentication failed")):
        assert hint in result.output
        assert "cret" not in result.output
