"""The rows a report is made of: every number is counted from them, so every number leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Kind = Literal["loan", "text", "name", "coded", "count", "money", "day"]
Value = str | int | date | None
Row = tuple[Value, ...]

LOANS = "loans"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: its name, the header people read, and what stands in it.

    `loan` is the place of a row of the loans, `coded` a text of which there are few, `money` cents.
    A column that is not `shown` is there to be counted by.
    """

    name: str
    title: str
    kind: Kind = "coded"
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """One list; `order` gives the values of coded columns that have an order of their own."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def place(self, name: str) -> int | None:
        """Return where a column stands, None where the list has none of that name."""
        return next((at for at, column in enumerate(self.columns) if column.name == name), None)

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a coded column in their order; those without one as they sort."""
        at = self.place(name)
        found = {str(row[at]) for row in self.rows} if at is not None else set()
        known = self.order.get(name, ())
        return (*known, *sorted(found - set(known)))


Book = dict[str, Listing]
"""The lists of a report by their keys."""


def book_of(listings: Iterable[Listing]) -> Book:
    """Return lists by their keys."""
    return {one.key: one for one in listings}


def getter(book: Book, listing: Listing, name: str) -> Callable[[Row], Value]:
    """Return how a row's value is got: its own, else that of the loan it is about; None where neither has it.

    A name of several joined by `+` is their sum.
    """
    if "+" in name:
        parts = [getter(book, listing, part) for part in name.split("+")]
        return lambda row: sum(int(str(get(row) or 0)) for get in parts)
    at = listing.place(name)
    if at is not None:
        return itemgetter(at)
    loans, loan_at = book[LOANS], listing.place("loan")
    behind = loans.place(name)
    if loan_at is None or behind is None:
        return lambda _: None
    column = [row[behind] for row in loans.rows]
    return lambda row: column[row[loan_at]]  # type: ignore[index]
