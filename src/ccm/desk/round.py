"""A morning's round as a value: the list, the chosen case, and the lines that are half typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ccm.desk.form import Draft
from ccm.statutes import named
from ccm.units import short_day
from ccm.worklist import next_duty

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, time

    from ccm.dossier import Dossier
    from ccm.model import Party, WorkItem
    from ccm.talk.advice import Advice


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a case, its next step, whether that is late, and what was logged of it today."""

    loan_no: str
    borrower: str
    rank: int
    dpd: int
    stage: int
    owed_cents: int
    step: str
    late: bool
    held: bool
    told: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the desk shows beside the list of one case.

    `hours` are the lawful spans in which to call; `warnings` say why a call to the borrower is not lawful now.
    """

    dossier: Dossier
    reasons: tuple[str, ...]
    advice: Advice
    hours: tuple[tuple[time, time], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What one line of the desk became: in words, with what the limits say of it, and the list's line as it is now."""

    words: str
    warnings: tuple[str, ...]
    line: Line


class Office(Protocol):
    """What the desk needs of the rest of ccm. Its methods raise CcmError."""

    title: str
    on: date

    def lines(self) -> Sequence[Line]:
        """Return the day's list."""

    def sheet(self, loan_no: str) -> Sheet:
        """Return one case whole; its numbers are not masked, the desk does that."""

    def write(self, draft: Draft) -> Written:
        """Journal a line at once."""

    def revealed(self, loan_no: str) -> None:
        """Journal that a case's whole numbers were shown."""

    def drafts(self) -> Sequence[Draft]:
        """Return the lines that were half typed when the desk was closed."""

    def keep(self, drafts: Sequence[Draft]) -> None:
        """Keep the lines that are half typed."""


@dataclass(frozen=True, slots=True)
class Round:
    """The state of the desk: its lines, which is chosen (`at`), which party is spoken to (`to`), and the drafts."""

    lines: tuple[Line, ...]
    at: int = 0
    to: int = 0
    drafts: tuple[Draft, ...] = ()

    @property
    def chosen(self) -> Line | None:
        """The chosen line, None where the list is empty."""
        return self.lines[self.at] if self.lines else None

    @property
    def told(self) -> int:
        """How many cases something was logged of today."""
        return sum(bool(line.told) for line in self.lines)

    def choose(self, at: int) -> Round:
        """Choose a line by its place, kept within the list; another case is begun with its borrower."""
        at = max(0, min(at, len(self.lines) - 1))
        return self if at == self.at else replace(self, at=at, to=0)

    def find(self, text: str, step: int = 0) -> Round | None:
        """Choose the first line from the chosen one on (`step` 1 or -1: the next or last) that the text fits.

        It fits a borrower's name or a loan number by any part; None where it fits none.
        """
        text = text.strip()
        fits = [place for place, line in enumerate(self.lines) if text in line.borrower or text in line.loan_no]
        if not text or not fits:
            return None
        if step < 0:
            return self.choose(max((one for one in fits if one < self.at), default=fits[-1]))
        return self.choose(min((one for one in fits if one >= self.at + step), default=fits[0]))

    def after(self) -> Round:
        """Choose the next line of which nothing was logged today, below the chosen one, else from the top."""
        order = [*range(self.at + 1, len(self.lines)), *range(self.at)]
        return self.choose(next((place for place in order if not self.lines[place].told), self.at))

    def logged(self, line: Line) -> Round:
        """Put a line in its place, as it is once something was logged."""
        return replace(self, lines=tuple(line if one.loan_no == line.loan_no else one for one in self.lines))

    def turned(self, parties: int) -> Round:
        """Speak to the next party of the case."""
        return replace(self, to=(self.to + 1) % max(1, parties))

    def begun(self, kind: str, party: Party, on: date) -> Draft:
        """Return the chosen case's line of a kind: as it was left, else a fresh one."""
        number = self.lines[self.at].loan_no
        fresh = Draft(number, kind, party.role, party.name, "", str(on))
        return next((one for one in self.drafts if _same(one, fresh)), fresh)

    def kept(self, draft: Draft) -> Round:
        """Keep a line as the one typed last; an empty one is dropped."""
        others = tuple(one for one in self.drafts if not _same(one, draft))
        return replace(self, drafts=(*others, draft) if draft.text.strip() else others)

    def dropped(self, draft: Draft) -> Round:
        """Forget a line that was logged."""
        return self.kept(replace(draft, text=""))

    def half_typed(self, loan_no: str) -> bool:
        """Tell whether a case has lines that were not finished."""
        return any(one.loan_no == loan_no for one in self.drafts)

    def resumed(self) -> tuple[Round, Draft | None]:
        """Choose the case of the line typed last, where it is still on the list."""
        places = {line.loan_no: place for place, line in enumerate(self.lines)}
        for draft in reversed(self.drafts):
            if draft.loan_no in places:
                return self.choose(places[draft.loan_no]), draft
        return self, None


def line_of(item: WorkItem, as_of: date, told: Iterable[str] = ()) -> Line:
    """Return a case as a line of the day's list; `told` says what was logged of it today, the latest last."""
    case, duty = item.case, next_duty(item)
    held = any(hold.state == "active" for hold in item.holds)
    return Line(
        case.loan_no,
        case.borrower,
        item.rank,
        case.dpd,
        case.stage,
        case.overdue_cents,
        f"{'' if duty.names_day else f'{short_day(duty.due_on, as_of)} '}{duty.title}·{named(duty.rule)}"
        if duty
        else "暂无应办",
        duty is not None and duty.state == "overdue",
        held,
        next(reversed(list(told)), ""),
    )


def _same(one: Draft, other: Draft) -> bool:
    return (one.loan_no, one.kind, one.role, one.party) == (other.loan_no, other.kind, other.role, other.party)
