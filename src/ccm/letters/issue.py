"""Number → render → record → write, so that a run can be killed anywhere and finished later.

A batch takes its numbers and its journal entries in one transaction; only then are its files written.
An entry keeps all that its letter says, and the template is kept by its digest: a file that a crash left out is made
again, byte for byte (`recover`).
A run is finished when its files and its print file are on the disk, and an entry says so (`finish`); what is deleted
after that stays deleted.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.letters.crew import rendered
from ccm.letters.issued import Issued, again, intact, issued_by, kept_at
from ccm.letters.letter import Refused
from ccm.letters.template import MissingValueError, Template
from ccm.model import LETTER_TITLES, Note
from ccm.safe import check_writable, file_name, put_bytes, settle, sweep, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from ccm.journal import Journal
    from ccm.letters.crew import Hands, Rendered
    from ccm.letters.letter import Letter
    from ccm.model import Entry, LoanNote

BATCH = 200
"""Letters numbered in one transaction: others wait no longer than it takes to render them."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of letters is made with: the workspace's root, where letters go, templates by kind, and the rules.

    `since` is the number of the journal's last entry when the plan was made.
    """

    root: Path
    folder: Path
    templates: Mapping[str, Template]
    number: str
    policy: str
    at: datetime
    qr: bool = False
    since: int = 0


def issue(
    letters: Iterable[Letter],
    run: Run,
    journal: Journal,
    told: Callable[[], None],
    hands: Hands | None = None,
) -> Iterator[Issued | Refused]:
    """Issue letters, batch by batch; what another run has issued meanwhile is refused as done.

    Args:
        letters: The plan, in posting order.
        run: Where to and with what.
        journal: Gives the numbers and keeps the entries.
        told: Called once per letter, for a progress bar.
        hands: Render ahead, elsewhere; the letters are the same without them.

    Raises:
        CcmError: `file-unwritable` before the first number is taken, `journal-busy`, `journal-unwritable`,
            `number-taken`, `template-broken` for a batch that then has no numbers, `letters-unfinished` where numbers
            are taken and their files are left to the next run.
    """
    _keep_templates(run, journal)
    check_writable(run.folder)
    rest = iter(letters)
    paths: list[str] = []
    while batch := list(islice(rest, (hands and hands.block) or BATCH)):
        done: list[tuple[Issued | Refused, bytes | None]] = []
        ready = _ahead(batch, run, journal, hands) if hands else {}
        with journal.writing():
            done.extend(_number(letter, run, journal, ready.get(nth)) for nth, letter in enumerate(batch))
        if hands:
            _write_afar([one for one, content in done if isinstance(one, Issued) and content is None], run, hands)
        for outcome, content in done:
            if isinstance(outcome, Issued):
                paths.append(outcome.path)
                if content is not None:
                    _put(run.root / outcome.path, content)
            told()
            yield outcome
    settle(run.root / path for path in paths)


def finish(journal: Journal, at: datetime) -> None:
    """Record that the files and print files of every letter issued so far are on the disk."""
    seq, _ = journal.head()
    journal.record([Note("files-written", at.date(), facts={"through": seq})], at)


def unfinished(journal: Journal) -> Iterator[Entry]:
    """Yield the letters whose run did not end, in order; a letter that was voided since needs no file."""
    finished = max((e.note.facts["through"] for e in journal.entries("files-written")), default=0)
    voided = {entry.note.letter_no for entry in journal.entries("letter-voided", after=finished)}
    issued = journal.entries("letter-issued", after=finished)
    return (entry for entry in issued if entry.note.serial and entry.note.letter_no not in voided)


def recover(entries: Sequence[Entry], journal: Journal, root: Path) -> list[Issued]:
    """Make the files of issued letters again where they are missing or broken; return all the letters.

    Raises:
        CcmError: `letter-lost` where a letter cannot be made again as it was, `letters-unfinished`.
    """
    compiled: dict[str, Template] = {}
    letters = [issued_by(entry) for entry in entries]
    sweep({(root / one.path).parent for one in letters} | {kept_at(journal, "").parent})
    mended = []
    for entry, letter in zip(entries, letters, strict=True):
        path = root / letter.path
        if not intact(path, letter.sha256):
            _put(path, again(entry, journal, compiled))
            mended.append(path)
    settle(mended)
    return letters


@contextmanager
def numbered() -> Iterator[None]:
    """Say of a file that cannot be written that its letters have their numbers, and that the next run goes on.

    Raises:
        CcmError: `letters-unfinished`.
    """
    try:
        yield
    except CcmError as error:
        if error.code != "file-unwritable":
            raise
        raise CcmError("letters-unfinished", where=error.where, reason=error.message) from error


def _put(path: Path, content: bytes) -> None:
    """Write a letter that has its number already."""
    with numbered():
        put_bytes(path, content)


def _write_afar(letters: Sequence[Issued], run: Run, hands: Hands) -> None:
    """Have files written where they were rendered, and see that they are here, as the journal says."""
    if not letters:
        return
    hands.write({one.letter_no: run.root / one.path for one in letters})
    for one in letters:
        path = run.root / one.path
        if not intact(path, one.sha256):
            reason = "工作机写出的文件在这里看不到，或与登记的摘要不符"
            raise CcmError("letters-unfinished", where=str(path), reason=reason)


def _keep_templates(run: Run, journal: Journal) -> None:
    for template in run.templates.values():
        kept = kept_at(journal, template.digest)
        if not kept.exists():
            with written(kept) as temporary:
                temporary.write_bytes(template.source)


def _ahead(batch: Sequence[Letter], run: Run, journal: Journal, hands: Hands) -> dict[int, tuple[str, Rendered]]:
    """Have a batch rendered under the numbers it will get if no letter of it is refused; by place in the batch.

    Nobody waits for that: the numbers are taken only when all is rendered.
    """
    last: dict[str, int] = {}
    asked = []
    for nth, letter in enumerate(batch):
        if not _done_meanwhile(letter, journal, run.since):
            series = _series(letter)
            last[series] = last[series] + 1 if series in last else journal.last_serial(series) + 1
            asked.append((nth, letter, _letter_no(letter, last[series], run)))
    found = hands.render([(letter, number) for _, letter, number in asked], coded=run.qr)
    return {nth: (number, one) for (nth, _, number), one in zip(asked, found, strict=True) if one}


def _series(letter: Letter) -> str:
    return f"{letter.sender.code}|{letter.issued_on.year}"


def _letter_no(letter: Letter, serial: int, run: Run) -> str:
    return run.number.format(code=letter.sender.code, year=letter.issued_on.year, n=serial)


def _number(
    letter: Letter, run: Run, journal: Journal, ready: tuple[str, Rendered] | None
) -> tuple[Issued | Refused, bytes | None]:
    """Give a letter its number and its entries; inside the transaction, so nobody else can have either.

    `ready` is the letter rendered ahead, and the number that it bears; the file is None where it waits afar.
    """
    loan_no, duty = letter.covers[0]
    if reason := _done_meanwhile(letter, journal, run.since):
        return Refused(loan_no, letter.party.name, letter.party.role, letter.kind, reason, done=True, duty=duty), None
    series = _series(letter)
    serial = journal.last_serial(series) + 1
    letter_no = _letter_no(letter, serial, run)
    try:
        number, made = ready or ("", None)
        if made is None or number != letter_no:
            made = rendered(letter, letter_no, run.templates, coded=run.qr)
    except MissingValueError as error:
        reason = f"模板要用的内容没有：{error}"
        return Refused(loan_no, letter.party.name, letter.party.role, letter.kind, reason, duty=duty), None
    name = file_name(letter_no, LETTER_TITLES[letter.kind], letter.loan_no, letter.party.name)
    path = run.folder / f"{name}.docx"
    issued = Issued(
        letter_no,
        letter.kind,
        LETTER_TITLES[letter.kind],
        loan_no,
        letter.party.name,
        letter.party.role,
        letter.party.address or "",
        path.relative_to(run.root).as_posix() if path.is_relative_to(run.root) else str(path),
        made.sha256,
        duty,
        run.templates[letter.kind].digest,
        letter.warnings,
    )
    journal.append(_notes(letter, issued, series, serial, run, made.fields), run.at)
    return issued, made.content


def _done_meanwhile(letter: Letter, journal: Journal, since: int) -> str:
    """Tell which of the letter's duties was done behind the journal's entry `since`, on which the plan was made."""
    for loan_no, duty, role, name in letter.keys:
        last = journal.last_done(loan_no, duty, role, name, after=since)
        if last is not None:
            return f"借据{loan_no}已于{last}发出"
    return ""


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
        "company": letter.company,
        "address_agreed_on": str(letter.address_agreed_on) if letter.address_agreed_on else None,
        "data_on": str(letter.data_on),
        "reply_by": str(letter.reply_by),
        "loans": list(dict.fromkeys(loan for loan, _ in letter.covers)),
        "principal_cents": sum(note.principal_cents for note in letter.notes),
        "interest_cents": sum(note.all_interest_cents for note in letter.notes),
        "notes": [_plain(note) for note in letter.notes],
        "path": issued.path,
        "sha256": issued.sha256,
        "template": issued.template,
        "qr": run.qr,
        "fields": {key: value for key, value in fields.items() if key != "二维码"},
        **({"despite": letter.despite} if letter.despite else {}),
    }
    claimed = {note.loan_no: note for note in letter.notes}
    for nth, (loan_no, duty) in enumerate(letter.covers):
        note = claimed[loan_no]
        amounts = {"principal_cents": note.principal_cents, "interest_cents": note.all_interest_cents}
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


def _plain(note: LoanNote) -> dict[str, object]:
    """A loan note as JSON keeps it: days as text."""
    values = {name: getattr(note, name) for name in note.__slots__}
    return {key: str(value) if isinstance(value, date) else value for key, value in values.items()}
