"""What the journal keeps of a list, and what it says of who has a loan now.

A list does not change the ledger: the core system does, later. Until it has, a loan is its ledger's manager's and the
receiver's too, so that nothing drops out of anybody's list by a paper that may not be signed yet.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ccm.model import Note
from ccm.numbering import after

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.handover.record import Handover
    from ccm.model import Entry
    from ccm.policy import Policy

KIND = "handover"


def free_number(on: date, entries: Iterable[Entry]) -> str:
    """Return the next number of a day, such as `JJ20261123-1`."""
    return next(after("JJ", on, (str(one.note.facts["handover_no"]) for one in entries)))


def content_of(whole: Handover) -> str:
    """Return the digest of what a list says, whatever its number: the same again is no new list."""
    said = (whole.giver, whole.taker, whole.as_of, whole.items, whole.calm_loans, whole.calm_cents, whole.calm_signals)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def drawn(whole: Handover, files: Sequence[tuple[str, str]], policy: Policy) -> Note:
    """Return that a list was drawn up: who to whom, which loans, and each file's name and digest."""
    facts: dict[str, Any] = {
        "handover_no": whole.number,
        "giver": whole.giver,
        "taker": whole.taker,
        "loans": whole.loan_nos,
        "content": content_of(whole),
        "files": [{"path": path, "sha256": digest} for path, digest in files],
    }
    return Note(KIND, whole.as_of, policy=policy.digest, facts=facts)


def same(entries: Iterable[Entry], content: str) -> Entry | None:
    """Return the last list that says exactly this, None where none does."""
    return next((one for one in reversed(list(entries)) if one.note.facts["content"] == content), None)


def handed(entries: Iterable[Entry], managers: Mapping[str, str | None]) -> dict[str, str]:
    """Return who has received each loan that the ledger still gives to the one who handed it over.

    Args:
        entries: The lists, oldest first; of several of one loan the last counts.
        managers: The ledger's manager of each loan.
    """
    found: dict[str, str] = {}
    givers: dict[str, set[str]] = {}
    for one in entries:
        facts = one.note.facts
        for loan_no in facts["loans"]:
            givers.setdefault(loan_no, set()).add(facts["giver"])
            found[loan_no] = facts["taker"]
    return {
        loan_no: taker
        for loan_no, taker in found.items()
        if managers.get(loan_no) in givers[loan_no] and managers[loan_no] != taker
    }
