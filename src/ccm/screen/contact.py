"""When a customer may be contacted, as the terminal shows it: the working calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ccm.working_days import FILE, KNOWN_TITLES

if TYPE_CHECKING:
    from rich.console import Console

    from ccm.working_days import Calendar

AHEAD = 4
"""How many years from this one are shown: a limitation period of three years ends among them."""


def show_calendar(console: Console, calendar: Calendar, year: int) -> None:
    """Print how far the days of this year and the next are known, and whence."""
    console.print(Text("\n工作日历", style="bold"))
    for one in range(year, year + AHEAD):
        known = calendar.known(one)
        style = "" if known == "official" else "yellow"
        console.print(Text.assemble(f"  {one}年  ", (KNOWN_TITLES[known], style), f"  {calendar.source(one)}"))
    console.print(Text(f"  放假通知公布后，把这一年写进工作目录的 {FILE}，就以它为准（写法见 README）", style="dim"))
