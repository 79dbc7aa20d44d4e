"""The life of an application not to sue for now: who may do what when, and whether its plan is kept (C9, C10)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.errors import CcmError
from ccm.model import Party, Step
from ccm.policy import DeferralRule
from ccm.suit.deferral import deferrals, missed_step, step_states
from ccm.suit.notes import NOT_BY, Docket, Plea, pleaded, signed
from ccm.suit.standing import in_words, suits
from journal_words import OWED, day, entry, ledger, paid

if TYPE_CHECKING:
    from ccm.model import Deferral, Entry, Suit
    from ccm.policy import Policy

GRACE = 5


def drafted(on: str = "11-23", *steps: tuple[str, int], until: str = "01-20", number: str = "ZH1") -> Entry:
    plan = steps or (("12-05", 1000), ("12-20", 1000), ("01-10", 1000))
    return entry(
        "suit-drafted", on, deferral_no=number, by="王敏", text="拆迁款一月到账", until=str(day(until)), path="",
        figures_on=str(day(on)), **OWED,
        steps=[{"on": str(day(when)), "amount_cents": yuan * 100} for when, yuan in plan],
    )  # fmt: skip


def act(kind: str, on: str, by: str, number: str = "ZH1") -> Entry:
    return entry(f"suit-{kind}", on, deferral_no=number, by=by, text="")


GRANTED = (
    act("submitted", "11-24", "张行长"),
    act("reviewed", "11-25", "李审查"),
    act("approved", "11-26", "周总"),
)


def one(*entries: Entry, figures: object = None, as_of: str = "11-30") -> Deferral:
    return deferrals(entries, figures or {}, GRACE, day(as_of))["1"][-1]  # type: ignore[arg-type]


def suit(policy: Policy, *entries: Entry, figures: object = None, as_of: str = "11-30") -> Suit:
    return suits(entries, figures or {}, policy, day(as_of))["1"]  # type: ignore[arg-type]


def test_an_application_goes_from_hand_to_hand_until_it_is_decided() -> None:
    life = (drafted(), *GRANTED)

    assert [one(*life, as_of=on).state for on in ("11-23", "11-24", "11-25", "11-26")] == [
        "drafted", "submitted", "reviewed", "approved",
    ]  # fmt: skip
    assert one(*life[:3], act("refused", "11-26", "周总")).state == "refused"
    assert [(sign.act, sign.by) for sign in one(*life).signed] == [
        ("draft", "王敏"), ("submit", "张行长"), ("review", "李审查"), ("approve", "周总"),
    ]  # fmt: skip


def test_only_an_approval_takes_a_loan_off_the_list_and_only_to_its_last_day(policy: Policy) -> None:
    life = (drafted(until="12-31"), *GRANTED)

    assert [suit(policy, *life, as_of=on).state for on in ("11-25", "11-26", "12-31", "01-01")] == [
        "pending", "deferred", "deferred", "due",
    ]  # fmt: skip
    assert suit(policy, *life, as_of="01-01").again_on == day("01-01")
    assert in_words(suit(policy, *life, as_of="01-01")) == "暂缓起诉2026-12-31到期，应起诉"


def test_an_approval_that_was_taken_back_defers_nothing(policy: Policy) -> None:
    taken_back = (drafted(), *GRANTED, act("refused", "11-28", "周总"))

    assert [suit(policy, *taken_back, as_of=on).state for on in ("11-27", "11-28")] == ["deferred", "due"]


@pytest.mark.parametrize(
    ("as_of", "interest", "state", "missed"),
    [
        ("12-05", 3_000, "approved", 0),
        ("12-10", 3_000, "approved", 0),
        ("12-11", 3_000, "breached", 1),
        ("12-11", 2_000, "approved", 0),
        ("12-26", 2_000, "breached", 2),
        ("12-26", 1_000, "approved", 0),
        ("12-26", 0, "fulfilled", 0),
    ],
)
def test_a_plan_is_broken_by_a_step_that_is_not_paid_within_its_grace(
    as_of: str, interest: int, state: str, missed: int
) -> None:
    found = one(drafted(), *GRANTED, figures=ledger(as_of, interest=interest), as_of=as_of)

    assert (found.state, found.missed) == (state, missed)


def test_a_ledger_older_than_the_grace_cannot_break_a_plan() -> None:
    found = one(drafted(), *GRANTED, figures=ledger("12-09"), as_of="12-20")

    assert found.state == "approved"
    assert [state for _, state in step_states(found, GRACE, day("12-20"))] == ["unknown", "ahead", "ahead"]


def test_what_was_paid_after_the_grace_comes_too_late() -> None:
    life = (drafted(), *GRANTED)
    in_time, late = paid("12-10", 1000), paid("12-11", 1000)

    assert one(*life, in_time, figures=ledger("12-15"), as_of="12-15").state == "approved"
    assert one(*life, late, figures=ledger("12-15"), as_of="12-15").state == "breached"


def test_a_breach_once_written_down_stays_whatever_is_paid(policy: Policy) -> None:
    broken = entry("suit-breached", "12-11", deferral_no="ZH1", step=1, step_on="2026-12-05", broken_on="2026-12-11")
    life = (drafted(), *GRANTED, broken)

    paid_since = suit(policy, *life, figures=ledger("12-20", interest=0), as_of="12-20")

    assert (paid_since.state, paid_since.again_on) == ("breached", day("12-11"))
    assert in_words(paid_since) == "暂缓失效：第1期（2026-12-05）没还，应起诉（C10）"


def test_a_later_application_takes_the_place_of_an_earlier_one(policy: Policy) -> None:
    again = drafted("11-28", until="01-31", number="ZH2")
    second = [act(kind, "11-29", by, "ZH2") for kind, by in (("submitted", "张行长"), ("reviewed", "李审查"))]
    two = suits((drafted(), *GRANTED, again, *second), {}, policy, day("11-29"))["1"]
    approved = suits(
        (drafted(), *GRANTED, again, *second, act("approved", "11-30", "周总", "ZH2")), {}, policy, day("11-30")
    )

    assert (two.state, two.deferral and two.deferral.deferral_no) == ("deferred", "ZH1")
    assert [one.state for one in approved["1"].deferrals] == ["replaced", "approved"]


AMOUNTS = st.lists(st.integers(1, 10**7), min_size=1, max_size=6)


@given(AMOUNTS, st.data())
def test_more_money_in_time_never_breaks_a_plan(amounts: list[int], data: st.DataObject) -> None:
    first = date(2026, 12, 1)
    steps = [Step(first + timedelta(days=10 * place), cents) for place, cents in enumerate(amounts)]
    lasts = [step.on + timedelta(days=GRACE) for step in steps]
    some = {last: data.draw(st.integers(0, sum(amounts))) for last in lasts}
    more = {last: cents + data.draw(st.integers(0, 10**6)) for last, cents in some.items()}
    as_of = first + timedelta(days=data.draw(st.integers(0, 90)))

    poor = missed_step(steps, some, as_of, GRACE, as_of)
    rich = missed_step(steps, more, as_of, GRACE, as_of)

    assert rich is None or (poor is not None and poor[0] <= rich[0])


@given(AMOUNTS, st.integers(0, 60), st.integers(0, 90))
def test_a_plan_paid_to_the_cent_on_each_day_is_never_broken(amounts: list[int], grace: int, days: int) -> None:
    first = date(2026, 12, 1)
    steps = [Step(first + timedelta(days=10 * place), cents) for place, cents in enumerate(amounts)]
    paid_by = dict(zip((step.on + timedelta(days=grace) for step in steps), accumulate(amounts), strict=True))
    as_of = first + timedelta(days=days)

    assert missed_step(steps, paid_by, as_of, grace, as_of) is None


@given(AMOUNTS, st.integers(0, 30), st.integers(0, 30), st.integers(0, 120))
def test_a_longer_grace_never_breaks_a_plan_earlier(amounts: list[int], grace: int, more: int, days: int) -> None:
    first = date(2026, 12, 1)
    steps = [Step(first + timedelta(days=10 * place), cents) for place, cents in enumerate(amounts)]
    as_of = first + timedelta(days=days)
    nothing = {step.on + timedelta(days=span): 0 for step in steps for span in (grace, grace + more)}

    strict = missed_step(steps, nothing, as_of, grace, as_of)
    patient = missed_step(steps, nothing, as_of, grace + more, as_of)

    assert patient is None or (strict is not None and strict[1] <= patient[1])


DOCKET = Docket("1", (Party("borrower", "张三"),), None, "")
PEOPLE = {"draft": "王敏", "submit": "张行长", "review": "李审查"}


@pytest.mark.parametrize(("act_", "own"), [(act, own) for act, others in NOT_BY.items() for own in others])
def test_nobody_judges_their_own(act_: str, own: str) -> None:
    life = {"review": (drafted(), *GRANTED[:1]), "approve": (drafted(), *GRANTED[:2])}
    standing = one(*life.get(act_, (drafted(), *GRANTED[:2])))

    with pytest.raises(CcmError) as stop:
        signed(DOCKET, standing, act_, day("11-28"), f" {PEOPLE[own]} ", "")  # type: ignore[arg-type]

    assert stop.value.code == "deferral-own"


@given(st.lists(st.sampled_from(["submit", "review", "approve", "refuse"]), max_size=6))
def test_nothing_is_approved_that_was_not_submitted_and_reviewed(acts: list[str]) -> None:
    kinds = {"submit": "submitted", "review": "reviewed", "approve": "approved", "refuse": "refused"}
    life = [drafted()]
    for number, name in enumerate(acts):
        standing = one(*life)
        try:
            signed(DOCKET, standing, name, day("11-28"), f"第{number}人", "")  # type: ignore[arg-type]
        except CcmError:
            continue
        life.append(act(kinds[name], "11-28", f"第{number}人"))

    done = [sign.act for sign in one(*life).signed]

    assert done == ["draft", "submit", "review", "approve", "refuse"][: len(done)] or done[-1] == "refuse"
    assert "approve" not in done or done[:4] == ["draft", "submit", "review", "approve"]


STEPS = (Step(day("12-05"), 100), Step(day("12-20"), 100))


@pytest.mark.parametrize(
    ("plea", "code"),
    [
        (Plea("", day("12-31"), STEPS), "deferral-plan"),
        (Plea("理由", day("12-31"), ()), "deferral-plan"),
        (Plea("理由", day("12-31"), STEPS[::-1]), "deferral-plan"),
        (Plea("理由", day("12-19"), STEPS), "deferral-plan"),
        (Plea("理由", day("11-23") + timedelta(days=181), STEPS), "deferral-too-long"),
    ],
)
def test_an_application_without_reason_or_plan_is_refused(plea: Plea, code: str) -> None:
    with pytest.raises(CcmError) as stop:
        pleaded(plea, day("11-23"), DeferralRule())

    assert stop.value.code == code


def test_an_application_may_ask_for_the_longest_time_the_policy_allows() -> None:
    longest = Plea("理由", day("11-23") + timedelta(days=180), STEPS)

    assert pleaded(longest, day("11-23"), DeferralRule()) == longest
