"""Which rows of a ledger are loans, which are not, and what is told of those that are no good."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.identity import RIC_CHECKS, can_be, ric_place
from ccm.ledger.identity import wrong_identity
from ccm.ledger.parties import parties
from ccm.model import Figures
from ccm.payments import fallen_cents
from ccm.units import known_sum

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    Triage = Callable[..., dict[str, Any]]

HEADER = ["序号", "借据号", "客户名称", "客户经理", "到期日期", "贷款余额", "拖欠本金", "逾期天数", "备注"]
ZHANG = [1, "0062001", "张三", "王敏", "2026-10-01", 5000, 5000, 53, None]
LI = [2, "0062002", "李四", "王敏", "2026-10-01", 5000, 5000, 53, None]


def sheet(path: Path, *rows: list[Any], header: list[str] = HEADER) -> Path:
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    book.save(path)
    return path


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], one["cell"]) for one in answer["findings"]]


@pytest.mark.parametrize(
    "figure",
    [{"贷款余额": 5000}, {"拖欠本金": "5,000.00"}, {"逾期天数": 70}, {"到期日期": "2026-10-01"}],
    ids=lambda figure: next(iter(figure)),
)
def test_a_row_with_a_figure_that_names_nobody_is_refused(
    triage: Triage, tmp_path: Path, figure: dict[str, Any]
) -> None:
    nameless = [{"序号": 3, "客户经理": "王敏", **figure}.get(name) for name in HEADER]

    answer = triage(sheet(tmp_path / "l.xlsx", ZHANG, nameless))

    assert (answer["rows"], answer["accepted"]) == (2, 1)
    assert ("loan-no-missing", "B3") in told(answer)


@pytest.mark.parametrize(
    "row",
    [
        [3, None, None, "王敏", None, None, None, None, None],
        [3, None, None, None, None, 0, 0, 0, None],
        [3, "-", "—", None, None, "-", "", None, None],
        [None, None, None, "☆☆☆", None, None, None, None, "以下空白"],
    ],
    ids=["a number and a manager", "prepared formulas", "dashes", "ornaments"],
)
def test_a_row_that_says_nothing_of_a_loan_is_blank(triage: Triage, tmp_path: Path, row: list[Any]) -> None:
    answer = triage(sheet(tmp_path / "l.xlsx", ZHANG, row))

    assert (answer["rows"], told(answer)) == (1, [])


@pytest.mark.parametrize("words", ["合计", "合 计", "总计：", "小计", "石桥支行小计"])
@pytest.mark.parametrize("column", ["序号", "借据号", "客户名称", "客户经理"])
def test_a_row_of_sums_is_one_in_whichever_column_it_says_so(
    triage: Triage, tmp_path: Path, column: str, words: str
) -> None:
    sums = [{"贷款余额": 10_000, "拖欠本金": 10_000, column: words}.get(name) for name in HEADER]

    answer = triage(sheet(tmp_path / "l.xlsx", ZHANG, LI, sums))

    assert (answer["rows"], answer["accepted"], told(answer)) == (2, 2, [])


def test_a_loan_whose_remark_speaks_of_sums_is_no_row_of_sums(triage: Triage, tmp_path: Path) -> None:
    numberless = [2, None, "李四", "王敏", "2026-10-01", 5000, 5000, 53, "本息合计"]
    numbered = [3, "0062003", "王五", "小计", "2026-10-01", 5000, 5000, 53, "合计"]

    answer = triage(sheet(tmp_path / "l.xlsx", ZHANG, numberless, numbered))

    assert (answer["rows"], answer["accepted"]) == (3, 2)
    assert told(answer) == [("loan-no-missing", "B3")]


def short(count: int, last: object, usual: str = "00120260000000{:02d}") -> list[list[Any]]:
    numbers = [usual.format(nth) for nth in range(1, count + 1)]
    return [[nth, number, *ZHANG[2:]] for nth, number in enumerate([*numbers, last], start=1)]


@pytest.mark.parametrize("last", [12026000000008, "12026000000008"], ids=["a number", "digits"])
def test_a_loan_number_that_lost_its_zeros_is_told(triage: Triage, tmp_path: Path, last: object) -> None:
    answer = triage(sheet(tmp_path / "l.xlsx", *short(4, last)))

    assert told(answer) == [("loan-no-short", "B6")]
    assert "16位" in answer["findings"][0]["message"]
    assert answer["accepted"] == 5


@pytest.mark.parametrize(
    "rows",
    [
        short(2, 12026000000008),
        short(4, "0012026000000008"),
        short(4, "K2026000000008"),
        short(4, 12026000000008, "10120260000000{:02d}"),
        [*short(4, 12026000000008), [6, 12026000000009, *LI[2:]], [7, 12026000000010, *LI[2:]]],
    ],
    ids=["too few others", "as long as the others", "not of digits", "no zeros in front", "too many short ones"],
)
def test_a_loan_number_of_another_length_is_not_told_without_reason(
    triage: Triage, tmp_path: Path, rows: list[list[Any]]
) -> None:
    assert told(triage(sheet(tmp_path / "l.xlsx", *rows))) == []


def test_a_row_that_repeats_another_is_counted_once_and_not_refused(
    ccm: Callable[..., Result], triage: Triage, tmp_path: Path
) -> None:
    header = [*HEADER, "联系电话"]
    path = sheet(tmp_path / "l.xlsx", [*ZHANG, "12"], [9, *ZHANG[1:], "12"], LI, header=header)

    answer = triage(path)
    screen = ccm("triage", path, "--as-of", "2026-11-23")

    assert (answer["rows"], answer["accepted"], answer["refused_file"]) == (3, 2, None)
    assert told(answer) == [("phone-wrong", "J2"), ("row-repeated", "B3"), ("phone-wrong", "J3")]
    assert screen.exit_code == 0
    assert "被拒收" not in screen.stdout
    assert "共读3行，收下2行，另1行整行重复" in screen.stdout


def test_of_repeated_rows_with_a_mistake_one_is_to_be_mended(triage: Triage, tmp_path: Path) -> None:
    wrong = [1, "0062001", "张三", "王敏", "2026-02-30", *ZHANG[5:]]

    answer = triage(sheet(tmp_path / "l.xlsx", wrong, wrong, LI))

    refused = openpyxl.load_workbook(answer["refused_file"]).active
    assert (answer["accepted"], refused.max_row) == (1, 3)


GUARANTEED = [
    "借据号", "客户名称", "到期日期", "贷款余额", "拖欠本金", "逾期天数", "保证人1", "保证人地址1", "保证人2",
    "保证人3", "保证人4", "保证人地址4",
]  # fmt: skip


def test_a_guarantor_without_an_address_is_shown_in_his_own_cell(triage: Triage, tmp_path: Path) -> None:
    row = ["0062001", "张三", "2026-10-01", 5000, 5000, 53, "王一", "一路1号", "赵二、钱六", "李三", "李四", "四路，转"]

    findings = triage(sheet(tmp_path / "l.xlsx", row, header=GUARANTEED))["findings"]

    shown = [(one["cell"], one["value"], one["message"][3:5]) for one in findings]
    assert shown == [("I2", "赵二、钱六", "赵二"), ("I2", "赵二、钱六", "钱六"), ("J2", "李三", "李三")]


def test_a_kind_of_guarantee_said_once_is_said_of_all_numbered_guarantors() -> None:
    frame = pl.DataFrame(
        {
            "loan_no": ["1", "2"],
            "guarantor_1": ["李一", "钱二"],
            "guarantor_2": ["王三", None],
            "guarantor_kind": ["连带责任保证", "一般保证"],
        }
    )
    found = parties([SimpleNamespace(frame=frame)])  # type: ignore[list-item]

    assert found.select("name", "guarantee_kind").rows() == [
        ("李一", "连带责任保证"),
        ("钱二", "一般保证"),
        ("王三", "连带责任保证"),
    ]


def test_what_stands_beside_a_single_guarantor_is_his_commas_and_all(
    ccm: Callable[..., Result], triage: Triage, tmp_path: Path
) -> None:
    row = ["0062001", "张三", "2026-10-01", 5000, 5000, 53, *[None] * 4, "李四", "四路4号（由其弟代收，先打电话）"]
    triage(sheet(tmp_path / "l.xlsx", row, header=GUARANTEED))

    assert "四路4号（由其弟代收，先打电话）" in ccm("letters", "--json", "--dry-run").stdout


def test_the_headers_of_one_bank_are_known(names: Any) -> None:  # noqa: ANN401 - the fixture
    headers = ("借款余额", "借款日", "所属网点", "执行利率%")

    assert [names.match(one).field for one in headers] == ["balance", "issued_on", "branch", "rate"]


def test_an_unknown_column_that_may_decide_is_not_called_harmless(triage: Triage, tmp_path: Path) -> None:
    header = ["借据号", "客户名称", "到期日期", "贷款结余额", "拖欠本金", "星座"]
    answer = triage(sheet(tmp_path / "l.xlsx", ["0062001", "张三", "2026-10-01", 5000, 5000, "白羊"], header=header))

    hints = {one["code"]: (one["message"], one["hint"]) for one in answer["findings"]}
    assert "贷款结余额" in hints["column-unknown-near"][0]
    assert "不影响结果" not in hints["column-unknown-near"][1]
    assert "贷款结余额" not in hints["column-unknown"][0]


def test_a_near_name_of_a_column_that_is_there_does_no_harm(triage: Triage, tmp_path: Path) -> None:
    header = ["借据号", "客户名称", "到期日期", "贷款余额", "贷款结余额"]
    answer = triage(sheet(tmp_path / "l.xlsx", ["0062001", "张三", "2026-10-01", 5000, 4000], header=header))

    assert [one["code"] for one in answer["findings"]] == ["column-unknown"]


def test_of_several_files_one_that_is_no_ledger_is_named(ccm: Callable[..., Result], tmp_path: Path) -> None:
    good = sheet(tmp_path / "good.xlsx", ZHANG)
    other, another = tmp_path / "other.csv", tmp_path / "another.csv"
    for path in (other, another):
        path.write_text("菜名,价格\n面,12\n", "utf-8")

    for paths in ((good, other), (other, another)):
        result = ccm("triage", *paths, "--as-of", "2026-11-23")
        assert result.exit_code == 3
        assert "other.csv：这个文件里没有认得的台账表头" in result.stderr.replace("\n", "")
        assert "菜名" in result.stderr


def test_files_of_guarantors_alone_are_no_ledger(ccm: Callable[..., Result], tmp_path: Path) -> None:
    header = ["借据号", "保证人", "保证人地址"]
    paths = [sheet(tmp_path / name, ["0062001", "李四", "一路"], header=header) for name in ("a.xlsx", "b.xlsx")]

    result = ccm("triage", *paths, "--as-of", "2026-11-23")

    assert result.exit_code == 3
    assert "没有认得的台账表头" in result.stderr


def numbers() -> st.SearchStrategy[str]:
    """Citizens' numbers with the right last character, and such with one character changed."""
    body = st.builds("{}{:%Y%m%d}{:03d}".format, st.integers(110000, 999999), st.dates(), st.integers(0, 999)).filter(
        lambda text: len(text) == 17
    )
    right = body.map(lambda text: text + RIC_CHECKS[ric_place(int(text))])
    changed = st.tuples(right, st.integers(0, 17), st.sampled_from("0123456789X"))
    return right | changed.map(lambda one: one[0][: one[1]] + one[2] + one[0][one[1] + 1 :])


@given(numbers())
def test_a_number_alone_is_judged_as_in_a_column(number: str) -> None:
    assert can_be(number) is not wrong_identity(pl.Series([number]))[0]


@pytest.mark.parametrize(
    ("number", "name", "kind"),
    [
        ("914403001922038216", "张三", "company"),
        ("91430000MA4L16JQ9B", "张三", "company"),
        ("911840198001010017", "JOHN SMITH", "person"),
        ("11010519491231002X", "张三", "person"),
        ("510105194912310020", "张三", "person"),
    ],
    ids=["a credit code of digits", "a credit code", "a foreigner", "a citizen", "a citizen of the south-west"],
)
def test_a_company_is_told_by_the_form_of_its_number(
    triage: Triage, tmp_path: Path, number: str, name: str, kind: str
) -> None:
    """Every loan of a company with a bad one is worse than its own days say; a person's is not."""
    header = ["借据号", "客户名称", "证件号码", "到期日期", "贷款余额", "五级分类"]
    rows = [["1", name, number, "2026-11-23", 100, None], ["2", name, number, "2026-11-23", 100, "损失"]]

    loans = triage(sheet(tmp_path / "l.xlsx", *rows, header=header))["loans"]

    assert {loan["loan_no"]: loan["risk_class_by"] for loan in loans}["1"] == (
        "debtor_share" if kind == "company" else "days"
    )


def test_a_balance_that_is_in_no_known_column_is_unknown_and_not_zero(
    triage: Triage, ccm: Callable[..., Result], tmp_path: Path
) -> None:
    header = ["借据号", "客户名称", "到期日期", "结余", "拖欠本金", "逾期天数"]
    path = sheet(tmp_path / "l.xlsx", ["0062001", "张三", "2026-10-01", 5000, 5000, 53], header=header)

    answer = triage(path)
    screen = ccm("triage", path, "--as-of", "2026-11-23", "--export", tmp_path / "list.csv").stdout

    assert answer["loans"][0]["balance"] is None
    assert {stage["stage"]: stage["balance"] for stage in answer["stages"]} == {
        0: "0.00", 30: None, 60: "0.00", 90: "0.00",
    }  # fmt: skip
    assert [line.split()[-1] for line in screen.splitlines() if line.startswith(("逾期30", "合计"))] == ["—", "—"]
    exported = (tmp_path / "list.csv").read_text("utf-8-sig").splitlines()
    assert dict(zip(exported[1].split(","), exported[2].split(","), strict=False))["贷款余额"] == "—"


def test_a_balance_that_is_not_known_any_more_was_not_paid() -> None:
    known, unknown = (Figures(date(2026, 11, 23), cents, 0, 900) for cents in (500_000, None))

    assert fallen_cents(known, unknown) == fallen_cents(unknown, known) == 0
    assert fallen_cents(known, Figures(date(2026, 11, 24), 400_000, 0, 800)) == 100_100


@pytest.mark.parametrize(
    ("parts", "total"), [([], 0), ([None], None), ([None, 5], 5), ([3, 5], 8)], ids=["none", "unknown", "some", "all"]
)
def test_a_sum_is_unknown_where_nothing_of_it_is_known(parts: list[int | None], total: int | None) -> None:
    assert known_sum(parts) == total
