"""The append-only record of everything done; the only room that knows SQL.

chain     how an entry is digested, and where the chain does not hold
store     what a database of entries can do; sqlite and postgres do it
book      the journal itself: append, read, verify, copy
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.journal.book import Journal
from ccm.journal.chain import as_json

if TYPE_CHECKING:
    from pathlib import Path

    from ccm.journal.store import Store

__all__ = ["Journal", "as_json", "exists", "open_journal"]

SERVERS = ("postgresql://", "postgres://")


def open_journal(state: Path, actor: str, address: str = "") -> Journal:
    """Open a workspace's journal, made on first use.

    Args:
        state: The workspace's state folder, where the journal is a file readable by its owner alone.
        actor: Who writes: set on every entry.
        address: Where the journal of many people is kept instead: `postgresql://…`.

    Raises:
        CcmError: `journal-broken` where it is no journal, `journal-newer` where a later ccm wrote it,
            `journal-unwritable` where folder or server do not allow it, `journal-unreachable`, `journal-address`,
            `journal-no-driver`.
    """
    return Journal(state, _store(state, address), actor)


def _store(state: Path, address: str) -> Store:
    if not address:
        from ccm.journal.sqlite import open_store

        return open_store(state / "journal.db")
    from ccm.errors import CcmError
    from ccm.journal import postgres

    if not address.startswith(SERVERS):
        raise CcmError("journal-address", where="CCM_JOURNAL")
    return postgres.open_store(address)


def exists(state: Path, address: str) -> bool:
    """Tell whether anything can have been recorded here: a file that is there, or a server."""
    return bool(address) or any((state / name).exists() for name in ("journal.db", "letters.lock"))
