"""What is written down of suing and not suing: from what was typed to notes for the journal (C8–C11).

Each note copies what held on its day: the ledger's figures of the loan, and who owes under it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.model import DEFERRAL_ACTS, DEFERRAL_STATES, Note
from ccm.payments import as_facts
from ccm.suit.deferral import ACTS
from ccm.suit.standing import FILED
from ccm.units import days_between

if TYPE_CHECKING:
    from datetime import date

    from ccm.model import Deferral, DeferralAct, DeferralState, Figures, Filing, Party, Step
    from ccm.policy import DeferralRule
    from ccm.suit.court import Stage

TITLE = "起诉或申请仲裁"
KINDS = {act: kind for kind, act in ACTS.items()}
AFTER: dict[DeferralAct, tuple[DeferralState, ...]] = {
    "submit": ("drafted",),
    "review": ("submitted",),
    "approve": ("reviewed",),
    "refuse": ("submitted", "reviewed", "approved", "fulfilled"),
}
"""The states from which an act is possible; refusing what was approved takes the approval back."""
NOT_BY: dict[DeferralAct, tuple[DeferralAct, ...]] = {
    "submit": (),
    "review": ("draft", "submit"),
    "approve": ("draft", "submit", "review"),
    "refuse": ("draft", "submit"),
}
"""Whoever did one of these does not do that (C9): nobody judges their own."""
NEXT: dict[str, str] = {
    "drafted": "支行上报（ccm suit submit）",
    "submitted": "风险部门审查（ccm suit review）",
    "reviewed": "有权审批人批准或不批准（ccm suit approve、refuse）",
}
"""What comes next, by state."""


@dataclass(frozen=True, slots=True)
class Docket:
    """The loan a suit is about: who owes under it, the ledger's figures (None where it has left), and the policy."""

    loan_no: str
    parties: tuple[Party, ...]
    figures: Figures | None
    policy: str

    @property
    def defendants(self) -> list[list[str]]:
        """All debtors of the loan, who are sued together (C8): roles and names, as an entry keeps them."""
        return [[role, name] for role, name in dict.fromkeys((one.role, one.name) for one in self.parties)]


@dataclass(frozen=True, slots=True)
class Plea:
    """What an application asks for: until when not to sue, why, and the recovery plan (C9)."""

    reason: str
    until_on: date
    steps: tuple[Step, ...]


def pleaded(plea: Plea, on: date, rule: DeferralRule) -> Plea:
    """Return an application that can be made.

    Raises:
        CcmError: `deferral-plan` without a reason or with a plan that makes no sense, `deferral-too-long`.
    """
    days = [step.on for step in plea.steps]
    if not plea.reason:
        raise CcmError("deferral-plan", reason="没有写理由")
    if not days:
        raise CcmError("deferral-plan", reason="没有清收方案")
    if any(after <= before for before, after in pairwise(days)):
        raise CcmError("deferral-plan", reason="各期的日子要由近到远，不能重复")
    if days[0] < on:
        raise CcmError("deferral-plan", reason=f"第一期{days[0]}在申请之日以前")
    if days[-1] > plea.until_on:
        raise CcmError("deferral-plan", reason=f"最后一期{days[-1]}在暂缓的最后一日{plea.until_on}之后")
    if days_between(on, plea.until_on) > rule.max_days:
        raise CcmError(
            "deferral-too-long", until=plea.until_on, days=days_between(on, plea.until_on), most=rule.max_days
        )
    return plea


def drafted(docket: Docket, number: str, on: date, by: str, plea: Plea, paper: tuple[str, str]) -> Note:
    """Return that an application was drafted; `paper` is its place and digest."""
    path, digest = paper
    return _note(
        docket, "suit-drafted", on, deferral_no=number, by=by, text=plea.reason, until=str(plea.until_on),
        steps=[{"on": str(step.on), "amount_cents": step.amount_cents} for step in plea.steps],
        path=path, sha256=digest, **(as_facts(docket.figures) if docket.figures else {}),
    )  # fmt: skip


def signed(docket: Docket, one: Deferral, act: DeferralAct, on: date, by: str, text: str) -> Note:
    """Return that somebody put their hand to an application.

    Raises:
        CcmError: `deferral-step` out of turn, `deferral-own` by whom it is their own, `deferral-day` before the last.
    """
    number, name = one.deferral_no, by.strip()
    if one.state not in AFTER[act]:
        following = f"下一步是{NEXT[one.state]}" if one.state in NEXT else "要再暂缓，另行申请"
        raise CcmError(
            "deferral-step", deferral_no=number, state=DEFERRAL_STATES[one.state],
            act=DEFERRAL_ACTS[act], following=following,
        )  # fmt: skip
    own = next((what for what in NOT_BY[act] if one.by(what) == name), None)
    if own:
        raise CcmError("deferral-own", by=name, deferral_no=number, own=DEFERRAL_ACTS[own], act=DEFERRAL_ACTS[act])
    last = one.signed[-1]
    if on < last.on:
        raise CcmError("deferral-day", where=number, on=on, act=DEFERRAL_ACTS[last.act], last=last.on)
    if act == "approve" and on > one.until_on:
        raise CcmError("deferral-plan", reason=f"申请暂缓到{one.until_on}，已经过去")
    return _note(docket, KINDS[act], on, deferral_no=number, by=name, text=text)


def breached(docket: Docket, one: Deferral, on: date) -> Note:
    """Return that a plan was not kept: a later payment does not mend it (C10)."""
    step = one.steps[one.missed - 1]
    owed = sum(each.amount_cents for each in one.steps[: one.missed])
    return _note(
        docket, "suit-breached", on, deferral_no=one.deferral_no, step=one.missed, step_on=str(step.on),
        broken_on=str(one.broken_on), owed_cents=owed, paid_cents=one.paid_cents, text="",
        **(as_facts(docket.figures) if docket.figures else {}),
    )  # fmt: skip


def filed(docket: Docket, on: date, court: str, case_no: str, text: str) -> Note:
    """Return that a suit was filed against all debtors (C8): the same event that the clocks of the rights see."""
    return _note(
        docket, "event", on, code=FILED, title=TITLE, text=text, court=court, case_no=case_no,
        parties=docket.defendants, borrower=docket.parties[0].name,
        **(as_facts(docket.figures) if docket.figures else {}),
    )  # fmt: skip


def prepared(docket: Docket, on: date, duty: str, path: str) -> Note:
    """Return that the papers of a suit are complete, which does the duty to prepare it (C6)."""
    return replace(_note(docket, "suit-prepared", on, text="", path=path), duty=duty)


def reached(
    docket: Docket, filing: Filing, stage: Stage, on: date, from_on: date, text: str, case_no: str, deed_no: str
) -> list[Note]:
    """Return that a case reached a stage, and what that tells the clocks of the rights.

    `from_on` is the last day to perform where a judgment sets one; `deed_no` names the enforcement that is running,
    empty where none is.
    """
    told = _note(
        docket, "suit-stage", on, event_no=filing.filing_no, stage=stage.key, title=stage.title, text=text,
        case_no=case_no, **({"from": str(from_on)} if from_on != on else {}),
    )  # fmt: skip
    suit = {"event_no": filing.filing_no, "code": FILED, "title": TITLE, "text": ""}
    parties = {"parties": [list(one) for one in filing.parties], "borrower": docket.parties[0].name, "text": text}
    match stage.event:
        case "served":
            return [told, _note(docket, "event-changed", on, **suit, served_on=str(on))]
        case "withdrawn":
            return [told, _note(docket, "event-changed", on, **suit, withdrawn=True, ended_on=str(on))]
        case "judgment":
            judged = _note(docket, "event", from_on, code="JUDGMENT", title="生效法律文书", **parties)
            return [told, _note(docket, "event-changed", on, **suit, ended_on=str(on)), judged]
        case "enforcement":
            return [told, _note(docket, "event", on, code="ENFORCEMENT", title="申请强制执行", **parties)]
        case "closed" if deed_no:
            ended = {"event_no": deed_no, "code": "ENFORCEMENT", "title": "申请强制执行", "ended_on": str(on)}
            return [told, _note(docket, "event-changed", on, **ended, text="")]
    return [told]


def _note(docket: Docket, kind: str, on: date, **facts: object) -> Note:
    party = docket.parties[0]
    return Note(kind, on, docket.loan_no, party.name, party.role, policy=docket.policy, facts=facts)
