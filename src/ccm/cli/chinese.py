"""Help and usage errors in Chinese: the words that Typer says itself, turned into the user's language."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

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
    (r"Got unexpected extra arguments? \((.+)\)", r"多出来的参数：\1"),
    (r"Invalid value for '(.+?)': (.+)", r"\1 的值不对：\2"),
    (r"'(.+?)' is not a valid (?:int|integer)\.?", r"“\1”不是整数"),
    (r"\(?Possible options: (.+?)\)?$", r"（是不是 \1？）"),
    (r"[.\s]*Did you mean (.+?)\?", r"，是不是 \1？"),
)


class ChineseCommand(TyperCommand):
    """A command whose help is Chinese throughout."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - Typer keeps its context type to itself
        """Return the help text."""
        return in_chinese(super().get_help(ctx))


class ChineseGroup(TyperGroup):
    """A group whose help and usage errors are Chinese."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401
        """Return the help text."""
        return in_chinese(super().get_help(ctx))


def in_chinese(text: str) -> str:
    """Replace Typer's own words in a help text."""
    for english, chinese in HELP:
        # Typer has wrapped its text to the terminal by now: a space may be a new line.
        text = re.sub(r"\s+".join(map(re.escape, english.split())), chinese, text)
    return text


def usage_error(message: str) -> str:
    """Return a usage error in Chinese; what is not known stays as it is."""
    for pattern, chinese in ERRORS:
        message = re.sub(pattern, chinese, message)
    return message
