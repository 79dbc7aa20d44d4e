"""What is typed while on the phone: amounts, hours, and the words for results, causes and states.

The words are data (`data/log.toml`); an amount is what people say: 5000, 5,000元, 3千, 1.5万.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from ccm.errors import CcmError
from ccm.units import to_cents

AMOUNT = re.compile(r"¥?(?P<number>[\d,]+(\.\d+)?)(?P<unit>[百千万]?)[元块]?(钱|整)?")
UNITS = {"": 1, "百": 100, "千": 1000, "万": 10000}
CLOCK = re.compile(r"(?P<hour>\d{1,2})[:：点时](?P<minute>\d{2})?分?|(?P<packed>\d{4})")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be said: its code, the words for it (the first is shown), and what follows from it.

    `answered` tells whether someone was reached, `does` whether a duty is done by it.
    `stops` says why no letter goes to that name, and what to do; `despite` whether a person may send it all the same.
    """

    code: str
    words: tuple[str, ...]
    rule: str
    answered: bool = False
    does: bool = False
    stops: str = ""
    despite: bool = True

    @property
    def title(self) -> str:
        """The word that is shown."""
        return self.words[0]


@cache
def choices(kind: str) -> tuple[Choice, ...]:
    """Return what may be said of a kind: `call`, `found`, `place`, `source`, `cause` or `state`."""
    data = tomllib.loads(files("ccm").joinpath("data/log.toml").read_text(encoding="utf-8"))
    return tuple(Choice(**{**row, "words": tuple(row["words"])}) for row in data[kind])


def known(kind: str, word: str) -> Choice | None:
    """Return the choice a word or code stands for, None where it stands for none."""
    word = word.strip().lower()
    return next((one for one in choices(kind) if word == one.code or word in one.words), None)


def choice(kind: str, word: str) -> Choice:
    """Return the choice a word stands for.

    Raises:
        CcmError: `word-unknown`, with the words there are.
    """
    found = known(kind, word)
    if found is None:
        raise CcmError("word-unknown", word=word, known="、".join(one.title for one in choices(kind)))
    return found


def title(kind: str, code: object) -> str:
    """Return the word that is shown for a code; a code that is not known any more is shown as it is."""
    return next((one.title for one in choices(kind) if one.code == code), str(code))


def cents(text: str) -> int:
    """Return an amount as people say it, in cents.

    Raises:
        CcmError: `amount-unclear` where it is no amount above zero.
    """
    said = AMOUNT.fullmatch(text.strip().replace("，", ","))
    try:
        amount = to_cents(str(Decimal(said["number"].replace(",", "")) * UNITS[said["unit"]])) if said else 0
    except (ValueError, ArithmeticError):
        amount = 0
    if amount <= 0:
        raise CcmError("amount-unclear", value=text)
    return amount


def clock(text: str) -> str:
    """Return an hour as people say it (9:05, 2205, 21点) as `HH:MM`.

    Raises:
        CcmError: `hour-unclear`.
    """
    said = CLOCK.fullmatch(text.strip())
    if said:
        hour, minute = (
            divmod(int(said["packed"]), 100) if said["packed"] else (int(said["hour"]), int(said["minute"] or 0))
        )
        if hour < 24 and minute < 60:
            return f"{hour:02d}:{minute:02d}"
    raise CcmError("hour-unclear", value=text)
