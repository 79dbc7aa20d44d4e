"""What can be wrong with a workspace that no other command looks at: leftovers, open doors, fonts, a clock set back."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ccm.safe import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

LookState = Literal["ok", "warning", "error", "mended"]

STALE_SECONDS = 3600
"""A file that is being written is younger than this: no run takes an hour over one."""
LEAST_FREE = 500 * 1024**2
"""Bytes below which a morning's run may not find room for its letters."""
LARGEST_PART = 20 * 1024**2
"""Bytes of a template's part that is looked at; a larger one is refused elsewhere."""
PRODUCTS = (
    "letters", "worklists", "post", "archive", "reports", "visits", "sms", "handover", "statements", "packs", "suits",
)  # fmt: skip
"""The folders of the workspace in which ccm writes."""
TYPEFACE = re.compile(rb'<w:rFonts [^<>]*?w:eastAsia="([^"]+)"')
HALF_TRIAGE = re.compile(r"\..+\.\d+")


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the workspace found: of what, how it stands, in words, and what to do."""

    of: str
    state: LookState
    message: str
    hint: str = ""


def leftovers(root: Path, state: Path, at: datetime) -> list[Path]:
    """Return what runs that died have left half written, oldest folders of triages included."""
    found = [path for path in _inside(state / "triages") if HALF_TRIAGE.fullmatch(path.name)]
    for folder in (root, state, *(root / name for name in PRODUCTS)):
        found += [path for path in _below(folder, deep=folder.parent == root) if UNFINISHED.fullmatch(path.name)]
    return sorted({path for path in found if at.timestamp() - path.lstat().st_mtime > STALE_SECONDS})


def is_letter(path: Path) -> bool:
    """Tell a letter's file from the print files of a run and from what is being written."""
    return not path.name.startswith(("打印文件-", ".", "~"))


def take_away(paths: Iterable[Path]) -> None:
    """Delete what was left half written."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


def open_doors(root: Path, state: Path) -> list[Path]:
    """Return what of the state and of the products others may read; Windows keeps no such modes."""
    if sys.platform == "win32":
        return []
    # What lies in a folder that is closed is closed itself.
    folders = [path for path in (state, *(root / name for name in PRODUCTS)) if path.is_dir()]
    doors = (*folders, *(path for path in _inside(state) if path.is_file()))
    return [path for path in doors if stat.S_IMODE(path.stat().st_mode) & 0o077]


def close_doors(paths: Iterable[Path]) -> None:
    """Leave them to their owner alone."""
    for path in paths:
        path.chmod(0o700 if path.is_dir() else 0o600)


def typefaces(templates: Iterable[Path]) -> set[str]:
    """Return the Chinese fonts that Word templates name."""
    found: set[bytes] = set()
    for path in templates:
        with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(path) as package:
            for part in package.infolist():
                if part.filename in {"word/styles.xml", "word/document.xml"} and part.file_size < LARGEST_PART:
                    found |= set(TYPEFACE.findall(package.read(part)))
    return {name.decode() for name in found}


def installed() -> set[str] | None:
    """Return the families of Chinese fonts on this computer, None where it cannot be asked."""
    if sys.platform == "win32":
        return _registered()
    if not (program := shutil.which("fc-list")):
        return None
    listed = subprocess.run([program, ":lang=zh", "family"], capture_output=True, check=False, timeout=30).stdout  # noqa: S603 - the system's own
    return {one.strip() for line in listed.decode(errors="replace").splitlines() for one in line.split(",")}


def _registered() -> set[str]:
    """Ask Windows, which keeps the names of fonts in its registry: `仿宋 (TrueType)`, `宋体 & 新宋体 (TrueType)`."""
    found: set[str] = set()
    if sys.platform == "win32":
        import winreg

        place = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"
        # Who is no administrator installs a font for himself alone.
        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            with suppress(OSError), winreg.OpenKey(root, place) as key:
                for number in range(100_000):
                    name = str(winreg.EnumValue(key, number)[0])
                    found |= {one.strip() for one in name.partition("(")[0].split("&")}
    return found


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _below(folder: Path, *, deep: bool) -> Iterator[Path]:
    """Yield what is in a folder; of a folder of products, in every folder below it too."""
    if folder.is_dir():
        yield from folder.rglob(".ccm-*") if deep else folder.glob(".ccm-*")
