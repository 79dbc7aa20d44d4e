"""The journal on a PostgreSQL server: for a branch or a head office, many people at once (docs/journal.md).

The server itself holds the chain together: an entry that does not join the last is refused, whoever sends it, and
neither owner nor writer can change or delete one through SQL while the triggers stand.
"""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.journal.chain import COLUMNS, Row
from ccm.journal.store import head, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import psycopg

MIGRATIONS = (
    """
    CREATE TABLE entry (
        seq bigint PRIMARY KEY,
        at text NOT NULL,
        actor text NOT NULL,
        kind text NOT NULL,
        day text NOT NULL,
        loan_no text NOT NULL,
        party text NOT NULL,
        role text NOT NULL,
        duty text NOT NULL,
        letter_no text NOT NULL,
        series text,
        serial bigint,
        policy text NOT NULL,
        facts text NOT NULL,
        before text NOT NULL,
        case_before text,
        digest text NOT NULL,
        UNIQUE (series, serial)
    );
    CREATE INDEX entry_loan ON entry (loan_no, seq);
    CREATE INDEX entry_letter ON entry (letter_no) WHERE letter_no <> '';
    CREATE INDEX entry_kind ON entry (kind text_pattern_ops);
    CREATE UNIQUE INDEX entry_number ON entry (lower(letter_no)) WHERE serial IS NOT NULL;
    CREATE TABLE head (one integer PRIMARY KEY CHECK (one = 1), seq bigint NOT NULL, digest text NOT NULL);
    INSERT INTO head VALUES (1, 0, '');
    CREATE FUNCTION entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE 'journal entries are never changed or deleted' USING ERRCODE = 'integrity_constraint_violation'; END $$;
    CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION entry_stays();
    CREATE TRIGGER entry_remains BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION entry_stays();
    CREATE FUNCTION entry_joins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ccm AS $$
    BEGIN
        UPDATE head SET seq = NEW.seq, digest = NEW.digest WHERE seq = NEW.seq - 1 AND digest = NEW.before;
        IF NOT FOUND THEN
            RAISE 'the entry does not join the last one' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER entry_joins BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_joins();
    """,
)
"""One script per schema version; each runs in a transaction of its own."""

WRITING, LETTERS = 0x63636D01, 0x63636D02
"""Keys of the advisory locks: whoever writes, and whoever issues letters. The server frees what a dead run held."""
WAIT_SECONDS = 120
"""How long a run waits for another that is writing."""


class PostgresStore:
    """A schema `ccm` of a database, opened by one run."""

    def __init__(self, address: str, connection: psycopg.Connection[Row]) -> None:
        self._address, self._db = address, connection
        self.where = f"{connection.info.host}/{connection.info.dbname}"

    def rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Yield the rows of a query."""
        with _troubled(self.where):
            yield from self._db.execute(query.replace("?", "%s").encode(), values)

    def insert(self, rows: Sequence[Row]) -> None:
        """Add entries; the server moves the head.

        Raises:
            CcmError: `number-taken` where a letter number was used before.
        """
        import psycopg

        query = f"INSERT INTO entry ({COLUMNS}) VALUES ({','.join(['%s'] * len(rows[0]))})"  # noqa: S608 - constants
        try:
            with _troubled(self.where), self._db.cursor() as cursor:
                cursor.executemany(query.encode(), rows)
        except CcmError as error:
            if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
                raise CcmError("number-taken", where=self.where, letter_no=rows[0][9]) from error
            raise

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the journal alone until the block ends: one writer at a time, all others read on."""
        with _troubled(self.where), self._db.transaction():
            self._db.execute("SELECT pg_advisory_xact_lock(%s)", (WRITING,))
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Show one moment until the block ends."""
        with _troubled(self.where), self._db.transaction():
            self._db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Let one run of letters work on this server at a time, on a connection of its own."""
        with closing(_connect(self._address)) as lock:
            while not _taken(lock, self.where):
                waiting()
                time.sleep(1)
            yield

    def backup(self, target: Path) -> tuple[int, str]:
        """Write a copy as an SQLite file; return its head.

        Raises:
            CcmError: `file-unwritable`, or `backup-exists` where the target is there already.
        """
        from ccm.journal import sqlite
        from ccm.safe import written

        if target.exists():
            raise CcmError("backup-exists", where=str(target))
        with written(target) as temporary, closing(sqlite.open_store(temporary)) as copy:
            with self.reading(), copy.writing():
                for page in pages(self):
                    copy.insert(page)
            return head(copy)

    def damage(self) -> list[str]:
        """Return nothing: the server looks after its own pages and indexes."""
        return []

    def rebuild(self) -> None:
        """Do nothing: the server looks after its own indexes."""

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def open_store(address: str) -> PostgresStore:
    """Open the journal of a server; its tables are made on first use by whoever may make them.

    Raises:
        CcmError: `journal-no-driver`, `journal-unreachable`, `journal-newer`, `journal-unwritable`.
    """
    connection = _connect(address)
    store = PostgresStore(address, connection)
    try:
        with _troubled(store.where):
            _migrate(connection, store.where)
            connection.execute("SET search_path = ccm")
            connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'".encode())
    except BaseException:
        connection.close()
        raise
    return store


def _connect(address: str) -> psycopg.Connection[Row]:
    """Connect; what a message shows of the address is neither user nor password."""
    try:
        import psycopg
    except ImportError as error:
        raise CcmError("journal-no-driver", where="CCM_JOURNAL") from error
    try:
        return psycopg.connect(address, autocommit=True, connect_timeout=10, application_name="ccm")
    except psycopg.Error as error:
        raise CcmError("journal-unreachable", where="CCM_JOURNAL", reason=_first_line(error)) from error


def _taken(db: psycopg.Connection[Row], where: str) -> bool:
    with _troubled(where):
        row = db.execute("SELECT pg_try_advisory_lock(%s)", (LETTERS,)).fetchone()
    return bool(row and row[0])


def _migrate(db: psycopg.Connection[Row], where: str) -> None:
    """Bring the schema to this version; a step that fails is undone whole, and of two that begin at once one waits."""
    if (version := _version(db)) < len(MIGRATIONS):
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (WRITING,))
            db.execute("CREATE SCHEMA IF NOT EXISTS ccm")
            db.execute("SET LOCAL search_path = ccm")
            db.execute("CREATE TABLE IF NOT EXISTS version (number integer NOT NULL)")
            for number in range(_version(db), len(MIGRATIONS)):
                db.execute(MIGRATIONS[number].encode())
                db.execute("INSERT INTO version VALUES (%s)", (number + 1,))
    elif version > len(MIGRATIONS):
        raise CcmError("journal-newer", where=where)


def _version(db: psycopg.Connection[Row]) -> int:
    row = db.execute("SELECT to_regclass('ccm.version')").fetchone()
    if row and row[0]:
        row = db.execute("SELECT max(number) FROM ccm.version").fetchone()
        return int(row[0] or 0) if row else 0
    return 0


@contextmanager
def _troubled(where: str) -> Iterator[None]:
    """Turn what the server says into ccm's own trouble."""
    import psycopg
    from psycopg import errors

    try:
        yield
    except errors.LockNotAvailable as error:
        raise CcmError("journal-busy", where=where, reason=_first_line(error)) from error
    except (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction, errors.DiskFull) as error:
        raise CcmError("journal-unwritable", where=where, reason=_first_line(error)) from error
    except psycopg.OperationalError as error:
        raise CcmError("journal-unreachable", where=where, reason=_first_line(error)) from error
    except psycopg.Error as error:
        raise CcmError("journal-broken", where=where, reason=_first_line(error)) from error


def _first_line(error: Any) -> str:  # noqa: ANN401 - psycopg's own
    return str(error).strip().partition("\n")[0]
