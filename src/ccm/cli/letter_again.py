"""`ccm letters void / reissue / restore`: what is done with a letter that has its number."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import console, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now
from ccm.cli.letter_job import Job, Outcome
from ccm.cli.letter_run import findings_of, finish_earlier, issue_all
from ccm.cli.letters import letters, tell
from ccm.errors import CcmError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ccm.journal import Journal
    from ccm.letters.letter import Letter
    from ccm.model import Entry


@letters.command("void", cls=ChineseCommand)
def void(
    letter_no: Annotated[str, typer.Argument(help="函号", metavar="函号")],
    reason: Annotated[str, typer.Option(help="为什么作废", metavar="理由")],
    as_of: AsOf = None,
) -> None:
    """作废一封函：函号从此不再使用，原登记保留。

    例：ccm letters void 清农城催〔2026〕3号 --reason 金额有误
    """
    from ccm.cli import logbook

    with closing(logbook.journal_of(workspace())) as journal:
        letter_no = _meant(journal, letter_no)
        _void(journal, letter_no, reason, day_of(as_of))
    console().print(f"{letter_no} 已作废：{reason}。这项应办恢复为未办。")


def _void(journal: Journal, letter_no: str, reason: str, on: dt.date) -> None:
    """Record that a letter is void."""
    from ccm.model import Note

    with journal.writing():
        first = _standing(journal, letter_no)[0].note
        facts = {"reason": reason}
        journal.append(
            [Note("letter-voided", on, first.loan_no, first.party, first.role, "", letter_no, facts=facts)], now()
        )


def _meant(journal: Journal, typed: str) -> str:
    """Return the whole number of the letter that was meant; what was typed where none is."""
    from ccm.cli import logbook

    life = logbook.lives_in(journal).letter_typed(typed)
    return life.letter_no if life else typed


def _standing(journal: Journal, letter_no: str) -> list[Entry]:
    """Return the entries of a letter, one per loan it covers.

    Raises:
        CcmError: `letter-unknown`, `letter-voided`, `letter-purged`.
    """
    from ccm.cli import logbook

    entries = list(journal.entries(letter_no=letter_no))
    if not entries:
        raise CcmError("letter-unknown", where=letter_no, letter_no=letter_no)
    for entry in entries:
        note = entry.note
        if note.kind == "letter-voided":
            facts = {"on": note.on, "reason": note.facts["reason"]}
            raise CcmError("letter-voided", where=letter_no, letter_no=letter_no, **facts)
    if letter_no not in logbook.lives_in(journal).letters:
        raise CcmError("letter-purged", where=letter_no, letter_no=letter_no)
    return [entry for entry in entries if entry.note.kind == "letter-issued"]


@letters.command("reissue", cls=ChineseCommand)
def reissue(
    letter_no: Annotated[str, typer.Argument(help="函号", metavar="函号")],
    reason: Annotated[str, typer.Option(help="为什么重发", metavar="理由")],
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """作废一封函，并按现在的台账用新函号重发给同一个人。

    例：ccm letters reissue 清农城催〔2026〕3号 --reason 地址变更
    """
    job = Job(workspace(), as_of)
    outcome = Outcome()
    with job.alone() as journal:
        letter_no = _meant(journal, letter_no)
        old = _standing(journal, letter_no)
        finish_earlier(outcome, job, journal, "")
        planned = _replacement(old, job)
        _void(journal, letter_no, reason, day_of(as_of))
        issue_all(outcome, planned, job, journal, None, "")
    outcome.findings = findings_of(planned, job)
    tell(outcome, as_json=as_json)


def _replacement(old: Sequence[Entry], job: Job) -> list[Letter]:
    """Plan the letter that takes the place of another.

    Raises:
        CcmError: `reissue-refused` where today's ledger asks for none; the old letter then stands.
    """
    from ccm.letters.plan import Asked

    first = old[0].note
    job.forget(old)
    loans, kind = frozenset(entry.note.loan_no for entry in old), str(first.facts["kind"])
    planned, refused = job.plan(Asked(loans=loans, kinds=frozenset({kind})))
    mine = [one for one in planned if (one.party.name, one.party.role) == (first.party, first.role)]
    if not mine:
        reasons = [one.reason for one in refused if (one.party, one.role) == (first.party, first.role)]
        reason = "；".join(reasons) or "现在的台账里，这笔贷款不需要给这个人发这种函"
        raise CcmError("reissue-refused", where=first.letter_no, reason=reason)
    return mine


@letters.command("restore", cls=ChineseCommand)
def restore(
    letter_no: Annotated[str, typer.Argument(help="函号", metavar="函号")],
    out: Annotated[Path | None, typer.Option(help="写成这个文件；不写则放回原处", metavar="文件")] = None,
) -> None:
    """照原样补回一封函的文件（误删或丢失时）：同一函号，内容一字不差。

    例：ccm letters restore 清农城催〔2026〕3号
    """
    from ccm.cli import logbook
    from ccm.letters.issued import again, intact
    from ccm.safe import put_bytes

    place = workspace()
    with closing(logbook.journal_of(place)) as journal:
        letter_no = _meant(journal, letter_no)
        entry = _standing(journal, letter_no)[0]
        path = out or place.root / str(entry.note.facts["path"])
        if path.exists() and not intact(path, str(entry.note.facts["sha256"])):
            raise CcmError("letter-changed", where=str(path), letter_no=letter_no)
        put_bytes(path, again(entry, journal, {}))
    console().print(f"{letter_no} 的文件在 {path}，与登记的摘要一致。")
