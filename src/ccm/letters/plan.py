"""Who gets which letter, and why not: pure, from the worklist's duties to letters and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ccm.letters.fields import guarantee_kind
from ccm.model import LoanNote
from ccm.units import chinese_day, plus_days, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ccm.model import Case, Duty, Party, Product, WorkItem
    from ccm.policy import Policy

ROLE_ORDER = {"borrower": 0, "co_borrower": 1, "guarantor": 2}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the bank and branch as printed, where to call and pay, and the series of its numbers."""

    bank: str
    branch: str
    address: str
    phone: str
    account: str
    code: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What an earlier letter demanded of a party: its number and day, amounts in cents."""

    letter_no: str
    on: date
    principal_cents: int
    interest_cents: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that is to go to one party, before it has a number.

    `covers` names the duties it does: (loan number, policy duty); `notes` lists every loan note it claims.
    `data_on` is the day of the amounts, `warnings` what whoever signs should know.
    `despite` says why it goes out although something held it, and what that was.
    """

    kind: str
    product: Product
    party: Party
    borrower: str
    loan_no: str
    covers: tuple[tuple[str, str], ...]
    notes: tuple[LoanNote, ...]
    issued_on: date
    data_on: date
    reply_by: date
    manager: str
    sender: Sender
    clause_no: str = ""
    trigger: str = ""
    comparison: str = ""
    warnings: tuple[str, ...] = ()
    despite: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter that is not written, and why; `done` where it has gone out before."""

    loan_no: str
    party: str
    role: str
    kind: str
    reason: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letters are wanted: of a stage, of loans, of kinds; with `catch_up` also what earlier stages still owe.

    `despite` is a person's reason to write although the loan is held; empty where there is none.
    """

    stage: int | None = None
    loans: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    catch_up: bool = False
    despite: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why nothing goes to one person, and whether a reason can overrule it: a letter to the dead is void."""

    reason: str
    despite: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the plan must know beside the worklist.

    `rows` are the book's rows by loan number; `demands` the last demand by (loan number, role, party);
    `kept` says for a loan what holds all letters: a dispute, an agreed plan; `stopped` why none goes to a party, by
    (loan number, role, party).
    """

    rows: Mapping[str, Mapping[str, Any]]
    demands: Mapping[tuple[str, str, str], Demand]
    kept: Mapping[str, str]
    data_on: date
    as_of: date
    stopped: Mapping[tuple[str, str, str], Stopped] = field(default_factory=dict)


def plan(
    items: Iterable[WorkItem], asked: Asked, known: Known, policy: Policy, senders: Mapping[str, Sender]
) -> tuple[list[Letter], list[Refused]]:
    """Return the letters to write, in posting order, and those refused.

    Args:
        items: The worklist with all duties, done ones too.
        asked: Which of them are wanted.
        known: The book, earlier demands and agreed plans.
        policy: Days to reply; one letter per loan or per debtor.
        senders: By branch; the empty name serves the others.
    """
    letters, refused = [], []
    for item in items:
        for duty, party in _wanted(item, asked):
            held = _held(item.case, party, known)
            reason = _refusal(item.case, duty, party, known, held, asked)
            if reason:
                refused.append(
                    Refused(item.case.loan_no, party.name, party.role, duty.letter or "", reason, duty.state == "done")
                )
            else:
                letter = _letter(item.case, duty, party, known, policy, senders)
                letters.append(replace(letter, despite=f"{asked.despite}（{held.reason}）") if held else letter)
    letters.sort(key=_posting_order)
    return (_by_debtor(letters) if policy.letters.per == "debtor" else letters), refused


def _wanted(item: WorkItem, asked: Asked) -> Iterator[tuple[Duty, Party]]:
    case = item.case
    if (asked.stage is not None and case.stage != asked.stage) or (asked.loans and case.loan_no not in asked.loans):
        return
    parties = {(party.role, party.name): party for party in case.parties}
    for duty in item.duties:
        now = duty.stage == case.stage or (asked.catch_up and duty.stage < case.stage) or bool(asked.kinds)
        if duty.letter and duty.state != "upcoming" and now and (not asked.kinds or duty.letter in asked.kinds):
            yield duty, parties[duty.role, duty.party]


def _held(case: Case, party: Party, known: Known) -> Stopped | None:
    """Return what holds a letter: the person's state first, for it cannot always be overruled."""
    stopped = known.stopped.get((case.loan_no, party.role, party.name))
    kept = known.kept.get(case.loan_no)
    return stopped or (Stopped(kept, despite=True) if kept else None)


def _refusal(case: Case, duty: Duty, party: Party, known: Known, held: Stopped | None, asked: Asked) -> str:
    """Return why a letter must not be written, empty where it may (law.md "What follows" 3 and 4)."""
    if duty.state == "done":
        demand = known.demands.get((case.loan_no, party.role, party.name))
        return f"已于{duty.done_on}发出{f'（最近一封：{demand.letter_no}）' if demand else ''}"
    if held and not (held.despite and asked.despite):
        return held.reason
    if not party.address:
        return "没有地址，函件寄不出去：请在台账补上"
    if party.role == "guarantor" and party.guarantee_until_on and party.guarantee_until_on < known.as_of:
        return f"保证期间已于{party.guarantee_until_on}届满，发函不能恢复保证责任（担保制度解释34）：请交法律审查"
    if duty.letter == "acceleration" and not known.rows[case.loan_no].get("clause_no"):
        return "台账没有提前到期条款号（栏目“提前到期条款”），没有合同依据不能宣布提前到期（law §3）"
    return ""


def _letter(
    case: Case, duty: Duty, party: Party, known: Known, policy: Policy, senders: Mapping[str, Sender]
) -> Letter:
    row = known.rows[case.loan_no]
    note = loan_note(case, row)
    accelerates = duty.letter == "acceleration"
    return Letter(
        kind=duty.letter or "",
        product=case.product,
        party=party,
        borrower=case.borrower,
        loan_no=case.loan_no,
        covers=((case.loan_no, duty.id),),
        notes=(note,),
        issued_on=known.as_of,
        data_on=row.get("data_on") or known.data_on,
        reply_by=plus_days(known.as_of, policy.letters.reply_days),
        manager=case.manager or "",
        sender=senders.get(case.branch or "", senders[""]),
        clause_no=str(row.get("clause_no") or "") if accelerates else "",
        trigger=_trigger(note) if accelerates else "",
        comparison=_comparison(note, known.demands.get((case.loan_no, party.role, party.name)), case),
        warnings=tuple(_warnings(duty, party, row)),
    )


def loan_note(case: Case, row: Mapping[str, Any]) -> LoanNote:
    """Return a loan as letters list it, from its case and its row of the book."""
    return LoanNote(
        loan_no=case.loan_no,
        contract_no=row.get("contract_no"),
        issued_on=row.get("issued_on"),
        due_on=row.get("extended_due_on") or case.due_on,
        amount_cents=row.get("amount_cents"),
        balance_cents=case.balance_cents,
        principal_cents=case.overdue_principal_cents,
        interest_cents=case.overdue_interest_cents,
        penalty_cents=row.get("penalty_interest_cents") or 0,
        compound_cents=row.get("compound_interest_cents") or 0,
        dpd=case.dpd,
        since_on=case.episode_on,
    )


def _trigger(note: LoanNote) -> str:
    return (
        f"借款人自{chinese_day(note.since_on)}起未按约付息，至今已{note.dpd}天，"
        f"拖欠利息{yuan(note.owed_cents - note.principal_cents)}元"
    )


def _comparison(note: LoanNote, before: Demand | None, case: Case) -> str:
    """Say what the last letter of this run of arrears demanded, and what has changed since."""
    if before is None or before.on < case.episode_on:
        return ""
    interest = note.owed_cents - note.principal_cents
    principal = note.principal_cents - before.principal_cents
    return (
        f"我行已于{chinese_day(before.on)}以{before.letter_no}主张逾期本金{yuan(before.principal_cents)}元、"
        f"利息{yuan(before.interest_cents)}元。与该次相比，本金{_change(principal)}，"
        f"利息{_change(interest - before.interest_cents)}；前次主张的利息中尚未清偿的部分，本函一并主张。"
    )


def _change(cents: int) -> str:
    return "没有变化" if not cents else f"{'增加' if cents > 0 else '减少'}{yuan(abs(cents))}元"


def _warnings(duty: Duty, party: Party, row: Mapping[str, Any]) -> Iterator[str]:
    if not party.id_no:
        yield "letter-no-identity"
    if not row.get("contract_no"):
        yield "letter-no-contract"
    if party.role == "guarantor":
        if guarantee_kind(party.guarantee_kind) != "连带责任保证":
            yield "letter-saves-nothing"
        if not party.guarantee_until_on:
            yield "letter-no-period"
    if duty.letter == "lawyer_letter":
        yield "letter-draft"


def _posting_order(letter: Letter) -> tuple[str, str, int, str, str]:
    return (
        letter.sender.code,
        letter.loan_no,
        ROLE_ORDER[letter.party.role],
        letter.kind,
        letter.party.name,
    )


def _by_debtor(letters: list[Letter]) -> list[Letter]:
    """Join what goes to one person in one role for one borrower; every note is named, so that each claim is kept."""

    def addressee(letter: Letter) -> tuple[str, ...]:
        party = letter.party
        return (
            letter.sender.code,
            letter.kind,
            letter.borrower,
            party.role,
            party.name,
            party.id_no or "",
            party.address or "",
        )

    joined = []
    for _, group in groupby(sorted(letters, key=addressee), key=addressee):
        first, *rest = group
        joined.append(
            replace(
                first,
                covers=tuple(cover for one in (first, *rest) for cover in one.covers),
                notes=tuple(note for one in (first, *rest) for note in one.notes),
                comparison="".join(one.comparison for one in (first, *rest)),
                warnings=tuple(dict.fromkeys(code for one in (first, *rest) for code in one.warnings)),
            )
        )
    return sorted(joined, key=_posting_order)
