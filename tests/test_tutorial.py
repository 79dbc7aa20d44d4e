"""The tutorial is true: its commands run in order, at the hours it names, and print the lines it shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from typer.testing import Result

ROOT = Path(__file__).parents[1]
STEPS = re.compile(r"^## .*?(\d{4}-\d\d-\d\d \d\d:\d\d).*?$|```console\n(.*?)```", re.MULTILINE | re.DOTALL)


def test_the_week_goes_as_the_tutorial_tells(
    ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples" / "ledger.xlsx", tmp_path / "台账.xlsx")
    ran = 0
    for hour, block in STEPS.findall((ROOT / "docs" / "tutorial.md").read_text("utf-8")):
        if hour:
            clock(hour)
            continue
        for part in re.split(r"^\$ ccm ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            result = ccm(*shlex.split(command), COLUMNS="100")
            said = [" ".join(line.split()) for line in result.output.splitlines()]

            assert result.exit_code in {0, 4}, (command, result.output)
            assert [line for line in shown if " ".join(line.split()) not in said] == [], (command, result.output)
            ran += 1

    assert ran == 24
