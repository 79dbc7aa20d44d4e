"""From a sheet and its layout to typed rows: what each column holds, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from ccm.ledger.parse import PARSERS, Parsed, money, parsed
from ccm.ledger.table import check_length
from ccm.portable import holds

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

NAMING = frozenset({"loan_no", "borrower", "id_no", "guarantor", "co_borrower"})
"""Fields that name somebody or a loan."""

TOTALS = r"^(合计|小计|总计|共计|累计|本页|本月合计|制表|复核|审核|打印|填表|备注[:：]|注[:：]|说明[:：])"
"""How a line below the loans begins."""
SUMS = r"^.{0,12}(合计|小计|总计|共计|累计)[:：]?$"
"""What a row of sums says in some cell, whether of all or of a branch: 石桥支行小计."""


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
    plans = [_plan(cells[column.index], column, names, sheet.epoch_days) for column in layout.columns]
    values = dict(zip(layout.columns, parsed(plans), strict=True))
    height = len(next(iter(cells.values())).text) if cells else 0
    frame = pl.DataFrame(
        {
            "at": pl.Series(range(height), dtype=pl.Int64),
            "row": pl.Series(range(layout.skip + 1, layout.skip + height + 1), dtype=pl.Int64),
            **{label(column, names): one.values for column, one in values.items()},
        }
    )
    # A loan number that cannot be read is one all the same.
    unread = [mask for column, one in values.items() if column.field == "loan_no" for mask in one.trouble.values()]
    filled = nw.from_native(frame).select(filled=says_something(layout, names)).to_native()["filled"]
    frame = frame.filter(reduce(or_, unread, filled) & ~_printed_again(cells, layout))
    frame = frame.filter(~pl.col("at").is_in(_foot(frame, sheet, layout, cells).implode()))
    kept = set(frame["at"].to_list()) if len(frame) < height else None
    return Rows(sheet, layout, frame, list(_trouble(values, kept)), cells)


def label(column: Column, names: Names) -> str:
    """Return the frame's name for a ledger column."""
    suffix = "_cents" if names.fields[column.field].kind == "money" else ""
    number = f"_{column.number}" if column.number else ""
    return f"{column.field}{suffix}{number}"


def _plan(cells: Cells, column: Column, names: Names, epoch_days: int) -> pl.LazyFrame:
    kind = names.fields[column.field].kind
    if kind == "date" and epoch_days:
        cells = replace(cells, number=cells.number + (cells.number < 100_000).cast(pl.Int64) * epoch_days)
    return money(cells, column.scale) if kind == "money" else PARSERS[kind](cells)


def says_something(layout: Layout, names: Names) -> nw.Expr:
    """Whether a row names a loan or somebody, or has an amount, a day or days; one that does neither is blank.

    Zeros say nothing: formulas leave them in rows that wait to be filled. Nor does the ledger's own day.
    """
    said = []
    for column in layout.columns:
        value, kind = nw.col(label(column, names)), names.fields[column.field].kind
        if column.field in NAMING or (kind == "date" and column.field != "data_on"):
            said.append(~value.is_null())
        elif kind in {"money", "days"}:
            said.append(holds(value != 0))
    return reduce(or_, said)


def _printed_again(cells: dict[int, Cells], layout: Layout) -> pl.Series:
    """Tell the headers that are printed again on each page."""
    words = pl.DataFrame({str(index): one.text for index, one in cells.items()})
    header = [column.header for column in layout.columns if column.field in {"loan_no", "borrower"}]
    return words.select(pl.any_horizontal(pl.all().is_in(header)).fill_null(value=False).alias("again"))["again"]


def _foot(frame: pl.DataFrame, sheet: Sheet, layout: Layout, cells: dict[int, Cells]) -> pl.Series:
    """Return which rows are sums or signatures: they number no loan, and some text says so, if only a remark does not.

    What stands before the known columns counts too: 合计 is often written under 序号.
    """
    number = pl.col("loan_no")
    frame = frame.filter(number.is_null() | number.str.contains(f"{TOTALS}|{SUMS}"))
    rows = frame["at"]
    if rows.is_empty():
        return rows
    before = dict(enumerate(sheet.load(layout.skip, range(min(cells)))))
    words = pl.DataFrame({str(index): _words(one.text, rows) for index, one in {**before, **cells}.items()})
    remarks = [str(column.index) for column in layout.columns if column.field == "remark"]
    sums = pl.any_horizontal(pl.all().exclude(remarks).str.contains(SUMS))
    borrower = frame["borrower"] if "borrower" in frame.columns else rows.clear(len(rows))
    signed = pl.coalesce(pl.all()).str.contains(TOTALS) & pl.lit(borrower.is_null())
    return rows.filter(words.select((sums | signed).fill_null(value=False).alias("foot"))["foot"])


def _words(texts: pl.Series, rows: pl.Series) -> pl.Series:
    """The texts of some rows without spaces; columns that were loaded apart may end before the last of them."""
    lacking = max(0, rows[-1] + 1 - len(texts))
    return texts.extend_constant(None, lacking).gather(rows).str.replace_all(r"\s", "")


def _trouble(values: dict[Column, Parsed], kept: set[int] | None) -> Iterator[Trouble]:
    for column, one in values.items():
        for code, mask in one.trouble.items():
            rows = [at for at in mask.arg_true().to_list() if kept is None or at in kept]
            if rows:
                yield Trouble(code, column, rows)
