"""Trouble, in two families: a finding is a value, an error stops the work.

Both are described in `data/trouble.toml`: one table per code with severity, message and hint, in Chinese.
A caller names the code and the facts; the words are put together here, so that one file holds all of them.

    Finding    trouble in the data; the good rows go on
    CcmError   trouble that stops the work; the cli turns it into a message and exit code 3
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Severity = Literal["error", "warning"]

UNSEEN = "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]"
"""What cannot be seen in a text: control characters, which steer a terminal, and marks that turn the order of letters.

A pattern of both Python and Polars.
"""
LONGEST = 200
"""Characters of a value that a finding repeats; the workbook of refused rows holds it whole."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row of the catalogue: what a code means, before the facts are filled in."""

    code: str
    kind: Literal["finding", "stop"]
    severity: Severity
    title: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in the data, with its place.

    `row` counts from 1 as the spreadsheet does; `cell` is like `F17`, empty when the trouble is not in one cell.
    """

    code: str
    severity: Severity
    file: str
    sheet: str
    cell: str
    row: int | None
    column: str
    value: str
    message: str
    hint: str


class CcmError(Exception):
    """The work cannot go on, and the user can do something about it."""

    def __init__(self, code: str, *, where: str = "", **facts: object) -> None:
        """Describe the stop `code` of the catalogue at `where` (file, sheet, line), with the facts it names."""
        trouble = catalogue()[code]
        self.code = code
        self.where = seen(where)
        self.message = seen(trouble.message.format(**facts))
        self.hint = seen(trouble.hint.format(**facts))
        super().__init__(f"{self.where}：{self.message}" if where else self.message)


def seen(text: str) -> str:
    """Return a text without what cannot be seen in it."""
    return re.sub(UNSEEN, "", text)


@cache
def catalogue() -> dict[str, Trouble]:
    """Return every known code with its words, in the file's order."""
    text = files("ccm").joinpath("data/trouble.toml").read_text(encoding="utf-8")
    return {
        code: Trouble(
            code=code,
            kind=row.get("kind", "finding"),
            severity=row.get("severity", "error"),
            title=row["title"],
            message=row["message"],
            hint=row["hint"],
        )
        for code, row in tomllib.loads(text).items()
    }


def finding(
    code: str,
    *,
    file: str,
    sheet: str = "",
    cell: str = "",
    row: int | None = None,
    column: str = "",
    value: str = "",
    **facts: object,
) -> Finding:
    """Make a finding of the catalogue's words for `code` and the facts of its place."""
    trouble = catalogue()[code]
    value = seen(value if len(value) <= LONGEST else f"{value[:LONGEST]}…")
    file, sheet, column = seen(file), seen(sheet), seen(column)
    words = {
        "file": file,
        "sheet": sheet,
        "cell": cell,
        "row": row,
        "column": column,
        "value": value,
        **facts,
    }
    return Finding(
        code=code,
        severity=trouble.severity,
        file=file,
        sheet=sheet,
        cell=cell,
        row=row,
        column=column,
        value=value,
        message=seen(trouble.message.format(**words)),
        hint=seen(trouble.hint.format(**words)),
    )
