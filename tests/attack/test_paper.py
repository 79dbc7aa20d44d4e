"""Templates, evidence and disks made to do harm."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bounded import attacked
from hostile import HEAD, LAUGHS, ROW, put

from ccm.doctor import typefaces
from ccm.errors import CcmError
from ccm.letters.template import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

TEMPLATE = Path(__file__).parents[2] / "templates" / "loan_overdue.docx"
BODY = "<w:body>"
INSIDE = {
    "laughs": lambda xml: LAUGHS + xml,
    "a comment of open paragraphs": lambda xml: f"{xml}<!--{'<w:p>' * 100_000}-->",
    "an instruction": lambda xml: f"{xml}<?x {'<w:p>' * 100_000}?>",
    "tags without number": lambda xml: xml.replace(BODY, BODY + "<w:p>{% if 证件 %}{% endif %}</w:p>" * 2000),
    "braces that never close": lambda xml: xml.replace(BODY, f"{BODY}<w:p>{'{{' * 900_000}</w:p>"),
    "a part of three megabytes": lambda xml: xml.replace(BODY, BODY + " " * 3_000_000),
    "tags that do not close": lambda xml: xml.replace(BODY, BODY + "<w:p>" * 100_000),
}


def rewritten(path: Path, change: Callable[[str], str]) -> Path:
    """The usual template with another body."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(TEMPLATE) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == "word/document.xml" else content)
    return path


@pytest.mark.parametrize("change", INSIDE.values(), ids=INSIDE)
def test_a_template_that_word_would_not_write_is_refused(tmp_path: Path, change: Callable[[str], str]) -> None:
    path = rewritten(tmp_path / "templates" / "loan_overdue.docx", change)

    with pytest.raises(CcmError) as stop:
        parts_of(path.read_bytes(), path.name)

    assert stop.value.code == "template-broken"


@pytest.mark.slow
@pytest.mark.parametrize("change", INSIDE.values(), ids=INSIDE)
def test_no_template_costs_more_than_ten_seconds_and_a_gigabyte(tmp_path: Path, change: Callable[[str], str]) -> None:
    rewritten(tmp_path / "templates" / "loan_overdue.docx", change)

    assert "模板不能用" in attacked(tmp_path, "template", "check").out
    assert "模板不能用" in attacked(tmp_path, "doctor").out


def test_the_fonts_of_a_template_that_unfolds_to_a_gigabyte_are_not_looked_for(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.docx", "w") as package:
        put(package, "word/document.xml", (b"<w:document>", b" ", 1 << 30, b"</w:document>"))

    assert typefaces([tmp_path / "t.docx"]) == set()


@pytest.fixture
def issued(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Path:
    """A workspace with one letter; returns its folder."""
    clock("2026-11-23 10:00")
    (tmp_path / "ccm.toml").write_text('[bank]\nname = "甲农村商业银行"\n', "utf-8")
    (tmp_path / "l.csv").write_text(f"{','.join(HEAD)},合同号\n{','.join(ROW)},借字1号\n", "utf-8")
    ccm("triage", tmp_path / "l.csv", "--as-of", "2026-11-23")
    assert ccm("letters", "--catch-up").exit_code in {0, 4}
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
def test_nothing_but_files_of_the_folder_itself_is_filed(ccm: Callable[..., Result], issued: Path) -> None:
    scans = issued / "scans"
    scans.mkdir()
    os.mkfifo(scans / "〔2026〕1号面单.jpg")
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(scans / "s"))
    (scans / "s").rename(scans / "〔2026〕1号面单.png")
    (scans / "〔2026〕1号正本.pdf").symlink_to("/etc/passwd")
    (scans / "〔2026〕1号投递.jpg").symlink_to("/dev/zero")
    (scans / "again").symlink_to(scans)
    (scans / "out").symlink_to("/usr")
    with (scans / "〔2026〕1号面单.pdf").open("wb") as sparse:
        sparse.write(b"%PDF-1.4\n")
        sparse.truncate(200 << 30)
    (scans / "..〔2026〕1号..回执\x1b[31m.jpg").write_bytes(b"\xff\xd8\xff")

    result = ccm("archive", "add", "--inbox", scans, "--yes")

    assert result.exit_code == 4
    assert "存入0份" in result.output
    assert "最多500 MB" in result.output
    assert "\x1b" not in result.output
    assert not (issued / "archive").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
@pytest.mark.parametrize("how", ["sparse", "endless", "pipe"])
def test_a_paper_that_was_swapped_for_one_without_end_is_told(
    ccm: Callable[..., Result], issued: Path, how: str
) -> None:
    from PIL import Image

    Image.new("RGB", (800, 600), "white").save(issued / "scan.jpg")
    assert ccm("archive", "add", "〔2026〕1号", "waybill", issued / "scan.jpg").exit_code == 0
    [paper] = (issued / "archive").rglob("*.jpg")
    paper.unlink()
    match how:
        case "sparse":
            with paper.open("wb") as file:
                file.truncate(200 << 30)
        case "endless":
            paper.symlink_to("/dev/zero")
        case _:
            os.mkfifo(paper)

    for words in (("archive-check",), ("pack", "0062001")):
        assert any(one in ccm(*words).output for one in ("内容被改动", "读不出来"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the limit on the size of files is the system's")
def test_a_disk_that_fills_up_at_any_point_loses_nothing(ccm: Callable[..., Result], tmp_path: Path) -> None:
    """Files cannot grow beyond a few kilobytes, then a few more: as on a disk that is full at another moment."""
    import resource

    (tmp_path / "ccm.toml").write_text('[bank]\nname = "甲农村商业银行"\n', "utf-8")
    (tmp_path / "l.csv").write_text(f"{','.join(HEAD)},合同号\n{','.join(ROW)},借字1号\n", "utf-8")
    program = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from ccm.cli import main; main()"
    codes = []
    for kilobytes in (1, 8, 20, 40, 60, 80, 4000):
        for words in (("triage", str(tmp_path / "l.csv"), "--as-of", "2026-11-23"), ("letters", "--catch-up")):
            ran = subprocess.run(
                [sys.executable, "-c", program, "--workspace", str(tmp_path), *words],
                capture_output=True,
                check=False,
                preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10)),
            )
            assert ran.returncode in {0, 3, 4}, ran.stderr.decode()
            codes.append(ran.returncode)

    assert {3, 0} <= set(codes)
    assert ccm("journal", "verify").exit_code == 0
    assert len(list((tmp_path / "letters").rglob("〔2026〕*.docx"))) == 1
    assert "已发过或不再发：1封" in ccm("letters", "--catch-up").output
