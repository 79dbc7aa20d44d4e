"""`ccm why LOAN`: why a loan is on the list, or is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of
from ccm.errors import CcmError

if TYPE_CHECKING:
    import polars as pl

    from ccm.memory import Triage


@app.command("why", cls=ChineseCommand)
def why(
    loan: Annotated[str, typer.Argument(help="借据号；借款人姓名也行", metavar="借据号")],
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """说明一笔贷款为什么在（或不在）清单上：日期、规则、出处，哪天会变。

    例：ccm why 62010012345
    """
    from ccm import memory
    from ccm.cli import journey
    from ccm.why import why as explain

    place = workspace()
    remembered = memory.latest(place.state)
    if remembered is None:
        raise CcmError("no-triage", where=str(place.root))
    day = day_of(as_of) if as_of else remembered.as_of
    number = journey.loan_no_in(remembered, loan)
    policy = journey.policy_of(place)
    done = journey.done_in(place)
    work = journey.work_of(_ledger_columns(remembered, number), remembered.parties, policy, day, done)
    row = work.book.row(0, named=True)
    case = work.ranked[0].case if work.ranked else None
    explanation = explain(row, case, policy, day, done)
    if as_json:
        import json

        from ccm.wire import why_json

        typer.echo(json.dumps(why_json(explanation), ensure_ascii=False, indent=1))
    else:
        from ccm.screen.triage import show_why

        show_why(console(), explanation)


def _ledger_columns(remembered: Triage, number: str) -> pl.DataFrame:
    from ccm.model import LOAN_COLUMNS

    return remembered.loans.filter(remembered.loans["loan_no"] == number).select(list(LOAN_COLUMNS))
