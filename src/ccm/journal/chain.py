"""The chain: how an entry stands in a row, how its digest is computed, and where the chain does not hold.

Each entry carries the digest of the one before it, and that of the one before it of the same loan: the first holds the
whole record together, the second lets one case be proved without showing any other (docs/journal.md).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ccm.model import Entry, Note

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = (
    "seq, at, actor, kind, day, loan_no, party, role, duty, letter_no, series, serial, policy, facts, before, "
    "case_before, digest"
)
LOAN, BEFORE, CASE_BEFORE, DIGEST = 5, 14, 15, 16
"""Where a row holds what the chain looks at."""

Row = tuple[Any, ...]
FACTS = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
ROW = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: an encoder made anew for each entry costs as much as its work."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold, and why; `seq` is 0 where it is no entry that is wrong."""

    seq: int
    reason: str


def row_of(note: Note, seq: int, at: str, actor: str, before: str, case_before: str) -> Row:
    """Return a note as a row of the journal, with its digest."""
    facts = FACTS(note.facts)
    row = (
        seq, at, actor, note.kind, str(note.on), note.loan_no, note.party, note.role, note.duty, note.letter_no,
        note.series, note.serial, note.policy, facts, before, case_before,
    )  # fmt: skip
    return (*row, _digest(row))


def entry_of(row: Row) -> Entry:
    """Return a row as the entry it is."""
    (
        seq, at, actor, kind, day, loan_no, party, role, duty, letter_no, series, serial, policy, facts, before,
        case_before, digest,
    ) = row  # fmt: skip
    note = Note(
        kind, date.fromisoformat(day), loan_no, party, role, duty, letter_no, series, serial, policy, json.loads(facts)
    )
    return Entry(seq, at, actor, note, before, digest, case_before)


def breaks(rows: Iterable[Row], head: tuple[int, str]) -> list[Break]:
    """Recompute the chain; return every place where an entry was changed, is missing or out of order.

    Args:
        rows: All rows in order.
        head: The number of entries and the last digest, as they were noted beside the rows.
    """
    found, expected, before = [], 1, ""
    cases: dict[str, str] = {}
    for row in rows:
        seq = row[0]
        if seq != expected:
            missing = f"第{expected}条" if seq == expected + 1 else f"第{expected}条到第{seq - 1}条"
            found.append(Break(seq, f"缺{missing}"))
        elif row[BEFORE] != before:
            found.append(Break(seq, "与前一条接不上：前一条被改过、换过位置或换掉了"))
        elif row[CASE_BEFORE] is not None and row[CASE_BEFORE] != cases.get(row[LOAN], ""):
            found.append(Break(seq, "与本笔贷款的前一条接不上"))
        if digest_of(row) != row[DIGEST]:
            found.append(Break(seq, "内容与摘要不符：这一条被改过"))
        expected, before = seq + 1, row[DIGEST]
        if row[LOAN]:
            cases[row[LOAN]] = before
    if head != (expected - 1, before):
        found.append(Break(expected, f"末尾不对：应有{head[0]}条，只有{expected - 1}条"))
    return found


def as_json(entry: Entry) -> str:
    """Return an entry as one line of JSON that proves itself: its digest can be computed again (docs/journal.md)."""
    note = entry.note
    line = {
        "seq": entry.seq, "at": entry.at, "actor": entry.actor, "kind": note.kind, "on": str(note.on),
        "loan_no": note.loan_no, "party": note.party, "role": note.role, "duty": note.duty,
        "letter_no": note.letter_no, "series": note.series, "serial": note.serial, "policy": note.policy,
        "facts": note.facts, "before": entry.before,
    }  # fmt: skip
    if entry.case_before is not None:
        line["case_before"] = entry.case_before
    return json.dumps({**line, "digest": entry.digest}, ensure_ascii=False)


def digest_of(row: Row) -> str:
    """Return the digest a row should bear; entries written before the chain of a case was kept have none of it."""
    return _digest(row[:CASE_BEFORE] if row[CASE_BEFORE] is None else row[:DIGEST])


def _digest(row: Row) -> str:
    """SHA-256 over all columns before the digest, each told apart from its neighbours by JSON."""
    return hashlib.sha256(ROW(row).encode()).hexdigest()
