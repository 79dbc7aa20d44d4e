"""Warning signals played through by day: raised, checked, disposed of, tracked, closed (W1–W5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from rich.cells import cell_len

from ccm.warn.words import level

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.policy import Policy

HEAD = (
    "借据号,客户名称,证件号码,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,客户经理,支行,五级分类,"
    "保证人1,保证人1证件号码\n"
)
LINE = (
    "{no},{name},{id_no},2028-06-30,{balance},0,{interest},{since},王敏,青溪支行,{given},{guarantor},{guarantor_id}\n"
)
PLAIN = {
    "id_no": "",
    "balance": 50000,
    "interest": 0,
    "since": "",
    "given": "正常",
    "guarantor": "",
    "guarantor_id": "",
}
LIST_HEAD = "信号编号,借据号,预警信号,预警级别,下发日期,处置期限\n"


class Bank:
    """One workspace played through by day."""

    def __init__(self, ccm: Callable[..., Result], place: Path) -> None:
        self.ccm, self.place = ccm, place

    def morning(self, day: str, *loans: dict[str, Any]) -> dict[str, Any]:
        """Read the day's ledger; loans are numbered 0062001, 0062002 … unless they say otherwise."""
        path = self.place / "ledger.csv"
        lines = [
            LINE.format(**{**PLAIN, "no": f"006200{nth}", "name": f"客户{nth}", **loan})
            for nth, loan in enumerate(loans, 1)
        ]
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        result = self.ccm("triage", path, "--as-of", f"2026-{day}", "--json")
        assert result.exit_code == 0, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def warn(self, day: str, *words: object, code: int = 0) -> dict[str, Any]:
        """Run `ccm warn … --json` and return the answer."""
        result = self.ccm("warn", *words, "--as-of", f"2026-{day}", "--json")
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout) if code in {0, 4} else {"stderr": result.stderr}
        return answer

    def signals(self, day: str, *words: str) -> list[dict[str, Any]]:
        """Return the list of signals on a day."""
        found: list[dict[str, Any]] = self.warn(day, "list", *words)["signals"]
        return found

    def signs(self, day: str) -> list[tuple[str, str]]:
        """Return which signs the ledger was found to give, with their loans."""
        return [(one["sign"], one["loan_no"]) for one in self.signals(day) if one["source"] == "系统"]


@pytest.fixture
def bank(ccm: Callable[..., Result], tmp_path: Path) -> Bank:
    return Bank(ccm, tmp_path)


def head_office(place: Path, *rows: str, head: str = LIST_HEAD) -> Path:
    path = place / "总行预警.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


LATE = {"interest": "300.00", "since": "2026-11-10"}


def test_a_signal_of_head_office_lived_through_day_by_day(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "ccm.toml").write_text('[warn]\nlead = "赵主任"\n[leads]\n"青溪支行" = "钱主管"\n', "utf-8")
    bank.morning("11-23", LATE, LATE)
    bank.warn("11-23", "import", head_office(tmp_path, "Z9,0062001,股东被列为被执行人,橙色预警,2026-11-23,"))

    def stands(day: str) -> tuple[Any, ...]:
        (one,) = (one for one in bank.signals(day) if one["id"] == "Z9")
        return one["state"], one["step"], one["step_by"], one["overdue"]

    # 橙: three days to check, ten to dispose, tracked every fifteen.
    assert stands("11-23") == ("open", "check", "2026-11-26", False)
    assert stands("11-26") == ("open", "check", "2026-11-26", False)
    assert stands("11-27") == ("open", "check", "2026-11-26", True)
    late = bank.morning("11-27", LATE, LATE)["loans"]
    assert late[0]["loan_no"] == "0062001"
    assert "1个预警信号过期" in late[0]["reasons"]
    assert {one["id"] for one in late[0]["signals"]} > {"Z9"}

    bank.warn("11-27", "check", "Z9", "属实，标的20万元")
    assert stands("11-27") == ("open", "dispose", "2026-12-03", False)
    assert stands("12-04") == ("open", "dispose", "2026-12-03", True)
    assert bank.warn("12-04", "close", "Z9", "没事", code=3)["stderr"].count("还没有处置")

    bank.warn("12-04", "dispose", "Z9", "--measure", "6", "--measure", "加密检查", "查到商铺一处")
    assert stands("12-04") == ("disposed", "track", "2026-12-19", False)
    others = ",".join(one["id"] for one in bank.signals("12-04") if one["source"] == "系统")
    bank.warn("12-04", "dispose", others, "--measure", "1")
    tracked = bank.morning("12-05", LATE, LATE)["loans"]
    assert [(one["loan_no"], len(one["signals"])) for one in tracked] == [("0062001", 2), ("0062002", 1)]
    assert tracked[0]["priority"] == tracked[1]["priority"] + 2.5
    assert "前跟踪" in bank.ccm("triage", tmp_path / "ledger.csv", "--as-of", "2026-12-05").stdout

    bank.warn("12-18", "track", "Z9", "商铺已追加抵押")
    assert stands("12-18") == ("tracking", "track", "2027-01-02", False)
    assert bank.signals("12-18", "--loan", "0062001", "--open")[0]["measures"] == [1, 6]
    bank.warn("12-30", "close", "Z9", "已结清")
    assert stands("12-30") == ("closed", None, None, False)
    assert stands("12-04")[0] == "disposed"

    (life,) = bank.warn("12-30", "show", "Z9")["signals"]
    assert [one["kind"] for one in life["entries"]] == [
        "warn-raised", "warn-checked", "warn-disposed", "warn-tracked", "warn-closed",
    ]  # fmt: skip
    assert (life["measures"], life["measure_titles"]) == ([1, 6], ["加密检查", "查找财产"])
    assert {one["lead"] for one in life["entries"]} == {"钱主管"}
    assert "股东被列为被执行人" in bank.ccm("case", "0062001", "--as-of", "2026-12-30", "--all").stdout


def test_the_same_list_again_changes_nothing_and_a_new_deadline_corrects(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", LATE)
    rows = ["Z1,0062001,欠税,红,2026-11-20,2026-11-30", ",0062001,停工,红,2026-11-21,"]
    first = bank.warn("11-23", "import", head_office(tmp_path, *rows))
    again = bank.warn("11-24", "import", head_office(tmp_path, *rows))
    changed = bank.warn("11-25", "import", head_office(tmp_path, "Z1,0062001,欠税,橙,2026-11-20,2026-12-05", rows[1]))

    assert (len(first["recorded"]), len(again["recorded"]), again["known"]) == (2, 0, 2)
    assert (len(changed["recorded"]), changed["corrected"], changed["known"]) == (1, 1, 1)
    (one,) = (one for one in bank.signals("11-25") if one["id"] == "Z1")
    assert (one["level"], one["deadline_on"], one["raised_on"]) == ("橙", "2026-12-05", "2026-11-20")


def test_a_list_in_a_workbook_with_a_title_and_days_for_a_deadline(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", LATE)
    book = openpyxl.Workbook()
    for row in (
        ("风险预警信号清单",),
        ("贷款借据号", "预警内容", "风险等级", "触发时间", "处置时限（天）"),
        ("0062001", "流水骤降", "高", "2026-11-22 08:00:00", 7),
        ("合计", "1", None, None, None),
    ):
        book.active.append(row)
    book.save(tmp_path / "下发.xlsx")

    answer = bank.warn("11-23", "import", tmp_path / "下发.xlsx")

    assert answer["findings"] == []
    assert [(one["level"], one["deadline_on"]) for one in answer["recorded"]] == [("红", "2026-11-29")]


@pytest.mark.parametrize("said", ["Ⅰ级", "ⅰ级", " RED ", "高风险"])
def test_a_level_is_known_by_every_word_however_it_is_written(policy: Policy, said: str) -> None:
    assert level(said, policy) == "红"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--source", "听说"], "资金流向、财务报表、第三方平台、现场检查"),
        (["--source", "现场检查", "--level", "蓝"], "红、橙、黄"),
        (["--source", "现场检查", "--deadline", "2026-11-01"], "已经过去"),
    ],
)
def test_what_a_manager_adds_must_make_sense(bank: Bank, words: list[str], told: str) -> None:
    bank.morning("11-23", LATE)

    assert told in bank.warn("11-23", "add", "0062001", "停工", *words, code=3)["stderr"]


def test_what_a_manager_adds_has_the_days_of_its_level(bank: Bank) -> None:
    bank.morning("11-23", LATE)

    (one,) = bank.warn("11-23", "add", "0062001", "工厂", "停工", "--source", "现场", "--level", "红")["signals"]

    assert (one["source"], one["level"], one["text"]) == ("现场检查", "红", "工厂 停工")
    assert (one["raised_on"], one["check_by"], one["deadline_on"]) == ("2026-11-23", "2026-11-24", "2026-11-28")


def test_a_signal_without_ground_is_closed_without_measures(bank: Bank) -> None:
    bank.morning("11-23", LATE)
    (one,) = bank.warn("11-23", "add", "0062001", "停工", "--source", "现场检查")["signals"]

    bank.warn("11-24", "check", one["id"], "--unfounded", "只是检修")
    assert bank.signals("11-24", "--loan", "0062001")[0]["step"] in {"check", "close"}
    (after,) = bank.warn("11-25", "close", one["id"], "不属实")["signals"]

    assert (after["state"], after["measures"], after["unfounded"]) == ("closed", [], True)


def test_what_was_written_by_mistake_is_taken_back_by_a_new_entry(bank: Bank) -> None:
    bank.morning("11-23", LATE)
    (one,) = bank.warn("11-23", "add", "0062001", "停工", "--source", "现场检查")["signals"]
    bank.warn("11-24", "dispose", one["id"], "--measure", "2")

    (after,) = bank.warn("11-24", "undo", one["id"], "点错了")["signals"]
    assert (after["state"], after["measures"]) == ("open", [])
    assert bank.warn("11-24", "undo", one["id"], "贷款也错了")["signals"] == []

    assert one["id"] not in {each["id"] for each in bank.signals("11-24")}
    assert bank.ccm("journal", "verify").exit_code == 0


def test_of_several_signals_either_all_are_written_or_none(bank: Bank) -> None:
    bank.morning("11-23", LATE)
    first, second = (
        bank.warn("11-23", "add", "0062001", text, "--source", "现场检查")["signals"][0]["id"]
        for text in ("停工", "欠税")
    )

    bank.warn("11-24", "check", f"{first},YJ20261123-77", code=3)
    assert all(one["checked_on"] is None for one in bank.signals("11-24"))
    done = bank.warn("11-24", "dispose", f"{first},{second}", "--measure", "1")["signals"]

    assert [one["state"] for one in done] == ["disposed", "disposed"]


def test_an_unknown_number_is_told_with_the_nearest(bank: Bank) -> None:
    bank.morning("11-23", LATE)

    assert "YJ20261123-1" in bank.warn("11-23", "check", "YJ20261122-1", code=3)["stderr"]


def test_unpaid_interest_is_raised_once_and_anew_when_it_comes_back(bank: Bank) -> None:
    for day in ("11-23", "11-23", "11-24"):
        bank.morning(day, LATE)
    assert bank.signs("11-24") == [("interest_unpaid", "0062001")]

    bank.morning("11-25", {})
    # A day late makes it 关注, which is a sign of its own.
    bank.morning("11-26", {"interest": "100.00", "since": "2026-11-26"})
    bank.morning("11-27", {"interest": "100.00", "since": "2026-11-26"})
    bank.morning("11-28", {"interest": "100.00", "since": "2026-11-26"})

    assert sorted(sign for sign, _ in bank.signs("11-28")) == ["class_worse", *["interest_unpaid"] * 2]


def test_a_loan_that_a_ledger_did_not_hold_is_not_raised_again(bank: Bank) -> None:
    bank.morning("11-23", LATE)
    bank.morning("11-24", {"no": "0062009"})
    bank.morning("11-25", LATE)

    assert bank.signs("11-25") == [("interest_unpaid", "0062001")]


def test_a_balance_that_grows_in_arrears_and_a_class_that_falls_are_raised(bank: Bank) -> None:
    bank.morning("11-23", LATE)
    worse = {**LATE, "balance": 52000, "given": "次级"}
    for _ in range(2):
        bank.morning("11-24", worse)
    bank.morning("11-25", worse)

    assert sorted(sign for sign, _ in bank.signs("11-25")) == [
        "balance_up", "class_worse", "high_risk", "interest_unpaid",
    ]  # fmt: skip


def test_a_guarantor_who_is_overdue_himself_is_raised_on_the_loan_he_guarantees(bank: Bank) -> None:
    guarantor = {"guarantor": "李四", "guarantor_id": "11010519491231002X"}
    answer = bank.morning("11-23", guarantor, {**LATE, "name": "李四", "id_no": "11010519491231002X"})

    assert ("guarantor_overdue", "0062001") in bank.signs("11-23")
    (elsewhere,) = answer["signals"]
    assert "李四的借据0062002逾期13天" in elsewhere["text"]
    assert "11010519491231002X" not in json.dumps(answer)


def test_a_circle_is_one_signal_and_stands_with_each_of_its_loans(bank: Bank) -> None:
    loans: list[dict[str, Any]] = [
        {**LATE, "name": "甲", "guarantor": "乙"},
        {**LATE, "name": "乙", "guarantor": "丙", "balance": 80000},
        {"name": "丙", "guarantor": "甲"},
        {"name": "丁", "guarantor": "甲"},
    ]
    for day in ("11-23", "11-24"):
        answer = bank.morning(day, *loans)

    (circle,) = (one for one in bank.signals("11-24") if one["sign"] == "guarantee_circle")
    assert (circle["loan_no"], set(circle["loans"])) == ("0062002", {"0062001", "0062002", "0062003"})
    assert all(circle["id"] in {one["id"] for one in loan["signals"]} for loan in answer["loans"][:2])


def test_a_large_loan_in_arrears_is_marked_at_once(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", {**LATE, "balance": 1_000_000}, {**LATE, "balance": 999_999})

    assert [number for sign, number in bank.signs("11-23") if sign == "large"] == ["0062001"]
    shown = bank.ccm("triage", tmp_path / "ledger.csv", "--as-of", "2026-11-23").stdout
    assert shown.count("【预警·红】大额贷款逾期") == 1


def test_the_day_and_the_export_tell_of_signals(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", {**LATE, "balance": 1_000_000})
    bank.ccm("triage", tmp_path / "ledger.csv", "--as-of", "2026-11-23", "--export", tmp_path / "清单.csv")

    assert "大额贷款逾期" in (tmp_path / "清单.csv").read_text("utf-8-sig")
    assert "预警" in bank.ccm("day", "--as-of", "2026-11-23").stdout
    day = json.loads(bank.ccm("day", "--as-of", "2026-11-26", "--json").stdout)
    assert [one["overdue"] for one in day["signals"]] == [True]


def test_a_book_without_signs_writes_no_journal(bank: Bank, tmp_path: Path) -> None:
    bank.morning("11-23", {})

    assert not (tmp_path / ".ccm" / "journal.db").exists()
    assert bank.signals("11-23") == []


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_of_the_screens_is_wider_than_the_terminal(bank: Bank, tmp_path: Path, width: int) -> None:
    long = {**LATE, "balance": 2_000_000, "name": "清水县青溪镇石桥生态养殖专业合作社"}
    bank.morning("11-23", long, {})
    bank.warn("11-23", "import", head_office(tmp_path, f"ZH-2026-00001,0062002,{'上下游集中、回款放慢，' * 6},红,,"))

    for words in (["warn", "list"], ["warn", "show", "ZH-2026-00001"], ["triage", str(tmp_path / "ledger.csv")]):
        shown = bank.ccm(*words, "--as-of", "2026-11-25", COLUMNS=str(width)).stdout
        assert shown
        assert max(map(cell_len, shown.splitlines())) <= width, shown


def test_levels_and_signs_are_the_banks_own(bank: Bank, tmp_path: Path) -> None:
    from importlib.resources import files

    text = files("ccm").joinpath("data/policy.toml").read_text("utf-8")
    (tmp_path / "policy.toml").write_text(
        text.replace('min_balance = "1000000.00"', 'min_balance = "50000.00"').replace(
            "check_days = 1", "check_days = 2"
        ),
        "utf-8",
    )
    bank.morning("11-23", LATE)

    (large,) = (one for one in bank.signals("11-23") if one["sign"] == "large")
    assert large["check_by"] == "2026-11-25"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("check_days = 1\n", "check_days = 0\n", "check_days 应是不小于1"),
        ("check_days = 1\n", "check_days = 9\n", "先核实后处置"),
        ('sign = "large"', 'sign = "huge"', "sign 不能是“huge”"),
        ('from_class = "次级"', 'from_class = "坏"', "from_class 不能是“坏”"),
    ],
)
def test_a_policy_whose_signals_make_no_sense_is_refused(
    ccm: Callable[..., Result], tmp_path: Path, old: str, new: str, told: str
) -> None:
    from importlib.resources import files

    text = files("ccm").joinpath("data/policy.toml").read_text("utf-8")
    (tmp_path / "p.toml").write_text(text.replace(old, new, 1), "utf-8")

    result = ccm("policy", "check", tmp_path / "p.toml")

    assert result.exit_code == 3
    assert told in result.stderr
