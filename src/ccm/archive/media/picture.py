"""Pictures: is one whole, when and where was it taken?"""

from __future__ import annotations

import warnings
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccm.archive.media.form import CUT, Unsound
from ccm.archive.media.moment import moment
from ccm.archive.media.structure import boxes, end_gif, end_jpeg, end_riff, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from mmap import mmap
    from pathlib import Path

    from PIL.Image import Image

    from ccm.archive.media.form import Media

TOO_LARGE = "图片太大，无法检查"
LARGEST_BYTES = 330_000_000
"""No picture is unpacked into more memory: an A3 page in colour at 600 dpi fits, and any phone's photo."""
MOST_PAGES = 2000

EXIF_IFD, GPS_IFD, TAKEN_AT = 0x8769, 0x8825, 0x9003
NORTH_SOUTH, LATITUDE, EAST_WEST, LONGITUDE = 1, 2, 3, 4
STRIPS, TILES = (273, 279), (324, 325)
"""A TIFF's tags for where its strips or tiles start, and how long they are."""


def look(path: Path, media: Media) -> Media:
    """Decode a picture from end to end.

    Raises:
        Unsound: It is cut, or too large to look at.
        Exception: Whatever Pillow raises on what it cannot decode.
    """
    with closing(opened(path)) as content:
        _end(content, media.format)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd tags do not make a picture unreadable
        if media.format == "TIFF":  # but a TIFF is nothing but tags
            warnings.filterwarnings("error", message=".*(Truncated|Corrupt)")
        try:
            return _decode(path, media)
        except (OSError, SyntaxError, EOFError, Warning) as error:
            if isinstance(error, EOFError | Warning) or "truncat" in str(error).lower():
                raise Unsound(CUT) from error
            raise


def _end(content: mmap, name: str) -> None:
    if name == "JPEG":
        end_jpeg(content)
    elif name == "GIF":
        end_gif(content)
    elif name == "WEBP":
        end_riff(content)
    elif name == "HEIC":
        list(boxes(content, 0, len(content)))


def _decode(path: Path, media: Media) -> Media:
    from PIL import Image

    if media.format == "HEIC":
        from pi_heif import register_heif_opener

        register_heif_opener()
    decoders = ["HEIF" if media.format == "HEIC" else media.format]
    try:
        if media.format == "PNG":
            with Image.open(path, formats=decoders) as image:
                image.verify()  # the checksums and the end mark, which decoding passes over
        with Image.open(path, formats=decoders) as image:
            _load(image, path.stat().st_size)
            taken_at, place = _noted(image)
    except Image.DecompressionBombError as error:
        raise Unsound(TOO_LARGE) from error
    return replace(media, taken_at=taken_at, place=place)


def _load(image: Image, length: int) -> None:
    """Decode a picture, the pages of a TIFF from the last to the first; what else follows one is decoration."""
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if pages > MOST_PAGES:
        raise Unsound(TOO_LARGE)
    for page in reversed(range(pages)):
        image.seek(page)
        _reach(image, length)
        image.draft("L", (1, 1))  # of a JPEG all is read, but an eighth of its width and height unpacked
        if _memory(image) > LARGEST_BYTES:
            raise Unsound(TOO_LARGE)
        image.load()


def _reach(image: Image, length: int) -> None:
    """Compare a TIFF page's own figures with the file's length before its decoder does: that talks to the terminal."""
    tags = getattr(image, "tag_v2", {})
    for starts, lengths in (STRIPS, TILES):
        parts = zip(tags.get(starts, ()), tags.get(lengths, ()), strict=False)
        if any(start + size > length for start, size in parts):
            raise Unsound(CUT)


def _memory(image: Image) -> int:
    """Return about how many bytes decoding takes, as measured."""
    pixels = image.width * image.height
    if image.info.get("progressive"):  # keeps its coefficients whole, though unpacked at an eighth
        return pixels * 64 * 4
    if image.format == "HEIF":
        return pixels * 6
    return pixels * (1 if image.mode in {"1", "L", "P"} else 4)


def _noted(image: Image) -> tuple[datetime | None, tuple[float, float] | None]:
    """Return when and where the camera says it took the picture; what cannot be read was not noted."""
    try:
        exif = image.getexif()
        taken_at = moment(str(exif.get_ifd(EXIF_IFD).get(TAKEN_AT, "")))
        gps = exif.get_ifd(GPS_IFD)
    except Exception:  # noqa: BLE001 - notes are written by any device, in any state
        return None, None
    return taken_at, _place(gps)


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Return the degrees; phones without a fix write zeros, or fractions of zero."""
    try:
        latitude = _degrees(gps[LATITUDE], negative="S" in str(gps.get(NORTH_SOUTH)))
        longitude = _degrees(gps[LONGITUDE], negative="W" in str(gps.get(EAST_WEST)))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    known = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)
    return (latitude, longitude) if known else None


def _degrees(parts: Iterable[float], *, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return round((degrees + minutes / 60 + seconds / 3600) * (-1 if negative else 1), 6)
