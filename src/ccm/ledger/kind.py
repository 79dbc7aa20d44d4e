"""What kind of file a ledger is, told by its content: banks' systems name HTML tables .xls."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.safe import spoken

if TYPE_CHECKING:
    from io import BytesIO
    from pathlib import Path

    from ccm.bounds import Room


class Kind(StrEnum):
    """The kinds of file that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    CSV = "csv"
    PARQUET = "parquet"
    HTML = "html"
    LOCKED = "locked"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")
OTHERS = {
    b"%PDF": "PDF 文档",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "gzip 压缩包",
    b"SQLite format 3": "SQLite 数据库",
    b"{\\rtf": "RTF 文档",
}
MOST_TURNS = 1_000_000
"""How often a password may be digested: Excel does it 100,000 times, and a workbook says how often."""


def kind(path: Path, room: Room) -> Kind:
    """Return the kind of a file.

    Raises:
        CcmError: `file-missing`, `file-unreadable`, `file-empty`, `file-broken`, `file-too-large`, or `file-kind` for
            what is no table.
    """
    if path.is_dir() and any(path.rglob("*.parquet")):
        return Kind.PARQUET
    start = _start(path)
    if not start.strip(b"\x00"):
        raise CcmError("file-empty", where=str(path))
    for magic, what in OTHERS.items():
        if start.startswith(magic):
            raise CcmError("file-kind", where=str(path), what=what)
    if start.startswith(b"PAR1"):
        return Kind.PARQUET
    if start.startswith(b"PK"):
        return zipped(path, room)
    if start.startswith(OLE):
        return _ole(path)
    if start.startswith(BIFF):
        return Kind.XLS
    return _text(path, start)


def _start(path: Path) -> bytes:
    if not path.exists():
        raise CcmError("file-missing", file=path)
    if not path.is_file() and not path.is_dir():
        raise CcmError("file-unreadable", where=str(path), reason="不是普通的文件")
    try:
        with path.open("rb") as file:
            return file.read(8192)
    except OSError as error:
        raise CcmError("file-unreadable", where=str(path), reason=spoken(error)) from error


def zipped(source: Path | BytesIO, room: Room) -> Kind:
    """Return the kind of a zip package, by the sizes that it claims; whether they are true is found on unpacking.

    Raises:
        CcmError: `file-broken`, `file-too-large`, `file-kind`.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            names = {info.filename for info in members}
            room.unpack(sum(info.file_size for info in members))
            mime = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise CcmError("file-broken", where=room.where, reason="压缩结构不完整") from error
    # Two members of one name are read as one by this library and as the other by that; so are odd ways of packing.
    if len({name.lower() for name in names}) < len(members) or {one.compress_type for one in members} - {0, 8}:
        raise CcmError("file-broken", where=room.where, reason="压缩结构不合常规")
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    if any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    if b"opendocument.spreadsheet" in mime:
        return Kind.ODS
    what = "Word 文档" if any(name.startswith("word/") for name in names) else "压缩包"
    raise CcmError("file-kind", where=room.where, what=what)


def _ole(path: Path) -> Kind:
    """Old .xls, or a new workbook wrapped in encryption; both are compound files."""
    import msoffcrypto

    content = path.read_bytes()
    if not any(name.encode("utf-16-le") in content for name in ("EncryptedPackage", "Workbook", "Book")):
        raise CcmError("file-kind", where=str(path), what="旧版 Word 文档或其他 Office 文件")
    try:
        with path.open("rb") as file:
            office = msoffcrypto.OfficeFile(file)
            turns = (getattr(office, "info", None) or {}).get("spinValue", 0)
            found = Kind.LOCKED if office.is_encrypted() else Kind.XLS
    except Exception as error:  # the library raises what it likes on broken files
        raise CcmError("file-broken", where=str(path), reason="文件内部结构不完整") from error
    if turns > MOST_TURNS:
        raise CcmError("file-broken", where=str(path), reason="加密的参数不合常理")
    return found


def _text(path: Path, start: bytes) -> Kind:
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if (
        head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<?xml", b"<style"))
        or b"<table" in head
    ):
        return Kind.HTML
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.CSV
    if b"\x00" in start or sum(byte < 9 or 13 < byte < 32 for byte in start) > len(start) // 100:
        raise CcmError("file-kind", where=str(path), what="不认识的二进制文件")
    return Kind.CSV
