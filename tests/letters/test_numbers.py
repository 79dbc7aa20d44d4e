"""Letter numbers: the bank's pattern, one gapless series per branch and year, and file names any system takes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.letters import issue
from ccm.letters.crew import rendered
from ccm.model import LETTER_TITLES
from ccm.safe import file_name
from ccm.workspace import NUMBER, templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.letters.crew import Rendered

HEAD = "借据号,客户名称,地址,支行,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期"
AS_OF = "2026-11-23"


@pytest.fixture
def issued(ccm: Callable[..., Result], tmp_path: Path) -> Callable[..., list[str]]:
    """Read a ledger of (name, branch) and issue what is due on a day; return the numbers, in posting order."""

    def run(*rows: tuple[str, str], as_of: str = AS_OF, since: str = "2026-10-15") -> list[str]:
        lines = [
            f"{nth:04d},{name},一路{nth}号,{branch},2028-06-30,500,0,9,{since}"
            for nth, (name, branch) in enumerate(rows, start=1)
        ]
        path = tmp_path / f"台账{as_of}{len(rows)}.csv"
        path.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
        assert ccm("triage", path, "--as-of", as_of).exit_code == 0
        result = ccm("letters", "--json")
        assert result.exit_code in {0, 4}, result.output
        return [one["letter_no"] for one in json.loads(result.stdout)["issued"]]

    return run


def config(place: Path, text: str) -> None:
    (place / "ccm.toml").write_text(text, encoding="utf-8")


def people(count: int, branch: str = "") -> list[tuple[str, str]]:
    return [(f"客户{branch}{nth}", branch) for nth in range(1, count + 1)]


# ── The pattern ──


@pytest.mark.parametrize(
    ("settings", "first", "second"),
    [
        ("", "〔2026〕1号", "〔2026〕2号"),
        ('code = "清农城催"', "清农城催〔2026〕1号", "清农城催〔2026〕2号"),
        ('code = "城"\nnumber = "{code}字（{year}）第{n:03}号"', "城字（2026）第001号", "城字（2026）第002号"),
        ('number = "{year}-{n}"', "2026-1", "2026-2"),
        ('code = "城"\nnumber = "{n}/{year}/{code}"', "1/2026/城", "2/2026/城"),
    ],
)
def test_numbers_are_as_the_bank_writes_them(
    issued: Callable[..., list[str]], tmp_path: Path, settings: str, first: str, second: str
) -> None:
    config(tmp_path, f"[letters]\n{settings}\n")

    assert issued(*people(2)) == [first, second]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('number = "{n}号"', "必须含 {year} 和 {n}"),
        ('number = "{year}号"', "必须含 {year} 和 {n}"),
        ('number = "{year}{n}{who}"', "里只能用"),
        ('number = "{year}{n}{}"', "里只能用"),
        ('number = "{year}{n.real}"', "里只能用"),
        ('number = "{year}{n"', "里只能用"),
        ('number = "{year}{n:Z}"', "位数最多"),
        ('number = "{year}-{n}"\n[codes]\n"城关支行" = "城"', "必须含 {code}"),
        (f'code = "{"长" * 60}"', "太长"),
    ],
)
def test_a_pattern_by_which_two_letters_could_bear_one_number_is_refused(
    ccm: Callable[..., Result], tmp_path: Path, settings: str, told: str
) -> None:
    config(tmp_path, f"[letters]\n{settings}\n")

    result = ccm("letters", "--dry-run")

    assert result.exit_code == 3
    assert told in result.stderr


# ── The series ──


def test_each_branch_has_its_own_series_without_gaps(issued: Callable[..., list[str]], tmp_path: Path) -> None:
    config(tmp_path, '[letters]\ncode = "总"\n[codes]\n"城关支行" = "城"\n"柳溪支行" = "柳"\n')

    numbers = issued(*people(3, "城关支行"), *people(2, "柳溪支行"), *people(2, "石桥支行"))
    more = issued(*people(4, "城关支行"), *people(3, "柳溪支行"), *people(2, "石桥支行"), as_of="2026-11-24")

    assert sorted(numbers) == sorted(
        f"{code}〔2026〕{n}号" for code, last in (("城", 3), ("柳", 2), ("总", 2)) for n in range(1, last + 1)
    )
    assert all(re.fullmatch(r"[城柳总]〔2026〕\d+号", one) for one in more)
    for code in "城柳总":
        serials = sorted(int(one[7:-1]) for one in numbers + more if one.startswith(code))
        assert serials == list(range(1, len(serials) + 1))


def test_a_new_year_begins_at_one_and_the_old_one_goes_on_where_it_was(
    issued: Callable[..., list[str]], ccm: Callable[..., Result]
) -> None:
    assert issued(*people(2), as_of="2026-12-31", since="2026-11-30") == ["〔2026〕1号", "〔2026〕2号"]
    assert issued(*people(3), as_of="2027-01-01", since="2026-11-30") == ["〔2027〕1号"]

    ccm("letters", "void", "〔2026〕2号", "--reason", "金额有误")
    result = ccm("letters", "--as-of", "2026-12-31", "--json")

    assert [one["letter_no"] for one in json.loads(result.stdout)["issued"]] == ["〔2026〕3号"]


def test_a_letter_that_cannot_be_written_takes_no_number(issued: Callable[..., list[str]], tmp_path: Path) -> None:
    """李四's letter would print a field without a value; the others are numbered as if it were not there."""
    (tmp_path / "templates").mkdir()
    with templates() as built_in:
        template = docx.Document(built_in / "loan_overdue.docx")
    template.add_paragraph("{% if 收件人 == '李四' %}{{ 保证合同 }}{% endif %}")
    template.save(str(tmp_path / "templates" / "loan_overdue.docx"))

    assert issued(("张三", ""), ("李四", ""), ("王五", "")) == ["〔2026〕1号", "〔2026〕2号"]


def test_a_batch_that_fails_half_way_loses_no_number(
    ccm: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches of two; the template breaks at the fourth letter, after the third has had its number."""
    monkeypatch.setattr(issue, "BATCH", 2)
    count = iter(range(1, 100))

    def breaking(*arguments: Any, coded: bool) -> Rendered:  # noqa: ANN401
        if next(count) == 4:
            raise CcmError("template-broken", where="loan_overdue.docx", reason="除以零")
        return rendered(*arguments, coded=coded)

    monkeypatch.setattr(issue, "rendered", breaking)
    ledger = tmp_path / "l.csv"
    rows = [f"{nth:04d},客户{nth},一路{nth}号,,2028-06-30,500,0,9,2026-10-15" for nth in range(1, 6)]
    ledger.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    ccm("triage", ledger, "--as-of", AS_OF)

    failed = ccm("letters", "--json")

    assert (failed.exit_code, "除以零" in failed.stderr) == (3, True)
    assert len(list((tmp_path / "letters").rglob("〔*.docx"))) == 2
    answer = json.loads(ccm("letters", "--json").stdout)
    assert [one["letter_no"] for one in answer["recovered"]] == ["〔2026〕1号", "〔2026〕2号"]
    assert [one["letter_no"] for one in answer["issued"]] == ["〔2026〕3号", "〔2026〕4号", "〔2026〕5号"]


# ── The file's name ──

NAMES = st.text(max_size=300) | st.sampled_from(
    ["CON", "nul.docx", "com1", "张三.", "张三 ", " ", "...", 'a/b\\c:d*e?f"g<h>i|j', "某某" * 90, "𠮷野家" * 60,
     "张\n三", "a\x00b\x7f", "\u202etxt.exe", "😀" * 100, "../../etc/passwd", "~$x", "\ud800"]
)  # fmt: skip
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)


def named(number: str, loan_no: str, party: str, kind: str = "loan_overdue") -> str:
    return f"{file_name(number, LETTER_TITLES[kind], loan_no, party)}.docx"


@given(NAMES, NAMES, st.sampled_from(list(LETTER_TITLES)), st.text(max_size=40), st.integers(1, 10**6))
def test_any_customers_letter_has_a_name_that_windows_takes(
    loan_no: str, party: str, kind: str, code: str, serial: int
) -> None:
    name = named(NUMBER.format(code=code, year=2026, n=serial), loan_no, party, kind)

    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert not RESERVED.fullmatch(name)
    assert not name.startswith((" ", "."))
    assert name.endswith(".docx")
    assert name.removesuffix(".docx").strip(" .")
    assert len(name.encode()) <= 255
    assert len(name.encode("utf-16-le")) // 2 <= 255
    assert f"〔2026〕{serial}号" in name


@given(NAMES, NAMES, NAMES, st.sets(st.integers(1, 10**6), min_size=2, max_size=2))
def test_two_letters_never_have_one_name_where_case_does_not_count(
    loan_no: str, one: str, other: str, serials: set[int]
) -> None:
    names = {
        named(NUMBER.format(code="城", year=2026, n=serial), loan_no, party).casefold()
        for serial, party in zip(serials, (one, other), strict=True)
    }

    assert len(names) == 2


def test_a_name_that_is_a_path_stays_in_the_folder(issued: Callable[..., list[str]], tmp_path: Path) -> None:
    issued(("../../../客户", ""), ("CON", ""), ("某某有限公司" * 40, ""))

    files = {path.name for path in (tmp_path / "letters" / AS_OF).iterdir() if path.name.startswith("〔")}
    assert len(files) == 3
    assert len(list(tmp_path.rglob("〔*.docx"))) == 3
    assert "〔2026〕1号_贷款逾期催收通知书_0001_-..-..-客户.docx" in files
