"""Install ccm from this folder, without network, into an environment of its own: `install.py [FOLDER]`.

Run by install.bat and install.sh; needs nothing but Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"


class Stopped(Exception):  # noqa: N818 - what a person reads
    """Why it cannot be installed, in words for a person."""


def kind() -> str:
    """Return the name of this system and Python, as the lists of wheels are named."""
    version = "{}.{}".format(*sys.version_info)
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        version += "t"
    system, *_, machine = sysconfig.get_platform().replace("win32", "win-32位").split("-")
    if sys.platform == "darwin":
        # A Python for both kinds of Mac calls itself universal2.
        machine = os.uname().machine
    names = {"win": "windows", "macosx": "macos"}
    return f"{names.get(system, system)}-{machine.replace('amd64', 'x86_64')}-{version}"


def home(words: list[str]) -> Path:
    """Return where to install: the folder that was named, else the user's own for programs."""
    if words:
        return Path(words[0]).expanduser().absolute()
    if WINDOWS:
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "ccm"
    return Path.home() / ".local" / "share" / "ccm"


def wanted() -> Path:
    """Return the list of wheels for this computer.

    Raises:
        Stopped: The bundle has none.
    """
    path = HERE / "requirements" / f"{kind()}.txt"
    if not path.is_file():
        others = "\n  ".join(sorted(one.stem for one in path.parent.glob("*.txt")))
        raise Stopped(f"这个安装包不含本机的版本：{kind()}\n（用的是 {sys.executable}）\n安装包里有：\n  {others}")
    return path


def make(folder: Path) -> Path:
    """Make the environment in `env` below a folder and return its Python; an older one goes, nothing beside it does.

    Raises:
        Stopped: Something else is there, it cannot be written, or Python came without its venv module.
    """
    folder /= "env"
    if folder.exists() and not (folder / "pyvenv.cfg").is_file():
        raise Stopped(f"{folder} 里有别的东西，不往里装；换一个文件夹：install 文件夹")
    try:
        # Windows keeps the packages of every Python in one place: those of another version would be taken for good.
        venv.create(folder, clear=True, with_pip=True)
    except OSError as error:
        raise Stopped(f"{folder} 写不进去：{error.strerror or error}。正在用的 ccm 窗口请先关掉") from error
    except (subprocess.CalledProcessError, ImportError) as error:
        raise Stopped(
            "建不了独立环境：这个 Python 没有 venv 或 ensurepip（Debian、Ubuntu 要另装 python3-venv）"
        ) from error
    # A Python from the Store writes elsewhere than it is told to; the real place is what works.
    folder = Path(os.path.realpath(folder))
    return folder / ("Scripts/python.exe" if WINDOWS else "bin/python")


def fill(python: Path, wheels: Path) -> None:
    """Install exactly the wheels of a list, each held against its digest.

    Raises:
        Stopped: pip could not; what it says stands above.
    """
    folders = [word for one in sorted((HERE / "wheels").iterdir()) for word in ("--find-links", str(one))]
    # Neither a setting of this computer nor one of the user's may send pip to an index or to other wheels.
    alone = {name: value for name, value in os.environ.items() if not name.upper().startswith(("PIP_", "PYTHON"))}
    command = [
        str(python), "-I", "-X", "utf8", "-m", "pip", "install", "--quiet", "--isolated", "--no-index",
        "--disable-pip-version-check", "--no-warn-script-location", *folders, "--require-hashes", "--requirement", str(wheels),
    ]  # fmt: skip
    if subprocess.run(command, env={**alone, "PIP_CONFIG_FILE": os.devnull}, check=False).returncode:  # noqa: S603
        raise Stopped("没有装成，原因见上面几行。安装包若是拷来的，用 SHA256SUMS 核对是否完整")


def tried(ccm: Path) -> str:
    """Return what the installed ccm says of its version.

    Raises:
        Stopped: It does not run.
    """
    said = subprocess.run([str(ccm), "--version"], capture_output=True, check=False)  # noqa: S603 - just installed
    if said.returncode:
        raise Stopped(f"装好了，但 ccm 运行不起来：\n{said.stderr.decode(errors='replace')[-2000:]}")
    return said.stdout.decode().strip()


def door(python: Path) -> str:
    """Return how to start ccm; on Windows make a file that opens a window in which `ccm` is known."""
    scripts = python.parent
    if not WINDOWS:
        return f'export PATH="{scripts}:$PATH"    写进 ~/.profile 就一直有效'
    opener = scripts.parents[1] / "ccm-window.bat"
    lines = ("@echo off", 'set "PATH=%~dp0env\\Scripts;%PATH%"', 'cd /d "%USERPROFILE%"', "cmd /k ccm --version")
    opener.write_text("".join(f"{line}\n" for line in lines), "ascii", newline="\r\n")
    return f"双击 {opener}（可以发送到桌面快捷方式），在打开的窗口里输入 ccm"


def main() -> int:
    """Install; return 0, or 3 where it cannot be done."""
    try:
        wheels, folder = wanted(), home(sys.argv[1:])
        print(f"Python {sys.version.split()[0]}，装到 {folder}，不用网络，约需一两分钟……", flush=True)
        python = make(folder)
        fill(python, wheels)
        version = tried(python.with_name("ccm.exe" if WINDOWS else "ccm"))
    except Stopped as stopped:
        print(f"\n没有装成：{stopped}", file=sys.stderr)
        return 3
    print(f"装好了：{version}\n\n怎么用：{door(python)}")
    print(f'试一下（先进一个空文件夹）：ccm triage "{HERE / "examples" / "ledger.xlsx"}" --as-of 2026-11-23')
    print(f"卸载：删掉文件夹 {python.parent.parent}（工作目录和记录不在里面）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
