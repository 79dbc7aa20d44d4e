"""Imports point down: cli → screen and the arrows → policy → model → units and errors; siblings do not meet."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from ccm.cli.app import COMMANDS, Root, app

SRC = Path(__file__).parents[1] / "src" / "ccm"

BELOW: dict[str, set[str]] = {
    "errors": set(),
    "bounds": {"errors"},
    "tomlfile": {"notepad"},
    "units": set(),
    "numbering": set(),
    "model": {"errors"},
    "frame": set(),
    "contact_rules": {"rulefile"},
    "interest_rules": {"rulefile"},
    "policy": {"contact_rules", "interest_rules", "errors", "model", "rulefile", "tomlfile", "units"},
    "safe": {"errors"},
    "notepad": set(),
    "masking": {"errors", "model"},
    "gateway": set(),
    "workspace": {"bounds", "errors", "gateway", "safe", "tomlfile"},
    "identity": set(),
    "ledger": {"bounds", "errors", "frame", "identity", "model", "portable", "safe", "units"},
    "portable": set(),
    "classify": {"model", "policy", "portable"},
    # The same rules, in a stream or on a cluster.
    "bulk": {"duties", "errors", "frame", "ledger", "model", "policy", "portable", "safe"},
    "database": {"errors"},
    "cases": {"model", "units"},
    "duties": {"model", "policy", "units"},
    "worklist": {"model", "policy", "units"},
    "compare": set(),
    "memory": {"errors", "frame", "model", "safe"},
    "signals": {"model", "policy", "units"},
    # Of rights its clocks, which tell what is at stake.
    "suit": {"errors", "model", "paper", "payments", "policy", "rights", "statutes", "units"},
    "cells": set(),
    "warn": {"cells", "errors", "model", "numbering", "payments", "policy", "units"},
    "rehearsal": {"contact_rules", "interest_rules", "model", "policy"},
    "why": {"duties", "model", "policy", "statutes", "units"},  # explains what duties decides
    "sheets": {"errors", "safe"},
    "export": {"holds", "model", "sheets", "signals", "statutes", "suit", "worklist"},  # prints the worklist
    "doctor": {"safe"},
    "refusal": {"model", "safe"},
    "report": {
        "duties",  # looks back at what duties asked for
        "holds",
        "masking",
        "model",
        "payments",
        "policy",
        "safe",
        "signals",
        "units",
    },
    "journal": {"errors", "model", "safe"},
    "life": {"model"},
    "payments": {"model", "units"},
    "allotment": set(),
    "promises": {"allotment", "model", "payments", "policy", "units"},
    "holds": {"model", "payments", "units"},
    "said": {"errors", "units"},
    "ability": {"errors"},
    "person": {"model"},
    "statutes": set(),
    "rulefile": {"errors", "statutes", "tomlfile"},
    "agreed": set(),
    "rights": {"agreed", "errors", "model", "rulefile", "tomlfile", "units"},
    "claims": {"life", "model", "rights", "units"},  # what the clocks count, from ledger and journal
    "agenda": {"masking", "model", "rights", "units"},
    "letters": {"errors", "identity", "journal", "model", "policy", "safe", "units"},  # its run is recorded as it goes
    "talk": {"errors"},
    "spoken_days": {"errors", "units"},
    "working_days": {"errors", "tomlfile", "units"},
    "phones": set(),
    "limits": {"contact_rules", "phones"},
    "past": {"contacts", "model", "phones", "said", "units"},  # reads back what contacts wrote down
    "calls": {
        "contact_rules",
        "limits",
        "model",
        "past",
        "payments",
        "phones",
        "sheets",
        "units",
        "working_days",
        "statutes",
    },
    "sms": {
        "cases",
        "contact_rules",
        "errors",
        "limits",
        "model",
        "notepad",
        "past",
        "payments",
        "phones",
        "safe",
        "tomlfile",
        "units",
    },
    "screen": {
        "retention",
        "doctor",
        "archive",
        "bulk",
        "calls",
        "claims",
        "compare",
        "contact_rules",
        "dossier",
        "errors",
        "handover",
        "holds",
        "interest_rules",
        "letters",
        "life",
        "masking",
        "model",
        "person",
        "policy",
        "post",
        "rehearsal",
        "report",
        "rights",
        "round",
        "said",
        "silence",
        "sms",
        "signals",
        "statement",
        "suit",
        "talk",
        "timeline",
        "units",
        "visit",
        "warn",
        "why",
        "working_days",
        "worklist",
        "statutes",
    },
    "desk": {
        "dossier",
        "errors",
        "masking",
        "model",
        "said",
        "screen",
        "spoken_days",
        "talk",
        "timeline",
        "units",
        "worklist",
        "statutes",
    },  # a screen with keys
    "contacts": {"ability", "limits", "model", "numbering", "payments", "policy", "said", "units"},
    "timeline": {"ability", "life", "model", "payments", "policy", "said", "statutes", "units"},
    "visit": {
        "ability",  # the form asks for what the judgement needs
        "contact_rules",
        "errors",
        "limits",
        "masking",
        "model",
        "paper",
        "person",
        "address",
        "said",
        "talk",
        "units",
    },
    "round": {"model", "paper", "units", "visit"},  # the doors of a day
    "dossier": {
        "holds",
        "model",
        "paper",
        "safe",
        "signals",
        "suit",
        "timeline",
        "units",
        "statutes",
    },  # what the case shows of each
    # The signed list shows of a case what the case file and its clocks do.
    "handover": {
        "dossier",
        "model",
        "numbering",
        "paper",
        "policy",
        "rights",
        "sheets",
        "signals",
        "statutes",
        "units",
    },
    "silence": {"model", "payments", "rights", "sheets", "statutes", "units"},
    "wire": {
        "retention",
        "archive",
        "bulk",
        "calls",
        "compare",
        "dossier",
        "errors",
        "handover",
        "ledger",
        "letters",
        "life",
        "masking",
        "model",
        "person",
        "policy",
        "post",
        "report",
        "rights",
        "round",
        "silence",
        "sms",
        "statement",
        "suit",
        "timeline",
        "units",
        "visit",
        "warn",
        "why",
    },
    "paper": {"safe"},
    "places": set(),
    "address": {"places"},
    "post": {"address", "cells", "errors", "life", "model", "payments", "safe", "statutes", "units"},
    "lock": {"errors", "safe"},
    "retention": {"model", "policy", "rights", "units"},  # of rights its clocks
    "archive": {"bounds", "life", "lock", "model", "paper", "safe", "units"},
    "statement": {
        "errors",
        "interest_rules",
        "model",
        "paper",
        "safe",
        "units",
    },
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


def test_every_module_that_makes_a_command_is_in_the_table_of_commands() -> None:
    makers = {
        path.stem
        for path in sorted((SRC / "cli").glob("*.py"))
        if path.stem != "app" and re.search(r"^(app\.add_typer|@\w+\.command)\(", path.read_text("utf-8"), re.MULTILINE)
    }

    assert makers == {module for made in COMMANDS.values() for module in made.modules}


def test_every_command_of_the_table_is_one_and_nothing_else_is() -> None:
    commands: list[Any] = [Root(name="ccm").get_command(None, name) for name in COMMANDS]

    assert [one.name for one in commands] == list(COMMANDS)
    names = [one.name for one in app.registered_commands] + [one.name for one in app.registered_groups]
    assert sorted(map(str, names)) == sorted(COMMANDS)
    assert [one.get_short_help_str(1000) for one in commands] == [made.line for made in COMMANDS.values()]
