"""What was counted against the ledger's own figures of its day, and what a difference may come from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ccm.statement.account import PART_OF, interest
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ccm.interest_rules import Part
    from ccm.statement.account import Account
    from ccm.statement.terms import Terms


DAYS_APART = 3
"""By how many days two ways of counting may differ; more is no way of counting."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure: the ledger's, ours, and what the difference may come from; `ledger_cents` None where it has none."""

    title: str
    ledger_cents: int | None
    counted_cents: int
    why: str

    @property
    def difference_cents(self) -> int:
        """Ours less the ledger's."""
        return self.counted_cents - (self.ledger_cents or 0)


def compared(row: Mapping[str, Any], overdue_cents: int, account: Account, terms: Terms) -> tuple[Compared, ...]:
    """Return the ledger's figures beside those counted for the ledger's own day.

    Args:
        row: The loan's row of the book.
        overdue_cents: The principal that was overdue on the ledger's day.
        account: The debt, counted up to the ledger's day.
        terms: How it was counted.
    """
    owed, found = account.owed, []
    balance = owed["principal"] + account.undue_principal_cents
    found.append(_one("贷款余额", row["balance_cents"], balance, ()))
    due = owed["principal"]
    accelerated = account.undue_principal_cents == 0 and overdue_cents < due
    why = ("全部本金已到期（含提前到期），台账还没有转逾期",) if accelerated else ()
    found.append(_one("逾期本金", overdue_cents, due, why))
    # One column for all interest where the ledger does not give penalties apart.
    apart = row["penalty_interest_cents"] is not None or row["compound_interest_cents"] is not None
    groups: list[tuple[str, int | None, tuple[Part, ...]]] = [
        ("利息", row["overdue_interest_cents"], ("interest",) if apart else ("interest", "penalty", "compound"))
    ]
    if apart:
        groups.append(("罚息", row["penalty_interest_cents"], ("penalty",)))
        groups.append(("复利", row["compound_interest_cents"], ("compound",)))
    for title, ledger_cents, parts in groups:
        name = title if len(parts) == 1 else "利息、罚息、复利（台账未分列）"
        counted = sum(owed[part] for part in parts)
        found.append(_one(name, ledger_cents, counted, _reasons(ledger_cents, account, terms, parts)))
    return tuple(found)


def _one(title: str, ledger_cents: int | None, counted_cents: int, reasons: Sequence[str]) -> Compared:
    if ledger_cents is None:
        return Compared(title, None, counted_cents, "台账没有这一栏")
    if ledger_cents == counted_cents:
        return Compared(title, ledger_cents, counted_cents, "一致")
    said = "；".join(reasons)
    return Compared(title, ledger_cents, counted_cents, said or "看不出原因，请核对合同利率、结息日和还款流水")


def _reasons(ledger_cents: int | None, account: Account, terms: Terms, parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the likeliest other way of counting that comes to the ledger's figure; none where no way does."""
    if ledger_cents is None:
        return ()
    if ledger_cents == 0:
        return ("台账没有计",)
    near = max(1, sum(PART_OF[line.kind] in parts for line in account.lines))
    ways = tuple(_ways(account, terms, parts))
    exact = tuple(words for words, cents in ways if abs(cents - ledger_cents) <= near)
    if exact:
        return exact[:1]
    daily = _a_day(account, parts)
    for words, cents in ways:
        days = round(abs(cents - ledger_cents) / daily) if daily else 0
        if 0 < days <= DAYS_APART and abs(abs(cents - ledger_cents) - daily * days) <= near + days:
            other = "" if words == ROUNDED else f"{words}，"
            return (f"{other}正好相差{days}天的数：起止日或结息日的算法不同",)
    return ()


ROUNDED = "分位上的四舍五入"


def _ways(account: Account, terms: Terms, parts: Sequence[Part]) -> Iterator[tuple[str, int]]:
    """Yield ways in which a bank may have counted these parts, the likeliest first, and what each comes to (cents)."""
    owed = account.owed
    counted = sum(owed[part] for part in parts)
    yield ROUNDED, counted
    if len(parts) > 1:
        yield "台账只计了利息，没有计罚息、复利", owed["interest"]
        yield "台账没有计复利", owed["interest"] + owed["penalty"]
    if account.paid:
        paid = sum(one.cents for one in account.paid)
        yield f"正好是登记的还款{yuan(paid)}元：可能已抵了更早的欠息", counted + paid
        return
    yield (
        f"台账按一年{365 if terms.basis == 360 else 360}天计",
        round(counted * Fraction(terms.basis, 365 if terms.basis == 360 else 360)),
    )
    if account.undue_interest_cents and "interest" in parts:
        yield "台账把未到结息日的利息也算在内", counted + account.undue_interest_cents
    if len(parts) > 1:
        bearing = [line for line in account.lines if line.kind != "compound"]
        plain = sum(interest(line.base_cents, terms.contract, line.basis, line.days) for line in bearing)
        yield "台账按合同利率计到台账日，没有上浮，也没有计复利", plain


def _a_day(account: Account, parts: Sequence[Part]) -> int:
    """What one day of these parts comes to on the ledger's day."""
    return sum(
        interest(line.base_cents, line.rate, line.basis, 1)
        for line in account.lines
        if line.end_on == account.as_of and PART_OF[line.kind] in parts
    )
