"""Visits and the day's round as other programs read them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ccm.masking import mask_phone
from ccm.units import plain_yuan
from ccm.wire.case import masked
from ccm.wire.triage import finding_json, signals_json

if TYPE_CHECKING:
    from pathlib import Path

    from ccm.round import Round
    from ccm.visit.errands import Meeting
    from ccm.visit.route import Area
    from ccm.visit.trip import Visits


def visit_json(visits: Visits, root: Path, *, reveal: bool) -> dict[str, Any]:
    """Return what `ccm visit` made ready; paths are from the workspace `root`."""

    def path(place: Path) -> str:
        return place.relative_to(root).as_posix() if place.is_relative_to(root) else str(place)

    return {
        "as_of": str(visits.trip.on),
        "visitors": list(visits.trip.visitors),
        "staff": visits.trip.staff,
        "folder": path(visits.folder),
        "packs": [
            {
                "loan_nos": [case.loan_no for case in pack.cases],
                "borrower": pack.debtor.name,
                "folder": path(folder),
                "files": sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.docx")),
            }
            for pack, folder in visits.packs
        ],
        "areas": [area_json(area, reveal=reveal) for area in visits.areas],
        "held": [case.loan_no for case in visits.held],
        "findings": [finding_json(one) for one in visits.findings],
    }


def round_json(whole: Round, *, reveal: bool) -> dict[str, Any]:
    """Return the whole of a day's round, whatever fits the page."""
    return {
        "as_of": str(whole.on),
        "manager": whole.manager or None,
        "promises": [
            {
                "loan_no": one.loan_no,
                "party": one.party,
                "role": one.role,
                "amount": plain_yuan(one.amount_cents),
                "phone": masked(phone, mask_phone, reveal=reveal),
            }
            for one, phone in whole.promises
        ],
        "visits": [area_json(area, reveal=reveal) for area in whole.areas],
        "calls": [
            {
                "rank": one.rank,
                "loan_nos": list(one.loan_nos),
                "party": one.party,
                "role": one.role,
                "phone": masked(one.phone, mask_phone, reveal=reveal),
                "hours": list(one.hours),
                "overdue": plain_yuan(one.overdue_cents),
                "dpd": one.dpd,
                "why": one.why,
            }
            for one in whole.calls
        ],
        "not_called": list(whole.uncalled),
        "letters": [{**asdict(one), "letter_no": one.letter_no or None} for one in whole.posts],
        "lookups": list(whole.lookups),
        "held": list(whole.held),
        "signals": signals_json(one for _, one in whole.warned),
    }


def area_json(area: Area, *, reveal: bool) -> dict[str, Any]:
    """Return a township and its doors in order."""
    return {
        "area": area.name,
        "doors": [
            {"address": door.address, "people": [_meeting(one, reveal=reveal) for one in door.meetings]}
            for door in area.doors
        ],
    }


def _meeting(meeting: Meeting, *, reveal: bool) -> dict[str, Any]:
    return {
        "party": meeting.party.name,
        "roles": sorted({one.party.role for one in meeting.errands}),
        "loan_nos": list(meeting.loans),
        "phone": masked(meeting.party.phone, mask_phone, reveal=reveal),
        "due_on": str(meeting.due_on) if meeting.due_on else None,
        "letters": [paper.letter_no for paper in meeting.papers],
        "not_issued": list(meeting.wanted),
        "notes": list(meeting.notes),
    }
