"""The append-only record of everything done; the only module that knows SQL.

Each entry carries the digest of the one before, so a change to the past is seen (`verify`); the database itself
refuses to change or delete an entry. Corrections are new entries.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from shutil import disk_usage
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.model import Entry, Note
from ccm.safe import spoken, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from ccm.model import DutyOf

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
)
"""One script per schema version; each runs in a transaction of its own."""

COLUMNS = (
    "seq, at, actor, kind, day, loan_no, party, role, duty, letter_no, series, serial, policy, facts, before, digest"
)
STANDING = "letter_no NOT IN (SELECT letter_no FROM entry WHERE kind = 'letter-voided')"
"""Whatever is no letter, or a letter that was not voided."""
LEAST_ROOM = 64 * 1024
"""Bytes below which a disk counts as full: what SQLite takes for its shared file at once is 32 KiB."""
WAIT_SECONDS = 120
"""How long a run waits for another that is writing."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold, and why."""

    seq: int
    reason: str


class Journal:
    """An open journal. Reads need no transaction; everything written together is written in one (`writing`)."""

    def __init__(self, path: Path, connection: sqlite3.Connection, actor: str) -> None:
        self.path, self._db, self._actor = path, connection, actor

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the journal alone until the block ends; what it appended stands whole or not at all.

        Raises:
            CcmError: `journal-busy` where another run holds it too long, `journal-unwritable` on a full or locked disk,
                `journal-broken` where the file is damaged.
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
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Let one run of letters work here at a time; the system frees the place of a run that dies.

        Other commands read and write the journal meanwhile.

        Args:
            waiting: Called about once a second while another run is at work.

        Raises:
            CcmError: `journal-unwritable`.
        """
        place = self.path.with_name("letters.lock")
        _make_private(place)
        with closing(sqlite3.connect(place, timeout=1, isolation_level=None)) as lock:
            while not _locked(lock, place):
                waiting()
            yield

    def append(self, notes: Iterable[Note], at: datetime) -> None:
        """Append notes in their order; call it inside `writing`.

        Raises:
            CcmError: `number-taken` where a letter number was used before.
        """
        seq, before = self.head()
        rows = []
        for note in notes:
            seq += 1
            row = (seq, at.isoformat(timespec="milliseconds"), self._actor, *_values(note), before)
            before = _digest(row)
            rows.append((*row, before))
        try:
            self._db.executemany(f"INSERT INTO entry ({COLUMNS}) VALUES ({','.join('?' * 16)})", rows)  # noqa: S608 - constants
        except sqlite3.IntegrityError as error:
            raise CcmError("number-taken", where=str(self.path), letter_no=rows[0][9]) from error
        self._db.execute("UPDATE head SET seq = ?, digest = ?", (seq, before))

    def record(self, notes: Iterable[Note], at: datetime) -> None:
        """Append notes in a transaction of their own."""
        with self.writing():
            self.append(notes, at)

    def entries(
        self, *kinds: str, loan_no: str = "", letter_no: str = "", on: date | None = None, after: int = 0
    ) -> Iterator[Entry]:
        """Yield entries in order, from the one behind number `after` on.

        They are of all kinds or some; a kind names its family too: `letter` gives `letter-issued`, `letter-voided` ….
        `on` is the day on which something happened, whenever it was entered.
        """
        where: list[str] = ["seq > ?"]
        values: list[str | int] = [after]
        for condition, value in (("loan_no = ?", loan_no), ("letter_no = ?", letter_no), ("day = ?", on)):
            if value:
                where.append(condition)
                values.append(str(value))
        if kinds:
            where.append(f"({' OR '.join(['kind = ? OR kind LIKE ?'] * len(kinds))})")
            values += [one for kind in kinds for one in (kind, f"{kind}-%")]
        query = f"SELECT {COLUMNS} FROM entry WHERE {' AND '.join(where)} ORDER BY seq"  # noqa: S608 - constants
        yield from map(_entry, self._rows(query, values))

    def done(self) -> dict[str, dict[DutyOf, date]]:
        """Return what was done, by loan and duty, with the last day; a letter that was voided does not count."""
        query = (
            "SELECT loan_no, duty, role, party, MAX(day) FROM entry "  # noqa: S608 - constants
            f"WHERE duty <> '' AND {STANDING} GROUP BY loan_no, duty, role, party"
        )
        found: dict[str, dict[DutyOf, date]] = {}
        for loan_no, duty, role, party, day in self._rows(query):
            found.setdefault(loan_no, {})[duty, role, party] = date.fromisoformat(day)
        return found

    def done_days(self) -> dict[str, dict[DutyOf, list[date]]]:
        """Return every day on which something was done, by loan and duty; of a voided letter none."""
        query = f"SELECT loan_no, duty, role, party, day FROM entry WHERE duty <> '' AND {STANDING} ORDER BY day"  # noqa: S608
        found: dict[str, dict[DutyOf, list[date]]] = {}
        for loan_no, duty, role, party, day in self._rows(query):
            days = found.setdefault(loan_no, {}).setdefault((duty, role, party), [])
            days.append(date.fromisoformat(day))
        return found

    def last_done(self, loan_no: str, duty: str, role: str, party: str, *, after: int = 0) -> date | None:
        """Return the last day a duty was done by what is written behind entry `after`, None where it never was."""
        query = (
            "SELECT MAX(day) FROM entry WHERE loan_no = ? AND seq > ? AND duty = ? AND role = ? AND party = ? "  # noqa: S608
            f"AND {STANDING}"
        )
        [(day,)] = self._rows(query, (loan_no, after, duty, role, party))
        return date.fromisoformat(day) if day else None

    def last_serial(self, series: str) -> int:
        """Return the highest number taken in a series, 0 where it is new."""
        [(serial,)] = self._rows("SELECT MAX(serial) FROM entry WHERE series = ?", (series,))
        return serial or 0

    def verify(self) -> list[Break]:
        """Recompute the chain; return every place where an entry was changed, is missing or out of order."""
        # One transaction shows one moment: what another process appends meanwhile is not taken for a break.
        self._db.execute("BEGIN")
        try:
            return self._breaks()
        finally:
            self._db.execute("ROLLBACK")

    def _breaks(self) -> list[Break]:
        breaks, expected, before = [], 1, ""
        for row in self._rows(f"SELECT {COLUMNS} FROM entry ORDER BY seq"):  # noqa: S608 - constants
            seq = row[0]
            if seq != expected:
                missing = f"第{expected}条" if seq == expected + 1 else f"第{expected}条到第{seq - 1}条"
                breaks.append(Break(seq, f"缺{missing}"))
            elif row[14] != before:
                breaks.append(Break(seq, "与前一条接不上：前一条被改过、换过位置或换掉了"))
            if _digest(row[:15]) != row[15]:
                breaks.append(Break(seq, "内容与摘要不符：这一条被改过"))
            expected, before = seq + 1, row[15]
        seq, digest = self.head()
        if (seq, digest) != (expected - 1, before):
            breaks.append(Break(expected, f"末尾不对：应有{seq}条，只有{expected - 1}条"))
        return breaks

    def head(self) -> tuple[int, str]:
        """Return the number of entries and the digest of the last: noted elsewhere, they prove the whole journal."""
        [(seq, digest)] = self._rows("SELECT seq, digest FROM head")
        return seq, digest

    def backup(self, target: Path) -> tuple[int, str]:
        """Write a consistent copy, also while others write; return its head.

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

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _rows(self, query: str, values: Sequence[str | int] = ()) -> Iterator[Any]:
        """Yield the rows of a query.

        Raises:
            CcmError: `journal-broken` where the file is damaged.
        """
        try:
            yield from self._db.execute(query, values)
        except sqlite3.DatabaseError as error:
            raise _trouble(error, self.path) from error


def open_journal(state: Path, actor: str) -> Journal:
    """Open the workspace's journal, made on first use, readable by its owner alone.

    Args:
        state: The workspace's state folder.
        actor: Who writes: set on every entry.

    Raises:
        CcmError: `journal-broken` where the file is no journal, `journal-newer` where a later ccm wrote it,
            `journal-unwritable` where the folder does not allow it.
    """
    path = state / "journal.db"
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make_private(path)
        return Journal(path, _connect(path), actor)
    except OSError as error:
        raise CcmError("journal-unwritable", where=str(path), reason=spoken(error)) from error
    except sqlite3.DatabaseError as error:
        raise _trouble(error, path) from error


def exists(state: Path) -> bool:
    """Tell whether anything was ever recorded here."""
    return (state / "journal.db").exists()


def as_json(entry: Entry) -> str:
    """Return an entry as one line of JSON that proves itself: its digest can be computed again (docs/journal.md)."""
    note = entry.note
    return json.dumps(
        {
            "seq": entry.seq, "at": entry.at, "actor": entry.actor, "kind": note.kind, "on": str(note.on),
            "loan_no": note.loan_no, "party": note.party, "role": note.role, "duty": note.duty,
            "letter_no": note.letter_no, "series": note.series, "serial": note.serial, "policy": note.policy,
            "facts": note.facts, "before": entry.before, "digest": entry.digest,
        },
        ensure_ascii=False,
    )  # fmt: skip


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


def _values(note: Note) -> tuple[Any, ...]:
    facts = json.dumps(note.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (
        note.kind, str(note.on), note.loan_no, note.party, note.role, note.duty, note.letter_no,
        note.series, note.serial, note.policy, facts,
    )  # fmt: skip


def _digest(row: tuple[Any, ...]) -> str:
    """SHA-256 over all columns up to `before`, each told apart from its neighbours by JSON."""
    return hashlib.sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _entry(row: tuple[Any, ...]) -> Entry:
    seq, at, actor, kind, day, loan_no, party, role, duty, letter_no, series, serial, policy, facts, before, digest = (
        row
    )
    note = Note(
        kind, date.fromisoformat(day), loan_no, party, role, duty, letter_no, series, serial, policy, json.loads(facts)
    )
    return Entry(seq, at, actor, note, before, digest)
