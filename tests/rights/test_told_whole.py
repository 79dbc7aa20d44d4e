"""Whole stories, clock by clock with chain, doubts and papers, as a lawyer would read them: `told.txt`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from story import borrower, clocks_on, co_borrower, event, guarantor, letter, loan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccm.rights.clock import Clock, Event, Facts

TOLD = Path(__file__).with_name("told.txt")
DUE = "2025-08-31"
GENERAL, THREE = "一般保证", "三年"
AGREED = guarantor(period_text=THREE)
STORIES: dict[str, tuple[str, Facts, tuple[Event, ...]]] = {
    "requests to a joint guarantor: early, on the first day, later, lost in the post": (
        "2026-02-01",
        loan(DUE, guarantor()),
        (
            letter("2025-08-30", guarantor(), letter_no="一号"),
            letter("2025-08-31", guarantor(), letter_no="二号"),
            letter("2025-12-01", guarantor(), letter_no="三号"),
            letter("2025-12-20", guarantor(), "F", letter_no="四号"),
            letter("2025-12-05", letter_no="五号"),
        ),
    ),
    "a request on the last day but of which the delivery page is missing": (
        "2026-05-01",
        loan(DUE, guarantor()),
        (letter("2026-02-28", guarantor(), papers=("original", "waybill"), letter_no="一号"),),
    ),
    "a request of which all but the waybill is missing, and one that came too late": (
        "2026-05-01",
        loan(DUE, guarantor()),
        (
            letter("2026-01-15", guarantor(), papers=("waybill",), letter_no="一号"),
            letter("2026-03-02", guarantor(), letter_no="二号"),
        ),
    ),
    "a general guarantor who is written to, while the debtor is sued and the first suit withdrawn": (
        "2026-05-01",
        loan(DUE, guarantor(kind=GENERAL)),
        (
            letter("2025-10-01", guarantor(), letter_no="一号"),
            event("SUIT_FILED", "2026-01-10"),
            event("SUIT_FILED", "2025-11-10", withdrawn=True, served_on="2025-11-20"),
            event("SUIT_FILED", "2025-08-01", ended_on="2025-09-01"),
        ),
    ),
    "a general guarantor's own three years run a year after enforcement was applied for": (
        "2027-09-01",
        loan(DUE, guarantor(kind=GENERAL)),
        (
            event("SUIT_FILED", "2025-12-10", ended_on="2026-03-01"),
            event("JUDGMENT", "2026-03-01"),
            event("ENFORCEMENT", "2026-06-01"),
            letter("2027-06-01", guarantor(), letter_no="一号"),
            letter("2027-07-01", guarantor(), "F", letter_no="二号"),
        ),
    ),
    "the same suit without its papers": (
        "2027-09-01",
        loan(DUE, guarantor(kind=GENERAL)),
        (event("SUIT_FILED", "2025-12-10", papers=()), event("ENFORCEMENT", "2026-06-01", papers=())),
    ),
    "a loan extended without a word of the guarantor, and a maximum guarantee without its dates": (
        "2026-01-01",
        loan(DUE, guarantor(), guarantor("赵六", maximum=True), extended_due_on="2026-08-31"),
        (),
    ),
    "a loan extended to the same day, with consent, and a maximum guarantee fixed after the last claim": (
        "2026-01-01",
        loan(
            DUE,
            guarantor(consents=True),
            guarantor("赵六", maximum=True, determined_on="2025-12-31", last_claim_due_on="2025-10-31"),
            extended_due_on=DUE,
        ),
        (),
    ),
    "a loan called in: by its words the period runs from then, or may": (
        "2025-07-01",
        loan(
            "2026-08-31",
            guarantor(accelerates=True, period_text=THREE),
            guarantor("赵六", until_on="2027-08-31"),
        ),
        (event("ACCELERATION", "2025-06-15", arrived_on="2025-06-20", grade="B"),),
    ),
    "the debtor's limitation is over, one guarantor is let go and may not be recovered from": (
        "2028-10-01",
        loan(
            DUE,
            AGREED,
            guarantor("赵六"),
            guarantor("钱七", period_text=THREE, recourse=False),
            guarantor("孙八", recourse=False),
        ),
        (letter("2025-09-10", AGREED, letter_no="一号"),),
    ),
    "the debtor agreed anew after the end": (
        "2029-01-01",
        loan(DUE, AGREED, collateral=True),
        (letter("2028-06-01", AGREED, letter_no="一号"), event("WAIVER", "2028-12-01")),
    ),
    "an obstacle that was over too early, one that counts, and interest that some courts count alone": (
        "2028-06-01",
        loan(DUE, interest_due_on="2025-03-20", collateral=True),
        (
            event("OBSTACLE", "2026-01-01", ended_on="2026-06-01"),
            event("OBSTACLE", "2028-04-01", ended_on="2028-05-01"),
        ),
    ),
    "the borrower's demand serves the co-borrower; a second on the same day adds nothing; a payment hangs": (
        "2026-09-01",
        loan(DUE, co_borrower()),
        (
            letter("2026-01-10", letter_no="一号"),
            letter("2026-01-10", co_borrower(), letter_no="二号"),
            event("PART_PAYMENT", "2026-03-01", papers=()),
            letter("2026-04-01", borrower(), "C", papers=("original", "waybill", "returned"), letter_no="三号"),
        ),
    ),
    "words that decide nothing, of an old contract and of one without a day": (
        "2021-03-01",
        loan(
            "2020-10-31",
            guarantor(kind="保证", period_text="直至还清", contract_on="2019-06-01"),
            guarantor("赵六", kind="保证", period_text="直至还清", contract_on=None),
            guarantor("钱七", kind=None, period_text="见合同", contract_on=None),
        ),
        (),
    ),
    "a debt due on the Code's first day": (
        "2021-02-01",
        loan("2021-01-01", guarantor(kind="保证", period_text="直至还清", contract_on=None)),
        (),
    ),
    "what the ledger lacks: words that decide nothing ask for the contract's day, clear ones do not": (
        "2025-10-01",
        loan(
            DUE,
            guarantor(kind="保证", period_text=THREE, contract_on=None),
            guarantor("赵六", kind=GENERAL, period_text="直至还清", contract_on=None),
            guarantor("钱七", kind=GENERAL, period_text=THREE, contract_on=None),
        ),
        (),
    ),
    "no due date, and a maximum guarantee that was fixed all the same": (
        "2026-01-01",
        loan(None, guarantor(), guarantor("赵六", maximum=True, determined_on="2025-12-31"), collateral=None),
        (),
    ),
    "called in on the very day it fell due; extended, with an agreed last day": (
        "2025-10-01",
        loan(DUE, guarantor(), guarantor("赵六", until_on="2027-08-31", consents=None), extended_due_on="2026-08-31"),
        (event("ACCELERATION", "2025-08-20", arrived_on=DUE, grade="B"),),
    ),
    "the debtor signed after the end: what was lost lives, but not against the guarantor or the mortgage": (
        "2029-01-01",
        loan(DUE, AGREED, collateral=True),
        (letter("2028-06-01", AGREED, letter_no="一号"), event("WAIVER", "2028-12-01", agrees=True)),
    ),
    "a kind that is not known, kept by a request alone; a period that is not known, extended": (
        "2026-05-01",
        loan(
            DUE,
            guarantor(kind=None),
            guarantor("赵六", period_text=None),
            guarantor("钱七", period_text=None, consents=True),
            extended_due_on="2025-12-31",
        ),
        (letter("2026-01-10", guarantor(), letter_no="一号"),),
    ),
    "of two requests the proved one counts, though it came later": (
        "2026-05-01",
        loan(DUE, guarantor()),
        (
            letter("2025-12-01", guarantor(), papers=("waybill",), letter_no="一号"),
            letter("2026-01-15", guarantor(), letter_no="二号"),
        ),
    ),
    "a request that was never proved, three years later, and another since": (
        "2029-01-02",
        loan(DUE, guarantor(), guarantor("赵六")),
        (
            letter("2025-12-01", guarantor(), papers=("waybill",), letter_no="一号"),
            letter("2025-12-01", guarantor("赵六"), papers=("waybill",), letter_no="二号"),
            letter("2027-12-01", guarantor("赵六"), papers=("waybill",), letter_no="三号"),
        ),
    ),
    "a card's debtor is reached by sending, with its own papers; a returned letter where the clause is filed": (
        "2026-09-01",
        loan(DUE, guarantor(), card=True),
        (
            event("DATA_MESSAGE", "2026-01-10", papers=("sending_log",)),
            event("DATA_MESSAGE", "2026-02-10", papers=()),
            letter("2026-03-01", guarantor(), "C", papers=("original", "waybill", "returned"), letter_no="一号"),
            letter(
                "2026-02-01",
                guarantor(),
                "C",
                papers=("original", "waybill", "returned", "address_clause"),
                letter_no="二号",
            ),
        ),
    ),
    "twenty years, soon over": ("2025-06-01", loan("2005-08-31"), ()),
    "twenty years, over, from the extended day": (
        "2025-10-10",
        loan("2005-08-31", extended_due_on="2005-09-30"),
        (),
    ),
    "a judgment that is only typed, and the mortgage": (
        "2028-02-01",
        loan(DUE, collateral=True),
        (event("JUDGMENT", "2025-12-01", papers=()), event("OBSTACLE", "2027-10-01", ended_on="2027-11-01")),
    ),
}


def told(clock: Clock) -> Iterator[str]:
    """Yield a clock as lines: where it stands, its chain, its papers, its doubts, what is missing."""
    yield f"{clock.right} {clock.role} {clock.party} ({clock.loan_no}): {clock.state}, {clock.act}"
    spans = (
        "started_on",
        "ends_on",
        "legal_ends_on",
        "days_left",
        "kept_on",
        "expired_on",
        "if_proved_on",
        "post_by_on",
    )
    yield "    " + " ".join(f"{name} {value}" for name in spans if (value := getattr(clock, name)) is not None)
    for link in clock.basis:
        yield "    - " + " ".join(map(str, filter(None, (link.on, link.event, link.worth, *link[2:4], *link[5:]))))
    yield from (f"    needs {need}" for need in clock.needs)
    yield from (f"    or {'+'.join(one.keys)} {one.ends_on or ''} {one.says}" for one in clock.doubts)
    if clock.missing:
        yield f"    without {'、'.join(clock.missing)}"


def test_every_story_is_told_as_it_was_read() -> None:
    """After a change of the law's reading run `CCM_UPDATE_GOLDEN=1 pytest tests/rights`, then read what has changed."""
    lines = []
    for name, (as_of, facts, events) in STORIES.items():
        lines += [
            f"# {name}, on {as_of}",
            *(line for one in clocks_on(as_of, facts, *events) for line in told(one)),
            "",
        ]
    if os.environ.get("CCM_UPDATE_GOLDEN"):
        TOLD.write_text("\n".join(lines), encoding="utf-8")

    assert lines == TOLD.read_text(encoding="utf-8").split("\n")
