"""One loan, day by day, through the command line: what goes out, to whom, and what is still owed.

Each day the branch gets a small ledger, and the letters of the loan's stage go out.
The loan has a borrower, a co-borrower and two guarantors, owes interest since 2026-03-20 and falls due in 2028.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

SINCE = date(2026, 3, 20)
HEAD = (
    "产品,借据号,客户名称,证件号码,地址,合同号,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,提前到期条款,"
    "共同借款人,共同借款人地址,保证人,保证人地址,保证方式,保证期间届满日"
)
LOAN = (
    "{product},0062001,张三,11010519491231002X,一路1号,借字1号,2028-06-30,50000,0,{interest},{since},第八条,"
    "王五,一路1号,李四、赵六,二路2号、三路3号,连带责任保证,2031-06-30"
)
ALL_FOUR = ("张三", "王五", "李四", "赵六")


class Branch:
    """A branch's desk: `on` a day its ledger is read, then `letters` are issued, voided or reissued."""

    def __init__(self, ccm: Callable[..., Result], place: Path) -> None:
        self.ccm, self.place, self.day = ccm, place, SINCE

    def on(
        self, days: int, *, since: date | None = SINCE, interest: str = "900.00", product: str = "流动资金贷款"
    ) -> Branch:
        """Read the ledger of so many days after the first unpaid day; `since` is None where nothing is owed."""
        self.day = SINCE + timedelta(days=days)
        row = LOAN.format(product=product, interest=interest if since else 0, since=since or "")
        ledger = self.place / f"台账{self.day}.csv"
        ledger.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
        self.triage = self.run("triage", ledger, "--as-of", self.day)
        return self

    def run(self, *words: object, code: int = 0) -> dict[str, Any]:
        """Run a command and return its JSON."""
        result = self.ccm(*words, "--json")
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def letters(self, *words: object) -> list[tuple[int, str, str]]:
        """Issue letters; return number in the series, kind and party of each."""
        answer = self.run("letters", *words)
        return [(number(one), one["kind"], one["party"]) for one in answer["issued"]]

    def states(self, channel: str = "letter") -> dict[tuple[str, str], str]:
        """What the worklist says of each letter: (kind, party) → state."""
        self.triage = self.run("triage", self.place / f"台账{self.day}.csv", "--as-of", self.day)
        duties = [duty for loan in self.triage["loans"] for duty in loan["duties"] if duty["channel"] == channel]
        return {(duty["letter"], duty["party"]): duty["state"] for duty in duties}


def number(letter: dict[str, str]) -> int:
    return int(letter["letter_no"].removeprefix("〔2026〕").removesuffix("号"))


def first_letters(start: int = 1) -> list[tuple[int, str, str]]:
    """C4 to both borrowers, C5 to each guarantor."""
    kinds = ("loan_overdue", "loan_overdue", "guarantor_perform", "guarantor_perform")
    return [(start + nth, kind, party) for nth, (kind, party) in enumerate(zip(kinds, ALL_FOUR, strict=True))]


def acceleration(start: int) -> list[tuple[int, str, str]]:
    """C7 to all four."""
    return [(start + nth, "acceleration", party) for nth, party in enumerate(ALL_FOUR)]


@pytest.fixture
def branch(ccm: Callable[..., Result], tmp_path: Path) -> Branch:
    return Branch(ccm, tmp_path)


def test_on_day_29_no_letter_is_owed_and_none_goes_out(branch: Branch) -> None:
    branch.on(29)

    assert set(branch.states().values()) == {"upcoming"}
    assert branch.letters() == []


def test_a_loan_is_named_by_the_end_of_its_number_and_a_wrong_one_is_no_empty_plan(branch: Branch) -> None:
    branch.on(30)

    assert branch.ccm("letters", "--loan", "9999").exit_code == 3
    assert branch.ccm("letters", "--stage", 45).exit_code == 3
    assert branch.letters("--loan", "2001") == first_letters()


def test_on_day_30_both_borrowers_and_every_guarantor_get_theirs(branch: Branch) -> None:
    branch.on(30)

    assert set(branch.states().values()) == {"due"}
    assert branch.letters("--stage", 30) == first_letters()
    assert branch.states() == {(kind, party): "done" for _, kind, party in first_letters()}


def test_a_sample_does_no_duty_once_the_bank_has_a_name(branch: Branch) -> None:
    branch.on(30).letters()
    (branch.place / "ccm.toml").write_text('[bank]\nname = "清水农村商业银行"\n', "utf-8")

    planned = branch.run("letters", "--dry-run")
    issued = branch.run("letters")

    assert len(planned["planned"]) == len(issued["issued"]) == 4
    assert [number(one) for one in issued["issued"]] == [5, 6, 7, 8]
    assert all(one["code"] != "letter-sample" for one in issued["findings"])
    assert set(branch.states().values()) == {"done"}
    assert branch.run("letters")["issued"] == []


def test_done_again_on_the_same_day_or_the_next_nothing_is_new(branch: Branch) -> None:
    branch.on(30).letters()

    for days in (30, 31, 45):
        answer = branch.on(days).run("letters")
        assert answer["issued"] == []
        assert [(one["party"], one["done"]) for one in answer["skipped"]] == [(party, True) for party in ALL_FOUR]
        assert all("已于2026-04-19发出" in one["reason"] for one in answer["skipped"])


def test_a_day_30_letter_that_was_forgotten_is_overdue_on_day_34(branch: Branch) -> None:
    assert set(branch.on(33).states().values()) == {"due"}
    assert set(branch.on(34).states().values()) == {"overdue"}


def test_on_day_60_the_loan_is_accelerated_and_the_first_letters_stay_done(branch: Branch) -> None:
    branch.on(30).letters()
    branch.on(60, interest="1800.00")

    assert branch.letters("--stage", 60) == acceleration(5)
    assert set(branch.states().values()) == {"done"}


def test_the_lawyers_letter_goes_to_all_only_when_asked_for(branch: Branch) -> None:
    branch.on(60).letters("--catch-up")

    assert branch.letters() == []
    assert branch.letters("--kind", "lawyer_letter") == [
        (9 + nth, "lawyer_letter", party) for nth, party in enumerate(ALL_FOUR)
    ]
    assert branch.letters("--kind", "lawyer_letter") == []


def test_a_cards_letters_are_its_own(branch: Branch) -> None:
    branch.on(30, product="贷记卡")
    assert branch.letters() == [(1, "repayment", "张三")]

    branch.on(60, product="贷记卡")
    assert branch.letters() == [(2, "urgent", "张三"), (3, "guarantee_duty", "李四"), (4, "guarantee_duty", "赵六")]


def test_cured_it_owes_nothing_and_behind_again_its_duties_start_anew(branch: Branch) -> None:
    branch.on(30).letters()
    assert branch.on(40, since=None).triage["loans"] == []
    assert branch.letters() == []

    again = SINCE + timedelta(days=100)
    branch.on(129, since=again)
    assert set(branch.states().values()) == {"upcoming"}
    branch.on(130, since=again)

    assert set(branch.states().values()) == {"due"}
    assert branch.letters() == first_letters(5)


def test_who_pays_only_the_oldest_interest_is_in_a_new_run_of_arrears(branch: Branch) -> None:
    """The letters of day 64 came after the next unpaid day, and still they are no letters of the run it began."""
    branch.on(64).letters("--catch-up")
    later = SINCE + timedelta(days=62)

    assert set(branch.on(66, since=later).states().values()) == set()
    assert branch.letters() == []
    assert set(branch.on(92, since=later).states().values()) == {"due"}
    assert branch.letters() == first_letters(9)


def test_a_voided_letter_is_owed_again_and_its_number_stays_used(branch: Branch) -> None:
    branch.on(30).letters()

    assert branch.ccm("letters", "void", "[2026] 3号", "--reason", "地址写错", "--as-of", branch.day).exit_code == 0

    assert branch.states()["guarantor_perform", "李四"] == "due"
    assert branch.letters() == [(5, "guarantor_perform", "李四")]
    assert branch.letters() == []


def test_reissue_voids_and_sends_the_same_to_the_same_party_under_a_new_number(branch: Branch) -> None:
    branch.on(30).letters()
    before = sorted(path.name for path in branch.place.rglob("〔*.docx"))

    assert branch.letters("reissue", "〔2026〕2号", "--reason", "地址变更", "--as-of", branch.day) == [
        (5, "loan_overdue", "王五")
    ]

    assert set(branch.states().values()) == {"done"}
    assert branch.letters() == []
    after = sorted(path.name for path in branch.place.rglob("〔*.docx"))
    assert set(before) < set(after)
    assert len(after) == 5


def test_a_reissue_that_today_allows_no_letter_for_leaves_the_old_one_standing(branch: Branch) -> None:
    branch.on(30).letters()
    branch.on(40, since=None)

    result = branch.ccm("letters", "reissue", "〔2026〕2号", "--reason", "地址变更")

    assert result.exit_code == 3
    assert "原函仍然有效" in result.stderr
    assert set(branch.on(41).states().values()) == {"done"}


def test_a_jump_from_10_to_95_days_shows_what_was_missed_and_catches_up_when_told(branch: Branch) -> None:
    assert branch.on(10).letters() == []
    branch.on(95, interest="2850.00")
    assert set(branch.states().values()) == {"overdue"}
    assert len(branch.states()) == 8

    shown = branch.ccm("letters").stdout
    assert "没有要新发的函" in shown
    assert "以前阶段还欠8封" in shown
    assert "--catch-up" in shown
    assert branch.run("letters", "--dry-run")["earlier"] == 8

    caught_up = branch.run("letters", "--stage", 90, "--catch-up")
    assert sorted((one["party"], one["kind"]) for one in caught_up["issued"]) == sorted(
        (party, kind) for _, kind, party in first_letters() + acceleration(5)
    )
    assert [number(one) for one in caught_up["issued"]] == list(range(1, 9))
    assert set(branch.states().values()) == {"done"}
    assert branch.run("letters", "--catch-up")["issued"] == []
    assert "以前阶段还欠" not in branch.ccm("letters").stdout


def test_what_letters_did_shows_in_triage_beside_what_no_letter_does(branch: Branch) -> None:
    """A letter posted is no visit made: each duty has its own proof and its own state."""
    branch.on(38).letters()

    loan = branch.on(38).triage["loans"][0]

    done = {(duty["rule"], duty["channel"]) for duty in loan["duties"] if duty["state"] == "done"}
    missed = {(duty["rule"], duty["channel"]) for duty in loan["duties"] if duty["state"] == "overdue"}
    assert done == {("C4", "letter"), ("C5", "letter")}
    assert missed == {
        ("C1", "sms"), ("C1", "phone"), ("C2", "phone"), ("C3", "phone"), ("C3", "query"), ("C4", "visit"),
    }  # fmt: skip
    assert {duty["done_on"] for duty in loan["duties"] if duty["state"] == "done"} == {str(branch.day)}


def test_each_letter_of_a_run_says_what_changed_since_the_last(branch: Branch) -> None:
    import docx

    branch.on(30, interest="900.00").letters()
    answer = branch.on(60, interest="1800.00").run("letters")

    text = "".join(p.text for p in docx.Document(branch.place / answer["issued"][0]["path"]).paragraphs)

    assert "〔2026〕1号主张逾期本金0.00元、利息900.00元" in text
    assert "利息增加900.00元" in text


def test_the_journal_holds_the_whole_story_and_verifies(branch: Branch, ccm: Callable[..., Result]) -> None:
    branch.on(30).letters()
    branch.on(60).letters()
    ccm("letters", "void", "〔2026〕6号", "--reason", "条款写错", "--as-of", branch.day)

    every = [json.loads(line) for line in ccm("journal", "export").stdout.splitlines()]
    lines = [one for one in every if one["kind"] != "warn-raised"]

    assert [(one["kind"], one["letter_no"]) for one in lines] == [
        *(("letter-issued", f"〔2026〕{nth}号") for nth in (1, 2, 3, 4)),
        *(("letter-printed", f"〔2026〕{nth}号") for nth in (1, 2, 3, 4)),
        ("files-written", ""),
        *(("letter-issued", f"〔2026〕{nth}号") for nth in (5, 6, 7, 8)),
        *(("letter-printed", f"〔2026〕{nth}号") for nth in (5, 6, 7, 8)),
        ("files-written", ""),
        ("letter-voided", "〔2026〕6号"),
    ]
    assert {one["facts"]["notes"][0]["loan_no"] for one in lines if one["kind"] == "letter-issued"} == {"0062001"}
    assert ccm("journal", "verify").exit_code == 0
