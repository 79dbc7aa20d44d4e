"""From the classified book to records: one case for each loan that is overdue or due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ccm.model import Case, Party
from ccm.units import plus_days

if TYPE_CHECKING:
    from datetime import date


def cases(loans: pl.DataFrame, parties: pl.DataFrame, as_of: date) -> list[Case]:
    """Return the cases of a classified book, in its order.

    Args:
        loans: The classified book (`classify.classify`); rows without a stage make no case.
        parties: Co-borrowers and guarantors (`frame.PARTY_COLUMNS`).
        as_of: The day the book was classified for.
    """
    standing = loans.filter(pl.col("stage").is_not_null()).select(*COPIED, *OF_BORROWER, "balance_cents")
    others = _parties_of(parties.join(standing.select("loan_no"), on="loan_no", how="semi", maintain_order="left"))
    names = standing.columns
    rows = (dict(zip(names, row, strict=True)) for row in standing.rows())
    return [_case(row, others.get(row["loan_no"], ()), as_of) for row in rows]


def _parties_of(parties: pl.DataFrame) -> dict[str, tuple[Party, ...]]:
    found: dict[str, list[Party]] = {}
    for row in parties.sort("role", maintain_order=True).iter_rows(named=True):
        found.setdefault(row.pop("loan_no"), []).append(Party(**row))
    return {loan_no: tuple(group) for loan_no, group in found.items()}


def parties_of(row: dict[str, Any], parties: pl.DataFrame) -> tuple[Party, ...]:
    """Return who owes under one loan of the book, overdue or not: the borrower first."""
    others = _parties_of(parties.filter(pl.col("loan_no") == row["loan_no"]))
    return _with_borrower(row, others.get(row["loan_no"], ()))


def _with_borrower(row: dict[str, Any], others: tuple[Party, ...]) -> tuple[Party, ...]:
    borrower = Party("borrower", row["borrower"], row["id_no"], row["phone"], row["address"])
    return (borrower, *(party for party in others if party.role != "co_borrower" or party.name != borrower.name))


def _case(row: dict[str, Any], others: tuple[Party, ...], as_of: date) -> Case:
    return Case(
        parties=_with_borrower(row, others),
        balance_cents=row["balance_cents"],
        episode_on=plus_days(as_of, -row["dpd"]),
        **{name: row[name] for name in COPIED},
    )


OF_BORROWER = ("borrower", "id_no", "phone", "address")

COPIED = (
    "loan_no",
    "product",
    "product_name",
    "party_kind",
    "manager",
    "branch",
    "due_on",
    "overdue_principal_cents",
    "overdue_interest_cents",
    "principal_dpd",
    "interest_dpd",
    "dpd",
    "stage",
    "risk_class",
    "class_by",
    "past_arrears",
    "guarantee_kind",
)
