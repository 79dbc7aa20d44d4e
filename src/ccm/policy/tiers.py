"""The tables that divide the days past due: stages of collection, and the five classes with their cross default."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from ccm.policy.file import built_in
from ccm.policy.keys import ONCE, ROWS
from ccm.policy.rules import CrossDefault, RiskClass, Stage

if TYPE_CHECKING:
    from ccm.rulefile import RuleFile


def stages(file: RuleFile) -> tuple[Stage, ...]:
    """Return the stages, from day 0 upwards."""
    found = tuple(Stage(**row) for row in file.rows("stage", ROWS["stage"]))
    _rising(file, "stage", "from_days", [stage.from_days for stage in found])
    return found


def classes(file: RuleFile) -> tuple[RiskClass, ...]:
    """Return the classes, the best first."""
    found = tuple(RiskClass(**row) for row in file.rows("risk_class", ROWS["risk_class"]))
    for key in ("loan_from_days", "card_from_days"):
        _rising(file, "risk_class", key, [getattr(one, key) for one in found])
    return found


def cross_default(file: RuleFile) -> CrossDefault:
    """Return how bad loans lower the class of others; a file from before this rule has the built-in one."""
    labels = [one["label"] for one in file.rows("risk_class", ROWS["risk_class"])]
    if "cross_default" not in file.data:
        rule = cross_default(built_in())
        if {rule.bad_from, rule.above_class, rule.any_class} <= set(labels):
            return rule
        # Tiers of other names: the built-in rule cannot speak of them.
        return replace(rule, bad_from=labels[-1], above_percent=100, above_class=labels[0], any_class=labels[0])
    row, needed = file.table("cross_default", ONCE["cross_default"]), ONCE["cross_default"].must
    if not row.keys() >= needed.keys():
        file.refuse("cross_default", 0, "", f"[cross_default] 一节要写全 {'、'.join(needed)}")
    for key in ("bad_from", "above_class", "any_class"):
        file.one_of("cross_default", 0, key, row[key], labels)
    percent = row["above_percent"]
    if type(percent) is not int or not 0 <= percent <= 100:
        file.refuse("cross_default", 0, "above_percent", "above_percent 应是0到100之间的整数")
    return CrossDefault(**row)


def _rising(file: RuleFile, table: str, key: str, bounds: list[int]) -> None:
    if bounds[0] != 0:
        file.refuse(table, 0, key, f"第一节的 {key} 必须是0，否则最初几天没有归属")
    for at, (low, high) in enumerate(itertools.pairwise(bounds), start=1):
        if high <= low:
            file.refuse(table, at, key, f"{key} 必须逐节变大：{low} 之后不能是 {high}")
