"""The signs of risk that a ledger gives of itself, and which of them are new (W1).

Some stand as long as the ledger shows them (interest unpaid, guarantor in arrears, circle, large or risky credit): each
run of standing is one occurrence. Others are a change against the triage before (balance up, class worse).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ccm.model import CLASS_BY_TITLES
from ccm.units import short_yuan, yuan
from ccm.warn.circles import circles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from ccm.policy import Policy, SignRule

NAMED = 6
"""How many members of a circle are named."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sign that a ledger shows: of which loan (for a circle also of which others), about whom, in words.

    `sign` and `subject` together say which it is; two ledgers that show the same are one occurrence.
    """

    sign: str
    level: str
    loan_no: str
    subject: str
    text: str
    loans: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells one sign from another."""
        return self.sign, self.subject


@dataclass(frozen=True, slots=True)
class Before:
    """The triage before: its day, its classified book, its parties."""

    on: date
    book: pl.DataFrame
    parties: pl.DataFrame


def fresh(
    book: pl.DataFrame,
    parties: pl.DataFrame,
    before: Before | None,
    policy: Policy,
    raised: Mapping[tuple[str, str], date],
) -> list[Shown]:
    """Return the signs for which a signal is to be raised: each once per occurrence.

    Args:
        book: The classified book of today.
        parties: Its co-borrowers and guarantors.
        before: The triage before, None for the first; a loan that it did not hold tells nothing of an occurrence.
        policy: Says which signs are looked for, and from which figures on.
        raised: The last day on which a signal was raised for a sign, by its key.
    """
    standing = list(_standing(book, parties, policy))
    if before is None:
        return [one for one in standing if one.key not in raised]
    was, held = {one.key for one in _standing(before.book, before.parties, policy)}, set(before.book["loan_no"])
    found = []
    for one in standing:
        last = raised.get(one.key)
        gone_between = one.key not in was and one.loan_no in held
        if last is None or (gone_between and last < before.on):
            found.append(one)
    for one in _changes(before.book, book, policy):
        last = raised.get(one.key)
        if last is None or last < before.on:
            found.append(one)
    return found


def _standing(book: pl.DataFrame, parties: pl.DataFrame, policy: Policy) -> Iterator[Shown]:
    for rule in policy.signs:
        if rule.sign in STANDING:
            yield from STANDING[rule.sign](book, parties, rule, policy)


def _interest(book: pl.DataFrame, _: pl.DataFrame, rule: SignRule, __: Policy) -> Iterator[Shown]:
    unpaid = book.filter((pl.col("overdue_interest_cents") > 0) & (pl.col("interest_dpd") >= rule.from_days))
    for number, cents, days in unpaid.select("loan_no", "overdue_interest_cents", "interest_dpd").iter_rows():
        yield _of_loan(rule, number, f"{yuan(cents)}元，{days}天未还")


def _large(book: pl.DataFrame, _: pl.DataFrame, rule: SignRule, __: Policy) -> Iterator[Shown]:
    found = book.filter((pl.col("balance_cents") >= rule.min_balance_cents) & (pl.col("dpd") > 0))
    for number, cents, days in found.select("loan_no", "balance_cents", "dpd").iter_rows():
        yield _of_loan(rule, number, f"余额{short_yuan(cents)}，逾期{days}天")


def _high_risk(book: pl.DataFrame, _: pl.DataFrame, rule: SignRule, policy: Policy) -> Iterator[Shown]:
    labels = [one.label for one in policy.classes]
    if rule.from_class in labels:
        found = book.filter(pl.col("risk_class").is_in(labels[labels.index(rule.from_class) :]))
        for number, label, days, by in found.select("loan_no", "risk_class", "dpd", "class_by").iter_rows():
            why = f"（{CLASS_BY_TITLES[by]}）" if by in {"debtor_share", "debtor_bad"} else ""
            yield _of_loan(rule, number, f"五级分类{label}{why}" + (f"，逾期{days}天" if days else ""))


def _guarantors(book: pl.DataFrame, parties: pl.DataFrame, rule: SignRule, _: Policy) -> Iterator[Shown]:
    """A guarantor who is overdue as a borrower of another loan; by name alone where a number is missing."""
    owing = pl.col("balance_cents").fill_null(0) > 0
    late = book.filter(pl.col("dpd") > 0).select("borrower", "id_no", other="loan_no", dpd="dpd")
    behind = parties.filter(pl.col("role") == "guarantor").select("loan_no", "name", "id_no")
    behind = behind.join(book.filter(owing).select("loan_no"), on="loan_no", how="semi", maintain_order="left")
    same = behind.join(late, on="id_no", how="inner").with_columns(sure=pl.lit(value=True))
    named = behind.join(late, left_on="name", right_on="borrower", how="inner", suffix="_late")
    named = named.filter(pl.col("id_no").is_null() | pl.col("id_no_late").is_null()).with_columns(
        sure=pl.lit(value=False)
    )
    columns = ("loan_no", "name", "id_no", "other", "dpd", "sure")
    found = pl.concat([same.select(columns), named.select(columns)]).filter(pl.col("loan_no") != pl.col("other"))
    worst = found.sort("loan_no", "name", "dpd", descending=[False, False, True]).unique(
        ["loan_no", "name", "id_no"], keep="first", maintain_order=True
    )
    for number, name, id_no, other, days, sure in worst.select(columns).iter_rows():
        doubt = "" if sure else "（只按姓名对上，请核对）"
        text = f"{rule.title}：{name}的借据{other}逾期{days}天{doubt}"
        yield Shown(rule.sign, rule.level, number, f"{number}/{id_no or name}", text)


def _circles(book: pl.DataFrame, parties: pl.DataFrame, rule: SignRule, _: Policy) -> Iterator[Shown]:
    """One sign per circle, on its largest loan; it is about all loans that are guaranteed within the circle."""
    edges = _edges(book, parties)
    names = dict(zip([*edges["guarantor"], *edges["debtor"]], [*edges["name"], *edges["borrower"]], strict=True))
    for circle in circles(zip(edges["guarantor"], edges["debtor"], strict=True)):
        inside = edges.filter(pl.col("guarantor").is_in(circle) & pl.col("debtor").is_in(circle))
        loans = inside.unique("loan_no").sort(["balance_cents", "loan_no"], descending=[True, False])
        members = sorted(names[one] for one in circle)
        who = "、".join(members[:NAMED]) + (f"等{len(members)}人" if len(members) > NAMED else "")
        numbers, total = loans["loan_no"].to_list(), sum(loans["balance_cents"].to_list())
        text = f"{rule.title}：{who}互相担保，{len(numbers)}笔，余额共{short_yuan(total)}"
        yield Shown(rule.sign, rule.level, numbers[0], "、".join(sorted(circle)), text, tuple(numbers))


def _edges(book: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Who guarantees for whom under a loan with a balance; whoever cannot be in a circle is left out."""
    debts = book.filter(pl.col("balance_cents") > 0).select("loan_no", "borrower", "id_no", "balance_cents")
    behind = parties.filter(pl.col("role") == "guarantor").select("loan_no", "name", guarantor="id_no")
    known = pl.concat(
        [debts.select(name="borrower", number="id_no"), behind.select("name", number="guarantor")]
    ).drop_nulls()
    # A name that bears one number everywhere is that person also where the number is missing.
    known = known.unique().group_by("name").agg(pl.col("number").first(), pl.len()).filter(pl.col("len") == 1)
    edges = behind.join(debts, on="loan_no", how="inner", maintain_order="left")
    for key, own, name in (("guarantor", "guarantor", "name"), ("debtor", "id_no", "borrower")):
        edges = edges.join(known.select(pl.col("name").alias(name), "number"), on=name, how="left").with_columns(
            pl.coalesce(own, "number", name).alias(key)
        )
        edges = edges.drop("number")
    edges = edges.filter(pl.col("guarantor") != pl.col("debtor"))
    while True:
        fewer = edges.filter(
            pl.col("guarantor").is_in(edges["debtor"].implode()) & pl.col("debtor").is_in(edges["guarantor"].implode())
        )
        if fewer.height == edges.height:
            break
        edges = fewer
    return edges


STANDING: dict[str, Callable[[pl.DataFrame, pl.DataFrame, SignRule, Policy], Iterable[Shown]]] = {
    "interest_unpaid": _interest,
    "large": _large,
    "high_risk": _high_risk,
    "guarantor_overdue": _guarantors,
    "guarantee_circle": _circles,
}
"""How each sign that stands is found in a book."""


def _changes(old: pl.DataFrame, new: pl.DataFrame, policy: Policy) -> Iterator[Shown]:
    both = new.select("loan_no", "dpd", "balance_cents", "risk_class").join(
        old.select("loan_no", "dpd", "balance_cents", "risk_class"), on="loan_no", suffix="_old", maintain_order="left"
    )
    rules = {rule.sign: rule for rule in policy.signs}
    if rule := rules.get("balance_up"):
        more = (pl.col("balance_cents") > pl.col("balance_cents_old")) & (pl.min_horizontal("dpd", "dpd_old") > 0)
        for number, before, after in both.filter(more).select("loan_no", "balance_cents_old", "balance_cents").rows():
            words = f"由{short_yuan(before)}增至{short_yuan(after)}"
            yield Shown(rule.sign, rule.level, number, f"{number}/{before}-{after}", f"{rule.title}：{words}")
    if rule := rules.get("class_worse"):
        labels = [one.label for one in policy.classes]
        moved = both.filter(pl.col("risk_class") != pl.col("risk_class_old"))
        for number, before, after in moved.select("loan_no", "risk_class_old", "risk_class").iter_rows():
            if before in labels and after in labels and labels.index(after) > labels.index(before):
                subject, text = f"{number}/{before}-{after}", f"{rule.title}：由{before}下调为{after}"
                yield Shown(rule.sign, rule.level, number, subject, text)


def _of_loan(rule: SignRule, number: str, words: str) -> Shown:
    return Shown(rule.sign, rule.level, number, number, f"{rule.title}：{words}")
