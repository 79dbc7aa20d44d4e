"""`ccm journal …`: verify, export and back up the record of everything done."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup

journal = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="记录：核对、导出、备份、搬家\n\n例：ccm journal verify",
)
app.add_typer(journal, name="journal")


@journal.command("verify", cls=ChineseCommand)
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """核对记录：有没有被改过、缺了或换过次序。

    例：ccm journal verify
    """
    from ccm.cli import logbook

    with closing(logbook.journal_of(workspace())) as book:
        breaks, (count, digest) = book.verify(), book.head()
    if as_json:
        answer = {
            "whole": not breaks,
            "entries": count,
            "digest": digest,
            "breaks": [{"seq": one.seq, "reason": one.reason} for one in breaks],
        }
        print_json(answer)
    elif breaks:
        for one in breaks:
            console().print(f"✗ 第{one.seq}条：{one.reason}" if one.seq else f"✗ {one.reason}", style="red")
    else:
        console().print(
            f"记录完整：{count}条，末条摘要 {digest[:16] or '（空）'}。把这一串抄在别处，日后可以证明记录没有被截短。"
        )
    raise typer.Exit(4 if breaks else 0)


@journal.command("export", cls=ChineseCommand)
def export(
    file: Annotated[Path | None, typer.Argument(help="写到这个文件；不写则输出到屏幕", metavar="文件")] = None,
    loan: Annotated[str, typer.Option(help="只导出这笔贷款的，自成一条链", metavar="借据号")] = "",
) -> None:
    """把全部或一笔贷款的记录导出为 JSON Lines，一行一条。含客户信息，请妥善保管。

    例：ccm journal export 记录.jsonl
    """
    from ccm.cli import logbook
    from ccm.journal import as_json
    from ccm.safe import PERSONAL, written

    with closing(logbook.journal_of(workspace())) as book:
        lines = (as_json(entry) for entry in book.entries(loan_no=loan))
        if file is None:
            for line in lines:
                typer.echo(line)
            return
        with written(file) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as target:
            target.writelines(f"{line}\n" for line in lines)
    console().print(f"已导出：{file}（{PERSONAL}）")


@journal.command("backup", cls=ChineseCommand)
def backup(
    file: Annotated[Path, typer.Argument(help="备份到这个文件（不能已存在）", metavar="文件")],
) -> None:
    """备份记录；别人正在写也能备份，备份是完整的。

    例：ccm journal backup D:/备份/记录-20261123.db
    """
    from ccm.cli import logbook
    from ccm.safe import PERSONAL

    with closing(logbook.journal_of(workspace())) as book:
        count, digest = book.backup(file)
    console().print(f"已备份：{file}（{count}条，末条摘要 {digest[:16] or '（空）'}）\n{PERSONAL}")


@journal.command("copy", cls=ChineseCommand)
def copy() -> None:
    """把本工作目录的记录原样搬到 CCM_JOURNAL 指的服务器上；那里须是空的，本机的文件不动。

    例：CCM_JOURNAL=postgresql://ccm@主机/库名 ccm journal copy
    """
    from dataclasses import replace

    from ccm.cli import logbook
    from ccm.errors import CcmError

    place = workspace()
    if not place.journal:
        raise CcmError("journal-address", where="CCM_JOURNAL")
    here, there = logbook.journal_of(replace(place, journal="")), logbook.journal_of(place)
    with closing(here), closing(there):
        count, digest = here.copy_to(there)
    console().print(f"已搬到服务器：{count}条，末条摘要 {digest[:16] or '（空）'}，与本机一致。")
