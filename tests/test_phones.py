"""The telephone numbers in a cell, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.phones import bare, phones

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13800001111", ["13800001111"]),
        ("+86 138-0000-1111", ["13800001111"]),
        ("8613800001111", ["13800001111"]),
        ("０１３", []),
        ("１３８００００１１１１", ["13800001111"]),
        ("13800001111/13900002222", ["13800001111", "13900002222"]),
        ("13800001111、13900002222；13800001111", ["13800001111", "13900002222"]),
        ("1380000111113900002222", ["13800001111", "13900002222"]),
        ("0562-2345678", ["0562-2345678"]),
        ("(0562)2345678", ["05622345678"]),
        ("2345678", ["2345678"]),
        ("400-123-4567", ["400-123-4567"]),
        ("", []),
        (None, []),
    ],
)
def test_numbers_are_read_as_they_are_dialled(cell: str | None, numbers: list[str]) -> None:
    assert [one.number for one in phones(cell).numbers] == numbers


def test_a_mobile_takes_messages_and_a_fixed_line_does_not() -> None:
    assert [one.mobile for one in phones("13800001111,0562-2345678,2345678").numbers] == [True, False, False]


@pytest.mark.parametrize("cell", ["13800001111(其妻)", "138000011", "13800001111转", "见合同"])
def test_what_is_no_number_is_told_and_not_guessed(cell: str) -> None:
    assert phones(cell).numbers == ()
    assert phones(cell).unread == (cell,)


def test_a_part_that_is_no_number_leaves_the_others() -> None:
    found = phones("13800001111；13900002222(其妻)")

    assert [one.number for one in found.numbers] == ["13800001111"]
    assert found.unread == ("13900002222(其妻)",)


@pytest.mark.parametrize("number", ["+86 138-0000-1234", "008613800001234", "138 0000 1234", "１３８００００１２３４"])
def test_spellings_of_one_number_are_one(number: str) -> None:
    assert bare(number) == "13800001234"


def test_a_fixed_line_keeps_its_area() -> None:
    assert bare("0562-2345678") == bare("+86-05622345678") == "05622345678"


@given(st.lists(MOBILES, min_size=1, max_size=4, unique=True), st.sampled_from([",", "、", " / ", ";", "；", ""]))
def test_any_mobiles_in_one_cell_are_all_found(numbers: list[str], between: str) -> None:
    assert [one.number for one in phones(between.join(numbers)).numbers] == numbers


@given(st.text(max_size=30))
def test_any_cell_is_read_without_an_error(cell: str) -> None:
    found = phones(cell)

    assert all(bare(one.number).isdigit() for one in found.numbers)
