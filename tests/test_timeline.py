from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.masking import mask_phone
from ccm.promises import promises
from ccm.timeline import Event, Told, timeline
from journal_words import day, entry, hold, ledger, paid, plan, promise

if TYPE_CHECKING:
    from ccm.model import Entry
    from ccm.policy import Policy


def told(policy: Policy, *entries: Entry) -> list[Event]:
    made = promises(entries, ledger("11-28"), day("11-28")).get("1", ())
    return timeline(entries, (), Told({}, made, policy, mask_phone))


def row(stage: int | None, dpd: int, interest: int, balance: int = 5_000_000) -> dict[str, Any]:
    return {
        "stage": stage, "dpd": dpd, "balance_cents": balance, "overdue_principal_cents": 0,
        "overdue_interest_cents": interest,
    }  # fmt: skip


def test_every_kind_of_entry_is_told_in_words(policy: Policy) -> None:
    call: dict[str, Any] = {
        "number": "13800001111",
        "at": "10:05",
        "answered": True,
        "result": "talked",
        "text": "说周五还",
    }
    payment = paid("11-21", 500)
    entries = [
        entry("contact-call", "11-20", channel="phone", **call),
        entry("contact-sms", "11-20", channel="sms", **{**call, "result": "sent"}),
        entry("query", "11-20", source="credit_bureau", result="无异常", cause="失业"),
        entry("cause", "11-20", cause="job_lost", text="停工"),
        entry("wrong-number", "11-20", number="13800001111", text=""),
        entry("person-state", "11-20", state="missing", text="电话停机"),
        entry("note", "11-20", text="儿子开店"),
        promise("11-20", "11-27"),
        payment,
        plan("11-22", ("12-05", 500), ("01-05", 500)),
        hold("11-23", "dispute", answer_by="12-08", hold_no="H2", text="多算"),
        entry("hold-lifted", "11-24", hold_no="H2", reason="dispute", text="已答复"),
    ]

    lines = [(one.title, one.text) for one in told(policy, *entries)]

    assert lines == [
        ("电话", "接通，138****1111，说周五还"),
        ("短信", "138****1111，说周五还"),
        ("查询", "征信，无异常，原因：失业"),
        ("欠款原因", "失业，停工"),
        ("错号", "138****1111"),
        ("状态", "下落不明，电话停机"),
        ("备注", "儿子开店"),
        ("承诺", "2026-11-27前还2,000.00元（未履行）"),
        ("还款", f"500.00元，编号J{payment.seq}"),
        ("还款计划", "12-05还500元、2027-01-05还500元，H1"),
        ("异议", "2026-12-08前答复，多算，H2"),
        ("解除异议", "已答复，H2"),
    ]


def test_a_kind_that_is_not_known_is_shown_with_its_words(policy: Policy) -> None:
    (event,) = told(policy, entry("deferral-approved", "11-20", text="王主任同意"))

    assert (event.title, event.text) == ("deferral-approved", "王主任同意")


def test_the_duties_of_one_contact_are_told_in_its_line(policy: Policy) -> None:
    from dataclasses import replace

    first = entry("contact-call", "11-20", channel="phone", number="", answered=True, result="talked", text="")
    first = replace(first, note=replace(first.note, duty="loan-remind-phone"))
    second = entry("duty-done", "11-20", by="contact-call")
    second = replace(second, note=replace(second.note, duty="loan-first-collection"))

    (event,) = told(policy, first, second)

    assert event.does == ("电话提醒还款·C1", "首次催收·C2")


def test_a_line_stands_on_the_day_it_happened_and_tells_when_it_was_entered(policy: Policy) -> None:
    late = entry("note", "11-20", entered="11-26", text="补记")
    first, second = told(policy, entry("note", "11-22", text="当天"), late)

    assert (first.text, first.entered_on, first.at) == ("补记", day("11-26"), "")
    assert (second.text, second.entered_on, second.at) == ("当天", None, "10:00")


def test_the_ledgers_tell_only_what_changed(policy: Policy) -> None:
    seen = [
        (day("11-01"), row(None, 0, 0)),
        (day("11-02"), row(0, 5, 100_00)),
        (day("11-03"), row(0, 6, 100_00)),
        (day("11-04"), row(0, 7, 60_00)),
        (day("11-27"), row(30, 30, 60_00)),
        (day("11-28"), row(None, 0, 0)),
    ]

    lines = [event.text for event in timeline((), seen, Told({}, (), policy, mask_phone))]

    assert lines == [
        "在清单上：逾期5天，本息100元，余额5.00万元",
        "还了约40元，仍逾期7天，本息60元，余额5.00万元",
        "进入“逾期30–59天”：逾期30天，本息60元，余额5.00万元",
        "已不逾期（上次逾期60元）",
    ]
