"""How the columns of a sheet are read: what each is taken for, which are not known, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from ccm.ledger.columns import Layout, Names


def show_layout(console: Console, sheet: str, layout: Layout | None, names: Names) -> None:
    """Print a sheet's columns as they are read, and what to write into ccm.toml for those that are not."""
    if layout is None:
        console.print(f"{sheet}：没有一个认得的列名")
        return
    console.print(f"{sheet}：表头在第{layout.skip}行")
    table = Table(box=None, pad_edge=False, show_header=True)
    for title in ("列", "列名", "认作"):
        table.add_column(title, justify="right" if title == "列" else "left", overflow="fold")
    read = [(one.index, one.header, _taken(names, one.field, one.number, one.scale)) for one in layout.columns]
    unread = [(at, head, f"不认识{f'（是不是{near}？）' if near else ''}") for at, head, near in layout.unknown]
    for at, header, said in sorted(read + unread):
        table.add_row(str(at + 1), header, said)
    console.print(table)
    if layout.missing:
        console.print(f"还缺：{'、'.join(names.fields[key].title for key in layout.missing)}", style="red")
    for key in layout.missing:
        console.print(f'  若其实有，写进 ccm.toml：[columns] {key} = ["本行的列名"]', markup=False)


def _taken(names: Names, key: str, number: int, scale: int) -> str:
    times = f"，按{scale:,}元一个单位" if scale > 1 else ""
    return f"{names.fields[key].title}{number or ''}（{key}）{times}"
