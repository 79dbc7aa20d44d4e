"""What is written is safe: files appear whole or not at all, names are legal, a text in a cell stays a text."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl.cell import Cell


FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def file_name(*parts: str) -> str:
    """Join parts to a name, without suffix, that Windows allows, whatever a customer is called."""
    name = "_".join(FORBIDDEN.sub("", part).strip(" .")[:40] for part in parts)
    return f"{'_' if RESERVED.match(name) else ''}{name}"


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and move it there once the block has ended well.

    Raises:
        CcmError: `file-unwritable` where the folder or the target does not allow it (open in Excel, for one).
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise CcmError("file-unwritable", where=str(path), reason=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def put_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; `settle` makes many of them safe against a power cut at once.

    Raises:
        CcmError: `file-unwritable`.
    """
    temporary = path.with_name(f".{os.getpid()}.{path.stem[:40]}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise CcmError("file-unwritable", where=str(path), reason=error.strerror or str(error)) from error


def settle(paths: Iterable[Path]) -> None:
    """Wait until files are on the disk: one call for all where the system has it."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def put(cell: Cell, value: object) -> None:
    """Set a cell so that a text stays a text: no formula, no number made of an identifier, no control characters."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32767]
        cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell.value = value
