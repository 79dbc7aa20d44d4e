"""What the tests share: a command line to run, the policy, and a small language for books."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import settings
from typer.testing import CliRunner

from ccm.cli import app
from ccm.frame import LOAN_COLUMNS, PARTY_COLUMNS
from ccm.ledger.columns import load_names
from ccm.policy import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.ledger.columns import Names
    from ccm.policy import Policy

AS_OF = date(2026, 11, 23)

settings.register_profile("ccm", deadline=None)  # how busy the machine is says nothing about a rule
settings.load_profile("ccm")


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load()


@pytest.fixture(scope="session")
def names() -> Names:
    return load_names()


@pytest.fixture
def ccm(tmp_path: Path) -> Callable[..., Result]:
    """Run ccm in a workspace of the test's own: `ccm("triage", path, "--json")`."""

    def run(*arguments: object, **env: str) -> Result:
        words = [str(word) for word in arguments]
        if "--workspace" not in words:
            words = ["--workspace", str(tmp_path), *words]
        return CliRunner().invoke(app, words, env={"COLUMNS": "120", **env})

    return run


@pytest.fixture
def triage(ccm: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    """Run `ccm triage --json` for 2026-11-23 and return the answer."""

    def run(*arguments: object) -> dict[str, Any]:
        result = ccm("triage", *arguments, "--as-of", AS_OF, "--json")
        assert result.exit_code in {0, 4}, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    return run


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the instant at which commands run: `clock("2026-11-23 10:05")`."""

    def set_to(instant: str) -> None:
        stopped = type("Stopped", (), {"now": staticmethod(lambda: datetime.fromisoformat(instant))})
        monkeypatch.setattr("ccm.cli.days.datetime", stopped)

    return set_to


def book(*rows: dict[str, object]) -> pl.DataFrame:
    """Return a book of loans; what a row does not say is blank, and it is a loan."""
    blank = {**dict.fromkeys(LOAN_COLUMNS), "product": "loan", "borrower": "张三", "party_kind": "person"}
    filled = [{**blank, "loan_no": str(number), **row} for number, row in enumerate(rows, start=1)]
    return pl.DataFrame(filled, schema=LOAN_COLUMNS)


def people(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Return parties as (loan number, role, name)."""
    blank = dict.fromkeys(PARTY_COLUMNS)
    filled = [{**blank, "loan_no": loan_no, "role": role, "name": name} for loan_no, role, name in rows]
    return pl.DataFrame(filled, schema=PARTY_COLUMNS)
