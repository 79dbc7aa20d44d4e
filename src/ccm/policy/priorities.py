"""The reasons to be early on the worklist, as a policy file weighs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, get_args

from ccm import tomlfile
from ccm.policy.amounts import amount
from ccm.policy.keys import ROWS
from ccm.policy.rules import Factor, Priority

if TYPE_CHECKING:
    from ccm.rulefile import RuleFile

PAST = "权利届满已过{value}天"
"""What is said of a day gone by where a policy file, written before it could, does not say it."""
MOST = 10**15
"""No number of a policy is as large; an amount in cents included."""


def priorities(file: RuleFile) -> tuple[Priority, ...]:
    """Return the reasons in the file's order; a file may have none."""
    rows = file.rows("priority", ROWS["priority"], required=False)
    return tuple(_priority(file, row, at) for at, row in enumerate(rows))


def _priority(file: RuleFile, row: dict[str, Any], at: int) -> Priority:
    file.one_of("priority", at, "factor", row["factor"], get_args(Factor))
    money = row["factor"] == "amount"
    full_at = amount(file, row["full_at"], "priority", at, "full_at") if money else row["full_at"]
    if isinstance(full_at, str):
        file.refuse("priority", at, "full_at", "full_at 应是数字")
    if not full_at or not 0 < full_at < MOST:
        file.refuse("priority", at, "full_at", "full_at 应大于0，而且小得合常理")
    if not abs(row["weight"]) < MOST:
        file.refuse("priority", at, "weight", "weight 要小得合常理")
    words = {"reason": row["reason"], "past": row.get("past", PAST)}
    for key, text in words.items():
        if not tomlfile.has_only(text, ("value", "stage")):
            file.refuse("priority", at, key, f"{key} 里只能用 {{value}} 和 {{stage}}")
    return Priority(row["factor"], float(row["weight"]), float(cast("float", full_at)), row["rule"], *words.values())
