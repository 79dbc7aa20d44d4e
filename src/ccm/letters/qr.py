"""The letter number as a QR code in the upper margin of a letter, so that a returned one can be scanned.

A small picture, since a drawn shape costs LibreOffice the square of the number of letters in a print file. It floats in
the margin, since lines of a fixed height would cut it.
"""

from __future__ import annotations

from io import BytesIO

from markupsafe import Markup

KEY = "ccmqr"
"""The relation by which a letter names its picture."""
MEMBER = f"word/media/{KEY}.png"
SIDE = 647_700
"""51 pt, which is 18 mm, in Word's own units."""
FROM_TOP = 508_000

_A = "http://schemas.openxmlformats.org/drawingml/2006"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RUN = Markup(  # noqa: S704 - constants only
    f'<w:r><w:drawing><wp:anchor xmlns:wp="{_A}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0" '
    'simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
    '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>'
    f'<wp:positionV relativeFrom="page"><wp:posOffset>{FROM_TOP}</wp:posOffset></wp:positionV>'
    f'<wp:extent cx="{SIDE}" cy="{SIDE}"/><wp:wrapNone/><wp:docPr id="900001" name="函号二维码"/>'
    f'<a:graphic xmlns:a="{_A}/main"><a:graphicData uri="{_A}/picture"><pic:pic xmlns:pic="{_A}/picture">'
    '<pic:nvPicPr><pic:cNvPr id="900001" name="函号二维码"/><pic:cNvPicPr/></pic:nvPicPr>'
    f'<pic:blipFill><a:blip xmlns:r="{_R}" r:embed="{KEY}"/>'
    "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
    f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{SIDE}" cy="{SIDE}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:anchor>'
    "</w:drawing></w:r>"
)
"""The Word run that stands for `{{r 二维码 }}`."""


def picture(content: str) -> bytes:
    """Return `content` as a QR code: a black and white PNG of a few hundred bytes."""
    import segno

    target = BytesIO()
    segno.make(content, error="m", micro=False).save(target, kind="png", scale=6, border=0)
    return target.getvalue()


def relation(key: str = KEY, target: str = MEMBER) -> str:
    """Return the relation of a document to such a picture."""
    return f'<Relationship Id="{key}" Target="{target.removeprefix("word/")}" Type="{_R}/image"/>'


def linked(relations: str) -> str:
    """Return a document's relations with the one to its picture."""
    return relations.replace("</Relationships>", f"{relation()}</Relationships>")


def typed(types: str) -> str:
    """Return a file's content types with that of the picture."""
    if 'Extension="png"' in types:
        return types
    at = types.index(">", types.index("<Types")) + 1
    return f'{types[:at]}<Default Extension="png" ContentType="image/png"/>{types[at:]}'
