"""The life of a letter: separate facts, states that follow from them, and numbers found however they are written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.life import lives
from ccm.model import Note
from journal_words import paid as paid_on
from journal_words import undone
from letter_lives import after, day, filed, issued, listed, no, posted, result, told, visit, voided


def test_a_letters_facts_stand_apart_each_with_its_day_and_person() -> None:
    life = told(
        issued(1), after("letter-printed", 1, day(0), file="letters/打印.docx"), listed(1, day(1)),
        posted(1, day(1), "1012345678901"), result(1, day(3), "delivered", "self"),
        filed(no(1), "waybill", "archive/面单.jpg"),
    ).letters[no(1)]  # fmt: skip

    assert [life.issued.on, life.printed and life.printed.on, life.listed and life.listed.on] == [
        day(0),
        day(0),
        day(1),
    ]
    assert (life.waybill, life.list_no, life.state) == ("1012345678901", "JS20261124-1", "delivered")
    assert life.result is not None
    assert (life.result.on, life.result.actor) == (day(3), "姜晓琳")
    assert [paper.path for paper in life.papers("waybill")] == ["archive/面单.jpg"]


@pytest.mark.parametrize(
    ("notes", "state"),
    [
        ([], "issued"),
        ([posted(1, day(1), "1")], "posted"),
        ([posted(1, day(1), "1"), result(1, day(3), "in_transit")], "posted"),
        ([posted(1, day(1), "1"), result(1, day(3), "delivered")], "delivered"),
        ([posted(1, day(1), "1"), result(1, day(3), "returned")], "returned"),
        ([posted(1, day(1), "1"), result(1, day(3), "refused")], "returned"),
        ([posted(1, day(1), "1"), result(1, day(3), "delivered"), result(1, day(4), "returned")], "returned"),
        ([posted(1, day(1), "1"), result(1, day(3), "returned"), result(1, day(9), "in_transit")], "returned"),
    ],
)
def test_the_state_follows_from_what_happened_and_the_last_word_counts(notes: list[Note], state: str) -> None:
    assert told(issued(1), *notes).letters[no(1)].state == state


def test_a_list_of_one_letter_is_no_batch() -> None:
    assert told(issued(1), listed(1, day(1), letters=1)).letters[no(1)].list_no == ""


def test_a_posting_list_is_filed_once_for_all_its_letters() -> None:
    found = told(
        issued(1), issued(2), listed(1, day(1)), listed(2, day(1)), filed("JS20261124-1", "posting_list", "清单.pdf")
    )

    assert [[one.path for one in found.papers(found.letters[no(n)], "posting_list")] for n in (1, 2)] == [
        ["清单.pdf"]
    ] * 2


def test_a_paper_filed_by_mistake_is_taken_away_by_a_later_entry() -> None:
    paper = filed(no(1), "waybill", "archive/面单.jpg")
    gone = Note("evidence-withdrawn", day(9), "0062001", facts=dict(paper.facts))

    assert told(issued(1), paper, gone).letters[no(1)].filed == ()
    assert len(told(issued(1), paper, gone, paper).letters[no(1)].filed) == 1


def test_a_voided_letter_keeps_its_life_and_says_so() -> None:
    life = told(issued(1), voided(1, day(2))).letters[no(1)]

    assert life.voided is not None
    assert life.voided.facts["reason"] == "金额有误"


def test_a_visit_has_papers_of_its_own() -> None:
    found = told(visit(), filed("V20261123-1", "photo_gate", "门口.jpg"))

    assert [one.path for one in found.visits["V20261123-1"].papers("photo_gate")] == ["门口.jpg"]


@pytest.mark.parametrize(
    "text",
    [
        "清农催〔2026〕12号",
        "清农催[2026]12号",
        "清农催（2026）12号",
        "清农催 【2026】 12 号",
        "内件：清农催〔2026〕12号通知书3页",
    ],
)
def test_a_letter_is_found_however_its_number_is_written(text: str) -> None:
    found = told(issued(2), issued(12)).letter_named(text)

    assert found is not None
    assert found.letter_no == no(12)


def test_what_names_no_letter_finds_none() -> None:
    assert told(issued(2)).letter_named("清农催〔2026〕12号") is None
    assert told(issued(2)).letter_named("") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12号", 12),
        ("〔2026〕12号", 12),
        ("[2026] 12号", 12),
        ("催〔2026〕2号", 2),
        ("2号", 2),
        ("号", None),
        ("3号", None),
    ],
)
def test_a_letter_is_found_by_the_end_of_its_number_where_one_alone_ends_so(typed: str, meant: int | None) -> None:
    found = told(issued(2), issued(12)).letter_typed(typed)

    assert (found.letter_no if found else None) == (no(meant) if meant else None)


def test_of_two_letters_whose_numbers_end_alike_neither_is_meant() -> None:
    other = replace(issued(2), letter_no="清农柳催〔2026〕2号")

    assert told(issued(2), other).letter_typed("2号") is None


@given(st.sets(st.integers(1, 9999), min_size=1, max_size=40), st.sampled_from(["[]", "()", "【】", "〔〕", "（）"]))
def test_no_number_is_taken_for_another(numbers: set[int], brackets: str) -> None:
    found = told(*(issued(number) for number in numbers))

    for number in numbers:
        life = found.letter_named(f"清农催{brackets[0]}2026{brackets[1]}{number}号_面单.jpg")
        assert life is not None
        assert life.letter_no == no(number)


def test_a_payment_that_was_taken_back_keeps_no_right() -> None:
    paid = paid_on("11-24", 500)

    assert list(lives([paid]).deeds) == [f"J{paid.seq}"]
    assert lives([paid, undone(paid)]).deeds == {}
