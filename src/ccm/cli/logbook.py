"""The workspace's journal: in whose name it is opened, and what became of letters and visits by it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ccm.journal import Journal
    from ccm.life import Lives
    from ccm.workspace import Workspace


def journal_of(place: Workspace) -> Journal:
    """Open the workspace's journal in the name of whoever runs the command."""
    from ccm.journal import open_journal

    return open_journal(place.state, actor(), place.journal)


def lives_in(journal: Journal, as_of: date | None = None) -> Lives:
    """Return what became of every letter and visit, as the journal tells it: all, or what was known on a day."""
    from ccm.life import FAMILIES, lives

    return lives(entry for entry in journal.entries(*FAMILIES) if as_of is None or entry.note.on <= as_of)


def actor() -> str:
    """Return who runs this command: CCM_ACTOR, else the name they are logged in by."""
    import getpass

    named = os.environ.get("CCM_ACTOR", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "未知"
