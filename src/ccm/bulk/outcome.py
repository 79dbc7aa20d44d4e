"""What one triage of a large book has come to, as a person and a program are told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccm.bulk.book import Counts
    from ccm.errors import Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """The counts, the findings of the headers, the totals by stage, the duties outstanding, and where all is.

    `totals` maps a stage to its loans, overdue principal, overdue interest and balance in cents.
    """

    counts: Counts
    headers: tuple[Finding, ...]
    totals: Mapping[int, tuple[int, int, int, int | None]]
    duties: int
    out: str

    @property
    def refused(self) -> int:
        """How many rows were refused; one that repeats another is left out, not refused."""
        return self.counts.rows - self.counts.accepted - self.counts.findings.get("row-repeated", 0)
