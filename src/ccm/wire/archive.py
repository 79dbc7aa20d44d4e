"""The archive as other programs read it (contract.md, `ccm archive-check`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.life import LETTER_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ccm.archive.check import Report, Standing
    from ccm.archive.filing import Paper
    from ccm.archive.pack import Bundle
    from ccm.life import Fact, Filed, Life, Lives, LoanFile, Visit


def archive_json(report: Report) -> dict[str, Any]:
    """Return the whole check, loan by loan."""
    cases: dict[str, list[Standing]] = {}
    for one in report.standings:
        cases.setdefault(one.of.loan_no, []).append(one)
    return {
        "complete": report.complete,
        "checked": len(report.standings),
        "cases": [
            {"loan_no": loan_no, "complete": all(one.complete for one in group), **_case(group)}
            for loan_no, group in cases.items()
        ],
        "strays": list(report.strays),
    }


def unpacked_json(loan_no: str, report: Report, lacking: Iterable[str]) -> dict[str, Any]:
    """Return why a loan's bundle was not made: in words, and paper by paper as the archive check has it."""
    return {
        "loan_no": loan_no,
        "folder": None,
        "zip": None,
        "complete": False,
        "lacking": list(lacking),
        **_case(report.standings),
    }


def _case(group: Sequence[Standing]) -> dict[str, Any]:
    return {
        "letters": [_letter(one) for one in group if one.of.kind not in {"visit", "event", "loan"}],
        "visits": [{"visit_no": one.of.number, **_items(one)} for one in group if one.of.kind == "visit"],
        "events": [{"event_no": one.of.number, **_items(one)} for one in group if one.of.kind == "event"],
        "loan_papers": [_items(one) for one in group if one.of.kind == "loan"],
    }


def _letter(one: Standing) -> dict[str, Any]:
    return {
        "letter_no": one.of.number,
        "kind": one.of.kind,
        "state": one.of.state,
        **_items(one),
        "grade": one.grade or None,
        "weak": one.weak or None,
    }


def _items(one: Standing) -> dict[str, Any]:
    return {
        "party": one.of.party,
        "complete": one.complete,
        "missing": list(one.missing),
        "damaged": list(one.damaged),
        "changed": list(one.changed),
        "files": [{"path": path, "state": state} for path, state in one.bad.items()],
    }


def filed_json(planned: Sequence[Paper], filed: Sequence[Paper]) -> dict[str, Any]:
    """Return what was asked to be filed, and what came of each file."""
    return {
        "filed": [_paper(one) for one in filed],
        "planned": [_paper(one) for one in planned if one not in filed and not one.trouble and not one.known],
        "known": [_paper(one) for one in planned if one.known],
        "refused": [{**_paper(one), "reason": one.trouble} for one in planned if one.trouble],
    }


def _paper(one: Paper) -> dict[str, Any]:
    return {
        "file": str(one.source),
        "subject": one.subject,
        "item": one.item,
        "path": one.target or None,
        "sha256": one.sha256 or None,
        "warning": one.odd or None,
    }


def lives_json(
    letters: Iterable[Life], visits: Iterable[Visit], lives: Lives, file: LoanFile | None = None
) -> dict[str, Any]:
    """Return what became of letters and visits, fact by fact, and the papers of the loan itself."""
    return {
        "letters": [
            {
                "letter_no": life.letter_no,
                "kind": life.kind,
                "loans": list(life.loans),
                "party": life.party,
                "role": life.role,
                "state": life.state,
                "waybill": life.waybill or None,
                "issued": _fact(life.issued),
                "printed": _fact(life.printed),
                "listed": _fact(life.listed),
                "posted": _fact(life.posted),
                "result": _fact(life.result),
                "voided": _fact(life.voided),
                "filed": [_filed(paper) for item in LETTER_ITEMS for paper in lives.papers(life, item)],
            }
            for life in letters
        ],
        "visits": [
            {
                "visit_no": visit.visit_no,
                "loan_no": visit.loan_no,
                "party": visit.party,
                "visited": _fact(visit.visited),
                "filed": [_filed(paper) for paper in visit.filed],
            }
            for visit in visits
        ],
        "loan_papers": [_filed(paper) for paper in file.filed] if file else [],
    }


def _fact(fact: Fact | None) -> dict[str, Any] | None:
    return {"on": str(fact.on), "by": fact.actor, "at": fact.at} if fact else None


def _filed(paper: Filed) -> dict[str, Any]:
    return {"item": paper.item, "path": paper.path, "sha256": paper.sha256, "on": str(paper.on), "by": paper.actor}


def pack_json(bundle: Bundle, folder: Path | None, zipped: Path) -> dict[str, Any]:
    """Return where a bundle lies and what is in it; a locked one has no folder."""
    return {
        "loan_no": bundle.loan_no,
        "folder": str(folder) if folder else None,
        "zip": str(zipped),
        "complete": not bundle.lacking,
        "lacking": list(bundle.lacking),
        "exhibits": [
            {
                "number": one.number,
                "item": one.filed.item,
                "subject": one.subject,
                "on": str(one.on),
                "file": one.name,
                "sha256": one.filed.sha256,
            }
            for one in bundle.exhibits
        ],
    }
