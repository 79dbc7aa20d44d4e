"""The report's essential page on the terminal: the three questions, stages, flow, compliance, rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table as Grid
from rich.text import Text

from ccm.report.lists import getter
from ccm.report.numbers import printed, wan
from ccm.report.questions import first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from ccm.report.pivots import Line, Table
    from ccm.report.questions import Question
    from ccm.report.report import Report

BAR = 20
"""Cells of a full bar."""
SHOWN = 12
PARTS = " ▏▎▍▌▋▊▉█"
TONES = (("░", "blue"), ("▒", "yellow"), ("█", "red"), *[("·", "dim")] * 3)
"""In time, late, missed, not yet due, held, before the records: without colour, too, what was missed is the darkest."""


def show_report(console: Console, report: Report) -> None:
    """Print the page."""
    last = f"；上次{report.last}" if report.last else ""
    month = f"，一个月前{report.month}" if report.month else ""
    console.print(Text(f"{report.title} 清收报告", style="bold"))
    console.print(Text(f"截至{report.as_of}，台账读于{report.read}{last}{month}", style="dim"))
    for question, table in report.questions:
        _question(console, question, table, report)
    _stages(console, report)
    _flow(console, report)
    _duties(console, report)
    _rights(console, report)


def _question(console: Console, question: Question, table: Table, report: Report) -> None:
    measures, cells = table.pivot.measures, table.lines[0].cells
    console.print()
    console.print(Text(question.title, style="bold"))
    large = zip(measures[:2], cells[:2], strict=True)
    console.print(Text("，".join(f"{printed(cell, one.unit)}{one.title}" for one, cell in large), style="bold yellow"))
    rest = [f"{one.title}{printed(cell, one.unit)}" for one, cell in zip(measures[2:], cells[2:], strict=True)]
    console.print(Text("　".join(rest), style="dim"))
    for words in tuple(_under(question, report)) or (question.empty,):
        console.print(Text(f"  {words}"), overflow="fold")


def _under(question: Question, report: Report) -> Iterable[str]:
    """What stands under a question: the first rows of its list, or the first lines of its table."""
    spot = question.spot
    if spot.top:
        top = report.table(spot.top)
        lines = [line for line in top.lines if line.cells[top.pivot.rank].value][:5] if top else []
        for line in lines:
            yield f"{line.label}　" + "，".join(
                f"{top.pivot.measures[nth].title}{line.cells[nth].value}" for nth in spot.measures if top
            )
        return
    listing = report.book[spot.of]
    gets = [getter(report.book, listing, name) for name in spot.columns]
    for row in first(spot, report.book):
        values = [get(row) for get in gets]
        yield "　".join(f"{wan(value)}万元" if isinstance(value, int) else str(value) for value in values)


def _stages(console: Console, report: Report) -> None:
    table = report.table("by-stage")
    if table is None:
        return
    measures = table.pivot.measures
    owed = [nth for nth, one in enumerate(measures) if one.title == "今天"][1]
    count = [nth for nth, one in enumerate(measures) if one.group == "笔数"]
    grid = _grid(console, "现在的账（万元）", "阶段", ["笔数", *(measures[nth].title for nth in count[1:]), "本金", ""])
    most = max((line.cells[owed].value for line in table.lines), default=0)
    for line in (*table.lines, *([table.total] if table.total else [])):
        cells = [printed(line.cells[nth], measures[nth].unit) for nth in (*count, owed)]
        grid.add_row(line.label, *cells, "" if line is table.total else bar(line.cells[owed].value, most))
    console.print(grid)


def _flow(console: Console, report: Report) -> None:
    table = report.table("flow-last")
    if table is None or not table.lines:
        return
    grid = _grid(console, f"从{report.last}到今天：行是原来，列是今天，笔数·占该行", "", _short(table))
    for line, label in zip(table.lines, _labels(table), strict=True):
        grid.add_row(label, *(_rate(table, line, nth) for nth in range(len(line.cells))))
    console.print(grid)


def _short(table: Table) -> list[str]:
    return [_brief(one.title) for one in table.pivot.measures]


def _labels(table: Table) -> list[str]:
    return [_brief(line.label) for line in table.lines]


def _brief(stage: str) -> str:
    """A stage's label without the word they all begin with."""
    return stage.removeprefix("逾期") if stage != "逾期" else stage


def _rate(table: Table, line: Line, nth: int) -> Text:
    """Red to the right of where it was, green to the left: worse and better; the sign says it without colour."""
    before, last = table.pivot.values.index(line.label), len(table.pivot.values) - 1
    text = printed(line.cells[nth], "rate").replace(" · ", "·")
    if text == "0" or nth in {before, last}:
        return Text("" if text == "0" else text, style="dim")
    return Text(f"{text}{'↑' if nth > before else '↓'}", style="red" if nth > before else "cyan")


def _duties(console: Console, report: Report) -> None:
    table = report.table("duties-rule")
    if table is None or not table.lines:
        return
    titles = [one.title for one in table.pivot.measures]
    grid = _grid(console, "应办的办了没有（项）：░按时 ▒迟办 █漏办 ·其余", "应办事项", [*titles, ""])
    most = max(sum(cell.value for cell in line.cells[: len(TONES)]) for line in table.lines)
    for line in (*table.lines, *([table.total] if table.total else [])):
        cells = [printed(cell, one.unit) for cell, one in zip(line.cells, table.pivot.measures, strict=True)]
        values = [cell.value for cell in line.cells[: len(TONES)]]
        grid.add_row(line.label, *cells, "" if line is table.total else stacked(values, most))
    console.print(grid)


def _rights(console: Console, report: Report) -> None:
    table = report.table("rights-week")
    if table is None or not table.lines:
        console.print("\n今后半年没有要到期的权利")
        return
    titles = [one.title for one in table.pivot.measures]
    grid = _grid(console, "今后半年要丢的权利，按周", "周", [*titles, ""])
    counts = [sum(line.cells[nth].value for nth in table.pivot.drawn) for line in table.lines]
    for line, count in list(zip(table.lines, counts, strict=True))[:SHOWN]:
        cells = [printed(cell, one.unit) for cell, one in zip(line.cells, table.pivot.measures, strict=True)]
        grid.add_row(line.label, *cells, bar(count, max(counts)))
    console.print(grid)
    if len(counts) > SHOWN:
        console.print(Text(f"……另有{len(counts) - SHOWN}周，见 ccm clock 或网页报告", style="dim"))


def _grid(console: Console, title: str, head: str, columns: Sequence[str]) -> Grid:
    if title:
        console.print()
        console.print(Text(title, style="bold"))
    grid = Grid(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    grid.add_column(head, overflow="fold", max_width=26)
    for column in columns:
        grid.add_column(column, justify="right" if column else "left", no_wrap=not column)
    return grid


def bar(value: int, most: int) -> Text:
    """Draw a value as a bar in eighths of a cell; what is there is never nothing."""
    eighths = max(1, BAR * 8 * value // most) if value > 0 and most > 0 else 0
    return Text("█" * (eighths // 8) + PARTS[eighths % 8].strip(), style="blue")


def stacked(values: Sequence[int], most: int) -> Text:
    """Draw several values as one bar of whole cells, rounded so that it is as long as their sum."""
    made, upto, drawn = Text(), 0, 0
    for value, (sign, tone) in zip(values, TONES, strict=True):
        upto += value
        cells = round(BAR * upto / most) if most else 0
        made.append(sign * (cells - drawn), style=tone)
        drawn = cells
    return made
