"""From a sheet and its layout to typed rows: what each column holds, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ccm.ledger.parse import PARSERS, Parsed, money, parsed
from ccm.ledger.table import check_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccm.ledger.columns import Column, Layout, Names
    from ccm.ledger.table import Cells, Sheet

DECIDING = frozenset(
    {
        "loan_no",
        "borrower",
        "due_on",
        "extended_due_on",
        "balance",
        "overdue_principal",
        "overdue_interest",
        "overdue_amount",
        "principal_since_on",
        "interest_since_on",
        "overdue_since_on",
        "principal_overdue_days",
        "interest_overdue_days",
        "overdue_days",
        "data_on",
    }
)
"""Fields that decide whether and how long a loan is overdue: what is wrong in them refuses the row."""

TOTALS = r"^(合计|小计|总计|共计|累计|本页|本月合计|制表|复核|审核|打印|填表|备注[:：]|注[:：]|说明[:：])"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One code that applies to some rows of one column; `rows` are positions in the sheet's frame."""

    code: str
    column: Column
    rows: list[int]


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet read: `frame` has one row per data row with `row` (its number in the spreadsheet) and the fields.

    Numbered fields (保证人1, 保证人2) are columns like `guarantor_1`; money fields end in `_cents`.
    `trouble` says which cells could not be read.
    `cells` are the cells as loaded, by column index, in step with `frame["at"]`.
    """

    sheet: Sheet
    layout: Layout
    frame: pl.DataFrame
    trouble: list[Trouble]
    cells: dict[int, Cells]

    def printed(self, index: int, at: int) -> str:
        """Return what stands in column `index` of the loaded row `at`, as text."""
        value = self.value(index, at)
        if isinstance(value, float):
            return f"{value:.0f}" if value.is_integer() else str(value)
        return "" if value is None else str(value)

    def value(self, index: int, at: int) -> object:
        """Return the cell's value in its own type."""
        cells = self.cells[index]
        return next((one for one in (cells.text[at], cells.number[at], cells.date[at]) if one is not None), None)


def read_rows(sheet: Sheet, layout: Layout, names: Names) -> Rows:
    """Load the sheet's known columns and read each by its kind; blank rows and totals are left out.

    Raises:
        CcmError: `cell-too-long`.
    """
    indices = sorted({column.index for column in layout.columns})
    cells = dict(zip(indices, sheet.load(layout.skip, indices), strict=True))
    for column in layout.columns:
        check_length(cells[column.index], sheet, layout.skip)
    plans = [_plan(cells[column.index], column, names) for column in layout.columns]
    values = dict(zip(layout.columns, parsed(plans), strict=True))
    height = len(next(iter(cells.values())).text) if cells else 0
    frame = pl.DataFrame(
        {
            "at": pl.Series(range(height), dtype=pl.Int64),
            "row": pl.Series(range(layout.skip + 1, layout.skip + height + 1), dtype=pl.Int64),
            **{label(column, names): one.values for column, one in values.items()},
        }
    )
    keep = _is_data(frame, cells, layout)
    frame = frame.filter(keep)
    kept = set(frame["at"].to_list()) if len(frame) < height else None
    return Rows(sheet, layout, frame, list(_trouble(values, kept)), cells)


def label(column: Column, names: Names) -> str:
    """Return the frame's name for a ledger column."""
    suffix = "_cents" if names.fields[column.field].kind == "money" else ""
    number = f"_{column.number}" if column.number else ""
    return f"{column.field}{suffix}{number}"


def _plan(cells: Cells, column: Column, names: Names) -> pl.LazyFrame:
    kind = names.fields[column.field].kind
    return money(cells, column.scale) if kind == "money" else PARSERS[kind](cells)


def _is_data(frame: pl.DataFrame, cells: dict[int, Cells], layout: Layout) -> pl.Series:
    """Tell data rows from blank ones, totals, foot lines, and headers printed again on each page."""
    words = pl.DataFrame({str(index): one.text for index, one in cells.items()})
    first = words.select(pl.coalesce(pl.all()).str.replace_all(r"\s", "").alias("first"))["first"]
    named: list[str] = [
        name for name in ("loan_no", "borrower", "id_no", "guarantor", "co_borrower") if name in frame.columns
    ]
    named += [name for name in frame.columns if name.startswith(("guarantor_", "co_borrower_")) and name[-1].isdigit()]
    anyone = frame.select(pl.any_horizontal(pl.col(named).is_not_null()).alias("any"))["any"] if named else None
    borrower = frame["borrower"] if "borrower" in frame.columns else pl.Series([None] * len(frame), dtype=pl.String)
    foot = first.str.contains(TOTALS).fill_null(value=False) & borrower.is_null()
    header = {column.header for column in layout.columns if column.field in {"loan_no", "borrower"}}
    again = words.select(pl.any_horizontal(pl.all().is_in(list(header))).fill_null(value=False).alias("again"))["again"]
    filled = anyone if anyone is not None else first.is_not_null()
    broken = _unreadable_names(cells, layout)
    return (filled | broken) & ~foot & ~again


def _unreadable_names(cells: dict[int, Cells], layout: Layout) -> pl.Series:
    """Rows whose loan number is there but unreadable: they are data all the same."""
    columns = [column for column in layout.columns if column.field == "loan_no"]
    present = [cells[column.index].text.is_not_null() | cells[column.index].number.is_not_null() for column in columns]
    return present[0] if present else pl.Series([False] * len(next(iter(cells.values())).text), dtype=pl.Boolean)


def _trouble(values: dict[Column, Parsed], kept: set[int] | None) -> Iterator[Trouble]:
    for column, one in values.items():
        for code, mask in one.trouble.items():
            rows = [at for at in mask.arg_true().to_list() if kept is None or at in kept]
            if rows:
                yield Trouble(code, column, rows)
