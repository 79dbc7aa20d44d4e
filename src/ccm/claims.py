"""From what ccm knows to what the clocks count: the facts of a loan from the book, its events from the journal.

A letter counts from what became of it and by its grade (law.md §7.2), anything else from what was logged; which papers
are filed decides in `rights` whether it is proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from ccm.model import Duty
from ccm.rights.clock import Event, Facts, Guarantee, Obligor
from ccm.units import plus_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ccm.life import Deed, Life, Lives
    from ccm.model import Case
    from ccm.rights.clock import Clock
    from ccm.rights.rules import Rules

ROW = (
    "loan_no", "borrower", "product", "due_on", "last_instalment_on", "extended_due_on", "interest_dpd", "dpd",
    "collateral", "guarantee_kind", "address_confirmed_on",
)  # fmt: skip
PARTY = (
    "loan_no", "role", "name", "guarantee_kind", "guarantee_period", "guarantee_until_on", "guarantee_contract_on",
)  # fmt: skip
PAPERS = {"receipt": "slip", "payment_slip": "receipt"}
"""Items of the archive that the rights file calls otherwise."""
RESULTS = {
    "delivered": "LETTER_ARRIVED",
    "refused": "LETTER_SHOULD_HAVE_ARRIVED",
    "returned": "LETTER_SHOULD_HAVE_ARRIVED",
}
IN_TRANSIT = "F"
MORTGAGE, MAXIMUM = "抵", "最高额"


def facts_of(loans: pl.DataFrame, parties: pl.DataFrame, as_of: date) -> Iterator[Facts]:
    """Yield what the ledger says of each loan, in the book's order.

    A column that is empty in the whole book was not in the ledger: what hangs on it is then unknown.

    Args:
        loans: Rows of the book as classified for `as_of`.
        parties: Co-borrowers and guarantors (`frame.PARTY_COLUMNS`).
        as_of: The day.
    """
    owing: dict[str, list[Obligor]] = {}
    known = parties.join(loans.select("loan_no"), on="loan_no", how="semi", maintain_order="left").select(PARTY)
    for loan_no, role, name, *contract in known.iter_rows():
        owing.setdefault(loan_no, []).append(Obligor(role, name, None, _guarantee(role, *contract)))
    told = bool(loans["collateral"].is_not_null().any())
    for row in loans.select(ROW).iter_rows():
        loan_no, borrower, product, due_on, last_on, extended_on, interest_dpd, dpd, collateral, kind, confirmed_on = (
            row
        )
        card = product == "card"
        if card and due_on is None and dpd:
            due_on = plus_days(as_of, -dpd)  # a card is due bill by bill: the oldest unpaid counts
        others = owing.get(loan_no, ())
        yield Facts(
            loan_no,
            (Obligor("borrower", borrower, bool(confirmed_on) or None), *_once(borrower, others)),
            due_on,
            last_on,
            extended_on,
            plus_days(as_of, -interest_dpd) if interest_dpd else None,
            _mortgaged(collateral, kind, told=told),
            card,
        )


def _once(borrower: str, others: Sequence[Obligor]) -> Iterator[Obligor]:
    return (one for one in others if one.role != "co_borrower" or one.name != borrower)


def _guarantee(
    role: str, kind: str | None, period: str | None, until_on: date | None, contract_on: date | None
) -> Guarantee | None:
    if role != "guarantor":
        return None
    return Guarantee(kind, period, until_on, contract_on, maximum=MAXIMUM in (kind or ""))


def _mortgaged(collateral: str | None, kind: str | None, *, told: bool) -> bool | None:
    if collateral or MORTGAGE in (kind or ""):
        return True
    return False if told or kind else None


ROLLED_DAYS = 15
"""A last day may move by a holiday's length."""


def in_sight(rules: Rules, as_of: date) -> pl.Expr:
    """Tell of each row whether a period that runs from one of its due dates, and from nothing else, may end soon."""
    days = max(one.alarm_days[0] for one in rules.rights.values())
    of_card = pl.when(pl.col("product") == "card").then(pl.lit(as_of) - pl.duration(days=pl.col("dpd")))
    starts = [pl.col("due_on"), pl.col("last_instalment_on"), pl.col("extended_due_on"), of_card]
    ends = [start.dt.offset_by(f"{months}mo") for start in starts for months in sorted(set(rules.months.values()))]
    soon = (end.is_between(plus_days(as_of, -ROLLED_DAYS), plus_days(as_of, days)) for end in ends)
    return pl.any_horizontal(*soon).fill_null(value=False)


SUITS = {"suit", "suit_and_request", "sue", "enforce"}


def duties(clocks: Sequence[Clock], case: Case, as_of: date) -> Iterator[Duty]:
    """Yield what no letter can do: suits that save a right which ends in sight (law.md "What follows" 4)."""
    for one in clocks:
        if one.act in SUITS and one.ends_on:
            act = "申请执行" if one.act == "enforce" else "起诉"
            last_on = one.ends_on if one.passed or one.ends_on >= as_of else one.legal_ends_on or one.ends_on
            yield Duty(
                id=f"right-{one.right}-{one.party}",
                rule="law §2.2" if one.right == "guarantee" else "law §1.4",
                title=f"应于{last_on}前{act}（{one.party}），已过，先核对"
                if one.passed
                else f"{act}，{last_on}前（{one.party}）",
                channel="suit",
                letter=None,
                party=case.borrower,
                role="borrower",
                from_on=as_of,
                due_on=last_on,
                state="overdue" if one.passed else "due",
                stage=case.stage,
            )


@dataclass(frozen=True, slots=True)
class Told:
    """What the journal tells: the events by loan number, and the letters that were issued and not posted."""

    events: Mapping[str, Sequence[Event]]
    drafted: Mapping[str, Sequence[Life]]


def told_by(lives: Lives, grade: Callable[[Life], str], as_of: date) -> Told:
    """Return what happened by what became of letters and deeds.

    Args:
        lives: Every letter and deed.
        grade: Grades a letter's proof (law.md §7.2).
        as_of: The day; what ends later has not ended.
    """
    events: dict[str, list[Event]] = {}
    drafted: dict[str, list[Life]] = {}
    for life in lives.letters.values():
        if life.voided:
            continue
        found = _of_letter(life, grade)
        for loan_no in life.loans:
            (events.setdefault(loan_no, []).extend(found) if found else drafted.setdefault(loan_no, []).append(life))
    for deed in lives.deeds.values():
        if deed.code != "PROMISE" or deed.papers("plan"):
            events.setdefault(deed.loan_no, []).extend(_of_deed(deed, as_of))
    return Told(events, drafted)


def _of_letter(life: Life, grade: Callable[[Life], str]) -> list[Event]:
    """Return a letter's events: what became of it, and its slip; none before it is posted or signed for."""
    result = life.result
    if not (life.posted or result or life.filed):
        return []
    papers = frozenset([PAPERS.get(one.item, one.item) for one in life.filed])
    sent_on = life.posted.on if life.posted else life.issued.on
    found = []
    graded = grade(life)
    if "slip" in papers:
        # The day of the signature stands on the slip alone: the delivery's, else the filing's for what must be in time.
        signed_on = result.on if result else min(one.on for one in life.papers("receipt"))
        found.append(_event(life, "LETTER_SIGNED", signed_on, signed_on, sent_on, graded, papers))
        if life.kind == "acceleration":
            found.append(_event(life, "ACCELERATION", signed_on, signed_on, sent_on, graded, papers | {"delivery"}))
    elif result:
        code = RESULTS[result.facts["status"]]
        if life.kind == "acceleration":
            code, papers = "ACCELERATION", papers | ({"delivery"} if "returned" in papers else set())
        found.append(_event(life, code, result.on, result.on, sent_on, graded, papers))
    elif life.posted:
        code = "ACCELERATION" if life.kind == "acceleration" else "LETTER_ARRIVED"
        found.append(_event(life, code, sent_on, None, sent_on, IN_TRANSIT, papers))
    return found


def _event(
    life: Life, code: str, on: date, arrived_on: date | None, sent_on: date, grade: str, papers: frozenset[str]
) -> Event:
    return Event(
        code, on, life.party, life.role, sent_on, arrived_on,  # type: ignore[arg-type]
        letter_no=life.letter_no, grade=grade, papers=papers,
    )  # fmt: skip


def _of_deed(deed: Deed, as_of: date) -> Iterator[Event]:
    facts = deed.done.facts
    papers = frozenset(PAPERS.get(one.item, one.item) for one in deed.filed)
    code = "PLAN" if deed.code == "PROMISE" else deed.code
    for role, name in deed.parties:
        yield Event(
            code,
            deed.done.on,
            name,
            role,  # type: ignore[arg-type]
            arrived_on=deed.done.on,
            ended_on=_day(facts.get("ended_on"), as_of),
            served_on=_day(facts.get("served_on"), as_of),
            withdrawn=bool(facts.get("withdrawn")),
            agrees=bool(facts.get("agrees")),
            letter_no=deed.deed_no,
            grade=str(facts.get("grade") or ""),
            papers=papers,
        )


def _day(text: object, as_of: date) -> date | None:
    on = date.fromisoformat(str(text)) if text else None
    return on if on and on <= as_of else None


LEDGER_TITLES = {
    "due_on": "到期日",
    "collateral": "抵质押物",
    "guarantee_kind": "保证方式",
    "guarantee_contract_on": "保证合同签订日",
    "guarantee_until_on": "保证期间（届满日）",
}
"""How a person knows the ledger columns that a clock lacks."""
