"""`ccm ledger …`: look at a ledger, or at the column names ccm knows, without acting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, progress, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of

if TYPE_CHECKING:
    from ccm.ledger.columns import Column, Layout, Names

ledger = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="台账：查错、查列名，不记录\n\n例：ccm ledger check ledger.xlsx",
)
app.add_typer(ledger, name="ledger")


@ledger.command("check", cls=ChineseCommand)
def check(
    ledgers: Annotated[list[Path], typer.Argument(help="台账文件", metavar="台账…", show_default=False)],
    as_of: AsOf = None,
    sheet: Annotated[str | None, typer.Option(help="只读这一张工作表", metavar="名称")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """只查错，不排清单，也不记录。

    例：ccm ledger check ledger.xlsx
    """
    from ccm.cli import reading
    from ccm.masking import mask_finding
    from ccm.screen.triage import show_findings

    with progress("正在读台账……"):
        checked = reading.read_book(ledgers, workspace(), day_of(as_of), reading.password_from(None), sheet)
    findings = [mask_finding(one) for one in checked.findings]
    if as_json:
        from ccm.wire.triage import finding_json

        answer = {"rows": checked.ledger.rows, "accepted": checked.ledger.loans.height}
        print_json({**answer, "findings": [finding_json(one) for one in findings]})
    else:
        out = console()
        out.print(
            f"共读{checked.ledger.rows}行，收下{checked.ledger.loans.height}行" + ("" if findings else "，没有发现问题")
        )
        show_findings(out, findings, len(checked.refused), None)
    raise typer.Exit(4 if checked.refusing else 0)


@ledger.command("columns", cls=ChineseCommand)
def columns(
    path: Annotated[
        Path | None, typer.Argument(help="台账文件：看它的每一列认作什么", metavar="[台账]", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """列出 ccm 认得的栏目和列名（含 ccm.toml 里本行自己的）；给一份台账，就看它的每一列认作什么。

    例：ccm ledger columns ledger.xlsx
    """
    from ccm.cli import reading
    from ccm.wire.rules import names_json, sheets_json

    place = workspace()
    names = reading.names_of(place)
    if path:
        from ccm.ledger.header import nearest_to_a_header
        from ccm.ledger.read import open_ledger

        opened = open_ledger(path, password=reading.password_from(None), bounds=place.bounds)
        sheets = [(sheet.name or path.name, nearest_to_a_header(sheet, names)) for sheet in opened]
        if as_json:
            print_json(sheets_json(sheets))
            return
        for name, layout in sheets:
            _show_columns(name, layout, names)
        return
    if as_json:
        print_json(names_json(names))
        return
    out = console()
    for key, field in names.fields.items():
        out.print(f"{field.title}（{key}）{'，必需' if field.required else ''}")
        out.print(f"  {'、'.join(field.names)}")


def _show_columns(sheet: str, layout: Layout | None, names: Names) -> None:
    from ccm.screen.columns import show_columns

    if layout is None:
        show_columns(console(), f"{sheet}：没有一个认得的列名", (), {})
        return
    known = [(one.index, one.header, _taken(one, names)) for one in layout.columns]
    other = [(at, header, f"不认识{f'（是不是{near}？）' if near else ''}") for at, header, near in layout.unknown]
    read = [(at + 1, header, taken) for at, header, taken in sorted(known + other)]
    missing = {key: names.fields[key].title for key in layout.missing}
    show_columns(console(), f"{sheet}：表头在第{layout.skip}行", read, missing)


def _taken(column: Column, names: Names) -> str:
    unit = f"，以{column.scale:,}元为单位" if column.scale > 1 else ""
    return f"{names.fields[column.field].title}{column.number or ''}（{column.field}）{unit}"
