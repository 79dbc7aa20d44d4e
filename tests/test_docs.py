"""What the pages point to is there, and the two READMEs have the same chapters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
