"""The example that the tests of the statement share: 100,000 yuan at 6 %, half as much again from the due date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ccm.statement.account import Debt
from ccm.statement.terms import Rate, Terms

ORDER = ("costs", "interest", "penalty", "compound", "principal")
TERMS = Terms(
    contract=Rate(Decimal(6), "合同"),
    penalty=Rate(Decimal(9), "合同"),
    misuse=Rate(Decimal(12), "合同"),
    basis=360,
    basis_source="合同",
    months=3,
    settle_day=20,
    settle_source="合同",
    compounds=frozenset({"interest"}),
    order=ORDER,  # type: ignore[arg-type]
)
DEBT = Debt(
    principal_cents=10_000_000,
    start_on=date(2025, 12, 21),
    due_on=date(2026, 6, 20),
    settled_on=(date(2026, 3, 21),),
)
"""Interest is unpaid since 21 December, settled on 20 March; the principal is due on 20 June."""
AS_OF = date(2026, 9, 20)
