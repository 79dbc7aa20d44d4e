"""What is due and nobody touches: counted, grouped, and shown to whoever answers for it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ccm.model import Case, Duty, Entry, Hold, Note, Party, WorkItem
from ccm.rights.clock import Clock
from ccm.silence import Silence, Touch, by_manager, silences, touches
from ccm.units import plus_days

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from typer.testing import Result

TODAY = date(2026, 11, 23)


def day(ago: int) -> date:
    return plus_days(TODAY, -ago)


def case(loan_no: str, cents: int = 100, manager: str | None = "王敏") -> Case:
    return Case(
        loan_no, "loan", None, (Party("borrower", "张三"),), "person", manager, None, None, 0, 0, cents, 0, 1, 1, 0,
        "关注", day(1), None, None,
    )  # fmt: skip


def item(loan_no: str, ago: int = 40, *, holds: tuple[Hold, ...] = (), state: str = "overdue", **more: Any) -> WorkItem:  # noqa: ANN401
    duty = Duty("c", "C2", "首次催收", "phone", None, "张三", "borrower", day(ago), day(ago - 3), state, 0)  # type: ignore[arg-type]
    return WorkItem(case(loan_no, **more), (duty,), 1, 0.0, (), holds)


def clock(left: int) -> Clock:
    return Clock("1", "李四", "guarantor", "guarantee", "near", None, plus_days(TODAY, left), None, left)


def entry(kind: str, ago: int, loan_no: str = "1", by: str = "王敏", **facts: object) -> Entry:
    return Entry(1, "", by, Note(kind, day(ago), loan_no, facts=facts), "", "")


def silent(
    *items: WorkItem, touched: Mapping[str, Touch] | None = None, rights: Mapping[str, tuple[Clock, ...]] | None = None,
    days: int = 10,
) -> list[Silence]:  # fmt: skip
    return silences(items, touched or {}, rights or {}, lambda one: one.manager or "未分管", days, TODAY)


def test_work_touches_a_loan_and_what_a_triage_raises_does_not() -> None:
    entries = [
        entry("contact-call", 20),
        entry("warn-raised", 3),
        entry("revealed", 2),
        entry("letter-issued", 9, by="李强", loans=["1", "2"]),
        entry("handover", 1, "", loans=["1", "2"]),
        entry("note", -1),
        Entry(7, "", "王敏", Note("payment", day(4), "1"), "", ""),
        entry("payment-undone", 4, payment_seq=7),
    ]

    assert touches(entries, TODAY) == {"1": Touch(day(9), "李强"), "2": Touch(day(9), "李强")}


def test_silence_counts_from_the_last_work_and_not_from_before_anything_was_due() -> None:
    found = silent(item("1"), item("2"), item("3", 10), item("4", 9), touched={"2": Touch(day(15), "王敏"),
                   "3": Touch(day(90), "王敏")})  # fmt: skip

    assert {one.case.loan_no: one.days for one in found} == {"1": 40, "2": 15, "3": 10}


def test_nothing_due_is_no_silence() -> None:
    assert silent(item("1", state="upcoming"), item("2", state="done")) == []


def test_a_held_loan_is_quiet_by_agreement_unless_a_right_ends() -> None:
    hold = Hold("H1", "1", "plan", day(30), None, None, "王敏", "", (), "active")

    assert silent(item("1", holds=(hold,))) == []
    assert silent(item("1", holds=(hold,)), rights={"1": (clock(5),)})[0].held


def test_the_nearest_right_comes_first_then_the_largest_sum_and_managers_by_theirs() -> None:
    items = [item("1", cents=500, manager="甲"), item("2", cents=900, manager="乙"), item("3", cents=1, manager="甲")]

    groups = by_manager(silent(*items, rights={"3": (clock(60), clock(8))}))

    assert [(one.manager, [line.case.loan_no for line in one.lines]) for one in groups] == [
        ("甲", ["3", "1"]), ("乙", ["2"]),
    ]  # fmt: skip
    assert (groups[0].overdue_cents, groups[0].rights, groups[0].lines[0].days_left) == (501, 1, 8)


@given(st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 60))), st.integers(1, 30), st.integers(0, 30))
def test_asking_for_longer_silence_never_shows_more(loans: list[tuple[int, int | None]], days: int, more: int) -> None:
    items = [item(str(nth), ago) for nth, (ago, _) in enumerate(loans)]
    touched = {str(nth): Touch(day(ago), "王敏") for nth, (_, ago) in enumerate(loans) if ago is not None}

    short, long = (
        {one.case.loan_no for one in silent(*items, touched=touched, days=days)} for days in (days, days + more)
    )

    assert long <= short


LEDGER = """借据号,客户名称,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,客户经理,支行
0062001,张三,2028-06-30,50000,0,300,2026-10-01,王敏,青溪支行
0062002,李四,2028-06-30,90000,0,900,2026-10-01,李强,城关支行
"""


def test_a_call_ends_the_silence_and_the_receiver_answers_for_what_was_handed_over(
    ccm: Callable[..., Result], tmp_path: Path, clock: Callable[[str], None]
) -> None:
    clock("2026-11-20 10:05")
    (tmp_path / "ledger.csv").write_text(LEDGER, "utf-8")

    def ask(*words: object) -> dict[str, list[str]]:
        answer = json.loads(ccm("silence", "--days", "14", "--as-of", "2026-11-23", *words, "--json").stdout)
        return {one["manager"]: [line["loan_no"] for line in one["silent"]] for one in answer["managers"]}

    ccm("triage", tmp_path / "ledger.csv", "--as-of", "2026-11-23")
    assert ask() == {"李强": ["0062002"], "王敏": ["0062001"]}
    assert ask("--branch", "青溪支行") == {"王敏": ["0062001"]}

    ccm("log", "0062001", "call", "说周五还")
    assert ask() == {"李强": ["0062002"]}

    assert ccm("handover", "李强", "--to", "赵刚", "--as-of", "2026-11-22").exit_code == 0
    assert ask() == {"赵刚": ["0062002"]}
    assert ask("--manager", "李强") == {"赵刚": ["0062002"]}


def test_the_screen_fits_80_columns_and_the_export_has_every_line(ccm: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text(LEDGER, "utf-8")
    ccm("triage", tmp_path / "ledger.csv", "--as-of", "2026-11-23")

    shown = ccm("silence", "--as-of", "2026-11-23", "--export", tmp_path / "out.csv", COLUMNS="80").stdout

    from rich.cells import cell_len

    assert max(map(cell_len, shown.splitlines())) <= 80 + len(str(tmp_path))
    assert "从未" in shown
    assert (tmp_path / "out.csv").read_text("utf-8-sig").count("0062") == 2
    assert "没有该办而999天以上" in ccm("silence", "--days", "999", "--as-of", "2026-11-23").stdout
