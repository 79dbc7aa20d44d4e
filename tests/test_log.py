"""Days played through: what is logged, what the next triage makes of it, what letters do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

HEAD = (
    "借据号,客户名称,证件号码,联系电话,联系地址,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,客户经理,支行,合同号,"
    "担保方式,保证人1,保证人1证件号码,保证人1电话,保证人1地址,累计逾期次数\n"
)
ZHANG = (
    "{no},{name},11010519491231002X,13800001111,清水县青溪镇1号,2027-06-30,{balance},0,{interest},2026-10-{since},王敏,青溪支行,"
    "借字1号,保证,李四,,13900002222,清水县青溪镇2号,{past}\n"
)


class Bank:
    """One workspace played through by day; each day begins with a triage."""

    def __init__(self, ccm: Callable[..., Result], clock: Callable[[str], None], place: Path) -> None:
        self.ccm, self.clock, self.place = ccm, clock, place

    def morning(
        self, day: str, *, interest: str = "300.00", balance: str = "50000", since: str = "20"
    ) -> dict[str, Any]:
        """Read the day's ledger: two loans, 0062001 with the figures given; return its line of the list."""
        self.clock(f"2026-{day} 08:30")
        first = ZHANG.format(no="0062001", name="张三", balance=balance, interest=interest, since=since, past=0)
        other = ZHANG.format(no="0062002", name="王五", balance=50000, interest="290.00", since=since, past=0)
        path = self.place / "ledger.csv"
        path.write_text(HEAD + first + other, encoding="utf-8")
        result = self.ccm("triage", path, "--as-of", f"2026-{day}", "--json")
        assert result.exit_code == 0, result.output
        loans: list[dict[str, Any]] = json.loads(result.stdout)["loans"]
        return next(loan for loan in loans if loan["loan_no"] == "0062001")

    def log(self, *words: str, code: int = 0, loan: str = "0062001") -> dict[str, Any]:
        """Log something and return what was recorded."""
        result = self.ccm("log", loan, *words, "--json")
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def letters(self, *words: str) -> dict[str, Any]:
        """Issue 0062001's letters and return the answer."""
        result = self.ccm("letters", "--loan", "0062001", "--catch-up", *words, "--json")
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def case(self, day: str) -> dict[str, Any]:
        """Return the case as of a day."""
        answer: dict[str, Any] = json.loads(self.ccm("case", "0062001", "--as-of", f"2026-{day}", "--json").stdout)
        return answer


@pytest.fixture
def bank(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Bank:
    return Bank(ccm, clock, tmp_path)


def open_duties(loan: dict[str, Any], channel: str, party: str) -> list[str]:
    return [
        duty["id"]
        for duty in loan["duties"]
        if (duty["channel"], duty["party"]) == (channel, party) and duty["state"] in {"due", "overdue"}
    ]


def test_one_call_does_every_phone_duty_of_the_party_that_has_arisen(bank: Bank) -> None:
    before = bank.morning("11-23")

    answer = bank.log("call", "说周五卖了猪就还")
    after = bank.morning("11-23")

    assert open_duties(before, "phone", "张三") == ["loan-remind-phone", "loan-first-collection", "loan-continue"]
    assert len(answer["recorded"]) == 1
    assert len(answer["recorded"][0]["does"]) == 3
    assert open_duties(after, "phone", "张三") == []
    assert open_duties(after, "phone", "李四") == ["loan-continue"]


@pytest.mark.parametrize("words", [["--no-answer"], ["没接"], ["关机"], ["挂断"], ["他人接", "其妻接听，请转告"]])
def test_a_call_that_did_not_reach_the_party_is_kept_and_does_nothing(bank: Bank, words: list[str]) -> None:
    bank.morning("11-23")

    answer = bank.log("call", *words)

    assert answer["recorded"][0]["does"] == []
    assert open_duties(bank.morning("11-23"), "phone", "张三")


def test_a_promise_is_due_on_its_day_and_broken_by_the_next_triage(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("promise", "200", "周五", "卖了猪就还")

    waiting, due, broken = bank.morning("11-26"), bank.morning("11-27"), bank.morning("11-28")

    assert not any("承诺" in reason for reason in waiting["reasons"])
    assert any("1项承诺到期" in reason for reason in due["reasons"])
    assert any("1项承诺未履行" in reason for reason in broken["reasons"])
    assert due["priority"] > waiting["priority"] + 20
    assert [promise["state"] for promise in bank.case("11-28")["promises"]] == ["broken"]


def test_a_promise_becomes_a_call_to_make_on_its_day(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("call", "承诺", "200", "周五")

    due = bank.morning("11-27")
    assert open_duties(due, "phone", "张三") == ["promise-2026-11-27"]
    bank.log("call", "说下午去存")

    assert open_duties(bank.morning("11-27"), "phone", "张三") == []


def test_a_promise_is_kept_by_the_figures_of_the_next_triage(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("promise", "200", "周五")

    kept = bank.morning("11-28", interest="100.00")

    assert not any("承诺" in reason for reason in kept["reasons"])
    promise = bank.case("11-28")["promises"][0]
    assert (promise["state"], promise["paid"]) == ("kept", "200.00")


def test_a_promise_is_kept_by_a_payment_that_was_logged(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("promise", "200", "周五")
    bank.clock("2026-11-27 16:00")
    bank.log("payment", "200", "看到短信回执")

    bank.morning("11-28", interest="310.00")

    assert bank.case("11-28")["promises"][0]["state"] == "kept"


def test_a_plan_kept_two_steps_stops_letters_and_broken_at_the_third_lets_them_go(bank: Bank) -> None:
    bank.morning("11-23", since="20")
    bank.log("plan", "11-25:100", "11-28:100", "12-02:50", "每次发了工资还")

    states = {}
    for day, interest in (("11-24", "300.00"), ("11-26", "200.00"), ("11-29", "100.00"), ("12-03", "100.00")):
        loan = bank.morning(day, interest=interest)
        states[day] = (loan["holds"][0]["state"], bool(bank.letters()["issued"]))

    assert states == {
        "11-24": ("active", False),
        "11-26": ("active", False),
        "11-29": ("active", False),
        "12-03": ("broken", True),
    }
    assert any("未履行" in reason for reason in loan["reasons"])


def test_a_plan_that_leaves_part_of_the_arrears_open_says_how_much(bank: Bank) -> None:
    bank.morning("11-23")

    [short] = bank.log("plan", "12-05:100", "01-05:100")["findings"]

    assert "计划共200.00元，逾期本息300.00元，还有100.00元没有安排" in short["message"]
    assert bank.log("plan", "12-05:100", "01-05:200")["findings"] == []


def test_a_case_shows_what_was_logged_since_the_last_triage(bank: Bank) -> None:
    bank.morning("11-23")
    bank.clock("2026-11-25 10:00")
    bank.log("call", "说周五还")

    shown = json.loads(bank.ccm("case", "0062001", "--json").stdout)

    assert [one["on"] for one in shown["timeline"] if one["kind"] == "contact-call"] == ["2026-11-25"]
    assert shown["as_of"] == "2026-11-23"
    assert all(one["kind"] != "contact-call" for one in bank.case("11-24")["timeline"])


def test_more_than_all_that_is_owed_is_refused_until_somebody_insists(bank: Bank) -> None:
    bank.morning("11-23")
    refused = bank.ccm("log", "0062001", "payment", "50300.01")

    assert refused.exit_code == 3
    assert "还款50,300.01元比全部欠款50,300.00元还多" in refused.output
    assert "--yes" in refused.output
    assert bank.log("payment", "50300.01", "--yes")["recorded"][0]["kind"] == "payment"


def test_what_was_logged_since_the_ledger_is_no_more_owed(bank: Bank) -> None:
    bank.morning("11-23")
    bank.clock("2026-11-24 10:00")
    bank.log("payment", "50000")

    refused = bank.ccm("log", "0062001", "payment", "50000")

    assert "比全部欠款300.00元还多" in refused.output
    assert "50,000.00元（2026-11-24）" in refused.output


def test_a_payment_that_was_logged_by_mistake_is_taken_back_and_stays_on_record(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("promise", "200", "周五")
    bank.clock("2026-11-26 10:00")
    paid = bank.log("payment", "2000")["recorded"][0]
    number = paid["text"].rpartition("编号")[2]

    undone = bank.log("undo", number, "--reason", "多打了一个零")["recorded"][0]
    bank.morning("11-28")
    case = bank.case("11-28")

    assert (undone["title"], undone["on"]) == ("撤回还款", "2026-11-26")
    assert case["promises"][0]["state"] == "broken"
    assert [one["text"] for one in case["timeline"] if "还款" in one["title"]] == [
        f"2,000.00元，编号{number}（已撤回）", f"2,000.00元，多打了一个零，编号{number}",
    ]  # fmt: skip
    again = bank.ccm("log", "0062001", "undo", number, "--reason", "再撤")
    assert again.exit_code == 3
    assert "已经撤回" in again.output


def test_a_payment_that_the_ledger_cannot_show_yet_is_told_before_a_letter_goes(bank: Bank) -> None:
    (bank.place / "ccm.toml").write_text('[bank]\nname = "清水农商银行"\n', encoding="utf-8")
    bank.morning("11-23")
    bank.clock("2026-11-24 10:00")
    first = bank.log("payment", "50")["recorded"][0]
    numbers = [bank.letters()["issued"][0]["letter_no"]]

    def told() -> list[str]:
        again = json.loads(bank.ccm("letters", "reissue", numbers[-1], "--reason", "重打", "--json").stdout)
        numbers.append(again["issued"][0]["letter_no"])
        return [one["message"] for one in again["findings"] if one["code"] == "paid-unposted"]

    def stopped(day: str) -> str:
        return bank.ccm("post", "check", bank.place / "ledger.csv", "--as-of", day).output

    assert "登记了还款50.00元（2026-11-24），台账还没有，寄前先核对" in stopped("2026-11-23")
    assert ["登记了还款50.00元（2026-11-24），台账（2026-11-23）还没有" in one for one in told()] == [True]
    assert "登记了还款" not in stopped("2026-11-24")
    bank.log("undo", first["text"].rpartition("编号")[2], "--reason", "登错")
    assert "登记了还款" not in stopped("2026-11-23")
    assert told() == []


def test_a_dispute_stops_letters_until_it_is_answered(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("dispute", "利息多算两个月")

    stopped = bank.letters()
    late = bank.morning("12-09")
    bank.log("lift", "已书面答复，利息无误")
    gone = bank.letters()

    assert stopped["issued"] == []
    assert all("异议：2026-11-23起，应于2026-12-08前答复" in one["reason"] for one in stopped["skipped"])
    assert (late["holds"][0]["state"], late["holds"][0]["unanswered"]) == ("active", True)
    assert {one["party"] for one in gone["issued"]} == {"张三", "李四"}
    assert bank.case("12-09")["holds"][0]["state"] == "lifted"


def test_a_letter_goes_out_despite_a_hold_for_a_reason_that_is_kept(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("hardship", "鱼塘受灾")

    issued = bank.letters("--despite", "保证期间月底届满")["issued"]

    assert {one["party"] for one in issued} == {"张三", "李四"}
    lines = bank.ccm("journal", "export").stdout.splitlines()
    kept = [json.loads(line)["facts"]["despite"] for line in lines if '"letter-issued"' in line]
    assert all(reason.startswith("保证期间月底届满（困难：") for reason in kept)
    assert any("暂停中仍发：保证期间月底届满" in one["text"] for one in bank.case("11-23")["timeline"])


def test_no_letter_is_written_to_the_dead_whatever_the_reason(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("state", "死亡", "村委会证明", "--to", "李四")

    answer = bank.letters("--despite", "照旧")

    assert [one["party"] for one in answer["issued"]] == ["张三"]
    refused = next(one for one in answer["skipped"] if one["party"] == "李四")
    assert "遗产管理人" in refused["reason"]
    bank.log("state", "正常", "登错了人", "--to", "李四")
    assert [one["party"] for one in bank.letters()["issued"]] == ["李四"]


def test_a_state_follows_the_identity_number_into_other_loans(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("state", "失踪", "--to", "张三")

    plan = json.loads(bank.ccm("letters", "--dry-run", "--loan", "0062002", "--json").stdout)

    assert any("下落不明" in one["reason"] for one in plan["skipped"] if one["party"] == "王五")


def test_a_visit_by_two_does_the_duty_and_by_one_does_not(bank: Bank) -> None:
    bank.morning("11-23")

    alone = bank.log("visit", "没见到", "--by", "王敏", code=4)
    still = open_duties(bank.morning("11-23"), "visit", "张三")
    together = bank.log("visit", "见到", "答应月底还", "--by", "王敏、李强", "--saw", "收入:中", "--saw", "装修:差")

    assert [one["code"] for one in alone["findings"]] == ["visit-alone"]
    assert still == ["loan-visit"]
    assert open_duties(bank.morning("11-23"), "visit", "张三") == []
    texts = [alone["recorded"][0]["text"], together["recorded"][0]["text"]]
    assert ["V20261123-1" in texts[0], "V20261123-2" in texts[1]] == [True, True]
    assert "仅供参考" in together["recorded"][0]["detail"][-1]


def test_what_is_logged_as_of_a_day_counts_its_relative_days_from_there(bank: Bank) -> None:
    bank.morning("11-23")
    bank.clock("2026-11-26 10:00")
    at = ("--as-of", "2026-11-23")

    call = bank.log("call", "承诺", "5000", "明天", *at)["recorded"]
    yesterday = bank.log("note", "说了", "--on", "昨天", *at)["recorded"][0]
    ahead = bank.ccm("log", "0062001", "payment", "10", "--on", "2026-11-24", *at)

    assert {one["on"] for one in call} == {"2026-11-23"}
    assert any("11-24" in one["text"] for one in call)
    assert call[0]["at"] == ""
    assert yesterday["on"] == "2026-11-22"
    assert (ahead.exit_code, "2026-11-24" in ahead.stderr) == (3, True)


def test_a_visit_that_could_not_be_recorded_says_why_and_lacks_no_recording(bank: Bank) -> None:
    """V5: the recording where possible."""
    bank.morning("11-23")
    why = ("--no-recording", "对方不同意录音")
    told = bank.log("visit", "见到", "--by", "王敏、李强", *why)["recorded"][0]["text"]
    bank.log("visit", "见到", "--by", "王敏、李强", "--at", "8:10")

    checked = json.loads(bank.ccm("archive-check", "--json").stdout)["cases"][0]["visits"]
    advice = "".join(bank.ccm("archive-check").stdout.split())

    photos = ["photo_gate", "photo_door"]
    assert [one["missing"] for one in checked] == [photos, ["recording", *photos]]
    assert "没有录音：对方不同意录音" in told
    assert "--no-recording原因" in advice


def test_a_call_at_five_past_ten_at_night_is_recorded_with_a_finding(bank: Bank) -> None:
    bank.morning("11-23")
    bank.clock("2026-11-23 22:06")

    answer = bank.log("call", "说明天回电", "--at", "22:05", code=4)

    assert [one["code"] for one in answer["findings"]] == ["contact-quiet"]
    assert "22:05在不联系的时段里" in answer["findings"][0]["message"]
    assert answer["recorded"][0]["at"] == "22:05"
    assert len(answer["recorded"][0]["does"]) == 3


def test_the_fourth_talk_of_a_day_is_told_whatever_the_loan_and_the_number(bank: Bank) -> None:
    bank.morning("11-23")
    three = [bank.log("call", loan=loan) for loan in ("0062001", "0062002", "0062001")]

    fourth = bank.log("call", "--number", "0731-5551234", loan="0062002", code=4)
    other = bank.log("call", "--to", "李四")

    assert [one["findings"] for one in [*three, other]] == [[]] * 4
    assert [one["code"] for one in fourth["findings"]] == ["contact-too-many"]
    assert "今天已经联系上" in fourth["findings"][0]["message"]
    assert "11010519491231002X" not in fourth["findings"][0]["message"]


def test_a_day_before_is_judged_by_its_own_contacts(bank: Bank) -> None:
    bank.morning("11-23")
    for _ in range(3):
        bank.log("call")

    assert bank.log("call", "--on", "昨天", "--at", "10:00")["findings"] == []


def test_an_hour_that_has_not_come_is_refused(bank: Bank) -> None:
    bank.morning("11-23")

    result = bank.ccm("log", "001", "call", "--at", "21:00")

    assert result.exit_code == 3
    assert "今天还没有到21:00" in result.stderr


def test_a_query_does_the_duty_when_all_three_sources_were_asked(bank: Bank) -> None:
    bank.morning("11-23")

    first = bank.log("query", "内部,征信", "无异常")
    last = bank.log("query", "第三方", "有网贷", "--cause", "网贷")

    assert [one["does"] for one in first["recorded"]] == [[], []]
    assert last["recorded"][0]["does"] == ["查询风险信息、定下一步·C3"]


def test_what_happened_yesterday_is_entered_today_and_says_so(bank: Bank) -> None:
    bank.morning("11-23")

    bank.log("call", "没接", "--on", "昨天", "--at", "1930")

    event = next(one for one in bank.case("11-23")["timeline"] if one["kind"] == "contact-call")
    assert (event["on"], event["at"], event["entered_on"]) == ("2026-11-22", "19:30", "2026-11-23")


def test_a_new_plan_takes_the_place_of_the_old_one(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("plan", "12-05:200")
    bank.log("plan", "12-10:100", "12-20:100")

    assert [hold["state"] for hold in bank.case("11-23")["holds"]] == ["lifted", "active"]
    assert [hold["hold_no"] for hold in bank.morning("11-23")["holds"]] == ["H20261123-2"]


@pytest.mark.parametrize("steps", [["12-05:200", "12-01:100"], ["12-05:200", "12-05:100"], ["12-05"], ["12-05:"]])
def test_a_plan_whose_steps_do_not_rise_or_say_no_amount_is_refused(bank: Bank, steps: list[str]) -> None:
    bank.morning("11-23")

    assert bank.ccm("log", "001", "plan", *steps).exit_code == 3
    assert bank.case("11-23")["holds"] == []


def test_a_plan_runs_over_the_new_year_and_keeps_the_words_behind_it(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("plan", "12-05:200", "1-5:100", "发了工资还")

    (hold,) = bank.case("11-23")["holds"]

    assert [(step["on"], step["amount"]) for step in hold["steps"]] == [
        ("2026-12-05", "200.00"),
        ("2027-01-05", "100.00"),
    ]
    assert (hold["until_on"], hold["text"]) == ("2027-01-05", "发了工资还")


@pytest.mark.parametrize("name", ["0062001", "001", "张三"])
def test_a_loan_is_named_by_its_number_its_end_or_its_borrower(bank: Bank, name: str) -> None:
    bank.morning("11-23")

    assert bank.log("note", "儿子在县城开修理铺", loan=name)["recorded"][0]["party"] == "张三"
    assert bank.ccm("log", "0062", "note", "x").exit_code == 3


def test_every_command_answers_to_its_chinese_name(bank: Bank) -> None:
    bank.morning("11-23")

    assert bank.log("承诺", "200", "周五")["recorded"][0]["title"] == "承诺"
    assert bank.log("异议", "多算")["recorded"][0]["title"] == "异议"


def test_a_number_is_masked_unless_it_is_asked_for(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("call")

    shown, whole = bank.ccm("case", "001").stdout, bank.ccm("case", "001", "--reveal").stdout

    assert "13800001111" not in shown
    assert "138****1111" in shown
    assert whole.count("13800001111") == 2


def test_a_case_is_shown_after_its_loan_has_left_the_ledger(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23")
    bank.log("note", "说下周结清")
    (tmp_path / "later.csv").write_text(
        HEAD + ZHANG.format(no="9", name="赵六", balance=1, interest=1, since=20, past=0), "utf-8"
    )
    bank.ccm("triage", tmp_path / "later.csv", "--as-of", "2026-11-30")

    case = bank.case("11-30")

    assert "已经没有这笔贷款" in case["standing"]
    assert "最后一次见于2026-11-23" in case["standing"]
    assert [event["text"] for event in case["timeline"]][-1] == "说下周结清"
    assert (case["balance"], case["duties"]) == (None, [])
    assert bank.ccm("case", "0062009").exit_code == 3


def test_a_case_is_written_as_a_word_file(bank: Bank, tmp_path: Path) -> None:
    from docx import Document

    bank.morning("11-23")
    bank.log("call", "承诺", "200", "周五")
    bank.log("dispute", "多算利息")

    result = bank.ccm("case", "001", "--docx", tmp_path / "案卷.docx")

    assert result.exit_code == 0
    document = Document(str(tmp_path / "案卷.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert {"借款人张三", "11010519491231002X", "担保人李四"} <= set(cells)
    assert any("异议：2026-11-23起" in line for line in lines)
    assert any("承诺2026-11-27前还200.00元：未到期" in line for line in lines)
    assert any("2026-11-27前还200.00元（未到期）" in cell for cell in cells)


def test_what_holds_a_loan_is_seen_in_the_list_in_why_and_in_the_case(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23")
    bank.log("dispute", "多算利息")

    shown = bank.ccm("triage", tmp_path / "ledger.csv", "--as-of", "2026-11-23", COLUMNS="80").stdout
    why = json.loads(bank.ccm("why", "001", "--json").stdout)

    assert "【停·异议】12-08前答复" in shown
    assert max(cell_len(line) for line in shown.splitlines()) <= 80
    assert why["holds"][0]["reason"] == "dispute"
    assert "【停·异议】" in bank.ccm("why", "001").stdout
    assert "异议：2026-11-23起" in bank.ccm("case", "001").stdout


def test_a_person_is_shown_over_all_roles_and_masked(bank: Bank) -> None:
    bank.morning("11-23")
    bank.log("state", "死亡", "--to", "李四")

    answer = json.loads(bank.ccm("person", "11010519491231002X", "--json").stdout)
    guarantor = bank.ccm("person", "李四").stdout

    assert [(one["loan_no"], one["role"]) for one in answer["persons"][0]["roles"]] == [
        ("0062001", "borrower"), ("0062002", "borrower"),
    ]  # fmt: skip
    assert (answer["persons"][0]["id_no"], answer["persons"][0]["owed"]) == ("110***********002X", "100000.00")
    assert "死亡（2026-11-23登记）" in guarantor
    assert "为他人担保 余额100,000.00元" in guarantor


def test_the_style_that_was_logged_gives_the_advice(bank: Bank) -> None:
    bank.morning("11-23")
    before = json.loads(bank.ccm("talk", "001", "--json").stdout)
    bank.log("style", "老鹰")

    after = json.loads(bank.ccm("talk", "001", "--json").stdout)

    assert before["style"] is None
    assert after["style"]["title"] == "老鹰"
    assert bank.case("11-23")["timeline"][-1]["text"] == "老鹰"


def test_the_last_look_before_posting_sees_a_dispute_and_a_death_that_came_after_the_letters(
    bank: Bank, tmp_path: Path
) -> None:
    (tmp_path / "ccm.toml").write_text('[bank]\nname = "清水农村商业银行"\n', "utf-8")
    bank.morning("11-23")
    bank.letters()
    bank.log("dispute", "多算利息", "--to", "张三")
    bank.log("state", "死亡", "--to", "李四")

    answer = json.loads(bank.ccm("post", "check", tmp_path / "ledger.csv", "--json").stdout)

    reasons = {one["party"]: "".join(one["reasons"]) for one in answer["stop"]}
    assert "异议：2026-11-23起" in reasons["张三"]
    assert "遗产管理人" in reasons["李四"]


def test_what_was_written_despite_a_hold_is_posted_despite_it(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23")
    bank.log("hardship", "鱼塘受灾")
    bank.letters("--despite", "保证期间月底届满")

    result = bank.ccm("post", "check", tmp_path / "ledger.csv", "--json")

    assert json.loads(result.stdout)["stop"] == []


def test_the_bundle_for_the_suit_tells_of_calls_and_promises_too(bank: Bank, tmp_path: Path) -> None:
    from docx import Document

    bank.morning("11-23")
    bank.letters()
    bank.log("call", "承诺", "200", "周五")

    bank.ccm("pack", "0062001", "--incomplete")

    words = "".join(
        cell.text
        for path in (tmp_path / "packs").rglob("*.docx")
        for table in Document(str(path)).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "电话：承诺，13800001111" in words
    assert "承诺：2026-11-27前还200.00元（未到期）" in words
