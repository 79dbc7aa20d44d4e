"""Word templates, compiled once: what docxtpl understands of a template, rendered by Jinja2 in a sandbox.

A template is a .docx whose text holds fields like `{{ 函号 }}` and loops like `{%tr for 借 in 借据 %}`.
Values are escaped, a missing value is an error, and no code of the template can reach anything but its fields.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError, TemplateError
from markupsafe import Markup, escape

from ccm.errors import CcmError
from ccm.letters import qr
from ccm.letters.package import Package, package
from ccm.letters.sandbox import ForbiddenError, environment, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2 import Template as Jinja

BODY = "word/document.xml"
RELS = "word/_rels/document.xml.rels"
TYPES = "[Content_Types].xml"
DYNAMIC = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""What XML does not allow, and marks that would turn the reading direction of a line."""
SPECIAL = re.compile(rf"[&<>\"']|{CONTROL.pattern}")
FOREIGN = re.compile(r"<(?:w:footnoteReference|w:endnoteReference|w:object|w:altChunk|w:subDoc|c:chart|dgm:relIds)\b")
NOT_FOREIGN = "不能有脚注、尾注、图表或嵌入的对象，它们进不了打印文件：请改成文字或图片"
LARGEST = 20 * 1024 * 1024
LONGEST_PART, MOST_TAGS = 2_000_000, 2000
UNUSUAL = re.compile(r"<!|<\?(?!xml\b)")
"""Comments, sections of characters, declarations, instructions."""


class MissingValueError(Exception):
    """A template prints a field that this letter has no value for."""

    def __init__(self, name: str) -> None:
        """Name the field."""
        self.name = name
        super().__init__(f"缺少“{name}”")


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template.

    `body` renders `word/document.xml`, `others` headers and footers with fields; `rest` is what stays.
    `coded` is what stays and `links` what comes anew where the letter bears a QR code.
    `digest` names the exact file; `source` holds its bytes.
    """

    kind: str
    digest: str
    source: bytes
    body: Jinja
    others: Mapping[str, Jinja]
    rest: Package
    coded: Package
    links: Mapping[str, bytes]


def compile_template(file: bytes, kind: str, where: str) -> Template:
    """Compile a template for one kind of letter.

    Raises:
        CcmError: `template-broken` where it is no Word file or a tag in it is wrong.
    """
    parts = parts_of(file, where)
    if FOREIGN.search(parts[BODY]):
        raise CcmError("template-broken", where=where, reason=NOT_FOREIGN)
    compiled = {}
    for name, xml in parts.items():
        if name == BODY or "{" in xml:
            compiled[name] = part_of(xml, where)
    with zipfile.ZipFile(BytesIO(file)) as archive:
        links = {RELS: qr.linked(archive.read(RELS).decode()), TYPES: qr.typed(archive.read(TYPES).decode())}
    return Template(
        kind=kind,
        digest=hashlib.sha256(file).hexdigest(),
        source=file,
        body=compiled.pop(BODY),
        others=compiled,
        rest=package(file, [BODY, *compiled]),
        coded=package(file, [BODY, *compiled, *links]),
        links={name: xml.encode() for name, xml in links.items()},
    )


def part_of(xml: str, where: str) -> Jinja:
    """Compile one part.

    Raises:
        CcmError: `template-broken` where a tag is wrong or does what the sandbox forbids.
    """
    sandbox = environment(_printed)
    try:
        return sandbox.from_string(parsed(sandbox, patched(xml)))
    except TemplateError as error:
        raise CcmError("template-broken", where=where, reason=spoken(error)) from error


def parts_of(file: bytes, where: str) -> dict[str, str]:
    """Return the text parts of a Word file.

    Raises:
        CcmError: `template-broken`.
    """
    try:
        with zipfile.ZipFile(BytesIO(file)) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise CcmError("template-broken", where=where, reason="文件大得不合常理")
            names = archive.namelist()
            if not {BODY, RELS, TYPES} <= set(names):
                raise CcmError("template-broken", where=where, reason="不是Word文档（.docx）")
            parts = {name: archive.read(name).decode("utf-8") for name in names if DYNAMIC.fullmatch(name)}
        for part in parts.values():
            _check_part(part, where)
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError, ValueError, RuntimeError) as error:
        raise CcmError("template-broken", where=where, reason="不是完好的Word文档（.docx）") from error
    return parts


def _check_part(xml: str, where: str) -> None:
    """Hold a part to what Word writes: what is read by patterns may take the square of the length of anything else."""
    if len(xml) > LONGEST_PART or sum(map(xml.count, ("{{", "{%", "{#"))) > MOST_TAGS:
        raise CcmError("template-broken", where=where, reason=f"太长，或标签超过{MOST_TAGS}个")
    if UNUSUAL.search(xml):
        raise CcmError("template-broken", where=where, reason="里面有 Word 不会写的东西（注释、实体一类）")
    try:
        ET.fromstring(xml.encode())  # noqa: S314 - it declares no entities, as was just seen
    except ET.ParseError as error:
        raise ValueError(str(error)) from error


def patched(xml: str) -> str:
    """Return the XML as docxtpl prepares it: tags that Word split are joined, row and paragraph tags moved out."""
    from docxtpl import DocxTemplate

    return DocxTemplate.patch_xml(object.__new__(DocxTemplate), xml)  # type: ignore[no-any-return]


def _printed(value: object) -> str:
    """Return a value as it stands in the XML: escaped, without what XML does not allow."""
    if type(value) is str and not SPECIAL.search(value):
        return value
    return value if isinstance(value, Markup) else escape(CONTROL.sub("", str(value)))


def render(template: Template, fields: Mapping[str, Any]) -> bytes:
    """Return the letter as a .docx file; the same fields give the same bytes.

    Raises:
        MissingValueError: The template prints a field that has no value.
        CcmError: `template-broken` where the template does what the sandbox forbids.
    """
    # Only the body has a relation to the picture.
    elsewhere = {key: value for key, value in fields.items() if key != "二维码"}
    members = {BODY: text(template.body, fields, template.kind).encode()}
    for name, part in template.others.items():
        members[name] = text(part, elsewhere, template.kind).encode()
    if not fields.get("二维码"):
        return template.rest.with_members(members)
    return template.coded.with_members({**members, **template.links, qr.MEMBER: qr.picture(fields["函号"])})


def text(part: Jinja, fields: Mapping[str, Any], kind: str) -> str:
    """Render one part."""
    try:
        return part.render(fields)
    except UndefinedError as error:
        found = re.search(r"'([^']+)' is undefined|attribute '([^']+)'", str(error))
        raise MissingValueError((found[1] or found[2]) if found else str(error)) from error
    except (SecurityError, TemplateError, TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise CcmError("template-broken", where=f"{kind}.docx", reason=spoken(error)) from error


def spoken(error: Exception) -> str:
    """Say in Chinese what Jinja2 says in English."""
    if isinstance(error, ForbiddenError):
        return str(error.message)
    message = str(error)
    for pattern, chinese in (
        (r"'(.+?)' is undefined", r"缺少“\1”"),
        (r".* has no attribute '(.+?)'", r"缺少“\1”"),
        (r"Encountered unknown tag '(.+?)'.*", r"不认识的标签“\1”，或循环、条件没有配对"),
        (r"Unexpected end of template.*", "循环或条件没有结束：缺 endfor 或 endif"),
        (r"expected token 'end of .*', got '(.+?)'.*", r"“\1”放错了地方：字段名中间不能有空格或别的符号"),
        (r"(?:unexpected|expected token) (.+)", r"标签写法不对（\1）"),
        (r"No filter named '(.+?)'.*", r"没有“\1”这个过滤器"),
    ):
        if re.match(pattern, message):
            return re.sub(pattern, chinese, message)
    return f"标签写法不对（{message}）"


def load(path: Path, kind: str) -> Template:
    """Read and compile a template file.

    Raises:
        CcmError: `template-missing`, `template-broken`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CcmError("template-missing", where=str(path), kind=kind) from error
    return compile_template(content, kind, str(path))
