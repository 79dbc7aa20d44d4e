"""The calls that several commands make in the same order: read a book, classify it, rank what it owes."""

from __future__ import annotations

import hashlib
import os
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date

    import polars as pl

    from ccm.journal import Journal
    from ccm.ledger.check import Checked
    from ccm.ledger.columns import Names
    from ccm.memory import Triage
    from ccm.model import Done, Ranked, WorkItem
    from ccm.policy import Policy
    from ccm.workspace import Workspace


def policy_of(place: Workspace) -> Policy:
    """Return the workspace's policy, the built-in one where it has none."""
    from ccm.policy import load

    return load(place.policy)


def names_of(place: Workspace) -> Names:
    """Return the column names in use: the built-in ones and the bank's own."""
    from ccm.ledger.columns import load_names

    return load_names(place.columns, place.products)


def password_from(variable: str | None) -> Callable[[], str | None]:
    """Return how a locked workbook's password is asked for: from a variable, else by a hidden prompt."""
    if variable:
        if variable not in os.environ:
            raise CcmError("no-password", where="--password-env", variable=variable)
        return lambda: os.environ[variable]
    return _ask


def _ask() -> str | None:
    import sys

    import typer

    return typer.prompt("台账有密码，请输入", hide_input=True, err=True) if sys.stdin.isatty() else None


def read_book(
    paths: Sequence[Path], names: Names, as_of: date, password: Callable[[], str | None], sheet: str | None
) -> Checked:
    """Read ledgers as one book and check it.

    Raises:
        CcmError: A file that cannot be read, or `not-a-ledger` where none of its sheets is one.
    """
    from ccm.ledger.check import check
    from ccm.ledger.header import locate
    from ccm.ledger.read import open_ledger

    known = []
    for path in paths:
        sheets = open_ledger(path, password=password, sheet=sheet)
        found = [(one, layout) for one in sheets if (layout := locate(one, names))]
        if not any(layout.role == "loans" for _, layout in found) and len(paths) == 1:
            raise CcmError("not-a-ledger", where=str(path), **_seen(sheets))
        known += found
    # The columns are loaded by a compiled library that leaves the interpreter free: what comes after is imported then.
    Thread(target=lambda: [import_module(name) for name in AFTER_READING]).start()
    return check(known, names, as_of)


AFTER_READING = (
    "ccm.classify",
    "ccm.cases",
    "ccm.duties",
    "ccm.worklist",
    "ccm.memory",
    "ccm.compare",
    "ccm.screen.triage",
)


def _seen(sheets: Sequence[object]) -> dict[str, str]:
    heads = [[str(v) for row in getattr(one, "head", ())[:3] for v in row if v is not None][:8] for one in sheets]
    words = "、".join(word[:20] for head in heads for word in head)
    return {"seen": words or "（全是空白）"}


def digest_of(paths: Sequence[Path]) -> str:
    """Return one digest of several files' bytes."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Work:
    """A book on one day: classified, and its cases in order."""

    book: pl.DataFrame
    ranked: list[Ranked]
    policy: Policy
    as_of: date
    done: Done

    def items(self, ranked: Sequence[Ranked], requested: Collection[str] = ()) -> list[WorkItem]:
        """Return lines of the worklist with their duties and reasons; `requested` adds letters given on request."""
        from ccm.duties import duties
        from ccm.model import WorkItem
        from ccm.worklist import reasons

        return [
            WorkItem(
                one.case,
                duties(one.case, self.policy, self.as_of, self.done, requested),
                one.rank,
                one.priority,
                reasons(one, self.policy),
            )
            for one in ranked
        ]


def work_of(loans: pl.DataFrame, parties: pl.DataFrame, policy: Policy, as_of: date, done: Done) -> Work:
    """Classify a book, and rank what is overdue or due in it, less what the journal says was done."""
    from ccm.cases import cases
    from ccm.classify import classify
    from ccm.duties import missed
    from ccm.worklist import rank

    book = classify(loans, policy, as_of)
    return Work(
        book,
        rank(cases(book, parties, as_of), policy, lambda case: missed(case, policy, as_of, done)),
        policy,
        as_of,
        done,
    )


def done_in(place: Workspace) -> Done:
    """Return what the workspace's journal says was done; nothing where there is none yet."""
    from ccm.journal import exists

    if not exists(place.state):
        return {}
    with closing(journal_of(place)) as journal:
        return journal.done()


def journal_of(place: Workspace) -> Journal:
    """Open the workspace's journal in the name of whoever runs the command."""
    from ccm.journal import open_journal

    return open_journal(place.state, actor())


def remembered_work(place: Workspace, as_of: date | None, done: Done) -> tuple[Triage, Work]:
    """Return the triage remembered last, and its book classified for `as_of` (its own day where None).

    Raises:
        CcmError: `no-triage`.
    """
    from ccm import memory
    from ccm.model import LOAN_COLUMNS

    triage = memory.latest(place.state)
    if triage is None:
        raise CcmError("no-triage", where=str(place.root))
    loans = triage.loans.select(list(LOAN_COLUMNS))
    return triage, work_of(loans, triage.parties, policy_of(place), as_of or triage.as_of, done)


def loan_no_in(remembered: Triage, asked: str) -> str:
    """Find the loan by its number, else by the borrower's name where only one loan is theirs.

    Raises:
        CcmError: `loan-refused` where its row was refused, `loan-unknown` with the nearest numbers.
    """
    from difflib import get_close_matches

    loans = remembered.loans
    if (loans["loan_no"] == asked).any():
        return asked
    named = loans.filter(loans["borrower"] == asked)["loan_no"].to_list()
    if len(named) == 1:
        return str(named[0])
    for note in remembered.refused:
        if note.loan_no == asked:
            raise CcmError("loan-refused", loan_no=asked, place=note.place, reasons="；".join(note.reasons))
    near = named or get_close_matches(asked, loans["loan_no"].to_list(), 3)
    raise CcmError(
        "loan-unknown",
        files="、".join(remembered.files),
        loan_no=asked,
        near=f"；是不是 {'、'.join(near)}？" if near else "",
    )


def actor() -> str:
    """Return who runs this command: CCM_ACTOR, else the name they are logged in by."""
    import getpass

    named = os.environ.get("CCM_ACTOR", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "未知"


def totals_of(ranked: Sequence[Ranked]) -> dict[int, tuple[int, int, int, int]]:
    """Return per stage: loans, overdue principal, overdue interest and balance in cents."""
    totals: dict[int, tuple[int, int, int, int]] = {}
    for one in ranked:
        case = one.case
        count, principal, interest, balance = totals.get(case.stage, (0, 0, 0, 0))
        totals[case.stage] = (
            count + 1,
            principal + case.overdue_principal_cents,
            interest + case.overdue_interest_cents,
            balance + case.balance_cents,
        )
    return totals
