"""The loans a report tells of, each with what it was at the compared triages; and the rest of the book, counted.

A loan is listed where it is overdue or due now, was so at one of the compared triages, or something of it is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from ccm.masking import mask_identity, mask_phone
from ccm.model import PRODUCT_TITLES
from ccm.payments import fallen_cents, figures_of
from ccm.report.lists import LOANS, Column, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.report.facts import Office, Then
    from ccm.report.lists import Row

ABSENT, CALM, UNKNOWN = "不在台账里", "未逾期", "没有可比"
NO_BRANCH, NO_MANAGER, NO_DAY = "未写机构", "未分管", "未写发放日"
SOON, LATER = "30天内进入最后阶段", ""
SOON_DAYS = 30
AGES = ((0, "当天到期"), (1, "1–30天"), (31, "31–60天"), (61, "61–90天"), (91, "91–180天"), (181, "181–360天"),
        (361, "361天–3年"), (1096, "3年以上"))  # fmt: skip
"""Ageing by days past due, each span from its first day on."""
GAPS = {
    "phone": "电话",
    "address": "地址",
    "id_no": "证件号码",
    "manager": "客户经理",
    "due_on": "到期日",
    "contract_no": "合同号",
}
"""What is asked of every overdue loan's row; without it a call, a letter or a suit cannot be made."""
OF_CARDS = 4
"""A card has neither due date nor contract number in ledgers: only the first of these are asked of it."""

COLUMNS = (
    Column("no", "借据号", "text"), Column("borrower", "借款人", "name"), Column("branch", "机构"),
    Column("manager", "客户经理"), Column("product", "产品"), Column("stage", "现在"), Column("last", "上次"),
    Column("month", "一个月前"), Column("dpd", "逾期天数", "count"), Column("principal", "逾期本金", "money"),
    Column("interest", "逾期利息", "money"), Column("balance", "贷款余额", "money"), Column("class", "五级分类"),
    Column("move", "与上次比"), Column("move_month", "与月前比", shown=False),
    Column("paid", "上次以来收回", "money", shown=False), Column("paid_month", "月前以来收回", "money", shown=False),
    Column("principal_last", "上次逾期本金", "money", shown=False),
    Column("interest_last", "上次逾期利息", "money", shown=False),
    Column("principal_month", "月前逾期本金", "money", shown=False),
    Column("interest_month", "月前逾期利息", "money", shown=False), Column("age", "账龄", shown=False),
    Column("vintage", "发放", shown=False), Column("soon", "将进入最后阶段", shown=False),
    Column("gaps", "台账缺", shown=False), Column("guarantors", "担保人", "name", shown=False),
    Column("phone", "电话", "text", shown=False), Column("id_no", "证件号码", "text", shown=False),
)  # fmt: skip
CALM_COLUMNS = (
    Column("branch", "机构"), Column("manager", "客户经理"), Column("product", "产品"), Column("stage", "现在"),
    Column("last", "上次"), Column("month", "一个月前"), Column("n", "笔数", "count"),
)  # fmt: skip
POOL_COLUMNS = (
    Column("branch", "机构"), Column("manager", "客户经理"), Column("product", "产品"), Column("vintage", "发放"),
    Column("n", "笔数", "count"), Column("balance", "贷款余额", "money"),
)  # fmt: skip
FACTS = (
    "loan_no", "borrower", "branch", "manager", "product", "stage", "dpd", "balance_cents", "overdue_principal_cents",
    "overdue_interest_cents", "risk_class", "issued_on", *(name for name in GAPS if name != "manager"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Books:
    """The listed loans, where each stands in them by office and number, and the two counts of the rest."""

    loans: Listing
    at: Mapping[tuple[int, str], int]
    calm: Listing
    pools: Listing


def books(offices: Sequence[Office], *, reveal: bool) -> Books:
    """Return the loans of several offices as one list; identity and telephone numbers masked unless `reveal`."""
    stages = stage_labels(offices[0])
    rows: list[Row] = []
    at: dict[tuple[int, str], int] = {}
    calm: list[Row] = []
    pools: list[Row] = []
    for nth, office in enumerate(offices):
        listed = sorted(_listed(office))
        for number, row in zip(listed, _rows(office, listed, reveal=reveal), strict=True):
            at[nth, number] = len(rows)
            rows.append(row)
        calm += _calm(office, listed)
        pools += _pools(office)
    known = (*stages, CALM, ABSENT, UNKNOWN)
    order = {"stage": known, "last": known, "month": known, "age": tuple(label for _, label in AGES)}
    return Books(
        Listing(LOANS, "贷款", COLUMNS, tuple(rows), order),
        at,
        Listing("calm", "未逾期", CALM_COLUMNS, tuple(calm), order),
        Listing("pools", "发放", POOL_COLUMNS, tuple(pools), {"vintage": _in_order(str(row[3]) for row in pools)}),
    )


def stage_labels(office: Office) -> tuple[str, ...]:
    """Return the stages' labels, the mildest first."""
    return tuple(stage.label for stage in office.policy.stages)


def _listed(office: Office) -> set[str]:
    found = {case.loan_no for case in office.cases}
    for then in (office.last, office.month):
        if then:
            found |= set(then.book.filter(pl.col("stage").is_not_null())["loan_no"])
    found |= {one.loan_no for one in office.signals if one.state != "closed"}
    found |= {one.loan_no for one in office.proofs} | {one.loan_no for one in office.deferrals} | set(office.promises)
    known = set(office.now["loan_no"])
    for then in (office.last, office.month):
        known |= set(then.book["loan_no"]) if then else set()
    return found & known


def _rows(office: Office, listed: Sequence[str], *, reveal: bool) -> Iterable[Row]:
    now, last, month = (_facts(book, listed) for book in _three(office))
    guarantors = _guarantors(office, listed)
    labels = {stage.from_days: stage.label for stage in office.policy.stages}
    for number in listed:
        row = now.get(number) or last.get(number) or month[number]
        here, there, before = now.get(number), last.get(number), month.get(number)
        paid = _paid(office, number, here, there, office.last)
        yield (
            number, row["borrower"], row["branch"] or NO_BRANCH, row["manager"] or NO_MANAGER,
            PRODUCT_TITLES[row["product"]], _stage(here, labels), _stage(there, labels, office.last),
            _stage(before, labels, office.month), here["dpd"] if here else 0, *_owed(here),
            (here or {}).get("balance_cents") or 0, row["risk_class"] if here else "",
            office.last.moves.get(number, "") if office.last else "",
            office.month.moves.get(number, "") if office.month else "",
            paid, max(paid, _paid(office, number, here, before, office.month)) if office.month else 0,
            *_owed(there), *_owed(before), _age(here), _vintage(row["issued_on"], office.as_of),
            _soon(here, office), _gaps(here), "、".join(guarantors.get(number, ())),
            _masked(row["phone"], reveal, mask_phone), _masked(row["id_no"], reveal, mask_identity),
        )  # fmt: skip


def _three(office: Office) -> tuple[pl.DataFrame | None, ...]:
    return office.now, office.last.book if office.last else None, office.month.book if office.month else None


def _facts(book: pl.DataFrame | None, listed: Sequence[str]) -> dict[str, dict[str, Any]]:
    if book is None:
        return {}
    rows = book.filter(pl.col("loan_no").is_in(listed)).select(FACTS)
    return {row["loan_no"]: row for row in rows.iter_rows(named=True)}


def _guarantors(office: Office, listed: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    known = office.parties.filter((pl.col("role") == "guarantor") & pl.col("loan_no").is_in(listed))
    for number, name in known.select("loan_no", "name").iter_rows():
        found.setdefault(number, []).append(name)
    return found


def _stage(row: Mapping[str, Any] | None, labels: Mapping[int, str], then: Then | object = ABSENT) -> str:
    """Where a loan stood; `then` is None where there is no book to know it from."""
    if then is None:
        return UNKNOWN
    if row is None:
        return ABSENT
    # A stage that an earlier policy had is the one that holds its days now.
    stage = row["stage"]
    return CALM if stage is None else labels[max(days for days in labels if days <= stage)]


def _owed(row: Mapping[str, Any] | None) -> tuple[int, int]:
    if row is None or row["stage"] is None:
        return 0, 0
    return row["overdue_principal_cents"] or 0, row["overdue_interest_cents"] or 0


def _paid(
    office: Office, number: str, now: Mapping[str, Any] | None, old: Mapping[str, Any] | None, then: Then | None
) -> int:
    """What came in since a triage: by what was logged, and by what the ledger shows of an overdue loan."""
    if then is None:
        return 0
    logged = sum(one.cents for one in office.payments.get(number, ()) if then.on < one.on <= office.as_of)
    if now is None or old is None or old["stage"] is None:
        return logged
    return max(logged, fallen_cents(figures_of(old, then.on), figures_of(now, office.as_of)))


def _age(row: Mapping[str, Any] | None) -> str:
    if row is None or row["stage"] is None:
        return ""
    return [label for days, label in AGES if days <= row["dpd"]][-1]


def _vintage(issued_on: date | None, as_of: date) -> str:
    """The month a loan was issued in, before last year the year."""
    if issued_on is None:
        return NO_DAY
    return f"{issued_on:%Y-%m}" if issued_on.year >= as_of.year - 1 else f"{issued_on.year}年"


def _in_order(vintages: Iterable[str]) -> tuple[str, ...]:
    """By time, what has no day last."""
    return tuple(sorted(set(vintages), key=lambda one: (one == NO_DAY, one)))


def _soon(row: Mapping[str, Any] | None, office: Office) -> str:
    final = office.policy.stages[-1].from_days
    if row is None or row["stage"] is None or not final - SOON_DAYS <= row["dpd"] < final:
        return LATER
    return SOON


def _gaps(row: Mapping[str, Any] | None) -> str:
    if row is None or row["stage"] is None:
        return ""
    asked = GAPS.items() if row["product"] == "loan" else list(GAPS.items())[:OF_CARDS]
    return "、".join(title for name, title in asked if row[name] is None)


def _masked(value: str | None, reveal: bool, mask: Any) -> str:  # noqa: ANN401, FBT001
    return "" if value is None else value if reveal else mask(value)


def _calm(office: Office, listed: Sequence[str]) -> list[Row]:
    """Count the loans that were never overdue at the days compared, by where they are and were."""
    here, there, before = (_standing(book, listed) for book in _three(office))
    both = here
    for other, suffix in ((there, "_last"), (before, "_month")):
        both = both.join(other, on="loan_no", how="full", suffix=suffix, coalesce=True)
    counted = both.select(
        pl.coalesce("branch", "branch_last", "branch_month").fill_null(NO_BRANCH).alias("branch"),
        pl.coalesce("manager", "manager_last", "manager_month").fill_null(NO_MANAGER).alias("manager"),
        pl.coalesce("product", "product_last", "product_month"),
        _where("here", office.now),
        _where("here_last", office.last),
        _where("here_month", office.month),
    )
    names = counted.columns
    groups = counted.group_by(names).len().sort(names)
    return [(branch, manager, PRODUCT_TITLES[product], *rest) for branch, manager, product, *rest in groups.iter_rows()]


def _standing(book: pl.DataFrame | None, listed: Sequence[str]) -> pl.DataFrame:
    columns = {"loan_no": pl.String, "branch": pl.String, "manager": pl.String, "product": pl.String}
    if book is None:
        return pl.DataFrame(schema={**columns, "here": pl.Boolean})
    rest = book.select(list(columns)).filter(~pl.col("loan_no").is_in(listed))
    return rest.with_columns(here=pl.lit(value=True))


def _where(column: str, known: object) -> pl.Expr:
    if known is None:
        return pl.lit(UNKNOWN).alias(column)
    return pl.when(pl.col(column).fill_null(value=False)).then(pl.lit(CALM)).otherwise(pl.lit(ABSENT)).alias(column)


def _pools(office: Office) -> list[Row]:
    """Count the whole book by when the loans were issued; nothing where the ledger does not say."""
    book = office.now.select("branch", "manager", "product", "issued_on", "balance_cents")
    if not book["issued_on"].is_not_null().any():
        return []
    found: dict[tuple[str, ...], list[int]] = {}
    for branch, manager, product, issued_on, balance in book.iter_rows():
        key = (branch or NO_BRANCH, manager or NO_MANAGER, PRODUCT_TITLES[product], _vintage(issued_on, office.as_of))
        sums = found.setdefault(key, [0, 0])
        sums[0] += 1
        sums[1] += balance or 0
    return [(*key, *sums) for key, sums in sorted(found.items())]
