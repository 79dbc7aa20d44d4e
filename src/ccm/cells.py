"""Small sheets that others send: which columns they have is told by their headers, and cells as text and days."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Cell = str | float | bool | date | datetime | None

TOTAL = re.compile(r"\s*(合\s*计|总\s*计|小\s*计|共\s*\d+\s*件)")
"""What a row of sums says."""
LONGEST = 200
"""Characters of a header that are looked at."""
HEAD_ROWS = 30
"""The header is looked for in this many rows from the top."""


def columns_of(headers: Sequence[Cell], names: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return which column holds what: field → index from 0; a field without a column is left out.

    Args:
        headers: A row that may be the header; only its texts are looked at.
        names: The header names of each field. Where several are there, the one listed first wins.
    """
    texts = [cell[:LONGEST] if isinstance(cell, str) else "" for cell in headers]
    places = {_plain(header): index for index, header in reversed(list(enumerate(texts)))}
    found: dict[str, int] = {}
    for field, known in names.items():
        if name := next((name for name in map(_plain, known) if name in places), None):
            found[field] = places[name]
    return found


def text_of(cell: Cell) -> str:
    """A number that Excel made of a long one is exact up to 15 digits; beyond, it has lost some and keeps its looks."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 10**15 else repr(cell)
    return "" if cell is None else str(cell).strip()


def day_of(cell: Cell) -> date | None:
    """A date, or the first one in a text: 2026-11-25 10:21, 2026年11月25日, 20261125."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = re.search(r"(20\d\d)\D?(\d{1,2})\D?(\d{1,2})", text_of(cell))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _plain(header: str) -> str:
    """Half-width, without spaces, notes in brackets and ornaments, 帐 as 账."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).replace("帐", "账")
    return re.sub(r"[(\[【〔{].*?[)\]】〕}]|[:：*#※.。\"'“”]", "", text).upper()
