"""How large the sheets of an old .xls are, seen before a reader lays them out: records in a compound file.

A cell names its row and column in 16 bits each, so that eight kilobytes may ask for a sheet of four thousand million
cells. The records are gone through as the reader goes through them, from where the list of sheets says each begins.
"""

from __future__ import annotations

from io import BytesIO
from struct import unpack_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ccm.bounds import Room

STREAMS = ("Workbook", "Book")
END, DIMENSIONS, SHEET = 0x000A, 0x0200, 0x0085
CELLS = frozenset(
    {0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406}
)
"""Records of one cell: its row and column come first."""
MANY = 0x00BD
"""A record of several cells of a row: the first column, and at its end the last."""


def check_xls(source: Path | bytes, room: Room) -> None:
    """Go through the records of an .xls.

    Raises:
        CcmError: `file-too-large`.
        Exception: Whatever olefile says of a broken file; ValueError where a sheet says to be larger than any can be.
    """
    import olefile

    with olefile.OleFileIO(BytesIO(source) if isinstance(source, bytes) else str(source)) as file:
        name = next((one for one in STREAMS if file.exists(one)), None)
        content = file.openstream(name).read() if name else b""
    parts = [at for kind, at, size in _records(content, 0) if kind == SHEET and size >= 4]
    begins = [unpack_from("<I", content, at)[0] for at in parts]
    room.sheets(len(begins))
    room.hold(sum(room.hold(*_extent(content, begin)) for begin in begins), 1)


def _extent(content: bytes, begin: int) -> tuple[int, int]:
    """Return the rows and columns that the cells of a sheet reach to."""
    rows = columns = 0
    for kind, at, size in _records(content, begin):
        if kind in CELLS and size >= 4:
            row, column = unpack_from("<HH", content, at)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind == MANY and size >= 6:
            row, first = unpack_from("<HH", content, at)
            (last,) = unpack_from("<H", content, at + size - 2)
            rows, columns = max(rows, row + 1), max(columns, first + 1, last + 1)
        elif kind == DIMENSIONS and not _is_possible(content, at, size):
            raise ValueError(kind)
    return rows, columns


def _is_possible(content: bytes, at: int, size: int) -> bool:
    """Tell whether a sheet says to be no larger than an .xls can be: the reader makes room for as much as it says."""
    if size < 10:
        return True
    _, rows, _, columns = unpack_from("<IIHH" if size >= 14 else "<HHHH", content, at)
    return bool(rows <= 65_536 and columns <= 256)


def _records(content: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield the kind of each record up to the end of its part, where its content begins, and its length."""
    end = len(content)
    while at + 4 <= end:
        kind, size = unpack_from("<HH", content, at)
        if kind == END or at + 4 + size > end:
            return
        yield kind, at + 4, size
        at += 4 + size
