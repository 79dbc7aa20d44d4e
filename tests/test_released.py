"""Is this guarantee over? One answer, by the counted clock, for letters, calls, messages, visits, post and the day."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccm.claims import duties as of_rights
from ccm.duties import duties, missed
from ccm.model import Case, Party
from ccm.rights.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.policy import Policy

HEAD = (
    "借据号,客户名称,证件号码,联系电话,联系地址,合同号,到期日期,贷款余额,拖欠本金,本金逾期日期,拖欠利息,最早欠息日期,"
    "客户经理,支行,提前到期条款,保证人1,保证人1电话,保证人1地址,保证方式,保证期间届满日\n"
)
LIVE = (
    "0062001,张三,11010519491231002X,13800001111,清水县柳溪镇石桥村9组13号,借字1号,2027-06-30,50000,0,,300,2026-09-15,"
    "王敏,青溪支行,第八条,李四,13900002222,清水县城关街道解放社区2组5号,连带责任保证,2026-11-22\n"
)
"""Its guarantee is agreed to end before the debt falls due, which counts as not agreed (民法典692): it lasts."""
OVER = (
    "0062002,王五,110101198506152395,13700003333,清水县柳溪镇石桥村10组2号,借字2号,2026-05-01,90000,90000,2026-05-01,0,,"
    "王敏,青溪支行,第八条,赵六,13600004444,清水县城关街道解放社区4组4号,连带责任保证,2026-11-02\n"
)
"""Its guarantee ended six months after the debt fell due, and nobody claimed it."""
DAY = "2026-11-23"


@pytest.fixture
def ask(ccm: Callable[..., Result], tmp_path: Path, clock: Callable[[str], None]) -> Callable[..., Any]:
    """Return how to run a command on the two loans on a day, for its JSON or, told so, for what it prints."""
    clock(f"{DAY} 09:05")
    (tmp_path / "ledger.csv").write_text(HEAD + LIVE + OVER, encoding="utf-8")
    (tmp_path / "ccm.toml").write_text('[bank]\nname = "清水农商银行"\nphone = "0000-5550123"\n', encoding="utf-8")

    def run(*words: object, day: str = DAY, shown: bool = False) -> Any:  # noqa: ANN401 - JSON or text
        result = ccm(*words, "--as-of", day, *([] if shown else ["--json"]))
        assert result.exit_code in {0, 4}, result.output
        return result.stdout if shown else json.loads(result.stdout)

    run("triage", tmp_path / "ledger.csv")
    return run


def test_an_end_agreed_before_the_debt_falls_due_is_none_for_every_command(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    issued = {one["party"] for one in ask("letters", "--catch-up")["issued"]}

    assert "李四" in issued
    assert "李四" in {one["party"] for one in ask("calls")["calls"]}
    assert "李四" in {one["party"] for one in ask("sms", "--dry-run")["messages"]}
    assert {"李四"} & people(ask("visit", "--due")["areas"])
    assert "李四" in {one["party"] for one in ask("day")["calls"]}
    assert ask("post", "check", tmp_path / "ledger.csv")["stop"] == []


def test_a_guarantor_who_is_released_is_left_alone_by_every_command(ask: Callable[..., Any], tmp_path: Path) -> None:
    lines = {one["loan_no"]: one for one in ask("triage", tmp_path / "ledger.csv")["loans"]}
    visit, day = ask("visit", "--due"), ask("day")

    assert lines["0062002"]["released"] == [{"party": "赵六", "role": "guarantor", "on": "2026-11-02"}]
    assert lines["0062001"]["released"] == []
    assert "赵六" not in {duty["party"] for duty in lines["0062002"]["duties"]}
    assert {"borrower"} == {duty["role"] for duty in lines["0062002"]["duties"]}
    assert "赵六" not in people(visit["areas"])
    assert "赵六" not in json.dumps(day, ensure_ascii=False)
    assert {one["party"]: one["reason"] for one in ask("calls")["left_out"]} == {
        "赵六": "保证期间已于2026-11-02届满，不能再要求承担"
    }
    assert "赵六" not in {one["party"] for one in ask("sms", "--dry-run")["messages"]}


def test_where_all_letters_are_out_none_is_said_to_be_lacking(ask: Callable[..., Any]) -> None:
    refused = {one["party"]: one["reason"] for one in ask("letters", "--catch-up")["skipped"]}

    assert "保证期间已于2026-11-02届满" in refused["赵六"]
    assert "没有签发" not in ask("visit", "--due", shown=True)
    assert "该发未签发" not in ask("day", shown=True)


def test_the_case_and_the_reasons_say_why(ask: Callable[..., Any]) -> None:
    assert "担保人赵六（保证期间已于2026-11-02届满，不再催收）" in ask("case", "0062002", shown=True)
    assert "担保人赵六（保证期间已过）" in ask("why", "0062002", shown=True)


def test_the_plan_for_the_borrower_warns_of_the_released_guarantor(ask: Callable[..., Any], tmp_path: Path) -> None:
    from docx import Document

    folder = ask("visit", "0062002")["packs"][0]["folder"]
    made = Document(str(tmp_path / folder / "谈话提纲.docx"))
    text = "\n".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)

    assert "保证期间已于2026-11-02届满，不要求承担" in text
    assert "按合同约定您要承担保证责任" not in text


def test_a_letter_written_in_time_must_not_be_posted_after_the_end(ask: Callable[..., Any], tmp_path: Path) -> None:
    issued = ask("letters", "--catch-up", "--loan", "0062002", day="2026-11-02")["issued"]
    number = next(one["letter_no"] for one in issued if one["party"] == "赵六")

    stopped = {one["letter_no"]: one["reasons"] for one in ask("post", "check", tmp_path / "ledger.csv")["stop"]}

    assert "保证期间已于2026-11-02届满，寄出也不能恢复保证责任" in stopped[number]


def people(areas: list[dict[str, Any]]) -> set[str]:
    return {one["party"] for area in areas for door in area["doors"] for one in door["people"]}


CASE = Case(
    "1", "loan", None, (Party("borrower", "张三"), Party("guarantor", "李四", released_on=date(2026, 11, 2))), "person",
    None, None, date(2026, 5, 1), 0, 100, 0, 62, 0, 62, 60, "关注", date(2026, 9, 22), None, None,
)  # fmt: skip


def test_what_was_owed_to_the_released_is_released_and_what_was_done_stays_done(policy: Policy) -> None:
    done = {"1": {("loan-visit", "guarantor", "李四"): date(2026, 11, 1)}}
    found = {
        (one.id, one.party): one.state
        for one in duties(CASE, policy, date(2026, 11, 23), done)
        if one.id in {"loan-visit", "loan-guarantor-letter"}
    }

    assert found == {
        ("loan-visit", "张三"): "overdue",
        ("loan-visit", "李四"): "done",
        ("loan-guarantor-letter", "李四"): "released",
    }
    assert missed(CASE, policy, date(2026, 11, 23)) == missed(CASE, policy, date(2026, 11, 23), {"1": {}})


def test_a_day_to_sue_that_has_passed_is_overdue_and_says_to_look_first() -> None:
    def owed(ends_on: date, legal_ends_on: date | None, as_of: date) -> tuple[str, str, date]:
        left = (ends_on - as_of).days
        clock = Clock("1", "李四", "guarantor", "guarantee", "near", None, ends_on, legal_ends_on, left, act="suit")
        [duty] = of_rights([clock], CASE, as_of)
        assert duty.names_day
        return duty.state, duty.title, duty.due_on

    on, monday = date(2026, 11, 21), date(2026, 11, 23)

    assert owed(on, monday, date(2026, 11, 20)) == ("due", "起诉，2026-11-21前（李四）", on)
    assert owed(on, monday, monday) == ("due", "起诉，2026-11-23前（李四）", monday)
    assert owed(on, monday, date(2026, 11, 24)) == ("overdue", "应于2026-11-21前起诉（李四），已过，先核对", on)
