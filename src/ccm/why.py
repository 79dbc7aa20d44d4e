"""Why a loan is on the list or is not: its dates, the rules that hold or do not, and what changes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.duties import conditions, duties
from ccm.model import CLASS_BY_TITLES, ROLE_TITLES, Case, Done, Duty, Hold, Suit
from ccm.statutes import named
from ccm.units import plus_days, yuan

if TYPE_CHECKING:
    from datetime import date

    from ccm.policy import DutyRule, Policy


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One duty rule of the policy, held against the loan: does it apply, and why."""

    rule: str
    title: str
    source: str
    line: int
    holds: bool
    because: str
    owed: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer: a sentence, the facts with their place in the ledger, the rules, and the days ahead."""

    loan_no: str
    borrower: str
    listed: bool
    sentence: str
    facts: tuple[tuple[str, str], ...]
    rules: tuple[RuleLine, ...]
    ahead: tuple[tuple[date, str], ...]
    policy: str
    holds: tuple[Hold, ...] = ()
    suit: Suit | None = None


def why(
    row: dict[str, Any],
    case: Case | None,
    policy: Policy,
    as_of: date,
    done: Done,
    holds: tuple[Hold, ...] = (),
    suit: Suit | None = None,
) -> Explanation:
    """Explain one loan.

    Args:
        row: The loan's row of the classified book.
        case: Its case, None where nothing is overdue or due.
        policy: The policy in force.
        as_of: The day asked about.
        done: What the journal says was done.
        holds: What stops calls and letters on that day.
        suit: How its suit stands, None where nothing was ever done about it.
    """
    return Explanation(
        loan_no=row["loan_no"],
        borrower=row["borrower"],
        listed=case is not None,
        sentence=sentence(row, case, policy, as_of),
        facts=(*_facts(row), *_of_debtor(row, policy)),
        rules=tuple(_rule(rule, case, policy, as_of, done, suit) for rule in policy.duties_of(row["product"]))
        if case
        else (),
        ahead=tuple(_ahead(row, case, policy, as_of)),
        policy=policy.path,
        holds=holds,
        suit=suit,
    )


def sentence(row: dict[str, Any], case: Case | None, policy: Policy, as_of: date) -> str:
    """Return in one sentence whether a loan is on the list, since when, and at what stage it is."""
    if case is None:
        due_on = row["extended_due_on"] or row["due_on"]
        later = f"，{due_on}才到期" if due_on and due_on > as_of else ""
        return f"{as_of}不在清单上：没有逾期的本金和利息{later}。"
    if case.dpd == 0:
        return f"{as_of}在清单上：当天到期，尚未逾期。"
    part = "本金" if case.principal_dpd >= case.interest_dpd else "利息"
    stage = policy.stage_at(case.dpd)
    return (
        f"{as_of}在清单上：最早一笔欠款（{part}）应于{case.episode_on}还，至今{case.dpd}天，"
        f"处于“{stage.label}”（≥{stage.from_days}天，{named(stage.rule)}）。"
    )


def _facts(row: dict[str, Any]) -> list[tuple[str, str]]:
    money = {
        "贷款余额": "balance_cents",
        "逾期本金": "overdue_principal_cents",
        "逾期利息": "overdue_interest_cents",
    }
    plain = {
        "到期日": "due_on",
        "展期到期日": "extended_due_on",
        "本金逾期自": "principal_since_on",
        "利息逾期自": "interest_since_on",
        "逾期日期": "overdue_since_on",
        "本金逾期天数（台账）": "principal_overdue_days",
        "利息逾期天数（台账）": "interest_overdue_days",
        "逾期天数（台账）": "overdue_days",
        "台账日期": "data_on",
        "五级分类（台账）": "given_class",
    }
    facts = [("出处", f"{row['file']} {row['sheet']} 第{row['row']}行")]
    facts += [(title, f"{yuan(row[key])}元") for title, key in money.items() if row[key] is not None]
    facts += [(title, str(row[key])) for title, key in plain.items() if row[key] is not None]
    facts += [
        ("计算：本金逾期", f"{row['principal_dpd']}天"),
        ("计算：利息逾期", f"{row['interest_dpd']}天"),
        ("计算：五级分类", f"{row['risk_class']}（依据：{CLASS_BY_TITLES[row['class_by']]}）"),
    ]
    return facts


def _of_debtor(row: dict[str, Any], policy: Policy) -> list[tuple[str, str]]:
    """What of all a non-retail debtor owes is bad, and what the rule makes of it; nothing where none is."""
    rule, every, bad = policy.cross_default, row["debtor_cents"], row["debtor_bad_cents"]
    if not bad:
        return []
    above = bad * 100 > every * rule.above_percent
    demand = (
        f"超过{rule.above_percent}%，各笔至少为{rule.above_class}"
        if above
        else f"没有超过{rule.above_percent}%，各笔至少为{rule.any_class}"
    )
    share = f"本行债权共{yuan(every)}元，其中{rule.bad_from}及以下{yuan(bad)}元，占{bad / every:.2%}，{demand}"
    return [("同一债务人（企业）", share), ("　　出处", f"{named(rule.rule)}，{rule.source}")]


def _rule(rule: DutyRule, case: Case, policy: Policy, as_of: date, done: Done, suit: Suit | None) -> RuleLine:
    owed = tuple(duty for duty in duties(case, policy, as_of, done, suit=suit) if duty.id == rule.id)
    holds = bool(owed) and owed[0].state != "upcoming"
    deferred = suit.deferral if suit and suit.state == "deferred" and rule.channel == "suit" else None
    because = f"已批准暂缓至{deferred.until_on}" if deferred else _because(rule, case, as_of)
    return RuleLine(rule.rule, rule.title, rule.source, rule.line, holds, because, owed)


def _because(rule: DutyRule, case: Case, as_of: date) -> str:
    failed = [words for words, holds in conditions(rule.when, case, as_of) if not holds]
    if failed:
        return f"不要求：条件“{'、'.join(failed)}”不满足"
    if not any(party.role in rule.to for party in case.parties):
        return f"不要求：没有{'、'.join(ROLE_TITLES[role] for role in rule.to)}"
    if rule.on_request:
        return "由客户经理点名才办"
    if case.dpd < rule.from_days:
        return f"{plus_days(case.episode_on, rule.from_days)}满{rule.from_days}天起要求"
    return f"已满{rule.from_days}天，{plus_days(case.episode_on, rule.from_days + rule.within_days)}前应办完"


def _ahead(row: dict[str, Any], case: Case | None, policy: Policy, as_of: date) -> list[tuple[date, str]]:
    """The days on which something changes if nothing is paid."""
    if case is None:
        due_on = row["extended_due_on"] or row["due_on"]
        return [(due_on, "贷款到期，未还即上清单")] if due_on and due_on > as_of and row["balance_cents"] else []
    days = [
        (stage.from_days, f"进入“{stage.label}”（{named(stage.rule)}）")
        for stage in policy.stages
        if stage.from_days > case.dpd
    ]
    days += [
        (tier.from_days(case.product), f"五级分类至少为{tier.label}（{named(tier.rule)}）")
        for tier in policy.classes
        if tier.from_days(case.product) > case.dpd
    ]
    return sorted((plus_days(case.episode_on, count), text) for count, text in days)
