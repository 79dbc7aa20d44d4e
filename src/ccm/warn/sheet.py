"""Head office's list of signals: which columns it has is told by their headers (W2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.cells import HEAD_ROWS, TOTAL, Cell, columns_of, day_of, text_of
from ccm.units import plus_days
from ccm.warn.words import warn_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

DAYS = re.compile(r"(\d{1,3})\s*(个?(工作日|自然日)|天|日)?(内|以内)?")
"""A deadline that is given as a number of days."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list as text; what is not there is empty.

    A day is None where nothing stands there, and `unread` holds what stands there but is no day.
    """

    file: str
    sheet: str
    row: int
    loan_no: str
    text: str
    level: str
    source: str
    signal_no: str
    raised_on: date | None
    deadline_on: date | None
    unread: str


def rows(file: str, sheet: str, table: Sequence[Sequence[Cell]], today: date) -> Iterator[Row] | None:
    """Return the rows of a sheet, None where no header in it names a loan and a signal.

    Args:
        file: For messages.
        sheet: For messages.
        table: All cells, from the first row of the sheet on.
        today: The day from which a deadline in days counts where a row has no day of its own.
    """
    names = {field: column["names"] for field, column in warn_data()["column"].items()}
    for at, line in enumerate(table[:HEAD_ROWS]):
        columns = columns_of(line, names)
        if columns.keys() >= {"loan_no", "text"}:
            return _rows(file, sheet, table[at + 1 :], at + 2, columns, today)
    return None


def _rows(
    file: str, sheet: str, lines: Sequence[Sequence[Cell]], first: int, columns: Mapping[str, int], today: date
) -> Iterator[Row]:
    for number, line in enumerate(lines, start=first):
        cells = {field: line[at] if at < len(line) else None for field, at in columns.items()}
        text = {field: text_of(cells.get(field)) for field in ("loan_no", "text", "level", "source", "signal_no")}
        if not (text["loan_no"] or text["text"]) or any(isinstance(one, str) and TOTAL.match(one) for one in line):
            continue
        raised = day_of(cells.get("raised_on"))
        deadline = _deadline(cells.get("deadline_on"), raised or today)
        unread = [
            text_of(cells[field])
            for field, day in (("raised_on", raised), ("deadline_on", deadline))
            if day is None and text_of(cells.get(field))
        ]
        yield Row(
            file, sheet, number, text["loan_no"], text["text"], text["level"], text["source"], text["signal_no"],
            raised, deadline, "、".join(unread),
        )  # fmt: skip


def _deadline(cell: Cell, since: date) -> date | None:
    """A day, or a number of days from the raising; 个工作日 cannot be told without the bank's word and is not read."""
    days = DAYS.fullmatch(text_of(cell))
    if days and "工作日" not in days[0]:
        return plus_days(since, int(days[1]))
    return day_of(cell)
