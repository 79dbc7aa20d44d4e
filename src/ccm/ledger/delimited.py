"""CSV and TXT: encoding and delimiter told by content; every cell is text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from ccm.errors import CcmError
from ccm.ledger.table import HEAD_ROWS, Cells, Sheet
from ccm.ledger.workbook import texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ccm.bounds import Room

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;|"


def sheets(file: str, path: Path, room: Room) -> list[Sheet]:
    """Return the one sheet of a delimited text.

    Raises:
        CcmError: `text-encoding` where it is neither UTF-8, UTF-16 nor GB18030, `file-too-large`.
    """
    text = _decoded(file, path.read_bytes())
    head = text[:200_000].splitlines()[: HEAD_ROWS * 2]
    delimiter = max(DELIMITERS, key=lambda sign: sum(line.count(sign) for line in head))
    width = _width(text, delimiter)
    room.hold(text.count("\n") + 1, width)
    frame = _frame(text, delimiter, width, room)
    rows = [tuple(row) for row in frame.head(HEAD_ROWS).iter_rows()]
    return [
        Sheet(
            file=file,
            name="",
            head=tuple(rows),
            height=frame.height,
            merged=(),
            load=lambda skip, columns: _cells(frame, skip, columns),
            unvalued=dict,
        )
    ]


def _decoded(file: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CcmError("text-encoding", where=file)


def _width(text: str, delimiter: str) -> int:
    """The widest of the first records: titles above the header are narrower than the table."""
    reader = csv.reader(io.StringIO(text[:2_000_000]), delimiter=delimiter)
    try:
        return max((len(row) or 1 for _, row in zip(range(HEAD_ROWS * 4), reader, strict=False)), default=1)
    except csv.Error:
        return max(line.count(delimiter) for line in text[:2_000_000].splitlines()[:HEAD_ROWS]) + 1


def _frame(text: str, delimiter: str, width: int, room: Room) -> pl.DataFrame:
    """All records as text columns; a record wider or more broken than Polars takes is read by the csv module."""
    # A header of our own gives the width: the first line of theirs may be a title, and narrower.
    header = delimiter.join(map(str, range(width)))
    try:
        return pl.read_csv(f"{header}\n{text}".encode(), separator=delimiter, infer_schema=False)
    except pl.exceptions.PolarsError:
        csv.field_size_limit(10_000_000)
        plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        rows = list(csv.reader(io.StringIO(plain), delimiter=delimiter))
        wide = max([width, *map(len, rows)])
        room.hold(len(rows), wide)
        return pl.DataFrame(
            {str(index): [row[index] if index < len(row) else None for row in rows] for index in range(wide)},
            schema=dict.fromkeys(map(str, range(wide)), pl.String),
        )


def _cells(frame: pl.DataFrame, skip: int, columns: Sequence[int]) -> list[Cells]:
    body = frame.slice(skip)
    number = pl.Series([None], dtype=pl.Float64).new_from_index(0, body.height)
    day = pl.Series([None], dtype=pl.Date).new_from_index(0, body.height)
    return [Cells(texts(body.to_series(index)), number, day) for index in columns]
