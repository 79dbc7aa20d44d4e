"""Holds, suits and signals in a few words and a colour, as lists and case files show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ccm.model import HOLD_TITLES, SUIT_STATES, Hold
from ccm.signals import step_words
from ccm.suit.standing import in_words as suit_words
from ccm.suit.standing import missed_words
from ccm.units import short_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.model import Signal, Suit
    from ccm.policy import Policy

STAGE_STYLES = ("cyan", "yellow", "bright_red", "bold red")


def stage_style(stage: int, policy: Policy) -> str:
    """Return the colour of a stage: the later, the louder."""
    place = [one.from_days for one in policy.stages].index(stage)
    return STAGE_STYLES[min(place, len(STAGE_STYLES) - 1)]


def suit_mark(suit: Suit | None, as_of: date) -> Text:
    """A suit in a few words: deferred until when, or why it is owed again; nothing where nothing was done about it."""
    if suit is None or not suit_words(suit):
        return Text()
    if suit.state == "deferred" and suit.deferral:
        return Text(f"【暂缓起诉】至{short_day(suit.deferral.until_on, as_of)}", style="magenta")
    words = suit_words(suit)
    if suit.state == "filed" and suit.filing:
        words = suit.filing.stages[-1].title if suit.filing.stages else short_day(suit.filing.on, as_of)
    elif suit.state == "breached" and suit.deferral:
        words = f"{missed_words(suit.deferral, as_of)}，应起诉·C10"
    return Text(f"【{SUIT_STATES[suit.state]}】{words}", style=SUIT_STYLES[suit.state])


SUIT_STYLES = {"due": "yellow", "deferred": "magenta", "pending": "yellow", "breached": "red", "filed": "green"}


def signal_mark(shown: Sequence[Signal], as_of: date) -> Text:
    """The signals of a loan in a few words: the most pressing with its next step, the others counted."""
    if not shown:
        return Text()
    first, title = shown[0], shown[0].text.partition("：")[0]
    short = title if len(title) <= SIGNAL_WORDS else f"{title[: SIGNAL_WORDS - 1]}…"
    more = f"等{len(shown)}个" if len(shown) > 1 else ""
    words = f"【预警·{first.level}】{short}{more} {step_words(first, as_of)}"
    return Text(words, style="red" if any(one.overdue for one in shown) else "yellow")


SIGNAL_WORDS = 12
"""How much of a signal's text the worklist shows; `ccm warn show` has the whole."""


def hold_mark(hold: Hold, as_of: date) -> str:
    """A hold in a few words on a day: what, until when, and whether the bank owes an answer."""
    title = HOLD_TITLES[hold.reason]
    if hold.state == "broken" and hold.ended_on:
        return f"【{title}】{short_day(hold.ended_on, as_of)}那期没还"
    if hold.answer_by:
        words = f"{short_day(hold.answer_by, as_of)}前{'应答复，已过期' if hold.unanswered else '答复'}"
    else:
        words = f"至{short_day(hold.until_on, as_of)}" if hold.until_on else f"{short_day(hold.from_on, as_of)}起"
    return f"【停·{title}】{words}"


def hold_style(hold: Hold) -> str:
    """Red where the bank or the debtor is late, else magenta."""
    return "red" if hold.unanswered or hold.state == "broken" else "magenta"


SHOWN = 5
"""How many of a kind are spelled out before the rest is counted."""
