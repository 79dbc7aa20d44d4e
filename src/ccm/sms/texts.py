"""The texts of messages: a bank edits them in `templates/sms.toml`, ccm fills their fields and counts what is billed.

A text holds fields like `{姓名}` and nothing else that is replaced: no expression, no attribute, no format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, NoReturn, get_args

from ccm import tomlfile
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Kind = Literal["due_soon", "due_today", "overdue", "broken_promise"]
Reader = Literal["debtor", "guarantor"]

KIND_TITLES: dict[Kind, str] = {
    "broken_promise": "承诺未履行",
    "overdue": "逾期",
    "due_today": "今天到期",
    "due_soon": "即将到期",
}
"""The occasions, the gravest first."""

EVERY = ("行名", "机构", "联系人", "回电", "姓名", "借款", "截止日期")
FIELDS: dict[str, tuple[str, str]] = {
    "行名": ("短信签名：ccm.toml 里 [sms] sign，没有写就用行名的简称", "清水农村商业银行"),
    "机构": ("支行名称", "城关支行"),
    "联系人": ("客户经理及姓名；台账没有姓名时只写“客户经理”", "客户经理姜晓琳"),
    "回电": ("ccm.toml 里 [sms] reply，没有写就用 [bank] phone", "0000-5550123"),
    "姓名": ("收短信的人的姓名或名称", "张三"),
    "借款": ("哪一笔：借据号末四位；同一人有几笔时写笔数", "贷款（尾号0008）"),
    "截止日期": ("金额所截止的日期，即台账的日期", "11月20日"),
    "借款人": ("借款人姓名或名称；只在给担保人的短信里", "张三"),
    "到期日": ("到期的日子；只在到期前的短信里", "11月26日"),
    "剩余天数": ("还有几天到期；只在到期前的短信里", "3"),
    "余额": ("贷款余额；只在到期前的短信里", "50,000.00"),
    "本息": ("逾期（到期）本金和利息合计", "51,234.50"),
    "逾期天数": ("几笔里最长的逾期天数", "12"),
    "承诺日": ("答应还款的日子；只在承诺未履行的短信里", "11月20日"),
    "承诺金额": ("答应还的金额；只在承诺未履行的短信里", "5,000.00"),
}
"""Field → meaning and example; `templates/README.md` is made of it."""

OF_KIND: dict[Kind, tuple[str, ...]] = {
    "due_soon": (*EVERY, "到期日", "剩余天数", "余额"),
    "due_today": (*EVERY, "本息"),
    "overdue": (*EVERY, "本息", "逾期天数"),
    "broken_promise": (*EVERY, "本息", "逾期天数", "承诺日", "承诺金额"),
}
GUARANTOR_KINDS: tuple[Kind, ...] = ("overdue", "broken_promise")
"""A guarantor owes nothing before the debtor is in arrears."""

NEEDED: dict[Reader, dict[str, str]] = {
    "debtor": {"{行名}": "报明身份", "{回电}": "写明有异议找谁"},
    "guarantor": {"{行名}": "报明身份", "{回电}": "写明有异议找谁", "承担保证责任": "请求承担保证责任，不能只是提醒"},
}
"""What every text must say, and why (law.md §5.2; for guarantors "What follows" 5)."""

FIELD = re.compile(r"\{(\w+)\}")
ONE_PART, PER_PART = 70, 67
"""A message of up to 70 units is one part; a longer one is cut into parts of 67, the rest numbers them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts in use, by occasion and reader, and the name of their file."""

    path: str
    by_kind: Mapping[tuple[Kind, Reader], str]

    def of(self, kind: Kind, role: str) -> str | None:
        """Return the text for a role, None where nobody of that role gets one."""
        return self.by_kind.get((kind, "guarantor" if role == "guarantor" else "debtor"))


def load(path: Path) -> Texts:
    """Read the texts of a file.

    Raises:
        CcmError: `sms-text-wrong` with the reason; nothing is sent with half a file.
    """
    try:
        data = tomlfile.parsed(tomlfile.text_of(path))
    except (ValueError, OSError) as error:
        _refuse(path, f"文件读不懂（{error}）")
    found: dict[tuple[Kind, Reader], str] = {}
    _known(path, data, get_args(Kind), "情形")
    for kind in get_args(Kind):
        rows = data.get(kind)
        if not isinstance(rows, dict) or "debtor" not in rows:
            _refuse(path, f"缺少 [{kind}] 的 debtor（{KIND_TITLES[kind]}）")
        readers: tuple[Reader, ...] = get_args(Reader) if kind in GUARANTOR_KINDS else ("debtor",)
        _known(path, rows, readers, f"[{kind}] 里的收信人")
        found.update({(kind, reader): _text(path, rows[reader], kind, reader) for reader in readers if reader in rows})
    return Texts(path.name, found)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled in.

    Raises:
        KeyError: A field has no value; its name is the argument.
    """
    return FIELD.sub(lambda field: values[str(field[1])], text)


def units(text: str) -> int:
    """Return how long a text is for a gateway: UTF-16 units, so a rare character beyond 65535 counts twice."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def parts(text: str) -> int:
    """Return how many messages are billed for a text."""
    length = units(text)
    return 1 if length <= ONE_PART else -(-length // PER_PART)


def _text(path: Path, text: object, kind: Kind, reader: Reader) -> str:
    """Check one text; line breaks that only lay out the file are taken out of it."""
    place = f"[{kind}] {reader}"
    if not isinstance(text, str) or not text.strip():
        _refuse(path, f"{place} 应是一段文字")
    text = re.sub(r"\s*\n\s*", "", text.strip())
    fields = (*OF_KIND[kind], *(("借款人",) if reader == "guarantor" else ()))
    for name in FIELD.findall(text):
        if name not in fields:
            near = get_close_matches(name, fields, 1, cutoff=0.3)
            hint = f"是不是想写 {near[0]}？" if near else f"可用：{'、'.join(fields)}"
            _refuse(path, f"{place} 里没有“{name}”这个字段，{hint}")
    if re.search(r"[{}]", FIELD.sub("", text)):
        _refuse(path, f"{place} 里的花括号不成对，或字段里有多余的字")
    for needed, why in NEEDED[reader].items():
        if needed not in text:
            _refuse(path, f"{place} 里缺少“{needed}”：{why}")
    return text


def _known(path: Path, rows: Mapping[str, Any], allowed: tuple[str, ...], what: str) -> None:
    for key, near in tomlfile.unlike(rows, allowed):
        _refuse(path, f"不认识的{what}“{key}”，" + (near or f"可用：{'、'.join(allowed)}"))


def _refuse(path: Path, reason: str) -> NoReturn:
    raise CcmError("sms-text-wrong", where=str(path), reason=reason)
