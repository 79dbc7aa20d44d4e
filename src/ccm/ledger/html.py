"""HTML tables, which many banks' systems save under the name .xls: every cell is text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ccm.ledger.table import HEAD_ROWS, Cells, Sheet
from ccm.ledger.workbook import guarded, texts

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.html import HtmlElement

    from ccm.bounds import Room

WIDEST = 1000


def sheets(file: str, path: Path, room: Room) -> list[Sheet]:
    """Return one sheet for each table that holds text.

    Raises:
        CcmError: `file-broken`, `file-too-large`.
    """
    from lxml import html

    with guarded(file):
        content = path.read_bytes()
        parser = html.HTMLParser(encoding=_encoding(content), huge_tree=True)
        tables = list(html.document_fromstring(content, parser=parser).iter("table"))
        room.sheets(len(tables))
        found = [
            _sheet(file, number, table, room)
            for number, table in enumerate(tables, start=1)
            if not table.xpath(".//table")
        ]
    return [sheet for sheet in found if sheet.height]


def _encoding(content: bytes) -> str:
    """What decodes is the encoding, whatever the page's header claims."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _sheet(file: str, number: int, table: HtmlElement, room: Room) -> Sheet:
    rows, merged = _grid(table, room)
    while rows and not any(rows[-1]):
        rows.pop()
    room.hold(len(rows), width := max(map(len, rows), default=0))
    rows = [row + [None] * (width - len(row)) for row in rows]
    return Sheet(
        file=file,
        name=f"表{number}" if number > 1 else "",
        head=tuple(tuple(row) for row in rows[:HEAD_ROWS]),
        height=len(rows),
        merged=tuple(merged),
        load=lambda skip, columns: [_cells([row[index] for row in rows[skip:]]) for index in columns],
        unvalued=dict,
    )


def _grid(table: HtmlElement, room: Room) -> tuple[list[list[str | None]], list[tuple[int, int, int, int]]]:
    """Lay the cells out as they are seen, spans included."""
    rows: list[list[str | None]] = []
    merged = []
    held: dict[int, int] = {}  # by column, the row down to which a cell above reaches
    cells = 0
    for at, line in enumerate(table.iter("tr")):
        row: list[str | None] = []
        for cell in line.iterchildren("td", "th"):
            while held.get(len(row), -1) >= at:
                row.append(None)
            high, wide = _span(cell, "rowspan"), _span(cell, "colspan")
            if high > 1 or wide > 1:
                merged.append((at, len(row), at + high - 1, len(row) + wide - 1))
            if high > 1:
                held.update(dict.fromkeys(range(len(row), len(row) + wide), at + high - 1))
            row += [" ".join(cell.text_content().split()) or None, *[None] * (wide - 1)]
        rows.append(row)
        cells += room.hold(1, len(row))
        room.hold(cells, 1)
    return rows, merged


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), WIDEST) if value.isdecimal() else 1


def _cells(values: list[str | None]) -> Cells:
    size = len(values)
    number = pl.Series([None], dtype=pl.Float64).new_from_index(0, size)
    day = pl.Series([None], dtype=pl.Date).new_from_index(0, size)
    return Cells(texts(pl.Series(values, dtype=pl.String)), number, day)
