"""One print file for a run: every letter a section that starts on an odd page and counts its own pages.

Letters may come from different templates; each brings its styles, pictures and foot lines under names of its own.
The text is streamed, so memory stays flat however many letters there are.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.letters.template import BODY, Template, environment, parts_of, patched, text
from ccm.safe import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from jinja2 import Template as Jinja

RELS = "word/_rels/document.xml.rels"
STYLES = "word/styles.xml"
TYPES = "[Content_Types].xml"
RELATION = re.compile(r"<Relationship\b[^>]*?/>")
STYLE = re.compile(r"<w:style\b.*?</w:style>", re.DOTALL)
SECTION = re.compile(r"<w:sectPr\b.*?</w:sectPr>", re.DOTALL)
PAGES = re.compile(r"\b(?:NUMPAGES|SECTIONPAGES)\b(?:\s*\\\*\s*\w+)?")
SHARED = ("styles", "settings", "fontTable", "theme", "webSettings", "numbering", "customXml", "stylesWithEffects")
FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A template as the print file uses it: its body, its section, its foot line, and what it brings along.

    `section` and `footers` have the letter's place in the run as `{n}`; `relations` and `members` are the template's
    own pictures and headers under new names.
    """

    body: Jinja
    section: str
    footers: Mapping[str, str]
    styles: str
    relations: str
    members: Mapping[str, bytes]


def print_file(path: Path, letters: Iterable[tuple[str, Mapping[str, Any]]], templates: Mapping[str, Template]) -> int:
    """Write one Word file with every letter in it; return how many there are.

    Args:
        path: Where to.
        letters: The digest of each letter's template and its fields, in posting order.
        templates: By digest.

    Raises:
        CcmError: `file-unwritable`, `template-broken`.
    """
    first = next(iter(templates.values()))
    base = _member(first.source, STYLES).decode()
    sheets = {digest: _sheet(one, nth, base) for nth, (digest, one) in enumerate(templates.items())}
    with written(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        used: list[Sheet] = []
        with out.open(BODY, "w", force_zip64=True) as body:
            _write_body(body, letters, templates, sheets, used)
        _write_rest(out, first, list(sheets.values()), used)
    return len(used)


def _write_body(
    body: IO[bytes],
    letters: Iterable[tuple[str, Mapping[str, Any]]],
    templates: Mapping[str, Template],
    sheets: Mapping[str, Sheet],
    used: list[Sheet],
) -> None:
    """Stream the letters: the section of each stands in a paragraph after it, of the last at the end of the body."""
    source = parts_of(next(iter(templates.values())).source, "")[BODY]
    body.write(source[: source.index("<w:body>") + len("<w:body>")].encode())
    ending = ""
    for nth, (digest, fields) in enumerate(letters):
        sheet = sheets[digest]
        if ending:
            body.write(
                f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>{ending}</w:pPr>'
                "</w:p>".encode()
            )
        mark = (
            f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'
            f'<w:bookmarkStart w:id="{2 * nth}" w:name="ccmstart{nth}"/><w:bookmarkEnd w:id="{2 * nth}"/></w:p>'
        )
        end = f'<w:bookmarkStart w:id="{2 * nth + 1}" w:name="ccmend{nth}"/><w:bookmarkEnd w:id="{2 * nth + 1}"/>'
        inner = text(sheet.body, fields, "打印文件")
        at = inner.rindex("</w:p>")
        body.write((mark + inner[:at] + end + inner[at:]).encode())
        ending = sheet.section.replace("{n}", str(nth))
        used.append(sheet)
    body.write(f"{ending}</w:body></w:document>".encode())


def _sheet(template: Template, nth: int, base: str) -> Sheet:
    """Prepare a template: strip its section off the body and give everything it refers to a name of its own."""
    where = f"{template.kind}.docx"
    parts = parts_of(template.source, where)
    with zipfile.ZipFile(_file(template.source)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    source = parts[BODY]
    inner = source[source.index("<w:body>") + len("<w:body>") : source.rindex("</w:body>")]
    sections = list(SECTION.finditer(inner))
    section = sections[-1][0] if sections else "<w:sectPr></w:sectPr>"
    if sections:
        inner = inner[: sections[-1].start()] + inner[sections[-1].end() :]
    relations, footers, brought = "", {}, {}
    for relation in RELATION.findall(members[RELS].decode()):
        key, target = _attribute(relation, "Id"), _attribute(relation, "Target")
        if any(f"/{word}" in _attribute(relation, "Type") for word in SHARED):
            continue
        name = f"word/{target}"
        if "relationships/footer" in relation:
            footers[key] = members[name].decode()
            continue
        fresh = f"t{nth}_{key}"
        inner, section = (part.replace(f'"{key}"', f'"{fresh}"') for part in (inner, section))
        if 'TargetMode="External"' not in relation and name in members:
            renamed = re.sub(r"([^/]+)$", rf"t{nth}_\1", target)
            brought[f"word/{renamed}"] = members[name]
        else:
            renamed = target
        relations += relation.replace(f'"{target}"', f'"{renamed}"').replace(f'Id="{key}"', f'Id="{fresh}"')
    for key in footers:
        section = section.replace(f'"{key}"', f'"{key}_{{n}}"')
    styles = members[STYLES].decode()
    if styles != base:
        inner, styles = _own_styles(inner, styles, nth)
    return Sheet(
        environment().from_string(patched(inner)),
        _odd_page(section),
        {key: PAGES.sub("PAGEREF ccmend{n}", xml) for key, xml in footers.items()},
        styles,
        relations,
        brought,
    )


def _file(content: bytes) -> IO[bytes]:
    from io import BytesIO

    return BytesIO(content)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _member(file: bytes, name: str) -> bytes:
    with zipfile.ZipFile(_file(file)) as archive:
        return archive.read(name)


USES = '<w:(?:pStyle|rStyle|tblStyle|basedOn|next|link) w:val="|w:styleId="'
USUAL = re.compile(r'<w:style\b(?=[^>]*w:type="paragraph")(?=[^>]*w:default="1")[^>]*w:styleId="([^"]+)"')


def _own_styles(inner: str, styles: str, nth: int) -> tuple[str, str]:
    """Rename a further template's styles, so that a bank's change in one letter does not reach the others."""
    if usual := USUAL.search(styles):
        # What names no style has the file's usual one, which in the print file is another template's.
        named = f'<w:pStyle w:val="{usual[1]}"/>'
        inner = re.sub(r"<w:pPr>(?!<w:pStyle)", f"<w:pPr>{named}", inner)
        inner = re.sub(r"<w:p(?: [^>]*[^/])?>(?!<w:pPr)", rf"\g<0><w:pPr>{named}</w:pPr>", inner)
    for style in set(re.findall(r'w:styleId="([^"]+)"', styles)):
        pattern = re.compile(f'({USES}){re.escape(style)}"')
        inner, styles = (pattern.sub(rf'\g<1>t{nth}_{style}"', part) for part in (inner, styles))
    return inner, re.sub(r'\sw:default="1"', "", styles)


def _odd_page(section: str) -> str:
    """Start the section on an odd page and count its pages from 1."""
    bare = re.sub(r"<w:(?:type|pgNumType)\b[^>]*?/>", "", section)
    kind = '<w:type w:val="oddPage"/>'
    # The schema fixes the order: references first, then the type; page numbers after the margins.
    references = list(re.finditer(r"<w:(?:header|footer)Reference\b[^>]*?/>", bare))
    at = references[-1].end() if references else bare.index(">") + 1
    bare = bare[:at] + kind + bare[at:]
    number = '<w:pgNumType w:start="1"/>'
    margins = re.search(r"<w:pgMar\b[^>]*?/>", bare)
    at = margins.end() if margins else bare.rindex("</w:sectPr>")
    return bare[:at] + number + bare[at:]


def _write_rest(out: zipfile.ZipFile, first: Template, sheets: list[Sheet], used: list[Sheet]) -> None:
    """Write what stands beside the text: styles of all templates, their pictures, and one foot line per letter."""
    with zipfile.ZipFile(_file(first.source)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    relations = [
        relation
        for relation in RELATION.findall(members[RELS].decode())
        if any(f"/{word}" in _attribute(relation, "Type") for word in SHARED)
    ]
    types = []
    for nth, sheet in enumerate(used):
        for key, xml in sheet.footers.items():
            name = f"footer_{key}_{nth}.xml"
            out.writestr(f"word/{name}", xml.replace("{n}", str(nth)))
            types.append(f'<Override PartName="/word/{name}" ContentType="{FOOTER_TYPE}"/>')
            relations.append(
                f'<Relationship Id="{key}_{nth}" Target="{name}" Type="http://schemas.openxmlformats.org/'
                'officeDocument/2006/relationships/footer"/>'
            )
    for sheet in sheets:
        relations.append(sheet.relations)
        for name, content in sheet.members.items():
            out.writestr(name, content)
            if name.endswith(".xml") and "header" in name:
                types.append(f'<Override PartName="/{name}" ContentType="{FOOTER_TYPE.replace("footer", "header")}"/>')
    styles = members[STYLES].decode()
    more = "".join("".join(STYLE.findall(sheet.styles)) for sheet in sheets[1:] if sheet.styles != styles)
    rewritten = {
        STYLES: styles.replace("</w:styles>", f"{more}</w:styles>"),
        RELS: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.'
        f'openxmlformats.org/package/2006/relationships">{"".join(relations)}</Relationships>',
        TYPES: members[TYPES].decode().replace("</Types>", f"{''.join(types)}</Types>"),
    }
    for name, content in members.items():
        if name != BODY and not re.match(r"word/(footer|header)\d*\.xml", name):
            out.writestr(name, rewritten.get(name, content))


def to_pdf(document: Path, soffice: str, profile: Path) -> Path:
    """Convert a Word file with LibreOffice, blank pages for duplex included; return the PDF beside it.

    Args:
        document: The print file.
        soffice: The program, as found or as set in ccm.toml.
        profile: A folder of our own for LibreOffice's settings, so that an open one is not disturbed.

    Raises:
        CcmError: `pdf-failed`.
    """
    options = (
        'pdf:writer_pdf_Export:{"IsSkipEmptyPages":{"type":"boolean","value":"false"},'
        '"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
    )
    command = [
        soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", options,
        "--outdir", str(document.parent), str(document),
    ]  # fmt: skip
    made = document.with_suffix(".pdf")
    made.unlink(missing_ok=True)
    try:
        ended = subprocess.run(command, capture_output=True, check=False, timeout=3600)  # noqa: S603 - the program the user set
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CcmError("pdf-failed", where=str(document), reason=str(error)) from error
    if not made.exists():
        raise CcmError("pdf-failed", where=str(document), reason=ended.stderr.decode(errors="replace")[-200:].strip())
    return made


def split_pdf(whole: Path, targets: Iterable[Path], told: Callable[[], None]) -> None:
    """Cut the PDF of a print file into one per letter, by the marks the print file sets at each start.

    Raises:
        CcmError: `pdf-failed` where the marks are not in it.
    """
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(whole)
    targets = list(targets)
    marks = {name.lstrip("/"): mark for name, mark in reader.named_destinations.items()}
    starts = [
        reader.get_destination_page_number(marks[name])
        for nth in range(len(targets))
        if (name := f"ccmstart{nth}") in marks
    ]
    if len(starts) != len(targets):
        raise CcmError("pdf-failed", where=str(whole), reason="分页标记不全")
    ends = [*starts[1:], len(reader.pages)]
    for target, start, end in zip(targets, starts, ends, strict=True):
        writer = PdfWriter()
        for number in range(start or 0, end or 0):
            page = reader.pages[number]
            if number == start or page.extract_text().strip():
                writer.add_page(page)
        with written(target) as temporary:
            writer.write(temporary)
        told()
