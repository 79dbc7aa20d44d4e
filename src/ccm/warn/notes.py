"""What is written down of a signal: from what was typed or found to notes for the journal.

Each note copies what held on its day: the ledger's figures of the loan, and the lead manager who answers (W5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.model import Note
from ccm.payments import as_facts
from ccm.units import plus_days
from ccm.warn.words import SYSTEM, titles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.model import Entry, Figures, Signal
    from ccm.policy import Policy
    from ccm.warn.signs import Shown
    from ccm.warn.words import Measure


NUMBER = "YJ"
"""What the number of a signal begins with that head office has given none: `YJ20261123-1`."""


@dataclass(frozen=True, slots=True)
class About:
    """The loan a signal is about: its number and borrower, the ledger's figures, and the lead manager of its branch."""

    loan_no: str
    borrower: str
    figures: Figures | None
    lead: str


@dataclass(frozen=True, slots=True)
class Raising:
    """A signal to be raised: by whom, how grave, what it says, and by when it is disposed of where that was set."""

    source: str
    level: str
    text: str
    deadline_on: date | None = None


def raised(number: str, about: About, one: Raising, on: date, policy: Policy, **more: object) -> Note:
    """Return the raising of a signal; the policy's days for its level serve where no deadline was set (W2)."""
    rule = policy.level(one.level)
    deadline = one.deadline_on or plus_days(on, rule.dispose_days)
    facts: dict[str, Any] = {
        "signal_no": number,
        "source": one.source,
        "level": one.level,
        "text": one.text,
        "check_by": str(min(plus_days(on, rule.check_days), deadline)),
        "deadline": str(deadline),
        "deadline_set": one.deadline_on is not None,
        "lead": about.lead,
        **more,
    }
    return _note("warn-raised", on, about, facts, policy)


def shown(number: str, about: About, one: Shown, on: date, policy: Policy) -> Note:
    """Return the raising of a signal that the ledger gave of itself."""
    more: dict[str, object] = {"sign": one.sign, "subject": one.subject}
    if one.loans:
        more["loans"] = list(one.loans)
    return raised(number, about, Raising(SYSTEM, one.level, one.text), on, policy, **more)


def checked(one: Signal, about: About, on: date, text: str, policy: Policy, *, unfounded: bool) -> Note:
    """Return that a signal was checked; one found without ground needs no measures."""
    _standing(one)
    return _note("warn-checked", on, about, {**_facts(one, about, text), "unfounded": unfounded}, policy)


def disposed(one: Signal, about: About, on: date, text: str, policy: Policy, *, by: Sequence[Measure]) -> Note:
    """Return that measures were taken (W4); further ones may follow later."""
    _standing(one)
    numbers = sorted({measure.no for measure in by})
    facts = {**_facts(one, about, text), "measures": numbers, "measure_titles": titles(numbers)}
    return _note("warn-disposed", on, about, facts, policy)


def tracked(one: Signal, about: About, on: date, text: str, policy: Policy) -> Note:
    """Return that a disposed signal was tracked: the risk-control opinion carried out, what changed (W3).

    Raises:
        CcmError: `signal-closed`; `signal-undisposed` where no measure was taken yet.
    """
    _standing(one)
    if one.disposed_on is None:
        raise CcmError("signal-undisposed", where=one.signal_no, signal_no=one.signal_no, act="跟踪")
    return _note("warn-tracked", on, about, _facts(one, about, text), policy)


def closed(one: Signal, about: About, on: date, text: str, policy: Policy) -> Note:
    """Return that a signal was closed: disposed of before, or checked and found without ground (W2, W3).

    Raises:
        CcmError: `signal-closed`; `signal-undisposed` where neither is so.
    """
    _standing(one)
    if one.disposed_on is None and not one.unfounded:
        raise CcmError("signal-undisposed", where=one.signal_no, signal_no=one.signal_no, act="关闭")
    return _note("warn-closed", on, about, _facts(one, about, text), policy)


def undone(one: Signal, about: About, last: Entry, on: date, text: str, policy: Policy) -> Note:
    """Return that the last entry of a signal is taken back; the entry itself stays in the journal."""
    facts = {**_facts(one, about, text), "undoes": last.seq, "undone": last.note.kind}
    return _note("warn-undone", on, about, facts, policy)


def _standing(one: Signal) -> None:
    if one.state == "closed":
        raise CcmError("signal-closed", where=one.signal_no, signal_no=one.signal_no, on=one.closed_on)


def _facts(one: Signal, about: About, text: str) -> dict[str, Any]:
    return {"signal_no": one.signal_no, "text": text, "lead": about.lead}


def _note(kind: str, on: date, about: About, facts: dict[str, Any], policy: Policy) -> Note:
    if about.figures:
        facts |= as_facts(about.figures)
    return Note(kind, on, about.loan_no, about.borrower, "borrower", policy=policy.digest, facts=facts)
