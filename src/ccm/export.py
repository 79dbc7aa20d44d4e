"""The worklist as a file: a workbook to filter and print, or CSV for other programs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ccm.holds import in_words
from ccm.model import CHANNEL_TITLES, CLASS_BY_TITLES, LETTER_TITLES, PRODUCT_TITLES, STATE_TITLES, Duty, WorkItem
from ccm.sheets import DAY, MONEY, TEXT, WHOLE, Column, Value, in_cell, write_rows
from ccm.signals import in_one_line
from ccm.statutes import named
from ccm.suit.standing import in_words as suit_words
from ccm.worklist import next_duty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def _of_next(item: WorkItem, what: Callable[[Duty], Value]) -> Value:
    duty = next_duty(item)
    return what(duty) if duty else None


def _open_duties(item: WorkItem) -> str:
    """All that is outstanding, one line per rule: its title, how many parties, and by when."""
    groups: dict[str, list[Duty]] = {}
    for duty in item.duties:
        if duty.state in {"due", "overdue"}:
            groups.setdefault(duty.id, []).append(duty)
    return "\n".join(_of_rule(of) for of in groups.values())


def _of_rule(duties: list[Duty]) -> str:
    first, parties = duties[0], "、".join(one.party for one in duties)
    day = "" if first.names_day else f"{first.due_on}前"
    return f"{named(first.rule)} {first.title}（{parties}）{day} {STATE_TITLES[first.state]}"


COLUMNS: tuple[Column[WorkItem], ...] = (
    Column("序号", 6, WHOLE, lambda item: item.rank),
    Column("借据号", 20, TEXT, lambda item: item.case.loan_no),
    Column("借款人", 14, TEXT, lambda item: item.case.borrower),
    Column("产品", 8, TEXT, lambda item: PRODUCT_TITLES[item.case.product]),
    Column("阶段（天）", 8, WHOLE, lambda item: item.case.stage),
    Column("逾期天数", 8, WHOLE, lambda item: item.case.dpd),
    Column("本金逾期天数", 8, WHOLE, lambda item: item.case.principal_dpd),
    Column("利息逾期天数", 8, WHOLE, lambda item: item.case.interest_dpd),
    Column("逾期本金", 15, MONEY, lambda item: Decimal(item.case.overdue_principal_cents) / 100),
    Column("逾期利息", 14, MONEY, lambda item: Decimal(item.case.overdue_interest_cents) / 100),
    Column("贷款余额", 15, MONEY, lambda item: in_cell(item.case.balance_cents)),
    Column("五级分类", 8, TEXT, lambda item: item.case.risk_class),
    Column("分类依据", 18, TEXT, lambda item: CLASS_BY_TITLES[item.case.class_by]),
    Column("到期日", 12, DAY, lambda item: item.case.due_on),
    Column("欠款起始日", 12, DAY, lambda item: item.case.episode_on),
    Column("下一步", 22, TEXT, lambda item: _of_next(item, lambda duty: f"{named(duty.rule)} {duty.title}")),
    Column("方式", 8, TEXT, lambda item: _of_next(item, lambda duty: CHANNEL_TITLES[duty.channel])),
    Column(
        "函件",
        22,
        TEXT,
        lambda item: _of_next(item, lambda duty: LETTER_TITLES[duty.letter] if duty.letter else None),
    ),
    Column("最迟办理日", 12, DAY, lambda item: _of_next(item, lambda duty: duty.due_on)),
    Column("暂停", 40, TEXT, lambda item: "\n".join(map(in_words, item.holds))),
    Column("起诉", 40, TEXT, lambda item: suit_words(item.suit) if item.suit else None),
    Column("预警信号", 40, TEXT, lambda item: "\n".join(map(in_one_line, item.signals))),
    Column("全部应办", 60, TEXT, _open_duties),
    Column("排序理由", 40, TEXT, lambda item: "；".join(item.reasons)),
    Column("得分", 8, "0.00", lambda item: item.priority),
    Column("客户经理", 10, TEXT, lambda item: item.case.manager),
    Column("机构", 16, TEXT, lambda item: item.case.branch),
)


def write_export(items: Sequence[WorkItem], path: Path, *, by_manager: bool = False) -> None:
    """Write the worklist as the file's name asks: .xlsx or .csv.

    Raises:
        CcmError: `export-kind` for any other name, `file-unwritable` where it cannot be written.
    """
    sheets = [("清单", items)]
    if by_manager:
        names = sorted({item.case.manager or "未分管" for item in items})
        sheets += [(name, [item for item in items if (item.case.manager or "未分管") == name]) for name in names]
    write_rows(path, COLUMNS, sheets)
