"""`ccm init`: a workspace with the bank's name, the policy and the templates to be edited."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccm.cli.app import app, chosen, console
from ccm.cli.chinese import ChineseCommand


@app.command("init", cls=ChineseCommand)
def init(
    folder: Annotated[
        Path | None,
        typer.Argument(help="工作目录，没有就新建；不写则是 --workspace 指的，再是当前目录", metavar="目录"),
    ] = None,
    bank: Annotated[str, typer.Option(help="银行全称", metavar="名称")] = "",
    branch: Annotated[str, typer.Option(help="支行名称", metavar="支行")] = "",
) -> None:
    """新建工作目录：写好 ccm.toml，复制政策和模板以便修改。

    例：ccm init 清收 --bank 某某农村商业银行股份有限公司 --branch 城关支行
    """
    from ccm.workspace import CONFIG, create

    place = folder or chosen() or Path()
    made = create(place, bank, branch)
    out = console()
    for path in made:
        out.print(f"已写 {path}")
    if not made:
        out.print("已有的文件没有改动。")
    if (bank or branch) and place / CONFIG not in made:
        out.print(f"{place / CONFIG} 已有，行名、机构没有改：请打开它改 [bank] 一节。", style="yellow")
    if made:
        out.print(f"下一步：ccm {'' if place == Path() else f'--workspace {place} '}triage 台账.xlsx")
