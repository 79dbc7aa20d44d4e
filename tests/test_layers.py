"""Imports point down: cli → screen and the arrows → policy → model → units and errors; siblings do not meet."""

from __future__ import annotations

import ast
from pathlib import Path

SRC = Path(__file__).parents[1] / "src" / "ccm"

BELOW: dict[str, set[str]] = {
    "errors": set(),
    "units": set(),
    "model": {"errors"},
    "policy": {"errors", "model", "units"},
    "safe": {"errors"},
    "masking": {"errors"},
    "workspace": {"errors", "safe"},
    "ledger": {"errors", "model", "units"},
    "classify": {"policy"},
    "cases": {"model", "units"},
    "duties": {"model", "policy", "units"},
    "worklist": {"model", "policy", "units"},
    "compare": set(),
    "memory": {"model"},
    "rehearsal": {"model", "policy"},
    "why": {"duties", "model", "policy", "units"},  # explains what duties decides
    "export": {"errors", "model", "safe", "worklist"},  # prints the worklist
    "refusal": {"model", "safe"},
    "journal": {"errors", "model"},
    "rulefile": {"errors"},
    "rights": {"errors", "model", "rulefile", "units"},
    "letters": {"errors", "journal", "model", "policy", "safe", "units"},  # its run is recorded as it goes
    "screen": {"compare", "errors", "letters", "model", "policy", "rehearsal", "units", "why", "worklist"},
    "wire": {"compare", "errors", "letters", "model", "policy", "units", "why"},
}
"""What each module may know of the package, beside itself; the cli may know all of it."""


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[1] for name in found if name.startswith("ccm.")}


def room(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def test_every_module_knows_only_what_is_below_it() -> None:
    wrong = [
        f"{path.relative_to(SRC)} imports {name}"
        for path in sorted(SRC.rglob("*.py"))
        if room(path) not in {"cli", "__init__"}
        for name in imports(path) - {room(path)} - BELOW[room(path)]
    ]

    assert wrong == []


def test_only_the_cli_reads_the_clock_or_the_environment() -> None:
    banned = ("date.today(", "datetime.now(", "os.environ", "time.time(")
    wrong = [
        f"{path.name}: {word}"
        for path in sorted(SRC.rglob("*.py"))
        if room(path) != "cli"
        for word in banned
        if word in path.read_text(encoding="utf-8")
    ]

    assert wrong == []
