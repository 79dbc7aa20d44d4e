"""Days past due, stage and five-tier class of every loan, as column expressions.

Written once in Narwhals, so the same function runs on Polars in process, eager or in a stream, and on a cluster's
frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import narwhals as nw

from ccm.portable import day_number, final_due_on, holds, or_zero

if TYPE_CHECKING:
    from datetime import date

    from ccm.policy import Policy


FrameT = TypeVar("FrameT")


def classify(loans: FrameT, policy: Policy, as_of: date, debts: FrameT | None = None) -> FrameT:
    """Return the book with what it is on `as_of`; one row per loan, none dropped.

    Args:
        loans: A frame with the book's columns (`frame.LOAN_COLUMNS`).
        policy: Gives the stages and the five-tier bounds.
        as_of: The day to count to.
        debts: What each debtor owes, where it was summed before (`debts`); a stream cannot look at rows to come.

    Returns:
        The same rows with `principal_dpd`, `interest_dpd`, `dpd` (days), `stage` (its lower bound, null where
        nothing is overdue or due), `risk_class` and why it is so, `class_by` (`model.CLASS_BY_TITLES`), and
        `overdue_principal_cents` and `overdue_interest_cents` filled where the ledger is silent.
        Of a non-retail debtor `debtor_cents` is all that the book says they owe and `debtor_bad_cents` what of it
        is bad by the loans' own classes; null for all others.
    """
    frame = _each(loans, policy, as_of)
    if debts is None:
        frame = frame.with_columns(debtor_cents=_of_debtor(_owing()), debtor_bad_cents=_of_debtor(_bad(policy)))
    else:
        frame = frame.join(nw.from_native(cast("Any", debts)), on="debtor", how="left")
    frame = frame.with_columns(share_level=_share_level(policy), bad_level=_bad_level(policy))
    frame = frame.with_columns(risk_class=_risk_class(policy), class_by=_class_by())
    on_the_way = (f"{part}_{what}" for part in PARTS for what in ("from_on", "count", "owed"))
    return cast("FrameT", frame.drop("matured", "debtor", *LEVELS, *on_the_way).to_native())


def debts(loans: FrameT, policy: Policy, as_of: date) -> FrameT:
    """Return what each non-retail debtor owes, `debtor_cents`, and what of it is bad, by `debtor` (`classify`)."""
    frame = _each(loans, policy, as_of).filter(~nw.col("debtor").is_null())
    owed = frame.select("debtor", debtor_cents=_owing().cast(nw.Int64), debtor_bad_cents=_bad(policy).cast(nw.Int64))
    return cast("FrameT", owed.group_by("debtor").agg(nw.col("debtor_cents", "debtor_bad_cents").sum()).to_native())


def _each(loans: Any, policy: Policy, as_of: date) -> Any:  # noqa: ANN401 - an eager or a lazy frame
    """What every loan is by itself, with its `debtor` and all that was worked out on the way."""
    frame: Any = nw.from_native(loans)
    frame = frame.with_columns(
        matured=_matured(as_of),
        **{f"{part}_from_on": _from_on(part) for part in PARTS},
        **{f"{part}_count": _count(part) for part in PARTS},
    )
    frame = frame.with_columns(principal_from_on=_from_maturity())
    frame = frame.with_columns(**{f"{part}_owed": _owed(part, as_of) for part in PARTS})
    frame = frame.with_columns(**{f"{part}_dpd": _dpd(part, as_of) for part in PARTS})
    frame = frame.with_columns(dpd=nw.max_horizontal("principal_dpd", "interest_dpd"))
    return frame.with_columns(
        stage=_stage(policy),
        **_own_levels(policy),
        debtor=_debtor(),
        overdue_principal_cents=_overdue_principal(),
        overdue_interest_cents=or_zero("overdue_interest_cents"),
    )


PARTS = ("principal", "interest")
LEVELS = ("days_level", "given_level", "share_level", "bad_level")
"""The place among the five tiers that each rule demands; the worst is the loan's."""


def _matured(as_of: date) -> nw.Expr:
    """The last due date has come and a balance is left: the principal is due whatever its column says."""
    return holds((final_due_on() <= nw.lit(as_of)) & (nw.col("balance_cents") > 0))


def _from_on(part: str) -> nw.Expr:
    """Since when the part is unpaid: its own date; a date of neither part only where it has no count of its own."""
    own_date, own_count = nw.col(f"{part}_since_on"), nw.col(f"{part}_overdue_days")
    return nw.coalesce(own_date, nw.when(own_count.is_null()).then(nw.col("overdue_since_on")))


def _count(part: str) -> nw.Expr:
    return nw.coalesce(nw.col(f"{part}_overdue_days"), nw.col("overdue_days"))


def _from_maturity() -> nw.Expr:
    """Where the principal has neither date nor count, it is unpaid since the loan's last due date.

    A count of 0 says nothing of a loan that has fallen due since the ledger's own day: it was not overdue then.
    """
    uncounted = nw.coalesce(nw.col("principal_count"), nw.lit(0)) == 0
    silent = nw.col("principal_from_on").is_null() & uncounted
    return nw.when(nw.col("matured") & silent).then(final_due_on()).otherwise(nw.col("principal_from_on"))


def _owed(part: str, as_of: date) -> nw.Expr:
    """Whether the part is unpaid on `as_of`: by its amount, else by a date or a count of its own."""
    amount = nw.col(f"overdue_{part}_cents")
    sign = ~nw.col(f"{part}_since_on").is_null() | holds(nw.col(f"{part}_overdue_days") > 0)
    if part == "principal":
        # A date or count of neither part is the principal's, unless only interest is known to be owed.
        general = ~nw.col("overdue_since_on").is_null() | holds(nw.col("overdue_days") > 0)
        sign = sign | (general & ~holds(nw.col("overdue_interest_cents") > 0))
    owed = nw.when(amount.is_null()).then(sign).otherwise(amount > 0)
    if part == "principal":
        owed = owed | nw.col("matured")
    return owed & ~holds(nw.col(f"{part}_from_on") > nw.lit(as_of))


def _dpd(part: str, as_of: date) -> nw.Expr:
    """Days past due of one part: by its date, else by its count moved on from the ledger's own day."""
    today = nw.lit(as_of.toordinal())
    by_date = today - day_number(f"{part}_from_on")
    by_count = nw.col(f"{part}_count") + nw.coalesce(today - day_number("data_on"), nw.lit(0))
    days = nw.coalesce(by_date, by_count, nw.lit(0))
    return nw.when(nw.col(f"{part}_owed") & (days > 0)).then(days).otherwise(nw.lit(0)).cast(nw.Int64)


def _stage(policy: Policy) -> nw.Expr:
    """The lower bound of the stage; null where nothing is owed yet."""
    stage = nw.lit(policy.stages[0].from_days)
    for bound in policy.stages[1:]:
        stage = nw.when(nw.col("dpd") >= bound.from_days).then(nw.lit(bound.from_days)).otherwise(stage)
    return nw.when(nw.col("principal_owed") | nw.col("interest_owed")).then(stage).cast(nw.Int64)


def _overdue_principal() -> nw.Expr:
    """A matured loan owes its whole balance, also where the ledger has not moved it yet."""
    given = or_zero("overdue_principal_cents")
    return nw.when(nw.col("matured") & (given == 0)).then(nw.col("balance_cents")).otherwise(given)


def _own_levels(policy: Policy) -> dict[str, nw.Expr]:
    """The tier that the days demand and the one the ledger gives (law.md §4: days are a floor)."""
    card = nw.col("product") == "card"
    days, given = nw.lit(0), nw.lit(0)
    for at, tier in enumerate(policy.classes):
        reached = (card & (nw.col("dpd") >= tier.card_from_days)) | (~card & (nw.col("dpd") >= tier.loan_from_days))
        days = nw.when(reached).then(nw.lit(at)).otherwise(days)
        given = nw.when(nw.col("given_class") == tier.label).then(nw.lit(at)).otherwise(given)
    return {"days_level": days, "given_level": given}


def _debtor() -> nw.Expr:
    """The identity number of a non-retail debtor; null for persons, for cards, and where there is no number."""
    company = (nw.col("party_kind") == "company") & (nw.col("product") != "card")
    return nw.when(company).then(nw.col("id_no"))


def _owing() -> nw.Expr:
    """What is owed under a loan, in cents: its balance, else what is known to be overdue of it."""
    return nw.max_horizontal(nw.coalesce(nw.col("balance_cents"), nw.col("overdue_principal_cents")), nw.lit(0))


def _bad(policy: Policy) -> nw.Expr:
    bad = nw.max_horizontal("days_level", "given_level") >= _place(policy, policy.cross_default.bad_from)
    return nw.when(bad).then(_owing()).otherwise(nw.lit(0))


def _of_debtor(cents: nw.Expr) -> nw.Expr:
    """Sum over all loans of a debtor; null where there is no non-retail debtor."""
    return nw.when(~nw.col("debtor").is_null()).then(cents.sum().over("debtor")).cast(nw.Int64)


def _share_level(policy: Policy) -> nw.Expr:
    """The tier of every loan of a debtor too much of whose debt is bad; a settled loan is no debt."""
    rule = policy.cross_default
    above = nw.col("debtor_bad_cents") * 100 > nw.col("debtor_cents") * rule.above_percent
    return nw.when(holds(above) & (_owing() > 0)).then(nw.lit(_place(policy, rule.above_class))).otherwise(nw.lit(0))


def _bad_level(policy: Policy) -> nw.Expr:
    """The tier of every loan of a debtor who has a bad one."""
    some = holds(nw.col("debtor_bad_cents") > 0) & (_owing() > 0)
    return nw.when(some).then(nw.lit(_place(policy, policy.cross_default.any_class))).otherwise(nw.lit(0))


def _place(policy: Policy, label: str) -> int:
    return [tier.label for tier in policy.classes].index(label)


def _risk_class(policy: Policy) -> nw.Expr:
    """The worst tier that any rule demands."""
    worst = nw.max_horizontal(*LEVELS)
    label = nw.lit(policy.classes[0].label)
    for at, tier in enumerate(policy.classes[1:], start=1):
        label = nw.when(worst >= at).then(nw.lit(tier.label)).otherwise(label)
    return label


def _class_by() -> nw.Expr:
    """Which rule decided; of several that demand the same tier, the one that looks at the loan itself."""
    decided, worst = nw.lit("debtor_bad"), nw.max_horizontal(*LEVELS)
    for level, name in (("share_level", "debtor_share"), ("given_level", "given"), ("days_level", "days")):
        decided = nw.when(nw.col(level) == worst).then(nw.lit(name)).otherwise(decided)
    return decided
