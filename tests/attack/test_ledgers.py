"""A ledger made to do harm is read right or refused in words, quickly and in little memory."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from bounded import attacked
from hostile import (
    CLOSE,
    GOOD,
    HEAD,
    LAUGHS,
    LINKS,
    MAIN,
    OPEN,
    ROW,
    SHEET,
    WORKBOOK,
    bomb,
    far,
    line,
    ods,
    ods_row,
    sheet,
    xlsb,
    xlsb_far,
    xlsb_row,
    xlsx,
)

from ccm.bounds import Bounds
from ccm.errors import CcmError
from ccm.ledger.read import open_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from typer.testing import Result

ODS_GOOD = ods_row(HEAD) + ods_row(ROW)
XLSB_GOOD = xlsb_row(0, HEAD) + xlsb_row(1, ROW)
HTML_ROWS = "".join(f"<tr>{''.join(f'<td>{one}</td>' for one in row)}</tr>" for row in (HEAD, ROW))
CSV = f"{','.join(HEAD)}\n{','.join(ROW)}\n"
TOO_LARGE, TOO_LONG, BROKEN, READ = "大得不合常理", "不像是台账", "已损坏", ""


SEEDS = Path(__file__).parents[2] / "fuzz" / "seeds"


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8")


def book(**others: str) -> Callable[[Path], object]:
    return lambda path: xlsx(path, **others)


def merged(places: Iterable[str]) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{one}"/>' for one in places) + "</mergeCells>"


LONG_ENTITY, REFERENCES = "a" * 100_000, "&a;" * 5000
CHEAP: dict[str, tuple[Callable[[Path], object], str]] = {
    "one cell in the last corner.xlsx": (lambda p: xlsx(p, sheet(GOOD + far("XFD1048576"))), TOO_LARGE),
    "the last corner first.xlsx": (lambda p: xlsx(p, sheet(far("XFD1048576") + GOOD)), TOO_LARGE),
    "a corner beyond the last.xlsx": (lambda p: xlsx(p, sheet(GOOD + far("ZZZZZZ4294967295"))), TOO_LARGE),
    "a corner in single quotes.xlsx": (
        lambda p: xlsx(p, sheet(GOOD + far("XFD1048576").replace('"', "'"))),
        TOO_LARGE,
    ),
    "a corner under another prefix.xlsx": (
        lambda p: xlsx(p, sheet(GOOD + '<y:row xmlns:y="u" r="1048576"><y:c r="XFD1048576"><y:v>1</y:v></y:c></y:row>')),
        TOO_LARGE,
    ),
    "cells without numbers, rows with.xlsx": (
        lambda p: xlsx(p, sheet(GOOD + "<row>" + "<c><v>1</v></c>" * 16000 + '</row><row r="1048576"><c><v>1</v></c></row>')),
        TOO_LARGE,
    ),
    "a size that is only claimed.xlsx": (lambda p: xlsx(p, sheet(before='<dimension ref="A1:XFD1048576"/>')), READ),
    "a wide row.xlsx": (lambda p: xlsx(p, sheet(GOOD + far("XFD3"))), READ),
    "three thousand sheets.xlsx": (
        book(
            **{
                "xl__workbook.xml": WORKBOOK.replace(
                    "<sheets>",
                    "<sheets>" + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(2, 3000)),
                )
            },
        ),
        TOO_LARGE,
    ),
    "laughs in the list of sheets.xlsx": (
        book(**{"xl__workbook.xml": LAUGHS + WORKBOOK.replace('name="S"', 'name="&a11;"')}),
        BROKEN,
    ),
    "laughs in a sheet.xlsx": (
        lambda p: xlsx(p, LAUGHS + sheet(line(1, HEAD) + line(2, ("&a11;", *ROW[1:])))),
        BROKEN,
    ),
    "one long entity, often.xlsx": (
        book(
            **{
                "xl__workbook.xml": f'<!DOCTYPE w [<!ENTITY a "{LONG_ENTITY}">]>'
                + WORKBOOK.replace('name="S"', f'name="{REFERENCES}"')
            }
        ),
        BROKEN,
    ),
    "an entity from a file.xlsx": (
        book(
            **{
                "xl__workbook.xml": '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                + WORKBOOK.replace("<sheets>", "<x>&a;</x><sheets>")
            }
        ),
        BROKEN,
    ),
    "a sheet outside the package.xlsx": (
        book(**{"xl___rels__workbook.xml.rels": LINKS.replace("worksheets/sheet1.xml", "../../../../etc/passwd")}),
        BROKEN,
    ),
    "links, objects and macros.xlsx": (
        book(**{"xl__externalLinks__externalLink1.xml": "<x/>", "xl__embeddings__o.bin": "MZ", "xl__vbaProject.bin": "x"}),
        READ,
    ),
    "errors that never end.xlsx": (lambda p: xlsx(p, sheet(after="<!-- " + '<c r="A1" t="e"><f' * 100_000 + " -->")), READ),
    "a cell of many places.xlsx": (lambda p: xlsx(p, sheet(after="<!-- <f <c" + ' r="A1"' * 100_000 + " -->")), READ),
    "rows repeated.ods": (lambda p: ods(p, ODS_GOOD + ods_row(ROW, times=10**8)), TOO_LARGE),
    "rows repeated beyond counting.ods": (lambda p: ods(p, ODS_GOOD + ods_row(ROW, times=2**64 - 1)), TOO_LARGE),
    "cells repeated.ods": (lambda p: ods(p, ODS_GOOD + ods_row("x", wide=10**8)), TOO_LARGE),
    "blank rows to the end.ods": (
        lambda p: ods(
            p,
            ODS_GOOD + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row>',
        ),
        READ,
    ),
    "laughs.ods": (lambda p: ods(p, ods_row(HEAD) + ods_row(("&a11;", *ROW[1:])), LAUGHS), BROKEN),
    "one cell in the last corner.xlsb": (lambda p: xlsb(p, XLSB_GOOD + xlsb_far(1_048_575, 16_383)), TOO_LARGE),
    "cells to the last row.xlsb": (lambda p: xlsb(p, XLSB_GOOD + xlsb_far(1_048_575, 30)), TOO_LARGE),
    "a good one.xlsb": (lambda p: xlsb(p, XLSB_GOOD), READ),
    "spans of a thousand.xls": (
        text(f"<table>{HTML_ROWS}{'<tr><td rowspan=1000 colspan=1000>x</td></tr>' * 300}</table>"),
        TOO_LARGE,
    ),
    "thousands of tables.xls": (text(f"<table>{HTML_ROWS}</table>" * 2000), TOO_LARGE),
    "tables in tables.xls": (text("<table><tr><td>" * 2000 + f"<table>{HTML_ROWS}</table>"), TOO_LARGE),
    "laughs.xls": (text('<?xml version="1.0"?>' + LAUGHS + f"<table>{HTML_ROWS.replace('张三', '&a11;')}</table>"), READ),
    "nothing but commas.csv": (text("," * 3_000_000), TOO_LARGE),
    "half a quotation mark.csv": (text(f'{CSV}"0062002,{CSV * 2000}'), TOO_LONG),
    "lists and records.parquet": (
        lambda p: pl.DataFrame(
            {**{name: [one] for name, one in zip(HEAD, ROW, strict=True)}, "x": [[1]], "y": [{"a": 1}], "z": [b"\xff"]}
        ).write_parquet(p),
        READ,
    ),
    "forty million cells in a few bytes.parquet": (
        lambda p: pl.DataFrame({name: pl.Series([one]).new_from_index(0, 2_000_000) for name, one in zip(HEAD, ROW, strict=True)}).write_parquet(p),
        TOO_LARGE,
    ),
}  # fmt: skip
"""What costs little to make and, now, to read: each with what is said of it, nothing where the good row is read."""

LONG = "张" * 3_500_000
DEAR: dict[str, tuple[Callable[[Path], object], str]] = {
    "two gigabytes of blanks.xlsx": (lambda p: bomb(p, SHEET, (OPEN, b" ", 2 << 30, CLOSE)), TOO_LARGE),
    "a gigabyte of cells.xlsx": (lambda p: bomb(p, SHEET, (OPEN, b"<c><v>1</v></c> ", 1 << 30, CLOSE)), TOO_LARGE),
    "two gigabytes that say they are none.xlsx": (
        lambda p: bomb(p, SHEET, (OPEN, b" ", 2 << 30, CLOSE), said=1000),
        BROKEN,
    ),
    "strings that say they are none.xlsx": (
        lambda p: bomb(p, "xl/sharedStrings.xml", (b"<sst><si><t>", b"a", 2 << 30, b"</t></si></sst>"), said=1000),
        BROKEN,
    ),
    "styles that say they are none.xlsx": (
        lambda p: bomb(p, "xl/styles.xml", (b"<styleSheet><cellXfs>", b"<xf/>   ", 2 << 30, b"</cellXfs></styleSheet>"), said=1000),
        BROKEN,
    ),
    "a gigabyte of strings.xlsx": (
        lambda p: bomb(p, "xl/sharedStrings.xml", (b"<sst><si><t>", b"a", 1 << 30, b"</t></si></sst>")),
        TOO_LARGE,
    ),
    "as many strings as may be.xlsx": (
        lambda p: bomb(
            p,
            "xl/sharedStrings.xml",
            (f'<sst xmlns="{MAIN}">'.encode(), b"<si><t>aaaaaaa</t></si>         ", 190 << 20, b"</sst>"),
        ),
        READ,
    ),
    "a list of sheets of a hundred megabytes.xlsx": (
        lambda p: bomb(p, "xl/workbook.xml", (WORKBOOK.encode(), b" ", 100 << 20, b"")),
        BROKEN,
    ),
    "a million merged cells.xlsx": (
        lambda p: xlsx(
            p,
            sheet(after=merged(f"A{n}:XFD{n + 5}" for n in range(1, 1_000_000))),
        ),
        READ,
    ),
    "a million merged cells over the header.xlsx": (
        lambda p: xlsx(p, sheet(after=merged(["A1:XFD9999"] * 1_000_000))),
        READ,
    ),
    "cells of ten megabytes.xlsx": (
        lambda p: xlsx(p, sheet(line(1, HEAD) + line(2, ("9" * 10_000_000, LONG, *ROW[2:])))),
        TOO_LONG,
    ),
    "a title of ten megabytes.xlsx": (
        lambda p: xlsx(p, sheet(line(1, ("单位：" * 3_000_000, "数据日期" * 1_000_000)) + line(2, HEAD) + line(3, ROW))),
        READ,
    ),
    "a header of ten megabytes.xlsx": (lambda p: xlsx(p, sheet(line(1, (*HEAD, "头（" * 3_000_000)) + line(2, ROW))), READ),
    "tags a million deep.xlsx": (lambda p: xlsx(p, sheet(after="<a>" * 1_000_000 + "</a>" * 1_000_000)), READ),
    "a cell of ten megabytes.csv": (text(CSV + f"0062002,{LONG},1,2,3,2026-09-01,x\n"), TOO_LONG),
    "nothing but line ends.csv": (text("\n" * 30_000_000), TOO_LARGE),
    "a row thirty million cells wide.xls": (
        text(f"<table>{HTML_ROWS}<tr>{'<td colspan=1000>x</td>' * 30_000}</tr></table>"),
        TOO_LARGE,
    ),
    "two million rows begun.xls": (text(f"<table>{HTML_ROWS}{'<tr>' * 2_000_000}</table>"), READ),
    "a million tags deep.xls": (text("<table>" + HTML_ROWS + "<div>" * 1_000_000), READ),
}  # fmt: skip


def is_as_said(out: str, said: str) -> bool:
    return said in out if said else "0062001" in out


@pytest.mark.parametrize("name", CHEAP)
def test_what_unfolds_without_end_is_refused_and_what_only_looks_like_it_is_read(
    ccm: Callable[..., Result], tmp_path: Path, name: str
) -> None:
    make, said = CHEAP[name]
    make(tmp_path / name)

    result = ccm("triage", tmp_path / name, "--as-of", "2026-11-23")

    assert is_as_said(result.output, said), result.output
    assert result.exit_code in ({0, 4} if said == READ else {3})


@pytest.mark.slow
@pytest.mark.parametrize("name", [*CHEAP, *DEAR])
def test_no_ledger_costs_more_than_ten_seconds_and_a_gigabyte(tmp_path: Path, name: str) -> None:
    make, said = {**CHEAP, **DEAR}[name]
    make(tmp_path / name)

    told = attacked(tmp_path, "triage", tmp_path / name, "--as-of", "2026-11-23")

    assert is_as_said(told.out, said), told.out[-500:]


def test_a_bank_may_allow_more(ccm: Callable[..., Result], tmp_path: Path) -> None:
    xlsx(tmp_path / "l.xlsx")
    (tmp_path / "ccm.toml").write_text("[limits]\ncells = 13\n", encoding="utf-8")
    small = ccm("triage", tmp_path / "l.xlsx", "--as-of", "2026-11-23")
    (tmp_path / "ccm.toml").write_text("[limits]\ncells = 14\n", encoding="utf-8")

    assert (small.exit_code, "[limits] 里调大 cells" in small.stderr) == (0, False)  # its bytes alone allow more
    assert ccm("triage", tmp_path / "l.xlsx", "--as-of", "2026-11-23").exit_code == 0


def test_two_members_of_one_name_are_refused(ccm: Callable[..., Result], tmp_path: Path) -> None:
    xlsx(tmp_path / "l.xlsx")
    with zipfile.ZipFile(tmp_path / "l.xlsx", "a") as package:
        package.writestr("xl/Worksheets/sheet1.xml", sheet(GOOD + far("XFD1048576")))

    assert "不合常规" in ccm("triage", tmp_path / "l.xlsx").stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_is_no_ledger(ccm: Callable[..., Result], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "l.csv")

    assert "不是普通的文件" in ccm("triage", tmp_path / "l.csv").stderr


EVIL = (
    ("0062001", "=cmd|' /C calc'!A0"),
    ("0062002", "+1+1"),
    ("0062003", "-2"),
    ("0062004", "@SUM(1)"),
    ("0062005", '=HYPERLINK("http://x","y")'),
    ("../../x", "../../张三"),
    ("CON", "NUL.txt"),
    ("0062006", "张\u202e三\u200b"),
    ("0062007", "张\x1b[31m三"),
)  # fmt: skip


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    rows = [f'{no},"{name.replace(chr(34), chr(34) * 2)}",50000,100,10,2026-09-01,一路1号' for no, name in EVIL]
    path = tmp_path / "l.csv"
    path.write_text("\n".join([",".join(HEAD), *rows]), encoding="utf-8")
    return path


def test_no_name_becomes_a_formula_in_what_is_exported(ccm: Callable[..., Result], tmp_path: Path, evil: Path) -> None:
    for suffix in ("xlsx", "csv"):
        ccm("triage", evil, "--as-of", "2026-11-23", "--export", tmp_path / f"out.{suffix}")

    cells = [cell for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    assert any(cell.value == "=cmd|' /C calc'!A0" for cell in cells)
    assert not [line for line in (tmp_path / "out.csv").read_text("utf-8-sig").split(",") if line[:1] in "=+@" and line]


def test_no_number_and_no_name_leads_out_of_the_folder(ccm: Callable[..., Result], tmp_path: Path, evil: Path) -> None:
    ccm("triage", evil, "--as-of", "2026-11-23")

    assert ccm("letters", "--catch-up").exit_code in {0, 4}

    written = set(tmp_path.rglob("*.docx"))
    assert len(written) > len(EVIL)
    assert {path.relative_to(tmp_path).parts[0] for path in written} <= {"letters", ".ccm"}
    assert not list(tmp_path.parent.glob("x*"))


def test_what_cannot_be_seen_does_not_reach_the_terminal(ccm: Callable[..., Result], evil: Path) -> None:
    shown = ccm("triage", evil, "--as-of", "2026-11-23").stdout

    assert not set(shown) & set("\x1b\u202e\u200b\x00")


def test_numbers_that_look_alike_are_told_apart_or_joined_and_told(
    triage: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    rows = [f"{no},张三,50000,100,10,2026-09-01,x" for no in ("0062001", "００６２００１", "0062\u200b001", "0062О01")]
    (tmp_path / "l.csv").write_text("\n".join([",".join(HEAD), *rows]), encoding="utf-8")

    answer = triage(tmp_path / "l.csv")

    numbers = [one["loan_no"] for one in answer["loans"]]
    assert len(set(numbers)) == len(numbers)
    assert len(numbers) + len(answer["findings"]) >= 2, json.dumps(answer["findings"], ensure_ascii=False)


def test_an_amount_beyond_all_money_refuses_its_row(triage: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    rows = [f"{no},张三,{amount},100,10,2026-09-01,x" for no, amount in enumerate(("9" * 400, "1e308", "inf", "5000"))]
    (tmp_path / "l.csv").write_text("\n".join([",".join(HEAD), *rows]), encoding="utf-8")

    answer = triage(tmp_path / "l.csv")

    assert [one["loan_no"] for one in answer["loans"]] == ["3"]
    assert {one["code"] for one in answer["findings"]} == {"amount-text"}


@pytest.mark.parametrize(
    ("record", "at", "new", "code"),
    [
        (b"\xfd\x00\x0a\x00", 4, b"\xff\xff\xff\xff", "file-too-large"),  # the row and column of a cell
        (b"\x00\x02\x0e\x00", 8, b"\xff\xff\xff\x7f", "file-broken"),  # the last row of a sheet, as it says
    ],
    ids=["a cell far out", "a sheet of two thousand million rows"],
)
def test_an_old_workbook_that_reaches_far_is_refused_before_it_is_laid_out(
    tmp_path: Path, record: bytes, at: int, new: bytes, code: str
) -> None:
    content = bytearray((SEEDS / "l.xls").read_bytes())
    place = content.index(record) + at
    content[place : place + 4] = new
    (tmp_path / "l.xls").write_bytes(content)

    with pytest.raises(CcmError) as stop:
        open_ledger(tmp_path / "l.xls", password=lambda: None, bounds=Bounds())

    assert stop.value.code == code


def test_a_file_of_columns_that_are_honestly_packed_is_read_where_a_sheet_of_as_many_bytes_would_be_refused(
    tmp_path: Path,
) -> None:
    rows = 60_000
    table: dict[str, list[object]] = {name: [one] * rows for name, one in zip(HEAD, ROW, strict=True)}
    table["借据号"] = [f"0062{nth:08d}" for nth in range(rows)]
    table["贷款余额"] = [nth * 7919 % 1_000_003 for nth in range(rows)]
    (tmp_path / "book").mkdir()
    pl.DataFrame(table).write_parquet(tmp_path / "book" / "0.parquet")
    few = Bounds(cells=10)

    [sheet] = open_ledger(tmp_path / "book", password=lambda: None, bounds=few)

    assert sheet.height == rows + 1
    assert few.room(tmp_path / "book").cells < rows * len(HEAD)
