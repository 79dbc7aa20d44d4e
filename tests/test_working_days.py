"""The working calendar: 2026 as announced, 2027 provisional, later years told and never guessed."""

from __future__ import annotations

import json
import re
import runpy
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.working_days import Calendar, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

CALENDAR = Calendar({})
SCRIPTS = Path(__file__).parents[1] / "scripts"

ANNOUNCED = """
[2027]
source = "关于2027年部分节假日安排的通知（假设）"
off = [
  { name = "元旦", from = 2027-01-01, to = 2027-01-03 },
  { name = "春节", from = 2027-02-05, to = 2027-02-11 },
]
work = [2027-02-28]
"""


def written(folder: Path, text: str) -> Calendar:
    (folder / "holidays.toml").write_text(text, encoding="utf-8")
    return load(folder)


def spans(*ends: tuple[str, str]) -> set[date]:
    days = [(date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")) for first, last in ends]
    return {first + timedelta(n) for first, last in days for n in range((last - first).days + 1)}


@pytest.mark.parametrize(
    ("raw_end", "legal_end"),
    [
        ("2026-03-20", "2026-03-20"),  # plain
        ("2026-02-28", "2026-02-28"),  # Saturday, worked in exchange
        ("2026-02-15", "2026-02-24"),  # Spring Festival to 02-23
        ("2026-05-01", "2026-05-06"),
        ("2026-09-20", "2026-09-20"),  # Sunday, worked in exchange
        ("2026-10-01", "2026-10-08"),
        ("2027-02-28", "2027-03-01"),  # Sunday of a provisional year
    ],
)
def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day(raw_end: str, legal_end: str) -> None:
    assert CALENDAR.roll(date.fromisoformat(raw_end)) == date.fromisoformat(legal_end)


def test_2026_is_as_the_state_council_announced_it() -> None:
    off = spans(
        ("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"),
        ("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07"),
    )  # fmt: skip
    worked = {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}
    year = [date(2026, 1, 1) + timedelta(n) for n in range(365)]

    expected = {day: day in worked or (day.weekday() < 5 and day not in off) for day in year}

    assert {day: CALENDAR.is_working(day) for day in year} == expected


def test_each_year_says_how_far_it_is_known() -> None:
    assert [CALENDAR.known(year) for year in (2000, 2001, 2025, 2026, 2027, 2028, 2035)] == [
        "missing", "official", "official", "official", "provisional", "missing", "missing",
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(2028, 3, 1), date(2029, 1, 1), date(2000, 5, 5)])
def test_nothing_is_guessed_for_a_year_without_data(day: date) -> None:
    assert CALENDAR.is_working(day) is None
    assert CALENDAR.roll(day) is None
    assert CALENDAR.holiday(day) is None


def test_a_term_that_would_roll_into_a_year_without_data_is_not_rolled(tmp_path: Path) -> None:
    calendar = written(tmp_path, ANNOUNCED.replace("2027", "2033").replace("02-28", "02-27"))

    assert calendar.known(2034) == "provisional"
    assert calendar.roll(date(2034, 12, 29)) == date(2034, 12, 29)
    assert calendar.roll(date(2034, 12, 30)) is None  # a Saturday, and 2035 is missing


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-02-15", "春节"),  # a Sunday before it
        ("2026-02-16", "春节"),  # New Year's Eve
        ("2026-02-23", "春节"),  # exchanged
        ("2026-05-03", "劳动节"),
        ("2025-10-08", "国庆节、中秋节"),
        ("2026-01-02", "元旦"),
        ("2026-03-01", "周末"),
        ("2027-02-07", "春节"),
    ],
)
def test_a_day_off_has_a_name(day: str, name: str) -> None:
    assert CALENDAR.holiday(date.fromisoformat(day)) == name


def test_a_working_day_has_no_name() -> None:
    assert CALENDAR.holiday(date(2026, 2, 28)) is None


@given(st.dates(date(2001, 1, 1), date(2027, 12, 31)))
@settings(deadline=None)
def test_a_term_never_ends_earlier_and_only_days_off_are_skipped(day: date) -> None:
    rolled = CALENDAR.roll(day)

    if rolled is None:
        assert day.year == 2027  # the last days of the last year that is known
        assert day.month == 12
        return
    assert rolled >= day
    assert CALENDAR.is_working(rolled)
    assert not any(CALENDAR.is_working(day + timedelta(n)) for n in range((rolled - day).days))


def test_the_bank_s_own_year_goes_before_the_common_one(tmp_path: Path) -> None:
    calendar = written(tmp_path, ANNOUNCED)

    assert calendar.known(2027) == "official"
    assert calendar.source(2027) == "关于2027年部分节假日安排的通知（假设）"
    assert calendar.roll(date(2027, 2, 28)) == date(2027, 2, 28)
    assert calendar.holiday(date(2027, 2, 11)) == "春节"
    assert calendar.is_working(date(2027, 5, 3)) is True  # the law alone would have it off
    assert calendar.known(2026) == "official"
    assert calendar.known(2028) == "provisional"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[2027]", "[明年]", "文件读不懂"),
        ("[2027]", "[27]", "每年写成一节"),
        ("source", "sources", "是不是想写 source"),
        ('"关于2027年部分节假日安排的通知（假设）"', '""', "要写 source"),
        ("off = [", "rest = [", "不认识“rest”"),
        ("from = 2027-02-05", "form = 2027-02-05", "应写 name、from、to"),
        ("from = 2027-02-05", 'from = "2027-02-05"', "不加引号"),
        ("from = 2027-02-05", "from = 2026-02-05", "应是2027年的日期"),
        ("to = 2027-02-11", "to = 2027-02-01", "早于 from"),
        ("work = [2027-02-28]", "work = [2027-03-01]", "是周一，本来就上班"),
        ("work = [2027-02-28]", "work = [2027-02-06]", "在放假的日子里"),
        ("work = [2027-02-28]", "work = 2027-02-28", "work 应是日期列表"),
        ("work = [2027-02-28]", "work = [2027-02-28T08:00:00]", "不加引号"),
    ],
)
def test_a_malformed_year_is_refused_with_its_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(CcmError, match=re.escape(reason)):
        written(tmp_path, ANNOUNCED.replace(old, new, 1))


def test_policy_show_says_how_far_the_calendar_reaches(ccm: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "holidays.toml").write_text(ANNOUNCED, encoding="utf-8")

    shown = ccm("policy", "show", "--as-of", "2026-11-23").stdout

    assert "2026年  官方安排" in shown
    assert "2027年  官方安排；出处：关于2027年部分节假日安排的通知（假设）" in shown
    assert "2028年  暂定" in shown
    assert "2029年  没有数据" in shown


def test_policy_check_looks_at_the_bank_s_calendar_too(ccm: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "holidays.toml").write_text(ANNOUNCED, encoding="utf-8")

    assert "holidays.toml：可用，2027年" in ccm("policy", "check").stdout


def test_the_years_that_come_with_ccm_are_those_of_the_package() -> None:
    """An announced year never changes; one that is not announced yet may be, with the package's next release."""
    made = runpy.run_path(str(SCRIPTS / "calendar_years.py"))["years"]()
    kept = json.loads((SCRIPTS.parent / "src/ccm/data/calendar.json").read_text("utf-8"))

    announced = {year: days for year, days in kept.items() if days["work"]}
    assert max(announced) >= "2026"
    assert {year: made[year] for year in announced} == announced
    assert made.keys() == kept.keys()
