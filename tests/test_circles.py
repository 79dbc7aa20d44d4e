"""Circles of guarantees, held against a walk that tries every pair."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ccm.warn.circles import circles

Edges = list[tuple[str, str]]
PEOPLE = st.sampled_from("甲乙丙丁戊己庚")


def reachable(edges: Edges, start: str) -> set[str]:
    seen, ahead = set(), [start]
    while ahead:
        here = ahead.pop()
        for guarantor, debtor in edges:
            if guarantor == here and debtor not in seen:
                seen.add(debtor)
                ahead.append(debtor)
    return seen


def by_brute_force(edges: Edges) -> set[frozenset[str]]:
    people = {one for edge in edges for one in edge}
    to = {one: reachable(edges, one) for one in people}
    return {
        group for one in people if len(group := frozenset({one} | {other for other in to[one] if one in to[other]})) > 1
    }


@given(st.lists(st.tuples(PEOPLE, PEOPLE), max_size=16))
def test_a_circle_is_whoever_can_all_be_reached_from_one_another(edges: Edges) -> None:
    found = circles(edges)

    assert set(found) == by_brute_force(edges)
    assert len(found) == len(set(found))


@given(st.lists(st.tuples(PEOPLE, PEOPLE), max_size=12), st.randoms())
def test_the_order_of_the_ledger_does_not_matter(edges: Edges, random: object) -> None:
    shuffled = list(edges)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert circles(shuffled) == circles(edges)


def test_two_who_guarantee_each_other_and_one_who_stands_outside() -> None:
    assert circles([("甲", "乙"), ("乙", "甲"), ("丙", "甲")]) == [frozenset({"甲", "乙"})]


def test_whoever_guarantees_for_themselves_makes_no_circle() -> None:
    assert circles([("甲", "甲"), ("甲", "乙")]) == []


def test_a_village_in_one_long_circle_is_found_without_recursion() -> None:
    people = [str(number) for number in range(20_000)]
    ring = list(zip(people, [*people[1:], people[0]], strict=True))

    assert [len(one) for one in circles(ring)] == [20_000]
