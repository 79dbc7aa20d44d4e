"""Warning signals as other programs read them (contract.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.wire.triage import finding_json, signal_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.model import Entry, Signal
    from ccm.warn.intake import Taken


def life_json(one: Signal, acts: Iterable[Entry]) -> dict[str, Any]:
    """Return one signal with all that was written down of it."""
    return {
        **signal_json(one),
        "entries": [
            {
                "seq": act.seq,
                "kind": act.note.kind,
                "on": str(act.note.on),
                "at": act.at,
                "actor": act.actor,
                "text": act.note.facts.get("text", ""),
                "measures": act.note.facts.get("measures", []),
                "lead": act.note.facts.get("lead") or None,
                "undoes": act.note.facts.get("undoes"),
            }
            for act in acts
        ],
    }


def taken_json(taken: Taken) -> dict[str, Any]:
    """Return what was taken in from head office's list."""
    return {
        "recorded": [
            {"id": note.facts["signal_no"], "loan_no": note.loan_no, "level": note.facts["level"],
             "deadline_on": note.facts["deadline"], "text": note.facts["text"]}
            for note in taken.notes
        ],
        "corrected": taken.corrected,
        "known": taken.known,
        "findings": [finding_json(one) for one in taken.findings],
    }  # fmt: skip
