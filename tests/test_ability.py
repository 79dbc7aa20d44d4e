from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.ability import Seen, accounts, caution, items, of_accounts, read, score
from ccm.errors import CcmError


def test_what_was_seen_is_read_by_grade_or_by_its_own_words() -> None:
    assert [
        (one.item.key, one.grade, one.said) for one in map(read, ("收入:好", "邻居：差：说常年在外", "家电:很少"))
    ] == [
        ("income", "good", ""),
        ("neighbours", "poor", "说常年在外"),
        ("appliances", "poor", ""),
    ]


@pytest.mark.parametrize(
    ("said", "asked"), [("天气:好", "收入、单位"), ("收入:不错", "好（稳定）"), ("收入", "好（稳定）")]
)
def test_what_cannot_be_read_is_asked_back(said: str, asked: str) -> None:
    with pytest.raises(CcmError) as stop:
        read(said)

    assert stop.value.code == "observation-unclear"
    assert asked in stop.value.message


def test_the_score_shows_how_it_came_about() -> None:
    """V4."""
    ability = score([read("收入:好"), read("家庭:中:儿子打工"), read("装修:差")])

    assert ability.score == round(100 * (3 + 1 + 0) / (3 + 2 + 1))
    assert (ability.known, ability.of) == (3, len(items()))
    assert ability.reasons == (
        "收入来源：稳定（3/3分）",
        "家庭成员：负担一般（1/2分），儿子打工",
        "房屋装修：简陋（0/1分）",
    )


def test_what_was_not_seen_counts_for_nothing_either_way() -> None:
    assert score([read("收入:好")]).score == 100
    assert score([]).score == score([]).known == 0


def test_the_accounts_answer_without_being_asked() -> None:
    paid, promised, nothing = (
        accounts(0, paid=True, promised=True),
        accounts(2, paid=False, promised=True),
        accounts(None),
    )

    assert paid == {"history": "good", "repayments": "good"}
    assert promised == {"history": "fair", "repayments": "fair"}
    assert nothing == {"repayments": "poor"}
    assert [one.item.key for one in of_accounts(paid)] == ["history", "repayments"]


def test_a_score_is_never_a_verdict() -> None:
    assert "不是对还款能力的结论" in caution()


@given(
    st.lists(
        st.tuples(st.sampled_from(items()), st.sampled_from(["good", "fair", "poor"])), unique_by=lambda s: s[0].key
    )
)
def test_the_score_stays_between_nothing_and_all(seen: list[tuple[object, str]]) -> None:
    ability = score(Seen(item, grade) for item, grade in seen)  # type: ignore[arg-type]

    assert 0 <= ability.score <= 100
    assert len(ability.reasons) == ability.known == len(seen)
