"""`data/rights.toml`: the numbers of law.md with their sources, and a file that makes no sense refused."""

from __future__ import annotations

import hashlib
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from story import RULES, day

from ccm.errors import CcmError
from ccm.rights.rules import Act, EventRule, ReadingRule, RightRule, Wording, load, parse
from ccm.statutes import named

TEXT = files("ccm").joinpath("data/rights.toml").read_text(encoding="utf-8")
REFUSED = Path(__file__).with_name("refused.txt").read_text(encoding="utf-8")
CASES = [line for line in REFUSED.splitlines() if line and line[0] != "#"]


def test_the_numbers_are_those_of_the_law() -> None:
    """Master table 1, 11, 12, 13, 20; §2.2."""
    assert RULES.months == {
        "limitation": 36, "limitation_old": 24, "suspension": 6, "cap": 240, "guarantee": 6,
        "guarantee_unclear_old": 24, "enforcement": 24, "enforcement_wait": 12,
    }  # fmt: skip
    assert RULES.changes == {"civil_code": day("2021-01-01"), "three_years": day("2017-10-01")}
    assert RULES.rights["limitation"].alarm_days == (180, 90, 60, 30, 15)
    assert RULES.rights["guarantee"].post_before_days == 30


def test_every_row_is_read_as_it_stands() -> None:
    raw, rules = tomllib.loads(named(TEXT)), parse(TEXT, "内置权利规则 rights.toml")
    rows = {
        table: {row.get("key") or row["code"]: row for row in found if "decides" not in row}
        for table, found in raw.items()
    }

    assert (rules.path, rules.digest) == ("内置权利规则 rights.toml", hashlib.sha256(TEXT.encode()).hexdigest())
    assert rules.papers == {key: row["title"] for key, row in rows["paper"].items()}
    assert rules.grades == {key: row["title"] for key, row in rows["grade"].items()}
    assert rules.restarts == {key: row["restarts"] for key, row in rows["grade"].items()}
    assert rules.wordings == tuple(Wording(row["decides"], tuple(row["words"])) for row in raw["wording"])
    assert rules.changes == {key: row["on"] for key, row in rows["change"].items()}
    assert rules.months == {key: row.get("months") or row["years"] * 12 for key, row in rows["period"].items()}
    assert rules.rights == {
        key: RightRule(row["title"], tuple(row["alarm_days"]), row["post_before_days"], row["source"])
        for key, row in rows["right"].items()
    }
    assert rules.acts == {
        key: Act(row["title"], row["short"], tuple(row["needs"]), row["source"]) for key, row in rows["act"].items()
    }
    assert rules.readings == {
        key: ReadingRule(row["says"], row["source"], "confirm" in row and row["confirm"])
        for key, row in rows["reading"].items()
    }


def test_an_event_is_read_with_what_it_has_and_nothing_where_it_has_none() -> None:
    rules = parse(TEXT, "r.toml")
    assert rules.events["JUDGMENT"].grade == ""
    assert rules.events["JUDGMENT"].card_papers == frozenset()
    delivered = next(
        row for row in tomllib.loads(named(TEXT))["event"] if "card_papers" in row and "grade" in row and "does" in row
    )

    assert rules.events[delivered["code"]] == EventRule(
        delivered["title"],
        tuple(delivered["words"]),
        delivered["by"],
        frozenset(delivered["papers"]),
        frozenset(delivered["card_papers"]),
        delivered["grade"],
        frozenset(delivered["does"]),
        delivered["source"],
    )


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


@pytest.mark.parametrize("case", CASES)
def test_a_malformed_file_is_refused_with_line_and_reason(case: str) -> None:
    change, reason = case.split(" ⇒ ")
    old, new = change.replace("⏎", "\n").split(" → ")

    with pytest.raises(CcmError) as stop:
        parse(TEXT.replace(old, new, 1), "r.toml")

    assert str(stop.value) == f"r.toml 第{line_of(old)}行：权利规则文件不能用：{reason}"


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

    with pytest.raises(CcmError, match="编码认不出") as stop:
        load(own)
    assert (stop.value.code, stop.value.where) == ("rights-wrong", str(own))
    with pytest.raises(CcmError) as stop:
        load(tmp_path / "没有.toml")
    assert (stop.value.code, "没有.toml" in stop.value.message) == ("rights-missing", True)


def test_an_alarm_on_the_last_day_and_a_file_by_its_path_are_taken(tmp_path: Path) -> None:
    own = tmp_path / "rights.toml"
    own.write_text(TEXT.replace("[90, 60, 45, 30, 15]", "[30, 0]"), encoding="utf-8")

    assert (load(own).rights["guarantee"].alarm_days, load(own).path) == ((30, 0), str(own))
