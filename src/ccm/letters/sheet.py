"""A template as the print file uses it: everything it refers to under names of its own, so that templates can be mixed.

A bank edits one template in Word and leaves the others: styles, pictures, numbered lists and foot lines of each must
reach the print file without meeting those of another.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from ccm.letters.template import BODY, RELS, TYPES, Template, part_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template as Jinja

NTH = "ccm-nth-letter"
"""Stands for the letter's place in the run until it is known."""

STYLES = "word/styles.xml"
NUMBERING = "word/numbering.xml"
RELATION = re.compile(r"<Relationship\b[^>]*?/>")
SECTION = re.compile(r"<w:sectPr\b[^>]*?(?:/>|>.*?</w:sectPr>)", re.DOTALL)
PAGES = re.compile(r"\b(?:NUMPAGES|SECTIONPAGES)\b(?:\s*\\\*\s*\w+)?")
LIST = re.compile(r'(<w:numId w:val=")([1-9]\d*)"')
REFERENCE = re.compile(r'<w:(header|footer)Reference\b[^>]*?w:type="(\w+)"')
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EACH = 1000
"""Numbered lists of a template are counted from its place times this."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A head or foot line: its text, compiled where it has fields, and the relations to its own pictures."""

    kind: str
    xml: str
    fields: Jinja | None
    relations: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A template taken apart.

    `body` and `section` hold `NTH`; `edges` are head and foot lines by relation; `relations` and `members` are the
    pictures and links it brings, `types` what their endings mean; `lists` names the numbered lists its text uses, with
    the pattern of each, `lists_xml` defines them in the namespaces `lists_spaces`.
    """

    body: Jinja
    section: str
    edges: Mapping[str, Edge]
    styles: str
    relations: str
    members: Mapping[str, bytes]
    types: tuple[str, ...]
    lists: Mapping[str, str]
    lists_xml: str
    lists_spaces: tuple[str, ...]


def sheet(template: Template, nth: int, base: str) -> Sheet:
    """Take the nth template of a run apart; `base` is the first one's styles, which need no new names.

    Raises:
        CcmError: `template-broken`.
    """
    with zipfile.ZipFile(BytesIO(template.source)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    source = members[BODY].decode()
    inner = source[source.index("<w:body>") + len("<w:body>") : source.rindex("</w:body>")]
    inner, links, brought = _brought(inner, members, RELS, nth)
    inner, styles = _own_lists(inner, nth), _own_lists(members[STYLES].decode(), nth)
    where, edges, renamed = f"{template.kind}.docx", {}, styles != base
    for relation in RELATION.findall(members[RELS].decode()):
        key, kind = attribute(relation, "Id"), attribute(relation, "Type").rsplit("/", 1)[-1]
        if kind in {"header", "footer"}:
            name = _member(attribute(relation, "Target"))
            rels = f"word/_rels/{posixpath.basename(name)}.rels"
            xml, edge_links, more = _brought(members[name].decode(), members, rels, nth)
            xml = PAGES.sub(f"PAGEREF ccmend{NTH}", _own_styles(xml, styles, nth) if renamed else xml)
            edges[key] = Edge(kind, xml, part_of(xml, where) if "{" in xml else None, edge_links)
            brought |= more
            inner = inner.replace(f'"{key}"', f'"{key}_{NTH}"')
    if renamed:
        inner, styles = _own_styles(inner, styles, nth), _renamed(re.sub(r'\sw:default="1"', "", styles), styles, nth)
    inner, section = _sections(inner)
    numbering = members.get(NUMBERING, b"").decode()
    lists, lists_xml = _lists(numbering, nth)
    spaces = tuple(re.findall(r'xmlns:\w+="[^"]*"', numbering[: numbering.find("<w:abstractNum")]))
    used = {number: lists[number] for number in {found[2] for found in LIST.finditer(inner)} if number in lists}
    types = re.findall(r"<Default\b[^>]*?/>", members[TYPES].decode())
    body = part_of(inner, where)
    return Sheet(body, section, edges, styles, links, brought, tuple(types), used, lists_xml, spaces)


def level(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Give every letter the same sorts of head and foot lines, blank if need be: else it has the letter's before."""
    sorts = {sort for one in sheets.values() for sort in REFERENCE.findall(one.section)}
    return {digest: _with_blanks(one, sorts) for digest, one in sheets.items()}


def _with_blanks(one: Sheet, sorts: set[tuple[str, str]]) -> Sheet:
    section, edges = one.section, dict(one.edges)
    for kind, when in sorted(sorts - set(REFERENCE.findall(section))):
        key = f"blank_{kind}_{when}"
        tag = "hdr" if kind == "header" else "ftr"
        edges[key] = Edge(kind, f'<w:{tag} xmlns:w="{MAIN}"><w:p/></w:{tag}>', None, "")
        at = section.index(">") + 1
        section = f'{section[:at]}<w:{kind}Reference w:type="{when}" r:id="{key}_{NTH}"/>{section[at:]}'
    return replace(one, section=section, edges=edges)


def attribute(tag: str, name: str) -> str:
    """Return an attribute of a tag, empty where it has none."""
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _member(target: str) -> str:
    """The name in the zip of what a relation of the document points to."""
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"word/{target}")


def _brought(xml: str, members: Mapping[str, bytes], rels: str, nth: int) -> tuple[str, str, dict[str, bytes]]:
    """Give pictures and links of a part new names; return the part, its relations, and the members they point to."""
    links, brought = "", {}
    for relation in RELATION.findall(members.get(rels, b"").decode()):
        key, target = attribute(relation, "Id"), attribute(relation, "Target")
        if attribute(relation, "Type").rsplit("/", 1)[-1] not in {"image", "hyperlink"}:
            continue
        renamed = relation.replace(f'Id="{key}"', f'Id="t{nth}_{key}"')
        if (name := _member(target)) in members:
            fresh = f"media/t{nth}_{posixpath.basename(name)}"
            brought[f"word/{fresh}"] = members[name]
            renamed = renamed.replace(f'Target="{target}"', f'Target="{fresh}"')
        xml = xml.replace(f'"{key}"', f'"t{nth}_{key}"')
        links += renamed
    return xml, links, brought


USES = '<w:(?:pStyle|rStyle|tblStyle|basedOn|next|link) w:val="|w:styleId="'
USUAL = re.compile(r'<w:style\b(?=[^>]*w:type="paragraph")(?=[^>]*w:default="1")[^>]*w:styleId="([^"]+)"')


def _own_styles(xml: str, styles: str, nth: int) -> str:
    """Name a further template's styles anew, so that a bank's change in one letter does not reach the others."""
    if usual := USUAL.search(styles):
        # What names no style has the file's usual one, which in the print file is another template's.
        named = f'<w:pStyle w:val="{usual[1]}"/>'
        xml = re.sub(r"<w:pPr>(?!<w:pStyle)", f"<w:pPr>{named}", xml)
        xml = re.sub(r"<w:p(?: [^>]*[^/])?>(?!<w:pPr)", rf"\g<0><w:pPr>{named}</w:pPr>", xml)
    return _renamed(xml, styles, nth)


def _renamed(xml: str, styles: str, nth: int) -> str:
    for style in set(re.findall(r'w:styleId="([^"]+)"', styles)):
        xml = re.sub(f'({USES}){re.escape(style)}"', rf'\g<1>t{nth}_{style}"', xml)
    return xml


def _own_lists(xml: str, nth: int) -> str:
    return LIST.sub(lambda found: f'{found[1]}{nth * EACH + int(found[2])}"', xml)


def _lists(numbering: str, nth: int) -> tuple[dict[str, str], str]:
    """Return a template's lists under new numbers: list → its pattern, and the patterns and lists as XML."""
    for tag in ('<w:abstractNum w:abstractNumId="', '<w:abstractNumId w:val="', '<w:num w:numId="'):
        numbering = re.sub(
            f"({re.escape(tag)})(\\d+)", lambda found: f"{found[1]}{nth * EACH + int(found[2])}", numbering
        )
    patterns = re.findall(r"<w:abstractNum\b.*?</w:abstractNum>", numbering, re.DOTALL)
    lists = re.findall(r"<w:num\b.*?</w:num>", numbering, re.DOTALL)
    by_number = {
        re.findall(r'w:numId="(\d+)"', one)[0]: re.findall(r'w:abstractNumId w:val="(\d+)"', one)[0] for one in lists
    }
    return by_number, "".join((*patterns, *lists))


def _sections(inner: str) -> tuple[str, str]:
    """Cut the last section off; the first of the letter starts on an odd page and counts its pages from 1."""
    sections = list(SECTION.finditer(inner))
    if not sections:
        return inner, _odd_page("<w:sectPr></w:sectPr>")
    first, last = sections[0], sections[-1]
    rest = inner[: last.start()] + inner[last.end() :]
    if first is last:
        return rest, _odd_page(last[0])
    return rest[: first.start()] + _odd_page(first[0]) + rest[first.end() :], last[0]


def _odd_page(section: str) -> str:
    """Start a section on an odd page and count its pages from 1."""
    section = re.sub(r"<w:sectPr\b([^>]*)/>", r"<w:sectPr\1></w:sectPr>", section)
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
