from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.said import cents, choice, choices, clock, known, title


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("5000", 500_000),
        ("5,000.50", 500_050),
        ("¥5000", 500_000),
        ("5000元", 500_000),
        ("300块钱", 30_000),
        ("3千", 300_000),
        ("1.5万", 1_500_000),
        ("2万元整", 2_000_000),
        ("0.01", 1),
    ],
)
def test_amounts_are_understood_as_people_say_them(said: str, meant: int) -> None:
    assert cents(said) == meant


@pytest.mark.parametrize(
    "said", ["", "一些", "-5", "0", "0.00", "5000美元", "1.005", "5..0", "五千", "1e5", "NaN", ","]
)
def test_what_is_no_amount_is_refused(said: str) -> None:
    with pytest.raises(CcmError) as stop:
        cents(said)

    assert stop.value.code == "amount-unclear"


@given(st.integers(min_value=1, max_value=10**13))
def test_every_amount_is_read_back(amount: int) -> None:
    assert cents(f"{amount // 100:,}.{amount % 100:02d}") == amount


@given(st.text(max_size=12))
def test_no_text_breaks_the_amount(text: str) -> None:
    try:
        amount = cents(text)
    except CcmError:
        return
    assert amount > 0


@pytest.mark.parametrize(
    ("said", "meant"),
    [("9:05", "09:05"), ("2205", "22:05"), ("21点", "21:00"), ("8点30分", "08:30"), ("0：15", "00:15")],
)
def test_hours_are_understood(said: str, meant: str) -> None:
    assert clock(said) == meant


@pytest.mark.parametrize("said", ["25:00", "9:60", "2460", "半夜", "9", "9:5"])
def test_what_is_no_hour_is_refused(said: str) -> None:
    with pytest.raises(CcmError) as stop:
        clock(said)

    assert stop.value.code == "hour-unclear"


@pytest.mark.parametrize("kind", ["call", "found", "place", "source", "cause", "state"])
def test_no_word_means_two_things(kind: str) -> None:
    words = [word for one in choices(kind) for word in {one.code, *one.words}]

    assert len(words) == len(set(words))
    assert all(known(kind, word) for word in words)


def test_an_unknown_word_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CcmError) as stop:
        choice("found", "大概见到")

    assert "见到、没见到、搬走" in stop.value.message


def test_a_code_of_another_day_is_shown_as_it_is() -> None:
    assert (title("call", "no_answer"), title("call", "voicemail")) == ("没接", "voicemail")


def test_no_answered_call_fails_to_reach_anyone_and_no_unanswered_one_does_a_duty() -> None:
    assert all(one.answered for one in choices("call") if one.does)
