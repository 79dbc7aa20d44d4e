"""What a report is made from, read out of one workspace: its remembered triages, its journal, its archive."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.units import days_between, plus_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ccm.cli.journey import Recorded, Work
    from ccm.life import Lives
    from ccm.memory import Triage
    from ccm.model import DutyOf, Signal
    from ccm.policy import Policy
    from ccm.report.facts import Deferred, Ending, Office, Proof, Then, Trouble
    from ccm.workspace import Workspace

MONTH_DAYS, ABOUT_DAYS = 30, 12
"""A month ago is the triage nearest to this many days before, and no further from it than the second."""


def office_of(place: Workspace, as_of: date) -> Office:
    """Return all that a workspace knows on a day.

    Raises:
        CcmError: `no-triage` where none of that day or before is remembered, and what its files may be wrong in.
    """
    from ccm import memory
    from ccm.journal import exists
    from ccm.report.facts import Office

    days = [day for day in memory.days(place.state) if day <= as_of]
    if not days:
        raise CcmError("no-triage", where=str(place.root))
    triage = memory.of_day(place.state, days[-1])
    known = _Known(place, as_of) if exists(place.state, place.journal) else None
    work = _work(place, triage, as_of, known)
    proofs = tuple(_proofs(place, known.lives, work.policy, as_of)) if known else ()
    return Office(
        name=place.branch or place.bank or place.root.name,
        as_of=as_of,
        began_on=min(days[0], known.began_on) if known else days[0],
        read_on=triage.as_of,
        policy=work.policy,
        now=work.book,
        last=_then(place, days[-2], triage, work) if len(days) > 1 else None,
        month=_then(place, month, triage, work) if (month := _month_ago(days, as_of)) else None,
        parties=triage.parties,
        cases=[one.case for one in work.ranked],
        done=known.done if known else {},
        holds=work.holds,
        promises=work.promises,
        payments=known.payments if known else {},
        suits=work.suits,
        signals=known.signals(work.policy) if known else (),
        deferrals=tuple(_deferrals(work)),
        proofs=proofs,
        endings=tuple(_endings(place, triage, work, known)),
        troubles=_troubles(triage),
        refused=[(note.loan_no, note.place) for note in triage.refused],
    )


class _Known:
    """What the journal tells up to a day, read but once."""

    def __init__(self, place: Workspace, as_of: date) -> None:
        from ccm.cli import journey, logbook
        from ccm.life import FAMILIES, lives
        from ccm.payments import logged

        with closing(logbook.journal_of(place)) as journal:
            self.recorded: Recorded = journey.recorded_by(journal, place)
            days = journal.done_days()
            entries = [one for one in journal.entries(*FAMILIES) if one.note.on <= as_of]
            first = next(journal.entries(), None)
        self.began_on = datetime.fromisoformat(first.at).date() if first else date.max
        words = [one for one in self.recorded.words if one.note.on <= as_of]
        self.recorded = replace(self.recorded, words=tuple(words), rights=None)
        self.as_of = as_of
        self.done: Mapping[str, Mapping[DutyOf, Sequence[date]]] = {
            loan: {duty: [day for day in on if day <= as_of] for duty, on in of.items()} for loan, of in days.items()
        }
        self.lives: Lives = lives(entries)
        self.payments = logged(words)

    def signals(self, policy: Policy) -> list[Signal]:
        """Return the signals as they stand."""
        from ccm.signals import signals

        return signals(self.recorded.words, policy, self.as_of)


def _work(place: Workspace, triage: Triage, as_of: date, known: _Known | None) -> Work:
    from ccm.cli import journey

    return journey.work_again(place, triage, as_of, known.recorded if known else journey.NOTHING)


def _month_ago(days: Sequence[date], as_of: date) -> date | None:
    """The triage nearest to a month before, None where the nearest is far from it."""
    wanted = plus_days(as_of, -MONTH_DAYS)
    far, day = min(((abs(days_between(day, wanted)), day) for day in days[:-1]), default=(ABOUT_DAYS + 1, wanted))
    return day if far <= ABOUT_DAYS else None


def _then(place: Workspace, day: date, triage: Triage, work: Work) -> Then:
    from ccm import memory
    from ccm.compare import MOVE_TITLES, compare
    from ccm.report.facts import Then

    old = memory.of_day(place.state, day)
    refused = frozenset(note.loan_no for note in triage.refused)
    changes = compare(old.loans, work.book, old.as_of, refused).changes
    # What was not overdue and is gone was paid off or moved away: the worklist asks about it, no head need.
    owing = (one for one in changes if one.move != "vanished" or one.before_stage is not None)
    return Then(old.as_of, old.loans, {one.loan_no: MOVE_TITLES[one.move] for one in owing})


def _proofs(place: Workspace, lives: Lives, policy: Policy, as_of: date) -> Iterator[Proof]:
    """The letters and visits with what their archive lacks; papers are compared by size and time alone."""
    from ccm.archive.check import check
    from ccm.life import ITEM_TITLES, LIFE_TITLES
    from ccm.post.lookup import look_ups, weigh
    from ccm.report.facts import Proof

    due = {one.life.letter_no for one in look_ups(lives.letters.values(), policy.post.lookup_days, as_of)}
    for one in check(lives, None, place.root, {}, lambda _: None, quick=True).standings:
        number = one.of.number
        lacking = dict.fromkeys((*one.missing, *one.damaged, *one.changed))
        items = tuple(ITEM_TITLES[item] for item in lacking)
        if letter := lives.letters.get(number):
            yield Proof(
                number, letter.title, letter.loan_no, letter.party, letter.issued.on, LIFE_TITLES[letter.state],
                weigh(letter).grade, items, number in due,
            )  # fmt: skip
        elif visit := lives.visits.get(number):
            yield Proof(number, "上门", visit.loan_no, visit.party, visit.visited.on, "已上门", "", items)


def _endings(place: Workspace, triage: Triage, work: Work, known: _Known | None) -> Iterator[Ending]:
    """The rights of what is overdue or due that have a last day and were not kept for good."""
    import polars as pl

    from ccm.claims import Told
    from ccm.cli.rights import clocks_of, rules_of, told_by
    from ccm.report.facts import Ending
    from ccm.rights.count import advice

    rules = rules_of(place)
    told = told_by(known.lives, work.as_of) if known else Told({}, {})
    owing = work.book.filter(pl.col("stage").is_not_null())
    for clocks in clocks_of(place, owing, triage.parties, work.as_of, told).values():
        for one in clocks:
            if one.ends_on and not one.kept_on and one.state != "off":
                yield Ending(
                    one.loan_no, one.party, rules.rights[one.right].title, one.ends_on, advice(one, rules),
                    "；".join(one.needs), one.state == "lost",
                )  # fmt: skip


def _deferrals(work: Work) -> Iterator[Deferred]:
    """The applications that decide how a suit stands; late: a plan broken, the days over, or nobody decides."""
    from ccm.model import DEFERRAL_STATES
    from ccm.report.facts import Deferred
    from ccm.suit.standing import in_words

    for loan_no, one in work.suits.items():
        if one.state == "filed" or not (what := one.deferral) or what.state in DECIDED:
            continue
        waited = days_between(what.signed[0].on, work.as_of)
        undecided = one.state == "pending" and waited > work.policy.deferral.decide_days
        late = one.state == "breached" or what.until_on < work.as_of or undecided
        yield Deferred(loan_no, DEFERRAL_STATES[what.state], in_words(one), what.until_on, late)


DECIDED = {"refused", "fulfilled"}
"""Applications that need nobody any more."""


def _troubles(triage: Triage) -> list[Trouble] | None:
    from ccm.errors import catalogue
    from ccm.report.facts import Trouble

    if triage.found is None:
        return None
    titles, kinds = catalogue(), {"error": "整行或该格不用", "warning": "提醒"}
    return [
        Trouble(known.title, kinds[known.severity], note.count, note.places)
        for note in triage.found
        if (known := titles.get(note.code))
    ]
