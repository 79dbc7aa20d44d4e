"""A manager's cases handed over: the list, its golden text, and what the receiver finds afterwards (C11)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from docx.table import Table
from PIL import Image

from ccm.handover.notes import free_number, handed
from ccm.handover.record import Handover, Item, in_danger, sums
from ccm.model import Case, Entry, Note, Party
from ccm.rights.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

    from ccm.rights.clock import State

GOLDEN = Path(__file__).parent / "handover.txt"
HEAD = (
    "借据号,借款人,证件号码,联系电话,地址,借款合同号,贷款余额,逾期本金,逾期利息,逾期日期,到期日期,客户经理,支行,"
    "保证人,保证人地址,保证方式,保证合同签订日,保证期间\n"
)
LINE = (
    "{no},{name},{id_no},13800000001,清水县柳溪镇石桥村1组8号,借字{no}号,{balance},0,{interest},{since},{due},"
    "{manager},青溪支行,{guarantor},清水县城关镇人民路9号,{kind},2024-05-31,{period}\n"
)
PLAIN = {
    "id_no": "", "balance": 50000, "interest": 800, "since": "2026-11-01", "due": "2028-06-30", "manager": "王敏",
    "guarantor": "", "kind": "", "period": "",
}  # fmt: skip
GUARANTEED = {"guarantor": "李四", "kind": "连带责任保证", "period": "六个月"}
CALM = {"interest": 0, "since": ""}


class Bank:
    """One workspace of the managers 王敏 and 李强."""

    def __init__(self, ccm: Callable[..., Result], place: Path) -> None:
        self.ccm, self.place = ccm, place
        (place / "ccm.toml").write_text(
            '[bank]\nname = "清水农村商业银行股份有限公司"\nbranch = "青溪支行"\n[letters]\ncode = "清农催"\n', "utf-8"
        )

    def morning(self, day: str, *loans: dict[str, Any]) -> None:
        """Read the day's ledger; loans are numbered 0062001, 0062002 …."""
        path = self.place / "ledger.csv"
        lines = [LINE.format(**PLAIN | {"no": f"006200{nth}", "name": f"客户{nth}"} | one) for nth, one in
                 enumerate(loans, 1)]  # fmt: skip
        path.write_text(HEAD + "".join(lines), "utf-8")
        self.run("triage", path, "--as-of", f"2026-{day}")

    def run(self, *words: object, code: int = 0) -> Result:
        """Run a command that must end with a code."""
        result = self.ccm(*words, CCM_ACTOR="王敏")
        assert result.exit_code == code, result.output
        return result

    def ask(self, *words: object) -> dict[str, Any]:
        """Run a command and return its JSON."""
        answer: dict[str, Any] = json.loads(self.run(*words, "--json").stdout)
        return answer

    def hand_over(self, day: str = "11-23") -> dict[str, Any]:
        """Hand 王敏's cases to 李强."""
        return self.ask("handover", "王敏", "--to", "李强", "--as-of", f"2026-{day}")

    def listed(self, manager: str, day: str = "11-23") -> list[str]:
        """The loans on a manager's worklist."""
        answer = self.ask("triage", self.place / "ledger.csv", "--as-of", f"2026-{day}", "--manager", manager)
        return [one["loan_no"] for one in answer["loans"]]


@pytest.fixture
def bank(ccm: Callable[..., Result], tmp_path: Path, clock: Callable[[str], None]) -> Bank:
    clock("2026-11-23 10:05")
    return Bank(ccm, tmp_path)


def scan_to(path: Path, colour: str) -> None:
    Image.new("RGB", (1200, 1600), colour).save(path)


def lived_through(bank: Bank) -> None:
    """Three cases and a calm loan: a letter half proved, a promise, a dispute; the guarantee of one ends in a week."""
    bank.morning(
        "11-23",
        {"since": "2026-10-20"},
        {"since": "2026-05-31", "due": "2026-05-31", **GUARANTEED},
        {"interest": 300},
        CALM,
        {"manager": "李强"},
    )
    bank.run("letters", "--stage", "30")
    bank.run("post", "import", "清农催〔2026〕1号", "1012345678901", "--on", "2026-11-23")
    scan = bank.place / "正本.png"
    scan_to(scan, "red")
    bank.run("archive", "add", "清农催〔2026〕1号", "original", scan)
    bank.run("log", "0062001", "call", "承诺", "5000", "11-27")
    bank.run("log", "0062003", "dispute", "说利息多算")
    bank.run("warn", "add", "0062004", "厂子停工", "--source", "现场检查")


def text_of(path: Path) -> str:
    """A document's text in its order, a table's row as a line."""
    lines = []
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                texts = [cell.text.strip().replace("\n", " / ") for cell in row.cells]
                # A row that stretches over the table gives its one text for each column.
                lines.append(" | ".join(texts[:1] if len(set(texts)) == 1 else texts))
        elif block.text:
            lines.append(block.text)
    return "\n".join(lines) + "\n"


def test_the_list_says_all_that_would_be_lost(bank: Bank) -> None:
    lived_through(bank)

    answer = bank.hand_over()

    document = bank.place / answer["files"][0]
    assert text_of(document) == GOLDEN.read_text("utf-8")


def test_the_list_for_programs_and_the_workbook_have_the_most_endangered_first(bank: Bank) -> None:
    lived_through(bank)

    answer = bank.hand_over()

    assert [one["loan_no"] for one in answer["cases"]] == ["0062002", "0062001", "0062003"]
    first = answer["cases"][0]
    assert first["days_left"] == 7
    assert first["clocks"][0]["right"] == "guarantee"
    half = next(one for one in answer["cases"] if one["loan_no"] == "0062001")
    assert half["proofs"][0]["missing"] == ["面单寄件人存联", "投递打印页"]
    assert half["proofs"][0]["filed"][0]["item"] == "自留正本"
    assert half["promises"][0]["by"] == "2026-11-27"
    assert next(one for one in answer["cases"] if one["loan_no"] == "0062003")["holds"][0]["reason"] == "dispute"
    assert (answer["calm"]["loans"], answer["calm"]["signals"][0]["text"]) == (1, "厂子停工")
    sheet = openpyxl.load_workbook(bank.place / answer["files"][1]).active
    assert [row[1].value for row in sheet.iter_rows(min_row=3)] == [one["loan_no"] for one in answer["cases"]]


def test_a_loans_own_filed_papers_go_over_with_it(bank: Bank) -> None:
    lived_through(bank)
    contract = bank.place / "合同.png"
    scan_to(contract, "blue")
    bank.run("archive", "add", "0062003", "借款合同", contract)

    [proof] = next(one for one in bank.hand_over()["cases"] if one["loan_no"] == "0062003")["proofs"]

    assert (proof["number"], proof["state"], proof["on"]) == ("0062003", "归档", "2026-11-23")
    assert [one["item"] for one in proof["filed"]] == ["借款合同"]


def test_the_journal_keeps_who_to_whom_which_loans_and_the_files_digests(bank: Bank) -> None:
    lived_through(bank)
    bank.hand_over()

    bank.run("journal", "export", bank.place / "all.jsonl")

    lines = [json.loads(one) for one in (bank.place / "all.jsonl").read_text("utf-8").splitlines()]
    (entry,) = (one for one in lines if one["kind"] == "handover")
    facts = entry["facts"]
    assert (facts["handover_no"], facts["giver"], facts["taker"]) == ("JJ20261123-1", "王敏", "李强")
    assert sorted(facts["loans"]) == ["0062001", "0062002", "0062003"]
    assert [len(one["sha256"]) for one in facts["files"]] == [64, 64]


def test_the_same_again_is_no_new_list_and_a_change_is(bank: Bank) -> None:
    lived_through(bank)

    assert [bank.hand_over()["handover_no"] for _ in range(2)] == ["JJ20261123-1"] * 2
    bank.run("log", "0062002", "call", "说下周还")

    assert bank.hand_over()["handover_no"] == "JJ20261123-2"
    assert len(list((bank.place / "handover").glob("*.docx"))) == 2


def test_the_receiver_finds_the_loans_until_the_ledger_names_them(bank: Bank) -> None:
    two = ({"manager": "王敏"}, {"manager": "李强"})
    bank.morning("11-23", *two)
    assert (bank.listed("王敏"), bank.listed("李强")) == (["0062001"], ["0062002"])

    bank.hand_over()

    assert (bank.listed("王敏"), sorted(bank.listed("李强"))) == (["0062001"], ["0062001", "0062002"])
    assert "已移交李强，台账未改" in bank.run("case", "0062001", "--as-of", "2026-11-23").stdout
    bank.morning("11-24", {"manager": "李强"}, {"manager": "李强"})
    assert len(bank.listed("李强", "11-24")) == 2
    gone = bank.run("triage", bank.place / "ledger.csv", "--as-of", "2026-11-24", "--manager", "王敏", code=3)
    assert "没有客户经理“王敏”；有 李强" in gone.stderr


def test_the_signed_list_is_filed_under_its_number_and_nothing_else_is(bank: Bank) -> None:
    lived_through(bank)
    bank.hand_over()
    signed, other = bank.place / "签字.png", bank.place / "另.png"
    scan_to(signed, "blue")
    scan_to(other, "green")

    bank.run("archive", "add", "JJ20261123-1", "移交清单", signed)
    refused = bank.run("archive", "add", "JJ20261123-1", "waybill", other, code=4)

    assert (bank.place / "archive/移交清单/JJ20261123-1/移交清单.png").exists()
    assert "JJ20261123-1下只存移交清单" in refused.output.replace("\n", "").replace(" ", "")
    assert json.loads(bank.run("archive-check", "--json", code=4).stdout)["strays"] == []


def test_a_manager_without_arrears_gives_no_list(bank: Bank) -> None:
    bank.morning("11-23", CALM)

    answer = bank.hand_over()

    assert (answer["handover_no"], answer["files"], answer["calm"]["loans"]) == (None, [], 1)
    assert "没有逾期或到期的贷款" in bank.run("handover", "王敏", "--to", "李强", "--as-of", "2026-11-23").stdout


def case(loan_no: str, cents: int) -> Case:
    return Case(
        loan_no, "loan", None, (Party("borrower", "张三"),), "person", "王敏", None, None, 0, 0, cents, 0, 1, 1, 0,
        "关注", date(2026, 11, 22), None, None,
    )  # fmt: skip


def right(state: State, left: int | None, **more: Any) -> Clock:  # noqa: ANN401
    return Clock("1", "张三", "borrower", more.pop("right", "limitation"), state, None, date(2027, 1, 1), None, left,
                 **more)  # fmt: skip


def test_danger_is_the_nearest_right_that_can_still_be_lost_then_the_amount() -> None:
    far, near = Item(case("1", 100), (right("safe", 900),)), Item(case("2", 1), (right("near", 5),))
    large, kept = (
        Item(case("3", 900), (right("safe", 900),)),
        Item(case("4", 1), (right("safe", 2, kept_on=date(2026, 1, 1)),)),
    )
    lost = Item(case("5", 1), (right("lost", -9), right("safe", 800), right("safe", 3, right="cap")))

    got = [one.case.loan_no for one in in_danger([far, kept, large, lost, near])]

    assert got == ["2", "5", "3", "1", "4"]
    assert (sums([lost, near])["rights_lost"], sums([lost, near])["rights_soon"]) == (1, 1)


def drawn(number: str, giver: str, taker: str, *loans: str) -> Entry:
    facts = {"handover_no": number, "giver": giver, "taker": taker, "loans": list(loans), "content": "", "files": []}
    return Entry(1, "", "", Note("handover", date(2026, 11, 23), facts=facts), "", "")


def test_of_several_lists_the_last_tells_who_has_a_loan() -> None:
    lists = [drawn("JJ1", "王敏", "李强", "1", "2"), drawn("JJ2", "李强", "赵刚", "1")]

    assert handed(lists, {"1": "王敏", "2": "王敏"}) == {"1": "赵刚", "2": "李强"}
    assert handed(lists, {"1": "赵刚", "2": "孙丽"}) == {}


def test_numbers_count_on_by_day() -> None:
    day = date(2026, 11, 23)

    assert free_number(day, []) == "JJ20261123-1"
    assert free_number(day, [drawn("JJ20261123-9", "a", "b"), drawn("JJ20261122-30", "a", "b")]) == "JJ20261123-10"
    assert Handover("", "a", "b", day, "", (), ()).loan_nos == []
