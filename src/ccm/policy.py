"""The handbook as data: stages, duties, five-tier classes and priorities, read from a policy file.

A policy is checked whole when it is read; a malformed one is refused with the line and the reason, never run.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NoReturn, cast, get_args

from ccm import contact_rules, interest_rules, tomlfile
from ccm.errors import CcmError
from ccm.model import (
    CHANNEL_TITLES,
    HOLD_TITLES,
    LETTER_TITLES,
    PRODUCT_TITLES,
    ROLE_TITLES,
    HoldReason,
    Product,
    Role,
    Sign,
)
from ccm.units import to_cents

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from ccm.contact_rules import ContactRules, Refuse
    from ccm.interest_rules import InterestRules

Factor = Literal[
    "amount", "days", "stage_soon", "duties_overdue", "past_arrears", "first_time", "promise_due", "promise_broken",
    "signal_late", "signal_tracked", "right_ends", "deferral_broken",
]  # fmt: skip
FACTORS: tuple[Factor, ...] = get_args(Factor)

PAST = "权利届满已过{value}天"
"""What is said of a day gone by where a policy file, written before it could, does not say it."""
RULE = re.compile(r"[TWCMPLV]\d+|law §[\d.]+")


@dataclass(frozen=True, slots=True)
class Stage:
    """A span of days past due, open upwards until the next one begins."""

    from_days: int
    label: str
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class Condition:
    """When a duty applies: all that is set must hold; None means it does not matter."""

    interest_only: bool | None = None
    principal_overdue: bool | None = None
    party_kind: Literal["person", "company"] | None = None
    secured_by: Literal["guarantor", "none"] | None = None
    min_overdue_cents: int | None = None


ALWAYS = Condition()
"""No condition: what most duties have."""


@dataclass(frozen=True, slots=True)
class DutyRule:
    """A duty the policy requires of every loan of a product that reaches `from_days` and meets `when`.

    `line` is where the file says so; `stage` is the stage in which it arises.
    """

    id: str
    rule: str
    source: str
    product: Product
    from_days: int
    within_days: int
    channel: str
    letter: str | None
    to: tuple[Role, ...]
    title: str
    proof: str
    when: Condition
    on_request: bool
    line: int
    stage: int = 0


@dataclass(frozen=True, slots=True)
class RiskClass:
    """One of the five tiers and the days past due that make at least this tier, by product (law.md §4)."""

    label: str
    loan_from_days: int
    card_from_days: int
    rule: str
    source: str

    def from_days(self, product: Product) -> int:
        """Return the lower bound for `product`."""
        return self.card_from_days if product == "card" else self.loan_from_days


@dataclass(frozen=True, slots=True)
class CrossDefault:
    """How the bad loans of a non-retail debtor lower the class of their other loans at this bank (law.md §4).

    A loan is bad from the class `bad_from` on. Where more than `above_percent` of all the debtor owes is bad, every
    loan is at least of `above_class`; where less but something is, at least of `any_class`.
    """

    bad_from: str
    above_percent: int
    above_class: str
    any_class: str
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class Priority:
    """A reason to be early on the worklist: at most `weight` points, reached at `full_at`.

    `past` are the words where the value is a day that has gone by.
    """

    factor: Factor
    weight: float
    full_at: float
    rule: str
    reason: str
    past: str = ""


@dataclass(frozen=True, slots=True)
class LetterRule:
    """How letters are made: one per loan, or one per debtor that lists all notes; days until the account is due."""

    per: Literal["loan", "debtor"] = "loan"
    reply_days: int = 7


@dataclass(frozen=True, slots=True)
class HoldRule:
    """How long a hold of one reason lasts unless someone says otherwise, and how soon it must be answered.

    `days` is None where it lasts until it is lifted, `answer_days` None where nothing is to be answered.
    """

    reason: HoldReason
    rule: str
    source: str
    days: int | None = None
    answer_days: int | None = None


@dataclass(frozen=True, slots=True)
class PostRule:
    """On which days after posting a letter without a result is looked up (L7, law.md §7.2)."""

    lookup_days: tuple[int, ...] = (3, 7, 15)


@dataclass(frozen=True, slots=True)
class DeferralRule:
    """How long a suit may be deferred from the day of the application, and what its plan allows (C9, C10).

    An application is to be decided within `decide_days`; a step of the plan may be `grace_days` late.
    """

    max_days: int = 180
    decide_days: int = 15
    grace_days: int = 5


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How many months a case is kept after it was settled, with real estate longer, and every single triage (§9)."""

    months: int = 120
    real_estate_months: int = 240
    triage_months: int = 24


@dataclass(frozen=True, slots=True)
class LevelRule:
    """A level of warning signals and its days: to check and to dispose of, and between trackings (W2, W3).

    `words` are what head office's list may call it beside `label`.
    """

    label: str
    words: tuple[str, ...]
    check_days: int
    dispose_days: int
    track_days: int
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class SignRule:
    """A sign of risk that the ledger itself gives, and the level of the signal that is raised for it (W1).

    `from_days` is how long interest must be unpaid, `min_balance_cents` what makes a credit large, `from_class` the
    class of the five from which it is one of high risk.
    """

    sign: Sign
    level: str
    title: str
    rule: str
    source: str
    from_days: int = 1
    min_balance_cents: int = 0
    from_class: str = ""


@dataclass(frozen=True, eq=False)
class Policy:
    """A whole policy file, checked.

    `digest` names its exact text; `path` is what a person is told when a line of it decides something.
    Two policies are the same only if they are the same object, which keeps what is derived from one cached.
    """

    name: str
    digest: str
    path: str
    stages: tuple[Stage, ...]
    duties: tuple[DutyRule, ...]
    classes: tuple[RiskClass, ...]
    priorities: tuple[Priority, ...]
    upcoming_days: int
    contact: ContactRules
    cross_default: CrossDefault
    interest: InterestRules
    letters: LetterRule = LetterRule()
    holds: tuple[HoldRule, ...] = ()
    post: PostRule = PostRule()
    deferral: DeferralRule = DeferralRule()
    retention: RetentionRule = RetentionRule()
    levels: tuple[LevelRule, ...] = ()
    signs: tuple[SignRule, ...] = ()

    def level(self, label: str) -> LevelRule:
        """Return the rule of a signal's level; one that the file does not know any more counts as the mildest."""
        return next((one for one in self.levels if one.label == label), self.levels[-1])

    def hold(self, reason: HoldReason) -> HoldRule:
        """Return the rule of one reason to hold; one that the file does not name has neither end nor deadline."""
        return next((rule for rule in self.holds if rule.reason == reason), HoldRule(reason, "", ""))

    def stage_at(self, dpd: int) -> Stage:
        """Return the stage of a loan that is `dpd` days past due."""
        return [stage for stage in self.stages if stage.from_days <= dpd][-1]

    def stage_after(self, dpd: int) -> Stage | None:
        """Return the next stage that a loan `dpd` days past due will enter, None in the last."""
        return next((stage for stage in self.stages if stage.from_days > dpd), None)

    @cached_property
    def _by_product(self) -> dict[Product, tuple[DutyRule, ...]]:
        in_order = sorted(self.duties, key=lambda duty: duty.from_days)
        return {product: tuple(duty for duty in in_order if duty.product == product) for product in PRODUCT_TITLES}

    @cached_property
    def deadlines(self) -> dict[Product, tuple[tuple[int, DutyRule], ...]]:
        """By product: the last day past due on which a duty is in time, and its rule; those on request have none."""
        return {
            product: tuple((rule.from_days + rule.within_days, rule) for rule in rules if not rule.on_request)
            for product, rules in self._by_product.items()
        }

    def duties_of(self, product: Product) -> tuple[DutyRule, ...]:
        """Return the duties of one product, in the order they arise."""
        return self._by_product[product]


def load(path: Path | None = None) -> Policy:
    """Read a policy file; without a path, the built-in one.

    Raises:
        CcmError: `policy-missing`, `policy-syntax` or `policy-wrong`, with line and reason.
    """
    if path is None:
        return parse(files("ccm").joinpath("data/policy.toml").read_text(encoding="utf-8"), "内置政策 policy.toml")
    try:
        text = tomlfile.text_of(path)
    except UnicodeDecodeError as error:
        raise CcmError("policy-syntax", where=str(path), reason="文件不是文字，或编码认不出") from error
    except tomlfile.TomlError as error:
        raise CcmError("policy-syntax", where=str(path), reason=str(error)) from error
    except OSError as error:
        raise CcmError("policy-missing", file=str(path)) from error
    return parse(text, str(path))


def parse(text: str, path: str) -> Policy:
    """Return the policy written in `text`; `path` is named in messages.

    Raises:
        CcmError: `policy-syntax` where it is no TOML, `policy-wrong` where it makes no sense.
    """
    try:
        data = tomlfile.parsed(text)
    except tomlfile.TomlError as error:
        raise CcmError("policy-syntax", where=path, reason=_syntax_reason(str(error))) from error
    return _Reader(text, path, data).policy()


def _syntax_reason(message: str) -> str:
    place = re.search(r"line (\d+), column (\d+)", message)
    return f"第{place[1]}行第{place[2]}列附近的写法不对（{message}）" if place else message


def _stage_of(days: int, stages: tuple[Stage, ...]) -> int:
    return max(stage.from_days for stage in stages if stage.from_days <= days)


KEYS: dict[str, tuple[dict[str, type | tuple[type, ...]], dict[str, type | tuple[type, ...]]]] = {
    "stage": ({"from_days": int, "label": str, "rule": str, "source": str}, {}),
    "duty": (
        {
            "id": str,
            "rule": str,
            "source": str,
            "product": str,
            "from_days": int,
            "within_days": int,
            "channel": str,
            "to": list,
            "title": str,
            "proof": str,
        },
        {"letter": str, "when": dict, "on_request": bool},
    ),
    "risk_class": (
        {"label": str, "loan_from_days": int, "card_from_days": int, "rule": str, "source": str},
        {},
    ),
    "priority": (
        {"factor": str, "weight": (int, float), "full_at": (int, float, str), "rule": str, "reason": str},
        {"past": str},
    ),
    "hold": ({"reason": str, "rule": str, "source": str}, {"days": int, "answer_days": int}),
    "signal_level": (
        {"label": str, "check_days": int, "dispose_days": int, "track_days": int, "rule": str, "source": str},
        {"words": list},
    ),
    "sign": (
        {"sign": str, "level": str, "title": str, "rule": str, "source": str},
        {"from_days": int, "min_balance": str, "from_class": str},
    ),
}
"""Per table: the keys it must have and those it may have, with their types."""

TYPE_TITLES = {int: "整数", str: "文字", bool: "true或false", list: "列表", dict: "{…}条件", float: "数字"}


MOST = 10**15
"""No number of a policy is as large; an amount in cents included."""


class _Reader:
    """Turns the parsed file into a policy, remembering where each table stands for its messages."""

    def __init__(self, text: str, path: str, data: dict[str, Any]) -> None:
        self.text, self.path, self.data = text, path, data
        self.lines = text.splitlines()

    def policy(self) -> Policy:
        """Check everything and return the policy."""
        known = (
            "name",
            "outlook",
            "letters",
            "post",
            "deferral",
            "retention",
            "contact",
            "cross_default",
            "interest",
            *KEYS,
        )
        self._known(self.data, known, "")
        outlook = self.data.get("outlook", {})
        upcoming = outlook.get("upcoming_days", 7) if isinstance(outlook, dict) else -1
        if type(upcoming) is not int or upcoming < 0:
            self._refuse("outlook", 0, "upcoming_days", "upcoming_days 应是不小于0的整数")
        stages = self._stages()
        return Policy(
            name=str(self.data.get("name", self.path)),
            digest=hashlib.sha256(self.text.encode()).hexdigest(),
            path=self.path,
            stages=stages,
            duties=tuple(replace(duty, stage=_stage_of(duty.from_days, stages)) for duty in self._duties()),
            classes=self._classes(),
            priorities=self._priorities(),
            upcoming_days=upcoming,
            cross_default=self._cross_default(),
            contact=contact_rules.read(*self._ruled_tables("contact", contact_rules.KEYS)),
            interest=interest_rules.read(*self._ruled_tables("interest", interest_rules.KEYS)),
            letters=self._letters(),
            holds=tuple(self._hold(row, at) for at, row in enumerate(self._rows("hold", required=False))),
            post=self._post(),
            deferral=self._deferral(),
            retention=self._retention(),
            **self._signals(),
        )

    def _signals(self) -> dict[str, Any]:
        """Levels and signs; a file written before there were any has those of the built-in policy."""
        if not self.data.keys() >= {"signal_level", "sign"}:
            if "signal_level" in self.data or "sign" in self.data:
                self._refuse("", 0, "", "[[signal_level]] 和 [[sign]] 要么都写，要么都不写（用内置的）")
            built_in = load()
            return {"levels": built_in.levels, "signs": built_in.signs}
        levels = tuple(self._level(row, at) for at, row in enumerate(self._rows("signal_level")))
        labels = [one.label for one in levels]
        return {
            "levels": levels,
            "signs": tuple(self._sign(row, at, labels) for at, row in enumerate(self._rows("sign"))),
        }

    def _level(self, row: dict[str, Any], at: int) -> LevelRule:
        for key in ("check_days", "dispose_days", "track_days"):
            if row[key] < 1:
                self._refuse("signal_level", at, key, f"{key} 应是不小于1的整数（天）")
        if row["check_days"] > row["dispose_days"]:
            self._refuse("signal_level", at, "check_days", "先核实后处置：check_days 不能大于 dispose_days")
        return LevelRule(**{**row, "words": tuple(map(str, row.get("words", ())))})

    def _sign(self, row: dict[str, Any], at: int, labels: list[str]) -> SignRule:
        self._one_of("sign", at, "sign", row["sign"], get_args(Sign))
        self._one_of("sign", at, "level", row["level"], labels)
        if "from_class" in row:
            self._one_of("sign", at, "from_class", row["from_class"], [one["label"] for one in self.data["risk_class"]])
        facts = {key: value for key, value in row.items() if key != "min_balance"}
        least = self._amount(row.get("min_balance"), "sign", at, "min_balance") or 0
        return SignRule(**facts, min_balance_cents=least)

    def _hold(self, row: dict[str, Any], at: int) -> HoldRule:
        self._one_of("hold", at, "reason", row["reason"], HOLD_TITLES)
        if any(one["reason"] == row["reason"] for one in self.data["hold"][:at]):
            self._refuse("hold", at, "reason", f"“{row['reason']}”写了两次，每种暂停只写一节")
        for key in ("days", "answer_days"):
            if key in row and row[key] < 1:
                self._refuse("hold", at, key, f"{key} 应是不小于1的整数（天）；没有期限就不写")
        return HoldRule(**row)

    def _letters(self) -> LetterRule:
        row = self._table("letters")
        self._known(row, ("per", "reply_days", "rule", "source"), "letters")
        rule = LetterRule(row.get("per", "loan"), row.get("reply_days", 7))
        self._one_of("letters", 0, "per", rule.per, ("loan", "debtor"))
        if type(rule.reply_days) is not int or not 1 <= rule.reply_days <= 90:
            self._refuse("letters", 0, "reply_days", "reply_days 应是1到90之间的整数（天）")
        return rule

    def _ruled_tables(self, group: str, keys: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, Any], Refuse]:
        """Return the [group.…] tables, with known keys only, and how a value of them is refused."""
        tables = self.data.get(group, {})
        if not isinstance(tables, dict):
            self._refuse(group, 0, "", f"{group} 写成 [{group}.{next(iter(keys))}] 这样的几节")
        for table, row in tables.items():
            place = f"{group}.{table}"
            self._known({table: row}, tuple(keys), place)
            if not isinstance(row, dict):
                self._refuse(group, 0, table, f"{table} 写成 [{place}] 一节")
            self._known(row, (*keys[table], "rule", "source"), place)
            self._ruled(place, 0, row)

        def refuse(table: str, key: str, reason: str) -> NoReturn:
            self._refuse(f"{group}.{table}", 0, key, reason)

        return tables, refuse

    def _post(self) -> PostRule:
        row = self._table("post")
        self._known(row, ("lookup_days", "rule", "source"), "post")
        days = row.get("lookup_days", list(PostRule().lookup_days))
        rising = isinstance(days, list) and all(type(day) is int for day in days) and days == sorted(set(days))
        if not rising or not days or days[0] < 1:
            self._refuse("post", 0, "lookup_days", "lookup_days 应是由小到大的天数，例如 [3, 7, 15]")
        return PostRule(tuple(days))

    def _deferral(self) -> DeferralRule:
        row, least = self._table("deferral"), {"max_days": 1, "decide_days": 1, "grace_days": 0}
        self._known(row, (*least, "rule", "source"), "deferral")
        self._ruled("deferral", 0, row)
        for key, days in least.items():
            if type(row.get(key, days)) is not int or row.get(key, days) < days:
                self._refuse("deferral", 0, key, f"{key} 应是不小于{days}的整数（天）")
        return DeferralRule(**{key: row[key] for key in least if key in row})

    def _retention(self) -> RetentionRule:
        row, keys = self.data.get("retention", {}), ("months", "real_estate_months", "triage_months")
        if not isinstance(row, dict):
            self._refuse("", 0, "retention", "保存期限写成 [retention] 一节")
        self._known(row, (*keys, "rule", "source"), "retention")
        self._ruled("retention", 0, row)
        for key in keys:
            if type(row.get(key, 1)) is not int or row.get(key, 1) < 1:
                self._refuse("retention", 0, key, f"{key} 应是不小于1的整数（月）")
        rule = RetentionRule(**{key: row[key] for key in keys if key in row})
        if rule.real_estate_months < rule.months:
            self._refuse("retention", 0, "real_estate_months", "real_estate_months 不能小于 months")
        return rule

    def _stages(self) -> tuple[Stage, ...]:
        stages = tuple(Stage(**row) for row in self._rows("stage"))
        self._rising("stage", "from_days", [stage.from_days for stage in stages])
        return stages

    def _classes(self) -> tuple[RiskClass, ...]:
        classes = tuple(RiskClass(**row) for row in self._rows("risk_class"))
        for key in ("loan_from_days", "card_from_days"):
            self._rising("risk_class", key, [getattr(one, key) for one in classes])
        return classes

    def _cross_default(self) -> CrossDefault:
        """A file written before there was this rule has that of the built-in policy."""
        labels = [one["label"] for one in self._rows("risk_class")]
        if "cross_default" not in self.data:
            rule = load().cross_default
            if {rule.bad_from, rule.above_class, rule.any_class} <= set(labels):
                return rule
            # Tiers of other names: the built-in rule cannot speak of them.
            return replace(rule, bad_from=labels[-1], above_percent=100, above_class=labels[0], any_class=labels[0])
        row, keys = self.data["cross_default"], [field.name for field in fields(CrossDefault)]
        if not isinstance(row, dict) or not row.keys() >= set(keys):
            self._refuse("cross_default", 0, "", f"[cross_default] 一节要写全 {'、'.join(keys)}")
        self._known(row, keys, "cross_default")
        self._ruled("cross_default", 0, row)
        for key in ("bad_from", "above_class", "any_class"):
            self._one_of("cross_default", 0, key, row[key], labels)
        percent = row["above_percent"]
        if type(percent) is not int or not 0 <= percent <= 100:
            self._refuse("cross_default", 0, "above_percent", "above_percent 应是0到100之间的整数")
        return CrossDefault(**row)

    def _duties(self) -> tuple[DutyRule, ...]:
        duties = tuple(self._duty(row, at) for at, row in enumerate(self._rows("duty")))
        seen: dict[str, int] = {}
        for at, duty in enumerate(duties):
            if duty.id in seen:
                self._refuse("duty", at, "id", f"编号 {duty.id} 已在第{seen[duty.id]}行用过，每项应办要有自己的编号")
            seen[duty.id] = duty.line
        return duties

    def _duty(self, row: dict[str, Any], at: int) -> DutyRule:
        self._one_of("duty", at, "product", row["product"], PRODUCT_TITLES)
        self._one_of("duty", at, "channel", row["channel"], CHANNEL_TITLES)
        for role in row["to"] or [""]:
            self._one_of("duty", at, "to", role, ROLE_TITLES)
        for key in ("from_days", "within_days"):
            if row[key] < 0:
                self._refuse("duty", at, key, f"{key} 不能小于0")
        if (row["channel"] == "letter") != ("letter" in row):
            self._refuse("duty", at, "channel", 'channel = "letter" 的应办要写明 letter（哪一种函），其他方式不写')
        if "letter" in row:
            self._one_of("duty", at, "letter", row["letter"], LETTER_TITLES)
        rest = {**row, "to": tuple(row["to"]), "when": self._condition(row.get("when", {}), at)}
        line = self._line("duty", at, "id")
        return DutyRule(**{"letter": None, "on_request": False, **rest, "line": line})

    def _condition(self, when: dict[str, Any], at: int) -> Condition:
        self._known(
            when,
            ("interest_only", "principal_overdue", "party_kind", "secured_by", "min_overdue"),
            "duty",
            at,
        )
        for key in ("interest_only", "principal_overdue"):
            if key in when and not isinstance(when[key], bool):
                self._refuse("duty", at, key, f"条件 {key} 应是 true 或 false")
        for key, allowed in (("party_kind", ("person", "company")), ("secured_by", ("guarantor", "none"))):
            if key in when:
                self._one_of("duty", at, key, when[key], allowed)
        if not when:
            return ALWAYS
        fields = {key: value for key, value in when.items() if key != "min_overdue"}
        return Condition(**fields, min_overdue_cents=self._amount(when.get("min_overdue"), "duty", at, "min_overdue"))

    def _amount(self, value: object, table: str, at: int, key: str) -> int | None:
        if value is None:
            return None
        try:
            return to_cents(str(value))
        except ValueError:
            self._refuse(table, at, key, f'{key} 应是加引号的金额，例如 "1000.00"')

    def _priorities(self) -> tuple[Priority, ...]:
        return tuple(self._priority(row, at) for at, row in enumerate(self._rows("priority", required=False)))

    def _priority(self, row: dict[str, Any], at: int) -> Priority:
        self._one_of("priority", at, "factor", row["factor"], FACTORS)
        money = row["factor"] == "amount"
        full_at = self._amount(row["full_at"], "priority", at, "full_at") if money else row["full_at"]
        if isinstance(full_at, str) or not full_at or not 0 < full_at < MOST or not abs(row["weight"]) < MOST:
            self._refuse(
                "priority",
                at,
                "full_at",
                "full_at 应大于0，和 weight 都要小得合常理" if not isinstance(full_at, str) else "full_at 应是数字",
            )
        words = row["reason"], row.get("past", PAST)
        if not tomlfile.has_only("".join(words), ("value", "stage")):
            self._refuse("priority", at, "reason", "reason 里只能用 {value} 和 {stage}")
        return Priority(row["factor"], float(row["weight"]), float(cast("float", full_at)), row["rule"], *words)

    def _table(self, table: str) -> dict[str, Any]:
        row = self.data.get(table, {})
        if not isinstance(row, dict):
            self._refuse("", 0, table, f"{table} 写成 [{table}] 一节")
        return row

    def _rows(self, table: str, *, required: bool = True) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.data.get(table, [])
        if not isinstance(rows, list) or (required and not rows):
            self._refuse(table, 0, "", f"缺少 [[{table}]]，至少要有一节")
        must, may = KEYS[table]
        for at, row in enumerate(rows):
            if not isinstance(row, dict):
                self._refuse("", 0, table, f"{table} 写成 [[{table}]] 这样的几节")
            self._known(row, (*must, *may), table, at)
            for key in must:
                if key not in row:
                    self._refuse(table, at, "", f"[[{table}]] 缺少 {key}")
            for key, value in row.items():
                self._typed(table, at, key, value, {**must, **may}[key])
            self._ruled(table, at, row)
        return rows

    def _ruled(self, table: str, at: int, row: dict[str, Any]) -> None:
        if "rule" in row and not RULE.fullmatch(str(row["rule"])):
            self._refuse(table, at, "rule", f"rule 应是手册条款编号（如 C4、L2）或 law §4，现在是“{row['rule']}”")

    def _typed(self, table: str, at: int, key: str, value: object, kinds: type | tuple[type, ...]) -> None:
        kinds = kinds if isinstance(kinds, tuple) else (kinds,)
        if type(value) not in kinds:
            self._refuse(table, at, key, f"{key} 应是{'或'.join(TYPE_TITLES[kind] for kind in kinds)}，现在是“{value}”")

    def _known(self, row: dict[str, Any], allowed: Collection[str], table: str, at: int = 0) -> None:
        for key in row:
            if key not in allowed:
                near = get_close_matches(key, allowed, 1)
                self._refuse(table, at, key, f"不认识“{key}”" + (f"，是不是想写 {near[0]}？" if near else ""))

    def _one_of(self, table: str, at: int, key: str, value: object, allowed: object) -> None:
        names = list(cast("Any", allowed))
        if value not in names:
            self._refuse(table, at, key, f"{key} 不能是“{value}”，可用：{'、'.join(names)}")

    def _rising(self, table: str, key: str, bounds: list[int]) -> None:
        if bounds[0] != 0:
            self._refuse(table, 0, key, f"第一节的 {key} 必须是0，否则最初几天没有归属")
        for at, (low, high) in enumerate(itertools.pairwise(bounds), start=1):
            if high <= low:
                self._refuse(table, at, key, f"{key} 必须逐节变大：{low} 之后不能是 {high}")

    def _line(self, table: str, at: int, key: str) -> int:
        """Return the line of `key` in the `at`-th table of that name, else the line where the table starts."""
        heads = (
            [n for n, line in enumerate(self.lines) if re.match(rf"\s*\[\[?\s*{table}\s*\]", line)] if table else [0]
        )
        if at >= len(heads):
            return 1
        start = heads[at]
        for number in range(start, len(self.lines)):
            line = self.lines[number]
            if number > start and line.lstrip().startswith("["):
                break
            if key and re.match(rf"\s*{key}\s*=|.*[{{,]\s*{key}\s*=", line):
                return number + 1
        return start + 1

    def _refuse(self, table: str, at: int, key: str, reason: str) -> NoReturn:
        where = f"{self.path} 第{self._line(table, at, key)}行"
        raise CcmError("policy-wrong", where=where, reason=reason)
