"""A small language for loans and what happened to them, so that a test reads as the law."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ccm.rights.clock import Event, Facts, Guarantee, Obligor
from ccm.rights.count import clocks
from ccm.rights.rules import built_in

if TYPE_CHECKING:
    from ccm.rights.clock import Clock, Right

day = date.fromisoformat
RULES = built_in()


def _span(first: str, last: str) -> set[date]:
    return {day(first) + timedelta(days=n) for n in range((day(last) - day(first)).days + 1)}


REST_2026 = (
    _span("2026-01-01", "2026-01-03") | _span("2026-02-15", "2026-02-23") | _span("2026-04-04", "2026-04-06")
    | _span("2026-05-01", "2026-05-05") | _span("2026-06-19", "2026-06-21") | _span("2026-09-25", "2026-09-27")
    | _span("2026-10-01", "2026-10-07")
)  # fmt: skip
WORK_2026 = set(map(day, ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")))
"""The State Council's notice for 2026 (law.md §1.5)."""


def roll(on: date) -> date | None:
    """The first working day from `on`: 2026 as announced, earlier years by weekends alone, later ones unknown."""
    while on.year <= 2026:
        if on in WORK_2026 or (on.weekday() < 5 and on not in REST_2026):
            return on
        on += timedelta(days=1)
    return None


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: day(value) if key.endswith("_on") and value else value for key, value in fields.items()}


def loan(due: str | None, *obligors: Obligor, **facts: Any) -> Facts:  # noqa: ANN401 - any field of Facts
    """A loan of 张三 with further obligors; a date may be written as text."""
    dates: dict[str, Any] = {key: day(value) if isinstance(value, str) else value for key, value in facts.items()}
    people = obligors if any(one.role == "borrower" for one in obligors) else (borrower(), *obligors)
    return Facts("0062001", people, due_on=day(due) if due else None, **dates)


def borrower(name: str = "张三", *, clause: bool | None = None) -> Obligor:
    return Obligor("borrower", name, clause)


def co_borrower(name: str = "王五") -> Obligor:
    return Obligor("co_borrower", name)


def guarantor(name: str = "李四", kind: str | None = "连带责任保证", **contract: Any) -> Obligor:  # noqa: ANN401
    """A guarantor by a contract of 2024 without a period, unless said otherwise; `clause` is the address clause."""
    clause = contract.pop("clause", None)
    contract = {"contract_on": "2024-01-15", "period_text": "", **contract}
    dates: dict[str, Any] = _dated(contract)
    return Obligor("guarantor", name, clause, Guarantee(kind, **dates))


def event(kind: str, on: str, to: Obligor | None = None, **more: Any) -> Event:  # noqa: ANN401 - any field of Event
    """Something that happened to 张三 or another, with all its papers filed unless `papers` says otherwise."""
    to = to or borrower()
    dates: dict[str, Any] = _dated(more)
    papers = dates.pop("papers", None)
    filed = RULES.events[kind].papers if papers is None else frozenset(papers)
    return Event(kind, day(on), to.name, to.role, **dates, papers=filed)


def letter(on: str, to: Obligor | None = None, grade: str = "B", **more: Any) -> Event:  # noqa: ANN401
    """A letter that arrived on a day (A, B), was refused or returned (C, D, E), or never arrived (F)."""
    kind = {"A": "LETTER_SIGNED", "B": "LETTER_ARRIVED", "F": "LETTER_ARRIVED"}.get(grade, "LETTER_SHOULD_HAVE_ARRIVED")
    if grade == "F":
        return event(kind, on, to, **{"sent_on": on, "grade": "F", "papers": ("original", "waybill"), **more})
    return event(kind, on, to, **{"arrived_on": on, "grade": grade, **more})


def clocks_on(as_of: str, facts: Facts, *events: Event) -> tuple[Clock, ...]:
    return clocks(facts, events, day(as_of), RULES, roll)


def clock(as_of: str, facts: Facts, *events: Event, right: Right = "limitation", of: str | None = None) -> Clock:
    """The clock of one right, of the party named (else the only one)."""
    found = [one for one in clocks_on(as_of, facts, *events) if one.right == right and (of is None or one.party == of)]
    assert len(found) == 1, [(one.right, one.party) for one in found]
    return found[0]


def guarantee_of(as_of: str, facts: Facts, *events: Event, of: str = "李四") -> Clock:
    return clock(as_of, facts, *events, right="guarantee", of=of)
