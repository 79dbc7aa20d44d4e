"""How many cells a workbook would take, told before it is opened.

The libraries that read workbooks lay a sheet out as a full rectangle: one cell at XFD1048576 is seventeen thousand
million. So the packed sheets are gone through first, in parts, with nothing kept but the outermost cell.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from ccm.ledger import openxml

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from ccm.bounds import Room

CHUNK = 1 << 22
TAIL = 1 << 16
"""Bytes at the end of a part in which the last tag begins, or the file is not what it says."""
ROW = re.compile(rb"<row\b(?:[^<>]*?\br\s*=\s*[\"'](\d{1,10}))?")
PREFIX = re.compile(rb"<(/?)\w+:")
BEGIN_CELLS = 0x91
"""The record of an .xlsb after which rows and cells come."""
ODS_TAG = re.compile(rb"<(?:\w+:)?(table-row|table-cell|covered-table-cell|table)\b([^<>]*)>")
REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,20})")


@dataclass(slots=True)
class Extent:
    """The outermost cell of a sheet so far, and what stands in cells that only look blank (`Sheet.unvalued`).

    `unnumbered` counts rows that do not say which they are, `run` the most cells of a row that do not.
    """

    row: int = 0
    column: int = 0
    unnumbered: int = 0
    run: int = 0
    open_run: int = 0
    unvalued: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows the sheet takes at most."""
        return self.row + self.unnumbered

    @property
    def columns(self) -> int:
        """How many columns the sheet takes at most."""
        return self.column + self.run


def check_xlsx(source: Path | bytes, room: Room) -> Mapping[str, Mapping[str, str]]:
    """Go through every sheet of an .xlsx; return by its name what its cells hold instead of a value.

    Raises:
        CcmError: `file-too-large`.
        ValueError, zipfile.BadZipFile: The package is not laid out as one.
    """
    with openxml.opened(source) as package:
        try:
            sheets = openxml.members(package)
        except KeyError:
            sheets = {}
        # What a sheet is called is up to the package: whatever may be one is gone through.
        free = {name for name in package.namelist() if name.endswith(".xml")} - {"xl/sharedStrings.xml"}
        parts = free | set(sheets.values())
        check_sizes(package, parts)
        found: dict[str, dict[str, str]] = {}
        cells = 0
        for name in sorted(parts & set(package.namelist())):
            extent = _extent(inflated(package, package.getinfo(name)))
            cells += room.hold(extent.rows, extent.columns)
            found[name] = extent.unvalued
        room.hold(cells, 1)
    return {sheet: found.get(member, {}) for sheet, member in sheets.items()}


def check_sizes(package: zipfile.ZipFile, known: Collection[str]) -> None:
    """Unpack every member but the `known` and drop it: the compiled readers go on where a member ends by its own word.

    Raises:
        ValueError: A member is larger than it says.
    """
    for info in package.infolist():
        if info.filename not in known and info.filename.endswith((".xml", ".rels", ".bin")):
            for _ in inflated(package, info):
                pass


def inflated(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a member in parts, all that is packed and not only as much as it says.

    Raises:
        ValueError: It is larger than it says.
    """
    file: Any = package.fp
    file.seek(info.header_offset + 26)
    name, extra = struct.unpack("<HH", file.read(4))
    at, left, size = info.header_offset + 30 + name + extra, info.compress_size, 0
    unpack = zlib.decompressobj(-15) if info.compress_type else None
    while left > 0:
        file.seek(at)  # whoever takes the parts may read elsewhere between them
        packed = file.read(min(left, CHUNK >> 4))
        if not packed:
            return
        at, left = at + len(packed), left - len(packed)
        while packed:
            part = unpack.decompress(packed, CHUNK) if unpack else packed
            packed = unpack.unconsumed_tail if unpack else b""
            size += len(part)
            if size > info.file_size:
                raise ValueError(info.filename)
            yield part


def _extent(chunks: Iterable[bytes]) -> Extent:
    extent, rest = Extent(), b""
    for chunk in chunks:
        part = rest + chunk
        if b":row" in part or b":c " in part or b":c>" in part or b":c/" in part:
            part = PREFIX.sub(rb"<\1", part)
        _take_rows(part, extent)
        _take_cells(part, extent)
        if b't="e"' in part or b"<f" in part:
            extent.unvalued.update(openxml.unvalued(part))
        rest = _unfinished(part)
    return extent


def _unfinished(part: bytes) -> bytes:
    """Return the cell or tag that goes on in the next part."""
    tail = part[-TAIL:]
    at = max(tail.rfind(b"<c "), tail.rfind(b"<row"))
    if at < 0 and (at := tail.rfind(b"<")) < 0:
        if part.rfind(b"<") > part.rfind(b">"):
            raise ValueError("a tag without an end")
        return b""
    return tail[at:]


def _take_rows(part: bytes, extent: Extent) -> None:
    numbers = ROW.findall(part)
    extent.unnumbered += numbers.count(b"")
    extent.row = max([extent.row, *(int(number) for number in numbers if number)])


def _take_cells(part: bytes, extent: Extent) -> None:
    odd = _beyond(min(extent.column, 26), extent.row).findall(part)
    for letters, number in set(odd) - {(b"", b"")}:
        extent.column, extent.row = max(extent.column, _column(letters)), max(extent.row, int(number))
    if (b"", b"") in odd or extent.open_run:
        runs = [one.count(b"<c") for one in part.split(b"<row")]
        runs[0] += extent.open_run
        extent.run, extent.open_run = max(extent.run, *runs), runs[-1]


def _beyond(column: int, row: int) -> re.Pattern[bytes]:
    """Cells that do not stand in the first columns and rows, the usual ones: a sheet has millions of those.

    Rows are told by their length and first digit, so that a cell may lie about its row, but not by twice as much.
    """
    return _beyond_digits(column, len(str(row)), str(row)[0])


@cache
def _beyond_digits(column: int, length: int, first: str) -> re.Pattern[bytes]:
    shorter = rf"\d{{1,{length - 1}}}\"|" if length > 1 else ""
    usual = (
        rf'(?!r="[A-{chr(64 + column)}](?:{shorter}[1-{first}]\d{{{length - 1}}}"))' if column and first != "0" else ""
    )
    return re.compile(rf"<c[\s/>]{usual}(?:[^<>]*?\br\s*=\s*[\"']([A-Za-z]{{1,7}})(\d{{1,10}}))?".encode())


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def check_xlsb(source: Path | bytes, room: Room) -> None:
    """Go through the records of an .xlsb.

    Raises:
        CcmError: `file-too-large`.
    """
    with openxml.opened(source) as package:
        cells = 0
        for name in package.namelist():
            # Names of sheets are free here, too; a part that is none has no beginning of cells in it.
            if name.endswith(".bin"):
                row = column = -1
                for kind, at in _cells(content := b"".join(inflated(package, package.getinfo(name)))):
                    number = int.from_bytes(content[at : at + 4], "little")
                    if kind == 0:
                        row = max(row, number)
                    else:
                        column = max(column, number)
                cells += room.hold(row + 1, column + 1)
        room.hold(cells, 1)


def _cells(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield row headers (0) and cells (1–11) of a sheet, each with where its content begins."""
    at, end, begun = 0, len(content), False
    while at + 1 < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind, at = kind & 0x7F | content[at] << 7, at + 1
        size = shift = 0
        while at < end:
            byte = content[at]
            size, shift, at = size | (byte & 0x7F) << shift, shift + 7, at + 1
            if byte < 0x80 or shift > 21:
                break
        begun = begun or kind == BEGIN_CELLS
        if begun and kind <= 11:
            yield kind, at
        at += size


def check_ods(source: Path | bytes, room: Room) -> None:
    """Count the rows and columns of an .ods, repeated ones included; blank ones at the end do not count.

    Raises:
        CcmError: `file-too-large`.
    """
    with openxml.opened(source) as package:
        check_sizes(package, {"content.xml"})
        content = b"".join(inflated(package, package.getinfo("content.xml")))
    cells = rows = columns = blank = 0
    for times, width in _ods_rows(content):
        if times == 0:
            cells, rows, columns, blank = cells + room.hold(rows, columns), 0, 0, 0
        elif width:
            rows, columns, blank = rows + blank + times, max(columns, width), 0
        else:
            blank += times
    room.hold(cells + room.hold(rows, columns), 1)


def _ods_rows(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield how often each row of an .ods stands there, and its columns up to the last that holds anything.

    A row that stands there no times begins a table.
    """
    times = width = blank = 0
    for tag in ODS_TAG.finditer(content):
        again = int(found[1]) if (found := REPEATED.search(tag[2])) else 1
        if tag[1] in {b"table", b"table-row"}:
            if times:
                yield times, width
            if tag[1] == b"table":
                yield 0, 0
            times, width, blank = (again if tag[1] == b"table-row" else 0), 0, 0
        elif tag[2].endswith(b"/") and b"value" not in tag[2] and b"formula" not in tag[2]:
            blank += again
        else:
            width, blank = width + blank + again, 0
    if times:
        yield times, width
