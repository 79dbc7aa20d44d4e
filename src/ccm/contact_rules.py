"""How often, when and through whom a debtor may be contacted: the policy's [contact] tables (law.md §5.2).

What a policy file does not say, the built-in one says: a limit is never missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ccm.rulefile import Refuse

Reach = Literal["lost", "incapable", "dead"]
REACH_TITLES: dict[Reach, str] = {"lost": "失联", "incapable": "丧失行为能力", "dead": "死亡"}
"""States of a debtor in which a third party may be asked."""

Span = tuple[time, time]
CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
SPAN = rf"{CLOCK}-{CLOCK}"

TITLES = {
    "quiet_hours": "不联系的时段",
    "effective_calls": "有效联系",
    "unanswered": "未接通的拨打",
    "calls": "打电话的钟点",
    "sms": "短信",
    "reminders": "短信的间隔",
    "visit": "上门",
    "third_party": "联系第三人",
    "records": "记录保存",
}


@dataclass(frozen=True, slots=True)
class ContactRules:
    """The limits of one policy.

    Quiet hours run from `quiet_from` until before `quiet_until`, over midnight if it comes earlier.
    `effective_per_day` counts contacts that reached the debtor, over all channels, numbers and callers together;
    `unanswered_per_day` and `sms_per_day` count by number. A debtor is lost when the last `lost_after` attempts failed.
    Calls: `call_hours` serve where nothing is known of somebody's day, `call_again_minutes` lie between a try that was
    not taken and the next, `call_weekends` tells whether calls are made at weekends, and `call_repaid_points` are lost
    by whoever has repaid all since the last message. Messages: `sms_due_soon_days` before the day due,
    `sms_again_days` from one to the next in arrears, to guarantors from `sms_guarantor_days` past due.
    `sources` gives each table's source by its name.
    """

    quiet_from: time
    quiet_until: time
    effective_per_day: int
    unanswered_per_day: int
    call_hours: tuple[Span, ...]
    call_again_minutes: int
    call_weekends: bool
    call_repaid_points: int
    sms_per_day: int
    sms_due_soon_days: int
    sms_again_days: int
    sms_guarantor_days: int
    visit_staff: int
    third_party_when: tuple[Reach, ...]
    lost_after: int
    keep_years: int
    sources: Mapping[str, str]

    def lines(self) -> dict[str, str]:
        """Return each limit in words, by its table."""
        night = "次日" if self.quiet_from > self.quiet_until else ""
        states = "、".join(REACH_TITLES[one] for one in self.third_party_when)
        return {
            "quiet_hours": f"{self.quiet_from:%H:%M}至{night}{self.quiet_until:%H:%M}，债务人同意的除外",
            "effective_calls": f"每位债务人每天最多{self.effective_per_day}次，各种方式、各个号码合计",
            "unanswered": f"每个号码每天最多{self.unanswered_per_day}次",
            "calls": f"不知道作息的在{spans_in_words(self.call_hours)}；没接通的隔{self.call_again_minutes}分钟；"
            f"周末{'照打' if self.call_weekends else '和节假日不打'}；短信后还清的减{self.call_repaid_points}分",
            "sms": f"每个号码每天最多{self.sms_per_day}条",
            "reminders": f"到期前{self.sms_due_soon_days}天提醒；逾期后隔{self.sms_again_days}天再发；"
            f"担保人从逾期第{self.sms_guarantor_days}天起",
            "visit": f"至少{self.visit_staff}人",
            "third_party": f"限债务人{states}；连续{self.lost_after}次没有联系上，次日起算失联"
            if states
            else "一律不许",
            "records": f"结清之前一直保存，之后至少{self.keep_years}年",
        }


def spans_in_words(spans: Iterable[Span]) -> str:
    """Return spans of a day as a person reads them: 09:00–11:30、14:30–20:00."""
    return "、".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in spans)


NUMBERS = {
    ("effective_calls", "per_day"): (1, 10),
    ("unanswered", "per_day"): (1, 20),
    ("calls", "again_minutes"): (10, 720),
    ("calls", "repaid_points"): (0, 100),
    ("sms", "per_day"): (1, 10),
    ("reminders", "due_soon_days"): (0, 30),
    ("reminders", "again_days"): (1, 60),
    ("reminders", "guarantor_days"): (1, 365),
    ("visit", "staff"): (1, 9),
    ("third_party", "lost_after"): (1, 30),
    ("records", "keep_years"): (1, 100),
}
"""Each whole number and the bounds within which it makes sense."""

KEYS: dict[str, tuple[str, ...]] = {
    table: (*others, *(key for of, key in NUMBERS if of == table))
    for table, others in {
        **dict.fromkeys(TITLES, ()),
        "quiet_hours": ("from", "until"),
        "calls": ("hours", "weekends"),
        "third_party": ("when",),
    }.items()
}


def read(full: Mapping[str, Mapping[str, Any]], refuse: Refuse) -> ContactRules:
    """Return the rules that a policy's [contact.…] tables give; a value that makes no sense is refused.

    `full` holds every table with every key.
    """
    for (table, key), (low, high) in NUMBERS.items():
        value = full[table][key]
        if type(value) is not int or not low <= value <= high:
            refuse(table, key, f"{key} 应是{low}到{high}之间的整数，现在是“{value}”")
    quiet_from, quiet_until = (_clock(full["quiet_hours"][key], key, refuse) for key in ("from", "until"))
    if quiet_from == quiet_until:
        refuse("quiet_hours", "until", "from 和 until 不能是同一时刻")
    return ContactRules(
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        effective_per_day=full["effective_calls"]["per_day"],
        unanswered_per_day=full["unanswered"]["per_day"],
        call_hours=_hours(full["calls"]["hours"], refuse),
        call_again_minutes=full["calls"]["again_minutes"],
        call_weekends=_switch(full["calls"]["weekends"], refuse),
        call_repaid_points=full["calls"]["repaid_points"],
        sms_per_day=full["sms"]["per_day"],
        sms_due_soon_days=full["reminders"]["due_soon_days"],
        sms_again_days=full["reminders"]["again_days"],
        sms_guarantor_days=full["reminders"]["guarantor_days"],
        visit_staff=full["visit"]["staff"],
        third_party_when=_states(full["third_party"]["when"], refuse),
        lost_after=full["third_party"]["lost_after"],
        keep_years=full["records"]["keep_years"],
        sources={table: str(values["source"]) for table, values in full.items()},
    )


def _clock(value: object, key: str, refuse: Refuse) -> time:
    if not isinstance(value, str) or not re.fullmatch(CLOCK, value):
        refuse("quiet_hours", key, f'{key} 应是加引号的钟点，例如 "22:00"，现在是“{value}”')
    return time.fromisoformat(value)


def _hours(value: object, refuse: Refuse) -> tuple[Span, ...]:
    if not isinstance(value, list) or not value or not all(re.fullmatch(SPAN, str(span)) for span in value):
        refuse("calls", "hours", f'hours 应是几段钟点，例如 ["09:00-11:30"]，现在是“{value}”')
    spans = tuple((time.fromisoformat(span[:5]), time.fromisoformat(span[-5:])) for span in value)
    if any(last <= first for first, last in spans):
        refuse("calls", "hours", f"hours 里每段都要先早后晚，现在是“{'、'.join(value)}”")
    return spans


def _switch(value: object, refuse: Refuse) -> bool:
    if not isinstance(value, bool):
        refuse("calls", "weekends", f"weekends 应是 true 或 false，现在是“{value}”")
    return value


def _states(value: object, refuse: Refuse) -> tuple[Reach, ...]:
    known = get_args(Reach)
    if not isinstance(value, list) or any(one not in known for one in value):
        refuse("third_party", "when", f"when 只能列出 {'、'.join(known)}，现在是“{value}”")
    return tuple(value)
