"""On what occasion a party gets a message, and what its fields say (C1, C3, M1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.sms.texts import KIND_TITLES
from ccm.units import days_between, known_sum, short_day, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ccm.contact_rules import ContactRules
    from ccm.model import Duty, Figures, Note, Party, Product, Promise, WorkItem
    from ccm.past import Key
    from ccm.sms.texts import Kind


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan as a message speaks of it; `dpd` and `overdue_cents` are 0 where nothing is due yet.

    `due_on` is its last due day, `duties` hold what is owed.
    """

    loan_no: str
    product: Product
    borrower: str
    parties: tuple[Party, ...]
    figures: Figures
    overdue_cents: int
    dpd: int
    due_on: date | None
    manager: str
    branch: str
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that an occasion asks for, before it is known whether it may be sent."""

    kind: Kind
    loan: Loan
    party: Party
    promise: Promise | None = None

    @property
    def key(self) -> Key:
        """The party of the loan."""
        return self.loan.loan_no, self.party.role, self.party.name


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs a message and where a reply goes; the branch is the loan's, else this one."""

    sign: str
    reply: str
    branch: str


def loans_of(items: Iterable[WorkItem], figures: Mapping[str, Figures]) -> list[Loan]:
    """Return the worklist's loans, in its order."""
    return [
        Loan(
            case.loan_no,
            case.product,
            case.borrower,
            case.parties,
            figures[case.loan_no],
            case.overdue_cents,
            case.dpd,
            case.due_on,
            case.manager or "",
            case.branch or "",
            item.duties,
        )
        for item in items
        for case in [item.case]
    ]


def wishes(
    loan: Loan, made: Sequence[Promise], sent: Mapping[Key, Sequence[Note]], on: date, rules: ContactRules
) -> Iterator[Wish]:
    """Yield the occasion of each party of a loan, the gravest that there is.

    Args:
        loan: One loan.
        made: The promises of its parties.
        sent: The messages that each party got, oldest first.
        on: The day of sending.
        rules: How many days before and after, and from when guarantors are written to.
    """
    for party in loan.parties:
        broken = _broken(party, made, sent.get((loan.loan_no, party.role, party.name), ()))
        guarantor = party.role == "guarantor"
        if broken:
            yield Wish("broken_promise", loan, party, broken)
        elif loan.dpd > 0:
            if not guarantor or loan.dpd >= rules.sms_guarantor_days:
                yield Wish("overdue", loan, party)
        elif guarantor:
            continue
        elif loan.overdue_cents > 0:
            yield Wish("due_today", loan, party)
        elif loan.due_on and 0 < days_between(on, loan.due_on) <= rules.sms_due_soon_days:
            yield Wish("due_soon", loan, party)


def _broken(party: Party, made: Sequence[Promise], sent: Sequence[Note]) -> Promise | None:
    """The party's last promise if it was broken, and no message has said so yet."""
    mine = [one for one in made if (one.role, one.party) == (party.role, party.name)]
    if not mine or mine[-1].state != "broken":
        return None
    told = any(note.on > mine[-1].by and note.facts.get("occasion") == "broken_promise" for note in sent)
    return None if told else mine[-1]


def too_soon(wish: Wish, sent: Sequence[Note], on: date, rules: ContactRules) -> str:
    """Return why it is too early for the next message to a party, empty where it is not."""
    if wish.kind == "due_soon":
        told = [note for note in sent if note.facts.get("due_on") == str(wish.loan.due_on)]
        return f"{short_day(told[-1].on, on)}已提醒过这次到期" if told else ""
    # A reminder before the day due does not stand for the demand after it.
    demands = [note for note in sent if note.facts.get("occasion") not in {"due_soon", "due_today"}]
    if wish.kind == "overdue" and demands and days_between(demands[-1].on, on) < rules.sms_again_days:
        return f"{short_day(demands[-1].on, on)}已发过，隔{rules.sms_again_days}天再发"
    return ""


def gravity(wish: Wish) -> int:
    """Return a wish's place among the occasions: 0 is the gravest."""
    return list(KIND_TITLES).index(wish.kind)


def values(wish: Wish, loans: Sequence[Loan], sender: Sender, on: date) -> dict[str, str]:
    """Return the fields of a message about loans of one occasion; amounts are those of all of them together.

    A field that has no value is empty; using it is for the caller to refuse.
    """
    first = loans[0]
    found = {
        "行名": sender.sign,
        "机构": first.branch or sender.branch,
        "联系人": f"客户经理{first.manager}",
        "回电": sender.reply,
        "姓名": wish.party.name,
        "借款": _named(loans),
        "截止日期": _day(min(loan.figures.on for loan in loans)),
        "借款人": first.borrower,
        "余额": "" if (balance := known_sum(loan.figures.balance_cents for loan in loans)) is None else yuan(balance),
        "本息": yuan(sum(loan.overdue_cents for loan in loans)),
        "逾期天数": str(max(loan.dpd for loan in loans)),
    }
    if due := [loan.due_on for loan in loans if loan.due_on]:
        found |= {"到期日": _day(min(due)), "剩余天数": str(days_between(on, min(due)))}
    if wish.promise:
        found |= {"承诺日": _day(wish.promise.by), "承诺金额": yuan(wish.promise.amount_cents)}
    return found


def _named(loans: Sequence[Loan]) -> str:
    """A loan by the end of its number, several by their count: a telephone may lie open."""
    product = "信用卡" if all(loan.product == "card" for loan in loans) else "贷款"
    return f"{product}（尾号{loans[0].loan_no[-4:]}）" if len(loans) == 1 else f"{len(loans)}笔{product}"


def _day(on: date) -> str:
    return f"{on.month}月{on.day}日"
