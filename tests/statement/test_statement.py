"""`ccm statement` from the ledger to the paper: the golden text, the ledger beside it, the journal, the bundle."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from docx.table import Table
from docx.text.paragraph import Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

GOLDEN = Path(__file__).with_name("golden.txt")
LEDGER = (
    "借据号,客户名称,证件号码,产品名称,合同号,发放日期,到期日期,贷款金额,贷款余额,拖欠本金,本金逾期日期,拖欠利息,"
    "最早欠息日期,罚息,复利,利率,罚息上浮比例,结息方式,提前到期条款,数据日期,保证人1,保证人1证件号码\n"
    "0062001,张三,110105199001011237,流动资金贷款,清农商借字〔2024〕8号,2024-06-25,2026-06-20,200000,100000,100000,"
    "2026-06-20,{interest},2026-03-20,{penalty},{compound},6,50%,按季,第八条,2026-07-20,李四,110105199203042341\n"
)
TOLD = {"interest": "3016.67", "penalty": "750.00", "compound": "56.76"}
"""The ledger's own figures of 20 July: 30 days of penalty, compound interest 34.13 and 22.63."""


class Bank:
    """A workspace with one loan: the worked example of `worked.py`, as a ledger of 20 July tells it."""

    def __init__(self, ccm: Callable[..., Result], place: Path) -> None:
        self.ccm, self.place = ccm, place
        (place / "ccm.toml").write_text('[bank]\nname = "清水农村商业银行股份有限公司"\n', "utf-8")

    def reads(self, text: str = LEDGER, **figures: str) -> Bank:
        """Read the ledger of 20 July, with other figures of its own if asked."""
        path = self.place / "ledger.csv"
        path.write_text(text.format(**{**TOLD, **figures}), "utf-8")
        result = self.ccm("triage", path, "--as-of", "2026-07-20", "--json")
        assert result.exit_code == 0, result.output
        return self

    def states(self, *words: object, code: int = 0) -> dict[str, Any]:
        """Make the statement of 20 September."""
        result = self.ccm("statement", "0062001", "--as-of", "2026-09-20", *words, "--json")
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def entries(self) -> list[dict[str, Any]]:
        """The statements that were journalled."""
        path = self.place / "export.jsonl"
        self.ccm("journal", "export", path)
        lines = map(json.loads, path.read_text("utf-8").splitlines())
        return [line for line in lines if line["kind"] == "statement"]

    @property
    def document(self) -> Path:
        """The document that was made last."""
        return self.place / "statements" / "0062001_张三_2026-09-20.docx"


@pytest.fixture
def bank(ccm: Callable[..., Result], tmp_path: Path, clock: Callable[[str], None]) -> Bank:
    clock("2026-09-20 10:00")
    return Bank(ccm, tmp_path)


def text_of(path: Path) -> str:
    """The document's paragraphs and rows, one a line, in order."""
    made = docx.Document(str(path))
    lines = []
    for block in made.element.body:
        if block.tag.endswith("}p"):
            lines.append(Paragraph(block, made).text)
        elif block.tag.endswith("}tbl"):
            for row in Table(block, made).rows:
                cells = dict.fromkeys((id(cell._tc), cell.text) for cell in row.cells)  # noqa: SLF001 - merged cells
                lines.append(" | ".join(text.replace("\n", " ") for _, text in cells))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def test_the_document_reads_as_it_should(bank: Bank) -> None:
    bank.reads().states()

    assert text_of(bank.document) == GOLDEN.read_text("utf-8")


def test_the_figures_are_those_reckoned_by_hand_and_the_ledgers_own_agree(bank: Bank) -> None:
    answer = bank.reads().states()

    assert answer["total"] == "105420.18"
    assert answer["total_words"] == "人民币壹拾万伍仟肆佰贰拾元零壹角捌分"
    assert [answer[part] for part in ("principal", "interest", "penalty", "compound")] == [
        "100000.00", "3016.67", "2300.00", "103.51",
    ]  # fmt: skip
    assert {one["title"]: one["why"] for one in answer["compared"]} == dict.fromkeys(
        ("贷款余额", "逾期本金", "利息", "罚息", "复利"), "一致"
    )
    assert answer["findings"] == []


@pytest.mark.parametrize(
    ("figures", "title", "why"),
    [
        ({"penalty": "775.00"}, "罚息", "正好相差1天的数：起止日或结息日的算法不同"),
        ({"penalty": "739.73"}, "罚息", "台账按一年365天计"),
        ({"penalty": "750.01"}, "罚息", "分位上的四舍五入"),
        ({"compound": "0"}, "复利", "台账没有计"),
        ({"interest": "3000"}, "利息", "看不出原因，请核对合同利率、结息日和还款流水"),
        ({"penalty": "", "compound": "", "interest": "3016.67"}, "利息、罚息、复利（台账未分列）",
         "台账只计了利息，没有计罚息、复利"),
        ({"penalty": "", "compound": "", "interest": "3766.67"}, "利息、罚息、复利（台账未分列）", "台账没有计复利"),
        ({"penalty": "", "compound": "", "interest": "3823.43"}, "利息、罚息、复利（台账未分列）", "一致"),
    ],
)  # fmt: skip
def test_a_difference_to_the_ledger_is_explained_as_far_as_it_can_be_told(
    bank: Bank, figures: dict[str, str], title: str, why: str
) -> None:
    answer = bank.reads(**figures).states()

    assert {one["title"]: one["why"] for one in answer["compared"]}[title] == why


def test_a_payment_after_the_ledger_lowers_what_is_owed_by_the_order_of_the_code(bank: Bank) -> None:
    bank.reads()
    bank.ccm("log", "0062001", "payment", "5000", "--on", "2026-08-20")

    answer = bank.states()

    assert answer["total"] == "100393.87"
    assert answer["payments"][0]["against"] == {
        "interest": "3016.67", "penalty": "1525.00", "compound": "80.13", "principal": "378.20",
    }  # fmt: skip


def test_a_payment_before_the_arrears_is_in_the_ledgers_figures_already(bank: Bank) -> None:
    bank.reads()
    bank.ccm("log", "0062001", "payment", "5000", "--on", "2026-03-01")

    answer = bank.states()

    assert answer["total"] == "105420.18"
    assert any("1笔5,000.00元早于本次欠款" in one for one in answer["assumptions"])


def test_an_acceleration_counts_from_the_day_its_notice_arrived(bank: Bank) -> None:
    undue = LEDGER.replace(",2026-06-20,200000,100000,100000,2026-06-20,", ",2027-06-20,200000,100000,0,,")
    bank.reads(undue)
    before = bank.states()
    assert (before["principal"], before["undue_principal"]) == ("0.00", "100000.00")

    bank.ccm("log", "0062001", "event", "提前到期", "--on", "2026-06-20", "--grade", "A")
    after = bank.states()

    assert after["accelerated_on"] == "2026-06-20"
    assert (after["total"], after["penalty"]) == ("105420.18", "2300.00")


def test_an_instalment_bears_penalty_only_from_the_day_it_is_known_to_be_overdue(bank: Bank) -> None:
    instalment = LEDGER.replace(",2026-06-20,200000,100000,100000,", ",2027-06-20,200000,100000,20000,")

    answer = bank.reads(instalment).states()

    [penalty] = [line for line in answer["lines"] if line["kind"] == "penalty"]
    assert (penalty["start_on"], penalty["base"]) == ("2026-07-20", "20000.00")
    assert any(one.startswith("分期本金：") for one in answer["assumptions"])


def test_a_loan_with_a_settlement_day_of_its_own_says_so(bank: Bank) -> None:
    bank.reads(LEDGER.replace("{interest},2026-03-20,", "{interest},2026-04-05,")).states()

    assert "计息、结息 | 一年360天（本行规定），按季，这笔贷款为5日（台账“结息方式”）" in text_of(bank.document)


def test_costs_and_misuse_are_taken_from_the_command(bank: Bank) -> None:
    answer = bank.reads().states("--cost", "2026-08-01=3000", "--misuse", "2026-06-20")

    assert answer["costs"] == "3000.00"
    assert {line["rate"] for line in answer["lines"] if line["kind"] == "penalty"} == {"12"}


def test_the_same_statement_again_makes_nothing_new_and_another_one_is_journalled(bank: Bank) -> None:
    bank.reads().states()
    first = bank.document.read_bytes()
    bank.states()
    assert bank.document.read_bytes() == first
    assert len(bank.entries()) == 1

    bank.ccm("log", "0062001", "payment", "5000", "--on", "2026-08-20")
    answer = bank.states()

    entries = bank.entries()
    assert [one["facts"]["total_cents"] for one in entries] == [10_542_018, 10_039_387]
    assert entries[-1]["facts"]["files"] == answer["files"]
    assert [one["path"] for one in answer["files"]] == [
        f"statements/0062001_张三_2026-09-20.{kind}" for kind in ("docx", "xlsx")
    ]


def test_the_bundle_takes_the_latest_statement_along_and_says_when_it_was_altered(bank: Bank) -> None:
    bank.reads().states()
    packed = json.loads(bank.ccm("pack", "0062001", "--as-of", "2026-09-20", "--json").stdout)
    names = {Path(name).name for name in zipfile.ZipFile(packed["zip"]).namelist()}
    assert {"04_欠款计算表.docx", "04_欠款计算表.xlsx"} <= names

    bank.document.write_bytes(bank.document.read_bytes() + b" ")

    result = bank.ccm("pack", "0062001", "--as-of", "2026-09-20")
    assert result.exit_code == 4
    assert "做好以后被改动" in result.stderr


def test_the_screen_shows_the_total_the_lines_and_the_assumptions_at_80_columns(bank: Bank) -> None:
    from rich.cells import cell_len

    bank.reads()
    shown = bank.ccm("statement", "0062001", "--as-of", "2026-09-20", COLUMNS="80").stdout

    assert "应付105,420.18元" in shown
    assert "罚息  2026-06-20至26-09-20    92  100,000.00      9%  2,300.00" in shown
    assert all(cell_len(line) <= 80 for line in shown.splitlines() if "statements" not in line and ".xlsx" not in line)
    assert "欠款计算表" in bank.ccm("case", "0062001", "--as-of", "2026-09-20", COLUMNS="120").stdout


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("paid", [(), ("2026-05-05", "2026-08-20")])
def test_libreoffice_recomputes_the_workbook_to_the_same_cent(
    bank: Bank, tmp_path: Path, paid: tuple[str, ...]
) -> None:
    bank.reads()
    for on in paid:
        bank.ccm("log", "0062001", "payment", "2000", "--on", on)
    answer = bank.states("--cost", "2026-08-01=3000")

    profile = f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"
    sheet = bank.document.with_suffix(".xlsx")
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "again"), str(sheet)],
        check=True,
        capture_output=True,
    )  # fmt: skip

    rows = list(openpyxl.load_workbook(tmp_path / "again" / sheet.name, data_only=True)["计算表"].values)
    counted = [f"{row[7]:.2f}" for row in rows if row[1] in {"利息", "罚息", "复利"}]
    assert counted == [line["amount"] for line in answer["lines"]]
    bases = [f"{row[5]:.2f}" for row in rows if row[1] in {"利息", "罚息", "复利"}]
    assert bases == [line["base"] for line in answer["lines"]]
    total = next(row[1] for row in rows if row[0] == "合计")
    assert f"{total:.2f}" == answer["total"]
