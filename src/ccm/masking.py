"""Personal data on screen and in JSON: the ends are shown, the middle is not (law.md §10)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ccm.model import COMPANY_NAME

if TYPE_CHECKING:
    from ccm.errors import Finding

PHONES = frozenset({"phone-wrong", "phone-unread", "phone-fixed"})
PERSONAL = frozenset({"id-wrong", "digits-lost-aside"}) | PHONES
"""Findings whose value is an identity or phone number."""


def mask_identity(number: str) -> str:
    """Show the first 3 and last 4 characters: `110***********002X`."""
    return number if len(number) < 8 else f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_phone(number: str) -> str:
    """Show the first 3 and last 4 digits: `138****1234`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


def mask_finding(finding: Finding) -> Finding:
    """Mask the value of a finding that shows personal data."""
    if finding.code not in PERSONAL:
        return finding
    mask = mask_phone if finding.code in PHONES else mask_identity
    return replace(finding, value=mask(finding.value))


NUMBER = re.compile(r"\d{7,}[\dXx]?")
WORDS = re.compile(r"[\u3400-\u9fff]+")


def mask_text(text: str, *, names: bool = False) -> str:
    """Mask every long number in a text of any kind; with `names` every Chinese word, since any may be a name."""
    text = NUMBER.sub(lambda found: mask_identity(found[0]), text)
    return WORDS.sub("□", text) if names else text


def mask_name(name: str) -> str:
    """Show a person's surname alone, `张某`; of a company nothing: `某单位`."""
    return "某单位" if re.search(COMPANY_NAME, name) else f"{name[:1]}某"
