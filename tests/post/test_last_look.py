"""On the morning of posting: which printed letters must not go, and which letters must be looked up (L7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ccm.model import Case, Party
from ccm.post.last_look import Newest, last_look
from ccm.post.lookup import look_ups
from ccm.post.parcel import parcel, ready
from letter_lives import ISSUED_ON, day, issued, no, posted, result, told, voided

if TYPE_CHECKING:
    from ccm.life import Life

STAGES = {"loan-overdue-letter": 30}
CASE = Case(
    "0062001", "loan", None, (Party("borrower", "张三", address="一路1号"),), "person", None, "城关支行", None,
    5_000_000, 100_000, 5_000, 30, 30, 30, 30, "关注", date(2026, 10, 24), None, None,
)  # fmt: skip


def reasons(case: Case | None, *, interest: int = 5_000, held: str = "", known: bool = True) -> list[str]:
    """Hold one letter against the morning's ledger, in which its loan stands as `case`."""
    newest = Newest(
        cases={"0062001": case} if case else {},
        loans=frozenset({"0062001"} if known else ()),
        interest={"0062001": interest},
        held={"0062001": held} if held else {},
        stopped={},
    )
    return [why for one in last_look([told(issued(1)).letters[no(1)]], STAGES, newest) for why in one.reasons]


def test_a_letter_that_still_holds_may_go_also_when_interest_has_run_on() -> None:
    assert reasons(CASE) == []
    assert reasons(CASE, interest=5_400) == []


@pytest.mark.parametrize(
    ("case", "interest", "words"),
    [
        (None, 0, "已还清"),
        (replace(CASE, overdue_principal_cents=40_000), 5_000, "已部分还款：本金比函中少600.00元"),
        (CASE, 1_000, "已部分还款：利息比函中少40.00元"),
        (replace(CASE, overdue_principal_cents=200_000), 5_000, "金额有变：本金比函中多1,000.00元"),
        (replace(CASE, stage=0, dpd=12), 5_000, "阶段已退回：函是满30天的，现在逾期12天"),
        (replace(CASE, parties=(Party("borrower", "张三", address="二路2号"),)), 5_000, "地址有变：现为二路2号"),
        (replace(CASE, parties=(Party("borrower", "李四", address="一路1号"),)), 5_000, "张三已不是这笔贷款的债务人"),
    ],
)
def test_a_letter_that_no_longer_holds_must_not_go(case: Case | None, interest: int, words: str) -> None:
    assert any(words in why for why in reasons(case, interest=interest))


def test_a_loan_that_vanished_and_a_loan_on_hold_are_asked_about() -> None:
    assert "不在最新台账里" in reasons(None, known=False)[0]
    assert reasons(CASE, held="客户提出异议，待答复") == ["客户提出异议，待答复"]


def test_a_guarantor_whose_period_ran_out_overnight_gets_no_letter() -> None:
    guarantor = Party("guarantor", "李四", address="一路1号", released_on=ISSUED_ON)
    lives = told(issued(1, role="guarantor", party="李四"))
    newest = Newest(
        cases={"0062001": replace(CASE, parties=(*CASE.parties, guarantor))},
        loans=frozenset({"0062001"}),
        interest={"0062001": 5_000},
        held={},
        stopped={},
    )

    assert "保证期间已于2026-11-23届满" in last_look([lives.letters[no(1)]], STAGES, newest)[0].reasons[0]


def test_what_does_not_go_to_the_post_says_why() -> None:
    lives = told(
        issued(1), issued(2), voided(2, day(1)), issued(3), posted(3, day(1), "1"), issued(4, kind="lawyer_letter")
    )

    assert [ready(lives.letters[no(n)])[:4] for n in (1, 2, 3, 4)] == ["", "已作废", "已于20", "律师函由"]


@pytest.mark.parametrize(("company", "setting", "contents"), [
    (False, "neutral", "清农催〔2026〕1号通知书2页"),
    (False, "title", "清农催〔2026〕1号《贷款逾期催收通知书》2页"),
    (True, "neutral", "清农催〔2026〕1号《贷款逾期催收通知书》2页"),
])  # fmt: skip
def test_the_outside_of_a_persons_letter_tells_of_no_debt(company: bool, setting: str, contents: str) -> None:  # noqa: FBT001
    one = parcel(told(issued(1, company=company)).letters[no(1)], 2)

    assert one.contents(setting) == contents  # type: ignore[arg-type]


LADDER = (3, 7, 15)


def due(*results: tuple[int, str], on: int) -> list[int]:
    """Post a letter on day 0, look it up as told, and ask on day `on`."""
    notes = [result(1, day(after), status) for after, status in results]
    lives = told(issued(1), posted(1, day(0), "1"), *notes)
    return [one.due_days for one in look_ups(lives.letters.values(), LADDER, day(on))]


def test_day_by_day_a_letter_is_looked_up_until_its_result_is_known() -> None:
    assert due(on=2) == []
    assert due(on=3) == [3]
    assert due((3, "in_transit"), on=4) == []
    assert due((3, "in_transit"), on=7) == [7]
    assert due((3, "in_transit"), (8, "in_transit"), on=14) == []
    assert due((3, "in_transit"), (8, "in_transit"), on=15) == [15]
    assert due((3, "in_transit"), (8, "in_transit"), (16, "delivered"), on=20) == []


def test_a_letter_never_posted_or_voided_is_not_looked_up() -> None:
    lives: list[Life] = list(told(issued(1), issued(2), posted(2, day(0), "1"), voided(2, day(1))).letters.values())

    assert look_ups(lives, LADDER, day(20)) == []
