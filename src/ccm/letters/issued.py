"""A letter that was issued: what its entry says, whether its file is there, and the file made again byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.errors import CcmError
from ccm.letters import qr
from ccm.letters.template import Template, compile_template, render

if TYPE_CHECKING:
    from pathlib import Path

    from ccm.journal import Journal
    from ccm.model import Entry


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter that has a number, an entry and a file; `path` is from the workspace, `template` a digest."""

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
    template: str
    warnings: tuple[str, ...] = ()


def intact(path: Path, sha256: str) -> bool:
    """Tell whether a letter's file is there with the bytes it was issued with."""
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def again(entry: Entry, journal: Journal, compiled: dict[str, Template]) -> bytes:
    """Make an issued letter again from its entry and the kept template, and hold it against its digest.

    Raises:
        CcmError: `letter-lost`.
    """
    facts = entry.note.facts
    content = render(kept_template(issued_by(entry), journal, compiled), {**facts["fields"], "二维码": code_of(entry)})
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise CcmError("letter-lost", where=entry.note.letter_no, reason="按当时的记录重做，内容与登记的摘要不符")
    return content


def kept_template(letter: Issued, journal: Journal, compiled: dict[str, Template]) -> Template:
    """Return the template a letter was issued with, compiled once.

    Raises:
        CcmError: `letter-lost`.
    """
    if letter.template not in compiled:
        kept = kept_at(journal, letter.template)
        if not kept.exists():
            raise CcmError("letter-lost", where=letter.letter_no, reason="当时的模板不在了")
        compiled[letter.template] = compile_template(kept.read_bytes(), letter.kind, str(kept))
    return compiled[letter.template]


def code_of(entry: Entry) -> str:
    """Return the QR code an issued letter bears, empty where it has none."""
    return qr.RUN if entry.note.facts["qr"] else ""


def issued_by(entry: Entry) -> Issued:
    """Return the letter that an entry `letter-issued` tells of."""
    note = entry.note
    kind, title, address, path, sha256, template = (str(note.facts[key]) for key in ISSUED_FACTS)
    who = note.loan_no, note.party, note.role
    return Issued(note.letter_no, kind, title, *who, address, path, sha256, note.duty, template)


ISSUED_FACTS = ("kind", "title", "address", "path", "sha256", "template")


def kept_at(journal: Journal, digest: str) -> Path:
    """Return where a template is kept by its digest, beside the journal."""
    return journal.state / "templates" / f"{digest}.docx"
