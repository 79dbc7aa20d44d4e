"""Who goes out on a day, within which limits, and everything that was made ready for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.limits import open_spans

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ccm.contact_rules import ContactRules
    from ccm.errors import Finding
    from ccm.model import Case
    from ccm.visit.errands import Pack
    from ccm.visit.route import Area

BLANK = "＿＿＿＿＿＿"


@dataclass(frozen=True, slots=True)
class Trip:
    """One day's visits: who goes, for which bank, within which limits; `staff` is how many must go."""

    on: date
    visitors: tuple[str, ...]
    bank: str
    rules: ContactRules

    @property
    def staff(self) -> int:
        """How many must go at least."""
        return self.rules.visit_staff

    @property
    def visitor_words(self) -> str:
        """The visitors' names; as many blanks as must go, where none are named."""
        return "、".join(self.visitors) if self.visitors else "、".join([BLANK] * self.staff)

    @property
    def hours(self) -> str:
        """When people may be seen."""
        return "、".join(f"{first:%H:%M}至{last:%H:%M}" for first, last in open_spans(self.rules))


@dataclass(frozen=True, slots=True)
class Visits:
    """What was made ready: packs with their folders, the order of the doors, and loans left out because they are held.

    `folder` holds the packs and the route sheet.
    """

    folder: Path
    trip: Trip
    packs: tuple[tuple[Pack, Path], ...]
    areas: tuple[Area, ...]
    held: tuple[Case, ...] = ()
    findings: tuple[Finding, ...] = ()
