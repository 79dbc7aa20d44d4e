"""All clocks of 100,000 overdue loans from a journal of 1,000,000 entries, beside merely reading those entries.

From the journal's file to the last clock: letters with their posting, result and papers, payments and plans, read, put
together, graded and counted. Processor time, so that a busy machine does not decide.
"""

from __future__ import annotations

import gc
import random
import tempfile
import time
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from score import Score, options

from ccm.claims import facts_of
from ccm.cli.rights import told_in
from ccm.frame import LOAN_COLUMNS, PARTY_COLUMNS
from ccm.journal import open_journal
from ccm.model import Note
from ccm.rights.count import clocks
from ccm.rights.rules import built_in

if TYPE_CHECKING:
    from collections.abc import Iterator

LOANS, ENTRIES, AS_OF = 100_000, 1_000_000, date(2026, 11, 23)
PAPERS = ("original", "waybill", "delivery")
BOOK = {**LOAN_COLUMNS, "dpd": pl.Int64, "interest_dpd": pl.Int64}


@cache
def roll(on: date) -> date | None:
    """By weekends alone: what a calendar says costs the same."""
    on += timedelta(days=8 - on.isoweekday() if on.isoweekday() > 5 else 0)
    return on if on.year <= 2026 else None


def book(loans: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Overdue loans, every second one with a guarantor."""
    due = [AS_OF - timedelta(days=30 + number % 1100) for number in range(loans)]
    numbers = [f"{number:06d}" for number in range(loans)]
    known = pl.DataFrame(
        {
            "loan_no": numbers,
            "borrower": [f"张{number}" for number in numbers],
            "product": ["loan"] * loans,
            "due_on": due,
            "dpd": [(AS_OF - on).days for on in due],
            "interest_dpd": [(AS_OF - on).days + 60 for on in due],
            "address_confirmed_on": [on if number % 2 else None for number, on in enumerate(due)],
        }
    )
    parties = pl.DataFrame(
        {
            "loan_no": numbers[::2],
            "role": ["guarantor"] * len(numbers[::2]),
            "name": [f"李{number}" for number in numbers[::2]],
            "guarantee_kind": ["连带责任保证" if number % 3 else "保证" for number in range(len(numbers[::2]))],
        }
    )
    return _whole(known, BOOK), _whole(parties, PARTY_COLUMNS)


def _whole(frame: pl.DataFrame, columns: dict[str, Any]) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in columns.items()
    )


def notes(loans: int, entries: int) -> Iterator[Note]:
    """Ten entries a loan: one letter with its life and papers, and what the debtor did."""
    chance = random.Random(7)
    for at in range(entries // 10):
        number = at % loans
        loan_no, guarantor = f"{number:06d}", number % 2 == 0 and at >= loans // 2
        who = (f"李{loan_no}", "guarantor") if guarantor else (f"张{loan_no}", "borrower")
        due = AS_OF - timedelta(days=30 + number % 1100)
        on = due + timedelta(days=chance.randrange(20))
        letter_no = f"清农催〔{on.year}〕{at}号"
        yield from letter(letter_no, loan_no, who, on, chance)
        for day in range(3):
            facts = {"amount_cents": 10000, "text": ""}
            yield Note("payment", on + timedelta(days=day), loan_no, f"张{loan_no}", "borrower", facts=facts)
        call = {"channel": "phone", "number": "1", "at": "09:00", "answered": True, "result": "talked", "text": ""}
        yield Note("contact-call", on, loan_no, *who, facts=call)


def letter(no: str, loan_no: str, who: tuple[str, str], on: date, chance: random.Random) -> Iterator[Note]:
    """Issued, posted, delivered, and three papers: six entries."""
    issued = {
        "kind": "loan_overdue", "title": "贷款逾期催收通知书", "loans": [loan_no], "borrower": f"张{loan_no}",
        "address": "清水县柳溪镇石桥村1组8号", "own": {"principal_cents": 1, "interest_cents": 1},
        "address_agreed_on": None,
    }  # fmt: skip
    yield Note("letter-issued", on, loan_no, *who, "c4", no, facts=issued)
    yield Note("letter-posted", on, loan_no, *who, "", no, facts={"waybill": "1012345678901", "form": "ems"})
    signer = chance.choice(["self", "family", "other", ""])
    result = {"status": "delivered", "signer": signer, "reason": "", "text": "妥投"}
    yield Note("letter-result", on + timedelta(days=3), loan_no, *who, "", no, facts=result)
    for item in PAPERS:
        filed = {
            "subject": no, "item": item, "path": f"archive/{no}/{item}.jpg", "sha256": "0" * 64, "size": 1,
            "modified_ns": 1,
        }  # fmt: skip
        yield Note("evidence-filed", on + timedelta(days=5), loan_no, *who, facts=filed)


def race(folder: Path, loans: int, entries: int) -> tuple[float, float]:
    """Write a journal, read it, and count every clock from it; return the seconds of reading and of all."""
    with closing(open_journal(folder, "bench")) as journal:
        journal.record(notes(loans, entries), datetime(2026, 11, 23, 9, 0).astimezone())
        known, parties = book(loans)
        gc.collect()
        gc.disable()
        start = time.process_time()
        read = sum(1 for _ in journal.entries())
        reading = time.process_time() - start
        start = time.process_time()
        told = told_in(journal, AS_OF)
        between = time.process_time() - start
        rules = built_in()
        made = sum(
            len(clocks(facts, told.events.get(facts.loan_no, ()), AS_OF, rules, roll))
            for facts in facts_of(known, parties, AS_OF)
        )
        whole = time.process_time() - start
    gc.enable()
    print(
        f"{read:>9,} 条记录，{made:>9,} 个期间：读 {reading:6.2f} 秒，读并归拢 {between:6.2f} 秒，"
        f"到全部期间 {whole:6.2f} 秒，每条 {whole / read * 1e6:5.1f} 微秒，÷ 只读 = {whole / reading:.2f}（应 ≤ 3）",
        flush=True,
    )
    return reading, whole


def main() -> None:
    """Race a hundredth, a tenth and the whole: the time of an entry must not grow."""
    asked, score = options(__doc__).parse_args(), Score()
    whole = ENTRIES // 100 if asked.tiny else ENTRIES
    spent: dict[int, tuple[float, float]] = {}
    for entries in (whole // 100, whole // 10, whole):
        with tempfile.TemporaryDirectory() as folder:
            spent[entries] = race(Path(folder), LOANS * entries // ENTRIES, entries)
        score.point("clocks", "read only", entries, spent[entries][0])
        score.point("clocks", "read, put together, counted", entries, spent[entries][1])
    reading, counted = spent[whole]
    score.ratio("clocks/reading", f"数出全部期间 ÷ 只读记录，{whole:,} 条", counted / reading, "≤ 3")
    growth = counted / spent[whole // 10][1] / 10
    score.ratio("clocks/growth", f"每条的时间，{whole:,} 条 ÷ {whole // 10:,} 条", growth)
    score.write(asked.score)


if __name__ == "__main__":
    main()
