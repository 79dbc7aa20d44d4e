"""Number → render → record → write, so that a run can be killed anywhere and finished later.

A batch takes its numbers and its journal entries in one transaction; only then are its files written.
An entry keeps all that its letter says, and the template is kept by its digest: a file that a crash left out is made
again, byte for byte (`recover`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.letters.fields import context
from ccm.letters.plan import Refused
from ccm.letters.template import MissingValueError, Template, compile_template, qr_run, render
from ccm.model import LETTER_TITLES, Note
from ccm.safe import put_bytes, settle, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from ccm.journal import Journal
    from ccm.letters.plan import Letter
    from ccm.model import Entry, LoanNote

BATCH = 200
"""Letters numbered in one transaction: others wait no longer than it takes to render them."""

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter that has a number, an entry and a file; `path` is from the workspace."""

    letter_no: str
    kind: str
    title: str
    loan_no: str
    party: str
    role: str
    address: str
    path: str
    sha256: str
    duty: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of letters is made with: the workspace's root, where letters go, templates by kind, and the rules."""

    root: Path
    folder: Path
    templates: Mapping[str, Template]
    number: str
    policy: str
    at: datetime
    qr: bool = False


def issue(
    letters: Iterable[Letter], run: Run, journal: Journal, told: Callable[[], None]
) -> Iterator[Issued | Refused]:
    """Issue letters, batch by batch; what another run has issued meanwhile is refused as done.

    Args:
        letters: The plan, in posting order.
        run: Where to and with what.
        journal: Gives the numbers and keeps the entries.
        told: Called once per letter, for a progress bar.

    Raises:
        CcmError: `journal-busy`, `journal-unwritable`, `file-unwritable`, `template-broken`.
    """
    _keep_templates(run, journal)
    run.folder.mkdir(parents=True, exist_ok=True)
    rest = iter(letters)
    paths: list[Path] = []
    while batch := list(islice(rest, BATCH)):
        done: list[tuple[Issued | Refused, bytes]] = []
        with journal.writing():
            done.extend(_number(letter, run, journal) for letter in batch)
        for outcome, content in done:
            if isinstance(outcome, Issued):
                put_bytes(run.root / outcome.path, content)
                paths.append(run.root / outcome.path)
            told()
            yield outcome
    settle(paths)
    finish(journal, run.at)


def finish(journal: Journal, at: datetime) -> None:
    """Record that the files of every letter issued so far are on the disk."""
    seq, _ = journal.head()
    journal.record([Note("files-written", at.date(), facts={"through": seq})], at)


def recover(journal: Journal, root: Path) -> int:
    """Write again the files of letters whose run did not end; return how many were missing or broken.

    Raises:
        CcmError: `letter-lost` where a letter cannot be made again as it was.
    """
    finished = max((int(str(e.note.facts["through"])) for e in journal.entries("files-written")), default=0)
    compiled: dict[str, Template] = {}
    mended = []
    for entry in journal.entries("letter-issued"):
        facts = entry.note.facts
        if entry.seq <= finished or not facts.get("path"):
            continue
        path = root / str(facts["path"])
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == facts["sha256"]:
            continue
        put_bytes(path, again(entry, journal, compiled))
        mended.append(path)
    settle(mended)
    return len(mended)


def again(entry: Entry, journal: Journal, compiled: dict[str, Template]) -> bytes:
    """Make an issued letter again from its entry and the kept template, and hold it against its digest.

    Raises:
        CcmError: `letter-lost`.
    """
    facts: Mapping[str, Any] = entry.note.facts
    digest = str(facts["template"])
    if digest not in compiled:
        kept = _kept(journal, digest)
        if not kept.exists():
            raise CcmError("letter-lost", where=entry.note.letter_no, reason="当时的模板不在了")
        compiled[digest] = compile_template(kept.read_bytes(), str(facts["kind"]), str(kept))
    qr = qr_run(entry.note.letter_no) if facts["qr"] else ""
    content = render(compiled[digest], {**facts["fields"], "二维码": qr})
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise CcmError("letter-lost", where=entry.note.letter_no, reason="按当时的记录重做，内容与登记的摘要不符")
    return content


def _keep_templates(run: Run, journal: Journal) -> None:
    for template in run.templates.values():
        kept = _kept(journal, template.digest)
        if not kept.exists():
            with written(kept) as temporary:
                temporary.write_bytes(template.source)


def _kept(journal: Journal, digest: str) -> Path:
    return journal.path.parent / "templates" / f"{digest}.docx"


def _number(letter: Letter, run: Run, journal: Journal) -> tuple[Issued | Refused, bytes]:
    """Give a letter its number and its entries; inside the transaction, so nobody else can have either."""
    loan_no, duty = letter.covers[0]
    last = journal.last_done(loan_no, duty, letter.party.role, letter.party.name)
    if last is not None and last >= letter.notes[0].since_on:
        reason = f"已于{last}发出"
        return Refused(loan_no, letter.party.name, letter.party.role, letter.kind, reason, done=True), b""
    series = f"{letter.sender.code}|{letter.issued_on.year}"
    serial = journal.last_serial(series) + 1
    letter_no = run.number.format(code=letter.sender.code, year=letter.issued_on.year, n=serial)
    fields = context(letter, letter_no)
    try:
        content = render(run.templates[letter.kind], {**fields, "二维码": qr_run(letter_no) if run.qr else ""})
    except MissingValueError as error:
        reason = f"模板要用的内容没有：{error}"
        return Refused(loan_no, letter.party.name, letter.party.role, letter.kind, reason), b""
    path = run.folder / file_name(letter_no, letter)
    issued = Issued(
        letter_no,
        letter.kind,
        LETTER_TITLES[letter.kind],
        loan_no,
        letter.party.name,
        letter.party.role,
        letter.party.address or "",
        path.relative_to(run.root).as_posix() if path.is_relative_to(run.root) else str(path),
        hashlib.sha256(content).hexdigest(),
        duty,
        letter.warnings,
    )
    journal.append(_notes(letter, issued, series, serial, run, fields), run.at)
    return issued, content


def _notes(
    letter: Letter, issued: Issued, series: str, serial: int, run: Run, fields: dict[str, Any]
) -> Iterator[Note]:
    """One entry with everything for the first loan, and a short one for each further loan the letter covers."""
    whole = {
        "kind": letter.kind,
        "title": issued.title,
        "address": issued.address,
        "branch": letter.sender.branch,
        "manager": letter.manager,
        "borrower": letter.borrower,
        "phone": letter.party.phone,
        "data_on": str(letter.data_on),
        "reply_by": str(letter.reply_by),
        "loans": list(dict.fromkeys(loan for loan, _ in letter.covers)),
        "principal_cents": sum(note.principal_cents for note in letter.notes),
        "interest_cents": sum(note.owed_cents - note.principal_cents for note in letter.notes),
        "notes": [_plain(note) for note in letter.notes],
        "path": issued.path,
        "sha256": issued.sha256,
        "template": run.templates[letter.kind].digest,
        "qr": run.qr,
        "fields": {key: value for key, value in fields.items() if key != "二维码"},
        **({"despite": letter.despite} if letter.despite else {}),
    }
    for nth, (loan_no, duty) in enumerate(letter.covers):
        note = letter.notes[nth]
        amounts = {"principal_cents": note.principal_cents, "interest_cents": note.owed_cents - note.principal_cents}
        first = nth == 0
        yield Note(
            "letter-issued",
            letter.issued_on,
            loan_no,
            letter.party.name,
            letter.party.role,
            duty,
            issued.letter_no,
            series if first else None,
            serial if first else None,
            run.policy,
            {**whole, "own": amounts} if first else {"kind": letter.kind, "own": amounts},
        )


def file_name(letter_no: str, letter: Letter) -> str:
    """Return a name that Windows allows, whatever a customer is called; the number makes it unique."""
    parts = (letter_no, LETTER_TITLES[letter.kind], letter.loan_no, letter.party.name)
    name = "_".join(FORBIDDEN.sub("", part).strip(" .")[:40] for part in parts)
    return f"{'_' if RESERVED.match(name) else ''}{name}.docx"


def _plain(note: LoanNote) -> dict[str, object]:
    """A loan note as JSON keeps it: days as text."""
    return {key: str(value) if isinstance(value, date) else value for key, value in asdict(note).items()}
