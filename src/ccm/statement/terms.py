"""At what rates a loan is counted, and where each of them comes from: the ledger, else the policy; never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError, finding
from ccm.interest_rules import BASES, PERIODS
from ccm.units import yuan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ccm.errors import Finding
    from ccm.interest_rules import Band, InterestRules, Part

HUNDRED = Decimal(100)
HOUSE = "本行规定"
"""How a document calls the policy."""
ALIKE = Decimal("0.0005")
"""Ledgers round rates: what differs by no more per cent of a year is the same rate."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in per cent of a year, and its source in words."""

    percent: Decimal
    source: str

    def __str__(self) -> str:
        """Return it as a person reads it: 6.525%."""
        return f"{plain(self.percent)}%"


@dataclass(frozen=True, slots=True)
class Terms:
    """How one loan is counted.

    `basis` are the days of a year. Interest is settled every `months` (0: with the principal) on `settle_day`.
    `compounds` and `order` are those of the policy's `InterestRules`.
    """

    contract: Rate
    penalty: Rate
    misuse: Rate
    basis: int
    basis_source: str
    months: int
    settle_day: int
    settle_source: str
    compounds: frozenset[Part]
    order: tuple[Part, ...]


def terms_of(row: Mapping[str, Any], rules: InterestRules, *, rate: str | None = None) -> Terms:
    """Return the terms of a loan from its row of the book.

    Args:
        row: The loan, with `rate`, `penalty_rate`, `penalty_uplift`, `day_basis` and `settlement` where there are.
        rules: The policy's, for what the ledger does not say.
        rate: The contract's rate as it was typed, in per cent of a year; it counts where the ledger has none.

    Raises:
        CcmError: `statement-no-rate`, saying what can still be told; `statement-rate` where a typed one makes no sense.
    """
    contract = _contract(row, rate)
    basis = _basis(row["day_basis"])
    months = _months(row["settlement"])
    return Terms(
        contract=contract,
        penalty=_penalty(row, contract, rules),
        misuse=_raised(contract, rules.misuse_uplift, "本行规定（挪用）"),
        basis=basis or rules.basis_for(row["product_name"]),
        basis_source="台账“计息基数”" if basis else HOUSE,
        months=rules.settle_months if months is None else months,
        settle_day=rules.settle_day,
        settle_source=HOUSE if months is None else "台账“结息方式”",
        compounds=rules.compounds,
        order=rules.order,
    )


def terms_findings(row: Mapping[str, Any], terms: Terms, rules: InterestRules, *, misused: bool) -> Iterator[Finding]:
    """Yield what is doubtful about a loan's terms: uplifts outside the band, two rates that do not fit, assumptions.

    Args:
        row: The loan's row of the book.
        terms: Its terms.
        rules: The policy's, with the bands that are permitted (law.md §6).
        misused: Whether the loan is counted as misused from some day on.
    """
    where = {"file": str(row["file"] or ""), "sheet": str(row["sheet"] or ""), "row": row["row"]}
    told = [(terms.penalty, rules.band, "逾期")]
    told += [(terms.misuse, rules.misuse_band, "挪用")] if misused else []
    for rate, band, cause in told:
        uplift = rate.percent / terms.contract.percent - 1
        if not _within(uplift, band, terms.contract.percent):
            yield finding(
                "penalty-outside-band", **where, value=str(rate), contract=str(terms.contract), cause=cause,
                uplift=_share(uplift), low=_share(band[0]), high=_share(band[1]), source=rate.source,
            )  # fmt: skip
    both = row["penalty_rate"] is not None and row["penalty_uplift"] is not None
    if both:
        other = _raised(terms.contract, _decimal(row["penalty_uplift"]) / HUNDRED, "")
        if abs(other.percent - terms.penalty.percent) > ALIKE:
            yield finding("penalty-contradicts", **where, value=str(terms.penalty), other=str(other))
    if row["penalty_rate"] is None and row["penalty_uplift"] is None:
        yield finding("penalty-assumed", **where, value=str(terms.penalty), uplift=_share(rules.uplift))
    for column, title, known in (
        ("day_basis", "计息基数", _basis(row["day_basis"])),
        ("settlement", "结息方式", _months(row["settlement"])),
    ):
        if row[column] and known is None:
            used = f"一年{terms.basis}天" if column == "day_basis" else settle_words(terms)
            yield finding("terms-unread", **where, column=title, value=str(row[column]), used=used)


def settle_words(terms: Terms, own_day: int | None = None) -> str:
    """Return how interest is settled: 按季，每季末月20日; with `own_day` 按季，这笔为26日."""
    if not terms.months:
        return "利随本清"
    name = next(word for word, months in PERIODS.items() if months == terms.months)
    if own_day:
        return f"按{name}，这笔贷款为{own_day}日"
    month = {1: "每月", 3: "每季末月", 6: "6月、12月", 12: "每年12月"}[terms.months]
    return f"按{name}，{month}{terms.settle_day}日"


def plain(number: Decimal) -> str:
    """Return a decimal without needless zeros: 6.5250 → 6.525."""
    return f"{number.normalize():f}"


def _contract(row: Mapping[str, Any], typed: str | None) -> Rate:
    if row["rate"] is not None:
        return Rate(_decimal(row["rate"]), "台账“利率”")
    if typed is None:
        raise CcmError("statement-no-rate", where=str(row["loan_no"]), known=_known(row))
    return Rate(typed_rate(typed), "经办人据借款合同填写")


def typed_rate(typed: str) -> Decimal:
    """Return a rate as it was typed: `5.4` or `5.4%`.

    Raises:
        CcmError: `statement-rate`.
    """
    text = typed.strip().rstrip("%％")
    percent = Decimal(text) if text.replace(".", "", 1).isdecimal() else Decimal(0)
    if not 0 < percent < HUNDRED:
        raise CcmError("statement-rate", where="--rate", value=typed)
    return percent


def _known(row: Mapping[str, Any]) -> str:
    """Say what the ledger itself gives, which needs no rate."""
    titles = {
        "balance_cents": "贷款余额",
        "overdue_principal_cents": "逾期本金",
        "overdue_interest_cents": "逾期利息",
        "penalty_interest_cents": "罚息",
        "compound_interest_cents": "复利",
    }
    return "，".join(f"{title}{yuan(row[key])}元" for key, title in titles.items() if row[key] is not None)


def _penalty(row: Mapping[str, Any], contract: Rate, rules: InterestRules) -> Rate:
    if row["penalty_rate"] is not None:
        return Rate(_decimal(row["penalty_rate"]), "台账“罚息利率”")
    if row["penalty_uplift"] is not None:
        return _raised(contract, _decimal(row["penalty_uplift"]) / HUNDRED, "台账“罚息上浮比例”")
    return _raised(contract, rules.uplift, HOUSE)


def _raised(contract: Rate, uplift: Decimal, source: str) -> Rate:
    return Rate(contract.percent * (1 + uplift), f"{contract}×(1+{_share(uplift)})，上浮比例出自{source}")


def _share(part: Decimal) -> str:
    return f"{plain((part * 100).quantize(Decimal('0.01')))}%"


def _within(uplift: Decimal, band: Band, percent: Decimal) -> bool:
    slack = ALIKE / percent
    return band[0] - slack <= uplift <= band[1] + slack


def _decimal(number: float) -> Decimal:
    """A rate out of a spreadsheet is the shortest number that reads the same, not its binary neighbour."""
    return Decimal(str(number))


def _basis(text: str | None) -> int | None:
    found = [basis for basis in BASES if str(basis) in (text or "")]
    return found[0] if len(found) == 1 else None


SETTLING = (
    ("利随本清", 0), ("一次还本付息", 0), ("一次性还本付息", 0),
    ("半年", 6), ("月", 1), ("季", 3), ("年", 12), ("到期", 0),
)  # fmt: skip
"""Words of a ledger's 结息方式, the telling ones first: 按季付息到期还本 is by quarters, 半年 is not 年."""


def _months(text: str | None) -> int | None:
    return next((months for word, months in SETTLING if word in (text or "")), None)
