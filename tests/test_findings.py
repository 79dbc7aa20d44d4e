"""Every code has a smallest file that causes it, words, and a row in the docs; this holds the three together."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ccm.errors import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

HERE = Path(__file__).parent / "findings"
STOPS = tomllib.loads((HERE / "stops.toml").read_text(encoding="utf-8"))
DOCS = Path(__file__).parents[1] / "docs" / "findings.md"
BEFORE = {"loan-unknown": "column-unknown.csv", "loan-refused": "amount-text.csv"}
"""What must have been read before the stop can happen."""


def cause(code: str) -> str:
    return next(path.name for path in sorted(HERE.iterdir()) if path.stem == code and path.is_file())


@pytest.mark.parametrize("code", [code for code, one in catalogue().items() if one.kind == "finding"])
def test_the_smallest_bad_file_gives_the_finding(
    code: str, ccm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)

    result = ccm("triage", cause(code), "--as-of", "2026-11-23", "--json")

    answer = json.loads(result.stdout)
    found = {one["code"]: one for one in answer["findings"]}
    assert code in found, answer["findings"]
    assert found[code]["severity"] == catalogue()[code].severity
    assert found[code]["message"]
    assert found[code]["hint"]


@pytest.mark.parametrize("code", [code for code, one in catalogue().items() if one.kind == "stop"])
def test_the_smallest_cause_stops_the_work(
    code: str, ccm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(HERE)
    if code in BEFORE:
        ccm("triage", BEFORE[code], "--as-of", "2026-11-23")
    arguments = [word.format(workspace=tmp_path) for word in STOPS.get(code, ["triage", ""])]
    arguments = [word or cause(code) for word in arguments]

    result = ccm(*arguments, CCM_TEST_PASSWORD="wrong")  # noqa: S106 - the wrong one, on purpose

    assert result.exit_code == 3, result.output
    words = catalogue()[code]
    assert words.message.split("{", maxsplit=1)[0][:12] in result.stderr
    assert words.hint[:12] in result.stderr


def test_every_code_has_a_row_in_the_docs() -> None:
    rows = DOCS.read_text(encoding="utf-8")

    assert [code for code in catalogue() if f"| `{code}` |" not in rows] == []


def test_refusing_findings_are_errors_and_the_rest_warnings(
    ccm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)

    assert ccm("triage", "amount-text.csv", "--as-of", "2026-11-23").exit_code == 4
    assert ccm("triage", "amount-unread.csv", "--as-of", "2026-11-23").exit_code == 0
