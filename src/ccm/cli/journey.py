"""The calls that several commands make in the same order: read a book, classify it, rank what it owes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from ccm.ledger.check import Checked
    from ccm.ledger.columns import Names
    from ccm.model import Case, Duty, WorkItem
    from ccm.policy import Policy
    from ccm.workspace import Workspace


def policy_of(place: Workspace) -> Policy:
    """Return the workspace's policy, the built-in one where it has none."""
    from ccm.policy import load  # noqa: PLC0415

    return load(place.policy)


def names_of(place: Workspace) -> Names:
    """Return the column names in use: the built-in ones and the bank's own."""
    from ccm.ledger.columns import load_names  # noqa: PLC0415

    return load_names(place.columns, place.products)


def password_from(variable: str | None) -> Callable[[], str | None]:
    """Return how a locked workbook's password is asked for: from a variable, else by a hidden prompt."""
    if variable:
        if variable not in os.environ:
            raise CcmError("no-password", where="--password-env", variable=variable)
        return lambda: os.environ[variable]
    return _ask


def _ask() -> str | None:
    import sys  # noqa: PLC0415

    import typer  # noqa: PLC0415

    return typer.prompt("台账有密码，请输入", hide_input=True, err=True) if sys.stdin.isatty() else None


def read_book(paths: Sequence[Path], names: Names, as_of: date, password: Callable[[], str | None], sheet: str | None) -> Checked:
    """Read ledgers as one book and check it.

    Raises:
        CcmError: A file that cannot be read, or `not-a-ledger` where none of its sheets is one.
    """
    from ccm.ledger.check import check  # noqa: PLC0415
    from ccm.ledger.header import locate  # noqa: PLC0415
    from ccm.ledger.read import open_ledger  # noqa: PLC0415

    known = []
    for path in paths:
        sheets = open_ledger(path, password=password, sheet=sheet)
        found = [(one, layout) for one in sheets if (layout := locate(one, names))]
        if not any(layout.role == "loans" for _, layout in found) and len(paths) == 1:
            raise CcmError("not-a-ledger", where=str(path), **_seen(sheets))
        known += found
    return check(known, names, as_of)


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
    """A book on one day: classified, with what is outstanding, and the ranked list."""

    book: pl.DataFrame
    owing: list[tuple[Case, tuple[Duty, ...]]]
    items: list[WorkItem]


def work_of(loans: pl.DataFrame, parties: pl.DataFrame, policy: Policy, as_of: date) -> Work:
    """Classify a book, work out what its cases owe us, and rank them."""
    from ccm.cases import cases  # noqa: PLC0415
    from ccm.classify import classify  # noqa: PLC0415
    from ccm.duties import duties  # noqa: PLC0415
    from ccm.worklist import rank  # noqa: PLC0415

    book = classify(loans, policy, as_of)
    owing = [(case, duties(case, policy, as_of)) for case in cases(book, parties, as_of)]
    return Work(book, owing, rank(owing, policy))


def totals_of(items: Sequence[WorkItem]) -> dict[int, tuple[int, int, int, int]]:
    """Return per stage: loans, overdue principal, overdue interest and balance in cents."""
    totals: dict[int, tuple[int, int, int, int]] = {}
    for item in items:
        case = item.case
        count, principal, interest, balance = totals.get(case.stage, (0, 0, 0, 0))
        totals[case.stage] = (
            count + 1,
            principal + case.overdue_principal_cents,
            interest + case.overdue_interest_cents,
            balance + case.balance_cents,
        )
    return totals
