"""Every spelling of a date, an amount or a number that banks write, and none guessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.ledger.parse import count, day, ident, money, parsed, rate
from ccm.ledger.workbook import split

if TYPE_CHECKING:
    import polars as pl

if TYPE_CHECKING:
    import polars as pl

DAYS = st.dates(min_value=date(1950, 1, 2), max_value=date(2098, 12, 31))
CENTS = st.integers(min_value=-(10**13), max_value=10**13)


def found(plan: pl.LazyFrame) -> tuple[object, set[str]]:
    (one,) = parsed([plan])
    return one.values[0], set(one.trouble)


def values(plan: pl.LazyFrame) -> list[object]:
    return parsed([plan])[0].values.to_list()


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d 00:00:00"]))
def test_a_written_date_is_that_day(on: date, form: str) -> None:
    assert found(day(split([on.strftime(form)]))) == (on, set())


@given(DAYS)
def test_a_date_without_leading_zeros_a_serial_and_a_number_of_eight_digits(on: date) -> None:
    short = f"{on.year}年{on.month}月{on.day}日"
    serial = float((on - date(1899, 12, 30)).days)
    assert values(day(split([short, serial, float(on.strftime("%Y%m%d"))]))) == [on, on, on]


@given(DAYS)
def test_day_and_month_without_a_clear_year_are_never_guessed(on: date) -> None:
    assert found(day(split([on.strftime("%d/%m/%Y")]))) == (None, {"date-ambiguous"})


@given(st.integers(1950, 2098), st.integers(1, 12))
def test_a_day_after_the_month_ends_is_impossible(year: int, month: int) -> None:
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    assert found(day(split([f"{year}-{month:02}-{last + 1}"]))) == (None, {"date-impossible"})


@pytest.mark.parametrize("nothing", ["", "-", "0", "00000000", "9999-12-31", "1900-01-00", "无"])
def test_what_stands_for_no_date_is_blank(nothing: str) -> None:
    assert found(day(split([nothing]))) == (None, set())


@given(CENTS)
def test_amounts_are_exact_however_they_are_written(cents: int) -> None:
    yuan = Decimal(cents) / 100
    forms = [f"{yuan:,.2f}", f"{yuan:.2f}", f"￥{yuan:,.2f}" if cents >= 0 else f"({-yuan:,.2f})", f"{yuan:.2f}元"]
    assert values(money(split(forms))) == [cents] * 4
    wide = f"{yuan:.2f}".translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
    assert values(money(split([wide]))) == [cents]


@given(st.integers(-(10**11), 10**11))
def test_an_amount_in_ten_thousands_loses_nothing(cents: int) -> None:
    assert values(money(split([f"{Decimal(cents) / 1_000_000:.6f}"]), 10_000)) == [cents]


@given(CENTS)
def test_an_amount_kept_as_a_number_is_rounded_to_the_cent(cents: int) -> None:
    assert values(money(split([cents / 100]))) == [cents]


@pytest.mark.parametrize("word", ["壹万", "1.2.3", "12a", "约100", "1e5万"])
def test_an_amount_in_words_is_a_finding(word: str) -> None:
    assert found(money(split([word]))) == (None, {"amount-text"})


@pytest.mark.parametrize(("cell", "kept"), [("0012", "0012"), ('="0012"', "0012"), ("'0012", "0012"), (1002.0, "1002")])
def test_identifiers_keep_what_was_written(cell: object, kept: str) -> None:
    assert found(ident(split([cell]))) == (kept, set())


@pytest.mark.parametrize("cell", [4.3e17, "4.3E+17", "4.30000197001E+17", 430000197001010010])
def test_digits_that_excel_lost_are_a_finding(cell: object) -> None:
    assert found(ident(split([cell]))) == (None, {"digits-lost"})


@given(st.integers(0, 9999), st.sampled_from(["{}", "{}天", "{} 天", "{}次"]))
def test_counts_are_read_with_their_unit(number: int, form: str) -> None:
    assert found(count(split([form.format(number)]))) == (number, set())


@pytest.mark.parametrize("cell", ["-3", "3.5", "三", 1e9])
def test_no_count_is_a_finding(cell: object) -> None:
    assert found(count(split([cell]))) == (None, {"count-text"})


@given(st.lists(st.one_of(st.text(max_size=12), st.floats(allow_nan=False), st.integers(), DAYS, st.booleans())))
def test_no_cell_breaks_a_parser(cells: list[object]) -> None:
    for parser in (day, money, ident, count):
        assert len(values(parser(split(cells)))) == len(cells)


@given(st.lists(st.one_of(DAYS.map(str), st.sampled_from(["", "2026-02-30", "9999-12-31", "1900-01-01", "x"]))))
def test_the_short_way_reads_dates_as_the_long_way(cells: list[str]) -> None:
    assert values(day(split(cells))) == values(day(split([*cells, "2026年5月1日"])))[:-1]


PLAIN_AMOUNTS = CENTS.map(lambda cents: f"{Decimal(cents) / 100:.2f}")


@given(st.lists(st.one_of(PLAIN_AMOUNTS, st.sampled_from(["", "x", "-", "1e5", "+3"]))))
def test_the_short_way_reads_amounts_as_the_long_way(cells: list[str]) -> None:
    assert values(money(split(cells))) == values(money(split([*cells, "1,000"])))[:-1]


def test_a_rate_is_in_per_cent_however_it_is_written() -> None:
    written = ["4.35%", "4.35", 4.35, 0.0435, "0.0435", "0.35%", "４．３５％", 0, "浮动", ""]

    assert values(rate(split(written))) == [4.35, 4.35, 4.35, 4.35, 4.35, 0.35, 4.35, 0, None, None]
