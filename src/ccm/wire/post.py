"""The post as other programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.wire.triage import finding_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ccm.errors import Finding
    from ccm.life import Life
    from ccm.model import Note
    from ccm.post.last_look import Stopped
    from ccm.post.listing import Listing
    from ccm.post.lookup import LookUp, Weight


def posting_json(made: Sequence[Listing], left_out: Mapping[str, str]) -> dict[str, Any]:
    """Return the posting lists that were written; phone numbers are in the sheets alone."""
    return {
        "lists": [
            {
                "list_no": listing.list_no,
                "files": [str(path) for path in listing.files],
                "letters": [
                    {
                        "letter_no": one.letter_no,
                        "title": one.title,
                        "loans": list(one.loans),
                        "recipient": one.recipient,
                        "address": one.address,
                        "pages": one.pages,
                    }
                    for one in listing.parcels
                ],
            }
            for listing in made
        ],
        "skipped": [{"letter_no": number, "reason": why} for number, why in left_out.items()],
        "findings": [finding_json(one) for listing in made for one in listing.findings],
    }


def taken_json(notes: Iterable[Note], known: int, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what was taken in: waybill numbers or results."""
    return {
        "recorded": [{"letter_no": note.letter_no, "on": str(note.on), **note.facts} for note in notes],
        "known": known,
        "findings": [finding_json(one) for one in findings],
    }


def look_ups_json(found: Iterable[LookUp], back: Iterable[tuple[Life, Weight]]) -> dict[str, Any]:
    """Return what is to be looked up, and what came back."""
    return {
        "look_up": [
            {
                "letter_no": one.life.letter_no,
                "party": one.life.party,
                "waybill": one.life.waybill,
                "posted_on": str(one.life.posted.on) if one.life.posted else None,
                "days": one.days,
                "due_days": one.due_days,
            }
            for one in found
        ],
        "returned": [
            {
                "letter_no": life.letter_no,
                "party": life.party,
                "on": str(life.result.on) if life.result else None,
                "reason": life.result.facts["reason"] if life.result else None,
                "grade": weight.grade,
                "worth": weight.worth,
                "next_steps": [{"text": step.text, "law": step.law} for step in weight.steps],
            }
            for life, weight in back
        ],
    }


def last_look_json(waiting: int, stopped: Iterable[Stopped]) -> dict[str, Any]:
    """Return the letters that must not go."""
    return {
        "waiting": waiting,
        "stop": [
            {
                "letter_no": one.life.letter_no,
                "kind": one.life.kind,
                "loans": list(one.life.loans),
                "party": one.life.party,
                "reasons": list(one.reasons),
            }
            for one in stopped
        ],
    }
