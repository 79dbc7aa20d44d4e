"""All loan rows of all sheets as one frame, under the book's own columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ccm.frame import LOAN_COLUMNS
from ccm.model import COMPANY_NAME, COMPANY_NUMBER, PERSON_NUMBER

if TYPE_CHECKING:
    from ccm.ledger.columns import Names
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
    frame = rows.frame.rename({"product": "product_name", "risk_class": "given_class"}, strict=False)
    has = set(frame.columns)
    total, interest = pl.col("overdue_amount_cents"), pl.col("overdue_interest_cents")
    if "overdue_amount_cents" in has:
        interest = interest.fill_null(0) if "overdue_interest_cents" in has else pl.lit(0)
        rest = (total - interest).clip(lower_bound=0)
        given = pl.col("overdue_principal_cents") if "overdue_principal_cents" in has else pl.lit(None, dtype=pl.Int64)
        frame = frame.with_columns(overdue_principal_cents=pl.coalesce(given, rest))
    blank = [pl.lit(None, dtype=kind).alias(name) for name, kind in LOAN_COLUMNS.items() if name not in frame.columns]
    frame = frame.with_columns(blank)
    if "origin" not in has:
        frame = frame.with_columns(origin=pl.lit(None, dtype=pl.String))
    is_card, known = _product(rows, names)
    frame = frame.with_columns(
        product=pl.when(is_card).then(pl.lit("card")).otherwise(pl.lit("loan")),
        product_known=known,
        party_kind=_party_kind(),
        given_class=_given_class(),
        data_on=pl.coalesce(pl.col("data_on"), pl.lit(rows.layout.data_on, dtype=pl.Date)),
        file=pl.lit(rows.sheet.file),
        sheet=pl.lit(rows.sheet.name),
        table=pl.lit(number, dtype=pl.Int64),
    )
    return frame.select(*LOAN_COLUMNS, *WORKING).cast(LOAN_COLUMNS)  # type: ignore[arg-type]


def _product(rows: Rows, names: Names) -> tuple[pl.Expr, pl.Expr]:
    """Cards by the words of the product name; without one, by the sheet's name or a card-number column."""
    written = pl.col("product_name")
    card = written.str.contains_any(list(names.products["card"]))
    loan = written.str.contains_any(list(names.products["loan"]))
    column = next((c.header for c in rows.layout.columns if c.field == "loan_no"), "")
    of_cards = any(word in f"{rows.sheet.name}{column}" for word in (*names.products["card"], "卡号"))
    return card.fill_null(of_cards), (card | loan).fill_null(value=True)


def _party_kind() -> pl.Expr:
    """Person or company: by the ledger's word, else by the number's form, else by the name."""
    word = pl.col("party_kind")
    company = word.str.contains(r"企|公司|对公|单位|法人|机构|合作社|^2$")
    person = word.str.contains(r"个人|自然人|农户|个体|对私|居民|^1$")
    number = pl.col("id_no").str
    by_number = number.contains(COMPANY_NUMBER) & ~number.contains(PERSON_NUMBER)
    by_name = pl.col("borrower").str.contains(COMPANY_NAME)
    return (
        pl.when(person.fill_null(value=False))
        .then(pl.lit("person"))
        .when(company.fill_null(value=False) | by_number.fill_null(value=False) | by_name.fill_null(value=False))
        .then(pl.lit("company"))
        .otherwise(pl.lit("person"))
    )


def _given_class() -> pl.Expr:
    """The five tiers, however they are written: 正常类, 关注1, 次级贷款."""
    return pl.col("given_class").str.extract(r"(正常|关注|次级|可疑|损失)")


def replace_mended(book: pl.DataFrame) -> pl.DataFrame:
    """A row of a mended refusal workbook stands in for the row it came from (its 来源 column names it)."""
    mended = book["origin"].drop_nulls()
    if mended.is_empty():
        return book
    place = pl.concat_str(pl.col("file"), pl.col("sheet"), pl.col("row").cast(pl.String), separator="|")
    origin = pl.col("origin").is_not_null()
    return book.filter(origin | ~place.is_in(mended.to_list()))
