from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from ccm.cli.post import _by_branch
from ccm.numbering import after
from letter_lives import issued, listed, no, told

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ([], "V20261123-1"),
        (["V20261123-9", "V20261122-30", "H20261123-40"], "V20261123-10"),
        (["V20261123-1", "V20261123-3"], "V20261123-4"),
        (["V20261123-2a", "V20261123-", "总行20261123-5"], "V20261123-1"),
    ],
    ids=["the first", "of this day and kind", "none is given twice where one is gone", "in a form of their own"],
)
def test_the_next_number_comes_after_the_last_of_its_day(taken: list[str], number: str) -> None:
    assert next(after("V", DAY, taken)) == number


def test_several_numbers_run_on() -> None:
    assert list(islice(after("YJ", DAY, ["YJ20261123-1"]), 3)) == ["YJ20261123-2", "YJ20261123-3", "YJ20261123-4"]


def test_a_posting_list_never_bears_the_number_of_another_when_lists_before_it_are_gone() -> None:
    lives = told(issued(1), listed(1, DAY, "JS20261123-3"), issued(2), issued(3, branch="城东支行"))
    letters = [lives.letters[no(2)], lives.letters[no(3)]]

    assert [number for number, _ in _by_branch(letters, lives, DAY)] == ["JS20261123-4", "JS20261123-5"]
