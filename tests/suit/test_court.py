"""The stages of a case and the periods that follow them; the duty to sue by what was deferred and filed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ccm.duties import duties, missed
from ccm.model import CourtStage, Filing, Party, Suit
from ccm.rights.rules import built_in
from ccm.suit.court import deadline, stage, stages
from ccm.suit.notes import Docket, reached
from ccm.suit.standing import suits
from conftest import AS_OF, book, people
from journal_words import day, entry

if TYPE_CHECKING:
    from ccm.model import Case, Duty
    from ccm.policy import Policy

BOTH = (("borrower", "张三"), ("guarantor", "李四"))


def filing(*reached_: tuple[str, date], withdrawn: date | None = None) -> Filing:
    passed = tuple(CourtStage(key, key, on, on, "") for key, on in reached_)
    return Filing("J1", "清水县人民法院", "", date(2026, 12, 1), BOTH, passed, withdrawn)


@pytest.mark.parametrize(
    ("key", "ends_on"),
    [
        ("judged", date(2027, 2, 16)),  # 15 days (民诉法171)
        ("ruled", date(2027, 2, 11)),  # 10 days (民诉法171)
        ("effective", date(2029, 2, 1)),  # two years (民诉法250), by the rights file
        ("served", date(2027, 2, 16)),
        ("heard", None),
    ],
)
def test_each_stage_starts_its_own_period(key: str, ends_on: date | None) -> None:
    running = deadline(filing((key, date(2027, 2, 1))), built_in().months)

    assert (running.on if running else None) == ends_on


def test_only_the_newest_stage_runs_and_a_withdrawn_suit_runs_nowhere() -> None:
    months = built_in().months
    on = date(2027, 2, 1)

    assert deadline(filing(), months) is None
    assert deadline(filing(("judged", on), ("heard", date(2027, 2, 3))), months) is None
    assert deadline(filing(("judged", on), withdrawn=on), months) is None


def test_every_stage_is_found_by_each_of_its_words_and_no_word_means_two() -> None:
    words = [word for one in stages() for word in {one.key, one.title, *one.words}]

    assert len(words) == len(set(words))
    assert all(stage(word) in stages() for word in words)


def test_what_a_stage_tells_the_rights_is_known_there() -> None:
    docket = Docket("1", (Party("borrower", "张三"),), None, "")
    codes = {
        str(note.facts["code"])
        for one in stages()
        for note in reached(docket, filing(), one, AS_OF, AS_OF, "", "", "J9")
        if note.kind.startswith("event")
    }

    assert codes == {"SUIT_FILED", "JUDGMENT", "ENFORCEMENT"}
    assert codes <= set(built_in().events)


def overdue(policy: Policy) -> Case:
    from ccm.cases import cases
    from ccm.classify import classify

    loans = book({"loan_no": "1", "balance_cents": 100, "overdue_principal_cents": 100, "due_on": date(2026, 6, 1)})
    [case] = cases(classify(loans, policy, AS_OF), people(("1", "guarantor", "李四")), AS_OF)
    return case


def to_sue(policy: Policy, suit: Suit | None) -> list[Duty]:
    return [one for one in duties(overdue(policy), policy, AS_OF, suit=suit) if one.channel == "suit"]


def test_an_approved_deferral_moves_the_duty_to_sue_behind_its_last_day(policy: Policy) -> None:
    plain = to_sue(policy, None)
    moved = to_sue(policy, Suit("1", "deferred", again_on=date(2026, 12, 21)))

    assert [(one.party, one.state) for one in plain] == [("张三", "overdue"), ("李四", "overdue")]
    assert [(one.from_on, one.state) for one in moved] == [(date(2026, 12, 21), "upcoming")] * 2
    assert missed(overdue(policy), policy, AS_OF, suit=Suit("1", "deferred", again_on=date(2026, 12, 21))) == (
        missed(overdue(policy), policy, AS_OF) - 1
    )


def test_a_broken_plan_earns_no_new_time_to_sue_in(policy: Policy) -> None:
    broken = to_sue(policy, Suit("1", "breached", again_on=AS_OF))
    ended = to_sue(policy, Suit("1", "due", again_on=AS_OF))

    assert [(one.state, one.due_on) for one in broken] == [("due", AS_OF)] * 2
    assert [(one.state, (one.due_on - AS_OF).days) for one in ended] == [("due", 30)] * 2


def test_a_suit_does_the_duty_for_those_it_names_until_it_is_withdrawn(policy: Policy) -> None:
    filed = entry("event", "11-20", code="SUIT_FILED", title="起诉", parties=[["borrower", "张三"]])
    withdrawn = entry("event-changed", "11-22", event_no=f"J{filed.seq}", code="SUIT_FILED", withdrawn=True)
    only_one = suits([filed], {}, policy, AS_OF)["1"]
    none = suits([filed, withdrawn], {}, policy, AS_OF)["1"]

    assert [(one.party, one.state, one.done_on) for one in to_sue(policy, only_one)] == [
        ("张三", "done", day("11-20")),
        ("李四", "overdue", None),
    ]
    assert (only_one.state, none.state) == ("filed", "due")
    assert [one.state for one in to_sue(policy, none)] == ["overdue", "overdue"]


def test_a_case_that_is_over_does_not_do_the_duty_of_new_arrears(policy: Policy) -> None:
    old = Filing("J1", "", "", date(2026, 1, 5), BOTH, (CourtStage("finished", "", AS_OF, AS_OF, ""),))
    going_on = Filing("J1", "", "", date(2026, 1, 5), BOTH)

    assert [one.state for one in to_sue(policy, Suit("1", "filed", filing=old, sued=BOTH))] == ["overdue"] * 2
    assert [one.state for one in to_sue(policy, Suit("1", "filed", filing=going_on, sued=BOTH))] == ["done"] * 2
