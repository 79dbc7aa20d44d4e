"""What differs on Windows, simulated: files that Word holds, GBK, Notepad's encodings, names, long paths, fonts."""

from __future__ import annotations

import codecs
import errno
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm import doctor, memory, tomlfile
from ccm.cli import main
from ccm.cli.charset import NEAREST
from ccm.cli.letter_run import find_soffice
from ccm.errors import CcmError
from ccm.letters.pdf import to_pdf
from ccm.safe import WAITS, clear, file_name, put_bytes, spoken, written
from ccm.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

DATA = Path(__file__).parent / "findings"
LEDGER = DATA / "letter-sample.csv"


def held(number: int = 32) -> PermissionError:
    """Return what Windows raises for a file that another program has open."""
    error = PermissionError(errno.EACCES, "The process cannot access the file")
    error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    return error


def refusing(error: OSError) -> Callable[..., None]:
    """Return a call that does nothing but raise."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    return refuse


@pytest.fixture
def holder(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], list[Path]]:
    """Let a program hold the targets whose name has a word in it, for so many tries; return what was tried."""

    def hold(word: str, times: int) -> list[Path]:
        real, tries = Path.replace, []

        def replace(self: Path, target: Path) -> Path:
            if word in str(target):
                tries.append(Path(target))
                if len(tries) <= times:
                    raise held()
            return real(self, target)

        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr("ccm.safe.time.sleep", lambda _: None)
        return tries

    return hold


def test_a_virus_scanner_is_waited_for(holder: Callable[[str, int], list[Path]], tmp_path: Path) -> None:
    tries = holder("a.docx", 2)

    put_bytes(tmp_path / "a.docx", b"new")

    assert (len(tries), (tmp_path / "a.docx").read_bytes()) == (3, b"new")


@pytest.mark.parametrize(
    ("number", "words"), [(32, "正被别的程序打开"), (33, "正被别的程序打开"), (5, "没有权限，或正被")]
)
def test_what_word_holds_is_told_as_held(number: int, words: str) -> None:
    assert words in spoken(held(number))


def test_a_file_open_in_word_stops_with_the_reason_and_stays_as_it_was(
    holder: Callable[[str, int], list[Path]], tmp_path: Path
) -> None:
    tries = holder("a.docx", 99)
    (tmp_path / "a.docx").write_bytes(b"open")

    with pytest.raises(CcmError, match="正被别的程序打开") as caught, written(tmp_path / "a.docx") as temporary:
        temporary.write_bytes(b"new")

    assert caught.value.code == "file-unwritable"
    assert len(tries) == len(WAITS) + 1
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a.docx", b"open")]


def test_a_letter_that_word_holds_is_written_by_the_next_run_under_its_number(
    ccm: Callable[..., Result], clock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock("2026-11-23 10:00")
    assert ccm("triage", LEDGER, "--as-of", "2026-11-23").exit_code == 0
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if "〔2026〕1号" in str(target):
            raise held()
        return real(self, target)

    with monkeypatch.context() as word:
        word.setattr(Path, "replace", replace)
        word.setattr("ccm.safe.time.sleep", lambda _: None)
        stopped = ccm("letters")
    assert (stopped.exit_code, "正被别的程序打开" in stopped.output) == (3, True)

    again = ccm("letters", "--json")

    assert again.exit_code in {0, 4}, again.output
    assert [path.name.partition("_")[0] for path in tmp_path.rglob("〔2026〕*.docx")] == ["〔2026〕1号"]


def test_a_triage_whose_older_self_is_open_stops_and_leaves_the_pointer(
    ccm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert ccm("triage", LEDGER, "--as-of", "2026-11-23").exit_code == 0

    with monkeypatch.context() as reader:
        reader.setattr("ccm.safe.shutil.rmtree", refusing(held()))
        again = ccm("triage", LEDGER, "--as-of", "2026-11-23")

    assert (again.exit_code, "正被别的程序打开" in again.output) == (3, True)
    assert memory.latest(tmp_path / ".ccm") is not None


def test_a_pack_that_is_open_is_not_a_bug(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ccm.safe.shutil.rmtree", refusing(held()))
    with pytest.raises(CcmError, match="正被别的程序打开"):
        clear(tmp_path)


def test_a_pdf_that_is_open_in_a_reader_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "unlink", refusing(held()))
    with pytest.raises(CcmError, match="正被别的程序打开"):
        to_pdf(tmp_path / "打印文件.docx", "soffice", tmp_path)


def test_a_path_beyond_the_limit_is_told_as_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Beyond 260 characters Windows says that there is no such folder."""
    deep = tmp_path / ("深" * 40) / ("深" * 80) / ("深" * 80)

    gone = FileNotFoundError(errno.ENOENT, "The system cannot find the path specified")
    monkeypatch.setattr(Path, "write_bytes", refusing(gone))
    with pytest.raises(CcmError, match="路径太长"):
        put_bytes(deep / ("函" * 30 + ".docx"), b"")
    with pytest.raises(CcmError, match="cannot find"):
        put_bytes(tmp_path / "a.docx", b"")


@pytest.fixture
def gbk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, bytes]]:
    """Run the console script with its output in a pipe of a Chinese Windows; return exit code and bytes."""

    def run(*words: object) -> tuple[int, bytes]:
        out = io.TextIOWrapper(io.BytesIO(), encoding="gbk", newline="\r\n", write_through=True)
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="gbk", write_through=True))
        monkeypatch.setattr(sys, "argv", ["ccm", "--workspace", str(tmp_path), *map(str, words)])
        monkeypatch.setattr("ccm.cli.gc.disable", lambda: None)
        with pytest.raises(SystemExit) as caught:
            main()
        return int(caught.value.code or 0), out.buffer.getvalue()

    return run


@pytest.mark.parametrize(
    "words", [["doctor"], ["talk", "--said", "没钱"], ["talk", "--occupation", "教师"], ["--help"], ["policy", "show"]]
)
def test_what_is_printed_goes_through_a_gbk_pipe(gbk: Callable[..., tuple[int, bytes]], words: list[str]) -> None:
    code, out = gbk(*words)

    assert code in {0, 4}
    assert len(out.decode("gbk")) > 100


def test_a_mark_becomes_its_like_and_a_rare_name_its_number(
    gbk: Callable[..., tuple[int, bytes]], tmp_path: Path
) -> None:
    ledger = tmp_path / "台账.csv"
    text = LEDGER.read_text("utf-8")
    name = next(iter(text.splitlines()[1].split(",")[1:2]))
    ledger.write_text(text.replace(name, "张𠮷"), "utf-8")

    code, out = gbk("triage", ledger, "--as-of", "2026-11-23")

    assert code in {0, 4}
    assert r"张\U00020bb7" in out.decode("gbk")
    assert "√".encode("gbk") in gbk("doctor")[1]


def test_json_in_a_gbk_pipe_is_the_same_json(gbk: Callable[..., tuple[int, bytes]], tmp_path: Path) -> None:
    ledger = tmp_path / "台账.csv"
    text = LEDGER.read_text("utf-8")
    name = next(iter(text.splitlines()[1].split(",")[1:2]))
    ledger.write_text(text.replace(name, "张𠮷"), "utf-8")

    out = gbk("triage", ledger, "--as-of", "2026-11-23", "--json")[1]

    assert out.isascii()
    assert json.loads(out)["loans"][0]["borrower"] == "张𠮷"


def test_every_mark_of_the_screen_has_one_that_gbk_holds() -> None:
    screen = [
        path for folder in ("screen", "desk", "cli") for path in (DATA.parents[1] / "src/ccm" / folder).glob("*.py")
    ]
    lost = {one for path in screen if path.name != "charset.py" for one in path.read_text("utf-8") if not _in_gbk(one)}

    assert lost <= set(NEAREST)
    assert all(map(_in_gbk, NEAREST.values()))


def _in_gbk(character: str) -> bool:
    try:
        codecs.encode(character, "gbk")
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_what_notepad_saved_is_read_whatever_it_made_of_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "ccm.toml"
    path.write_bytes('[bank]\r\nname = "清水农村商业银行"\r\n'.encode(encoding))

    assert tomlfile.text_of(path) == '[bank]\nname = "清水农村商业银行"\n'


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_settings_saved_as_ansi_are_used(ccm: Callable[..., Result], encoding: str, tmp_path: Path) -> None:
    assert ccm("init", tmp_path, "--bank", "清水农村商业银行", "--branch", "城关支行").exit_code == 0
    for name in ("ccm.toml", "policy.toml"):
        lines = (tmp_path / name).read_text("utf-8").replace("\n", "\r\n")
        (tmp_path / name).write_bytes(lines.encode(encoding, "replace"))

    looks = {one["of"]: one for one in json.loads(ccm("doctor", "--json").stdout)["looks"]}

    assert (looks["工作目录"]["state"], looks["政策和设置"]["state"]) == ("ok", "ok")


def test_a_policy_keeps_its_digest_whatever_notepad_made_of_its_lines(tmp_path: Path) -> None:
    from importlib.resources import files

    from ccm.policy import load

    text = files("ccm").joinpath("data/policy.toml").read_text("utf-8")
    for name, content in (("a.toml", text.encode()), ("b.toml", text.replace("\n", "\r\n").encode("utf-8-sig"))):
        (tmp_path / name).write_bytes(content)

    assert load(tmp_path / "a.toml").digest == load(tmp_path / "b.toml").digest


def test_a_ledger_with_windows_line_ends_is_the_same_ledger(
    triage: Callable[..., dict[str, object]], tmp_path: Path
) -> None:
    text = LEDGER.read_text("utf-8")
    (tmp_path / "a.csv").write_bytes(text.encode())
    (tmp_path / "b.csv").write_bytes(text.replace("\n", "\r\n").encode("gbk"))

    assert triage(tmp_path / "a.csv")["loans"] == triage(tmp_path / "b.csv")["loans"]


@pytest.mark.parametrize("name", ["con", "NUL", "aux.txt", "com1", "LPT³.docx", "conin$", "prn .x", "com¹"])
def test_a_device_is_no_name(name: str) -> None:
    assert file_name(name).startswith("_")


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_whatever_a_customer_is_called_the_name_is_one_that_windows_keeps(parts: list[str]) -> None:
    """Windows drops dots and blanks at an end silently: the file would not be where it was said to be."""
    name = file_name(*parts)

    assert name == name.strip(" .")
    assert not set(name) & set('<>:"/\\|?*')
    assert 0 < len(name.encode()) <= 241


def test_two_letter_numbers_that_differ_in_case_only_are_one_file_and_so_refused(
    ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path
) -> None:
    """On Windows the second letter would be written over the first."""
    clock("2026-11-23 10:00")
    head, row, *_ = LEDGER.read_text("utf-8").splitlines()
    branches = [f"{line},{branch}" for line, branch in ((head, "所属机构"), (row, "城关支行"), ("9" + row, "石桥支行"))]
    (tmp_path / "a.csv").write_text("\n".join(branches), "utf-8")
    (tmp_path / "ccm.toml").write_text(
        '[letters]\nnumber = "{code}-{year}-{n}"\n[codes]\n"城关支行" = "cg"\n"石桥支行" = "CG"\n', "utf-8"
    )
    assert ccm("triage", tmp_path / "a.csv", "--as-of", "2026-11-23").exit_code in {0, 4}

    told = ccm("letters")

    assert told.exit_code == 3, told.output
    assert len({path.name.casefold() for path in tmp_path.rglob("*2026-1_*.docx")}) == len(
        list(tmp_path.rglob("*2026-1_*.docx"))
    )


def test_the_fonts_of_a_user_without_rights_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = {"machine": ["仿宋 (TrueType)", "宋体 & 新宋体 (TrueType)"], "user": ["方正小标宋简体 (TrueType)"]}

    class Key(list[str]):
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is open."""

    def value(key: Key, number: int) -> tuple[str, str, int]:
        if number >= len(key):
            raise OSError(22, "no more data")
        return key[number], "file.ttf", 1

    registry = SimpleNamespace(
        HKEY_LOCAL_MACHINE="machine",
        HKEY_CURRENT_USER="user",
        OpenKey=lambda root, _: Key(fonts[root]),
        EnumValue=value,
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")

    assert doctor.installed() == {"仿宋", "宋体", "新宋体", "方正小标宋简体"}


def test_libreoffice_is_found_where_windows_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "LibreOffice" / "program" / "soffice.com"
    program.parent.mkdir(parents=True)
    program.write_bytes(b"")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))

    assert find_soffice(Workspace(tmp_path)) == str(program)
