"""Grades of evidence and what is lawful next (law.md §7.2)."""

from __future__ import annotations

from typing import get_args

import pytest

from ccm.post.proof import RESTARTS, UNSIGNED, grade, next_step, title, worth
from ccm.post.status import CONTRADICTORY, FAILED, LOST, PUZZLING, read_status
from ccm.post.words import Grade, post_data, reasons

GRADES: tuple[Grade, ...] = get_args(Grade)


@pytest.mark.parametrize(
    ("text", "agreed", "elsewhere"),
    [
        ("妥投 本人收", "B", "B"), ("妥投 家属代收", "B", "B"), ("妥投 单位收发章", "B", "B"),
        ("妥投 他人收", "D", "E"), ("已签收", "F", "F"), ("村委会代签，妥投", "D", "E"),
        ("用户拒收", "C", "E"), ("收件人拒收后退回妥投", "C", "E"),
        ("查无此人，退回", "D", "E"), ("迁移新址不明", "D", "E"), ("逾期未领，退回妥投", "D", "E"),
        ("家中无人，退回妥投", "D", "E"), ("地址欠详，改退", "E", "E"), ("退回妥投", "E", "E"),
        ("寄件人要求退回", "F", "F"), ("收件人死亡，退回", "F", "F"),
        ("正在投递", "F", "F"), ("未妥投", "F", "F"), ("邮件丢失", "F", "F"), ("", "F", "F"),
        ("妥投，原因：查无此人", "F", "F"),
    ],
)  # fmt: skip
def test_a_letter_proves_what_its_end_and_its_address_prove(text: str, agreed: str, elsewhere: str) -> None:
    read = read_status(text)
    both = [
        grade(read.status, read.signer, read.reason, address_agreed=one, slip_signed=False) for one in (True, False)
    ]
    assert both == [agreed, elsewhere]


def test_a_signed_slip_proves_most_whatever_the_tracking_says() -> None:
    assert grade("unknown", "", "", address_agreed=False, slip_signed=True) == "A"


def test_a_delivery_that_does_not_say_by_whom_has_no_grade_yet_and_the_step_is_to_find_out() -> None:
    (step,) = next_step("F", UNSIGNED)

    assert grade("delivered", "", "", address_agreed=True, slip_signed=False) == "F"
    assert "--signer 本人" in step.text
    assert "展开详情" in step.text


@pytest.mark.parametrize("words", ["人搬走了，新址不明", "收件人搬家", "迁移新址不明"])
def test_a_reason_in_a_persons_own_words_is_graded_alike(words: str) -> None:
    assert grade("returned", "", words, address_agreed=True, slip_signed=False) == "D"


@pytest.mark.parametrize("one", GRADES)
def test_every_grade_says_in_one_sentence_what_it_proves_and_whether_time_runs_anew(one: Grade) -> None:
    assert worth(one).count("。") == 1
    assert ("没有重新起算" in worth(one)) == (one in {"E", "F"})
    assert ("重新起算；" in worth(one) or worth(one).endswith("日重新起算。")) == (one in RESTARTS)
    assert ("没有条款" in worth(one)) == (one == "D")
    assert title(one)


@pytest.mark.parametrize("one", ["D", "E"])
@pytest.mark.parametrize("reason", ["", *reasons()])
def test_public_notice_is_offered_only_where_the_whereabouts_may_be_unknown(one: Grade, reason: str) -> None:
    offered = any("公告催收" in step.text for step in next_step(one, reason))
    assert offered == (reason in {"查无此人", "迁移新址不明"})


@pytest.mark.parametrize("one", ["D", "E"])
@pytest.mark.parametrize("reason", ["查无此人", "逾期未领", "拒收", "家中无人"])
def test_a_letter_that_came_back_goes_to_a_second_address_and_is_brought_by_two(one: Grade, reason: str) -> None:
    texts = [step.text for step in next_step(one, reason)]
    second = next(at for at, text in enumerate(texts) if "第二地址" in text)
    visit = next(at for at, text in enumerate(texts) if "两名以上工作人员" in text)
    assert second < visit
    assert any("公证送达" in text for text in texts)


def test_a_dead_addressee_is_not_written_to_again() -> None:
    (step,) = next_step("F", "收件人死亡")
    assert "继承人" in step.text


@pytest.mark.parametrize("reason", ["", FAILED, PUZZLING, CONTRADICTORY, LOST, *reasons(), "自己写的原因"])
@pytest.mark.parametrize("one", ["A", "B", "C", "D", "E"])
def test_there_is_always_a_next_step_with_its_source(one: Grade, reason: str) -> None:
    steps = next_step(one, reason)
    assert steps
    assert all(step.law for step in steps)


@pytest.mark.parametrize(
    "text",
    ["", "未妥投", "正在投递", "邮件丢失", "看不懂的话", "妥投，查无此人", "寄件人撤回", "禁寄物品", "收件人已故"],
)
def test_what_has_no_result_has_a_next_step_too(text: str) -> None:
    read = read_status(text)
    assert next_step(grade(read.status, "", read.reason, address_agreed=True, slip_signed=False), read.reason)


def test_every_rule_of_the_file_has_its_source_and_every_reason_it_names_exists() -> None:
    data = post_data()
    known = {*reasons(), "", FAILED, PUZZLING, CONTRADICTORY, LOST, UNSIGNED}
    assert all(row["source"] for row in data["phrase"])
    assert all(row["law"] for row in (*data["reason"], *data["grade"].values(), *data["step"]))
    assert all(set(step.get("reasons", ())) <= known for step in data["step"])
