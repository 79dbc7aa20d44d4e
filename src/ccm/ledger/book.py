"""All loan rows of all sheets as one frame, under the book's own columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from ccm.frame import LOAN_COLUMNS
from ccm.model import COMPANY_NAME, COMPANY_NUMBER, PERSON_NUMBER
from ccm.portable import holds, or_zero

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.ledger.columns import Layout, Names
    from ccm.ledger.rows import Rows

WORKING: dict[str, type[pl.DataType]] = {
    "product_known": pl.Boolean,
    "origin": pl.String,
    "table": pl.Int64,
    "at": pl.Int64,
}
"""What the checks need beside the book's columns: `table` and `at` lead back to the cells."""


def book_of(loans: list[Rows], names: Names) -> pl.DataFrame:
    """All loan rows under the book's columns, with `table` and `at` to find their cells again."""
    frames = [_typed(rows, number, names) for number, rows in enumerate(loans)]
    if not frames:
        return pl.DataFrame(schema=pl.Schema({**LOAN_COLUMNS, **WORKING}))
    return pl.concat(frames).rechunk()


def _typed(rows: Rows, number: int, names: Names) -> pl.DataFrame:
    frame: pl.DataFrame = as_book(nw.from_native(rows.frame), rows.layout, names, rows.sheet.name).to_native()
    if "origin" not in frame.columns:
        frame = frame.with_columns(origin=pl.lit(None, dtype=pl.String))
    frame = frame.with_columns(
        file=pl.lit(rows.sheet.file),
        sheet=pl.lit(rows.sheet.name),
        table=pl.lit(number, dtype=pl.Int64),
    )
    return frame.select(*LOAN_COLUMNS, *WORKING).cast(LOAN_COLUMNS)  # type: ignore[arg-type]


def as_book(frame: Any, layout: Layout, names: Names, sheet: str) -> Any:  # noqa: ANN401 - an eager or a lazy frame
    """Return read rows under the book's own columns, what the ledger has no column for blank.

    Args:
        frame: A Narwhals frame with a column per field (`rows.label`).
        layout: The columns that were found, and the ledger's own day.
        names: The words that tell cards from loans.
        sheet: The sheet's name, which may say that its loans are cards.

    Returns:
        The same rows with all of `LOAN_COLUMNS` and `product_known`; further columns stay.
    """
    has = set(frame.collect_schema().names())
    given = {"product": "product_name", "risk_class": "given_class"}
    frame = frame.rename({old: new for old, new in given.items() if old in has})
    has = {given.get(name, name) for name in has}
    if "overdue_amount_cents" in has:
        frame = frame.with_columns(overdue_principal_cents=_principal_of_total(has))
        has.add("overdue_principal_cents")
    blank = {name: nw.lit(None, PORTABLE[kind]) for name, kind in LOAN_COLUMNS.items() if name not in has}
    frame = frame.with_columns(**blank)
    is_card, known = _product(layout, names, sheet)
    return frame.with_columns(
        product=nw.when(is_card).then(nw.lit("card")).otherwise(nw.lit("loan")),
        product_known=known,
        party_kind=_party_kind(),
        given_class=_given_class(),
        **({"data_on": nw.coalesce(nw.col("data_on"), nw.lit(layout.data_on))} if layout.data_on else {}),
    )


PORTABLE: dict[Any, Any] = {pl.String: nw.String, pl.Date: nw.Date, pl.Int64: nw.Int64, pl.Float64: nw.Float64}


def _principal_of_total(has: set[str]) -> nw.Expr:
    """The overdue principal where it is given, else what of the overdue total is no interest."""
    interest = or_zero("overdue_interest_cents") if "overdue_interest_cents" in has else nw.lit(0)
    rest = nw.col("overdue_amount_cents") - interest
    rest = nw.when(rest < 0).then(nw.lit(0)).otherwise(rest)
    return nw.coalesce(nw.col("overdue_principal_cents"), rest) if "overdue_principal_cents" in has else rest


def _product(layout: Layout, names: Names, sheet: str) -> tuple[nw.Expr, nw.Expr]:
    """Cards by the words of the product name; without one, by the sheet's name or a card-number column."""
    written = nw.col("product_name").str
    card = written.contains(_any_of(names.products["card"]))
    loan = written.contains(_any_of(names.products["loan"]))
    column = next((c.header for c in layout.columns if c.field == "loan_no"), "")
    of_cards = any(word in f"{sheet}{column}" for word in (*names.products["card"], "卡号"))
    return nw.coalesce(card, nw.lit(of_cards)), nw.coalesce(card | loan, nw.lit(True))  # noqa: FBT003 - a literal


def _any_of(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, words))


def _party_kind() -> nw.Expr:
    """Person or company: by the ledger's word, else by the number's form, else by the name."""
    word = nw.col("party_kind").str
    company = word.contains(r"企|公司|对公|单位|法人|机构|合作社|^2$")
    person = word.contains(r"个人|自然人|农户|个体|对私|居民|^1$")
    number = nw.col("id_no").str
    by_number = number.contains(COMPANY_NUMBER) & ~number.contains(PERSON_NUMBER)
    by_name = nw.col("borrower").str.contains(COMPANY_NAME)
    firm = ~holds(person) & (holds(company) | holds(by_number) | holds(by_name))
    return nw.when(firm).then(nw.lit("company")).otherwise(nw.lit("person"))


def _given_class() -> nw.Expr:
    """The five tiers, however they are written: 正常类, 关注1, 次级贷款."""
    written = nw.col("given_class").str
    tier = nw.lit(None, nw.String)
    for label in TIERS:
        # Where several stand in a cell, the one it starts with is meant: 关注（原正常）.
        tier = nw.when(holds(written.contains(label, literal=True))).then(nw.lit(label)).otherwise(tier)
    for label in TIERS:
        tier = nw.when(holds(written.starts_with(label))).then(nw.lit(label)).otherwise(tier)
    return tier


TIERS = ("正常", "关注", "次级", "可疑", "损失")


def replace_mended(book: pl.DataFrame) -> pl.DataFrame:
    """A row of a mended refusal workbook stands in for the row it came from (its 来源 column names it)."""
    mended = book["origin"].drop_nulls()
    if mended.is_empty():
        return book
    place = pl.concat_str(pl.col("file"), pl.col("sheet"), pl.col("row").cast(pl.String), separator="|")
    origin = pl.col("origin").is_not_null()
    return book.filter(origin | ~place.is_in(mended.to_list()))
