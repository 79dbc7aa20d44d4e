"""People read the statute, programs the section of the law's digest."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ccm as package
from ccm.statutes import named, names

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

DATA = Path(package.__file__).parent / "data"
LEDGER = Path(__file__).parents[1] / "examples" / "ledger.xlsx"


@pytest.mark.parametrize("file", sorted(DATA.glob("*.toml")), ids=lambda path: path.name)
def test_every_section_that_the_rules_cite_has_a_name(file: Path) -> None:
    cited = re.findall(r"law(?:\.md)? ((?:、?§[\d.]+)+)", file.read_text("utf-8").replace("law.md §11", ""))

    assert {one for group in cited for one in re.findall(r"§([\d.]+)", group)} <= set(names())


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("C4", "C4"),
        ("law §2.2", "民法典692、693"),
        ("law §1.4、§2.2", "民法典188、195、民法典692、693"),
        ("law.md §7.2 [F54]", "送达证据分级"),
        ("计划履行期间停止（law §5.2 special_cases）；C10", "计划履行期间停止（GB/T 45251、中银协催收指引）；C10"),
        ("law §99", "law §99"),
    ],
)
def test_a_section_is_shown_as_its_statute(rule: str, shown: str) -> None:
    assert named(rule) == shown


def test_the_screens_name_statutes_and_json_keeps_the_rule(ccm: Callable[..., Result], tmp_path: Path) -> None:
    export, no = tmp_path / "list.csv", "6299880000000018"
    ccm("triage", LEDGER, "--as-of", "2026-11-23", "--export", export)

    commands = (
        ["triage", LEDGER, "--as-of", "2026-11-23"], ["case", no], ["why", no],
        ["clock", "--loan", no], ["talk", no], ["silence", "--as-of", "2026-12-20"],
        ["policy", "show"], ["suit", "list"],
    )  # fmt: skip
    shown = {str(command[0]): ccm(*command).stdout for command in commands}
    shown["export"] = export.read_text("utf-8-sig")

    assert [name for name, text in shown.items() if "law §" in text] == []
    assert "民法典692、693" in shown["export"]
    loans = json.loads(ccm("triage", LEDGER, "--as-of", "2026-11-23", "--json").stdout)["loans"]
    assert "law §2.2" in {duty["rule"] for loan in loans for duty in loan["duties"]}
