"""A file of rules as TOML: its tables read row by row, and refused with the line and the reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from ccm import tomlfile
from ccm.errors import CcmError
from ccm.statutes import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Kind = type | tuple[type, ...]
TYPE_TITLES = {
    int: "整数",
    str: "文字",
    bool: "true或false",
    list: "列表",
    dict: "{…}条件",
    float: "数字",
    date: "日期（如 2021-01-01）",
}
RULE = re.compile(r"[TWCMPLV]\d+|law §[\d.]+")

Refuse = Callable[[str, str, str], NoReturn]
"""How a value is refused by whoever knows of no file: by table, key and reason."""


@dataclass(frozen=True, slots=True)
class Table:
    """The keys that a table must have, and those it may have, with their types."""

    must: Mapping[str, Kind]
    may: Mapping[str, Kind]

    def keys(self) -> dict[str, Kind]:
        """Return all of them."""
        return {**self.must, **self.may}


def text_of(path: Path, *, missing: str, wrong: str) -> str:
    """Return the text of a file of rules.

    Raises:
        CcmError: `missing` where it cannot be read, `wrong` where it is no text or too long.
    """
    try:
        return tomlfile.text_of(path)
    except UnicodeDecodeError as error:
        raise CcmError(wrong, where=str(path), reason="文件不是文字，或编码认不出") from error
    except tomlfile.TomlError as error:
        raise CcmError(wrong, where=str(path), reason=str(error)) from error
    except OSError as error:
        raise CcmError(missing, file=str(path)) from error


class RuleFile:
    """One file, as text and parsed; `path` is what messages call it, `code` the stop it is refused with."""

    def __init__(self, text: str, path: str, code: str, data: dict[str, Any]) -> None:
        self.text, self.path, self.code, self.data = text, path, code, data
        self.lines = text.splitlines()

    def only(self, tables: Iterable[str]) -> None:
        """Refuse what may not stand at the top of the file; a heading stands anywhere, a key without one before it."""
        for name, value in self.data.items():
            self.known(name if isinstance(value, list | dict) else "", 0, [name], tables)

    def table(self, table: str, keys: Table) -> dict[str, Any]:
        """Return `[table]`, with known keys of any type; an empty one where the file has none.

        Raises:
            CcmError: It is no table, a key is unknown, or the rule is no number of the handbook or the law.
        """
        row = self.data.get(table, {})
        if not isinstance(row, dict):
            self.refuse("", 0, table, f"{table} 写成 [{table}] 一节")
        self.known(table, 0, row, keys.keys())
        self.ruled(table, 0, row)
        return _sourced(row)

    def rows(self, table: str, keys: Table, *, required: bool = True) -> list[dict[str, Any]]:
        """Return the rows of `[[table]]`, each with known keys of the right type.

        Raises:
            CcmError: The table is missing, or a key is missing, unknown or of another type.
        """
        rows = self.data.get(table, [])
        if not isinstance(rows, list) or (required and not rows):
            self.refuse(table, 0, "", f"缺少 [[{table}]]，至少要有一节")
        for at, row in enumerate(rows):
            if not isinstance(row, dict):
                self.refuse("", 0, table, f"{table} 写成 [[{table}]] 这样的几节")
            self._row(table, at, row, keys)
        return [_sourced(row) for row in rows]

    def _row(self, table: str, at: int, row: dict[str, Any], keys: Table) -> None:
        kinds = keys.keys()
        self.known(table, at, row, kinds)
        for key in keys.must:
            if key not in row:
                self.refuse(table, at, "", f"[[{table}]] 缺少 {key}")
        for key, value in row.items():
            kind = kinds[key]
            allowed = kind if isinstance(kind, tuple) else (kind,)
            if type(value) not in allowed:  # true is an int to Python, but not to a reader
                titles = "或".join(TYPE_TITLES[one] for one in allowed)
                self.refuse(table, at, key, f"{key} 应是{titles}，现在是“{value}”")
        self.ruled(table, at, row)

    def ruled(self, table: str, at: int, row: Mapping[str, Any]) -> None:
        """Refuse a `rule` that is no number of the handbook or the law."""
        if "rule" in row and not RULE.fullmatch(str(row["rule"])):
            self.refuse(table, at, "rule", f"rule 应是手册条款编号（如 C4、L2）或 law §4，现在是“{row['rule']}”")

    def known(self, table: str, at: int, names: Iterable[str], allowed: Iterable[str]) -> None:
        """Refuse a name that is not allowed, with the nearest that is."""
        for name, near in tomlfile.unlike(names, allowed):
            self.refuse(table, at, name, f"不认识“{name}”" + (f"，{near}" if near else ""))

    def one_of(self, table: str, at: int, key: str, value: object, allowed: Iterable[str]) -> None:
        """Refuse a value that is not one of `allowed`."""
        names = tuple(allowed)
        if value not in names:
            self.refuse(table, at, key, f"{key} 不能是“{value}”，可用：{'、'.join(names)}")

    def refuse(self, table: str, at: int, key: str, reason: str) -> NoReturn:
        """Stop with the line of `key` in the `at`-th row of `table`."""
        raise CcmError(self.code, where=f"{self.path} 第{self.line(table, at, key)}行", reason=reason)

    def line(self, table: str, at: int, key: str) -> int:
        """Return the line of `key` in the `at`-th row of `table`, else where the row starts, else 1.

        The table "" is what stands before the first heading.
        """
        head = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]")
        heads = [number for number, line in enumerate(self.lines) if head.match(line)] if table else [0]
        if at >= len(heads):
            return 1
        place = re.compile(rf"\s*{re.escape(key)}\s*=|.*[{{,]\s*{re.escape(key)}\s*=")
        start = heads[at]
        for number in range(start, len(self.lines)):
            line = self.lines[number]
            if number > start and line.lstrip().startswith("["):
                break
            if key and place.match(line):
                return number + 1
        return start + 1


def _sourced(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose source names the statutes: it is there to be read."""
    source = row.get("source")
    return {**row, "source": named(source)} if isinstance(source, str) else row
