from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.promises import promised, promises
from journal_words import day, entry, ledger, paid, promise, undone


def states(*entries: object, figures: object = None, as_of: str = "11-28") -> list[str]:
    found = promises(entries, figures or {}, day(as_of))  # type: ignore[arg-type]
    return [one.state for one in found.get("1", ())]


def test_a_promise_waits_until_its_day() -> None:
    made = promise("11-23", "11-27")

    assert states(made, figures=ledger("11-26"), as_of="11-26") == ["open"]
    assert states(made, figures=ledger("11-27"), as_of="11-27") == ["due"]


def test_the_next_ledger_breaks_a_promise_that_was_not_kept() -> None:
    assert states(promise("11-23", "11-27"), figures=ledger("11-28")) == ["broken"]


def test_a_ledger_older_than_the_day_cannot_tell() -> None:
    assert states(promise("11-23", "11-27"), figures=ledger("11-26")) == ["due"]
    assert states(promise("11-23", "11-27")) == ["due"]


@pytest.mark.parametrize(
    "figures",
    [
        ledger("11-28", interest=1_000),
        ledger("11-28", balance=48_000),
        ledger("11-28", balance=49_000, interest=2_000),
        ledger("11-28", interest=0),
    ],
    ids=["interest fell", "balance fell", "both fell", "nothing is overdue any more"],
)
def test_the_ledger_keeps_a_promise(figures: object) -> None:
    assert states(promise("11-23", "11-27"), figures=figures) == ["kept"]


def test_what_was_logged_keeps_a_promise_that_new_interest_would_hide() -> None:
    grown = ledger("11-28", interest=3_500)

    assert states(promise("11-23", "11-27"), paid("11-26", 1_500), paid("11-27", 500), figures=grown) == ["kept"]
    assert states(promise("11-23", "11-27"), paid("11-26", 1_500), figures=grown) == ["broken"]


def test_a_payment_before_the_promise_does_not_keep_it() -> None:
    before = paid("11-23", 2_000)

    assert states(before, promise("11-23", "11-27"), figures=ledger("11-28")) == ["broken"]


def test_a_promise_put_off_before_its_day_is_replaced_and_after_it_is_broken() -> None:
    first, off, late = promise("11-20", "11-23"), promise("11-23", "11-27"), promise("11-24", "11-27")

    assert states(first, off, figures=ledger("11-25"), as_of="11-25") == ["replaced", "open"]
    assert states(first, late, figures=ledger("11-25"), as_of="11-25") == ["broken", "open"]


def test_money_that_came_after_a_new_promise_does_not_mend_the_old_one() -> None:
    old, new = promise("11-16", "11-20"), promise("11-23", "11-27")

    assert states(old, new, figures=ledger("11-28", interest=1_000)) == ["broken", "kept"]


def test_what_happened_later_is_not_looked_at() -> None:
    made = [promise("11-16", "11-20"), promise("11-23", "11-27"), paid("11-26", 2_000)]

    assert states(*made, figures=ledger("11-19"), as_of="11-19") == ["open"]


def test_the_order_of_the_list_looks_at_each_partys_last_word() -> None:
    entries = [promise("11-16", "11-20"), promise("11-23", "11-25"), entry("note", "11-24", text="x")]
    other = promise("11-23", "11-27", party="李四")
    found = promises([*entries, other], ledger("11-27"), day("11-27"))["1"]

    assert [one.state for one in found] == ["broken", "broken", "due"]
    assert (promised(found).broken, promised(found).due) == (1, 1)


@given(st.integers(1, 5_000), st.integers(0, 5_000), st.integers(0, 5_000))
def test_a_promise_is_kept_just_when_the_larger_of_log_and_ledger_covers_it(owed: int, logged: int, fell: int) -> None:
    entries = [promise("11-23", "11-27", owed), *([paid("11-25", logged)] if logged else [])]
    state = states(*entries, figures=ledger("11-28", balance=50_000 - fell))

    assert state == ["kept" if max(logged, fell) >= owed else "broken"]


LI: dict[str, Any] = {"party": "李四", "role": "guarantor"}


def test_one_payment_keeps_one_promise_the_oldest() -> None:
    mine, his, came = promise("11-23", "11-27"), promise("11-24", "11-27", **LI), paid("11-26", 2_000)

    assert states(mine, his, came, figures=ledger("11-28")) == ["kept", "broken"]
    assert states(his, mine, came, figures=ledger("11-28")) == ["kept", "broken"]
    assert states(mine, his, figures=ledger("11-28", interest=1_000)) == ["kept", "broken"]
    assert states(mine, his, came, figures=ledger("11-28", interest=1_000)) == ["kept", "broken"]
    assert states(mine, his, came, paid("11-26", 2_000), figures=ledger("11-28")) == ["kept", "kept"]


def test_who_is_named_as_payer_keeps_their_own_promise_first_and_then_the_oldest() -> None:
    mine, his = promise("11-23", "11-27"), promise("11-24", "11-27", **LI)

    assert states(mine, his, paid("11-26", 2_000, **LI), figures=ledger("11-28")) == ["broken", "kept"]
    assert states(mine, his, paid("11-26", 4_000, **LI), figures=ledger("11-28")) == ["kept", "kept"]
    assert states(mine, paid("11-26", 2_000, **LI), figures=ledger("11-28")) == ["kept"]
    later = promise("11-25", "11-27")
    assert states(his, later, paid("11-26", 2_000), figures=ledger("11-28")) == ["kept", "broken"]
    assert states(his, later, paid("11-26", 2_000, named=True), figures=ledger("11-28")) == ["broken", "kept"]


def test_a_payment_that_was_taken_back_keeps_nothing() -> None:
    wrong = paid("11-26", 2_000)

    assert states(promise("11-23", "11-27"), wrong, undone(wrong), figures=ledger("11-28")) == ["broken"]


PEOPLE = ("张三", "李四", "王五")


@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(20, 27), st.integers(1, 5_000)), min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from((*PEOPLE, "")), st.integers(20, 28), st.integers(1, 9_000)), max_size=6),
    st.integers(0, 3_000),
)
def test_promises_never_use_more_than_was_paid_and_leave_nothing_that_one_could_use(
    said: list[tuple[str, int, int]], came: list[tuple[str, int, int]], fell: int
) -> None:
    made = [promise(f"11-{on}", "11-29", yuan, party=who) for who, on, yuan in said]
    money = [paid(f"11-{on}", yuan, party=who or "张三", named=bool(who)) for who, on, yuan in came]

    found = promises([*made, *money], ledger("11-28", interest=3_000 - fell), day("11-28"))["1"]

    assert sum(one.paid_cents for one in found) <= max(fell, sum(yuan for _, _, yuan in came)) * 100
    assert all(one.paid_cents <= one.amount_cents for one in found)
    last = max(on for _, on, _ in said)
    if len({who for who, _, _ in said}) == len(said):
        logged = sum(yuan for _, on, yuan in came if on > last)
        whole = min(sum(yuan for _, _, yuan in said), logged)
        assert sum(one.paid_cents for one in found) >= whole * 100
