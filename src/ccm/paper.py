"""Plain Word documents in the bank's page form: a title, lines, tables (GB/T 9704 margins, law.md §8.1).

For what is made new each time and edited by nobody beforehand; letters come from templates instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.safe import PERSONAL, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BODY, HEAD = "仿宋", "黑体"
CONTROL = {ord(c): None for c in map(chr, (*range(9), 11, 12, *range(14, 32), 127))}
"""What XML does not allow in a text."""


def document(title: str, *, across: bool = False, carried: bool = False) -> Any:  # noqa: ANN401 - python-docx ships no types
    """Return a new A4 document with its title.

    `across` turns the page for wide tables. `carried` is for sheets that go along on the road and are not filed with
    the letters: narrow margins, close lines, so that they are few.
    """
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
    if carried:
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(13), Mm(13), Mm(16), Mm(14)
        page.footer_distance = Mm(6)
    marked(made)
    normal = made.styles["Normal"]
    _face(normal, BODY)
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(1 if carried else 4)
    normal.paragraph_format.line_spacing = 1.05 if carried else 1.3
    head = made.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(title)
    run.font.size, run.font.bold = Pt(18), True
    _face(run, HEAD)
    _page_numbers(page)
    return made


def marked(made: Any) -> None:  # noqa: ANN401
    """Put at the head of every page what the document holds; who made it stays out of its properties."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor

    made.core_properties.author = made.core_properties.comments = ""
    page = made.sections[0]
    page.header_distance = Mm(6)
    head = page.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = head.add_run(PERSONAL)
    run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x7F, 0x7F, 0x7F)
    _face(run, BODY)


def heading(made: Any, text: str, *, new_page: bool = False) -> None:  # noqa: ANN401
    """Add a heading within the document, at the head of a page if it is a `new_page`."""
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    paragraph.paragraph_format.page_break_before = new_page
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(text)
    run.font.bold, run.font.size = True, Pt(13)
    _face(run, HEAD)


def line(made: Any, text: str, *, small: bool = False, bold: bool = False) -> None:  # noqa: ANN401
    """Add a paragraph; the part before a first `　` stands out where it is `bold`."""
    from docx.shared import Pt

    lead, gap, rest = text.translate(CONTROL).partition("　") if bold else ("", "", text.translate(CONTROL))
    paragraph = made.add_paragraph()
    for words, strong in ((lead, True), (gap + rest, False)):
        if words:
            run = paragraph.add_run(words)
            run.font.bold = strong
            if small:
                run.font.size = Pt(10)


def bullets(made: Any, texts: Iterable[str]) -> None:  # noqa: ANN401
    """Add a list."""
    for text in texts:
        made.add_paragraph(text.translate(CONTROL), style="List Bullet")


def table(
    made: Any,  # noqa: ANN401
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
    *,
    size: float = 10,
    lead: bool = False,
    high_mm: float = 0,
    at_least: bool = True,
) -> None:
    """Add a table with a head that repeats on each page; without heads it has none.

    A row of one value stretches over the table, as a heading between rows.

    Args:
        made: The document.
        heads: The columns' names, or nothing.
        rows: The cells; None is blank.
        widths: Millimetres.
        size: The letters' size in points.
        lead: Whether the first column stands out.
        high_mm: The rows' height, for hands that write in them; 0 as high as the text.
        at_least: Whether a row grows with its text; else it is exactly as high, and the text must fit.
    """
    from docx.shared import Mm

    grid = made.add_table(rows=0, cols=len(widths))
    grid.style, grid.autofit = "Table Grid", False
    if heads:
        head = grid.add_row()
        _cells(head, heads, size, bold=len(heads))
        _row_property(head, "tblHeader")
    for values in rows:
        added = grid.add_row()
        _row_property(added, "cantSplit")
        if len(values) == 1 < len(widths):
            added.cells[0].merge(added.cells[-1])
            _cells(added, [str(values[0])], size, bold=1)
            continue
        exact = 0 if high_mm and not at_least else 1
        _cells(added, ["" if value is None else str(value) for value in values], size, bold=int(lead), space=exact)
        if high_mm:
            _high(added, high_mm, at_least=at_least)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        if len(row._tr.tc_lst) == len(widths):  # noqa: SLF001 - a stretched row has one cell
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)


def save(made: Any, path: Path) -> None:  # noqa: ANN401
    """Write the document.

    Raises:
        CcmError: `file-unwritable`.
    """
    with written(path) as temporary:
        made.save(temporary)


def _cells(row: Any, texts: Sequence[str], size: float, *, bold: int = 0, space: float = 1) -> None:  # noqa: ANN401
    """Fill a row, the first `bold` cells of it in bold."""
    from docx.shared import Pt

    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=False)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(space)
        paragraph.paragraph_format.line_spacing = 1.05
        run = paragraph.add_run(text.translate(CONTROL))
        run.font.size, run.font.bold = Pt(size), place < bold


def _high(row: Any, millimetres: float, *, at_least: bool) -> None:  # noqa: ANN401
    """Give a row its height, and put its text in the middle of it."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
    from docx.shared import Mm

    row.height = Mm(millimetres)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST if at_least else WD_ROW_HEIGHT_RULE.EXACTLY
    for cell in row.cells:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


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
