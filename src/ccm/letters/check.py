"""What is wrong with a template edited in Word: unknown fields, missing parts, broken loops, split tags, revisions."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from jinja2 import TemplateError, meta, nodes

from ccm.errors import CcmError, Finding, finding
from ccm.letters.fields import FIELDS, KIND_SENTENCES, MANDATORY, SENTENCES
from ccm.letters.sandbox import ForbiddenError, environment, parsed
from ccm.letters.template import (
    FOREIGN,
    NOT_FOREIGN,
    MissingValueError,
    compile_template,
    parts_of,
    patched,
    render,
    spoken,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

TAG = re.compile(r"\{[{%#].{0,2000}?[%}#]\}", re.DOTALL)
BRACE = re.compile(r"[{}｛｝]")
PARAGRAPH = re.compile(r"<w:p\b[^>]*>.*?</w:p>", re.DOTALL)
DELETED = re.compile(r"<w:del\b[^>]*[^/]>.*?</w:del>", re.DOTALL)
REVISION = re.compile(r"<w:(?:ins|del|moveFrom|moveTo|commentReference)\b")


def check_template(
    file: bytes, kind: str, where: str, sample: Mapping[str, Any], bare: Mapping[str, Any]
) -> list[Finding]:
    """Return everything that is wrong with a template, each with the sentence it stands in.

    Args:
        file: The .docx.
        kind: The letter it is for.
        where: Its name, for messages.
        sample: Fields to try it with, all that this kind can have.
        bare: Fields to try it with, only those that every letter of this kind has.

    Raises:
        CcmError: `template-broken` where it is no Word file at all.
    """
    xml = "".join(parts_of(file, where).values())
    found = [*_revisions(xml, where), *_split_tags(xml, where)]
    if FOREIGN.search(xml):
        found.append(finding("template-forbidden", file=where, value="全文", reason=NOT_FOREIGN))
    xml = DELETED.sub("", xml)
    shown, ready = _text(xml), patched(xml)
    try:
        tree = parsed(environment(), ready)
    except ForbiddenError as error:
        return [*found, finding("template-forbidden", file=where, value=_trespass(ready), reason=spoken(error))]
    except TemplateError as error:
        return found + (_located(ready, where) or [_loop(where, "", spoken(error))])
    used = _used(tree)
    found += [*_unknown(used, shown, where), *_missing(kind, used, shown, where)]
    return found or list(_tried(file, kind, where, sample, bare))


def _unknown(used: set[str], shown: str, where: str) -> Iterator[Finding]:
    for name in sorted(used - set(FIELDS)):
        near = get_close_matches(name, FIELDS, 1, 0.4)
        hint = f"是不是 {near[0]}？" if near else "可用的字段见 templates/README.md"
        value = _sentence(shown, name)
        yield finding("template-field-unknown", file=where, value=value, name=name, near=hint)


def _missing(kind: str, used: set[str], shown: str, where: str) -> Iterator[Finding]:
    """Fields and words that letters of this kind must have."""
    for name in sorted(MANDATORY[kind] - used):
        yield finding("template-part-missing", file=where, part=f"字段 {{{{ {name} }}}}", why=FIELDS[name][0])
    words = re.sub(r"\s", "", shown).replace("(", "（").replace(")", "）")
    for sentence, why in {**SENTENCES, **KIND_SENTENCES.get(kind, {})}.items():
        if sentence not in words:
            yield finding("template-part-missing", file=where, part=f"“{sentence}”", why=why)


def _tried(file: bytes, kind: str, where: str, sample: Mapping[str, Any], bare: Mapping[str, Any]) -> Iterator[Finding]:
    """Render it: what only shows when it runs shows here."""
    try:
        compiled = compile_template(file, kind, where)
        render(compiled, sample)
    except MissingValueError as error:
        yield finding("template-field-unknown", file=where, value=str(error), name=error.name, near="这种函没有这一项")
        return
    except CcmError as error:
        yield _loop(where, "", error.message)
        return
    try:
        render(compiled, bare)
    except MissingValueError as error:
        yield finding("template-condition", file=where, name=error.name)


def _revisions(xml: str, where: str) -> Iterator[Finding]:
    """Revision marks and comments would go out with every letter, with the names of those who made them."""
    if marked := next((one for one in PARAGRAPH.findall(xml) if REVISION.search(one)), ""):
        yield finding("template-revision", file=where, value=_text(marked).strip()[:60])


def _split_tags(xml: str, where: str) -> Iterator[Finding]:
    """Tags that Word cut into pieces are joined as docxtpl does it; a brace that is left over is a mistake."""
    for paragraph in PARAGRAPH.findall(xml):
        if BRACE.search(paragraph) and BRACE.search(TAG.sub("", _text(patched(paragraph)))):
            yield finding("template-tag", file=where, value=_text(paragraph).strip()[:60])


def _located(ready: str, where: str) -> list[Finding]:
    """Find the tag that is wrong by itself, or that has no partner."""
    tags = TAG.findall(_text(ready))
    found = []
    for tag in tags:
        if tag.startswith("{{"):
            try:
                parsed(environment(), tag)
            except TemplateError as error:
                found.append(_loop(where, tag, spoken(error)))
    return found or [_loop(where, tag, reason) for tag, reason in _unpaired(tags)]


def _trespass(ready: str) -> str:
    """The tag that does what the sandbox forbids; a loop is whole only with its end, so it is what remains."""
    tags = TAG.findall(_text(ready))
    for tag in tags:
        try:
            parsed(environment(), tag)
        except ForbiddenError:
            return str(tag)
        except TemplateError:
            continue
    return next((tag for tag in tags if re.match(r"\{%[-+]?\s*for", tag)), "")


def _unpaired(tags: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each opening tag that is never closed, and each closing tag that closes nothing."""
    opened: list[tuple[str, str]] = []
    for tag in tags:
        word = re.match(r"\{%[-+]?\s*(\w*)", tag)
        if word and word[1] in {"for", "if"}:
            opened.append((word[1], tag))
        elif word and word[1] in {"endfor", "endif"}:
            if opened and word[1] == f"end{opened[-1][0]}":
                opened.pop()
            else:
                yield tag, f"前面没有对应的 {word[1].removeprefix('end')}"
    for word_, tag in opened:
        yield tag, f"后面缺少对应的 end{word_}"


def _used(tree: nodes.Template) -> set[str]:
    """Every field a template asks for; what it asks of a row of a loop is named 借.…, whatever the row is called."""
    rows = {node.target.name for node in tree.find_all(nodes.For) if isinstance(node.target, nodes.Name)}
    asked = {
        f"{'借' if node.node.name in rows else node.node.name}.{node.attr}"
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name != "loop"
    }
    return meta.find_undeclared_variables(tree) | asked


def _loop(where: str, value: str, reason: str) -> Finding:
    return finding("template-loop", file=where, value=value or "模板", reason=reason)


def _text(xml: str) -> str:
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", xml))


def _sentence(shown: str, name: str) -> str:
    return next((line.strip()[:60] for line in shown.splitlines() if name.rsplit(".", maxsplit=1)[-1] in line), "")


def kind_of(name: str) -> str | None:
    """Return the kind a file's name says, None where it says none."""
    stem = name.removesuffix(".docx")
    return stem if stem in MANDATORY else None
