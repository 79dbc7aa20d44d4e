"""What is wrong with the rows of a book, collected while the checks run, and which rows it refuses."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from ccm.errors import Finding, catalogue, finding
from ccm.frame import LOAN_COLUMNS
from ccm.ledger.columns import SCALES
from ccm.ledger.rows import DECIDING, Rows
from ccm.model import RefusedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ccm.ledger.columns import Column, Names

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


class Marks:
    """Collects what is wrong, row by row, while the checks run.

    `found` pairs a row of the book with a finding; `general` holds findings of no row.
    `refused` are the rows with a mistake, `repeated` those that only say again what another has said.
    """

    def __init__(self, loans: list[Rows], book: pl.DataFrame, names: Names) -> None:
        self.loans, self.book, self.names = loans, book, names
        self.found: list[tuple[int, Finding]] = []
        self.general: list[Finding] = []
        self.refused: set[int] = set()
        self.repeated: set[int] = set()

    @cached_property
    def table(self) -> list[int]:
        """In step with the book: which of `loans` a row comes from."""
        return self.book["table"].to_list()

    @cached_property
    def at(self) -> list[int]:
        """In step with the book: where in that table's cells a row stands."""
        return self.book["at"].to_list()

    @cached_property
    def position(self) -> dict[tuple[int, int], int]:
        """The row of the book that a table's cells have become."""
        return {place: n for n, place in enumerate(zip(self.table, self.at, strict=True))}

    def accepted(self) -> pl.DataFrame:
        """Return the book without the refused and the repeated rows."""
        if not (left_out := self.refused | self.repeated):
            return self.book
        return self.book.with_row_index("n").filter(~pl.col("n").is_in(sorted(left_out))).drop("n")

    def add(
        self, code: str, field: str, rows: Iterable[int], facts: Mapping[str, Sequence[object]] | None = None
    ) -> None:
        """Mark book rows with a code at the cell of `field`; `facts` are in step with `rows`."""
        severity = catalogue()[code].severity
        for nth, n in enumerate(rows):
            words = {word: values[nth] for word, values in (facts or {}).items()}
            self._mark(code, n, self._column(n, field, words.get("name")), words)
            if severity == "error":
                self.refused.add(n)

    def _column(self, n: int, field: str, name: object = None) -> Column | None:
        """Return a row's column of a field; of several numbered ones, that whose cell has the `name`."""
        rows = self.loans[self.table[n]]
        columns = [column for column in rows.layout.columns if column.field == field]
        if name is not None:
            columns = [column for column in columns if str(name) in rows.printed(column.index, self.at[n])]
        return next(iter(columns), None)

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

    def shortened(self) -> None:
        """Mark loan numbers of digits that are shorter than all others of their sheet: a number has no leading zeros.

        All others means four in five and at least three of one length, some of which begin with a zero.
        """
        numbers = self.book.select("table", "loan_no").with_row_index("n").drop_nulls()
        for sheet in numbers.with_columns(size=pl.col("loan_no").str.len_chars()).partition_by("table"):
            usual, times = sheet["size"].value_counts(sort=True).row(0)
            zeros = sheet.filter(pl.col("size") == usual)["loan_no"].str.starts_with("0").any()
            if zeros and times >= 3 and times * 5 >= (len(sheet) - 1) * 4:
                short = sheet.filter((pl.col("size") < usual) & pl.col("loan_no").str.contains("^[0-9]+$"))
                self.add("loan-no-short", "loan_no", short["n"].to_list(), {"usual": [usual] * len(short)})

    def _twice(self, rows: list[int], same: bool) -> None:  # noqa: FBT001 - one caller, in sight
        """Rows that agree in everything are one row, read once; rows that differ are all refused: which is right?"""
        places = [
            f"{self.loans[self.table[n]].sheet.name}第{self.loans[self.table[n]].layout.skip + self.at[n] + 1}行"
            for n in rows
        ]
        if same:
            self.add("row-repeated", "loan_no", rows[1:], {"first": [places[0]] * (len(rows) - 1)})
            self.repeated.update(rows[1:])
        else:
            others = ["、".join(p for p in places if p != place) or places[0] for place in places]
            self.add("loan-no-duplicate", "loan_no", rows, {"others": others})

    def parties(self, good: pl.DataFrame, people: pl.DataFrame, others: list[Rows]) -> None:
        """Mark guaranteed loans without a guarantor, guarantors without an address, and those of no loan."""
        guarantors = people.filter(pl.col("role") == "guarantor")
        secured = good.filter(pl.col("guarantee_kind").str.contains_any(["保证", "担保人", "联保"]))
        alone = secured.join(guarantors, on="loan_no", how="anti")["loan_no"].to_list()
        lost = guarantors.filter(pl.col("address").is_null()).join(good.select("loan_no"), on="loan_no", how="semi")
        numbers = self.book["loan_no"].to_list() if alone or len(lost) else []
        place = {numbers[n]: n for n in reversed(range(len(numbers)))}
        self.add("guarantor-missing", "guarantee_kind", [place[no] for no in alone])
        self.add(
            "guarantor-address",
            "guarantor",
            [place[no] for no in lost["loan_no"].to_list()],
            {"name": lost["name"].to_list()},
        )
        known = set(self.book["loan_no"].drop_nulls().to_list()) if others else set()
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
        for n in sorted(self.refused - self.repeated):
            yield _as_it_stood(self.loans[self.table[n]], self.at[n], self.book["loan_no"][n], wrong[n], self.names)


def _as_it_stood(rows: Rows, at: int, loan_no: str | None, wrong: list[Finding], names: Names) -> RefusedRow:
    columns = sorted((c for c in rows.layout.columns if c.field != "origin"), key=lambda c: c.index)
    return RefusedRow(
        loan_no=loan_no,
        file=rows.sheet.file,
        sheet=rows.sheet.name,
        row=rows.layout.skip + at + 1,
        headers=tuple(_own_name(column, names) for column in columns),
        printed=tuple(column.header for column in columns),
        values=tuple(rows.value(column.index, at) for column in columns),
        findings=tuple(wrong),
    )


def _own_name(column: Column, names: Names) -> str:
    """Return a header that ccm reads back as this column: 保证人电话1, 贷款余额（万元）."""
    unit = next((unit for unit, scale in SCALES.items() if scale == column.scale and scale > 1), "")
    return f"{names.fields[column.field].title}{column.number or ''}" + (f"（{unit}）" if unit else "")


def _orphans(rows: Rows, known: set[str]) -> Iterator[Finding]:
    column = next((c for c in rows.layout.columns if c.field == "loan_no"), None)
    if column is None:
        return
    for at, number in rows.frame.select("at", "loan_no").iter_rows():
        if number is not None and number not in known:
            row = rows.layout.skip + at + 1
            yield finding(
                "party-orphan",
                file=rows.sheet.file,
                sheet=rows.sheet.name,
                cell=f"{letters(column.index)}{row}",
                row=row,
                column=column.header,
                value=number,
            )


def letters(index: int) -> str:
    """Return a column's letters as the spreadsheet shows them: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
