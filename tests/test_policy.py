from __future__ import annotations

from datetime import time
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from ccm.errors import CcmError
from ccm.policy import Policy, load, parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

SMALL = """
name = "小"
[[stage]]
from_days = 0
label = "逾期"
rule = "C1"
source = "手册"

[[duty]]
id = "call"
rule = "C1"
source = "手册"
product = "loan"
from_days = 0
within_days = 1
channel = "phone"
to = ["borrower"]
title = "打电话"
proof = "登记"

[[risk_class]]
label = "正常"
loan_from_days = 0
card_from_days = 0
rule = "law §4"
source = "办法"
"""


def test_the_built_in_policy_holds_every_rule_of_the_issue(policy: Policy) -> None:
    rules = {duty.rule for duty in policy.duties} | {one.rule for one in policy.priorities}

    assert rules >= {"C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "L2", "L3", "P2"}
    assert [stage.from_days for stage in policy.stages] == [0, 30, 60, 90]


def test_letters_go_to_whom_the_handbook_says(policy: Policy) -> None:
    everyone = {"borrower", "co_borrower", "guarantor"}
    to = {duty.letter: (duty.product, duty.from_days, set(duty.to)) for duty in policy.duties if duty.letter}

    assert to == {
        "loan_overdue": ("loan", 30, {"borrower", "co_borrower"}),
        "guarantor_perform": ("loan", 30, {"guarantor"}),
        "lawyer_letter": ("loan", 60, everyone),
        "acceleration": ("loan", 60, everyone),
        "repayment": ("card", 30, {"borrower"}),
        "urgent": ("card", 60, {"borrower"}),
        "guarantee_duty": ("card", 60, {"guarantor"}),
    }


def test_every_rule_names_its_source(policy: Policy) -> None:
    assert all(one.source for one in policy.stages)
    assert all(one.source for one in policy.duties)
    assert all(one.source for one in policy.classes)


CONTACT = """
[contact.quiet_hours]
from = "21:00"
until = "09:00"
source = "本行规定"

[contact.sms]
per_day = 2
rule = "M1"
source = "本行规定"

[contact.third_party]
when = ["lost"]
source = "本行规定"
"""


def test_the_built_in_policy_holds_the_limits_of_the_law(policy: Policy) -> None:
    contact = policy.contact

    assert (contact.quiet_from, contact.quiet_until) == (time(22), time(8))
    assert (contact.effective_per_day, contact.unanswered_per_day, contact.sms_per_day) == (3, 6, 1)
    assert (contact.visit_staff, contact.keep_years) == (2, 2)
    assert contact.third_party_when == ("lost", "incapable", "dead")
    assert all("GB/T 45251" in contact.sources[key] for key in ("quiet_hours", "effective_calls", "third_party"))


def test_a_limit_the_file_does_not_give_is_the_built_in_one(policy: Policy) -> None:
    assert parse(SMALL, "p.toml").contact == policy.contact

    contact = parse(SMALL + CONTACT, "p.toml").contact

    assert (contact.quiet_from, contact.sms_per_day, contact.third_party_when) == (time(21), 2, ("lost",))
    assert (contact.effective_per_day, contact.lost_after) == (3, 3)
    assert contact.sources["sms"] == "本行规定"


OUTREACH = """
[contact.calls]
hours = ["08:30-11:00"]
again_minutes = 60
weekends = true
repaid_points = 0
source = "本行规定"

[contact.reminders]
due_soon_days = 5
again_days = 3
guarantor_days = 1
source = "本行规定"
"""


def test_a_bank_sets_its_own_hours_and_pauses() -> None:
    contact = parse(SMALL + OUTREACH, "p.toml").contact

    assert contact.call_hours == ((time(8, 30), time(11)),)
    assert (contact.call_again_minutes, contact.call_weekends, contact.call_repaid_points) == (60, True, 0)
    assert (contact.sms_due_soon_days, contact.sms_again_days, contact.sms_guarantor_days) == (5, 3, 1)
    assert "不知道作息的在08:30–11:00" in contact.lines()["calls"]
    assert "逾期后隔3天再发" in contact.lines()["reminders"]


def test_policy_show_names_every_limit_with_its_source(ccm: Callable[..., Result], policy: Policy) -> None:
    shown = ccm("policy", "show").stdout

    assert "22:00至次日08:00" in shown
    assert all(words in shown for words in policy.contact.lines().values())
    assert all(source in shown for source in policy.contact.sources.values())


@pytest.mark.parametrize("text", ['"(" = 1\n' + SMALL, SMALL + '"[" = 1\n', SMALL + '[contact."*"]\n'])
def test_a_key_of_marks_is_refused_like_any_other(text: str) -> None:
    with pytest.raises(CcmError, match="不认识"):
        parse(text, "p.toml")


def test_a_hold_the_file_does_not_name_has_neither_end_nor_deadline(policy: Policy) -> None:
    assert (policy.hold("dispute").answer_days, policy.hold("illness").days) == (15, 30)
    assert parse(SMALL, "p.toml").hold("dispute").answer_days is None


def test_the_same_text_has_the_same_digest() -> None:
    assert parse(SMALL, "a").digest == parse(SMALL, "b").digest != load().digest


def test_policy_show_names_every_duty_with_its_source(ccm: Callable[..., Result], policy: Policy) -> None:
    shown = ccm("policy", "show").stdout

    assert all(duty.title in shown for duty in policy.duties)
    assert "手册第103页" in shown


def test_policy_diff_tells_who_moves_and_how_many_letters(ccm: Callable[..., Result], tmp_path: Path) -> None:
    ledger = tmp_path / "l.csv"
    ledger.write_text(
        "借据号,客户名称,到期日期,贷款余额,拖欠利息,最早欠息日期\n1,张三,2027-06-30,500,9,2026-10-29\n",
        encoding="utf-8",
    )
    ccm("init", tmp_path / "w", "--bank", "某行")
    old = tmp_path / "w" / "policy.toml"
    new = tmp_path / "new.toml"
    new.write_text(old.read_text(encoding="utf-8").replace("from_days = 30", "from_days = 20"), encoding="utf-8")

    shown = ccm("policy", "diff", old, new, "--ledger", ledger, "--as-of", "2026-11-23").stdout

    assert "换阶段或分类的贷款 1 笔" in shown
    assert "贷款逾期催收通知书：0 → 1（+1）" in shown
    assert "联系的限度" not in shown


def test_policy_diff_tells_a_changed_limit(ccm: Callable[..., Result], tmp_path: Path) -> None:
    ledger, old, new = (tmp_path / name for name in ("l.csv", "old.toml", "new.toml"))
    ledger.write_text("借据号,客户名称,到期日期,贷款余额\n1,张三,2027-06-30,500\n", encoding="utf-8")
    old.write_text(SMALL, encoding="utf-8")
    new.write_text(SMALL + CONTACT, encoding="utf-8")

    shown = ccm("policy", "diff", old, new, "--ledger", ledger, "--as-of", "2026-11-23").stdout

    assert "修改：联系的限度，短信 每个号码每天最多1条 → 每个号码每天最多2条" in shown


def test_a_policy_without_deferrals_has_the_usual_days_and_one_may_change_a_single_one() -> None:
    plain = parse(SMALL, "本行.toml").deferral
    own = parse(SMALL + "[deferral]\ngrace_days = 0\n", "本行.toml").deferral

    assert (plain.max_days, plain.decide_days, plain.grace_days) == (180, 15, 5)
    assert (own.max_days, own.grace_days) == (180, 0)


CROSS = """[cross_default]
bad_from = "次级"
above_percent = 20
above_class = "可疑"
any_class = "正常"
rule = "law §4"
source = "行内"
"""


def test_a_bank_sets_its_own_share_for_a_debtors_bad_loans(policy: Policy) -> None:
    text = files("ccm").joinpath("data/policy.toml").read_text("utf-8")
    start, end = text.index("[cross_default]"), text.index("# ── 排序")

    own = parse(text[:start] + CROSS + text[end:], "p.toml").cross_default

    assert (own.above_percent, own.above_class) == (20, "可疑")
    assert parse(text[:start] + text[end:], "p.toml").cross_default == policy.cross_default
