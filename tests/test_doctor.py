"""What the doctor sees in a workspace, and what it mends."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ccm.doctor import typefaces
from ccm.workspace import templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

LEDGER = Path(__file__).parent / "findings" / "letter-sample.csv"


@pytest.fixture
def looks(ccm: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    """Run the doctor and return each look by what it is of; the exit code says whether anything is wrong."""

    def run(*words: str) -> dict[str, Any]:
        result = ccm("doctor", *words, "--json")
        answer = json.loads(result.stdout)
        assert result.exit_code == (0 if answer["healthy"] else 4)
        return {one["of"]: one for one in answer["looks"]}

    return run


@pytest.fixture
def issued(ccm: Callable[..., Result], clock: Callable[[str], None]) -> None:
    """A morning at which letters went out."""
    clock("2026-11-23 10:00")
    ccm("triage", LEDGER, "--as-of", "2026-11-23")
    assert ccm("letters", "--json").exit_code in {0, 4}


def test_an_empty_folder_is_well(looks: Callable[..., dict[str, Any]]) -> None:
    found = looks()

    assert {one["state"] for one in found.values()} <= {"ok", "warning"}
    assert found["记录"]["message"] == "还没有登记过"


@pytest.mark.usefixtures("issued")
def test_what_died_half_way_is_found_and_taken_away_and_what_is_young_is_left(
    looks: Callable[..., dict[str, Any]], clock: Callable[[str], None], tmp_path: Path
) -> None:
    old = (tmp_path / ".ccm" / "triages" / ".2026-11-22-x.12", tmp_path / "letters" / "2026-11-23" / ".ccm-7-a.docx")
    young = tmp_path / "letters" / ".ccm-8-b.docx"
    old[0].mkdir()
    old[1].write_bytes(b"half")
    young.write_bytes(b"half")
    for path in old:
        os.utime(path, (1.79e9, 1.79e9))
    os.utime(young, (1.9e9, 1.9e9))
    clock("2026-11-23 12:00")

    assert looks()["没写完的残留"]["message"].startswith("2处")
    assert looks("--mend")["没写完的残留"]["state"] == "mended"
    assert [path.exists() for path in (*old, young)] == [False, False, True]
    assert looks()["没写完的残留"]["state"] == "ok"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no modes")
@pytest.mark.usefixtures("issued")
def test_a_door_left_open_is_closed(looks: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / ".ccm" / "journal.db").chmod(0o644)

    assert looks()["权限"]["state"] == "warning"
    assert looks("--mend")["权限"]["state"] == "mended"
    assert (tmp_path / ".ccm" / "journal.db").stat().st_mode & 0o777 == 0o600

    (tmp_path / "letters").chmod(0o755)
    assert str(tmp_path / "letters") in looks()["权限"]["message"]
    assert looks("--mend")["权限"]["state"] == "mended"
    assert (tmp_path / "letters").stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("issued")
def test_a_clock_that_was_set_back_is_told(looks: Callable[..., dict[str, Any]], clock: Callable[[str], None]) -> None:
    clock("2026-11-20 10:00")

    assert "时钟拨回去了" in looks()["记录"]["message"]


@pytest.mark.usefixtures("issued")
def test_a_record_changed_by_hand_and_a_lost_letter_are_told(
    looks: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    next((tmp_path / "letters").rglob("〔2026〕1号*.docx")).unlink()
    with closing(sqlite3.connect(tmp_path / ".ccm" / "journal.db", isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER entry_stays")
        raw.execute("UPDATE entry SET day = '2026-11-01' WHERE seq = 1")

    found = looks()

    assert (found["记录"]["state"], found["函件文件"]["state"]) == ("error", "warning")
    assert "〔2026〕1号" in found["函件文件"]["message"]


def test_one_thing_that_is_wrong_does_not_hide_the_others(looks: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("nonsense", "utf-8")

    found = looks()

    assert found["政策和设置"]["state"] == "error"
    assert found["政策和设置"]["hint"]
    assert found["模板"]["state"] == "ok"


def test_the_fonts_are_those_that_the_templates_name() -> None:
    with templates() as folder:
        assert typefaces(sorted(folder.glob("*.docx"))) == {"仿宋", "方正小标宋简体", "黑体"}
