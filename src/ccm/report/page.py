"""The report as one file to open in a browser: no network, no other file, nothing run that is not ours."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from ccm.report.initials import initials
from ccm.report.numbers import printed
from ccm.report.pack import embedded, packed
from ccm.safe import written

if TYPE_CHECKING:
    from pathlib import Path

    from ccm.report.pivots import Line, Pivot, Table
    from ccm.report.report import Report

HOME = "data/report"
HEATS = 6
"""How many tints a table has."""


MANY = 7
MANY_DRAWN = 4
"""Columns beyond which a table does not go beside another, and one that is drawn."""


def write_page(report: Report, path: Path) -> None:
    """Write the HTML file.

    Raises:
        CcmError: `file-unwritable`.
    """
    with written(path) as temporary:
        temporary.write_bytes(page(report).encode())


def page(report: Report) -> str:
    """Return the report as HTML: its tables as text, its lists as data for the script that the page carries.

    What may run is named by its digest in the page's own policy; whatever a ledger holds cannot.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    style, script = _part("report.css"), _part("report.js")
    engine = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    engine.globals.update(printed=printed, heads=heads, tint=tint, wide=wide)
    data = packed(report) | {"initials": initials(report.book)}
    return engine.from_string(_part("page.html.j2")).render(
        report=report,
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        data=Markup(embedded(data)),  # noqa: S704 - escaped there
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; "
        "form-action 'none'",
    )


def _part(name: str) -> str:
    return files("ccm").joinpath(HOME, name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def heads(pivot: Pivot) -> list[tuple[str, int]]:
    """Return the upper header: each group of measures with how many it has; empty where none has a group."""
    groups: list[tuple[str, int]] = []
    for measure in pivot.measures:
        if groups and groups[-1][0] == measure.group:
            groups[-1] = (measure.group, groups[-1][1] + 1)
        else:
            groups.append((measure.group, 1))
    return groups if any(group for group, _ in groups) else []


def wide(pivot: Pivot) -> bool:
    """Tell whether a table takes the whole width."""
    matrix = pivot.measures[0].unit == "rate"
    drawn = bool(pivot.chart) and len(pivot.measures) > MANY_DRAWN
    return not matrix and (len(pivot.measures) > MANY or bool(pivot.heat) or drawn or pivot.chart == "columns")


def tint(table: Table, line: Line, nth: int) -> str:
    """Return the class of a cell's tint, empty for none; how strong it is goes by its share, else by the largest.

    Of a matrix from stage to stage, what got worse is `h` (orange), what got better `b` (blue), what stayed `n` (grey).
    """
    cell, pivot = line.cells[nth], table.pivot
    if nth not in pivot.heat or not cell.value:
        return ""
    whole = cell.of or max(line.cells[at].value for line in table.lines for at in pivot.heat)
    if pivot.measures[nth].unit != "rate":
        return f"h{-(-HEATS * cell.value // whole)}"
    before = pivot.values.index(line.label)
    gone = nth == len(pivot.values) - 1
    kind = "n" if nth == before or gone else "h" if nth > before else "b"
    return f"{kind}{-(-HEATS * cell.value // whole)}"
