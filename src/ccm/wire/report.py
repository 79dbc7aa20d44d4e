"""The report as other programs read it: every table with its numbers, amounts as strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.units import plain_yuan
from ccm.wire.triage import day_json

if TYPE_CHECKING:
    from ccm.report.pivots import Cell, Line, Measure, Table
    from ccm.report.report import Report


def report_json(report: Report) -> dict[str, Any]:
    """Return the questions and the tables; a share is given as its two numbers."""
    return {
        "as_of": day_json(report.as_of),
        "offices": list(report.offices),
        "read_on": report.read or None,
        "last_on": report.last or None,
        "month_on": report.month or None,
        "questions": [{"question": one.title, **_table(table)} for one, table in report.questions],
        "sections": [
            {"key": section.key, "title": section.title, "tables": [_table(table) for table in tables]}
            for section, tables in report.sections
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    pivot = table.pivot
    return {
        "key": pivot.key,
        "title": pivot.title,
        "columns": [f"{one.group} {one.title}".strip().replace("万元", "元") for one in pivot.measures],
        "lines": [_line(line, pivot.measures) for line in table.lines],
        "total": _line(table.total, pivot.measures) if table.total else None,
    }


def _line(line: Line, measures: tuple[Measure, ...]) -> dict[str, Any]:
    return {
        "label": line.label,
        "cells": [_cell(cell, measure) for cell, measure in zip(line.cells, measures, strict=True)],
    }


def _cell(cell: Cell, measure: Measure) -> Any:  # noqa: ANN401 - a number, an amount or a share
    if measure.unit in {"share", "rate"}:
        return {"value": cell.value, "of": cell.of}
    return plain_yuan(cell.value) if measure.unit in {"money", "money_change"} else cell.value
