"""law.md §1.2, §1.3, §7.2: a clock is only as good as its proof."""

from __future__ import annotations

import pytest
from story import RULES, borrower, clock, day, event, guarantor, letter, loan

DUE = "2023-03-20"
WITHOUT, WITH = "2026-03-20", "2027-06-10"


@pytest.mark.parametrize(
    ("grade", "clause", "state", "ends_on"),
    [
        ("A", None, "safe", WITH),
        ("B", None, "safe", WITH),
        ("C", None, "safe", WITH),
        ("D", True, "safe", WITH),
        ("D", False, "safe", WITHOUT),
        ("D", None, "unproved", WITHOUT),
        ("E", True, "safe", WITHOUT),
        ("F", True, "unproved", WITHOUT),
    ],
)
def test_grades_a_to_c_restart_d_with_a_clause_e_and_f_do_not(
    grade: str, *, clause: bool | None, state: str, ends_on: str
) -> None:
    facts = loan(DUE, borrower(clause=clause))
    shown = clock("2025-01-01", facts, letter("2024-06-10", grade=grade))

    assert (shown.state, str(shown.ends_on)) == (state, ends_on)


def test_a_letter_without_a_grade_counts_as_in_transit() -> None:
    sent = event("LETTER_ARRIVED", "2024-06-10", sent_on="2024-06-10")

    assert clock("2025-01-01", loan(DUE), sent).state == "unproved"


PROVABLE = sorted(
    code for code, rule in RULES.events.items() if rule.by in {"arrival", "act"} and code != "ACCELERATION"
)


@pytest.mark.parametrize("kind", PROVABLE)
def test_every_event_counts_only_with_its_papers(kind: str) -> None:
    """What follows 2: without its proof the clock is unproved, and the papers are named."""
    proved = event(kind, "2024-06-10", arrived_on="2024-06-10", grade="B")
    bare = event(kind, "2024-06-10", arrived_on="2024-06-10", grade="B", papers=())
    shown = clock("2025-01-01", loan(DUE), bare)

    assert str(clock("2025-01-01", loan(DUE), proved).ends_on) == WITH
    assert (shown.state, str(shown.ends_on), str(shown.if_proved_on)) == ("unproved", WITHOUT, WITH)
    assert all(RULES.papers[paper] in shown.needs[0] for paper in RULES.events[kind].papers)
    assert shown.basis[-1].worth == "unproved"


def test_the_missing_paper_is_named_with_its_letter() -> None:
    posted = letter("2024-06-10", letter_no="〔2024〕12号", papers=("original", "waybill"))
    shown = clock("2025-01-01", loan(DUE), posted)

    assert (shown.act, shown.needs) == ("file", ("〔2024〕12号：投递结果打印页",))
    assert shown.basis[-1].proof == "信函妥投：自留函件正本、EMS面单寄件人存联；缺投递结果打印页"


def test_a_missing_address_clause_is_a_missing_paper() -> None:
    shown = clock("2025-01-01", loan(DUE), letter("2024-06-10", grade="D", letter_no="〔2024〕12号"))

    assert shown.needs == ("〔2024〕12号：送达地址条款或确认书",)


def test_an_unproved_letter_that_a_proved_one_overtook_does_not_matter() -> None:
    unproved = letter("2024-06-10", papers=())
    shown = clock("2025-01-01", loan(DUE), unproved, letter("2024-08-10"))

    assert (shown.state, str(shown.ends_on), shown.if_proved_on) == ("safe", "2027-08-10", None)
    assert [link.worth for link in shown.basis] == ["starts", "unproved", "counts"]


def test_what_hangs_on_an_unproved_letter_is_unproved_after_the_proved_end() -> None:
    """The paper that saves the claim is the most urgent thing there is: unproved, not lost."""
    unproved, proved = letter("2025-06-10", papers=()), letter("2026-06-10")
    shown = clock("2026-07-01", loan(DUE), unproved, proved)

    assert (shown.state, str(shown.ends_on), str(shown.if_proved_on)) == ("unproved", WITHOUT, "2029-06-10")
    assert shown.basis[-1].worth == "late"
    assert len(shown.needs) == 1


def test_lost_with_every_paper_is_lost_without_them() -> None:
    assert clock("2028-07-01", loan(DUE), letter("2024-06-10", papers=())).state == "lost"


def test_a_newspaper_needs_proof_that_nobody_knows_where_the_debtor_is() -> None:
    """时效规定8(1)(四), (2021)最高法民申1557号, master table 7."""
    shown = clock("2025-01-01", loan(DUE), event("NEWSPAPER", "2024-06-10", papers=("newspaper",)))

    assert (shown.state, shown.needs) == ("unproved", ("2024-06-10报纸公告催收：债务人下落不明的证明",))


def test_a_deduction_needs_the_clause_that_allows_it() -> None:
    """时效规定8(1)(三), master table 6."""
    shown = clock("2025-01-01", loan(DUE), event("DEDUCTION", "2024-06-10", papers=("deduction_slip",)))

    assert "授权扣收的合同条款" in shown.needs[0]


def test_a_cards_debtor_is_reached_by_sending() -> None:
    """银行卡规定3: sending to the reserved contact is an interruption, whatever became of it."""
    returned = letter("2024-06-14", grade="E", sent_on="2024-06-10")
    text = event("DATA_MESSAGE", "2024-06-10", papers=("sending_log",))

    assert str(clock("2025-01-01", loan(DUE, card=True), returned).ends_on) == WITH
    assert str(clock("2025-01-01", loan(DUE, card=True), text).ends_on) == WITH
    assert str(clock("2025-01-01", loan(DUE), returned).ends_on) == WITHOUT
    assert clock("2025-01-01", loan(DUE), text).state == "unproved"


def test_a_cards_guarantor_must_still_be_reached() -> None:
    facts = loan("2025-08-31", guarantor(), card=True)
    returned = letter("2026-02-10", guarantor(), grade="E")

    assert clock("2026-03-01", facts, returned, right="guarantee").state == "lost"


def test_events_of_strangers_are_left_out() -> None:
    shown = clock("2025-01-01", loan(DUE), letter("2024-06-10", borrower("别人")))

    assert (str(shown.ends_on), len(shown.basis)) == (WITHOUT, 1)


def test_the_chain_tells_what_each_event_was_worth() -> None:
    facts = loan(DUE, borrower(clause=False))
    events = [
        letter("2023-03-01"),
        letter("2023-06-10", grade="E", letter_no="〔2023〕3号"),
        letter("2024-06-10", grade="C"),
        letter("2025-06-10", papers=()),
        letter("2027-07-01"),
    ]
    shown = clock("2027-08-01", facts, *reversed(events))

    assert [(link.on, link.worth) for link in shown.basis] == [
        (day(DUE), "starts"),
        (day("2023-03-01"), "early"),
        (day("2023-06-10"), "void"),
        (day("2024-06-10"), "counts"),
        (day("2025-06-10"), "unproved"),
        (day("2027-07-01"), "late"),
    ]
    assert {link.grade for link in shown.basis} == {"", "B", "C", "E"}
