"""The clocks of a book on a day: what the ledger says, what the journal tells, counted by the rights file."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    import polars as pl

    from ccm.claims import Told
    from ccm.journal import Journal
    from ccm.life import Lives
    from ccm.rights.clock import Clock
    from ccm.rights.rules import Rules
    from ccm.workspace import Workspace


def rules_of(place: Workspace) -> Rules:
    """Return the workspace's rules of rights, the built-in ones where it has none."""
    from ccm.rights.rules import built_in, load

    return load(place.rights) if place.rights else built_in()


def roll_of(place: Workspace) -> Callable[[date], date | None]:
    """Return how a last day is moved to a working day, by the workspace's calendar."""
    from ccm.working_days import load

    return cache(load(place.root).roll)


def clocks_of(
    place: Workspace, book: pl.DataFrame, parties: pl.DataFrame, as_of: date, told: Told
) -> dict[str, tuple[Clock, ...]]:
    """Return all clocks of every loan of a classified book, by loan number.

    Raises:
        CcmError: `rights-wrong`, `holidays-wrong`.
    """
    from ccm.claims import facts_of
    from ccm.rights.count import clocks

    rules, roll = rules_of(place), roll_of(place)
    return {
        facts.loan_no: clocks(facts, told.events.get(facts.loan_no, ()), as_of, rules, roll)
        for facts in facts_of(book, parties, as_of)
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """How the rights of what is overdue or due stand on a day.

    `ending` are the clocks, by loan number, that have sounded an alarm and can still be saved; `released` gives the
    last day of each guarantee that is over, by loan number, role and name.
    """

    ending: Mapping[str, tuple[Clock, ...]] = field(default_factory=dict)
    released: Mapping[tuple[str, str, str], date] = field(default_factory=dict)


def standing(place: Workspace, book: pl.DataFrame, parties: pl.DataFrame, as_of: date) -> Standing:
    """Count how the rights stand.

    Loans of which the journal tells nothing, and that no period can end for in sight, are not counted at all.
    """
    import polars as pl

    from ccm.claims import in_sight

    rules, told = rules_of(place), told_of(place, as_of)
    owing = book.filter(pl.col("stage").is_not_null())
    owing = owing.filter(in_sight(rules, as_of) | pl.col("loan_no").is_in(_maybe(parties, told)))
    counted = clocks_of(place, owing, parties, as_of, told)
    found = {}
    for number, clocks in counted.items():
        soon = tuple(one for one in clocks if one.state not in {"lost", "off"} and _sounds(one, rules))
        if soon:
            found[number] = soon
    return Standing(found, released(counted, parties, as_of))


def released(
    counted: Mapping[str, Iterable[Clock]], parties: pl.DataFrame, as_of: date
) -> dict[tuple[str, str, str], date]:
    """Return the guarantees that are over, with their last day, by loan number, role and name: the one answer to it.

    Over is what is lost under every reading; where nothing can be counted for want of a due date, what the ledger says
    has ended. Of two guarantors of one name nobody can tell which: both must be released.
    """
    import polars as pl

    ended = parties.filter((pl.col("role") == "guarantor") & (pl.col("guarantee_until_on") < as_of))
    told = {(loan_no, name): on for loan_no, name, on in ended.select("loan_no", "name", "guarantee_until_on").rows()}
    found: dict[tuple[str, str, str], date | None] = {}
    for one in (clock for clocks in counted.values() for clock in clocks if clock.right == "guarantee"):
        key, off = (one.loan_no, one.role, one.party), one.state == "off"
        over_on = told.get((one.loan_no, one.party)) if off else one.ends_on if one.state == "lost" else None
        found[key] = over_on if found.get(key, over_on) else None
    return {key: on for key, on in found.items() if on}


def _sounds(clock: Clock, rules: Rules) -> bool:
    return clock.days_left is not None and clock.days_left <= rules.rights[clock.right].alarm_days[0]


def _maybe(parties: pl.DataFrame, told: Told) -> list[str]:
    """Return the loans of which the journal tells something, or whose guarantee has a period of its own."""
    return [*told.events, *parties.filter(says_period())["loan_no"].unique()]


def says_period() -> pl.Expr:
    """Tell of each party whether the ledger says what period was agreed: without it no guarantee is ever over."""
    import polars as pl

    return pl.col("guarantee_period").is_not_null() | pl.col("guarantee_until_on").is_not_null()


def told_of(place: Workspace, as_of: date) -> Told:
    """Return what the workspace's journal tells up to a day; nothing where there is none yet."""
    from ccm.claims import Told
    from ccm.cli import logbook
    from ccm.journal import exists

    if not exists(place.state, place.journal):
        return Told({}, {})
    with closing(logbook.journal_of(place)) as journal:
        return told_in(journal, as_of)


def told_in(journal: Journal, as_of: date) -> Told:
    """Return what the journal tells of letters, payments, plans and suits up to a day."""
    from ccm.cli import logbook

    return told_by(logbook.lives_in(journal, as_of), as_of)


def told_by(lives: Lives, as_of: date) -> Told:
    """Return what letters and deeds tell, each letter graded."""
    from ccm import claims
    from ccm.post.lookup import graded_by

    return claims.told_by(lives, graded_by, as_of)
