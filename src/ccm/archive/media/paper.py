"""Papers kept as files: PDF, and the Word and Excel files they were printed from."""

from __future__ import annotations

import logging
import re
import zipfile
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccm.archive.media.form import CUT, DAMAGED, Unsound
from ccm.archive.media.structure import opened

if TYPE_CHECKING:
    from mmap import mmap
    from pathlib import Path

    from pypdf import PageObject, PdfReader

    from ccm.archive.media.form import Media

LOCKED_PDF = "有密码的PDF"
LOCKED = "有密码的文档"
OLD_OFFICE = "旧版Office文件，请另存为docx、xlsx或PDF"
NO_PAGES = "PDF里没有页"
TOO_LARGE = "解开后大得不合常理"
LARGEST_BYTES = 1024**3
"""No honest letter or list unpacks to more than this."""

LINEARIZED = re.compile(rb"/Linearized\b[^>]*?/L\s+(\d+)")


def leaf(path: Path, media: Media) -> Media:
    """Go through a PDF page by page.

    Raises:
        Unsound: It is cut, damaged, empty or asks for a password to be read.
        Exception: Whatever pypdf raises on what it cannot read.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # its remarks are not for the terminal
    with closing(opened(path)) as content:
        _end(content)
    with path.open("rb") as file:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unsound(LOCKED_PDF)
        seen: set[int] = set()
        for page in reader.pages:
            _touch(page, reader, seen)
        pages = len(reader.pages)
    if not pages:
        raise Unsound(NO_PAGES)
    return replace(media, pages=pages)


def unpack(path: Path, media: Media) -> Media:
    """Unpack a Word or Excel file against its checksums.

    Raises:
        Unsound: It is cut, damaged, locked, or of the kind before 2007.
        Exception: Whatever zipfile raises on what it cannot read.
    """
    if media.format == "OLE":
        with closing(opened(path)) as content:
            locked = content.find("EncryptedPackage".encode("utf-16-le")) >= 0
        raise Unsound(LOCKED if locked else OLD_OFFICE)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_BYTES:
                raise Unsound(TOO_LARGE)
            if archive.testzip():
                raise Unsound(DAMAGED)
    except zipfile.BadZipFile as error:
        raise Unsound(CUT) from error
    return media


def _end(content: mmap) -> None:
    """A PDF ends with a mark; one made for the web says at its start how long it is, as it has a mark early too."""
    if b"%%EOF" not in content[-8192:].rstrip(b"\0\r\n\t ")[-1024:]:
        raise Unsound(CUT)
    found = LINEARIZED.search(content, 0, 2048)
    if found and int(found[1]) > len(content):
        raise Unsound(CUT)


def _touch(page: PageObject, reader: PdfReader, seen: set[int]) -> None:
    """Read what a page shows, each object once, and let go of it: a book of scans would stay in memory.

    What the file names but does not hold comes as null.
    """
    from pypdf.generic import ArrayObject, IndirectObject, NullObject

    text = _part(page, "/Contents", ArrayObject())
    images = _part(_part(page, "/Resources", {}), "/XObject", {})
    for part in (*(text if isinstance(text, ArrayObject) else [text]), *images.values()):
        number = part.idnum if isinstance(part, IndirectObject) else 0
        if number in seen:
            continue
        if part is None or isinstance(part.get_object(), NullObject | None):
            raise Unsound(DAMAGED)
        if number:
            seen.add(number)
            reader.resolved_objects.pop((part.generation, number), None)


def _part(holder: Any, name: str, otherwise: Any) -> Any:  # noqa: ANN401 - a PDF's objects are of any type
    return holder[name] if name in holder else otherwise  # noqa: SIM401 - `get` does not follow references
