"""Write docs/policy.md: each table and key of a policy file, with type, bounds, default, what it does and source."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from ccm import contact_rules, interest_rules
from ccm.model import CHANNEL_TITLES, HOLD_TITLES, LETTER_TITLES, PRODUCT_TITLES, ROLE_TITLES
from ccm.policy import DeferralRule, Factor, LetterRule, LevelRule, PostRule, RetentionRule, SignRule, load
from ccm.policy.keys import ONCE, ROWS, WHEN
from ccm.policy.priorities import PAST
from ccm.rulefile import TYPE_TITLES
from ccm.statutes import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccm.rulefile import Table

ROOT = Path(__file__).parents[1]
SAYS: dict[str, dict[str, str]] = tomllib.loads((ROOT / "scripts" / "policy_keys.toml").read_text("utf-8"))
BUILT_IN = tomllib.loads((ROOT / "src" / "ccm" / "data" / "policy.toml").read_text("utf-8"))
GROUPS = {"contact": contact_rules, "interest": interest_rules}
RECORDS = {
    "letters": LetterRule,
    "post": PostRule,
    "deferral": DeferralRule,
    "retention": RetentionRule,
    "signal_level": LevelRule,
    "sign": SignRule,
}
"""Where the default of a key that may be left out is the record's own."""
OTHERWISE = {
    ("outlook", "upcoming_days"): "7",
    ("priority", "past"): PAST,
    ("sign", "min_balance"): '"0.00"',
    ("sign", "from_class"): "—",
    ("duty", "on_request"): "false",
}
"""Defaults that no record has."""
CHOICES: dict[tuple[str, str], Mapping[Any, str]] = {
    ("letters", "per"): {"loan": "一笔一封", "debtor": "一人一封"},
    ("duty", "product"): PRODUCT_TITLES,
    ("duty", "channel"): CHANNEL_TITLES,
    ("duty", "letter"): LETTER_TITLES,
    ("duty", "to"): ROLE_TITLES,
    ("duty.when", "party_kind"): {"person": "个人", "company": "企业"},
    ("duty.when", "secured_by"): {"guarantor": "有担保人", "none": "没有"},
    ("hold", "reason"): HOLD_TITLES,
    ("sign", "sign"): {one.sign: one.title for one in load().signs},
    ("contact.third_party", "when"): contact_rules.REACH_TITLES,
    ("interest.settlement", "period"): dict.fromkeys(interest_rules.PERIODS, ""),
    ("interest.payments", "order"): interest_rules.PART_TITLES,
}


def policy_page() -> str:
    """Return the page; a key without its sentence is a KeyError."""
    once = [_section(f"[{name}]", name, _plain(name, table)) for name, table in ONCE.items()]
    rows = [_section(f"[[{name}]]", name, _plain(name, table)) for name, table in ROWS.items()]
    groups = [
        _section(f"[{group}.{table}]", f"{group}.{table}", _grouped(group, table))
        for group, module in GROUPS.items()
        for table in module.KEYS
    ]
    factors = "".join(f"| `{one}` | {SAYS['factor'][one]} |\n" for one in get_args(Factor))
    return f"""# 政策文件逐项说明

由读政策文件的代码和 `scripts/policy_keys.toml` 生成。
政策文件是 `policy.toml`，`ccm init` 把内置的一份复制到工作目录；用记事本一类的纯文本编辑器改，改完用 `ccm policy check` 检查，用 `ccm policy diff` 看谁会受影响。

`[[…]]` 可以写多节，排在一起；`[…]` 只写一节。
“必写”的键缺了，整个文件不收；“可不写”的键和没有写的 `[…]` 节，按“默认”一栏。
`[[stage]]`、`[[duty]]`、`[[risk_class]]` 至少各写一节。
不认识的键不收，并指出行号：写错一个字母的规则不会悄悄失效。
各节的 `rule` 写{SAYS["common"]["rule"]}；`source` 写{SAYS["common"]["source"]}。
最上面可以写 `name = "…"`：{SAYS["top"]["name"]}；不写即文件的路径。

## 可以写多节的

{"".join(rows)}### factor 的各种

| 写法 | 看什么 |
|---|---|
{factors}
{_section("when = { … }", "duty.when", _plain("duty.when", WHEN))}## 只写一节的

{"".join(once)}## 联系的限度和利息

没有写的一节，用内置的；写了一节，要写明 `source`：内置的出处说的不是本行的数。

{"".join(groups)}"""


def _section(heading: str, name: str, rows: str) -> str:
    return f"""### {heading}

{SAYS[name][""]}
{_sources(name)}
| 键 | 类型 | 必写 | 默认 | 作用 |
|---|---|---|---|---|
{rows}
"""


def _sources(name: str) -> str:
    """Return under which rules the built-in file has a table, and its source where it stands once."""
    found: Any = BUILT_IN
    for part in name.split("."):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    rows = found if isinstance(found, list) else [found]
    rules = "、".join(dict.fromkeys(str(row["rule"]) for row in rows if "rule" in row))
    source = f"，{rows[0]['source']}" if len(rows) == 1 and "source" in rows[0] else ""
    return named(f"内置的依据：{rules}{source}。\n") if rules else ""


def _plain(name: str, table: Table) -> str:
    keys = table.keys()
    return "".join(
        _row(name, key, _type(name, key, kind), must=key in table.must, default=_default(name, key, table))
        for key, kind in keys.items()
        if key not in SAYS["common"]
    ) + _sourced({key: key in table.must for key in SAYS["common"] if key in keys})


def _grouped(group: str, table: str) -> str:
    values, name = BUILT_IN[group][table], f"{group}.{table}"
    return "".join(
        _row(name, key, _type(name, key, type(values[key])), must=False, default=f"`{_toml(values[key])}`")
        for key in GROUPS[group].KEYS[table]
    ) + _sourced({"rule": False, "source": True})


def _sourced(must: Mapping[str, bool]) -> str:
    """Return what every table says in the same way, in one line below its keys."""
    return (
        "\n另有 " + "、".join(f"`{key}`（{_needed(must=one)}）" for key, one in must.items()) + "。\n" if must else ""
    )


def _needed(*, must: bool) -> str:
    return "必写" if must else "可不写"


def _row(name: str, key: str, kind: str, *, must: bool, default: str) -> str:
    says = SAYS[name][key]
    choices = CHOICES.get((name, key))
    if choices:
        says += "：" + "、".join(f"`{one}` {title}".strip() for one, title in choices.items())
    return f"| `{key}` | {kind} | {_needed(must=must)} | {default} | {says} |\n"


def _type(name: str, key: str, kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    title = "或".join("{…}" if one is dict else TYPE_TITLES[one] for one in kinds if one is not int or len(kinds) == 1)
    group, _, table = name.partition(".")
    low, high = contact_rules.NUMBERS.get((table, key), (None, None)) if group == "contact" else (None, None)
    return title if low is None else f"{title}（{low}–{high}）"


def _default(name: str, key: str, table: Table) -> str:
    if key in table.must:
        return "—"
    if (name, key) in OTHERWISE:
        return OTHERWISE[name, key]
    own = next((one.default for one in fields(RECORDS[name]) if one.name == key), MISSING) if name in RECORDS else None
    return "—" if own is None or own is MISSING else f"`{_toml(own)}`"


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
    return str(value)
