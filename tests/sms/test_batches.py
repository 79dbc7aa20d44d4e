"""Days of messages: who gets one on what occasion, what stops it, and the file that the gateway takes."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from ccm.gateway import COLUMNS
from ccm.sms.batch import CELLS
from outreach import CONFIG, LI_ID, WANG, ZHANG, Bank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

SOON = {**WANG, "借据号": "0062005", "客户名称": "周八", "证件号码": "", "联系电话": "13500005555", "拖欠利息": "0",
        "最早欠息日期": "", "到期日期": "2026-11-26"}  # fmt: skip
"""A loan that falls due on 2026-11-26."""


@pytest.fixture
def bank(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Bank:
    return Bank(ccm, clock, tmp_path)


def texts(answer: dict[str, Any]) -> dict[str, str]:
    return {one["party"]: one["text"] for one in answer["messages"]}


def kinds(answer: dict[str, Any]) -> dict[str, str]:
    return {one["party"]: one["kind"] for one in answer["messages"]}


def withheld(answer: dict[str, Any]) -> dict[str, str]:
    return {one["party"]: one["reason"] for one in answer["withheld"]}


def sent(bank: Bank) -> list[dict[str, Any]]:
    lines = bank.ccm("journal", "export").stdout.splitlines()
    return [entry for line in lines if (entry := json.loads(line))["kind"] == "contact-sms"]


def rows(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def test_the_texts_of_every_occasion(bank: Bank) -> None:
    today = {**SOON, "借据号": "0062006", "客户名称": "吴九", "联系电话": "13500006666", "到期日期": "2026-11-23"}
    bank.morning("11-20", ZHANG, WANG, SOON, today)
    bank.log("0062002", "promise", "90", "11-22")
    bank.morning("11-23", ZHANG, WANG, SOON, today)

    answer = bank.sms("--dry-run")

    assert texts(answer) == {
        "王五": "【清水农村商业银行】王五，您承诺11月22日前还款90.00元，至今未见足额到账。"
        "您的贷款（尾号2002）已逾期3天，截至11月23日应还本息90.00元。"
        "请今天还款，或来电0000-5550123向客户经理王敏说明情况。已还请忽略。",
        "张三": "【清水农村商业银行】张三，您的贷款（尾号2001）已逾期34天，截至11月23日应还本息300.00元。"
        "请尽快还款，以免罚息增加；逾期信息将依法报送征信。"
        "有困难或异议请电客户经理王敏0000-5550123。已还请忽略。",
        "李四": "【清水农村商业银行】李四，您为张三担保的贷款（尾号2001）已逾期34天，"
        "截至11月23日逾期本息300.00元。请您依保证合同承担保证责任，代为清偿。"
        "有异议请电客户经理王敏0000-5550123。已还请忽略。",
        "吴九": "【清水农村商业银行】吴九，您的贷款（尾号2006）今天应还，截至11月23日应还本息50,000.00元。"
        "请于今天存入还款账户。有困难或异议请电客户经理王敏0000-5550123。已还请忽略。",
        "周八": "【清水农村商业银行】周八，您的贷款（尾号2005）将于11月26日到期，余额50,000.00元。"
        "请提前将本息存入还款账户，具体金额以结清日为准。详询客户经理王敏0000-5550123。",
    }
    assert list(kinds(answer).values()) == ["broken_promise", "overdue", "overdue", "due_today", "due_soon"]
    assert [(one["characters"], one["parts"]) for one in answer["messages"]] == [
        (len(one["text"]), 2) for one in answer["messages"]
    ]


def test_a_look_writes_nothing(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", ZHANG)

    answer = bank.sms("--dry-run")

    assert (answer["file"], answer["sent"], len(answer["messages"])) == (None, False, 2)
    assert sent(bank) == []
    assert {one["sms_no"] for one in answer["messages"]} == {None}
    assert not (tmp_path / "sms").exists()
    shown = bank.ccm("sms", "--dry-run").stdout
    assert "短信2条，按网关计费4条" in shown
    assert "138****1111" in shown
    assert "13800001111" not in shown


def test_a_batch_is_written_and_journalled_and_does_its_duty(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", ZHANG)

    answer = bank.sms()

    assert answer["sent"]
    path = tmp_path / "sms" / "短信-S20261123-1.csv"
    assert answer["file"] == str(path)
    assert rows(path) == [
        ["手机号码", "短信内容", "编号"],
        ["13800001111", texts(answer)["张三"], "S20261123-1"],
        ["13900002222", texts(answer)["李四"], "S20261123-2"],
    ]
    first, second = sent(bank)
    assert (first["duty"], second["duty"]) == ("loan-remind-sms", "")
    assert first["facts"]["text"] == texts(answer)["张三"]
    assert {key: first["facts"][key] for key in ("number", "at", "occasion", "parts", "sms_no", "file")} == {
        "number": "13800001111", "at": "08:30", "occasion": "overdue", "parts": 2, "sms_no": "S20261123-1",
        "file": "短信-S20261123-1.csv",
    }  # fmt: skip


def test_running_twice_sends_nothing_twice(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", ZHANG, SOON)
    bank.sms()

    again = bank.sms()
    tomorrow = bank.sms("--as-of", "2026-11-24")

    assert (again["messages"], again["file"], again["sent"]) == ([], None, False)
    assert withheld(again)["张三"] == "11-23已发过，隔7天再发"
    assert tomorrow["messages"] == []
    assert withheld(tomorrow)["周八"] == "11-23已提醒过这次到期"
    assert len(sent(bank)) == 3
    assert len(list((tmp_path / "sms").iterdir())) == 1


def test_arrears_are_written_about_again_after_a_week(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.sms()
    bank.morning("11-29", ZHANG)
    assert bank.sms()["messages"] == []

    bank.morning("11-30", ZHANG)

    assert [one["sms_no"] for one in bank.sms()["messages"]] == ["S20261130-1", "S20261130-2"]


def test_the_day_after_a_reminder_the_demand_goes_out(bank: Bank) -> None:
    bank.morning("11-24", SOON)
    assert kinds(bank.sms()) == {"周八": "due_soon"}
    bank.morning("11-26", SOON)
    assert kinds(bank.sms()) == {"周八": "due_today"}
    bank.morning("11-27", SOON)
    assert kinds(bank.sms()) == {"周八": "overdue"}
    assert bank.sms()["messages"] == []


def test_a_loan_is_reminded_of_only_within_the_policys_days_and_while_it_owes(bank: Bank) -> None:
    bank.morning("11-22", SOON)
    assert bank.sms()["messages"] == []

    bank.morning("11-23", {**SOON, "贷款余额": "0"})
    assert bank.sms()["messages"] == []


def test_a_number_that_was_messaged_today_gets_none(bank: Bank) -> None:
    bank.morning("11-23", ZHANG, WANG)
    bank.at("11-23 10:00")
    bank.log("0062002", "sms", "提醒周五到期", "--number", "+86 138-0000-1111")

    answer = bank.sms()

    assert withheld(answer)["张三"] == "这个号码今天已经发了1条短信，每天最多1条"
    assert set(texts(answer)) == {"李四"}


@pytest.mark.parametrize("hour", ["22:05", "07:59", "22:00"])
def test_none_goes_out_in_the_quiet_hours(bank: Bank, tmp_path: Path, hour: str) -> None:
    bank.morning("11-23", ZHANG)
    bank.at(f"11-23 {hour}")

    answer = bank.sms()

    assert answer["messages"] == []
    assert f"{hour}在不联系的时段里" in withheld(answer)["张三"]
    assert not (tmp_path / "sms").exists()
    assert len(bank.sms("--at", "21:59")["messages"]) == 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["dispute", "利息多算"], "异议：2026-11-23起"),
        (["hardship", "受灾"], "困难：2026-11-23起"),
        (["plan", "12-05:100"], "还款计划：2026-11-23起"),
        (["state", "死亡"], "死亡（11-23登记）"),
        (["wrong-number"], "号码11-23登记为错号"),
        (["call", "空号"], "号码11-23拨打是空号"),
    ],
)
def test_whoever_gets_none_is_told_with_the_reason(bank: Bank, words: list[str], reason: str) -> None:
    bank.morning("11-23", ZHANG)
    bank.log("0062001", *words)

    answer = bank.sms()

    assert "张三" not in texts(answer)
    assert withheld(answer)["张三"].startswith(reason)


def test_a_guarantor_hears_of_arrears_from_the_policys_day_and_not_after_the_period(bank: Bank) -> None:
    bank.morning("11-23", {**ZHANG, "最早欠息日期": "2026-11-17"})
    assert set(texts(bank.sms("--dry-run"))) == {"张三"}
    bank.morning("11-24", {**ZHANG, "最早欠息日期": "2026-11-17"})
    assert set(texts(bank.sms("--dry-run"))) == {"张三", "李四"}

    bank.morning("11-24", {**ZHANG, "到期日期": "2026-05-23", "保证期间届满日": "2026-11-23"})
    answer = bank.sms("--dry-run")

    assert set(texts(answer)) == {"张三"}
    assert withheld(answer)["李四"].startswith("保证期间已于2026-11-23届满")


def test_a_debtor_of_two_loans_gets_one_message_about_both(bank: Bank) -> None:
    second = {**ZHANG, "借据号": "0062009", "拖欠利息": "1200.50", "最早欠息日期": "2026-11-01", "保证人1": ""}
    bank.morning("11-23", ZHANG, second)

    answer = bank.sms()
    message = next(one for one in answer["messages"] if one["party"] == "张三")

    assert sorted(message["loans"]) == ["0062001", "0062009"]
    assert "您的2笔贷款已逾期34天，截至11月23日应还本息1,500.50元" in message["text"]
    entries = [one for one in sent(bank) if one["party"] == "张三"]
    assert [(one["loan_no"], one["duty"]) for one in entries] == [
        (loan_no, "loan-remind-sms") for loan_no in message["loans"]
    ]
    assert len({one["facts"]["sms_no"] for one in entries}) == 1


def test_two_people_on_one_number_do_not_get_two(bank: Bank) -> None:
    bank.morning("11-23", {**ZHANG, "保证人1电话": "13800001111"})

    answer = bank.sms()

    assert set(texts(answer)) == {"张三"}
    assert withheld(answer)["李四"] == "同一号码本批已有一条"


def test_a_guarantor_of_two_borrowers_hears_of_one_a_day(bank: Bank) -> None:
    other = {
        **WANG,
        "最早欠息日期": "2026-11-01",
        "保证人1": "李四",
        "保证人1证件号码": LI_ID,
        "保证人1电话": "13900002222",
    }
    bank.morning("11-23", ZHANG, other)

    answer = bank.sms()

    assert sum(one["party"] == "李四" for one in answer["messages"]) == 1
    assert withheld(answer)["李四"] == "同一号码本批已有一条"


def test_only_the_occasions_asked_for_are_sent(bank: Bank) -> None:
    bank.morning("11-23", ZHANG, SOON)

    assert set(kinds(bank.sms("--dry-run", "--kind", "due_soon")).values()) == {"due_soon"}
    assert set(kinds(bank.sms("--dry-run", "--kind", "逾期")).values()) == {"overdue"}


def test_the_first_mobile_that_is_right_is_used_and_a_fixed_line_is_a_finding(bank: Bank) -> None:
    bank.morning(
        "11-23", {**ZHANG, "联系电话": "0562-2345678；13800001111；13800007777", "保证人1电话": "0562-2345678"}
    )
    bank.log("0062001", "wrong-number", "13800001111")

    answer = bank.sms("--reveal", code=4)

    assert [one["phone"] for one in answer["messages"]] == ["13800007777"]
    assert [(one["code"], one["value"]) for one in answer["findings"]] == [("phone-fixed", "0562-2345678")]
    assert withheld(answer)["李四"] == "台账里只有固定电话，收不到短信"


def test_a_cell_with_a_strangers_number_gets_none(bank: Bank) -> None:
    bank.morning("11-23", {**ZHANG, "联系电话": "13800001111(其妻)", "保证人1": ""})

    answer = bank.sms(code=4)

    assert answer["messages"] == []
    assert [one["code"] for one in answer["findings"]] == ["phone-unread"]
    assert "13800001111" not in str(answer)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "gbk"])
def test_the_file_is_as_the_gateway_wants_it(bank: Bank, tmp_path: Path, encoding: str) -> None:
    columns = 'columns = { "phone" = "手机号", "msg" = "内容", "姓名" = "姓名", "借据" = "借据号", "条数" = "条数" }'
    config = f'{CONFIG}[sms]\nsign = "清水农商银行"\nreply = "0000-96533"\nencoding = "{encoding}"\n{columns}\n'
    (tmp_path / "ccm.toml").write_text(config, encoding="utf-8")
    bank.morning("11-23", {**ZHANG, "保证人1": ""})

    answer = bank.sms("--out", str(tmp_path / "batch.csv"))

    head, row = rows(tmp_path / "batch.csv", encoding)
    assert head == ["phone", "msg", "姓名", "借据", "条数"]
    assert row == ["13800001111", texts(answer)["张三"], "张三", "0062001", "2"]
    assert row[1].startswith("【清水农商银行】张三")
    assert "0000-96533" in row[1]


def test_a_character_that_the_encoding_lacks_is_a_finding_and_the_others_go_out(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "ccm.toml").write_text(f'{CONFIG}[sms]\nencoding = "gbk"\n', encoding="utf-8")
    bank.morning("11-23", {**ZHANG, "客户名称": "张𠮷", "保证人1": ""}, WANG)

    answer = bank.sms(code=4)

    assert set(texts(answer)) == {"王五"}
    assert [(one["code"], one["value"]) for one in answer["findings"]] == [("sms-character", "𠮷")]
    assert "gbk 编码里没有这个字" in withheld(answer)["张𠮷"]
    path = tmp_path / "sms" / "短信-S20261123-1.csv"
    assert "?" not in path.read_text(encoding="gbk")
    assert {one["party"] for one in sent(bank)} == {"王五"}

    (tmp_path / "ccm.toml").write_text(f'{CONFIG}[sms]\nencoding = "gb18030"\n', encoding="utf-8")
    mended = bank.sms()
    assert set(texts(mended)) == {"张𠮷"}
    assert "张𠮷" in (tmp_path / "sms" / "短信-S20261123-2.csv").read_text(encoding="gb18030")


def test_a_workbook_keeps_every_number_a_text(bank: Bank, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    bank.morning("11-23", ZHANG)
    bank.sms("--out", str(tmp_path / "batch.xlsx"))

    cells = list(load_workbook(tmp_path / "batch.xlsx").active.iter_rows())

    assert [cell.value for cell in cells[0]] == ["手机号码", "短信内容", "编号"]
    assert (cells[1][0].value, cells[1][0].number_format) == ("13800001111", "@")


def test_a_file_that_is_there_is_not_written_over(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", ZHANG)
    (tmp_path / "batch.csv").write_text("mine", encoding="utf-8")

    assert bank.ccm("sms", "--out", tmp_path / "batch.csv").exit_code == 3
    assert (tmp_path / "batch.csv").read_text(encoding="utf-8") == "mine"
    assert sent(bank) == []
    assert bank.ccm("sms", "--out", tmp_path / "batch.doc").exit_code == 3
    assert sent(bank) == []


def test_a_run_killed_before_it_is_journalled_leaves_nothing_sent_twice(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.morning("11-23", ZHANG)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("ccm.journal.Journal.append", killed)
        bank.ccm("sms")
    assert sent(bank) == []
    left = rows(tmp_path / "sms" / "短信-S20261123-1.csv")

    bank.at("11-23 09:00")
    answer = bank.sms()

    assert [one["sms_no"] for one in answer["messages"]] == ["S20261123-1", "S20261123-2"]
    assert rows(tmp_path / "sms" / "短信-S20261123-1.csv") == left
    assert len(list((tmp_path / "sms").iterdir())) == 1
    assert len(sent(bank)) == 2


def test_a_file_that_cannot_be_written_leaves_nothing_journalled(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", ZHANG)
    (tmp_path / "sms").write_text("a file where a folder should be", encoding="utf-8")

    assert bank.ccm("sms").exit_code == 3
    assert sent(bank) == []


def test_without_the_banks_name_it_is_a_sample_and_nobody_was_messaged(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "ccm.toml").unlink()
    bank.morning("11-23", ZHANG)

    answer = bank.sms(code=4)

    assert [one["code"] for one in answer["findings"]] == ["sms-sample"]
    assert not answer["sent"]
    assert all("样张" in text for text in texts(answer).values())
    assert answer["file"].endswith("短信-样张.csv")
    assert sent(bank) == []


def test_a_banks_own_texts_are_used_and_a_missing_value_holds_only_that_message(bank: Bank, tmp_path: Path) -> None:
    bank.ccm("init", tmp_path)
    path = tmp_path / "templates" / "sms.toml"
    own = path.read_text(encoding="utf-8").replace("您的{借款}已逾期", "{机构}提醒您，您的{借款}已逾期")
    path.write_text(own, encoding="utf-8")
    (tmp_path / "ccm.toml").write_text(CONFIG.replace("城关支行", ""), encoding="utf-8")
    bank.morning("11-23", {**ZHANG, "保证人1": ""}, {**WANG, "支行": ""})

    answer = bank.sms(code=4)

    assert "青溪支行提醒您" in texts(answer)["张三"]
    assert withheld(answer)["王五"] == "短信模板里的字段没有内容，这条没有发"
    assert [(one["code"], one["value"]) for one in answer["findings"]] == [("sms-value-missing", "机构")]


def test_a_text_in_which_something_is_wrong_sends_nothing(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "sms.toml").write_text("[overdue]\n", encoding="utf-8")
    bank.morning("11-23", ZHANG)

    result = bank.ccm("sms")

    assert result.exit_code == 3
    assert "缺少 [due_soon]" in result.stderr
    assert sent(bank) == []


def test_ccm_toml_may_hold_only_what_a_gateway_file_can_be(bank: Bank, tmp_path: Path) -> None:
    for wrong, reason in (
        ('encoding = "big5"', "encoding 不能是“big5”"),
        ('extension = "txt"', "extension 不能是“txt”"),
        ('columns = { "号" = "电话", "文" = "内容" }', "columns 里不认识“电话”"),
        ('columns = { "号" = "手机号" }', "至少要有手机号和内容两列"),
        ('columns = ["手机号"]', "columns 应是成对的文字"),
        ('signature = "行"', "不认识“signature”"),
    ):
        (tmp_path / "ccm.toml").write_text(f"{CONFIG}[sms]\n{wrong}\n", encoding="utf-8")
        result = bank.ccm("sms")
        assert result.exit_code == 3
        assert reason in result.stderr


def test_every_column_that_ccm_toml_may_ask_for_can_be_filled() -> None:
    assert tuple(CELLS) == COLUMNS


def test_the_next_morning_the_calls_know_of_the_messages(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.sms()
    bank.morning("11-24", {**ZHANG, "拖欠利息": "120.00"})

    assert "11-23短信后已还180元" in bank.call_to("张三")["reasons"]


def test_an_entry_says_when_the_message_went_out(bank: Bank) -> None:
    bank.morning("11-23", ZHANG)
    bank.at("11-23 09:41")
    bank.sms()

    assert {one["facts"]["at"] for one in sent(bank)} == {"09:41"}
    assert {datetime.fromisoformat(one["at"]).hour for one in sent(bank)} == {9}
