"""Where a sheet's header row is, and what the sheet is: loans, guarantors, co-borrowers, or nothing known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ccm.errors import seen
from ccm.ledger.columns import Column, Layout, Match, Names, SheetRole, normalise, scale_of, unit_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.ledger.table import Sheet, Value

ENOUGH = 3
"""How many known columns make a table a ledger; fewer may be chance."""

LONGEST = 200
"""Characters of a title or header that are looked at."""

SIGNS = (
    "due_on",
    "extended_due_on",
    "principal_since_on",
    "interest_since_on",
    "overdue_since_on",
    "principal_overdue_days",
    "interest_overdue_days",
    "overdue_days",
)
"""One of these must be there, or nothing tells what is overdue."""

OF_LOANS = {"balance", "amount", "overdue_principal", "overdue_interest", "overdue_amount", *SIGNS}

DATA_DAY = re.compile(
    r"(?:数据日期|数据时点|统计日期|报表日期|截止日期|截至|截止|日期)[:：]?\s*(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A candidate header: its headers as printed, with the row above where it has two."""

    skip: int
    headers: tuple[str, ...]
    above: tuple[str, ...]


def locate(sheet: Sheet, names: Names) -> Layout | None:
    """Return the layout of a sheet, None where nothing in it looks like a ledger.

    The header is the row, or the two rows, with the most known names; titles above it may name the unit and the
    ledger's own day.
    """
    best = _best(sheet, names)
    if best is None or sum(match is not None for match in _matches(best, names)) < ENOUGH:
        return None
    return _layout(sheet, best, names)


def nearest_to_a_header(sheet: Sheet, names: Names) -> Layout | None:
    """Return the layout by the row with the most known names, however few; None where no name is known."""
    best = _best(sheet, names)
    return _layout(sheet, best, names) if best else None


def _best(sheet: Sheet, names: Names) -> _Row | None:
    best, score = None, 0
    for candidate in _candidates(sheet):
        known = sum(match is not None for match in _matches(candidate, names))
        if known > score:
            best, score = candidate, known
    return best


def _candidates(sheet: Sheet) -> list[_Row]:
    """Single rows first: a second row must add something to be taken."""
    rows = [_texts(row) for row in sheet.head]
    single = [_Row(at + 1, row, ("",) * len(row)) for at, row in enumerate(rows) if sum(map(bool, row)) >= 2]
    double = [
        _Row(at + 2, _below(rows[at], rows[at + 1]), _spread(sheet, at, rows[at], rows[at + 1]))
        for at in range(len(rows) - 1)
        if sum(map(bool, rows[at])) >= 2 and any(rows[at + 1])
    ]
    return single + double


def _texts(row: Sequence[Value]) -> tuple[str, ...]:
    return tuple(seen(value[:LONGEST]).strip() if isinstance(value, str) else "" for value in row)


def _below(top: Sequence[str], low: Sequence[str]) -> tuple[str, ...]:
    """The lower header; where a cell spans both rows, it stands in the upper."""
    return tuple(second or first for first, second in zip(top, low, strict=True))


def _spread(sheet: Sheet, at: int, top: Sequence[str], low: Sequence[str]) -> tuple[str, ...]:
    """The upper header over each column it spans: as merged, or to the right until the next one."""
    spread = list(top)
    for index, below in enumerate(low):
        if not spread[index] and below and index:
            spread[index] = spread[index - 1]
    for first_row, first, last_row, last in sheet.merged:
        if first_row <= at <= last_row and first < len(spread):
            for index in range(first, min(last + 1, len(spread))):
                spread[index] = top[first]
    return tuple("" if not below else above for above, below in zip(spread, low, strict=True))


def _matches(row: _Row, names: Names) -> list[Match | None]:
    return [
        names.match(header, above) if header else None for header, above in zip(row.headers, row.above, strict=True)
    ]


def _layout(sheet: Sheet, row: _Row, names: Names) -> Layout:
    titles = [value[:LONGEST] for line in sheet.head[: row.skip - 1] for value in line if isinstance(value, str)]
    above = row.skip - 1 - any(row.above)
    unit = unit_in([value[:LONGEST] for line in sheet.head[:above] for value in line if isinstance(value, str)])
    matches = _matches(row, names)
    role = _role(sheet.name, {match.field for match in matches if match})
    columns, ambiguous = _columns(
        row,
        [_recast(match, header, role) for match, header in zip(matches, row.headers, strict=True)],
        names,
        unit,
    )
    found = {column.field for column in columns}
    return Layout(
        role=role,
        skip=row.skip,
        columns=tuple(columns),
        headers=tuple(header for header in row.headers if header),
        unknown=tuple(
            (index, header, names.nearest(header))
            for index, (header, match) in enumerate(zip(row.headers, matches, strict=True))
            if header and match is None and normalise(header) not in names.ignored
        ),
        ambiguous=tuple(ambiguous),
        missing=_missing(role, found, names),
        data_on=_data_day(titles),
    )


def _role(sheet_name: str, fields: set[str]) -> SheetRole:
    if fields & OF_LOANS:
        return "loans"
    if "co_borrower" in fields or "共同借款人" in sheet_name or "共借人" in sheet_name:
        return "co_borrowers"
    if "guarantor" in fields or "保证" in sheet_name or "担保" in sheet_name:
        return "guarantors"
    return "loans"


def _recast(match: Match | None, header: str, role: SheetRole) -> Match | None:
    """In a sheet of guarantors, 姓名 and 联系电话 are the guarantor's."""
    if match is None or role == "loans":
        return match
    party = role.removesuffix("s")
    if match.field == "borrower":
        return Match(party, 0, match.rank) if normalise(header) in {"姓名", "名称"} else None
    if match.field in {"id_no", "phone", "address"}:
        return Match(f"{party}_{match.field}", 0, match.rank + 100)
    return match if match.field.startswith((party, "loan_no", "guarantee_")) else None


def _columns(
    row: _Row, matches: Sequence[Match | None], names: Names, unit: int
) -> tuple[list[Column], list[tuple[str, tuple[str, ...]]]]:
    """One column per field and number: the most usual name wins, equally usual ones are ambiguous."""
    claims: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for index, match in enumerate(matches):
        if match:
            claims.setdefault((match.field, match.number), []).append((match.rank, index))
    columns, ambiguous = [], []
    for (field, number), rivals in claims.items():
        rivals.sort()
        rank, index = rivals[0]
        header = f"{row.above[index]}／{row.headers[index]}" if row.above[index] else row.headers[index]
        # Of two header rows the upper may name the unit: 欠款（万元） over 本金 and 利息.
        scale = scale_of(row.headers[index], scale_of(row.above[index], unit))
        scale = scale if names.fields[field].kind == "money" else 1
        columns.append(Column(field, index, header, number, scale))
        if len(rivals) > 1 and rivals[1][0] == rank:
            ambiguous.append((field, tuple(row.headers[at] for r, at in rivals if r == rank)))
    return columns, ambiguous


def _missing(role: SheetRole, found: set[str], names: Names) -> tuple[str, ...]:
    if role != "loans":
        return () if "loan_no" in found else ("loan_no",)
    missing = [key for key, field in names.fields.items() if field.required and key not in found]
    return (*missing, *(() if found & set(SIGNS) else ("due_on",)))


def _data_day(titles: Sequence[str]) -> date | None:
    """The ledger's own day, where a title says it: 数据日期：2026-11-20."""
    for title in titles:
        if found := DATA_DAY.search(title):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                continue
    return None
