"""No command shows a whole identity or phone number unasked; who asks is written down; a bug tells nobody's data."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from typer.testing import CliRunner

from ccm.cli.app import COMMANDS, Root, app, without_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

EXAMPLES = Path(__file__).parents[1] / "examples"
LEDGER, DAY = EXAMPLES / "ledger.xlsx", "2026-11-23"
NUMBERS = re.compile(r"(?<!\d)(?:[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dX]|1[3-9]\d{9})(?!\d)")
"""Whole numbers of citizens and of mobile phones."""

SHOWING: dict[str, list[list[str]]] = {
    "triage": [
        ["triage", str(LEDGER)],
        ["triage", str(EXAMPLES / "ledger-dirty.xlsx")],
        ["triage", str(EXAMPLES / "ledger-dirty.xlsx"), "--strict"],
        ["triage", str(LEDGER), "--export", "{out}/list.xlsx"],
    ],
    "why": [["why", "{loan}"]],
    "day": [["day"], ["day", "--out", "{out}/day.docx"]],
    "calls": [["calls", "--at", "9:05"], ["calls", "--at", "9:05", "--export", "{out}/calls.csv"]],
    "sms": [["sms", "--dry-run", "--at", "9:05"], ["sms", "--at", "9:05"]],
    "talk": [["talk", "{loan}"]],
    "visit": [["visit", "{loan}"], ["visit", "--due"]],
    "log": [
        ["log", "{loan}", "call", "说周五还"],
        ["log", "{loan}", "call", "--no-answer"],
        ["log", "{loan}", "promise", "500", "12-05"],
        ["log", "{loan}", "wrong-number"],
        ["log", "{loan}", "event", "起诉", "--on", "11-20"],
        ["log", "不在的人", "call"],
    ],
    "case": [["case", "{loan}", "--all"], ["case", "{loan}", "--docx", "{out}/case.docx"]],
    "person": [["person", "{name}"], ["person", "{id_no}"], ["person", "110105194912310021"]],
    "letters": [["letters", "--stage", "60", "--dry-run"], ["letters", "--stage", "60"]],
    "post": [["post", "list"], ["post", "check", str(LEDGER)], ["post", "due"]],
    "archive": [["archive", "show", "{loan}"]],
    "archive-check": [["archive-check"]],
    "pack": [["pack", "{loan}", "--incomplete"]],
    "clock": [["clock", "--within", "900"], ["clock", "--loan", "{loan}"]],
    "statement": [["statement", "{loan}"]],
    "warn": [["warn", "add", "{loan}", "厂子停工半月", "--source", "现场检查", "--level", "橙"], ["warn", "list"]],
    "suit": [["suit", "list"], ["suit", "prepare", "{loan}"], ["suit", "show", "{loan}"]],
    "silence": [["silence", "--days", "1"]],
    "handover": [["handover", "{manager}", "--to", "李强"]],
    "journal": [["journal", "verify"]],
    "report": [["report"]],
    "purge": [["purge"]],
    "doctor": [["doctor"]],
    "ledger": [["ledger", "check", str(LEDGER)], ["ledger", "check", str(EXAMPLES / "ledger-dirty.xlsx")]],
}
"""What is run of every command that shows data, once for people and once with `--json` where it has that."""
WITHOUT_DATA = {"desk", "init", "policy", "template"}
"""Commands that show no customer's data; the desk has a test of its own."""


def run(place: Path, *words: str) -> Result:
    arguments = ["--workspace", str(place), *words]
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120", "CCM_ACTOR": "王敏"})


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A workspace with the example bank in it, and a loan of it that is far behind."""
    place = tmp_path_factory.mktemp("bank")
    (place / "ccm.toml").write_text('[bank]\nname = "清水农村商业银行"\n[sms]\nreply = "96533"\n', "utf-8")
    answer = json.loads(run(place, "triage", str(LEDGER), "--as-of", DAY, "--json").stdout)
    run(place, "letters", "--stage", "30")
    loan = next(one for one in answer["loans"] if one["stage"] == 90 and one["product"] == "loan")
    rows = openpyxl.load_workbook(LEDGER)["贷款台账"].values
    table = [[str(cell or "") for cell in row] for row in rows]
    head = next(row for row in table if "借据号" in row)
    row = next(one for one in table if one[head.index("借据号")] == loan["loan_no"])
    id_no = next(cell for cell in row if re.fullmatch(r"\d{17}[\dX]", cell))
    return {
        "place": str(place), "out": str(place), "loan": loan["loan_no"], "name": loan["borrower"],
        "manager": loan["manager"], "id_no": id_no,
    }  # fmt: skip


def test_every_command_is_swept() -> None:
    assert set(SHOWING) | WITHOUT_DATA == set(COMMANDS)


@pytest.mark.parametrize("command", SHOWING)
def test_no_whole_number_is_shown_unasked(command: str, facts: dict[str, str]) -> None:
    place = Path(facts["place"])
    asked = {facts["id_no"], "110105194912310021"}
    for words in SHOWING[command]:
        line = [word.format(**facts) for word in words]
        for more in ([], ["--json"]):
            told = run(place, *line, *more)
            assert told.exit_code != 1, told.output
            assert set(NUMBERS.findall(told.stdout + told.stderr)) <= asked, (line, more)


def own(path: Path) -> bool:
    return not stat.S_IMODE(path.stat().st_mode) & 0o077


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no modes")
def test_whatever_was_written_is_its_owners_alone(facts: dict[str, str]) -> None:
    place = Path(facts["place"])
    for words in (["letters", "--stage", "30"], ["post", "list"], ["pack", facts["loan"], "--incomplete"]):
        run(place, *words)
    made = [path for path in place.rglob("*") if path.name != "ccm.toml"]

    assert {path.relative_to(place).parts[0] for path in made} >= {".ccm", "letters", "packs"}
    assert [path for path in made if not own(path)] == []


def test_whoever_asks_for_whole_numbers_sees_them_and_is_written_down(facts: dict[str, str], tmp_path: Path) -> None:
    place = tmp_path
    run(place, "triage", str(LEDGER), "--as-of", DAY)
    lines = (
        ["report"], ["case", facts["loan"]], ["person", facts["name"]], ["calls", "--at", "9:05"], ["day"],
        ["sms", "--dry-run", "--at", "9:05"],
        ["visit", facts["loan"]], ["triage", str(EXAMPLES / "ledger-dirty.xlsx"), "--as-of", DAY],
    )  # fmt: skip
    asking = {name for name in COMMANDS if any("--reveal" in one.opts for one in named(name).params)}
    assert {line[0] for line in lines} == asking
    for line in lines:
        before = looks(place)
        told = run(place, *line, "--reveal").stdout
        assert line[0] == "report" or NUMBERS.search(told), line
        (fresh, *_) = looks(place)[len(before) :]
        assert (fresh["actor"], fresh["facts"]["where"]) == ("王敏", line[0])
        assert line[0] in {"triage", "report"} or (fresh["loan_no"] and fresh["party"])


def named(name: str) -> Any:  # noqa: ANN401 - Typer keeps its command type to itself
    return Root(name="ccm").get_command(None, name)


def looks(place: Path) -> list[dict[str, Any]]:
    lines = map(json.loads, run(place, "journal", "export").stdout.splitlines())
    return [one for one in lines if one["kind"] == "revealed"]


def test_a_bug_shows_its_place_and_nobodys_name_or_number(
    ccm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    whose = "张三丰 11010519491231002X 13900001111"

    def fail(*_: object) -> None:
        raise KeyError(whose)

    monkeypatch.setattr("ccm.workspace.locate", fail)
    result = ccm("why", "0062001")

    assert result.exit_code == 1
    assert "in fail" in result.stderr
    assert "KeyError" in result.stderr
    assert not NUMBERS.search(result.stderr)
    assert "张三丰" not in result.stderr


def test_an_error_behind_an_error_is_masked_too() -> None:
    try:
        try:
            raise ValueError("王五" + "13900001111")  # noqa: TRY301 - the first of two
        except ValueError as error:
            raise LookupError("李四") from error
    except LookupError as error:
        told = without_data(error)

    assert "direct cause" in told
    said = [line for line in told.splitlines() if not line.startswith("  ")]
    assert not re.search("王五|李四|13900001111", "".join(said))
