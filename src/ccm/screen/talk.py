"""How to talk with a customer, as the terminal shows it: short, since it is read while dialling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ccm.statutes import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import time

    from rich.console import Console

    from ccm.talk.advice import Advice
    from ccm.talk.phrases import Objection, Phrase, Talk
    from ccm.talk.placing import Placed

AVOIDED = 4
"""How many phrases to avoid one advice shows; all are in the JSON."""


def show_advice(
    console: Console, advice: Advice, head: str, hours: Sequence[tuple[time, time]], placed: Sequence[Placed]
) -> None:
    """Print the advice for one customer: what to say first on top, what never to say below.

    `hours` are the spans of a day in which to call, within the lawful ones.
    """
    if head:
        console.print(Text(head, style="bold"))
    job, style = advice.occupation, advice.style
    kinds = [
        f"{job.title}（{named(job.rule)}）" if job else "",
        f"{style.title}·{style.kind}（{named(style.rule)}）" if style else "",
    ]
    if job or style:
        console.print(Text(" × ".join(filter(None, kinds)), style="bold"))
    sheet = _sheet()
    if advice.hours:
        spans = "、".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in hours) or "合适的钟点都在不联系的时段里"
        _add(sheet, "几点打", [Text.assemble(spans, (f"（{advice.hours.why}）", "dim"))])
    _add(sheet, "先确认", [Text(advice.first, style="cyan"), Text(advice.stranger, style="dim")])
    _add(sheet, "开场", [Text(one, style="cyan") for one in advice.openings], numbered=True)
    if job:
        _add(sheet, "从哪说起", [Text.assemble("；".join(job.approach), (f"（{'；'.join(job.signs)}）", "dim"))])
    if style:
        _add(sheet, "怎么说", ["；".join(style.approach)])
    _add(sheet, "问原因", [Text.assemble(one.ask, (f"（{one.cause}）", "dim")) for one in advice.questions])
    _add(sheet, "别说", [_avoided(one) for one in advice.avoid[:AVOIDED]])
    console.print(sheet)
    _show_unknown(console, advice, placed)
    _caution(console, advice.caution)


def _show_unknown(console: Console, advice: Advice, placed: Sequence[Placed]) -> None:
    """Say what the advice had to do without, and how to give it."""
    if placed:
        _scores(console, placed)
    elif not advice.style:
        console.print(Text("还不知道是哪种风格：听几句，用 --sign 字样 认一认（ccm talk --signs 有特征）", style="dim"))
    if not advice.occupation:
        console.print(Text("还不知道职业：用 --occupation 写上，开场会更贴切", style="dim"))


def show_styles(console: Console, words: Talk, placed: Sequence[Placed]) -> None:
    """Print the styles by their signs; those that were looked for with their score, the likeliest first."""
    if placed:
        _scores(console, placed)
        console.print()
    for style in [one.style for one in placed if one.score] or words.style:
        console.print(Text.assemble((style.title, "bold"), f"·{style.kind}（{named(style.rule)}）"))
        sheet = _sheet()
        for sign in style.signs:
            sheet.add_row(f"  {sign.text}", Text("、".join(sign.words), style="dim"))
        console.print(sheet)
    if not placed:
        console.print(Text("看到哪些就写哪些：ccm talk --sign 核对 --sign 问怎么", style="dim"))
    _caution(console, words.caution)


def _scores(console: Console, placed: Sequence[Placed]) -> None:
    """Each style's score with the words that made it; a tie is told."""
    for one in placed:
        seen = "；".join(f"{word}＝{sign}" if word != sign else word for word, sign in one.seen)
        style = "bold" if one.score == placed[0].score else "dim"
        if one.score:
            console.print(Text.assemble((f"{one.style.title}·{one.style.kind} {one.score:.2g}分", style), f"  {seen}"))
    level = [one.style.title for one in placed if one.score == placed[0].score]
    if len(level) > 1:
        console.print(Text(f"{'、'.join(level)}还分不出来，再看一两个特征", style="yellow"))


def show_objection(console: Console, objection: Objection, caution: str) -> None:
    """Print how to answer what the customer said."""
    console.print(Text.assemble((objection.title, "bold"), f"（{named(objection.rule)}）"))
    sheet = _sheet()
    _add(sheet, "怎么答", [Text(one, style="cyan") for one in objection.answers], numbered=True)
    _add(sheet, "接着问", [Text(objection.ask, style="cyan")])
    _add(sheet, "然后", [objection.next])
    _add(sheet, "别说", [_avoided(one) for one in objection.avoid])
    console.print(sheet)
    _caution(console, caution)


def show_overview(console: Console, words: Talk) -> None:
    """Print the six techniques and what can be asked for."""
    console.print(Text("倾听的六个技巧", style="bold"))
    sheet = _sheet()
    for one in words.technique:
        sheet.add_row(
            Text(named(one.rule), style="bold"), Text.assemble(f"{one.title}：{one.how}", (f" {one.purpose}", "dim"))
        )
    console.print(sheet)
    console.print(Text("\n可以查什么", style="bold"))
    sheet = _sheet()
    for title, names, example in (
        ("职业", [one.title for one in words.occupation], "ccm talk --occupation 教师"),
        ("风格", [f"{one.title}（{one.kind}）" for one in words.style], "ccm talk --occupation 教师 --style 猫头鹰"),
        ("认风格", ["四种风格的特征"], "ccm talk --signs"),
        ("答异议", [one.title for one in words.objection], "ccm talk --said 没钱"),
        ("某一笔", ["职业取自最近读过的台账"], "ccm talk 借据号"),
    ):
        sheet.add_row(title, Text.assemble("、".join(names), "\n", (example, "dim")))
    console.print(sheet)
    _caution(console, words.caution)


def _sheet() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _add(sheet: Table, title: str, lines: Iterable[str | Text], *, numbered: bool = False) -> None:
    for number, line in enumerate(lines, start=1):
        sign = "①②③④⑤"[number - 1] if numbered else ""
        sheet.add_row(Text(title if number == 1 else "", style="bold"), Text.assemble(sign, line))


def _avoided(phrase: Phrase) -> Text:
    return Text.assemble(("✗", "red"), f"“{phrase.say}”", (f"：{phrase.why}（{named(phrase.rule)}）", "dim"))


def _caution(console: Console, caution: str) -> None:
    console.print(Text(f"{caution}。", style="yellow"))
