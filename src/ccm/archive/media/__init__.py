"""Is an evidence file what it claims: readable from end to end, and of a kind its item accepts?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ccm.archive.media.form import UNKNOWN, Kind, Media, Unsound, misnamed, recognise
from ccm.archive.media.paper import leaf, unpack
from ccm.archive.media.picture import look
from ccm.archive.media.recording import hear

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ACCEPTED", "KIND_TITLES", "PAPER", "Media", "inspect"]

KIND_TITLES: dict[Kind, str] = {
    "image": "图片",
    "pdf": "PDF",
    "recording": "录音",
    "document": "文档",
    "unknown": UNKNOWN,
}
READERS = {"image": look, "pdf": leaf, "recording": hear, "document": unpack}


SCAN: frozenset[Kind] = frozenset({"image", "pdf"})
PAPER: frozenset[Kind] = SCAN | {"document"}

ACCEPTED: dict[str, frozenset[Kind]] = {
    "original": PAPER,
    "waybill": SCAN,
    "delivery": SCAN,
    "returned": SCAN,
    "posting_list": PAPER,
    "receipt": SCAN,
    "recording": frozenset({"recording"}),
    "photo_gate": frozenset({"image"}),
    "photo_door": frozenset({"image"}),
}
"""What kinds of file a letter's papers may be (L10, and the slip that proves who received it), and a visit's (V5).

Every other paper, which proves what keeps a right (law.md §1.2), may be a `PAPER`.
"""


def inspect(path: Path) -> Media:
    """Read an evidence file from end to end and return what it is.

    Nothing a file holds raises: what cannot be read whole has `trouble`.
    A file whose ending does not fit its content has trouble too, and keeps what was read of it.
    """
    try:
        if not path.is_file():  # a pipe, for one, never ends
            return Media("unknown", trouble="不是文件" if path.exists() else "文件不存在")
        media = recognise(path)
    except OSError:
        return Media("unknown", trouble="文件读不出来：没有权限、被别的程序占用，或盘有坏道")
    return media if media.trouble else _read(path, media)


def _read(path: Path, media: Media) -> Media:
    try:
        seen = READERS[media.kind](path, media)
    except Unsound as error:
        return replace(media, trouble=str(error))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the libraries raise what they like on broken files
        return replace(media, trouble=f"打不开的{KIND_TITLES[media.kind]}")
    return replace(seen, trouble=misnamed(path, seen.format))
