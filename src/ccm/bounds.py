"""How large what is read may be: a small file that unfolds to gigabytes is a trap, not a ledger.

A file may hold so many cells, or more where it is large itself: the bounds grow with the bytes that were really sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccm.errors import CcmError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = 32_767
"""Characters of a cell, as in Excel."""
COLUMNS = 16_384
"""Columns of a sheet, as in Excel."""
SHEETS = 256
"""Sheets of a file; each is searched for a header."""
PAPER_MB = 500
"""Megabytes of a paper; an hour of sound has fifty."""
BYTES_PER_CELL = 2
"""An honest workbook spends five bytes on a cell, packed; an honest CSV more."""
CELLS_PER_BYTE = 20
"""An honest file of columns (Parquet) spends half a byte on a cell: names of branches repeat."""
MOST_PACKED = 100
"""Honest sheets are packed to a tenth, those full of blank formats to a fortieth."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a bank lets a small file unfold to: `cells`, rows times columns of all sheets; `inflated_mb` megabytes.

    `paper_mb` is how large a paper may be that is filed as evidence: it is read from end to end.
    """

    cells: int = 10_000_000
    inflated_mb: int = 200
    paper_mb: int = PAPER_MB

    def room(self, path: Path) -> Room:
        """Return what a file, or a folder of files, may hold; one that is not there may hold what a small one may."""
        files = path.rglob("*") if path.is_dir() else (path,)
        size = sum(one.stat().st_size for one in files if one.is_file())
        inflated = max(self.inflated_mb * 1024**2, size * MOST_PACKED)
        return Room(str(path), max(self.cells, size // BYTES_PER_CELL), inflated, size)


@dataclass(frozen=True, slots=True)
class Room:
    """What one file of `size` bytes may hold: `cells` in all its sheets, `inflated` bytes when it is unpacked."""

    where: str
    cells: int
    inflated: int
    size: int = 0

    def of_columns(self) -> Room:
        """Return what it may hold where it is a file of columns, which are packed more tightly than rows."""
        return replace(self, cells=max(self.cells, self.size * CELLS_PER_BYTE))

    def hold(self, rows: int, columns: int) -> int:
        """Return how many cells a table has.

        Raises:
            CcmError: `file-too-large` where it has too many, or too many columns.
        """
        if columns > COLUMNS:
            raise self.refusal(f"有{columns}列，最多{COLUMNS}列", "")
        if rows * columns > self.cells:
            raise self.refusal(f"共{rows}行×{columns}列，最多{self.cells}格", "cells")
        return rows * columns

    def unpack(self, size: int) -> None:
        """Stop where a package unpacks to too many bytes.

        Raises:
            CcmError: `file-too-large`.
        """
        if size > self.inflated:
            raise self.refusal(f"解开有{size // 1024**2} MB，最多{self.inflated // 1024**2} MB", "inflated_mb")

    def sheets(self, count: int) -> None:
        """Stop where a file has too many sheets.

        Raises:
            CcmError: `file-too-large`.
        """
        if count > SHEETS:
            raise self.refusal(f"有{count}张表，最多{SHEETS}张", "")

    def refusal(self, what: str, setting: str) -> CcmError:
        """Return the stop; `setting` is the key of ccm.toml that would allow it."""
        way = f"；确实这么大的，在 ccm.toml 的 [limits] 里调大 {setting}" if setting else ""
        return CcmError("file-too-large", where=self.where, what=what, way=way)
