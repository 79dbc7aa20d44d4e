"""The duties of a whole book: each loan, party and rule of the policy, less what is done, as a frame.

The conditions are those of a single case (`duties.judged`), read of columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from ccm.bulk.book import party_columns
from ccm.bulk.cells import SPACES
from ccm.duties import Facts, judged
from ccm.ledger.parties import SEPARATORS
from ccm.model import PRODUCT_TITLES
from ccm.policy import ALWAYS
from ccm.portable import holds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.bulk.engine import Engine, Lazy
    from ccm.model import Done
    from ccm.policy import Policy

COPIED = ("loan_no", "stage", "manager", "branch")
LOOKED_AT = (
    "product",
    "dpd",
    "due_on",
    "party_kind",
    "guaranteed",
    "overdue_principal_cents",
    "overdue_interest_cents",
)
OWED = (*COPIED, "id", "rule", "title", "channel", "letter", "role", "party", "state", "days_left")
"""The columns of what is owed; `days_left` counts to the last day in time, negative where it is past."""


def owed(
    loans: Lazy, people: Sequence[Lazy], policy: Policy, as_of: date, engine: Engine, done: Done | None = None
) -> Lazy:
    """Return every duty that has arisen or arises within the policy's outlook and is not done, one row per party.

    Args:
        loans: The classified loans that are overdue or due, with `guaranteed` and a column for each named party.
        people: Parties from lists of their own: loan_no, role, party.
        policy: Says what is required.
        as_of: The day the loans were classified for.
        engine: Brings rules and what is done to where the loans are.
        done: What the journal says was done.

    Returns:
        A frame with the columns `OWED`, in no order.
    """
    asked = parties(loans, people).join(engine.small(_rules(policy)), on=["product", "role"], how="inner")
    asked = asked.filter(nw.col("dpd") + policy.upcoming_days >= nw.col("from_days"), _apply(policy, as_of))
    if done:
        asked = _outstanding(asked, engine.small(_done(done)), policy, as_of)
    late, early = nw.col("days_left") < 0, nw.col("dpd") < nw.col("from_days")
    state = nw.when(late).then(nw.lit("overdue")).otherwise(nw.lit("due"))
    asked = asked.with_columns(days_left=nw.col("from_days") + nw.col("within_days") - nw.col("dpd"))
    asked = asked.with_columns(state=nw.when(early).then(nw.lit("upcoming")).otherwise(state))
    return asked.select(OWED)


def parties(loans: Lazy, people: Sequence[Lazy]) -> Lazy:
    """Return who owes under each loan, beside what the rules look at: the borrower, and each further party once."""
    facts = (*COPIED, *LOOKED_AT)
    borrowers = loans.select(*facts, role=nw.lit("borrower"), party=nw.col("borrower"))
    columns = party_columns(loans.collect_schema().names())
    beside = [loans.filter(~nw.col(name).is_null()).select(*facts, "borrower", **_named(name)) for name in columns]
    named = [one.explode("party").with_columns(party=nw.col("party").str.strip_chars(SPACES)) for one in beside]
    listed = [loans.select(*facts, "borrower").join(one, on="loan_no", how="inner") for one in people]
    if not named and not listed:
        return borrowers
    others = nw.concat([one.select(*facts, "borrower", "role", "party") for one in (*named, *listed)])
    self_named = (nw.col("role") == "co_borrower") & (nw.col("party") == nw.col("borrower"))
    others = others.filter(nw.col("party") != "", ~self_named).drop("borrower")
    return nw.concat([borrowers, others.unique(subset=["loan_no", "role", "party"], keep="any")])


def _named(column: str) -> dict[str, nw.Expr]:
    """A column of names: several may share a cell."""
    role = "guarantor" if column.startswith("guarantor") else "co_borrower"
    names = nw.col(column).str.replace_all(SEPARATORS, "、").str.split("、")
    return {"role": nw.lit(role), "party": names}


def _rules(policy: Policy) -> pl.DataFrame:
    """The rules that need no asking, one row for each role they bind."""
    rows = [
        (
            rule.product,
            role,
            rule.id,
            rule.rule,
            rule.title,
            rule.channel,
            rule.letter,
            rule.from_days,
            rule.within_days,
        )
        for product in PRODUCT_TITLES
        for rule in policy.duties_of(product)
        if not rule.on_request
        for role in rule.to
    ]
    texts = ("product", "role", "id", "rule", "title", "channel", "letter")
    schema = {**dict.fromkeys(texts, pl.String), "from_days": pl.Int64, "within_days": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _apply(policy: Policy, as_of: date) -> nw.Expr:
    """Whether the conditions of a row's rule hold for its loan; rules that have none always apply."""
    facts = Facts(
        principal_cents=nw.col("overdue_principal_cents"),
        interest_cents=nw.col("overdue_interest_cents"),
        fallen_due=holds(nw.col("due_on") <= nw.lit(as_of)),
        party_kind=nw.col("party_kind"),
        guaranteed=nw.col("guaranteed"),
    )
    applies = nw.lit(True)  # noqa: FBT003 - a literal
    for rule in policy.duties:
        if rule.when is not ALWAYS:
            for _, met in judged(rule.when, facts):
                applies = applies & ((nw.col("id") != rule.id) | holds(met))
    return applies


def _done(done: Done) -> pl.DataFrame:
    """What is done, with the number of the last day on which it was."""
    rows = [(loan, *duty, on.toordinal()) for loan, duties in done.items() for duty, on in duties.items()]
    keys = dict.fromkeys(("loan_no", "id", "role", "party"), pl.String)
    return pl.DataFrame(rows, schema={**keys, "done": pl.Int64}, orient="row")


def _outstanding(asked: Lazy, done: Lazy, policy: Policy, as_of: date) -> Lazy:
    """Leave out what was done for this run of arrears; a letter counts from the day it is owed (`duties`)."""
    began = as_of.toordinal() - nw.col("dpd")
    early = nw.when(nw.col("from_days") > policy.upcoming_days).then(nw.col("from_days") - policy.upcoming_days)
    counts_from = (
        nw.when(~nw.col("letter").is_null()).then(nw.col("from_days")).otherwise(nw.coalesce(early, nw.lit(0)))
    )
    asked = asked.join(done, on=["loan_no", "id", "role", "party"], how="left")
    return asked.filter(~holds(nw.col("done") >= began + counts_from))
