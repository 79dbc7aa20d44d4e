"""`ccm why LOAN`: why a loan is on the list, or is not."""

from __future__ import annotations

from typing import Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOfLedger, day_of


@app.command("why", cls=ChineseCommand)
def why(
    loan: Annotated[str, typer.Argument(help="借据号或其末几位；借款人姓名也行", metavar="借据号")],
    as_of: AsOfLedger = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """说明一笔贷款为什么在（或不在）清单上：日期、规则、出处，哪天会变。

    例：ccm why 62010012345
    """
    from ccm.cli.loan import loan_in
    from ccm.why import why as explain

    place = workspace()
    one = loan_in(place, loan, day_of(as_of) if as_of else None)
    work = one.work
    explanation = explain(
        one.row, one.case, work.policy, work.as_of, work.done, work.held(one.loan_no), work.suits.get(one.loan_no)
    )
    if as_json:
        from ccm.wire.triage import why_json

        print_json(why_json(explanation))
    else:
        from ccm.cli.loan import of_loan
        from ccm.cli.rights import rules_of
        from ccm.screen.clock import show_brief
        from ccm.screen.why import show_why

        show_why(console(), explanation, work.as_of)
        show_brief(console(), of_loan(place, one), rules_of(place), work.as_of)
