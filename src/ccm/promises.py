"""Promises to pay, kept or broken by the figures of the next ledger and by the payments that were logged.

    promise → due on its day → kept, broken, or replaced by a later promise of the same party

Money keeps promises once: a named payer's own first, then the oldest (`allotment`).
A later promise takes the place of one whose day had not passed; instalments are a plan (`holds`), not promises.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ccm.allotment import Money, allot
from ccm.model import Duty, Promise, Promised
from ccm.payments import cleared, fallen_cents, from_facts, logged
from ccm.units import plus_days, short_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    by_loan: dict[str, list[Entry]] = {}
    for entry in sorted(known, key=lambda one: (one.note.on, one.seq)):
        if entry.note.kind == "promise":
            by_loan.setdefault(entry.note.loan_no, []).append(entry)
    return {
        loan_no: tuple(_of_loan(made, figures.get(loan_no), payments.get(loan_no, []), as_of))
        for loan_no, made in by_loan.items()
    }


def _of_loan(made: Sequence[Entry], now: Figures | None, payments: Logged, as_of: date) -> Iterator[Promise]:
    """Judge the promises of one loan, the oldest first; what came in keeps each of them by what the others left."""
    later = [
        next((at for at in range(place + 1, len(made)) if _party(made[at]) == _party(entry)), None)
        for place, entry in enumerate(made)
    ]
    came = [*_logged(made, later, payments, as_of), *_shown(made, later, now, payments)]
    paid = allot([(_party(entry), entry.note.facts["amount_cents"]) for entry in made], came)
    for entry, after, cents in zip(made, later, paid, strict=True):
        yield _judge(entry, None if after is None else made[after], now, cents, as_of)


def _logged(made: Sequence[Entry], later: Sequence[int | None], payments: Logged, as_of: date) -> Iterator[Money]:
    """What was logged keeps a promise from when it was made to the day its party promised anew."""
    until = [as_of if after is None else made[after].note.on for after in later]
    since = [(entry.note.on, entry.seq) for entry in made]
    for one in sorted(payments, key=lambda one: (one.on, one.seq)):
        keeps = [at for at in range(len(made)) if since[at] < (one.on, one.seq) and one.on <= until[at]]
        yield Money(one.cents, one.payer, keeps)


def _shown(
    made: Sequence[Entry], later: Sequence[int | None], now: Figures | None, payments: Logged
) -> Iterator[Money]:
    """What the ledgers show beyond what was logged, from the figures of one promise to those of the next, and to now.

    What was logged since the first of them hides once in what a ledger shows: in one of its day or later, for the bank
    may book late, and in the last whenever it was logged, for people tell late. So of the two the larger counts.
    """
    then = {place: figures for place, entry in enumerate(made) if (figures := from_facts(entry.note.facts))}
    order = sorted(then, key=lambda place: then[place].on)
    points = [*(then[place] for place in order), *([now] if now else [])]
    begins = {place: at for at, place in enumerate(order)}
    ends = [len(points) - 1 if after is None else begins.get(after, 0) for after in later]
    hidden = {one: one.cents for one in payments}
    for at, (old, new) in enumerate(pairwise(points)):
        cents, until = fallen_cents(old, new), date.max if new is points[-1] else new.on
        for one in (payment for payment in payments if points[0].on <= payment.on <= until):
            part = min(cents, hidden[one])
            cents, hidden[one] = cents - part, hidden[one] - part
        yield Money(cents, None, [place for place in sorted(order) if begins[place] <= at < ends[place]])


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


def _judge(entry: Entry, later: Entry | None, now: Figures | None, paid: int, as_of: date) -> Promise:
    """Hold a promise against what was known when the party promised anew, else against what is known now."""
    note, facts = entry.note, entry.note.facts
    seen = from_facts(later.note.facts) if later else now
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


def _party(entry: Entry) -> tuple[str, str]:
    return entry.note.role, entry.note.party
