"""How the columns of a sheet are read: what each is taken for, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console


def show_columns(
    console: Console, sheet: str, read: Sequence[tuple[int, str, str]], missing: Mapping[str, str]
) -> None:
    """Print a sheet's columns, and what to write into ccm.toml for those that are missing.

    Args:
        console: Where.
        sheet: Its name.
        read: A row per column: its place counted from 1, its header, what it is taken for.
        missing: The keys of the fields that must be there and are not, each with its title.
    """
    console.print(sheet, markup=False)
    table = Table(box=None, pad_edge=False)
    for title in ("列", "列名", "认作"):
        table.add_column(title, justify="right" if title == "列" else "left", overflow="fold")
    for at, header, taken in read:
        table.add_row(str(at), header, taken)
    if read:
        console.print(table)
    for key, title in missing.items():
        console.print(
            f'缺{title}；若其实有，写进 ccm.toml：[columns] {key} = ["本行的列名"]', style="red", markup=False
        )
    console.print()
