"""No byte about one party may stand in another party's file: the whole example bank, every file of a run."""

from __future__ import annotations

import json
import shutil
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from typer.testing import CliRunner

from ccm.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[2] / "examples"
PERSONAL = {
    "贷款台账": {
        "客户名称": "name", "证件号码": "id", "联系电话": "phone", "联系地址": "address",
        "共同借款人": "name", "共同借款人地址": "address",
    },
    "保证人": {"保证人姓名": "name", "证件号码": "id", "联系电话": "phone", "联系地址": "address"},
    "信用卡": {
        "持卡人": "name", "证件号码": "id", "手机号码": "phone", "账单地址": "address",
        "保证人1": "name", "保证人1电话": "phone", "保证人1地址": "address",
    },
}  # fmt: skip
HEADS = {"贷款台账": 3, "保证人": 1, "信用卡": 3}


@cache
def rows() -> tuple[tuple[str, dict[str, str]], ...]:
    """Each row of the example ledger that names a loan, with its sheet."""
    return tuple(_rows())


def _rows() -> Iterator[tuple[str, dict[str, str]]]:
    book = openpyxl.load_workbook(EXAMPLES / "ledger.xlsx")
    for name, head in HEADS.items():
        titles = [cell.value for cell in book[name][head]]
        for row in book[name].iter_rows(min_row=head + 1, values_only=True):
            told = {str(title): str(value or "") for title, value in zip(titles, row, strict=True)}
            if (told.get("借据号") or told.get("信用卡账号") or "合计") != "合计":
                yield name, told


def personal() -> set[str]:
    """Every name, number, phone and address of the example bank."""
    return {told[column] for name, told in rows() for column in PERSONAL[name] if told[column]}


def borrowers() -> dict[str, str]:
    return {
        told.get("借据号") or told["信用卡账号"]: told.get("客户名称") or told["持卡人"]
        for name, told in rows()
        if name != "保证人"
    }


def of_person(loan_no: str, name: str) -> set[str]:
    """What the ledger knows of one person under one loan, by the columns that stand beside the name."""
    found = {name}
    for sheet, told in rows():
        if loan_no not in {told.get("借据号"), told.get("信用卡账号")}:
            continue
        for column, kind in PERSONAL[sheet].items():
            if kind == "name" and told[column] == name:
                prefix = {"共同借款人": "共同借款人", "保证人1": "保证人1"}.get(column, "")
                own = [one for one in PERSONAL[sheet] if one.startswith(prefix)] if prefix else [
                    one for one in PERSONAL[sheet] if not one.startswith(("共同借款人", "保证人1"))
                ]  # fmt: skip
                found |= {told[one] for one in own}
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Every letter the example bank owes, lawyers' letters too, with QR codes."""
    place = tmp_path_factory.mktemp("bank")
    for name in ("ledger.xlsx", "ccm.toml"):
        shutil.copy(EXAMPLES / name, place / name)
    settings = (place / "ccm.toml").read_text("utf-8").replace("[letters]", "[letters]\nqr = true")
    (place / "ccm.toml").write_text(settings, "utf-8")

    def ccm(*words: str) -> dict[str, Any]:
        result = CliRunner().invoke(app, ["--workspace", str(place), *words, "--json"])
        assert result.exit_code in {0, 4}, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    ccm("triage", str(place / "ledger.xlsx"), "--as-of", "2026-11-23")
    issued = ccm("letters", "--catch-up")["issued"] + ccm("letters", "--kind", "lawyer_letter")["issued"]
    assert len(issued) > 150
    assert len({one["kind"] for one in issued}) == 7
    return place, issued


def bytes_of(path: Path) -> bytes:
    """The file as it lies there, and every member of it unpacked, with the members' names."""
    with zipfile.ZipFile(path) as archive:
        inner = b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())
        assert archive.comment == b""
    return path.read_bytes() + inner


def test_a_letter_holds_nothing_of_any_other_party(run: tuple[Path, list[dict[str, Any]]]) -> None:
    place, issued = run
    everything, debtor = personal(), borrowers()
    staff = {"何志远", "陶敏", "许建明", "姜晓琳", "沈立新"}
    leaks = []
    for one in issued:
        content = bytes_of(place / one["path"]) + one["path"].encode()
        mine = of_person(one["loan_no"], one["party"]) | {debtor[one["loan_no"]]} | staff
        others = {word for word in everything - mine if not any(word in own for own in mine)}
        leaks += [(one["letter_no"], word) for word in others if word.encode() in content]

    assert leaks == []


def test_a_borrowers_letter_names_no_guarantor_and_a_guarantors_names_the_borrower(
    run: tuple[Path, list[dict[str, Any]]],
) -> None:
    place, issued = run
    debtor = borrowers()
    by_loan: dict[str, set[str]] = {}
    for one in issued:
        if one["role"] == "guarantor":
            by_loan.setdefault(one["loan_no"], set()).add(one["party"])
    for one in issued:
        body = bytes_of(place / one["path"]).decode("utf-8", "ignore")
        if one["role"] == "guarantor":
            assert debtor[one["loan_no"]] in body
        else:
            named = by_loan.get(one["loan_no"], set()) - {one["party"], debtor[one["loan_no"]]}
            assert not [name for name in named if name in body]


def test_the_files_properties_name_nobody(run: tuple[Path, list[dict[str, Any]]]) -> None:
    place, issued = run
    names = {name for name in personal() if not name.isascii()} | {"何志远", "陶敏", "许建明", "姜晓琳", "沈立新"}

    for one in issued[:20]:
        with zipfile.ZipFile(place / one["path"]) as archive:
            told = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("docProps/")).decode()
        assert not [name for name in names if name in told]
        assert "<dc:creator></dc:creator>" in told
        assert "python" not in told


def test_the_check_would_see_a_leak(run: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    place, issued = run
    first, second = issued[0], next(one for one in issued if one["loan_no"] != issued[0]["loan_no"])
    shutil.copy(place / first["path"], tmp_path / "leak.docx")
    with zipfile.ZipFile(tmp_path / "leak.docx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/custom.xml", second["party"])

    assert second["party"].encode() in bytes_of(tmp_path / "leak.docx")
    assert second["party"].encode() not in bytes_of(place / first["path"])
