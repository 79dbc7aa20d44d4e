"""The [contact.…] and [interest.…] tables: what the file does not say of them, the built-in one says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ccm.policy.file import built_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccm.rulefile import Refuse, RuleFile

NEEDED = {"contact": "这个限度的出处", "interest": "这个数的出处"}


def completed(
    file: RuleFile, group: str, keys: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, dict[str, Any]], Refuse]:
    """Return all tables of a group with all their keys, and how a value of them is refused.

    A table is refused without its source: the built-in source says nothing of another number.
    """
    tables = _given(file, group, keys)

    def refuse(table: str, key: str, reason: str) -> NoReturn:
        file.refuse(f"{group}.{table}", 0, key, reason)

    for table, row in tables.items():
        if not str(row.get("source", "")).strip():
            refuse(table, "source", f"要写 source：{NEEDED[group]}")
    return {table: {**row, **tables.get(table, {})} for table, row in built_in().data[group].items()}, refuse


def _given(file: RuleFile, group: str, keys: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = file.data.get(group, {})
    if not isinstance(tables, dict):
        file.refuse(group, 0, "", f"{group} 写成 [{group}.{next(iter(keys))}] 这样的几节")
    for table, row in tables.items():
        place = f"{group}.{table}"
        file.known(place, 0, [table], keys)
        if not isinstance(row, dict):
            file.refuse(group, 0, table, f"{table} 写成 [{place}] 一节")
        file.known(place, 0, row, (*keys[table], "rule", "source"))
        file.ruled(place, 0, row)
    return tables
