"""Column expressions that every engine of frames evaluates alike: Polars in process, Spark on a cluster.

Subtracting dates is not portable, so days are counted by day numbers.
"""

from __future__ import annotations

import narwhals as nw


def day_number(column: str) -> nw.Expr:
    """Count days from 0001-01-01 as `date.toordinal` does."""
    day = nw.col(column).dt
    before = day.year() - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + day.ordinal_day()


def holds(condition: nw.Expr) -> nw.Expr:
    """Read unknown as no."""
    return nw.coalesce(condition, nw.lit(False))  # noqa: FBT003 - the value of a literal


def or_zero(column: str) -> nw.Expr:
    """Read a blank amount or count as none."""
    return nw.coalesce(nw.col(column), nw.lit(0))


def final_due_on() -> nw.Expr:
    """The day on which a loan falls due at last, extended or not."""
    return nw.coalesce(nw.col("extended_due_on"), nw.col("due_on"))
