"""Recordings: is one whole, how long is it, when was it made?"""

from __future__ import annotations

import re
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ccm.archive.media.form import CUT, DAMAGED, Unsound
from ccm.archive.media.frames import aac_seconds, amr_seconds, mp3_seconds
from ccm.archive.media.moment import CHINA, moment
from ccm.archive.media.structure import boxes, chunks, end_riff, number, opened

if TYPE_CHECKING:
    from mmap import mmap
    from pathlib import Path

    from tinytag import TinyTag

    from ccm.archive.media.form import Media

SILENT = "录音是空的"
NO_SOUND = "录像里没有声音"
WALKED = {"MP3": mp3_seconds, "AAC": aac_seconds, "AMR": amr_seconds, "AMR-WB": amr_seconds}
TAGGED = {"MP3", "WAV", "OGG", "M4A", "MP4"}

EPOCH = datetime(1904, 1, 1, 8, tzinfo=CHINA)
"""From when ISO media files count seconds: midnight in Greenwich."""
CREDIBLE = range(2_713_910_400, 2**32)
"""From 1990 on; some devices leave the field empty, some count from 1970."""
SOUND_TRACK = re.compile(rb"hdlr.{8}soun", re.DOTALL)
NOTED_AT = slice(320, 338)
"""Where a broadcast wave notes day and time (EBU Tech 3285)."""


def hear(path: Path, media: Media) -> Media:
    """Go through a recording from end to end.

    Raises:
        Unsound: It is cut, damaged, empty or without sound.
        Exception: Whatever a number that makes no sense leads to.
    """
    with closing(opened(path)) as content:
        if media.format in WALKED:
            heard = replace(media, seconds=WALKED[media.format](content))
        elif media.format == "WAV":
            heard = _wav(content, media)
        elif media.format == "OGG":
            heard = _ogg(path, content, media)
        else:
            heard = _film(content, media)
    if heard.seconds == 0:
        raise Unsound(SILENT)
    seconds = None if heard.seconds is None else round(heard.seconds, 3)
    return replace(heard, seconds=seconds, taken_at=heard.taken_at or _tagged(path, media.format))


def _wav(content: mmap, media: Media) -> Media:
    """The length is that of the data by the bytes per second, whatever the codec."""
    end_riff(content)
    parts = {name: (start, end) for name, start, end in chunks(content)}
    if b"fmt " not in parts or b"data" not in parts:
        raise Unsound(CUT)
    (start, end), rate = parts[b"data"], number(content, parts[b"fmt "][0] + 8, 4, "little")
    noted = content[slice(*parts.get(b"bext", (0, 0)))][NOTED_AT].decode("ascii", "replace")
    return replace(media, seconds=(end - start) / rate, taken_at=moment(noted))


def _ogg(path: Path, content: mmap, media: Media) -> Media:
    """Walk the pages; each stream in the file has a last page that says so (RFC 3533 §6)."""
    at, unfinished = 0, set[int]()
    while at < len(content):
        if content[at : at + 4] != b"OggS":
            raise Unsound(DAMAGED)
        kind, serial, segments = number(content, at + 5, 1), number(content, at + 14, 4), number(content, at + 26, 1)
        (unfinished.discard if kind & 4 else unfinished.add)(serial)
        at += 27 + segments + sum(content[at + 27 : at + 27 + segments])
    if at > len(content) or unfinished:
        raise Unsound(CUT)
    return replace(media, seconds=_tag(path).duration)


def _film(content: mmap, media: Media) -> Media:
    """M4A, MP4, 3GP and MOV: the index (`moov`) and what it points at (`mdat`) are there, and a track is sound."""
    parts = {name: (start, end) for name, start, end in boxes(content, 0, len(content))}
    if b"moov" not in parts or b"mdat" not in parts:
        raise Unsound(CUT)
    if not SOUND_TRACK.search(content, *parts[b"moov"]):
        raise Unsound(NO_SOUND)
    header = next((start for name, start, _ in boxes(content, *parts[b"moov"]) if name == b"mvhd"), None)
    if header is None:
        raise Unsound(DAMAGED)
    size = 8 if content[header] else 4  # version 1 has room for longer times
    made = number(content, header + 4, size)
    scale, length = number(content, header + 4 + 2 * size, 4), number(content, header + 8 + 2 * size, size)
    return replace(
        media,
        seconds=None if b"moof" in parts else length / scale,  # the index of fragments knows no length
        taken_at=EPOCH + timedelta(seconds=made) if made in CREDIBLE else None,
    )


def _tag(path: Path) -> TinyTag:
    """Read a tag by the file's content, whatever its name."""
    from tinytag import TinyTag

    with path.open("rb") as file:
        return TinyTag.get(file_obj=file)


def _tagged(path: Path, name: str) -> datetime | None:
    """Return the moment in a recording's tag, if its format has tags and the tag holds day and time."""
    if name not in TAGGED:
        return None
    with suppress(Exception):  # a tag that cannot be read does not make the sound unreadable
        return moment(_tag(path).year or "")
    return None
