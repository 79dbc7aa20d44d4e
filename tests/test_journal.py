"""The journal stands in court only if nothing in it can be changed unseen, and nothing is lost when things go wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.journal import Journal, as_json, chain, open_journal, sqlite
from ccm.model import Note
from servers import Server, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.testing import Result

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Home:
    """Where a journal is kept."""

    state: Path
    address: str

    def open(self, actor: str) -> Journal:
        """Open the journal once more."""
        return open_journal(self.state, actor, self.address)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    address = request.getfixturevalue("postgres").database() if request.param == "postgres" else ""
    return Home(tmp_path / ".ccm", address)


@pytest.fixture
def kept(home: Home) -> Iterator[Journal]:
    """A journal wherever journals are kept."""
    with closing(home.open("甲")) as book:
        yield book


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal in a file."""
    with closing(open_journal(tmp_path / ".ccm", "甲")) as book:
        yield book


def note(number: int, **more: Any) -> Note:  # noqa: ANN401
    return Note("called", DAY, f"00{number}", "张三", "borrower", "loan-first-collection", facts={"said": "好"}, **more)


def letter(number: int, loan_no: str = "1", on: date = DAY) -> Note:
    return Note(
        "letter-issued",
        on,
        loan_no,
        "张三",
        "borrower",
        "loan-overdue-letter",
        f"〔2026〕{number}号",
        "城|2026",
        number,
    )


def voided(number: int) -> Note:
    return Note("letter-voided", DAY, "1", "张三", "borrower", "", f"〔2026〕{number}号", facts={"reason": "金额有误"})


def by_hand(book: Journal) -> sqlite3.Connection:
    """Open the file as someone would who means harm: the guards are taken down first."""
    raw = sqlite3.connect(book.state / "journal.db", isolation_level=None)
    raw.executescript("DROP TRIGGER entry_stays; DROP TRIGGER entry_remains")
    return raw


def raw_of(book: Journal) -> sqlite3.Connection:
    """The connection the journal itself uses."""
    store: Any = book._store  # noqa: SLF001
    connection: sqlite3.Connection = store._db  # noqa: SLF001
    return connection


# ── What was written stands ──


def test_what_is_recorded_is_read_back_with_who_and_when(kept: Journal) -> None:
    kept.record([note(1), letter(1)], NOW)

    first, second = kept.entries()

    assert (first.seq, first.actor, first.at, first.note) == (1, "甲", "2026-11-23T09:30:00.000+00:00", note(1))
    assert (first.before, second.before) == ("", first.digest)
    assert kept.head() == (2, second.digest)


def test_entries_are_found_by_kind_family_loan_letter_and_place(kept: Journal) -> None:
    kept.record([note(1), letter(1), letter(2, "2"), voided(1)], NOW)

    def found(*kinds: str, **wanted: Any) -> list[int]:  # noqa: ANN401
        return [entry.seq for entry in kept.entries(*kinds, **wanted)]

    assert found("letter") == [2, 3, 4]
    assert found("letter-issued") == [2, 3]
    assert found("letter-issued", "letter-voided") == [2, 3, 4]
    assert found(loan_no="2") == [3]
    assert found(letter_no="〔2026〕1号") == [2, 4]
    assert found("letter", after=2) == [3, 4]


def test_the_database_itself_refuses_to_change_or_delete(journal: Journal) -> None:
    journal.record([note(1)], NOW)
    with closing(sqlite3.connect(journal.state / "journal.db")) as raw:
        for statement in ("UPDATE entry SET day = '2020-01-01'", "DELETE FROM entry"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                raw.execute(statement)

    assert journal.verify() == []


def test_a_block_that_fails_leaves_nothing(kept: Journal) -> None:
    kept.record([note(1)], NOW)

    def killed() -> None:
        with kept.writing():
            kept.append([note(2), letter(1)], NOW)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()

    assert kept.head()[0] == 1
    assert kept.last_serial("城|2026") == 0
    assert kept.verify() == []


def test_no_number_is_given_twice_however_it_is_written(kept: Journal) -> None:
    kept.record([Note("letter-issued", DAY, letter_no="Cx〔2026〕1号", series="Cx|2026", serial=1)], NOW)

    for again in (
        Note("letter-issued", DAY, letter_no="cX〔2026〕1号", series="cX|2026", serial=1),
        Note("letter-issued", DAY, letter_no="Cx〔2026〕2号", series="Cx|2026", serial=1),
    ):
        with pytest.raises(CcmError) as caught:
            kept.record([again], NOW)
        assert caught.value.code == "number-taken"

    assert kept.head()[0] == 1


# ── What was changed is seen ──


def moved(old: int, new: int) -> str:
    return f"UPDATE entry SET seq = {new} WHERE seq = {old}"  # noqa: S608 - numbers of this test


def copied(old: int, new: int) -> str:
    rest = chain.COLUMNS.removeprefix("seq, ")
    return f"INSERT INTO entry SELECT {new}, {rest} FROM entry WHERE seq = {old}"  # noqa: S608 - numbers of this test


TAMPERED = {
    "changed": (["UPDATE entry SET day = '2026-11-01' WHERE seq = 3"], 3, "这一条被改过"),
    "by someone else": (["UPDATE entry SET actor = '乙' WHERE seq = 3"], 3, "这一条被改过"),
    "missing": (["DELETE FROM entry WHERE seq = 3"], 4, "缺第3条"),
    "two missing": (["DELETE FROM entry WHERE seq IN (2, 3)"], 4, "缺第2条到第3条"),
    "the first missing": (["DELETE FROM entry WHERE seq = 1"], 2, "缺第1条"),
    "truncated": (["DELETE FROM entry WHERE seq = 5"], 5, "应有5条，只有4条"),
    "emptied": (["DELETE FROM entry"], 1, "应有5条，只有0条"),
    "reordered": ([moved(2, 99), moved(3, 2), moved(99, 3)], 2, "接不上"),
    "inserted": ([moved(5, 6), moved(4, 5), moved(3, 4), copied(2, 3)], 3, "接不上"),
    "appended": ([copied(5, 6)], 6, "接不上"),
}
"""What is done to five entries, the first that shows it, and what is said of it."""


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_by_hand_is_found_where_it_was_done(journal: Journal, how: str) -> None:
    journal.record([note(number) for number in range(1, 6)], NOW)
    assert journal.verify() == []
    statements, seq, reason = TAMPERED[how]
    with closing(by_hand(journal)) as raw:
        for statement in statements:
            raw.execute(statement)

    breaks = journal.verify()

    assert breaks[0].seq == seq
    assert any(reason in one.reason for one in breaks if one.seq == seq), breaks


def test_an_entry_that_was_changed_with_its_digest_no_longer_joins_the_next(journal: Journal) -> None:
    journal.record([note(number) for number in range(1, 6)], NOW)
    with closing(by_hand(journal)) as raw:
        raw.execute("UPDATE entry SET day = '2026-11-01' WHERE seq = 3")
        row = raw.execute(f"SELECT {chain.COLUMNS} FROM entry WHERE seq = 3").fetchone()  # noqa: S608 - constants
        raw.execute("UPDATE entry SET digest = ? WHERE seq = 3", (chain.digest_of(row),))

    assert [(one.seq, "接不上" in one.reason) for one in journal.verify()] == [(4, True)]


def test_who_cuts_the_end_and_mends_the_count_is_betrayed_by_a_head_noted_elsewhere(journal: Journal) -> None:
    journal.record([note(number) for number in range(1, 6)], NOW)
    noted = journal.head()
    with closing(by_hand(journal)) as raw:
        raw.execute("DELETE FROM entry WHERE seq = 5")
        raw.execute("UPDATE head SET (seq, digest) = (SELECT seq, digest FROM entry WHERE seq = 4)")

    assert journal.verify() == []
    assert journal.head() != noted


def test_the_command_tells_what_verify_finds(ccm: Callable[..., Result], journal: Journal) -> None:
    journal.record([note(1), note(2)], NOW)
    assert ccm("journal", "verify").exit_code == 0
    with closing(by_hand(journal)) as raw:
        raw.execute("UPDATE entry SET day = '2026-11-01' WHERE seq = 1")

    shown, asked = ccm("journal", "verify"), ccm("journal", "verify", "--json")

    assert (shown.exit_code, asked.exit_code) == (4, 4)
    assert "第1条：内容与摘要不符" in shown.stdout
    assert json.loads(asked.stdout)["breaks"][0]["seq"] == 1
    assert json.loads(asked.stdout)["whole"] is False


def test_verify_is_not_misled_by_what_is_written_meanwhile(kept: Journal, home: Home) -> None:
    """The last entry and the head are read at one moment: a busy journal is not a broken one."""
    stop = threading.Event()

    def write() -> None:
        with closing(home.open("乙")) as other:
            while not stop.is_set():
                other.record([note(1)], NOW)

    writer = threading.Thread(target=write)
    writer.start()
    found = []
    try:
        while writer.is_alive() and kept.head()[0] < 200:
            found += kept.verify()
    finally:
        stop.set()
        writer.join()

    assert kept.head()[0] >= 200
    assert found == []


def test_a_damaged_file_is_told_without_a_traceback(ccm: Callable[..., Result], journal: Journal) -> None:
    journal.record([note(number) for number in range(400)], NOW)
    journal.close()
    content = bytearray((journal.state / "journal.db").read_bytes())
    content[8192:40960] = b"\xa5" * (40960 - 8192)
    (journal.state / "journal.db").write_bytes(content)

    for command in (["journal", "verify"], ["journal", "export"]):
        result = ccm(*command)
        assert (result.exit_code, "这不是完好的记录文件" in result.stderr) == (3, True), result.output


def test_a_full_disk_is_told_and_nothing_is_half_recorded(journal: Journal) -> None:
    journal.record([note(1)], NOW)
    database = raw_of(journal)
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages + 1}")

    with pytest.raises(CcmError) as caught:
        journal.record([note(number) for number in range(400)], NOW)

    assert caught.value.code == "journal-unwritable"
    assert "磁盘已满" in caught.value.message
    assert journal.head()[0] == 1
    assert journal.verify() == []


# ── The file ──


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no modes")
def test_the_files_are_their_owners_alone(journal: Journal, tmp_path: Path) -> None:
    journal.record([note(1)], NOW)
    journal.backup(tmp_path / "out" / "backup.db")

    names = ("journal.db", "journal.db-wal", "journal.db-shm", "../out/backup.db")

    assert {name: oct((journal.state / name).stat().st_mode)[-3:] for name in names} == dict.fromkeys(names, "600")
    assert oct(journal.state.stat().st_mode)[-3:] == "700"


def test_readers_do_not_wait_for_a_writer(kept: Journal, home: Home) -> None:
    with closing(home.open("乙")) as other, other.writing():
        other.append([note(1)], NOW)

        assert kept.head()[0] == 0

    assert kept.head()[0] == 1


def test_an_export_can_be_verified_without_ccm(ccm: Callable[..., Result], journal: Journal, tmp_path: Path) -> None:
    journal.record([note(1), letter(1), note(2, policy="p"), voided(1)], NOW)
    page = (Path(__file__).parents[1] / "docs" / "journal.md").read_text(encoding="utf-8")
    program: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0], program)  # noqa: S102 - the page's own example

    assert ccm("journal", "export", tmp_path / "all.jsonl").exit_code == 0
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()

    assert lines == ccm("journal", "export").stdout.splitlines()
    assert len(lines) == 4
    assert program["whole"](lines)
    assert not program["whole"]([*lines[:2], lines[3]])
    assert not program["whole"]([*lines[:3], lines[3].replace("金额有误", "金额无误")])


def test_a_backup_taken_while_others_write_is_whole(
    ccm: Callable[..., Result], journal: Journal, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(open_journal(journal.state, "乙")) as other:
            while not stop.is_set():
                other.record([note(number) for number in range(20)], NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while writer.is_alive() and journal.head()[0] < 100:
            pass
        results = [ccm("journal", "backup", tmp_path / f"{nth}.db") for nth in range(5)]
    finally:
        stop.set()
        writer.join()

    for nth, result in enumerate(results):
        assert result.exit_code == 0, result.output
        place = tmp_path / f"back{nth}"
        (place / ".ccm").mkdir(parents=True)
        shutil.copy(tmp_path / f"{nth}.db", place / ".ccm" / "journal.db")
        answer = json.loads(ccm("--workspace", place, "journal", "verify", "--json").stdout)
        assert answer["whole"]
        assert answer["entries"] >= 100
        assert answer["entries"] % 20 == 0
        assert f"{answer['entries']}条" in result.stdout
    assert sorted(path.name for path in tmp_path.glob("*.db*")) == [f"{nth}.db" for nth in range(5)]


def test_a_backup_overwrites_nothing_and_leaves_nothing_half(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "there.db").write_text("mine", "utf-8")
    (tmp_path / "file").write_text("no folder", "utf-8")

    for target, code in ((tmp_path / "there.db", "backup-exists"), (tmp_path / "file" / "b.db", "file-unwritable")):
        with pytest.raises(CcmError) as caught:
            journal.backup(target)
        assert caught.value.code == code

    assert (tmp_path / "there.db").read_text("utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".ccm", "file", "there.db"]


# ── Schema versions ──

VERSION = len(sqlite.MIGRATIONS)
FAILING = """
CREATE TABLE more (one INTEGER) STRICT;
INSERT INTO more VALUES (1);
CREATE TABLE entry (already INTEGER);
"""
WORKING = """
CREATE TABLE more (one INTEGER) STRICT;
INSERT INTO more SELECT seq FROM entry;
"""


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as raw:
        return {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        (number,) = raw.execute("PRAGMA user_version").fetchone()
        return int(number)


def test_a_second_schema_that_fails_half_way_leaves_the_first_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_journal(tmp_path, "甲")) as first:
        first.record([note(1), note(2)], NOW)
    monkeypatch.setattr(sqlite, "MIGRATIONS", (*sqlite.MIGRATIONS, FAILING))

    with pytest.raises(CcmError) as caught:
        open_journal(tmp_path, "甲")

    assert caught.value.code == "journal-broken"
    assert (version(tmp_path / "journal.db"), tables(tmp_path / "journal.db")) == (VERSION, {"entry", "head"})
    monkeypatch.setattr(sqlite, "MIGRATIONS", sqlite.MIGRATIONS[:VERSION])
    with closing(open_journal(tmp_path, "甲")) as again:
        assert again.verify() == []
        again.record([note(3)], NOW)
        assert again.head()[0] == 3


def test_a_second_schema_carries_the_entries_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_journal(tmp_path, "甲")) as first:
        first.record([note(1), note(2)], NOW)
    monkeypatch.setattr(sqlite, "MIGRATIONS", (*sqlite.MIGRATIONS, WORKING))

    for _ in range(2):
        with closing(open_journal(tmp_path, "甲")) as second:
            assert second.verify() == []

    assert version(tmp_path / "journal.db") == VERSION + 1
    with closing(sqlite3.connect(tmp_path / "journal.db")) as raw:
        assert raw.execute("SELECT one FROM more").fetchall() == [(1,), (2,)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a child to kill")
@pytest.mark.parametrize("statement", range(1, 1 + len(list(sqlite._statements(sqlite.MIGRATIONS[0])))))  # noqa: SLF001
def test_a_process_killed_while_making_the_first_schema_leaves_nothing_of_it(tmp_path: Path, statement: int) -> None:
    """The child dies before its nth statement; whoever comes next begins anew."""
    split = sqlite._statements  # noqa: SLF001

    def dying(script: str) -> Iterator[str]:
        for number, one in enumerate(split(script), start=1):
            if number == statement:
                os._exit(9)
            yield one

    child = os.fork()
    if child == 0:
        try:
            sqlite._statements = dying  # noqa: SLF001
            open_journal(tmp_path, "甲")
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 9
    assert (version(tmp_path / "journal.db"), tables(tmp_path / "journal.db")) == (0, set())
    with closing(open_journal(tmp_path, "甲")) as next_one:
        next_one.record([note(1)], NOW)
        assert next_one.verify() == []


def test_a_journal_of_a_later_ccm_is_refused_untouched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.db")) as raw:
        raw.execute(f"PRAGMA user_version = {len(sqlite.MIGRATIONS) + 1}")

    with pytest.raises(CcmError) as caught:
        open_journal(tmp_path, "甲")

    assert caught.value.code == "journal-newer"
    assert tables(tmp_path / "journal.db") == set()


# ── Anything that can be said can be recorded ──

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NOTES = st.builds(
    Note,
    kind=st.sampled_from(["called", "letter-issued", "letter-voided", "说明"]),
    on=st.dates(),
    loan_no=st.text(max_size=8),
    party=st.text(max_size=8),
    role=st.sampled_from(["", "borrower", "guarantor"]),
    duty=st.text(max_size=8),
    letter_no=st.text(max_size=8),
    policy=st.text(max_size=8),
    facts=st.dictionaries(st.text(), JSON, max_size=4),
)


@pytest.fixture(scope="module")
def long_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with closing(open_journal(tmp_path_factory.mktemp("long"), "甲")) as book:
        yield book


@given(batches=st.lists(st.lists(NOTES, max_size=4), max_size=4))
def test_any_notes_come_back_as_they_were_and_hold_together(long_journal: Journal, batches: list[list[Note]]) -> None:
    begin = long_journal.head()[0]
    for batch in batches:
        long_journal.record(batch, NOW)

    new = list(long_journal.entries(after=begin))

    assert [entry.note for entry in new] == [one for batch in batches for one in batch]
    assert all(json.loads(as_json(entry))["digest"] == entry.digest for entry in new)
    assert long_journal.verify() == []


# ── What counts as done ──


def test_a_voided_letter_is_not_done(kept: Journal) -> None:
    of = ("loan-overdue-letter", "borrower", "张三")
    kept.record([letter(1)], NOW)
    assert kept.done() == {"1": {of: DAY}}
    assert kept.last_done("1", *of) == DAY

    kept.record([voided(1)], NOW)

    assert kept.done() == {}
    assert kept.last_done("1", *of) is None


def test_the_letter_before_a_voided_one_still_counts(kept: Journal) -> None:
    of = ("loan-overdue-letter", "borrower", "张三")
    kept.record([letter(1, on=date(2026, 5, 1)), letter(2), voided(2)], NOW)

    assert kept.done() == {"1": {of: date(2026, 5, 1)}}
    assert kept.last_done("1", *of) == date(2026, 5, 1)
    assert kept.last_done("1", *of, after=1) is None


def test_what_is_no_letter_is_done_whatever_was_voided(kept: Journal) -> None:
    kept.record([note(1), letter(1), voided(1)], NOW)

    assert kept.done() == {"001": {("loan-first-collection", "borrower", "张三"): DAY}}


# ── Many at once ──

APPEND = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from ccm.journal import open_journal
from ccm.model import Note

journal = open_journal(Path(sys.argv[1]), sys.argv[2], sys.argv[4])
for _ in range(int(sys.argv[3])):
    with journal.writing():
        number = journal.last_serial("城|2026") + 1
        note = Note("letter-issued", date(2026, 11, 23), str(number), letter_no=f"〔2026〕{number}号",
                    series="城|2026", serial=number)
        journal.append([note, Note("called", date(2026, 11, 23))], datetime.now(UTC))
"""


def test_several_processes_keep_one_chain_and_one_series(tmp_path: Path, home: Home) -> None:
    """All begin with an empty folder at the same moment, so that the file's making is part of the race."""
    program = tmp_path / "append.py"
    program.write_text(APPEND, encoding="utf-8")
    processes = [
        subprocess.Popen([sys.executable, program, home.state, name, "25", home.address])
        for name in ("甲", "乙", "丙", "丁")
    ]

    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]

    with closing(home.open("戊")) as book:
        entries = list(book.entries())
        assert book.verify() == []
    assert [entry.seq for entry in entries] == list(range(1, 201))
    assert [entry.note.serial for entry in entries if entry.note.serial] == list(range(1, 101))
    assert {entry.actor for entry in entries} == {"甲", "乙", "丙", "丁"}


def test_one_run_of_letters_at_a_time(kept: Journal, home: Home) -> None:
    """The second is told that it waits, and goes on when the first has ended; others may record meanwhile."""
    waiting, got = threading.Event(), threading.Event()

    def second() -> None:
        with closing(home.open("乙")) as other, other.alone(waiting.set):
            got.set()

    with kept.alone(lambda: None):
        other = threading.Thread(target=second)
        other.start()
        assert waiting.wait(10)
        assert not got.is_set()
        with closing(home.open("丙")) as third:
            third.record([note(1)], NOW)
    other.join(10)

    assert got.is_set()
