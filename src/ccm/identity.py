"""Whether an identity or organisation number can be right: its form and its check digit (law.md §10)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

CITIZEN = r"^[0-9]{6}(18|19|20)[0-9]{9}[0-9X]$"
RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RIC_CHECKS = "10X98765432"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
OTHER_PAPERS = r"^[0-9]{15}$|^[HM][0-9]{8,10}$|^[A-Z]{1,3}[0-9]{6,9}$|^[0-9]{8}$"
"""Citizens' and foreigners' numbers of 15 digits, permits of Hong Kong, Macao and Taiwan residents, passports."""


def can_be(number: str) -> bool:
    """Tell whether a number, its letters in capitals, can be that of a person or an organisation."""
    return _citizen_holds(number) or _other_holds(number.replace("-", ""))


def ric_place(body: Any) -> Any:  # noqa: ANN401 - a number, or a column of them
    """Return where in `RIC_CHECKS` the last character of 17 digits stands: their weighted sum (GB 11643)."""
    return sum(body // 10 ** (16 - at) % 10 * weight for at, weight in enumerate(RIC_WEIGHTS)) % 11


def _citizen_holds(number: str) -> bool:
    """Citizens, and foreigners with permanent residence: the check character is right and the birthday exists."""
    if not re.search(CITIZEN, number) or number[17] != RIC_CHECKS[ric_place(int(number[:17]))]:
        return False
    try:
        date.fromisoformat(number[6:14])
    except ValueError:
        return False
    return True


def _other_holds(bare: str) -> bool:
    """Organisation codes, credit codes, 15-digit citizens' numbers and other papers."""
    from stdnum.cn import uscc

    if len(bare) == 18:
        return uscc.is_valid(bare)
    return (len(bare) == 9 and _org_code_holds(bare)) or bool(re.search(OTHER_PAPERS, bare))


def _org_code_holds(code: str) -> bool:
    """GB 11714: eight characters weighted, check character 11 − sum mod 11, 10 is X and 11 is 0."""
    values = [int(c, 36) for c in code[:8] if c.isalnum() and c.isascii()]
    if len(values) != 8:
        return False
    total = sum(value * weight for value, weight in zip(values, ORG_WEIGHTS, strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]
