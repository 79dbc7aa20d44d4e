"""Why a loan is or is not on the list, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm.holds import in_words
from ccm.model import ROLE_TITLES, STATE_TITLES, Duty
from ccm.screen.marks import SUIT_STYLES, hold_mark, hold_style
from ccm.statutes import named
from ccm.suit.standing import in_words as suit_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from ccm.why import Explanation


def show_why(console: Console, explanation: Explanation, as_of: date) -> None:
    """Print why a loan is or is not on the list of a day."""
    console.print(Text(f"{explanation.loan_no} {explanation.borrower}", style="bold"))
    console.print(explanation.sentence)
    for hold in explanation.holds:
        console.print(Text(f"{hold_mark(hold, as_of)}　{in_words(hold)}", style=hold_style(hold)))
    if explanation.suit and (words := suit_words(explanation.suit)):
        console.print(Text(words, style=SUIT_STYLES[explanation.suit.state]))
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    for title, value in explanation.facts:
        facts.add_row(Text(title, style="dim"), Text(value))
    console.print(facts)
    if explanation.rules:
        console.print(Text(f"按政策（{explanation.policy}）：", style="bold"))
        for rule in explanation.rules:
            _show_rule(
                console,
                rule.holds,
                f"{named(rule.rule)} {rule.title}：{rule.because}",
                f"{rule.source}，政策文件第{rule.line}行",
                rule.owed,
            )
    if explanation.ahead:
        console.print(Text("不还款的话：", style="bold"))
        for day, text in explanation.ahead:
            console.print(f"  {day} {text}")


def _show_rule(console: Console, holds: bool, words: str, source: str, owed: Sequence[Duty]) -> None:  # noqa: FBT001
    console.print(Text.assemble(("  ● " if holds else "  ○ ", "green" if holds else "dim"), words))
    people = "、".join(f"{ROLE_TITLES[duty.role]}{duty.party}（{STATE_TITLES[duty.state]}）" for duty in owed)
    console.print(Text(f"    {people}{'；' if people else ''}出处：{source}", style="dim"))
