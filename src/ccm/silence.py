"""What is due and nobody has touched for some days: what the lead manager must see before a right is gone (C2, W5).

A loan is touched by whatever somebody did about it and the journal has: a contact, a letter on its way, a visit, a
look-up, a promise, a hold, a paper filed, a signal checked. What a triage raises of itself, what was only looked at,
printed, taken back or handed over is no work.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ccm.payments import UNDONE, undone
from ccm.sheets import DAY, MONEY, TEXT, WHOLE, Column, in_cell, write_rows
from ccm.statutes import named
from ccm.units import days_between, known_sum, short_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ccm.model import Case, Duty, Entry, WorkItem
    from ccm.rights.clock import Clock

NO_WORK = frozenset(
    {"revealed", "purged", "warn-raised", "warn-undone", "handover", "files-written", "letter-printed", "letter-voided",
     "evidence-withdrawn", UNDONE}
)  # fmt: skip
"""Kinds of entries that do nothing about a loan."""
NOBODY = "未分管"


@dataclass(frozen=True, slots=True)
class Touch:
    """The last work on a loan: on which day, and who wrote it down."""

    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A loan nobody has touched: what is due, since how many days nothing was done, and the right that ends next.

    `manager` answers for it now; `of_ledger` is whom the ledger names. `touch` is None where nothing was ever done.
    `held` says that contact is stopped: only what keeps the right is due.
    """

    case: Case
    manager: str
    of_ledger: str
    duties: tuple[Duty, ...]
    touch: Touch | None
    days: int
    right: Clock | None
    held: bool
    as_of: date

    @property
    def days_left(self) -> int | None:
        """The days of the right that ends next, None where none is in sight."""
        return self.right.days_left if self.right else None


@dataclass(frozen=True, slots=True)
class Group:
    """One manager's silent loans, the most endangered first."""

    manager: str
    lines: tuple[Silence, ...]

    @property
    def overdue_cents(self) -> int:
        """What is overdue of them."""
        return sum(one.case.overdue_cents for one in self.lines)

    @property
    def balance_cents(self) -> int | None:
        """What is left of them, None where the ledger gives no balance."""
        return known_sum(one.case.balance_cents for one in self.lines)

    @property
    def rights(self) -> int:
        """How many of them have a right that ends in sight."""
        return sum(one.right is not None for one in self.lines)


def touches(entries: Iterable[Entry], as_of: date) -> dict[str, Touch]:
    """Return the last work on each loan up to a day; a letter for several loans touches each of them."""
    found: dict[str, Touch] = {}
    entries = list(entries)
    gone = undone(entries)
    for entry in entries:
        note = entry.note
        if note.kind in NO_WORK or note.on > as_of or entry.seq in gone:
            continue
        facts = note.facts
        for loan_no in facts.get("loans") or (note.loan_no,):
            if loan_no and (loan_no not in found or found[loan_no].on <= note.on):
                found[loan_no] = Touch(note.on, entry.actor)
    return found


def silences(
    items: Iterable[WorkItem],
    touched: Mapping[str, Touch],
    rights: Mapping[str, Sequence[Clock]],
    manager: Callable[[Case], str],
    days: int,
    as_of: date,
) -> list[Silence]:
    """Return the loans on which something is due and nothing was done for at least `days`, the most endangered first.

    Silence is counted from the last work, but not from before anything was due.

    Args:
        items: Lines of the worklist.
        touched: The last work on each loan.
        rights: The clocks that end in sight, by loan.
        manager: Who answers for a case now.
        days: How many days count as silence.
        as_of: The day asked about.
    """
    found = []
    for item in items:
        number, held = item.case.loan_no, any(one.state == "active" for one in item.holds)
        ending = min(rights.get(number, ()), key=lambda one: one.days_left or 0, default=None)
        due = tuple(duty for duty in item.duties if duty.state in {"due", "overdue"})
        if not due or (held and not ending):
            continue
        touch, since = touched.get(number), min(duty.from_on for duty in due)
        quiet = days_between(max(since, touch.on) if touch else since, as_of)
        if quiet >= days:
            of_ledger = item.case.manager or NOBODY
            found.append(Silence(item.case, manager(item.case), of_ledger, due, touch, quiet, ending, held, as_of))
    return sorted(found, key=_danger)


def _danger(one: Silence) -> tuple[bool, int, int, str]:
    return one.right is None, one.days_left or 0, -one.case.overdue_cents, one.case.loan_no


def by_manager(found: Iterable[Silence]) -> list[Group]:
    """Group loans by who answers for them; the group with the nearest right, then the largest sum, comes first."""
    groups: dict[str, list[Silence]] = {}
    for one in found:
        groups.setdefault(one.manager, []).append(one)
    made = [Group(manager, tuple(lines)) for manager, lines in groups.items()]
    return sorted(made, key=lambda group: (_danger(group.lines[0])[:2], -group.overdue_cents, group.manager))


def due_words(one: Silence) -> list[str]:
    """Say what is due: the latest that arose first, each rule once, with its last day."""
    first: dict[str, Duty] = {}
    for duty in sorted(one.duties, key=lambda duty: (duty.from_on, -duty.due_on.toordinal()), reverse=True):
        first.setdefault(duty.id, duty)
    return [_duty(duty, one.as_of) for duty in first.values()]


def _duty(duty: Duty, as_of: date) -> str:
    """Name a duty, its rule and its last day, which a right's duty has in its name already."""
    by = "" if duty.names_day else f"（{short_day(duty.due_on, as_of)}前）"
    return f"{duty.title}·{named(duty.rule)}{by}"


def right_words(one: Silence) -> str:
    """Say which right ends next and when; empty where none is in sight."""
    if one.right is None or one.days_left is None:
        return ""
    return f"{one.days_left}天" if one.days_left >= 0 else f"过{-one.days_left}天"


def touch_words(one: Silence) -> str:
    """Say when and by whom the loan was touched last."""
    return f"{short_day(one.touch.on, one.as_of)} {one.touch.by}" if one.touch else "从未"


COLUMNS: tuple[Column[Silence], ...] = (
    Column("客户经理", 10, TEXT, lambda one: one.manager),
    Column("借据号", 20, TEXT, lambda one: one.case.loan_no),
    Column("借款人", 14, TEXT, lambda one: one.case.borrower),
    Column("机构", 14, TEXT, lambda one: one.case.branch),
    Column("逾期天数", 8, WHOLE, lambda one: one.case.dpd),
    Column("逾期本息", 15, MONEY, lambda one: Decimal(one.case.overdue_cents) / 100),
    Column("贷款余额", 15, MONEY, lambda one: in_cell(one.case.balance_cents)),
    Column("无人经手（天）", 10, WHOLE, lambda one: one.days),
    Column("最后经手日", 12, DAY, lambda one: one.touch.on if one.touch else None),
    Column("最后经手人", 12, TEXT, lambda one: one.touch.by if one.touch else "从未"),
    Column("权利还剩（天）", 10, WHOLE, lambda one: one.days_left),
    Column("权利届满日", 12, DAY, lambda one: one.right.ends_on if one.right else None),
    Column("对谁", 12, TEXT, lambda one: one.right.party if one.right else ""),
    Column("该办的", 60, TEXT, lambda one: "\n".join(due_words(one))),
    Column("暂停中", 8, TEXT, lambda one: "是" if one.held else ""),
    Column("台账上的客户经理", 12, TEXT, lambda one: one.of_ledger),
)


def write_export(found: Sequence[Silence], path: Path) -> None:
    """Write the loans as the file's name asks: .xlsx or .csv.

    Raises:
        CcmError: `export-kind` for any other name, `file-unwritable`.
    """
    write_rows(path, COLUMNS, [("无人经手", [one for group in by_manager(found) for one in group.lines])])
