"""The cases that cost a bank its money, each told as it happens."""

from __future__ import annotations

from story import borrower, clock, clocks_on, event, guarantee_of, guarantor, letter, loan

DUE = "2025-08-31"
GUARANTEE_ENDS = "2026-02-28"


def test_a_guarantor_saved_with_a_day_to_spare() -> None:
    """连带责任保证 without an agreed period: six months from 2025-08-31 end on 2026-02-28, a working Saturday."""
    li = guarantor("李四", "连带责任保证", clause=True)
    facts = loan(DUE, li)

    three_months_before = guarantee_of("2025-11-30", facts)
    assert (three_months_before.state, three_months_before.days_left) == ("near", 90)
    assert (three_months_before.act, str(three_months_before.post_by_on)) == ("request", "2026-01-29")

    posted = letter("2026-02-25", li, grade="F", letter_no="〔2026〕7号")
    on_the_way = guarantee_of("2026-02-26", facts, posted)
    assert (on_the_way.state, str(on_the_way.ends_on), str(on_the_way.if_proved_on)) == (
        "unproved", GUARANTEE_ENDS, "2029-02-25",
    )  # fmt: skip
    assert on_the_way.needs == ("〔2026〕7号：投递结果打印页",)

    delivered = letter("2026-02-27", li, sent_on="2026-02-25", letter_no="〔2026〕7号")
    saved = guarantee_of("2026-03-01", facts, delivered)
    assert (saved.state, str(saved.kept_on), saved.act) == ("safe", "2026-02-27", "none")

    then = clock("2026-03-01", facts, delivered, right="guarantor_limitation")
    assert (str(then.ends_on), str(then.legal_ends_on)) == ("2029-02-25", "None")


def test_a_guarantor_lost_because_only_the_borrower_was_written_to() -> None:
    """The borrower was written to every month and signed each time; the guarantor heard nothing."""
    li = guarantor("李四", "连带责任保证")
    facts = loan(DUE, li)
    to_the_borrower = [letter(f"{month}-10", grade="A") for month in ("2025-10", "2025-12", "2026-02")]

    before = {one.right: one for one in clocks_on("2026-02-27", facts, *to_the_borrower)}
    assert (before["limitation"].state, str(before["limitation"].ends_on)) == ("safe", "2029-02-10")
    assert (before["guarantee"].state, before["guarantee"].act) == ("near", "request")
    assert len(before["guarantee"].basis) == 1

    after = guarantee_of("2026-03-01", facts, *to_the_borrower)
    assert (after.state, after.act) == ("lost", "new_guarantee")
    signed_too_late = event("LETTER_SIGNED", "2026-03-05", li, agrees=True)
    assert guarantee_of("2026-03-10", facts, *to_the_borrower, signed_too_late).state == "lost"


def test_a_general_guarantee_is_not_saved_by_ten_letters() -> None:
    """一般保证 is saved by suing the debtor; every letter to the guarantor is worth nothing here."""
    li = guarantor("李四", "债务人不能履行债务时，由保证人承担保证责任")
    facts = loan(DUE, li)
    letters = [letter(f"2026-01-{10 + number}", li, grade="A") for number in range(10)]

    warned = guarantee_of("2026-02-20", facts, *letters)
    assert (warned.state, warned.act) == ("near", "suit")
    assert [link.worth for link in warned.basis] == ["starts", *["void"] * 10]
    assert guarantee_of("2026-03-01", facts, *letters).state == "lost"

    sued = event("SUIT_FILED", "2026-02-28", borrower())
    assert guarantee_of("2026-03-01", facts, *letters, sued).state == "safe"


def test_a_returned_letter_with_and_without_an_address_clause() -> None:
    """查无此人 at the address of the contract: served with a clause, nothing without one."""
    returned = letter("2026-02-20", grade="D", letter_no="〔2026〕9号")
    due = "2023-03-20"

    agreed = clock("2026-03-01", loan(due, borrower(clause=True)), returned)
    assert (agreed.state, str(agreed.ends_on)) == ("safe", "2029-02-20")

    never_agreed = clock("2026-03-01", loan(due, borrower(clause=False)), returned)
    assert (never_agreed.state, str(never_agreed.ends_on), never_agreed.act) == ("near", "2026-03-20", "demand")
    assert never_agreed.basis[-1].worth == "void"

    nobody_knows = clock("2026-03-01", loan(due, borrower(clause=None)), returned)
    assert (nobody_knows.state, str(nobody_knows.ends_on), str(nobody_knows.if_proved_on)) == (
        "unproved", "2026-03-20", "2029-02-20",
    )  # fmt: skip
    assert nobody_knows.needs == ("〔2026〕9号：送达地址条款或确认书",)


def test_an_acceleration_notice_that_never_arrived_changes_nothing() -> None:
    """Lost in the post to the borrower: no due date moved, although the guarantor got a copy."""
    li = guarantor("李四", "连带责任保证", until_on="2028-08-31")
    facts = loan("2026-08-31", li)
    lost = event("ACCELERATION", "2026-01-10", sent_on="2026-01-10", grade="F", papers=("original", "waybill"))
    copy = event("ACCELERATION", "2026-01-10", li, sent_on="2026-01-10", arrived_on="2026-01-12", grade="B")

    with_it, without = clocks_on("2026-02-01", facts, lost, copy), clocks_on("2026-02-01", facts)
    ends = {(one.right, one.party): one.ends_on for one in without}
    assert {(one.right, one.party): one.ends_on for one in with_it} == ends
    assert guarantee_of("2026-02-01", facts, lost, copy).basis[-1].worth == "early"

    arrived = event("ACCELERATION", "2026-01-10", sent_on="2026-01-10", arrived_on="2026-01-12", grade="B")
    moved = clock("2026-02-01", facts, arrived)
    assert (str(moved.ends_on), moved.basis[0].event) == ("2029-01-12", "accelerated")
    assert guarantee_of("2026-02-01", facts, arrived, copy).state == "safe"


def test_a_claim_carried_over_fifteen_years_by_one_letter_every_second_year() -> None:
    """…and lost by the one whose delivery page nobody printed, until it is found."""
    li = borrower(clause=True)
    kept = [letter(f"{year}-05-06", li, letter_no=f"〔{year}〕1号") for year in range(2013, 2024, 2)]
    unprinted = letter("2025-05-06", li, papers=("original", "waybill"), letter_no="〔2025〕1号")
    facts = loan("2012-03-31", li)

    assert str(clock("2025-01-01", facts, *kept).ends_on) == "2026-05-06"
    hanging = clock("2026-06-01", facts, *kept, unprinted)
    assert (hanging.state, hanging.needs) == ("unproved", ("〔2025〕1号：投递结果打印页",))
    found = letter("2025-05-06", li, letter_no="〔2025〕1号")
    assert (clock("2026-06-01", facts, *kept, found).state, clock("2026-06-01", facts, *kept).state) == ("safe", "lost")
