"""What a guarantee contract's words mean: the kind, the length, and from which day (law.md §2.1).

Where law or ledger leave two readings, both are returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ccm.agreed import agreed
from ccm.units import add_months, plus_days

if TYPE_CHECKING:
    from datetime import date

    from ccm.rights.clock import Guarantee
    from ccm.rights.matter import Matter
    from ccm.rights.rules import Rules


@dataclass(frozen=True, slots=True)
class Window:
    """One reading of a guarantee: its kind, and the days within which it must be acted on, both included.

    `kind` is `joint` (连带责任保证) or `general` (一般保证); all three words are readings of `data/rights.toml`.
    A length is `assumed` where the ledger does not say what was agreed, or says it in words that cannot be read: such a
    window warns, but is never over.
    """

    kind: str
    start: str
    length: str
    start_on: date
    ends_on: date
    assumed: bool


def windows(guarantee: Guarantee, matter: Matter) -> tuple[Window, ...]:
    """Return every reading of a guarantee, the one that ends first in front; empty where no due date is known."""
    due_on = matter.facts.original_due_on
    old = _before_the_code(guarantee, due_on, matter.rules)
    found = {
        Window(kind, start, length, start_on, ends_on, assumed=not says_period(guarantee, matter.rules))
        for kind in _kinds(guarantee, matter.rules, old=old)
        for start, start_on in _starts(guarantee, matter)
        for length, ends_on in _ends(guarantee, start, start_on, matter, old=old)
    }
    return tuple(sorted(found, key=lambda one: (one.ends_on, one.start_on, one.kind, one.start, one.length)))


@lru_cache(maxsize=2**12)
def decided(text: str | None, rules: Rules, *among: str) -> str | None:
    """Return what the first known wording in a text decides, of those asked for."""
    rows = (row for row in rules.wordings if row.decides in among)
    return next((row.decides for row in rows if any(word in (text or "") for word in row.words)), None)


def lacks(guarantee: Guarantee, rules: Rules) -> tuple[str, ...]:
    """Return the ledger columns without which the guarantee is read with more care than it may need."""
    kind, period = guarantee.kind_text, guarantee.period_text
    unclear_kind = kind is not None and not decided(kind, rules, "joint", "general")
    unclear_period = bool(period) and not (guarantee.until_on or agreed(period or ""))
    asks = {
        "guarantee_kind": kind is None,
        "guarantee_contract_on": guarantee.contract_on is None and (unclear_kind or unclear_period),
        "guarantee_until_on": not says_period(guarantee, rules),
    }
    return tuple(column for column, asked in asks.items() if asked)


def says_period(guarantee: Guarantee, rules: Rules) -> bool:
    """Tell whether the ledger says what period was agreed, or that none was, in words that can be read."""
    text = guarantee.period_text
    if guarantee.until_on or not text:
        return guarantee.until_on is not None or text is not None
    return agreed(text) is not None or decided(text, rules, "until_paid") is not None


def _before_the_code(guarantee: Guarantee, due_on: date | None, rules: Rules) -> bool | None:
    """Tell whether the contract is older than the Civil Code; None where nothing says so.

    A debt that was due before the Code was guaranteed before it.
    """
    code_on = rules.changes["civil_code"]
    if guarantee.contract_on:
        return guarantee.contract_on < code_on
    return True if due_on and due_on < code_on else None


def _kinds(guarantee: Guarantee, rules: Rules, *, old: bool | None) -> tuple[str, ...]:
    """Unclear is a general guarantee under the Code (686), a joint one before it (担保法19 [M-h]).

    Where the ledger is silent the contract may still say either.
    """
    kind = decided(guarantee.kind_text, rules, "joint", "general")
    if kind:
        return (kind,)
    if old is None or guarantee.kind_text is None:
        return "general", "joint"
    return ("joint",) if old else ("general",)


def _starts(guarantee: Guarantee, matter: Matter) -> list[tuple[str, date]]:
    """Return the days from which the period may run: due, extended (695(2)), determined (解释30), accelerated."""
    facts = matter.facts
    due_on, extended_on = facts.original_due_on, facts.extended_due_on
    if guarantee.maximum and guarantee.determined_on:
        last_on = guarantee.last_claim_due_on or due_on or guarantee.determined_on
        return [("determined", max(guarantee.determined_on, last_on))]
    starts = [("due", due_on)] if due_on else []
    if due_on and extended_on and extended_on > due_on and guarantee.consents is not False:
        extended = ("extended", extended_on)
        starts = [extended] if guarantee.consents else [*starts, extended]
    accelerated_on = matter.accelerated_on
    if accelerated_on and not any(on <= accelerated_on for _, on in starts):
        # Where the contract is silent courts differ, so both windows are kept (law.md §3, [J]).
        starts = [("accelerated", accelerated_on), *([] if guarantee.accelerates else starts)]
    return starts


def _ends(
    guarantee: Guarantee, start: str, start_on: date, matter: Matter, *, old: bool | None
) -> list[tuple[str, date]]:
    """Return the last days of a period that starts on `start_on`; an agreed one at or before the due date is none."""
    months, rules, due_on = matter.rules.months, matter.rules, matter.facts.original_due_on
    text = guarantee.period_text
    said = agreed(text) if text else None
    until_on = guarantee.until_on or (said.until_on if said else None)
    if until_on and until_on > max(start_on, due_on or start_on):
        length = until_on - due_on if due_on and start == "accelerated" else until_on - start_on
        return [("agreed", start_on + length)]
    lasting = [("agreed", plus_days(add_months(start_on, said.months), said.days))] if said and not until_on else []
    until_paid = decided(text, rules, "until_paid") is not None
    if lasting and not until_paid:
        return lasting
    statutory = ("statutory", add_months(start_on, months["guarantee"]))
    # What cannot be read may be anything: the shortest period warns.
    if not until_paid or old is False:
        return [*lasting, statutory]
    unclear_old = ("unclear_old", add_months(start_on, months["guarantee_unclear_old"]))
    unclear = [unclear_old] if old and start_on < rules.changes["civil_code"] else [statutory, unclear_old]
    # 两年，至本息结清: two years, or nothing clear at all.
    return [*lasting, *unclear]
