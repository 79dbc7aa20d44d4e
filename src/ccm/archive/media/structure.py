"""Does a file go on to where it says it ends?

The libraries read what is there and are content; only the formats' own lengths and end marks tell a cut file.
Each function takes a file's content and raises `Unsound` where it stops before its end.
"""

from __future__ import annotations

import re
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING, Literal

from ccm.archive.media.form import CUT, DAMAGED, Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
"""A marker with a meaning: not a stuffed byte, a restart or a filler."""
START_OF_IMAGE, END_OF_IMAGE = 0xD8, 0xD9
Part = tuple[bytes, int, int]
"""A part of a container: its name, where its content starts and where it ends."""


def opened(path: Path) -> mmap:
    """Map a file into memory: what is looked at is read, and no more."""
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def number(content: mmap, at: int, size: int, order: Literal["big", "little"] = "big") -> int:
    """Return the unsigned number of `size` bytes at a place."""
    field = content[at : at + size]
    if len(field) < size:
        raise Unsound(CUT)
    return int.from_bytes(field, order)


def end_jpeg(content: mmap) -> None:
    """Walk to the end mark of the first picture; phones append further pictures, film and notes after it."""
    at = 0
    while found := JPEG_MARKER.search(content, at):
        marker, at = content[found.end() - 1], found.end()
        if marker == END_OF_IMAGE:
            return
        if marker != START_OF_IMAGE:
            at += number(content, at, 2)
    raise Unsound(CUT)


def end_gif(content: mmap) -> None:
    """Walk over the frames and notes to the closing semicolon."""
    at = 13 + _colours(number(content, 10, 1))
    while (block := content[at : at + 1]) != b";":
        if block == b",":
            at += 11 + _colours(number(content, at + 9, 1))
        elif block == b"!":
            at += 2
        else:
            raise Unsound(DAMAGED if block else CUT)
        while size := number(content, at, 1):
            at += 1 + size
        at += 1


def end_riff(content: mmap) -> None:
    """Compare the length a RIFF file (WAV, WebP) gives itself."""
    if 8 + number(content, 4, 4, "little") > len(content):
        raise Unsound(CUT)


def chunks(content: mmap) -> Iterator[Part]:
    """Go through a RIFF file's chunks."""
    at = 12
    while at + 8 <= len(content):
        start, size = at + 8, number(content, at + 4, 4, "little")
        if start + size > len(content):
            raise Unsound(CUT)
        yield content[at : at + 4], start, start + size
        at = start + size + size % 2


def boxes(content: mmap, start: int, end: int) -> Iterator[Part]:
    """Go through the boxes of an ISO media file (HEIC, M4A, MP4, 3GP, MOV) between two places."""
    at = start
    while at < end and content[at : min(at + 8, end)].strip(b"\0"):  # some recorders pad with zeros
        size, header = number(content, at, 4), 8
        if size == 1:
            size, header = number(content, at + 8, 8), 16
        elif size == 0:  # the last box goes on to the end
            size = end - at
        if size < header:
            raise Unsound(DAMAGED)
        if at + size > end:
            raise Unsound(CUT)
        yield content[at + 4 : at + 8], at + header, at + size
        at += size


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
