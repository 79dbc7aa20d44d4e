"""A small language for what became of letters: notes as a journal would hold them, and the lives read off them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ccm.life import Lives, lives
from ccm.model import Entry, Note

ISSUED_ON = date(2026, 11, 23)


def day(after: int) -> date:
    """Return the day so many days after the letters were issued."""
    return ISSUED_ON + timedelta(days=after)


def no(number: int) -> str:
    return f"清农催〔2026〕{number}号"


def issued(
    number: int, *, kind: str = "loan_overdue", role: str = "borrower", party: str = "张三", **more: object
) -> Note:
    note = {
        "loan_no": f"006200{number}", "principal_cents": 100_000, "interest_cents": 5_000, "penalty_cents": None,
        "compound_cents": None,
    }  # fmt: skip
    facts: dict[str, object] = {
        "kind": kind, "title": "贷款逾期催收通知书", "loans": [f"006200{number}"], "borrower": "张三",
        "address": "一路1号", "path": f"letters/{number}.docx", "branch": "城关支行", "notes": [note], **more,
    }  # fmt: skip
    return Note(
        "letter-issued", ISSUED_ON, f"006200{number}", party, role, "loan-overdue-letter", no(number), "s", number, "",
        facts,
    )  # fmt: skip


def after(kind: str, number: int, on: date, **facts: Any) -> Note:  # noqa: ANN401
    return Note(kind, on, f"006200{number}", "张三", "borrower", "", no(number), facts=facts)


def listed(number: int, on: date, list_no: str = "JS20261124-1", letters: int = 2) -> Note:
    return after("letter-listed", number, on, list_no=list_no, letters=letters, file="post/x.xlsx")


def posted(number: int, on: date, waybill: str) -> Note:
    return after("letter-posted", number, on, waybill=waybill, form="ems")


def result(number: int, on: date, status: str, signer: str = "", reason: str = "") -> Note:
    return after("letter-result", number, on, status=status, signer=signer, reason=reason, text=status)


def voided(number: int, on: date) -> Note:
    return after("letter-voided", number, on, reason="金额有误")


def filed(subject: str, item: str, path: str, *, sha256: str = "", size: int = 1, modified_ns: int = 0) -> Note:
    facts = {"subject": subject, "item": item, "path": path, "sha256": sha256, "size": size, "modified_ns": modified_ns}
    return Note("evidence-filed", day(9), "0062001", facts=facts)


def visit(visit_no: str = "V20261123-1", **facts: Any) -> Note:  # noqa: ANN401
    return Note("visit", ISSUED_ON, "0062001", "张三", "borrower", facts={"visit_no": visit_no, **facts})


def told(*notes: Note) -> Lives:
    """Return the lives that a journal with these notes tells."""
    return lives(
        Entry(nth, f"2026-11-23T09:{nth:02}", "姜晓琳", note, "", "") for nth, note in enumerate(notes, start=1)
    )
