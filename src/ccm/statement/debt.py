"""From what ledger and journal tell to the debt that is replayed, and what had to be assumed on the way.

What the ledger cannot tell is never filled in silently: every assumption is a sentence of the statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.statement.account import Debt, opened
from ccm.statement.spans import Unpaid, calendar, settled_up_to, unpaid_since
from ccm.statement.terms import HOUSE, settle_words
from ccm.units import chinese_day, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ccm.statement.account import Dated
    from ccm.statement.terms import Terms


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a loan beside its row: days of the arrears, and what the journal holds up to the day.

    `data_on` is the ledger's day, `interest_since_on` and `principal_since_on` the days on which the oldest unpaid
    interest and principal were due, None where none is. `payments` and `costs` are in order.
    """

    data_on: date
    interest_since_on: date | None
    principal_since_on: date | None
    accelerated_on: date | None = None
    misused_on: date | None = None
    payments: tuple[Dated, ...] = ()
    costs: tuple[Dated, ...] = ()


def debt_of(row: Mapping[str, Any], told: Told, terms: Terms, as_of: date) -> tuple[Debt, tuple[str, ...]]:
    """Return the debt of a loan, with the assumptions it rests on.

    Args:
        row: The loan's row of the book, whose balance is known; its figures are those of `told.data_on`.
        told: What else is known.
        terms: How it is counted.
        as_of: The day up to which it is counted.

    Raises:
        CcmError: `statement-no-issue` where interest is due with the principal and the day of issue is not known.
    """
    due_on = _falls_due(row, told)
    since = _since(row, told, terms, due_on)
    counted, earlier = _payments(told)
    later_due = due_on is None or due_on > told.data_on
    overdue = overdue_cents(row, told)
    instalment = (max(told.data_on, since.start_on), overdue) if later_due and overdue else None
    debt = Debt(
        principal_cents=row["balance_cents"],
        start_on=since.start_on,
        due_on=due_on,
        instalment=instalment,
        misused_on=told.misused_on,
        settled_on=tuple(since.calendar.between(since.start_on, as_of)),
        costs=told.costs,
        payments=counted,
        own_day=since.calendar.anchor_on.day if since.calendar.own else None,
    )
    debt = opened(debt, terms, told.data_on)
    return debt, tuple(_assumptions(row, told, terms, debt, since, earlier))


def _falls_due(row: Mapping[str, Any], told: Told) -> date | None:
    """The last due date, or the acceleration where that comes first (law.md §3)."""
    final = row["extended_due_on"] or row["due_on"]
    return min((on for on in (final, told.accelerated_on) if on), default=None)


def overdue_cents(row: Mapping[str, Any], told: Told) -> int:
    """Return the principal that was overdue on the ledger's day: a loan due since is not overdue in it."""
    fell = told.principal_since_on is not None and told.principal_since_on <= told.data_on
    return row["overdue_principal_cents"] or 0 if fell else 0


def _since(row: Mapping[str, Any], told: Told, terms: Terms, due_on: date | None) -> Unpaid:
    """Since when interest is unpaid; where the ledger calls it paid, since the due date or the last settlement."""
    usual, issued_on = calendar(terms.months, terms.settle_day), row["issued_on"]
    if told.interest_since_on and told.interest_since_on <= told.data_on:
        found = unpaid_since(usual, told.interest_since_on, _final(row), issued_on)
    elif due_on and due_on <= told.data_on:
        found = Unpaid(due_on, usual)
    else:
        found = settled_up_to(usual, told.data_on, issued_on)
    if found is None:
        raise CcmError("statement-no-issue", where=str(row["loan_no"]), settled=settle_words(terms))
    return found


def _final(row: Mapping[str, Any]) -> date | None:
    final: date | None = row["extended_due_on"] or row["due_on"]
    return final


def _payments(told: Told) -> tuple[tuple[Dated, ...], tuple[Dated, ...]]:
    """Return the payments that are replayed, and those before the arrears, which the ledger's days already show."""
    known = [on for on in (told.interest_since_on, told.principal_since_on) if on and on <= told.data_on]
    first_on = min(known, default=None)
    counted = tuple(one for one in told.payments if (one[0] >= first_on if first_on else one[0] > told.data_on))
    return counted, tuple(one for one in told.payments if one not in counted)


def _assumptions(
    row: Mapping[str, Any], told: Told, terms: Terms, debt: Debt, since: Unpaid, earlier: tuple[Dated, ...]
) -> Iterator[str]:
    """Yield what the ledger cannot tell and how it was taken, one sentence each."""
    balance, data_on = row["balance_cents"], chinese_day(told.data_on)
    back = debt.principal_cents - balance
    yield (
        f"本金：台账只有{data_on}的余额{yuan(balance)}元，没有余额的历史；除登记的还款外，按{chinese_day(debt.start_on)}"
        f"以来没有变动计算{f'（登记的还款中抵了本金的{yuan(back)}元已加回期初）' if back else ''}。"
    )
    yield _interest_words(told, terms, debt, since)
    yield f"利率：台账只有一个利率，按计算期间没有调整过计算；利率{terms.contract}，出自{terms.contract.source}。"
    if terms.penalty.source.endswith(HOUSE):
        yield f"罚息利率：台账没有罚息利率和上浮比例，按{terms.penalty}计算（{terms.penalty.source}），以合同为准。"
    if debt.instalment:
        yield (
            f"分期本金：台账只有{data_on}的逾期本金{yuan(debt.instalment[1])}元，看不出其中各期各从哪天起逾期；"
            f"这以前一律按合同利率计，{data_on}起计罚息，可能少算，有还款计划表的可以补算。"
        )
    if told.accelerated_on and debt.due_on == told.accelerated_on:
        yield f"提前到期：以提前到期通知到达之日{chinese_day(told.accelerated_on)}为到期日，自该日起全部本金计罚息。"
    if row["extended_due_on"]:
        yield f"展期：以展期后的到期日{chinese_day(row['extended_due_on'])}为准。"
    if told.misused_on:
        before = f"；{chinese_day(debt.start_on)}以前的利息视为已按合同利率付清，与挪用罚息的差额没有列入"
        earlier_on = told.misused_on < debt.start_on
        yield f"挪用：按{chinese_day(told.misused_on)}起挪用全部余额计算{before if earlier_on else ''}，须另有证据。"
    yield _payment_words(debt, earlier, told)
    if not told.costs:
        yield "实现债权的费用（诉讼费、律师费等）没有列入。"


def _interest_words(told: Told, terms: Terms, debt: Debt, since: Unpaid) -> str:
    start = chinese_day(debt.start_on)
    if not told.interest_since_on or told.interest_since_on > told.data_on:
        return f"利息：台账没有欠息，按{start}以前的利息已付清计算。"
    own = "台账的最早欠息日不在结息日上，以该日为这笔贷款的结息日" if since.calendar.own else settle_words(terms)
    return (
        f"利息：台账没有付息记录；最早欠息日是{chinese_day(told.interest_since_on)}，"
        f"据结息周期（{own}，出自{terms.settle_source}）推算，利息付到{start}（不含）为止。"
    )


def _payment_words(debt: Debt, earlier: tuple[Dated, ...], told: Told) -> str:
    words = f"还款：只有登记过的{len(debt.payments)}笔" if debt.payments else "还款：没有登记过还款"
    inside = sum(on <= told.data_on for on, _ in debt.payments)
    words += f"，其中{inside}笔在台账日以前，若已抵过更早的利息，本表会少算" if inside else ""
    if earlier:
        total = sum(cents for _, cents in earlier)
        words += f"；另有{len(earlier)}笔{yuan(total)}元早于本次欠款，视为台账的数字已经反映"
    return f"{words}。"
