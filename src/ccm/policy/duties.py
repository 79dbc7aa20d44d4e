"""The duties of a policy file, each with its condition and the line where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm.model import CHANNEL_TITLES, LETTER_TITLES, PRODUCT_TITLES, ROLE_TITLES
from ccm.policy.amounts import amount
from ccm.policy.keys import ROWS, WHEN
from ccm.policy.rules import ALWAYS, Condition, DutyRule

if TYPE_CHECKING:
    from ccm.policy.rules import Stage
    from ccm.rulefile import RuleFile


def duties(file: RuleFile, stages: tuple[Stage, ...]) -> tuple[DutyRule, ...]:
    """Return the duties, each in the stage of `stages` in which it arises; no id stands twice."""
    found = tuple(_duty(file, row, at, stages) for at, row in enumerate(file.rows("duty", ROWS["duty"])))
    seen: dict[str, int] = {}
    for at, duty in enumerate(found):
        if duty.id in seen:
            file.refuse("duty", at, "id", f"编号 {duty.id} 已在第{seen[duty.id]}行用过，每项应办要有自己的编号")
        seen[duty.id] = duty.line
    return found


def _duty(file: RuleFile, row: dict[str, Any], at: int, stages: tuple[Stage, ...]) -> DutyRule:
    file.one_of("duty", at, "product", row["product"], PRODUCT_TITLES)
    file.one_of("duty", at, "channel", row["channel"], CHANNEL_TITLES)
    for role in row["to"] or [""]:
        file.one_of("duty", at, "to", role, ROLE_TITLES)
    for key in ("from_days", "within_days"):
        if row[key] < 0:
            file.refuse("duty", at, key, f"{key} 不能小于0")
    if (row["channel"] == "letter") != ("letter" in row):
        file.refuse("duty", at, "channel", 'channel = "letter" 的应办要写明 letter（哪一种函），其他方式不写')
    if "letter" in row:
        file.one_of("duty", at, "letter", row["letter"], LETTER_TITLES)
    own = {
        "to": tuple(row["to"]),
        "when": _condition(file, row.get("when", {}), at),
        "line": file.line("duty", at, "id"),
        "stage": max(stage.from_days for stage in stages if stage.from_days <= row["from_days"]),
    }
    return DutyRule(**{"letter": None, "on_request": False, **row, **own})


def _condition(file: RuleFile, when: dict[str, Any], at: int) -> Condition:
    file.known("duty", at, when, WHEN.keys())
    for key in ("interest_only", "principal_overdue"):
        if key in when and not isinstance(when[key], bool):
            file.refuse("duty", at, key, f"条件 {key} 应是 true 或 false")
    for key, allowed in (("party_kind", ("person", "company")), ("secured_by", ("guarantor", "none"))):
        if key in when:
            file.one_of("duty", at, key, when[key], allowed)
    if not when:
        return ALWAYS
    plain = {key: value for key, value in when.items() if key != "min_overdue"}
    return Condition(**plain, min_overdue_cents=amount(file, when.get("min_overdue"), "duty", at, "min_overdue"))
