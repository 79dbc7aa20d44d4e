"""What hangs on the listed loans, as lists: rights that end, proofs, promises, signals, deferrals; and the ledger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.model import PROMISE_STATES, SIGNAL_STATES
from ccm.report.lists import Column, Listing
from ccm.signals import step_words
from ccm.units import days_between, plus_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ccm.report.facts import Ending, Office, Proof
    from ccm.report.lists import Book, Row

WEEKS = 26
"""Half a year of weeks, the first begins on the day of the report."""
LOST, SPANS = "近30天已丧失", ((-1, "已过最早读法"), (30, "30天内"), (90, "31–90天"), (182, "91–182天"))
"""What is past by its earliest reading and open by another is not lost, and has no day to wait for."""
SPAN_TITLES = (*(title for _, title in SPANS), LOST)
PAST, SOON, AHEAD = SPAN_TITLES[0], SPAN_TITLES[1], SPAN_TITLES[1:4]
RECENT_DAYS = 30
STATES = ("未寄", "已寄", "已妥投", "已退回", "已上门")
WHOLE = "齐全"
OPEN, OVERDUE, CLOSED = "在办", "过期", "近30天关闭"

LOAN = Column("loan", "贷款", "loan")
RIGHTS = (
    LOAN, Column("ends_on", "届满日", "day"), Column("right", "权利"), Column("party", "对谁", "name"),
    Column("act", "怎样保住"), Column("needs", "缺的材料"), Column("span", "还有多久"),
    Column("week", "哪一周", shown=False), Column("first", "笔数", "count", shown=False),
    Column("at_stake", "贷款余额", "money", shown=False),
)  # fmt: skip
PROOFS = (
    LOAN, Column("number", "编号", "text"), Column("title", "函件、上门"), Column("party", "对谁", "name"),
    Column("on", "日期", "day"), Column("state", "到了哪一步"), Column("grade", "证据等级"),
    Column("lacking", "缺的材料"), Column("look_up", "该查投递"),
)  # fmt: skip
PROMISES = (
    LOAN, Column("party", "谁承诺", "name"), Column("by", "承诺日", "day"), Column("amount", "承诺金额", "money"),
    Column("paid", "已见还款", "money"), Column("state", "结果"),
)  # fmt: skip
SIGNALS = (
    LOAN, Column("number", "编号", "text"), Column("level", "级别"), Column("text", "信号"),
    Column("source", "来源"), Column("raised_on", "发出", "day"), Column("state", "状态"), Column("step", "下一步"),
    Column("standing", "是否过期"), Column("lead", "负责人"),
)  # fmt: skip
DEFERRALS = (
    LOAN, Column("state", "状态"), Column("text", "情况", "text"), Column("until_on", "到期", "day"),
    Column("standing", "是否过期"),
)  # fmt: skip
TROUBLES = (
    Column("office", "机构"), Column("title", "问题"), Column("severity", "后果"), Column("place", "在哪里", "text"),
    Column("n", "处数", "count", shown=False),
)  # fmt: skip


def rights(offices: Sequence[Office], at: Mapping[tuple[int, str], int], book: Book) -> Listing:
    """Return the rights that end within half a year, and those lost in the last 30 days, the earliest first.

    `first` and `at_stake` count each loan once of those ahead, past and lost, where its earliest right stands: a loan
    with three rights that end is one loan, and its balance is lost but once.
    """
    loans = book["loans"]
    balance = loans.place("balance") or 0
    rows: list[Row] = []
    counted: set[tuple[int, str]] = set()
    known = ((at[nth, one.loan_no], office, one) for nth, office in enumerate(offices) for one in office.endings)
    for loan, office, one in sorted(known, key=lambda each: (each[2].ends_on, each[0])):
        span = _span(one, office.as_of)
        if not span:
            continue
        kind = span if span in {PAST, LOST} else ""
        once = (loan, kind) not in counted
        counted.add((loan, kind))
        rows.append(
            (loan, one.ends_on, one.right, one.party, one.act, one.needs, span, _week(one, office.as_of), int(once),
             loans.rows[loan][balance] if once else 0)
        )  # fmt: skip
    order = {"span": SPAN_TITLES, "week": weeks(offices[0].as_of)}
    return Listing("rights", "权利", RIGHTS, tuple(rows), order)


def _span(one: Ending, as_of: date) -> str:
    left = days_between(as_of, one.ends_on)
    if one.lost:
        return LOST if -RECENT_DAYS <= left < 0 else ""
    return next((title for days, title in SPANS if left <= days), "")


def weeks(as_of: date) -> tuple[str, ...]:
    """Return the first day of each week of the half year, as a label."""
    return tuple(f"{plus_days(as_of, 7 * nth):%m-%d}起" for nth in range(WEEKS))


def _week(one: Ending, as_of: date) -> str:
    """The week a right ends in; what is past its alarm end and not lost belongs to the first."""
    nth = max(0, days_between(as_of, one.ends_on) // 7)
    return "" if one.lost or nth >= WEEKS else weeks(as_of)[nth]


def proofs(offices: Sequence[Office], at: Mapping[tuple[int, str], int]) -> Listing:
    """Return the letters and visits of listed loans, the newest first."""
    known = [(at[nth, one.loan_no], one) for nth, office in enumerate(offices) for one in office.proofs
             if (nth, one.loan_no) in at]  # fmt: skip
    rows = tuple(_proof(loan, one) for loan, one in sorted(known, key=lambda pair: pair[1].on, reverse=True))
    return Listing("proofs", "函件与上门", PROOFS, rows, {"state": STATES})


def _proof(loan: int, one: Proof) -> Row:
    lacking = "、".join(one.lacking) or WHOLE
    look_up = "该查了" if one.look_up else ""
    return loan, one.number, one.title, one.party, one.on, one.state, one.grade, lacking, look_up


def promises(offices: Sequence[Office], at: Mapping[tuple[int, str], int]) -> Listing:
    """Return the promises whose day is ahead or was in the last 30 days, by their day."""
    rows = [
        (at[nth, one.loan_no], one.party, one.by, one.amount_cents, one.paid_cents, PROMISE_STATES[one.state])
        for nth, office in enumerate(offices)
        for made in office.promises.values()
        for one in made
        if one.by >= plus_days(office.as_of, -RECENT_DAYS) and (nth, one.loan_no) in at
    ]
    order = {"state": tuple(PROMISE_STATES.values())}
    return Listing("promises", "承诺", PROMISES, tuple(sorted(rows, key=lambda row: str(row[2]))), order)


def signals(offices: Sequence[Office], at: Mapping[tuple[int, str], int]) -> Listing:
    """Return the signals that are not closed, or were in the last 30 days; late ones first."""
    rows = [
        (at[nth, one.loan_no], one.signal_no, one.level, one.text, one.source, one.raised_on,
         SIGNAL_STATES[one.state], step_words(one, office.as_of), _standing(one.overdue, one.closed_on),
         one.lead or "未写")
        for nth, office in enumerate(offices)
        for one in office.signals
        if (nth, one.loan_no) in at
        and (one.closed_on is None or one.closed_on >= plus_days(office.as_of, -RECENT_DAYS))
    ]  # fmt: skip
    levels = tuple(dict.fromkeys(level.label for office in offices for level in office.policy.levels))
    order = {"level": levels, "standing": (OVERDUE, OPEN, CLOSED), "state": tuple(SIGNAL_STATES.values())}
    return Listing("signals", "预警信号", SIGNALS, tuple(sorted(rows, key=lambda row: row[8] != OVERDUE)), order)


def deferrals(offices: Sequence[Office], at: Mapping[tuple[int, str], int]) -> Listing:
    """Return the suits that are put off (C9), late ones first."""
    rows = [
        (at[nth, one.loan_no], one.state, one.text, one.until_on, _standing(one.overdue, None))
        for nth, office in enumerate(offices)
        for one in office.deferrals
        if (nth, one.loan_no) in at
    ]
    return Listing("deferrals", "暂缓起诉", DEFERRALS, tuple(sorted(rows, key=lambda row: row[4] != OVERDUE)))


def _standing(overdue: bool, closed_on: date | None) -> str:  # noqa: FBT001
    return CLOSED if closed_on else OVERDUE if overdue else OPEN


def troubles(offices: Sequence[Office]) -> Listing:
    """Return where the ledgers were found wrong; of a kind found very often only the first places are told."""
    return Listing("troubles", "台账问题", TROUBLES, tuple(row for office in offices for row in _troubles(office)))


def _troubles(office: Office) -> Iterator[Row]:
    for number, place in office.refused:
        yield office.name, "整行被拒收", "拒收", f"{place}{'，借据号' if number else ''}{number}", 1
    for one in office.troubles or ():
        for place in one.places:
            yield office.name, one.title, one.severity, place, 1
        if rest := one.count - len(one.places):
            yield office.name, one.title, one.severity, f"……另有{rest}处", rest
