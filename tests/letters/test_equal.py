"""What ccm renders says the same as what docxtpl renders, in every part and program that opens it."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate

from ccm.journal import open_journal
from ccm.letters import qr
from ccm.letters.sample import sample
from ccm.letters.template import compile_template, render
from ccm.model import LETTER_TITLES
from ccm.workspace import templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from typer.testing import Result

EXAMPLES = Path(__file__).parents[2] / "examples"

NASTY = {
    "收件人": "A&B<公司>“清”\t\n\"'",
    "地址": "{{ 函号 }} {% if %} ]]> <!-- &amp; --> \u3000𠮷",
    "前次比较": "一" * 3000,
}
"""What a ledger may hold and a template language, XML or a letter's layout may choke on."""
SCARCE = ("证件", "前次比较", "机构地址")
"""What a template asks for before it prints it."""


EDGES = ("/header", "/footer")


def source(kind: str) -> bytes:
    with templates() as folder:
        content: bytes = (folder / f"{kind}.docx").read_bytes()
    return content


def ours(kind: str, fields: Mapping[str, Any]) -> bytes:
    return render(compile_template(source(kind), kind, kind), fields)


def theirs(kind: str, fields: Mapping[str, Any]) -> bytes:
    template = DocxTemplate(BytesIO(source(kind)))
    template.render(dict(fields), autoescape=True)
    out = BytesIO()
    template.save(out)
    return out.getvalue()


def said(file: bytes) -> list[str]:
    """Every paragraph of a letter as python-docx reads it: body, cells, heads and feet."""
    document = Document(BytesIO(file))
    edges = [one.target_part for _, one in sorted(document.part.rels.items()) if one.reltype.endswith(EDGES)]
    parts = [document.element, *(part.element for part in edges)]
    return [Paragraph(node, document).text for part in parts for node in part.iter(qn("w:p"))]


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in LETTER_TITLES:
        whole = sample(kind)
        yield kind, whole
        yield kind, whole | NASTY
        yield kind, whole | {"二维码": qr.RUN, "样张": True}
        yield kind, {name: value for name, value in whole.items() if name not in SCARCE} | {"借据": whole["借据"] * 20}


@pytest.mark.parametrize(("kind", "fields"), list(cases()))
def test_a_letter_says_what_docxtpl_would_say(kind: str, fields: dict[str, Any]) -> None:
    assert said(ours(kind, fields)) == said(theirs(kind, fields))


@pytest.mark.slow
def test_every_letter_of_a_run_says_what_docxtpl_would_say_of_its_entry(
    ccm: Callable[..., Result], triage: Callable[..., Any], tmp_path: Path
) -> None:
    triage(EXAMPLES / "ledger.xlsx")
    answers = [json.loads(ccm("letters", "--stage", stage, "--catch-up", "--json").stdout) for stage in (30, 60, 90)]
    issued = {one["letter_no"]: tmp_path / one["path"] for answer in answers for one in answer["issued"]}
    with closing(open_journal(tmp_path / ".ccm", "")) as journal:
        entries = [entry.note for entry in journal.entries("letter-issued") if entry.note.serial]

    assert len(issued) == len(entries) > 50
    for note in entries:
        facts: Any = note.facts
        assert said(issued[note.letter_no].read_bytes()) == said(theirs(facts["kind"], facts["fields"]))


@pytest.mark.slow
def test_libreoffice_reads_the_same_text_in_both(tmp_path: Path) -> None:
    soffice = shutil.which("soffice") or pytest.skip("LibreOffice is not installed")
    for nth, (kind, fields) in enumerate(cases()):
        for name, make in (("ours", ours), ("theirs", theirs)):
            (tmp_path / f"{nth}-{name}.docx").write_bytes(make(kind, fields))
    files = sorted(tmp_path.glob("*.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), *map(str, files)]

    subprocess.run(command, check=True, capture_output=True, timeout=300)

    # A line break inside a value is a space in ours, so that a sentence runs on; in docxtpl's it breaks the line.
    texts = {path.stem: path.read_text(encoding="utf-8-sig").split() for path in tmp_path.glob("*.txt")}
    assert len(texts) == len(files)
    for nth in range(len(files) // 2):
        assert texts[f"{nth}-ours"] == texts[f"{nth}-theirs"]
