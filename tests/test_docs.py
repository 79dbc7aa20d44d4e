"""What the pages point to is there, and the two READMEs have the same chapters."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from ccm import contact_rules, interest_rules
from ccm.policy import Factor
from ccm.policy.keys import ONCE, ROWS, TABLES, WHEN

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "templates").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_two_readmes_are_alike() -> None:
    chinese, english = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.en.md"))

    assert len(re.findall("^## ", chinese, re.MULTILINE)) == len(re.findall("^## ", english, re.MULTILINE))
    assert set(re.findall(r"\]\(([^)]+)\)", chinese)) - {"README.en.md"} == set(
        re.findall(r"\]\(([^)]+)\)", english)
    ) - {"README.md"}


def test_every_key_of_a_policy_file_has_its_sentence_and_no_other_has() -> None:
    says = tomllib.loads((ROOT / "scripts" / "policy_keys.toml").read_text("utf-8"))
    groups = {"contact": contact_rules.KEYS, "interest": interest_rules.KEYS}
    keys = {
        **{name: set(table.keys()) for name, table in {**ROWS, **ONCE, "duty.when": WHEN}.items()},
        **{f"{group}.{name}": set(keys) for group, tables in groups.items() for name, keys in tables.items()},
    }

    assert {name: set(says.pop(name)) for name in keys} == {
        name: {"", *found} - {"rule", "source"} for name, found in keys.items()
    }
    assert set(says.pop("factor")) == set(get_args(Factor))
    assert {*ROWS, *ONCE, *groups, *says.pop("top")} == set(TABLES)
    assert set(says.pop("common")) == {"rule", "source"}
    assert says == {}
