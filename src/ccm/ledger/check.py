"""From read sheets to a checked ledger: every finding at once, the good rows kept, the bad ones set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ccm.errors import Finding, catalogue, finding
from ccm.ledger.parties import parties as read_parties
from ccm.ledger.rows import DECIDING, Rows, read_rows
from ccm.ledger.rules import broken
from ccm.model import LOAN_COLUMNS, Ledger, RefusedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ccm.ledger.columns import Column, Layout, Names
    from ccm.ledger.table import Sheet


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a book: the ledger of accepted rows, all findings, and the refused rows as they stood."""

    ledger: Ledger
    findings: tuple[Finding, ...]
    refused: tuple[RefusedRow, ...]


ASIDE = {
    "date-impossible": "date-unread",
    "date-ambiguous": "date-unread",
    "amount-text": "amount-unread",
    "amount-negative": "amount-unread",
    "count-text": "count-unread",
    "cell-error": "cell-unread",
    "digits-lost": "digits-lost-aside",
}
"""What cannot be read in a column that decides nothing is a warning: the cell counts as blank."""


def check(sheets: Sequence[tuple[Sheet, Layout]], names: Names, as_of: date) -> Checked:
    """Read and check all sheets of all files as one book.

    Args:
        sheets: Each sheet with its layout; loan sheets and sheets of guarantors or co-borrowers.
        names: The column names in use, with their kinds and the words that tell cards from loans.
        as_of: Dates after this day (or after the ledger's own day) are in the future.

    Returns:
        The accepted rows as a ledger, every finding in file order, and the rows that were refused.
    """
    tables = [read_rows(sheet, layout, names) for sheet, layout in sheets]
    loans = [table for table in tables if table.layout.role == "loans"]
    book = _replace_mended(_book(loans, names))
    marks = _Marks(loans, book)
    marks.unreadable()
    marks.unvalued()
    marks.identity()
    for hit in broken(book, as_of):
        marks.add(hit.code, hit.field, hit.rows, hit.facts)
    others = [table for table in tables if table.layout.role != "loans"]
    people = read_parties(tables)
    good = book.filter(~pl.Series(marks.refused_mask()))
    marks.parties(good, people, others)
    ledger = Ledger(
        loans=good.select(list(LOAN_COLUMNS)),
        parties=people.join(good.select("loan_no"), on="loan_no", how="semi", maintain_order="left"),
        files=tuple(dict.fromkeys(sheet.file for sheet, _ in sheets)),
        rows=len(book),
    )
    return Checked(ledger, tuple(marks.in_order()), tuple(marks.refused_rows()))


def _book(loans: list[Rows], names: Names) -> pl.DataFrame:
    """All loan rows under the book's columns, with `table` and `at` to find their cells again."""
    frames = [_typed(rows, number, names) for number, rows in enumerate(loans)]
    schema = {**LOAN_COLUMNS, "product_known": pl.Boolean, "origin": pl.String, "table": pl.Int64, "at": pl.Int64}
    if not frames:
        return pl.DataFrame(schema=schema)
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
    return frame.select(*LOAN_COLUMNS, "product_known", "origin", "table", "at").cast(LOAN_COLUMNS)  # type: ignore[arg-type]


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
    by_number = pl.col("id_no").str.contains(r"^[159]\d{5}.{11,12}$|^[0-9A-Z]{8}-[0-9X]$") & ~pl.col("id_no").str.contains(
        r"^\d{17}[\dX]$"
    )
    by_name = pl.col("borrower").str.contains(r"公司|合作社|厂$|企业|商行$|中心$|医院$|学校$|村委会$|集团")
    return (
        pl.when(person.fill_null(value=False)).then(pl.lit("person"))
        .when(company.fill_null(value=False) | by_number.fill_null(value=False) | by_name.fill_null(value=False))
        .then(pl.lit("company"))
        .otherwise(pl.lit("person"))
    )


def _given_class() -> pl.Expr:
    """The five tiers, however they are written: 正常类, 关注1, 次级贷款."""
    return pl.col("given_class").str.extract(r"(正常|关注|次级|可疑|损失)")


def _replace_mended(book: pl.DataFrame) -> pl.DataFrame:
    """A row of a mended refusal workbook stands in for the row it came from (its 来源 column names it)."""
    mended = book["origin"].drop_nulls()
    if mended.is_empty():
        return book
    place = pl.concat_str(pl.col("file"), pl.col("sheet"), pl.col("row").cast(pl.String), separator="|")
    origin = pl.col("origin").is_not_null()
    return book.filter(origin | ~place.is_in(mended.to_list()))


class _Marks:
    """Collects what is wrong, row by row, while the checks run."""

    def __init__(self, loans: list[Rows], book: pl.DataFrame) -> None:
        self.loans, self.book = loans, book
        self.table, self.at = book["table"].to_list(), book["at"].to_list()
        self.position = {place: n for n, place in enumerate(zip(self.table, self.at, strict=True))}
        self.found: list[tuple[int, Finding]] = []
        self.general: list[Finding] = []
        self.refused: set[int] = set()

    def refused_mask(self) -> list[bool]:
        return [n in self.refused for n in range(len(self.book))]

    def add(self, code: str, field: str, rows: Iterable[int], facts: Mapping[str, Sequence[object]] | None = None) -> None:
        """Mark book rows with a code at the cell of `field`; `facts` are in step with `rows`."""
        severity = catalogue()[code].severity
        for nth, n in enumerate(rows):
            words = {word: values[nth] for word, values in (facts or {}).items()}
            self._mark(code, n, self._column(n, field), words)
            if severity == "error":
                self.refused.add(n)

    def _column(self, n: int, field: str) -> Column | None:
        return next((c for c in self.loans[self.table[n]].layout.columns if c.field == field), None)

    def _mark(self, code: str, n: int, column: Column | None, words: Mapping[str, object]) -> None:
        rows = self.loans[self.table[n]]
        number = rows.layout.skip + self.at[n] + 1
        self.found.append(
            (
                n,
                finding(
                    code,
                    file=rows.sheet.file,
                    sheet=rows.sheet.name,
                    cell=f"{letters(column.index)}{number}" if column else "",
                    row=number,
                    column=column.header if column else "",
                    value=rows.printed(column.index, self.at[n]) if column else "",
                    **words,
                ),
            )
        )

    def unreadable(self) -> None:
        """Mark the cells that could not be read as what their column holds."""
        for number, rows in enumerate(self.loans):
            for trouble in rows.trouble:
                code = trouble.code if trouble.column.field in DECIDING else ASIDE[trouble.code]
                refuses = catalogue()[code].severity == "error"
                for at in trouble.rows:
                    n = self.position.get((number, at))
                    if n is not None:
                        self._mark(code, n, trouble.column, {})
                        self.refused.update({n} if refuses else ())

    def unvalued(self) -> None:
        """Mark deciding cells that look blank but hold an error or a formula whose result was never stored."""
        for number, rows in enumerate(self.loans):
            deciding = {letters(c.index): c for c in rows.layout.columns if c.field in DECIDING}
            for cell, content in rows.sheet.unvalued().items():
                column = deciding.get(cell.rstrip("0123456789"))
                at = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - rows.layout.skip - 1
                n = self.position.get((number, at))
                if column and n is not None and rows.value(column.index, at) is None:
                    code = "formula-unstored" if content.startswith("=") else "cell-error"
                    self._mark(code, n, column, {"content": content})
                    self.refused.add(n)

    def identity(self) -> None:
        """Mark rows without a loan number or a borrower, and loan numbers that stand twice."""
        for code, field in (("loan-no-missing", "loan_no"), ("borrower-missing", "borrower")):
            told = {n for n, one in self.found if one.code in {"digits-lost", "cell-error", "formula-unstored"}}
            self.add(code, field, [n for n in self.book[field].is_null().arg_true().to_list() if n not in told])
        numbers = self.book["loan_no"]
        twice = (numbers.is_duplicated() & numbers.is_not_null()).arg_true()
        if twice.is_empty():
            return
        facts = [name for name in LOAN_COLUMNS if name not in {"file", "sheet", "row"}]
        same = self.book.select(facts).is_duplicated()
        groups: dict[str, list[int]] = {}
        for n in twice.to_list():
            groups.setdefault(numbers[n], []).append(n)
        for rows in groups.values():
            self._twice(rows, all(same[n] for n in rows))

    def _twice(self, rows: list[int], same: bool) -> None:  # noqa: FBT001 - one caller, in sight
        """Rows that agree in everything are one row, read once; rows that differ are all refused: which is right?"""
        places = [f"{self.loans[self.table[n]].sheet.name}第{self.loans[self.table[n]].layout.skip + self.at[n] + 1}行" for n in rows]
        if same:
            self.add("row-repeated", "loan_no", rows[1:], {"first": [places[0]] * (len(rows) - 1)})
            self.refused.update(rows[1:])
        else:
            others = ["、".join(p for p in places if p != place) or places[0] for place in places]
            self.add("loan-no-duplicate", "loan_no", rows, {"others": others})

    def parties(self, good: pl.DataFrame, people: pl.DataFrame, others: list[Rows]) -> None:
        """Mark guaranteed loans without a guarantor, guarantors without an address, and those of no loan."""
        guarantors = people.filter(pl.col("role") == "guarantor")
        secured = good.with_row_index("n").filter(pl.col("guarantee_kind").str.contains("保证|担保人|联保"))
        alone = secured.join(guarantors, on="loan_no", how="anti")["loan_no"].to_list()
        place = dict(zip(self.book["loan_no"].to_list(), range(len(self.book)), strict=True))
        self.add("guarantor-missing", "guarantee_kind", [place[no] for no in alone])
        lost = guarantors.filter(pl.col("address").is_null()).join(good.select("loan_no"), on="loan_no", how="semi")
        self.add("guarantor-address", "guarantor", [place[no] for no in lost["loan_no"].to_list()], {"name": lost["name"].to_list()})
        known = set(self.book["loan_no"].drop_nulls().to_list())
        for rows in others:
            self.general.extend(_orphans(rows, known))

    def in_order(self) -> Iterator[Finding]:
        """Give the findings in the order of the rows, those of no row last."""
        yield from (one for _, one in sorted(self.found, key=lambda pair: pair[0]))
        yield from self.general

    def refused_rows(self) -> Iterator[RefusedRow]:
        """Give the refused rows with all their cells as they stood; repeated rows are not worth mending."""
        wrong: dict[int, list[Finding]] = {}
        for n, one in self.found:
            wrong.setdefault(n, []).append(one)
        for n in sorted(self.refused):
            if all(one.code == "row-repeated" for one in wrong[n]):
                continue
            yield _as_it_stood(self.loans[self.table[n]], self.at[n], wrong[n])


def _as_it_stood(rows: Rows, at: int, wrong: list[Finding]) -> RefusedRow:
    columns = sorted({column.index: column for column in rows.layout.columns}.values(), key=lambda c: c.index)
    return RefusedRow(
        file=rows.sheet.file,
        sheet=rows.sheet.name,
        row=rows.layout.skip + at + 1,
        headers=tuple(column.header for column in columns),
        values=tuple(rows.value(column.index, at) for column in columns),
        findings=tuple(wrong),
    )


def _orphans(rows: Rows, known: set[str]) -> Iterator[Finding]:
    column = next((c for c in rows.layout.columns if c.field == "loan_no"), None)
    if column is None:
        return
    for at, number in rows.frame.select("at", "loan_no").iter_rows():
        if number is not None and number not in known:
            row = rows.layout.skip + at + 1
            yield finding("party-orphan", file=rows.sheet.file, sheet=rows.sheet.name,
                          cell=f"{letters(column.index)}{row}", row=row, column=column.header, value=number)


def letters(index: int) -> str:
    """Return a column's letters as the spreadsheet shows them: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name

