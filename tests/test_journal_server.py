"""The journal of many people: what the server refuses, who may do what, and how a journal moves there and back."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from ccm.errors import CcmError
from ccm.journal import open_journal
from ccm.model import Note
from servers import Server, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.testing import Result

pytestmark = pytest.mark.slow

NOW, DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC), date(2026, 11, 23)
PAGE = Path(__file__).parents[1] / "docs" / "journal.md"
LEDGER = Path(__file__).parent / "findings" / "letter-sample.csv"


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with server() as one:
        yield one


@pytest.fixture
def address(running: Server) -> str:
    return running.database()


def note(loan_no: str) -> Note:
    return Note("called", DAY, loan_no, "张三", "borrower")


def test_the_server_refuses_to_change_delete_or_empty_even_for_the_owner(address: str, tmp_path: Path) -> None:
    with closing(open_journal(tmp_path, "甲", address)) as journal, psycopg.connect(address, autocommit=True) as raw:
        journal.record([note("1")], NOW)
        for statement in ("UPDATE ccm.entry SET day = '2020-01-01'", "DELETE FROM ccm.entry", "TRUNCATE ccm.entry"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never changed"):
                raw.execute(statement)

        assert journal.verify() == []


def test_an_entry_that_does_not_join_the_last_is_refused_whoever_sends_it(address: str, tmp_path: Path) -> None:
    with closing(open_journal(tmp_path, "甲", address)) as journal, psycopg.connect(address, autocommit=True) as raw:
        journal.record([note("1"), note("2")], NOW)
        columns = "at, actor, kind, day, loan_no, party, role, duty, letter_no, policy, facts, before, digest"
        first = f"{columns} FROM ccm.entry WHERE seq = 1"
        for seq in (2, 3, 4):
            with pytest.raises(psycopg.Error):
                raw.execute(f"INSERT INTO ccm.entry (seq, {columns}) SELECT {seq}, {first}".encode())

        assert journal.head()[0] == 2


def test_a_writer_can_append_and_read_and_nothing_else(running: Server, address: str, tmp_path: Path) -> None:
    with closing(open_journal(tmp_path, "甲", address)) as journal:
        journal.record([note("1")], NOW)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0].encode())
    name = address.partition("@/")[2].partition("?")[0]
    writer = running.address(name, "ccm_writer")

    with closing(open_journal(tmp_path, "乙", writer)) as journal:
        journal.record([note("2")], NOW)
        assert [one.actor for one in journal.entries()] == ["甲", "乙"]
        assert journal.verify() == []
    with psycopg.connect(writer, autocommit=True) as raw:
        for statement in (
            "UPDATE ccm.head SET seq = 0", "DELETE FROM ccm.entry", "TRUNCATE ccm.entry", "DROP TABLE ccm.entry",
            "ALTER TABLE ccm.entry DISABLE TRIGGER ALL",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(statement.encode())


def test_who_may_only_read_is_told_when_writing(running: Server, address: str, tmp_path: Path) -> None:
    with closing(open_journal(tmp_path, "甲", address)) as journal:
        journal.record([note("1")], NOW)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CREATE ROLE looker LOGIN; GRANT USAGE ON SCHEMA ccm TO looker")
        owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA ccm TO looker")
    name = address.partition("@/")[2].partition("?")[0]

    with closing(open_journal(tmp_path, "乙", running.address(name, "looker"))) as journal:
        assert journal.verify() == []
        with pytest.raises(CcmError) as caught:
            journal.record([note("2")], NOW)

    assert caught.value.code == "journal-unwritable"


def test_a_later_ccms_journal_is_refused(address: str, tmp_path: Path) -> None:
    open_journal(tmp_path, "甲", address).close()
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute("INSERT INTO ccm.version VALUES (99)")

    with pytest.raises(CcmError) as caught:
        open_journal(tmp_path, "甲", address)

    assert caught.value.code == "journal-newer"


def test_a_journal_moves_to_the_server_and_back_as_it_stands(
    ccm: Callable[..., Result], clock: Callable[[str], None], address: str, tmp_path: Path
) -> None:
    clock("2026-11-23 10:00")
    ccm("triage", LEDGER, "--as-of", "2026-11-23")
    assert ccm("letters", "--json").exit_code in {0, 4}
    before = ccm("journal", "export").stdout

    moved = ccm("journal", "copy", CCM_JOURNAL=address)
    again = ccm("journal", "copy", CCM_JOURNAL=address)
    there = ccm("journal", "export", CCM_JOURNAL=address).stdout
    saved = ccm("journal", "backup", tmp_path / "back.db", CCM_JOURNAL=address)

    assert (moved.exit_code, again.exit_code, saved.exit_code) == (0, 3, 0), moved.output + saved.output
    assert before
    assert there == before
    (tmp_path / ".ccm" / "journal.db").unlink()
    (tmp_path / "back.db").rename(tmp_path / ".ccm" / "journal.db")
    assert ccm("journal", "verify").exit_code == 0
    assert ccm("journal", "export").stdout == before


def test_letters_of_two_workspaces_share_one_series_and_no_letter_goes_out_twice(
    ccm: Callable[..., Result], clock: Callable[[str], None], address: str, tmp_path: Path
) -> None:
    clock("2026-11-23 10:00")
    issued: list[dict[str, Any]] = []
    for name in ("a", "b"):
        place = tmp_path / name
        place.mkdir()
        for command in (["triage", LEDGER, "--as-of", "2026-11-23"], ["letters", "--json"]):
            result = ccm("--workspace", place, *command, CCM_JOURNAL=address)
            assert result.exit_code in {0, 4}, result.output
        issued.append(json.loads(result.stdout))

    assert issued[0]["issued"]
    assert issued[1]["issued"] == []
    assert not (tmp_path / "a" / ".ccm" / "journal.db").exists()
    assert ccm("journal", "verify", CCM_JOURNAL=address).exit_code == 0


def test_one_case_is_proved_without_showing_any_other(ccm: Callable[..., Result], address: str, tmp_path: Path) -> None:
    program: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0], program)  # noqa: S102
    with closing(open_journal(tmp_path, "甲", address)) as journal:
        journal.record([note("1"), note("2"), note("1")], NOW)
        journal.record([note("2"), note("1")], NOW)

    lines = ccm("journal", "export", "--loan", "1", CCM_JOURNAL=address).stdout.splitlines()

    assert len(lines) == 3
    assert program["whole_case"](lines)
    assert not program["whole_case"]([lines[0], lines[2]])
    assert not program["whole_case"]([lines[0], lines[1].replace("张三", "李四"), lines[2]])
