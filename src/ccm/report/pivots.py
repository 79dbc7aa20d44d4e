"""Tables as questions about the lists: what is counted, by what, and the answers.

The page asks the same questions again when somebody filters it; so they are data, not code.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ccm.report.lists import getter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ccm.report.lists import Book, Listing, Row, Value

Unit = Literal["count", "money", "share", "rate", "change", "money_change"]
"""`share` is a part of `over`, `rate` a count with its part of `over`; changes are printed with their sign."""
Part = Literal["plus", "minus", "over"]
Chart = Literal["", "bars", "columns"]


@dataclass(frozen=True, slots=True)
class Query:
    """Some rows of a list: those whose columns have one of the values given.

    They are counted, or the columns `sums` added up; `by` is the column of the lines where it is not the table's.
    """

    of: str
    where: Mapping[str, tuple[str, ...]]
    sums: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of a table: `plus` less `minus`, and where it is a share, of `over`; `group` heads several."""

    title: str
    plus: tuple[Query, ...]
    minus: tuple[Query, ...] = ()
    over: tuple[Query, ...] = ()
    unit: Unit = "count"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Pivot:
    """A table: a line per value of the column `by`, or one line where it is empty.

    Args:
        values: The lines in their order; where empty, every value there is, the largest of measure `rank` first.
        total: Whether a last line counts all.
        trim: Whether lines without any number are left out.
        heat: Which measures are tinted by how large they are, each line for itself where they are rates.
        chart: How it is drawn, and `drawn` which measures.
    """

    key: str
    title: str
    head: str
    by: str
    measures: tuple[Measure, ...]
    values: tuple[str, ...] = ()
    rank: int = 0
    total: bool = True
    trim: bool = True
    heat: tuple[int, ...] = ()
    chart: Chart = ""
    drawn: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number; `of` is what it is a share of, 0 where it is none."""

    value: int
    of: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A question and its answer."""

    pivot: Pivot
    lines: tuple[Line, ...]
    total: Line | None


Sums = dict[str, list[list[int]]]
"""By line: of each measure plus, minus, over."""
PARTS: tuple[Part, ...] = ("plus", "minus", "over")


def answer(pivot: Pivot, book: Book) -> Table:
    """Count a table's numbers."""
    sums: Sums = defaultdict(lambda: [[0, 0, 0] for _ in pivot.measures])
    for key, asked in _by_list(pivot).items():
        _count(book, book[key], pivot.by, asked, sums)
    lines = [Line(label, _cells(sums[label])) for label in _labels(pivot, sums)]
    if pivot.trim:
        lines = [line for line in lines if any(cell.value for cell in line.cells)]
    counted = [sums[label] for label in (pivot.values or list(sums))]
    whole = [[sum(of[nth][part] for of in counted) for part in range(3)] for nth in range(len(pivot.measures))]
    return Table(pivot, tuple(lines), Line("合计", _cells(whole)) if pivot.total else None)


def _by_list(pivot: Pivot) -> dict[str, list[tuple[int, int, Query]]]:
    """The queries of a table by the list they ask, each with the measure and the part it counts for."""
    found: dict[str, list[tuple[int, int, Query]]] = {}
    for nth, measure in enumerate(pivot.measures):
        for part, name in enumerate(PARTS):
            for query in getattr(measure, name):
                found.setdefault(query.of, []).append((nth, part, query))
    return found


def _count(book: Book, listing: Listing, by: str, asked: Sequence[tuple[int, int, Query]], sums: Sums) -> None:
    """Add up what the queries of one list ask; rows that are alike in what is asked about are put together first."""
    queries = [query for _, _, query in asked]
    names = list(dict.fromkeys(name for one in queries for name in (*one.where, one.by or by) if name))
    added = list(dict.fromkeys(name for one in queries for name in one.sums))
    at = {name: nth for nth, name in enumerate(names)}
    groups = _grouped(book, listing, names, added)
    for nth, part, query in asked:
        tests = [(at[name], frozenset(values)) for name, values in query.where.items()]
        columns = [1 + added.index(name) for name in query.sums] or [0]
        line = at[query.by or by] if query.by or by else None
        for key, counted in groups.items():
            if all(key[place] in values for place, values in tests):
                label = "" if line is None else str(key[line])
                sums[label][nth][part] += sum(counted[column] for column in columns)


def _grouped(
    book: Book, listing: Listing, names: Sequence[str], added: Sequence[str]
) -> dict[tuple[Value, ...], list[int]]:
    """Return the rows by the values of some columns: how many, and the sums of others."""
    keys = [getter(book, listing, name) for name in names]
    parts = [getter(book, listing, name) for name in added]
    found: dict[tuple[Value, ...], list[int]] = {}
    for row in listing.rows:
        counted = found.setdefault(tuple([get(row) for get in keys]), [0] * (1 + len(parts)))
        counted[0] += 1
        for nth, get in enumerate(parts, start=1):
            counted[nth] += _int(get(row))
    return found


def matcher(book: Book, listing: Listing, query: Query) -> Callable[[Row], bool]:
    """Return how to tell whether a row is asked for."""
    tests = [(getter(book, listing, name), frozenset(values)) for name, values in query.where.items()]
    return lambda row: all(get(row) in values for get, values in tests)


def _labels(pivot: Pivot, sums: Sums) -> list[str]:
    if not pivot.by:
        return [""]
    if pivot.values:
        return list(pivot.values)
    return sorted(sums, key=lambda label: (-_value(sums[label][pivot.rank]), label))


def _cells(sums: Iterable[list[int]]) -> tuple[Cell, ...]:
    return tuple(Cell(_value(parts), parts[2]) for parts in sums)


def _value(parts: list[int]) -> int:
    return parts[0] - parts[1]


def _int(value: Value) -> int:
    return value if isinstance(value, int) else 0
