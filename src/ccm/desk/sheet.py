"""One case and the list's lines as the desk draws them, in the terminal's own colours."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ccm.dossier import event_words, party_words, promise_words
from ccm.masking import mask_identity, mask_phone
from ccm.model import ROLE_TITLES
from ccm.screen.marks import hold_mark, hold_style
from ccm.statutes import named
from ccm.units import short_day, short_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from rich.console import RenderableType

    from ccm.desk.round import Line, Sheet
    from ccm.dossier import Dossier
    from ccm.model import Duty, Hold
    from ccm.timeline import Event

OWED, PAST, OPENINGS, AVOIDED, LINES = 4, 5, 2, 2, 12
"""How many duties, contacts, openings, phrases to avoid and lines of the past are shown; Enter shows all of it."""
QUIET = frozenset({"ledger", "revealed"})
"""Events that are no contact."""


def draw_line(line: Line, *, half_typed: bool) -> Text:
    """Return one line of the list: what does not fit on the right is cut off."""
    mark, style = ("✎", "bold") if half_typed else ("✓", "green") if line.told else (" ", "")
    step = f"【停】{line.step}" if line.held else line.step
    return Text.assemble(
        f"{line.rank:>3} ",
        (mark, style),
        f" {set_cell_size(line.borrower, 10)} {line.dpd:>4}天 {short_yuan(line.owed_cents):>10} ",
        (f"{line.told} ", "green") if line.told else "",
        (step, "magenta" if line.held else "red" if line.late else ""),
        no_wrap=True,
    )


def draw_case(sheet: Sheet, to: int, *, reveal: bool) -> RenderableType:
    """Return the case beside the list; `to` is the place of the party that is spoken to."""
    dossier = sheet.dossier
    parts: list[RenderableType] = [
        Text.assemble((f"{dossier.borrower} {dossier.loan_no}", "bold"), f"　{dossier.product}"),
        Text(dossier.standing),
        Text("；".join(sheet.reasons), style="dim"),
        *(Text(f"{hold_mark(one, dossier.as_of)} {one.text}", style=hold_style(one)) for one in _in_force(dossier)),
        *(Text(f"现在不宜打：{one}", style="bold red") for one in sheet.warnings),
        Text(""),
        *_parties(dossier, to, reveal=reveal),
        *_block("下一步", _owed(dossier.outstanding, dossier.as_of)),
        *_block("承诺", [Text(promise_words(one)) for one in reversed(dossier.promises)]),
        *_block("最近", _past([one for one in dossier.events if one.kind not in QUIET][-PAST:], dossier.as_of)),
        *_block("怎么说", _talk(sheet)),
        *_block("经过", _past(dossier.events[-LINES:], dossier.as_of)),
    ]
    return Group(*parts)


def draw_past(dossier: Dossier) -> RenderableType:
    """Return the whole time line with its details, the latest on top."""
    table = _grid(4)
    for one in reversed(dossier.events):
        style = "dim" if one.kind in QUIET else ""
        words = event_words(one, detail=True) + (f"（{one.actor}）" if one.actor else "")
        table.add_row(f"{one.on}", one.at, Text(one.title, style="bold"), one.party, words, style=style)
    return table if dossier.events else Text("还没有记录")


def _in_force(dossier: Dossier) -> list[Hold]:
    return [hold for hold in dossier.holds if hold.state in {"active", "broken"}]


def _parties(dossier: Dossier, to: int, *, reveal: bool) -> list[Text]:
    lines = []
    for place, party in enumerate(dossier.parties):
        phone = (party.phone if reveal else mask_phone(party.phone)) if party.phone else "没有电话"
        number = (party.id_no if reveal else mask_identity(party.id_no)) if party.id_no else ""
        mark, style = ("▸ ", "bold") if place == to else ("  ", "")
        lines.append(Text.assemble((f"{mark}{party_words(dossier, party)} {phone}", style), (f"  {number}", "dim")))
    return lines


def _owed(duties: Iterable[Duty], as_of: date) -> list[RenderableType]:
    """What is owed, in the order in which `worklist.next_duty` would take it."""
    ordered = sorted(duties, key=lambda one: (-one.from_on.toordinal(), one.due_on))
    rules = list(dict.fromkeys(one.id for one in ordered))
    table = _grid(2)
    for rule in rules[:OWED]:
        group = [one for one in ordered if one.id == rule]
        first = group[0]
        late = first.state == "overdue"
        day = "" if first.names_day else f"{short_day(first.due_on, as_of)}{'已过期' if late else '前'}"
        table.add_row(
            f"{first.title}·{named(first.rule)}",
            Text(day, style="red" if late else ""),
            Text(_roles(group), style="dim"),
        )
    lines: list[RenderableType] = [table] if rules else []
    return [*lines, Text(f"另欠{len(rules) - OWED}项", style="dim")] if len(rules) > OWED else lines


def _roles(duties: Sequence[Duty]) -> str:
    """The roles a duty is owed to, with their number; the names stand above."""
    counts = Counter(ROLE_TITLES[one.role] for one in duties)
    return "、".join(title + (f"{count}人" if count > 1 else "") for title, count in counts.items())


def _past(events: Iterable[Event], as_of: date) -> list[RenderableType]:
    table = _grid(2)
    for one in reversed(list(events)):
        when = Text(f"{short_day(one.on, as_of)} {one.at}".strip(), style="dim")
        table.add_row(when, Text(one.title, style="bold"), one.text)
    return [table] if table.rows else []


def _grid(fixed: int) -> Table:
    """Return a table without lines: columns that keep their width, and one that is folded."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    for _ in range(fixed):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    return table


def _talk(sheet: Sheet) -> list[RenderableType]:
    advice = sheet.advice
    job, style = advice.occupation, advice.style
    kinds = "×".join(one.title for one in (job, style) if one)
    spans = "、".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in sheet.hours)
    lines: list[RenderableType] = [
        Text.assemble((kinds or "职业、风格都不详", "bold"), f"　几点打 {spans}" if spans else "")
    ]
    lines += [Text(advice.first, style="cyan")]
    lines += [Text(f"{sign}{one}", style="cyan") for sign, one in zip("①②③", advice.openings[:OPENINGS], strict=False)]
    lines += [Text("；".join(one.approach)) for one in (job, style) if one]
    lines += [Text.assemble(("✗", "red"), f"“{one.say}”", (f"：{one.why}", "dim")) for one in advice.avoid[:AVOIDED]]
    return [*lines, Text(f"{advice.caution}。", style="dim")]


def _block(title: str, lines: Sequence[RenderableType]) -> list[RenderableType]:
    return [Text(f"\n{title}", style="bold underline"), *lines] if lines else []
