"""Promises to pay, kept or broken by the figures of the next ledger and by the payments that were logged.

    promise → due on its day → kept, broken, or replaced by a later promise of the same party

A later promise takes the place of one whose day had not passed; instalments are a plan (`holds`), not promises.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ccm.model import Duty, Promise, Promised
from ccm.payments import cleared, from_facts, logged, paid_cents
from ccm.units import plus_days, short_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ccm.model import Case, Done, Entry, Figures, Hold, PromiseState, State, Suit
    from ccm.payments import Logged
    from ccm.policy import Policy


def promises(entries: Iterable[Entry], figures: Mapping[str, Figures], as_of: date) -> dict[str, tuple[Promise, ...]]:
    """Return the promises of every loan, in the order they were made, each with what became of it.

    Args:
        entries: The journal's promises and payments; entries of other kinds are passed over.
        figures: The ledger's latest figures by loan number; a loan that is in no ledger has none.
        as_of: The day asked about; what happened later is not looked at.
    """
    known = [entry for entry in entries if entry.note.on <= as_of]
    payments = logged(known)
    by_party: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in sorted(known, key=lambda one: (one.note.on, one.seq)):
        if entry.note.kind == "promise":
            by_party.setdefault((entry.note.loan_no, entry.note.role, entry.note.party), []).append(entry)
    found: dict[str, list[Promise]] = {}
    for (loan_no, _, _), made in by_party.items():
        for entry, later in zip(made, (*made[1:], None), strict=True):
            found.setdefault(loan_no, []).append(
                _judge(entry, later, figures.get(loan_no), payments.get(loan_no, []), as_of)
            )
    return {loan_no: tuple(sorted(made, key=lambda one: one.made_on)) for loan_no, made in found.items()}


def promised(made: Iterable[Promise], holds: Iterable[Hold] = (), suit: Suit | None = None) -> Promised:
    """Return what the order of the list looks at: the last word of each party, and plans that were broken."""
    last = {(one.role, one.party): one.state for one in made}
    states = list(last.values())
    plans = sum(hold.state == "broken" for hold in holds)
    deferral = int(suit is not None and suit.state == "breached")
    return Promised(states.count("broken") + plans, states.count("due"), deferral)


def duties(made: Iterable[Promise], case: Case, policy: Policy, as_of: date, done: Done) -> Iterator[Duty]:
    """Yield a call for each promise that is coming, due or broken: is the money there, and if not, why (P1).

    The call is done when the party was spoken to on the promised day or later.
    """
    horizon = plus_days(as_of, policy.upcoming_days)
    for one in {(one.role, one.party): one for one in made}.values():
        if one.state not in {"open", "due", "broken"} or one.by > horizon:
            continue
        key = f"promise-{one.by}"
        done_on = done.get(case.loan_no, {}).get((key, one.role, one.party))
        state: State = "upcoming" if one.by > as_of else "due" if one.by == as_of else "overdue"
        yield Duty(
            key, "P1", f"核对承诺还款{short_yuan(one.amount_cents)}", "phone", None, one.party, one.role,
            one.by, one.by, "done" if done_on else state, case.stage, done_on,
        )  # fmt: skip


def _judge(entry: Entry, later: Entry | None, now: Figures | None, payments: Logged, as_of: date) -> Promise:
    """Hold a promise against what was known when the party promised anew, else against what is known now."""
    note, facts = entry.note, _facts(entry)
    seen = from_facts(_facts(later)) if later else now
    paid = paid_cents(entry, seen, payments, later.note.on if later else as_of)
    by = date.fromisoformat(facts["by"])
    state: PromiseState
    if paid >= facts["amount_cents"] or cleared(entry, seen):
        state = "kept"
    elif later:
        state = "replaced" if later.note.on <= by else "broken"
    elif as_of < by:
        state = "open"
    else:
        # On its day, and after it until a ledger of that day or later is read, nobody can say.
        state = "broken" if as_of > by and seen is not None and seen.on >= by else "due"
    role: Any = note.role
    return Promise(
        note.loan_no, note.party, role, facts["amount_cents"], note.on, by, facts.get("text", ""), state, paid
    )


def _facts(entry: Entry) -> Mapping[str, Any]:
    return entry.note.facts
