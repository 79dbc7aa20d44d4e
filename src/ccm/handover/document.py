"""The list as a Word document to sign: front page, all cases at a glance, then a page for each case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm import paper
from ccm.dossier import hold_words, promise_words
from ccm.handover import words
from ccm.handover.record import SOON_DAYS, sums
from ccm.model import CLASS_BY_TITLES
from ccm.signals import in_one_line
from ccm.units import chinese_day, in_yuan, yuan

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ccm.handover.record import Handover, Item, Proof
    from ccm.rights.rules import Rules

SIGNERS = ("移交人", "接收人", "监交人")
CLAUSES = (
    "各笔按权利届满日由近到远排列，同日的按逾期金额。届满日没有顺延，是最早的读法。",
    "“缺”的材料还没有归档，原件当面清点，在□里打勾；交不出的，在该笔“交接说明”里写明下落。",
    "签字不改核心系统的管户。变更之前，ccm 的清单仍写台账上的客户经理；用 --manager 加接收人姓名也能查到这些贷款。",
    "签字后扫描，用 ccm archive add {number} 移交清单 文件 归档。",
)


def write_list(whole: Handover, rules: Rules, path: Path) -> None:
    """Write the document.

    Raises:
        CcmError: `file-unwritable`.
    """
    made = paper.document("不良及逾期贷款移交清单", across=True)
    _front(made, whole)
    _glance(made, whole, rules)
    for nth, item in enumerate(whole.items, start=1):
        _case(made, nth, item, rules, whole.as_of)
    paper.save(made, path)


def _front(made: Any, whole: Handover) -> None:  # noqa: ANN401 - python-docx ships no types
    paper.line(made, f"编号：{whole.number}　　移交单位：{whole.bank}　　截至：{chinese_day(whole.as_of)}")
    paper.line(made, f"{whole.giver}名下截至当日逾期或到期的贷款，连同权利、承诺、信号、材料和未办事项，"
                     f"移交给{whole.taker}。台账：{'、'.join(whole.files)}。")  # fmt: skip
    paper.table(made, (), _sums(whole), (43, 43, 43, 43, 43, 42), size=11, high_mm=8)
    _gap(made)
    if whole.calm_loans:
        paper.line(
            made, f"另有没有逾期的贷款{whole.calm_loans}笔、余额{yuan(whole.calm_cents)}元一并移交，以台账为准。"
        )
    if whole.calm_signals:
        paper.line(made, "其中有预警信号没有关闭的：" + "；".join(
            f"{borrower}{in_one_line(one)}" for borrower, one in whole.calm_signals), small=True)  # fmt: skip
    for nth, clause in enumerate(CLAUSES, start=1):
        paper.line(made, f"{nth}. {clause.format(number=whole.number)}", small=True)
    names = dict(zip(SIGNERS, (whole.giver, whole.taker, ""), strict=True))
    heads = [f"{role}{f'（{name}）' if name else ''}" for role, name in names.items()]
    paper.table(
        made, heads, [("签字：",) * 3, ("日期：　　　　年　　月　　日",) * 3], (86, 85, 85), size=11, high_mm=11
    )


def _sums(whole: Handover) -> list[tuple[str, ...]]:
    of = sums(whole.items)
    cells = [
        ("移交笔数", f"{of['cases']}笔"),
        ("贷款余额", f"{yuan(of['balance_cents'])}元"),
        ("逾期本金", f"{yuan(of['principal_cents'])}元"),
        ("逾期利息", f"{yuan(of['interest_cents'])}元"),
        (f"{SOON_DAYS}天内届满的权利", f"{of['rights_soon']}项"),
        ("移交前已丧失的权利", f"{of['rights_lost']}项"),
        ("没有履行完的承诺", f"{of['promises']}项"),
        ("暂停中的", f"{of['holds']}项"),
        ("没有关闭的信号", f"{of['signals']}个"),
        ("证据不全的函和上门", f"{of['proofs_open']}份"),
        ("还没有归档的材料", f"{of['papers_missing']}件"),
        ("已过期的应办", f"{of['duties_overdue']}项"),
    ]
    return [tuple(text for pair in cells[at : at + 3] for text in pair) for at in range(0, len(cells), 3)]


def _glance(made: Any, whole: Handover, rules: Rules) -> None:  # noqa: ANN401
    paper.heading(made, f"一览（{len(whole.items)}笔，最急的在前）", new_page=True)
    heads = ("序", "借据号", "借款人", "逾期天数", "逾期本息", "余额", "最近届满的权利", "还剩", "缺材料", "核对")
    rows = [
        (
            nth, item.case.loan_no, item.case.borrower, item.case.dpd, yuan(item.case.overdue_cents),
            yuan(item.case.balance_cents), words.nearest(item, rules),
            words.left(item.running[0]) if item.running else "", _lacking(item), "",
        )
        for nth, item in enumerate(whole.items, start=1)
    ]  # fmt: skip
    paper.table(made, heads, rows, (10, 38, 30, 17, 28, 30, 62, 16, 15, 13), size=9)


def _lacking(item: Item) -> str:
    count = sum(len(one.missing) for one in item.proofs)
    return f"{count}件" if count else ""


def _case(made: Any, nth: int, item: Item, rules: Rules, as_of: date) -> None:  # noqa: ANN401
    """Add the page of one case."""
    case = item.case
    paper.heading(made, f"{nth}　{case.borrower}　{case.loan_no}", new_page=True)
    people = "；".join(f"{words.person(item, one)}（{one.phone or '没有电话'}）" for one in case.parties)
    why = "" if case.class_by == "days" else f"（{CLASS_BY_TITLES[case.class_by]}）"
    owed = f"逾期本金{yuan(case.overdue_principal_cents)}元，逾期利息{yuan(case.overdue_interest_cents)}元"
    since = f"欠款自{case.episode_on}，逾期{case.dpd}天，五级分类{case.risk_class}{why}；{case.branch or ''}"
    facts = [
        ("相关人", people),
        ("欠款", f"{owed}，余额{in_yuan(case.balance_cents)}；{since}"),
    ]
    paper.table(made, (), facts, (28, 228), size=10, lead=True)
    _gap(made)
    paper.table(
        made,
        ("权利", "对谁", "届满日", "还剩", "怎样保住"),
        _rights(item, rules, as_of),
        (44, 62, 26, 20, 104),
        size=10,
    )
    _gap(made)
    heads = ("函、上门、事件", "对谁", "状态", "缺：还没有归档，当面交", "已归档（在工作目录下）")
    paper.table(made, heads, [_proof(one) for one in item.proofs] or [("没有",)], (62, 26, 34, 56, 78), size=9)
    _gap(made)
    paper.table(made, (), _rest(item), (28, 228), size=9, lead=True)


def _rest(item: Item) -> list[tuple[str, str]]:
    """What else goes over, and room for what hands write; the long list comes last, so that it alone runs over."""
    told = {
        "承诺": [promise_words(one) for one in item.promises],
        "暂停": [hold_words(one) for one in item.holds],
        "预警信号": [in_one_line(one) for one in item.signals],
    }
    rows = [(title, "\n".join(lines)) for title, lines in told.items() if lines]
    nothing = "、".join(title for title, lines in told.items() if not lines)
    rows += [(nothing, "没有")] if nothing else []
    return [*rows, ("交接说明", "\n"), ("应办未办", "\n".join(words.duties(item)) or "没有")]


def _rights(item: Item, rules: Rules, as_of: date) -> list[tuple[str, ...]]:
    running = words.grouped(item.running)
    rows: list[tuple[str, ...]] = [
        (words.rights_of(one, rules), words.whom(one), str(one[0].ends_on), words.left(one[0]),
         words.saves(one[0], rules, as_of))
        for one in running
    ]  # fmt: skip
    rows += [
        (
            words.rights_of(one, rules),
            words.whom(one),
            str(one[0].ends_on or ""),
            "已丧失",
            "移交前已丧失，发函不能恢复",
        )
        for one in words.grouped(item.lost)
    ]
    return rows or [("没有算出要保的权利",)]


def _proof(one: Proof) -> tuple[str, ...]:
    state = f"{one.on}{one.state}" + (f"\n{one.weak}" if one.weak else "")
    # A box stays on the line of its paper.
    lacks = [f"□\u2060{paper_}" for paper_ in one.missing] + [f"{paper_}（读不出或被改过）" for paper_ in one.spoilt]
    return one.title, one.party, state, "　".join(lacks) or "齐", _filed(one)


def _filed(one: Proof) -> str:
    """Name the folder once and the papers in it."""
    folders: dict[str, list[str]] = {}
    for paper_, path in one.filed:
        folders.setdefault(path.rpartition("/")[0], []).append(paper_)
    return "\n".join(f"{'、'.join(papers)}：{folder}" for folder, papers in folders.items()) or "没有"


def _gap(made: Any) -> None:  # noqa: ANN401
    """Keep two tables apart: Word joins those that touch."""
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(6)
