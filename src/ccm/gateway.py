"""What the bank's SMS gateway takes, as ccm.toml's [sms] says it: signature, reply number, and the batch's file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ENCODINGS, EXTENSIONS = ("utf-8-sig", "gb18030", "gbk"), ("csv", "xlsx")
COLUMNS = ("手机号", "内容", "编号", "姓名", "借据号", "情形", "条数", "机构", "客户经理")
"""What a column of the file may hold."""
NEEDED = {"手机号", "内容"}


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """How messages are signed, where to reply, and the file of a batch.

    `columns` maps the file's headers, in their order, to what stands below (`COLUMNS`).
    """

    sign: str = ""
    reply: str = ""
    encoding: str = "utf-8-sig"
    extension: str = "csv"
    columns: Mapping[str, str] = field(
        default_factory=lambda: {"手机号码": "手机号", "短信内容": "内容", "编号": "编号"}
    )


def wrong(settings: Mapping[str, Any]) -> str:
    """Say what of a file's [sms] no gateway could take, empty where nothing is: before anybody is messaged."""
    for key, allowed in (("encoding", ENCODINGS), ("extension", EXTENSIONS)):
        if key in settings and settings[key] not in allowed:
            return f"{key} 不能是“{settings[key]}”，可用：{'、'.join(allowed)}"
    columns = settings.get("columns")
    if columns is None:
        return ""
    if unknown := [what for what in columns.values() if what not in COLUMNS]:
        return f"columns 里不认识“{unknown[0]}”，可用：{'、'.join(COLUMNS)}"
    return "" if set(columns.values()) >= NEEDED else "columns 至少要有手机号和内容两列"
