"""An amount of money as a policy file writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.units import to_cents

if TYPE_CHECKING:
    from ccm.rulefile import RuleFile


def amount(file: RuleFile, value: object, table: str, at: int, key: str) -> int | None:
    """Return an amount in cents, None where the file gives none; anything else is refused where it stands."""
    if value is None:
        return None
    try:
        return to_cents(str(value))
    except ValueError:
        file.refuse(table, at, key, f'{key} 应是加引号的金额，例如 "1000.00"')
