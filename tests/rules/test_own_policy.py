"""A bank's own policy with a word for every key there is: each is read as it stands, and nothing is read into it."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import time
from decimal import Decimal
from pathlib import Path

from ccm.contact_rules import ContactRules
from ccm.interest_rules import InterestRules
from ccm.policy import load, parse
from ccm.policy.rules import (
    ALWAYS,
    Condition,
    CrossDefault,
    DeferralRule,
    DutyRule,
    HoldRule,
    LetterRule,
    LevelRule,
    Policy,
    PostRule,
    Priority,
    RetentionRule,
    RiskClass,
    SignRule,
    Stage,
)

OWN = Path(__file__).with_name("own.toml")

EARLY = Stage(0, "早", "C1", "甲一")
LATE = Stage(45, "晚", "C6", "甲二")
CALL = DutyRule(
    "call", "C2", "甲三", "loan", 44, 0, "phone", None, ("borrower", "co_borrower"), "打电话", "登记", ALWAYS,
    on_request=False, line=16, stage=0,
)  # fmt: skip
WRITE = DutyRule(
    "write", "L3", "甲四", "card", 45, 4, "letter", "urgent", ("guarantor",), "发函", "回执",
    Condition(
        interest_only=False, principal_overdue=True, party_kind="company", secured_by="none", min_overdue_cents=100_005
    ),
    on_request=True, line=28, stage=45,
)  # fmt: skip
LOOK = DutyRule(
    "look", "C3", "甲五", "loan", 46, 4, "query", None, ("borrower",), "查询", "截图", Condition(party_kind="person"),
    on_request=False, line=43, stage=45,
)  # fmt: skip
CONTACT = ContactRules(
    quiet_from=time(21, 5),
    quiet_until=time(9, 10),
    effective_per_day=1,
    unanswered_per_day=20,
    call_hours=((time(8, 30), time(11)), (time(13), time(19, 59))),
    call_again_minutes=10,
    call_weekends=True,
    call_repaid_points=0,
    sms_per_day=10,
    sms_due_soon_days=0,
    sms_again_days=60,
    sms_guarantor_days=365,
    visit_staff=9,
    third_party_when=("lost", "dead"),
    lost_after=30,
    keep_years=100,
    sources={
        "quiet_hours": "乙一", "effective_calls": "乙二", "unanswered": "乙三", "calls": "乙四", "sms": "乙五",
        "reminders": "乙六", "visit": "乙七", "third_party": "乙八", "records": "乙九",
    },
)  # fmt: skip
INTEREST = InterestRules(
    basis=365,
    basis_of={"外币": 360},
    settle_months=6,
    settle_day=28,
    uplift=Decimal("0.40"),
    band=(Decimal("0.35"), Decimal("0.45")),
    misuse_uplift=Decimal("0.90"),
    misuse_band=(Decimal("0.80"), Decimal(5)),
    compounds=frozenset({"interest", "penalty"}),
    order=("costs", "principal", "interest", "penalty", "compound"),
    ceiling=Decimal("0.30"),
    sources={
        "days": "丙一", "settlement": "丙二", "penalty": "丙三", "compound": "丙四", "payments": "丙五",
        "ceiling": "丙六",
    },
)  # fmt: skip
WHOLE = Policy(
    name="甲行政策",
    digest=hashlib.sha256(OWN.read_bytes()).hexdigest(),
    path=str(OWN),
    stages=(EARLY, LATE),
    duties=(CALL, WRITE, LOOK),
    classes=(RiskClass("好", 0, 0, "law §4", "甲六"), RiskClass("差", 31, 32, "law §4", "甲七")),
    priorities=(
        Priority("amount", 7.0, 20_050.0, "P2", "欠{value}", "权利届满已过{value}天"),
        Priority("right_ends", 2.5, 60.0, "P1", "{value}天后到{stage}", "过了{value}天"),
    ),
    upcoming_days=0,
    contact=CONTACT,
    cross_default=CrossDefault("差", 20, "差", "好", "law §4", "甲十八"),
    interest=INTEREST,
    letters=LetterRule("debtor", 10),
    holds=(HoldRule("dispute", "law §5.2", "甲八", 9, 8), HoldRule("plan", "C10", "甲九")),
    post=PostRule((1, 9)),
    deferral=DeferralRule(100, 11, 0),
    retention=RetentionRule(60, 61, 1),
    levels=(LevelRule("重", ("红", "一级"), 1, 1, 6, "W2", "甲十"), LevelRule("轻", (), 3, 5, 1, "W3", "甲十一")),
    signs=(
        SignRule("large", "重", "大额", "W1", "甲十二", min_balance_cents=300_007),
        SignRule("high_risk", "轻", "高风险", "W1", "甲十三", from_days=2, from_class="差"),
    ),
)


def test_every_key_is_read_as_it_stands() -> None:
    own = load(OWN)

    assert {one.name: getattr(own, one.name) for one in fields(own)} == {
        one.name: getattr(WHOLE, one.name) for one in fields(WHOLE)
    }


def test_what_a_file_does_not_say_is_as_it_comes_with_ccm_and_fits_its_own_classes() -> None:
    text = OWN.read_text("utf-8")
    least = text[text.index("[[stage]]") : text.index("[[priority]]")]
    own, built_in = parse(least, "本行.toml"), load()

    assert {one.name: getattr(own, one.name) for one in fields(own)} == {
        **{one.name: getattr(built_in, one.name) for one in fields(built_in)},
        "name": "本行.toml",
        "path": "本行.toml",
        "digest": hashlib.sha256(least.encode()).hexdigest(),
        "stages": WHOLE.stages,
        "duties": tuple(replace(duty, line=duty.line - 2) for duty in WHOLE.duties),
        "classes": WHOLE.classes,
        "priorities": (),
        "holds": (),
        "cross_default": replace(
            built_in.cross_default, bad_from="差", above_percent=100, above_class="好", any_class="好"
        ),
    }


def test_the_built_in_cross_default_serves_classes_of_its_names_and_fits_itself_to_others() -> None:
    text = OWN.read_text("utf-8")
    least = text[text.index("[[stage]]") : text.index("[[risk_class]]")]
    rule = load().cross_default

    def of_classes(*labels: str) -> CrossDefault:
        rows = "".join(
            f'[[risk_class]]\nlabel = "{label}"\nloan_from_days = {nth}\ncard_from_days = {nth}\n'
            'rule = "law §4"\nsource = "甲"\n'
            for nth, label in enumerate(labels)
        )
        return parse(least + rows, "本行.toml").cross_default

    named = sorted({rule.bad_from, rule.above_class, rule.any_class})
    assert of_classes(*named) == rule
    assert of_classes("一", "二", "三") == replace(
        rule, bad_from="三", above_percent=100, above_class="一", any_class="一"
    )


def test_each_limit_and_each_rule_of_interest_is_told_in_words() -> None:
    assert CONTACT.lines() == {
        "quiet_hours": "21:05至次日09:10，债务人同意的除外",
        "effective_calls": "每位债务人每天最多1次，各种方式、各个号码合计",
        "unanswered": "每个号码每天最多20次",
        "calls": "不知道作息的在08:30–11:00、13:00–19:59；没接通的隔10分钟；周末照打；短信后还清的减0分",
        "sms": "每个号码每天最多10条",
        "reminders": "到期前0天提醒；逾期后隔60天再发；担保人从逾期第365天起",
        "visit": "至少9人",
        "third_party": "限债务人失联、死亡；连续30次没有联系上，次日起算失联",
        "records": "结清之前一直保存，之后至少100年",
    }
    assert INTEREST.lines() == {
        "days": "365天；外币360天；台账写明的从台账",
        "settlement": "按半年，28日；台账写明的从台账",
        "penalty": "台账没写的，逾期上浮40%，挪用上浮90%；超出35%–45%、80%–500%的提醒",
        "compound": "到期未付的利息、罚息",
        "payments": "实现债权的费用、本金、利息、罚息、复利",
        "ceiling": "每年30%",
    }
    tame = replace(CONTACT, quiet_from=time(12), quiet_until=time(14), call_weekends=False, third_party_when=()).lines()
    assert (tame["quiet_hours"], tame["third_party"]) == ("12:00至14:00，债务人同意的除外", "一律不许")
    assert "；周末和节假日不打；" in tame["calls"]
    plain = replace(INTEREST, settle_months=0, compounds=frozenset(), basis_of={"外币": 360, "按揭": 365}).lines()
    assert (plain["settlement"], plain["compound"]) == ("利随本清", "不计复利")
    assert plain["days"] == "365天；外币360天；按揭365天；台账写明的从台账"
    assert [INTEREST.basis_for(product) for product in ("外币贷款", "贷款", None)] == [360, 365, 365]


def test_the_ladder_is_climbed_on_the_very_day() -> None:
    assert [WHOLE.stage_at(dpd) for dpd in (0, 44, 45, 900)] == [EARLY, EARLY, LATE, LATE]
    assert [WHOLE.stage_after(dpd) for dpd in (0, 44, 45)] == [LATE, LATE, None]


def test_duties_are_found_by_product_in_the_order_in_which_they_arise() -> None:
    assert (WHOLE.duties_of("loan"), WHOLE.duties_of("card")) == ((CALL, LOOK), (WRITE,))
    assert WHOLE.deadlines == {"loan": ((44, CALL), (50, LOOK)), "card": ()}


def test_what_the_file_does_not_know_any_more_is_the_mildest() -> None:
    assert WHOLE.level("重") is WHOLE.levels[0]
    assert WHOLE.level("特重") is WHOLE.levels[1]
    assert load().level("特重") == load().levels[2]
    assert WHOLE.hold("plan") is WHOLE.holds[1]
    assert WHOLE.hold("illness") == HoldRule("illness", "", "", None, None)
    assert [RiskClass("差", 31, 32, "", "").from_days(product) for product in ("loan", "card")] == [31, 32]
