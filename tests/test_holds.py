from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccm.holds import active, holds, in_words
from journal_words import day, entry, hold, ledger, paid, plan

if TYPE_CHECKING:
    from ccm.model import Hold


def one(*entries: object, figures: object = None, as_of: str = "11-28") -> Hold:
    return holds(entries, figures or {}, day(as_of))["1"][-1]  # type: ignore[arg-type]


def test_a_dispute_holds_until_it_is_lifted_and_says_when_an_answer_is_late() -> None:
    dispute = hold("11-20", "dispute", answer_by="12-05", text="利息多算")
    lifted = entry("hold-lifted", "12-07", hold_no="H1", text="已书面答复")

    assert (one(dispute, as_of="12-05").state, one(dispute, as_of="12-05").unanswered) == ("active", False)
    assert (one(dispute, as_of="12-06").state, one(dispute, as_of="12-06").unanswered) == ("active", True)
    assert (one(dispute, lifted, as_of="12-07").state, one(dispute, lifted, as_of="12-07").unanswered) == (
        "lifted",
        False,
    )
    assert one(dispute, lifted, as_of="12-06").state == "active"
    assert in_words(one(dispute)) == "异议：2026-11-20起，应于2026-12-05前答复（利息多算）"


def test_a_hold_with_an_end_ends_by_itself() -> None:
    ill = hold("11-20", "illness", until="12-01")

    assert [one(ill, as_of=on).state for on in ("11-20", "12-01", "12-02")] == ["active", "active", "ended"]


def test_a_hold_begins_on_the_day_it_happened_whenever_it_was_entered() -> None:
    late = entry(
        "hold-set",
        "11-20",
        entered="11-26",
        hold_no="H1",
        reason="illness",
        until="2026-12-01",
        **{"from": "2026-11-20"},
    )

    assert one(late, as_of="11-21").state == "active"
    assert holds([late], {}, day("11-19")) == {}


STEPS = plan("11-05", ("11-10", 500), ("11-20", 500), ("11-30", 500))


@pytest.mark.parametrize(
    ("as_of", "interest", "state"),
    [
        ("11-10", 3_000, "active"),
        ("11-11", 2_500, "active"),
        ("11-11", 2_501, "broken"),
        ("11-21", 2_000, "active"),
        ("11-21", 2_500, "broken"),
        ("12-01", 2_000, "broken"),
        ("11-21", 1_500, "fulfilled"),
        ("12-01", 1_500, "fulfilled"),
    ],
)
def test_a_plan_holds_while_each_step_is_covered_by_the_ledger(as_of: str, interest: int, state: str) -> None:
    assert one(STEPS, figures=ledger(as_of, interest=interest), as_of=as_of).state == state


def test_a_plan_is_kept_by_what_was_logged_as_well() -> None:
    payments = [paid("11-09", 500), paid("11-19", 500)]

    assert one(STEPS, *payments, figures=ledger("11-21"), as_of="11-21").state == "active"
    assert one(STEPS, *payments, figures=ledger("12-01"), as_of="12-01").state == "broken"
    assert one(STEPS, *payments, figures=ledger("12-01"), as_of="12-01").ended_on == day("11-30")


def test_a_ledger_older_than_the_step_cannot_break_a_plan() -> None:
    assert one(STEPS, figures=ledger("11-09"), as_of="11-12").state == "active"
    assert one(STEPS, as_of="11-12").state == "active"


def test_only_what_is_in_force_is_active() -> None:
    both = holds([hold("11-20", "illness", until="11-22"), hold("11-21", "dispute", hold_no="H2")], {}, day("11-25"))[
        "1"
    ]

    assert [held.reason for held in active(both)] == ["dispute"]
    assert "正在按计划还款（3期共1,500.00元）" in in_words(one(STEPS, as_of="11-06"))
