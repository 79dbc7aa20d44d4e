"""Visits: every door once and in order, papers as they were issued, and what the sheets say."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from ccm.address import Home
from ccm.model import Case, Party
from ccm.round import clipped, fit, hours_words, share
from ccm.visit.errands import Errand, meetings, packs
from ccm.visit.route import UNKNOWN, route, spot_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

HOME = Home("甘肃省", "天水市", "清水县")
BANK = "清水县城关镇人民路1号"
HEAD = (
    "借据号,客户名称,证件号码,联系电话,联系地址,职业,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,客户经理,支行,"
    "合同号,担保方式,保证人1,保证人1证件号码,保证人1电话,保证人1地址\n"
)
ZHANG = (
    "0062001,张三,11010519491231002X,13800001111,清水县柳溪镇石桥村9组13号,教师,2027-06-30,50000,0,300,2026-10-10,王敏,"
    "青溪支行,借字1号,保证,李四,,13900002222,清水县城关街道解放社区2组5号\n"
)
AGAIN = (
    "0062002,张三,11010519491231002X,13800001111,清水县柳溪镇石桥村9组13号,教师,2027-06-30,20000,0,120,2026-10-12,王敏,"
    "青溪支行,借字2号,信用,,,,\n"
)
WANG = (
    "0062003,王五,,13700003333,清水县柳溪镇石桥村10组2号,农民,2027-06-30,90000,0,500,2026-11-20,赵六,"
    "青溪支行,借字3号,信用,,,,\n"
)


def case(loan_no: str, borrower: str = "张三") -> Case:
    return Case(
        loan_no, "loan", None, (Party("borrower", borrower),), "person", None, None, None, 0, 0, 100, 0, 40, 40, 30,
        "关注", date(2026, 10, 1), None, None,
    )  # fmt: skip


def errand(name: str, address: str | None, loan_no: str = "1", borrower: str = "张三") -> Errand:
    return Errand(case(loan_no, borrower), Party("guarantor", name, address=address))


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("清水县柳溪镇石桥村9组13号", ("清水县", "柳溪镇", "石桥村", "9组13号")),
        ("甘肃省天水市清水县城关街道文化路社区11组72号", ("清水县", "城关街道", "文化路社区", "11组72号")),
        ("云台乡新田村1组12号", ("清水县", "云台乡", "新田村", "1组12号")),
        ("城关镇人民路1号", ("清水县", "城关镇", "人民路", "1号")),
        ("清水县新乡路3号", ("清水县", "", "新乡路", "3号")),
    ],
)
def test_an_address_tells_township_village_and_house(address: str, parts: tuple[str, ...]) -> None:
    spot = spot_of(address, HOME)

    assert (spot.district, spot.township, spot.village, spot.rest) == parts


def test_the_round_begins_at_home_and_goes_village_by_village_and_house_by_house() -> None:
    addresses = [
        "柳溪镇石桥村10组2号", None, "柳溪镇大塘村3组1号", "麦积区道北街道1号", "柳溪镇石桥村9组13号",
        "城关街道解放社区2号",
    ]  # fmt: skip
    areas = route(meetings(errand(str(n), one) for n, one in enumerate(addresses)), HOME, BANK)

    assert [area.name for area in areas] == ["清水县城关街道", "清水县柳溪镇", "麦积区道北街道", UNKNOWN]
    assert [door.address for door in areas[1].doors] == [
        "柳溪镇大塘村3组1号", "柳溪镇石桥村9组13号", "柳溪镇石桥村10组2号",
    ]  # fmt: skip


TOWNS = st.sampled_from(["清水县柳溪镇", "城关街道", "秦安县莲花镇", "", "甘肃省天水市清水县云台乡"])
ADDRESSES = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.builds("{}{}村{}组{}号".format, TOWNS, st.sampled_from("东西"), *[st.integers(1, 12)] * 2),
)
PEOPLE = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), ADDRESSES, st.sampled_from("123")), max_size=25)


@settings(deadline=None)  # the first address loads the list of places
@given(PEOPLE)
def test_every_door_stands_in_the_round_once_with_everybody_behind_it(
    people: list[tuple[str, str | None, str]],
) -> None:
    """V1."""
    met = meetings(errand(name, address, loan) for name, address, loan in people)
    doors = [door for area in route(met, HOME, BANK) for door in area.doors]

    assert sorted(map(id, (one for door in doors for one in door.meetings))) == sorted(map(id, met))
    known = ["".join(door.address.split()) for door in doors if "".join(door.address.split())]
    assert len(known) == len(set(known))
    assert sum(len(one.errands) for one in met) == len(people)


def test_one_debtor_is_one_pack_whatever_the_number_of_loans() -> None:
    first, second = errand("李四", "一路1号", "1"), errand("李四", "一路1号", "2")
    other = errand("李四", "一路1号", "3", borrower="王五")

    found = packs([first, second, other])

    assert [(pack.debtor.name, [one.loan_no for one in pack.cases]) for pack in found] == [
        ("张三", ["1", "2"]),
        ("王五", ["3"]),
    ]
    assert [one.loans for one in found[0].meetings] == [("1", "2")]


@given(st.lists(st.integers(0, 60), max_size=5), st.integers(0, 80))
def test_lines_are_shared_so_that_none_is_wasted(counts: list[int], room: int) -> None:
    given_ = share(counts, room)

    assert sum(given_) == min(room, sum(counts))
    assert all(part <= count for part, count in zip(given_, counts, strict=True))


def test_what_is_cut_says_that_it_is() -> None:
    assert clipped(["张三", "李四", "王五"], 6) == "张三、李四等"
    assert fit("石桥生态养殖有限公司", 12) == "石桥生态养…"
    assert hours_words(("08:00-08:30", "12:00-13:30", "18:30-21:00")) == "8-8:30 12-13:30 18:30-21"
    assert hours_words(("08:00-22:00",)) == "8:00-22:00"


@pytest.fixture
def morning(ccm: Callable[..., Result], tmp_path: Path, clock: Callable[[str], None]) -> Callable[..., dict[str, Any]]:
    """Read a small ledger on 2026-11-23; return how to run a command for its JSON."""
    clock("2026-11-23 08:30")
    (tmp_path / "ledger.csv").write_text(HEAD + ZHANG + AGAIN + WANG, encoding="utf-8")
    (tmp_path / "ccm.toml").write_text(f'[bank]\nname = "清水农商银行"\naddress = "{BANK}"\n', encoding="utf-8")
    assert ccm("triage", tmp_path / "ledger.csv", "--as-of", "2026-11-23").exit_code == 0

    def run(*words: object, code: int = 0) -> dict[str, Any]:
        result = ccm(*words, "--json")
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    return run


def text_of(path: Path) -> str:
    """All the words of a document, tables too."""
    made = Document(str(path))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def test_the_pack_has_plan_form_and_the_very_letters(morning: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    """V2: the papers and the plan; V3: what is said first, and what follows whoever is met."""
    issued = morning("letters", "--loan", "0062001", "--catch-up")["issued"]
    for letter in issued:
        letter["bytes"] = (tmp_path / letter["path"]).read_bytes()
        (tmp_path / letter["path"]).unlink()

    answer = morning("visit", "0062001", "--with", "王敏,李强")

    folder = tmp_path / answer["packs"][0]["folder"]
    assert {letter["kind"] for letter in issued} == {"loan_overdue", "guarantor_perform"}
    for letter in issued:
        assert (folder / "函件" / Path(letter["path"]).name).read_bytes() == letter["bytes"]
    plan, form = text_of(folder / "谈话提纲.docx"), text_of(folder / "观察记录表.docx")
    for words in ("王敏、李强", "至少2人", "08:00至22:00", "未经同意不进门", "请问是张三本人吗", "教师", "李四",
                  "没钱", "家里没人", "已经搬走", "不开门", "开门的是别人", issued[0]["letter_no"]):  # fmt: skip
        assert words in plan
    assert "11010519491231002X" not in plan
    for words in (
        "收入来源",
        "录音",
        "照片一",
        "照片二",
        "张三",
        "李四（张三的担保人）",
        issued[1]["letter_no"],
        "□没见到",
    ):
        assert words in form


def test_a_voided_letter_is_not_carried_and_one_without_number_is_asked_for(
    morning: Callable[..., dict[str, Any]], ccm: Callable[..., Result]
) -> None:
    letter = morning("letters", "--loan", "0062001", "--kind", "loan_overdue")["issued"][0]["letter_no"]
    assert ccm("letters", "void", letter, "--reason", "金额有误").exit_code == 0

    answer = morning("visit", "0062001", "--with", "王敏,李强")

    people = [one for area in answer["areas"] for door in area["doors"] for one in door["people"]]
    assert [one["letters"] for one in people] == [[], []]
    assert [one["not_issued"] for one in people] == [["担保人履行责任通知书"], ["贷款逾期催收通知书"]]
    assert "ccm letters --catch-up --loan 0062001" in ccm("visit", "0062001", "--with", "王敏,李强").stdout


def test_two_loans_of_one_person_make_one_pack(morning: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    answer = morning("visit", "0062001", "0062002", "--with", "王敏 李强")

    assert [sorted(pack["loan_nos"]) for pack in answer["packs"]] == [["0062001", "0062002"]]
    assert [area["area"] for area in answer["areas"]] == ["清水县城关街道", "清水县柳溪镇"]
    plan = text_of(tmp_path / answer["packs"][0]["folder"] / "谈话提纲.docx")
    assert "合计" in plan
    assert "420.00" in plan


def test_due_visits_leave_out_what_is_early_and_what_is_held(morning: Callable[..., dict[str, Any]]) -> None:
    morning("log", "0062002", "dispute", "利息多算")

    answer = morning("visit", "--due", "--with", "王敏,李强")

    assert [pack["loan_nos"] for pack in answer["packs"]] == [["0062001"]]
    assert answer["held"] == ["0062002"]


def test_without_names_the_sheets_leave_room_and_the_answer_says_so(
    morning: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    answer = morning("visit", "0062003", code=4)

    assert [one["code"] for one in answer["findings"]] == ["visit-unnamed"]
    plan = text_of(tmp_path / answer["packs"][0]["folder"] / "谈话提纲.docx")
    assert "上门人：＿＿＿＿＿＿、＿＿＿＿＿＿" in plan


def test_a_loan_and_due_together_are_not_understood(ccm: Callable[..., Result]) -> None:
    assert ccm("visit").exit_code == 2
    assert ccm("visit", "0062001", "--due").exit_code == 2


def test_the_day_has_promises_doors_calls_letters_and_lookups(
    morning: Callable[..., dict[str, Any]], clock: Callable[[str], None]
) -> None:
    morning("log", "0062001", "promise", "200", "明天")
    clock("2026-11-24 08:30")

    answer = morning("day", "--as-of", "2026-11-24", "--manager", "王敏")

    assert [(one["party"], one["amount"]) for one in answer["promises"]] == [("张三", "200.00")]
    assert [door["people"][0]["party"] for area in answer["visits"] for door in area["doors"]] == ["李四", "张三"]
    calls = {one["party"]: one for one in answer["calls"]}
    assert set(calls) == {"张三", "李四"}
    assert calls["张三"]["hours"] != calls["李四"]["hours"] == ["09:00-11:30"]
    assert answer["not_called"] == []
    assert sorted(calls["张三"]["loan_nos"]) == ["0062001", "0062002"]
    assert {one["title"] for one in answer["letters"]} == {"贷款逾期催收通知书", "担保人履行责任通知书"}
    assert set(answer["lookups"]) == {"张三", "李四"}


def test_the_day_calls_whom_the_queue_calls_in_the_same_hours(morning: Callable[..., dict[str, Any]]) -> None:
    morning("log", "0062001", "wrong-number", "--to", "李四")
    morning("log", "0062003", "state", "dead")
    for at in ("19:10", "19:20"):
        morning("log", "0062001", "call", "none", "--on", "11-20", "--at", at)

    queue, answer = morning("calls", "--at", "08:00"), morning("day")

    assert [(one["party"], one["hours"]) for one in answer["calls"]] == [
        (one["party"], [f"{one['not_before']}-{one['not_after']}"])
        for one in queue["calls"]
        if not one["together_with"]
    ]
    assert answer["not_called"] == ["李四", "王五"] == sorted(one["party"] for one in queue["left_out"])


def test_on_a_day_off_the_page_has_no_calls_and_says_whom_they_are_owed_to(
    morning: Callable[..., dict[str, Any]], clock: Callable[[str], None]
) -> None:
    clock("2026-11-28 08:30")
    answer = morning("day", "--as-of", "2026-11-28")

    assert answer["calls"] == []
    assert set(answer["not_called"]) == {"张三", "李四", "王五"}


@pytest.mark.usefixtures("morning")
def test_the_screen_keeps_to_80_columns_and_masks_numbers(ccm: Callable[..., Result]) -> None:
    from rich.cells import cell_len

    shown = ccm("day", COLUMNS="80").stdout

    assert max(cell_len(line) for line in shown.splitlines()) <= 80
    assert "138****1111" in shown
    assert "13800001111" not in shown
    assert "13800001111" in ccm("day", "--reveal").stdout


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice counts the pages")
@pytest.mark.parametrize("rows", [3, 150])
def test_the_day_is_one_page_and_what_does_not_fit_is_counted(
    ccm: Callable[..., Result], tmp_path: Path, rows: int
) -> None:
    lines = [
        ZHANG.replace("0062001", f"0062{n:03}").replace("11010519491231002X", "").replace("张三", f"欧阳{n}有限公司")
        .replace("13号", f"{n}号").replace("李四", f"司马{n}").replace("5号", f"{n}号")
        for n in range(rows)
    ]  # fmt: skip
    (tmp_path / "many.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    ccm("triage", tmp_path / "many.csv", "--as-of", "2026-11-23")

    assert ccm("day", "--as-of", "2026-11-23", "--out", tmp_path / "day.docx").exit_code == 0

    assert pages(tmp_path / "day.docx") == 1
    words = text_of(tmp_path / "day.docx")
    assert ("写不下的　上门284处" in words) == (rows == 150)
    assert ("电话285人" in words) == (rows == 150)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice counts the pages")
def test_the_plan_is_one_sheet_and_the_form_one_page_each(
    morning: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    morning("letters", "--loan", "0062001", "--catch-up")
    folder = tmp_path / morning("visit", "0062001", "0062002", "--with", "王敏,李强")["packs"][0]["folder"]

    assert pages(folder / "谈话提纲.docx") <= 2
    assert pages(folder / "观察记录表.docx") == 2


def pages(path: Path) -> int:
    """How many pages LibreOffice makes of a document."""
    from pypdf import PdfReader

    profile = f"-env:UserInstallation=file://{path.parent}/soffice"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", path.parent, path],
        check=True,
        capture_output=True,
    )
    return len(PdfReader(path.with_suffix(".pdf")).pages)
