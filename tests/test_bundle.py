"""The folder for a PC without internet: it holds what is needed there, no more, and installs with the network off."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
OFFLINE = ROOT / "scripts" / "offline"


def script(name: str) -> Any:  # noqa: ANN401 - a module that no package holds
    spec = spec_from_file_location(Path(name).stem, ROOT / "scripts" / name)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


bundle, install = script("bundle.py"), script("offline/install.py")


def shelf(folder: Path, **asks: list[str]) -> dict[str, Any]:
    """Make wheels that hold nothing but what they ask for."""
    folder.mkdir(exist_ok=True)
    for name, lines in asks.items():
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as package:
            facts = "".join(f"Requires-Dist: {line}\n" for line in lines)
            package.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n{facts}")
    return {one.name: one for one in map(bundle.wheel, folder.glob("*.whl"))}


def needs(wheels: dict[str, Any], system: str) -> tuple[set[str], set[str]]:
    markers = {one.name: one.markers for one in bundle.SYSTEMS}[system]
    found: tuple[set[str], set[str]] = bundle.needed(wheels, {**markers, "python_version": "3.11"})
    return found


def test_what_one_system_alone_needs_is_asked_for_there_alone(tmp_path: Path) -> None:
    wheels = shelf(
        tmp_path,
        ccm=["typer>=0.28", "pypdf[crypto]>=5; python_version >= '3.11'"],
        typer=['colorama>=0.4; platform_system == "Windows"', 'uvloop; sys_platform == "linux"'],
        pypdf=['cryptography; extra == "crypto"', 'pillow; extra == "image"'],
        cryptography=[],
        stray=[],
    )

    assert needs(wheels, "windows-x86_64") == ({"ccm", "typer", "pypdf", "cryptography"}, {"colorama>=0.4"})
    assert needs(wheels, "macos-arm64") == ({"ccm", "typer", "pypdf", "cryptography"}, set())


def test_a_wheel_that_no_list_asks_for_is_told(tmp_path: Path) -> None:
    wheels = shelf(tmp_path / "wheels", ccm=[], stray=[])
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "a.txt").write_text(f"ccm==1.0 --hash=sha256:{wheels['ccm'].digest}\n", "utf-8")

    assert bundle.strays(tmp_path) == ["stray-1.0-py3-none-any.whl"]


def test_each_system_gets_its_line_ends_and_cmd_gets_ascii(tmp_path: Path) -> None:
    bundle.furnish(tmp_path, "9.9")

    assert (tmp_path / "install.bat").read_bytes().isascii()
    for name in ("install.bat", "no-python.txt", "README.txt"):
        content = (tmp_path / name).read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") > 5
    for name in ("install.sh", "install.py"):
        assert b"\r" not in (tmp_path / name).read_bytes()
    assert (tmp_path / "README.txt").read_bytes().startswith(b"\xef\xbb\xbfccm 9.9 ")


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_without_python_the_installer_says_what_to_do(tmp_path: Path) -> None:
    bundle.furnish(tmp_path, "9.9")
    for name in ("dirname", "cat"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))

    ended = subprocess.run(
        ["/bin/sh", str(tmp_path / "install.sh")], capture_output=True, check=False, env={"PATH": str(tmp_path / "bin")}
    )

    assert (ended.returncode, "没有找到 Python" in ended.stderr.decode()) == (3, True)


def test_a_python_that_the_bundle_has_nothing_for_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "windows-x86_64-3.12.txt").touch()
    monkeypatch.setattr(install, "HERE", tmp_path)
    monkeypatch.setattr(install.sysconfig, "get_platform", lambda: "win32")

    with pytest.raises(install.Stopped, match=r"windows-32位-3\.\d+[\s\S]*windows-x86_64-3\.12"):
        install.wanted()


@pytest.mark.parametrize(
    ("platform", "name"),
    [("win-amd64", "windows-x86_64"), ("linux-x86_64", "linux-x86_64"), ("win-arm64", "windows-arm64")],
)
def test_a_system_is_called_as_its_list_is(platform: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.sysconfig, "get_platform", lambda: platform)
    monkeypatch.setattr(install.sys, "platform", "win32" if platform.startswith("win") else "linux")
    version = "{}.{}".format(*sys.version_info)

    assert install.kind().removesuffix("t") == f"{name}-{version}"


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "记录.db").write_bytes(b"dear")

    with pytest.raises(install.Stopped, match="里有别的东西"):
        install.make(tmp_path)

    assert (tmp_path / "env" / "记录.db").read_bytes() == b"dear"


def test_on_windows_a_file_opens_a_window_that_knows_ccm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(install, "WINDOWS", True)
    python = tmp_path / "env" / "Scripts" / "python.exe"

    told = install.door(python)

    opener = (tmp_path / "ccm-window.bat").read_bytes()
    assert str(tmp_path / "ccm-window.bat") in told
    assert b"%~dp0env\\Scripts;" in opener
    assert opener.count(b"\n") == opener.count(b"\r\n")


def offline() -> list[str]:
    """Return the words before a command that take the network from it, none where this computer has no such thing."""
    ways = (["unshare", "-n"], ["unshare", "-rn"]) if shutil.which("unshare") else ()
    return next((one for one in ways if not subprocess.run([*one, "true"], capture_output=True).returncode), [])  # noqa: PLW1510


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the bundle for this computer from a copy of the project, at a place with blanks and Chinese in its name."""
    work = tmp_path_factory.mktemp("bundle")
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(work / "try"), "segno"]
    if (tried := subprocess.run(pip, capture_output=True, check=False)).returncode:
        pytest.skip(f"no package index: {tried.stderr.decode(errors='replace').strip()[-120:]}")
    for name in ("src", "templates", "scripts", "examples"):
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__", ".ccm"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, work)
    ended = subprocess.run(
        [sys.executable, str(work / "scripts" / "bundle.py"), "--here"], capture_output=True, check=False
    )
    assert not ended.returncode, ended.stderr.decode(errors="replace")[-2000:]
    target = work / "桌面 (1)"
    next((work / "dist").glob("ccm-*-offline")).rename(target)
    return target


def run(*words: object, home: Path) -> str:
    """Run a program with nothing of this environment, and no network."""
    env = {"HOME": str(home), "PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    ended = subprocess.run([*offline(), *map(str, words)], capture_output=True, check=False, env=env, cwd=home)
    assert ended.returncode in {0, 4}, ended.stderr.decode(errors="replace")[-2000:]
    return ended.stdout.decode()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the network is taken away as Linux does it")
def test_it_installs_and_works_without_network(made: Path, tmp_path: Path) -> None:
    told = run("sh", made / "install.sh", home=tmp_path)

    assert "装好了" in told
    ccm = tmp_path / ".local/share/ccm/env/bin/ccm"
    assert "共读81行" in run(ccm, "triage", made / "examples/ledger.xlsx", "--as-of", "2026-11-23", home=tmp_path)
    run(ccm, "letters", "--stage", "60", home=tmp_path)
    assert len(list(tmp_path.glob("letters/*/〔*.docx"))) == 11


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the network is taken away as Linux does it")
def test_a_wheel_that_was_touched_is_not_installed(made: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(made, copy)
    wheel = next(copy.rglob("segno-*.whl"))
    with zipfile.ZipFile(wheel, "a") as package:
        package.writestr("segno/more.py", "")

    env = {"HOME": str(tmp_path), "PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin"}
    ended = subprocess.run(["sh", str(copy / "install.sh")], capture_output=True, check=False, env=env)

    assert (ended.returncode, "没有装成" in ended.stderr.decode()) == (3, True)


@pytest.mark.slow
def test_its_digests_are_those_of_its_files(made: Path) -> None:
    lines = [line.split("  ", 1) for line in (made / "SHA256SUMS").read_text("utf-8").splitlines()]

    assert {name: hashlib.sha256((made / name).read_bytes()).hexdigest() for _, name in lines} == {
        name: digest for digest, name in lines
    }
    assert {name for _, name in lines} == {
        path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()
    } - {"SHA256SUMS"}
