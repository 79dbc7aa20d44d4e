"""What the tests of letters share: a document's text in reading order, and small Word files."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.table import Table

if TYPE_CHECKING:
    from pathlib import Path


def text_of(file: Path | bytes) -> str:
    """Return what a Word file says: its body in order, a table row on a line, then head and foot lines."""
    word = Document(BytesIO(file) if isinstance(file, bytes) else str(file))
    lines = [line for block in word.iter_inner_content() for line in _lines(block)]
    for section in word.sections:
        for name, edge in (("页眉", section.header), ("页脚", section.footer)):
            words = "".join(node.text or "" for node in edge._element.iter() if node.tag.endswith("}t"))  # noqa: SLF001
            if words:
                lines.append(f"〔{name}〕{words}")
    return "\n".join(lines) + "\n"


def _lines(block: Any) -> list[str]:  # noqa: ANN401 - a paragraph or a table
    if isinstance(block, Table):
        return ["｜".join(cell.text.replace("\n", "／") for cell in row.cells) for row in block.rows]
    return [block.text.rstrip()]


def word_file(*paragraphs: str) -> bytes:
    """Return a Word file of a few paragraphs."""
    word, target = Document(), BytesIO()
    for text in paragraphs:
        word.add_paragraph(text)
    word.save(target)
    return target.getvalue()
