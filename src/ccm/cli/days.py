"""The day a command works for: the only place that reads the clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from ccm.errors import CcmError

AsOf = Annotated[str | None, typer.Option("--as-of", help="按哪一天计算，默认今天", metavar="YYYY-MM-DD")]

AsOfLedger = Annotated[
    str | None, typer.Option("--as-of", help="按哪一天计算，默认最近一次读台账的那天", metavar="YYYY-MM-DD")
]


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


def tell_age(ledger_on: date, asked: str | None) -> None:
    """Say on stderr that the day of the last triage is counted and not today, where nobody asked for a day."""
    today = now().date()
    if asked is None and ledger_on < today:
        old = (today - ledger_on).days
        said = f"按最近一次读台账的那天（{ledger_on}，{old}天前）算；先读今天的台账，或加 --as-of {today}"
        typer.echo(said, err=True)


def now() -> datetime:
    """Return the instant, in local time with its offset."""
    return datetime.now().astimezone()
