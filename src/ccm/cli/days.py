"""The day a command works for: the only place that reads the clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from ccm.errors import CcmError

AsOf = Annotated[str | None, typer.Option("--as-of", help="按哪一天计算，默认今天", metavar="YYYY-MM-DD")]


def day_of(value: str | None) -> date:
    """Return the day asked for, today where none is.

    Raises:
        CcmError: `as-of-wrong`.
    """
    if value is None:
        return now().date()
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise CcmError("as-of-wrong", where="--as-of", value=value) from error


def now() -> datetime:
    """Return the instant, in local time with its offset."""
    return datetime.now().astimezone()
