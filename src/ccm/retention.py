"""How long a case is kept once it is over, and which files are whose (law.md §9, 个人信息保护法19, 47).

last seen in a ledger → the day its keeping ends → what still speaks for keeping it → its files
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.model import FINISHED
from ccm.units import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.model import Entry, Hold, Suit
    from ccm.policy import RetentionRule
    from ccm.rights.clock import Clock

KIND = "purged"


@dataclass(frozen=True, slots=True)
class Over:
    """A case whose time of keeping is over: since when it is in no ledger, until when it had to be kept.

    `reasons` say why it must stay all the same; `files` are its own and its part of those of several cases that are
    over, from the workspace; empty where it stays.
    """

    loan_no: str
    borrower: str
    left_on: date
    until_on: date
    reasons: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def until(left_on: date, rule: RetentionRule, *, real_estate: bool | None) -> date:
    """Return the last day a case is kept; where nobody can tell whether real estate secured it, the longer time."""
    return add_months(left_on, rule.months if real_estate is False else rule.real_estate_months)


def reasons(
    clocks: Iterable[Clock], titles: Mapping[str, str], suit: Suit | None, holds: Iterable[Hold]
) -> tuple[str, ...]:
    """Return why a case must stay: a right that may still be alive, a suit that is not finished, a hold in force.

    The twenty years are an outer bound of the limitation and no right of their own, so they keep nothing alive.
    """
    found = []
    for one in clocks:
        unknown = one.right == "limitation" and one.state == "off"
        alive = one.right != "cap" and one.state not in {"lost", "off"} and not one.kept_on
        if unknown or alive:
            found.append(f"{titles[one.right]}（{one.party}）{_still(one)}")
    filing = suit.filing if suit else None
    if filing and not filing.withdrawn_on and not any(stage.key == FINISHED for stage in filing.stages):
        found.append("诉讼没有了结")
    return (*found, *(f"暂停没有解除（{one.hold_no}）" for one in holds if one.state == "active"))


def _still(clock: Clock) -> str:
    if clock.state == "unproved":
        return "证据没有补齐，不能当作已届满"
    return f"到{clock.ends_on}" if clock.ends_on else "算不出哪天届满"


def holdings(entries: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """Return the files that the journal knows, each with the loans it is about; a file goes when all of these do.

    Args:
        entries: The journal's entries in order.

    Returns:
        By path, from the workspace or whole.
    """
    found = _Holdings()
    for entry in entries:
        found.take(entry)
    return {path: frozenset(loans) for path, loans in found.owners.items() if loans}


class _Holdings:
    """Files and their loans, while the entries are read."""

    def __init__(self) -> None:
        self.owners: dict[str, set[str]] = {}
        self.subjects: dict[str, set[str]] = {}
        """The loans of each letter, posting list and hand-over, by its number."""

    def take(self, entry: Entry) -> None:
        """Take in an entry."""
        note, facts = entry.note, entry.note.facts
        kind = note.kind
        if kind == "letter-issued":
            loans = self._of(note.letter_no, {note.loan_no, *facts.get("loans", ())})
            if "path" in facts:
                self._hold(loans, facts["path"], _with_suffix(facts["path"], ".pdf"))
        elif kind == "letter-printed":
            whole = facts["file"]
            index = _with_suffix(whole.replace("打印文件-", "函件目录-"), ".xlsx")
            self._hold(self._of(note.letter_no), whole, index, _with_suffix(whole, ".pdf"))
        elif kind == "letter-listed":
            self._hold(
                self._of(facts["list_no"], self._of(note.letter_no)),
                facts["file"],
                facts["file"].replace("寄送清单-", "批量面单-"),
            )
        elif kind == "evidence-filed":
            subject = facts["subject"]
            self._hold(self.subjects.get(subject) or {note.loan_no}, facts["path"])
        elif kind == "handover":
            self._hold(self._of(facts["handover_no"], set(facts["loans"])), *(one["path"] for one in facts["files"]))
        elif note.loan_no:
            paths = [one["path"] for one in facts.get("files", ()) if isinstance(one, dict)]
            self._hold({note.loan_no}, *paths, *([facts["path"]] if "path" in facts else []))

    def _of(self, subject: str, loans: Iterable[str] = ()) -> set[str]:
        known = self.subjects.setdefault(subject, set())
        known.update(filter(None, loans))
        return known

    def _hold(self, loans: set[str], *paths: str) -> None:
        for path in paths:
            self.owners.setdefault(path, set()).update(filter(None, loans))


def _with_suffix(path: str, suffix: str) -> str:
    return f"{path.rpartition('.')[0]}{suffix}"


def worn(days: Mapping[str, date], as_of: date, months: int) -> tuple[str, ...]:
    """Return the remembered triages that need not be kept: older than `months`, and not the last of their month.

    Args:
        days: The day of each by its key, in the order in which they were taken.
        as_of: The day.
        months: How long every single one is kept.
    """
    last = {(day.year, day.month): key for key, day in days.items()}
    old = [key for key, day in days.items() if add_months(day, months) < as_of]
    return tuple(key for key in old if key not in last.values())
