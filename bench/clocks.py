"""All clocks of 100,000 loans with 1,000,000 events, beside merely reading as many entries from a journal.

Processor time, so that a busy machine does not decide.
"""

from __future__ import annotations

import gc
import random
import tempfile
import time
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from ccm.journal import open_journal
from ccm.model import Note
from ccm.rights.clock import Event, Facts, Guarantee, Obligor
from ccm.rights.count import clocks
from ccm.rights.rules import built_in

LOANS, EVENTS, AS_OF = 100_000, 10, date(2026, 11, 23)
RULES = built_in()
KINDS = ("LETTER_SIGNED", "LETTER_ARRIVED", "LETTER_ARRIVED", "LETTER_SHOULD_HAVE_ARRIVED", "PART_PAYMENT", "PLAN")


@cache
def roll(on: date) -> date | None:
    """By weekends alone: what a calendar says costs the same."""
    on += timedelta(days=8 - on.isoweekday() if on.isoweekday() > 5 else 0)
    return on if on.year <= 2026 else None


def loan(number: int, chance: random.Random) -> tuple[Facts, list[Event]]:
    due = date(2020, 1, 1) + timedelta(days=chance.randrange(2200))
    guarantees = [Guarantee("连带责任保证" if number % 3 else "保证", contract_on=due - timedelta(days=700))]
    guarantees += [Guarantee("连带责任保证")] if number % 4 == 0 else []
    people = [Obligor("borrower", f"张{number}", bool(number % 2))]
    people += [Obligor("guarantor", f"李{number}之{at}", guarantee=one) for at, one in enumerate(guarantees)]
    facts = Facts(str(number), tuple(people), due, interest_due_on=due - timedelta(days=60), collateral=number % 5 == 0)
    return facts, [event(number, at, due, chance.choice(people), chance) for at in range(EVENTS)]


def event(number: int, at: int, due: date, who: Obligor, chance: random.Random) -> Event:
    kind, on = chance.choice(KINDS), due + timedelta(days=chance.randrange(900))
    papers = RULES.events[kind].papers if chance.random() < 0.8 else frozenset({"original"})
    grade = chance.choice("ABBCD") if kind.startswith("LETTER") else ""
    sent_on = on - timedelta(days=4)
    no = f"〔{on.year}〕{number}{at}号"
    return Event(kind, on, who.name, who.role, sent_on, on, letter_no=no, grade=grade, papers=papers)


def counted(book: list[tuple[Facts, list[Event]]]) -> tuple[float, int]:
    start = time.process_time()
    made = sum(len(clocks(facts, events, AS_OF, RULES, roll)) for facts, events in book)
    return time.process_time() - start, made


def read(book: list[tuple[Facts, list[Event]]]) -> float:
    """Write the events into a journal, and return the time to read them again."""
    at = datetime(2026, 11, 23, 9, 0).astimezone()
    with tempfile.TemporaryDirectory() as folder:
        journal = open_journal(Path(folder), "bench")
        notes = (
            Note("event", one.on, facts.loan_no, one.party, one.role, letter_no=one.letter_no,
                 facts={"kind": one.kind, "arrived_on": str(one.arrived_on), "papers": sorted(one.papers)})
            for facts, events in book for one in events
        )  # fmt: skip
        journal.record(notes, at)
        start = time.process_time()
        entries = sum(1 for _ in journal.entries())
        spent = time.process_time() - start
        journal.close()
    print(f"读日志 {entries:>9,} 条：{spent:6.2f} 秒")
    return spent


def main() -> None:
    chance = random.Random(7)
    book = [loan(number, chance) for number in range(LOANS)]
    gc.collect()
    gc.disable()
    for part in (LOANS // 10, LOANS):
        spent, made = counted(book[:part])
        each = spent / part / EVENTS * 1e6
        print(f"算期间 {part * EVENTS:>9,} 个事件、{made:,} 个期间：{spent:6.2f} 秒，每个事件 {each:.1f} 微秒")
    print(f"算期间 ÷ 读日志 = {spent / read(book):.2f}（不应超过 3）")


if __name__ == "__main__":
    main()
