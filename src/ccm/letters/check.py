"""What is wrong with a template edited in Word: unknown fields, missing parts, broken loops, split tags."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, meta, nodes

from ccm.errors import CcmError, Finding, finding
from ccm.letters.fields import FIELDS, KIND_SENTENCES, MANDATORY, SENTENCES
from ccm.letters.template import MissingValueError, compile_template, environment, parts_of, patched, render, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
PARAGRAPH = re.compile(r"<w:p\b[^>]*>.*?</w:p>", re.DOTALL)


def check_template(file: bytes, kind: str, where: str, sample: Mapping[str, Any]) -> list[Finding]:
    """Return everything that is wrong with a template, each with the sentence it stands in.

    Args:
        file: The .docx.
        kind: The letter it is for.
        where: Its name, for messages.
        sample: Fields to try it with.

    Raises:
        CcmError: `template-broken` where it is no Word file at all.
    """
    xml = "".join(parts_of(file, where).values())
    shown = _text(xml)
    found = list(_split_tags(xml, where))
    try:
        tree = environment().parse(patched(xml))
    except TemplateSyntaxError as error:
        found.append(finding("template-loop", file=where, value=_near(shown), reason=spoken(error)))
        return found
    used = meta.find_undeclared_variables(tree) | {f"借.{name}" for name in _attributes(tree)}
    for name in sorted(used - set(FIELDS)):
        near = get_close_matches(name, FIELDS, 1, 0.4)
        hint = f"是不是 {near[0]}？" if near else "可用的字段见 templates/README.md"
        found.append(finding("template-field-unknown", file=where, value=_sentence(shown, name), name=name, near=hint))
    found += [
        finding("template-part-missing", file=where, part=f"字段 {{{{ {name} }}}}", why=FIELDS[name][0])
        for name in sorted(MANDATORY[kind] - used)
    ]
    for words, why in {**SENTENCES, **KIND_SENTENCES.get(kind, {})}.items():
        if words not in re.sub(r"\s", "", shown):
            found.append(finding("template-part-missing", file=where, part=f"“{words}”", why=why))
    return found or list(_tried(file, kind, where, sample))


def _tried(file: bytes, kind: str, where: str, sample: Mapping[str, Any]) -> Iterator[Finding]:
    """Render it once: what only shows when it runs shows here."""
    try:
        render(compile_template(file, kind, where), sample)
    except MissingValueError as error:
        yield finding("template-loop", file=where, reason=str(error))
    except CcmError as error:
        yield finding("template-loop", file=where, reason=error.message)


def _split_tags(xml: str, where: str) -> Iterator[Finding]:
    """Tags that Word cut into pieces: docxtpl joins most of them; what it cannot join is a mistake."""
    for paragraph in PARAGRAPH.findall(xml):
        shown = _text(paragraph)
        pieces = re.findall(r"<w:t\b[^>]*>([^<]*)</w:t>", paragraph)
        whole = sum(len(TAG.findall(piece)) for piece in pieces)
        tags = len(TAG.findall(shown))
        opened = len(re.findall(r"\{[{%]", shown))
        closed = len(re.findall(r"[%}]\}", shown))
        if opened != closed or (tags > whole and TAG.sub("", _text(patched(paragraph))).count("{{")):
            yield finding("template-tag", file=where, value=shown[:60])


def _text(xml: str) -> str:
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", xml))


def _sentence(shown: str, name: str) -> str:
    return next((line.strip()[:60] for line in shown.splitlines() if name in line), "")


def _near(shown: str) -> str:
    return next((line.strip()[:60] for line in shown.splitlines() if "{%" in line), "")


def _attributes(tree: nodes.Template) -> set[str]:
    """Names asked of a row of a loop: 借.借据号 gives 借据号."""
    return {node.attr for node in tree.find_all(nodes.Getattr) if isinstance(node.node, nodes.Name)}


def kind_of(name: str) -> str | None:
    """Return the kind a file's name says, None where it says none."""
    stem = name.removesuffix(".docx")
    return stem if stem in MANDATORY else None
