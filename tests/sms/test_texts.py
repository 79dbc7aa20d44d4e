"""The texts of messages: what a bank may edit, what is refused, how their length is billed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.sms.texts import FIELD, FIELDS, KIND_TITLES, OF_KIND, fill, load, parts, units

BUILT_IN = Path(__file__).parents[2] / "templates" / "sms.toml"
GOOD = "{行名}{姓名}{回电}"
SMALL = "".join(f'[{kind}]\ndebtor = "{GOOD}"\n' for kind in KIND_TITLES)


@pytest.mark.parametrize(
    ("length", "billed"), [(0, 1), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_seventy_characters_are_one_part_and_more_are_cut_at_sixty_seven(length: int, billed: int) -> None:
    assert parts("催" * length) == billed


def test_a_rare_character_counts_twice_as_the_gateway_sees_it() -> None:
    assert units("𠮷") == 2
    assert parts("催" * 69 + "𠮷") == 2
    assert units("【清水】a1，") == 7


@given(st.text(max_size=500))
def test_the_parts_hold_the_whole_text_and_not_one_of_them_is_spare(text: str) -> None:
    count, length = parts(text), units(text)

    if count == 1:
        assert length <= 70
    else:
        assert 67 * (count - 1) < length <= 67 * count
        assert length > 70


@given(st.text(max_size=300), st.text(max_size=50))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert parts(text + more) >= parts(text)


def test_the_built_in_texts_are_good_for_every_occasion() -> None:
    texts = load(BUILT_IN)

    assert set(texts.by_kind) == {
        ("due_soon", "debtor"), ("due_today", "debtor"), ("overdue", "debtor"), ("overdue", "guarantor"),
        ("broken_promise", "debtor"), ("broken_promise", "guarantor"),
    }  # fmt: skip
    assert texts.of("overdue", "co_borrower") == texts.of("overdue", "borrower")
    assert texts.of("due_soon", "guarantor") is None


def test_the_built_in_texts_say_who_writes_and_threaten_nobody() -> None:
    for text in load(BUILT_IN).by_kind.values():
        assert text.startswith("【{行名}】{姓名}，")
        assert "{联系人}" in text
        assert not re.search("黑名单|坐牢|拘留|刑事|公安|法院|律师|上门|单位|家人|亲属", text)
        example = fill(text, {name: example for name, (_, example) in FIELDS.items()})
        assert parts(example) == 2


def test_every_field_of_an_occasion_is_described() -> None:
    assert {name for fields in OF_KIND.values() for name in fields} | {"借款人"} == set(FIELDS)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_bank_may_write_its_own(tmp_path: Path) -> None:
    own = SMALL.replace(f'[overdue]\ndebtor = "{GOOD}"', f'[overdue]\ndebtor = """\n{GOOD}\n  {{逾期天数}}天"""')

    assert load(write(tmp_path / "sms.toml", own)).of("overdue", "borrower") == f"{GOOD}{{逾期天数}}天"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (SMALL.replace("[overdue]", "[overdu]"), "不认识的情形“overdu”，是不是想写 overdue？"),
        (SMALL.split("[due_soon]", maxsplit=1)[0], "缺少 [due_soon]"),
        (SMALL.replace("{姓名}", "{名字}", 1), "没有“名字”这个字段"),
        (SMALL.replace("{姓名}", "{逾期天}", 1), "没有“逾期天”这个字段，是不是想写 逾期天数？"),
        (SMALL.replace("{姓名}", "{姓名", 1), "花括号不成对"),
        (SMALL.replace("{姓名}", "{姓名.__class__}", 1), "花括号不成对，或字段里有多余的字"),
        (SMALL.replace("{姓名}", "{姓名:>9}", 1), "花括号不成对，或字段里有多余的字"),
        (SMALL.replace("{回电}", "", 1), "缺少“{回电}”：写明有异议找谁"),
        (SMALL.replace("{行名}", "", 1), "缺少“{行名}”：报明身份"),
        (SMALL.replace(f'"{GOOD}"', '""', 1), "应是一段文字"),
        (SMALL.replace(f'"{GOOD}"', "5", 1), "应是一段文字"),
        (SMALL.replace("debtor", "debter", 1), "缺少 [broken_promise] 的 debtor"),
        (SMALL + f'[due_tomorrow]\ndebtor = "{GOOD}"\n', "不认识的情形“due_tomorrow”"),
        (SMALL.replace("[due_today]", f'[due_today]\nguarantor = "{GOOD}"'), "[due_today] 里的收信人“guarantor”"),
        (SMALL.replace("[overdue]", f'[overdue]\nguarantor = "{GOOD}"'), "缺少“承担保证责任”"),
        ("[overdue", "文件读不懂"),
        ("", "缺少 [due_soon] 的 debtor"),
    ],
)
def test_a_text_that_would_go_wrong_is_refused_with_its_place(tmp_path: Path, wrong: str, reason: str) -> None:
    with pytest.raises(CcmError) as stopped:
        load(write(tmp_path / "sms.toml", wrong))

    assert stopped.value.code == "sms-text-wrong"
    assert reason in stopped.value.message


def test_a_field_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{姓名}", {})


@given(st.text(max_size=40))
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    assert fill("您好{姓名}。", {"姓名": value}) == f"您好{value}。"
    assert FIELD.findall("{姓名}{回电}") == ["姓名", "回电"]
