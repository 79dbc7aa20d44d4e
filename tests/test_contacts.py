from __future__ import annotations

from dataclasses import replace

import pytest

from ccm.contacts import Scene, call, doing, hold, numbered, owed
from ccm.model import Duty, Figures, Note, Party, State, Step
from ccm.policy import HoldRule, Policy
from ccm.said import choice
from journal_words import day

ZHANG = Party("borrower", "张三", "11010519491231002X", "13800001111")
SCENE = Scene("1", ZHANG, day("11-23"), "10:05", Figures(day("11-20"), 100, 20, 3), "digest")


def duty(id_: str, *, state: State = "due", party: str = "张三", channel: str = "phone") -> Duty:
    return Duty(id_, "C1", id_, channel, None, party, "borrower", day("11-20"), day("11-24"), state, 0)


def test_a_contact_does_what_has_arisen_and_is_outstanding_with_that_party_by_that_channel() -> None:
    duties = [
        duty("a"), duty("b", state="overdue"), duty("c", state="upcoming"), duty("d", state="done"),
        duty("e", party="李四"), duty("f", channel="sms"), replace(duty("g"), role="guarantor"),
    ]  # fmt: skip

    assert [one.id for one in owed(duties, ZHANG, "phone")] == ["a", "b"]


def test_each_duty_is_done_by_one_entry_and_only_the_first_keeps_the_facts() -> None:
    notes = doing(call(SCENE, choice("call", "接通"), "13800001111", "说周五还"), [duty("a"), duty("b")])

    assert [(note.kind, note.duty) for note in notes] == [("contact-call", "a"), ("duty-done", "b")]
    assert notes[0].facts == {
        "channel": "phone", "number": "13800001111", "at": "10:05", "answered": True, "result": "talked",
        "text": "说周五还",
    }  # fmt: skip
    assert notes[1].facts == {"by": "contact-call"}
    assert {(note.loan_no, note.party, note.role, note.policy) for note in notes} == {
        ("1", "张三", "borrower", "digest")
    }


def test_a_contact_that_does_nothing_is_an_entry_all_the_same() -> None:
    note = call(SCENE, choice("call", "没接"), "", "")

    assert doing(note, []) == [note]
    assert note.facts["answered"] is False


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ([], "V20261123-1"),
        (["V20261123-1", "V20261123-2"], "V20261123-3"),
        (["V20261123-9", "V20261123-10", "V20261122-30", "H20261123-50"], "V20261123-11"),
    ],
)
def test_numbers_run_on_by_day(taken: list[str], number: str) -> None:
    assert numbered("V", day("11-23"), taken) == number


def ends(note: Note) -> tuple[object, object]:
    return note.facts["until"], note.facts["answer_by"]


def test_a_hold_ends_as_it_was_said_or_as_the_policy_says(policy: Policy) -> None:
    ill, dispute = policy.hold("illness"), policy.hold("dispute")

    assert ends(hold(SCENE, "H1", ill, day("12-01"), "王敏", "")) == ("2026-12-01", None)
    assert ends(hold(SCENE, "H1", ill, None, "王敏", "")) == ("2026-12-23", None)
    assert ends(hold(SCENE, "H1", dispute, None, "王敏", "")) == (None, "2026-12-08")
    assert ends(hold(SCENE, "H1", HoldRule("decision", "", ""), None, "王敏", "")) == (None, None)


def test_a_plan_ends_with_its_last_step_and_copies_the_figures_it_is_held_against(policy: Policy) -> None:
    steps = [Step(day("12-05"), 200_000), Step(day("01-05"), 100_000)]
    note = hold(SCENE, "H1", policy.hold("plan"), None, "王敏", "", steps)

    assert note.facts["until"] == "2027-01-05"
    assert note.facts["steps"] == [
        {"on": "2026-12-05", "amount_cents": 200_000}, {"on": "2027-01-05", "amount_cents": 100_000},
    ]  # fmt: skip
    assert (note.facts["figures_on"], note.facts["balance_cents"]) == ("2026-11-20", 100)
