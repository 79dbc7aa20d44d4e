"""Plain Word documents in the bank's page form: a title, lines, tables (GB/T 9704 margins, law.md §8.1).

For what is made new each time and edited by nobody beforehand; letters come from templates instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.safe import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BODY, HEAD = "仿宋", "黑体"
CONTROL = {ord(c): None for c in map(chr, (*range(9), 11, 12, *range(14, 32), 127))}
"""What XML does not allow in a text."""


def document(title: str, *, across: bool = False) -> Any:  # noqa: ANN401 - python-docx ships no types
    """Return a new A4 document with its title; `across` turns the page for wide tables."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))
    page.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    page.top_margin, page.bottom_margin = (Mm(22), Mm(18)) if across else (Mm(30), Mm(25))
    page.left_margin, page.right_margin = (Mm(20), Mm(18)) if across else (Mm(28), Mm(26))
    made.core_properties.author = ""
    normal = made.styles["Normal"]
    _face(normal, BODY)
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(4)
    normal.paragraph_format.line_spacing = 1.3
    head = made.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(title)
    run.font.size, run.font.bold = Pt(18), True
    _face(run, HEAD)
    _page_numbers(page)
    return made


def heading(made: Any, text: str) -> None:  # noqa: ANN401
    """Add a heading within the document."""
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(text)
    run.font.bold, run.font.size = True, Pt(13)
    _face(run, HEAD)


def line(made: Any, text: str, *, small: bool = False) -> None:  # noqa: ANN401
    """Add a paragraph."""
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(4)
    run = paragraph.add_run(text.translate(CONTROL))
    if small:
        run.font.size = Pt(10)


def bullets(made: Any, texts: Iterable[str]) -> None:  # noqa: ANN401
    """Add a list."""
    for text in texts:
        made.add_paragraph(text.translate(CONTROL), style="List Bullet")


def table(made: Any, heads: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int]) -> None:  # noqa: ANN401
    """Add a table with a head that repeats on each page; `widths` are millimetres."""
    from docx.shared import Mm

    grid = made.add_table(rows=1, cols=len(heads))
    grid.style, grid.autofit = "Table Grid", False
    _cells(grid.rows[0], heads, bold=True)
    _row_property(grid.rows[0], "tblHeader")
    for values in rows:
        added = grid.add_row()
        _cells(added, ["" if value is None else str(value) for value in values])
        _row_property(added, "cantSplit")
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def save(made: Any, path: Path) -> None:  # noqa: ANN401
    """Write the document.

    Raises:
        CcmError: `file-unwritable`.
    """
    with written(path) as temporary:
        made.save(temporary)


def _cells(row: Any, texts: Sequence[str], *, bold: bool = False) -> None:  # noqa: ANN401
    from docx.shared import Pt

    for cell, text in zip(row.cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.line_spacing = 1.1
        run = paragraph.add_run(text.translate(CONTROL))
        run.font.size, run.font.bold = Pt(10), bold


def _row_property(row: Any, name: str) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))  # noqa: SLF001 - python-docx has no name for it


def _face(style: Any, name: str) -> None:  # noqa: ANN401 - a style or a run
    """Set the Chinese font as well as the Latin one."""
    from docx.oxml.ns import qn

    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for part in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(part), name)


def _page_numbers(page: Any) -> None:  # noqa: ANN401
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, code in (("第", "PAGE"), ("页　共", "NUMPAGES"), ("页", "")):
        foot.add_run(text).font.size = Pt(9)
        if code:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            run = foot.add_run("1")
            run.font.size = Pt(9)
            field.append(run._r)  # noqa: SLF001
            foot._p.append(field)  # noqa: SLF001
