"""The statement of one loan: what was counted, at which terms, on which assumptions, and how the ledger compares."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.interest_rules import PART_TITLES
from ccm.statement.account import KIND_TITLES, account
from ccm.statement.compare import compared
from ccm.statement.debt import debt_of, overdue_cents
from ccm.units import chinese_day, in_words, yuan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ccm.interest_rules import InterestRules, Part
    from ccm.model import Party
    from ccm.statement.account import Account, Debt, Line
    from ccm.statement.compare import Compared
    from ccm.statement.debt import Told
    from ccm.statement.terms import Terms

PARTS: tuple[Part, ...] = ("principal", "interest", "penalty", "compound", "costs")
"""The order in which a statement adds up what is owed."""


@dataclass(frozen=True, slots=True)
class Loan:
    """The loan a statement is of, as the ledger names it; `place` says where in which ledger it stands."""

    loan_no: str
    contract_no: str | None
    product_name: str | None
    parties: tuple[Party, ...]
    issued_on: date | None
    amount_cents: int | None
    due_on: date | None
    place: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole statement as of a day."""

    bank: str
    loan: Loan
    as_of: date
    told: Told
    terms: Terms
    debt: Debt
    account: Account
    assumptions: tuple[str, ...]
    bases: tuple[str, ...]
    compared: tuple[Compared, ...]

    @property
    def sums(self) -> tuple[tuple[Part, int], ...]:
        """What is owed by its part, in the order of a statement; costs only where there are any."""
        owed = self.account.owed
        return tuple((part, owed[part]) for part in PARTS if part != "costs" or self.told.costs)

    @property
    def total_words(self) -> str:
        """The total in capital numerals."""
        return in_words(self.account.total_cents)

    @property
    def digest(self) -> str:
        """What the statement says, in one number: the same statement made again has the same."""
        said = [
            self.bank, repr(self.loan), str(self.as_of), [line_row(line) for line in self.account.lines],
            [(str(one.on), one.cents) for one in self.account.paid], list(self.account.owed.items()),
            self.assumptions, self.bases, [repr(one) for one in self.compared],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def statement_of(
    bank: str, loan: Loan, row: Mapping[str, Any], told: Told, terms: Terms, rules: InterestRules, as_of: date
) -> Statement:
    """Count a loan up to a day, whose own interest is not counted, and hold it against the ledger.

    Args:
        bank: The creditor's name.
        loan: What the document says of the loan.
        row: Its row of the book.
        told: What else is known of it.
        terms: How it is counted.
        rules: The policy's, for the legal basis.
        as_of: The day, not before `told.data_on`.

    Raises:
        CcmError: `statement-no-issue`.
    """
    debt, assumptions = debt_of(row, told, terms, as_of)
    then = account(debt, terms, told.data_on)
    return Statement(
        bank=bank,
        loan=loan,
        as_of=as_of,
        told=told,
        terms=terms,
        debt=debt,
        account=account(debt, terms, as_of),
        assumptions=assumptions,
        bases=tuple(_basis(source) for table, source in rules.sources.items() if table != "ceiling"),
        compared=compared(row, overdue_cents(row, told), then, terms),
    )


def _basis(source: str) -> str:
    """A source without the bank's note to itself."""
    return source.replace("（需法务确认）", "")


def line_row(line: Line) -> tuple[str, str, str, int, str, str, str, str]:
    """Return a line as it is printed: kind, first day, day behind the last, days, base, rate, formula, amount."""
    return (
        KIND_TITLES[line.kind] + ("" if line.due_on else "（未结息）"),
        str(line.start_on),
        str(line.end_on),
        line.days,
        yuan(line.base_cents),
        str(line.rate),
        f"{yuan(line.base_cents)}×{line.rate}÷{line.basis}×{line.days}",
        yuan(line.amount_cents),
    )


def paid_words(against: Mapping[Part, int], surplus_cents: int) -> str:
    """Return what a payment was set against: 抵利息1,200.00，本金300.00."""
    parts = [f"{PART_TITLES[part]}{yuan(cents)}" for part, cents in against.items()]
    parts += [f"余{yuan(surplus_cents)}" if surplus_cents else ""]
    return f"抵{'，'.join(filter(None, parts))}"


def rule_words(statement: Statement) -> tuple[str, ...]:
    """Return how it was counted, one sentence each."""
    terms = statement.terms
    order = "、".join(PART_TITLES[part] for part in terms.order)
    compounds = "、".join(PART_TITLES[part] for part in PARTS if part in terms.compounds)
    return (
        f"每行金额=基数×年利率÷{terms.basis}×天数（一年的天数出自{terms.basis_source}）；算头不算尾，起日计息，止日不计。",
        "每行四舍五入到分；各项合计为各行之和减去还款，不另行取整。",
        f"复利：对到期未付的{compounds}，从应付而未付之日起按罚息利率计。" if compounds else "不计复利。",
        f"还款按以下次序抵充：{order}。",
        f"{chinese_day(statement.as_of)}起至付清之日止按上列利率另计，目前每日{yuan(statement.account.daily_cents)}元。",
    )
