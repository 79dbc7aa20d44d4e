"""Recordings that are a row of frames with nothing around them: MP3, AAC, AMR.

They say nowhere how long they are, so every frame is visited: a cut file ends within one.
A cut exactly between two frames leaves a whole, shorter recording; only an MP3 that counts its frames betrays it.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from ccm.archive.media.form import CUT, DAMAGED, Unsound

if TYPE_CHECKING:
    from collections.abc import Callable
    from mmap import mmap

    Step = Callable[[mmap, int], tuple[int, float]]
    """Tells a frame's length in bytes and in seconds."""

AMR_SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 7, 6, 6, 0, 0, 0, 1)
AMR_WB_SIZES = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)
"""Bytes per frame type with its header; 0 where no such type exists (RFC 4867 §5.3, 3GPP TS 26.101 and 26.201)."""
AMR_SECONDS = 0.02

KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Bit rates of MPEG-1 and MPEG-2 layer III by the header's index (ISO 11172-3, 13818-3)."""
MP3_RATES = (44100, 48000, 32000)
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
COUNT = re.compile(rb"(?:Xing|Info)\0\0\0[\x01\x03\x05\x07\x09\x0b\x0d\x0f](.{4})", re.DOTALL)
"""What the first frame of many an MP3 holds: how many follow."""


def mp3_seconds(content: mmap) -> float:
    """Walk an MP3 between its tags; return its length.

    Raises:
        Unsound: It ends within a frame, has fewer frames than it counts, or something else between them.
    """
    start, end = _untagged(content)
    frames, seconds = _walk(content, start, end, _mp3)
    found = COUNT.search(content, start, min(start + 64, end))
    if found and frames < int.from_bytes(found[1], "big"):
        raise Unsound(CUT)
    return seconds


def aac_seconds(content: mmap) -> float:
    """Walk the frames of an AAC stream; return its length.

    Raises:
        Unsound: It ends within a frame, or there is something else between them.
    """
    return _walk(content, 0, len(content), _aac)[1]


def amr_seconds(content: mmap) -> float:
    """Walk the frames of an AMR recording, narrow or wide band; return its length.

    Raises:
        Unsound: It ends within a frame, or there is something else between them.
    """
    wide = content[:9] == b"#!AMR-WB\n"
    return _walk(content, 9 if wide else 6, len(content), partial(_amr, AMR_WB_SIZES if wide else AMR_SIZES))[1]


def _walk(content: mmap, at: int, end: int, step: Step) -> tuple[int, float]:
    frames, total = 0, 0.0
    while at < end:
        try:
            size, seconds = step(content, at)
        except IndexError:
            raise Unsound(CUT) from None
        if not size:
            raise Unsound(DAMAGED)
        frames, total, at = frames + 1, total + seconds, at + size
    if at > end:
        raise Unsound(CUT)
    return frames, total


def _amr(sizes: tuple[int, ...], content: mmap, at: int) -> tuple[int, float]:
    """The header's spare bits are 0; a header all 0 is no speech but a gap in the file."""
    header = content[at]
    return (sizes[header >> 3 & 15] if header and not header & 0x83 else 0), AMR_SECONDS


def _mp3(content: mmap, at: int) -> tuple[int, float]:
    sync, kind, rates = content[at], content[at + 1], content[at + 2]
    version, index, rate = kind >> 3 & 3, rates >> 4, rates >> 2 & 3
    if sync != 0xFF or kind & 0xE6 != 0xE2 or version == 1 or index in {0, 15} or rate == 3:
        return 0, 0.0
    hertz = MP3_RATES[rate] >> (2, 0, 1, 0)[version]
    kbits, samples = (KBITS_1[index], 1152) if version == 3 else (KBITS_2[index], 576)
    return samples * 125 * kbits // hertz + (rates >> 1 & 1), samples / hertz


def _aac(content: mmap, at: int) -> tuple[int, float]:
    rate = content[at + 2] >> 2 & 15
    size = (content[at + 3] & 3) << 11 | content[at + 4] << 3 | content[at + 5] >> 5
    if content[at] != 0xFF or content[at + 1] & 0xF6 != 0xF0 or rate >= len(AAC_RATES) or size < 7:
        return 0, 0.0
    return size, 1024 * ((content[at + 6] & 3) + 1) / AAC_RATES[rate]


def _untagged(content: mmap) -> tuple[int, int]:
    """Return where the frames start and end: ID3 before them, ID3v1 and APE tags behind."""
    start, end = 0, len(content)
    while content[start : start + 3] == b"ID3":
        size = 0
        for byte in content[start + 6 : start + 10]:
            size = size << 7 | byte & 0x7F
        start += 10 + size + (10 if content[start + 5] & 0x10 else 0)
    if content[max(start, end - 128) : end][:3] == b"TAG":
        end -= 128
    if content[max(start, end - 32) : end][:8] == b"APETAGEX":
        end -= 32 + int.from_bytes(content[end - 20 : end - 16], "little") - (0 if content[end - 9] & 0x80 else 32)
    if start >= end:
        raise Unsound(CUT)
    return start, end
