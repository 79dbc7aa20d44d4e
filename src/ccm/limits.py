"""Whether one more call, message or visit is lawful at an instant (law.md §5.2), and in which hours of a day.

One counter per debtor and day: whatever reached them counts, by any channel, number and caller. Unanswered attempts
and messages count by number. Nothing here knows a clock or a journal: the day's contacts are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Literal

from ccm.phones import bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from ccm.contact_rules import ContactRules, Reach

Channel = Literal["phone", "sms", "visit"]
Span = tuple[time, time]

DOING: dict[Channel, str] = {"phone": "打电话", "sms": "发短信", "visit": "上门"}
TO_THIRD_PARTY = "只可问联系方式或请转告，不提欠款；对方拒绝就停"


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact that happened: with whom (`party`), by which channel and number, and whether it reached them.

    `party` names the person, the same way over all their loans (an identity number where there is one, else the name).
    `answered` is a call that was taken, a visit that met the person; a message is not answered by being sent.
    """

    at: datetime
    channel: Channel
    number: str
    party: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """A contact that is meant to happen at `at`.

    `third_party`: the party owes nothing under the loan; `because` is the debtor's state that would allow it.
    `consented`: the debtor agreed to be contacted in quiet hours. `staff` is how many go to a visit, `name` is told.
    """

    at: datetime
    channel: Channel
    number: str
    party: str
    third_party: bool = False
    because: Reach | None = None
    consented: bool = False
    staff: int = 1
    name: str = ""

    @property
    def called(self) -> str:
        """How the person is named in a reason: `party` may be an identity number."""
        return self.name or self.party


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a contact is not lawful, and by which rule."""

    limit: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that stops a contact, and on what terms it may be made."""

    stops: tuple[Stop, ...]
    terms: str = ""

    @property
    def lawful(self) -> bool:
        """Nothing stops it."""
        return not self.stops


def judge(intent: Intent, contacts: Iterable[Contact], rules: ContactRules) -> Verdict:
    """Tell whether a contact is lawful.

    Args:
        intent: What is meant to be done.
        contacts: What was done that day, with anybody, by anybody of the bank or its agents; other days do not matter.
        rules: The policy's limits.
    """
    today = [one for one in contacts if one.at.date() == intent.at.date()]
    stops = (
        _quiet(intent, rules),
        _third_party(intent, rules),
        _reached(intent, today, rules),
        _unanswered(intent, today, rules),
        _messaged(intent, today, rules),
        _alone(intent, rules),
    )
    return Verdict(tuple(stop for stop in stops if stop), TO_THIRD_PARTY if intent.third_party else "")


def _quiet(intent: Intent, rules: ContactRules) -> Stop | None:
    if intent.consented or not is_quiet(intent.at.time(), rules):
        return None
    hours = f"{rules.quiet_from:%H:%M}至{rules.quiet_until:%H:%M}"
    reason = f"{intent.at:%H:%M}在不联系的时段里（{hours}），不能{DOING[intent.channel]}"
    return _stop("quiet_hours", reason, rules)


def _third_party(intent: Intent, rules: ContactRules) -> Stop | None:
    if not intent.third_party or intent.because in rules.third_party_when:
        return None
    return _stop("third_party", f"{intent.called}不是债务人、共同债务人或担保人，债务人又联系得上", rules)


def _reached(intent: Intent, today: Sequence[Contact], rules: ContactRules) -> Stop | None:
    count = sum(one.answered and one.party == intent.party for one in today)
    if intent.channel == "sms" or count < rules.effective_per_day:
        return None
    reason = f"今天已经联系上{intent.called}{count}次，每天最多{rules.effective_per_day}次"
    return _stop("effective_calls", reason, rules)


def _unanswered(intent: Intent, today: Sequence[Contact], rules: ContactRules) -> Stop | None:
    calls = [one for one in today if one.channel == "phone" and bare(one.number) == bare(intent.number)]
    count = sum(not one.answered for one in calls)
    if intent.channel != "phone" or count < rules.unanswered_per_day:
        return None
    reason = f"这个号码今天已经拨了{count}次没有接通，每天最多{rules.unanswered_per_day}次"
    return _stop("unanswered", reason, rules)


def _messaged(intent: Intent, today: Sequence[Contact], rules: ContactRules) -> Stop | None:
    count = sum(one.channel == "sms" and bare(one.number) == bare(intent.number) for one in today)
    if intent.channel != "sms" or count < rules.sms_per_day:
        return None
    reason = f"这个号码今天已经发了{count}条短信，每天最多{rules.sms_per_day}条"
    return _stop("sms", reason, rules)


def _alone(intent: Intent, rules: ContactRules) -> Stop | None:
    if intent.channel != "visit" or intent.staff >= rules.visit_staff:
        return None
    return _stop("visit", f"上门至少{rules.visit_staff}人，现在是{intent.staff}人", rules)


def _stop(limit: str, reason: str, rules: ContactRules) -> Stop:
    return Stop(limit, reason, rules.sources[limit])


def is_quiet(at: time, rules: ContactRules) -> bool:
    """Tell whether an hour lies in the quiet hours; their first minute does, the one after their last does not."""
    begins, ends = rules.quiet_from, rules.quiet_until
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def lawful_spans(spans: Iterable[Span], rules: ContactRules, *, consented: bool = False) -> tuple[Span, ...]:
    """Return what is left of spans of a day outside the quiet hours; all of them if the debtor consented."""
    if consented:
        return tuple(spans)
    begins, ends = rules.quiet_from, rules.quiet_until
    lawful = [(ends, begins)] if begins > ends else [(time(), begins), (ends, time.max)]
    cut = [(max(first, low), min(last, high)) for first, last in spans for low, high in lawful]
    return tuple((first, last) for first, last in cut if first < last)


def open_spans(rules: ContactRules) -> tuple[Span, ...]:
    """Return the lawful hours of a whole day, the first of them in front."""
    return lawful_spans([(time(), time.max)], rules)


def is_lost(contacts: Iterable[Contact], party: str, on: date, rules: ContactRules) -> bool:
    """Tell whether a debtor counts as lost (失联) on a day, by all that is known of contacts with them.

    The last attempts, as many as the policy says, all failed, and the last of them before that day: the third party
    may be asked from the next day on. Messages are no attempts: whether they were read is not known.
    """
    tried = sorted(
        (one for one in contacts if one.party == party and one.channel != "sms" and one.at.date() <= on),
        key=lambda one: one.at,
    )
    last = tried[-rules.lost_after :]
    return len(last) == rules.lost_after and not any(one.answered for one in last) and last[-1].at.date() < on
