"""Days as one types them on the phone: each form, both directions, and never the wrong side."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.spoken_days import read_day

if TYPE_CHECKING:
    from ccm.spoken_days import Direction

WEDNESDAY = date(2026, 11, 25)
DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
DIRECTIONS: st.SearchStrategy[Direction] = st.sampled_from(["ahead", "back"])


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天", "2026-11-25"),
        ("明天", "2026-11-26"),
        ("后天", "2026-11-27"),
        ("大后天", "2026-11-28"),
        ("周五", "2026-11-27"),
        ("星期五", "2026-11-27"),
        ("礼拜五", "2026-11-27"),
        ("周5", "2026-11-27"),
        ("周三", "2026-12-02"),  # today is one, and is not meant
        ("周二", "2026-12-01"),
        ("周日", "2026-11-29"),
        ("星期天", "2026-11-29"),
        ("本周五", "2026-11-27"),
        ("这个周五", "2026-11-27"),
        ("本周三", "2026-11-25"),
        ("下周三", "2026-12-02"),
        ("下周一", "2026-11-30"),
        ("下个礼拜天", "2026-12-06"),
        ("下下周一", "2026-12-07"),
        ("月底", "2026-11-30"),
        ("这个月底", "2026-11-30"),
        ("下月底", "2026-12-31"),
        ("年底", "2026-12-31"),
        ("明年底", "2027-12-31"),
        ("下月10号", "2026-12-10"),
        ("下个月十号", "2026-12-10"),
        ("15号", "2026-12-15"),
        ("25号", "2026-11-25"),
        ("28日", "2026-11-28"),
        ("二十八号", "2026-11-28"),
        ("+3", "2026-11-28"),
        ("＋３", "2026-11-28"),
        ("+0", "2026-11-25"),
        ("3天后", "2026-11-28"),
        ("三天之后", "2026-11-28"),
        ("两周后", "2026-12-09"),
        ("一个星期后", "2026-12-02"),
        ("3个月后", "2027-02-25"),
        ("12-05", "2026-12-05"),
        ("12/5", "2026-12-05"),
        ("12.5", "2026-12-05"),
        ("12月5日", "2026-12-05"),
        ("12月5号", "2026-12-05"),
        ("12月5", "2026-12-05"),
        ("十二月五日", "2026-12-05"),
        ("1-10", "2027-01-10"),
        ("11-24", "2027-11-24"),
        ("明年3月5日", "2027-03-05"),
        ("2026-12-05", "2026-12-05"),
        ("2026/12/5", "2026-12-05"),
        ("2026年12月5日", "2026-12-05"),
        ("二〇二六年十二月五日", "2026-12-05"),
        ("20261205", "2026-12-05"),
        (" 12 月 5 日 ", "2026-12-05"),
    ],
)
def test_what_is_promised_lies_ahead(said: str, day: str) -> None:
    assert read_day(said, WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天", "2026-11-25"),
        ("昨天", "2026-11-24"),
        ("前天", "2026-11-23"),
        ("大前天", "2026-11-22"),
        ("周五", "2026-11-20"),
        ("周三", "2026-11-18"),
        ("周二", "2026-11-24"),
        ("本周一", "2026-11-23"),
        ("上周五", "2026-11-20"),
        ("上上周五", "2026-11-13"),
        ("月底", "2026-10-31"),
        ("上月底", "2026-10-31"),
        ("年底", "2025-12-31"),
        ("上月10号", "2026-10-10"),
        ("15号", "2026-11-15"),
        ("28号", "2026-10-28"),
        ("-2", "2026-11-23"),
        ("3天前", "2026-11-22"),
        ("1个月前", "2026-10-25"),
        ("12-05", "2025-12-05"),
        ("11-24", "2026-11-24"),
        ("去年12月5日", "2025-12-05"),
        ("20251205", "2025-12-05"),
    ],
)
def test_what_happened_lies_back(said: str, day: str) -> None:
    assert read_day(said, WEDNESDAY, "back") == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("said", "as_of", "day"),
    [
        ("月底", "2026-11-30", "2026-11-30"),
        ("1个月后", "2027-01-31", "2027-02-28"),
        ("下月底", "2027-01-31", "2027-02-28"),
        ("15号", "2026-12-20", "2027-01-15"),
        ("02-29", "2028-01-10", "2028-02-29"),
        ("周一", "2026-12-28", "2027-01-04"),
        ("下月5号", "2026-12-20", "2027-01-05"),
        ("下月31号", "2026-11-25", "2026-12-31"),
    ],
)
def test_ends_of_months_and_years(said: str, as_of: str, day: str) -> None:
    assert read_day(said, date.fromisoformat(as_of)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("周末", "是周六还是周日"),
        ("这个周末", "是周六还是周日"),
        ("下周", "要说周几"),
        ("下个月", "要说几号"),
        ("月初", "要说几号"),
        ("中旬", "要说几号"),
        ("15", "写成 15号 或 +15"),
        ("1205", "写成 12-05"),
        ("26-12-05", "年份要写四位"),
        ("2月30日", "2027年2月没有30日"),
        ("2-29", "2027年2月没有29日"),
        ("31号", "2026年11月没有31日"),
        ("13-05", "没有13月"),
        ("20261305", "没有13月"),
        ("2026-02-29", "2026年2月没有29日"),
        ("周八", "看不懂"),
        ("过几天", "看不懂"),
        ("2026-12/05", "看不懂"),
        ("十十号", "看不懂"),
        ("", "看不懂"),
    ],
)
def test_what_is_unclear_or_impossible_is_asked_back_with_examples(said: str, reason: str) -> None:
    with pytest.raises(CcmError, match=re.escape(reason)) as stop:
        read_day(said, WEDNESDAY)

    assert stop.value.code == "day-unclear"
    assert "下周三" in stop.value.hint


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ("昨天", "ahead"),
        ("明天", "back"),
        ("-2", "ahead"),
        ("+2", "back"),
        ("本周一", "ahead"),
        ("本周五", "back"),
        ("上周五", "ahead"),
        ("下周一", "back"),
        ("本月底", "back"),
        ("2025-12-05", "ahead"),
        ("2026-12-05", "back"),
        ("今年12月5日", "back"),
    ],
)
def test_a_promise_in_the_past_and_a_visit_to_come_are_refused(said: str, direction: Direction) -> None:
    with pytest.raises(CcmError, match="这里要今天或") as stop:
        read_day(said, WEDNESDAY, direction)

    assert stop.value.code == "day-wrong-side"
    assert "（周" in stop.value.message


def printed(day: date) -> list[str]:
    """Return a day in each absolute form."""
    return [
        f"{day:%Y-%m-%d}", f"{day.year}-{day.month}-{day.day}", f"{day:%Y/%m/%d}", f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y}年{day:%m}月{day:%d}号",
    ]  # fmt: skip


@given(day=DAYS, as_of=DAYS)
def test_every_date_reads_back_in_each_absolute_form(day: date, as_of: date) -> None:
    direction: Direction = "ahead" if day >= as_of else "back"

    assert {read_day(text, as_of, direction) for text in printed(day)} == {day}


@given(as_of=DAYS, away=st.integers(0, 360), direction=DIRECTIONS)
def test_a_date_without_its_year_reads_back_within_the_year(as_of: date, away: int, direction: Direction) -> None:
    day = as_of + timedelta(days=away if direction == "ahead" else -away)

    for text in (f"{day:%m-%d}", f"{day.month}/{day.day}", f"{day.month}月{day.day}日"):
        assert read_day(text, as_of, direction) == day


WEEKDAYS = (
    st.sampled_from(["", "本", "这个", "上", "下", "下下"]),
    st.sampled_from(["周", "礼拜"]),
    st.sampled_from("一二三四五六日天"),
)
DISTANCES = (st.integers(0, 400), st.sampled_from(["天", "周", "个月"]), st.sampled_from(["后", "前"]))
RELATIVE = st.one_of(
    st.builds("{}{}{}".format, *WEEKDAYS),
    st.builds("{}{}号".format, st.sampled_from(["", "本月", "下月", "上个月"]), st.integers(0, 40)),
    st.builds("{}-{}".format, st.integers(0, 13), st.integers(0, 32)),
    st.builds("{:+d}".format, st.integers(-400, 400)),
    st.builds("{}{}{}".format, *DISTANCES),
    st.sampled_from(["今天", "明天", "昨天", "月底", "上月底", "下月底", "年底", "去年底", "明年底"]),
)


@given(as_of=DAYS, direction=DIRECTIONS, said=RELATIVE)
def test_nothing_relative_lands_on_the_wrong_side(as_of: date, direction: Direction, said: str) -> None:
    try:
        day = read_day(said, as_of, direction)
    except CcmError as error:
        assert error.code in {"day-unclear", "day-wrong-side"}  # noqa: PT017 - refusing is one of the right answers
        return
    assert day >= as_of if direction == "ahead" else day <= as_of


@given(as_of=DAYS, direction=DIRECTIONS, weekday=st.integers(0, 6))
def test_a_weekday_is_at_most_a_week_away_and_never_today(as_of: date, direction: Direction, weekday: int) -> None:
    day = read_day(f"周{'一二三四五六日'[weekday]}", as_of, direction)

    assert day.weekday() == weekday
    assert 1 <= abs((day - as_of).days) <= 7


@given(st.text(max_size=8), DAYS)
def test_no_text_breaks_the_reader(text: str, as_of: date) -> None:
    try:
        assert isinstance(read_day(text, as_of), date)
    except CcmError as error:
        assert error.hint  # noqa: PT017 - refusing is the right answer
