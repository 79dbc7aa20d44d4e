"""Every code has a smallest file that causes it, words, and a row in the docs; this holds the three together."""

from __future__ import annotations

import json
import re
import runpy
import sqlite3
import sys
import tempfile
import tomllib
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ccm.cli.app import Root
from ccm.errors import CcmError, catalogue
from ccm.journal import open_journal
from ccm.model import Note
from ccm.rights import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

HERE = Path(__file__).parent / "findings"
STOPS = tomllib.loads((HERE / "stops.toml").read_text(encoding="utf-8"))
VISITED = tomllib.loads((HERE / "visited.toml").read_text(encoding="utf-8"))
LOGGED = tomllib.loads((HERE / "logged.toml").read_text(encoding="utf-8"))
BEFORE = {
    "loan-unknown": "column-unknown.csv",
    "loan-refused": "amount-text.csv",
    "visit-unneeded": "visit-unneeded.csv",
    "statement-rate": "statement-no-rate.csv",
    "statement-unneeded": "visit-unneeded.csv",
    **{f"statement-{why}": f"statement-{why}.csv" for why in ("no-rate", "card", "early", "no-issue", "no-balance")},
    "suit-undue": "visit-unneeded.csv",
    **dict.fromkeys(
        ("suit-unfiled", "stage-unknown", "deferral-plan", "deferral-too-long", "deferral-none"), "loan-ambiguous.csv"
    ),
    **dict.fromkeys(
        ("visit-too-few", "hour-ahead", "loan-ambiguous", "party-unknown", "person-unknown", "word-unknown",
         "amount-unclear", "hour-unclear", "observation-unclear", "promise-unclear", "plan-unclear", "hold-none",
         "number-missing", "day-unclear", "day-wrong-side", "signal-unknown", "signal-undisposed", "measure-unknown",
         "not-a-warn-sheet", "event-unknown", "event-unfit", "event-grade", "event-number",
         "payment-large", "payment-number",
         "manager-unknown"),
        "loan-ambiguous.csv",
    ),
}  # fmt: skip
"""What must have been read before the stop can happen."""
LETTERS = ["triage", "letter-sample.csv", "--as-of", "2026-11-23"]
APPLIED = [
    ["triage", "loan-ambiguous.csv", "--as-of", "2026-11-23"],
    ["suit", "defer", "0062001", "等拆迁款", "--step", "12-20=5000", "--by", "王敏"],
]
FIRST: dict[str, list[list[str]]] = {
    **dict.fromkeys(("deferral-step", "deferral-day"), APPLIED),
    "deferral-own": [*APPLIED, ["suit", "submit", "0062001", "--by", "张行长"]],
    "suit-filed": [APPLIED[0], ["suit", "file", "0062001", "--court", "清水县人民法院"]],
    "letter-voided": [LETTERS, ["letters"], ["letters", "void", "〔2026〕1号", "--reason", "金额有误"]],
    "letter-lost": [LETTERS, ["letters"]],
    "letter-purged": [LETTERS, ["letters"]],
    "plan-stale": [
        LETTERS,
        ["letters", "--dry-run", "--out", "{workspace}/plan.xlsx"],
        ["triage", "amount-text.csv", "--as-of", "2026-11-23"],
    ],
    "plan-unreadable": [LETTERS],
    "no-soffice": [LETTERS],
    "pdf-failed": [LETTERS],
    "letter-changed": [LETTERS, ["letters"]],
    "reissue-refused": [LETTERS, ["letters"], ["triage", "amount-text.csv", "--as-of", "2026-11-23"]],
    "number-taken": [LETTERS, ["letters"], ["letters", "void", "〔2026〕1号", "--reason", "金额有误"]],
    "letters-unfinished": [LETTERS],
    "backup-exists": [LETTERS, ["letters"]],
    "journal-busy": [LETTERS, ["letters"]],
    "hold-ambiguous": [
        ["triage", "loan-ambiguous.csv", "--as-of", "2026-11-23"],
        ["log", "0062001", "dispute", "利息多算"],
        ["log", "0062001", "hardship", "请求分期"],
    ],
    "signal-closed": [
        ["triage", "loan-ambiguous.csv", "--as-of", "2026-11-23"],
        ["warn", "check", "YJ20261123-1", "--unfounded"],
        ["warn", "close", "YJ20261123-1", "已还"],
    ],
    "archive-unconfirmed": [LETTERS, ["letters"]],
    "report-stages": [LETTERS, ["--workspace", "{workspace}/other", *LETTERS]],
    "item-unknown": [LETTERS, ["letters"]],
}
"""The commands before the one that stops."""


POSTED = ["post", "import", "〔2026〕1号", "1012345678901", "--on", "2026-11-23"]
VOIDED = ["letters", "void", "〔2026〕1号", "--reason", "金额有误"]
POST: dict[str, list[list[str]]] = {
    **{
        code: [["post", "import", f"{code}.csv", "--as-of", "2026-11-24"]]
        for code in (
            "waybill-wrong", "waybill-plausible", "waybill-other", "waybill-twice", "posted-day-wrong",
            "post-day-ahead", "post-row-unmatched",
        )
    },
    **{
        code: [POSTED, ["post", "status", f"{code}.csv", "--as-of", "2026-11-25"]]
        for code in ("status-unread", "result-no-day", "result-day-wrong", "result-changed")
    },
    "post-row-voided": [VOIDED, ["post", "import", "post-row-voided.csv", "--as-of", "2026-11-24"]],
    "result-unposted": [["post", "status", "result-unposted.csv", "--as-of", "2026-11-24"]],
    "waybill-incomplete": [["post", "list", "--date", "2026-11-24"]],
}  # fmt: skip
"""The commands that take a sheet from the post office in, after two letters were issued."""


def scans(place: Path) -> None:
    """A scan folder with one paper of a letter in it."""
    from PIL import Image

    (place / "scans").mkdir()
    Image.effect_noise((20, 20), 50).save(place / "scans" / "〔2026〕1号_面单.png")


def soffice(program: str) -> Callable[[Path], None]:
    def write(place: Path) -> None:
        (place / "ccm.toml").write_text(f'[letters]\nsoffice = "{program}"\n', "utf-8")

    return write


def occupied(place: Path) -> None:
    (place / ".ccm").write_text("a file where a folder should be", "utf-8")


def newer(place: Path) -> None:
    (place / ".ccm").mkdir()
    with sqlite3.connect(place / ".ccm" / "journal.db") as db:
        db.execute("PRAGMA user_version = 99")


def junk(place: Path) -> None:
    (place / ".ccm").mkdir()
    (place / ".ccm" / "journal.db").write_bytes(b"this is no database, whatever its name says" * 100)


def lost(place: Path) -> None:
    """Whoever has sent letters had a journal: what holds the run of letters is still there."""
    (place / ".ccm").mkdir()
    (place / ".ccm" / "letters.lock").touch()


def in_the_way(place: Path) -> None:
    """A folder stands where the letter's file should come."""
    (place / "letters" / "2026-11-23" / "〔2026〕1号_贷款逾期催收通知书_0062001_张三.docx").mkdir(parents=True)


def other_stages(place: Path) -> None:
    """A second workspace whose policy calls its stages otherwise."""
    built_in = (Path(__file__).parents[1] / "src" / "ccm" / "data" / "policy.toml").read_text("utf-8")
    (place / "other").mkdir()
    (place / "other" / "policy.toml").write_text(built_in.replace("逾期30–59天", "M2"), "utf-8")


def busy(place: Path) -> None:
    held = sqlite3.connect(place / ".ccm" / "journal.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    HELD.append(held)


HELD: list[sqlite3.Connection] = []
SENT = ("phone-missing", "phone-unread", "phone-fixed", "sms-sample", "sms-character", "sms-value-missing")
"""Findings of a batch of messages."""
STATED = ("penalty-outside-band", "penalty-contradicts", "penalty-assumed", "terms-unread", "interest-above-ceiling")
"""Findings of an arrears statement."""
AFTER = {**dict.fromkeys(SENT, ("sms", "--dry-run")), **dict.fromkeys(STATED, ("statement", "0062001"))}
"""The commands that find something in what was read."""


def gbk(place: Path) -> None:
    (place / "ccm.toml").write_text('[sms]\nsign = "清水农商银行"\nreply = "96533"\nencoding = "gbk"\n', "utf-8")


def branch_named(place: Path) -> None:
    """Texts of the bank's own, with a field that the ledger leaves empty."""
    text = (Path(__file__).parents[1] / "templates" / "sms.toml").read_text("utf-8")
    (place / "templates").mkdir()
    (place / "templates" / "sms.toml").write_text(text.replace("{姓名}，", "{姓名}，{机构}提醒，"), "utf-8")


def copied(*, broken: bool) -> None:
    """Copy a journal of one entry into one that has an entry too, or whose first was changed by hand."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        here, there = (opened.enter_context(closing(open_journal(Path(folder, name), "甲"))) for name in "ab")
        here.record([Note("called", date(2026, 11, 23))], datetime(2026, 11, 23, tzinfo=UTC))
        if broken:
            with closing(sqlite3.connect(here.state / "journal.db", isolation_level=None)) as db:
                db.execute("DROP TRIGGER entry_stays")
                db.execute("UPDATE entry SET day = '2026-11-01'")
        else:
            there.record([Note("called", date(2026, 11, 23))], datetime(2026, 11, 23, tzinfo=UTC))
        here.copy_to(there)


CALLED: dict[str, Callable[[], object]] = {
    "chain-broken": lambda: copied(broken=True),
    "journal-not-empty": lambda: copied(broken=False),
    "rights-missing": lambda: rules.load(HERE / "nosuch.toml"),
    "rights-wrong": lambda: rules.load(HERE / "rights-wrong.toml"),
}
"""Stops that no command causes: the call that does."""
PREPARED: dict[str, Callable[[Path], None]] = {
    "sms-character": gbk,
    "sms-value-missing": branch_named,
    "no-soffice": soffice("nowhere-to-be-found"),
    "pdf-failed": soffice("true"),
    "journal-newer": newer,
    "journal-broken": junk,
    "journal-lost": lost,
    "journal-unwritable": occupied,
    "letters-unfinished": in_the_way,
    "archive-unconfirmed": scans,
    "report-stages": other_stages,
}


UNINSTALLED = {"journal-no-driver": "psycopg", "lock-no-library": "pyzipper"}
ENVIRONMENT = {
    "lock-no-library": {"CCM_LOCK": "8801"},
    "journal-address": {"CCM_JOURNAL": "mysql://nowhere/ccm"},
    "journal-unreachable": {"CCM_JOURNAL": "postgresql://nobody@127.0.0.1:1/ccm"},
    "journal-no-driver": {"CCM_JOURNAL": "postgresql://nobody@127.0.0.1:1/ccm"},
}


def cause(code: str) -> str:
    return next(path.name for path in sorted(HERE.iterdir()) if path.stem == code and path.is_file())


@pytest.mark.parametrize("code", [code for code, one in catalogue().items() if one.kind == "finding"])
def test_the_smallest_bad_file_gives_the_finding(
    code: str, ccm: Callable[..., Result], clock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(HERE)
    clock("2026-11-23 10:00")

    if code in PREPARED:
        PREPARED[code](tmp_path)
    if code in POST:
        (tmp_path / "ccm.toml").write_text('[bank]\nname = "清水农村商业银行"\n', "utf-8")
        for command in (["triage", "letter-no-period.csv", "--as-of", "2026-11-23"], ["letters"], *POST[code][:-1]):
            ccm(*command)
        result = ccm(*POST[code][-1], "--json")
    elif code in LOGGED:
        ccm("triage", "loan-ambiguous.csv", "--as-of", "2026-11-23")
        ccm("log", "0062001", *LOGGED[code])
        result = ccm("log", "0062001", *LOGGED[code], "--json")
    elif code in VISITED:
        ccm("triage", "loan-ambiguous.csv", "--as-of", "2026-11-23")
        result = [ccm(*command) for command in VISITED[code]][-1]
    elif code.startswith("warn-"):
        ccm("triage", "loan-ambiguous.csv", "--as-of", "2026-11-23")
        result = ccm("warn", "import", cause(code), "--as-of", "2026-11-23", "--json")
    elif code.startswith("template-"):
        result = ccm("template", "check", cause(code), "--kind", "loan_overdue", "--json")
    else:
        result = ccm("triage", cause(code), "--as-of", "2026-11-23", "--json")
    if code in AFTER:
        result = ccm(*AFTER[code], "--as-of", "2026-11-23", "--json")
    if code.startswith("letter-"):
        result = ccm("letters", "--dry-run", "--json", *ASKED.get(code, ()))

    answer = json.loads(result.stdout)
    found = {one["code"]: one for one in answer["findings"]}
    assert code in found, answer["findings"]
    assert found[code]["severity"] == catalogue()[code].severity
    assert found[code]["message"]
    assert found[code]["hint"]


ASKED = {"letter-draft": ("--kind", "lawyer_letter"), "letter-time-barred": ("--catch-up",)}
"""How a letter is asked for that is not in the plan by itself."""


@pytest.mark.parametrize("code", CALLED)
def test_the_smallest_cause_stops_the_call(code: str) -> None:
    with pytest.raises(CcmError) as stop:
        CALLED[code]()

    assert stop.value.code == code
    assert stop.value.hint


STOPPING = [code for code, one in catalogue().items() if one.kind == "stop" and code not in CALLED]


@pytest.mark.parametrize("code", STOPPING)
def test_the_smallest_cause_stops_the_work(
    code: str, ccm: Callable[..., Result], clock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(HERE)
    clock("2026-11-23 10:00")
    if code in BEFORE:
        ccm("triage", BEFORE[code], "--as-of", "2026-11-23")
    if code in PREPARED:
        PREPARED[code](tmp_path)
    for command in FIRST.get(code, ()):
        ccm(*(word.format(workspace=tmp_path) for word in command))
    arguments = [word.format(workspace=tmp_path) for word in STOPS.get(code, ["triage", ""])]
    arguments = [word or cause(code) for word in arguments]

    monkeypatch.setattr("ccm.journal.sqlite.WAIT_SECONDS", 0.1)
    if code in UNINSTALLED:
        monkeypatch.setitem(sys.modules, UNINSTALLED[code], None)
    if code in AFTERWARDS:
        AFTERWARDS[code](tmp_path)
    environment = {"JAVA_HOME": "/nosuch", **ENVIRONMENT.get(code, {})}
    result = ccm(*arguments, CCM_TEST_PASSWORD="wrong", **environment)  # noqa: S106 - wrong on purpose

    assert result.exit_code == 3, result.output
    words = catalogue()[code]
    assert words.message.split("{", maxsplit=1)[0][:12] in result.stderr
    assert words.hint.split("{", maxsplit=1)[0][:12] in result.stderr


def lose_the_template(place: Path) -> None:
    """As if the run had been killed, and the files with their templates were gone."""
    with sqlite3.connect(place / ".ccm" / "journal.db") as db:
        db.execute("DROP TRIGGER entry_remains")
        db.execute("DELETE FROM entry WHERE kind = 'files-written'")
    for path in [*(place / ".ccm" / "templates").iterdir(), *(place / "letters").rglob("*.docx")]:
        path.unlink()


def another_code(place: Path) -> None:
    """A bank that changes its code, which stands in no number, begins a series that repeats the first."""
    (place / "ccm.toml").write_text('[letters]\ncode = "新"\nnumber = "〔{year}〕{n}号"\n', "utf-8")


def alter(place: Path) -> None:
    for path in (place / "letters").rglob("〔*.docx"):
        path.write_bytes(path.read_bytes() + b" ")


def purge(place: Path) -> None:
    """As if the time of every case were over."""
    with closing(open_journal(place / ".ccm", "甲")) as journal:
        loans = {entry.note.loan_no for entry in journal.entries("letter-issued")}
        journal.record([Note("purged", date(2046, 11, 23), loan) for loan in loans], datetime(2046, 11, 23, tzinfo=UTC))


AFTERWARDS = {
    "letter-purged": purge,
    "letter-lost": lose_the_template,
    "letter-changed": alter,
    "number-taken": another_code,
    "journal-busy": busy,
}
"""What befalls the workspace between the first commands and the last."""


def test_the_pages_say_what_the_code_knows() -> None:
    pages = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "docs.py"))["PAGES"]

    assert [path.name for path, page in pages.items() if path.read_text(encoding="utf-8") != page()] == []


def test_every_rule_of_the_handbook_has_code_a_test_and_commands_that_are_there() -> None:
    page = (Path(__file__).parents[1] / "docs" / "handbook.md").read_text("utf-8")
    rules = [line.strip("| ").split(" | ") for line in page.splitlines() if re.match(r"\| [TWCMPLV]\d", line)]
    root = Root(name="ccm")

    assert len(rules) == 8 + 5 + 11 + 4 + 10 + 5
    assert [rule[0] for rule in rules if len(rule) < 6 or not rule[-1].strip() or not rule[-2].strip()] == []
    for words in {command for rule in rules for command in re.findall("`([a-z -]+)`", rule[2])}:
        name, _, sub = words.partition(" ")
        command: Any = root.get_command(None, name)
        assert command is not None, words
        assert not sub or sub in command.commands, words


def test_refusing_findings_are_errors_and_the_rest_warnings(
    ccm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)

    assert ccm("triage", "amount-text.csv", "--as-of", "2026-11-23").exit_code == 4
    assert ccm("triage", "amount-unread.csv", "--as-of", "2026-11-23").exit_code == 0
