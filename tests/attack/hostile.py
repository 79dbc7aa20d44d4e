"""Ledgers made to do harm, small on disk; each maker writes one file and returns its path."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HEAD = ("借据号", "客户名称", "贷款余额", "拖欠本金", "拖欠利息", "最早欠本日期", "地址")
ROW = ("0062001", "张三", "50000", "100", "10", "2026-09-01", "一路1号")
BLOCK = 1 << 24

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
LINKS = (
    f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{DOC}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{DOC}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
ROOT = (
    f'<Relationships xmlns="{RELS}"><Relationship Id="r0" Type="{DOC}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)


def line(number: int, cells: Iterable[str]) -> str:
    """A row of texts, each in its cell."""
    inner = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{one}</t></is></c>' for at, one in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'


GOOD = line(1, HEAD) + line(2, ROW)


def sheet(rows: str = GOOD, after: str = "", before: str = "") -> str:
    """A worksheet of these rows."""
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{DOC}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx(path: Path, member: str | None = None, **others: str) -> Path:
    """A workbook whose one sheet is `member`; other members by their names, `xl__styles.xml` for xl/styles.xml."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": member or sheet(),
        **{name.replace("__", "/"): content for name, content in others.items()},
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def swollen(start: bytes, fill: bytes, size: int, end: bytes) -> tuple[bytes, int, int]:
    """Deflate start + fill… + end without holding it: the stream, its inflated size and checksum."""
    block = fill * (BLOCK // len(fill))
    count = max(size // len(block), 1)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = deflate.compress(start) + deflate.flush(zlib.Z_FULL_FLUSH)
    alone = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = alone.compress(block) + alone.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    crc = zlib.crc32(start)
    for _ in range(count):
        crc = zlib.crc32(block, crc)
    stream += piece * count + last.compress(end) + last.flush()
    return stream, len(start) + count * len(block) + len(end), zlib.crc32(end, crc)


def put(package: zipfile.ZipFile, member: str, parts: tuple[bytes, bytes, int, bytes], said: int | None = None) -> None:
    """Add a member that inflates to start + fill… + end; `said` is the size it claims instead."""
    stream, size, crc = swollen(*parts)
    info = zipfile.ZipInfo(member)
    file: Any = package.fp
    info.header_offset = file.tell()
    info.compress_type = zipfile.ZIP_DEFLATED
    info.file_size, info.compress_size, info.CRC = size if said is None else said, len(stream), crc
    file.write(info.FileHeader(zip64=info.file_size >= 2**32) + stream)
    inside: Any = package
    inside.start_dir = file.tell()
    inside.filelist.append(info)
    inside.NameToInfo[member] = info
    inside._didModify = True  # noqa: SLF001


def bomb(path: Path, member: str, parts: tuple[bytes, bytes, int, bytes], said: int | None = None) -> Path:
    """A good workbook whose `member` is swollen (`put`)."""
    xlsx(path)
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name != member}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in kept.items():
            package.writestr(name, content)
        put(package, member, parts, said)
    return path


SHEET = "xl/worksheets/sheet1.xml"
OPEN, CLOSE = (part.encode() for part in sheet(GOOD + "\0").split("\0"))


LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 12))
    + "]>"
)


def far(cell: str) -> str:
    """A row with one number, far out."""
    return f'<row r="{cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{cell}"><v>1</v></c></row>'


ODS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def ods_row(cells: Iterable[str], times: int = 1, wide: int = 1) -> str:
    """A row of an .ods that stands there `times`, with each of its cells `wide`."""
    inner = "".join(
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{wide}"><text:p>{one}</text:p>'
        "</table:table-cell>"
        for one in cells
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{inner}</table:table-row>'


def ods(path: Path, rows: str, before: str = "") -> Path:
    """An .ods of these rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr(
            "content.xml",
            f'{before}<office:document-content {ODS}><office:body><office:spreadsheet><table:table table:name="S">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def record(kind: int, content: bytes) -> bytes:
    """One record of an .xlsb."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + length + content


def wide(text: str) -> bytes:
    """A text of an .xlsb."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_row(number: int, cells: Iterable[str]) -> bytes:
    """A row of texts of an .xlsb, counted from 0."""
    return record(0, struct.pack("<II", number, 0) + bytes(9)) + b"".join(
        record(6, struct.pack("<II", at, 0) + wide(one)) for at, one in enumerate(cells)
    )


def xlsb_far(row: int, column: int) -> bytes:
    """A row of an .xlsb with one number, far out."""
    return record(0, struct.pack("<II", row, 0) + bytes(9)) + record(5, struct.pack("<IId", column, 0, 1.0))


def xlsb(path: Path, rows: bytes) -> Path:
    """An .xlsb of these rows."""
    book = record(0x83, b"") + record(0x8F, b"") + record(0x9C, struct.pack("<II", 0, 1) + wide("r1") + wide("S"))
    begin = record(0x81, b"") + record(0x94, struct.pack("<IIII", 0, 10, 0, 10)) + record(0x91, b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("xl/workbook.bin", book + record(0x90, b"") + record(0x84, b""))
        package.writestr("xl/_rels/workbook.bin.rels", LINKS.replace(".xml", ".bin"))
        package.writestr("xl/worksheets/sheet1.bin", begin + rows + record(0x92, b"") + record(0x82, b""))
    return path
