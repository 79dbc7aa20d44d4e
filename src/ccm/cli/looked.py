"""Who looked at whose whole numbers, and when: `--reveal` is written down before anything is shown."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ccm.cli.days import day_of, now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.workspace import Workspace

Whose = tuple[str, str, str]
"""A loan's number, and the role and name of whose numbers are shown; all empty where no loan is known."""


def note_look(place: Workspace, where: str, whose: Iterable[Whose]) -> None:
    """Write one entry `revealed` per loan and person shown (个人信息保护法51); nothing where nobody is.

    Args:
        place: The workspace.
        where: The command that shows them.
        whose: Whose numbers it shows.

    Raises:
        CcmError: `journal-…` where it cannot be written; then nothing may be shown.
    """
    from ccm.cli import logbook
    from ccm.model import Note

    at = now()
    facts = {"at": f"{at:%H:%M}", "where": where}
    notes = [Note("revealed", day_of(None), loan, name, role, facts=facts) for loan, role, name in dict.fromkeys(whose)]
    if notes:
        with closing(logbook.journal_of(place)) as journal:
            journal.record(notes, at)
