"""The work of a day: a book classified and ranked, with what the journal knows and which rights run out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ccm.cli.logbook import journal_of
from ccm.cli.rights import Standing, standing
from ccm.errors import CcmError
from ccm.units import known_sum

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    import polars as pl

    from ccm.journal import Journal
    from ccm.memory import Triage
    from ccm.model import Case, Done, Duty, Entry, Hold, Promise, Promised, Ranked, Signal, Suit, WorkItem
    from ccm.policy import Policy
    from ccm.rights.clock import Clock
    from ccm.workspace import Workspace


def policy_of(place: Workspace) -> Policy:
    """Return the workspace's policy, the built-in one where it has none."""
    from ccm.policy import load

    return load(place.policy)


Rights = Callable[["pl.DataFrame", "pl.DataFrame", "date"], "Standing"]
"""Counts how the rights of a classified book and its parties stand on a day."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the journal knows that the worklist looks at: duties done, and promises, payments, holds, states, suits.

    `rights` counts how the rights of a book stand; None where nobody asks.
    """

    done: Done
    words: tuple[Entry, ...] = ()
    rights: Rights | None = None


NOTHING = Recorded({})
WORDS = ("promise", "payment", "hold", "person-state", "warn", "suit", "event", "handover")
"""The families of entries that a worklist is made with, beside the duties done."""


@dataclass(frozen=True, slots=True)
class Work:
    """A book on one day: classified, its cases in order, what was promised, is held and is sued in it, its signals.

    `handed` gives the receiver of each loan that was handed over and whose ledger still names the giver.
    """

    book: pl.DataFrame
    ranked: list[Ranked]
    policy: Policy
    as_of: date
    recorded: Recorded
    holds: Mapping[str, tuple[Hold, ...]]
    promises: Mapping[str, tuple[Promise, ...]]
    signals: Mapping[str, tuple[Signal, ...]]
    rights: Mapping[str, tuple[Clock, ...]]
    suits: Mapping[str, Suit]
    handed: Mapping[str, str] = field(default_factory=dict)

    @property
    def done(self) -> Done:
        """What was done, by loan and duty."""
        return self.recorded.done

    def items(self, ranked: Sequence[Ranked], requested: Collection[str] = ()) -> list[WorkItem]:
        """Return lines of the worklist with their duties and reasons; `requested` adds letters given on request."""
        from ccm.model import WorkItem
        from ccm.worklist import reasons

        return [
            WorkItem(
                one.case,
                self._duties(one.case, requested),
                one.rank,
                one.priority,
                reasons(one, self.policy),
                self.held(one.case.loan_no),
                self.signals.get(one.case.loan_no, ()),
                self.suits.get(one.case.loan_no),
            )
            for one in ranked
        ]

    def falls_to(self, manager: str | None, loan_no: str, of_ledger: str | None) -> bool:
        """Tell whether a loan is somebody's: the ledger's manager's, or whoever it was handed to; None asks for any."""
        return manager is None or manager in {of_ledger, self.handed.get(loan_no)}

    def expect(self, manager: str | None, branch: str | None = None) -> None:
        """Refuse to look for whom the book does not know: an empty list would say that nothing is to be done.

        Raises:
            CcmError: `filter-unknown`, with those that are nearest.
        """
        managers = {*self.book["manager"], *self.handed.values()}
        for title, asked, known in (("客户经理", manager, managers), ("机构", branch, set(self.book["branch"]))):
            if asked is not None and asked not in known:
                raise CcmError("filter-unknown", what=title, asked=asked, known=_some_of(asked, known - {None, ""}))

    def held(self, loan_no: str) -> tuple[Hold, ...]:
        """Return what is in force, and a plan that was broken and not lifted: both must be seen."""
        return tuple(hold for hold in self.holds.get(loan_no, ()) if hold.state in {"active", "broken"})

    def _duties(self, case: Case, requested: Collection[str]) -> tuple[Duty, ...]:
        from ccm.duties import duties
        from ccm.promises import duties as of_promises

        owed = duties(case, self.policy, self.as_of, self.done, requested, self.suits.get(case.loan_no))
        if made := self.promises.get(case.loan_no):
            owed = (*owed, *of_promises(made, case, self.policy, self.as_of, self.done))
        if ending := self.rights.get(case.loan_no):
            from ccm.claims import duties as of_rights

            owed = (*owed, *of_rights(ending, case, self.as_of))
        return owed


LISTED = 6
"""How many a message lists of what may be meant."""


def _some_of(asked: str, known: Collection[str]) -> str:
    """Say who there is: those that resemble what was asked for, else the first few."""
    from difflib import get_close_matches

    near = get_close_matches(asked, known, 3) or [one for one in sorted(known) if asked in one][:3]
    if near:
        return f"是不是 {'、'.join(near)}？"
    more = f" 等{len(known)}个" if len(known) > LISTED else ""
    return f"有 {'、'.join(sorted(known)[:LISTED])}{more}" if known else "台账里没有这一列，或都是空的"


def work_of(
    loans: pl.DataFrame,
    parties: pl.DataFrame,
    policy: Policy,
    as_of: date,
    recorded: Recorded = NOTHING,
    data_on: date | None = None,
) -> Work:
    """Classify a book, and rank what is overdue or due in it, less what the journal says was done.

    `data_on` is the day of the ledger's figures where its rows do not say; `as_of` where None.
    """
    from ccm.classify import classify

    return work_on(classify(loans, policy, as_of), parties, policy, as_of, recorded, data_on)


def work_on(
    book: pl.DataFrame,
    parties: pl.DataFrame,
    policy: Policy,
    as_of: date,
    recorded: Recorded,
    data_on: date | None = None,
) -> Work:
    """Rank what is overdue or due in a classified book, as `work_of` does."""
    from ccm.cases import cases
    from ccm.duties import missed
    from ccm.signals import by_loan, signalled, signals
    from ccm.worklist import rank

    said = _words_of(book, recorded.words, policy, as_of, data_on or as_of)
    live = by_loan(signals(recorded.words, policy, as_of))
    rights = recorded.rights(book, parties, as_of) if recorded.rights else Standing()
    left = {number: min(one.days_left or 0 for one in clocks) for number, clocks in rights.ending.items()}
    ranked = rank(
        (_released(case, rights.released) for case in cases(book, parties, as_of)),
        policy,
        lambda case: missed(case, policy, as_of, recorded.done, said.suits.get(case.loan_no)),
        said.promised,
        {loan_no: signalled(standing) for loan_no, standing in live.items()},
        left,
    )
    handed = _handed(book, recorded.words, as_of)
    return Work(
        book, ranked, policy, as_of, recorded, said.holds, said.promises, live, rights.ending, said.suits, handed
    )


def _released(case: Case, over: Mapping[tuple[str, str, str], date]) -> Case:
    """Return a case whose guarantors know whether their guarantee is over."""
    found = [over.get((case.loan_no, one.role, one.name)) for one in case.parties] if over else []
    if not any(found):
        return case
    parties = (replace(one, released_on=on) for one, on in zip(case.parties, found, strict=True))
    return replace(case, parties=tuple(parties))


def _handed(book: pl.DataFrame, words: Sequence[Entry], as_of: date) -> dict[str, str]:
    """Hold the lists of handed-over loans against the ledger's managers."""
    lists = [entry for entry in words if entry.note.kind == "handover" and entry.note.on <= as_of]
    if not lists:
        return {}
    from ccm.handover.notes import handed

    return handed(lists, dict(book.select("loan_no", "manager").iter_rows()))


def narrowed(work: Work, loan_no: str, recorded: Recorded, data_on: date) -> Work:
    """Return one loan of a classified book with what is recorded by now; `data_on` as in `work_of`.

    It is ranked anew by itself, so its rank says nothing.
    """
    from ccm.duties import missed
    from ccm.worklist import rank

    book = work.book.filter(work.book["loan_no"] == loan_no)
    words = [entry for entry in recorded.words if entry.note.loan_no == loan_no or entry.note.kind == "person-state"]
    policy, done = work.policy, recorded.done
    said = _words_of(book, words, policy, work.as_of, data_on)
    cases = [one.case for one in work.ranked if one.case.loan_no == loan_no]
    suit = said.suits.get(loan_no)
    ranked = rank(cases, policy, lambda case: missed(case, policy, work.as_of, done, suit), said.promised)
    return replace(
        work, book=book, ranked=ranked, recorded=recorded, holds=said.holds, promises=said.promises, suits=said.suits
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What was said and agreed of the loans of a book, held against the ledger's figures, by loan number."""

    holds: dict[str, tuple[Hold, ...]]
    promises: dict[str, tuple[Promise, ...]]
    promised: dict[str, Promised]
    suits: dict[str, Suit]


def _words_of(book: pl.DataFrame, words: Sequence[Entry], policy: Policy, as_of: date, data_on: date) -> Said:
    words = [entry for entry in words if not entry.note.kind.startswith(("warn-", "handover"))]
    if not words:
        return Said({}, {}, {}, {})
    from ccm.holds import holds
    from ccm.payments import figures_of
    from ccm.promises import promised, promises
    from ccm.suit.standing import suits

    numbers = sorted({entry.note.loan_no for entry in words})
    rows = book.filter(book["loan_no"].is_in(numbers)).iter_rows(named=True)
    figures = {row["loan_no"]: figures_of(row, data_on) for row in rows}
    held, made, sued = (
        holds(words, figures, as_of),
        promises(words, figures, as_of),
        suits(words, figures, policy, as_of),
    )
    counted = {number: promised(made.get(number, ()), held.get(number, ()), sued.get(number)) for number in numbers}
    return Said(held, made, counted, sued)


def recorded_in(place: Workspace) -> Recorded:
    """Return what the workspace's journal knows, and what its rights are; only these where there is no journal yet."""
    from ccm.journal import exists

    if not exists(place.state, place.journal):
        return Recorded({}, rights=rights_of(place))
    with closing(journal_of(place)) as journal:
        return recorded_by(journal, place)


def recorded_by(journal: Journal, place: Workspace) -> Recorded:
    """Return what an open journal knows, and what the workspace's rights are."""
    return Recorded(journal.done(), tuple(journal.entries(*WORDS)), rights_of(place))


def rights_of(place: Workspace) -> Rights:
    """Return how a workspace counts rights."""

    def count(book: pl.DataFrame, parties: pl.DataFrame, as_of: date) -> Standing:
        return standing(place, book, parties, as_of)

    return count


def remembered(place: Workspace) -> Triage:
    """Return the triage remembered last.

    Raises:
        CcmError: `no-triage`.
    """
    from ccm import memory

    triage = memory.latest(place.state)
    if triage is None:
        raise CcmError("no-triage", where=str(place.root))
    return triage


def work_again(place: Workspace, triage: Triage, as_of: date, recorded: Recorded) -> Work:
    """Classify a remembered book for another day, and rank what it owes."""
    from ccm.frame import LOAN_COLUMNS

    loans = triage.loans.select(list(LOAN_COLUMNS))
    return work_of(loans, triage.parties, policy_of(place), as_of, recorded, triage.as_of)


def remembered_work(place: Workspace, as_of: date | None, recorded: Recorded) -> tuple[Triage, Work]:
    """Return the triage remembered last, and its book classified for `as_of` (its own day where None).

    Raises:
        CcmError: `no-triage`.
    """
    triage = remembered(place)
    return triage, work_again(place, triage, as_of or triage.as_of, recorded)


def stage_in(policy: Policy, asked: int | None) -> int | None:
    """Return the stage asked for, None where none was.

    Raises:
        CcmError: `stage-none` with the stages there are: a list of nobody would look as if nothing were owed.
    """
    if asked is not None and asked not in {one.from_days for one in policy.stages}:
        stages = "、".join(f"{one.from_days} {one.label}" for one in policy.stages)
        raise CcmError("stage-none", where="--stage", days=asked, stages=stages)
    return asked


def totals_of(ranked: Sequence[Ranked]) -> dict[int, tuple[int, int, int, int | None]]:
    """Return per stage: loans, overdue principal, overdue interest and balance in cents."""
    totals: dict[int, tuple[int, int, int, int | None]] = {}
    for one in ranked:
        case = one.case
        count, principal, interest, balance = totals.get(case.stage, (0, 0, 0, 0))
        totals[case.stage] = (
            count + 1,
            principal + case.overdue_principal_cents,
            interest + case.overdue_interest_cents,
            known_sum([balance, case.balance_cents]) if count else case.balance_cents,
        )
    return totals
