"""law.md §1: the claim's limitation, rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from story import RULES, borrower, clock, clocks_on, co_borrower, day, event, guarantor, letter, loan

from ccm.rights.count import alarm_days

if TYPE_CHECKING:
    from ccm.rights.clock import Right

DUE = "2023-03-20"


def ends(as_of: str, *events: object, **facts: object) -> str:
    return str(clock(as_of, loan(DUE, **facts), *events).ends_on)  # type: ignore[arg-type]


def test_three_years_from_the_due_date() -> None:
    """民法典188, master table 1; of two schools the earlier base counts (§1.4)."""
    assert ends("2024-01-01") == "2026-03-20"


def test_several_instalments_count_from_the_last() -> None:
    """民法典189."""
    assert ends("2024-01-01", last_instalment_on="2024-12-20") == "2027-12-20"


def test_an_extension_counts_from_the_extended_due_date() -> None:
    assert ends("2024-01-01", extended_due_on="2024-03-20") == "2027-03-20"
    assert ends("2024-01-01", extended_due_on="2022-03-20") == "2026-03-20"


@pytest.mark.parametrize(
    "kind",
    [
        "LETTER_SIGNED", "DATA_MESSAGE", "DEDUCTION", "NEWSPAPER", "PART_PAYMENT", "PLAN", "EXTENSION_REQUEST",
        "NEW_SECURITY", "WAIVER", "MEDIATION_BODY",
    ],
)  # fmt: skip
def test_a_demand_or_an_acknowledgement_starts_the_period_anew(kind: str) -> None:
    """时效规定8, 9, 12, 14: each event of §1.2 restarts the whole claim on its day."""
    assert ends("2025-01-01", event(kind, "2024-06-10")) == "2027-06-10"


@pytest.mark.parametrize("kind", ["LETTER_ARRIVED", "ASSIGNMENT_NOTICE"])
def test_what_is_posted_counts_in_time_by_its_arrival(kind: str) -> None:
    """时效规定8(1)(二), 17; alarms count from the earlier of sent and arrived (§1.4, two-sided caution)."""
    sent = event(kind, "2024-06-10", sent_on="2024-06-05", arrived_on="2024-06-10", grade="B")
    shown = clock("2025-01-01", loan(DUE), sent)

    assert (str(shown.ends_on), str(shown.started_on)) == ("2027-06-05", "2024-06-05")


@pytest.mark.parametrize(
    "kind", ["SUIT_FILED", "PAYMENT_ORDER", "PRESERVATION", "BANKRUPTCY_CLAIM", "ENFORCEMENT", "POLICE_REPORT"]
)
def test_a_proceeding_restarts_when_it_ends(kind: str) -> None:
    """民法典195, 时效规定10, 11, 13."""
    assert ends("2025-09-01", event(kind, "2024-06-10", ended_on="2025-08-01")) == "2028-08-01"


def test_a_proceeding_without_an_end_warns_by_its_filing_and_does_not_run_out() -> None:
    """195; an end that nobody recorded must not hide the danger, so alarms go by the filing."""
    suit = event("SUIT_FILED", "2024-06-10")
    shown = clock("2027-09-01", loan(DUE), suit)

    assert (shown.state, str(shown.ends_on), shown.legal_ends_on) == ("near", "2027-06-10", None)
    assert "pending" in {key for doubt in shown.doubts for key in doubt.keys}


def test_a_withdrawn_suit_is_a_demand_only_if_the_complaint_was_served() -> None:
    """担保解释31 says so of guarantors; for debtors it is the careful reading."""
    withdrawn = event("SUIT_FILED", "2024-06-10", withdrawn=True)
    served = event("SUIT_FILED", "2024-06-10", withdrawn=True, served_on="2024-07-01")

    assert ends("2025-01-01", withdrawn) == "2026-03-20"
    assert ends("2025-01-01", served) == "2027-06-10"


def test_a_demand_before_the_due_date_changes_nothing() -> None:
    shown = clock("2024-01-01", loan(DUE), letter("2023-03-01"))

    assert str(shown.ends_on) == "2026-03-20"
    assert [link.worth for link in shown.basis] == ["starts", "early"]


def test_in_time_is_the_moved_last_day() -> None:
    """203: a last day in the Spring Festival ends on the first working day."""
    due = loan("2023-02-15")

    assert str(clock("2026-03-01", due, letter("2026-02-24")).ends_on) == "2029-02-24"
    assert clock("2026-03-01", due, letter("2026-02-25")).state == "lost"
    assert (clock("2026-02-24", due).state, clock("2026-02-25", due).state) == ("near", "lost")


def test_sent_in_time_but_arrived_too_late_is_late() -> None:
    """§1.4: in time is tested with the arrival."""
    late = letter("2026-03-23", sent_on="2026-03-18")
    shown = clock("2026-04-01", loan(DUE), late)

    assert shown.state == "lost"
    assert shown.basis[-1].worth == "late"


def test_a_later_letter_is_in_time_by_the_arrival_of_the_one_before() -> None:
    first = letter("2023-06-20", sent_on="2023-06-10")
    second = letter("2026-06-15")

    assert str(clock("2026-07-01", loan(DUE), first, second).ends_on) == "2029-06-15"


@pytest.mark.parametrize("kind", ["LETTER_SIGNED", "PART_PAYMENT", "PLAN", "EXTENSION_REQUEST", "DEDUCTION"])
def test_after_the_end_nothing_revives_without_a_signed_agreement(kind: str) -> None:
    """民法典192, 时效规定19, master table 10."""
    shown = clock("2026-07-01", loan(DUE), event(kind, "2026-05-10"))

    assert (shown.state, shown.act, str(shown.ends_on)) == ("lost", "waiver", "2026-03-20")
    assert shown.basis[-1].worth == "late"


@pytest.mark.parametrize("kind", ["LETTER_SIGNED", "PLAN", "WAIVER"])
def test_a_signed_agreement_after_the_end_revives(kind: str) -> None:
    """时效规定19(1)–(3); the day it had run out stays on record."""
    shown = clock("2026-07-01", loan(DUE), event(kind, "2026-05-10", agrees=True))

    assert (shown.state, str(shown.ends_on), str(shown.expired_on)) == ("safe", "2029-05-10", "2026-03-20")


def test_an_agreement_that_is_not_filed_leaves_the_clock_unproved() -> None:
    shown = clock("2026-07-01", loan(DUE), event("WAIVER", "2026-05-10", agrees=True, papers=()))

    assert (shown.state, str(shown.ends_on), str(shown.if_proved_on)) == ("unproved", "2026-03-20", "2029-05-10")


def test_agreeing_on_a_form_that_cannot_revive_does_not() -> None:
    assert clock("2026-07-01", loan(DUE), event("NEWSPAPER", "2026-05-10", agrees=True)).state == "lost"


def test_twenty_years_are_never_passed() -> None:
    """民法典188, 总则编解释35, master table 11."""
    letters = [letter(f"{year}-03-10") for year in range(2008, 2027, 2)]
    shown = clock("2026-11-23", loan("2007-03-20"), *letters)

    assert str(shown.ends_on) == "2027-03-20"
    assert str(clock("2026-11-23", loan("2007-03-20"), *letters, right="cap").ends_on) == "2027-03-20"


def test_joint_debtors_share_an_interruption() -> None:
    """时效规定15(2), §1.6."""
    both = loan(DUE, borrower(), co_borrower())
    found = {
        one.party: str(one.ends_on)
        for one in clocks_on("2025-01-01", both, letter("2024-06-10", co_borrower()))
        if one.right == "limitation"
    }

    assert found == {"张三": "2027-06-10", "王五": "2027-06-10"}


def test_agreeing_anew_binds_only_the_one_who_signed() -> None:
    """时效规定19: giving up the defence is not an interruption, so article 15 does not spread it."""
    both = loan(DUE, borrower(), co_borrower())
    signed = event("WAIVER", "2026-05-10", agrees=True)
    demand_on_other = letter("2026-06-10", co_borrower())
    events = (signed, demand_on_other)

    assert str(clock("2026-07-01", both, *events, of="张三").ends_on) == "2029-05-10"
    assert clock("2026-07-01", both, *events, of="王五").state == "lost"


def test_a_letter_to_the_guarantor_is_none_to_the_borrower() -> None:
    """§1.2, §1.6: the guarantor is not the debtor's agent any more (总则编解释38)."""
    facts = loan(DUE, guarantor())

    assert str(clock("2024-01-01", facts, letter("2023-06-10", guarantor())).ends_on) == "2026-03-20"


def test_two_years_that_had_run_out_before_the_change_stay_run_out() -> None:
    """§1.1: 2017-10-01; what was over the day before stays over, the rest got three years."""
    assert str(clock("2018-06-01", loan("2015-09-30")).ends_on) == "2017-09-30"
    assert clock("2018-06-01", loan("2015-09-30"), letter("2018-01-10")).state == "lost"
    assert str(clock("2018-06-01", loan("2015-10-01")).ends_on) == "2018-10-01"
    assert str(clock("2018-06-01", loan("2013-05-01"), letter("2014-12-01")).ends_on) == "2016-12-01"


def test_an_obstacle_in_the_last_six_months_adds_six_months_after_it() -> None:
    """民法典194: no heir or administrator yet, force majeure."""
    late = event("OBSTACLE", "2026-01-10", ended_on="2026-04-01")
    early = event("OBSTACLE", "2025-01-10", ended_on="2025-03-01")

    assert ends("2026-02-01", late) == "2026-10-01"
    assert ends("2026-02-01", early) == "2026-03-20"
    assert ends("2026-02-01", event("OBSTACLE", "2026-01-10")) == "2026-03-20"


def test_interest_that_may_run_by_itself_is_warned_of() -> None:
    """§1.4 [M-m]: a soft warning, which moves nothing."""
    shown = clock("2025-01-01", loan(DUE, interest_due_on="2022-12-21"))

    assert str(shown.ends_on) == "2026-03-20"
    assert [(doubt.keys, str(doubt.ends_on)) for doubt in shown.doubts] == [(("interest",), "2025-12-21")]


def test_interest_that_was_demanded_in_time_needs_no_warning() -> None:
    assert clock("2025-01-01", loan(DUE, interest_due_on="2022-12-21"), letter("2024-06-10")).doubts == ()


def test_interest_that_had_run_out_before_the_demand_is_warned_of() -> None:
    shown = clock("2026-02-01", loan(DUE, interest_due_on="2022-12-21"), letter("2026-01-10"))

    assert [str(doubt.ends_on) for doubt in shown.doubts] == ["2025-12-21"]


def test_the_alarm_ladder_hangs_on_the_raw_end() -> None:
    """§1.4: 180, 90, 60, 30, 15 days before the raw end, not the moved one."""
    shown = clock("2025-01-01", loan("2023-05-01"))

    assert [str(on) for on in alarm_days(shown, RULES)] == [
        "2025-11-02", "2026-01-31", "2026-03-02", "2026-04-01", "2026-04-16",
    ]  # fmt: skip
    assert clock("2025-11-01", loan("2023-05-01")).state == "safe"
    assert clock("2025-11-02", loan("2023-05-01")).state == "near"


@pytest.mark.parametrize("right", ["limitation", "guarantee", "cap"])
def test_a_judgment_that_is_only_typed_keeps_nothing_until_its_paper_is_filed(right: Right) -> None:
    """law.md "What follows" 2: a clock is only as good as its proof."""
    facts = loan(DUE, guarantor())
    to = guarantor() if right == "guarantee" else borrower()
    typed, filed = event("JUDGMENT", "2025-03-01", to, papers=()), event("JUDGMENT", "2025-02-01", to)

    shown = clock("2029-01-01", facts, typed, right=right, of=to.name)
    assert (shown.state, shown.act, shown.kept_on) == ("unproved", "file", None)
    assert "生效法律文书" in shown.needs[0]
    assert shown.days_left is not None
    kept = clock("2029-01-01", facts, typed, filed, right=right, of=to.name)
    assert (kept.state, kept.act, kept.kept_on, kept.days_left) == ("safe", "none", day("2025-02-01"), None)


def test_enforcement_is_counted_from_a_judgment_before_its_paper_is_filed() -> None:
    typed = event("JUDGMENT", "2025-03-01", papers=())

    assert str(clock("2026-01-01", loan(DUE), typed, right="enforcement").ends_on) == "2027-03-01"
    assert clock("2026-01-01", loan(DUE, collateral=True), typed, right="mortgage").state == "unproved"


def test_what_is_lost_or_kept_rings_no_more() -> None:
    judged = event("JUDGMENT", "2025-03-01")

    assert alarm_days(clock("2026-07-01", loan(DUE)), RULES) == ()
    assert alarm_days(clock("2025-07-01", loan(DUE), judged), RULES) == ()


def test_a_judgment_ends_the_claims_limitation_and_starts_enforcement() -> None:
    """民诉法250, master table 20: two years from the last day to perform, interrupted like a claim."""
    judged = event("JUDGMENT", "2025-03-01")
    applied = event("ENFORCEMENT", "2026-05-01", ended_on="2026-09-01")

    kept = clock("2026-10-01", loan(DUE), judged)
    assert (kept.state, str(kept.kept_on), kept.days_left, kept.act) == ("safe", "2025-03-01", None, "none")
    assert str(clock("2026-10-01", loan(DUE), judged, right="enforcement").ends_on) == "2027-03-01"
    assert str(clock("2026-10-01", loan(DUE), judged, applied, right="enforcement").ends_on) == "2028-09-01"
    assert clock("2027-03-02", loan(DUE), judged, right="enforcement").state == "lost"


def test_a_judgment_against_one_debtor_leaves_the_others_limitation() -> None:
    both = loan(DUE, borrower(), co_borrower())
    judged = event("JUDGMENT", "2025-03-01")

    assert clock("2026-01-01", both, judged, of="王五").kept_on is None
    assert [one.party for one in clocks_on("2026-01-01", both, judged) if one.right == "enforcement"] == ["张三"]


def test_a_guarantor_who_was_judged_has_an_enforcement_clock_alone() -> None:
    facts = loan(DUE, guarantor())
    events = [
        event("JUDGMENT", "2025-03-01"),
        event("JUDGMENT", "2025-03-01", guarantor()),
        event("PART_PAYMENT", "2026-01-01"),
    ]
    found = {
        one.party: str(one.ends_on) for one in clocks_on("2026-06-01", facts, *events) if one.right == "enforcement"
    }

    assert found == {"张三": "2028-01-01", "李四": "2027-03-01"}


def test_the_mortgage_ends_with_the_claim() -> None:
    """民法典419, 担保解释44, master table 19."""
    facts = loan(DUE, collateral=True)
    shown = clock("2024-01-01", facts, letter("2023-06-10"), right="mortgage")

    assert (str(shown.ends_on), shown.act) == ("2026-06-10", "demand")
    assert clock("2026-07-01", facts, right="mortgage").state == "lost"


def test_after_a_judgment_the_mortgage_ends_with_enforcement() -> None:
    """担保解释44(1), second sentence."""
    shown = clock("2026-01-01", loan(DUE, collateral=True), event("JUDGMENT", "2025-03-01"), right="mortgage")

    assert (str(shown.ends_on), shown.act) == ("2027-03-01", "enforce")


def test_a_revived_claim_does_not_revive_the_mortgage() -> None:
    """民法典701 with 担保解释20: the debtor's agreeing anew is no worse for others."""
    facts = loan(DUE, collateral=True)
    shown = clock("2026-07-01", facts, event("WAIVER", "2026-05-10", agrees=True), right="mortgage")

    assert (shown.state, str(shown.ends_on), shown.act) == ("lost", "2026-03-20", "review")


def test_missing_columns_switch_off_exactly_the_clocks_that_need_them() -> None:
    """What follows 10."""
    facts = loan(None, guarantor(), collateral=None)
    found = {one.right: (one.state, one.missing) for one in clocks_on("2026-01-01", facts)}

    assert found == {
        "limitation": ("off", ("due_on",)),
        "guarantee": ("off", ("due_on",)),
        "mortgage": ("off", ("collateral",)),
        "cap": ("off", ("due_on",)),
    }
    dated = {one.right: one.state for one in clocks_on("2024-01-01", loan(DUE, collateral=None))}
    assert dated == {"limitation": "safe", "mortgage": "off", "cap": "safe"}


def test_without_collateral_there_is_no_mortgage() -> None:
    assert [one.right for one in clocks_on("2024-01-01", loan(DUE))] == ["limitation", "cap"]


def test_an_arrived_acceleration_moves_the_base() -> None:
    """§3: the stated day or the arrival, whichever is later; the other reading is shown."""
    notice = event("ACCELERATION", "2024-06-01", arrived_on="2024-06-05", grade="B")
    shown = clock("2025-01-01", loan("2026-03-20"), notice)

    assert (str(shown.ends_on), shown.basis[0].event) == ("2027-06-05", "accelerated")
    assert [(doubt.keys[0], str(doubt.ends_on)) for doubt in shown.doubts] == [("due", "2029-03-20")]


@pytest.mark.parametrize("grade", ["E", "F"])
def test_an_acceleration_that_never_arrived_changes_nothing(grade: str) -> None:
    """§3: a notice that cannot be delivered changes no due date."""
    notice = event("ACCELERATION", "2024-06-01", sent_on="2024-06-01", grade=grade)
    returned = event("ACCELERATION", "2024-06-01", arrived_on="2024-06-08", grade=grade)

    assert ends("2025-01-01", notice) == "2026-03-20"
    assert str(clock("2025-01-01", loan("2026-03-20"), notice).ends_on) == "2029-03-20"
    assert str(clock("2025-01-01", loan("2026-03-20"), returned).ends_on) == "2029-03-20"


def test_a_claim_lost_only_under_acceleration_is_near_not_lost() -> None:
    notice = event("ACCELERATION", "2022-06-01", arrived_on="2022-06-01", grade="B")
    shown = clock("2025-08-01", loan("2024-03-20"), notice)

    assert (shown.state, str(shown.ends_on)) == ("near", "2027-03-20")
    assert [(doubt.keys[0], str(doubt.ends_on)) for doubt in shown.doubts] == [("accelerated", "2025-06-01")]
