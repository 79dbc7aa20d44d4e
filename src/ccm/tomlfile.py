"""A TOML file that a person edits: read within bounds, and its trouble told as one kind of error."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from string import Formatter
from typing import TYPE_CHECKING, Any

from ccm import notepad

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

LARGEST = 512 * 1024
"""Bytes; the longest of the built-in files has a tenth of that."""
DOTTED = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}""")
"""A key of twenty parts: what reads it takes the square of their number."""


class TomlError(ValueError):
    """The text is no TOML, or more of it than anybody writes by hand."""


def text_of(path: Path) -> str:
    """Return the text of a file.

    Raises:
        OSError: It cannot be read, or is no plain file: what reads a pipe waits for ever.
        UnicodeDecodeError: It is in no encoding that an editor writes.
        TomlError: It is too large.
    """
    if path.exists() and not path.is_file():
        raise OSError(None, "不是普通的文件")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TomlError(f"文件超过{LARGEST // 1024} KB，不像是手写的")
    return notepad.decoded(content)


def parsed(text: str) -> dict[str, Any]:
    """Return what a text says.

    Raises:
        TomlError: It is no TOML, or nested deeper than can be read.
    """
    if DOTTED.search(text):
        raise TomlError("键名一节套一节，太深")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise TomlError("括号一层套一层，太深") from error
    except ValueError as error:  # no TOML, or a number longer than Python reads
        raise TomlError(str(error)) from error


def unlike(keys: Iterable[str], allowed: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each key that is not allowed with 是不是想写 and the nearest that is, empty where none is near."""
    known = tuple(allowed)
    for key in keys:
        if key not in known:
            near = get_close_matches(key, known, 1)
            yield key, f"是不是想写 {near[0]}？" if near else ""


def has_only(text: str, fields: Collection[str]) -> bool:
    """Tell whether a text has no other {fields}, and those plain: a width of a thousand million fills the memory."""
    try:
        found = [(field, spec, turn) for _, field, spec, turn in Formatter().parse(text) if field is not None]
    except ValueError:
        return False
    return all(field in fields and not spec and not turn for field, spec, turn in found)
