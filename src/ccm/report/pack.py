"""The lists and tables as the page carries them: small enough for many loans, and harmless inside a script tag."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from ccm.report.compliance import STATES
from ccm.report.lists import LOANS
from ccm.units import days_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ccm.report.lists import Book, Listing, Value
    from ccm.report.pivots import Measure, Pivot, Query
    from ccm.report.questions import Spot
    from ccm.report.report import Report

ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def embedded(answer: object) -> str:
    """Return JSON that can end neither the script tag nor a line of script it stands in."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in ESCAPED.items():
        text = text.replace(sign, escaped)
    return text


def packed(report: Report) -> dict[str, Any]:
    """Return what the page's script works with."""
    book = report.book
    tables = [table for _, table in report.questions] + [one for _, tables in report.sections for one in tables]
    return {
        "asOf": str(report.as_of),
        "stages": report.stages,
        "lists": {key: _list(one, report.as_of) for key, one in book.items()},
        "duties": duties(book, report.as_of),
        "tables": [{**_table(table.pivot, book), "lines": [line.label for line in table.lines]} for table in tables],
        "spots": [_spot(one.spot, book) | {"empty": one.empty} for one, _ in report.questions],
    }


def _list(listing: Listing, as_of: date) -> dict[str, Any]:
    codes = {one.name: listing.values(one.name) for one in listing.columns if one.kind == "coded"}
    number = {name: {value: nth for nth, value in enumerate(values)} for name, values in codes.items()}

    def put(name: str, value: Value) -> object:
        if name in number:
            return number[name][str(value)]
        return days_between(as_of, value) if isinstance(value, date) else value

    names = [column.name for column in listing.columns]
    # The rows of duties are ten times as many as all others; they travel by themselves.
    rows = () if listing.key == "duties" else listing.rows
    return {
        "title": listing.title,
        "columns": [[one.name, one.title, one.kind, int(one.shown)] for one in listing.columns],
        "codes": codes,
        "rows": [[put(name, value) for name, value in zip(names, row, strict=True)] for row in rows],
    }


def duties(book: Book, as_of: date) -> dict[str, Any]:
    """Return the rows of duties: per loan one short text of RULE MARK COUNT each, a count of one left out.

    The last day is not told: a rule allows so many days past due (`days`), and the loan has its days.
    """
    listing, loans = book["duties"], book[LOANS]
    dpd = loans.place("dpd") or 0
    rules: dict[tuple[int, int], int] = {}
    names = {label: nth for nth, label in enumerate(listing.values("rule"))}
    found: dict[int, list[str]] = {}
    for loan, rule, state, n, due_on, _ in listing.rows:
        at = int(str(loan))
        since = days_between(as_of, due_on) if isinstance(due_on, date) else 0
        code = rules.setdefault((names[str(rule)], since + int(str(loans.rows[at][dpd]))), len(rules))
        found.setdefault(at, []).append(f"{code}{'abcdef'[STATES.index(str(state))]}{n if n != 1 else ''}")
    return {"rules": list(rules), "of": [" ".join(found.get(loan, ())) for loan in range(len(loans.rows))]}


def _table(pivot: Pivot, book: Book) -> dict[str, Any]:
    return {
        "key": pivot.key,
        "title": pivot.title,
        "by": pivot.by,
        "values": list(pivot.values),
        "total": pivot.total,
        "trim": pivot.trim,
        "rank": pivot.rank,
        "heat": list(pivot.heat),
        "chart": pivot.chart,
        "drawn": list(pivot.drawn),
        "measures": [_measure(one, book) for one in pivot.measures],
    }


def _measure(measure: Measure, book: Book) -> dict[str, Any]:
    parts = {part: [_query(one, book) for one in getattr(measure, part)] for part in ("plus", "minus", "over")}
    return {"title": measure.title, "group": measure.group, "unit": measure.unit, **parts}


def _query(query: Query, book: Book) -> dict[str, Any]:
    where = {name: list(_codes(book, query.of, name, values)) for name, values in query.where.items()}
    return {"of": query.of, "where": where, "sums": list(query.sums), "by": query.by}


def _codes(book: Book, of: str, name: str, values: Iterable[str]) -> Iterator[int]:
    """Return the codes of a column's values: its own list's, else the loans'; what no row has is left out."""
    listing = book[of] if book[of].place(name) is not None else book[LOANS]
    known = {value: nth for nth, value in enumerate(listing.values(name))}
    return (known[value] for value in values if value in known)


def _spot(spot: Spot, book: Book) -> dict[str, Any]:
    where = {name: list(_codes(book, spot.of, name, values)) for name, values in (spot.where or {}).items()}
    return {
        "title": spot.title, "of": spot.of, "where": where, "sort": list(spot.sort), "rising": spot.rising,
        "columns": list(spot.columns), "top": spot.top, "measures": list(spot.measures),
    }  # fmt: skip
