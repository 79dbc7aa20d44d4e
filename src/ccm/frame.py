"""The book as a frame: one row per loan, and what a checked ledger is made of."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

LOAN_COLUMNS: dict[str, type[pl.DataType]] = {
    "loan_no": pl.String,
    "borrower": pl.String,
    "id_no": pl.String,
    "party_kind": pl.String,
    "customer_no": pl.String,
    "product": pl.String,
    "product_name": pl.String,
    "manager": pl.String,
    "manager_no": pl.String,
    "branch": pl.String,
    "phone": pl.String,
    "address": pl.String,
    "occupation": pl.String,
    "contract_no": pl.String,
    "contract_on": pl.Date,
    "issued_on": pl.Date,
    "due_on": pl.Date,
    "extended_due_on": pl.Date,
    "last_instalment_on": pl.Date,
    "amount_cents": pl.Int64,
    "balance_cents": pl.Int64,
    "overdue_principal_cents": pl.Int64,
    "overdue_interest_cents": pl.Int64,
    "penalty_interest_cents": pl.Int64,
    "compound_interest_cents": pl.Int64,
    "principal_since_on": pl.Date,
    "interest_since_on": pl.Date,
    "overdue_since_on": pl.Date,
    "principal_overdue_days": pl.Int64,
    "interest_overdue_days": pl.Int64,
    "overdue_days": pl.Int64,
    "data_on": pl.Date,
    "given_class": pl.String,
    "guarantee_kind": pl.String,
    "guarantee_contract_no": pl.String,
    "guarantee_contract_on": pl.Date,
    "guarantee_period": pl.String,
    "guarantee_until_on": pl.Date,
    "clause_no": pl.String,
    "address_confirmed_on": pl.Date,
    "past_arrears": pl.Int64,
    "rate": pl.Float64,
    "penalty_rate": pl.Float64,
    "penalty_uplift": pl.Float64,
    "day_basis": pl.String,
    "settlement": pl.String,
    "collateral": pl.String,
    "remark": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
}
"""The book's columns: what a checked ledger holds of each loan. Only the first two are never null."""

PARTY_COLUMNS: dict[str, type[pl.DataType]] = {
    "loan_no": pl.String,
    "role": pl.String,
    "name": pl.String,
    "id_no": pl.String,
    "phone": pl.String,
    "address": pl.String,
    "guarantee_kind": pl.String,
    "guarantee_contract_no": pl.String,
    "guarantee_contract_on": pl.Date,
    "guarantee_period": pl.String,
    "guarantee_until_on": pl.Date,
}
"""One row per loan and further party (co-borrowers and guarantors); the borrower stands in the book itself."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The checked book: `loans` as `LOAN_COLUMNS`, `parties` as `PARTY_COLUMNS`, and the files it came from."""

    loans: pl.DataFrame
    parties: pl.DataFrame
    files: tuple[str, ...]
    rows: int
