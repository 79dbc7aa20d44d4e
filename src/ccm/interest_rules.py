"""How interest, penalty interest and compound interest are counted: the policy's [interest] tables (law.md §6).

What a policy file does not say, the built-in one says. What a ledger says of a loan goes before both.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccm.rulefile import Refuse

Part = Literal["costs", "interest", "penalty", "compound", "principal"]
"""What a payment may be set against."""
PART_TITLES: dict[Part, str] = {
    "costs": "实现债权的费用",
    "interest": "利息",
    "penalty": "罚息",
    "compound": "复利",
    "principal": "本金",
}
PERIODS = {"月": 1, "季": 3, "半年": 6, "年": 12, "利随本清": 0}
"""How often interest is settled, in months; 0 where it is paid with the principal."""
BASES = (360, 365)

TITLES = {
    "days": "一年的天数",
    "settlement": "结息",
    "penalty": "罚息上浮",
    "compound": "复利的基数",
    "payments": "还款抵充的顺序",
    "ceiling": "利息总额的警戒线",
}
KEYS: dict[str, tuple[str, ...]] = {
    "days": ("basis", "of_product"),
    "settlement": ("period", "day"),
    "penalty": ("uplift", "band", "misuse_uplift", "misuse_band"),
    "compound": ("of",),
    "payments": ("order",),
    "ceiling": ("per_year",),
}

Band = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class InterestRules:
    """The rules of one policy; uplifts, bands and the ceiling are parts of one (0.50 is half as much again).

    `basis` are the days of a year, `basis_of` those of products whose name holds a word.
    Interest is settled every `settle_months` on `settle_day`. `compounds` says on which unpaid parts compound
    interest runs, `order` what a payment is set against, first to last.
    `sources` gives each table's source by its name.
    """

    basis: int
    basis_of: Mapping[str, int]
    settle_months: int
    settle_day: int
    uplift: Decimal
    band: Band
    misuse_uplift: Decimal
    misuse_band: Band
    compounds: frozenset[Part]
    order: tuple[Part, ...]
    ceiling: Decimal
    sources: Mapping[str, str]

    def lines(self) -> dict[str, str]:
        """Return each rule in words, by its table."""
        period = next(name for name, months in PERIODS.items() if months == self.settle_months)
        others = "".join(f"；{word}{basis}天" for word, basis in self.basis_of.items())
        compounds = "、".join(PART_TITLES[part] for part in self.order if part in self.compounds)
        bands = [f"{low:.0%}–{high:.0%}" for low, high in (self.band, self.misuse_band)]
        return {
            "days": f"{self.basis}天{others}；台账写明的从台账",
            "settlement": period if not self.settle_months else f"按{period}，{self.settle_day}日；台账写明的从台账",
            "penalty": f"台账没写的，逾期上浮{self.uplift:.0%}，挪用上浮{self.misuse_uplift:.0%}；"
            f"超出{bands[0]}、{bands[1]}的提醒",
            "compound": f"到期未付的{compounds}" if compounds else "不计复利",
            "payments": "、".join(PART_TITLES[part] for part in self.order),
            "ceiling": f"每年{self.ceiling:.0%}",
        }

    def basis_for(self, product_name: str | None) -> int:
        """Return the days of a year for a product."""
        return next((basis for word, basis in self.basis_of.items() if word in (product_name or "")), self.basis)


def read(full: Mapping[str, Mapping[str, Any]], refuse: Refuse) -> InterestRules:
    """Return the rules that a policy's [interest.…] tables give; a value that makes no sense is refused.

    `full` holds every table with every key.
    """

    def share(table: str, key: str, value: object) -> Decimal:
        return _share(value) or refuse(
            table, key, f'{key} 应是大于0、不超过5、加引号的小数，例如 "0.50"，现在是“{value}”'
        )

    def band(key: str) -> Band:
        value = full["penalty"][key]
        if not isinstance(value, list) or len(value) != 2:
            refuse("penalty", key, f'{key} 应是两个数，例如 ["0.30", "0.50"]')
        low, high = (share("penalty", key, one) for one in value)
        if low > high:
            refuse("penalty", key, f"{key} 应先小后大")
        return low, high

    day = full["settlement"]["day"]
    if type(day) is not int or not 1 <= day <= 28:
        refuse("settlement", "day", f"day 应是1到28之间的整数，现在是“{day}”")
    if full["settlement"]["period"] not in list(PERIODS):
        refuse("settlement", "period", f"period 可用：{'、'.join(PERIODS)}")
    return InterestRules(
        *_bases(full["days"], refuse),
        settle_months=PERIODS[full["settlement"]["period"]],
        settle_day=day,
        uplift=share("penalty", "uplift", full["penalty"]["uplift"]),
        band=band("band"),
        misuse_uplift=share("penalty", "misuse_uplift", full["penalty"]["misuse_uplift"]),
        misuse_band=band("misuse_band"),
        compounds=frozenset(_parts(full["compound"]["of"], "compound", "of", refuse)),
        order=_parts(full["payments"]["order"], "payments", "order", refuse),
        ceiling=share("ceiling", "per_year", full["ceiling"]["per_year"]),
        sources={table: str(values["source"]) for table, values in full.items()},
    )


def _share(value: object) -> Decimal | None:
    try:
        share = Decimal(value) if isinstance(value, str) else Decimal(0)
    except InvalidOperation:
        return None
    return share if share.is_finite() and 0 < share <= 5 else None


def _bases(days: Mapping[str, Any], refuse: Refuse) -> tuple[int, dict[str, int]]:
    words = days["of_product"]
    if not isinstance(words, dict):
        refuse("days", "of_product", 'of_product 应写成 { "产品字样" = 365 }')
    for key, value in (("basis", days["basis"]), *(("of_product", one) for one in words.values())):
        if value not in BASES or type(value) is not int:
            refuse("days", key, f"{key} 只能是 360 或 365，现在是“{value}”")
    return days["basis"], words


def _parts(value: object, table: str, key: str, refuse: Refuse) -> tuple[Part, ...]:
    """Return the parts a list names: for a payment all of them, for compound interest unpaid interest at least."""
    known = get_args(Part) if key == "order" else ("interest", "penalty")
    if not isinstance(value, list) or any(value.count(one) > 1 or one not in known for one in value):
        refuse(table, key, f"{key} 只能列出 {'、'.join(known)}，各一次")
    if key == "order" and len(value) != len(known):
        refuse(table, key, f"{key} 要把 {'、'.join(known)} 都排上")
    return tuple(value)
