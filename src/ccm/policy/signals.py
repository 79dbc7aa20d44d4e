"""The levels of warning signals, and the signs that the ledger itself gives.

The two go together: a file written before there were any has both of the built-in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from ccm.model import Sign
from ccm.policy.amounts import amount
from ccm.policy.file import built_in
from ccm.policy.keys import ROWS
from ccm.policy.rules import LevelRule, SignRule

if TYPE_CHECKING:
    from ccm.rulefile import RuleFile


def levels(file: RuleFile) -> tuple[LevelRule, ...]:
    """Return the levels, the gravest first."""
    file = _with_signals(file)
    return tuple(_level(file, row, at) for at, row in enumerate(file.rows("signal_level", ROWS["signal_level"])))


def signs(file: RuleFile) -> tuple[SignRule, ...]:
    """Return the signs, each of a level that the file has."""
    file = _with_signals(file)
    labels = [one["label"] for one in file.data["signal_level"]]
    return tuple(_sign(file, row, at, labels) for at, row in enumerate(file.rows("sign", ROWS["sign"])))


def _with_signals(file: RuleFile) -> RuleFile:
    given = file.data.keys() & {"signal_level", "sign"}
    if len(given) == 1:
        file.refuse("", 0, "", "[[signal_level]] 和 [[sign]] 要么都写，要么都不写（用内置的）")
    return file if given else built_in()


def _level(file: RuleFile, row: dict[str, Any], at: int) -> LevelRule:
    for key in ("check_days", "dispose_days", "track_days"):
        if row[key] < 1:
            file.refuse("signal_level", at, key, f"{key} 应是不小于1的整数（天）")
    if row["check_days"] > row["dispose_days"]:
        file.refuse("signal_level", at, "check_days", "先核实后处置：check_days 不能大于 dispose_days")
    return LevelRule(**{**row, "words": tuple(map(str, row.get("words", ())))})


def _sign(file: RuleFile, row: dict[str, Any], at: int, labels: list[str]) -> SignRule:
    file.one_of("sign", at, "sign", row["sign"], get_args(Sign))
    file.one_of("sign", at, "level", row["level"], labels)
    if "from_class" in row:
        file.one_of("sign", at, "from_class", row["from_class"], [one["label"] for one in file.data["risk_class"]])
    facts = {key: value for key, value in row.items() if key != "min_balance"}
    least = amount(file, row.get("min_balance"), "sign", at, "min_balance") or 0
    return SignRule(**facts, min_balance_cents=least)
