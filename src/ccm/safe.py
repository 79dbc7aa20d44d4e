"""What is written is safe: files appear whole or not at all, names are legal, a text in a cell stays a text."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ccm.errors import UNSEEN, CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openpyxl.cell import Cell


FORBIDDEN = re.compile(rf'(?:[<>:"/\\|?*\t\n\ud800-\udfff]|{UNSEEN})+')
"""What Windows does not allow in a name, and what cannot be seen in one."""
RESERVED = re.compile(r"^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever suffix follows."""
PERSONAL = "含客户个人信息，只用于清收，不得外传，用完收好或销毁"
"""What stands on top of everything that is written and holds names and numbers unmasked, letters aside."""
LONGEST = 240
"""Bytes of a file name: file systems allow 255, and other names are made from this one."""


def file_name(*parts: str) -> str:
    """Join parts to a name without suffix that Windows allows, whatever a customer is called; never cut the first."""
    first, *others = (FORBIDDEN.sub("-", part).strip(" .") for part in parts)
    name = "_".join((first, *(part[:40] for part in others)))
    name = name.encode()[:LONGEST].decode(errors="ignore").strip(" .") or "-"
    return f"_{name}" if RESERVED.match(name) else name


REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.EEXIST: "有同名的文件占着文件夹的位置",
    errno.ENOTDIR: "路径里有一段是文件，不是文件夹",
    errno.EISDIR: "这里是一个文件夹",
    errno.ENAMETOOLONG: "文件名太长",
}


HELD = {5: "没有权限，或正被别的程序打开", 32: "正被别的程序打开", 33: "正被别的程序打开"}
"""What Windows says of a file that Word, WPS or Excel has open; to replace one it merely denies access (5)."""
LONG_PATH = 240
"""Characters from which on Windows' limit of 260 is near; beyond it, Windows says that there is no such folder."""


def spoken(error: OSError) -> str:
    """Say in Chinese why a file could not be written."""
    if (number := getattr(error, "winerror", None)) in HELD:
        return HELD[number]
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


@contextmanager
def private() -> Iterator[None]:
    """Make every file and folder that is new while the block runs its owner's alone, also those of programs it starts.

    Ledgers, letters and evidence are personal data (个人信息保护法51); Windows keeps no such modes.
    """
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


UNFINISHED = re.compile(r"\.ccm-\d+-.*")
"""The names of files that are being written; one of these that nobody writes any more was left by a run that died."""


def _temporary(path: Path) -> Path:
    """Return a name beside `path`, of its kind, and not longer than a file system allows."""
    return path.with_name(f".ccm-{os.getpid()}-{path.stem[:40]}{path.suffix}")


def _unwritable(path: Path, error: OSError) -> CcmError:
    long = error.errno in {errno.ENOENT, errno.EINVAL} and len(str(path.absolute())) > LONG_PATH
    reason = "路径太长，请把工作目录放到浅一些的文件夹" if long else spoken(error)
    return CcmError("file-unwritable", where=str(path), reason=reason)


WAITS = (0.05, 0.1, 0.2, 0.4)
"""Seconds between tries, while a virus scanner looks at what was just written."""


def move(source: Path, target: Path) -> None:
    """Rename over what is there; on Windows wait a moment where another program holds one of the two.

    Raises:
        OSError: It is held for longer, or cannot be done at all.
    """
    for seconds in WAITS:
        try:
            source.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in HELD:
                raise
            time.sleep(seconds)
        else:
            return
    source.replace(target)


def clear(folder: Path) -> None:
    """Delete a folder that is about to be made anew.

    Raises:
        CcmError: `file-unwritable` where a file in it is open.
    """
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and move it there once the block has ended well.

    Raises:
        CcmError: `file-unwritable` where the folder or the target does not allow it (open in Excel, for one),
            `file-unreadable` where the block copies a file that cannot be read.
    """
    temporary = _temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        move(temporary, path)
        _settle_folder(path.parent)
    except OSError as error:
        raise _blamed(path, temporary, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _blamed(path: Path, temporary: Path, error: OSError) -> CcmError:
    """Tell a target that cannot be written from a source, copied into it, that cannot be read."""
    source = Path(error.filename) if isinstance(error.filename, str | Path) and error.filename2 is None else path
    if source in {temporary, path, *path.parents}:
        return _unwritable(path, error)
    return CcmError("file-unreadable", where=str(source), reason=spoken(error))


def put_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; `settle` makes many of them safe against a power cut at once.

    Raises:
        CcmError: `file-unwritable`.
    """
    temporary = _temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        move(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def settle(paths: Iterable[Path]) -> None:
    """Wait until files are on the disk: one call for all where the system has it."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        # Somebody may have opened or moved it by now: then it is in their hands.
        with suppress(OSError), path.open("rb+") as file:
            os.fsync(file.fileno())


def _settle_folder(folder: Path) -> None:
    """Wait until a folder's list of names is on the disk, where the system lets a program ask for it."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def check_writable(folder: Path) -> None:
    """Make a folder where there is none, and see that files can be made in it.

    Raises:
        CcmError: `file-unwritable`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise _unwritable(folder, error) from error


def sweep(folders: Iterable[Path]) -> None:
    """Take away what a run that died was writing; call it where no other run can be writing in these folders."""
    for folder in folders:
        for path in folder.glob(".ccm-*") if folder.is_dir() else ():
            if UNFINISHED.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()


def put(cell: Cell, value: object) -> None:
    """Set a cell so that a text stays a text: no formula, no number made of an identifier, no control characters."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32767]
        cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell.value = value
