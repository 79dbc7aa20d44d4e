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


def classify(loans: FrameT, policy: Policy, as_of: date) -> FrameT:
    """Return the book with what it is on `as_of`; one row per loan, none dropped.

    Args:
        loans: A frame with the book's columns (`model.LOAN_COLUMNS`).
        policy: Gives the stages and the five-tier bounds.
        as_of: The day to count to.

    Returns:
        The same rows with `principal_dpd`, `interest_dpd`, `dpd` (days), `stage` (its lower bound, null where
        nothing is overdue or due), `risk_class`, and `overdue_principal_cents` and `overdue_interest_cents`
        filled where the ledger is silent.
    """
    # Narwhals types eager and lazy frames apart; this function takes either and gives back what it was given.
    frame: Any = nw.from_native(cast("Any", loans))
    frame = frame.with_columns(
        matured=_matured(as_of),
        **{f"{part}_from_on": _from_on(part) for part in PARTS},
        **{f"{part}_count": _count(part) for part in PARTS},
    )
    frame = frame.with_columns(principal_from_on=_from_maturity())
    frame = frame.with_columns(**{f"{part}_owed": _owed(part, as_of) for part in PARTS})
    frame = frame.with_columns(**{f"{part}_dpd": _dpd(part, as_of) for part in PARTS})
    frame = frame.with_columns(dpd=nw.max_horizontal("principal_dpd", "interest_dpd"))
    frame = frame.with_columns(
        stage=_stage(policy),
        risk_class=_risk_class(policy),
        overdue_principal_cents=_overdue_principal(),
        overdue_interest_cents=or_zero("overdue_interest_cents"),
    )
    on_the_way = (f"{part}_{what}" for part in PARTS for what in ("from_on", "count", "owed"))
    return cast("FrameT", frame.drop("matured", *on_the_way).to_native())


PARTS = ("principal", "interest")


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


def _risk_class(policy: Policy) -> nw.Expr:
    """The worse of the class that the days demand and the one the ledger gives (law.md §4: days are a floor)."""
    card = nw.col("product") == "card"
    level, given = nw.lit(0), nw.lit(0)
    for at, tier in enumerate(policy.classes):
        reached = (card & (nw.col("dpd") >= tier.card_from_days)) | (~card & (nw.col("dpd") >= tier.loan_from_days))
        level = nw.when(reached).then(nw.lit(at)).otherwise(level)
        given = nw.when(nw.col("given_class") == tier.label).then(nw.lit(at)).otherwise(given)
    worse = nw.max_horizontal(level, given)
    label = nw.lit(policy.classes[0].label)
    for at, tier in enumerate(policy.classes[1:], start=1):
        label = nw.when(worse >= at).then(nw.lit(tier.label)).otherwise(label)
    return label
