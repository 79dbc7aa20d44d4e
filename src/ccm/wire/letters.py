"""Letters as other programs read them (contract.md, `ccm letters`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.model import LETTER_TITLES
from ccm.units import plain_yuan
from ccm.wire.triage import finding_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ccm.errors import Finding
    from ccm.letters.issued import Issued
    from ccm.letters.letter import Letter, Refused


def plan_json(planned: Sequence[Letter], refused: Sequence[Refused], findings: Iterable[Finding]) -> dict[str, Any]:
    """Return a plan: letters without numbers, and those refused."""
    return {
        "planned": [
            {
                "kind": one.kind,
                "title": LETTER_TITLES[one.kind],
                "loan_no": one.loan_no,
                "loans": [note.loan_no for note in one.notes],
                "party": one.party.name,
                "role": one.party.role,
                "address": one.party.address,
                "principal": plain_yuan(sum(note.principal_cents for note in one.notes)),
                "interest": plain_yuan(sum(note.all_interest_cents for note in one.notes)),
                "duty": one.covers[0][1],
            }
            for one in planned
        ],
        "skipped": [_refused(one) for one in refused],
        "findings": [finding_json(one) for one in findings],
    }


def letters_json(
    issued: Sequence[Issued], recovered: Sequence[Issued], refused: Sequence[Refused], findings: Iterable[Finding]
) -> dict[str, Any]:
    """Return what a run of letters came to (contract.md, `ccm letters`); `recovered` are an earlier run's, cut off."""
    return {
        "issued": [_issued(one) for one in issued],
        "recovered": [_issued(one) for one in recovered],
        "skipped": [_refused(one) for one in refused],
        "findings": [finding_json(one) for one in findings],
    }


def _issued(one: Issued) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__ if name not in {"template", "warnings"}}


def _refused(one: Refused) -> dict[str, Any]:
    return {
        "loan_no": one.loan_no, "party": one.party, "role": one.role, "kind": one.kind, "reason": one.reason,
        "done": one.done,
    }  # fmt: skip
