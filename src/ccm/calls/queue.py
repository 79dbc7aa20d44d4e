"""The queue of calls that are due: whom to call first, in which hours, and why; and who is left out (P1-P3).

One call per loan and party. Calls to one human being stand together, since one conversation does for all of them; who
has no identity number is known by name and telephone number.
Nothing here dials: whether a call is lawful is judged for the beginning of its window, counting what was done that day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ccm.calls.hours import Window, choose, window
from ccm.limits import TO_THIRD_PARTY, Contact, Intent, is_lost, judge
from ccm.payments import paid_cents
from ccm.phones import bare, phones
from ccm.statutes import named
from ccm.units import days_between, short_day, short_yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from ccm.contact_rules import ContactRules, Span
    from ccm.model import Case, Duty, Entry, Figures, Party, Promise, Role, WorkItem
    from ccm.past import Key, Past
    from ccm.payments import Logged
    from ccm.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Repaid:
    """What was repaid of a loan since its last message, in cents, and the share of what was overdue then (0 to 1)."""

    since: date
    cents: int
    share: float


@dataclass(frozen=True, slots=True)
class Known:
    """What the queue must know beside the worklist.

    `start` is the instant from which calls are made; `who` tells which human being a party is, `contacts` what was done
    with anybody, `held` and `stopped` why a loan, a party is not called. `promises` are those of a loan, `repaid` what
    came in since the last message. `way` gives the hours that a party's occupation leaves, and what is said of them.
    """

    start: datetime
    rules: ContactRules
    calendar: Calendar
    who: Mapping[Key, str]
    contacts: Sequence[Contact]
    past: Past
    way: Callable[[Case, Party], tuple[Sequence[Span], str]]
    held: Mapping[str, str] = field(default_factory=dict)
    stopped: Mapping[Key, str] = field(default_factory=dict)
    promises: Mapping[str, Sequence[Promise]] = field(default_factory=dict)
    repaid: Mapping[str, Repaid] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make: to whom, at which number, within which hours, and why.

    `others` are further numbers of the party; `why_then` says how the hours are known; `together` is the loan of the
    call before to the same human being, empty where there is none. `tips` and `identity` come from how to talk.
    """

    rank: int
    item: WorkItem
    party: Party
    phone: str
    others: tuple[str, ...]
    window: Window
    why_then: str
    reasons: tuple[str, ...]
    last: str
    cause: str
    promise: str
    together: str = ""
    identity: str = ""
    manner: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()

    @property
    def loan_no(self) -> str:
        """The loan's number."""
        return self.item.case.loan_no


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A call that is due and is not made now, and why."""

    loan_no: str
    party: str
    role: Role
    reason: str


def queue(items: Iterable[WorkItem], known: Known) -> tuple[list[Call], list[LeftOut]]:
    """Return the calls in order, and those left out with the reason.

    A loan's place is the worklist's (amount, history, stage, promises), moved down by what was repaid since the last
    message; within a loan the borrower comes first.
    """
    day = _Day(known)
    calls: list[Call] = []
    left: list[LeftOut] = []
    for item in sorted(items, key=lambda one: (-_points(one, known), one.rank)):
        for party in item.case.parties:
            if duties := owed(item, party):
                made = day.call(item, party, duties)
                if isinstance(made, LeftOut):
                    left.append(made)
                else:
                    calls.append(made)
    return [replace(call, rank=rank) for rank, call in enumerate(_together(calls), start=1)], left


def repaid(
    messages: Mapping[str, Entry], figures: Mapping[str, Figures], payments: Mapping[str, Logged], as_of: date
) -> dict[str, Repaid]:
    """Return what was repaid of each loan since its last message; a loan of which nobody can tell yet is left out.

    Args:
        messages: The last message of a loan (`past.Past.messages`), with the figures of its day.
        figures: The ledger's latest figures by loan number.
        payments: What was logged (`payments.logged`).
        as_of: The last day whose payments count.
    """
    found = {}
    for loan_no, entry in messages.items():
        now, said = figures.get(loan_no), payments.get(loan_no, [])
        cents = paid_cents(entry, now, said, as_of)
        if cents or (now and now.on > entry.note.on):
            owed = sum(int(str(entry.note.facts.get(key) or 0)) for key in ("principal_cents", "interest_cents"))
            found[loan_no] = Repaid(entry.note.on, cents, min(1.0, cents / owed) if owed else 0.0)
    return found


def _points(item: WorkItem, known: Known) -> float:
    repaid = known.repaid.get(item.case.loan_no)
    return item.priority - (known.rules.call_repaid_points * repaid.share if repaid else 0)


def owed(item: WorkItem, party: Party) -> list[Duty]:
    """Return the calls that are due to a party, what arose last first: that is the step to take.

    Those to a guarantor who is released are among them, so that it is told why they are not made.
    """
    mine = [
        duty
        for duty in item.duties
        if (duty.channel, duty.role, duty.party) == ("phone", party.role, party.name)
        and duty.state in {"due", "overdue", "released"}
    ]
    return sorted(mine, key=lambda duty: duty.from_on, reverse=True)


class _Day:
    """One day's contacts, found quickly by person and by number, and the calls that they leave lawful."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.by_person: dict[str, list[Contact]] = {}
        self.by_number: dict[str, list[Contact]] = {}
        self.ever: dict[str, list[Contact]] = {}
        for one in known.contacts:
            self.ever.setdefault(one.party, []).append(one)
            if one.at.date() >= known.start.date():
                self.by_person.setdefault(one.party, []).append(one)
                self.by_number.setdefault(bare(one.number), []).append(one)

    def call(self, item: WorkItem, party: Party, duties: Sequence[Duty]) -> Call | LeftOut:
        """Return the call to a party, or why there is none."""
        loan_no, known = item.case.loan_no, self.known
        key = loan_no, party.role, party.name
        person = known.who.get(key, party.name)
        numbers, missing = self._numbers(party, person)
        reason = known.held.get(loan_no) or known.stopped.get(key) or missing
        if reason:
            return LeftOut(loan_no, party.name, party.role, reason)
        spans, why = known.way(item.case, party)
        hours = choose(known.past.answered.get(person, ()), spans, why, known.rules)
        stopped = ""
        for at, number in enumerate(numbers):
            when = window(hours, self._again(number), known.calendar, known.rules)
            begin = datetime.combine(when.on, when.not_before)
            verdict = judge(
                Intent(begin, "phone", number, person, name=party.name), self._done(person, number), known.rules
            )
            if verdict.lawful:
                others = (*numbers[at + 1 :], *numbers[:at])
                return self._told(item, party, duties, Call(
                    0, item, party, number, others, when, hours.why, (), known.past.last.get(key, ""),
                    known.past.causes.get(loan_no, ""), "",
                ))  # fmt: skip
            stopped = stopped or verdict.stops[0].reason
        return LeftOut(loan_no, party.name, party.role, stopped)

    def _told(self, item: WorkItem, party: Party, duties: Sequence[Duty], call: Call) -> Call:
        """Add why now, and what was promised."""
        loan_no, on = item.case.loan_no, self.known.start.date()
        made = [
            one for one in self.known.promises.get(loan_no, ()) if (one.role, one.party) == (party.role, party.name)
        ]
        promise = _promise(made[-1], on) if made else ""
        tries = [one for one in self.by_number.get(bare(call.phone), ()) if one.channel == "phone" and not one.answered]
        tried = f"今天{'、'.join(f'{one.at:%H:%M}' for one in tries)}没接通" if tries else ""
        repaid = self.known.repaid.get(loan_no)
        reasons = (
            promise if made and made[-1].state in {"due", "broken"} else "",
            _step(duties, on),
            _since_message(repaid, on) if repaid else "",
            tried,
            self._lost(party, loan_no),
            *item.reasons,
        )
        return replace(call, reasons=tuple(filter(None, reasons)), promise=promise)

    def _lost(self, party: Party, loan_no: str) -> str:
        """Say that a debtor counts as lost, and what may be done then (law.md §5.2)."""
        person, rules = self.known.who.get((loan_no, party.role, party.name), party.name), self.known.rules
        if not is_lost(self.ever.get(person, ()), person, self.known.start.date(), rules):
            return ""
        return f"连续{rules.lost_after}次没有联系上，算失联，可以找第三人：{TO_THIRD_PARTY}"

    def _numbers(self, party: Party, person: str) -> tuple[list[str], str]:
        """The numbers that may be dialled, and if there is none, why: only the party's own, never a third person's."""
        known = phones(party.phone)
        if not known.numbers:
            return [], "台账里的号码读不出来，可能是别人的" if known.unread else "台账里没有电话"
        wrong = {one.number: self.known.past.wrong.get((person, bare(one.number)), "") for one in known.numbers}
        numbers = [number for number, words in wrong.items() if not words]
        return numbers, "" if numbers else f"号码{next(iter(wrong.values()))}，要另找"

    def _again(self, number: str) -> datetime:
        """From when a number may be tried: a while after the call before (P2: the pace of the calls)."""
        tries = [one.at for one in self.by_number.get(bare(number), ()) if one.channel == "phone"]
        pause = timedelta(minutes=self.known.rules.call_again_minutes)
        return max([self.known.start, *(at + pause for at in tries)])

    def _done(self, person: str, number: str) -> list[Contact]:
        """What counts for a call to a person at a number."""
        others = [one for one in self.by_number.get(bare(number), ()) if one.party != person]
        return [*self.by_person.get(person, ()), *others]


def _together(calls: Sequence[Call]) -> list[Call]:
    """Put the calls to one human being behind the first of them."""
    groups: list[list[Call]] = []
    known: dict[tuple[str, ...], list[Call]] = {}
    for call in calls:
        marks = _marks(call)
        group = next((known[mark] for mark in marks if mark in known), None)
        if group is None:
            groups.append(group := [])
        group.append(replace(call, together=group[0].loan_no if group else ""))
        known |= dict.fromkeys(marks, group)
    return [call for group in groups for call in group]


def _marks(call: Call) -> list[tuple[str, ...]]:
    """What tells who is called: the identity number, else the name with any of the numbers.

    The limits count by the name where there is no identity number, which errs on the careful side; a conversation is
    only joined where a number agrees too, since two people of one name are told of each other's debts otherwise.
    """
    party = call.party
    return [(party.id_no,)] if party.id_no else [(party.name, bare(one)) for one in (call.phone, *call.others)]


def _step(duties: Sequence[Duty], on: date) -> str:
    """The step to take, and how late it is."""
    duty = next((one for one in duties if not one.id.startswith("promise-")), None)
    if duty is None:
        return ""
    late = days_between(duty.due_on, on)
    return f"{duty.title}·{named(duty.rule)} " + (f"已过期{late}天" if late > 0 else f"{short_day(duty.due_on, on)}前")


def _promise(promise: Promise, on: date) -> str:
    """What was promised, and how that stands."""
    amount = short_yuan(promise.amount_cents)
    if promise.state == "broken":
        return f"承诺{short_day(promise.by, on)}还{amount}，没有兑现"
    day = "今天" if promise.by == on else short_day(promise.by, on)
    return f"承诺{day}还{amount}" + {"kept": "，已兑现", "replaced": "，已改期"}.get(promise.state, "")


def _since_message(repaid: Repaid, on: date) -> str:
    day = f"{short_day(repaid.since, on)}短信后"
    return f"{day}已还{short_yuan(repaid.cents)}" if repaid.cents else f"{day}没有还款"
