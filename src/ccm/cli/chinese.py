"""Help and usage errors in Chinese: the words that Typer says itself, turned into the user's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typer import Context
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HELP = (
    ("Usage:", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]…"),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("Show this message and exit.", "显示本帮助"),
    ("Install completion for the current shell.", "为当前命令行安装自动补全"),
    ("Show completion for the current shell, to copy it or customize the installation.", "显示自动补全脚本"),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
    ("[env var: ", "[环境变量："),
)

ERRORS = (
    (r"Missing argument '(.+?)'\.?", r"缺少参数 \1"),
    (r"Missing option '(.+?)'\.?", r"缺少选项 \1"),
    (r"Missing command\.?", "缺少命令"),
    (r"No such command '(.+?)'\.?", r"没有 \1 这个命令"),
    (r"No such option: (\S+)", r"没有 \1 这个选项"),
    (r"Option '?(\S+?)'? requires an argument\.?", r"选项 \1 后面要跟一个值"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)", r"多出来的参数：\1"),
    (r"Invalid value for '(.+?)': (.+)", r"\1 的值不对：\2"),
    (r"Invalid value: (.+)", r"\1"),
    (r"'(.+?)' is not a valid (?:int|integer)(?: range)?\.?", r"“\1”不是整数"),
    (r"'(.+?)' is not a valid (?:float|number)(?: range)?\.?", r"“\1”不是数字"),
    (r"(\S+) is not in the range (\S+?)<=x<=(\S+?)\.?$", r"\1 不在 \2 到 \3 之间"),
    (r"(\S+) is not in the range x>=(\S+?)\.?$", r"\1 小于 \2"),
    (r"\s*\(?Possible options: (.+?)\)?$", r"（是不是 \1？）"),
    (r"[.\s]*Did you mean '?(.+?)'?\?", r"，是不是 \1？"),
)


NEVER_FIRST = "，。；：、！？）》」』”’…%"
"""What no line begins with."""
FIRST_COLUMN = 30
"""Cells up to which the first column of a list may grow."""


TyperFormatter: Any = Context.formatter_class


class Formatter(TyperFormatter):  # type: ignore[misc]  # Typer keeps the class to itself
    """Lists and texts laid out by the cells that Chinese takes on a terminal, two a character."""

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        indent = " " * self.current_indent
        for paragraph in re.split(r"\n\s*\n", text.replace("\b", "")):
            for part in re.split(r"\n(?=\s*例：)", paragraph):
                # Lines of the source are joined: in Chinese nothing stands between them.
                joined = re.sub(f"(?<=[{NEVER_FIRST}]) ", "", " ".join(part.split()))
                lines = wrapped(joined, self.width - self.current_indent)
                self.write("\n".join(indent + line for line in lines) + "\n")
            self.write("\n")
        self.buffer[-1] = self.buffer[-1].removesuffix("\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = FIRST_COLUMN, col_spacing: int = 2) -> None:
        """Write a list of two columns."""
        rows = list(rows)
        first = min(max(map(cells, (name for name, _ in rows))), col_max) + col_spacing
        for name, text in rows:
            lines = list(wrapped(text, max(self.width - first - self.current_indent, 10))) or [""]
            if cells(name) > first - col_spacing:
                lines.insert(0, "")
            left = " " * (self.current_indent + first)
            begin = " " * self.current_indent + name + " " * max(first - cells(name), 0)
            self.write(f"{begin}{lines[0]}".rstrip() + "\n")
            self.write("".join(f"{left}{line}\n" for line in lines[1:]))


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def wrapped(text: str, width: int) -> Iterator[str]:
    """Break a text into lines of at most so many cells: between Chinese characters, and never within a Latin word."""
    line: list[str] = []
    for piece in re.findall(r"[!-~]+ ?|.", text):
        if line and cells("".join((*line, piece.rstrip()))) > width:
            keep = len(line)
            while keep > 1 and [*line, piece][keep] in NEVER_FIRST:
                keep -= 1
            yield "".join(line[:keep]).rstrip()
            line = line[keep:]
        line.append(piece)
    if text.strip():
        yield "".join(line).rstrip()


class ChineseCommand(TyperCommand):
    """A command whose help is Chinese throughout."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - Typer keeps its context type to itself
        """Return the help text."""
        ctx.formatter_class = Formatter
        return in_chinese(super().get_help(ctx))


class ChineseGroup(TyperGroup):
    """A group whose help and usage errors are Chinese."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401
        """Return the help text."""
        ctx.formatter_class = Formatter
        return in_chinese(super().get_help(ctx))


def in_chinese(text: str) -> str:
    """Replace Typer's own words in a help text."""
    for english, chinese in HELP:
        # Typer has wrapped its text to the terminal by now: a space may be a new line.
        text = re.sub(r"\s+".join(map(re.escape, english.split())), chinese, text)
    return text


def usage_error(error: Any) -> str:  # noqa: ANN401 - Typer's exceptions; not all of them know their command
    """Return a usage error in Chinese, with the command whose help tells more; what is not known stays as it is.

    Where nothing at all was typed, the message is the help itself.
    """
    message, ctx = error.format_message(), getattr(error, "ctx", None)
    if ctx and message == ctx.get_help():
        return str(message)
    for pattern, chinese in ERRORS:
        message = re.sub(pattern, chinese, message)
    command = re.sub("[{}]", "", ctx.command_path) if ctx else "ccm 命令"
    return f"用法不对：{message}\n用 {command} --help 查看用法"
