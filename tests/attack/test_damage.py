"""A journal that was cut, damaged, emptied or changed by hand: what is lost is told, what can be mended is mended."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ccm.errors import CcmError
from ccm.journal import open_journal
from ccm.model import Note

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

PAGE = 4096
ENTRIES = 60
LEDGER = Path(__file__).parents[1] / "findings" / "letter-sample.csv"


def write(state: Path, first: int, count: int) -> None:
    """Write entries, each in a transaction of its own."""
    with closing(open_journal(state, "王")) as journal:
        for number in range(first, first + count):
            note = Note("phone", date(2026, 11, 23), f"00{number % 7}", facts={"text": "接通" * 20, "n": number})
            journal.record([note], datetime(2026, 11, 23, 10, tzinfo=UTC))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a journal of sixty entries."""
    state = tmp_path_factory.mktemp("whole")
    write(state, 0, ENTRIES)
    return (state / "journal.db").read_bytes()


def found(state: Path) -> str:
    """What is found in a journal, empty where nothing is; never a traceback."""
    try:
        with closing(open_journal(state, "王")) as journal:
            return "；".join(one.reason for one in journal.verify())
    except CcmError as error:
        return str(error)


def test_a_journal_cut_anywhere_is_found(tmp_path: Path, whole: bytes) -> None:
    chance = random.Random(3)
    cuts = [*range(PAGE, len(whole), PAGE), *(chance.randrange(1, len(whole)) for _ in range(40))]

    for at in cuts:
        shutil.rmtree(tmp_path / "s", ignore_errors=True)
        (tmp_path / "s").mkdir()
        (tmp_path / "s" / "journal.db").write_bytes(whole[:at])
        assert found(tmp_path / "s"), f"cut at {at}"
        assert (tmp_path / "s" / "journal.db").stat().st_size >= min(at, PAGE), "what is left stays"


@pytest.mark.parametrize("how", ["zeros", "noise"])
def test_a_page_that_was_damaged_is_found_wherever_it_is(tmp_path: Path, whole: bytes, how: str) -> None:
    fill = bytes(PAGE) if how == "zeros" else random.Random(3).randbytes(PAGE)

    for at in range(0, len(whole), PAGE):
        shutil.rmtree(tmp_path / "s", ignore_errors=True)
        (tmp_path / "s").mkdir()
        (tmp_path / "s" / "journal.db").write_bytes(whole[:at] + fill + whole[at + PAGE :])
        assert found(tmp_path / "s"), f"page {at // PAGE}"


def test_a_byte_that_turned_is_found_or_lies_where_nothing_is(tmp_path: Path, whole: bytes) -> None:
    chance = random.Random(3)
    for _ in range(150):
        at = chance.randrange(len(whole))
        shutil.rmtree(tmp_path / "s", ignore_errors=True)
        (tmp_path / "s").mkdir()
        (tmp_path / "s" / "journal.db").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        if not found(tmp_path / "s"):
            with closing(open_journal(tmp_path / "s", "王")) as journal:
                assert [one.note.facts["n"] for one in journal.entries()] == list(range(ENTRIES))


def test_a_log_that_was_cut_loses_whole_transactions_from_the_end_and_nothing_before(tmp_path: Path) -> None:
    """As after a power cut: what SQLite has not yet moved into its file lies in the log beside it."""
    live = tmp_path / "live"
    write(live, 0, 5)
    with closing(sqlite3.connect(live / "journal.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entry").fetchone()  # whoever reads keeps the log from being taken in
        write(live, 5, 20)
        main, log = (live / "journal.db").read_bytes(), (live / "journal.db-wal").read_bytes()
    counts = []
    for at in [0, 32, *range(32, len(log), 997), len(log)]:
        state = tmp_path / f"cut{at}"
        state.mkdir(exist_ok=True)
        (state / "journal.db").write_bytes(main)
        (state / "journal.db-wal").write_bytes(log[:at])
        assert found(state) == ""
        with closing(open_journal(state, "王")) as journal:
            numbers = [one.note.facts["n"] for one in journal.entries()]
            assert numbers == list(range(len(numbers)))
            counts.append(len(numbers))
        write(state, len(numbers), 1)
        assert found(state) == ""

    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (5, 25)


@pytest.fixture
def issued(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Path:
    """A morning at which letters went out; returns the journal."""
    clock("2026-11-23 10:00")
    ccm("triage", LEDGER, "--as-of", "2026-11-23")
    assert ccm("letters", "--json").exit_code in {0, 4}
    return tmp_path / ".ccm" / "journal.db"


@pytest.fixture
def looks(ccm: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    def run(*words: str) -> dict[str, Any]:
        return {one["of"]: one for one in json.loads(ccm("doctor", *words, "--json").stdout)["looks"]}

    return run


def test_a_broken_index_is_found_and_made_anew(
    issued: Path, looks: Callable[..., dict[str, Any]], ccm: Callable[..., Result]
) -> None:
    with closing(sqlite3.connect(issued)) as db:
        [(root,)] = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'entry_kind'")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = issued.read_bytes()
    empty_leaf = b"\x0a\x00\x00\x00\x00\x10\x00\x00".ljust(PAGE, b"\x00")
    issued.write_bytes(content[: (root - 1) * PAGE] + empty_leaf + content[root * PAGE :])

    assert ccm("journal", "verify").exit_code == 4
    assert "索引坏了" in looks()["记录"]["message"]
    assert looks("--mend")["记录"]["state"] == "mended"
    assert looks()["记录"]["state"] == "ok"
    assert ccm("journal", "verify").exit_code == 0


@pytest.mark.parametrize("how", ["emptied", "deleted"])
def test_a_journal_that_is_gone_is_not_begun_anew(ccm: Callable[..., Result], issued: Path, how: str) -> None:
    if how == "emptied":
        issued.write_bytes(b"")
    else:
        issued.unlink()
    for words in (("letters",), ("triage", LEDGER, "--as-of", "2026-11-23"), ("journal", "verify")):
        result = ccm(*words)
        assert result.exit_code == 3
        assert "记录却不在了" in result.stderr
    assert (issued.stat().st_size if issued.exists() else 0) == 0


def test_an_older_copy_that_was_put_back_is_told_before_its_numbers_are_used_again(
    ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path, looks: Callable[..., dict[str, Any]]
) -> None:
    clock("2026-11-23 10:00")
    ccm("triage", LEDGER, "--as-of", "2026-11-23")
    ccm("journal", "backup", tmp_path / "old.db")
    ccm("letters")
    journal = tmp_path / ".ccm" / "journal.db"
    journal.unlink()
    shutil.copyfile(tmp_path / "old.db", journal)

    look = looks()["函件文件"]

    assert look["state"] == "error"
    assert "记录里没有" in look["message"]
    assert "不要发函" in look["hint"]


@pytest.mark.parametrize("column", ["day", "facts"])
def test_an_entry_made_unreadable_by_hand_stops_with_its_number(
    ccm: Callable[..., Result], issued: Path, column: str
) -> None:
    with closing(sqlite3.connect(issued, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER entry_stays")
        raw.execute(f"UPDATE entry SET {column} = '改' WHERE seq = 1")

    for words in (("post", "status"), ("letters",), ("archive-check",), ("calls", "--as-of", "2026-11-23")):
        result = ccm(*words)
        assert result.exit_code != 1, result.output
    assert "这一条被改过" in ccm("journal", "verify").stdout


def test_whoever_takes_the_guard_away_and_a_letter_with_it_is_found_out(
    ccm: Callable[..., Result], issued: Path
) -> None:
    with closing(sqlite3.connect(issued, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER entry_remains")
        raw.execute("DELETE FROM entry WHERE seq = (SELECT MAX(seq) FROM entry)")

    assert "末尾不对" in ccm("journal", "verify").stdout
