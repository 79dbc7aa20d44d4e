"""The policy's limits and rates, and the working calendar, as the terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm import interest_rules
from ccm.contact_rules import TITLES
from ccm.working_days import FILE, KNOWN_TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from ccm.contact_rules import ContactRules
    from ccm.interest_rules import InterestRules
    from ccm.working_days import Calendar

AHEAD = 4
"""How many years from this one are shown: a limitation period of three years ends among them."""


def show_limits(console: Console, rules: ContactRules) -> None:
    """Print the limits of contact, each with its source."""
    _show(console, "联系的限度", TITLES, rules)


def show_interest(console: Console, rules: InterestRules) -> None:
    """Print how interest, penalties and compound interest are counted, each rule with its source."""
    _show(console, "利息、罚息、复利", interest_rules.TITLES, rules)


def _show(console: Console, title: str, titles: Mapping[str, str], rules: ContactRules | InterestRules) -> None:
    console.print(Text(f"\n{title}", style="bold"))
    sheet = _sheet()
    for table, words in rules.lines().items():
        sheet.add_row(f"  {titles[table]}", words)
        sheet.add_row("", Text(f"出处：{rules.sources[table]}", style="dim"))
    console.print(sheet)


def show_calendar(console: Console, calendar: Calendar, year: int) -> None:
    """Print how far the days of this year and the next are known, and whence."""
    console.print(Text("\n工作日历", style="bold"))
    sheet = _sheet()
    for one in range(year, year + AHEAD):
        known, source = calendar.known(one), calendar.source(one)
        style = "" if known == "official" else "yellow"
        sheet.add_row(
            f"  {one}年", Text.assemble((KNOWN_TITLES[known], style), (f"；出处：{source}" if source else "", "dim"))
        )
    console.print(sheet)
    console.print(Text(f"  放假通知公布后写进工作目录的 {FILE}（写法见README），那一年就以它为准", style="dim"))


def _sheet() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table
