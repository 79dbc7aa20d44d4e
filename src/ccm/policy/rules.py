"""The rules of a policy as records: what each asks for, of whom, from which day on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ccm.model import PRODUCT_TITLES, HoldReason, Product, Role, Sign

if TYPE_CHECKING:
    from ccm.contact_rules import ContactRules
    from ccm.interest_rules import InterestRules

Factor = Literal[
    "amount", "days", "stage_soon", "duties_overdue", "past_arrears", "first_time", "promise_due", "promise_broken",
    "signal_late", "signal_tracked", "right_ends", "deferral_broken",
]  # fmt: skip


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
