"""Warning signals as the journal tells them: raised, checked, disposed of, tracked, closed (W1–W4).

    raised → checked → disposed of → under tracking → closed

Nothing here is stored: a signal is read off its entries. A later `warn-raised` of the same number corrects level, words
and deadline; `warn-undone` takes one entry back. A disposal says that it was checked; one that was checked and found
without ground may be closed as it is, any other only once it was disposed of.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ccm.model import SIGNAL_STATES, SIGNAL_STEPS, Signal, Signalled
from ccm.units import plus_days, short_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ccm.model import Entry, SignalState, SignalStep
    from ccm.policy import Policy

FAMILY = "warn"
"""The family of entries a signal is made of."""


def signals(entries: Iterable[Entry], policy: Policy, as_of: date) -> list[Signal]:
    """Return every signal as it stands on `as_of`, in the order they were raised; one whose raising was undone is none.

    Args:
        entries: The journal's entries; those of other kinds are passed over.
        policy: Says how soon a signal is checked and disposed of where its entry does not, and how often tracked.
        as_of: The day asked about; what happened later is not looked at.
    """
    return [
        _signal(number, acts, policy, as_of)
        for number, acts in lives(entries, as_of).items()
        if any(one.note.kind == "warn-raised" for one in acts)
    ]


def lives(entries: Iterable[Entry], as_of: date) -> dict[str, list[Entry]]:
    """Return the entries of every signal by its number, without those that were undone, in order."""
    known = [one for one in entries if one.note.kind.startswith("warn-") and one.note.on <= as_of]
    undone = {one.note.facts["undoes"] for one in known if one.note.kind == "warn-undone"}
    found: dict[str, list[Entry]] = {}
    for one in known:
        if one.note.kind != "warn-undone" and one.seq not in undone:
            found.setdefault(str(one.note.facts["signal_no"]), []).append(one)
    return found


def by_loan(every: Iterable[Signal]) -> dict[str, tuple[Signal, ...]]:
    """Return the signals of each loan that are not closed, the most pressing first."""
    found: dict[str, list[Signal]] = {}
    for one in every:
        if one.state != "closed":
            for loan_no in one.loans:
                found.setdefault(loan_no, []).append(one)
    return {loan_no: tuple(sorted(group, key=urgency)) for loan_no, group in found.items()}


def urgency(one: Signal) -> tuple[bool, date, date, int, str]:
    """Give the order in which signals are shown: late ones first, then by their next step, then by deadline."""
    return not one.overdue, one.step_by or date.max, one.deadline_on, len(one.signal_no), one.signal_no


def signalled(of_loan: Iterable[Signal]) -> Signalled:
    """Return what the order of the list looks at: late checks and disposals (W2), and tracking that goes on (W3)."""
    standing = list(of_loan)
    tracked = sum(one.step == "track" for one in standing)
    return Signalled(sum(one.overdue and one.step != "track" for one in standing), tracked)


def pressing(of_loan: Iterable[Signal], policy: Policy) -> tuple[Signal, ...]:
    """Return what must be seen today: what is late, what is under tracking (W3), and the gravest level at once (W1)."""
    gravest = policy.levels[0].label
    return tuple(one for one in of_loan if one.overdue or one.step == "track" or one.level == gravest)


def step_words(one: Signal, as_of: date | None = None) -> str:
    """Say what is to be done next with a signal, and by when; the year only where it is not that of `as_of`."""
    if one.step is None or one.step_by is None:
        return f"{one.closed_on}关闭"
    return f"{short_day(one.step_by, as_of)}前{SIGNAL_STEPS[one.step]}" + ("，已过期" if one.overdue else "")


def in_one_line(one: Signal) -> str:
    """Say what a signal is and what is to be done with it, for lists and files."""
    return f"{one.signal_no}【{one.level}】{one.text}（{one.source}）：{SIGNAL_STATES[one.state]}，{step_words(one)}"


def _signal(number: str, acts: Sequence[Entry], policy: Policy, as_of: date) -> Signal:
    raised = [one for one in acts if one.note.kind == "warn-raised"]
    first, facts = raised[0].note, raised[-1].note.facts
    checks = [one for one in acts if one.note.kind == "warn-checked"]
    disposed, tracked, closed = (_last(acts, kind) for kind in ("warn-disposed", "warn-tracked", "warn-closed"))
    check_by, deadline_on = date.fromisoformat(facts["check_by"]), date.fromisoformat(facts["deadline"])
    unfounded = bool(checks and checks[-1].note.facts.get("unfounded")) and not disposed
    state: SignalState = "closed" if closed else "tracking" if tracked else "disposed" if disposed else "open"
    step: SignalStep | None
    step_by: date | None
    if closed:
        step, step_by = None, None
    elif disposed:
        step, step_by = "track", plus_days(max(disposed, tracked or disposed), policy.level(facts["level"]).track_days)
    elif unfounded:
        step, step_by = "close", deadline_on
    elif checks or deadline_on < as_of:
        step, step_by = "dispose", deadline_on
    else:
        step, step_by = "check", check_by
    return Signal(
        number, first.loan_no, tuple(facts.get("loans") or (first.loan_no,)), facts.get("sign", ""),
        facts.get("subject", ""), facts["source"], facts["level"], facts["text"], first.on, check_by, deadline_on,
        facts.get("lead", ""), state, _measures(acts), checks[0].note.on if checks else disposed, disposed, tracked,
        closed, unfounded, step, step_by, step_by is not None and step_by < as_of,
    )  # fmt: skip


def _last(acts: Iterable[Entry], kind: str) -> date | None:
    """The last day of a kind; of disposals too, for a further measure starts the tracking anew."""
    return max((one.note.on for one in acts if one.note.kind == kind), default=None)


def _measures(acts: Iterable[Entry]) -> tuple[int, ...]:
    return tuple(sorted({number for one in acts for number in one.note.facts.get("measures", ())}))
