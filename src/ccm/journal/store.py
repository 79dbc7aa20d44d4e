"""What a database of entries can do; two keep the promise: SQLite for one machine, PostgreSQL for many people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ccm.journal.chain import COLUMNS, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

PAGE = 10_000
"""Entries that are held at once while all are read; what is only ever added to can be read on behind a number."""


class Store(Protocol):
    """A database of entries; all raise `CcmError` with a `journal-…` code where it fails."""

    where: str

    def rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Yield the rows of a query, which has `?` for each value."""

    def insert(self, rows: Sequence[Row]) -> None:
        """Add entries in their order and move the head behind the last; `number-taken` where a number was used."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the journal alone until the block ends; what it wrote stands whole or not at all."""

    def reading(self) -> AbstractContextManager[None]:
        """Show one moment until the block ends, whatever others write."""

    def alone(self, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        """Let one run of letters work at a time; `waiting` is called about once a second until it is its turn."""

    def backup(self, target: Path) -> tuple[int, str]:
        """Write a consistent copy as one SQLite file; return its head."""

    def damage(self) -> list[str]:
        """Return what is wrong with the database below its entries: indexes that do not fit them, pages."""

    def rebuild(self) -> None:
        """Make the indexes anew from the entries."""

    def close(self) -> None:
        """Close the database."""


def head(store: Store) -> tuple[int, str]:
    """Return the number of entries and the digest of the last."""
    [(seq, digest)] = store.rows("SELECT seq, digest FROM head")
    return seq, digest


def pages(store: Store, where: str = "seq > ?", values: Sequence[str] = (), after: int = 0) -> Iterator[list[Row]]:
    """Yield the entries that fit in order, a page at a time; `where` begins with the number to read on behind."""
    query = f"SELECT {COLUMNS} FROM entry WHERE {where} ORDER BY seq LIMIT {PAGE}"  # noqa: S608 - constants
    while page := list(store.rows(query, (after, *values))):
        yield page
        if len(page) < PAGE:
            return
        after = page[-1][0]
