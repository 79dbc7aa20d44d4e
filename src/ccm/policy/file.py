"""The policy file itself: its text found and parsed, a bank's own or the one that comes with ccm."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ccm import tomlfile
from ccm.errors import CcmError
from ccm.rulefile import RuleFile, text_of

if TYPE_CHECKING:
    from pathlib import Path


@cache
def built_in() -> RuleFile:
    """Return the file that comes with ccm; what a bank's file does not say, this one says."""
    return opened(files("ccm").joinpath("data/policy.toml").read_text(encoding="utf-8"), "内置政策 policy.toml")


def own(path: Path) -> RuleFile:
    """Return a bank's own file.

    Raises:
        CcmError: `policy-missing`, or `policy-syntax` where it is no text or no TOML.
    """
    return opened(text_of(path, missing="policy-missing", wrong="policy-syntax"), str(path))


def opened(text: str, path: str) -> RuleFile:
    """Return a text as a file of rules; `path` is named in messages.

    Raises:
        CcmError: `policy-syntax` where it is no TOML.
    """
    try:
        data = tomlfile.parsed(text)
    except tomlfile.TomlError as error:
        raise CcmError("policy-syntax", where=path, reason=_syntax_reason(str(error))) from error
    return RuleFile(text, path, "policy-wrong", data)


def _syntax_reason(message: str) -> str:
    place = re.search(r"line (\d+), column (\d+)", message)
    return f"第{place[1]}行第{place[2]}列附近的写法不对（{message}）" if place else message
