"""The clocks of a book on a day: what the ledger says, what the journal tells, counted by the rights file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
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


def told_in(journal: Journal, as_of: date) -> Told:
    """Return what the journal tells of letters, payments, plans and suits up to a day."""
    from ccm.life import FAMILIES, lives

    return told_by(lives(entry for entry in journal.entries(*FAMILIES) if entry.note.on <= as_of), as_of)


def told_by(lives: Lives, as_of: date) -> Told:
    """Return what letters and deeds tell, each letter graded."""
    from ccm import claims
    from ccm.post.lookup import weigh

    return claims.told_by(lives, lambda life: weigh(life).grade, as_of)
