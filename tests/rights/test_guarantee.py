"""law.md §2 and §3: the guarantee period, what saves it, and the guarantor's own limitation."""

from __future__ import annotations

from typing import Any

import pytest
from story import RULES, borrower, clock, clocks_on, co_borrower, day, event, guarantee_of, guarantor, letter, loan

DUE = "2025-08-31"
UNTIL_PAID = "直至主债务本息还清为止"
OLD = {"contract_on": "2019-06-01"}


def period(as_of: str, due: str, **contract: Any) -> str:  # noqa: ANN401 - any field of the contract
    return str(guarantee_of(as_of, loan(due, guarantor(**contract))).ends_on)


def own_limitation(as_of: str, facts: Any, *events: Any) -> str | None:  # noqa: ANN401
    found = [one for one in clocks_on(as_of, facts, *events) if one.right == "guarantor_limitation"]
    return str(found[0].ends_on) if found else None


# ── §2.3: the test vectors ──


def test_vector_joint_saved_by_a_letter_delivered_the_day_before() -> None:
    facts = loan(DUE, guarantor())
    saved = letter("2026-02-27", guarantor())

    assert str(guarantee_of("2026-02-01", facts).ends_on) == "2026-02-28"
    assert guarantee_of("2026-03-01", facts, saved).state == "safe"
    assert own_limitation("2026-03-01", facts, saved) == "2029-02-27"


def test_vector_general_by_unclear_wording_is_lost_whatever_was_written() -> None:
    facts = loan(DUE, guarantor(kind="保证"))
    written = letter("2026-02-27", guarantor())

    assert guarantee_of("2026-02-28", facts, written).state == "near"
    assert guarantee_of("2026-03-01", facts, written).state == "lost"


def test_vector_until_paid_is_two_years_before_the_code_and_six_months_since() -> None:
    assert period("2021-06-01", "2020-05-31", period_text=UNTIL_PAID, **OLD) == "2022-05-31"
    assert period("2023-06-01", "2023-05-31", period_text=UNTIL_PAID, contract_on="2022-06-01") == "2023-11-30"


# ── §2.1: kind ──


@pytest.mark.parametrize(
    ("words", "contract_on", "act"),
    [
        ("连带责任保证", "2024-01-15", "request"),
        ("连带责任保证", "2019-06-01", "request"),
        ("一般保证", "2019-06-01", "suit"),
        ("债务人不能履行债务时，由保证人承担保证责任", "2024-01-15", "suit"),
        ("借款人无力偿还时承担", "2024-01-15", "suit"),
        ("债务人不履行债务即承担保证责任", "2024-01-15", "request"),
        ("未偿还时，无条件承担", "2024-01-15", "request"),
        ("保证", "2024-01-15", "suit"),
        ("", "2021-01-01", "suit"),
        ("保证", "2020-12-31", "request"),
        ("", "2019-06-01", "request"),
        ("", None, "suit_and_request"),
    ],
)
def test_the_kind_follows_the_words_and_the_contracts_date(
    words: str | None, contract_on: str | None, act: str
) -> None:
    """民法典686, 担保解释25; before 2021 担保法19."""
    facts = loan(DUE, guarantor(kind=words, contract_on=contract_on))

    assert guarantee_of("2025-09-10", facts).act == act


@pytest.mark.parametrize("contract_on", ["2019-06-01", "2024-01-15", None])
def test_a_ledger_silent_on_the_kind_asks_for_both_acts(contract_on: str | None) -> None:
    """The contract may say either; what the law makes of silence is for the contract's own."""
    facts = loan(DUE, guarantor(kind=None, contract_on=contract_on))

    assert guarantee_of("2025-09-10", facts).act == "suit_and_request"
    assert guarantee_of("2026-03-01", facts, letter("2026-02-10", guarantor())).state == "near"
    assert guarantee_of("2026-03-01", facts).state == "lost"


def test_a_ledger_silent_on_the_period_warns_by_six_months_but_does_not_give_up() -> None:
    """The bank's forms often agree on years; who is called lost gets no letter."""
    facts = loan(DUE, guarantor(period_text=None))
    shown = guarantee_of("2026-03-10", facts)

    assert (shown.state, str(shown.ends_on), shown.days_left, shown.act) == ("near", "2026-02-28", -10, "request")
    assert shown.missing == ("guarantee_until_on",)
    assert [doubt.keys for doubt in shown.doubts] == [("no_period",)]


def test_a_debt_due_before_the_code_was_guaranteed_before_it() -> None:
    facts = loan("2020-10-31", guarantor(kind="保证", contract_on=None))

    assert guarantee_of("2020-12-01", facts).act == "request"


def test_a_kind_that_stays_open_asks_for_both_acts() -> None:
    """686 or 担保法19: neither the letter nor the suit alone is enough to be sure."""
    facts = loan(DUE, guarantor(kind="保证", contract_on=None))
    request, suit = letter("2025-10-10", guarantor()), event("SUIT_FILED", "2025-10-10")

    assert guarantee_of("2025-12-01", facts, request).act == "suit"
    assert guarantee_of("2025-12-01", facts, suit).act == "request"
    assert guarantee_of("2025-12-01", facts, request, suit).state == "safe"
    assert guarantee_of("2026-04-01", facts, request).state == "near"
    assert guarantee_of("2026-04-01", facts).state == "lost"


# ── §2.1: length ──


@pytest.mark.parametrize(
    ("contract", "ends_on"),
    [
        ({}, "2026-02-28"),
        ({"until_on": "2027-08-31"}, "2027-08-31"),
        ({"until_on": "2025-08-31"}, "2026-02-28"),
        ({"until_on": "2025-06-30"}, "2026-02-28"),
        ({"period_text": "主债务履行期限届满之日起三年"}, "2028-08-31"),
        ({"period_text": "自主债务履行期限届满之日起24个月"}, "2027-08-31"),
        ({"period_text": UNTIL_PAID}, "2026-02-28"),
        ({"period_text": "至债务清偿完毕时止"}, "2026-02-28"),
        ({"period_text": "与主合同相同"}, "2026-02-28"),
        ({"period_text": UNTIL_PAID, "contract_on": "2019-06-01"}, "2026-02-28"),
        ({"period_text": UNTIL_PAID, "contract_on": None}, "2026-02-28"),
    ],
)
def test_the_length_as_agreed_else_six_months(contract: dict[str, Any], ends_on: str) -> None:
    """民法典692, 担保解释32; an agreed end at or before the due date is none."""
    assert period("2025-09-10", DUE, **contract) == ends_on


def test_an_old_contract_without_any_period_has_six_months() -> None:
    """时间效力27: 没有约定 is not 约定不明."""
    assert period("2020-11-01", "2020-10-31", **OLD) == "2021-04-30"


def test_an_old_unclear_contract_due_under_the_code_is_unsettled() -> None:
    """[J]: six months for the alarm, two years shown; lost only when both are over."""
    facts = loan(DUE, guarantor(period_text=UNTIL_PAID, **OLD))
    early, between, late = (guarantee_of(on, facts) for on in ("2025-09-10", "2026-03-10", "2027-09-01"))

    assert [(doubt.keys, str(doubt.ends_on), doubt.confirm) for doubt in early.doubts] == [
        (("unclear_old", "ends"), "2027-08-31", True)
    ]
    assert (between.state, str(between.ends_on)) == ("near", "2027-08-31")
    assert [str(doubt.ends_on) for doubt in between.doubts] == ["2026-02-28"]
    assert late.state == "lost"


@pytest.mark.parametrize(
    ("text", "ends_on"),
    [
        ("24", "2027-08-31"), ("贰年", "2027-08-31"), ("2年零6个月", "2028-02-29"), ("2.5年", "2028-02-29"),
        ("90日", "2025-11-29"), ("180天", "2026-02-27"), ("至2027-12-31", "2027-12-31"), ("2027-12-31", "2027-12-31"),
    ],
)  # fmt: skip
def test_a_period_is_counted_in_the_unit_in_which_it_was_agreed(text: str, ends_on: str) -> None:
    """DUE is 2025-08-31; 民法典201, 202."""
    assert period("2025-09-10", DUE, period_text=text) == ends_on


def test_two_years_until_all_is_repaid_is_two_years_or_nothing_clear() -> None:
    facts = loan(DUE, guarantor(period_text="届满之日起两年，至本息结清", contract_on="2024-01-15"))
    early, between, late = (guarantee_of(on, facts) for on in ("2025-09-10", "2026-03-10", "2027-09-01"))

    assert (str(early.ends_on), [str(doubt.ends_on) for doubt in early.doubts]) == ("2026-02-28", ["2027-08-31"])
    assert (between.state, str(between.ends_on)) == ("near", "2027-08-31")
    assert late.state == "lost"


@pytest.mark.parametrize(
    "text", ["3", "60", "与主债务诉讼时效相同", "至2027年2月30日", "二〇二七年五月一日止", "见合同"]
)
def test_a_period_that_cannot_be_read_warns_by_six_months_and_gives_nothing_up(text: str) -> None:
    shown = guarantee_of("2027-09-01", loan(DUE, guarantor(period_text=text, contract_on="2024-01-15")))

    assert (shown.state, str(shown.ends_on), shown.act) == ("near", "2026-02-28", "request")
    assert shown.missing == ("guarantee_until_on",)
    assert [doubt.keys for doubt in shown.doubts] == [("unread_period",)]


# ── §2.1, 30: maximum-amount guarantees ──


def test_a_maximum_guarantee_counts_from_the_determination_where_all_is_due() -> None:
    """担保解释30(2), 民法典423."""
    contract = {"maximum": True, "determined_on": "2025-12-31", "last_claim_due_on": "2025-10-31"}

    assert period("2026-01-10", DUE, **contract) == "2026-06-30"


def test_a_maximum_guarantee_counts_from_the_last_claim_where_some_is_not_due() -> None:
    contract = {"maximum": True, "determined_on": "2025-12-31", "last_claim_due_on": "2026-04-30"}

    assert period("2026-01-10", DUE, **contract) == "2026-10-30"


def test_a_maximum_guarantee_without_its_dates_is_watched_from_the_loans_own_due_date() -> None:
    shown = guarantee_of("2025-09-10", loan(DUE, guarantor(maximum=True)))

    assert str(shown.ends_on) == "2026-02-28"
    assert ("maximum",) in [doubt.keys for doubt in shown.doubts]


# ── §2.1, 692: the period is never interrupted ──


def test_a_guarantee_of_instalments_counts_from_the_last() -> None:
    """(2019)最高法民申6049号."""
    facts = loan(DUE, guarantor(), last_instalment_on="2026-08-31")

    assert str(guarantee_of("2025-09-10", facts).ends_on) == "2027-02-28"


def test_nothing_lengthens_the_guarantee_period() -> None:
    """692(1): no suspension, interruption or extension."""
    facts = loan(DUE, guarantor())
    events = [letter("2025-10-10"), event("PART_PAYMENT", "2025-11-10"), event("OBSTACLE", "2025-12-01", guarantor())]

    assert str(guarantee_of("2025-12-10", facts, *events).ends_on) == "2026-02-28"


# ── §2.2: what saves a joint guarantee ──


@pytest.mark.parametrize("kind", ["LETTER_SIGNED", "DATA_MESSAGE", "DEDUCTION", "SUIT_FILED"])
def test_a_request_that_reaches_the_guarantor_saves(kind: str) -> None:
    """693(2)."""
    facts = loan(DUE, guarantor())

    assert guarantee_of("2026-03-01", facts, event(kind, "2026-02-10", guarantor())).state == "safe"


@pytest.mark.parametrize("kind", ["PART_PAYMENT", "PLAN", "NEWSPAPER", "PRESERVATION"])
def test_what_is_no_request_does_not_save(kind: str) -> None:
    facts = loan(DUE, guarantor())

    assert guarantee_of("2026-03-01", facts, event(kind, "2026-02-10", guarantor())).state == "lost"


@pytest.mark.parametrize("to", [borrower(), guarantor("赵六")])
def test_a_letter_to_anybody_else_does_not_save(to: Any) -> None:  # noqa: ANN401
    """担保解释29(1), master table 16."""
    facts = loan(DUE, guarantor(), guarantor("赵六"))

    assert guarantee_of("2026-03-01", facts, letter("2026-02-10", to), of="李四").state == "lost"


def test_suing_the_debtor_does_not_save_a_joint_guarantee() -> None:
    facts = loan(DUE, guarantor())

    assert guarantee_of("2026-03-01", facts, event("SUIT_FILED", "2026-02-10")).state == "lost"


def test_a_withdrawn_suit_against_the_guarantor_counts_once_served() -> None:
    """担保解释31(2)."""
    facts = loan(DUE, guarantor())
    suit = {"withdrawn": True, "ended_on": "2026-03-20"}

    assert guarantee_of("2026-04-01", facts, event("SUIT_FILED", "2026-01-10", guarantor(), **suit)).state == "lost"
    served = event("SUIT_FILED", "2026-01-10", guarantor(), **suit, served_on="2026-01-25")
    assert guarantee_of("2026-04-01", facts, served).state == "safe"


def test_the_last_day_moves_to_a_working_day() -> None:
    """203: six months from 2025-08-15 end in the Spring Festival."""
    facts = loan("2025-08-15", guarantor())

    assert str(guarantee_of("2026-01-01", facts).legal_ends_on) == "2026-02-24"
    assert guarantee_of("2026-03-01", facts, letter("2026-02-24", guarantor())).state == "safe"
    assert guarantee_of("2026-03-01", facts, letter("2026-02-25", guarantor())).state == "lost"


def test_a_request_before_the_debt_is_due_is_early() -> None:
    facts = loan(DUE, guarantor())
    shown = guarantee_of("2026-03-01", facts, letter("2025-08-20", guarantor()))

    assert (shown.state, shown.basis[-1].worth) == ("lost", "early")


def test_after_the_end_a_signed_notice_revives_nothing() -> None:
    """担保解释34(2), master table 17: only a new contract."""
    facts = loan(DUE, guarantor())
    signed = event("LETTER_SIGNED", "2026-03-10", guarantor(), agrees=True)
    shown = guarantee_of("2026-04-01", facts, signed)

    assert (shown.state, shown.act) == ("lost", "new_guarantee")
    assert own_limitation("2026-04-01", facts, signed) is None


# ── §2.2: what saves a general guarantee ──


@pytest.mark.parametrize("kind", ["SUIT_FILED", "ENFORCEMENT"])
def test_suing_the_debtor_or_enforcing_a_notarised_deed_saves(kind: str) -> None:
    """693(1), 担保解释27."""
    facts = loan(DUE, guarantor(kind="一般保证"))

    assert guarantee_of("2026-03-01", facts, event(kind, "2026-02-10")).state == "safe"


def test_suing_any_of_the_joint_debtors_is_suing_the_debtor() -> None:
    facts = loan(DUE, borrower(), co_borrower(), guarantor(kind="一般保证"))

    assert guarantee_of("2026-03-01", facts, event("SUIT_FILED", "2026-02-10", co_borrower())).state == "safe"


def test_suing_only_the_general_guarantor_does_not() -> None:
    """担保解释26(1): such a suit is rejected."""
    facts = loan(DUE, guarantor(kind="一般保证"))

    assert guarantee_of("2026-03-01", facts, event("SUIT_FILED", "2026-02-10", guarantor())).state == "lost"


def test_a_suit_withdrawn_and_not_filed_anew_does_not() -> None:
    """担保解释31(1), even if the complaint was served."""
    facts = loan(DUE, guarantor(kind="一般保证"))
    withdrawn = event("SUIT_FILED", "2025-10-10", withdrawn=True, served_on="2025-10-20")

    assert guarantee_of("2026-03-01", facts, withdrawn).state == "lost"
    assert guarantee_of("2026-03-01", facts, withdrawn, event("SUIT_FILED", "2026-02-10")).state == "safe"


# ── 694, 28: the guarantor's own limitation ──


def test_a_joint_guarantors_limitation_runs_from_the_request_and_is_kept_alive_like_a_claim() -> None:
    """694(2); only what reaches this guarantor restarts it."""
    facts = loan(DUE, guarantor(), guarantor("赵六"))
    request = letter("2025-10-10", guarantor())
    later = letter("2028-05-01", guarantor())
    elsewhere = [letter("2026-05-01"), letter("2026-05-01", guarantor("赵六"))]

    assert own_limitation("2026-06-01", facts, request, *elsewhere) == "2028-10-10"
    assert own_limitation("2028-06-01", facts, request, later) == "2031-05-01"


def test_the_request_counts_from_the_earlier_of_sent_and_arrived() -> None:
    facts = loan(DUE, guarantor())

    assert own_limitation("2026-06-01", facts, letter("2025-10-10", guarantor(), sent_on="2025-10-06")) == "2028-10-06"


def test_a_lost_limitation_of_the_guarantor_revives_only_by_agreement() -> None:
    facts = loan("2021-08-31", guarantor(contract_on="2021-02-01"))
    request = letter("2021-10-10", guarantor())
    signed = event("WAIVER", "2025-01-10", guarantor(), agrees=True)

    lost = clock("2025-02-01", facts, request, right="guarantor_limitation")
    assert (lost.state, lost.act) == ("lost", "waiver")
    assert own_limitation("2025-02-01", facts, request, signed) == "2028-01-10"


def test_a_general_guarantors_limitation_waits_for_enforcement_to_fail() -> None:
    """694(1), 担保解释28: the ruling that ends enforcement, at the latest a year after it was applied for."""
    facts = loan(DUE, guarantor(kind="一般保证"))
    suit = event("SUIT_FILED", "2025-10-10", ended_on="2026-01-10")

    assert own_limitation("2026-06-01", facts, suit) is None
    ended = event("ENFORCEMENT", "2026-02-10", ended_on="2026-05-10")
    assert own_limitation("2026-06-01", facts, suit, ended) == "2029-05-10"
    dragging = event("ENFORCEMENT", "2026-02-10")
    assert own_limitation("2026-06-01", facts, suit, dragging) == "2030-02-10"


def test_a_judgment_against_the_guarantor_keeps_both() -> None:
    facts = loan(DUE, guarantor())
    events = [event("SUIT_FILED", "2025-10-10", guarantor()), event("JUDGMENT", "2026-02-01", guarantor())]
    found = {one.right: one.kept_on for one in clocks_on("2026-06-01", facts, *events) if one.party == "李四"}

    assert {key: value is not None for key, value in found.items()} == {
        "guarantee": True, "guarantor_limitation": True, "enforcement": False,
    }  # fmt: skip


# ── 695: extension ──


def test_an_extension_without_consent_leaves_the_period_where_it_was() -> None:
    """695(2), master table 18."""
    facts = loan(DUE, guarantor(consents=False), extended_due_on="2026-08-31")

    assert str(guarantee_of("2025-09-10", facts).ends_on) == "2026-02-28"
    assert str(clock("2025-09-10", facts).ends_on) == "2029-08-31"


def test_an_extension_with_written_consent_moves_it() -> None:
    facts = loan(DUE, guarantor(consents=True), extended_due_on="2026-08-31")

    assert str(guarantee_of("2025-09-10", facts).ends_on) == "2027-02-28"


def test_an_extension_of_unknown_consent_watches_the_original_and_shows_the_other() -> None:
    shown = guarantee_of("2025-09-10", loan(DUE, guarantor(), extended_due_on="2026-08-31"))

    assert str(shown.ends_on) == "2026-02-28"
    assert (("extended", "ends"), "2027-02-28") in [(doubt.keys, str(doubt.ends_on)) for doubt in shown.doubts]
    assert ("no_consent",) in [doubt.keys for doubt in shown.doubts]


# ── §3: acceleration ──

NOTICE = event("ACCELERATION", "2025-02-10", arrived_on="2025-02-10", grade="B")


def test_acceleration_opens_two_windows_and_the_earlier_end_rings() -> None:
    """§3 [J]: W1 from the accelerated day, W2 from the agreed one; alarms on the earlier end."""
    shown = guarantee_of("2025-03-01", loan(DUE, guarantor()), NOTICE)

    assert (str(shown.started_on), str(shown.ends_on)) == ("2025-02-10", "2025-08-10")
    assert [(doubt.keys, str(doubt.ends_on)) for doubt in shown.doubts if "ends" in doubt.keys] == [
        (("due", "ends"), "2026-02-28")
    ]


def test_disjoint_windows_need_an_act_in_each() -> None:
    facts = loan(DUE, guarantor())
    first, second = letter("2025-03-10", guarantor()), letter("2025-10-10", guarantor())

    half = guarantee_of("2025-11-01", facts, NOTICE, first)
    assert (half.state, str(half.ends_on), half.act) == ("safe", "2026-02-28", "request")
    assert guarantee_of("2025-11-01", facts, NOTICE, first, second).act == "none"
    assert guarantee_of("2026-03-01", facts, NOTICE, first).state == "near"
    assert guarantee_of("2026-03-01", facts, NOTICE).state == "lost"


def test_overlapping_windows_are_both_kept_by_one_act_in_their_common_days() -> None:
    facts = loan("2025-05-31", guarantor())

    assert guarantee_of("2025-09-01", facts, NOTICE, letter("2025-06-10", guarantor())).act == "none"


def test_a_clause_lets_the_period_run_from_the_accelerated_day_alone() -> None:
    shown = guarantee_of("2025-03-01", loan(DUE, guarantor(accelerates=True)), NOTICE)

    assert (str(shown.ends_on), [doubt for doubt in shown.doubts if "ends" in doubt.keys]) == ("2025-08-10", [])


def test_an_agreed_last_day_keeps_its_length_from_the_accelerated_day() -> None:
    shown = guarantee_of("2025-03-01", loan(DUE, guarantor(until_on="2026-08-31", accelerates=True)), NOTICE)

    assert str(shown.ends_on) == "2026-02-10"
    none = guarantee_of("2025-03-01", loan(DUE, guarantor(until_on="2025-08-31", accelerates=True)), NOTICE)
    assert str(none.ends_on) == "2025-08-10"


def test_the_guarantors_copy_of_the_notice_is_a_request() -> None:
    """§8.4: the copy demands performance, and each guarantor gets their own."""
    copy = event("ACCELERATION", "2025-02-10", guarantor(), arrived_on="2025-02-12", grade="B")

    assert guarantee_of("2025-09-01", loan(DUE, guarantor(accelerates=True)), NOTICE, copy).state == "safe"


# ── 18, 701, 29: what others' clocks mean ──


def test_a_guarantor_may_use_the_debtors_expired_limitation() -> None:
    """时效规定18: both clocks must be alive to collect from a guarantor."""
    facts = loan("2021-08-31", guarantor(contract_on="2021-02-01"))
    events = [letter("2021-10-10", guarantor()), letter("2024-09-10", guarantor())]
    shown = clock("2024-10-01", facts, *events, right="guarantor_limitation")

    assert [(doubt.keys, str(doubt.ends_on)) for doubt in shown.doubts] == [(("principal",), "2024-08-31")]


def test_a_debtor_who_agrees_anew_does_not_bind_the_guarantor() -> None:
    """民法典701."""
    facts = loan("2021-08-31", guarantor(contract_on="2021-02-01"))
    events = [letter("2021-10-10", guarantor()), event("WAIVER", "2024-09-10", agrees=True)]
    shown = clock("2024-10-01", facts, *events, right="guarantor_limitation")

    assert ("revived_principal",) in [doubt.keys for doubt in shown.doubts]


def test_a_guarantor_let_go_may_free_the_others() -> None:
    """担保解释29(2), where they may recover from each other; unknown counts as yes."""
    facts = loan(DUE, guarantor(), guarantor("赵六"))
    shown = guarantee_of("2026-03-01", facts, letter("2026-02-10", guarantor()), of="李四")
    warned = [doubt for doubt in shown.doubts if doubt.keys == ("co_guarantor",)]

    assert len(warned) == 1
    assert "赵六" in warned[0].says


def test_without_recourse_nobody_else_is_freed() -> None:
    facts = loan(DUE, guarantor(), guarantor("赵六", recourse=False))
    shown = guarantee_of("2026-03-01", facts, letter("2026-02-10", guarantor()), of="李四")

    assert ("co_guarantor",) not in [doubt.keys for doubt in shown.doubts]


# ── §2.2: alarms ──


def test_a_request_is_posted_a_month_before_the_end() -> None:
    shown = guarantee_of("2025-09-10", loan(DUE, guarantor()))

    assert str(shown.post_by_on) == "2026-01-29"
    assert guarantee_of("2025-09-10", loan(DUE, guarantor(kind="一般保证"))).post_by_on is None


def test_the_ladder_is_tighter_than_the_claims() -> None:
    assert RULES.rights["guarantee"].alarm_days == (90, 60, 45, 30, 15)
    assert guarantee_of("2025-11-29", loan(DUE, guarantor())).state == "safe"
    assert guarantee_of("2025-11-30", loan(DUE, guarantor())).state == "near"


def test_what_the_ledger_lacks_is_named() -> None:
    def missing(kind: str | None, **contract: Any) -> tuple[str, ...]:  # noqa: ANN401
        return guarantee_of("2025-09-10", loan(DUE, guarantor(kind=kind, contract_on=None, **contract))).missing

    assert missing(None, period_text=None) == ("guarantee_kind", "guarantee_until_on")
    assert missing("保证", period_text=UNTIL_PAID) == ("guarantee_contract_on",)
    assert missing("连带责任保证", until_on="2027-08-31") == ()
    assert missing("连带责任保证", period_text="三年") == ()


def test_an_unproved_request_shows_both_ends() -> None:
    posted = letter("2026-02-10", guarantor(), grade="F", letter_no="〔2026〕8号")
    shown = guarantee_of("2026-02-20", loan(DUE, guarantor()), posted)

    assert (shown.state, shown.act, shown.needs) == ("unproved", "file", ("〔2026〕8号：投递结果打印页",))
    assert (shown.ends_on, shown.if_proved_on) == (day("2026-02-28"), day("2029-02-10"))
    assert ("ems",) in [doubt.keys for doubt in shown.doubts]


def test_a_request_that_stays_unproved_after_the_end_hangs_on_its_paper() -> None:
    posted = letter("2026-02-10", guarantor(), papers=("original",))
    own = clock("2026-04-01", loan(DUE, guarantor()), posted, right="guarantor_limitation")

    assert guarantee_of("2026-04-01", loan(DUE, guarantor()), posted).state == "unproved"
    assert (own.state, own.act) == ("unproved", "file")


# ── the edges of the period ──


@pytest.mark.parametrize(
    ("on", "state", "worth"),
    [
        ("2025-08-30", "lost", "early"),
        ("2025-08-31", "safe", "counts"),  # the day on which the debt falls due
        ("2026-02-28", "safe", "counts"),  # a Saturday that was worked in exchange
        ("2026-03-02", "lost", "late"),
    ],
)
def test_a_request_counts_from_the_first_day_of_the_period_to_the_last(on: str, state: str, worth: str) -> None:
    shown = guarantee_of("2026-06-01", loan(DUE, guarantor()), letter(on, guarantor()))

    assert (shown.state, shown.basis[-1].worth) == (state, worth)


def test_a_judgment_against_the_guarantor_is_the_day_on_which_it_is_kept() -> None:
    facts = loan(DUE, guarantor())
    shown = guarantee_of(
        "2026-06-01",
        facts,
        event("SUIT_FILED", "2025-10-10", guarantor()),
        event("JUDGMENT", "2026-02-01", guarantor()),
    )

    assert (shown.state, shown.act, str(shown.kept_on)) == ("safe", "none", "2026-02-01")


def test_nothing_is_posted_any_more_where_the_request_is_proved_or_the_period_is_over() -> None:
    facts = loan(DUE, guarantor())

    assert guarantee_of("2025-09-10", facts).post_by_on is not None
    assert guarantee_of("2025-12-10", facts, letter("2025-10-10", guarantor())).post_by_on is None
    assert guarantee_of("2026-03-10", facts).post_by_on is None
