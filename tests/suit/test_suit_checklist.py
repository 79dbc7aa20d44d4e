"""Which papers a suit needs (law.md §9), and what is said to be missing."""

from __future__ import annotations

import pytest

from ccm.life import ITEM_TITLES, LOAN_ITEMS
from ccm.suit.checklist import Matter, checklist, rules

PLAIN = Matter(1, frozenset(), frozenset(), (1, 1), (0, 0))
ALL = dict.fromkeys(LOAN_ITEMS, 9)


def keys(matter: Matter) -> set[str]:
    return {one.rule.key for one in checklist(matter, {})}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("guarantor", {"guarantee"}),
        ("company_guarantor", {"resolution"}),
        ("mortgage", {"mortgage", "title"}),
        ("accelerated", {"acceleration"}),
    ],
)
def test_what_is_needed_hangs_on_the_case(kind: str, more: set[str]) -> None:
    assert keys(Matter(1, frozenset({kind}), frozenset(), (1, 1), (1, 1))) - keys(PLAIN) == more


def test_where_the_ledger_does_not_say_the_paper_is_asked_for_but_not_missed() -> None:
    unsure = Matter(1, frozenset(), frozenset({"mortgage"}), (1, 1), (0, 0))
    lines = {one.rule.key: one for one in checklist(unsure, {})}

    assert (lines["mortgage"].must, lines["mortgage"].complete) == (False, True)


def test_each_defendant_needs_papers_of_their_own() -> None:
    three = Matter(3, frozenset(), frozenset(), (1, 1), (0, 0))
    [identity] = [one for one in checklist(three, {"identity": 2}) if one.rule.key == "identity"]

    assert (identity.wanted, identity.has, identity.lacks) == (3, 2, "3个被告，还差1份")


@pytest.mark.parametrize(
    ("letters", "lacks"), [((0, 0), "没有发过函"), ((3, 1), "2封的证据不全，见 ccm archive-check"), ((3, 3), "")]
)
def test_letters_count_with_their_proof(letters: tuple[int, int], lacks: str) -> None:
    matter = Matter(1, frozenset(), frozenset(), letters, (0, 0))
    [line] = [one for one in checklist(matter, {}) if one.rule.key == "letters"]

    assert line.lacks == lacks


def test_a_paper_that_was_lost_since_is_missing_however_many_there_are() -> None:
    [contract] = [one for one in checklist(PLAIN, ALL, {"contract"}) if one.rule.key == "contract"]

    assert not contract.complete


def test_the_list_is_complete_once_every_paper_is_filed() -> None:
    kinds = frozenset({"guarantor", "company_guarantor", "mortgage", "accelerated"})

    assert all(one.complete for one in checklist(Matter(3, kinds, frozenset(), (2, 2), (1, 1)), ALL))


def test_the_list_and_the_archive_know_the_same_papers() -> None:
    asked = [item for one in rules() for item in one.items]

    assert sorted(asked) == sorted(LOAN_ITEMS)
    assert all(item in ITEM_TITLES for item in asked)
