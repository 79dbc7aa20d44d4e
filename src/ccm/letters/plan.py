"""Who gets which letter, and why not: pure, from the worklist's duties to letters and refusals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ccm.identity import can_be
from ccm.letters.fields import guarantee_kind
from ccm.letters.join import join
from ccm.letters.letter import Demand, Key, Letter, Refused, Sender
from ccm.model import LETTER_TITLES, ROLE_TITLES, LoanNote
from ccm.units import chinese_day, plus_days, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ccm.model import Case, Duty, Party, WorkItem
    from ccm.policy import Policy

COLUMNS = (
    "loan_no",
    "contract_no",
    "issued_on",
    "extended_due_on",
    "amount_cents",
    "penalty_interest_cents",
    "compound_interest_cents",
    "clause_no",
    "data_on",
    "rate",
    "address_confirmed_on",
)
"""What letters ask of a book's row; the rest of what they say is in the case."""

ROLE_ORDER = {"borrower": 0, "co_borrower": 1, "guarantor": 2}
KIND_ORDER = {kind: place for place, kind in enumerate(LETTER_TITLES)}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letters are wanted: of a stage, of loans, of kinds; with `catch_up` also what earlier stages still owe.

    `only` names them one by one, as a plan file does; the rest then does not matter.
    `despite` is a person's reason to write although the loan is held; empty where there is none.
    """

    stage: int | None = None
    loans: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    catch_up: bool = False
    despite: str = ""
    only: frozenset[Key] | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why nothing goes to one person, and whether a reason can overrule it: a letter to the dead is void."""

    reason: str
    despite: bool


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """How one guarantee stands on the day, as counted: its last day, and whether a letter can still do anything.

    `kept` tells that it was claimed in time, `suit` that only a suit saves it, `certain` that no doubt hangs
    on the last day.
    """

    ends_on: date
    kept: bool
    suit: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the plan must know beside the worklist.

    `rows` are the book's rows (`COLUMNS`) by loan number; `demands` what was demanded, oldest first, by (loan number,
    role, party);
    `kept` says for a loan what holds all letters: a dispute, an agreed plan; `stopped` why none goes to a party, by
    (loan number, role, party); `guaranteed` how each guarantee stands, by the same, where it could be counted; `barred`
    names the debtors whose limitation is over.
    """

    rows: Mapping[str, Mapping[str, Any]]
    demands: Mapping[tuple[str, str, str], Sequence[Demand]]
    kept: Mapping[str, str]
    data_on: date
    as_of: date
    stopped: Mapping[tuple[str, str, str], Stopped] = field(default_factory=dict)
    guaranteed: Mapping[tuple[str, str, str], Guaranteed] = field(default_factory=dict)
    barred: frozenset[tuple[str, str, str]] = frozenset()


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
            kind, done = duty.letter or "", duty.state == "done"
            held = _held(item.case, party, known)
            if reason := next(_refusals(item.case, duty, party, known, _unless(held, asked)), ""):
                refused.append(Refused(item.case.loan_no, party.name, party.role, kind, reason, done, duty.id))
            else:
                letter = _letter(item.case, duty, party, known, policy, senders)
                letters.append(replace(letter, despite=f"{asked.despite}（{held.reason}）") if held else letter)
    letters.sort(key=_posting_order)
    return join(letters, policy.letters.per), refused


def _wanted(item: WorkItem, asked: Asked) -> Iterator[tuple[Duty, Party]]:
    case = item.case
    if (asked.stage is not None and case.stage != asked.stage) or (asked.loans and case.loan_no not in asked.loans):
        return
    parties = {(party.role, party.name): party for party in case.parties}
    for duty in item.duties:
        if not duty.letter or duty.state == "upcoming":
            continue
        now = duty.stage == case.stage or (asked.catch_up and duty.stage < case.stage) or bool(asked.kinds)
        if asked.only is not None:
            now = (case.loan_no, duty.id, duty.role, duty.party) in asked.only
        if now and (not asked.kinds or duty.letter in asked.kinds):
            yield duty, parties[duty.role, duty.party]


def _held(case: Case, party: Party, known: Known) -> Stopped | None:
    """Return what holds a letter: the person's state first, for it cannot always be overruled."""
    stopped = known.stopped.get((case.loan_no, party.role, party.name))
    kept = known.kept.get(case.loan_no)
    return stopped or (Stopped(kept, despite=True) if kept else None)


def _unless(held: Stopped | None, asked: Asked) -> str:
    """Return what holds a letter, empty where nothing does or a person's reason overrules it."""
    return "" if held is None or (held.despite and asked.despite) else held.reason


def owed_earlier(items: Iterable[WorkItem], asked: Asked) -> int:
    """Count the letters that earlier stages still owe and that are not asked for: what `catch_up` would add."""
    if asked.catch_up or asked.kinds:
        return 0
    late = replace(asked, catch_up=True)
    return sum(
        duty.state in {"due", "overdue"} and duty.stage < item.case.stage
        for item in items
        for duty, _ in _wanted(item, late)
    )


def _refusals(case: Case, duty: Duty, party: Party, known: Known, held: str) -> Iterator[str]:
    """Yield each reason why a letter must not be written, the weightiest first (law.md "What follows" 3 and 4)."""
    if duty.state == "done":
        sent = [one.letter_no for one in _demanded(case, party, known) if one.kind == duty.letter]
        yield f"已于{duty.done_on}发出{f'（{sent[-1]}）' if sent else ''}"
    if Counter((one.role, one.name) for one in case.parties)[party.role, party.name] > 1:
        yield f"这笔贷款有两个同名的{ROLE_TITLES[party.role]}，函件和记录分不清是谁：请在台账里把姓名区分开"
    if held:
        yield held
    if not party.address:
        yield "没有地址，函件寄不出去：请在台账补上"
    if party.released_on:
        yield f"保证期间已于{party.released_on}届满，发函不能恢复保证责任（担保制度解释34）：请交法律审查"
    if duty.letter == "acceleration" and not known.rows[case.loan_no].get("clause_no"):
        yield "台账没有提前到期条款号（栏目“提前到期条款”），没有合同依据不能宣布提前到期（民法典562）"
    if duty.letter == "acceleration" and case.balance_cents is None:
        yield "台账没有这笔贷款的余额，说不出提前到期的全部本金：请在台账补上，或把余额一列写进 ccm.toml 的 [columns]"


def _letter(
    case: Case, duty: Duty, party: Party, known: Known, policy: Policy, senders: Mapping[str, Sender]
) -> Letter:
    row = known.rows[case.loan_no]
    note = loan_note(case, row)
    guarantee = known.guaranteed.get((case.loan_no, party.role, party.name))
    until_on = guarantee.ends_on if guarantee and guarantee.certain else party.guarantee_until_on
    # A lawyer's letter is only a draft here: the bank has not demanded anything by it.
    earlier = tuple(one for one in _demanded(case, party, known) if one.kind != "lawyer_letter")
    accelerates, barred = duty.letter == "acceleration", (case.loan_no, party.role, party.name) in known.barred
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
        rules=(duty.rule,),
        earlier=earlier,
        clause_no=str(row.get("clause_no") or "") if accelerates else "",
        trigger=_trigger(note) if accelerates else "",
        comparison=_comparison(note, earlier[-1]) if earlier else "",
        warnings=(*_warnings(duty, party, row, guarantee), *(["letter-time-barred"] if barred else [])),
        barred=barred,
        guaranteed_until_on=until_on,
        company=case.party_kind == "company" if party.role == "borrower" else party.looks_like_company,
        address_agreed_on=row.get("address_confirmed_on") if party.role == "borrower" else None,
    )


def _demanded(case: Case, party: Party, known: Known) -> tuple[Demand, ...]:
    """Return what was demanded of a party in this run of arrears, oldest first."""
    every = known.demands.get((case.loan_no, party.role, party.name), ())
    return tuple(one for one in every if one.on >= case.episode_on)


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
        penalty_cents=row.get("penalty_interest_cents"),
        compound_cents=row.get("compound_interest_cents"),
        dpd=case.dpd,
        since_on=case.episode_on,
        rate=row.get("rate"),
    )


def _trigger(note: LoanNote) -> str:
    return (
        f"借款人自{chinese_day(note.since_on)}起未按约付息，至今已{note.dpd}天，"
        f"拖欠利息{yuan(note.all_interest_cents)}元"
    )


def _comparison(note: LoanNote, before: Demand) -> str:
    """Say what the last letter demanded, and what has changed since."""
    principal = note.principal_cents - before.principal_cents
    interest = note.all_interest_cents - before.interest_cents
    return (
        f"我行已于{chinese_day(before.on)}以{before.letter_no}主张逾期本金{yuan(before.principal_cents)}元、"
        f"利息{yuan(before.interest_cents)}元。与该次相比，本金{_change(principal)}，利息{_change(interest)}；"
        "前次主张而未清偿的，本函一并主张。"
    )


def _change(cents: int) -> str:
    return "没有变化" if not cents else f"{'增加' if cents > 0 else '减少'}{yuan(abs(cents))}元"


def _warnings(duty: Duty, party: Party, row: Mapping[str, Any], guarantee: Guaranteed | None) -> Iterator[str]:
    if not party.id_no:
        yield "letter-no-identity"
    elif not can_be(party.id_no):
        yield "letter-identity-wrong"
    if not row.get("contract_no"):
        yield "letter-no-contract"
    if party.role == "guarantor":
        if guarantee.suit if guarantee else guarantee_kind(party.guarantee_kind) != "连带责任保证":
            yield "letter-saves-nothing"
        if not party.guarantee_until_on and not (guarantee and guarantee.certain):
            yield "letter-no-period"
    if duty.letter == "lawyer_letter":
        yield "letter-draft"


def _posting_order(letter: Letter) -> tuple[object, ...]:
    party = letter.party
    return (letter.sender.code, letter.loan_no, ROLE_ORDER[party.role], party.name, KIND_ORDER[letter.kind])
