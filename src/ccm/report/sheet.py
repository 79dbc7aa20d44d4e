"""The report as a workbook: its tables with Excel's own charts beside them, and its lists to filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.report.compliance import STATES
from ccm.report.lists import LOANS, getter
from ccm.safe import written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ccm.report.lists import Column, Listing, Value
    from ccm.report.pivots import Cell, Line, Table, Unit
    from ccm.report.report import Report

LISTED = (LOANS, "duties", "rights", "proofs", "promises", "signals", "deferrals", "troubles")
OF_LOAN = ("no", "borrower", "branch", "manager", "stage")
"""What of its loan stands before every row of a list."""
WIDTHS = {"name": 18, "text": 20, "coded": 14, "count": 8, "money": 15, "day": 12}
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#C8480A", "#8A5A9E", "#56B4E9")
TONES = dict(zip(STATES, ("#0072B2", "#E69F00", "#C8480A", "#8D99A6", "#C3CAD1", "#E1E5E8"), strict=True))
"""The page's colours, told apart by those who see red and green alike."""
TINTED = "#E78B42"
ROW_PIXELS, CHART_ROWS = 20, 14


def write_workbook(report: Report, path: Path) -> None:
    """Write the workbook.

    Raises:
        CcmError: `file-unwritable`.
    """
    import xlsxwriter

    # A name that begins with = or http stays a text, whatever a customer is called.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with written(path) as temporary, xlsxwriter.Workbook(str(temporary), options) as book:
        pen = _Pen(book)
        _front(pen, report)
        for section, tables in report.sections:
            sheet = book.add_worksheet(section.title)
            sheet.write(0, 0, section.title, pen["title"])
            sheet.write(1, 0, section.lead, pen["soft"])
            row = 3
            for table in tables:
                row = _table(pen, sheet, table, row)
            _printed(sheet, report)
        for key in LISTED:
            _list(pen, report, report.book[key])


class _Pen:
    """The formats of a workbook by name, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self.book = book
        plain = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        head = {**plain, "bold": True, "bg_color": "#D9E1F2", "text_wrap": True, "valign": "vcenter"}
        whole = {"bold": True, "top": 1}
        numbers = {
            "count": "#,##0", "money": "#,##0.00", "share": "0%", "change": "+#,##0;-#,##0;0",
            "money_change": "+#,##0.00;-#,##0.00;0.00", "rate": "#,##0",
        }  # fmt: skip
        self._kinds = {
            "title": {**plain, "bold": True, "font_size": 14}, "soft": {**plain, "font_color": "#55606D"},
            "big": {**plain, "bold": True, "font_size": 16, "num_format": "#,##0"},
            "warn": {**plain, "bold": True, "font_color": "#7A1F00", "bg_color": "#FDE7DC"},
            "caption": {**plain, "bold": True, "font_size": 11}, "head": {**head, "align": "center"},
            "label": plain, "label_total": {**plain, **whole}, "wrapped": {**plain, "text_wrap": True},
            "day": {**plain, "num_format": "yyyy-mm-dd", "align": "left"},
            **{unit: {**plain, "num_format": form} for unit, form in numbers.items()},
            **{f"{unit}_total": {**plain, **whole, "num_format": form} for unit, form in numbers.items()},
        }  # fmt: skip
        self._made: dict[str, Any] = {}

    def __getitem__(self, kind: str) -> Any:  # noqa: ANN401
        if kind not in self._made:
            self._made[kind] = self.book.add_format(self._kinds[kind])
        return self._made[kind]


def _front(pen: _Pen, report: Report) -> None:
    """The three questions with their numbers."""
    sheet = pen.book.add_worksheet("要点")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 18)
    sheet.write(0, 0, f"{report.title} 清收报告", pen["title"])
    days = f"截至{report.as_of}；台账读于{report.read}；上次{report.last or '没有'}，一个月前{report.month or '没有'}"
    sheet.write(1, 0, days, pen["soft"])
    if report.revealed:
        sheet.write(2, 0, "含完整的证件号码和电话号码：用完收好或删除", pen["warn"])
    row = 4
    for question, table in report.questions:
        sheet.write(row, 0, question.title, pen["caption"])
        for nth, measure in enumerate(table.pivot.measures, start=1):
            cell = table.lines[0].cells[nth - 1]
            sheet.write(row + nth, 0, measure.title, pen["label"])
            sheet.write_number(row + nth, 1, _number(cell, measure.unit, wan=True), pen[measure.unit])
        row += len(table.pivot.measures) + 2
    _printed(sheet, report)


def _table(pen: _Pen, sheet: Any, table: Table, row: int) -> int:  # noqa: ANN401
    """Write one table and its chart; return the row behind both."""
    pivot = table.pivot
    sheet.write(row, 0, pivot.title, pen["caption"])
    if not table.lines:
        sheet.write(row + 1, 0, "没有", pen["soft"])
        return row + 3
    sheet.write(row + 1, 0, pivot.head, pen["head"])
    for nth, measure in enumerate(pivot.measures, start=1):
        # In yuan here, to the cent: a workbook is counted on with.
        title = f"{measure.group} {measure.title}".strip().replace("万元", "元")
        sheet.write(row + 1, nth, title, pen["head"])
    first = row + 2
    lines = [*table.lines, *([table.total] if table.total else [])]
    for at, line in enumerate(lines, start=first):
        _line(pen, sheet, table, line, at)
    last = first + len(table.lines) - 1
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(pivot.measures), 15)
    for nth in pivot.heat:
        sheet.conditional_format(
            first, nth + 1, last, nth + 1, {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": TINTED}
        )
    if not pivot.chart:
        return first + len(lines) + 1
    # Beneath its table: beside it, a wide one would push it off the printed page.
    _chart(pen, sheet, table, first, last, at=first + len(lines))
    return first + len(lines) + CHART_ROWS + 2


def _line(pen: _Pen, sheet: Any, table: Table, line: Line, at: int) -> None:  # noqa: ANN401
    end = "_total" if line is table.total else ""
    sheet.write_string(at, 0, line.label, pen[f"label{end}"])
    for nth, (cell, measure) in enumerate(zip(line.cells, table.pivot.measures, strict=True), start=1):
        if measure.unit == "share" and not cell.of:
            sheet.write_string(at, nth, "—", pen[f"label{end}"])
        else:
            sheet.write_number(at, nth, _number(cell, measure.unit), pen[f"{measure.unit}{end}"])


def _number(cell: Cell, unit: Unit, *, wan: bool = False) -> float:
    """A number as Excel holds it; money in yuan, or in 10,000 yuan."""
    if unit == "share":
        return cell.value / cell.of if cell.of else 0
    return cell.value / (1_000_000 if wan else 100) if unit in {"money", "money_change"} else cell.value


def _chart(pen: _Pen, sheet: Any, table: Table, first: int, last: int, *, at: int) -> None:  # noqa: ANN401
    pivot = table.pivot
    kind = {"type": "bar" if pivot.chart == "bars" else "column", "subtype": "stacked"}
    if len(pivot.drawn) == 1:
        del kind["subtype"]
    chart = pen.book.add_chart(kind)
    for nth, measure_at in enumerate(pivot.drawn):
        measure = pivot.measures[measure_at]
        title = measure.group if measure.title == "今天" else measure.title
        chart.add_series(
            {
                "name": title.replace("万元", "元"),
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, measure_at + 1, last, measure_at + 1],
                "fill": {"color": TONES.get(measure.title, COLOURS[nth % len(COLOURS)])},
                "gap": 50,
            }
        )
    font = {"name": "Microsoft YaHei", "size": 9}
    chart.set_title({"name": pivot.title, "name_font": {**font, "size": 11}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font} if len(pivot.drawn) > 1 else {"none": True})
    chart.set_x_axis({"num_font": font, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"num_font": font, "reverse": pivot.chart == "bars", "major_gridlines": {"visible": False}})
    chart.set_size({"width": 760, "height": (CHART_ROWS - 1) * ROW_PIXELS})
    sheet.insert_chart(at, 0, chart, {"description": f"{pivot.title}，数字见上面的表", "x_offset": 4, "y_offset": 6})


def _list(pen: _Pen, report: Report, listing: Listing) -> None:
    """Write a list with a filter over it; rows about a loan begin with the loan."""
    sheet = pen.book.add_worksheet(f"名单·{listing.title}")
    columns = list(_columns(report, listing))
    for nth, column in enumerate(columns):
        sheet.write_string(0, nth, column.title, pen["head"])
        sheet.set_column(nth, nth, WIDTHS[column.kind])
    gets = [getter(report.book, listing, column.name) for column in columns]
    for at, row in enumerate(listing.rows, start=1):
        for nth, (column, get) in enumerate(zip(columns, gets, strict=True)):
            _put(pen, sheet, (at, nth), column, get(row))
    sheet.autofilter(0, 0, max(1, len(listing.rows)), len(columns) - 1)
    sheet.freeze_panes(1, 2)
    _printed(sheet, report)


def _columns(report: Report, listing: Listing) -> Iterator[Column]:
    own = [column for column in listing.columns if column.shown and column.kind != "loan"]
    names = {column.name for column in own}
    if listing.place("loan") is not None:
        for name in OF_LOAN:
            if name not in names:
                yield from (column for column in report.book[LOANS].columns if column.name == name)
    yield from own
    if report.revealed and listing.key == LOANS:
        yield from (column for column in listing.columns if column.name in {"phone", "id_no"})


def _put(pen: _Pen, sheet: Any, at: tuple[int, int], column: Column, value: Value) -> None:  # noqa: ANN401
    if value is None or value == "":
        return
    match column.kind:
        case "money":
            sheet.write_number(*at, int(str(value)) / 100, pen["money"])
        case "count":
            sheet.write_number(*at, int(str(value)), pen["count"])
        case "day":
            sheet.write_datetime(*at, value, pen["day"])
        case _:
            sheet.write_string(*at, str(value)[:32767], pen["wrapped"])


def _printed(sheet: Any, report: Report) -> None:  # noqa: ANN401
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L清收报告 {report.as_of}&R第&P页，共&N页")
