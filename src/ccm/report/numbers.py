"""How a report prints numbers; the page's script prints them the same way when it counts anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccm.report.pivots import Cell, Unit


def printed(cell: Cell, unit: Unit) -> str:
    """Return a cell as people read it: money in 10,000 yuan, a share in per cent, a change with its sign.

    A share of nothing is a dash.
    """
    match unit:
        case "share":
            return _percent(cell)
        case "rate":
            return f"{cell.value:,} · {_percent(cell)}" if cell.value else "0"
        case "money" | "money_change":
            text = wan(cell.value)
        case _:
            text = f"{cell.value:,}"
    if not cell.value:
        return "0"
    return f"+{text}" if unit in {"change", "money_change"} and cell.value > 0 else text


def wan(cents: int) -> str:
    """Return cents in 10,000 yuan with two decimals, half a hundredth away from zero: `1234567` → `1.23`."""
    hundredths = (abs(cents) + 5_000) // 10_000
    sign = "-" if cents < 0 and hundredths else ""
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02}"


def _percent(cell: Cell) -> str:
    return f"{(200 * cell.value + cell.of) // (2 * cell.of)}%" if cell.of else "—"
