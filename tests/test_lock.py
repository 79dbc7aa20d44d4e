"""What is written with a password opens with that password alone, and nothing open is left beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pyzipper

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

LEDGER = Path(__file__).parent / "findings" / "letter-sample.csv"
SECRET = {"PACK_PASSWORD": "清水-8801-kf"}


def contents(path: Path, password: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(path) as locked:
        locked.setpassword(password.encode())
        return {name: locked.read(name) for name in locked.namelist()}


def test_an_export_with_a_password_holds_the_same_bytes_and_the_wrong_one_opens_nothing(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    ccm("triage", LEDGER, "--as-of", "2026-11-23", "--export", tmp_path / "plain.csv")
    words = ("triage", LEDGER, "--as-of", "2026-11-23", "--export", tmp_path / "list.csv", "--lock-env")
    told = ccm(*words, "PACK_PASSWORD", **SECRET)

    assert "list.csv.zip" in told.stdout.replace("\n", "")
    assert not (tmp_path / "list.csv").exists()
    inside = contents(tmp_path / "list.csv.zip", SECRET["PACK_PASSWORD"])
    assert inside == {"list.csv": (tmp_path / "plain.csv").read_bytes()}
    with pytest.raises(RuntimeError, match="Bad password"):
        contents(tmp_path / "list.csv.zip", "another")
    assert SECRET["PACK_PASSWORD"] not in told.output


def test_a_pack_with_a_password_leaves_no_open_folder(
    ccm: Callable[..., Result], tmp_path: Path, clock: Callable[[str], None]
) -> None:
    clock("2026-11-23 10:00")
    ccm("triage", LEDGER, "--as-of", "2026-11-23")
    ccm("letters")
    loan = next(line.split(",")[0] for line in LEDGER.read_text("utf-8-sig").splitlines() if line[:1].isdigit())
    ccm("pack", loan, "--incomplete")
    (folder,) = (path for path in (tmp_path / "packs").iterdir() if path.is_dir())
    plain = {f"{folder.name}/{path.name}" for path in folder.rglob("*") if path.is_file()}

    ccm("pack", loan, "--incomplete", "--lock-env", "PACK_PASSWORD", **SECRET)

    (locked,) = (tmp_path / "packs").iterdir()
    assert set(contents(locked, SECRET["PACK_PASSWORD"])) == plain
    with pytest.raises(RuntimeError, match="Bad password"):
        contents(locked, "another")


def test_no_password_writes_nothing(ccm: Callable[..., Result], tmp_path: Path) -> None:
    result = ccm("triage", LEDGER, "--export", tmp_path / "list.csv", "--lock-env", "PACK_PASSWORD", PACK_PASSWORD="")

    assert result.exit_code == 3
    assert "PACK_PASSWORD" in result.stderr
    assert not list(tmp_path.glob("list*"))
    assert ccm("triage", LEDGER, "--lock-env", "PACK_PASSWORD", **SECRET).exit_code == 2
