"""The report's numbers, each played through with a few loans: what moved, who missed what, what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ccm.report.lists import Column, Listing, book_of
from ccm.report.numbers import printed, wan
from ccm.report.pivots import Cell, Measure, Pivot, Query, answer
from report_bank import Bank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.report.pivots import Unit


@pytest.fixture
def bank(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Bank:
    return Bank(ccm, clock, tmp_path / "柳溪")


def owing(since: str, interest: int = 500, **more: str) -> dict[str, Any]:
    return {"since": f"2026-{since}", "interest": interest, **more}


def test_what_moved_since_the_last_triage_and_since_a_month_ago(bank: Bank) -> None:
    bank.morning("10-23", {}, owing("10-01"), owing("10-10"), owing("10-12"))
    bank.morning("11-16", {}, owing("10-01"), owing("10-10"), owing("10-12"))
    bank.morning("11-23", owing("11-20"), owing("11-01"), {}, owing("10-12"))

    tables = bank.report()

    assert tables["moves"]["新增逾期"]["笔数"] == 1
    assert tables["moves"]["退回较低阶段"] == {"笔数": 1, "原欠（元）": "500.00", "现欠（元）": "500.00"}
    assert tables["moves"]["已还清欠款"] == {"笔数": 1, "原欠（元）": "500.00", "现欠（元）": "0.00"}
    assert tables["move_months"]["进入更高阶段"]["笔数"] == 1
    stages = tables["by-stage"]
    assert (stages["合计"]["笔数 今天"], stages["合计"]["笔数 比上次"]) == (3, 0)
    assert (stages["逾期30–59天"]["笔数 今天"], stages["逾期30–59天"]["笔数 比上次"]) == (1, -2)


def test_a_matrix_counts_the_whole_book_so_that_rates_are_rates(bank: Bank) -> None:
    bank.morning("11-16", {}, {}, {}, owing("11-10"))
    bank.morning("11-23", {}, {}, owing("11-20"))

    matrix = bank.report()["flow-last"]

    assert matrix["未逾期"]["今天 未逾期"] == {"value": 2, "of": 3}
    assert matrix["未逾期"]["今天 到期及逾期1–29天"] == {"value": 1, "of": 3}
    assert matrix["到期及逾期1–29天"]["今天 不在台账里"] == {"value": 1, "of": 1}


def test_a_first_triage_has_nothing_to_compare_with(bank: Bank) -> None:
    bank.morning("11-23", owing("11-01"))

    tables = bank.report()

    assert "flow-last" not in tables
    assert set(tables["by-stage"]["合计"]) == {"笔数 今天", "本金（元） 今天", "利息（元） 今天", "余额（元） 今天"}


def test_a_duty_is_in_time_late_missed_or_held(bank: Bank) -> None:
    bank.morning("11-02", owing("11-01"), owing("11-01"), owing("11-01"), owing("11-01"))
    bank.run("log", "0062001", "call", "月底还")
    bank.run("log", "0062004", "dispute", "利息多算")
    bank.clock("2026-11-06 10:00")
    bank.run("log", "0062002", "call", "月底还")

    rules = bank.report("--as-of", "2026-11-06")["duties-rule"]

    first = rules["C2 首次催收"]
    assert {name: first[name] for name in ("按时", "迟办", "漏办", "暂停")} == {
        "按时": 1, "迟办": 1, "漏办": 1, "暂停": 1,
    }  # fmt: skip
    assert first["按时率"] == {"value": 1, "of": 3}


def test_calling_again_later_does_not_make_a_duty_late(bank: Bank) -> None:
    bank.morning("11-02", owing("11-01"))
    bank.run("log", "0062001", "call", "月底还")
    bank.clock("2026-11-20 10:00")
    bank.run("log", "0062001", "call", "再说")

    assert bank.report("--as-of", "2026-11-20")["duties-rule"]["C2 首次催收"]["按时"] == 1


def test_what_fell_due_before_the_first_record_is_counted_apart_and_nobodys_fault(bank: Bank) -> None:
    bank.morning("11-20", owing("09-01"), owing("11-18"))
    bank.clock("2026-11-21 10:00")
    bank.run("log", "0062001", "call", "月底还")

    tables = bank.report("--as-of", "2026-11-25")
    shown = bank.run("report", "--text", "--as-of", "2026-11-25").stdout

    missed, whole = tables["duties-manager"]["何志远"], tables["duties-rule"]["合计"]
    assert (missed["漏办贷款"], missed["迟办"]) == (1, 0)
    assert tables["duties-rule"]["C2 首次催收"]["启用前"] == 1
    assert tables["duties-rule"]["C2 首次催收"]["漏办"] == 1
    assert tables["q-missed"][""]["启用前到期、不计入（项）"] == whole["启用前"] > 1
    assert f"启用前到期、不计入（项）{whole['启用前']}" in shown


def test_who_missed_most_comes_first(bank: Bank) -> None:
    bank.morning("08-31", {}, {}, {})
    bank.morning("11-20", owing("11-18", manager="陶敏"), owing("09-01"), owing("09-01"))

    tables = bank.report()

    assert [line for line in tables["duties-manager"] if line != "合计"] == ["何志远", "陶敏"]
    assert tables["duties-manager"]["何志远"]["漏办贷款"] == 2
    assert tables["q-missed"][""]["笔贷款"] == tables["duties-manager"]["合计"]["漏办贷款"]


def test_what_came_in_is_what_was_logged_or_what_the_ledger_shows(bank: Bank) -> None:
    bank.morning("11-16", owing("10-01", 800), owing("10-01", 800), owing("10-01", 800))
    bank.clock("2026-11-20 10:00")
    bank.run("log", "0062001", "payment", "300")
    bank.run("log", "0062002", "payment", "300")
    bank.morning("11-23", owing("10-01", 800), owing("10-01", 200), owing("10-01", 100))

    assert bank.report()["paid-manager"]["何志远"] == {"上次以来收回（元）": "1600.00"}


def test_promises_are_kept_or_broken_by_manager(bank: Bank) -> None:
    bank.morning("11-16", owing("10-01", 800), owing("10-01", 800))
    bank.run("log", "0062001", "promise", "500", "11-20")
    bank.run("log", "0062002", "promise", "500", "11-20")
    bank.morning("11-23", owing("10-01", 100), owing("10-01", 850))

    assert bank.report()["promises-manager"]["何志远"]["履行率"] == {"value": 1, "of": 2}


def test_a_guarantee_that_ends_this_month_is_told_at_the_top(bank: Bank) -> None:
    bank.morning("11-23", owing("06-01", due="2026-06-10", guarantor="李四", kind="连带责任保证"))

    tables = bank.report()

    assert tables["q-lost"][""]["项权利30天内到期"] == 1
    assert tables["q-lost"][""]["元余额靠它"] == "50000.00"
    assert tables["rights-week"]["12-07起"]["保证期间"] == 1
    assert tables["rights-manager"]["何志远"]["30天内"] == 1


def test_letters_stand_by_state_and_by_what_their_archive_lacks(bank: Bank) -> None:
    bank.morning("11-23", owing("10-20"), owing("10-20"))
    bank.run("letters", "--stage", "30")
    bank.run("post", "import", "〔2026〕1号", "1012345678901")

    tables = bank.report()

    assert (tables["proofs-state"]["未寄"]["件数"], tables["proofs-state"]["已寄"]["证据等级 F"]) == (1, 1)
    assert tables["proofs-title"]["贷款逾期催收通知书"]["缺面单寄件人存联"] == 2


def test_signals_are_late_or_open(bank: Bank) -> None:
    bank.morning("11-02", owing("11-01"))
    bank.run("warn", "add", "0062001", "厂子停工", "--source", "现场检查", "--level", "红")

    assert bank.report("--as-of", "2026-11-02")["signals-level"]["红"] == {"过期": 0, "在办": 1, "近30天关闭": 0}
    assert bank.report("--as-of", "2026-11-20")["signals-level"]["红"]["过期"] == 1


def test_a_suit_put_off_is_open_then_late_and_not_missed_meanwhile(bank: Bank) -> None:
    bank.morning("06-30", {}, {})
    bank.morning("11-23", owing("08-20"), owing("07-01"))
    missed = bank.report()["duties-rule"]["C8 起诉"]["漏办"]
    bank.run("suit", "defer", "0062002", "借款人住院", "--step", "12-20=500", "--until", "2026-12-31", "--by", "何志远")
    bank.run("suit", "submit", "0062002", "--by", "何志远")
    bank.run("suit", "review", "0062002", "--by", "周审查")
    bank.run("suit", "approve", "0062002", "--by", "钱批准")

    approved, broken = bank.report(), bank.report("--as-of", "2027-01-05")

    assert approved["deferrals"]["已批准"] == {"过期": 0, "在办": 1}
    assert missed - approved["duties-rule"]["C8 起诉"]["漏办"] == 1
    assert broken["deferrals"]["合计"]["过期"] == 1


def test_what_was_found_in_the_ledger_is_counted(bank: Bank) -> None:
    bank.clock("2026-11-23 09:00")
    bank.morning("11-23", owing("11-01", id_no="430000197001010010"), owing("11-01", branch=""))

    tables = bank.report()

    assert tables["troubles"]["证件号码有误"]["处数"] == 1
    assert tables["gaps"]["未写机构"]["逾期贷款"] == 1


def test_several_workspaces_make_one_report(
    ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path
) -> None:
    one, other = Bank(ccm, clock, tmp_path / "柳溪"), Bank(ccm, clock, tmp_path / "清河")
    one.morning("11-23", owing("11-01"), owing("10-01"))
    other.morning("11-23", owing("11-01", branch="清河支行"))

    tables = one.report("--from", one.place, other.place)

    assert tables["by-branch"]["清河支行"]["笔数 今天"] == 1
    assert tables["by-branch"]["合计"]["笔数 今天"] == 3


def test_the_day_of_the_report_chooses_what_was_known_then(bank: Bank) -> None:
    bank.morning("11-16", owing("11-10"))
    bank.morning("11-23", {})

    assert bank.report("--as-of", "2026-11-20")["by-stage"]["合计"]["笔数 今天"] == 1
    assert bank.run("report", "--as-of", "2026-11-01", code=3).stderr.startswith("错误")


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_page_fits(bank: Bank, width: int) -> None:
    bank.morning("11-16", owing("09-10"), owing("10-30"), {})
    bank.morning("11-23", owing("09-10"), owing("10-20"), owing("11-22", name="很长的名字" * 20))

    shown = bank.ccm("--workspace", bank.place, "report", "--text", COLUMNS=str(width)).stdout

    assert max(cell_len(line) for line in shown.splitlines()) <= width
    for words in ("什么变坏了？", "谁漏了什么？", "这个月不动，会丢什么？", "现在的账", "C2 首次催收"):
        assert words in shown


def test_the_workbook_has_the_tables_the_lists_and_native_charts(bank: Bank) -> None:
    bank.morning("11-16", owing("11-10"))
    bank.morning("11-23", owing("11-10", name="=1+1"), owing("09-01", 1234))
    bank.run("report", "--xlsx")

    book = openpyxl.load_workbook(bank.place / "reports" / "清收报告-2026-11-23.xlsx")

    assert {"要点", "现在的账", "往哪里走", "应办的办了没有", "名单·贷款", "名单·应办"} <= set(book.sheetnames)
    assert len(book["应办的办了没有"]._charts) == 2  # noqa: SLF001 - openpyxl has no other way to see them
    loans = book["名单·贷款"]
    names = [row[1].value for row in loans.iter_rows(min_row=2)]
    assert "=1+1" in names
    assert all(cell.data_type != "f" for row in loans.iter_rows() for cell in row)
    assert loans.auto_filter.ref
    total = next(row for row in book["现在的账"].iter_rows(values_only=True) if row[0] == "合计")
    assert total[1] == 2


def test_personal_numbers_are_whole_only_when_asked_for(bank: Bank) -> None:
    bank.morning("11-23", owing("11-01"))
    bank.run("report", "--out", bank.place / "masked.html")
    bank.run("report", "--out", bank.place / "whole.html", "--reveal")
    bank.run("report", "--out", bank.place / "masked.xlsx")

    masked, whole = ((bank.place / f"{name}.html").read_text("utf-8") for name in ("masked", "whole"))

    assert "430000197001010019" not in masked
    assert "13800001234" not in masked
    assert "138****1234" in masked
    assert "430000197001010019" in whole
    assert whole.index("本报告含完整的证件号码和电话号码") < whole.index("<h1>")
    strings = openpyxl.load_workbook(bank.place / "masked.xlsx")["名单·贷款"].iter_rows(values_only=True)
    assert not any("13800001234" in map(str, row) for row in strings)


rows = st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("好坏"), st.integers(-500, 500)), max_size=40)


@given(rows)
def test_the_lines_of_a_table_add_up_to_its_total_and_to_its_list(drawn: list[tuple[str, str, int]]) -> None:
    listing = Listing("loans", "", (Column("who", ""), Column("how", ""), Column("n", "", "count")), tuple(drawn))
    measures = (
        Measure("", (Query("loans", {"how": ("坏",)}),)),
        Measure("", (Query("loans", {}, ("n",)),), (Query("loans", {"how": ("好",)}, ("n",)),)),
    )

    table = answer(Pivot("t", "", "", "who", measures, trim=False), book_of([listing]))

    assert table.total is not None
    for nth in range(2):
        assert table.total.cells[nth].value == sum(line.cells[nth].value for line in table.lines)
    assert table.total.cells[0].value == sum(how == "坏" for _, how, _ in drawn)
    assert table.total.cells[1].value == sum(n for _, how, n in drawn if how == "坏")


@given(st.integers(-(10**14), 10**14))
def test_ten_thousands_are_rounded_away_from_zero_and_have_no_minus_zero(cents: int) -> None:
    text = wan(cents)

    assert abs(round(float(text.replace(",", "")) * 1_000_000) - cents) <= 5_001
    assert text != "-0.00"


@pytest.mark.parametrize(
    ("cell", "unit", "text"),
    [
        (Cell(0), "count", "0"), (Cell(0), "change", "0"), (Cell(1234), "change", "+1,234"),
        (Cell(-1_005_000), "money_change", "-1.01"), (Cell(1, 3), "share", "33%"), (Cell(1, 8), "share", "13%"),
        (Cell(0, 0), "share", "—"), (Cell(2, 3), "rate", "2 · 67%"),
    ],
)  # fmt: skip
def test_numbers_are_printed(cell: Cell, unit: Unit, text: str) -> None:
    assert printed(cell, unit) == text
