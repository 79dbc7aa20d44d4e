"""How the suit of a loan stands on a day: due, deferred, filed; read off the journal, never stored (C8–C11).

A suit is an event that keeps rights as well (`ccm log LOAN event 起诉`), so one entry serves both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ccm.model import DEFERRAL_STATES, CourtStage, Filing, Suit
from ccm.suit.deferral import GRANTED, OPEN, deferrals
from ccm.units import plus_days, short_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ccm.model import Case, Deferral, Entry, Figures, Party, SuitState
    from ccm.policy import Policy
    from ccm.rights.clock import Clock


@dataclass(frozen=True, slots=True)
class Due:
    """A loan that owes a suit, is deferred, or is sued; `rights` are its clocks that end in sight."""

    case: Case
    suit: Suit | None
    rights: Sequence[Clock]

    @property
    def state(self) -> SuitState:
        """How it stands; due where nothing was ever done about it."""
        return self.suit.state if self.suit else "due"

    @property
    def unsued(self) -> tuple[Party, ...]:
        """Whom a suit that was filed left out: all debtors are to be sued (C8)."""
        if self.suit is None or self.state != "filed":
            return ()
        return tuple(one for one in self.case.parties if (one.role, one.name) not in self.suit.sued)


FAMILIES = ("suit", "event", "payment")
"""The families of entries that are looked at."""
FILED = "SUIT_FILED"
"""The code of a suit in the rights file."""


def suits(entries: Iterable[Entry], figures: Mapping[str, Figures], policy: Policy, as_of: date) -> dict[str, Suit]:
    """Return how the suit stands of every loan of which the journal tells anything.

    Args:
        entries: The journal's entries; those of other kinds are passed over.
        figures: The ledger's latest figures by loan number.
        policy: Says how late a step of a plan may be.
        as_of: The day asked about; what happened later is not looked at.
    """
    known = [one for one in entries if one.note.on <= as_of]
    applied = deferrals(known, figures, policy.deferral.grace_days, as_of)
    filed = filings(known)
    return {
        loan_no: _suit(loan_no, applied.get(loan_no, ()), filed.get(loan_no, ()), as_of)
        for loan_no in dict.fromkeys((*applied, *filed))
    }


def filings(entries: Iterable[Entry]) -> dict[str, tuple[Filing, ...]]:
    """Return the suits of every loan, in the order they were entered, each with its stages."""
    found: dict[str, dict[str, Filing]] = {}
    for entry in entries:
        facts = entry.note.facts
        mine = found.setdefault(entry.note.loan_no, {})
        if entry.note.kind == "event" and facts["code"] == FILED:
            mine[f"J{entry.seq}"] = Filing(
                f"J{entry.seq}", facts.get("court", ""), facts.get("case_no", ""), entry.note.on,
                tuple((role, name) for role, name in facts.get("parties", ((entry.note.role, entry.note.party),))),
            )  # fmt: skip
        elif (old := mine.get(str(facts.get("event_no", "")))) and entry.note.kind in {"event-changed", "suit-stage"}:
            mine[old.filing_no] = _went_on(old, entry, facts)
    return {loan_no: tuple(group.values()) for loan_no, group in found.items() if group}


def in_words(one: Suit) -> str:
    """Say in one line how a suit stands and why; empty where nothing was ever done about it."""
    what, filing = one.deferral, one.filing
    if one.state == "filed" and filing:
        reached = f"，{filing.stages[-1].title}" if filing.stages else ""
        before = f"，{filing.court}{filing.case_no}" if filing.court or filing.case_no else ""
        return f"{filing.on}已起诉{before}{reached}"
    if what is None:
        return f"{filing.withdrawn_on}撤诉，应重新起诉" if filing and filing.withdrawn_on else ""
    words = {
        "deferred": f"暂缓起诉至{what.until_on}（{what.by('approve')}批准），权利的期间照走",
        "breached": f"暂缓失效：{missed_words(what)}，应起诉（C10）",
        "pending": f"暂缓起诉申请：{DEFERRAL_STATES[what.state]}，批准前照常应起诉",
        "due": "暂缓起诉未获批准，应起诉" if what.state == "refused" else f"暂缓起诉{what.until_on}到期，应起诉",
    }
    return words.get(one.state, "")


def missed_words(one: Deferral, as_of: date | None = None) -> str:
    """Say which step of a plan was not paid, empty where none is; its year only where it is not that of `as_of`."""
    if not one.missed:
        return ""
    return f"第{one.missed}期（{short_day(one.steps[one.missed - 1].on, as_of)}）没还"


def _went_on(old: Filing, entry: Entry, facts: Mapping[str, Any]) -> Filing:
    on = entry.note.on
    if entry.note.kind == "event-changed":
        return replace(old, withdrawn_on=on) if facts.get("withdrawn") else old
    from_on = date.fromisoformat(facts["from"]) if facts.get("from") else on
    reached = CourtStage(facts["stage"], facts["title"], on, from_on, facts.get("text", ""))
    return replace(old, case_no=facts.get("case_no") or old.case_no, stages=(*old.stages, reached))


def _suit(loan_no: str, applied: Sequence[Deferral], filed: Sequence[Filing], as_of: date) -> Suit:
    """A suit that was filed counts before anything else; then an approval, then an application nobody decided."""
    standing = [one for one in filed if not one.withdrawn_on]
    filing = standing[-1] if standing else filed[-1] if filed else None
    granted = next((one for one in reversed(applied) if one.state in GRANTED), None)
    sued = tuple(dict.fromkeys(party for one in standing for party in one.parties))
    whole = Suit(loan_no, "due", None, filing, tuple(applied), _again_on(granted), sued)
    if filing and not filing.withdrawn_on:
        return replace(whole, state="filed", deferral=granted)
    if granted and granted.state == "breached":
        return replace(whole, state="breached", deferral=granted)
    if granted and granted.until_on >= as_of:
        return replace(whole, state="deferred", deferral=granted)
    newest = applied[-1] if applied else None
    if newest and newest.state in OPEN:
        return replace(whole, state="pending", deferral=newest)
    return replace(whole, deferral=newest)


def _again_on(granted: Deferral | None) -> date | None:
    if granted is None:
        return None
    return granted.broken_on or plus_days(granted.until_on, 1)
