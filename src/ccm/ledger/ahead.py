"""Open large workbooks in the background while Python still imports what will read them.

Opening is work of a compiled library that leaves the interpreter free; at 100,000 rows it takes as long as the
imports do. This module therefore imports nothing heavy itself.
"""

from __future__ import annotations

import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ccm.bounds import Bounds
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGE = 1_000_000
"""From this many bytes on, an .xlsx is worth the fast way; below, both take the same time."""

_opening: dict[Path, Future[Any]] = {}


def start(paths: Iterable[Path]) -> None:
    """Begin to open those of `paths` that are large zip packages; whatever goes wrong shows when they are read."""
    for path in paths:
        if path.is_file() and path.stat().st_size > LARGE and _is_bounded(path):
            _opening[path] = ThreadPoolExecutor(1).submit(_checked, path)


def reader(path: Path) -> Any:  # noqa: ANN401 - fastexcel's own
    """Return fastexcel's reader of a workbook, begun ahead or opened now."""
    begun = _opening.pop(path, None)
    return begun.result() if begun else _open(path)


def _is_bounded(path: Path) -> bool:
    """Tell whether it is a zip package that unpacks to what is usual; others are looked at before they are opened."""
    try:
        with zipfile.ZipFile(path) as package:
            Bounds().room(path).unpack(sum(info.file_size for info in package.infolist()))
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, CcmError):
        return False
    return True


def _checked(path: Path) -> Any:  # noqa: ANN401
    """Open it if what the reader unpacks first is as large as it says: nobody can stop the reader once it has begun."""
    from ccm.ledger import extent

    with zipfile.ZipFile(path) as package:
        extent.check_sizes(package, {name for name in package.namelist() if "/worksheets/" in name})
    return _open(path)


def _open(path: Path) -> Any:  # noqa: ANN401
    import fastexcel

    return fastexcel.read_excel(str(path))
