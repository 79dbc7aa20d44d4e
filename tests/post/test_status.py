"""What the post office's words mean: phrases as EMS systems and their sheets write them, traps among them."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.post.headers import columns_of, titles
from ccm.post.status import Outcome, Signer, Status, read_status, reason_of
from ccm.post.words import post_data

PHRASES = [
    # delivered, as the codes 10 to 12 have it
    ("妥投", "delivered", "", ""),
    ("已妥投", "delivered", "", ""),
    ("妥投（本人收）", "delivered", "self", ""),
    ("妥投(他人收)", "delivered", "other", ""),
    ("妥投 单位收发章", "delivered", "mail_room", ""),
    ("妥  投　本人收", "delivered", "self", ""),
    ("投递并签收，签收人：单位收发章 *", "delivered", "mail_room", ""),
    ("妥投投递并签收，签收人：他人收 他人收", "delivered", "other", ""),
    ("投递并签收，签收人：本人收", "delivered", "self", ""),
    ("投递并签收，签收人：他人收 北五区12号邮政代收", "delivered", "other", ""),
    ("[青岛市]投递并签收，签收人：他人收 快递柜", "delivered", "other", ""),
    ("投递并签收，签收人：他人收 电联放e栈", "delivered", "other", ""),
    ("已签收", "delivered", "", ""),
    ("您的邮件已签收，签收人：他人收（妻子）", "delivered", "family", ""),
    ("本人妻子签收", "delivered", "family", ""),
    ("本人收", "delivered", "self", ""),
    ("他人收", "delivered", "other", ""),
    ("单位收发章", "delivered", "mail_room", ""),
    ("家属代收", "delivered", "family", ""),
    ("非本人签收", "delivered", "other", ""),
    ("本人委托他人代收", "delivered", "other", ""),
    ("他人收（单位收发章）", "delivered", "mail_room", ""),
    ("门卫代收，已签收", "delivered", "other", ""),
    ("村委会代签，妥投", "delivered", "other", ""),
    ("投递成功 其子签收", "delivered", "family", ""),
    ("妥投 退回原因：无", "delivered", "", ""),
    ("状态：妥投；是否拒收：否；签收人：本人", "delivered", "self", ""),
    ("妥投，无退回，无拒收", "delivered", "", ""),
    ("妥投，签收人：甲某，与收件人关系：夫妻", "delivered", "family", ""),
    ("村邮站签收", "delivered", "other", ""),
    ("邮件已妥投，退回单已寄出", "delivered", "", ""),
    ("收寄局：清水县邮政局 状态：妥投 签收：单位收发章", "delivered", "mail_room", ""),
    ("已送达收件人签收，请打印回执", "delivered", "self", ""),
    # returned: 退回妥投 and what else reaches the sender
    ("退回妥投", "returned", "", ""),
    ("未出口退回妥投", "returned", "", ""),
    ("妥投（退回）", "returned", "", ""),
    ("退回,已妥投至寄件人", "returned", "", ""),
    ("邮件已退回，寄件人已签收", "returned", "", ""),
    ("退回寄件人，本人收", "returned", "", ""),
    ("收件人拒收后退回妥投", "returned", "", "拒收"),
    ("拒收退回", "returned", "", "拒收"),
    ("退回 原因：收件人拒收", "returned", "", "拒收"),
    ("查无此人", "returned", "", "查无此人"),
    ("原址查无此人，退回", "returned", "", "查无此人"),
    ("未妥投，备注：查无此单位", "returned", "", "查无此人"),
    ("迁移新址不明", "returned", "", "迁移新址不明"),
    ("人已他往，退件中", "returned", "", "迁移新址不明"),
    ("原写地址不详", "returned", "", "地址欠详"),
    ("地址欠详，改退", "returned", "", "地址欠详"),
    ("未妥投 收件人地址有误", "returned", "", "地址欠详"),
    ("逾期未领退回", "returned", "", "逾期未领"),
    ("无人认领", "returned", "", "逾期未领"),
    ("长期外出，退回", "returned", "", "长期外出"),
    ("三次投递家中无人，退回妥投", "returned", "", "家中无人"),
    ("收件人已故，退回", "returned", "", "收件人死亡"),
    ("寄件人要求退回", "returned", "", "寄件人撤回"),
    ("退信", "returned", "", ""),
    ("已退回，待妥投", "returned", "", ""),
    ("收件人电话停机，地址查无此人，退", "returned", "", "查无此人"),
    # refused
    ("拒收", "refused", "", "拒收"),
    ("用户拒收", "refused", "", "拒收"),
    ("本人拒收", "refused", "", "拒收"),
    ("家属拒绝签收", "refused", "", "拒收"),
    ("未妥投：拒绝接收", "refused", "", "拒收"),
    ("收件人不愿签收", "refused", "", "拒收"),
    ("收件人称不是本人邮件，拒收", "refused", "", "拒收"),
    # on the way, and attempts
    ("未妥投", "in_transit", "", "投递未成"),
    ("妥投失败", "in_transit", "", "投递未成"),
    ("妥投不成功", "in_transit", "", "投递未成"),
    ("未能成功投递", "in_transit", "", "投递未成"),
    ("无人签收", "in_transit", "", "投递未成"),
    ("未妥投，收件人不在家", "in_transit", "", "家中无人"),
    ("未妥投 收件人要求延迟投递", "in_transit", "", "投递未成"),
    ("投递未果，电话无人接听，次日再投", "in_transit", "", "联系不上"),
    ("查无此人，经联系改投，安排再次投递", "in_transit", "", ""),
    ("快件派送不成功（原因：收件人不在），待再次派送", "in_transit", "", "家中无人"),
    ("收件人要求自取", "in_transit", "", ""),
    ("正在投递中", "in_transit", "", ""),
    ("到达天水邮件处理中心", "in_transit", "", ""),
    ("离开纳雍县 发往纳雍县阳长邮政支局", "in_transit", "", ""),
    ("某某投递部安排投递，预计23:59:00前投递（投递员姓名：甲某;联系电话：）", "in_transit", "", ""),
    ("预计2026-05-05前妥投", "in_transit", "", ""),
    ("待签收", "in_transit", "", ""),
    ("请及时签收", "in_transit", "", ""),
    ("已收寄", "in_transit", "", ""),
    ("已投递至驿站，等待取件", "in_transit", "", ""),
    ("快件已存入丰巢柜，请凭取件码领取", "in_transit", "", ""),
    ("妥投短信已发送，正在投递", "in_transit", "", ""),
    # nothing to go by
    ("", "unknown", "", ""),
    ("  ", "unknown", "", ""),
    ("暂无信息", "unknown", "", "状态看不懂"),
    ("签收人：", "unknown", "", "状态看不懂"),
    ("妥投通知已发送给寄件人", "unknown", "", "状态看不懂"),
    ("已投递", "unknown", "", "状态看不懂"),
    ("邮件丢失", "unknown", "", "丢失"),
    ("妥投，原因：查无此人", "unknown", "", "前后矛盾"),
    ("拒收 妥投 本人收", "unknown", "", "前后矛盾"),
]

TRACKS = [
    (
        "2026-05-03 09:12:00 已收寄；2026-05-04 06:40:11 到达天水；2026-05-04 15:20:00 投递并签收，签收人：本人收",
        Status("delivered", "self"),
    ),
    (
        "2026-05-04 15:20:00 【天水市】投递并签收，签收人：他人收 家属\n2026-05-03 22:10:00 【兰州市】离开兰州",
        Status("delivered", "family"),
    ),
    ("2026/5/4 未妥投 收件人不在家；2026/5/5 妥投 他人收", Status("delivered", "other")),
    ("2026/5/5 妥投 他人收；2026/5/4 未妥投 收件人不在家", Status("delivered", "other")),
    ("2026年5月4日拒收，2026年5月6日再次投递，妥投本人收", Status("delivered", "self")),
    ("2026-05-04 拒收 2026-05-06 妥投 本人收", Status("delivered", "self")),
    ("2026-05-04 查无此人 退回；2026-05-08 妥投 本人收", Status("returned", "", "查无此人")),
    ("2026-05-08 妥投 2026-05-04 用户拒收，退回寄件人", Status("returned", "", "拒收")),
    ("20260504 收件人拒收 20260506 离开天水 发往兰州", Status("refused", "", "拒收")),
    ("妥投 本人收 2026-05-04 15:20；到达 2026-05-04 06:00；收寄 2026-05-03 09:00", Status("delivered", "self")),
    ("5月3日收寄，5月4日到达，5月5日未妥投，5月6日逾期未领，5月9日退回妥投", Status("returned", "", "逾期未领")),
    (
        "2026-05-04 08:00 安排投递，预计2026-05-04 18:00前妥投 2026-05-04 17:00 未妥投，大门紧锁",
        Status("in_transit", "", "家中无人"),
    ),
]


@pytest.mark.parametrize(("text", "status", "signer", "reason"), PHRASES)
def test_a_phrase_means_what_the_post_office_means(text: str, status: str, signer: str, reason: str) -> None:
    read = read_status(text)
    assert (read.status, read.signer, read.reason) == (status, signer, reason)


@pytest.mark.parametrize(("text", "status"), TRACKS)
def test_a_track_is_read_in_the_order_of_its_days(text: str, status: Status) -> None:
    assert read_status(text) == status


def test_the_table_of_phrases_is_long_enough_to_mean_something() -> None:
    assert len(PHRASES) >= 60


@pytest.mark.parametrize(
    ("text", "signer"),
    [
        ("已签收，签收人：石大力", "self"),
        ("已签收，签收人：石小力", "other"),
        ("已签收", ""),
        ("妥投 签收人: 石大力 *", "self"),
    ],
)
def test_a_signer_by_name_is_the_addressee_or_another_person(text: str, signer: str) -> None:
    assert read_status(text, addressee="石大力").signer == signer


def test_a_signers_name_alone_says_nothing_when_nobody_knows_whom_the_letter_was_for() -> None:
    assert read_status("已签收，签收人：石大力") == Status("delivered", "")


DENIALS = st.sampled_from(["未", "没有", "未能", "无法", "尚未", "不能", "未成功", "没有成功"])
DELIVERIES = st.sampled_from(["妥投", "签收", "投递成功", "送达成功", "投妥"])


@given(DENIALS, DELIVERIES, st.sampled_from(["", "，请联系", "（收件人）"]))
def test_a_delivery_denied_is_never_a_delivery(no: str, word: str, tail: str) -> None:
    assert read_status(no + word + tail).status == "in_transit"


@given(DELIVERIES, st.sampled_from(["失败", "不成功", "未果", "异常"]))
def test_a_delivery_that_failed_is_never_a_delivery(word: str, failed: str) -> None:
    assert read_status(word + failed).status == "in_transit"


@given(st.sampled_from(["退回", "退件", "改退", "退信"]), DELIVERIES, st.sampled_from(["", "，", "，已", " 本人收 "]))
def test_what_reaches_somebody_after_a_return_has_reached_the_sender(back: str, word: str, between: str) -> None:
    assert read_status(back + between + word).status == "returned"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_and_only_a_delivery_has_a_signer(text: str) -> None:
    read = read_status(text)
    assert read.status in get_args(Outcome)
    assert read.signer in get_args(Signer)
    assert not read.signer or read.status == "delivered"


@given(st.lists(st.sampled_from([text for text, *_ in PHRASES]), max_size=4).map("，".join))
def test_phrases_joined_at_random_never_break_the_reader(text: str) -> None:
    assert read_status(text).status in get_args(Outcome)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("收件人不收", "拒收"),
        ("搬家了", "迁移新址不明"),
        ("家中无人、后查无此人", "查无此人"),
        ("关机", "联系不上"),
        ("其他", ""),
    ],
)
def test_a_persons_own_words_name_a_reason(text: str, reason: str) -> None:
    assert reason_of(text) == reason


def test_no_word_has_two_meanings() -> None:
    words = [word for row in (*post_data()["phrase"], *post_data()["reason"]) for word in row["words"]]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["函号", "邮件号"], {"letter_no": 0, "waybill_no": 1}),
        (
            ["序号", "运单号码", "收件人姓名", "最新状态", "签收人", "签收时间", "退回原因", "函号"],
            {"waybill_no": 1, "recipient": 2, "status": 3, "signer": 4, "on": 5, "reason": 6, "letter_no": 7},
        ),
        (["状态", "邮件状态（最新）", "快递单号*"], {"waybill_no": 2, "status": 1}),
        (["邮 件 编 号", "妥投日期", "投递结果"], {"waybill_no": 0, "on": 1, "status": 2}),
        (["交寄日期", "时间"], {"posted_on": 0, "on": 1}),
        (["借据号", "金额"], {}),
        ([], {}),
    ],
)
def test_the_columns_of_a_post_office_sheet_are_known(headers: list[str], found: dict[str, int]) -> None:
    assert columns_of(headers) == found
    assert found.keys() <= titles().keys()
