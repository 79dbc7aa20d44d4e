"""The clocks as the terminal shows them: what is lost on which day and what saves it; of one loan, every link."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from ccm.claims import LEDGER_TITLES
from ccm.model import ROLE_TITLES
from ccm.rights.count import advice, alarm_days

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import date

    from rich.console import Console

    from ccm.life import Life
    from ccm.rights.clock import Basis, Clock, State, Worth
    from ccm.rights.rules import Rules

STATE_TITLES: dict[State, str] = {
    "unproved": "待补证据",
    "near": "将届满",
    "safe": "期间内",
    "lost": "已丧失",
    "off": "没有算",
}
STATE_STYLES: dict[State, str] = {"unproved": "magenta", "near": "yellow", "safe": "green", "lost": "red", "off": "dim"}
WORTH_TITLES: dict[Worth, str] = {
    "starts": "起算",
    "counts": "有效",
    "unproved": "待补证据",
    "early": "早于期间，不算",
    "late": "晚于期间，不算",
    "void": "不算",
}
WORTH_STYLES: dict[Worth, str] = {"counts": "green", "unproved": "magenta", "starts": ""}
URGENT_DAYS = 30
LOST_SHOWN = 5
INDENT = 18
KEPT, PASSED = "已保住", "可能已过"
STANDS = (
    *(STATE_TITLES[state] for state in ("unproved", "near")),
    PASSED,
    *(STATE_TITLES[state] for state in ("safe", "lost")),
    KEPT,
)
"""How clocks are counted, in this order."""
OFF, WEAK = "没有算", "按最早的读法算"


def show_clocks(
    console: Console, clocks: Sequence[Clock], rules: Rules, as_of: date, borrowers: Mapping[str, str], limit: int
) -> None:
    """Print what can still be saved, most urgent first, each with its act; then what is lost or was not counted."""
    counts = Counter(map(_stands, clocks))
    parts = [f"{title}{counts[title]}项" for title in STANDS if counts[title]]
    console.print(Text(f"{as_of} 权利的期间：{'，'.join(parts) or '没有要保的'}", style="bold"))
    running = _grouped(one for one in clocks if one.state not in {"lost", "off"} and not one.kept_on)
    for group in running[:limit]:
        _show_line(console, group, rules, borrowers, as_of)
    if len(running) > limit:
        console.print(Text(f"另有{len(running) - limit}项：用 --limit 或 --within 看", style="dim"))
    lost = _grouped(one for one in clocks if one.state == "lost")
    if lost:
        console.print(Text("\n已丧失：发函不能恢复", style="bold"))
        for group in lost[-LOST_SHOWN:]:
            _show_line(console, group, rules, borrowers, as_of)
        if len(lost) > LOST_SHOWN:
            console.print(Text(f"只列最近的{LOST_SHOWN}项，其余用 --json 看", style="dim"))
    _show_missing(console, clocks, rules)
    if running or lost:
        console.print(Text("按未顺延的届满日；逐环依据看 ccm clock --loan 借据号", style="dim"))


def show_brief(console: Console, clocks: Sequence[Clock], rules: Rules, as_of: date) -> None:
    """Print the clocks of one loan, two lines each; the twenty years only when they end in sight."""
    shown = [one for one in clocks if one.state != "off" and (one.right != "cap" or one.state != "safe")]
    if not shown:
        return
    console.print(Text("\n权利的期间", style="bold"))
    for group in _grouped(shown):
        _show_line(console, group, rules, {}, as_of)


def _stands(clock: Clock) -> str:
    """Return in a word how a clock stands."""
    return KEPT if clock.kept_on else PASSED if clock.perhaps_over else STATE_TITLES[clock.state]


def _grouped(clocks: Iterable[Clock]) -> list[list[Clock]]:
    """Put together what ends on one day and is saved by one act: the claim and its mortgage, joint debtors."""
    groups: dict[tuple[object, ...], list[Clock]] = {}
    for one in clocks:
        groups.setdefault((one.loan_no, one.ends_on, one.act, one.state, one.needs), []).append(one)
    return list(groups.values())


def _show_line(
    console: Console, group: Sequence[Clock], rules: Rules, borrowers: Mapping[str, str], as_of: date
) -> None:
    first = group[0]
    titles = "、".join(dict.fromkeys(rules.rights[one.right].title for one in group))
    people = "、".join(dict.fromkeys(_who(one) for one in group))
    about = f" {first.loan_no} {borrowers[first.loan_no]}" if borrowers else ""
    head = Text.assemble(
        (f"{left_words(first):>6} ", _urgency(first)),
        f"{first.ends_on} ",
        (titles, "bold"),
        f" {people}",
        (about, "dim"),
    )
    console.print(head)
    console.print(Padding(Text.assemble("→", _act_words(first, rules, as_of)), (0, 0, 0, INDENT)))


def left_words(clock: Clock) -> str:
    """Return in words how many days are left."""
    days = clock.days_left
    if days is None:
        return "已保住"
    return f"{days}天" if days >= 0 else f"过{-days}天"


def _urgency(clock: Clock) -> str:
    days = clock.days_left
    if clock.state == "lost" or (days is not None and days <= URGENT_DAYS):
        return "bold red"
    return STATE_STYLES[clock.state]


def _act_words(clock: Clock, rules: Rules, as_of: date) -> Text:
    passed = f"可能已过{-(clock.days_left or 0)}天，" if clock.perhaps_over else ""
    text = Text(f"{passed}{advice(clock, rules)}")
    if clock.act == "file" and clock.needs:
        text.append(f"　缺 {'；'.join(clock.needs)}", style="magenta")
    if clock.act in {"request", "suit_and_request"} and not passed:
        text.append(f"，{_post_words(clock, as_of)}", style="yellow")
    if any(one.ends_on for one in clock.doubts):
        text.append("　另有读法", style="dim")
    return text


def _post_words(clock: Clock, as_of: date) -> str:
    if not clock.post_by_on or clock.post_by_on < as_of:
        return "退信就来不及了：当面送达、公证送达或起诉"
    return f"{clock.post_by_on}前寄出"


def _who(clock: Clock) -> str:
    return f"{ROLE_TITLES[clock.role]}{clock.party}"


def _show_missing(console: Console, clocks: Sequence[Clock], rules: Rules) -> None:
    """Say which ledger columns are missing, and what is weaker or off without them."""
    lines = Counter(
        f"台账没有{_column(column)}，{rules.rights[one.right].title}{OFF if one.state == 'off' else WEAK}"
        for one in clocks
        for column in one.missing
    )
    for number, (line, count) in enumerate(lines.items()):
        console.print(Text(f"{'' if number else chr(10)}{line}：{count}项", style="dim"))


def _column(column: str) -> str:
    return f"“{LEDGER_TITLES.get(column, column)}”"


def show_chains(
    console: Console,
    clocks: Sequence[Clock],
    rules: Rules,
    as_of: date,
    drafted: Sequence[Life],
    unsure: Container[int],
) -> None:
    """Print every clock of one loan with its chain, its doubts, and what saves it.

    In a year that is `unsure` the holidays are known by law alone: a weekend may yet become a working day.
    """
    for number, clock in enumerate(clocks):
        if number:
            console.print()
        _show_chain(console, clock, rules, as_of, unsure)
    for life in drafted:
        console.print(
            Text(f"\n{life.letter_no}《{life.title}》致{life.party}：已签发，还没有寄出，不算", style="yellow")
        )


def _show_chain(console: Console, clock: Clock, rules: Rules, as_of: date, unsure: Container[int]) -> None:
    _show_head(console, clock, rules, unsure)
    for link in clock.basis:
        _show_link(console, link, rules)
    if clock.expired_on:
        _line(console, f"曾于{clock.expired_on}届满", "red")
    if clock.if_proved_on:
        _line(console, f"材料补齐后到{clock.if_proved_on}届满", "magenta")
    if clock.state != "off":
        what = advice(clock, rules) if clock.perhaps_over else f"{rules.acts[clock.act].title}{_by(clock, as_of)}"
        _line(console, f"要做：{what}", "bold")
    for need in clock.needs:
        _line(console, f"　　{need}", "magenta" if clock.act == "file" else "")
    _show_open(console, clock, rules, as_of)


def _show_head(console: Console, clock: Clock, rules: Rules, unsure: Container[int]) -> None:
    """Print whose clock it is, where it stands, and the two ends."""
    head = Text.assemble(
        (rules.rights[clock.right].title, "bold"), f"　{_who(clock)}　", (_stands(clock), STATE_STYLES[clock.state])
    )
    if clock.ends_on and not clock.kept_on:
        head.append(f"　{clock.ends_on}届满，{_left(clock)}", style=_urgency(clock))
    console.print(head)
    if clock.kept_on:
        _line(console, f"{clock.kept_on}已保住，这个期间不再走")
    elif clock.ends_on and clock.legal_ends_on != clock.ends_on:
        moved = f"依法顺延到{clock.legal_ends_on}" if clock.legal_ends_on else "该年的放假安排没有公布，不顺延"
        if clock.legal_ends_on and clock.legal_ends_on.year in unsure:
            moved += f"（暂定：{clock.legal_ends_on.year}年的调休还没有公布，不要等到那天）"
        _line(console, f"{moved}；提醒仍按{clock.ends_on}", "dim")


def _show_open(console: Console, clock: Clock, rules: Rules, as_of: date) -> None:
    """Print what is open: other readings, columns that are missing, the next alarm."""
    for doubt in clock.doubts:
        confirm = "；需法务确认" if doubt.confirm else ""
        _line(console, f"另一读法：{doubt.says}（{doubt.source}{confirm}）", "yellow")
    if clock.missing:
        _line(console, f"台账没有：{'、'.join(map(_column, clock.missing))}", "dim")
    if alarms := [day for day in alarm_days(clock, rules) if day > as_of]:
        _line(console, f"下次提醒：{alarms[0]}", "dim")


def _left(clock: Clock) -> str:
    days = clock.days_left or 0
    return f"还剩{days}天" if days >= 0 else f"已过{-days}天"


def _by(clock: Clock, as_of: date) -> str:
    return f"，{_post_words(clock, as_of)}" if clock.act in {"request", "suit_and_request"} else ""


def _show_link(console: Console, link: Basis, rules: Rules) -> None:
    name = STARTS.get(link.event) or rules.events[link.event].title
    proof = link.proof.partition("：")[2]
    told = " ".join(filter(None, (link.letter_no, f"{link.grade}级" if link.grade else "", link.party)))
    text = Text.assemble(
        f"{link.on} {name} ", (told, "dim"), " ", (WORTH_TITLES[link.worth], WORTH_STYLES.get(link.worth, "dim"))
    )
    if proof:
        text.append(f"　{proof}", style="dim")
    console.print(Padding(text, (0, 0, 0, 2)))


STARTS = {
    "due": "到期日",
    "extended": "展期到期日",
    "accelerated": "提前到期日",
    "determined": "债权确定之日",
}


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Padding(Text(text, style=style), (0, 0, 0, 2)))
