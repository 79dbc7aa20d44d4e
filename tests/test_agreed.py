"""What contracts and ledgers say of a guarantee's period, read in one way or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.agreed import Agreed, agreed

MONTHS = {
    6: ("六个月", "6 个月", "半年", "6", "6月", "陆个月", "0.5年"),
    12: ("一年", "1年", "十二个月", "壹拾贰个月", "12", "1周年"),
    18: ("一年半", "1年半", "一年六个月", "1年零6个月", "十八个月", "1.5年"),
    24: ("两年", "二年", "贰年", "两周年", "24", "24月", "２４个月", "贰拾肆个月", "两年（24个月）", "二四个月"),
    30: ("2.5年", "2年零6个月", "两年又六个月", "2年6月"),
    36: ("三年", "叁年", "主债务履行期届满之日起三年", "自2026年6月30日起三年", "届满之日后3年止", "约定36月"),
    42: ("三年零六个月",),
    120: ("十年", "一百二十个月", "120个月"),
    240: ("二十年", "20年"),
}
"""Months, and the ways to write them."""


@pytest.mark.parametrize(("text", "months"), [(text, months) for months, texts in MONTHS.items() for text in texts])
def test_a_length_in_years_or_months_is_read_however_it_is_written(text: str, months: int) -> None:
    assert agreed(text) == Agreed(months=months)


@pytest.mark.parametrize(("text", "days"), [("90日", 90), ("180天", 180), ("届满之日后三十日内", 30), ("730 天", 730)])
def test_days_stay_days(text: str, days: int) -> None:
    assert agreed(text) == Agreed(days=days)


@pytest.mark.parametrize(
    "text",
    ["2028-08-31", "2028-08-31 00:00:00", "20280831", "2028.8.31", "2028年8月31日", "2028年8月31日止",
     "至2028年8月31日", "自借款之日起至2028年8月31日止", "到2028/8/31", "２０２８年８月３１日前"],
)  # fmt: skip
def test_the_last_day_is_read_where_it_is_given(text: str) -> None:
    assert agreed(text) == Agreed(until_on=date(2028, 8, 31))


@pytest.mark.parametrize(
    "text",
    ["", "无约定", "与主债务诉讼时效相同", "2", "3", "60", "90", "半月", "三个半月", "5月1日", "2027年", "2026年6月",
     "27年6月30日", "二〇二七年五月一日止", "至2027年2月30日", "0个月", "1.3年", "21年", "按合同", "长期"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_in_none_is_not_read(text: str) -> None:
    assert agreed(text) is None


@given(st.text(alphabet="0123456789.一二三十百年个月日天半零至到起止-/ 届满", max_size=12))
def test_whatever_is_written_is_read_as_one_thing_or_not_at_all(text: str) -> None:
    found = agreed(text)

    assert found is None or [bool(found.months), bool(found.days), bool(found.until_on)].count(True) == 1


@given(st.integers(1, 240))
def test_every_number_of_months_is_read_back(months: int) -> None:
    assert agreed(f"{months}个月") == Agreed(months=months)
    assert agreed(f"主债务履行期届满之日起{months}个月") == Agreed(months=months)
