"""One print file for a run: every letter a section that starts on an odd page and counts its own pages.

Letters may come from different templates; each brings its styles, pictures, lists and foot lines under names of its
own (`sheet`). The text is streamed, so memory stays flat however many letters there are.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from itertools import count
from typing import IO, TYPE_CHECKING, Any

from ccm.letters import qr
from ccm.letters.sheet import MAIN, NTH, NUMBERING, RELATION, STYLES, Sheet, attribute, level, sheet
from ccm.letters.template import BODY, RELS, TYPES, Template, text
from ccm.safe import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


STYLE = re.compile(r"<w:style\b.*?</w:style>", re.DOTALL)
DRAWING = re.compile(r'(<wp:docPr\b[^>]*?\bid=")\d+')
SHARED = {"styles", "settings", "fontTable", "theme", "webSettings", "footnotes", "endnotes"}
"""What the whole print file has from its first template."""
LEFT = re.compile(
    r"\[Content_Types\]\.xml|customXml/|word/(_rels/)?(document|numbering|header\d*|footer\d*|comments\w*|people)\.xml"
)
"""What of the first template is written anew or not at all."""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HAIRLINE = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
LIST_START = 10_000_000
"""Above every list of a template: here begin the lists of the single letters."""

Used = tuple[Sheet, dict[str, str], str]
"""What a letter was printed with: its template, its head and foot lines that have fields, its QR code's content."""


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
    base = _members(first)[STYLES].decode()
    sheets = level({digest: sheet(one, nth, base) for nth, (digest, one) in enumerate(templates.items())})
    root = _root([_members(one)[BODY].decode() for one in templates.values()])
    with written(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        used: list[Used] = []
        with out.open(BODY, "w", force_zip64=True) as body:
            body.write(root.encode())
            _write_body(body, letters, sheets, used)
        _write_rest(out, _members(first), list(sheets.values()), used)
    return len(used)


def _members(template: Template) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(template.source)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _root(bodies: list[str]) -> str:
    """The opening tags of the document, with the namespaces of all templates."""
    spaces: dict[str, str] = {}
    ignorable: dict[str, None] = {}
    for body in bodies:
        tag = re.search(r"<w:document\b[^>]*>", body)
        spaces |= dict(re.findall(r'xmlns:(\w+)="([^"]*)"', tag[0] if tag else ""))
        ignorable |= dict.fromkeys(attribute(tag[0] if tag else "", "mc:Ignorable").split())
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    ignored = f' mc:Ignorable="{" ".join(ignorable)}"' if ignorable else ""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document{declared}{ignored}><w:body>'


def _write_body(
    body: IO[bytes], letters: Iterable[tuple[str, Mapping[str, Any]]], sheets: Mapping[str, Sheet], used: list[Used]
) -> None:
    """Stream the letters: the section of each stands in a paragraph after it, of the last at the end of the body."""
    ending, drawings = "", count(1)
    for nth, (digest, fields) in enumerate(letters):
        one = sheets[digest]
        if ending:
            body.write(f"<w:p><w:pPr>{HAIRLINE}{ending}</w:pPr></w:p>".encode())
        inner = _of_one(text(one.body, fields, "打印文件"), one, nth)
        inner = DRAWING.sub(lambda found: f"{found[1]}{next(drawings)}", inner)
        at = inner.rindex("</w:p>")
        start = f"<w:p><w:pPr>{HAIRLINE}</w:pPr>{_bookmark(2 * nth, f'ccmstart{nth}')}</w:p>"
        body.write((start + inner[:at] + _bookmark(2 * nth + 1, f"ccmend{nth}") + inner[at:]).encode())
        ending = one.section.replace(NTH, str(nth))
        elsewhere = {key: value for key, value in fields.items() if key != "二维码"}
        edges = {key: text(edge.fields, elsewhere, "打印文件") for key, edge in one.edges.items() if edge.fields}
        used.append((one, edges, fields["函号"] if fields.get("二维码") else ""))
    body.write(f"{ending}</w:body></w:document>".encode())


def _of_one(inner: str, one: Sheet, nth: int) -> str:
    """Give a letter's text its own names of head and foot lines, QR code and numbered lists."""
    inner = inner.replace(NTH, str(nth)).replace(f'"{qr.KEY}"', f'"{qr.KEY}{nth}"')
    for place, number in enumerate(one.lists):
        inner = inner.replace(f'<w:numId w:val="{number}"', f'<w:numId w:val="{_list_of(nth, place)}"')
    return inner


def _bookmark(number: int, name: str) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'


def _list_of(nth: int, place: int) -> int:
    """A list of one letter: counted anew, or the second letter's points would go on from the first one's."""
    return LIST_START + nth * 100 + place


def _write_rest(out: zipfile.ZipFile, members: Mapping[str, bytes], sheets: list[Sheet], used: list[Used]) -> None:
    """Write what stands beside the text: styles and lists of all templates, their pictures, each letter's edges."""
    relations = [one for one in RELATION.findall(members[RELS].decode()) if _type(one) in SHARED]
    if lists := _numbering(sheets, used):
        relations.append(f'<Relationship Id="ccmlists" Target="numbering.xml" Type="{OFFICE}/numbering"/>')
    relations += [*(one.relations for one in sheets), *_write_edges(out, used), *_write_codes(out, used)]
    own: dict[str, bytes | str] = {
        **{name: content for one in sheets for name, content in one.members.items()},
        STYLES: _styles(members[STYLES].decode(), sheets),
        RELS: _relations(relations),
        **({NUMBERING: lists} if lists else {}),
    }
    kept = {name: content for name, content in members.items() if name not in own and not LEFT.match(name)}
    for name, content in {**own, **kept}.items():
        out.writestr(name, content)
    out.writestr(TYPES, _types(members[TYPES].decode(), sheets, out.namelist()))


def _write_edges(out: zipfile.ZipFile, used: list[Used]) -> list[str]:
    """Write each letter's head and foot lines; return the document's relations to them."""
    relations = []
    for nth, (one, filled, _) in enumerate(used):
        for key, edge in one.edges.items():
            name = f"{edge.kind}_{key}_{nth}.xml"
            out.writestr(f"word/{name}", filled.get(key, edge.xml).replace(NTH, str(nth)))
            if edge.relations:
                out.writestr(f"word/_rels/{name}.rels", _relations([edge.relations]))
            relations.append(f'<Relationship Id="{key}_{nth}" Target="{name}" Type="{OFFICE}/{edge.kind}"/>')
    return relations


def _write_codes(out: zipfile.ZipFile, used: list[Used]) -> Iterator[str]:
    """Write each letter's QR code; yield the document's relations to them."""
    for nth, (_, _, code) in enumerate(used):
        if code:
            name = f"word/media/{qr.KEY}{nth}.png"
            out.writestr(name, qr.picture(code))
            yield qr.relation(f"{qr.KEY}{nth}", name)


def _relations(relations: Iterable[str]) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.'
        f'openxmlformats.org/package/2006/relationships">{"".join(relations)}</Relationships>'
    )


def _styles(base: str, sheets: list[Sheet]) -> str:
    further = "".join("".join(STYLE.findall(one.styles)) for one in sheets[1:] if one.styles != base)
    return base.replace("</w:styles>", f"{further}</w:styles>")


def _numbering(sheets: list[Sheet], used: list[Used]) -> str:
    """The lists of all templates, and one of its own for each list of each letter; empty where none is used."""
    xml = "".join(one.lists_xml for one in sheets)
    if not any(one.lists for one in sheets) and "<w:numId" not in "".join(one.styles for one in sheets):
        return ""
    patterns, lists = (re.findall(rf"<w:{tag}\b.*?</w:{tag}>", xml, re.DOTALL) for tag in ("abstractNum", "num"))
    anew = "".join(
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>' for level in range(9)
    )
    single = (
        f'<w:num w:numId="{_list_of(nth, place)}"><w:abstractNumId w:val="{pattern}"/>{anew}</w:num>'
        for nth, (one, *_) in enumerate(used)
        for place, pattern in enumerate(one.lists.values())
    )
    spaces = " ".join({space for one in sheets for space in one.lists_spaces} | {f'xmlns:w="{MAIN}"'})
    inner = "".join((*patterns, *lists, *single))
    return f'<?xml version="1.0" encoding="UTF-8"?><w:numbering {spaces}>{inner}</w:numbering>'


def _types(base: str, sheets: list[Sheet], written: list[str]) -> str:
    """Say of each part what it is: pictures by their ending, the rest by name."""
    there = {f"/{name}" for name in written}
    by_ending = {attribute(one, "Extension"): one for each in sheets for one in each.types}
    by_ending["png"] = '<Default Extension="png" ContentType="image/png"/>'
    by_name = {
        attribute(one, "PartName"): one
        for one in re.findall(r"<Override\b[^>]*?/>", base)
        if attribute(one, "PartName") in there
    }
    for name in written:
        for kind in ("header", "footer", "numbering"):
            if name.startswith((f"word/{kind}_", f"word/{kind}.xml")):
                by_name[f"/{name}"] = f'<Override PartName="/{name}" ContentType="{WORD}.{kind}+xml"/>'
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{space}">'
        f"{''.join(by_ending.values())}{''.join(by_name.values())}</Types>"
    )


def _type(relation: str) -> str:
    return attribute(relation, "Type").rsplit("/", 1)[-1]
