"""Who gets which letter, who does not and why, and what a letter says of the ones before it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccm.cases import cases
from ccm.classify import classify
from ccm.duties import duties
from ccm.frame import PARTY_COLUMNS
from ccm.letters.fields import context
from ccm.letters.letter import Demand, Sender
from ccm.letters.plan import Asked, Known, plan
from ccm.model import WorkItem
from ccm.units import yuan
from conftest import AS_OF, book

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from typer.testing import Result

    from ccm.letters.letter import Letter, Refused
    from ccm.model import Done
    from ccm.policy import Policy

SENDER = Sender("清水农商行", "城关支行", "人民路1号", "0000-5550123", "", "清农")
ID = "11010519491231002X"
SPOUSE: dict[str, object] = {"role": "co_borrower", "name": "王五", "address": "一路1号"}
SINCE = {
    30: date(2026, 10, 24),
    52: date(2026, 10, 2),
    60: date(2026, 9, 24),
    90: date(2026, 8, 25),
    29: date(2026, 10, 25),
}
"""Unpaid since this day, a loan is so many days past due on 2026-11-23."""


def owing(days: int, **more: object) -> dict[str, object]:
    """A loan that owes 120.50 of interest, its principal not due."""
    return {
        "overdue_principal_cents": 0, "overdue_interest_cents": 12050, "interest_since_on": SINCE[days],
        "due_on": date(2028, 6, 30), "balance_cents": 5_000_000, "address": "一路1号", "clause_no": "第八条", **more,
    }  # fmt: skip


def guarantor(name: str, **more: object) -> dict[str, object]:
    return {"role": "guarantor", "name": name, "address": f"{name}家", "guarantee_kind": "连带责任保证", **more}


def planned(
    policy: Policy,
    *rows: dict[str, object],
    asked: Asked | None = None,
    parties: tuple[dict[str, object], ...] = (),
    per: Literal["loan", "debtor"] = "loan",
    done: Done | None = None,
    demands: Mapping[tuple[str, str, str], Sequence[Demand]] | None = None,
    kept: Mapping[str, str] | None = None,
    senders: Mapping[str, Sender] | None = None,
    released: Mapping[str, date] | None = None,
) -> tuple[list[Letter], list[Refused]]:
    """Plan the letters of a small book; `parties` are of loan 1 unless they say otherwise."""
    policy = replace(policy, letters=replace(policy.letters, per=per))
    asked = asked or Asked()
    loans = classify(book(*rows), policy, AS_OF)
    blank = {**dict.fromkeys(PARTY_COLUMNS), "loan_no": "1"}
    others = pl.DataFrame([{**blank, **party} for party in parties], schema=PARTY_COLUMNS)
    found = [
        replace(case, parties=tuple(replace(one, released_on=(released or {}).get(one.name)) for one in case.parties))
        for case in cases(loans, others, AS_OF)
    ]
    items = [WorkItem(case, duties(case, policy, AS_OF, done, asked.kinds), 1, 0, ()) for case in found]
    by_number = {row["loan_no"]: row for row in loans.iter_rows(named=True)}
    known = Known(by_number, demands or {}, kept or {}, date(2026, 11, 20), AS_OF)
    return plan(items, asked, known, policy, senders or {"": SENDER})


def who(letters: list[Letter]) -> list[tuple[str, str, str]]:
    return [(one.loan_no, one.party.name, one.kind) for one in letters]


def test_at_thirty_days_the_borrower_each_co_borrower_and_each_guarantor_get_their_own(policy: Policy) -> None:
    letters, refused = planned(policy, owing(30), parties=(SPOUSE, guarantor("李四"), guarantor("赵六")))

    assert who(letters) == [
        ("1", "张三", "loan_overdue"), ("1", "王五", "loan_overdue"),
        ("1", "李四", "guarantor_perform"), ("1", "赵六", "guarantor_perform"),
    ]  # fmt: skip
    assert [one.rules for one in letters] == [("C4",), ("C4",), ("C5",), ("C5",)]
    assert refused == []


def test_a_day_before_there_is_no_letter(policy: Policy) -> None:
    assert planned(policy, owing(29)) == ([], [])


@pytest.mark.parametrize(
    ("days", "row", "party", "refused_party", "words"),
    [
        (30, {"address": None}, None, "张三", "没有地址"),
        (30, {}, guarantor("李四", address=""), "李四", "没有地址"),
        (60, {"clause_no": None}, None, "张三", "没有提前到期条款号"),
    ],
)
def test_a_letter_that_would_be_void_is_refused_with_its_reason(
    policy: Policy, days: int, row: dict[str, object], party: dict[str, object] | None, refused_party: str, words: str
) -> None:
    letters, refused = planned(policy, owing(days, **row), parties=(party,) if party else ())

    assert [(one.party, one.done) for one in refused] == [(refused_party, False)]
    assert words in refused[0].reason
    assert refused_party not in [one.party.name for one in letters]


def test_what_the_ledger_says_of_a_guarantee_stops_no_letter_but_its_counted_end_does(policy: Policy) -> None:
    row = guarantor("李四", guarantee_until_on=date(2026, 11, 22))
    live, _ = planned(policy, owing(30), parties=(row,))
    letters, refused = planned(policy, owing(30), parties=(row,), released={"李四": date(2026, 11, 22)})

    assert ("1", "李四", "guarantor_perform") in who(live)
    assert [(one.party, one.done) for one in refused] == [("李四", False)]
    assert "保证期间已于2026-11-22届满" in refused[0].reason
    assert "李四" not in [one.party.name for one in letters]


def test_a_plan_that_is_kept_stops_every_letter_of_its_loan(policy: Policy) -> None:
    kept = {"1": "还款计划正在履行（下期2026-12-20）：履行期间不催收"}

    letters, refused = planned(policy, owing(30), owing(30), parties=(guarantor("李四"),), kept=kept)

    assert who(letters) == [("2", "张三", "loan_overdue")]
    assert [(one.party, one.reason, one.done) for one in refused] == [
        (name, kept["1"], False) for name in ("张三", "李四")
    ]


def test_what_has_gone_out_in_this_run_of_arrears_is_refused_as_done(policy: Policy) -> None:
    done = {"1": {("loan-overdue-letter", "borrower", "张三"): date(2026, 11, 1)}}
    sent = [Demand("〔2026〕7号", "loan_overdue", date(2026, 11, 1), 0, 900)]

    letters, refused = planned(policy, owing(52), done=done, demands={("1", "borrower", "张三"): sent})

    assert letters == []
    assert [(one.reason, one.done) for one in refused] == [("已于2026-11-01发出（〔2026〕7号）", True)]


def test_what_went_out_before_this_run_of_arrears_does_not_count(policy: Policy) -> None:
    done = {"1": {("loan-overdue-letter", "borrower", "张三"): date(2026, 10, 23)}}

    assert who(planned(policy, owing(30), done=done)[0]) == [("1", "张三", "loan_overdue")]


def test_two_guarantors_of_one_name_are_refused_rather_than_mixed_up(policy: Policy) -> None:
    twins = (guarantor("王伟", address="东村"), guarantor("王伟", address="西村"))

    letters, refused = planned(policy, owing(30), parties=twins)

    assert who(letters) == [("1", "张三", "loan_overdue")]
    assert ["两个同名的担保人" in one.reason for one in refused] == [True, True]


def test_acceleration_goes_only_to_loans_that_owe_interest_alone(policy: Policy) -> None:
    interest = owing(60)
    both = owing(60, overdue_principal_cents=100, principal_since_on=SINCE[60])
    fallen_due = owing(60, due_on=date(2026, 11, 23))

    letters, _ = planned(policy, interest, both, fallen_due)

    assert who(letters) == [("1", "张三", "acceleration")]
    assert letters[0].clause_no == "第八条"
    assert letters[0].trigger == "借款人自2026年9月24日起未按约付息，至今已60天，拖欠利息120.50元"


def test_acceleration_demands_of_every_debtor_and_guarantor(policy: Policy) -> None:
    letters, _ = planned(policy, owing(60), parties=(SPOUSE, guarantor("李四")))

    assert [(one.party.name, one.kind) for one in letters] == [
        (name, "acceleration") for name in ("张三", "王五", "李四")
    ]


def test_a_lawyers_letter_is_written_only_when_asked_for(policy: Policy) -> None:
    asked = Asked(kinds=frozenset({"lawyer_letter"}))
    both = owing(60, overdue_principal_cents=100, principal_since_on=SINCE[60])

    assert planned(policy, both, parties=(guarantor("李四"),)) == ([], [])
    letters, _ = planned(policy, both, parties=(guarantor("李四"),), asked=asked)

    assert who(letters) == [("1", "张三", "lawyer_letter"), ("1", "李四", "lawyer_letter")]
    assert [one.warnings[-1] for one in letters] == ["letter-draft", "letter-draft"]
    assert planned(policy, owing(30), asked=asked) == ([], [])


def test_catch_up_adds_what_earlier_stages_still_owe(policy: Policy) -> None:
    assert who(planned(policy, owing(60))[0]) == [("1", "张三", "acceleration")]
    assert who(planned(policy, owing(60), asked=Asked(catch_up=True))[0]) == [
        ("1", "张三", "loan_overdue"), ("1", "张三", "acceleration"),
    ]  # fmt: skip


def test_a_stage_takes_only_the_loans_that_are_there_now(policy: Policy) -> None:
    rows = (owing(30), owing(60), owing(90))

    assert who(planned(policy, *rows, asked=Asked(stage=60))[0]) == [("2", "张三", "acceleration")]
    assert {no for no, *_ in who(planned(policy, *rows, asked=Asked(stage=60, catch_up=True))[0])} == {"2"}
    assert planned(policy, *rows, asked=Asked(stage=90)) == ([], [])


def test_loans_can_be_named(policy: Policy) -> None:
    assert who(planned(policy, owing(30), owing(30), asked=Asked(loans=frozenset({"2"})))[0]) == [
        ("2", "张三", "loan_overdue")
    ]


def test_posting_order_is_branch_loan_person_letter(policy: Policy) -> None:
    senders = {"": SENDER, "东": replace(SENDER, code="甲"), "西": replace(SENDER, code="乙")}
    rows = (
        owing(60, branch="东", loan_no="9"),
        owing(60, branch="西", loan_no="2"),
        owing(60, branch="东", loan_no="3"),
    )

    letters, _ = planned(policy, *rows, asked=Asked(catch_up=True), senders=senders)

    assert [(one.sender.code, one.loan_no, one.kind) for one in letters] == [
        ("乙", "2", "loan_overdue"), ("乙", "2", "acceleration"),
        ("甲", "3", "loan_overdue"), ("甲", "3", "acceleration"),
        ("甲", "9", "loan_overdue"), ("甲", "9", "acceleration"),
    ]  # fmt: skip


def test_per_debtor_one_letter_names_every_note_and_does_every_duty(policy: Policy) -> None:
    rows = (owing(30), owing(30, overdue_interest_cents=7000), owing(30, borrower="李四"))

    letters, _ = planned(policy, *rows, per="debtor")

    assert [([note.loan_no for note in one.notes], one.covers) for one in letters] == [
        (["1", "2"], (("1", "loan-overdue-letter"), ("2", "loan-overdue-letter"))),
        (["3"], (("3", "loan-overdue-letter"),)),
    ]
    fields = context(letters[0], "〔2026〕1号")
    assert [row["借据号"] for row in fields["借据"]] == ["1", "2"]
    assert (fields["利息"], fields["利息大写"]) == ("190.50", "人民币壹佰玖拾元零伍角整")


@pytest.mark.parametrize(
    "second",
    [
        {"address": "二路2号"},
        {"branch": "西"},
        {"id_no": "110105194912310021"},
        {"data_on": date(2026, 11, 19)},
    ],
)
def test_what_one_letter_could_not_truly_say_stays_two(policy: Policy, second: dict[str, object]) -> None:
    senders = {"": SENDER, "西": replace(SENDER, branch="西支行")}

    letters, _ = planned(policy, owing(30), owing(30, **second), per="debtor", senders=senders)

    assert [[note.loan_no for note in one.notes] for one in letters] == [["1"], ["2"]]


def test_guarantees_under_two_contracts_are_claimed_by_two_letters(policy: Policy) -> None:
    parties = (
        guarantor("李四", guarantee_contract_no="保1", phone="1"),
        guarantor("李四", guarantee_contract_no="保2", loan_no="2"),
        guarantor("李四", guarantee_contract_no="保1", loan_no="3", phone="3"),
    )

    letters, _ = planned(policy, owing(30), owing(30), owing(30), parties=parties, per="debtor")

    claimed = [(one.party.guarantee_contract_no, [n.loan_no for n in one.notes]) for one in letters]
    assert claimed[1:] == [("保1", ["1", "3"]), ("保2", ["2"])]


def test_accelerations_are_joined_only_under_one_contract_and_clause(policy: Policy) -> None:
    rows = (
        owing(60, contract_no="合1"),
        owing(60, contract_no="合1", overdue_interest_cents=99),
        owing(60, contract_no="合2"),
        owing(60, contract_no="合1", clause_no="第九条"),
    )

    letters, _ = planned(policy, *rows, per="debtor")

    assert [([note.loan_no for note in one.notes], one.clause_no) for one in letters] == [
        (["1", "2"], "第八条"), (["3"], "第八条"), (["4"], "第九条"),
    ]  # fmt: skip
    assert letters[0].trigger == (
        "借据1项下，借款人自2026年9月24日起未按约付息，至今已60天，拖欠利息120.50元；"
        "借据2项下，借款人自2026年9月24日起未按约付息，至今已60天，拖欠利息0.99元"
    )


def test_two_duties_of_one_kind_are_done_by_one_letter_that_claims_once(policy: Policy) -> None:
    again = next(rule for rule in policy.duties if rule.id == "loan-overdue-letter")
    again = replace(again, id="loan-overdue-again", from_days=60, stage=60)
    twice = replace(policy, duties=(*policy.duties, again))

    letters, _ = planned(twice, owing(60), asked=Asked(kinds=frozenset({"loan_overdue"})))

    assert [one.covers for one in letters] == [(("1", "loan-overdue-letter"), ("1", "loan-overdue-again"))]
    assert context(letters[0], "1号")["利息"] == "120.50"


def test_the_next_letter_says_what_the_last_one_demanded_and_what_has_changed(policy: Policy) -> None:
    sent = [
        Demand("〔2026〕7号", "loan_overdue", date(2026, 10, 25), 0, 4000),
        Demand("〔2026〕9号", "guarantor_perform", date(2026, 10, 30), 0, 15000),
    ]

    letters, _ = planned(policy, owing(60), demands={("1", "borrower", "张三"): sent})

    assert letters[0].comparison == (
        "我行已于2026年10月30日以〔2026〕9号主张逾期本金0.00元、利息150.00元。"
        "与该次相比，本金没有变化，利息减少29.50元；前次主张而未清偿的，本函一并主张。"
    )
    fields = context(letters[0], "〔2026〕12号")
    assert fields["催收次数"] == "3"
    assert fields["历次函件"] == (
        "《贷款逾期催收通知书》（〔2026〕7号，2026年10月25日）、《担保人履行责任通知书》（〔2026〕9号，2026年10月30日）"
    )


def test_the_first_letter_of_a_run_of_arrears_compares_with_nothing(policy: Policy) -> None:
    before = [Demand("〔2026〕1号", "loan_overdue", date(2026, 9, 23), 0, 4000)]

    letters, _ = planned(policy, owing(60), demands={("1", "borrower", "张三"): before})

    fields = context(letters[0], "〔2026〕12号")
    assert fields["催收次数"] == "1"
    assert "前次比较" not in fields
    assert "历次函件" not in fields


def test_a_lawyers_draft_has_demanded_nothing_yet(policy: Policy) -> None:
    draft = [Demand("〔2026〕5号", "lawyer_letter", date(2026, 11, 1), 0, 4000)]

    letters, _ = planned(policy, owing(60), demands={("1", "borrower", "张三"): draft})

    assert (letters[0].comparison, letters[0].earlier) == ("", ())


def test_a_joined_letter_compares_note_by_note_and_counts_letters_once(policy: Policy) -> None:
    joint = "〔2026〕3号"
    demands = {
        ("1", "borrower", "张三"): [Demand(joint, "loan_overdue", date(2026, 10, 25), 0, 4000)],
        ("2", "borrower", "张三"): [Demand(joint, "loan_overdue", date(2026, 10, 25), 0, 100)],
    }

    letters, _ = planned(policy, owing(60), owing(60), per="debtor", demands=demands)

    assert (
        letters[0].comparison.count("就借据1：我行已于2026年10月25日以〔2026〕3号主张逾期本金0.00元、利息40.00元") == 1
    )
    assert (
        letters[0].comparison.count("就借据2：我行已于2026年10月25日以〔2026〕3号主张逾期本金0.00元、利息1.00元") == 1
    )
    assert context(letters[0], "1号")["催收次数"] == "2"


@given(before=st.integers(0, 10**13), after=st.integers(1, 10**13), principal=st.integers(0, 10**13))
@settings(max_examples=25, deadline=None)
def test_interest_once_demanded_is_never_forgotten(policy: Policy, before: int, after: int, principal: int) -> None:
    sent = [Demand("〔2026〕7号", "loan_overdue", date(2026, 10, 25), principal, before)]
    row = owing(60, overdue_interest_cents=after)

    text = planned(policy, row, demands={("1", "borrower", "张三"): sent})[0][0].comparison

    assert f"逾期本金{yuan(principal)}元、利息{yuan(before)}元" in text
    assert "前次主张而未清偿的，本函一并主张" in text
    assert ("利息没有变化" in text) == (before == after)


@pytest.mark.parametrize(
    ("row", "party", "warnings"),
    [
        ({"id_no": "11010519491231002X", "contract_no": "合1"}, None, ()),
        ({"contract_no": "合1"}, None, ("letter-no-identity",)),
        ({"id_no": "11010519491231002X"}, None, ("letter-no-contract",)),
        ({"id_no": "110105194912310021", "contract_no": "合1"}, None, ("letter-identity-wrong",)),
        (
            {"contract_no": "合1"},
            guarantor("李四", id_no=ID, guarantee_kind="一般保证", guarantee_until_on=date(2028, 1, 1)),
            ("letter-saves-nothing",),
        ),
        (
            {"contract_no": "合1"},
            guarantor("李四", id_no=ID, guarantee_kind=None, guarantee_until_on=date(2028, 1, 1)),
            ("letter-saves-nothing",),
        ),
        ({"contract_no": "合1"}, guarantor("李四", id_no=ID), ("letter-no-period",)),
    ],
)
def test_whoever_signs_is_warned(
    policy: Policy, row: dict[str, object], party: dict[str, object] | None, warnings: tuple[str, ...]
) -> None:
    letters, _ = planned(policy, owing(30, **row), parties=(party,) if party else ())

    assert letters[-1].warnings == warnings


def test_a_balance_that_is_not_known_is_claimed_nowhere(policy: Policy) -> None:
    known, unknown = (owing(60, balance_cents=cents) for cents in (0, None))

    letters, refused = planned(policy, unknown, asked=Asked(catch_up=True))

    assert "acceleration" not in [one.kind for one in letters]
    assert [(one.kind, one.reason[:14]) for one in refused] == [("acceleration", "台账没有这笔贷款的余额，说不")]
    assert [context(one, "1号")["借据"][0]["贷款余额"] for one in letters] == ["—"] * len(letters)
    assert planned(policy, known, asked=Asked(catch_up=True))[1] == []


@pytest.mark.parametrize(
    ("number", "title"),
    [
        ("11010519491231002X", "居民身份证号码"),
        ("914403001922038216", "统一社会信用代码"),
        ("91430000MA4L16JQ9B", "统一社会信用代码"),
        ("911840198001010017", "证件号码"),
        ("E12345678", "证件号码"),
    ],
)
def test_a_number_is_called_what_it_is(policy: Policy, number: str, title: str) -> None:
    letters, _ = planned(policy, owing(30, id_no=number))

    assert context(letters[0], "1号")["证件"] == f"{title}：{number}"


def test_interest_penalty_and_compound_interest_are_told_apart_where_the_ledger_does(policy: Policy) -> None:
    apart = owing(30, penalty_interest_cents=300, compound_interest_cents=0, rate=4.35, amount_cents=6_000_000)

    fields = [context(planned(policy, row)[0][0], "1号") for row in (apart, owing(30))]

    told = [{key: one["借据"][0][key] for key in ("正常利息", "罚息", "复利", "逾期利息", "年利率")} for one in fields]
    assert told == [
        {"正常利息": "120.50", "罚息": "3.00", "复利": "0.00", "逾期利息": "123.50", "年利率": "4.35%"},
        {"正常利息": "120.50", "罚息": "—", "复利": "—", "逾期利息": "120.50", "年利率": "—"},
    ]
    assert [(one["罚息"], one["利息"]) for one in fields] == [("3.00", "123.50"), ("—", "120.50")]


HEAD = "借据号,客户名称,证件号码,地址,合同号,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期\n"
BOOK = HEAD + "".join(
    f"006200{n},{name},11010519491231002X,一路1号,借字{n}号,2028-06-30,50000,0,120.5,2026-10-20\n"
    for n, name in enumerate(("张三", "张三", "李四"), start=1)
)


def test_after_one_joint_letter_the_journal_knows_each_loans_duty_as_done(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    ccm("init", tmp_path, "--bank", "清水农商行", "--branch", "城关支行")
    policy = tmp_path / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace('per = "loan"', 'per = "debtor"'), "utf-8")
    (tmp_path / "l.csv").write_text(BOOK, "utf-8")
    ccm("triage", tmp_path / "l.csv", "--as-of", "2026-11-23")

    issued = json.loads(ccm("letters", "--json").stdout)["issued"]
    triage = json.loads(ccm("triage", tmp_path / "l.csv", "--as-of", "2026-11-23", "--json").stdout)
    again = json.loads(ccm("letters", "--json").stdout)

    assert [(one["letter_no"], one["party"]) for one in issued] == [("〔2026〕1号", "张三"), ("〔2026〕2号", "李四")]
    states = {(loan["loan_no"], d["state"]) for loan in triage["loans"] for d in loan["duties"] if d["rule"] == "C4"
              and d["channel"] == "letter"}  # fmt: skip
    assert states == {("0062001", "done"), ("0062002", "done"), ("0062003", "done")}
    assert again["issued"] == []
    assert [(one["loan_no"], one["reason"]) for one in again["skipped"]] == [
        (loan_no, f"已于2026-11-23发出（〔2026〕{n}号）")
        for loan_no, n in (("0062001", 1), ("0062002", 1), ("0062003", 2))
    ]
