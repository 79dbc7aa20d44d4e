"""Rights kept and lost, day by day, as a customer manager lives it (law.md §1–§3, "What follows" 1–4)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

HEAD = (
    "借据号,借款人,证件号码,地址,借款合同号,贷款余额,逾期本金,逾期利息,逾期日期,到期日期,"
    "保证人,保证人地址,保证方式,保证合同签订日,保证期间,送达地址确认日,提前到期条款,抵押物\n"
)
DUE = "2026-05-31"
"""A guarantee of six months then ends on Monday, 2026-11-30."""


class Branch:
    """A branch with one loan of 张三, guaranteed by 李四."""

    def __init__(self, ccm: Callable[..., Result], place: Path) -> None:
        self._ccm, self.place, self._scans = ccm, place, 0
        (place / "ccm.toml").write_text(
            '[bank]\nname = "清水农村商业银行股份有限公司"\nbranch = "城关支行"\n[letters]\ncode = "清农催"\n', "utf-8"
        )

    def morning(
        self, day: str, *, due: str = DUE, since: str = DUE, kind: str = "连带责任保证", period: str = "六个月",
        confirmed: str = "",
    ) -> None:  # fmt: skip
        """Read the day's ledger."""
        overdue = "0" if due > day else "50000"
        row = (
            f"0062001,张三,11010519491231002X,清水县柳溪镇石桥村1组8号,借字1号,50000,{overdue},800,{since},{due},"
            f"李四,清水县城关镇人民路9号,{kind},2024-05-31,{period},{confirmed},第八条第二款,\n"
        )
        path = self.place / f"{day}.csv"
        path.write_text(HEAD + row, "utf-8")
        result = self._ccm("triage", path, "--as-of", day)
        assert result.exit_code == 0, result.output

    def run(self, *words: object) -> Result:
        """Run a command that must succeed."""
        result = self._ccm(*words)
        assert result.exit_code == 0, result.output
        return result

    def ask(self, *words: object) -> dict[str, Any]:
        """Run a command and return its JSON."""
        answer: dict[str, Any] = json.loads(self._ccm(*words, "--json").stdout)
        return answer

    def letter(self, kind: str, party: str, day: str) -> str:
        """Issue a letter of one kind, post it on the day, and return the number of the one to `party`."""
        issued = self.ask("letters", "--catch-up", "--kind", kind, "--as-of", day)["issued"]
        number: str = next(one["letter_no"] for one in issued if one["party"] == party)
        self.run("post", "import", number, "1012345678901", "--on", day, "--as-of", day)
        return number

    def result(self, letter_no: str, status: str, day: str, *more: str) -> None:
        """Write down what became of a letter."""
        self.run("post", "status", letter_no, status, "--on", day, "--as-of", day, *more)

    def file(self, subject: str, day: str, *items: str) -> None:
        """Scan papers and file them."""
        from PIL import Image

        for item in items:
            self._scans += 1
            path = self.place / "scans" / f"{self._scans}.jpg"
            path.parent.mkdir(exist_ok=True)
            Image.effect_noise((60, 60), 40 + self._scans).save(path)
            self.run("archive", "add", subject, item, path, "--as-of", day)

    def clock(self, right: str, day: str) -> dict[str, Any]:
        """Return the one clock of a right on a day."""
        [found] = [one for one in self.ask("clock", "--as-of", day)["clocks"] if one["right"] == right]
        return dict(found)

    def refused(self, kind: str, day: str) -> str:
        """Return why a letter is refused."""
        skipped = self.ask("letters", "--catch-up", "--kind", kind, "--as-of", day)["skipped"]
        return str(skipped[0]["reason"])


@pytest.fixture
def branch(ccm: Callable[..., Result], tmp_path: Path) -> Branch:
    return Branch(ccm, tmp_path)


def test_a_guarantor_is_saved_with_a_day_to_spare_once_the_delivery_is_filed(branch: Branch) -> None:
    branch.morning("2026-11-20")
    first = branch.clock("guarantee", "2026-11-20")
    assert (first["ends_on"], first["days_left"], first["state"], first["act"]) == ("2026-11-30", 10, "near", "request")

    letter = branch.letter("guarantor_perform", "李四", "2026-11-21")
    posted = branch.clock("guarantee", "2026-11-22")
    assert (posted["state"], posted["act"]) == ("unproved", "file")

    branch.result(letter, "delivered", "2026-11-29", "--signer", "本人")
    branch.file(letter, "2026-11-30", "original", "waybill")
    waiting = branch.clock("guarantee", "2026-11-30")
    assert waiting["state"] == "unproved"
    assert waiting["needs"] == [f"{letter}：投递结果打印页"]

    branch.file(letter, "2026-12-02", "delivery")
    saved = branch.clock("guarantee", "2026-12-02")
    own = branch.clock("guarantor_limitation", "2026-12-02")
    assert (saved["state"], saved["kept_on"], saved["days_left"]) == ("safe", "2026-11-29", None)
    assert own["ends_on"] == "2029-11-21"  # alarms count from the sending, the earlier day
    assert branch.clock("guarantee", "2026-12-01")["state"] == "unproved"  # as it was known that day


def test_a_delivery_without_a_signer_has_one_grade_everywhere_and_is_told_what_it_lacks(branch: Branch) -> None:
    branch.morning("2026-11-20")
    letter = branch.letter("guarantor_perform", "李四", "2026-11-21")
    told = branch.run("post", "status", letter, "delivered", "--on", "2026-11-23", "--as-of", "2026-11-24").stdout
    branch.file(letter, "2026-11-24", "original", "waybill", "delivery")
    mend = f"ccm post status {letter} delivered --on 2026-11-23 --signer 本人"

    waiting = branch.clock("guarantee", "2026-11-25")
    link = next(one for one in waiting["basis"] if one["letter_no"] == letter)
    [filed] = branch.ask("archive-check", "--loan", "0062001")["cases"][0]["letters"]

    assert (waiting["state"], link["grade"], filed["grade"]) == ("unproved", "F", "F")
    assert waiting["needs"] == [f"{letter}：投递结果没有写明谁签收（本人、家人、单位收发），补登 {mend}"]
    assert link["proof"].endswith("投递结果打印页；缺签收人")
    assert mend in filed["weak"]
    assert "1封没有写明谁签收" in told

    branch.result(letter, "delivered", "2026-11-23", "--signer", "本人")
    mended = branch.clock("guarantee", "2026-11-25")
    [filed] = branch.ask("archive-check", "--loan", "0062001")["cases"][0]["letters"]
    assert (mended["state"], filed["grade"], filed["weak"]) == ("safe", "B", None)


@pytest.mark.parametrize("word", ["delivered", "returned", "refused", "妥投 本人收", "退回妥投"])
def test_a_result_that_is_final_is_never_taken_to_be_of_today(
    branch: Branch, ccm: Callable[..., Result], word: str
) -> None:
    branch.morning("2026-11-20")
    letter = branch.letter("loan_overdue", "张三", "2026-11-20")

    refused = ccm("post", "status", letter, word, "--as-of", "2026-11-24")

    assert refused.exit_code == 2
    assert "要写明是哪一天，时效从那天起算：加 --on 日期" in "".join(refused.stderr.split("\n"))
    assert branch.ask("archive", "show", letter)["letters"][0]["state"] == "posted"
    branch.run("post", "status", letter, "in_transit", "--as-of", "2026-11-24")


def test_the_posting_list_and_the_archive_check_go_by_the_day_asked_for(branch: Branch) -> None:
    branch.morning("2026-11-20")
    letter = branch.letter("loan_overdue", "张三", "2026-11-20")
    branch.ask("letters", "--catch-up", "--kind", "guarantor_perform", "--as-of", "2026-11-20")
    branch.file(letter, "2026-11-23", "original")
    branch.file(letter, "2026-11-25", "waybill")

    typed = branch.ask("post", "list", "--date", "2026-11-22", "--as-of", "2026-11-21", "--letter", letter)
    listed = branch.ask("post", "list", "--as-of", "2026-11-21")["lists"]
    then, now = (branch.ask("archive-check", *words) for words in (("--as-of", "2026-11-24"), ()))

    assert (typed["lists"], [one["list_no"] for one in listed]) == ([], ["JS20261121-1"])
    missing = [
        next(one["missing"] for one in told["cases"][0]["letters"] if one["letter_no"] == letter)
        for told in (then, now)
    ]
    assert missing == [["waybill", "delivery"], ["delivery"]]
    assert (then["strays"], now["strays"]) == ([], [])
    assert branch.ask("archive-check", "--stage", "90", "--as-of", "2026-11-20")["checked"] == 2
    assert branch.ask("archive-check", "--stage", "60", "--as-of", "2026-11-20")["checked"] == 0


def test_a_paper_that_is_none_of_an_events_is_answered_with_those_it_takes(
    branch: Branch, ccm: Callable[..., Result]
) -> None:
    branch.morning("2026-11-20")
    told = branch.ask("log", "0062001", "event", "签收", "--on", "2026-11-20")["recorded"][0]["text"]
    number = told.rpartition("编号")[2]
    (branch.place / "x.jpg").write_bytes(b"x")

    refused = ccm("archive", "add", number, "回执", branch.place / "x.jpg")

    assert refused.exit_code == 4
    assert f"回执不是签收信函的材料；{number}签收信函要的是：签收回执原件" in "".join(refused.stderr.split())


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("policy", "show"), {"policy", "path", "digest", "stages", "duties", "classes"}),
        (("ledger", "columns"), {"fields"}),
        (("ledger", "columns", "2026-11-20.csv"), {"sheets"}),
        (("warn", "measures"), {"measures"}),
    ],
)
def test_what_shows_rules_shows_them_as_json_too(
    branch: Branch, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], keys: set[str]
) -> None:
    branch.morning("2026-11-20")
    monkeypatch.chdir(branch.place)

    answer = branch.ask(*words)

    assert set(answer) == keys
    assert all(answer.values())
    if "sheets" in keys:
        assert answer["sheets"][0]["columns"][0] == {
            "column": 1, "header": "借据号", "field": "loan_no", "number": None, "scale": 1
        }  # fmt: skip


def test_the_day_of_a_sheet_that_gives_none_may_be_typed(branch: Branch) -> None:
    branch.morning("2026-11-20")
    letter = branch.letter("loan_overdue", "张三", "2026-11-20")
    (branch.place / "表.csv").write_text(f"函号,状态\n{letter},妥投 本人收\n", "utf-8")

    taken = branch.ask("post", "status", branch.place / "表.csv", "--on", "2026-11-23", "--as-of", "2026-11-24")

    assert [(one["letter_no"], one["on"]) for one in taken["recorded"]] == [(letter, "2026-11-23")]


def test_a_guarantor_is_lost_when_only_the_borrower_was_written_to(branch: Branch) -> None:
    branch.morning("2026-11-20")
    letter = branch.letter("loan_overdue", "张三", "2026-11-20")
    branch.result(letter, "delivered", "2026-11-23", "--signer", "本人")
    branch.file(letter, "2026-11-24", "original", "waybill", "delivery")

    branch.morning("2026-12-01")
    lost = branch.clock("guarantee", "2026-12-01")
    claim = branch.clock("limitation", "2026-12-01")

    assert (lost["state"], lost["act"]) == ("lost", "new_guarantee")
    assert (claim["state"], claim["ends_on"]) == ("safe", "2029-11-20")
    assert "保证期间已于2026-11-30届满" in branch.refused("guarantor_perform", "2026-12-01")


def test_a_general_guarantee_is_saved_by_a_suit_and_not_by_letters(branch: Branch) -> None:
    branch.morning("2026-11-20", kind="一般保证")
    letter = branch.letter("guarantor_perform", "李四", "2026-11-20")
    branch.result(letter, "delivered", "2026-11-23", "--signer", "本人")
    branch.file(letter, "2026-11-24", "original", "waybill", "delivery")
    written = branch.clock("guarantee", "2026-11-25")
    assert (written["state"], written["act"]) == ("near", "suit")
    triaged = branch.ask("triage", branch.place / "2026-11-20.csv", "--as-of", "2026-11-25")["loans"][0]
    assert "5天后权利届满" in triaged["reasons"]
    assert [duty["due_on"] for duty in triaged["duties"] if duty["id"].startswith("right-")] == ["2026-11-30"]

    told = branch.ask("log", "0062001", "event", "起诉", "--on", "2026-11-25")["recorded"][0]["text"]
    number = told.rpartition("编号")[2]
    unproved = branch.clock("guarantee", "2026-11-25")
    branch.file(number, "2026-11-25", "filing_receipt")
    sued = branch.clock("guarantee", "2026-11-25")

    assert (unproved["state"], unproved["needs"]) == ("unproved", [f"{number}：立案或受理凭证"])
    assert (sued["state"], sued["kept_on"]) == ("safe", "2026-11-25")


@pytest.mark.parametrize(("confirmed", "state"), [("2024-05-31", "safe"), ("", "near")])
def test_a_returned_letter_counts_where_the_address_was_agreed(branch: Branch, confirmed: str, state: str) -> None:
    due = "2024-01-10"
    branch.morning("2026-11-20", due=due, since=due, confirmed=confirmed)
    letter = branch.letter("loan_overdue", "张三", "2026-11-20")
    branch.result(letter, "returned", "2026-11-24", "--reason", "查无此人")
    branch.file(letter, "2026-11-25", "original", "waybill", "returned")

    claim = branch.clock("limitation", "2026-11-25")

    assert claim["state"] == state
    assert claim["ends_on"] == ("2029-11-20" if confirmed else "2027-01-10")
    assert [(one["event"], one["worth"]) for one in claim["basis"]][1:] == [
        ("LETTER_SHOULD_HAVE_ARRIVED", "counts" if confirmed else "void")
    ]


def test_the_address_may_be_proved_by_a_paper_filed_with_the_letter(branch: Branch) -> None:
    branch.morning("2026-11-20", due="2024-01-10", since="2024-01-10")
    letter = branch.letter("loan_overdue", "张三", "2026-11-20")
    branch.result(letter, "returned", "2026-11-24", "--reason", "查无此人")
    branch.file(letter, "2026-11-25", "original", "waybill", "returned", "送达地址确认书")

    assert branch.clock("limitation", "2026-11-25")["ends_on"] == "2029-11-20"


def test_an_acceleration_that_never_arrived_changes_no_due_date(branch: Branch) -> None:
    due = "2028-05-31"
    branch.morning("2026-11-20", due=due, since="2026-08-20")
    letter = branch.letter("acceleration", "张三", "2026-11-20")
    sent = branch.clock("limitation", "2026-11-25")
    branch.result(letter, "returned", "2026-11-26", "--reason", "查无此人")
    returned = branch.clock("limitation", "2026-11-26")
    branch.result(letter, "delivered", "2026-11-27", "--signer", "本人")
    arrived = branch.clock("limitation", "2026-11-27")

    assert [one["basis"][0]["event"] for one in (sent, returned, arrived)] == ["due", "due", "accelerated"]
    assert [one["ends_on"] for one in (sent, returned, arrived)] == ["2031-05-31", "2031-05-31", "2029-11-27"]
    assert [one["ends_on"] for one in arrived["doubts"] if one["ends_on"]] == ["2031-05-31", "2029-08-20"]


def test_a_plan_counts_once_it_is_filed_and_a_promise_on_the_telephone_never(branch: Branch) -> None:
    branch.morning("2026-11-20")
    branch.run("log", "0062001", "promise", "5000", "2026-12-05", "--on", "2026-11-20")
    spoken = branch.clock("limitation", "2026-11-20")
    branch.run("log", "0062001", "plan", "2026-12-05:5000", "--on", "2026-11-20")
    agreed = branch.clock("limitation", "2026-11-20")
    branch.file("H20261120-1", "2026-11-20", "签字的还款计划")
    signed = branch.clock("limitation", "2026-11-20")

    assert [one["state"] for one in (spoken, agreed, signed)] == ["safe", "unproved", "safe"]
    assert agreed["needs"] == ["H20261120-1：债务人签字的还款计划"]
    assert signed["ends_on"] == "2029-11-20"


def test_the_letter_names_the_end_of_the_guarantee_only_where_it_is_certain(branch: Branch) -> None:
    branch.morning("2026-11-20")
    branch.letter("guarantor_perform", "李四", "2026-11-20")
    branch.morning("2026-11-21", due="2026-06-30", since="2026-06-30", period="")
    shown = branch.run("clock", "--loan", "0062001", "--as-of", "2026-11-21").stdout

    assert "至2026年11月30日止" in _texts(branch.place)
    assert "台账没有写保证期间，按六个月提醒" in shown


def _texts(place: Path) -> str:
    from docx import Document

    return "".join(
        one.text for path in (place / "letters").rglob("*李四*.docx") for one in Document(str(path)).paragraphs
    )
