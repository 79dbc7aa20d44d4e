from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

EXAMPLES = Path(__file__).parents[1] / "examples"
HEAD = "借据号,客户名称,证件号码,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,客户经理\n"


def ledger(path: Path, *rows: str) -> Path:
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    from typer.testing import CliRunner

    from ccm.cli import app

    place = tmp_path_factory.mktemp("example")
    words = ["--workspace", str(place), "triage", str(EXAMPLES / "ledger.xlsx"), "--as-of", "2026-11-23", "--json"]
    answer: dict[str, Any] = json.loads(CliRunner().invoke(app, words).stdout)
    return answer


def test_the_example_has_every_stage_product_and_letter(example: dict[str, Any]) -> None:
    duties = [duty for loan in example["loans"] for duty in loan["duties"]]

    assert (example["rows"], example["accepted"], example["findings"]) == (81, 81, [])
    assert all(row["loans"] > 0 for row in example["stages"])
    assert {loan["product"] for loan in example["loans"]} == {"loan", "card"}
    assert {duty["letter"] for duty in duties} >= {
        "loan_overdue", "guarantor_perform", "acceleration", "repayment", "urgent", "guarantee_duty",
    }  # fmt: skip
    assert {duty["rule"] for duty in duties} >= {"C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "L2", "L3"}


def test_the_json_keeps_the_contract(example: dict[str, Any]) -> None:
    loan = example["loans"][0]

    assert {"as_of", "ledgers", "rows", "accepted", "policy", "findings", "stages", "loans"} <= set(example)
    assert {
        "loan_no", "borrower", "product", "principal_dpd", "interest_dpd", "dpd", "stage", "risk_class",
        "overdue_principal",
        "overdue_interest", "balance", "manager", "branch", "rank", "priority", "reasons", "duties",
    } <= set(loan)  # fmt: skip
    assert {"id", "rule", "channel", "letter", "party", "role", "due_on", "state"} <= set(loan["duties"][0])
    assert [one["rank"] for one in example["loans"]] == list(range(1, len(example["loans"]) + 1))
    assert loan["loan_no"].startswith("00")
    assert all(loan["overdue_principal"].split(".")[1].isdigit() for loan in example["loans"])


def test_the_dirty_ledger_mended_as_told_reads_clean(
    ccm: Callable[..., Result], tmp_path: Path, example: dict[str, Any]
) -> None:
    dirty = ccm("triage", EXAMPLES / "ledger-dirty.xlsx", "--as-of", "2026-11-23", "--json")
    answer = json.loads(dirty.stdout)
    assert (dirty.exit_code, answer["accepted"]) == (4, 63)
    mended = openpyxl.load_workbook(tmp_path / "worklists" / "拒收行-2026-11-23.xlsx")
    clean = openpyxl.load_workbook(EXAMPLES / "ledger.xlsx")["贷款台账"]
    printed = [cell.value for cell in clean[3]]
    theirs = {"借款人": "客户名称", "产品": "产品名称", "机构": "支行", "地址": "联系地址",
              "到期日": "到期日期", "贷款金额": "贷款金额（元）", "贷款余额": "贷款余额（元）",
              "逾期本金": "拖欠本金", "逾期利息": "拖欠利息",
              "利息逾期日期": "最早欠息日期", "利息逾期天数": "欠息天数", "以往逾期次数": "累计逾期次数"}  # fmt: skip
    sheet = mended.active
    assert sheet is not None
    titles = [cell.value for cell in sheet[2]]
    red = 0
    for row in sheet.iter_rows(min_row=3):
        origin = int(str(row[-1].value).rsplit("|", 1)[1])
        for cell, title in zip(row[:-2], titles, strict=False):
            if cell.fill.fgColor.rgb == "00FFC7CE":
                red += 1
                assert cell.comment
                cell.value = clean.cell(origin, printed.index(theirs.get(str(title), title)) + 1).value
    assert red >= 19
    mended.save(tmp_path / "mended.xlsx")

    again = ccm("triage", EXAMPLES / "ledger-dirty.xlsx", tmp_path / "mended.xlsx", "--as-of", "2026-11-23", "--json")

    after = json.loads(again.stdout)
    assert again.exit_code == 0, [one for one in after["findings"] if one["severity"] == "error"]
    facts = ("loan_no", "dpd", "stage", "overdue_principal", "overdue_interest")
    assert {tuple(loan[key] for key in facts) for loan in after["loans"]} == {
        tuple(loan[key] for key in facts) for loan in example["loans"]
    }


def test_strict_stops_and_remembers_nothing(ccm: Callable[..., Result], tmp_path: Path) -> None:
    path = ledger(tmp_path / "l.csv", "1,张三,,2027-01-01,坏,0,0,,")

    assert ccm("triage", path, "--strict").exit_code == 3
    assert not (tmp_path / ".ccm").exists()


def test_personal_data_is_masked_unless_revealed(ccm: Callable[..., Result], tmp_path: Path) -> None:
    path = ledger(tmp_path / "l.csv", "1,张三,430000197001010010,2027-01-01,5,0,0,,")

    assert "430000197001010010" not in ccm("triage", path, "--json").output
    assert "430000197001010010" not in ccm("triage", path).output
    assert "430000197001010010" in ccm("triage", path, "--reveal").output


def test_a_second_ledger_is_held_against_the_first(ccm: Callable[..., Result], tmp_path: Path) -> None:
    rows = {no: f"{no},客户{no},,2027-01-01,{{balance}},0,{{interest}},{{since}},甲" for no in "12345"}
    unpaid = {"balance": 100, "interest": 5, "since": "2026-10-25"}
    paid = {"balance": 100, "interest": 0, "since": ""}
    worse = {"interest": 6, "since": "2026-10-20"}
    first = [rows["1"].format(**paid), rows["2"].format(**unpaid), *(rows[no].format(**unpaid) for no in "345")]
    second = [rows["1"].format(balance=100, interest=3, since="2026-11-22"), rows["2"].format(**paid)]
    second += [rows["3"].format(balance=100, **worse), rows["4"].format(balance=80, **worse)]
    ccm("triage", ledger(tmp_path / "a.csv", *first), "--as-of", "2026-11-22")

    answer = json.loads(ccm("triage", ledger(tmp_path / "b.csv", *second), "--as-of", "2026-11-23", "--json").stdout)

    moves = {change["loan_no"]: change["move"] for change in answer["changes"]["changes"]}
    assert moves == {"1": "new", "2": "cured", "3": "rolled", "4": "paid_but_worse", "5": "vanished"}


def test_the_same_ledger_again_makes_nothing_new(ccm: Callable[..., Result], tmp_path: Path) -> None:
    path = ledger(tmp_path / "l.csv", "1,张三,,2027-01-01,5,0,1,2026-11-01,甲")
    answers = [json.loads(ccm("triage", path, "--as-of", "2026-11-23", "--json").stdout) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len([place for place in (tmp_path / ".ccm" / "triages").iterdir() if place.is_dir()]) == 1


def test_a_remembered_triage_that_was_lost_is_asked_for_again(ccm: Callable[..., Result], tmp_path: Path) -> None:
    ccm("triage", ledger(tmp_path / "l.csv", "1,张三,,2027-01-01,5,0,1,2026-11-01,甲"), "--as-of", "2026-11-23")
    for place in (tmp_path / ".ccm" / "triages").iterdir():
        if place.is_dir():
            shutil.rmtree(place)

    result = ccm("letters")

    assert result.exit_code == 3
    assert "ccm triage" in result.stderr


def test_state_belongs_to_its_owner_alone(ccm: Callable[..., Result], tmp_path: Path) -> None:
    ccm("triage", ledger(tmp_path / "l.csv", "1,张三,,2027-01-01,5,0,0,,"))

    assert oct((tmp_path / ".ccm").stat().st_mode)[-3:] == "700"


def test_why_tells_rule_source_and_what_comes(ccm: Callable[..., Result], tmp_path: Path) -> None:
    ccm(
        "triage",
        ledger(tmp_path / "l.csv", "1,张三,,2027-01-01,500,0,9,2026-10-19,甲", "2,李四,,2027-01-01,5,0,0,,"),
        "--as-of",
        "2026-11-23",
    )

    shown = ccm("why", "1").stdout

    assert "至今35天" in shown
    assert "手册第103页：满30天发《贷款逾期催收通知书》" in shown
    assert "2026-12-18 进入“逾期60–89天”" in shown
    assert "不要求：没有担保人" in shown.replace("条件“有担保人”不满足", "没有担保人")
    assert "不在清单上" in ccm("why", "李四").stdout


def test_a_cell_that_begins_like_a_formula_stays_text(ccm: Callable[..., Result], tmp_path: Path) -> None:
    path = ledger(tmp_path / "l.csv", "1,=1+1,,2027-01-01,5,0,1,2026-11-01,@甲")
    for name in ("w.xlsx", "w.csv"):
        assert ccm("triage", path, "--as-of", "2026-11-23", "--export", tmp_path / name, "--by-manager").exit_code == 0

    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    rows = list(csv.reader((tmp_path / "w.csv").open(encoding="utf-8-sig")))

    assert book.sheetnames == ["清单", "@甲"]
    assert (book["清单"]["C3"].value, book["清单"]["C3"].data_type) == ("=1+1", "s")
    assert book["清单"].freeze_panes == "D3"
    assert rows[2][2] == "'=1+1"
    assert "含客户个人信息" in rows[0][0]
    assert "含客户个人信息" in book["清单"]["A1"].value


def test_nothing_overdue_and_nothing_at_all_have_their_own_sentences(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    assert "今天没有要催的" in ccm("triage", ledger(tmp_path / "a.csv", "1,张三,,2027-01-01,5,0,0,,")).stdout
    assert "下面没有一行贷款" in ccm("triage", ledger(tmp_path / "b.csv")).stdout


def test_an_empty_filter_says_what_there_is_without_it(ccm: Callable[..., Result], tmp_path: Path) -> None:
    book = ledger(
        tmp_path / "a.csv", "1,张三,,2027-01-01,5,0,9,2026-11-01,陶敏", "2,李四,,2027-01-01,5,0,9,2026-07-01,王敏",
        "3,王五,,2027-01-01,5,0,0,,赵一",
    )  # fmt: skip

    def shown(*words: str) -> str:
        return ccm("triage", book, "--as-of", "2026-11-23", *words).stdout

    assert "按这些条件一笔也没有；去掉筛选有2笔，其中逾期90天以上1笔，陶敏1笔。" in shown(
        "--stage", "90", "--manager", "陶敏"
    )
    assert "去掉筛选有2笔，其中赵一0笔。" in shown("--manager", "赵一")
    assert "没有要催的" not in shown("--manager", "赵一")


@pytest.mark.parametrize("width", ["80", "120"])
def test_a_day_of_another_year_is_shown_with_its_year(ccm: Callable[..., Result], tmp_path: Path, width: str) -> None:
    book = ledger(
        tmp_path / "a.csv", "1,张三,,2027-01-01,5,0,9,2025-01-01,陶敏", "2,李四,,2027-01-01,5,0,9,2026-10-01,甲"
    )

    shown = ccm("triage", book, "--as-of", "2026-11-23", COLUMNS=width).stdout

    words = " ".join(shown.split())
    assert "起诉·C8 2025-05-01已过期" in words
    assert "寄贷款逾期催收通知书·C4 11-03已过期" in words


@pytest.mark.parametrize("width", [80, 120])
def test_the_screen_fits_its_width(ccm: Callable[..., Result], width: int) -> None:
    from rich.cells import cell_len

    shown = ccm("triage", EXAMPLES / "ledger.xlsx", "--as-of", "2026-11-23", COLUMNS=str(width)).stdout

    assert max(cell_len(line.rstrip()) for line in shown.splitlines()) <= width


def test_help_is_chinese(ccm: Callable[..., Result]) -> None:
    for words in (["--help"], ["triage", "--help"], ["policy", "diff", "--help"], ["init", "--help"]):
        shown = ccm(*words).stdout
        assert "例：" in shown
        assert "Usage" not in shown
        assert "Options" not in shown


def test_wrong_usage_is_told_in_chinese(ccm: Callable[..., Result]) -> None:
    result = ccm("triage", "--nope")

    assert result.exit_code == 2
    assert "没有 --nope 这个选项" in result.stderr


def test_a_workspace_is_made_where_workspace_says_and_a_name_that_was_not_taken_is_told(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    made = ccm("--workspace", tmp_path / "new", "init", "--bank", "清水农商行")
    again = ccm("--workspace", tmp_path / "new", "init", "--bank", "别的行")

    assert "下一步" in made.stdout
    assert 'name = "清水农商行"' in (tmp_path / "new" / "ccm.toml").read_text("utf-8")
    assert "行名、机构没有改" in again.stdout


def test_one_managers_list_is_compared_with_the_same_loans_and_no_others(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    head = "借据号,客户名称,到期日期,贷款余额,拖欠利息,最早欠息日期,客户经理\n"
    line = "{no},张{no},2027-06-30,1000,10.00,{since},{manager}\n".format
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    mine, other = {"manager": "王敏"}, {"manager": "许明"}
    first.write_text(
        head + line(no=1, since="2026-10-28", **mine) + line(no=2, since="2026-10-28", **other)
        + line(no=3, since="2026-10-28", **mine) + line(no=4, since="2026-11-10", **other), "utf-8",
    )  # fmt: skip
    second.write_text(
        head + line(no=1, since="2026-10-28", **mine) + line(no=2, since="2026-10-28", **other)
        + line(no=3, since="2026-10-28", **other), "utf-8",
    )  # fmt: skip
    ccm("triage", first, "--as-of", "2026-11-23")

    answer = json.loads(ccm("triage", second, "--as-of", "2026-11-30", "--manager", "王敏", "--json").stdout)

    assert [(one["loan_no"], one["move"]) for one in answer["changes"]["changes"]] == [("1", "rolled")]
