"""The header names of the sheets that come back from the post office: what each column holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm import cells
from ccm.post.words import post_data

if TYPE_CHECKING:
    from collections.abc import Sequence


def titles() -> dict[str, str]:
    """Return the Chinese title of every field, for messages: `waybill_no` → 邮件号."""
    return {field: row["title"] for field, row in post_data()["column"].items()}


def columns_of(headers: Sequence[cells.Cell]) -> dict[str, int]:
    """Return which column holds what: field → index from 0.

    Fields are those of post.toml's [column]: letter_no, waybill_no, contents, recipient, status, on ….
    Where several headers mean one field, the name that post.toml lists first wins (邮件状态 before 状态).
    A field without a column is left out.
    """
    return cells.columns_of(headers, {field: row["names"] for field, row in post_data()["column"].items()})
