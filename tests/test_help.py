"""Help as a person reads it: Chinese throughout, in columns, within the width of the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ccm.cli.app import COMMANDS, Root, app
from ccm.cli.chinese import NEVER_FIRST, cells, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result


def ways() -> list[tuple[str, ...]]:
    """Every command and every command of a group, as one types them."""
    found: list[tuple[str, ...]] = [()]
    for name in COMMANDS:
        command: Any = Root(name="ccm").get_command(None, name)
        found += [
            (name,),
            *((name, *(("0062",) if name == "log" else ()), sub) for sub in getattr(command, "commands", ())),
        ]
    return found


@pytest.mark.parametrize("words", ways(), ids=" ".join)
def test_every_help_is_chinese_has_an_example_and_fits_80_columns(
    ccm: Callable[..., Result], words: tuple[str, ...]
) -> None:
    shown = ccm(*words, "--help", COLUMNS="80")

    assert shown.exit_code == 0
    assert [line for line in shown.stdout.splitlines() if cells(line) > 80] == []
    for english in ("Usage", "Options", "Commands", "Arguments", "Show this", "[required]", "[default", "[OPTIONS]"):
        assert english not in shown.stdout
    assert "例：" in shown.stdout or not words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("archive", "check"), "用 ccm archive --help"),
        (("log", "0062", "promise", "abc"), "用 ccm log 借据号 promise --help"),
        (("triage", "--manager", "王敏"), "用法不对：缺少台账"),
        (("tri",), "没有 tri 这个命令，是不是 triage？"),
        (("why", "a", "b"), "多出来的参数：b"),
        (("triage", "a.csv", "--limit", "x"), "--limit 的值不对：“x”不是整数\n"),
        (("letters", "--jobs", "100"), "--jobs 的值不对：100 不在 1 到 64 之间"),
    ],
    ids=str,
)
def test_a_wrong_usage_is_told_in_chinese_and_names_the_help_to_read(
    ccm: Callable[..., Result], words: tuple[str, ...], said: str
) -> None:
    wrong = ccm(*words)

    assert wrong.exit_code == 2
    assert said in wrong.stderr
    assert "Invalid" not in wrong.stderr


def test_ccm_alone_shows_its_help_and_scolds_nobody() -> None:
    assert CliRunner().invoke(app, [], prog_name="ccm").stderr.startswith("用法： ccm [选项] 命令")


@given(st.lists(st.sampled_from(["贷", "款，", "期。", "ab ", "c1"]), max_size=40).map("".join), st.integers(6, 40))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = list(wrapped(text, width))

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line[0] not in NEVER_FIRST for line in lines[1:])
    words = max(map(cells, re.findall("[!-~]+", text)), default=0)
    assert all(cells(line) <= max(width, words) + 2 for line in lines)
