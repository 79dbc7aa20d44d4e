"""What form a file has, told by its content: phones and scanners name files as they like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

Kind = Literal["image", "pdf", "recording", "document", "unknown"]

EMPTY = "空文件"
CUT = "文件被截断"
DAMAGED = "文件内容损坏"
UNKNOWN = "不认得的格式"


@dataclass(frozen=True, slots=True)
class Media:
    """What an evidence file is, by its content.

    `trouble` is empty where the file can be read whole, else a short reason in Chinese.
    `taken_at` is what the device wrote, in China's time zone; it proves no more than the device's clock.
    `place` is latitude and longitude in degrees, `seconds` the length of a recording.
    """

    kind: Kind
    format: str = ""
    trouble: str = ""
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    pages: int | None = None
    seconds: float | None = None


class Unsound(Exception):  # noqa: N818 - said of a file; it never leaves the archive
    """The file cannot be read whole; the message is the reason, in Chinese."""


FORMATS: dict[str, tuple[Kind, str]] = {
    "JPEG": ("image", "jpg jpeg jpe jfif"),
    "PNG": ("image", "png"),
    "HEIC": ("image", "heic heif hif"),
    "WEBP": ("image", "webp"),
    "GIF": ("image", "gif"),
    "BMP": ("image", "bmp dib"),
    "TIFF": ("image", "tif tiff"),
    "PDF": ("pdf", "pdf"),
    "MP3": ("recording", "mp3"),
    "M4A": ("recording", "m4a mp4 m4b 3gp 3gpp mov"),
    "MP4": ("recording", "mp4 m4a m4v 3gp 3gpp mov"),
    "3GP": ("recording", "3gp 3gpp 3ga 3g2 mp4 m4a"),
    "MOV": ("recording", "mov qt mp4"),
    "AAC": ("recording", "aac"),
    "AMR": ("recording", "amr"),
    "AMR-WB": ("recording", "awb amr"),
    "WAV": ("recording", "wav wave"),
    "OGG": ("recording", "ogg oga opus"),
    "DOCX": ("document", "docx docm"),
    "XLSX": ("document", "xlsx xlsm"),
}
"""Each format's kind, and the endings under which programs open it; one container serves M4A, MP4, 3GP and MOV."""

STARTS = (
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"RIFF....WEBP", "WEBP"),
    (rb"GIF8[79]a", "GIF"),
    (rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", "BMP"),
    (rb"II\*\0|MM\0\*", "TIFF"),
    (rb".{0,1000}?%PDF-", "PDF"),
    (rb"#!AMR\n", "AMR"),
    (rb"#!AMR-WB\n", "AMR-WB"),
    (rb"RIFF....WAVE", "WAV"),
    (rb"OggS", "OGG"),
    (rb"....ftyp(hei|hev|mif1|msf1)", "HEIC"),
    (rb"....ftyp(M4A|M4B)", "M4A"),
    (rb"....ftyp(3gp|3g2)", "3GP"),
    (rb"....(ftypqt|moov|mdat|wide)", "MOV"),
    (rb"....ftyp(?!avi[fs])", "MP4"),
    (rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]", "MP3"),
    (rb"\xff[\xf0\xf1\xf8\xf9]", "AAC"),
)
"""How a file of each format begins; the first that fits holds. PDF allows some bytes before its header."""
PATTERNS = tuple((re.compile(start, re.DOTALL), name) for start, name in STARTS)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_BYTES, TAIL_BYTES, BLOCK_BYTES = 8192, 65536, 1 << 20


def recognise(path: Path) -> Media:
    """Return the kind and format of a file, with trouble where there is nothing to read on.

    Raises:
        OSError: The file cannot be opened, or not be read to its end.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        while file.read(BLOCK_BYTES):  # what the disk cannot give shows here; in mapped memory it would kill the run
            pass
        file.seek(max(0, file.tell() - TAIL_BYTES))
        tail = file.read()
    if not head.strip(b"\0"):
        return Media("unknown", trouble=EMPTY)
    if head.startswith(OLE):
        return Media("document", "OLE")
    name = _office(head + tail) if head.startswith(ZIP) else _begun(head)
    if not name:
        return Media("unknown", trouble=UNKNOWN)
    return Media(FORMATS[name][0], name)


def misnamed(path: Path, name: str) -> str:
    """Return why a file's ending does not fit its format, else nothing: Windows opens files by their ending."""
    ending = path.suffix.lower().removeprefix(".")
    if ending in FORMATS[name][1].split():
        return ""
    return f"内容是{name}，却叫.{ending}" if ending else f"内容是{name}，却没有扩展名"


def _begun(head: bytes) -> str:
    return next((name for pattern, name in PATTERNS if pattern.match(head)), "")


def _office(ends: bytes) -> str:
    """A zip lists its members' names at its end and each name before its member."""
    return "DOCX" if b"word/" in ends else "XLSX" if b"xl/" in ends else ""
