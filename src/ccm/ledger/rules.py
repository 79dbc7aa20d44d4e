"""What a ledger row cannot say: each rule names a finding code, the column it shows, and the rows it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ccm.ledger.identity import wrong_identity, wrong_phone
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that some rows break: their positions, and in step with them the facts its message names."""

    code: str
    field: str
    rows: list[int]
    facts: dict[str, list[str]]


def broken(book: pl.DataFrame, as_of: date) -> Iterator[Hit]:
    """Yield the rules that rows of `book` break; a rule whose columns are all blank breaks nowhere.

    `book` has the columns of `model.LOAN_COLUMNS`; where it has no day of its own, dates are held against `as_of`.
    """
    known = book.with_columns(
        final_due_on=pl.coalesce("extended_due_on", "due_on"),
        seen_on=pl.coalesce(pl.col("data_on"), pl.lit(_own_day(book) or as_of)),
    )
    holds = known.select(rule[2].fill_null(value=False).alias(str(nth)) for nth, rule in enumerate(CONDITIONS))
    for (code, field, _, facts), broken_here in zip(CONDITIONS, holds.iter_columns(), strict=True):
        rows = broken_here.arg_true()
        if len(rows):
            words = {word: _spoken(known[column].gather(rows)) for word, column in facts.items()}
            yield Hit(code, field, rows.to_list(), words)
    for code, field, wrong in _forms(book):
        if wrong.any():
            yield Hit(code, field, wrong.arg_true().to_list(), {})


def _spoken(values: pl.Series) -> list[str]:
    """Return facts as a message says them: amounts in yuan, the rest as it prints."""
    return [f"{yuan(value)}元" if values.name.endswith("_cents") else str(value) for value in values.to_list()]


def _own_day(book: pl.DataFrame) -> date | None:
    """The day most rows with both a date and a count agree on: the ledger's own, where it does not say."""
    sums = [
        book.select(day=(pl.col(since) + pl.duration(days=pl.col(days))).cast(pl.Date))["day"].drop_nulls()
        for since, days in PAIRS
    ]
    both = pl.concat(sums)
    if len(both) < 3:
        return None
    top = both.value_counts(sort=True).row(0, named=True)
    return top["day"] if top["count"] * 2 > len(both) else None


PAIRS = (
    ("principal_since_on", "principal_overdue_days"),
    ("interest_since_on", "interest_overdue_days"),
    ("overdue_since_on", "overdue_days"),
)


def _contradicts(since: str, days: str) -> pl.Expr:
    counted = (pl.col("seen_on") - pl.col(since)).dt.total_days()
    return (counted != pl.col(days)) & (pl.col(days) > 0)


def _no_day() -> pl.Expr:
    """Something is overdue, and nothing says since when."""
    owed = (pl.col("overdue_principal_cents") > 0) | (pl.col("overdue_interest_cents") > 0)
    known = [f for pair in PAIRS for f in pair]
    matured = (pl.col("final_due_on") <= pl.col("seen_on")).fill_null(value=False)
    return owed.fill_null(value=False) & pl.all_horizontal(pl.col(known).is_null()) & ~matured


def _after(first: str, second: str) -> pl.Expr:
    return pl.col(first) > pl.col(second)


CONDITIONS: tuple[tuple[str, str, pl.Expr, dict[str, str]], ...] = (
    ("due-before-issue", "due_on", _after("issued_on", "due_on"), {"issued": "issued_on", "due": "due_on"}),
    ("issued-in-future", "issued_on", _after("issued_on", "seen_on"), {"seen": "seen_on"}),
    (
        "since-in-future",
        "principal_since_on",
        _after("principal_since_on", "seen_on"),
        {"since": "principal_since_on", "seen": "seen_on"},
    ),
    (
        "since-in-future",
        "interest_since_on",
        _after("interest_since_on", "seen_on"),
        {"since": "interest_since_on", "seen": "seen_on"},
    ),
    (
        "since-in-future",
        "overdue_since_on",
        _after("overdue_since_on", "seen_on"),
        {"since": "overdue_since_on", "seen": "seen_on"},
    ),
    (
        "overdue-above-balance",
        "overdue_principal",
        _after("overdue_principal_cents", "balance_cents"),
        {"overdue": "overdue_principal_cents", "balance": "balance_cents"},
    ),
    (
        "balance-above-amount",
        "balance",
        _after("balance_cents", "amount_cents") & (pl.col("product") == "loan"),
        {"balance": "balance_cents", "amount": "amount_cents"},
    ),
    (
        "days-contradict",
        "principal_overdue_days",
        _contradicts("principal_since_on", "principal_overdue_days"),
        {"since": "principal_since_on", "days": "principal_overdue_days", "seen": "seen_on"},
    ),
    (
        "days-contradict",
        "interest_overdue_days",
        _contradicts("interest_since_on", "interest_overdue_days"),
        {"since": "interest_since_on", "days": "interest_overdue_days", "seen": "seen_on"},
    ),
    (
        "days-contradict",
        "overdue_days",
        _contradicts("overdue_since_on", "overdue_days"),
        {"since": "overdue_since_on", "days": "overdue_days", "seen": "seen_on"},
    ),
    ("since-missing", "overdue_principal", _no_day(), {}),
    (
        "matured-unpaid",
        "overdue_principal",
        _after("seen_on", "final_due_on") & (pl.col("balance_cents") > 0) & (pl.col("overdue_principal_cents") == 0),
        {"due": "final_due_on", "balance": "balance_cents"},
    ),
    ("product-unknown", "product", pl.col("product_known").not_(), {"product": "product_name"}),
)
"""The finding code, the field whose cell is shown, the condition, and the facts the message names."""


def _forms(book: pl.DataFrame) -> Iterator[tuple[str, str, pl.Series]]:
    yield "id-wrong", "id_no", wrong_identity(book["id_no"])
    yield "phone-wrong", "phone", wrong_phone(book["phone"])
