"""Everything a person sees on the terminal: tables and messages, no rules.

Tables fit 80 columns and use what a wider terminal gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccm.compare import MOVE_TITLES, Comparison, Move
from ccm.errors import CcmError, Finding, catalogue
from ccm.holds import in_words
from ccm.model import (
    CHANNEL_TITLES,
    HOLD_TITLES,
    PRODUCT_TITLES,
    ROLE_TITLES,
    STATE_TITLES,
    SUIT_STATES,
    Duty,
    Hold,
    WorkItem,
)
from ccm.signals import pressing, step_words
from ccm.suit.standing import in_words as suit_words
from ccm.suit.standing import missed_words
from ccm.units import short_yuan, yuan
from ccm.worklist import next_duty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.model import Signal, Suit
    from ccm.policy import Policy, SignRule
    from ccm.rehearsal import Rehearsal
    from ccm.why import Explanation

WIDE = 110
"""From this width on, the worklist has a column for each thing; below, two lines per loan."""

STAGE_STYLES = ("cyan", "yellow", "bright_red", "bold red")


def stage_style(stage: int, policy: Policy) -> str:
    """Return the colour of a stage: the later, the louder."""
    place = [one.from_days for one in policy.stages].index(stage)
    return STAGE_STYLES[min(place, len(STAGE_STYLES) - 1)]


def show_error(console: Console, error: CcmError) -> None:
    """Print what stopped the work: what, where, why, and what to do."""
    console.print(Text.assemble(("错误：", "bold red"), str(error)), soft_wrap=True)
    if error.hint:
        console.print(Text.assemble(("怎么办：", "bold"), error.hint), soft_wrap=True)


def show_summary(
    console: Console,
    totals: Mapping[int, tuple[int, int, int, int]],
    policy: Policy,
    comparison: Comparison | None,
) -> None:
    """Print stages × loans × principal × interest × balance, with what changed since the triage before.

    `totals` maps a stage to its loans, overdue principal, overdue interest and balance in cents.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column("阶段", no_wrap=True)
    for title in ("笔数", "逾期本金", "逾期利息", "贷款余额"):
        table.add_column(title, justify="right", no_wrap=True)
    for stage in policy.stages:
        count, *amounts = totals.get(stage.from_days, (0, 0, 0, 0))
        before = comparison.stages_before.get(stage.from_days, (0, 0))[0] if comparison else count
        table.add_row(
            Text(stage.label, style=stage_style(stage.from_days, policy)),
            _with_change(count, count - before),
            *(yuan(cents) for cents in amounts),
        )
    sums = [sum(row[n] for row in totals.values()) for n in range(4)]
    table.add_section()
    table.add_row("合计", str(sums[0]), *(yuan(cents) for cents in sums[1:]), style="bold")
    console.print(table)


def _with_change(count: int, change: int) -> str:
    return f"{count} ({change:+d})" if change else str(count)


def show_changes(console: Console, comparison: Comparison) -> None:
    """Print what moved since the triage before; rows that are gone are asked about one by one."""
    counts = [(move, comparison.of(move)) for move in MOVE_TITLES]
    line = "，".join(f"{MOVE_TITLES[move]}{len(changes)}笔" for move, changes in counts if changes)
    console.print(Text.assemble((f"与{comparison.since}相比：", "bold"), line or "没有变动"))
    for move in ("paid_but_worse", "vanished"):
        _show_moves(console, move, comparison)


SHOWN = 5
"""How many of a kind are spelled out before the rest is counted."""


def _show_moves(console: Console, move: Move, comparison: Comparison) -> None:
    changes = comparison.of(move)
    for change in changes[:SHOWN]:
        if move == "vanished":
            owed = "有余额" if change.before_stage is None else f"逾期{short_yuan(change.before_owed_cents)}"
            words = f"上次{owed}，这次台账里没有：核销、转岗还是漏导？"
        else:
            owed = f"{short_yuan(change.before_owed_cents)} → {short_yuan(change.after_owed_cents)}"
            words = f"欠款{owed}，却进入满{change.after_stage}天阶段"
        console.print(Text(f"  {change.loan_no} {change.borrower}：{words}", style="yellow"))
    if len(changes) > SHOWN:
        console.print(f"  ……另有{len(changes) - SHOWN}笔{MOVE_TITLES[move]}")
    if move == "vanished" and len(changes) > max(SHOWN, comparison.common):
        console.print("  大半不见了：这次导入的是不是另一个机构的台账？不同台账请分开工作目录，或一次全部导入。")


def show_worklist(console: Console, items: Sequence[WorkItem], policy: Policy, total: int) -> None:
    """Print the first lines of a worklist of `total`."""
    wide = console.width >= WIDE
    table = _wide_table() if wide else _narrow_table()
    for item in items:
        style = stage_style(item.case.stage, policy)
        step = _next_step(item, policy)
        table.add_row(*(_wide_row(item, style, step) if wide else _narrow_row(item, style, step)))
    console.print(table)
    if total > len(items):
        console.print(f"……另有{total - len(items)}笔：加 --limit {total} 全部显示，或 --export 清单.xlsx 导出")


def _wide_table() -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=True)
    table.add_column("序", justify="right", no_wrap=True)
    table.add_column("借款人", max_width=14, overflow="fold")
    table.add_column("借据号", overflow="fold", max_width=20)
    table.add_column("天数", justify="right", no_wrap=True)
    table.add_column("逾期本金", justify="right", no_wrap=True)
    table.add_column("逾期利息", justify="right", no_wrap=True)
    table.add_column("下一步", ratio=5, overflow="fold")
    table.add_column("为什么排在这里", ratio=5, overflow="fold")
    return table


def _wide_row(item: WorkItem, style: str, step: Text) -> list[str | Text]:
    case = item.case
    return [
        str(item.rank),
        Text(case.borrower),
        Text(case.loan_no),
        Text(str(case.dpd), style=style),
        yuan(case.overdue_principal_cents),
        yuan(case.overdue_interest_cents),
        step,
        Text(" ".join(item.reasons), style="dim"),
    ]


def _narrow_table() -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=True)
    table.add_column("序", justify="right", no_wrap=True)
    table.add_column("借款人/借据号", overflow="fold", max_width=20)
    table.add_column("天数", justify="right", no_wrap=True)
    table.add_column("逾期本息", justify="right", no_wrap=True)
    table.add_column("下一步/为什么排在这里", ratio=1, overflow="fold")
    return table


def _narrow_row(item: WorkItem, style: str, step: Text) -> list[str | Text | Group]:
    case = item.case
    return [
        str(item.rank),
        Text.assemble(case.borrower, "\n", (case.loan_no, "dim")),
        Text(str(case.dpd), style=style),
        yuan(case.overdue_cents),
        Text.assemble(step, "\n", (" ".join(item.reasons), "dim")),
    ]


def _next_step(item: WorkItem, policy: Policy) -> Text:
    """What holds the loan, its suit, its signals, then the next duty and its last day; what was missed is counted."""
    held = Text.assemble(*((f"{hold_mark(hold)}\n", hold_style(hold)) for hold in item.holds))
    warned = signal_mark(pressing(item.signals, policy))
    sued = suit_mark(item.suit)
    return Text.assemble(held, sued, "\n" if sued else "", warned, "\n" if warned else "", _next_duty(item))


def suit_mark(suit: Suit | None) -> Text:
    """A suit in a few words: deferred until when, or why it is owed again; nothing where nothing was done about it."""
    if suit is None or not suit_words(suit):
        return Text()
    if suit.state == "deferred" and suit.deferral:
        return Text(f"【暂缓起诉】至{suit.deferral.until_on:%m-%d}", style="magenta")
    words = suit_words(suit)
    if suit.state == "filed" and suit.filing:
        words = suit.filing.stages[-1].title if suit.filing.stages else f"{suit.filing.on:%m-%d}"
    elif suit.state == "breached" and suit.deferral:
        words = f"{missed_words(suit.deferral)}，应起诉·C10"
    return Text(f"【{SUIT_STATES[suit.state]}】{words}", style=SUIT_STYLES[suit.state])


SUIT_STYLES = {"due": "yellow", "deferred": "magenta", "pending": "yellow", "breached": "red", "filed": "green"}


def signal_mark(shown: Sequence[Signal]) -> Text:
    """The signals of a loan in a few words: the most pressing with its next step, the others counted."""
    if not shown:
        return Text()
    first, title = shown[0], shown[0].text.partition("：")[0]
    short = title if len(title) <= SIGNAL_WORDS else f"{title[: SIGNAL_WORDS - 1]}…"
    more = f"等{len(shown)}个" if len(shown) > 1 else ""
    words = f"【预警·{first.level}】{short}{more} {step_words(first)}"
    return Text(words, style="red" if any(one.overdue for one in shown) else "yellow")


SIGNAL_WORDS = 12
"""How much of a signal's text the worklist shows; `ccm warn show` has the whole."""


def show_signals_elsewhere(console: Console, shown: Sequence[tuple[str, Signal]]) -> None:
    """Print what presses of loans that are not on the list: borrowers' names with their signals."""
    if not shown:
        return
    console.print(Text(f"不在清单上的贷款，预警信号{len(shown)}个：", style="bold"))
    for borrower, one in shown[:SHOWN]:
        console.print(Text.assemble(f"  {borrower} {one.loan_no} ", signal_mark([one]), (f" {one.signal_no}", "dim")))
    if len(shown) > SHOWN:
        console.print(f"  ……另有{len(shown) - SHOWN}个，见 ccm warn list --open")


def hold_mark(hold: Hold) -> str:
    """A hold in a few words: what, until when, and whether the bank owes an answer."""
    title = HOLD_TITLES[hold.reason]
    if hold.state == "broken":
        return f"【{title}】{hold.ended_on:%m-%d}那期没还"
    if hold.answer_by:
        words = f"{hold.answer_by:%m-%d}前{'应答复，已过期' if hold.unanswered else '答复'}"
    else:
        words = f"至{hold.until_on:%m-%d}" if hold.until_on else f"{hold.from_on:%m-%d}起"
    return f"【停·{title}】{words}"


def hold_style(hold: Hold) -> str:
    """Red where the bank or the debtor is late, else magenta."""
    return "red" if hold.unanswered or hold.state == "broken" else "magenta"


def _next_duty(item: WorkItem) -> Text:
    duty = next_duty(item)
    if duty is None:
        return Text("暂无应办", style="dim")
    late = duty.state == "overdue"
    text = Text.assemble(
        f"{duty.title}·{duty.rule} ",
        (f"{duty.due_on:%m-%d}已过期" if late else f"{duty.due_on:%m-%d}前", "red" if late else ""),
    )
    missed = {one.id for one in item.duties if one.from_on < duty.from_on and one.state in {"due", "overdue"}}
    if missed:
        text.append(f" 另欠{len(missed)}项", style="yellow")
    return text


def show_findings(console: Console, findings: Sequence[Finding], refused: int, refusal: str | None) -> None:
    """Print findings by kind: the first of each whole, the rest counted."""
    if not findings:
        return
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.code, []).append(one)
    console.print(Text(f"台账问题 {len(findings)} 处" + (f"，其中{refused}行被拒收" if refused else ""), style="bold"))
    for code, group in sorted(groups.items(), key=lambda pair: (pair[1][0].severity != "error", -len(pair[1]))):
        console.print(Padding(_finding(code, group), (0, 0, 0, 2)))
    if refusal:
        console.print(
            f"被拒收的行在 {refusal}\n在红色单元格里改好，连同原台账一起再读一遍：ccm triage 原台账 改好的文件"
        )


def _finding(code: str, group: Sequence[Finding]) -> Group:
    first = group[0]
    sign, style = ("✗", "red") if first.severity == "error" else ("!", "yellow")
    place = " ".join(
        part for part in (first.file, first.sheet, first.cell or (f"第{first.row}行" if first.row else "")) if part
    )
    more = f"（共{len(group)}处）" if len(group) > 1 else ""
    shown = f"“{first.value}”" if first.value else ""
    return Group(
        Text.assemble((f"{sign} {catalogue()[code].title}{more}", style), f" {place} ", (code, "dim")),
        Padding(Text(f"{shown}{'，' if shown else ''}{first.message}"), (0, 0, 0, 2)),
        Padding(Text(f"→ {first.hint}", style="dim"), (0, 0, 0, 2)),
    )


def show_why(console: Console, explanation: Explanation) -> None:
    """Print why a loan is or is not on the list."""
    console.print(Text(f"{explanation.loan_no} {explanation.borrower}", style="bold"))
    console.print(explanation.sentence)
    for hold in explanation.holds:
        console.print(Text(f"{hold_mark(hold)}　{in_words(hold)}", style=hold_style(hold)))
    if explanation.suit and (words := suit_words(explanation.suit)):
        console.print(Text(words, style=SUIT_STYLES[explanation.suit.state]))
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    for title, value in explanation.facts:
        facts.add_row(Text(title, style="dim"), Text(value))
    console.print(facts)
    if explanation.rules:
        console.print(Text(f"按政策（{explanation.policy}）：", style="bold"))
        for rule in explanation.rules:
            _show_rule(
                console,
                rule.holds,
                f"{rule.rule} {rule.title}：{rule.because}",
                f"{rule.source}，政策文件第{rule.line}行",
                rule.owed,
            )
    if explanation.ahead:
        console.print(Text("不还款的话：", style="bold"))
        for day, text in explanation.ahead:
            console.print(f"  {day} {text}")


def _show_rule(console: Console, holds: bool, words: str, source: str, owed: Sequence[Duty]) -> None:  # noqa: FBT001
    console.print(Text.assemble(("  ● " if holds else "  ○ ", "green" if holds else "dim"), words))
    people = "、".join(f"{ROLE_TITLES[duty.role]}{duty.party}（{STATE_TITLES[duty.state]}）" for duty in owed)
    console.print(Text(f"    {people}{'；' if people else ''}出处：{source}", style="dim"))


def show_policy(console: Console, policy: Policy) -> None:
    """Print the rules as a person reads them, with their sources."""
    console.print(Text(policy.name, style="bold"))
    console.print(f"文件：{policy.path}；指纹：{policy.digest[:12]}")
    console.print(Text("\n阶段（逾期天数达到即进入）", style="bold"))
    for stage in policy.stages:
        console.print(f"  满{stage.from_days}天  {stage.label}（{stage.rule}）{stage.source}")
    for product, title in PRODUCT_TITLES.items():
        console.print(Text(f"\n{title}应办事项", style="bold"))
        for rule in policy.duties_of(product):
            roles = "、".join(ROLE_TITLES[role] for role in rule.to)
            asked = "（点名才办）" if rule.on_request else ""
            when, what = f"满{rule.from_days}天起{rule.within_days}天内", f"{rule.rule} {rule.title}{asked}"
            console.print(f"  {when}  {what} → {roles}，{CHANNEL_TITLES[rule.channel]}")
            console.print(Text(f"      证据：{rule.proof}；出处：{rule.source}", style="dim"))
    console.print(Text("\n五级分类下限（天）", style="bold"))
    for tier in policy.classes:
        console.print(
            f"  {tier.label}  贷款≥{tier.loan_from_days}，信用卡≥{tier.card_from_days}（{tier.rule}）{tier.source}"
        )
    cross = policy.cross_default
    console.print(
        f"  企业的几笔一起看：{cross.bad_from}及以下超过本行债权{cross.above_percent}%的，各笔至少{cross.above_class}；"
        f"没超过的，至少{cross.any_class}（{cross.rule}）{cross.source}"
    )
    console.print(Text("\n暂停电话和信函（时效和保证期间照走）", style="bold"))
    for hold in policy.holds:
        parts = [f"默认{hold.days}天" if hold.days else "", f"{hold.answer_days}天内答复" if hold.answer_days else ""]
        terms = "，".join(part for part in parts if part) or ("到最后一期" if hold.reason == "plan" else "到解除为止")
        console.print(f"  {HOLD_TITLES[hold.reason]}  {terms}（{hold.rule}）{hold.source}")
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
        console.print(f"  {level.label}  {days}（{level.rule}）{level.source}")
    console.print(Text("\n台账自己给出的预警信号", style="bold"))
    for sign in policy.signs:
        console.print(f"  {sign.level}  {sign.title}{_threshold(sign)}（{sign.rule}）{sign.source}")
    console.print(Text("\n排序", style="bold"))
    for priority in policy.priorities:
        console.print(f"  {priority.reason.format(value='…', stage='…')}：最多{priority.weight:g}分（{priority.rule}）")


def _threshold(sign: SignRule) -> str:
    parts = [
        f"满{sign.from_days}天" if sign.from_days > 1 else "",
        f"{sign.from_class}及以下" if sign.from_class else "",
    ]
    parts.append(f"余额{short_yuan(sign.min_balance_cents)}以上" if sign.min_balance_cents else "")
    return "".join(f"，{part}" for part in parts if part)


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


def _lines(console: Console, title: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    console.print(Text(title if lines else f"{title}：没有变化", style="bold"))
    for line in lines:
        console.print(f"  {escape(line)}")
