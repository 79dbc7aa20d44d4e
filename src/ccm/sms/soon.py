"""The loans that fall due soon: no case yet, only a reminder before the day (C1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ccm.cases import parties_of
from ccm.payments import figures_of
from ccm.sms.occasions import Loan
from ccm.units import plus_days

if TYPE_CHECKING:
    from datetime import date

    from ccm.contact_rules import ContactRules


def due_soon(book: pl.DataFrame, parties: pl.DataFrame, rules: ContactRules, as_of: date, data_on: date) -> list[Loan]:
    """Return the loans that owe a balance, are not overdue, and whose last due day is near, the nearest first.

    Args:
        book: The classified book.
        parties: Co-borrowers and guarantors (`frame.PARTY_COLUMNS`).
        rules: How many days before.
        as_of: The day of sending.
        data_on: The day of the ledger's figures where its rows do not say.
    """
    due = pl.coalesce("extended_due_on", "due_on")
    near = due.is_between(plus_days(as_of, 1), plus_days(as_of, rules.sms_due_soon_days))
    loans = book.filter(pl.col("stage").is_null() & (pl.col("balance_cents") > 0) & near).with_columns(final=due)
    mine = parties.filter(pl.col("loan_no").is_in(loans["loan_no"].to_list()))
    return [
        Loan(
            row["loan_no"],
            row["product"],
            row["borrower"],
            parties_of(row, mine),
            figures_of(row, data_on),
            0,
            0,
            row["final"],
            row["manager"] or "",
            row["branch"] or "",
        )
        for row in loans.sort("final", "loan_no").iter_rows(named=True)
    ]
