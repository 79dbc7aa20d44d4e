"""Days on the telephone: who is called first, in which hours, and what the limits stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outreach import LI_ID, WANG, ZHANG, ZHANG_ID, Bank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result


@pytest.fixture
def bank(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Bank:
    return Bank(ccm, clock, tmp_path)


def parties(bank: Bank, *words: str) -> list[str]:
    return [one["party"] for one in bank.calls(*words)["calls"]]


def test_a_call_says_all_that_the_contract_asks(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)

    call = bank.call_to("张三")

    assert {"rank", "loan_no", "party", "role", "phone", "not_before", "not_after", "reasons", "tips"} <= call.keys()
    assert (call["rank"], call["loan_no"], call["role"], call["phone"]) == (1, "0062001", "borrower", "138****1111")
    assert (call["on"], call["not_before"], call["not_after"]) == ("2026-11-23", "12:00", "13:30")
    assert call["identity"] == "您好，我是清水农村商业银行的客户经理王敏。"
    assert any("张三本人" in tip for tip in call["tips"])
    assert any(tip.startswith("农民：") for tip in call["tips"])
    assert any("继续催收" in reason and "C3" in reason for reason in call["reasons"])


def test_numbers_are_shown_whole_only_when_asked_for(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)

    assert "13800001111" not in bank.ccm("calls").stdout + bank.ccm("calls", "--json").stdout
    assert bank.call_to("张三", "--reveal")["phone"] == "13800001111"
    assert "13800001111" in bank.ccm("calls", "--reveal").stdout


def test_the_larger_debt_comes_first_and_within_a_loan_the_borrower(bank: Bank) -> None:
    bank.morning("11-23", WANG, ZHANG)
    assert parties(bank) == ["张三", "李四", "王五"]

    bank.morning("11-23", {**WANG, "拖欠利息": "990000.00", "累计逾期次数": "6", "最早欠息日期": "2026-10-26"}, ZHANG)
    assert parties(bank) == ["王五", "张三", "李四"]


def test_whoever_repaid_after_the_message_is_called_later_and_whoever_did_not_is_told(bank: Bank) -> None:
    """P1: the strategy follows what was repaid after the message."""
    other = {**ZHANG, "借据号": "0062003", "客户名称": "赵六", "证件号码": "", "联系电话": "13600004444", "保证人1": ""}
    bank.morning("11-23", ZHANG, other)
    bank.log("0062001", "sms", "提醒")
    bank.log("0062003", "sms", "提醒")
    bank.log("0062001", "payment", "290")
    bank.morning("11-24", ZHANG, other)

    assert parties(bank)[0] == "赵六"
    assert "11-23短信后没有还款" in bank.call_to("赵六")["reasons"]
    assert "11-23短信后已还290元" in bank.call_to("张三")["reasons"]


def test_what_the_ledger_shows_repaid_after_the_message_counts_too(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.log("0062001", "sms", "提醒")
    bank.morning("11-24", {**ZHANG, "拖欠利息": "100.00"})

    assert "11-23短信后已还200元" in bank.call_to("张三")["reasons"]


def test_a_promise_due_today_comes_first_and_one_that_is_broken_is_told(bank: Bank) -> None:
    bank.morning("11-23", WANG, ZHANG)
    bank.log("0062002", "promise", "90", "周三")

    bank.morning("11-25", WANG, ZHANG)
    assert parties(bank)[0] == "王五"
    assert bank.call_to("王五")["reasons"][0] == "承诺今天还90元"

    bank.morning("11-26", WANG, ZHANG)
    assert bank.call_to("王五")["promise"] == "承诺11-25还90元，没有兑现"
    assert bank.call_to("王五")["reasons"][0] == "承诺11-25还90元，没有兑现"


def test_three_calls_that_reached_the_debtor_end_the_day(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    for clock in ("0905", "1105", "1505"):
        bank.at(f"11-23 {clock[:2]}:10")
        bank.log("0062001", "call", "挂断", "--at", clock)

    assert bank.reason_for("张三") == "今天已经联系上张三3次，每天最多3次"
    assert ZHANG_ID not in bank.ccm("calls", "--json").stdout
    assert parties(bank) == ["李四"]
    bank.morning("11-24", ZHANG)
    assert parties(bank) == ["张三", "李四"]


def test_the_count_is_one_over_all_loans_channels_and_numbers(bank: Bank) -> None:
    second = {**ZHANG, "借据号": "0062009", "联系电话": "13800007777", "保证人1": ""}
    bank.morning("11-23", ZHANG, second)
    bank.at("11-23 16:00")
    bank.log("0062001", "call", "挂断", "--at", "0905")
    bank.log("0062009", "call", "挂断", "--at", "1105")
    bank.log("0062009", "visit", "见到", "--by", "王敏", "--at", "1405")

    reasons = {one["loan_no"]: one["reason"] for one in bank.calls()["left_out"]}

    assert reasons == dict.fromkeys(("0062001", "0062009"), "今天已经联系上张三3次，每天最多3次")


def test_six_unanswered_tries_end_the_day_for_a_number_and_the_next_number_serves(bank: Bank) -> None:
    several = {**ZHANG, "联系电话": "13800001111/13800005555"}
    bank.morning("11-23", several)
    bank.at("11-23 12:30")
    for hour in range(6):
        bank.log("0062001", "call", "没接", "--at", f"09:{hour}0")

    assert bank.call_to("张三", "--reveal")["phone"] == "13800005555"
    bank.morning("11-23", ZHANG)
    bank.at("11-23 12:30")
    assert bank.reason_for("张三") == "这个号码今天已经拨了6次没有接通，每天最多6次"


def test_after_a_try_the_next_waits(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.at("11-23 12:05")
    bank.log("0062001", "call", "没接")

    call = bank.call_to("张三")

    assert (call["not_before"], call["not_after"]) == ("18:30", "21:00")
    assert "今天12:05没接通" in call["reasons"]
    assert call["last_contact"] == "11-23 12:05没接"


def test_at_22_05_nobody_is_called_before_the_morning(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.at("11-23 22:05")

    answer = bank.calls()

    assert {one["on"] for one in answer["calls"]} == {"2026-11-24"}
    assert all("08:00" <= one["not_before"] < one["not_after"] <= "22:00" for one in answer["calls"])
    assert answer["notes"] == ["22:05在不联系的时段里（22:00至次日08:00，债务人同意的除外），现在不打"]
    assert "现在可打" not in bank.ccm("calls").stdout


def test_a_farmer_is_not_called_at_dawn(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)

    assert bank.call_to("张三", "--at", "6:00")["not_before"] == "08:00"


def test_each_is_called_when_their_work_allows(bank: Bank) -> None:
    """P3."""
    bank.morning("11-23", ZHANG, WANG)

    windows = {one["party"]: (one["not_before"], one["not_after"]) for one in bank.calls("--at", "9:00")["calls"]}

    assert windows == {"张三": ("12:00", "13:30"), "李四": ("09:00", "11:30"), "王五": ("12:00", "13:30")}
    assert bank.call_to("王五")["hours_known_by"].startswith("学校")


def test_the_hours_at_which_somebody_answered_go_before_their_work(bank: Bank) -> None:
    bank.morning("11-19", ZHANG)
    bank.log("0062001", "call", "挂断", "--on", "11-17", "--at", "1510")
    bank.log("0062001", "call", "挂断", "--on", "11-18", "--at", "1520")
    bank.log("0062001", "call", "没接", "--on", "11-18", "--at", "1210")
    bank.morning("11-23", ZHANG)

    call = bank.call_to("张三")

    assert (call["not_before"], call["not_after"], call["hours_known_by"]) == ("14:30", "16:00", "以前多在这时接")


def test_holidays_are_skipped_and_a_year_without_data_says_so(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)

    holiday = bank.calls("--as-of", "2027-10-01")
    unknown = bank.calls("--as-of", "2031-10-01")

    assert {one["on"] for one in holiday["calls"]} == {"2027-10-06"}
    assert "2027-10-01是国庆节，不打电话，排到2027-10-06" in holiday["notes"]
    assert any("2027年的放假安排是暂定的" in note for note in holiday["notes"])
    assert {one["on"] for one in unknown["calls"]} == {"2031-10-01"}
    assert any("2031年的放假安排没有数据" in note for note in unknown["notes"])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["dispute", "利息多算"], "异议：2026-11-23起"),
        (["hardship", "鱼塘受灾"], "困难：2026-11-23起"),
        (["plan", "12-05:100"], "还款计划：2026-11-23起"),
        (["state", "死亡"], "死亡（11-23登记）"),
        (["wrong-number"], "号码11-23登记为错号，要另找"),
        (["call", "空号"], "号码11-23拨打是空号，要另找"),
    ],
)
def test_whoever_is_not_called_is_told_with_the_reason(bank: Bank, words: list[str], reason: str) -> None:
    bank.morning("11-23", ZHANG)
    bank.log("0062001", *words)

    assert "张三" not in parties(bank)
    assert bank.reason_for("张三").startswith(reason)
    assert reason[:4] in bank.ccm("calls").stdout


@pytest.mark.parametrize(
    ("phone", "reason"), [("", "台账里没有电话"), ("13800001111(其妻)", "台账里的号码读不出来，可能是别人的")]
)
def test_a_number_that_is_missing_or_may_be_somebody_elses_is_told(bank: Bank, phone: str, reason: str) -> None:
    bank.morning("11-23", {**ZHANG, "联系电话": phone})

    assert bank.reason_for("张三") == reason
    assert "13800001111" not in bank.ccm("calls", "--json").stdout


def test_the_employer_is_never_in_the_queue(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", {**ZHANG, "联系电话": ""})
    path = tmp_path / "ledger.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{head},单位电话", *(f"{row},0000-5559999" for row in rows)]), encoding="utf-8")
    bank.ccm("triage", path, "--as-of", "2026-11-23")

    answer = bank.calls("--reveal")

    assert [one["phone"] for one in answer["calls"]] == ["13900002222"]
    assert "5559999" not in str(answer)


def test_a_wrong_number_follows_the_person_and_leaves_others(bank: Bank) -> None:
    bank.morning("11-23", ZHANG, {**ZHANG, "借据号": "0062009"}, {**WANG, "联系电话": "13800001111"})
    bank.log("0062001", "wrong-number")

    assert sorted(parties(bank)) == ["李四", "李四", "王五"]


def test_a_guarantor_whose_period_is_over_is_not_called(bank: Bank) -> None:
    bank.morning("11-23", {**ZHANG, "到期日期": "2026-05-20", "保证期间届满日": "2026-11-20"})

    assert bank.reason_for("李四") == "保证期间已于2026-11-20届满，不能再要求承担"


def test_one_person_is_called_once_for_all_their_loans(bank: Bank) -> None:
    bank.morning("11-23", ZHANG, WANG, {**WANG, "借据号": "0062008", "客户名称": "李四", "证件号码": LI_ID})

    lines = [(one["party"], one["loan_no"], one["together_with"]) for one in bank.calls()["calls"]]

    assert lines == [
        ("张三", "0062001", None),
        ("李四", "0062001", None),
        ("李四", "0062008", "0062001"),
        ("王五", "0062002", None),
    ]
    assert "和0062001是同一人，一个电话一起谈" in bank.ccm("calls").stdout


def test_one_person_without_an_identity_number_is_known_by_name_and_number(bank: Bank) -> None:
    """The limits count 张三 as one debtor; one conversation does for all loans under the same number."""
    bare = {**ZHANG, "证件号码": "", "保证人1": "", "保证人1证件号码": "", "保证人1电话": ""}
    numbers = {"0062001": "13800001111", "0062004": "13500005555", "0062005": "13600004444;+86 138-0000-1111"}
    bank.morning("11-23", *({**bare, "借据号": loan, "联系电话": number} for loan, number in numbers.items()))

    lines = [(one["loan_no"], one["together_with"]) for one in bank.calls("--at", "9:00")["calls"]]

    assert lines == [("0062001", None), ("0062005", "0062001"), ("0062004", None)]


def test_a_call_that_did_its_duty_is_off_the_list_and_what_was_said_stays_with_the_loan(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.log("0062001", "call", "说月底还")
    bank.log("0062001", "cause", "失业", "厂里停工")
    bank.log("0062001", "style", "猫头鹰")
    assert parties(bank) == ["李四"]

    bank.morning("12-21", {**ZHANG, "最早欠息日期": "2026-10-20"})
    call = bank.call_to("张三")

    assert call["last_contact"].startswith("11-23 08:30接通“说月底还”")
    assert call["cause"] == "失业“厂里停工”"
    assert any(tip.startswith("猫头鹰：") for tip in call["tips"])
    assert not any(tip.startswith("问原因") for tip in call["tips"])


def test_managers_see_their_own(bank: Bank) -> None:
    bank.morning("11-23", ZHANG, {**WANG, "客户经理": "陶敏", "支行": "柳溪支行"})

    assert parties(bank, "--manager", "陶敏") == ["王五"]
    assert parties(bank, "--branch", "青溪支行") == ["张三", "李四"]


@pytest.mark.parametrize("name", ["电话单.xlsx", "电话单.csv"])
def test_the_queue_is_exported_to_dial_from(bank: Bank, tmp_path: Path, name: str) -> None:
    bank.morning("11-23", ZHANG)

    assert bank.ccm("calls", "--export", tmp_path / name).exit_code == 0

    if name.endswith("csv"):
        text = (tmp_path / name).read_text(encoding="utf-8-sig")
    else:
        from openpyxl import load_workbook

        text = str([cell.value for row in load_workbook(tmp_path / name).active.rows for cell in row])
    assert "13800001111" in text
    assert "结果" in text
    assert bank.ccm("calls", "--export", tmp_path / "电话单.doc").exit_code == 3


def test_a_call_takes_three_lines_at_80_columns(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.log("0062001", "promise", "100", "12-05")

    lines = bank.ccm("calls", "--at", "12:30", COLUMNS="80").stdout.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("  ") and "张三 借款人 138****1111" in line)

    assert "12:30–13:30" in lines[first]
    assert "继续催收" in lines[first + 1]
    assert "承诺12-05还100元" in lines[first + 2] or "承诺12-05还100元" in lines[first + 3]


def test_without_a_ledger_there_is_nothing_to_call(bank: Bank) -> None:
    assert bank.ccm("calls").exit_code == 3


def test_of_a_debtor_who_did_not_answer_three_times_the_day_after_says_they_count_as_lost(bank: Bank) -> None:
    bank.morning("11-20", ZHANG)
    for hour in ("09:05", "12:05", "15:05"):
        bank.at(f"11-20 {hour}")
        bank.log("0062001", "call", "没接")

    def lost() -> list[str]:
        return [one for one in bank.call_to("张三")["reasons"] if "失联" in one]

    assert lost() == []
    bank.morning("11-23", ZHANG)
    assert lost() == ["连续3次没有联系上，算失联，可以找第三人：只可问联系方式或请转告，不提欠款；对方拒绝就停"]
