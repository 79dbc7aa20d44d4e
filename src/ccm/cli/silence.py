"""`ccm silence`: which due duties nobody has touched for some days, for whoever answers for the managers (W5)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli import journey, logbook
from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of

if TYPE_CHECKING:
    from datetime import date

    from ccm.model import Case
    from ccm.silence import Touch
    from ccm.workspace import Workspace


@app.command("silence", cls=ChineseCommand)
def silence(
    days: Annotated[int, typer.Option(help="多少天没有人经手", metavar="天数", min=1)] = 7,
    manager: Annotated[str | None, typer.Option(help="只看这位客户经理", metavar="姓名")] = None,
    branch: Annotated[str | None, typer.Option(help="只看这个机构", metavar="名称")] = None,
    limit: Annotated[int, typer.Option(help="屏幕上每人显示几笔", metavar="笔数", min=0)] = 10,
    export: Annotated[Path | None, typer.Option(help="导出：.xlsx 或 .csv", metavar="文件")] = None,
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """该办而多少天没有人经手的：哪项权利快丢了、欠多少、最后是谁哪天办的；按客户经理合计。

    例：ccm silence --days 14
    """
    from ccm.cli.triage import wanted
    from ccm.silence import NOBODY, by_manager, silences, write_export

    place, day = workspace(), day_of(as_of)
    _, work = journey.remembered_work(place, day, journey.recorded_in(place))
    work.expect(manager, branch)
    items = work.items([one for one in work.ranked if wanted(work, one.case, None, manager, branch)])

    def answers(case: Case) -> str:
        return work.handed.get(case.loan_no) or case.manager or NOBODY

    found = silences(items, _touches(place, day), work.rights, answers, days, day)
    if export:
        write_export(found, export)
    groups = by_manager(found)
    if as_json:
        from ccm.wire.silence import silence_json

        print_json(silence_json(groups, days, day))
    else:
        from ccm.screen.silence import show_silence

        show_silence(console(), groups, days, day, limit)
        if export:
            console().print(f"已导出：{export}")


def _touches(place: Workspace, day: date) -> dict[str, Touch]:
    from ccm.journal import exists
    from ccm.silence import touches

    if not exists(place.state, place.journal):
        return {}
    with closing(logbook.journal_of(place)) as journal:
        return touches(journal.entries(), day)
