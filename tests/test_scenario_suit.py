"""Suing and not suing, day by day, as a branch lives it (C6, C8–C11)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

HEAD = (
    "借据号,借款人,证件号码,借款合同号,贷款余额,逾期本金,逾期利息,逾期日期,到期日期,数据日期,客户经理,支行,"
    "保证人,保证方式,抵押物,地址\n"
)
ROW = (
    "0062001,张三,11010519491231002X,借字1号,{owed},{owed},800,2026-08-20,2026-08-20,{day},王敏,城关支行,"
    "李四,连带责任保证,{mortgage},清水县柳溪镇石桥村1组8号\n"
)


class Branch:
    """A branch with one loan of 张三, guaranteed by 李四, due on 2026-08-20 and unpaid since."""

    def __init__(self, ccm: Callable[..., Result], place: Path) -> None:
        self._ccm, self.place, self._scans = ccm, place, 0
        (place / "ccm.toml").write_text(
            '[bank]\nname = "清水农村商业银行股份有限公司"\nbranch = "城关支行"\n[letters]\ncode = "清农催"\n', "utf-8"
        )

    def morning(self, day: str, owed: int = 50_000, mortgage: str = "") -> dict[str, Any]:
        """Read the day's ledger and return the loan's line of the worklist."""
        path = self.place / "ledger.csv"
        path.write_text(HEAD + ROW.format(owed=owed, day=day, mortgage=mortgage), "utf-8")
        [line] = self.ask("triage", path, "--as-of", day)["loans"]
        return dict(line)

    def run(self, *words: object, code: int = 0) -> Result:
        """Run a command that must end with `code`."""
        result = self._ccm(*words)
        assert result.exit_code == code, result.output
        return result

    def ask(self, *words: object, code: int = 0) -> dict[str, Any]:
        """Run a command and return its JSON."""
        answer: dict[str, Any] = json.loads(self.run(*words, "--json", code=code).stdout)
        return answer

    def suit(self, day: str, act: str, *words: object, code: int = 0) -> dict[str, Any]:
        """Run `ccm suit … 0062001` on a day."""
        return self.ask("suit", act, "0062001", *words, "--as-of", day, code=code)

    def refused(self, day: str, act: str, *words: object) -> str:
        """Return why a command was refused."""
        return self.run("suit", act, "0062001", *words, "--as-of", day, code=3).stderr

    def listed(self, day: str) -> dict[str, Any]:
        """Return the loan's line of `ccm suit list`."""
        [line] = self.ask("suit", "list", "--as-of", day)["due"]
        return dict(line)

    def deferred(self, *steps: str, until: str = "2027-01-31") -> None:
        """Apply on 11-23, and have it approved on 11-26."""
        words = [word for step in steps for word in ("--step", step)]
        self.suit("2026-11-23", "defer", "拆迁款一月到账", *words, "--until", until)
        self.suit("2026-11-24", "submit", "--by", "张行长")
        self.suit("2026-11-25", "review", "还款来源已核实", "--by", "李审查")
        self.suit("2026-11-26", "approve", "--by", "周总")

    def file(self, subject: str, day: str, *items: str) -> None:
        """Scan papers and file them."""
        from PIL import Image

        for item in items:
            self._scans += 1
            path = self.place / "scans" / f"{self._scans}.jpg"
            path.parent.mkdir(exist_ok=True)
            Image.effect_noise((60, 60), 40 + self._scans).save(path)
            self.run("archive", "add", subject, item, path, "--as-of", day)


@pytest.fixture
def branch(ccm: Callable[..., Result], tmp_path: Path) -> Branch:
    return Branch(ccm, tmp_path)


def suing(line: dict[str, Any]) -> set[str]:
    """The states of the duty to sue, over all debtors."""
    return {duty["state"] for duty in line["duties"] if duty["id"] == "loan-suit"}


def test_a_deferral_approved_kept_for_two_steps_and_broken_at_the_third(
    branch: Branch, clock: Callable[[str], None]
) -> None:
    assert suing(branch.morning("2026-11-23")) == {"due"}
    branch.suit("2026-11-23", "defer", "拆迁款一月到账", "--step", "12-05=1万", "--step", "12-20=10000",
                "--step", "01-10=3万", "--until", "01-31")  # fmt: skip
    assert branch.listed("2026-11-23")["state"] == "pending"
    assert suing(branch.morning("2026-11-24")) == {"due"}  # an application alone takes nothing off the list

    branch.suit("2026-11-24", "submit", "--by", "张行长")
    branch.suit("2026-11-25", "review", "还款来源已核实", "--by", "李审查")
    branch.suit("2026-11-26", "approve", "--by", "周总")
    approved = branch.listed("2026-11-26")
    line = branch.morning("2026-11-26")
    assert (approved["state"], approved["until_on"]) == ("deferred", "2027-01-31")
    assert suing(line) == {"upcoming"}
    assert line["suit"]["text"] == "暂缓起诉至2027-01-31（周总批准），权利的期间照走"

    clock("2026-12-04 15:00")
    branch.run("log", "0062001", "payment", "10000")
    branch.morning("2026-12-12")
    assert states(branch, "2026-12-12") == ["kept", "ahead", "ahead"]

    branch.morning("2026-12-26", owed=30_000)  # the second step shows in the ledger alone
    assert states(branch, "2026-12-26") == ["kept", "kept", "ahead"]

    branch.morning("2027-01-15", owed=30_000)
    assert (branch.listed("2027-01-15")["state"], states(branch, "2027-01-15")) == (
        "deferred",
        ["kept", "kept", "grace"],
    )

    line = branch.morning("2027-01-16", owed=30_000)
    assert (branch.listed("2027-01-16")["state"], suing(line)) == ("breached", {"due"})
    assert line["suit"]["text"] == "暂缓失效：第3期（2027-01-10）没还，应起诉（C10）"
    assert "暂缓起诉的方案未履行，应起诉" in line["reasons"]
    assert suing(branch.morning("2027-01-17", owed=30_000)) == {"overdue"}

    told = branch.ask("suit", "check", "--as-of", "2027-01-17", code=4)["plans"][0]
    assert (told["recorded"], [step["state"] for step in told["steps"]]) == (True, ["kept", "kept", "missed"])
    assert branch.ask("suit", "check", "--as-of", "2027-01-18", code=4)["plans"][0]["recorded"] is False
    branch.morning("2027-01-20", owed=100)  # paid after all, and too late: it was written down
    assert branch.listed("2027-01-20")["state"] == "breached"


def states(branch: Branch, day: str) -> list[str]:
    """How each step of the plan stands by `ccm suit check`."""
    [plan] = branch.ask("suit", "check", "--as-of", day)["plans"]
    return [step["state"] for step in plan["steps"]]


def test_a_deferral_that_runs_out_leaves_the_suit_due_with_its_usual_days(branch: Branch) -> None:
    branch.morning("2026-11-23")
    branch.deferred("2026-12-05=100", until="2026-12-20")

    last, after = branch.morning("2026-12-20", owed=49_000), branch.morning("2026-12-21", owed=49_000)

    assert (suing(last), suing(after)) == ({"upcoming"}, {"due"})
    assert after["suit"]["text"] == "暂缓起诉2026-12-20到期，应起诉"


def test_a_deferral_stops_no_clock_and_the_list_says_which_right_runs_out(branch: Branch) -> None:
    branch.morning("2026-11-23")
    branch.deferred("2026-12-05=100")

    [right] = [one for one in branch.listed("2026-11-27")["rights"] if one["right"] == "guarantee"]
    shown = branch.run("suit", "list", "--as-of", "2026-11-27").stdout

    assert (right["party"], right["ends_on"]) == ("李四", "2027-02-20")
    assert "权利的期间照走" in shown
    assert "保证期间（李四）2027-02-20届满，还剩85天" in shown


def test_every_act_of_a_deferral_names_the_period_that_runs_out_or_may_have(branch: Branch) -> None:
    branch.morning("2026-11-23")
    words = ("suit", "defer", "0062001", "拆迁款", "--step", "2027-03-05=100")

    ahead = branch.run(*words, "--as-of", "2026-11-23").stdout
    moved = branch.run("suit", "submit", "0062001", "--by", "张行长", "--as-of", "2027-02-22").stdout
    past = branch.run("suit", "refuse", "0062001", "--by", "周总", "--as-of", "2027-02-24").stdout

    assert "保证期间（李四）2027-02-20届满，还剩89天" in ahead
    assert "保证期间（李四）2027-02-20届满，依法顺延到2027-02-22：发函请求承担" in moved
    assert "保证期间（李四）2027-02-20届满，已过4天（未证实，或按默认期间）：先核对合同和送达证据" in past


def test_nobody_reviews_or_approves_what_passed_their_own_hand(branch: Branch) -> None:
    branch.morning("2026-11-23")
    branch.suit("2026-11-23", "defer", "拆迁款", "--step", "12-05=100")
    assert "不能审查：下一步是支行上报" in branch.refused("2026-11-23", "review", "--by", "李审查")
    branch.suit("2026-11-24", "submit", "--by", "张行长")
    assert "王敏起草了ZH20261123-1，不能再由本人审查" in branch.refused("2026-11-25", "review", "--by", "王敏")
    assert "张行长上报了ZH20261123-1，不能再由本人审查" in branch.refused("2026-11-25", "review", "--by", "张行长")
    branch.suit("2026-11-25", "review", "--by", "李审查")
    for own in ("王敏", "张行长", "李审查"):
        assert "不能再由本人批准" in branch.refused("2026-11-26", "approve", "--by", own)
    branch.suit("2026-11-26", "refuse", "没有还款来源", "--by", "周总")

    assert branch.listed("2026-11-26")["state"] == "due"
    assert "没有还款来源" in branch.run("suit", "show", "0062001", "--as-of", "2026-11-26").stdout


def test_a_suit_is_filed_once_for_the_list_and_for_the_clocks(branch: Branch) -> None:
    branch.morning("2026-11-23")
    assert branch.listed("2026-11-23")["defendants"] == [
        {"party": "张三", "role": "borrower"},
        {"party": "李四", "role": "guarantor"},
    ]
    filed = branch.suit("2026-11-25", "file", "--court", "清水县人民法院", "--no", "（2026）川0124民初88号")
    [number] = filed["events"]
    assert (branch.listed("2026-11-25")["state"], suing(branch.morning("2026-11-25"))) == ("filed", {"done"})
    unproved = {one["right"]: one["state"] for one in branch.ask("clock", "--as-of", "2026-11-25")["clocks"]}
    branch.file(number, "2026-11-26", "filing_receipt")
    proved = {one["right"]: one for one in branch.ask("clock", "--as-of", "2026-11-26")["clocks"]}

    assert unproved["guarantee"] == "unproved"
    assert (proved["guarantee"]["state"], proved["guarantee"]["kept_on"]) == ("safe", "2026-11-25")
    assert "全部债务人都在内" in branch.refused("2026-11-27", "file", "--court", "清水县人民法院")


def test_a_suit_logged_as_an_event_is_the_same_suit(branch: Branch) -> None:
    branch.morning("2026-11-23")
    branch.run("log", "0062001", "event", "起诉", "--on", "2026-11-20")

    listed = branch.listed("2026-11-23")

    assert (listed["state"], [one["party"] for one in listed["unsued"]]) == ("filed", ["李四"])
    branch.suit("2026-11-24", "file", "--court", "清水县人民法院")
    assert branch.listed("2026-11-24")["unsued"] == []


def test_a_case_goes_on_to_judgment_and_enforcement_each_with_its_period(branch: Branch) -> None:
    branch.morning("2026-11-23")
    [number] = branch.suit("2026-11-25", "file", "--court", "清水县人民法院")["events"]
    branch.file(number, "2026-11-25", "filing_receipt")
    branch.suit("2026-11-27", "stage", "立案", "--no", "（2026）川0124民初88号")
    branch.suit("2026-12-20", "stage", "判决送达")
    judged = branch.listed("2026-12-21")
    effective = branch.suit("2027-01-05", "stage", "生效", "--pay-by", "2027-01-15")
    branch.file(effective["events"][0], "2027-01-06", "judgment")

    [running] = [one for one in branch.ask("clock", "--as-of", "2027-01-20")["clocks"]
                 if (one["right"], one["party"]) == ("enforcement", "张三")]  # fmt: skip

    assert (judged["next"]["on"], judged["suit"]["filing"]["case_no"]) == ("2027-01-04", "（2026）川0124民初88号")
    assert branch.listed("2027-01-06")["next"]["on"] == running["ends_on"] == "2029-01-15"
    branch.suit("2027-02-01", "stage", "申请执行")
    again = branch.ask("clock", "--as-of", "2027-02-01")["clocks"]
    assert "2027-02-01 申请执行" in branch.run("suit", "show", "0062001", "--as-of", "2027-02-01").stdout
    assert "ENFORCEMENT" in {link["event"] for one in again if one["right"] == "enforcement" for link in one["basis"]}


def test_a_suit_that_was_withdrawn_is_due_again(branch: Branch) -> None:
    branch.morning("2026-11-23")
    branch.suit("2026-11-24", "file", "--court", "清水县人民法院")
    branch.suit("2026-11-30", "stage", "撤诉", "和解未成")

    listed = branch.listed("2026-11-30")

    assert (listed["state"], listed["text"]) == ("due", "2026-11-30撤诉，应重新起诉")
    assert suing(branch.morning("2026-11-30")) == {"due"}
    branch.suit("2026-12-02", "file", "--court", "清水县人民法院")
    assert branch.listed("2026-12-02")["state"] == "filed"


PAPERS = (
    "起诉状", "本行主体材料", "授权委托书", "被告身份材料", "被告身份材料", "借款合同", "借据", "保证合同",
    "抵质押合同", "他项权证", "放款凭证", "还款流水", "欠款计算表",
)  # fmt: skip
"""What a suit against a borrower and a guarantor on a mortgaged loan needs; of each defendant one identity."""


def test_the_papers_of_a_suit_are_put_together_checked_and_handed_over(branch: Branch) -> None:
    branch.morning("2026-11-23", mortgage="石桥村1组8号房屋")
    first = branch.suit("2026-11-23", "prepare", code=4)
    lacking = {one["key"] for one in first["papers"] if one["must"] and one["lacks"]}
    assert lacking >= {"complaint", "mandate", "contract", "guarantee", "mortgage", "title", "arrears", "letters"}
    assert not first["complete"]
    assert (branch.place / first["path"]).is_file()

    branch.deferred("2026-12-05=100")
    branch.file("0062001", "2026-11-27", *PAPERS)
    [letter] = branch.ask("letters", "--catch-up", "--kind", "loan_overdue", "--as-of", "2026-11-27")["issued"]
    branch.run("post", "import", letter["letter_no"], "1012345678901", "--on", "2026-11-27", "--as-of", "2026-11-27")
    branch.run("post", "status", letter["letter_no"], "delivered", "--on", "2026-11-29", "--as-of", "2026-11-29")
    short = {one["key"]: one["lacks"] for one in branch.suit("2026-11-29", "prepare", code=4)["papers"] if one["lacks"]}
    assert short["letters"] == "1封的证据不全，见 ccm archive-check"
    branch.file(letter["letter_no"], "2026-11-30", "original", "waybill", "delivery")

    whole = branch.suit("2026-11-30", "prepare")
    line = branch.morning("2026-11-30", mortgage="石桥村1组8号房屋")
    assert (whole["complete"], whole["duty"]) == (True, "loan-suit-papers")
    assert [duty["state"] for duty in line["duties"] if duty["id"] == "loan-suit-papers"] == ["done"]

    branch.suit("2026-12-01", "file", "--court", "清水县人民法院")
    packed = branch.ask("pack", "0062001", "--as-of", "2026-12-01")
    names = {path.name for path in (branch.place / "packs").rglob("*.docx")}
    assert [one["item"] for one in packed["exhibits"]][:3] == ["complaint", "bank_papers", "mandate"]
    assert {"05_起诉材料清单.docx", "06_暂缓起诉申请_ZH20261123-1_张三.docx"} <= names
    assert "起诉：2026-12-01已起诉，清水县人民法院" in _text(next((branch.place / "packs").rglob("01_*.docx")))


def test_a_loan_paper_that_was_changed_or_lost_is_told_by_the_archive_check(branch: Branch) -> None:
    branch.morning("2026-11-23")
    branch.file("0062001", "2026-11-23", "借款合同", "借据")
    assert branch.ask("archive-check")["complete"]
    folder = branch.place / "archive" / "0062001_张三" / "贷款档案"
    (folder / "借款合同.jpg").write_bytes(b"another")
    (folder / "借据.jpg").unlink()

    [case] = branch.ask("archive-check", code=4)["cases"]

    [own] = case["loan_papers"]
    assert (own["damaged"], own["missing"]) == (["contract"], ["loan_note"])


@pytest.mark.parametrize("item", ["面单寄件人存联", "录音", "立案或受理凭证"])
def test_a_paper_of_a_letter_is_not_filed_under_a_loan(branch: Branch, item: str) -> None:
    branch.morning("2026-11-23")
    path = branch.place / "scan.jpg"
    path.write_bytes(b"x")

    assert "写它的编号，不写借据号" in branch.run("archive", "add", "0062001", item, path, code=4).stderr


def test_the_case_and_the_reasons_tell_of_the_suit(branch: Branch) -> None:
    branch.morning("2026-11-23")
    branch.deferred("2026-12-05=5000")

    told = branch.run("case", "0062001", "--as-of", "2026-11-27").stdout
    why = branch.run("why", "0062001", "--as-of", "2026-11-27").stdout

    for words in ("申请暂缓起诉", "暂缓起诉·上报", "暂缓起诉·审查", "暂缓起诉·批准", "周总"):
        assert words in told
    assert "C8 起诉：已批准暂缓至2027-01-31" in why


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("command", [["list"], ["show", "0062001"], ["check"], ["prepare", "0062001"]])
def test_no_screen_is_wider_than_the_terminal(
    ccm: Callable[..., Result], tmp_path: Path, command: list[str], width: int
) -> None:
    branch = Branch(ccm, tmp_path)
    branch.morning("2026-11-23")
    branch.deferred("2026-12-05=5000", "2026-12-20=45000")

    shown = ccm("suit", *command, "--as-of", "2026-11-27", COLUMNS=str(width)).stdout

    assert shown
    assert [line for line in shown.splitlines() if cell_len(line) > width] == []


def _text(path: Path) -> str:
    from docx import Document

    return "\n".join(one.text for one in Document(str(path)).paragraphs)
