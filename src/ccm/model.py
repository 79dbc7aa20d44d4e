"""The records that travel between the arrows; a case is made only of what is overdue or due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date

    from ccm.errors import Finding

Product = Literal["loan", "card"]
Role = Literal["borrower", "co_borrower", "guarantor"]
State = Literal["upcoming", "due", "overdue", "done", "released"]
"""How a duty stands; `released`: it was towards a guarantor whose guarantee is over."""
HoldReason = Literal["dispute", "hardship", "plan", "illness", "decision"]
HoldState = Literal["active", "ended", "lifted", "fulfilled", "broken"]
PromiseState = Literal["open", "due", "kept", "broken", "replaced"]
SignalState = Literal["open", "disposed", "tracking", "closed"]
SignalStep = Literal["check", "dispose", "track", "close"]
SuitState = Literal["due", "deferred", "pending", "breached", "filed"]
DeferralState = Literal[
    "drafted", "submitted", "reviewed", "approved", "refused", "replaced", "ended", "breached", "fulfilled"
]
DeferralAct = Literal["draft", "submit", "review", "approve", "refuse"]
Sign = Literal[
    "interest_unpaid", "balance_up", "guarantor_overdue", "guarantee_circle", "class_worse", "large", "high_risk"
]
DutyOf = tuple[str, str, str]
"""A duty of one loan: the policy's id, the role and the party's name."""
Done = Mapping[str, Mapping[DutyOf, "date"]]
"""What was done: by loan number and duty, the last day on which it was."""

PRODUCT_TITLES: dict[Product, str] = {"loan": "贷款", "card": "信用卡"}
ROLE_TITLES: dict[Role, str] = {"borrower": "借款人", "co_borrower": "共同借款人", "guarantor": "担保人"}
CHANNEL_TITLES = {
    "sms": "短信",
    "phone": "电话",
    "letter": "信函",
    "visit": "上门",
    "query": "查询",
    "papers": "材料",
    "suit": "起诉",
}
STATE_TITLES: dict[State, str] = {
    "upcoming": "将到",
    "due": "应办",
    "overdue": "已过期",
    "done": "已办",
    "released": "保证期间已过",
}
HOLD_TITLES: dict[HoldReason, str] = {
    "dispute": "异议",
    "hardship": "困难",
    "plan": "还款计划",
    "illness": "患病",
    "decision": "暂缓决定",
}
HOLD_STATES: dict[HoldState, str] = {
    "active": "暂停中",
    "ended": "已到期",
    "lifted": "已解除",
    "fulfilled": "已履行完",
    "broken": "未按计划还款",
}
PROMISE_STATES: dict[PromiseState, str] = {
    "open": "未到期",
    "due": "今天到期",
    "kept": "已履行",
    "broken": "未履行",
    "replaced": "已改期",
}
CLASS_BY_TITLES = {
    "days": "逾期天数",
    "given": "台账所列",
    "debtor_share": "同一债务人不良占比",
    "debtor_bad": "同一债务人另有不良",
}
"""What decided the five-tier class of a loan: its days, the ledger, or the debtor's other loans (law.md §4)."""
SIGNAL_STATES: dict[SignalState, str] = {
    "open": "未处置",
    "disposed": "已处置，待跟踪",
    "tracking": "跟踪中",
    "closed": "已关闭",
}
SIGNAL_STEPS: dict[SignalStep, str] = {"check": "核实", "dispose": "处置", "track": "跟踪", "close": "关闭"}
SUIT_STATES: dict[SuitState, str] = {
    "due": "应起诉",
    "deferred": "暂缓起诉",
    "pending": "暂缓待批",
    "breached": "暂缓失效",
    "filed": "已起诉",
}
DEFERRAL_STATES: dict[DeferralState, str] = {
    "drafted": "已起草",
    "submitted": "支行已上报",
    "reviewed": "风险部门已审查",
    "approved": "已批准",
    "refused": "未批准",
    "replaced": "已由新的申请取代",
    "ended": "已到期",
    "breached": "方案未履行",
    "fulfilled": "方案已履行完",
}
DEFERRAL_ACTS: dict[DeferralAct, str] = {
    "draft": "起草",
    "submit": "上报",
    "review": "审查",
    "approve": "批准",
    "refuse": "不批准",
}
LETTER_TITLES = {
    "loan_overdue": "贷款逾期催收通知书",
    "guarantor_perform": "担保人履行责任通知书",
    "lawyer_letter": "律师催收函",
    "acceleration": "贷款提前到期通知书",
    "repayment": "还款通知书",
    "urgent": "紧急通知函",
    "guarantee_duty": "履行保证责任通知书",
}


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was refused: its cells as they stood, and what is wrong with them.

    `headers` are ccm's own column names, which it will know again; `printed` the file's, which findings name.
    """

    loan_no: str | None
    file: str
    sheet: str
    row: int
    headers: tuple[str, ...]
    printed: tuple[str, ...]
    values: tuple[object, ...]
    findings: tuple[Finding, ...]


COMPANY_NAME = r"公司|合作社|厂$|企业|商行$|中心$|医院$|学校$|村委会$|集团"
COMPANY_NUMBER = r"^[159][0-9]{5}.{11,12}$|^[0-9A-Z]{8}-[0-9X]$"
PERSON_NUMBER = r"^[1-8][0-9]{16}[0-9X]$|^9[0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-9]{5}[0-9X]$"
"""How a company is told from a person where no column says it: by the form of its number, else by its name.

A credit code may be all digits and begin with 9 as a foreigner's number does, which has a birthday in its middle.
"""


@dataclass(frozen=True, slots=True)
class Party:
    """One person or company that owes something under a loan.

    `guarantee_until_on` is the ledger's word, `released_on` the last day of a guarantee that is over as counted by the
    clocks, under every reading of it; None where it is not, or nobody counted.
    """

    role: Role
    name: str
    id_no: str | None = None
    phone: str | None = None
    address: str | None = None
    guarantee_kind: str | None = None
    guarantee_contract_no: str | None = None
    guarantee_contract_on: date | None = None
    guarantee_period: str | None = None
    guarantee_until_on: date | None = None
    released_on: date | None = None

    @property
    def looks_like_company(self) -> bool:
        """Tell by number and name; where the ledger has a column for it, `Case.party_kind` knows better."""
        number = self.id_no or ""
        by_number = re.search(COMPANY_NUMBER, number) and not re.search(PERSON_NUMBER, number)
        return bool(by_number or re.search(COMPANY_NAME, self.name))


@dataclass(frozen=True, slots=True)
class Case:
    """One loan that is overdue or due, as classified on one day.

    `parties` starts with the borrower.
    `episode_on` names the run of arrears: the earliest unpaid due date.
    `class_by` is what decided the five-tier class (`CLASS_BY_TITLES`).
    """

    loan_no: str
    product: Product
    product_name: str | None
    parties: tuple[Party, ...]
    party_kind: Literal["person", "company"] | None
    manager: str | None
    branch: str | None
    due_on: date | None
    balance_cents: int | None
    overdue_principal_cents: int
    overdue_interest_cents: int
    principal_dpd: int
    interest_dpd: int
    dpd: int
    stage: int
    risk_class: str
    episode_on: date
    past_arrears: int | None
    guarantee_kind: str | None
    class_by: str = "days"

    @property
    def borrower(self) -> str:
        """The borrower's name."""
        return self.parties[0].name

    @property
    def overdue_cents(self) -> int:
        """Overdue principal and interest together."""
        return self.overdue_principal_cents + self.overdue_interest_cents


@dataclass(frozen=True, slots=True)
class Duty:
    """Something the policy requires of us for one loan and one party, from one day on.

    `from_on` is the day it arises, `due_on` the last day on which it is in time, `done_on` the day it was done.
    """

    id: str
    rule: str
    title: str
    channel: str
    letter: str | None
    party: str
    role: Role
    from_on: date
    due_on: date
    state: State
    stage: int
    done_on: date | None = None

    @property
    def names_day(self) -> bool:
        """Tell whether the title has the last day in it, as that of a right has: it may be years away."""
        return f"{self.due_on}前" in self.title


@dataclass(frozen=True, slots=True)
class Figures:
    """What a ledger said of a loan on a day, in cents: the balance, and what of it is overdue."""

    on: date
    balance_cents: int | None
    principal_cents: int
    interest_cents: int


@dataclass(frozen=True, slots=True)
class Step:
    """One payment of an agreed plan."""

    on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Hold:
    """What stops calls and letters of a loan for a while; the clocks of the rights run on.

    `until_on` is its last day, None where it lasts until it is lifted.
    `answer_by` is the day by which the bank must answer, `unanswered` whether that day is past.
    """

    hold_no: str
    loan_no: str
    reason: HoldReason
    from_on: date
    until_on: date | None
    answer_by: date | None
    owner: str
    text: str
    steps: tuple[Step, ...]
    state: HoldState
    unanswered: bool = False
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay, made by one party, and what became of it by the figures of the ledger and the log."""

    loan_no: str
    party: str
    role: Role
    amount_cents: int
    made_on: date
    by: date
    text: str
    state: PromiseState
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Promised:
    """How many promises of a loan are broken, and how many fall due today; what the order of the list looks at.

    `deferral` is 1 where the plan of a deferred suit was not kept (C10).
    """

    broken: int = 0
    due: int = 0
    deferral: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """Who put a hand to an application for deferral, when, and with which words; `actor` is who wrote it down."""

    act: DeferralAct
    on: date
    by: str
    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class Deferral:
    """An application not to sue for now, with its recovery plan, and what became of it (C9, C10).

    `until_on` is the last day for which it is asked. `missed` counts from 1 the step that was not kept, 0 where none
    was, and `broken_on` is the first day after its grace; `paid_cents` is what was paid since the application.
    `path` is the written application, from the workspace.
    """

    deferral_no: str
    loan_no: str
    reason: str
    until_on: date
    steps: tuple[Step, ...]
    signed: tuple[Signature, ...]
    state: DeferralState
    path: str = ""
    paid_cents: int = 0
    missed: int = 0
    broken_on: date | None = None

    def by(self, act: DeferralAct) -> str:
        """Return who did an act last, empty where nobody did."""
        return next((one.by for one in reversed(self.signed) if one.act == act), "")


FINISHED = "finished"
"""The stage with which a case is over."""


@dataclass(frozen=True, slots=True)
class CourtStage:
    """A stage of a case before the court; a period that follows runs from `from_on`, which may lie after `on`."""

    key: str
    title: str
    on: date
    from_on: date
    text: str


@dataclass(frozen=True, slots=True)
class Filing:
    """A suit that was filed: `filing_no` is `J` and the number of its entry, under which its papers are filed."""

    filing_no: str
    court: str
    case_no: str
    on: date
    parties: tuple[tuple[str, str], ...]
    stages: tuple[CourtStage, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suit:
    """How the suit of a loan stands on a day (C8–C10).

    `deferral` is the application that decides its state, None where none does; `deferrals` are all, oldest first.
    `again_on` is the day from which the suit is owed again after an approved deferral, None where there was none.
    `sued` are all who were sued, roles and names, in whichever suit that was not withdrawn.
    """

    loan_no: str
    state: SuitState
    deferral: Deferral | None = None
    filing: Filing | None = None
    deferrals: tuple[Deferral, ...] = ()
    again_on: date | None = None
    sued: tuple[tuple[str, str], ...] = ()

    def sued_on(self, role: str, party: str, since_on: date) -> date | None:
        """Return the day on which a party was sued, None where they are not; a closed case counts from `since_on`."""
        filing = self.filing
        if self.state != "filed" or filing is None or (role, party) not in self.sued:
            return None
        closed = any(stage.key == FINISHED for stage in filing.stages)
        return filing.on if not closed or filing.on >= since_on else None


@dataclass(frozen=True, slots=True)
class Signal:
    """A warning signal and what became of it (W1–W4).

    `loans` holds its loan and, for a circle of guarantees, the others it is about; `sign` and `subject` tell what the
    ledger gave of itself, and are empty for what a person or head office raised.
    `check_by` and `deadline_on` are the last days for the check and the disposal, `measures` the numbers of the nine.
    `step` is what is to be done next, `step_by` by when, both empty once it is closed; `overdue` says that day is past.
    """

    signal_no: str
    loan_no: str
    loans: tuple[str, ...]
    sign: str
    subject: str
    source: str
    level: str
    text: str
    raised_on: date
    check_by: date
    deadline_on: date
    lead: str
    state: SignalState
    measures: tuple[int, ...]
    checked_on: date | None
    disposed_on: date | None
    tracked_on: date | None
    closed_on: date | None
    unfounded: bool
    step: SignalStep | None
    step_by: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Signalled:
    """How many signals of a loan are late, and how many are disposed of and still under tracking (W2, W3)."""

    late: int = 0
    tracked: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A case and its place in the order; `missed` counts the rules overdue to be done.

    `right_days` are the days left of the right that ends next, None where none does in sight.
    """

    case: Case
    rank: int
    priority: float
    missed: int
    promised: Promised = Promised()
    signalled: Signalled = Signalled()
    right_days: int | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of the worklist: a case, its duties, why it stands where it stands, what holds it, its suit."""

    case: Case
    duties: tuple[Duty, ...]
    rank: int
    priority: float
    reasons: tuple[str, ...]
    holds: tuple[Hold, ...] = ()
    signals: tuple[Signal, ...] = ()
    suit: Suit | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be written into the journal: what happened, on which day, to which loan and party.

    `on` is the day it happened, which may lie before the day it is recorded.
    `facts` copies what held on that day: amounts in cents, addresses, digests; JSON values only.
    `series` and `serial` are set where the entry takes a letter number.
    """

    kind: str
    on: date
    loan_no: str = ""
    party: str = ""
    role: str = ""
    duty: str = ""
    letter_no: str = ""
    series: str | None = None
    serial: int | None = None
    policy: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A note as it stands in the journal: who wrote it when, and the digests that hold the chain together.

    `case_before` is the digest of the entry before of the same loan, empty where there is none or no loan; None in what
    was written before it was kept.
    """

    seq: int
    at: str
    actor: str
    note: Note
    before: str
    digest: str
    case_before: str | None = ""


@dataclass(frozen=True, slots=True)
class LoanNote:
    """One loan note as a letter lists it: what the ledger said of it on the day, amounts in cents.

    Penalty and compound interest are None where the ledger does not give them apart from the interest.
    `rate` is in per cent of a year; `owed_cents` is all that is overdue.
    """

    loan_no: str
    contract_no: str | None
    issued_on: date | None
    due_on: date | None
    amount_cents: int | None
    balance_cents: int | None
    principal_cents: int
    interest_cents: int
    penalty_cents: int | None
    compound_cents: int | None
    dpd: int
    since_on: date
    rate: float | None = None

    @property
    def all_interest_cents(self) -> int:
        """Interest, penalty and compound interest together."""
        return self.interest_cents + (self.penalty_cents or 0) + (self.compound_cents or 0)

    @property
    def owed_cents(self) -> int:
        """All that is overdue: the principal and all interest."""
        return self.principal_cents + self.all_interest_cents
