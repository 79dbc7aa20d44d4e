"""`ccm policy …`: check, read and rehearse the rules before they act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccm.cli.app import app, console, print_json, progress, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of

policy = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="清收政策：检查、查看、试算\n\n例：ccm policy show",
)
app.add_typer(policy, name="policy")


@policy.command("check", cls=ChineseCommand)
def check(
    file: Annotated[Path | None, typer.Argument(help="政策文件；不写则查工作目录里正在用的", metavar="文件")] = None,
) -> None:
    """检查政策文件和工作日历 holidays.toml 能不能用；有错就说出行号和原因。

    例：ccm policy check policy.toml
    """
    from ccm import working_days
    from ccm.policy import load

    place, out = workspace(), console()
    checked = load(file or place.policy)
    out.print(
        f"{checked.path}：可用。{len(checked.stages)}个阶段，{len(checked.duties)}项应办，{len(checked.classes)}级分类"
    )
    own = working_days.load(place.root).own
    if own:
        out.print(f"{working_days.FILE}：可用，{'、'.join(f'{year}年' for year in sorted(own))}")


@policy.command("show", cls=ChineseCommand)
def show(
    file: Annotated[Path | None, typer.Argument(help="政策文件；不写则看正在用的", metavar="文件")] = None,
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """把政策写成人读的样子，每条带出处；最后是工作日历知道哪几年。

    例：ccm policy show
    """
    from ccm import working_days
    from ccm.policy import load
    from ccm.screen.contact import show_calendar, show_interest, show_limits
    from ccm.screen.policy import show_policy

    place, out = workspace(), console()
    policy = load(file or place.policy)
    if as_json:
        from ccm.wire.rules import policy_json

        print_json(policy_json(policy))
        return
    show_policy(out, policy)
    show_limits(out, policy.contact)
    show_interest(out, policy.interest)
    show_calendar(out, working_days.load(place.root), day_of(as_of).year)


@policy.command("diff", cls=ChineseCommand)
def diff(
    old: Annotated[Path, typer.Argument(help="现行政策文件", metavar="旧文件")],
    new: Annotated[Path, typer.Argument(help="要试的政策文件", metavar="新文件")],
    ledger: Annotated[list[Path], typer.Option(help="拿哪本台账试算，可写多次", metavar="台账")],
    as_of: AsOf = None,
) -> None:
    """改政策之前先试算：谁会换阶段，多发几封函，哪些应办会变成已过期。

    例：ccm policy diff policy.toml policy-new.toml --ledger ledger.xlsx
    """
    from ccm.cli import journey, reading
    from ccm.policy import load
    from ccm.rehearsal import rehearse
    from ccm.screen.policy import show_rehearsal

    day = day_of(as_of)
    before, after = load(old), load(new)
    with progress("正在试算……"):
        checked = reading.read_book(ledger, workspace(), day, reading.password_from(None), None)
        works = [journey.work_of(checked.ledger.loans, checked.ledger.parties, one, day) for one in (before, after)]
        under = [[(item.case, item.duties) for item in work.items(work.ranked)] for work in works]
    show_rehearsal(console(), rehearse(before, after, *under), day)
