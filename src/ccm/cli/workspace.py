"""`ccm init`: a workspace with the bank's name, the policy and the templates to be edited."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccm.cli.app import app, console
from ccm.cli.chinese import ChineseCommand


@app.command("init", cls=ChineseCommand)
def init(
    folder: Annotated[Path, typer.Argument(help="工作目录，没有就新建", metavar="目录")] = Path(),
    bank: Annotated[str, typer.Option(help="银行全称", metavar="名称")] = "",
    branch: Annotated[str, typer.Option(help="支行名称", metavar="支行")] = "",
) -> None:
    """新建工作目录：写好 ccm.toml，复制政策和模板以便修改。

    例：ccm init 清收 --bank 某某农村商业银行股份有限公司 --branch 城关支行
    """
    from ccm.workspace import create

    made = create(folder, bank, branch)
    out = console()
    for path in made:
        out.print(f"已写 {path}")
    out.print(
        "已有的文件没有改动。"
        if not made
        else "下一步：ccm --workspace 目录 triage 台账.xlsx"
        if folder != Path()
        else "下一步：ccm triage 台账.xlsx"
    )
