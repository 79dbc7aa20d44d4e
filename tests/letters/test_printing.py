"""The print file and its PDF: every letter whole, in order, on sheets of its own, counted by itself."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from documents import text_of
from docx import Document
from docx.enum.section import WD_SECTION
from typer.testing import CliRunner

from ccm.cli import app

if TYPE_CHECKING:
    from pypdf import PdfReader

EXAMPLES = Path(__file__).parents[2] / "examples"
needs_soffice = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")

Run = tuple[Path, list[dict[str, Any]]]


def letters(place: Path, ledger: Path, *words: str) -> list[dict[str, Any]]:
    """Issue letters of a ledger in a workspace with the example bank's settings; return what was issued."""
    shutil.copy(EXAMPLES / "ccm.toml", place / "ccm.toml")
    settings = (place / "ccm.toml").read_text("utf-8").replace("[letters]", "[letters]\nqr = true")
    (place / "ccm.toml").write_text(settings, "utf-8")
    base = ["--workspace", str(place)]
    assert CliRunner().invoke(app, [*base, "triage", str(ledger), "--as-of", "2026-11-23"]).exit_code == 0
    result = CliRunner().invoke(app, [*base, "letters", *words, "--json"])
    assert result.exit_code in {0, 4}, result.output
    issued: list[dict[str, Any]] = json.loads(result.stdout)["issued"]
    return issued


@pytest.fixture(scope="module")
def stage60(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The example bank's letters of stage 60, of all seven kinds but the lawyer's."""
    place = tmp_path_factory.mktemp("bank")
    return place, letters(place, EXAMPLES / "ledger.xlsx", "--stage", "60", "--catch-up")


def folder(run: Run) -> Path:
    return (run[0] / str(run[1][0]["path"])).parent


def whole(run: Run, ending: str) -> Path:
    (found,) = folder(run).glob(f"打印文件-*.{ending}")
    return found


def said(text: str) -> list[str]:
    """The lines of a text that are of the body and not blank."""
    return [line for line in text.splitlines() if line and not line.startswith("〔页")]


def test_the_print_file_holds_every_letter_word_for_word_in_posting_order(stage60: Run) -> None:
    place, issued = stage60

    assert len(issued) > 40
    assert len({one["kind"] for one in issued}) == 6
    assert said(text_of(whole(stage60, "docx"))) == [
        line for one in issued for line in said(text_of(place / one["path"]))
    ]


def test_every_letter_starts_on_an_odd_page_and_counts_its_own_pages(stage60: Run) -> None:
    word = Document(str(whole(stage60, "docx")))

    assert len(word.sections) == len(stage60[1])
    for nth, section in enumerate(word.sections):
        assert section.start_type == WD_SECTION.ODD_PAGE
        assert 'w:start="1"' in section._sectPr.xml  # noqa: SLF001
        margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
        assert [round(one.mm) for one in margins if one] == [37, 28, 35, 26]
        assert f"PAGEREF ccmend{nth}" in section.footer._element.xml  # noqa: SLF001
        assert f'w:name="ccmend{nth}"' in word.element.xml


def test_the_index_lists_the_print_files_letters_in_its_order(stage60: Run) -> None:
    (index,) = folder(stage60).glob("函件目录-*.xlsx")
    sheet = openpyxl.load_workbook(index)["函件目录"]

    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == [one["letter_no"] for one in stage60[1]]


# ── through LibreOffice ──


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("pdf")
    return place, letters(place, EXAMPLES / "ledger.xlsx", "--stage", "60", "--catch-up", "--pdf")


def reader(path: Path) -> PdfReader:
    from pypdf import PdfReader

    return PdfReader(path)


def squeezed(text: str) -> str:
    return re.sub(r"\s|\u3000", "", text)


@pytest.mark.slow
@needs_soffice
def test_in_the_pdf_each_letter_starts_on_the_front_of_a_sheet(printed: Run) -> None:
    pdf = reader(whole(printed, "pdf"))
    marks = {name.lstrip("/"): mark for name, mark in pdf.named_destinations.items()}
    starts = [pdf.get_destination_page_number(marks[f"ccmstart{n}"]) for n in range(len(printed[1]))]

    assert starts[0] == 0
    assert [start for start in starts if start is None or start % 2] == []
    assert starts == sorted(set(starts), key=lambda start: start or 0)


@pytest.mark.slow
@needs_soffice
def test_every_page_bears_its_number_and_the_letters_count(printed: Run) -> None:
    place, issued = printed
    for one in issued:
        pages = reader((place / one["path"]).with_suffix(".pdf")).pages
        for number, page in enumerate(pages, start=1):
            assert f"第{number}页共{len(pages)}页" in squeezed(page.extract_text()), one["letter_no"]


@pytest.mark.slow
@needs_soffice
def test_a_letters_pdf_has_exactly_the_letters_text(printed: Run) -> None:
    place, issued = printed
    for one in issued:
        pdf = reader((place / one["path"]).with_suffix(".pdf"))
        paper = squeezed("".join(page.extract_text() for page in pdf.pages))
        paper = re.sub(r"第\d页共\d页", "", paper).replace("_", "").replace("＿", "")
        letter = squeezed("".join(said(text_of(place / one["path"]))))
        letter = letter.replace("｜", "").replace("／", "").replace("＿", "")

        assert Counter(paper) == Counter(letter), one["letter_no"]
        assert squeezed(one["title"]) in paper[:60]


@pytest.mark.slow
@needs_soffice
def test_the_seal_stands_under_text_and_the_return_slip_on_a_page_of_its_own(printed: Run) -> None:
    place, issued = printed
    for one in issued:
        pages = [squeezed(page.extract_text()) for page in reader((place / one["path"]).with_suffix(".pdf")).pages]
        sealed = [page for page in pages if "支行（盖章）" in page]
        slips = [page for page in pages if "签收日期" in page]

        assert ["本函一式两份" in page for page in sealed] == [True]
        assert [page.startswith("回执") and "（盖章）" not in page for page in slips] == [True]
        assert pages[-1] == slips[0]


LONG = "内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇兴安岭绿色生态农牧业开发科技股份有限公司大杨树分公司"
NASTY = (
    "借据号,客户名称,客户类型,地址,合同号,发放日期,到期日期,贷款金额,贷款余额,拖欠本金,拖欠利息,罚息,复利,年利率,最早欠息日期\n"
    + "".join(
        f"202600000000000000000000{n},{LONG},企业,{LONG}{n}号,清农商城关支行流借字〔2024〕第00000{n}号,2024-03-01,2028-06-30,"
        '"987,654,321.00","987,654,321.00",0,"123,456,789.12","9,876,543.21","1,234,567.89",10.9575%,2026-10-20\n'
        for n in range(5)
    )
)


@pytest.mark.slow
@needs_soffice
def test_no_number_is_torn_apart_in_its_cell(tmp_path: Path) -> None:
    (tmp_path / "nasty.csv").write_text(NASTY, "utf-8")

    issued = letters(tmp_path, tmp_path / "nasty.csv", "--pdf")

    for nth, one in enumerate(issued):
        said = "\n".join(p.extract_text() for p in reader((tmp_path / one["path"]).with_suffix(".pdf")).pages)
        for number in (
            f"202600000000000000000000{nth}", "987,654,321.00", "123,456,789.12", "9,876,543.21", "1,234,567.89",
            "134,567,900.22", "10.9575%", "2024-03-01", "2028-06-30", "2026-10-20",
        ):  # fmt: skip
            assert number in said


@pytest.mark.slow
@needs_soffice
def test_a_letters_pdf_brings_no_page_of_another_letter_along(printed: Run) -> None:
    from pypdf.generic import DictionaryObject, IndirectObject

    place, issued = printed
    for one in issued:
        pdf = reader((place / one["path"]).with_suffix(".pdf"))
        objects = [pdf.get_object(IndirectObject(n, g, pdf)) for g, numbers in pdf.xref.items() for n in numbers]
        pages = [thing for thing in objects if isinstance(thing, DictionaryObject) and thing.get("/Type") == "/Page"]
        assert len(pages) == len(pdf.pages)
        assert set(pdf.metadata or {}) <= {"/Producer"}


@pytest.mark.slow
@needs_soffice
def test_the_qr_code_on_the_printed_page_reads_as_the_letter_number(printed: Run, tmp_path: Path) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    if not shutil.which("pdftoppm"):
        pytest.skip("needs poppler")
    place, issued = printed
    for nth, one in enumerate((issued[0], issued[-1])):
        pdf = (place / one["path"]).with_suffix(".pdf")
        subprocess.run(
            ["pdftoppm", "-gray", "-r", "150", "-l", "1", "-singlefile", pdf, tmp_path / f"{nth}"], check=True
        )
        picture = (tmp_path / f"{nth}.pgm").read_bytes()
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", picture)
        assert head
        pixels = memoryview(picture[head.end() :]).cast("B", (int(head[2]), int(head[1])))

        assert [code.text for code in zxingcpp.read_barcodes(pixels)] == [one["letter_no"]]


@pytest.mark.slow
@needs_soffice
def test_three_hundred_letters_become_one_pdf(tmp_path: Path, record_property: pytest.RecordProperty) -> None:  # type: ignore[name-defined]
    make = runpy.run_path(str(EXAMPLES / "make.py"))
    loans = [make["loan"](number, None, 31 + number % 20) for number in range(1, 161)]
    people = [one for row in loans for one in make["guarantors"](row)]
    make["write"](tmp_path / "large.xlsx", loans, people, [])

    started = time.perf_counter()
    issued = letters(tmp_path, tmp_path / "large.xlsx", "--stage", "30", "--pdf")
    record_property("seconds", round(time.perf_counter() - started, 1))

    assert len(issued) >= 300
    pdf = reader(whole((tmp_path, issued), "pdf"))
    assert len(pdf.named_destinations) == 2 * len(issued)
    assert all((tmp_path / one["path"]).with_suffix(".pdf").exists() for one in issued)
