"""Inside an .xlsx: cells that look blank but are not, and a small copy that holds only the first rows.

Calamine gives error cells and formulas without a stored result as blank; the sheet's XML knows better.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CELL = rb'<c\b[^<>]{0,200}?\br="([A-Z]{1,3}\d{1,7})"[^<>]{0,200}'
ERROR = re.compile(
    CELL + rb'?\bt="e"[^<>]{0,200}>(?:<f\b[^<>]{0,500}(?:/>|>[^<]{0,8192}</f>))?<v>([^<]{0,50})</v>', re.DOTALL
)
FORMULA = re.compile(
    CELL + rb">\s{0,20}<f\b[^<>]{0,500}?(?:/>|>([^<]{0,8192})</f>)\s{0,20}(?:<v\s?/>|<v></v>)?\s{0,20}</c>", re.DOTALL
)
"""Each step of these is bounded: one that is not takes the square of a hostile file's length."""
MOST_HEAD = 1 << 26
"""Bytes in which the first rows of a sheet end, and the strings they need."""
MOST_LISTED = 1 << 22
"""Bytes in which a workbook lists its sheets."""
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def opened(source: Path | bytes) -> zipfile.ZipFile:
    """Open the package of a workbook."""
    return zipfile.ZipFile(BytesIO(source) if isinstance(source, bytes) else source)


def members(package: zipfile.ZipFile) -> dict[str, str]:
    """Return each sheet's name and the member that holds it."""
    workbook = ET.fromstring(_listing(package, "xl/workbook.xml"))  # noqa: S314 - expat expands no external entities
    rels = ET.fromstring(_listing(package, "xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
    found = {}
    for sheet in workbook.iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(REL), "")
            found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


SINCE_1904 = re.compile(rb'\bdate1904\s{0,20}=\s{0,20}["\'](?:1|true)["\']')
DAYS_TO_1904 = 1462


def epoch_days(package: zipfile.ZipFile) -> int:
    """Return what is added to a plain number that is a day: workbooks begun on a Mac may count from 1904."""
    if "xl/workbook.xml" not in package.namelist():
        return 0
    return DAYS_TO_1904 if SINCE_1904.search(_listing(package, "xl/workbook.xml")) else 0


def unvalued(xml: bytes) -> Mapping[str, str]:
    """Return the error cells and the formulas without a stored result: `F17` → `#N/A` or `=A1+B1`."""
    found = {cell.decode(): content.decode(errors="replace") for cell, content in ERROR.findall(xml)}
    found.update({cell.decode(): f"={content.decode(errors='replace')}" for cell, content in FORMULA.findall(xml)})
    return found


def _listing(package: zipfile.ZipFile, name: str) -> bytes:
    """Read a part that lists others; an honest one is small and declares nothing of its own."""
    if package.getinfo(name).file_size > MOST_LISTED:
        raise ValueError(name)
    content = package.read(name)
    if b"<!DOCTYPE" in content:
        raise ValueError(name)
    return content


def top_of(path: Path, rows: int) -> tuple[bytes, frozenset[str]]:
    """Return a copy of a workbook with the first `rows` rows of each sheet, and the members that are whole in it.

    Shared strings are copied as far as those rows need them, so a workbook of any size gives a small copy.

    Raises:
        ValueError: The package is not laid out as expected; read it whole instead.
    """
    with opened(path) as package:
        sheets = {member: _cut(package, member, b"</row>", rows) for member in members(package).values()}
        needed = max((int(index) for xml, _ in sheets.values() for index in _string_indices(xml)), default=-1)
        copy = BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as small:
            for name in package.namelist():
                if name in sheets:
                    xml, whole = sheets[name]
                    small.writestr(name, xml if whole else xml + b"</sheetData></worksheet>")
                elif name == "xl/sharedStrings.xml":
                    xml, whole = _cut(package, name, b"</si>", needed + 1)
                    small.writestr(name, xml if whole else xml + b"</sst>")
                elif name.endswith((".rels", "[Content_Types].xml", "styles.xml", "workbook.xml")):
                    small.writestr(name, package.read(name))
    return copy.getvalue(), frozenset(name for name, (_, whole) in sheets.items() if whole)


def _cut(package: zipfile.ZipFile, member: str, end: bytes, count: int) -> tuple[bytes, bool]:
    """Read a member up to the `count`-th end tag; True where that is all of it."""
    xml = b""
    with package.open(member) as file:
        ended = 0
        while chunk := file.read(1 << 18):
            ended += (xml[-len(end) + 1 :] + chunk).count(end)
            xml += chunk
            if ended >= count:
                break
            if len(xml) > MOST_HEAD:
                raise ValueError(member)
        else:
            return xml, True
    if b"<worksheet" not in xml[:4096] and b"<sst" not in xml[:4096]:
        raise ValueError(member)
    at = 0
    for _ in range(count):
        at = xml.index(end, at) + len(end)
    return xml[:at] if count else xml[: xml.index(b">", xml.index(b"<sst")) + 1], False


def _string_indices(xml: bytes) -> list[bytes]:
    return re.findall(rb'<c\b[^<>]*?\bt="s"[^<>]*><v>(\d{1,9})</v>', xml)
