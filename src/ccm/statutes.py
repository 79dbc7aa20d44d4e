"""The statute that a section of the law's digest stands for: what people are shown instead of `law §2.2`.

The names are data (`data/law.toml`); programs get the rule as it stands.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION = r"\d+(?:\.\d+)*"
CITED = re.compile(rf"law(?:\.md)? (?P<sections>§{SECTION}(?:、§{SECTION})*)(?: special_cases)?(?: \[F\d+\])?")


def named(text: str) -> str:
    """Return a rule or a source with the statutes' names for the digest's sections; one without a name stays."""
    return CITED.sub(_names, text)


def _names(cited: re.Match[str]) -> str:
    known = names()
    sections = cited["sections"].replace("§", "").split("、")
    return "、".join(dict.fromkeys(known.get(one, f"law §{one}") for one in sections))


@cache
def names() -> Mapping[str, str]:
    """Return the statute of each section."""
    found: dict[str, str] = tomllib.loads(files("ccm").joinpath("data/law.toml").read_text("utf-8"))["names"]
    return found
