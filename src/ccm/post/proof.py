"""What a letter proves, graded A to F, and what is lawful next where it proves too little (law.md §1.2, §1.3, §7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.post.status import reason_of
from ccm.post.words import REFUSED, Grade, post_data, reasons

if TYPE_CHECKING:
    from ccm.post.status import Outcome, Signer

RESTARTS: tuple[Grade, ...] = ("A", "B", "C")
"""The grades that restart limitation by themselves; D does where the contract has a clause on service."""

UNSIGNED = "没有写明谁签收"
"""What stands for the reason where a letter was delivered and it is not known to whom."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next, in Chinese, and the law or handbook rule behind it."""

    text: str
    law: str


def grade(status: Outcome, signer: Signer, reason: str, *, address_agreed: bool, slip_signed: bool) -> Grade:
    """Return the grade of evidence of a letter (law.md §7.2).

    Args:
        status: As `Status.status`.
        signer: As `Status.signer`. Taken by another person, a delivery is worth no more than a return; of one that
            does not say by whom, nothing is known yet (`unsigned`).
        reason: As `Status.reason`, or a person's own words.
        address_agreed: The letter went to the address agreed in the contract or on the register.
        slip_signed: The return slip came back signed.
    """
    if slip_signed:
        return "A"
    if unsigned(status, signer):
        return "F"
    if status == "delivered":
        taken: Grade = "D" if address_agreed else "E"
        return "B" if signer in {"self", "family", "mail_room"} else taken
    if status not in {"returned", "refused"}:
        return "F"
    known = reasons().get(REFUSED if status == "refused" else _named(reason))
    if not known:
        return "E"
    return known.agreed if address_agreed else known.elsewhere


def unsigned(status: Outcome, signer: Signer) -> bool:
    """Tell whether a delivery does not say who took it: that decides between B, D and E, so it has no grade yet."""
    return status == "delivered" and not signer


def worth(grade: Grade) -> str:
    """Return in one Chinese sentence what a letter of that grade proves."""
    return str(post_data()["grade"][grade]["worth"])


def title(grade: Grade) -> str:
    """Return a grade's short Chinese name."""
    return str(post_data()["grade"][grade]["title"])


def next_step(grade: Grade, reason: str) -> tuple[Step, ...]:
    """Return what is to be done next, in order, each with its law.

    Public notice is among it only where the whereabouts may be unknown (查无此人, 迁移新址不明).

    Args:
        grade: As `grade` gives it.
        reason: `UNSIGNED` of a delivery that does not say who took it; else as `Status.reason`, or a person's own
            words; blank where there is none.
    """
    rows = post_data()["step"]
    named = _named(reason)
    name = named if any(named in row.get("reasons", ()) for row in rows) else ""
    return tuple(
        Step(row["text"], row["law"])
        for row in rows
        if grade in row["grades"] and ("reasons" not in row or name in row["reasons"])
    )


def _named(reason: str) -> str:
    """Return the reason as post.toml names it; what it does not know stays as it is."""
    return reason if reason in reasons() else (reason_of(reason) or reason)
