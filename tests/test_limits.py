"""The lawful limits of contact, played through as days: who may be called, messaged, visited, and when next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.limits import Contact, Intent, is_lost, is_quiet, judge, lawful_spans, open_spans
from ccm.policy import load, parse
from ccm.visit.trip import Trip

if TYPE_CHECKING:
    from ccm.limits import Channel

RULES = load().contact
HOME, WORK = "13800001234", "0000-5550123"
CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 23, tzinfo=CHINA)


def at(clock: str, day: int = 23) -> datetime:
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), tzinfo=CHINA)


def call(clock: str, *, answered: bool, number: str = HOME, party: str = "张三", day: int = 23) -> Contact:
    return Contact(at(clock, day), "phone", number, party, answered)


def intent(
    clock: str,
    channel: Channel = "phone",
    number: str = HOME,
    party: str = "张三",
    **more: Any,  # noqa: ANN401 - the rest of an Intent
) -> Intent:
    return Intent(at(clock), channel, number, party, **more)


def test_the_first_call_of_the_day_is_lawful() -> None:
    verdict = judge(intent("08:00"), [], RULES)

    assert verdict.lawful
    assert verdict.terms == ""


def test_a_fourth_effective_call_is_stopped_until_the_next_morning() -> None:
    day = [call("09:00", answered=True), call("11:00", answered=True), call("15:00", answered=True)]

    (stop,) = judge(intent("17:00"), day, RULES).stops

    assert stop.limit == "effective_calls"
    assert "今天已经联系上张三3次，每天最多3次" in stop.reason
    assert "GB/T 45251-2025" in stop.source


def test_the_counter_is_one_over_all_channels_and_numbers() -> None:
    day = [
        call("09:00", answered=True),
        call("11:00", answered=True, number=WORK),
        Contact(at("14:00"), "visit", "", "张三", answered=True),
    ]

    assert not judge(intent("17:00", number="13900005678"), day, RULES).lawful
    assert not judge(intent("17:00", "visit", staff=2), day, RULES).lawful


def test_what_did_not_reach_the_debtor_does_not_count_as_effective() -> None:
    day = [
        call("09:00", answered=False),
        call("09:30", answered=True),
        call("10:00", answered=True),
        Contact(at("11:00"), "sms", HOME, "张三", answered=False),
        Contact(at("14:00"), "visit", "", "张三", answered=False),
    ]

    assert judge(intent("17:00"), day, RULES).lawful


def test_each_debtor_has_a_counter_of_their_own() -> None:
    day = [call(clock, answered=True) for clock in ("09:00", "11:00", "15:00")]

    assert judge(intent("17:00", number="13900005678", party="李四"), day, RULES).lawful


def test_yesterday_does_not_count() -> None:
    day = [call(clock, answered=True, day=22) for clock in ("09:00", "11:00", "15:00")]

    assert judge(intent("08:30"), day, RULES).lawful


@pytest.mark.parametrize("channel", ["phone", "sms", "visit"])
@pytest.mark.parametrize("clock", ["22:05", "22:00", "23:59", "00:30", "07:59"])
def test_nothing_happens_in_the_quiet_hours(channel: Channel, clock: str) -> None:
    verdict = judge(intent(clock, channel, staff=2), [], RULES)

    assert [stop.limit for stop in verdict.stops] == ["quiet_hours"]
    assert f"{clock}在不联系的时段里（22:00至08:00）" in verdict.stops[0].reason


@pytest.mark.parametrize("clock", ["08:00", "21:59"])
def test_the_edges_of_the_day_are_free(clock: str) -> None:
    assert judge(intent(clock), [], RULES).lawful


def test_a_debtor_who_agreed_may_be_called_at_night() -> None:
    assert judge(intent("06:30", consented=True), [], RULES).lawful


def test_a_seventh_unanswered_attempt_at_one_number_is_stopped_and_another_number_is_not() -> None:
    day = [call(f"{hour:02}:00", answered=False, number="+86 138-0000-1234") for hour in range(9, 15)]

    (stop,) = judge(intent("16:00"), day, RULES).stops

    assert stop.limit == "unanswered"
    assert "拨了6次没有接通，每天最多6次" in stop.reason
    assert judge(intent("16:00", number=WORK), day, RULES).lawful
    assert judge(intent("16:00"), day[1:], RULES).lawful
    assert judge(intent("16:00", "sms"), day, RULES).lawful


def test_one_message_per_number_and_day() -> None:
    day = [Contact(at("09:00"), "sms", HOME, "张三", answered=False)]

    (stop,) = judge(intent("10:00", "sms"), day, RULES).stops

    assert stop.limit == "sms"
    assert judge(intent("10:00", "sms", number="13900005678"), day, RULES).lawful


def test_a_call_to_the_debtor_s_employer_is_stopped_for_good() -> None:
    verdict = judge(intent("10:00", number=WORK, party="张三的单位", third_party=True), [], RULES)

    (stop,) = verdict.stops
    assert stop.limit == "third_party"
    assert "张三的单位不是债务人" in stop.reason
    assert not verdict.lawful


def test_of_a_debtor_who_is_lost_the_employer_may_be_asked_without_a_word_of_the_debt() -> None:
    verdict = judge(intent("10:00", number=WORK, party="张三的单位", third_party=True, because="lost"), [], RULES)

    assert verdict.lawful
    assert "不提欠款" in verdict.terms


def test_a_policy_may_forbid_third_parties_altogether() -> None:
    text = '[contact.third_party]\nwhen = []\nsource = "本行规定"\n'
    strict = parse(policy_text() + text, "p.toml").contact

    assert not judge(intent("10:00", party="邻居", third_party=True, because="lost"), [], strict).lawful
    assert strict.lines()["third_party"] == "一律不许"


def policy_text() -> str:
    from importlib.resources import files

    text = files("ccm").joinpath("data/policy.toml").read_text("utf-8")
    return text[: text.index("[contact.quiet_hours]")]


def test_nobody_visits_alone() -> None:
    (stop,) = judge(intent("10:00", "visit", staff=1), [], RULES).stops

    assert stop.limit == "visit"
    assert "至少2人，现在是1人" in stop.reason


def test_all_that_stops_a_call_is_told_at_once() -> None:
    day = [call("09:00", answered=True), call("11:00", answered=True), call("15:00", answered=True)]
    day += [call(f"{hour:02}:30", answered=False) for hour in range(9, 15)]

    verdict = judge(intent("22:05"), day, RULES)

    assert [stop.limit for stop in verdict.stops] == ["quiet_hours", "effective_calls", "unanswered"]


def test_quiet_hours_at_noon_leave_the_morning_and_the_afternoon() -> None:
    text = '[contact.quiet_hours]\nfrom = "12:00"\nuntil = "14:00"\nsource = "本行规定"\n'
    siesta = parse(policy_text() + text, "p.toml").contact

    assert not judge(intent("13:00"), [], siesta).lawful
    assert judge(intent("14:00"), [], siesta).lawful
    assert judge(intent("23:00"), [], siesta).lawful
    assert lawful_spans([(time(11), time(15))], siesta) == ((time(11), time(12)), (time(14), time(15)))
    assert siesta.lines()["quiet_hours"].startswith("12:00至14:00")
    assert open_spans(siesta) == ((time(), time(12)), (time(14), time.max))
    assert Trip(date(2026, 11, 23), (), "清水农商银行", siesta).hours == "00:00至12:00、14:00至23:59"


def test_quiet_hours_over_midnight_leave_one_day() -> None:
    assert open_spans(RULES) == ((time(8), time(22)),)
    assert Trip(date(2026, 11, 23), (), "清水农商银行", RULES).hours == "08:00至22:00"


@pytest.mark.parametrize(
    ("one", "other"), [("0086 138 0000 1234", "13800001234"), ("+86 0931-12345678", "0931-12345678")]
)
def test_a_number_is_one_however_it_is_written(one: str, other: str) -> None:
    day = [Contact(at("09:00"), "sms", one, "张三", answered=False)]

    assert not judge(intent("10:00", "sms", number=other), day, RULES).lawful


@pytest.mark.parametrize(
    ("tries", "on", "lost"),
    [
        ([(20, False), (21, False), (22, False)], 23, True),
        ([(22, False), (22, False), (22, False)], 23, True),
        ([(23, False), (23, False), (23, False)], 23, False),  # only from the next day on
        ([(21, False), (22, False)], 23, False),
        ([(20, False), (21, True), (22, False)], 23, False),
        ([(19, True), (20, False), (21, False), (22, False)], 23, True),
        ([(20, False), (21, False), (22, False), (23, True)], 24, False),
        ([], 23, False),
    ],
)
def test_a_debtor_is_lost_after_three_failures_from_the_next_day_on(
    tries: list[tuple[int, bool]],
    on: int,
    lost: bool,  # noqa: FBT001
) -> None:
    contacts = [call(f"{9 + n:02}:00", answered=answered, day=day) for n, (day, answered) in enumerate(tries)]

    assert is_lost(contacts, "张三", date(2026, 11, on), RULES) is lost


def test_messages_and_other_people_do_not_make_a_debtor_lost() -> None:
    messages = [Contact(at("09:00", day), "sms", HOME, "张三", answered=False) for day in (19, 20, 21, 22)]
    others = [call("09:00", answered=False, party="李四", day=day) for day in (19, 20, 21, 22)]

    assert not is_lost([*messages, *others], "张三", date(2026, 11, 23), RULES)


def test_dawn_is_cut_to_the_lawful_hours_unless_the_debtor_agreed() -> None:
    dawn, noon, night = (time(6), time(8, 30)), (time(12), time(13)), (time(21), time(23))

    assert lawful_spans([dawn, noon, night], RULES) == ((time(8), time(8, 30)), noon, (time(21), time(22)))
    assert lawful_spans([(time(5), time(7))], RULES) == ()
    assert lawful_spans([dawn], RULES, consented=True) == (dawn,)


MINUTES = st.integers(0, 24 * 60 - 1)
INTENTS = st.builds(
    Intent,
    MINUTES.map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    st.sampled_from(["phone", "sms", "visit"]),
    st.sampled_from([HOME, WORK]),
    st.sampled_from(["张三", "李四"]),
    staff=st.integers(1, 3),
)


@given(INTENTS)
def test_a_day_kept_by_the_verdict_never_exceeds_the_limits(wanted: Intent) -> None:
    day: list[Contact] = []
    for minutes in range(0, 24 * 60, 10):
        one = Intent(MONDAY + timedelta(minutes=minutes), "phone", wanted.number, wanted.party)
        if judge(one, day, RULES).lawful:
            day.append(Contact(one.at, "phone", one.number, one.party, answered=minutes % 60 == 0))

    assert sum(one.answered for one in day) <= 3
    assert sum(not one.answered for one in day) <= 6
    assert not any(is_quiet(one.at.time(), RULES) for one in day)
