"""The page in a real browser: nothing leaves it, nothing but its own script runs, every number leads to its rows."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pypdf import PdfReader

from report_bank import Bank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from typer.testing import Result

HOSTILE = (
    "<script>document.title='bad'</script>", '"><img src=x onerror=alert(1)>', "</script><b>粗</b>", "\u202e倒写的人",
    "很长的名字" * 40, "{{ 7*7 }}", "A\u2028B", "O'Neil & <Söhne>",
)  # fmt: skip
READ = {name.replace("\u202e", "") for name in HOSTILE}
"""As the ledger is read: a sign that turns the writing round is left out."""
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""Without these a headless browser of a closed machine asks for its own updates."""


@pytest.fixture
def bank(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Bank:
    return Bank(ccm, clock, tmp_path / "柳溪")


def grown(bank: Bank) -> Path:
    """Two Mondays of a small bank: hostile names, two branches, something missed, promised, issued, ending."""
    for day in ("11-16", "11-23"):
        hostile: list[dict[str, Any]] = [
            {"name": f'"{name.replace(chr(34), chr(34) * 2)}"', "since": "2026-10-20", "interest": 900 + nth}
            for nth, name in enumerate(HOSTILE)
        ]
        others: list[dict[str, Any]] = [
            {"name": "仇建国", "since": "2026-08-30", "interest": 5000, "branch": "清河支行", "manager": "许建明"},
            {"name": "张三", "since": "2026-06-01", "interest": 700, "due": "2026-06-10", "guarantor": "李四",
             "kind": "连带责任保证"},
            {"since": "2026-11-20" if day == "11-23" else "", "interest": 300 if day == "11-23" else 0},
        ]  # fmt: skip
        bank.morning(day, *hostile, *others)
        bank.run("letters", "--stage", "30")
        bank.run("log", "张三", "promise", "500", "11-25")
    bank.run("report", "--out", bank.place / "report.html")
    return bank.place / "report.html"


def data_of(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    answer: dict[str, Any] = json.loads(found[1])
    return answer


def test_what_a_ledger_holds_cannot_end_the_script_it_stands_in(bank: Bank) -> None:
    path = grown(bank)

    text = path.read_text(encoding="utf-8")
    names = [row[1] for row in data_of(path)["lists"]["loans"]["rows"]]

    assert set(names) >= READ
    assert text.count("<script") == 2
    assert "\u2028" not in text
    assert "default-src &#39;none&#39;" in text


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[Path], Page]]:
    """Open a file in a window of its own; at the end nothing may have been said, asked for or left."""
    said: list[str] = []
    asked: list[str] = []
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))

    def open_it(path: Path) -> Page:
        page.goto(path.as_uri())
        return page

    yield open_it
    title = page.title()
    page.close()
    assert said == []
    assert len(asked) == 1
    assert title.startswith("清收报告")


@pytest.mark.slow
def test_the_script_counts_what_was_printed(bank: Bank, opened: Callable[[Path], Page]) -> None:
    page = opened(grown(bank))
    printed = dict(re.findall(r'href="(#t/[^"]+)">(?:<b>)?([^<]*)<', (bank.place / "report.html").read_text("utf-8")))

    page.select_option("#f-branch", "清河支行")
    page.select_option("#f-branch", "")
    counted = page.evaluate(
        """() => Object.fromEntries(
            [...document.querySelectorAll('[data-table] a[href^="#t/"]')]
                .filter(link => !link.closest(".spot")).map(link => [link.getAttribute("href"), link.textContent])
        )"""
    )

    assert len(printed) > 400
    assert counted == printed


@pytest.mark.slow
def test_hostile_names_are_text_and_stay_in_their_place(bank: Bank, opened: Callable[[Path], Page]) -> None:
    page = opened(grown(bank))
    page.goto(page.url + "#all")

    shown = page.locator("#rows tbody tr td:nth-child(2)").all_inner_texts()

    assert {" ".join(name.split()) for name in READ} <= {" ".join(name.split()) for name in shown}
    assert page.locator("#rows img, #rows b, #rows script").count() == 0
    assert page.locator("#rows bdi").count() >= len(HOSTILE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_each_question_is_answered_on_the_first_screen_and_two_clicks_from_the_case(
    bank: Bank, opened: Callable[[Path], Page]
) -> None:
    page = opened(grown(bank))

    for nth in range(3):
        box = page.locator(".question").nth(nth).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768
        number = page.locator(".question").nth(nth).locator(".large a").first
        assert int(number.inner_text()) > 0
        number.click()
        rows = page.locator("#rows tbody tr")
        rows.first.wait_for()  # the page answers to a link once the browser says that its address has changed
        rows.first.locator("a").first.click()
        page.locator("#case-title").wait_for()
        assert page.locator("#case-body .facts").inner_text()
        page.keyboard.press("Escape")
        page.locator("#report").wait_for()


@pytest.mark.slow
def test_numbers_and_lists_follow_the_filters(bank: Bank, opened: Callable[[Path], Page]) -> None:
    page = opened(grown(bank))
    total = page.locator("#t-by-stage tfoot a").first

    page.select_option("#f-branch", "清河支行")
    assert total.inner_text() == "1"
    assert page.locator("#f-manager option:not([hidden])").all_inner_texts() == ["全部", "许建明"]
    total.click()
    page.locator("#rows tbody tr").first.wait_for()
    assert page.locator("#rows tbody tr").count() == 1
    assert "仇建国" in page.locator("#rows tbody").inner_text()
    page.locator("#clear").click()
    page.go_back()
    total.wait_for()
    assert total.inner_text() == str(len(HOSTILE) + 3)


@pytest.mark.slow
def test_names_are_found_in_chinese_and_by_any_reading_of_their_first_letters(
    bank: Bank, opened: Callable[[Path], Page]
) -> None:
    page = opened(grown(bank))
    page.keyboard.press("/")

    for sought in ("仇建", "qjg", "cjg"):
        page.fill("#find", sought)
        names = page.locator("#rows tbody tr td:nth-child(2)").all_inner_texts()
        assert names == ["仇建国"], sought
    page.fill("#find", "没有这个人")
    assert page.locator("#rows tbody tr").count() == 0


@pytest.mark.slow
def test_a_list_is_sorted_by_keyboard(bank: Bank, opened: Callable[[Path], Page]) -> None:
    page = opened(grown(bank))
    page.goto(page.url + "#all")
    button = page.get_by_role("button", name="逾期利息")

    button.focus()
    page.keyboard.press("Enter")
    falling = page.locator("#rows tbody tr td:nth-child(11)").all_inner_texts()
    page.keyboard.press("Enter")
    rising = page.locator("#rows tbody tr td:nth-child(11)").all_inner_texts()

    amounts = [float(text.replace(",", "")) for text in falling]
    assert amounts == sorted(amounts, reverse=True)
    assert rising == falling[::-1] or sorted(rising) == sorted(falling)
    assert page.locator("#rows th[aria-sort=ascending]").inner_text().startswith("逾期利息")


@pytest.mark.slow
def test_every_number_leads_to_the_rows_it_counts(bank: Bank, opened: Callable[[Path], Page]) -> None:
    page = opened(grown(bank))
    links = page.evaluate(
        """tables => tables.flatMap(table => table.measures.flatMap((measure, nth) =>
            measure.unit === "count" && measure.plus.every(query => !query.sums.length && query.of !== "pools")
                ? [...document.querySelectorAll(`#t-${table.key} a[href^="#t/${table.key}/"]`)]
                    .filter(link => link.hash.endsWith(`/${nth}`)).map(link => [link.hash, link.textContent])
                : []))""",
        data_of(bank.place / "report.html")["tables"],
    )

    assert len(links) > 50
    for hash_, number in links:
        page.evaluate("hash => { location.hash = hash; }", hash_)
        page.wait_for_function(
            "number => document.getElementById('list-sum').textContent.startsWith(`共${number}行`)", arg=number
        )


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(
    bank: Bank, opened: Callable[[Path], Page], scheme: Literal["light", "dark"]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(grown(bank))
    page.emulate_media(color_scheme=scheme)

    for place in ("#", "#all", "#case/0"):
        page.evaluate("hash => { location.hash = hash; }", place)
        page.wait_for_timeout(100)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []


@pytest.mark.slow
def test_it_prints_on_a4_with_the_questions_on_the_first_page(bank: Bank, opened: Callable[[Path], Page]) -> None:
    page = opened(grown(bank))
    target = bank.place / "report.pdf"

    page.pdf(path=target, prefer_css_page_size=True, print_background=True)
    pages = PdfReader(target).pages

    first = pages[0].extract_text().replace(" ", "")
    for words in ("什么变坏了", "谁漏了什么", "会丢什么"):
        assert words in first
    assert "打印" not in first
    assert 5 <= len(pages) <= 20
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [297, 210]
    assert "台账质量" in "".join(one.extract_text() for one in pages[-3:])


SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何", ("建国", "桂英", "秀兰", "志强", "海燕")
LOANS = 5000


def large(place: Path) -> Path:
    head = (
        "借据号,客户名称,证件号码,联系电话,联系地址,合同号,支行,客户经理,发放日期,到期日期,贷款余额,拖欠利息,"
        "最早欠息日期,保证人1,保证方式"
    )
    path = place / "large.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(head.split(","))
        for nth in range(LOANS):
            name = SURNAMES[nth % 20] + GIVEN[nth % 5]
            since = date(2026, 11, 23) - timedelta(days=1 + nth % 300)
            rows.writerow(
                [f"0062{nth:010}", name, f"4300001970010{nth:05}", f"138{nth:08}", "清水县柳溪镇石桥村1组1号",
                 f"合{nth}", f"第{nth % 10}支行", f"{SURNAMES[nth % 20]}经理{nth % 3}", "2025-03-01", "2028-06-30",
                 50000 + nth, 100 + nth, since, f"{SURNAMES[nth % 7]}保{nth}", "连带责任保证"]
            )  # fmt: skip
    return path


@pytest.mark.slow
def test_five_thousand_overdue_loans_open_and_filter(
    bank: Bank, opened: Callable[[Path], Page], record_property: Callable[[str, object], None]
) -> None:
    bank.clock("2026-11-23 09:00")
    bank.ccm("--workspace", bank.place, "triage", large(bank.place))
    target = bank.place / "report.html"
    bank.run("report", "--out", target)
    assert target.stat().st_size <= 3_000_000 + 300 * LOANS

    page = opened(target)
    filtering = page.evaluate(
        """() => {
            const began = performance.now(), select = document.getElementById("f-branch");
            select.value = "第3支行";
            select.dispatchEvent(new Event("change"));
            document.body.offsetHeight;
            return performance.now() - began;
        }"""
    )

    assert page.locator("#t-by-stage tfoot a").first.inner_text() == str(LOANS // 10)
    opening = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    for name, value in (("bytes", target.stat().st_size), ("open_ms", opening), ("filter_ms", filtering)):
        record_property(name, value)  # shown, not judged: how busy the machine is says nothing about the page
