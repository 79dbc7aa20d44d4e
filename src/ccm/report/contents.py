"""Which tables a report has, in the order they are read, and what stands above each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.report import compliance as done
from ccm.report import loans as of
from ccm.report import records
from ccm.report.pivots import Measure, Pivot, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ccm.report.lists import Book

OWED = ("principal", "interest")
GRADES = ("A", "B", "C", "D", "E", "F")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report: its tables, and a sentence on how they are counted."""

    key: str
    title: str
    lead: str
    pivots: tuple[Pivot, ...]


def contents(
    book: Book, stages: Sequence[str], moves: Sequence[str], *, last: bool, month: bool, found: bool
) -> tuple[Section, ...]:
    """Return the parts of a report over these lists.

    Args:
        book: The lists.
        stages: The stages' labels.
        moves: The ways a loan may have moved, in words.
        last: Whether there is an earlier triage to compare with.
        month: Whether there is one of about a month ago.
        found: Whether the triages kept what they found in the ledgers.
    """
    then = [("last", "比上次")] * last + [("month", "比月前")] * month
    return (
        Section("book", "现在的账", _compared(then), tuple(_totals(stages, then))),
        Section("flow", "往哪里走", FLOW, tuple(_flow(stages, moves, then))),
        Section("rights", "哪些权利要丢", RIGHTS, tuple(_rights(book))),
        Section("duties", "应办的办了没有", f"{DUTIES}{_earlier(book)}", tuple(_duties(book))),
        Section("money", "收回与承诺", MONEY, tuple(_money(then))),
        Section("proofs", "函件与证据", PROOFS, tuple(_proofs(book))),
        Section("signals", "预警与暂缓起诉", "", tuple(_signals(book))),
        Section("age", "账龄与发放批次", AGE, tuple(_age(book, stages))),
        Section("ledger", "台账质量", LEDGER if found else f"{LEDGER}{UNFOUND}", tuple(_ledger(book, stages))),
    )  # fmt: skip


FLOW = "每格是笔数和占该行的比例；橙色变重，蓝色变轻，灰色没动。"
RIGHTS = "按未顺延的届满日；一笔贷款有几项权利的，笔数和余额只算最早的一次。"
DUTIES = "每项按人数算；本轮逾期中第一次办理的日子定是否按时；暂停期间到期的不算漏办。"
MONEY = "收回取登记的还款与台账上余额、欠息下降两者中较大的；承诺是近30天到期和还没到期的。"
PROOFS = "现在和比较日逾期的贷款的函件、上门；等级A–C能中断时效，D–F不能单独中断。"
AGE = "账龄按逾期天数；发放批次是同期发放的贷款里现在逾期的，前年及以前的按年。"
LEDGER = "读台账时发现的问题；缺的是逾期贷款那几栏空着，没有它们打不了电话、寄不了函。"

UNFOUND = "这份台账是旧版 ccm 读的，没有记下问题，再读一次就有。"


def _earlier(book: Book) -> str:
    """Say how much fell due before anything was recorded here, empty where nothing did."""
    listing = book["duties"]
    state, n = (listing.place(name) or 0 for name in ("state", "n"))
    count = sum(int(str(row[n])) for row in listing.rows if row[state] == done.EARLIER)
    return f"启用以前到期、没有按时办理记录的{count}项单列为“{done.EARLIER}”，不计入漏办和迟办。" if count else ""


def _compared(then: Sequence[tuple[str, str]]) -> str:
    return "变化按客户经理和机构现在的归属算。" if then else "只读过一次台账，还没有可比的；下次读台账后这里有变化。"


def _totals(stages: Sequence[str], then: Sequence[tuple[str, str]]) -> Iterable[Pivot]:
    for key, head, values, chart in (
        ("stage", "阶段", tuple(stages), True), ("branch", "机构", (), True), ("manager", "客户经理", (), True),
        ("product", "产品", (), False),
    ):  # fmt: skip
        measures = tuple(_overview(stages, then, by_stage=key == "stage"))
        drawn = tuple(
            nth
            for nth, one in enumerate(measures)
            if one.title == "今天" and one.group in {"本金（万元）", "利息（万元）"}
        )
        yield Pivot(
            f"by-{key}", f"按{head}", head, key, measures, values, trim=key != "stage",
            chart="bars" if chart else "", drawn=drawn,
        )  # fmt: skip


def _overview(stages: Sequence[str], then: Sequence[tuple[str, str]], *, by_stage: bool) -> Iterable[Measure]:
    """Loans, principal, interest: today, and the change since; by stage, each day is counted by its own stage."""
    here = {} if by_stage else {"stage": tuple(stages)}
    for group, sums in (("笔数", ""), ("本金（万元）", "principal"), ("利息（万元）", "interest")):
        now = Query("loans", here, (sums,) if sums else ())
        yield Measure("今天", (now,), group=group, unit="money" if sums else "count")
        for column, title in then:
            there = {} if by_stage else {column: tuple(stages)}
            old = Query("loans", there, (f"{sums}_{column}",) if sums else (), by=column if by_stage else "")
            yield Measure(title, (now,), (old,), unit="money_change" if sums else "change", group=group)
    yield Measure("今天", (Query("loans", {"stage": tuple(stages)}, ("balance",)),), unit="money", group="余额（万元）")


def _flow(stages: Sequence[str], moves: Sequence[str], then: Sequence[tuple[str, str]]) -> Iterable[Pivot]:
    places = (of.CALM, *stages, of.ABSENT)
    for column, title in (("last", "上次到今天"), ("month", "一个月前到今天")):
        if column not in dict(then):
            continue
        every = _counted({column: places, "stage": places})
        measures = tuple(
            Measure(place, _counted({"stage": (place,)}), over=every, unit="rate", group="今天") for place in places
        )
        yield Pivot(
            f"flow-{column}", title, "原来", column, measures, places, heat=tuple(range(len(measures))), total=False,
        )  # fmt: skip
    if "last" in dict(then):
        yield _moved("move", "last", "与上次比，怎样变动", "变动", moves)
    if "month" in dict(then):
        yield _moved("move_month", "month", "与一个月前比，怎样变动", "变动", moves)
    if "last" in dict(then):
        yield Pivot(
            "move-manager", "与上次比，谁名下的变动", "客户经理", "manager",
            tuple(Measure(move, (Query("loans", {"move": (move,)}),)) for move in moves),
        )  # fmt: skip


def _counted(where: dict[str, tuple[str, ...]]) -> tuple[Query, ...]:
    """Count loans that are listed, and the rest of the book that is only counted."""
    return Query("loans", where), Query("calm", where, ("n",))


def _moved(column: str, then: str, title: str, head: str, moves: Sequence[str]) -> Pivot:
    where = {column: tuple(moves)}
    return Pivot(
        f"{column}s", title, head, column,
        (
            Measure("笔数", (Query("loans", where),)),
            Measure("原欠（万元）", (Query("loans", where, tuple(f"{name}_{then}" for name in OWED)),), unit="money"),
            Measure("现欠（万元）", (Query("loans", where, OWED),), unit="money"),
        ),
        tuple(moves), total=False,
    )  # fmt: skip


def _rights(book: Book) -> Iterable[Pivot]:
    titles = book["rights"].values("right")
    ahead = {"span": records.AHEAD}
    weeks = book["rights"].order["week"]
    stake = (
        Measure("贷款", (Query("rights", ahead, ("first",)),)),
        Measure("余额（万元）", (Query("rights", ahead, ("at_stake",)),), unit="money"),
    )
    each = tuple(Measure(title, (Query("rights", {**ahead, "right": (title,)}),)) for title in titles)
    yield Pivot(
        "rights-week", "今后半年，按周", "周", "week", (*each, *stake), weeks, chart="columns",
        drawn=tuple(range(len(each))),
    )  # fmt: skip
    spans = tuple(Measure(title, (Query("rights", {"span": (title,)}),)) for title in records.SPAN_TITLES)
    yield Pivot("rights-manager", "在谁名下", "客户经理", "manager", (*spans, *stake))
    acts = tuple(Measure(title, (Query("rights", {"span": (title,)}),)) for title in records.SPAN_TITLES)
    yield Pivot("rights-act", "怎样保住", "办法", "act", acts)


def _duties(book: Book) -> Iterable[Pivot]:
    rules = book["duties"].order["rule"]
    drawn = tuple(range(len(done.STATES)))
    measures = tuple(_kept())
    # A loan that misses two rules would be counted twice in the total of this table: it counts items alone.
    yield Pivot("duties-rule", "按条款", "应办事项", "rule", measures[:-1], rules, chart="bars", drawn=drawn)
    missed = drawn.index(done.STATES.index(done.MISSED))
    yield Pivot("duties-manager", "按客户经理", "客户经理", "manager", measures, rank=missed, chart="bars", drawn=drawn)
    yield Pivot("duties-branch", "按机构", "机构", "branch", measures, rank=missed)
    each = tuple(
        Measure(rule, (Query("duties", {"rule": (rule,), "state": (done.MISSED,)}, ("n",)),))
        for rule in rules
        if any(row[1] == rule and row[2] == done.MISSED for row in book["duties"].rows)
    )
    whole = Measure("漏办合计", (Query("duties", {"state": (done.MISSED,)}, ("n",)),))
    heat = tuple(range(1, len(each) + 1))
    yield Pivot("missed", "谁漏了哪一条", "客户经理", "manager", (whole, *each), heat=heat)


def _kept() -> Iterable[Measure]:
    for state in done.STATES:
        yield Measure(state, (Query("duties", {"state": (state,)}, ("n",)),))
    judged = {"state": (done.IN_TIME, done.LATE, done.MISSED)}
    yield Measure(
        "按时率", (Query("duties", {"state": (done.IN_TIME,)}, ("n",)),), over=(Query("duties", judged, ("n",)),),
        unit="share",
    )  # fmt: skip
    yield Measure("漏办贷款", (Query("duties", {"state": (done.MISSED,)}, ("case",)),))


def _money(then: Sequence[tuple[str, str]]) -> Iterable[Pivot]:
    since = {"last": ("paid", "上次以来"), "month": ("paid_month", "一个月以来")}
    measures = tuple(
        Measure(f"{since[column][1]}收回（万元）", (Query("loans", {}, (since[column][0],)),), unit="money")
        for column, _ in then
    )
    if measures:
        drawn = (len(measures) - 1,)
        yield Pivot("paid-manager", "收回，按客户经理", "客户经理", "manager", measures, chart="bars", drawn=drawn)
        yield Pivot("paid-branch", "收回，按机构", "机构", "branch", measures)
    kept = (
        Measure("笔数", (Query("promises", {}),)),
        Measure("承诺（万元）", (Query("promises", {}, ("amount",)),), unit="money"),
        Measure("已见还款（万元）", (Query("promises", {}, ("paid",)),), unit="money"),
    )
    yield Pivot("promises-state", "承诺，按结果", "结果", "state", kept)
    states = ("已履行", "未履行", "今天到期", "未到期", "已改期")
    each = tuple(Measure(state, (Query("promises", {"state": (state,)}),)) for state in states)
    judged = (Query("promises", {"state": states[:2]}),)
    share = Measure("履行率", (Query("promises", {"state": states[:1]}),), over=judged, unit="share")
    yield Pivot("promises-manager", "承诺，按客户经理", "客户经理", "manager", (*each, share))


def _proofs(book: Book) -> Iterable[Pivot]:
    letters = (Query("proofs", {}),)
    grades = tuple(Measure(grade, (Query("proofs", {"grade": (grade,)}),), group="证据等级") for grade in GRADES)
    yield Pivot(
        "proofs-state", "按到了哪一步", "到了哪一步", "state", (Measure("件数", letters), *grades), records.STATES
    )
    items = dict.fromkeys(item for value in book["proofs"].values("lacking") for item in value.split("、"))
    lacking = tuple(
        Measure(
            f"缺{item}" if item != records.WHOLE else item,
            (Query("proofs", {"lacking": _holding(book, "proofs", "lacking", item)}),),
        )
        for item in sorted(items, key=lambda item: item != records.WHOLE)
    )
    look_up = Measure("该查投递", (Query("proofs", {"look_up": ("该查了",)}),))
    yield Pivot("proofs-title", "缺什么，按函件", "函件、上门", "title", (Measure("件数", letters), *lacking, look_up))
    yield Pivot(
        "proofs-manager", "缺什么，按客户经理", "客户经理", "manager", (Measure("件数", letters), *lacking, look_up)
    )


def _holding(book: Book, listing: str, column: str, item: str) -> tuple[str, ...]:
    """Return the values of a column of several items that hold one."""
    return tuple(value for value in book[listing].values(column) if item in value.split("、"))


def _signals(book: Book) -> Iterable[Pivot]:
    standing = (records.OVERDUE, records.OPEN, records.CLOSED)
    each = tuple(Measure(title, (Query("signals", {"standing": (title,)}),)) for title in standing)
    yield Pivot(
        "signals-level",
        "预警信号，按级别",
        "级别",
        "level",
        each,
        book["signals"].order["level"],
        chart="bars",
        drawn=(0, 1),
    )
    yield Pivot("signals-manager", "预警信号，按客户经理", "客户经理", "manager", each)
    put_off = tuple(Measure(title, (Query("deferrals", {"standing": (title,)}),)) for title in standing[:2])
    yield Pivot("deferrals", "暂缓起诉，按状态", "状态", "state", put_off)


def _age(book: Book, stages: Sequence[str]) -> Iterable[Pivot]:
    here = {"stage": tuple(stages)}
    yield Pivot(
        "age", "账龄", "逾期天数", "age",
        (
            Measure("笔数", (Query("loans", here),)),
            Measure("逾期本金（万元）", (Query("loans", here, ("principal",)),), unit="money"),
            Measure("逾期利息（万元）", (Query("loans", here, ("interest",)),), unit="money"),
            Measure("贷款余额（万元）", (Query("loans", here, ("balance",)),), unit="money"),
        ),
        book["loans"].order["age"], trim=False, chart="bars", drawn=(1, 2),
    )  # fmt: skip
    issued = book["pools"].values("vintage")
    if not issued:
        return
    final = {"stage": tuple(stages[-1:])}
    pool = (Query("pools", {}, ("n",)),)
    yield Pivot(
        "vintage", "发放批次", "发放", "vintage",
        (
            Measure("在账笔数", pool),
            Measure("逾期", (Query("loans", here),)),
            Measure("逾期占比", (Query("loans", here),), over=pool, unit="share"),
            Measure(stages[-1], (Query("loans", final),)),
            Measure("占比", (Query("loans", final),), over=pool, unit="share"),
        ),
        issued, chart="columns", drawn=(2,),
    )  # fmt: skip


def _ledger(book: Book, stages: Sequence[str]) -> Iterable[Pivot]:
    found = (Query("troubles", {}, ("n",)),)
    refused = (Query("troubles", {"severity": ("拒收",)}, ("n",)),)
    yield Pivot("troubles", "读台账时发现的", "问题", "title", (Measure("处数", found), Measure("其中拒收", refused)))
    every = {"stage": tuple(stages)}
    gaps = tuple(
        Measure(f"缺{title}", (Query("loans", {**every, "gaps": _holding(book, "loans", "gaps", title)}),))
        for title in of.GAPS.values()
    )
    yield Pivot(
        "gaps", "逾期贷款缺的栏目", "机构", "branch", (Measure("逾期贷款", (Query("loans", every),)), *gaps), trim=False
    )
