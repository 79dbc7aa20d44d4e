"""The tables that set terms: outlook, letters, lookups after posting, holds, deferral of suits, retention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.model import HOLD_TITLES
from ccm.policy.keys import ONCE, ROWS
from ccm.policy.rules import DeferralRule, HoldRule, LetterRule, PostRule, RetentionRule

if TYPE_CHECKING:
    from ccm.rulefile import RuleFile


def upcoming_days(file: RuleFile) -> int:
    """Return for how many days ahead duties are listed."""
    return _numbers(file, "outlook", {"upcoming_days": 0}, "天").get("upcoming_days", 7)


def letters(file: RuleFile) -> LetterRule:
    """Return how letters are made."""
    row = file.table("letters", ONCE["letters"])
    rule = LetterRule(row.get("per", "loan"), row.get("reply_days", 7))
    file.one_of("letters", 0, "per", rule.per, ("loan", "debtor"))
    if type(rule.reply_days) is not int or not 1 <= rule.reply_days <= 90:
        file.refuse("letters", 0, "reply_days", "reply_days 应是1到90之间的整数（天）")
    return rule


def post(file: RuleFile) -> PostRule:
    """Return when the result of a posted letter is looked up."""
    row = file.table("post", ONCE["post"])
    days = row.get("lookup_days", list(PostRule().lookup_days))
    rising = isinstance(days, list) and all(type(day) is int for day in days) and days == sorted(set(days))
    if not rising or not days or days[0] < 1:
        file.refuse("post", 0, "lookup_days", "lookup_days 应是由小到大的天数，例如 [3, 7, 15]")
    return PostRule(tuple(days))


def holds(file: RuleFile) -> tuple[HoldRule, ...]:
    """Return the rules of holds, one for a reason at most; a file may have none."""
    rows = file.rows("hold", ROWS["hold"], required=False)
    return tuple(_hold(file, row, at) for at, row in enumerate(rows))


def _hold(file: RuleFile, row: dict[str, Any], at: int) -> HoldRule:
    file.one_of("hold", at, "reason", row["reason"], HOLD_TITLES)
    if any(one["reason"] == row["reason"] for one in file.data["hold"][:at]):
        file.refuse("hold", at, "reason", f"“{row['reason']}”写了两次，每种暂停只写一节")
    for key in ("days", "answer_days"):
        if key in row and row[key] < 1:
            file.refuse("hold", at, key, f"{key} 应是不小于1的整数（天）；没有期限就不写")
    return HoldRule(**row)


def deferral(file: RuleFile) -> DeferralRule:
    """Return how long a suit may be deferred."""
    least = {"max_days": 1, "decide_days": 1, "grace_days": 0}
    return DeferralRule(**_numbers(file, "deferral", least, "天"))


def retention(file: RuleFile) -> RetentionRule:
    """Return how long a settled case is kept."""
    least = dict.fromkeys(("months", "real_estate_months", "triage_months"), 1)
    rule = RetentionRule(**_numbers(file, "retention", least, "月"))
    if rule.real_estate_months < rule.months:
        file.refuse("retention", 0, "real_estate_months", "real_estate_months 不能小于 months")
    return rule


def _numbers(file: RuleFile, table: str, least: dict[str, int], unit: str) -> dict[str, int]:
    """Return the numbers that a table gives, each not below its least."""
    row = file.table(table, ONCE[table])
    for key, number in least.items():
        if type(row.get(key, number)) is not int or row.get(key, number) < number:
            file.refuse(table, 0, key, f"{key} 应是不小于{number}的整数（{unit}）")
    return {key: row[key] for key in least if key in row}
