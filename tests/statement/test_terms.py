"""Where each rate comes from: the ledger first, then the policy, and a typed one only where the ledger has none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ccm.errors import CcmError
from ccm.policy import load, parse
from ccm.statement.terms import settle_words, terms_findings, terms_of

if TYPE_CHECKING:
    from ccm.policy import Policy

ROW: dict[str, Any] = {
    "loan_no": "0062001", "product_name": "流动资金贷款", "rate": 6.525, "penalty_rate": None, "penalty_uplift": None,
    "day_basis": None, "settlement": None, "file": "台账.xlsx", "sheet": "贷款", "row": 4,
    "balance_cents": 5_000_000, "overdue_principal_cents": 0, "overdue_interest_cents": 12_345,
    "penalty_interest_cents": None, "compound_interest_cents": None,
}  # fmt: skip


def codes(policy: Policy, *, misused: bool = False, **row: Any) -> list[str]:  # noqa: ANN401 - cells of any kind
    terms = terms_of({**ROW, **row}, policy.interest)
    return [one.code for one in terms_findings({**ROW, **row}, terms, policy.interest, misused=misused)]


@pytest.mark.parametrize(
    ("row", "rate", "source"),
    [
        ({"penalty_rate": 9.7875, "penalty_uplift": 50.0}, "9.7875%", "台账“罚息利率”"),
        ({"penalty_uplift": 30.0}, "8.4825%", "6.525%×(1+30%)，上浮比例出自台账“罚息上浮比例”"),
        ({}, "9.7875%", "6.525%×(1+50%)，上浮比例出自本行规定"),
    ],
)
def test_the_penalty_rate_is_the_ledgers_then_raised_by_its_uplift_then_by_the_policys(
    policy: Policy, row: dict[str, object], rate: str, source: str
) -> None:
    penalty = terms_of({**ROW, **row}, policy.interest).penalty

    assert (str(penalty), penalty.source) == (rate, source)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"penalty_uplift": 30.0}, []),
        ({"penalty_uplift": 50.0}, []),
        ({"penalty_uplift": 29.0}, ["penalty-outside-band"]),
        ({"penalty_uplift": 50.1}, ["penalty-outside-band"]),
        ({"penalty_rate": 9.788}, []),  # rounded by the ledger
        ({"penalty_rate": 9.7875, "penalty_uplift": 50.0}, []),
        ({"penalty_rate": 9.7875, "penalty_uplift": 30.0}, ["penalty-contradicts"]),
        ({}, ["penalty-assumed"]),
        ({"penalty_uplift": 50.0, "settlement": "看合同"}, ["terms-unread"]),
    ],
)
def test_an_uplift_outside_the_permitted_band_is_a_finding(
    policy: Policy, row: dict[str, Any], found: list[str]
) -> None:
    assert codes(policy, **row) == found


def test_misuse_has_a_band_of_its_own(policy: Policy) -> None:
    mild = replace(policy, interest=replace(policy.interest, misuse_uplift=policy.interest.band[0]))

    assert codes(policy, misused=True, penalty_uplift=50.0) == []
    assert codes(mild, misused=True, penalty_uplift=50.0) == ["penalty-outside-band"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("按月结息", "按月，每月20日"),
        ("按季付息，到期还本", "按季，每季末月20日"),
        ("每季", "按季，每季末月20日"),
        ("半年", "按半年，6月、12月20日"),
        ("按年", "按年，每年12月20日"),
        ("到期一次还本付息", "利随本清"),
        (None, "按季，每季末月20日"),
    ],
)
def test_how_interest_is_settled_is_read_from_the_ledgers_words(policy: Policy, said: str | None, words: str) -> None:
    assert settle_words(terms_of({**ROW, "settlement": said}, policy.interest)) == words


def test_the_days_of_a_year_are_the_ledgers_else_the_products_else_the_policys(policy: Policy) -> None:
    rules = replace(policy.interest, basis_of={"按揭": 365})

    assert terms_of({**ROW, "day_basis": "实际/365"}, rules).basis == 365
    assert terms_of({**ROW, "product_name": "个人住房按揭贷款"}, rules).basis == 365
    assert terms_of(ROW, rules).basis == 360


def test_without_a_rate_nothing_is_guessed_and_what_is_known_is_said(policy: Policy) -> None:
    with pytest.raises(CcmError) as stop:
        terms_of({**ROW, "rate": None}, policy.interest)

    assert stop.value.code == "statement-no-rate"
    assert "贷款余额50,000.00元，逾期本金0.00元，逾期利息123.45元" in stop.value.message
    assert str(terms_of({**ROW, "rate": None}, policy.interest, rate="5.40%").contract) == "5.4%"
    assert str(terms_of(ROW, policy.interest, rate="5.40%").contract) == "6.525%"


def test_a_policy_without_interest_has_the_built_in_rules() -> None:
    from importlib.resources import files

    text = files("ccm").joinpath("data/policy.toml").read_text(encoding="utf-8")

    assert parse(text[: text.index("[interest.days]")], "policy.toml").interest == load().interest
