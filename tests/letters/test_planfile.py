"""A plan as a file: what a person strikes is not issued, what is left is, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.styles import Font

from ccm.journal import open_journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet
    from typer.testing import Result

HEAD = (
    "借据号,客户名称,证件号码,地址,合同号,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,提前到期条款,"
    "共同借款人,共同借款人地址,保证人,保证人地址\n"
)
LOAN = "{no},{name},11010519491231002X,一路1号,借字{no}号,2028-06-30,50000,0,120.5,{since},第八条,{more}\n"
AT_30, AT_60 = "2026-10-20", "2026-09-20"


@pytest.fixture
def place(ccm: Callable[..., Result], tmp_path: Path) -> Path:
    """A workspace whose last triage holds 张三 at 30 days, 李四 at 60 with a co-borrower who is guarantor as well."""
    ccm("init", tmp_path, "--bank", "清水农商行", "--branch", "城关支行")
    read(ccm, tmp_path, LOAN.format(no="0062001", name="张三", since=AT_30, more=",,,"),
         LOAN.format(no="0062002", name="李四", since=AT_60, more="王五,二路2号,王五,二路2号"))  # fmt: skip
    return tmp_path


def read(ccm: Callable[..., Result], place: Path, *rows: str) -> None:
    (place / "l.csv").write_text(HEAD + "".join(rows), "utf-8")
    result = ccm("triage", place / "l.csv", "--as-of", "2026-11-23")
    assert result.exit_code == 0, result.output


def plan(ccm: Callable[..., Result], place: Path, *more: str) -> Path:
    result = ccm("letters", "--dry-run", "--out", place / "plan.xlsx", *more)
    assert result.exit_code == 0, result.output
    return place / "plan.xlsx"


def changed(path: Path, change: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book["计划"])
    book.save(path)
    return path


def lines(path: Path) -> list[tuple[str, str, str, str]]:
    """Loan, addressee, role and letter of each line of a plan."""
    sheet = openpyxl.load_workbook(path)["计划"]
    head = [cell.value for cell in sheet[1]]
    at = [head.index(name) for name in ("借据号", "收件人", "身份", "函件")]
    return [tuple(str(row[one].value) for one in at) for row in sheet.iter_rows(min_row=2)]  # type: ignore[misc]


def issue(ccm: Callable[..., Result], path: Path) -> tuple[int, dict[str, Any]]:
    result = ccm("letters", "--plan", path, "--json")
    return result.exit_code, json.loads(result.stdout)


def cell(sheet: Worksheet, row: int, name: str) -> Any:  # noqa: ANN401
    return sheet.cell(row, [one.value for one in sheet[1]].index(name) + 1)


def test_a_plan_lists_who_gets_what_under_which_rule_and_writes_nothing_else(
    ccm: Callable[..., Result], place: Path
) -> None:
    path = plan(ccm, place, "--catch-up")

    assert lines(path) == [
        ("0062001", "张三", "借款人", "贷款逾期催收通知书"),
        ("0062002", "李四", "借款人", "贷款逾期催收通知书"),
        ("0062002", "李四", "借款人", "贷款提前到期通知书"),
        ("0062002", "王五", "共同借款人", "贷款逾期催收通知书"),
        ("0062002", "王五", "共同借款人", "贷款提前到期通知书"),
        ("0062002", "王五", "担保人", "担保人履行责任通知书"),
        ("0062002", "王五", "担保人", "贷款提前到期通知书"),
    ]
    sheet = openpyxl.load_workbook(path)["计划"]
    assert [cell(sheet, row, "依据").value for row in range(2, 9)] == ["C4", "C4", "C7", "C4", "C7", "C5", "C7"]
    assert not (place / "letters").exists()
    with closing(open_journal(place / ".ccm", "核对")) as journal:
        assert list(journal.entries("letter")) == []


def test_what_is_struck_stays_and_exactly_the_rest_is_issued(ccm: Callable[..., Result], place: Path) -> None:
    def strike(sheet: Worksheet) -> None:
        cell(sheet, 3, "不发的理由").value = "已电话承诺月底还款"
        for one in sheet[6]:
            one.font = Font(strike=True)
        sheet.delete_rows(4)

    exit_code, answer = issue(ccm, changed(plan(ccm, place, "--catch-up"), strike))

    assert [(one["party"], one["role"], one["kind"]) for one in answer["issued"]] == [
        ("张三", "borrower", "loan_overdue"),
        ("王五", "co_borrower", "loan_overdue"),
        ("王五", "guarantor", "guarantor_perform"),
        ("王五", "guarantor", "acceleration"),
    ]
    assert [(one["party"], one["role"], one["kind"], one["reason"]) for one in answer["skipped"]] == [
        ("李四", "borrower", "loan_overdue", "计划里写明不发：已电话承诺月底还款"),
        ("王五", "co_borrower", "acceleration", "计划里写明不发：整行已划掉"),
    ]
    assert exit_code == 0
    left = json.loads(ccm("letters", "--catch-up", "--dry-run", "--json").stdout)["planned"]
    assert [(one["party"], one["role"], one["kind"]) for one in left] == [
        ("李四", "borrower", "loan_overdue"),
        ("李四", "borrower", "acceleration"),
        ("王五", "co_borrower", "acceleration"),
    ]


def test_the_same_plan_again_gives_nothing_new(ccm: Callable[..., Result], place: Path) -> None:
    path = plan(ccm, place)
    first, second = issue(ccm, path)[1], issue(ccm, path)

    assert len(first["issued"]) == 4
    assert (second[0], second[1]["issued"]) == (0, [])
    assert ["已于2026-11-23发出" in one["reason"] for one in second[1]["skipped"]] == [True] * 4


def test_a_plan_older_than_the_ledger_is_refused(ccm: Callable[..., Result], place: Path) -> None:
    path = plan(ccm, place)
    read(ccm, place, LOAN.format(no="0062001", name="张三", since="2026-10-19", more=",,,"))

    result = ccm("letters", "--plan", path)

    assert result.exit_code == 3
    assert "计划" in result.stderr
    assert not (place / "letters").exists()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda sheet: sheet.row_dimensions.__getitem__(3).__setattr__("hidden", True), "第3行：这一行被筛选或隐藏了"),
        (lambda sheet: cell(sheet, 2, "标识（勿改）").__setattr__("value", "张三"), "“标识（勿改）”一格被改动了"),
        (lambda sheet: cell(sheet, 1, "标识（勿改）").__setattr__("value", "备注"), "缺少“不发的理由”或“标识（勿改）”"),
    ],
)
def test_a_plan_that_cannot_be_understood_stops_before_the_first_letter(
    ccm: Callable[..., Result], place: Path, damage: Callable[[Worksheet], None], told: str
) -> None:
    result = ccm("letters", "--plan", changed(plan(ccm, place), damage))

    assert result.exit_code == 3
    assert told in result.stderr.replace("\n", "")
    assert not (place / "letters").exists()


def test_columns_may_be_moved_and_added_and_lines_sorted(ccm: Callable[..., Result], place: Path) -> None:
    def rearrange(sheet: Worksheet) -> None:
        rows = [[one.value for one in row] for row in sheet.iter_rows()]
        head, *rest = [[*reversed(row), "主管意见"] for row in rows]
        for nth, row in enumerate([head, *reversed(rest)], start=1):
            for column, value in enumerate(row, start=1):
                sheet.cell(nth, column).value = value

    _, answer = issue(ccm, changed(plan(ccm, place), rearrange))

    assert [one["party"] for one in answer["issued"]] == ["张三", "李四", "王五", "王五"]


def test_an_empty_plan_issues_nothing(ccm: Callable[..., Result], place: Path) -> None:
    exit_code, answer = issue(ccm, changed(plan(ccm, place), lambda sheet: sheet.delete_rows(2, 99)))

    assert (exit_code, answer["issued"], answer["skipped"]) == (0, [], [])


def test_a_line_that_is_no_longer_owed_is_told(ccm: Callable[..., Result], place: Path) -> None:
    path = plan(ccm, place, "--stage", "30")
    policy = place / "policy.toml"
    later = policy.read_text("utf-8").replace("from_days = 30\nwithin_days = 3", "from_days = 35\nwithin_days = 3")
    policy.write_text(later, "utf-8")

    exit_code, answer = issue(ccm, path)

    assert (exit_code, answer["issued"]) == (4, [])
    assert [one["reason"] for one in answer["skipped"]] == ["计划里有，但按现在的政策不再应发"]


def test_a_plan_of_one_loan_claims_only_that_one_though_letters_go_per_debtor(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    ccm("init", tmp_path, "--bank", "清水农商行", "--branch", "城关支行")
    policy = tmp_path / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace('per = "loan"', 'per = "debtor"'), "utf-8")
    read(ccm, tmp_path, *(LOAN.format(no=f"006200{n}", name="张三", since=AT_30, more=",,,") for n in (1, 2, 3)))
    path = plan(ccm, tmp_path, "--loan", "0062001", "--loan", "0062003")
    assert lines(path) == [("0062001、0062003", "张三", "借款人", "贷款逾期催收通知书")]

    ccm("letters", "--loan", "0062003")
    _, answer = issue(ccm, path)

    assert [one["loan_no"] for one in answer["issued"]] == ["0062001"]
    assert [(one["loan_no"], one["done"]) for one in answer["skipped"]] == [("0062003", True)]
    assert json.loads(ccm("letters", "--dry-run", "--json").stdout)["planned"][0]["loans"] == ["0062002"]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("through", ["xlsx", "ods"])
def test_a_plan_saved_by_a_spreadsheet_program_still_reads(
    ccm: Callable[..., Result], place: Path, tmp_path: Path, through: str
) -> None:
    def strike(sheet: Worksheet) -> None:
        cell(sheet, 3, "不发的理由").value = "暂缓"
        for one in sheet[4]:
            one.font = Font(strike=True)

    path = changed(plan(ccm, place), strike)
    for wanted in dict.fromkeys((through, "xlsx")):
        source = next(iter((tmp_path / "saved").glob("plan.*")), path)
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}", "--headless", "--convert-to", wanted,
             "--outdir", tmp_path / "saved", source],
            check=True, capture_output=True,
        )  # fmt: skip

    _, answer = issue(ccm, tmp_path / "saved" / "plan.xlsx")

    assert [(one["party"], one["role"]) for one in answer["issued"]] == [("张三", "borrower"), ("王五", "guarantor")]
    assert [one["reason"] for one in answer["skipped"]] == ["计划里写明不发：暂缓", "计划里写明不发：整行已划掉"]
