"""How to talk with a customer: the handbook's chapter T is whole, lawful, and readable while dialling."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from ccm.errors import CcmError
from ccm.talk.advice import Call, advise, is_female
from ccm.talk.phrases import load
from ccm.talk.placing import clear_style, hours_of, objection_of, occupation_of, place, style_of, told_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.talk.phrases import Occupation, Style

WORDS = load()
TEACHER = occupation_of(WORDS, "教师")
OWL = style_of(WORDS, "猫头鹰")
CALL = Call(name="欧阳海燕", bank="清水农村商业银行", manager="何志远")
THREATS = (
    "坐牢|抓你|拘留|法院的|派出所|黑名单|单位领导|全村|邻居|子女|儿女|冻结|拉黑|犯罪|骗贷|后果自负|不客气|必须马上"
)
OPENINGS = [text for one in WORDS.occupation for text in one.openings] + [
    text for one in WORDS.style for text in one.openings
]
PAIRS = list(product(WORDS.occupation, WORDS.style))


def test_chapter_t_is_whole() -> None:
    assert [one.rule for one in WORDS.technique] == ["T1", "T2", "T3", "T4", "T5", "T6"]
    assert {one.title for one in WORDS.occupation} == {
        "公务员", "企业家", "教师", "医师", "警官", "护士", "营销人员", "普通职员", "退休工人", "农民",
    }  # fmt: skip
    assert {(one.kind, one.title) for one in WORDS.style} == {
        ("分析型", "猫头鹰"), ("亲切型", "鸽子"), ("进取型", "老鹰"), ("表现型", "孔雀"),
    }  # fmt: skip


@pytest.mark.parametrize("one", [*WORDS.occupation, *WORDS.style], ids=lambda one: one.key)
def test_each_has_signs_an_approach_openings_and_what_to_avoid(one: Occupation | Style) -> None:
    assert len(one.signs) >= 2
    assert len(one.approach) >= 2
    assert 2 <= len(one.openings) <= 3
    assert all(phrase.why and re.fullmatch(r"T\d|law §5\.2", phrase.rule) for phrase in one.avoid)


def test_every_opening_says_who_one_is_first() -> None:
    assert [one for one in OPENINGS if not one.startswith("{who}")] == []
    assert "{bank}" in WORDS.first.who
    assert "{manager}" in WORDS.first.who


def test_every_occupation_has_hours_in_which_to_call() -> None:
    hours = {one.key: one for one in WORDS.hours}

    assert {one.hours for one in WORDS.occupation} <= set(hours)
    assert all(first < last for one in WORDS.hours for first, last in one.times())


@pytest.mark.parametrize(
    ("in_ledger", "key"),
    [
        ("务农", "field"),
        ("小学教师", "school"),
        ("保安", "night"),
        ("夜班护士", "night"),
        ("护士", "ward"),
        ("退休工人", "retired"),
        ("退休教师", "retired"),
        ("农民工", "site"),
        ("货车司机", "driver"),
        ("个体餐饮户", "catering"),
        ("个体工商户", "owner"),
        ("公务员", "office"),
    ],
)
def test_the_hours_follow_the_way_of_life(in_ledger: str, key: str) -> None:
    found = told_by(in_ledger, WORDS.occupation)
    hours = hours_of(WORDS, in_ledger, found[0] if found else None)

    assert hours
    assert hours.key == key


def test_nothing_one_is_told_to_say_threatens() -> None:
    said = [
        *OPENINGS,
        *(one.say for one in WORDS.technique),
        *(one.say for one in WORDS.situation),
        *(one.ask for one in WORDS.question),
        *(text for one in WORDS.objection for text in (one.ask, *one.answers)),
    ]

    assert [text for text in said if re.search(THREATS, text)] == []


def test_a_third_party_at_the_door_hears_nothing_of_a_debt() -> None:
    to_strangers = [one.say for one in WORDS.situation if one.key in {"not_found", "moved", "third_party"}]

    assert len(to_strangers) == 3
    assert [text for text in to_strangers if re.search("欠|贷款|逾期|还款|催收|债", text)] == []


def test_causes_that_are_asked_first_have_a_question() -> None:
    asked = {one.key for one in WORDS.question}

    assert all(len(one.causes) >= 2 and set(one.causes) <= asked for one in WORDS.occupation)


@pytest.mark.parametrize(
    ("in_ledger", "title"),
    [
        ("个体工商户", "企业家"),
        ("小学教师", "教师"),
        ("务农", "农民"),
        ("农民工", "普通职员"),
        ("退休", "退休工人"),
        ("退休教师", "退休工人"),
        ("县医院护士长", "护士"),
        ("村医", "医师"),
        ("派出所民警", "警官"),
        ("乡镇干部", "公务员"),
        ("农业局干部", "公务员"),
        ("国家机关、党群组织、企业、事业单位负责人", "公务员"),
        ("农、林、牧、渔、水利业生产人员", "农民"),
        ("商业、服务业人员", "普通职员"),
        ("生产、运输设备操作人员及有关人员", "普通职员"),
        ("保险业务员", "营销人员"),
        ("私营企业主", "企业家"),
    ],
)
def test_an_occupation_is_known_by_the_words_of_ledgers(in_ledger: str, title: str) -> None:
    found = told_by(in_ledger, WORDS.occupation)

    assert found
    assert found[0].title == title
    assert found[1] in in_ledger


@pytest.mark.parametrize("in_ledger", ["", "军人", "自由职业", "无"])
def test_an_occupation_that_is_none_of_the_ten_is_not_forced(in_ledger: str) -> None:
    assert told_by(in_ledger, WORDS.occupation) is None


@pytest.mark.parametrize("name", ["猫头鹰", "分析型", "owl", "分析"])
def test_a_style_goes_by_its_names(name: str) -> None:
    assert style_of(WORDS, name) is OWL


def test_half_a_name_that_two_styles_share_is_asked_back() -> None:
    with pytest.raises(CcmError, match="是不是 猫头鹰、老鹰？"):
        style_of(WORDS, "鹰")


def test_a_sign_that_two_styles_share_counts_half_for_each() -> None:
    placed = place(WORDS, ["犹豫"])

    assert {one.style.key: one.score for one in placed if one.score} == {"owl": 0.5, "dove": 0.5}
    assert clear_style(placed) is None


def test_a_second_sign_tells_the_owl_from_the_dove() -> None:
    placed = place(WORDS, ["犹豫", "总要核对每一笔"])

    assert clear_style(placed) is OWL
    assert placed[0].seen == (
        ("犹豫", "犹豫是因为还在分析，总问“怎么”"),
        ("总要核对每一笔", "求精确、求完美"),
    )


@pytest.mark.parametrize("seen", ["不配合", "不客气", "冒险", "没目标"])
def test_the_contrary_of_a_sign_is_no_sign(seen: str) -> None:
    with pytest.raises(CcmError, match="对不上哪一种风格"):
        place(WORDS, [seen])


def test_the_same_sign_twice_counts_once() -> None:
    assert place(WORDS, ["果断", "果断"]) == place(WORDS, ["果断"])


@pytest.mark.parametrize("style", WORDS.style, ids=lambda one: one.key)
def test_every_word_of_a_style_scores_for_it(style: Style) -> None:
    words = [word for sign in style.signs for word in sign.words]

    assert all(any(one.style is style and one.score > 0 for one in place(WORDS, [word])) for word in words)
    assert clear_style(place(WORDS, words)) is style


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("我真的没钱还了", "no_money"),
        ("这钱不是我用的，是我表弟", "not_mine"),
        ("你们利息太高了", "rate"),
        ("我上个月已经还了", "paid"),
        ("等收成下来再说", "wait_income"),
        ("等工程款", "wait_income"),
        ("我只是担保，与我无关", "guarantor_denies"),
        ("我要投诉你们", "complain"),
    ],
)
def test_an_objection_is_known_by_what_was_said(said: str, key: str) -> None:
    assert objection_of(WORDS, said).key == key


@pytest.mark.parametrize(("occupation", "style"), PAIRS, ids=lambda one: one.key)
def test_all_forty_pairs_give_openings_that_name_the_bank_once(occupation: Occupation, style: Style) -> None:
    """T7, T8."""
    advice = advise(WORDS, occupation, style, CALL)

    assert len(advice.openings) == 2
    for opening in advice.openings:
        assert opening.count("我是清水农村商业银行的客户经理何志远") == 1
        assert "{" not in opening
        assert len(opening) < 120
    assert advice.first == "请问是欧阳海燕本人吗？"
    assert advice.caution == WORDS.caution
    assert {phrase.rule for phrase in advice.avoid} >= {"T8", "law §5.2"}


def test_a_question_in_greeting_is_left_to_be_answered() -> None:
    farmer = occupation_of(WORDS, "农民")

    assert "今年收成怎么样？（听他说完）" in advise(WORDS, farmer, OWL, CALL).openings[0]


@pytest.mark.parametrize(
    ("name", "job", "female", "greeting"),
    [
        ("王建国", "教师", None, "王老师您好"),
        ("欧阳海燕", "教师", None, "欧阳老师您好"),
        ("东方", "医师", None, "东医生您好"),
        ("王建国", "农民", False, "王大哥您好"),
        ("王桂英", "农民", True, "王大姐您好"),
        ("王桂英", "农民", None, "王桂英您好"),
        ("", "农民", None, "您好"),
        ("", "教师", None, "×老师您好"),
    ],
)
def test_one_is_greeted_as_the_occupation_wants(name: str, job: str, female: bool | None, greeting: str) -> None:  # noqa: FBT001
    advice = advise(WORDS, occupation_of(WORDS, job), None, Call(name=name, female=female))

    assert advice.openings[0].startswith(f"{greeting}，")


def test_a_company_is_asked_for_whoever_answers_for_it() -> None:
    advice = advise(WORDS, occupation_of(WORDS, "企业主"), None, Call(name="云台茶业有限公司", company=True))

    assert advice.first == "请问是云台茶业有限公司的负责人吗？"
    assert advice.openings[0].startswith("您好，我是")


def test_a_man_or_a_woman_is_told_by_the_identity_number() -> None:
    assert is_female("11010519491231002X") is True
    assert is_female("110105194912310011") is False
    assert is_female("1101051949") is None
    assert is_female(None) is None


LEDGER = (
    "借据号,客户名称,证件号码,职业,客户经理,到期日期,贷款余额,拖欠利息,最早欠息日期\n"
    "001,王桂英,11010519491231002X,小学教师,何志远,2027-06-30,500,9,2026-10-19\n"
    "002,李四,,军人,,2027-06-30,500,9,2026-10-19\n"
)


@pytest.fixture
def ledger(tmp_path: Path, ccm: Callable[..., Result]) -> Path:
    path = tmp_path / "l.csv"
    path.write_text(LEDGER, encoding="utf-8")
    ccm("init", tmp_path, "--bank", "清水农村商业银行股份有限公司")
    ccm("triage", path, "--as-of", "2026-11-23")
    return path


@pytest.mark.usefixtures("ledger")
def test_a_loan_gives_occupation_name_and_manager(ccm: Callable[..., Result]) -> None:
    answer = json.loads(ccm("talk", "001", "--style", "鸽子", "--json").stdout)

    assert answer["loan_no"] == "001"
    assert answer["occupation"]["key"] == "teacher"
    assert answer["style"]["key"] == "dove"
    assert answer["openings"][0].startswith("王老师您好，我是清水农村商业银行的客户经理何志远。")


def test_a_farmer_is_not_called_at_dawn_before_the_quiet_hours_end(ccm: Callable[..., Result]) -> None:
    answer = json.loads(ccm("talk", "--occupation", "农民", "--json").stdout)

    assert answer["hours"]["spans"][0] == "06:00-08:30"
    assert answer["call_hours"] == ["08:00-08:30", "12:00-13:30", "18:30-21:00"]


def test_the_bank_s_own_quiet_hours_shorten_the_evening(ccm: Callable[..., Result], tmp_path: Path) -> None:
    ccm("init", tmp_path)
    policy = tmp_path / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace('from = "22:00"', 'from = "20:00"'), "utf-8")

    assert "08:00–08:30、12:00–13:30、18:30–20:00" in ccm("talk", "--occupation", "农民").stdout


@pytest.mark.usefixtures("ledger")
def test_an_occupation_the_handbook_does_not_have_is_said_to_be_unknown(ccm: Callable[..., Result]) -> None:
    shown = ccm("talk", "李四").stdout

    assert "002 李四（军人）截至2026-11-23逾期35天，本息9元" in shown
    assert "还不知道职业" in shown
    assert "还不知道是哪种风格" in shown


@pytest.mark.usefixtures("ledger")
def test_signs_choose_the_style_of_a_loan(ccm: Callable[..., Result]) -> None:
    answer = json.loads(ccm("talk", "001", "--sign", "健谈", "--sign", "不耐烦", "--json").stdout)

    assert answer["style"]["key"] == "peacock"
    assert answer["placed"][0] == {
        "key": "peacock", "title": "孔雀", "score": 1.5,
        "seen": [["健谈", "能说会道，有魅力"], ["不耐烦", "没耐心"]],
    }  # fmt: skip


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(("occupation", "style"), PAIRS, ids=lambda one: one.key)
def test_every_advice_fits_the_screen(
    ccm: Callable[..., Result], occupation: Occupation, style: Style, width: int
) -> None:
    result = ccm("talk", "--occupation", occupation.title, "--style", style.title, COLUMNS=str(width))

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert len(lines) <= 24
    assert max(map(cell_len, lines)) <= width
    assert "只供参考" in lines[-1]


@pytest.mark.parametrize("asked", [(), ("--signs",), ("--sign", "犹豫"), ("--said", "没钱")])
def test_whatever_is_shown_says_it_is_for_reference_only(ccm: Callable[..., Result], asked: tuple[str, ...]) -> None:
    shown = ccm("talk", *asked, COLUMNS="80").stdout.splitlines()

    assert "只供参考" in shown[-1]
    assert max(map(cell_len, shown)) <= 80


def test_the_json_without_arguments_is_the_whole_chapter(ccm: Callable[..., Result]) -> None:
    answer = json.loads(ccm("talk", "--json").stdout)

    assert [len(answer[key]) for key in ("technique", "occupation", "style", "objection", "situation")] == [
        6,
        10,
        4,
        7,
        5,
    ]
