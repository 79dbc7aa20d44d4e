"""Take in what the post office gives back: waybill numbers, then what became of each letter.

Taking the same sheet in twice changes nothing; what does not fit is a finding with its row, and the rest goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccm.errors import finding
from ccm.life import FINAL
from ccm.model import Note
from ccm.post.status import read_status
from ccm.post.waybill import check, reused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.errors import Finding
    from ccm.life import Life, Lives
    from ccm.post.sheet import Row
    from ccm.post.status import Status
    from ccm.post.waybill import Form


@dataclass
class Taken:
    """What came of taking in: notes for the journal, how many rows said nothing new, and what did not fit."""

    notes: list[Note] = field(default_factory=list)
    known: int = 0
    findings: list[Finding] = field(default_factory=list)

    def tell(self, code: str, row: Row, told: str, **facts: Any) -> None:  # noqa: ANN401 - whatever the message names
        """Add a finding about a row and the value in it."""
        self.findings.append(finding(code, file=row.file, sheet=row.sheet, row=row.row, value=told, **facts))

    def wonder(self, row: Row, life: Life, day: date, as_of: date) -> None:
        """Say that a day lies ahead: it may be a wrong month."""
        if day > as_of:
            self.tell("post-day-ahead", row, str(day), letter_no=life.letter_no)


def take_waybills(rows: Iterable[Row], lives: Lives, on: date, as_of: date) -> Taken:
    """Give letters their waybill numbers.

    A number is one letter's for 12 months from its posting (law.md §7.1); after that the post office may use it again.

    Args:
        rows: A sheet's rows, or pairs as they were typed.
        lives: Every letter there is.
        on: The day of posting, where a row does not say it.
        as_of: Today; a later day is taken, because it may be typed ahead, and told.

    Returns:
        One `letter-posted` note per letter that is new to the post.
    """
    taken, given = Taken(), Given(lives)
    for row in rows:
        life = _letter(row, lives, taken)
        if life is None or _voided(life, row, taken) or not row.waybill:
            continue
        form, day = check(row.waybill), row.posted_on or on
        if form.number == given.waybill_of(life):
            taken.known += 1
        elif trouble := given.objection(form, life, day):
            code, facts = trouble
            taken.tell(code, row, form.number or row.waybill, letter_no=life.letter_no, **facts)
        else:
            if form.form == "plausible":
                taken.tell("waybill-plausible", row, form.number, letter_no=life.letter_no, reason=form.reason)
            taken.wonder(row, life, day, as_of)
            given.give(form.number, life, day)
            taken.notes.append(_note("letter-posted", life, day, {"waybill": form.number, "form": form.form}))
    return taken


class Given:
    """Which waybill number each letter has, and on which days each number was used."""

    def __init__(self, lives: Lives) -> None:
        self._of: dict[str, str] = {}
        self._used: dict[str, list[date]] = {}
        for life in lives.letters.values():
            if life.posted:
                self.give(life.waybill, life, life.posted.on)

    def give(self, waybill: str, life: Life, on: date) -> None:
        """Give a letter its number."""
        self._of[life.letter_no] = waybill
        self._used.setdefault(waybill, []).append(on)

    def waybill_of(self, life: Life) -> str | None:
        """Return the number a letter has, None where it has none."""
        return self._of.get(life.letter_no)

    def objection(self, form: Form, life: Life, day: date) -> tuple[str, dict[str, object]] | None:
        """Return why a letter cannot have this number, as a finding's code and facts."""
        if form.form == "wrong":
            return "waybill-wrong", {"reason": form.reason}
        if mine := self.waybill_of(life):
            return "waybill-other", {"waybill": mine}
        same_day = day if day in self._used.get(form.number, ()) else None
        if earlier := same_day or reused(form.number, day, self._used):
            other = next(letter_no for letter_no, waybill in self._of.items() if waybill == form.number)
            return "waybill-twice", {"other": other, "on": earlier}
        if day < life.issued.on:
            return "posted-day-wrong", {"issued": life.issued.on, "day": day}
        return None


def take_results(rows: Iterable[Row], lives: Lives, as_of: date) -> Taken:
    """Record what became of letters: delivered, refused, returned, or still on the way (L7, L8).

    Args:
        rows: A sheet's rows, or one as it was typed.
        lives: Every letter there is.
        as_of: Today; also the day of a look-up that found a letter still on the way.

    Returns:
        One `letter-result` note per letter whose result is new.
    """
    taken = Taken()
    by_waybill = {life.waybill: life for life in lives.letters.values() if life.waybill}
    last = {no: (life.results[-1].facts, life.results[-1].on) for no, life in lives.letters.items() if life.results}
    for row in rows:
        life = by_waybill.get(check(row.waybill).number) if row.waybill else None
        life = life or _letter(row, lives, taken)
        if life is None or _voided(life, row, taken) or not row.status:
            continue
        status = read_status(f"{row.status} {row.signer} {row.reason}".strip(), life.party)
        day = row.on if status.status in FINAL else as_of
        facts = {
            "status": status.status,
            "signer": status.signer,
            "reason": row.reason or status.reason,
            "text": row.status,
        }
        if trouble := _objection(row, life, status, day):
            code, told, more = trouble
            taken.tell(code, row, told, letter_no=life.letter_no, **more)
        elif day is None:
            taken.tell("result-no-day", row, row.status, letter_no=life.letter_no)
        elif _same(last.get(life.letter_no), facts, day):
            taken.known += 1
        else:
            taken.wonder(row, life, day, as_of)
            before = last.get(life.letter_no)
            if before and before[0]["status"] in FINAL and before[0]["status"] != status.status:
                taken.tell("result-changed", row, row.status, letter_no=life.letter_no, before=before[0]["text"])
            last[life.letter_no] = (facts, day)
            taken.notes.append(_note("letter-result", life, day, facts))
    return taken


def _objection(row: Row, life: Life, status: Status, day: date | None) -> tuple[str, str, dict[str, object]] | None:
    """Return why a letter cannot have this result on this day: a finding's code, the value it names, and facts."""
    if status.status == "unknown":
        return "status-unread", row.status, {}
    if not life.posted:
        return "result-unposted", row.status, {}
    if day and day < life.posted.on:
        return "result-day-wrong", str(day), {"posted": life.posted.on}
    return None


def _letter(row: Row, lives: Lives, taken: Taken) -> Life | None:
    """The letter a row is about; where no row number is known the pair was typed."""
    text = row.letter_no or row.contents
    named = lives.letter_typed if row.row is None else lives.letter_named
    life = named(text) if text else None
    if life is None:
        taken.tell("post-row-unmatched", row, text or row.waybill)
    return life


def _voided(life: Life, row: Row, taken: Taken) -> bool:
    if life.voided:
        taken.tell("post-row-voided", row, life.letter_no, reason=life.voided.facts["reason"])
    return life.voided is not None


def _same(before: tuple[object, date] | None, facts: dict[str, str], day: date) -> bool:
    return before is not None and before[1] == day and before[0] == facts


def _note(kind: str, life: Life, on: date, facts: Mapping[str, object]) -> Note:
    return Note(kind, on, life.loan_no, life.party, life.role, "", life.letter_no, facts=facts)
