"""Header names: what banks call a column, and what only looks like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.ledger.columns import load_names, scale_of, unit_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.ledger.columns import Names


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("借据号", "loan_no"), ("贷款账号", "loan_no"), ("借据编号", "loan_no"), ("客户名称", "borrower"),
        ("户名", "borrower"),
        ("借款人名称", "borrower"), ("证件号码", "id_no"), ("身份证号", "id_no"), ("第一责任人", "manager"),
        ("主客户经理", "manager"), ("客户经理", "manager"), ("借款日期", "issued_on"),
        ("发放日期", "issued_on"),
        ("贷款日期", "issued_on"), ("起息日", "issued_on"), ("拖欠本金", "overdue_principal"),
        ("欠本金额", "overdue_principal"),
        ("拖欠利息", "overdue_interest"), ("累计欠息", "overdue_interest"), ("表内外欠息和", "overdue_interest"),
        ("结欠本金（元）", "balance"), ("贷款余额", "balance"), ("到期日期", "due_on"), ("到期日", "due_on"),
        ("最早欠息日期", "interest_since_on"), ("逾期天数", "overdue_days"), ("五级形态", "risk_class"),
        ("保证人", "guarantor"), ("担保人", "guarantor"), ("联系电话", "phone"),
        ("手机号码", "phone"), ("贷款余额（万元）", "balance"),
        ("借　据　号", "loan_no"), ("借据号*", "loan_no"), ("帐号", "loan_no"),
    ],
)  # fmt: skip
def test_a_usual_header_is_known(names: Names, header: str, field: str) -> None:
    match = names.match(header, "")
    assert match is not None
    assert match.field == field


@pytest.mark.parametrize(
    ("header", "number"), [("保证人1", 1), ("保证人2", 2), ("担保人3", 3), ("保证人一", 1), ("共同借款人2", 2)]
)
def test_numbered_parties_are_kept_apart(names: Names, header: str, number: int) -> None:
    match = names.match(header, "")
    assert match is not None
    assert match.number == number


@pytest.mark.parametrize("header", ["备用字段七", "审批意见", "xyz"])
def test_an_unknown_header_is_not_forced_on_a_field(names: Names, header: str) -> None:
    assert names.match(header, "") is None


def test_an_upper_header_decides_what_a_lower_one_means(names: Names) -> None:
    ours, theirs = names.match("姓名", "借款人"), names.match("姓名", "保证人")
    assert ours is not None
    assert theirs is not None
    assert (ours.field, theirs.field) == ("borrower", "guarantor")


@pytest.mark.parametrize(
    ("header", "scale"), [("余额（万元）", 10_000), ("余额(元)", 1), ("余额", 1), ("余额_千元", 1000)]
)
def test_the_unit_in_a_header_scales(header: str, scale: int) -> None:
    assert scale_of(header) == scale


@pytest.mark.parametrize(
    ("titles", "scale"),
    [
        (["单位：万元"], 10_000),
        (["编制单位：元氏农商银行　金额单位：人民币万元　2026年11月20日"], 10_000),
        (["单位:千元 制表:王敏"], 1000),
        (["单位：", "万元"], 10_000),
        (["编制单位：元氏农商银行"], 1),
        (["大额贷款（1000万元以上）明细"], 1),
    ],
)
def test_the_unit_stands_anywhere_in_the_titles(titles: list[str], scale: int) -> None:
    assert unit_in(titles) == scale


def test_a_banks_own_names_come_first() -> None:
    own = load_names({"overdue_interest": ["利息合计数"]})
    match = own.match("利息合计数", "")
    assert match is not None
    assert match.field == "overdue_interest"


def test_a_field_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(CcmError, match="overdue_interest"):
        load_names({"overdue_interests": ["x"]})


@given(st.sampled_from(["{}", " {} ", "*{}", "{}：", "{}（元）", "3.{}", "{}\n（必填）"]), st.data())
def test_what_surrounds_a_name_does_not_change_it(names: Names, form: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(names.known)))
    bare, dressed = names.match(name), names.match(form.format(name))
    assert bare is not None
    assert dressed is not None
    assert dressed.field == bare.field


@given(st.text(max_size=30))
def test_no_header_breaks_the_matching(names: Names, header: str) -> None:
    names.match(header, header)
    assert scale_of(header) >= 1


def test_the_columns_of_a_ledger_are_shown_as_they_are_taken_also_of_one_that_is_none(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "l.csv").write_text("借据号,姓名,贷款余额（万元）,剩余本斤\n001,张三,1,2\n", "utf-8")

    shown = ccm("ledger", "columns", tmp_path / "l.csv")

    assert shown.exit_code == 0
    assert [line.split() for line in shown.output.splitlines()] == [
        ["l.csv：表头在第1行"],
        ["列", "列名", "认作"],
        ["1", "借据号", "借据号（loan_no）"],
        ["2", "姓名", "借款人（borrower）"],
        ["3", "贷款余额（万元）", "贷款余额（balance），以10,000元为单位"],
        ["4", "剩余本斤", "不认识（是不是剩余本金？）"],
        ["缺到期日；若其实有，写进", "ccm.toml：[columns]", "due_on", "=", '["本行的列名"]'],
        [],
    ]
