"""The journal as an SQLite file beside the workspace: for one machine, also several runs at once."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager
from shutil import disk_usage
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.journal.chain import COLUMNS, DIGEST, Row
from ccm.safe import spoken, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

MIGRATIONS = (
    """
    CREATE TABLE entry (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        kind TEXT NOT NULL,
        day TEXT NOT NULL,
        loan_no TEXT NOT NULL,
        party TEXT NOT NULL,
        role TEXT NOT NULL,
        duty TEXT NOT NULL,
        letter_no TEXT NOT NULL,
        series TEXT,
        serial INTEGER,
        policy TEXT NOT NULL,
        facts TEXT NOT NULL,
        before TEXT NOT NULL,
        digest TEXT NOT NULL,
        UNIQUE (series, serial)
    ) STRICT;
    CREATE INDEX entry_loan ON entry (loan_no);
    CREATE INDEX entry_letter ON entry (letter_no) WHERE letter_no <> '';
    CREATE INDEX entry_kind ON entry (kind);
    CREATE UNIQUE INDEX entry_number ON entry (letter_no COLLATE NOCASE) WHERE serial IS NOT NULL;
    CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
    INSERT INTO head VALUES (1, 0, '');
    CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'journal entries are never changed'); END;
    CREATE TRIGGER entry_remains BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'journal entries are never deleted'); END;
    """,
    """
    ALTER TABLE entry ADD COLUMN case_before TEXT;
    """,
)
"""One script per schema version; each runs in a transaction of its own."""

LOCK = "letters.lock"
"""What holds the one run of letters; it stays when that run is over."""
LEAST_ROOM = 64 * 1024
"""Bytes below which a disk counts as full: what SQLite takes for its shared file at once is 32 KiB."""
WAIT_SECONDS = 120
"""How long a run waits for another that is writing."""


class SqliteStore:
    """A file of entries, opened by one run."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.where, self._db = path, str(path), connection

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield the rows of a query.

        Raises:
            CcmError: `journal-broken` where the file is damaged.
        """
        try:
            yield from self._db.execute(query, values)
        except sqlite3.DatabaseError as error:
            raise _trouble(error, self.path) from error

    def insert(self, rows: Sequence[Row]) -> None:
        """Add entries and move the head.

        Raises:
            CcmError: `number-taken` where a letter number was used before.
        """
        query = f"INSERT INTO entry ({COLUMNS}) VALUES ({','.join('?' * len(rows[0]))})"  # noqa: S608 - constants
        try:
            self._db.executemany(query, rows)
        except sqlite3.IntegrityError as error:
            raise CcmError("number-taken", where=self.where, letter_no=rows[0][9]) from error
        self._db.execute("UPDATE head SET seq = ?, digest = ?", (rows[-1][0], rows[-1][DIGEST]))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the file alone until the block ends.

        Raises:
            CcmError: `journal-busy`, `journal-unwritable`, `journal-broken`.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.DatabaseError):
                raise _trouble(error, self.path) from error
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Show one moment: what another process appends meanwhile is not taken for a break."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Let one run of letters work here at a time; the system frees the place of a run that dies."""
        place = self.path.with_name(LOCK)
        _make_private(place)
        with closing(sqlite3.connect(place, timeout=1, isolation_level=None)) as lock:
            while not _locked(lock, place):
                waiting()
            yield

    def backup(self, target: Path) -> tuple[int, str]:
        """Copy the whole file, also while others write; return the head of the copy.

        Raises:
            CcmError: `file-unwritable`, or `backup-exists` where the target is there already.
        """
        if target.exists():
            raise CcmError("backup-exists", where=str(target))
        try:
            with written(target) as temporary:
                _make_private(temporary)
                with closing(sqlite3.connect(temporary)) as copy:
                    self._db.backup(copy)
                    # One file, which can also be read where nothing can be written.
                    copy.execute("PRAGMA journal_mode = DELETE")
                    seq, digest = copy.execute("SELECT seq, digest FROM head").fetchone()
        except sqlite3.Error as error:
            raise CcmError("file-unwritable", where=str(target), reason=str(error)) from error
        return seq, digest

    def damage(self) -> list[str]:
        """Return what SQLite finds wrong with the file: pages, and indexes that do not fit the entries."""
        return [str(row[0]) for row in self.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]

    def rebuild(self) -> None:
        """Make the indexes anew from the entries.

        Raises:
            CcmError: `journal-broken` where the entries do not allow it, `journal-unwritable`.
        """
        list(self.rows("REINDEX"))

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def open_store(path: Path) -> SqliteStore:
    """Open a file of entries, made on first use, readable by its owner alone.

    Raises:
        CcmError: `journal-broken` where the file is no journal, `journal-newer` where a later ccm wrote it,
            `journal-unwritable` where the folder does not allow it, `journal-lost` where there was one.
    """
    # Whoever has sent letters has a journal; a new one would give their numbers to others.
    if path.with_name(LOCK).exists() and not (path.exists() and path.stat().st_size):
        raise CcmError("journal-lost", where=str(path))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make_private(path)
        return SqliteStore(path, _connect(path))
    except OSError as error:
        raise CcmError("journal-unwritable", where=str(path), reason=spoken(error)) from error
    except sqlite3.DatabaseError as error:
        raise _trouble(error, path) from error
    except UnicodeDecodeError as error:  # the words of the error itself, quoted from the damage
        raise CcmError("journal-broken", where=str(path), reason="结构读不出来") from error


def _make_private(path: Path) -> None:
    """Make an empty file for its owner alone; what SQLite lays beside it gets the same mode."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    """Open the database and bring it to this version; a failure leaves nothing open."""
    db = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        _use_wal(db)
        db.execute("PRAGMA synchronous = FULL")
        _migrate(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _use_wal(db: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, which stays; for this alone SQLite does not wait its turn, so we do."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _locked(db: sqlite3.Connection, path: Path) -> bool:
    """Try to have a database alone; False where another has it."""
    try:
        # Nothing is ever written to it, so nothing need be kept for its recovery.
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if _is_busy(error):
            return False
        raise _trouble(error, path) from error
    return True


def _is_busy(error: sqlite3.Error) -> bool:
    return _cause(error) == sqlite3.SQLITE_BUSY


def _cause(error: sqlite3.Error) -> int:
    """SQLite's plain code: the low byte; what stands above it tells the cases of one code apart."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _trouble(error: sqlite3.Error, path: Path) -> CcmError:
    """Tell a journal that another holds, a disk that does not allow it, and a damaged file apart."""
    if _is_busy(error):
        return CcmError("journal-busy", where=str(path), reason=str(error))
    disk = {
        sqlite3.SQLITE_FULL: "磁盘已满",
        sqlite3.SQLITE_READONLY: "文件只读",
        sqlite3.SQLITE_PERM: "没有权限",
        sqlite3.SQLITE_CANTOPEN: "文件打不开",
        sqlite3.SQLITE_IOERR: "磁盘读写出错",
    }
    if reason := disk.get(_cause(error)):
        # SQLite calls it a failure of the disk, too, when there is no room for the file it shares with other runs.
        full = _cause(error) == sqlite3.SQLITE_IOERR and disk_usage(path.parent).free < LEAST_ROOM
        return CcmError("journal-unwritable", where=str(path), reason=disk[sqlite3.SQLITE_FULL] if full else reason)
    return CcmError("journal-broken", where=str(path), reason=str(error))


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the schema to this version; a step that fails is undone when its connection closes."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise CcmError("journal-newer", where=str(path))
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        db.execute("BEGIN IMMEDIATE")
        # Another process may have done it while this one waited.
        if db.execute("PRAGMA user_version").fetchone()[0] < number:
            for statement in _statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
        db.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """Split a script where SQLite itself sees a statement end; executescript would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
