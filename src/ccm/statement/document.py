"""The statement as a Word document, to be signed and sealed and handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccm import paper
from ccm.interest_rules import PART_TITLES
from ccm.model import ROLE_TITLES
from ccm.statement.statement import line_row, paid_words, rule_words
from ccm.statement.terms import settle_words
from ccm.units import chinese_day, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ccm.statement.account import Account
    from ccm.statement.statement import Statement

HEADS = ("", "项目", "期间", "天数", "基数", "年利率", "计算式", "金额")
WIDTHS = (7, 15, 27, 10, 24, 18, 33, 22)
RIGHT = (3, 4, 5, 7)
"""Columns of figures, which stand at the right."""


def write_document(statement: Statement, path: Path) -> None:
    """Write the statement.

    Raises:
        CcmError: `file-unwritable`.
    """
    account, loan = statement.account, statement.loan
    made = paper.document("欠款计算表")
    paper.line(made, f"债权人：{statement.bank or '××银行（样张，行名没有设置）'}")
    paper.line(made, f"截至{chinese_day(statement.as_of)}（当日利息不计）　　单位：人民币元")
    paper.table(made, (), list(_facts(statement)), (32, 124), size=10.5, lead=True)
    heads = iter("一二三四五六")
    _head(made, heads, "截至当日应付")
    rows = [(PART_TITLES[part], yuan(cents)) for part, cents in statement.sums]
    rows += [("合计", yuan(account.total_cents)), ("合计（大写）", statement.total_words)]
    paper.table(made, ("项目", "金额"), rows, (56, 100), size=11, lead=True)
    _to_the_right(made, (1,))
    if account.undue_principal_cents:
        paper.line(made, f"\n{undue_words(account)}")
    _head(made, heads, "逐行计算")
    paper.table(made, HEADS, list(_lines(statement)), WIDTHS, size=8)
    _to_the_right(made, RIGHT)
    if account.paid or statement.told.costs:
        _head(made, heads, "还款和费用")
        paper.table(made, ("日期", "事项", "金额", "说明"), _moved(statement), (26, 18, 32, 80), size=10)
        _to_the_right(made, (2,))
    _head(made, heads, "计算方法")
    _numbered(made, rule_words(statement))
    _head(made, heads, "台账没有记载、按以下情形计算的事项")
    _numbered(made, statement.assumptions)
    _head(made, heads, "依据")
    _numbered(made, statement.bases)
    paper.line(made, f"数据出处：{loan.place}。", small=True)
    _sealed(made)
    paper.save(made, path)


def _facts(statement: Statement) -> Iterator[tuple[str, str]]:
    loan, terms = statement.loan, statement.terms
    for party in loan.parties:
        number = f"（{party.id_no}）" if party.id_no else ""
        yield ROLE_TITLES[party.role], f"{party.name}{number}"
    yield "借款合同、借据", f"{loan.contract_no or '（台账未载合同号）'}，借据{loan.loan_no}"
    days = [f"{loan.issued_on}发放" if loan.issued_on else "", f"{loan.due_on}到期" if loan.due_on else ""]
    days += [f"{statement.told.accelerated_on}提前到期" if statement.told.accelerated_on else ""]
    amount = f"{yuan(loan.amount_cents)}元" if loan.amount_cents is not None else "（台账未载）"
    yield "贷款", "，".join(filter(None, (amount, *days)))
    yield "年利率", f"{terms.contract}（{terms.contract.source}）"
    yield "罚息年利率", f"{terms.penalty}（{terms.penalty.source}）"
    if statement.told.misused_on:
        yield "挪用罚息年利率", f"{terms.misuse}（{terms.misuse.source}）"
    settled = settle_words(terms, statement.debt.own_day)
    yield "计息、结息", f"一年{terms.basis}天（{terms.basis_source}），{settled}（{terms.settle_source}）"


def _lines(statement: Statement) -> Iterator[tuple[object, ...]]:
    for number, line in enumerate(statement.account.lines, start=1):
        kind, start, end, days, base, rate, formula, amount = line_row(line)
        yield number, kind, f"{start}\n至{end}", days, base, rate, formula.replace("×", "\n×", 1), amount
    account = statement.account
    for part in ("interest", "penalty", "compound"):
        if accrued := account.accrued(part):
            yield (f"{PART_TITLES[part]}小计　{yuan(accrued)}",)


def undue_words(account: Account) -> str:
    """Say what is not due yet, and what would be owed if all were called in."""
    return (
        f"另有未到期本金{yuan(account.undue_principal_cents)}元、未到结息日的利息{yuan(account.undue_interest_cents)}元，"
        f"不在合计之内；全部到期的，应付共{yuan(account.called_cents)}元。"
    )


def _moved(statement: Statement) -> list[tuple[object, ...]]:
    """What was paid and what it was set against; what costs were laid out."""
    moves = [(one.on, "还款", one.cents, paid_words(one.against, one.surplus_cents)) for one in statement.account.paid]
    moves += [(on, "费用", cents, "由债务人负担的实现债权的费用") for on, cents in statement.told.costs]
    return [(on, what, yuan(cents), words) for on, what, cents, words in sorted(moves)]


def _head(made: Any, numbers: Iterator[str], title: str) -> None:  # noqa: ANN401 - python-docx ships no types
    paper.heading(made, f"{next(numbers)}、{title}")


def _numbered(made: Any, sentences: Sequence[str]) -> None:  # noqa: ANN401
    for number, sentence in enumerate(sentences, start=1):
        paper.line(made, f"{number}. {sentence}", small=True)


def _sealed(made: Any) -> None:  # noqa: ANN401
    """Names, seal and day at the right, kept on one page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paper.line(made, "\n经办人：　　　　　　　　　复核人：")
    paper.line(made, "（盖章）　　　　　　\n年　　　月　　　日　　")
    names, seal = made.paragraphs[-2:]
    names.paragraph_format.keep_with_next = True
    seal.paragraph_format.keep_together = True
    seal.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _to_the_right(made: Any, columns: Sequence[int]) -> None:  # noqa: ANN401
    """Set figures of the last table at the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for row in made.tables[-1].rows:
        for column in columns:
            row.cells[column].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
