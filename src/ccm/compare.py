"""Ledger against ledger: what moved since the triage before, and which rows are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    from datetime import date

Move = Literal["new", "cured", "rolled", "eased", "paid_but_worse", "vanished"]

MOVE_TITLES: dict[Move, str] = {
    "new": "新增逾期",
    "rolled": "进入更高阶段",
    "paid_but_worse": "还了部分却更严重",
    "eased": "退回较低阶段",
    "cured": "已还清欠款",
    "vanished": "台账里消失",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One loan that moved. Stages are lower bounds in days, None where it is not overdue or not in the book."""

    move: Move
    loan_no: str
    borrower: str
    manager: str | None
    before_stage: int | None
    after_stage: int | None
    before_owed_cents: int
    after_owed_cents: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved between two triages, and how many loans both hold.

    `stages_before` maps a stage to its loans and owed principal and interest then.
    """

    since: date
    changes: tuple[Change, ...]
    common: int
    stages_before: dict[int, tuple[int, int]]

    def of(self, move: Move) -> tuple[Change, ...]:
        """Return the changes of one kind, largest amount first."""
        mine = (change for change in self.changes if change.move == move)
        return tuple(sorted(mine, key=lambda c: (-max(c.before_owed_cents, c.after_owed_cents), c.loan_no)))


def compare(old: pl.DataFrame, new: pl.DataFrame, since: date, refused: frozenset[str] = frozenset()) -> Comparison:
    """Compare two classified books.

    A loan that is overdue in the old book and absent from the new one is a question (written off? moved to another
    manager? a typing error?), so it is listed, as is any other loan with a balance that is gone.
    Rows refused today (`refused`, by loan number) are not gone: their findings speak for them.
    """
    both = _facts(old).join(_facts(new), on="loan_no", how="full", suffix="_new", coalesce=True)
    was, now = pl.col("stage"), pl.col("stage_new")
    here, there = pl.col("borrower_new").is_not_null(), pl.col("borrower").is_not_null()
    less = pl.col("balance_cents_new") < pl.col("balance_cents")
    moved = both.with_columns(
        move=pl.when(~here & there & (was.is_not_null() | (pl.col("balance_cents") > 0)))
        .then(pl.lit("vanished"))
        .when(here & now.is_not_null() & was.is_null())
        .then(pl.lit("new"))
        .when(here & there & was.is_not_null() & now.is_null())
        .then(pl.lit("cured"))
        .when((now > was) & less)
        .then(pl.lit("paid_but_worse"))
        .when(now > was)
        .then(pl.lit("rolled"))
        .when(now < was)
        .then(pl.lit("eased"))
    ).filter(pl.col("move").is_not_null() & ~pl.col("loan_no").is_in(list(refused)))
    return Comparison(
        since=since,
        changes=tuple(_change(row) for row in moved.iter_rows(named=True)),
        common=both.filter(here & there).height,
        stages_before=_stages(old),
    )


def _facts(book: pl.DataFrame) -> pl.DataFrame:
    owed = pl.col("overdue_principal_cents").fill_null(0) + pl.col("overdue_interest_cents").fill_null(0)
    return book.select(
        "loan_no",
        "borrower",
        "manager",
        "stage",
        "balance_cents",
        owed.alias("owed_cents"),
    )


def _change(row: dict[str, object]) -> Change:
    return Change(
        move=row["move"],  # type: ignore[arg-type]
        loan_no=str(row["loan_no"]),
        borrower=str(row["borrower_new"] or row["borrower"]),
        manager=row["manager_new"] or row["manager"],  # type: ignore[arg-type]
        before_stage=row["stage"],  # type: ignore[arg-type]
        after_stage=row["stage_new"],  # type: ignore[arg-type]
        before_owed_cents=row["owed_cents"] or 0,  # type: ignore[arg-type]
        after_owed_cents=row["owed_cents_new"] or 0,  # type: ignore[arg-type]
    )


def _stages(book: pl.DataFrame) -> dict[int, tuple[int, int]]:
    owed = pl.col("overdue_principal_cents") + pl.col("overdue_interest_cents")
    grouped = book.filter(pl.col("stage").is_not_null()).group_by("stage").agg(pl.len(), owed.sum().alias("owed"))
    return {stage: (count, cents) for stage, count, cents in grouped.iter_rows()}
