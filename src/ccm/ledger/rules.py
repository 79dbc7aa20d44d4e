"""What a ledger row cannot say: each rule names a finding code, the column it shows, and the rows it concerns.

The conditions are written in Narwhals: they hold of a sheet in memory and of a province's book on a cluster.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ccm.ledger.identity import wrong_identity, wrong_phone
from ccm.portable import day_number, final_due_on, holds
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that some rows break: their positions, and in step with them the facts its message names."""

    code: str
    field: str
    rows: list[int]
    facts: dict[str, list[str]]


def broken(book: pl.DataFrame, as_of: date) -> Iterator[Hit]:
    """Yield the rules that rows of `book` break; a rule whose columns are all blank breaks nowhere.

    `book` has the columns of `frame.LOAN_COLUMNS`; where it has no day of its own, dates are held against `as_of`.
    """
    known = seen(nw.from_native(book), own_day(nw.from_native(book.lazy())) or as_of)
    held = known.select(holds(rule[2]).alias(str(nth)) for nth, rule in enumerate(CONDITIONS)).to_native()
    facts_of = known.to_native()
    for (code, field, _, facts), broken_here in zip(CONDITIONS, held.iter_columns(), strict=True):
        rows = broken_here.arg_true()
        if len(rows):
            words = {word: _spoken(facts_of[column].gather(rows)) for word, column in facts.items()}
            yield Hit(code, field, rows.to_list(), words)
    for code, field, wrong in _forms(book):
        if wrong.any():
            yield Hit(code, field, wrong.arg_true().to_list(), {})


def seen(book: Any, day: date) -> Any:  # noqa: ANN401 - an eager or a lazy frame, as it was given
    """Add the day that dates are held against, the ledger's own or `day`, and the last due date."""
    return book.with_columns(
        final_due_on=final_due_on(),
        seen_on=nw.coalesce(nw.col("data_on"), nw.lit(day)),
    )


def _spoken(values: pl.Series) -> list[str]:
    """Return facts as a message says them: amounts in yuan, the rest as it prints."""
    return [f"{yuan(value)}元" if values.name.endswith("_cents") else str(value) for value in values.to_list()]


def own_day(book: nw.LazyFrame[Any]) -> date | None:
    """Return the day most rows with both a date and a count agree on: the ledger's own, where it does not say."""
    counted = nw.concat(
        [
            book.select((day_number(since) + nw.col(days)).cast(nw.Int64).alias("day")).drop_nulls()
            for since, days in PAIRS
        ]
    )
    agreed = counted.group_by("day").agg(nw.len().cast(nw.Int64).alias("rows"))
    most, total = 0, 0
    top = None
    for day, rows in agreed.collect("polars").iter_rows():
        total += rows
        if rows > most:
            top, most = day, rows
    return date.fromordinal(top) if top and total >= 3 and most * 2 > total else None


PAIRS = (
    ("principal_since_on", "principal_overdue_days"),
    ("interest_since_on", "interest_overdue_days"),
    ("overdue_since_on", "overdue_days"),
)


def _contradicts(since: str, days: str) -> nw.Expr:
    counted = day_number("seen_on") - day_number(since)
    return (counted != nw.col(days)) & (nw.col(days) > 0)


def _no_day() -> nw.Expr:
    """Something is overdue, and nothing says since when."""
    owed = (nw.col("overdue_principal_cents") > 0) | (nw.col("overdue_interest_cents") > 0)
    unknown = nw.all_horizontal(*(nw.col(one).is_null() for pair in PAIRS for one in pair), ignore_nulls=False)
    matured = holds(nw.col("final_due_on") <= nw.col("seen_on"))
    return holds(owed) & unknown & ~matured


def _after(first: str, second: str) -> nw.Expr:
    return nw.col(first) > nw.col(second)


CONDITIONS: tuple[tuple[str, str, nw.Expr, dict[str, str]], ...] = (
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
        _after("balance_cents", "amount_cents") & (nw.col("product") == "loan"),
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
        _after("seen_on", "final_due_on") & (nw.col("balance_cents") > 0) & (nw.col("overdue_principal_cents") == 0),
        {"due": "final_due_on", "balance": "balance_cents"},
    ),
    ("product-unknown", "product", ~nw.col("product_known"), {"product": "product_name"}),
)
"""The finding code, the field whose cell is shown, the condition, and the facts the message names."""


def _forms(book: pl.DataFrame) -> Iterator[tuple[str, str, pl.Series]]:
    yield "id-wrong", "id_no", wrong_identity(book["id_no"])
    yield "phone-wrong", "phone", wrong_phone(book["phone"])
