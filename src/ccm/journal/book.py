"""The append-only record of everything done, wherever it is kept.

Each entry carries the digest of the one before, so a change to the past is seen (`verify`); the database itself
refuses to change or delete an entry. Corrections are new entries.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.journal.chain import COLUMNS, DIGEST, LOAN, Break, Row, breaks, entry_of, row_of
from ccm.journal.store import Store, head, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ccm.model import DutyOf, Entry, Note

STANDING = "letter_no NOT IN (SELECT letter_no FROM entry WHERE kind = 'letter-voided')"
"""Whatever is no letter, or a letter that was not voided."""
LOANS_AT_ONCE = 500


class Journal:
    """An open journal. Reads need no transaction; everything written together is written in one (`writing`).

    `state` is the workspace's state folder, where templates of letters are kept beside it.
    """

    def __init__(self, state: Path, store: Store, actor: str) -> None:
        self.state, self._store, self._actor = state, store, actor

    def writing(self) -> AbstractContextManager[None]:
        """Hold the journal alone until the block ends; what it appended stands whole or not at all.

        Raises:
            CcmError: `journal-busy` where another run holds it too long, `journal-unwritable` on a full or locked disk
                or without the right to write, `journal-broken` where the database is damaged.
        """
        return self._store.writing()

    def alone(self, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        """Let one run of letters work here at a time; the place of a run that dies is free again.

        Other commands read and write the journal meanwhile.

        Args:
            waiting: Called about once a second while another run is at work.

        Raises:
            CcmError: `journal-unwritable`.
        """
        return self._store.alone(waiting)

    def append(self, notes: Iterable[Note], at: datetime) -> None:
        """Append notes in their order; call it inside `writing`.

        Raises:
            CcmError: `number-taken` where a letter number was used before.
        """
        notes, (seq, before) = list(notes), self.head()
        cases = self._cases({note.loan_no for note in notes if note.loan_no})
        rows = []
        for note in notes:
            seq += 1
            moment = at.isoformat(timespec="milliseconds")
            rows.append(row_of(note, seq, moment, self._actor, before, cases.get(note.loan_no, "")))
            before = rows[-1][DIGEST]
            if note.loan_no:
                cases[note.loan_no] = before
        if rows:
            self._store.insert(rows)

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
        values: list[str] = []
        for condition, value in (("loan_no = ?", loan_no), ("letter_no = ?", letter_no), ("day = ?", on)):
            if value:
                where.append(condition)
                values.append(str(value))
        if kinds:
            where.append(f"({' OR '.join(['kind = ? OR kind LIKE ?'] * len(kinds))})")
            values += [one for kind in kinds for one in (kind, f"{kind}-%")]
        for page in pages(self._store, " AND ".join(where), values, after):
            yield from map(self._entry, page)

    def done(self) -> dict[str, dict[DutyOf, date]]:
        """Return what was done, by loan and duty, with the last day; a letter that was voided does not count."""
        query = (
            "SELECT loan_no, duty, role, party, MAX(day) FROM entry "  # noqa: S608 - constants
            f"WHERE duty <> '' AND {STANDING} GROUP BY loan_no, duty, role, party"
        )
        found: dict[str, dict[DutyOf, date]] = {}
        for loan_no, duty, role, party, day in self._store.rows(query):
            found.setdefault(loan_no, {})[duty, role, party] = self._date(day)
        return found

    def done_days(self) -> dict[str, dict[DutyOf, list[date]]]:
        """Return every day on which something was done, by loan and duty; of a voided letter none."""
        query = f"SELECT loan_no, duty, role, party, day FROM entry WHERE duty <> '' AND {STANDING} ORDER BY day"  # noqa: S608
        found: dict[str, dict[DutyOf, list[date]]] = {}
        for loan_no, duty, role, party, day in self._store.rows(query):
            days = found.setdefault(loan_no, {}).setdefault((duty, role, party), [])
            days.append(self._date(day))
        return found

    def last_done(self, loan_no: str, duty: str, role: str, party: str, *, after: int = 0) -> date | None:
        """Return the last day a duty was done by what is written behind entry `after`, None where it never was."""
        query = (
            "SELECT MAX(day) FROM entry WHERE loan_no = ? AND seq > ? AND duty = ? AND role = ? AND party = ? "  # noqa: S608
            f"AND {STANDING}"
        )
        [(day,)] = self._store.rows(query, (loan_no, after, duty, role, party))
        return self._date(day) if day else None

    def _entry(self, row: Row) -> Entry:
        try:
            return entry_of(row)
        except (ValueError, TypeError) as error:
            raise CcmError("journal-broken", where=self._store.where, reason=f"第{row[0]}条读不出来") from error

    def _date(self, day: str) -> date:
        try:
            return date.fromisoformat(day)
        except ValueError as error:
            raise CcmError("journal-broken", where=self._store.where, reason=f"“{day}”不是日期") from error

    def last_serial(self, series: str) -> int:
        """Return the highest number taken in a series, 0 where it is new."""
        [(serial,)] = self._store.rows("SELECT MAX(serial) FROM entry WHERE series = ?", (series,))
        return serial or 0

    def verify(self) -> list[Break]:
        """Recompute the chain; return every place where an entry was changed, is missing or out of order.

        What is wrong with the file below whole entries is a break of no entry: its number is 0.
        """
        with self._store.reading():
            found = breaks((row for page in pages(self._store) for row in page), self.head())
            return found + [Break(0, f"文件内部损坏（{one}）") for one in self._store.damage()]

    def rebuild(self) -> None:
        """Make the indexes anew; the entries stay as they are.

        Raises:
            CcmError: `journal-broken` where the entries do not allow it, `journal-unwritable`.
        """
        self._store.rebuild()

    def head(self) -> tuple[int, str]:
        """Return the number of entries and the digest of the last: noted elsewhere, they prove the whole journal."""
        return head(self._store)

    def backup(self, target: Path) -> tuple[int, str]:
        """Write a consistent copy as one SQLite file, also while others write; return its head.

        Raises:
            CcmError: `file-unwritable`, or `backup-exists` where the target is there already.
        """
        return self._store.backup(target)

    def copy_to(self, other: Journal) -> tuple[int, str]:
        """Copy every entry as it stands, digests and all, into an empty journal; return the head of both.

        Raises:
            CcmError: `journal-not-empty` where the other holds entries, `chain-broken` where this one's chain does not
                hold; nothing is copied then.
        """
        with self._store.reading(), other.writing():
            if other.head()[0]:
                raise CcmError("journal-not-empty", where=other._store.where)
            if found := breaks(self._passing_to(other._store), self.head()):
                raise CcmError("chain-broken", where=self._store.where, seq=found[0].seq, reason=found[0].reason)
            return other.head()

    def _passing_to(self, store: Store) -> Iterator[Row]:
        for page in pages(self._store):
            store.insert(page)
            yield from page

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def _cases(self, loans: set[str]) -> dict[str, str]:
        """Return the digest of the last entry of each loan that has one."""
        found: dict[str, str] = {}
        ordered = sorted(loans)
        for begin in range(0, len(ordered), LOANS_AT_ONCE):
            some = ordered[begin : begin + LOANS_AT_ONCE]
            query = (
                f"SELECT {COLUMNS} FROM entry WHERE seq IN "  # noqa: S608 - constants
                f"(SELECT MAX(seq) FROM entry WHERE loan_no IN ({','.join('?' * len(some))}) GROUP BY loan_no)"
            )
            found |= {row[LOAN]: row[DIGEST] for row in self._store.rows(query, some)}
        return found
