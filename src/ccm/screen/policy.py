"""The rules of a policy as a person reads them, with their sources, and what a change of them would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.text import Text

from ccm.model import CHANNEL_TITLES, HOLD_TITLES, PRODUCT_TITLES, ROLE_TITLES
from ccm.statutes import named
from ccm.units import short_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rich.console import Console

    from ccm.policy import Policy, SignRule
    from ccm.rehearsal import Rehearsal


def show_policy(console: Console, policy: Policy) -> None:
    """Print the rules as a person reads them, with their sources."""
    console.print(Text(policy.name, style="bold"))
    console.print(f"文件：{policy.path}；指纹：{policy.digest[:12]}")
    console.print(Text("\n阶段（逾期天数达到即进入）", style="bold"))
    for stage in policy.stages:
        console.print(f"  满{stage.from_days}天  {stage.label}（{named(stage.rule)}）{stage.source}")
    for product, title in PRODUCT_TITLES.items():
        console.print(Text(f"\n{title}应办事项", style="bold"))
        for rule in policy.duties_of(product):
            roles = "、".join(ROLE_TITLES[role] for role in rule.to)
            asked = "（点名才办）" if rule.on_request else ""
            when, what = f"满{rule.from_days}天起{rule.within_days}天内", f"{named(rule.rule)} {rule.title}{asked}"
            console.print(f"  {when}  {what} → {roles}，{CHANNEL_TITLES[rule.channel]}")
            console.print(Text(f"      证据：{rule.proof}；出处：{rule.source}", style="dim"))
    console.print(Text("\n五级分类下限（天）", style="bold"))
    for tier in policy.classes:
        console.print(
            f"  {tier.label}  贷款≥{tier.loan_from_days}，信用卡≥{tier.card_from_days}"
            f"（{named(tier.rule)}）{tier.source}"
        )
    cross = policy.cross_default
    console.print(
        f"  企业的几笔一起看：{cross.bad_from}及以下超过本行债权{cross.above_percent}%的，各笔至少{cross.above_class}；"
        f"没超过的，至少{cross.any_class}（{named(cross.rule)}）{cross.source}"
    )
    console.print(Text("\n暂停电话和信函（时效和保证期间照走）", style="bold"))
    for hold in policy.holds:
        parts = [f"默认{hold.days}天" if hold.days else "", f"{hold.answer_days}天内答复" if hold.answer_days else ""]
        terms = "，".join(part for part in parts if part) or ("到最后一期" if hold.reason == "plan" else "到解除为止")
        console.print(f"  {HOLD_TITLES[hold.reason]}  {terms}（{named(hold.rule)}）{hold.source}")
    console.print(Text("\n暂缓起诉（C9、C10）", style="bold"))
    most, decided, grace = policy.deferral.max_days, policy.deferral.decide_days, policy.deferral.grace_days
    console.print(f"  最长{most}天，{decided}天内批完；方案的一期最多迟{grace}天")
    kept = policy.retention
    console.print(Text("\n保存期限（ccm purge）", style="bold"))
    console.print(
        f"  结清后{kept.months}个月，有抵押或看不出的{kept.real_estate_months}个月；"
        f"每天的台账记忆保留{kept.triage_months}个月，再早的每月留一份"
    )
    console.print(Text("\n预警信号：级别和期限", style="bold"))
    for level in policy.levels:
        days = f"{level.check_days}天内核实，{level.dispose_days}天内处置，处置后每{level.track_days}天跟踪"
        console.print(f"  {level.label}  {days}（{named(level.rule)}）{level.source}")
    console.print(Text("\n台账自己给出的预警信号", style="bold"))
    for sign in policy.signs:
        console.print(f"  {sign.level}  {sign.title}{_threshold(sign)}（{named(sign.rule)}）{sign.source}")
    console.print(Text("\n排序", style="bold"))
    for priority in policy.priorities:
        console.print(
            f"  {priority.reason.format(value='…', stage='…')}：最多{priority.weight:g}分（{named(priority.rule)}）"
        )


def show_rehearsal(console: Console, rehearsal: Rehearsal, as_of: date) -> None:
    """Print what a change of policy would do on a ledger."""
    console.print(Text(f"按{as_of}的台账试算", style="bold"))
    _lines(console, "规则的改动", rehearsal.rules)
    _lines(
        console,
        f"换阶段或分类的贷款 {len(rehearsal.moved)} 笔",
        [f"{one.loan_no} {one.borrower}（{one.dpd}天）：{one.old} → {one.new}" for one in rehearsal.moved[:20]],
    )
    if len(rehearsal.moved) > 20:
        console.print(f"  ……另有{len(rehearsal.moved) - 20}笔")
    _lines(
        console,
        "应发函件",
        [f"{title}：{old} → {new}（{new - old:+d}）" for title, (old, new) in rehearsal.letters.items()],
    )
    _lines(
        console,
        "已过期的应办",
        [f"{title}：{old} → {new}（{new - old:+d}）" for title, (old, new) in rehearsal.missed.items()],
    )


def _threshold(sign: SignRule) -> str:
    parts = [
        f"满{sign.from_days}天" if sign.from_days > 1 else "",
        f"{sign.from_class}及以下" if sign.from_class else "",
    ]
    parts.append(f"余额{short_yuan(sign.min_balance_cents)}以上" if sign.min_balance_cents else "")
    return "".join(f"，{part}" for part in parts if part)


def _lines(console: Console, title: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    console.print(Text(title if lines else f"{title}：没有变化", style="bold"))
    for line in lines:
        console.print(f"  {escape(line)}")
