from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.classify import classify
from ccm.model import Party
from ccm.person import Person, befell, condition_of, conditions, persons
from conftest import AS_OF, book, people
from journal_words import day, entry

if TYPE_CHECKING:
    from ccm.policy import Policy

ZHANG, OTHER = "11010519491231002X", "110105194912310038"
LOANS = (
    {"loan_no": "A", "borrower": "张三", "id_no": ZHANG, "balance_cents": 100_00, "overdue_interest_cents": 5_00,
     "interest_since_on": day("11-01"), "phone": "13800001111"},
    {"loan_no": "B", "borrower": "李四", "balance_cents": 200_00},
    {"loan_no": "C", "borrower": "王五", "balance_cents": 300_00},
    {"loan_no": "D", "borrower": "张三", "id_no": OTHER, "balance_cents": 400_00},
)  # fmt: skip


def found(
    policy: Policy, asked: str, *loans: dict[str, object], guarantors: tuple[tuple[str, str], ...] = ()
) -> list[Person]:
    """The persons of a name; `guarantors` as loan and identity number, each named 张三."""
    import polars as pl

    parties = people(*((loan_no, "guarantor", "张三") for loan_no, _ in guarantors))
    numbers = pl.Series("id_no", [number or None for _, number in guarantors], dtype=pl.String)
    return persons(classify(book(*loans), policy, AS_OF), parties.with_columns(numbers), asked)


def test_one_human_being_is_seen_over_all_roles(policy: Policy) -> None:
    (person,) = found(policy, "张三", *LOANS[:3], guarantors=(("B", ZHANG), ("C", ZHANG)))

    assert [(part.loan_no, part.role, part.dpd > 0) for part in person.parts] == [
        ("A", "borrower", True), ("B", "guarantor", False), ("C", "guarantor", False),
    ]  # fmt: skip
    assert (person.owed_cents, person.guaranteed_cents) == (100_00, 500_00)
    assert person.phones == ("13800001111",)


def test_two_people_of_one_name_stay_two(policy: Policy) -> None:
    both = found(policy, "张三", *LOANS, guarantors=(("B", OTHER),))

    assert {person.id_no: {part.loan_no for part in person.parts} for person in both} == {
        ZHANG: {"A"},
        OTHER: {"B", "D"},
    }


def test_a_person_is_found_by_their_number_and_under_another_spelling(policy: Policy) -> None:
    loans = (LOANS[0], {**LOANS[1], "borrower": "张叁", "id_no": ZHANG})

    (person,) = found(policy, ZHANG.lower(), *loans)

    assert {part.loan_no for part in person.parts} == {"A", "B"}


def test_without_a_number_only_the_name_tells_and_it_is_said(policy: Policy) -> None:
    (person,) = found(policy, "张三", *LOANS[:2], guarantors=(("B", ""),))
    doubtful = found(policy, "张三", *LOANS, guarantors=(("B", ""),))

    assert [part.by_name_only for part in person.parts] == [False, True]
    assert [(one.id_no, len(one.parts)) for one in doubtful] == [(ZHANG, 1), (OTHER, 1), (None, 1)]


def test_a_loan_of_ones_own_is_not_counted_twice(policy: Policy) -> None:
    (person,) = found(policy, "张三", LOANS[0], guarantors=(("A", ZHANG),))

    assert (person.owed_cents, person.guaranteed_cents) == (100_00, 0)


def test_nobody_is_found_for_a_name_that_is_not_there(policy: Policy) -> None:
    assert found(policy, "赵六", *LOANS) == []


def test_a_state_is_of_whoever_bears_the_number_and_else_of_the_party_of_that_loan() -> None:
    known = conditions([entry("person-state", "11-20", state="dead", id_no=ZHANG)], AS_OF)
    nameless = conditions([entry("person-state", "11-20", state="dead", id_no="")], AS_OF)

    assert condition_of(Party("guarantor", "张叁", ZHANG), "9", known)
    assert condition_of(Party("guarantor", "张三", OTHER), "1", known) is None
    assert condition_of(Party("guarantor", "张三"), "1", nameless)
    assert condition_of(Party("guarantor", "张三"), "2", nameless) is None


def test_the_last_word_counts_and_a_state_can_be_taken_back() -> None:
    entries = [
        entry("person-state", "11-20", state="missing", id_no=ZHANG),
        entry("person-state", "11-21", state="dead", id_no=ZHANG),
        entry("person-state", "11-22", state="alive", id_no=ZHANG),
    ]
    party = Party("borrower", "张三", ZHANG)

    def state(on: str) -> str | None:
        last = condition_of(party, "1", conditions(entries, day(on)))
        return last.code if last else None

    assert [state(on) for on in ("11-19", "11-20", "11-21", "11-22")] == [None, "missing", "dead", None]


def test_what_befell_a_person_is_told_once_over_all_roles(policy: Policy) -> None:
    (person,) = found(policy, "张三", *LOANS[:3], guarantors=(("B", ZHANG), ("C", ZHANG)))
    known = conditions([entry("person-state", "11-20", loan_no="A", state="missing", id_no=ZHANG)], AS_OF)

    assert [one.code for one in befell(person, known)] == ["missing"]
