"""`ccm report`: what was done, what was missed, where the book is going; as a file to open, a workbook, a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, progress, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of
from ccm.cli.looked import note_look
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.report.facts import Office
    from ccm.report.report import Report
    from ccm.workspace import Workspace


@app.command("report", cls=ChineseCommand)
def report(
    others: Annotated[list[Path] | None, typer.Argument(help="--from 之后的其余工作目录", metavar="[目录…]")] = None,
    sources: Annotated[
        list[Path] | None, typer.Option("--from", help="几个支行的工作目录合成一份，后面接着写目录", metavar="目录…")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="写到哪个文件，默认 reports/清收报告-日期.html", metavar="文件")
    ] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="写成工作簿（.xlsx），不写网页")] = False,
    text: Annotated[bool, typer.Option("--text", help="只在屏幕上显示要点，不写文件")] = False,
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，不写文件")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="报告里写完整的证件和电话号码")] = False,
) -> None:
    """给负责人看的报告：什么变坏了、谁漏了什么、不动会丢什么；一个网页文件，不联网。

    例：ccm report

    例：ccm report --from 柳溪 清河 城关 --xlsx
    """
    if others and not sources:
        raise typer.BadParameter("几个工作目录要写在 --from 后面", param_hint="目录")
    place, day = workspace(), day_of(as_of)
    places = _places([*(sources or ()), *(others or ())]) or [place]
    with progress("正在汇总……"):
        made = _made(places, place.bank if sources else "", day, reveal=reveal)
    for one in places if reveal else ():
        note_look(one, "report", [("", "", "")])  # all of them: one entry says so
    if as_json:
        from ccm.wire.report import report_json

        print_json(report_json(made))
        return
    if text:
        from ccm.screen.report import show_report

        show_report(console(), made)
        return
    path = out or place.root / "reports" / f"清收报告-{day}.{'xlsx' if xlsx else 'html'}"
    if xlsx or path.suffix.lower() == ".xlsx":
        from ccm.report.sheet import write_workbook

        write_workbook(made, path)
    else:
        from ccm.report.page import write_page

        write_page(made, path)
    secret = "；有完整的证件和电话号码，用完收好" if reveal else ""
    console().print(f"已写好：{path}（{_size(path)}{secret}）", soft_wrap=True)


def _size(path: Path) -> str:
    return f"{max(1, path.stat().st_size // 1000):,} KB"


def _places(folders: Sequence[Path]) -> list[Workspace]:
    from ccm import workspace as places

    return [places.load(places.locate(folder, None, folder)) for folder in folders]


def _made(places: Sequence[Workspace], bank: str, day: date, *, reveal: bool) -> Report:
    from ccm.cli.reported import office_of
    from ccm.compare import MOVE_TITLES
    from ccm.report.report import report_of

    offices = [office_of(place, day) for place in places]
    _check_stages(places, offices)
    worse = [MOVE_TITLES[move] for move in ("new", "rolled", "paid_but_worse")]
    title = bank or places[0].bank
    if len(places) == 1 and places[0].branch:
        title = f"{title} {places[0].branch}"
    return report_of(title.strip(), offices, tuple(MOVE_TITLES.values()), worse, reveal=reveal)


def _check_stages(places: Sequence[Workspace], offices: Sequence[Office]) -> None:
    """Loans of different stages cannot stand in one table."""
    first = offices[0].policy.stages
    for place, office in zip(places, offices, strict=True):
        if [(one.from_days, one.label) for one in office.policy.stages] != [(s.from_days, s.label) for s in first]:
            raise CcmError("report-stages", where=str(place.root), other=str(places[0].root))
