"""How `ccm doctor` is seen: one line a look, the remedy below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from ccm.doctor import Look

MARKS = {"ok": ("✓", "green"), "mended": ("✓", "cyan"), "warning": ("！", "yellow"), "error": ("✗", "bold red")}


def show_looks(console: Console, looks: Iterable[Look]) -> None:
    """Print what was found, with what to do where something is not as it should be."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in looks:
        mark, style = MARKS[one.state]
        words = Text(one.message)
        if one.state in {"warning", "error"} and one.hint:
            words.append(f"\n怎么办：{one.hint}", "dim")
        table.add_row(Text(mark, style), one.of, words)
    console.print(table)
