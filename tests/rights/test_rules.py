"""`data/rights.toml`: the numbers of law.md with their sources, and a file that makes no sense refused."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from story import RULES, day

from ccm.errors import CcmError
from ccm.rights.rules import load, parse

if TYPE_CHECKING:
    from pathlib import Path

TEXT = files("ccm").joinpath("data/rights.toml").read_text(encoding="utf-8")


def test_the_numbers_are_those_of_the_law() -> None:
    """Master table 1, 11, 12, 13, 20; §2.2."""
    assert RULES.months == {
        "limitation": 36, "limitation_old": 24, "suspension": 6, "cap": 240, "guarantee": 6,
        "guarantee_unclear_old": 24, "enforcement": 24, "enforcement_wait": 12,
    }  # fmt: skip
    assert RULES.changes == {"civil_code": day("2021-01-01"), "three_years": day("2017-10-01")}
    assert RULES.rights["limitation"].alarm_days == (180, 90, 60, 30, 15)
    assert RULES.rights["guarantee"].post_before_days == 30


def test_every_rule_names_its_source() -> None:
    assert all(rule.source for rule in RULES.rights.values())
    assert all(rule.source for rule in RULES.events.values())
    assert all(rule.source for rule in RULES.acts.values())
    assert all(rule.source for rule in RULES.readings.values())


def test_what_is_judgement_is_marked_for_the_legal_department() -> None:
    """需法务确认: what law.md marks [J] or [M]."""
    marked = {key for key, rule in RULES.readings.items() if rule.confirm}

    assert marked >= {"accelerated", "unclear_old", "interest", "ems", "pending", "maximum"}
    assert not marked & {"due", "statutory", "principal"}


def test_a_banks_own_file_is_read(tmp_path: Path) -> None:
    own = tmp_path / "rights.toml"
    own.write_text("\ufeff" + TEXT.replace("[90, 60, 45, 30, 15]", "[120, 90, 60]"), encoding="utf-8")

    rules = load(own)

    assert rules.rights["guarantee"].alarm_days == (120, 90, 60)
    assert rules.digest != RULES.digest


def line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "reason"),
    [
        ("on = 2021-01-01", 'on = "2021"', "on = 2021-01-01", "on 应是日期"),
        ("years = 3", "years = 0", "years = 3", "大于0"),
        ("years = 3", "years = true", "years = 3", "years 应是整数"),
        ("years = 3", "years = 3\nmonths = 36", "years = 3", "其中一个"),
        ("years = 20\n", "", '[[period]]\nkey = "cap"', "其中一个"),
        ('key = "limitation_old"', 'key = "limitation"', 'key = "limitation_old"', "写了两遍"),
        ('key = "suspension"', 'key = "suspention"', 'key = "suspension"', "key 不能是“suspention”"),
        ("post_before_days = 30", "post_before = 30", "post_before_days = 30", "是不是想写 post_before_days"),
        ("post_before_days = 30", "post_before_days = -1", "post_before_days = 30", "不能小于0"),
        ("[90, 60, 45, 30, 15]", "[90, 90, 45]", "alarm_days = [90, 60, 45", "逐个变小"),
        ("[90, 60, 45, 30, 15]", "[15, 30]", "alarm_days = [90, 60, 45", "逐个变小"),
        ("[90, 60, 45, 30, 15]", "[]", "alarm_days = [90, 60, 45", "逐个变小"),
        ('restarts = "clause"', 'restarts = "maybe"', 'restarts = "clause"', "可用：always、clause、arrival、never"),
        ('by = "judgment"', 'by = "judge"', 'by = "judgment"', "by 不能是“judge”"),
        ('papers = ["slip"]', 'papers = ["slipp"]', 'papers = ["slip"]', "papers 不能是“slipp”"),
        ('papers = ["slip"]', "papers = [1]", 'papers = ["slip"]', "只能是文字"),
        ('grade = "A"', 'grade = "Z"', 'grade = "A"', "grade 不能是“Z”"),
        ('does = ["requests", "revives"]', 'does = ["rings"]', 'does = ["requests", "revives"]', "does 不能是“rings”"),
        ('decides = "general"', 'decides = "both"', 'decides = "general"', "decides 不能是“both”"),
        ('words = ["连带"]', "words = []", 'words = ["连带"]', "不能空"),
        ("最早一期欠息{day}届满", "最早一期欠息{date}届满", 'says = "每期利息', "只能用 {day} 和 {party}"),
        ('code = "JUDGMENT"\n', "", '[[event]]\ncode = "JUDGMENT"', "缺少 code"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_line_and_reason(old: str, new: str, at: str, reason: str) -> None:
    assert old in TEXT

    with pytest.raises(CcmError, match=re.escape(reason)) as stop:
        parse(TEXT.replace(old, new, 1), "r.toml")

    assert f"第{line_of(at)}行" in str(stop.value), stop.value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[change", "写法不对"),
        ("", "缺少 [[paper]]"),
        ("[[changes]]\n", "是不是想写 change"),
        ("paper = 3\n", "缺少 [[paper]]"),
        (TEXT.replace('[[act]]\nkey = "file"', '[[act]]\nkey = "none"', 1), "写了两遍"),
        (re.sub(r'\[\[reading\]\]\nkey = "ems"\n(.+\n)+', "", TEXT), "缺少 key = “ems”"),
        (re.sub(r'\[\[right\]\]\nkey = "cap"\n(.+\n)+', "", TEXT), "缺少 key = “cap”"),
    ],
)
def test_what_is_no_rights_file_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CcmError, match=re.escape(reason)) as stop:
        parse(text, "r.toml")

    assert "权利规则文件" in stop.value.message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "rights.toml"
    own.write_bytes(TEXT.encode() + b"\xff\xff")

    with pytest.raises(CcmError, match="编码认不出"):
        load(own)
