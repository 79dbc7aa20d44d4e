"""Help as a person reads it: Chinese throughout, in columns, within the width of the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.cli.app import COMMANDS, Root
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
    assert "例：" in shown.stdout or "命令：" in shown.stdout


@given(st.lists(st.sampled_from(["贷", "款，", "期。", "ab ", "c1"]), max_size=40).map("".join), st.integers(6, 40))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = list(wrapped(text, width))

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line[0] not in NEVER_FIRST for line in lines[1:])
    words = max(map(cells, re.findall("[!-~]+", text)), default=0)
    assert all(cells(line) <= max(width, words) + 2 for line in lines)
