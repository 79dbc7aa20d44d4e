"""Open a ledger file, whatever its kind, as sheets of typed cells."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from ccm.errors import CcmError
from ccm.ledger import ahead, biff, delimited, extent, html, large, openxml, workbook
from ccm.ledger.kind import Kind, kind, zipped
from ccm.ledger.table import HEAD_ROWS, Cells, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ccm.bounds import Bounds, Room


def open_ledger(
    path: Path, *, password: Callable[[], str | None], bounds: Bounds, sheet: str | None = None
) -> list[Sheet]:
    """Return the sheets of a ledger that hold anything.

    Args:
        path: The file; its kind is told by its content.
        password: Asked only where the workbook is locked; None means there is no one to ask.
        bounds: What a small file may unfold to.
        sheet: Read this sheet alone.

    Raises:
        CcmError: The file cannot be read (`kind.kind`), is locked (`password-needed`, `password-wrong`), unfolds
            to more than there is room for (`file-too-large`), or has no such sheet (`sheet-missing`).
    """
    found = _sheets(path, password, bounds.room(path))
    if sheet is None:
        return found
    named = [one for one in found if one.name == sheet]
    if not named:
        raise CcmError(
            "sheet-missing",
            where=str(path),
            sheet=sheet,
            there="、".join(one.name for one in found) or "（没有）",
        )
    return named


def _sheets(path: Path, password: Callable[[], str | None], room: Room) -> list[Sheet]:
    match found := kind(path, room):
        case Kind.CSV:
            return delimited.sheets(path.name, path, room)
        case Kind.HTML:
            return html.sheets(path.name, path, room)
        case Kind.PARQUET:
            return [_parquet(path, room.of_columns())]
        case Kind.LOCKED:
            opened = _unlocked(path, password())
            return _workbook(
                path, opened, zipped(BytesIO(opened), room) if opened.startswith(b"PK") else Kind.XLS, room
            )
        case _:
            return _workbook(path, path, found, room)


def _workbook(path: Path, source: Path | bytes, found: Kind, room: Room) -> list[Sheet]:
    """Read a workbook once it is known not to take more than there is room for."""
    with workbook.guarded(path.name):
        match found:
            case Kind.XLSX:
                return _xlsx(path, source, room)
            case Kind.XLSB:
                extent.check_xlsb(source, room)
            case Kind.ODS:
                extent.check_ods(source, room)
            case Kind.XLS:
                biff.check_xls(source, room)
    return workbook.sheets(path.name, source, room)


def _xlsx(path: Path, source: Path | bytes, room: Room) -> list[Sheet]:
    unvalued = extent.check_xlsx(source, room)
    read = large.sheets if source is path and path.stat().st_size > ahead.LARGE else workbook.sheets
    with openxml.opened(source) as package:
        days = openxml.epoch_days(package)
    found = read(path.name, source, room, lambda name: unvalued.get(name, {}))  # type: ignore[arg-type]
    return [replace(sheet, epoch_days=days) for sheet in found]


def _unlocked(path: Path, password: str | None) -> bytes:
    import msoffcrypto

    if not password:
        raise CcmError("password-needed", where=str(path))
    opened = BytesIO()
    try:
        with path.open("rb") as file:
            office = msoffcrypto.OfficeFile(file)
            office.load_key(password=password)
            office.decrypt(opened)
    except Exception as error:  # the library has no one error for a wrong password
        raise CcmError("password-wrong", where=str(path)) from error
    return opened.getvalue()


LARGEST = 5_000_000
"""Rows that are read whole; a larger book is triaged in a stream."""


def _parquet(path: Path, room: Room) -> Sheet:
    """A file, or a folder of files whose sub-folders may name columns: 支行=清河支行."""
    with workbook.guarded(str(path)):
        found = pl.scan_parquet(path / "**/*.parquet" if path.is_dir() else path, hive_partitioning=path.is_dir())
        rows = found.select(pl.len()).collect().item()
        if rows > LARGEST:
            raise CcmError("book-large", where=str(path), rows=f"{rows:,}", largest=f"{LARGEST:,}")
        room.hold(rows, len(found.collect_schema()))
        # A list or a record in a cell is nothing that a ledger has a name for.
        strange = pl.selectors.nested() | pl.selectors.binary() | pl.selectors.object()
        frame = found.select(pl.selectors.exclude(strange)).collect()
        names = [None if name.startswith("column_") else name for name in frame.columns]
        head = (tuple(names), *frame.head(HEAD_ROWS - 1).cast(pl.String, strict=False).iter_rows())
    return Sheet(
        file=path.name,
        name="",
        head=head,
        height=frame.height + 1,
        merged=(),
        load=lambda skip, columns: [_typed(frame.to_series(index).slice(max(skip - 1, 0))) for index in columns],
        unvalued=dict,
    )


def _typed(series: pl.Series) -> Cells:
    """Keep a column's own type: the file says what it is."""
    blank = pl.Series([None]).new_from_index(0, len(series))
    empty = {"text": blank.cast(pl.String), "number": blank.cast(pl.Float64), "date": blank.cast(pl.Date)}
    if series.dtype.is_numeric():
        return Cells(**{**empty, "number": series.cast(pl.Float64)})
    if series.dtype in {pl.Date, pl.Datetime}:
        return workbook.dated(series)
    return Cells(**{**empty, "text": workbook.texts(series.cast(pl.String))})
