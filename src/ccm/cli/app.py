"""The Typer application that all commands join, and what they share: workspace, console, errors."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.exceptions import TyperException

from ccm import __version__
from ccm.cli.chinese import ChineseGroup, usage_error
from ccm.errors import CcmError
from ccm.safe import private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from ccm.workspace import Workspace


class Made(NamedTuple):
    """How a command is made: by these modules of this package; and its line in the help, its docstring's first."""

    modules: tuple[str, ...]
    line: str


COMMANDS = {
    "triage": Made(("triage",), "读台账，查错，分阶段，列出今天该办的事。"),
    "why": Made(("why",), "说明一笔贷款为什么在（或不在）清单上：日期、规则、出处，哪天会变。"),
    "day": Made(("day",), "今天一天的安排，一页纸：先去哪几处、几点给谁打电话、寄什么、查谁、谁的承诺到期。"),
    "desk": Made(("desk",), "催收台：今天的清单和案情摆在一起，打完一笔几个键记下，接着下一笔。按 ? 看帮助。"),
    "calls": Made(("calls",), "今天该打的电话：先打谁、几点打、为什么、怎么开口；不超法定的时段和次数。"),
    "sms": Made(("sms",), "成批的短信：到期前、到期当天、逾期、承诺未履行；写成网关的文件，逐条登记。"),
    "talk": Made(("talk",), "和这位客户怎么说话：开场、分寸、别说的话；只供参考。"),
    "visit": Made(("visit",), "上门前备好：谈话提纲、要带的函、观察记录和取证表、走哪条路。"),
    "log": Made(
        ("log", "log_contact", "log_word", "log_payment", "log_hold", "log_event"),
        "登记和客户的往来：电话、上门、承诺、异议……边打电话边记。",
    ),
    "case": Made(("case",), "一笔贷款的全部经过：台账、信函、电话、上门、承诺、暂停、证据，现在如何，还欠什么。"),
    "person": Made(("case",), "一个人的全部身份：这里是借款人，那里是几笔的担保人；一共欠多少、担保多少。"),
    "letters": Made(("letters", "letter_again"), "信函：编号、登记、打印"),
    "post": Made(("post",), "寄送：清单、邮件号、投递结果、寄前核对"),
    "archive": Made(("archive",), "归档：存入材料、查看"),
    "archive-check": Made(("archive",), "核对档案：每封函、每次上门缺什么、什么读不出、什么被改过、什么没有归属。"),
    "pack": Made(
        ("archive", "pack"), "把一笔贷款的证据打成一包，移交起诉：目录、催收过程、欠款情况、全部证据和校验值。"
    ),
    "clock": Made(("clock",), "哪项权利、对谁、哪天丢、怎样保住：诉讼时效、保证期间、抵押权、申请执行。"),
    "statement": Made(
        ("statement",), "欠款计算表：利息、罚息、复利逐行列出算式，与台账核对，写成可盖章的文档和可重算的表格。"
    ),
    "warn": Made(("warn",), "预警信号：登记、核实、处置、跟踪、关闭"),
    "report": Made(("report",), "给负责人看的报告：什么变坏了、谁漏了什么、不动会丢什么；一个网页文件，不联网。"),
    "suit": Made(("suit", "suit_defer", "suit_court"), "起诉：该诉的、暂缓的、已诉的，和起诉材料"),
    "silence": Made(
        ("silence",), "该办而多少天没有人经手的：哪项权利快丢了、欠多少、最后是谁哪天办的；按客户经理合计。"
    ),
    "handover": Made(
        ("handover",), "移交清单：一位客户经理名下逾期和到期的各笔，连同权利、承诺、信号、材料、未办事项，打印签字。"
    ),
    "journal": Made(("journal",), "记录：核对、导出、备份、搬家"),
    "purge": Made(("purge",), "保存期满的案卷：函件、证据、上门材料、台账记忆里的个人信息，列出来，看过再销毁。"),
    "doctor": Made(
        ("doctor",), "体检：工作目录、政策、模板、记录、信函文件、权限、LibreOffice、字体、时钟，哪里不对、怎么办。"
    ),
    "init": Made(("workspace",), "新建工作目录：写好 ccm.toml，复制政策和模板以便修改。"),
    "ledger": Made(("ledger",), "台账：查错、查列名，不记录"),
    "policy": Made(("policy",), "清收政策：检查、查看、试算"),
    "template": Made(("template",), "信函模板：检查、预览"),
}
"""Every command in the order of a day's work; the lines stand here too, so that the help need not load them all."""


class Root(ChineseGroup):
    """All commands, each loaded when it is called; and the one place that turns trouble into message and exit code."""

    def __init__(self, **extra: Any) -> None:  # noqa: ANN401
        super().__init__(**extra)
        # From here Typer takes the nearest name where one is mistyped.
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]

    def list_commands(self, _: Any) -> list[str]:  # noqa: ANN401 - Typer keeps its context type to itself
        """Return the names of all commands, as the help lists them."""
        return list(COMMANDS)

    def get_command(self, _: Any, name: str) -> Any:  # noqa: ANN401
        """Return a command, None where there is none of that name."""
        return _command(name) if name in COMMANDS else None

    def format_commands(self, _: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the list of commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, made.line) for name, made in COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401
        """Run a command line and exit: 2 for usage, 3 for a stop, 130 when interrupted, 1 for a bug."""
        try:
            with private():
                sys.exit(super().main(*args, **{**extra, "standalone_mode": False}) or 0)
        except CcmError as error:
            from ccm.screen.triage import show_error

            show_error(console(stderr=True), error)
            sys.exit(3)
        except typer.Abort:
            typer.echo("已中断", err=True)
            sys.exit(130)
        except TyperException as error:
            typer.echo(usage_error(error), err=True)
            sys.exit(2)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may hold a customer's data
            typer.echo(without_data(error), err=True)
            sys.exit(1)


def without_data(error: Exception) -> str:
    """Return the traceback of a bug as it may be mailed: without the numbers and names that a message may hold."""
    import traceback

    from ccm.masking import mask_text

    lines = "".join(traceback.format_exception(error)).splitlines()
    # Lines that are set in are our own source; what Python says of the error begins at the margin.
    return "\n".join(line if line.startswith("  ") else mask_text(line, names=True) for line in lines)


app = typer.Typer(
    cls=Root,
    name="ccm",
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@cache
def _command(name: str) -> Any:  # noqa: ANN401 - a command or a group of them
    """Load one command; all of them together would cost every start a tenth of a second."""
    for module in COMMANDS[name].modules:
        import_module(f"ccm.cli.{module}")
    alone = typer.Typer(rich_markup_mode=None)
    alone.registered_commands = [one for one in app.registered_commands if one.name == name]
    alone.registered_groups = [one for one in app.registered_groups if one.name == name]
    return typer.main.get_group(alone).commands[name]


_chosen: dict[str, Path | None] = {"workspace": None}


def _version(value: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if value:
        typer.echo(f"ccm {__version__}")
        raise typer.Exit


@app.callback()
def root(
    workspace: Annotated[
        Path | None,
        typer.Option(help="工作目录；不写则用环境变量 CCM_WORKSPACE，再找有 ccm.toml 的上级目录", metavar="目录"),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="显示版本", callback=_version, is_eager=True)] = False,  # noqa: ARG001
) -> None:
    """客户经理清收工具：读台账，列出今天该办的事。

    例：ccm triage ledger.xlsx
    """
    _chosen["workspace"] = workspace


def chosen() -> Path | None:
    """Return the folder that --workspace names, also one that is not there yet."""
    return _chosen["workspace"]


def workspace() -> Workspace:
    """Return the workspace this call works in, with the journal it writes into."""
    from dataclasses import replace

    from ccm import workspace as places

    place = places.load(places.locate(_chosen["workspace"], os.environ.get("CCM_WORKSPACE"), Path.cwd()))
    return replace(place, journal=os.environ.get("CCM_JOURNAL", "").strip())


def console(*, stderr: bool = False) -> Console:
    """Return a console; in a pipe it is 120 columns wide, or as COLUMNS says."""
    from rich.console import Console

    piped = not (sys.stderr if stderr else sys.stdout).isatty()
    width = 120 if piped and "COLUMNS" not in os.environ else None
    return Console(stderr=stderr, highlight=False, width=width, emoji=False, markup=False)


def progress(text: str) -> Any:  # noqa: ANN401 - a context manager of Rich's
    """Show what is being worked on while a block runs, on a terminal only."""
    return console(stderr=True).status(text)


@contextmanager
def counted(text: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function to call once per piece of work; on a terminal a bar shows count and rate."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def measured(text: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the bytes done; on a terminal a bar shows how much and how fast."""
    if not sys.stderr.isatty() or not total:
        yield lambda _: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=total)
        yield lambda size: bar.advance(task, size)


def print_json(answer: object) -> None:
    """Print what a program reads."""
    import json
    from itertools import islice

    from ccm.cli.charset import holds_all

    # In parts: the whole of a large answer would be the most that a command ever holds.
    pieces = json.JSONEncoder(ensure_ascii=not holds_all(), indent=1).iterencode(answer)
    while part := "".join(islice(pieces, 10_000)):
        typer.echo(part, nl=False)
    typer.echo()
