"""The remembered triages: each classified book in a folder of its own under the workspace's state."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from ccm.errors import CcmError
from ccm.frame import LOAN_COLUMNS, PARTY_COLUMNS
from ccm.safe import clear, move, spoken, written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from ccm.errors import Finding
    from ccm.model import RefusedRow


@dataclass(frozen=True, slots=True)
class RefusedNote:
    """What is remembered of a refused row: enough to say why a loan is not in the book."""

    loan_no: str
    place: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundNote:
    """What is remembered of one kind of finding in the ledgers: how many there were, and where the first stand."""

    code: str
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Triage:
    """One remembered triage: the classified book of one day, and what it was made of.

    `found` is None where it was remembered before ccm kept what it found.
    """

    as_of: date
    taken_at: datetime
    files: tuple[str, ...]
    policy_name: str
    policy_digest: str
    ledger_digest: str
    loans: pl.DataFrame
    parties: pl.DataFrame
    refused: tuple[RefusedNote, ...]
    found: tuple[FoundNote, ...] | None = None

    @property
    def key(self) -> str:
        """The folder's name: the same ledgers under the same policy on the same day are one triage."""
        return f"{self.as_of}-{self.ledger_digest[:12]}-{self.policy_digest[:6]}"


def refused_notes(refused: Iterable[RefusedRow]) -> tuple[RefusedNote, ...]:
    """Return what is remembered of refused rows; the loan number is empty where it could not be read."""
    return tuple(
        RefusedNote(
            row.loan_no or "",
            f"{row.file} {row.sheet} 第{row.row}行",
            tuple(one.message for one in row.findings),
        )
        for row in refused
    )


PLACES = 100
"""How many places of one kind of finding are remembered; a broken column would give one for each row."""


def found_notes(findings: Iterable[Finding]) -> tuple[FoundNote, ...]:
    """Return what is remembered of findings: where they stand, never the values, which may be personal."""
    places: dict[str, list[str]] = {}
    for one in findings:
        at = one.cell or (f"第{one.row}行" if one.row else "")
        words = (one.file, one.sheet, at, one.column)
        places.setdefault(one.code, []).append(" ".join(word for word in words if word))
    return tuple(FoundNote(code, len(group), tuple(group[:PLACES])) for code, group in places.items())


def remember(state: Path, triage: Triage) -> None:
    """Keep a triage; the same one again replaces itself. The folder appears whole or not at all.

    Raises:
        CcmError: `file-unwritable`.
    """
    fresh = state / "triages" / f".{triage.key}.{os.getpid()}"
    try:
        _remember(_home(state), fresh, triage)
    except (CcmError, OSError, pl.exceptions.PolarsError) as error:
        with suppress(OSError):
            shutil.rmtree(fresh)
        if isinstance(error, CcmError):
            raise
        reason = spoken(error) if isinstance(error, OSError) else "磁盘已满，或没有权限"
        raise CcmError("file-unwritable", where=str(fresh.parent), reason=reason) from error


def _remember(home: Path, fresh: Path, triage: Triage) -> None:
    fresh.mkdir(mode=0o700)
    _keep(triage.loans, fresh / "loans.parquet")
    _keep(triage.parties, fresh / "parties.parquet")
    facts = {
        "as_of": str(triage.as_of),
        "taken_at": triage.taken_at.isoformat(),
        "files": triage.files,
        "policy_name": triage.policy_name,
        "policy_digest": triage.policy_digest,
        "ledger_digest": triage.ledger_digest,
        "refused": [asdict(note) for note in triage.refused],
        "found": [asdict(note) for note in triage.found] if triage.found is not None else None,
    }
    _note(facts, fresh / "triage.json")
    place = home / triage.key
    if place.exists():
        clear(place)
    move(fresh, place)
    with written(home / "latest") as pointer:
        pointer.write_text(triage.key, encoding="utf-8")


def _keep(frame: pl.DataFrame, path: Path) -> None:
    with written(path) as temporary:
        frame.write_parquet(temporary, compression="lz4", statistics=False)


def _note(facts: dict[str, Any], path: Path) -> None:
    with written(path) as temporary:
        temporary.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def latest(state: Path) -> Triage | None:
    """Return the triage remembered last, None where there is none."""
    pointer = state / "triages" / "latest"
    if not pointer.exists():
        return None
    key = pointer.read_text(encoding="utf-8").strip()
    # A triage that was killed while it replaced itself has left none.
    return _read(pointer.parent / key) if key and (pointer.parent / key).is_dir() else None


def before(state: Path, key: str, as_of: date) -> Triage | None:
    """Return the newest triage other than `key` of a day not after `as_of`: what today is compared with."""
    notes = []
    for place in _places(state / "triages"):
        # A book read again on the same day under another policy has not moved: only other ledgers count.
        if place.name[:23] != key[:23]:
            facts = _facts(place)
            if date.fromisoformat(facts["as_of"]) <= as_of:
                notes.append((facts["as_of"], facts["taken_at"], place))
    return _read(max(notes)[2]) if notes else None


def last_with(state: Path, loan_no: str) -> Triage | None:
    """Return the newest remembered triage that has a loan, None where none has."""
    home = state / "triages"
    places = [(_facts(place), place) for place in _places(home)]
    for _, place in sorted(places, key=lambda pair: (pair[0]["as_of"], pair[0]["taken_at"]), reverse=True):
        numbers = pl.scan_parquet(place / "loans.parquet").filter(pl.col("loan_no") == loan_no).select("loan_no")
        if numbers.collect().height:
            return _read(place)
    return None


SEEN = ("loan_no", "stage", "dpd", "balance_cents", "overdue_principal_cents", "overdue_interest_cents")
"""What `seen` tells of a loan."""


def seen(state: Path, loan_no: str) -> list[tuple[date, dict[str, Any]]]:
    """Return one loan as each remembered triage saw it, oldest first: the day and the columns `SEEN`.

    Of several triages of one day the one taken last counts; a triage without the loan is passed over.
    """
    rows = []
    for day, place in _by_day(state).items():
        book = pl.scan_parquet(place / "loans.parquet").filter(pl.col("loan_no") == loan_no).select(SEEN).collect()
        rows += [(day, row) for row in book.iter_rows(named=True)]
    return rows


def days(state: Path) -> tuple[date, ...]:
    """Return the days of which a triage is remembered, oldest first."""
    return tuple(_by_day(state))


def of_day(state: Path, day: date) -> Triage:
    """Return the triage of one of `days`; of several the one taken last counts."""
    return _read(_by_day(state)[day])


def _by_day(state: Path) -> dict[date, Path]:
    """The folder of each day's last triage, oldest first."""
    taken: dict[date, tuple[str, Path]] = {}
    for place in _places(state / "triages"):
        facts = _facts(place)
        day = date.fromisoformat(facts["as_of"])
        taken[day] = max(taken.get(day, ("", place)), (facts["taken_at"], place))
    return {day: place for day, (_, place) in sorted(taken.items())}


def days_by_key(state: Path) -> dict[str, date]:
    """Return the day of every remembered triage by its key, in the order of days and of taking."""
    facts = {place.name: _facts(place) for place in _places(state / "triages")}
    ordered = sorted(facts, key=lambda key: (facts[key]["as_of"], facts[key]["taken_at"]))
    return {key: date.fromisoformat(facts[key]["as_of"]) for key in ordered}


def left(state: Path) -> dict[str, tuple[str, date]]:
    """Return the loans that the newest triage has no more: the key of the last that had each, and the day after it.

    The day is that of the triage that followed, on which the loan was surely gone.
    """
    known = list(days_by_key(state).items())
    if len(known) < 2:
        return {}
    home = state / "triages"
    seen = [
        pl.scan_parquet(home / key / "loans.parquet").select("loan_no").with_columns(nth=pl.lit(nth))
        for nth, (key, _) in enumerate(known)
    ]
    last = pl.concat(seen).group_by("loan_no").agg(pl.col("nth").max()).collect()
    return {no: (known[nth][0], known[nth + 1][1]) for no, nth in last.iter_rows() if no and nth + 1 < len(known)}


def read(state: Path, key: str) -> Triage:
    """Return one remembered triage."""
    return _read(state / "triages" / key)


def drop(state: Path, keys: Iterable[str]) -> None:
    """Forget whole triages."""
    for key in keys:
        clear(state / "triages" / key)


def forget(state: Path, loans: Collection[str]) -> None:
    """Take loans out of every remembered triage, as if no ledger had had them."""
    for place in _places(state / "triages"):
        for name in ("loans.parquet", "parties.parquet"):
            frame = pl.read_parquet(place / name)
            kept = frame.filter(~pl.col("loan_no").is_in(list(loans)))
            if kept.height < frame.height:
                _keep(kept, place / name)
        facts = _facts(place)
        refused = [one for one in facts["refused"] if one["loan_no"] not in loans]
        if refused != facts["refused"]:
            _note({**facts, "refused": refused}, place / "triage.json")


def _places(home: Path) -> list[Path]:
    """The folders of whole triages."""
    return [place for place in home.iterdir() if place.is_dir() and place.name[0] != "."] if home.exists() else []


def _facts(place: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((place / "triage.json").read_text(encoding="utf-8"))
    return facts


def _home(state: Path) -> Path:
    """Personal data lies here: the folder is its owner's alone."""
    home = state / "triages"
    for folder in (state, home):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def _whole(frame: pl.DataFrame, columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """Add the columns that ccm did not know yet when the triage was remembered."""
    return frame.with_columns(
        pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in frame.columns
    )


def _read(place: Path) -> Triage:
    facts = _facts(place)
    return Triage(
        as_of=date.fromisoformat(facts["as_of"]),
        taken_at=datetime.fromisoformat(facts["taken_at"]),
        files=tuple(facts["files"]),
        policy_name=facts["policy_name"],
        policy_digest=facts["policy_digest"],
        ledger_digest=facts["ledger_digest"],
        loans=_whole(pl.read_parquet(place / "loans.parquet"), LOAN_COLUMNS),
        parties=_whole(pl.read_parquet(place / "parties.parquet"), PARTY_COLUMNS),
        refused=tuple(RefusedNote(r["loan_no"], r["place"], tuple(r["reasons"])) for r in facts["refused"]),
        found=_found(facts.get("found")),
    )


def _found(notes: list[dict[str, Any]] | None) -> tuple[FoundNote, ...] | None:
    if notes is None:
        return None
    return tuple(FoundNote(one["code"], one["count"], tuple(one["places"])) for one in notes)
