"""A file of rules as TOML: its tables read row by row, and refused with the line and the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from ccm import tomlfile
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TYPE_TITLES = {int: "整数", str: "文字", bool: "true或false", list: "列表", date: "日期（如 2021-01-01）"}


@dataclass(frozen=True, slots=True)
class Table:
    """The keys that each row of a table must have, and those it may have, with their types."""

    must: Mapping[str, type]
    may: Mapping[str, type]


class RuleFile:
    """The parsed text of one file; `path` is what messages call it, `code` the stop it is refused with."""

    def __init__(self, text: str, path: str, code: str) -> None:
        self.path, self.code = path, code
        self.lines = text.splitlines()
        try:
            self.data: dict[str, Any] = tomlfile.parsed(text)
        except tomlfile.TomlError as error:
            raise CcmError(code, where=path, reason=f"写法不对（{error}）") from error

    def rows(self, table: str, keys: Table) -> list[dict[str, Any]]:
        """Return the rows of `[[table]]`, each with known keys of the right type.

        Raises:
            CcmError: The table is missing, or a key is missing, unknown or of another type.
        """
        rows = self.data.get(table)
        if not isinstance(rows, list) or not rows:
            self.refuse(table, 0, "", f"缺少 [[{table}]]，至少要有一节")
        for at, row in enumerate(rows):
            if not isinstance(row, dict):
                self.refuse("", 0, table, f"{table} 写成 [[{table}]] 这样的几节")
            self.known(table, at, row, (*keys.must, *keys.may))
            for key in keys.must:
                if key not in row:
                    self.refuse(table, at, "", f"[[{table}]] 缺少 {key}")
            for key, value in row.items():
                kind = keys.must.get(key) or keys.may[key]
                if type(value) is not kind:  # true is an int to Python, but not to a reader
                    self.refuse(table, at, key, f"{key} 应是{TYPE_TITLES[kind]}，现在是“{value}”")
        return rows

    def known(self, table: str, at: int, names: Iterable[str], allowed: Iterable[str]) -> None:
        """Refuse a name that is not allowed, with the nearest that is."""
        allowed = tuple(allowed)
        for name in names:
            if name not in allowed:
                near = get_close_matches(name, allowed, 1)
                self.refuse(table, at, name, f"不认识“{name}”" + (f"，是不是想写 {near[0]}？" if near else ""))

    def one_of(self, table: str, at: int, key: str, value: object, allowed: Iterable[str]) -> None:
        """Refuse a value that is not one of `allowed`."""
        names = tuple(allowed)
        if value not in names:
            self.refuse(table, at, key, f"{key} 不能是“{value}”，可用：{'、'.join(names)}")

    def refuse(self, table: str, at: int, key: str, reason: str) -> NoReturn:
        """Stop with the line of `key` in the `at`-th row of `table`."""
        raise CcmError(self.code, where=f"{self.path} 第{self.line(table, at, key)}行", reason=reason)

    def line(self, table: str, at: int, key: str) -> int:
        """Return the line of `key` in the `at`-th row of `table`, else the line where the row starts, else 1."""
        head = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]") if table else None
        heads = [number for number, line in enumerate(self.lines) if head and head.match(line)]
        if at >= len(heads):
            found = (number for number, line in enumerate(self.lines, 1) if re.match(rf"\s*\[*\s*{key}\b", line))
            return next(found, 1) if key else 1
        start = heads[at]
        for number in range(start + 1, len(self.lines)):
            if self.lines[number].lstrip().startswith("["):
                break
            if key and re.match(rf"\s*{re.escape(key)}\s*=", self.lines[number]):
                return number + 1
        return start + 1
