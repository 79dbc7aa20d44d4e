"""A small language for entries of the journal, as the tests of promises, holds and the time line write them."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from ccm.model import Entry, Figures, Note

SEQ = count(1)
OWED: dict[str, Any] = {"balance_cents": 5_000_000, "principal_cents": 0, "interest_cents": 300_000}


def day(text: str) -> date:
    """A day of November 2026 to January 2027, as `11-23`."""
    return date.fromisoformat(f"{'2027' if text.startswith('01') else '2026'}-{text}")


def entry(
    kind: str,
    on: str,
    *,
    loan_no: str = "1",
    party: str = "张三",
    role: str = "borrower",
    entered: str = "",
    **facts: object,
) -> Entry:
    """One entry of the borrower 张三, entered on the day it happened unless `entered` says another."""
    note = Note(kind, day(on), loan_no, party, role, facts=facts)
    return Entry(next(SEQ), f"{day(entered or on)}T10:00:00.000+08:00", "王敏", note, "", "")


def promise(on: str, by: str, yuan: int = 2000, **facts: Any) -> Entry:  # noqa: ANN401 - figures of any kind
    """A promise, with the figures the ledger showed on its day: 50,000 owed, 3,000 of interest overdue."""
    return entry("promise", on, amount_cents=yuan * 100, by=str(day(by)), figures_on=str(day(on)), **{**OWED, **facts})


def plan(on: str, *steps: tuple[str, int], hold_no: str = "H1") -> Entry:
    """An agreed plan of steps: day and yuan."""
    return entry(
        "hold-set", on, hold_no=hold_no, reason="plan", until=str(day(steps[-1][0])), answer_by=None, owner="王敏",
        text="", figures_on=str(day(on)), **{"from": str(day(on))}, **OWED,
        steps=[{"on": str(day(when)), "amount_cents": yuan * 100} for when, yuan in steps],
    )  # fmt: skip


def hold(on: str, reason: str, *, until: str = "", answer_by: str = "", hold_no: str = "H1", text: str = "") -> Entry:
    """A hold of another kind."""
    return entry(
        "hold-set", on, hold_no=hold_no, reason=reason, until=str(day(until)) if until else None,
        answer_by=str(day(answer_by)) if answer_by else None, owner="王敏", text=text, **{"from": str(day(on))},
    )  # fmt: skip


def paid(on: str, yuan: int, **facts: Any) -> Entry:  # noqa: ANN401
    """A payment that was logged."""
    return entry("payment", on, amount_cents=yuan * 100, **facts)


def undone(one: Entry) -> Entry:
    """That a payment was logged by mistake."""
    return entry("payment-undone", f"{one.note.on:%m-%d}", payment_seq=one.seq)


def ledger(on: str, *, balance: int = 50_000, principal: int = 0, interest: int = 3_000) -> dict[str, Figures]:
    """What the latest ledger says of the loan, in yuan."""
    return {"1": Figures(day(on), balance * 100, principal * 100, interest * 100)}
