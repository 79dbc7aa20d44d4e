"""The workspace's journal: in whose name it is opened, and what became of letters and visits by it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccm.journal import Journal
    from ccm.life import Lives
    from ccm.workspace import Workspace


def journal_of(place: Workspace) -> Journal:
    """Open the workspace's journal in the name of whoever runs the command."""
    from ccm.journal import open_journal

    return open_journal(place.state, actor(), place.journal)


def lives_in(journal: Journal) -> Lives:
    """Return what became of every letter and visit, as the journal tells it."""
    from ccm.life import FAMILIES, lives

    return lives(journal.entries(*FAMILIES))


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
