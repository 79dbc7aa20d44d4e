"""What is printed where the console or the pipe has an older character set: on a Chinese Windows, GBK.

A console itself takes every character; a pipe and a file (`ccm … > 清单.txt`) take those of the code page.
"""

from __future__ import annotations

import codecs
import sys
from io import TextIOWrapper

NEAREST = {"✓": "√", "✗": "×", "✎": "*", "▸": ">", "¥": "￥", "−": "-", "░": "▁", "▒": "▄"}
"""For the marks of the screen that GBK has not, those it has."""
NAME = "ccm-nearest"


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Give the nearest character; one that has none is written as its number, so that no two names become one."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_held(NEAREST.get(one, one), error.encoding) for one in lost), error.end


def _held(character: str, encoding: str) -> str:
    return character.encode(encoding, "backslashreplace").decode(encoding)


def soften() -> None:
    """Let standard output and error print what they can, and never stop a run over one character."""
    codecs.register_error(NAME, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=NAME)


def holds_all() -> bool:
    """Whether standard output has every character; JSON is escaped where it has not, and stays the same JSON."""
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
