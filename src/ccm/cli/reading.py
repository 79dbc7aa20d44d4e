"""Ledgers read as one book: by which column names, with which password, and one digest of all their bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from importlib import import_module
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.ledger.check import Checked
    from ccm.ledger.columns import Layout, Names
    from ccm.ledger.table import Sheet
    from ccm.workspace import Workspace


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
    paths: Sequence[Path], place: Workspace, as_of: date, password: Callable[[], str | None], sheet: str | None
) -> Checked:
    """Read ledgers as one book and check it.

    Raises:
        CcmError: A file that cannot be read, or `not-a-ledger`: none of its sheets is one, or none of all has loans.
    """
    from ccm.ledger.check import check
    from ccm.ledger.header import locate
    from ccm.ledger.read import open_ledger

    names = names_of(place)
    every: list[Sheet] = []
    known: list[tuple[Sheet, Layout]] = []
    for path in paths:
        sheets = open_ledger(path, password=password, bounds=place.bounds, sheet=sheet)
        found = [(one, layout) for one in sheets if (layout := locate(one, names))]
        if not found:
            raise CcmError("not-a-ledger", where=str(path), **_seen(sheets))
        every += sheets
        known += found
    if not any(layout.role == "loans" for _, layout in known):
        raise CcmError("not-a-ledger", where="、".join(map(str, paths)), **_seen(every))
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
    "ccm.signals",
    "ccm.warn.signs",
    "ccm.screen.triage",
    "ccm.screen.worklist",
)


def _seen(sheets: Sequence[Sheet]) -> dict[str, str]:
    heads = [[str(v) for row in one.head[:3] for v in row if v is not None][:8] for one in sheets]
    words = "、".join(word[:20] for head in heads for word in head)
    return {"seen": words or "（全是空白）"}


def digest_of(paths: Sequence[Path]) -> str:
    """Return one digest of several files' bytes; of a folder, all its Parquet files count."""
    digest = hashlib.sha256()
    inside = (sorted(path.rglob("*.parquet")) if path.is_dir() else [path] for path in sorted(paths))
    for path in chain.from_iterable(inside):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
