"""One ledger in every kind of file is one book; what is no ledger is told, never a traceback."""

from __future__ import annotations

import csv
import io
import random
import shutil
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from ccm.bounds import Bounds
from ccm.errors import CcmError
from ccm.ledger import large, workbook
from ccm.ledger.read import open_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from typer.testing import Result

EXAMPLE = Path(__file__).parents[2] / "examples" / "ledger.xlsx"
HEADER = ["借据号", "客户名称", "到期日期", "贷款余额", "拖欠本金", "拖欠利息", "最早欠息日期", "保证人"]
ROWS = [
    ["0001", "张三", "2026-10-01", "1,000.50", "1000.50", "3.20", "2026-09-21", "李四、王五"],
    ["0002", "赵六", "2027-10-01", "2,000.00", "0", "12.00", "2026-10-21", ""],
    ["0003", "钱七", "2027-10-01", "3,000.00", "0", "0", "", ""],
]


def essence(answer: dict[str, Any]) -> object:
    """What must not depend on the kind of file: all but the places."""
    return (answer["rows"], answer["accepted"], answer["stages"], answer["loans"])


def delimited(delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *ROWS])
    return text.getvalue()


def html() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADER, *ROWS])
    return f"<html><meta charset=utf-8><body><table>{rows}</table></body></html>"


def write(path: Path, kind: str) -> Path:
    match kind:
        case "xlsx":
            book = openpyxl.Workbook()
            for row in [HEADER, *ROWS]:
                book.active.append(row)
            book.save(path)
        case "parquet":
            pl.DataFrame(ROWS, schema=HEADER, orient="row").write_parquet(path)
        case "html":
            path.write_text(html(), encoding="utf-8")
        case _:
            delimiter = {"tab": "\t", "semicolon": ";"}.get(kind, ",")
            encoding = {"gbk": "gb18030", "bom": "utf-8-sig", "utf16": "utf-16"}.get(kind, "utf-8")
            path.write_text(delimited(delimiter), encoding=encoding, newline="")
    return path


@pytest.mark.parametrize("kind", ["utf8", "bom", "gbk", "utf16", "tab", "semicolon", "html", "parquet"])
def test_a_ledger_reads_alike_in_every_kind_of_file(
    kind: str, triage: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    plain = triage(write(tmp_path / "a.xlsx", "xlsx"))
    other = triage(write(tmp_path / "b.xls", kind))
    assert essence(other) == essence(plain)
    assert [loan["loan_no"] for loan in plain["loans"]] == ["0001", "0002"]


def test_blank_rows_and_columns_before_the_table_do_no_harm(
    triage: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C2"] = "××支行贷款台账"
    for at, row in enumerate([HEADER, *ROWS, ["合计", "", "", "6,000.50", "", "", "", ""]], start=5):
        for column, value in enumerate(row, start=3):
            sheet.cell(at, column, value)
    book.save(tmp_path / "b.xlsx")
    assert essence(triage(tmp_path / "b.xlsx")) == essence(triage(write(tmp_path / "a.xlsx", "xlsx")))


def test_a_header_of_two_rows_and_a_unit_in_the_title(triage: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["逾期贷款明细表"])
    sheet.append(["单位：万元"])
    sheet.append(["借据号", "客户名称", "贷款", None, "欠款", None])
    sheet.append([None, None, "到期日期", "余额", "本金", "利息"])
    sheet.append(["0001", "张三", "2026-10-01", 12.5, 1.25, 0.01])
    for merged in ("A3:A4", "B3:B4", "C3:D3", "E3:F3"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "two.xlsx")
    loan = triage(tmp_path / "two.xlsx")["loans"][0]
    assert (loan["balance"], loan["overdue_principal"], loan["overdue_interest"]) == ("125000.00", "12500.00", "100.00")


def test_a_unit_beside_a_date_in_a_merged_title(triage: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["单位：万元    制表日期：2026年11月20日", None, None, None],
        ["借据号", "客户名称", "到期日期", "贷款余额"],
        ["0001", "张三", "2026-10-01", 12.5],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:D1")
    book.save(tmp_path / "unit.xlsx")
    assert triage(tmp_path / "unit.xlsx")["loans"][0]["balance"] == "125000.00"


def test_the_upper_of_two_headers_gives_its_unit_to_what_stands_under_it_alone(
    triage: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["借据号", "客户名称", "到期日期", "贷款余额", "欠款（单位：万元）", None],
        [None, None, None, None, "本金", "利息"],
        ["0001", "张三", "2026-10-01", 125_000, 1.25, 0.01],
    ):
        sheet.append(row)
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "upper.xlsx")
    loan = triage(tmp_path / "upper.xlsx")["loans"][0]
    assert (loan["balance"], loan["overdue_principal"], loan["overdue_interest"]) == ("125000.00", "12500.00", "100.00")


def test_guarantors_on_a_sheet_of_their_own(triage: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [HEADER[:-1], *(row[:-1] for row in ROWS)]:
        book.active.append(row)
    sheet = book.create_sheet("保证人")
    for row in (["借据号", "姓名", "联系地址"], ["0001", "李四", "一路1号"], ["0001", "王五", "二路2号"]):
        sheet.append(row)
    book.save(tmp_path / "g.xlsx")
    duties = triage(tmp_path / "g.xlsx")["loans"][0]["duties"]
    assert {duty["party"] for duty in duties if duty["role"] == "guarantor"} == {"李四", "王五"}


def test_several_ledgers_are_one_book(triage: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    first = write(tmp_path / "a.xlsx", "xlsx")
    second = tmp_path / "b.csv"
    second.write_text(delimited(",").replace("000", "100"), encoding="gb18030")
    answer = triage(first, second)
    assert answer["ledgers"] == [str(first), str(second)]
    assert (answer["accepted"], len(answer["loans"])) == (6, 4)


def test_the_fast_way_reads_what_the_exact_way_reads() -> None:
    for fast, exact in zip(
        large.sheets(EXAMPLE.name, EXAMPLE, Bounds().room(EXAMPLE)),
        workbook.sheets(EXAMPLE.name, EXAMPLE, Bounds().room(EXAMPLE)),
        strict=True,
    ):
        wanted = list(range(len(exact.head[0])))
        assert fast.head == exact.head
        for ours, theirs in zip(fast.load(3, wanted), exact.load(3, wanted), strict=True):
            assert (ours.text.to_list(), ours.number.to_list(), ours.date.to_list()) == (
                theirs.text.to_list(), theirs.number.to_list(), theirs.date.to_list(),
            )  # fmt: skip


def test_a_large_workbook_reads_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    for row in [HEADER, *(ROWS * 40)]:
        book.active.append(row)
    book.active["D90"] = 7.25
    book.save(tmp_path / "l.xlsx")
    exact = workbook.sheets("l.xlsx", tmp_path / "l.xlsx", Bounds().room(tmp_path))[0].load(1, range(8))
    monkeypatch.setattr("ccm.ledger.ahead.LARGE", 0)
    fast = open_ledger(tmp_path / "l.xlsx", password=lambda: None, bounds=Bounds())[0].load(1, range(8))
    assert [cells.text.to_list() for cells in fast] == [cells.text.to_list() for cells in exact]
    assert [cells.number.to_list() for cells in fast] == [cells.number.to_list() for cells in exact]


def lock(path: Path, password: str) -> Path:
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = path.with_name("locked.xlsx")
    with path.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt(password, target)
    return locked


def test_a_locked_workbook_opens_with_its_password_alone(ccm: Callable[..., Result], tmp_path: Path) -> None:
    locked = lock(write(tmp_path / "a.xlsx", "xlsx"), "秘密1")
    asked = ("triage", locked, "--as-of", "2026-11-23")
    assert ccm(*asked, "--password-env", "BOOK", BOOK="秘密1").exit_code == 0
    wrong = ccm(*asked, "--password-env", "BOOK", BOOK="x")
    assert (wrong.exit_code, "密码" in wrong.stderr) == (3, True)
    none = ccm(*asked)
    assert (none.exit_code, "密码" in none.stderr) == (3, True)


def test_a_sheet_that_is_not_there_is_told_with_what_is(ccm: Callable[..., Result], tmp_path: Path) -> None:
    result = ccm("triage", write(tmp_path / "a.xlsx", "xlsx"), "--sheet", "表二")
    assert result.exit_code == 3
    assert "表二" in result.stderr
    assert "Sheet" in result.stderr


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "html", "gbk"])
def test_a_damaged_file_is_a_sentence_never_a_traceback(kind: str, tmp_path: Path) -> None:
    whole = write(tmp_path / "whole", kind).read_bytes()
    chance = random.Random(kind)  # noqa: S311 - which bytes to hurt is no secret
    damaged = tmp_path / "damaged"
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        damaged.write_bytes(content[: chance.randint(1, len(content))] if chance.random() < 0.3 else content)
        with suppress(CcmError):
            for sheet in open_ledger(damaged, password=lambda: None, bounds=Bounds()):
                sheet.load(1, [0])


def convert(source: Path, kind: str, folder: Path) -> Path:
    made = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind,
         "--outdir", str(folder), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert made.returncode == 0
    return folder / f"{source.stem}.{kind.split(':', maxsplit=1)[0]}"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xls", "ods", "html"])
def test_libreoffice_saves_the_example_and_it_reads_alike(
    kind: str, triage: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    plain = triage(EXAMPLE)
    other = triage(convert(EXAMPLE, kind, tmp_path))
    assert essence(other) == essence(plain)
    assert len(plain["loans"]) > 60


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_a_plain_number_is_a_day_by_the_calendar_of_its_workbook(
    triage: Callable[..., dict[str, Any]], tmp_path: Path, epoch: datetime
) -> None:
    """A workbook begun on a Mac may count its days from 1904; a day in a format of its own and 20260501 stay."""
    book = openpyxl.Workbook()
    book.active.append(["借据号", "客户名称", "到期日期", "贷款余额", "拖欠本金", "本金逾期日期", "发放日期"])
    book.epoch = epoch
    serial = to_excel(date(2026, 5, 1), epoch)
    book.active.append(["1", "张三", serial, 100, 100, date(2026, 5, 1), 20250501])
    book.save(tmp_path / "l.xlsx")

    answer = triage(tmp_path / "l.xlsx")

    assert (answer["findings"], [one["dpd"] for one in answer["loans"]]) == ([], [206])
