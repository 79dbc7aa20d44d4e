"""Money and days: capital numerals on all hard cases, and no cent lost on the way."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.units import in_words, plain_yuan, short_day, short_yuan, to_cents, yuan

VALUE = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACE = {"拾": 10, "佰": 100, "仟": 1000}


def test_a_day_has_its_year_where_it_is_another() -> None:
    assert [short_day(on, date(2026, 11, 23)) for on in (date(2026, 3, 30), date(2025, 3, 30), date(2027, 2, 20))] == [
        "03-30", "2025-03-30", "2027-02-20",
    ]  # fmt: skip
    assert short_day(date(2026, 3, 30)) == "2026-03-30"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("10.00", "壹拾元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0", "零元整"),
        ("1000305.06", "壹佰万零叁佰零伍元零陆分"),
        ("100000000000.00", "壹仟亿元整"),
        ("1000000000000.00", "壹万亿元整"),
        ("1234567890123.45", "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分"),
        ("100010000.00", "壹亿零壹万元整"),
        ("100001000.00", "壹亿零壹仟元整"),
        ("1000000.01", "壹佰万元零壹分"),
        ("20000.10", "贰万元零壹角整"),
        ("105.00", "壹佰零伍元整"),
        ("110010001.00", "壹亿壹仟零壹万零壹元整"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert in_words(to_cents(amount)) == f"人民币{words}"


def spoken(words: str) -> int:
    """Read capital numerals back into cents, by place values alone."""
    words = words.removeprefix("人民币").removesuffix("整")
    whole, rest = words.split("元") if "元" in words else ("", words)
    cents = 0
    for unit, value in (("角", 10), ("分", 1)):
        if unit in rest:
            cents += VALUE[rest[rest.index(unit) - 1]] * value
    return number(whole) * 100 + cents


def number(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, low = words.split(unit, 1) if unit == "亿" else words.rsplit(unit, 1)
            return number(high) * size + number(low)
    total, digit = 0, 0
    for sign in words:
        if sign in PLACE:
            total, digit = total + digit * PLACE[sign], 0
        else:
            digit = VALUE[sign]
    return total + digit


@given(st.integers(0, 10**14))
def test_words_read_back_are_the_amount(cents: int) -> None:
    words = in_words(cents)
    assert spoken(words) == cents
    assert "零零" not in words
    assert words.endswith(("分", "整"))


def test_words_for_what_is_no_amount_are_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        in_words(-1)


@given(st.integers(-(10**15), 10**15))
def test_no_cent_is_lost_in_print(cents: int) -> None:
    assert to_cents(plain_yuan(cents)) == cents
    assert to_cents(yuan(cents).replace(",", "")) == cents
    assert short_yuan(cents).endswith("元")


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "0元"), (5, "0.05元"), (100, "1元"), (123_456, "1,234.56元"), (999_999, "9,999.99元"),
        (1_000_000, "1.00万元"), (1_000_001, "1.00万元"), (123_456_789, "123.46万元"), (-999_900, "-9,999元"),
        (-1_000_000, "-1.00万元"),
    ],
)  # fmt: skip
def test_an_amount_in_short_turns_to_ten_thousands_at_ten_thousand(cents: int, said: str) -> None:
    assert short_yuan(cents) == said


@pytest.mark.parametrize(
    ("yuan", "said"),
    [
        (11_000, "壹万壹仟"), (10_999, "壹万零玖佰玖拾玖"), (10_001, "壹万零壹"), (110_000_000, "壹亿壹仟万"),
        (109_999_999, "壹亿零玖佰玖拾玖万玖仟玖佰玖拾玖"), (100_000_001, "壹亿零壹"), (1_010_000, "壹佰零壹万"),
        (909_091, "玖拾万玖仟零玖拾壹"), (10_909, "壹万零玖佰零玖"),
    ],
)  # fmt: skip
def test_a_gap_below_a_unit_is_read_aloud_exactly_where_it_is_one(yuan: int, said: str) -> None:
    assert in_words(yuan * 100) == f"人民币{said}元整"


def test_an_amount_of_ten_thousand_million_million_yuan_has_no_words() -> None:
    assert in_words(10**18 - 1).endswith("玖分")
    with pytest.raises(ValueError, match="1000000000000000000"):
        in_words(10**18)
    with pytest.raises(ValueError, match="-1"):
        in_words(-1)
