"""Files appear whole or not at all, under names that every file system takes, and what a dead run left goes away."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from ccm.errors import CcmError
from ccm.safe import check_writable, private, put_bytes, settle, sweep, written

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = "某" * 83 + ".docx"
"""254 bytes: nothing fits beside it that is longer."""


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    put_bytes(tmp_path / LONGEST, b"one")
    with written(tmp_path / LONGEST) as temporary:
        temporary.write_bytes(b"two")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(LONGEST, b"two")]


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def failing() -> None:
        with written(path) as temporary:
            temporary.write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(CcmError) as caught:
        failing()

    assert (caught.value.code, "磁盘已满" in caught.value.message) == ("file-unwritable", True)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a.xlsx", b"old")]


def test_a_source_that_cannot_be_read_is_not_called_a_target_that_cannot_be_written(tmp_path: Path) -> None:
    def copying() -> None:
        with written(tmp_path / "copy.pdf") as temporary:
            shutil.copyfile(tmp_path / "scan.pdf", temporary)

    with pytest.raises(CcmError) as caught:
        copying()

    assert (caught.value.code, caught.value.where) == ("file-unreadable", str(tmp_path / "scan.pdf"))
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_run_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / ".ccm-4711-〔2026〕1号.docx"
    kept = [tmp_path / name for name in (".ccm-notes", ".hidden", "ccm-4711-x.docx")]
    for path in (left, *kept):
        path.write_bytes(b"x")

    sweep([tmp_path, tmp_path / "nosuch"])

    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_a_folder_is_tried_without_a_trace(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "folder")
    assert list((tmp_path / "new" / "folder").iterdir()) == []

    (tmp_path / "file").write_bytes(b"")
    for blocked in (tmp_path / "file", tmp_path / "file" / "folder"):
        with pytest.raises(CcmError) as caught:
            check_writable(blocked)
        assert caught.value.code == "file-unwritable"


def test_settling_does_not_mind_a_file_that_somebody_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one call for all, each file is opened again: in Word's hands it cannot be."""
    monkeypatch.delattr(os, "sync", raising=False)
    (tmp_path / "here").write_bytes(b"x")

    settle([tmp_path / "gone", tmp_path / "here"])

    assert (tmp_path / "here").read_bytes() == b"x"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no modes")
def test_what_is_new_is_its_owners_alone_and_afterwards_all_is_as_before(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with private():
            put_bytes(tmp_path / "a" / "b" / "new.docx", b"x")
            with written(tmp_path / "c" / "list.csv") as temporary:
                temporary.write_text("x", encoding="utf-8")
        (tmp_path / "after").write_bytes(b"x")
    finally:
        assert os.umask(before) == 0o022

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.rglob("*")}
    assert {modes.pop("after")} == {"0o644"}
    assert {modes[name] for name in ("new.docx", "list.csv")} == {"0o600"}
    assert {modes[name] for name in "abc"} == {"0o700"}
