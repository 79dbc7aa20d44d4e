"""The Typer application that all commands join, and what they share: workspace, console, errors."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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


COMMANDS = {
    "triage": ("triage",),
    "why": ("why",),
    "day": ("day",),
    "desk": ("desk",),
    "calls": ("calls",),
    "sms": ("sms",),
    "talk": ("talk",),
    "visit": ("visit",),
    "log": ("log", "log_contact", "log_word", "log_hold", "log_event"),
    "case": ("case",),
    "person": ("case",),
    "letters": ("letters", "letter_again"),
    "post": ("post",),
    "archive": ("archive",),
    "archive-check": ("archive",),
    "pack": ("archive",),
    "clock": ("clock",),
    "statement": ("statement",),
    "warn": ("warn",),
    "report": ("report",),
    "suit": ("suit", "suit_defer", "suit_court"),
    "silence": ("silence",),
    "handover": ("handover",),
    "journal": ("journal",),
    "purge": ("purge",),
    "doctor": ("doctor",),
    "init": ("workspace",),
    "ledger": ("ledger",),
    "policy": ("policy",),
    "template": ("template",),
}
"""Every command in the order of a day's work, with the modules of this package that make it."""


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
    for module in COMMANDS[name]:
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
