"""Waybill numbers: forms, check digits, what Excel does to them, and reuse within a year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.post.waybill import WEIGHTS, check, check_digit, reused

SERIALS = st.text("0123456789", min_size=8, max_size=8)
LETTERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
DAYS = st.dates(date(2015, 1, 1), date(2090, 12, 31))


def remainder(serial: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True)) % 11


@pytest.mark.parametrize(
    ("serial", "digit"),
    [("47312482", 9), ("00071759", 5), ("00071761", 8), ("00071758", 1), ("96633102", 0), ("76129403", 8)],
)
def test_the_published_check_digits_come_out(serial: str, digit: int) -> None:
    assert check_digit(serial) == digit
    assert check(f"EE{serial}{digit}CN").form == "s10"


@given(LETTERS, SERIALS)
def test_every_number_with_its_right_digit_passes_and_with_another_is_refused(letters: str, serial: str) -> None:
    right = check_digit(serial)
    forms = {digit: check(f"{letters}{serial}{digit}CN").form for digit in range(10)}
    assert forms == {digit: "s10" if digit == right else "wrong" for digit in range(10)}


@given(SERIALS, st.integers(0, 7), st.integers(1, 9))
def test_one_changed_digit_is_refused_but_where_5_stands_for_both_remainders(serial: str, at: int, step: int) -> None:
    changed = serial[:at] + str((int(serial[at]) + step) % 10) + serial[at + 1 :]
    digit = check_digit(serial)
    blind = {remainder(serial), remainder(changed)} == {0, 6}
    assert (check(f"RA{changed}{digit}CN").form == "s10") == blind
    assert not blind or digit == 5


def test_a_change_that_the_check_digit_cannot_see() -> None:
    assert (remainder("00071759"), remainder("20071759")) == (6, 0)
    assert check("EE000717595CN").form == check("EE200717595CN").form == "s10"


@pytest.mark.parametrize(
    "written",
    [
        "ＥＥ４７３１２４８２９ＣＮ",
        "ee473124829cn",
        " EE 4731 2482 9 CN\u3000",
        "EE-47312482-9-CN",
        "'EE473124829CN",
        '="EE473124829CN"',
        "\ufeffEE473124829CN\u200b",
    ],
)
def test_a_number_is_tidied_however_it_was_written(written: str) -> None:
    assert check(written).number == "EE473124829CN"
    assert check(written).form == "s10"


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("1034567890123", "ems"), ("1134567890123", "ems"), ("1234567890123", "ems"), ("1334567890123", "ems"),
        ("9712345678901", "plausible"), ("5012345678901", "plausible"), ("7712345678901", "plausible"),
        ("XA12345678911", "registered"), ("XA12345678965", "registered"), ("XA12345678971", "wrong"),
        ("EE473124829US", "wrong"), ("EE473124828CN", "wrong"), ("EE47312482CN", "wrong"), ("123456789012", "wrong"),
        ("12345678901234", "wrong"), ("", "wrong"), ("  ", "wrong"), ("无", "wrong"), ("12O4567890123", "wrong"),
        ("١٠٣٤٥٦٧٨٩٠١٢٣", "wrong"),
    ],
)  # fmt: skip
def test_the_form_decides(number: str, form: str) -> None:
    assert check(number).form == form


@pytest.mark.parametrize("number", ["1.03457E+12", "1.0345678901230E+12", "1.03E12", "1034567890123000.0", "103.5"])
def test_a_number_that_a_spreadsheet_has_spoilt_is_refused_with_that_reason(number: str) -> None:
    form = check(number)
    assert form.form == "wrong"
    assert "按面单重新填写" in form.reason


def test_a_whole_number_cell_has_lost_nothing() -> None:
    assert check("1034567890123.0") == check("1034567890123")


def test_a_wrong_check_digit_tells_the_right_one() -> None:
    assert "应是 9，现在是 8" in check("EE473124828CN").reason


@given(st.text(max_size=30))
def test_no_text_breaks_the_check_and_each_has_a_reason(text: str) -> None:
    assert check(text).reason


@given(st.text("0123456789ABCNEO -’ .", max_size=16))
def test_what_was_tidied_once_stays_as_it_is(text: str) -> None:
    once = check(text)
    if once.form != "wrong":
        assert check(once.number) == once


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2026, 3, 1), date(2025, 3, 2)),
        (date(2026, 3, 2), None),
        (date(2025, 3, 2), None),
        (date(2025, 1, 10), date(2025, 3, 2)),
    ],
)
def test_a_number_may_come_again_after_twelve_months_and_not_before(on: date, found: date | None) -> None:
    assert reused("EE473124829CN", on, {"EE473124829CN": [date(2025, 3, 2)]}) == found


def test_a_number_of_29_february_is_free_again_on_1_march() -> None:
    earlier = {"X": [date(2024, 2, 29)]}
    assert reused("X", date(2025, 2, 28), earlier) == date(2024, 2, 29)
    assert reused("X", date(2025, 3, 1), earlier) is None


def test_the_nearest_of_several_mailings_is_told() -> None:
    earlier = {"X": [date(2020, 1, 1), date(2026, 1, 1), date(2026, 5, 1)]}
    assert reused("X", date(2026, 6, 1), earlier) == date(2026, 5, 1)
    assert reused("Y", date(2026, 6, 1), earlier) is None


@given(DAYS, st.integers(1, 800))
def test_reuse_is_the_same_whichever_mailing_was_recorded_first(on: date, gap: int) -> None:
    later = on + timedelta(days=gap)
    free = reused("X", later, {"X": [on]}) is None
    assert free == (reused("X", on, {"X": [later]}) is None)
    assert free if gap > 366 else gap >= 365 or not free
