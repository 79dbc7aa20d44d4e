"""`ccm clock`: the shape of its JSON, the screen's lines, and the calendar it writes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

HEAD = "借据号,借款人,贷款余额,逾期本金,逾期利息,逾期日期,到期日期,保证人,保证方式,保证合同签订日,保证期间,共同借款人\n"
ROWS = (
    "0062001,张三,50000,50000,800,2026-06-10,2026-06-10,李四,连带责任保证,2024-06-10,六个月,\n"
    "0062002,清水商贸有限公司,50000,50000,800,2024-01-10,2024-01-10,,,,,王五\n"
)
DAY = "2026-11-23"


@pytest.fixture
def ask(ccm: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run `ccm clock` on two loans."""
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(HEAD + ROWS, "utf-8")
    assert ccm("triage", ledger, "--as-of", DAY).exit_code == 0
    return lambda *words: ccm("clock", "--as-of", DAY, *words)


def test_the_json_has_the_keys_that_programs_rely_on(ask: Callable[..., Result]) -> None:
    answer = json.loads(ask("--json").stdout)
    first = answer["clocks"][0]

    assert {
        "loan_no": "0062001", "party": "李四", "role": "guarantor", "right": "guarantee", "started_on": "2026-06-10",
        "ends_on": "2026-12-10", "legal_ends_on": "2026-12-10", "days_left": 17, "state": "near",
        "basis": [{"event": "due", "on": "2026-06-10", "proof": "", "grade": None, "worth": "starts", "party": None,
                   "letter_no": None}],
    }.items() <= first.items()  # fmt: skip
    assert {one["state"] for one in answer["clocks"]} <= {"safe", "near", "lost", "unproved"}
    assert {(one["right"], *one["missing"]) for one in answer["off"]} == {("mortgage", "collateral")}


def test_within_leaves_what_can_still_be_saved_in_those_days(ask: Callable[..., Result]) -> None:
    shown = {(one["right"], one["party"]) for one in json.loads(ask("--within", "60", "--json").stdout)["clocks"]}

    assert shown == {("guarantee", "李四"), ("limitation", "清水商贸有限公司"), ("limitation", "王五")}


def test_a_line_says_which_right_whose_which_day_and_what_to_do(ask: Callable[..., Result]) -> None:
    lines = ask("--within", "60").stdout.splitlines()

    assert lines[1].split() == ["17天", "2026-12-10", "保证期间", "担保人李四", "0062001", "张三"]
    assert lines[2].strip().startswith("→发函请求承担，送达保证人本人，退信就来不及了")
    assert lines[3].split()[2:4] == ["诉讼时效", "借款人清水商贸有限公司、共同借款人王五"]


def test_a_year_without_published_holidays_is_not_moved(ask: Callable[..., Result]) -> None:
    shown = ask("--loan", "0062001").stdout

    assert "2029-06-10届满" in shown
    assert "该年的放假安排没有公布，不顺延" in shown


def test_a_year_of_which_the_exchanged_days_are_not_known_is_provisional(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    """2027-02-28 is a Sunday, which 2027 may yet exchange; 2026 is announced."""
    (tmp_path / "l.csv").write_text(
        "借据号,客户名称,到期日期,贷款余额,拖欠本金,本金逾期日期,保证人,保证方式,保证期间\n"
        "1,张三,2026-08-28,100,100,2026-08-28,李四,连带责任保证,六个月\n"
        "2,王五,2026-04-30,100,100,2026-04-30,赵六,连带责任保证,六个月\n",
        "utf-8",
    )
    ccm("triage", tmp_path / "l.csv", "--as-of", "2026-10-10")

    assert "依法顺延到2027-03-01（暂定：2027年的调休还没有公布，不要等到那天）" in ccm("clock", "--loan", "1").stdout
    assert "暂定" not in ccm("clock", "--loan", "2").stdout.split("诉讼时效")[0]


def test_the_calendar_holds_whole_days_alarms_and_no_names(ask: Callable[..., Result], tmp_path: Path) -> None:
    from icalendar import Calendar

    file = tmp_path / "期间.ics"
    assert ask("--within", "60", "--ics", file).exit_code == 0
    content = file.read_bytes()
    events: Any = Calendar.from_ical(content).walk("VEVENT")

    assert [one["DTSTART"].dt for one in events] == [date(2026, 12, 10), date(2027, 1, 10), date(2027, 1, 10)]
    assert all(one["DTSTART"].params["VALUE"] == "DATE" for one in events)
    assert [str(one["SUMMARY"]) for one in events] == [
        "保证期间届满 0062001 担保人（借款人张某）",
        "诉讼时效届满 0062002 借款人某单位",
        "诉讼时效届满 0062002 共同借款人（借款人某单位）",
    ]
    rings = [timedelta(days=-days, hours=9) for days in (90, 60, 45, 30, 15)]
    assert [one["TRIGGER"].dt for one in events[0].walk("VALARM")] == rings
    assert len({str(one["UID"]) for one in events}) == 3
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert not any(name in content.decode() for name in ("张三", "李四", "王五", "清水商贸"))


def test_what_has_passed_is_said_to_be_lost(ask: Callable[..., Result], ccm: Callable[..., Result]) -> None:
    del ask
    shown = ccm("clock", "--as-of", "2027-01-12").stdout

    assert "已丧失：发函不能恢复" in shown
    assert [line.split()[:3] for line in shown.splitlines() if "李四" in line] == [["过33天", "2026-12-10", "保证期间"]]


SILENT = (
    "0062003,赵六,50000,50000,800,2026-05-20,2026-05-20,孙七,,,,\n"
    "0062004,钱八,50000,50000,800,2026-05-20,2026-05-20,周九,连带责任保证,,,\n"
)
"""Two guarantees of which the ledger says no period, of one not even the kind: six months end on 2026-11-20."""


@pytest.fixture
def silent(ccm: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run a command on those two loans, three days later."""
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(HEAD + SILENT, "utf-8")
    assert ccm("triage", ledger, "--as-of", DAY).exit_code == 0
    return lambda *words: ccm(*words, "--as-of", DAY)


def test_a_day_that_may_have_passed_is_said_so_and_no_act_too_late_is_advised(
    silent: Callable[..., Result], tmp_path: Path
) -> None:
    shown, chain = silent("clock", "--within", "60").stdout, silent("clock", "--loan", "0062004").stdout
    silent("clock", "--within", "60", "--ics", tmp_path / "期间.ics")
    calendar = (tmp_path / "期间.ics").read_bytes().replace(b"\r\n ", b"").decode()
    states = {one["state"] for one in json.loads(silent("clock", "--within", "60", "--json").stdout)["clocks"]}

    assert shown.splitlines()[0] == f"{DAY} 权利的期间：可能已过2项"
    acts = [line.strip() for line in shown.splitlines() if "→" in line]
    assert set(acts) == {"→可能已过3天，先核对合同和送达证据", "→可能已过3天，先核对合同和送达证据　另有读法"}
    assert "可能已过　2026-11-20届满，已过3天" in chain
    assert "要做：先核对合同和送达证据" in chain
    assert not any("发函请求" in one or "将届满" in one for one in (shown, chain, calendar))
    assert states == {"near"}


def test_a_day_to_sue_that_passed_is_overdue_wherever_it_is_shown(
    silent: Callable[..., Result], ccm: Callable[..., Result], tmp_path: Path
) -> None:
    words = "应于2026-11-20前起诉（孙七），已过，先核对"
    lines = {
        one["loan_no"]: one
        for one in json.loads(ccm("triage", tmp_path / "ledger.csv", "--as-of", DAY, "--json").stdout)["loans"]
    }
    [duty] = [one for one in lines["0062003"]["duties"] if one["id"].startswith("right-")]
    screen = ccm("triage", tmp_path / "ledger.csv", "--as-of", DAY, "--export", tmp_path / "清单.csv").stdout
    exported = (tmp_path / "清单.csv").read_text("utf-8-sig")

    assert (duty["state"], duty["due_on"], duty["title"]) == ("overdue", "2026-11-20", words)
    assert "应于2026-11-20前起诉" in screen
    assert "11-20前 " not in screen
    assert f"民法典692、693 {words}（赵六） 已过期" in exported
    assert f"{words}·民法典692、693；" in "".join(silent("silence").stdout.split())
