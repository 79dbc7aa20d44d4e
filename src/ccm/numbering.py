"""Numbers of what is made on a day: a word that tells what it is, the day, and which of that day: `V20261123-2`."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date


def after(prefix: str, on: date, taken: Iterable[str]) -> Iterator[str]:
    """Return the numbers of a day that come after the last one taken, without end.

    Args:
        prefix: What is numbered: V for visits, JS for posting lists.
        on: The day.
        taken: The numbers there are, of whatever day; what others have numbered in a form of their own is passed over.
    """
    start = f"{prefix}{on:%Y%m%d}-"
    of_day = (one.removeprefix(start) for one in taken if one.startswith(start))
    last = max((int(nth) for nth in of_day if nth.isdecimal()), default=0)
    return (f"{start}{nth}" for nth in count(last + 1))
