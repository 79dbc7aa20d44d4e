"""From read sheets to a checked ledger: every finding at once, the good rows kept, the bad ones set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.errors import Finding, finding
from ccm.frame import LOAN_COLUMNS, Ledger
from ccm.ledger.book import book_of, replace_mended
from ccm.ledger.marks import Marks
from ccm.ledger.parties import parties as read_parties
from ccm.ledger.rows import DECIDING, read_rows
from ccm.ledger.rules import broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ccm.ledger.columns import Layout, Names
    from ccm.ledger.table import Sheet
    from ccm.model import RefusedRow


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a book: the ledger of accepted rows, all findings, and the refused rows as they stood."""

    ledger: Ledger
    findings: tuple[Finding, ...]
    refused: tuple[RefusedRow, ...]

    @property
    def refusing(self) -> bool:
        """Whether anything was refused: a row, or a whole sheet for want of a column."""
        return any(one.severity == "error" for one in self.findings)


def check(sheets: Sequence[tuple[Sheet, Layout]], names: Names, as_of: date) -> Checked:
    """Read and check all sheets of all files as one book.

    Args:
        sheets: Each sheet with its layout; loan sheets and sheets of guarantors or co-borrowers.
        names: The column names in use, with their kinds and the words that tell cards from loans.
        as_of: Dates after this day (or after the ledger's own day) are in the future.

    Returns:
        The accepted rows as a ledger, every finding in file order, and the rows that were refused.
    """
    tables = [read_rows(sheet, layout, names) for sheet, layout in sheets if not layout.missing]
    loans = [table for table in tables if table.layout.role == "loans"]
    book = replace_mended(book_of(loans, names))
    marks = Marks(loans, book, names)
    marks.general += [one for sheet, layout in sheets for one in layout_findings(sheet, layout, names)]
    marks.unreadable()
    marks.unvalued()
    marks.identity()
    marks.shortened()
    for hit in broken(book, as_of):
        marks.add(hit.code, hit.field, hit.rows, hit.facts)
    others = [table for table in tables if table.layout.role != "loans"]
    people = read_parties(tables)
    good = marks.accepted()
    marks.parties(good, people, others)
    ledger = Ledger(
        loans=good.select(list(LOAN_COLUMNS)),
        parties=people.join(good.select("loan_no"), on="loan_no", how="semi", maintain_order="left"),
        files=tuple(dict.fromkeys(sheet.file for sheet, _ in sheets)),
        rows=len(book),
    )
    return Checked(ledger, tuple(marks.in_order()), tuple(marks.refused_rows()))


def layout_findings(sheet: Sheet, layout: Layout, names: Names) -> Iterator[Finding]:
    """Yield what is wrong with a sheet's header: columns missing, ambiguous or not known, or nothing below it."""

    def told(code: str, **facts: str) -> Finding:
        return finding(code, file=sheet.file, sheet=sheet.name, row=layout.skip, **facts)

    for key in layout.missing:
        title = names.fields[key].title
        near = [header for _, header, nearest in layout.unknown if nearest and names.known[nearest][0] == key]
        yield told(
            "column-missing",
            title=title,
            key=key,
            found="、".join(layout.headers),
            nearest="、".join(near) or "（没有相近的）",
        )
    for key, headers in layout.ambiguous:
        code = "column-ambiguous" if key in DECIDING else "column-twice"
        yield told(code, title=names.fields[key].title, headers="、".join(headers))
    lacking = DECIDING - {column.field for column in layout.columns}
    hints: dict[str, list[str]] = {"column-unknown-near": [], "column-unknown": []}
    for _, header, nearest in layout.unknown:
        code = "column-unknown-near" if nearest and names.known[nearest][0] in lacking else "column-unknown"
        hints[code].append(f"{header}（是不是{nearest}？）" if nearest else header)
    for code, told_of in hints.items():
        if told_of:
            yield told(code, headers="、".join(told_of))
    if layout.role == "loans" and sheet.height <= layout.skip:
        yield told("ledger-empty")
