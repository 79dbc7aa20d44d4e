"""PDFs of a run: LibreOffice converts the print file once, and the result is cut into one file per letter."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.safe import spoken, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def to_pdf(document: Path, soffice: str, profile: Path) -> Path:
    """Convert a Word file with LibreOffice, blank pages for duplex included; return the PDF beside it.

    Args:
        document: The print file.
        soffice: The program, as found or as set in ccm.toml.
        profile: A folder of our own for LibreOffice's settings, so that an open one is not disturbed.

    Raises:
        CcmError: `pdf-failed`.
    """
    options = (
        'pdf:writer_pdf_Export:{"IsSkipEmptyPages":{"type":"boolean","value":"false"},'
        '"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
    )
    command = [
        soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", options,
        "--outdir", str(document.parent), str(document),
    ]  # fmt: skip
    made = document.with_suffix(".pdf")
    try:
        made.unlink(missing_ok=True)
        ended = subprocess.run(command, capture_output=True, check=False, timeout=3600)  # noqa: S603 - the program the user set
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = spoken(error) if isinstance(error, OSError) else str(error)
        raise CcmError("pdf-failed", where=str(document), reason=reason) from error
    if not made.exists():
        raise CcmError("pdf-failed", where=str(document), reason=ended.stderr.decode(errors="replace")[-200:].strip())
    return made


def split_pdf(whole: Path, targets: Iterable[Path], told: Callable[[], None]) -> None:
    """Cut the PDF of a print file into one per letter, by the marks the print file sets at each start.

    Raises:
        CcmError: `pdf-failed` where the marks are not in it.
    """
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(whole)
    targets = list(targets)
    marks = {name.lstrip("/"): mark for name, mark in reader.named_destinations.items()}
    starts = [
        reader.get_destination_page_number(marks[name])
        for nth in range(len(targets))
        if (name := f"ccmstart{nth}") in marks
    ]
    if len(starts) != len(targets):
        raise CcmError("pdf-failed", where=str(whole), reason="分页标记不全")
    ends = [*starts[1:], len(reader.pages)]
    for target, start, end in zip(targets, starts, ends, strict=True):
        writer = PdfWriter()
        pages = reader.pages[start or 0 : end or 0]
        if len(pages) > 1 and not pages[-1].extract_text().strip():
            pages = pages[:-1]  # left blank, so that the next letter starts on the front of a sheet
        for page in pages:
            writer.add_page(page, excluded_keys=("/Annots",))  # a link would bring the page it points to along
        with written(target) as temporary:
            writer.write(temporary)
        told()
