"""The telephone numbers in a cell: several in one, with +86, spaces, full-width digits; mobiles told from fixed lines.

A part of the cell that is no number is told, never guessed: `13800001111（其妻）` may be somebody else's.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOBILE = r"(?:(?:\+|00)?86)?(1[3-9]\d{9})"
FIXED = re.compile(r"(?:(?:\+|00)?86-?)?(0\d{2,3}-?\d{7,8}(?:-\d{1,6})?)|(\d{7,8})|((?:400|800)-?\d{3}-?\d{4})")
BETWEEN = re.compile(r"[,;、/\\|]+|(?:或|和)")
WITHIN = re.compile(r"[\s().·-]")
"""What people put inside a mobile number."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One number as it is dialled, and whether it can take a message (law.md §10: a mobile has 11 digits)."""

    number: str
    mobile: bool


@dataclass(frozen=True, slots=True)
class Phones:
    """The numbers of a cell in their order, each once, and the parts of it that are none."""

    numbers: tuple[Phone, ...] = ()
    unread: tuple[str, ...] = ()


def phones(cell: str | None) -> Phones:
    """Return the numbers of a cell; a blank one has none."""
    numbers: dict[Phone, None] = {}
    unread = []
    for part in BETWEEN.split(unicodedata.normalize("NFKC", cell or "")):
        if found := _numbers(part.strip()):
            numbers.update(dict.fromkeys(found))
        elif part.strip():
            unread.append(part.strip())
    return Phones(tuple(numbers), tuple(unread))


def bare(number: str) -> str:
    """Return a number's digits without the country code: what makes two spellings one number."""
    digits = "".join(filter(str.isdigit, unicodedata.normalize("NFKC", number)))
    return re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$|0\d{9,11}$)", "", digits)


def _numbers(part: str) -> list[Phone]:
    """Mobiles, also run together where the ledger lost the space between them; else one fixed line."""
    solid = WITHIN.sub("", part)
    if re.fullmatch(rf"(?:{MOBILE})+", solid):
        return [Phone(number, mobile=True) for number in re.findall(MOBILE, solid)]
    fixed = FIXED.fullmatch(re.sub(r"[\s()]", "", part))
    return [Phone(next(filter(None, fixed.groups())), mobile=False)] if fixed else []
