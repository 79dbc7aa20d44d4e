"""What the written application for deferral says (C9): the fields of `templates/deferral.docx`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ccm.model import ROLE_TITLES
from ccm.units import chinese_day, in_words, yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ccm.model import Case, Figures
    from ccm.suit.notes import Plea

KIND = "deferral"
"""The template's name, without its suffix."""

FIELDS: dict[str, tuple[str, str]] = {
    "编号": ("申请的编号", "ZH20261123-1"),
    "申请日期": ("申请之日", "2026年11月23日"),
    "申请人": ("起草的客户经理", "姜晓琳"),
    "机构": ("行名加机构名", "清水农村商业银行股份有限公司城关支行"),
    "借款人": ("借款人姓名或名称", "张三"),
    "借据号": ("借据号", "00622024000008"),
    "合同号": ("借款合同号；没有时是 —", "清农商借字〔2024〕0008号"),
    "产品": ("产品名称；没有时是 —", "农户贷款"),
    "截止日期": ("金额所截止的日期，即台账的日期", "2026年11月20日"),
    "余额": ("贷款余额", "50,000.00"),
    "本金": ("逾期本金", "50,000.00"),
    "利息": ("逾期利息", "1,234.50"),
    "合计": ("逾期本息合计", "51,234.50"),
    "合计大写": ("逾期本息合计的大写", "人民币伍万壹仟贰佰叁拾肆元伍角整"),
    "逾期天数": ("逾期天数", "95"),
    "五级分类": ("按天数算的五级分类", "次级"),
    "理由": ("为什么暂不起诉", "拆迁补偿款明年一月到账"),
    "暂缓至": ("申请暂缓到哪一天", "2027年1月31日"),
    "方案合计": ("清收方案各期合计", "51,000.00"),
    "方案合计大写": ("清收方案各期合计的大写", "人民币伍万壹仟元整"),
    "方案期数": ("清收方案有几期", "3"),
    "宽限天数": ("一期最多迟几天（政策 [deferral] grace_days）", "5"),
    "样张": ("行名没有设置时为真，要标明样张", "（真或假）"),
    "债务人": ("全部债务人，用 {%tr for 人 in 债务人 %} 循环", "（列表）"),
    "人.身份": ("借款人、共同借款人、担保人", "担保人"),
    "人.姓名": ("姓名或名称", "李四"),
    "人.证件号码": ("证件号码；台账没有时是 —", "110105199001011237"),
    "方案": ("清收方案，用 {%tr for 期 in 方案 %} 循环", "（列表）"),
    "期.序号": ("第几期", "1"),
    "期.日期": ("哪天还", "2026-12-20"),
    "期.金额": ("还多少", "17,000.00"),
    "期.累计": ("连同以前各期", "17,000.00"),
    "期间": ("暂缓期间要看住的权利，用 {%tr for 权 in 期间 %} 循环；没有时为空", "（列表）"),
    "权.名称": ("哪一项权利", "保证期间"),
    "权.对谁": ("对谁", "担保人李四"),
    "权.届满日": ("哪天届满，按未顺延的算", "2027-03-01"),
    "权.怎样保住": ("怎样保住", "发函请求承担，送达保证人本人"),
}
"""Field → meaning and example; `templates/README.md` is made of it."""


@dataclass(frozen=True, slots=True)
class Application:
    """What an application is written with, beside its plea.

    `office` is the bank with its branch, empty where it is not set; `rights` are the clocks that run: the right,
    against whom, its last day, and what keeps it.
    """

    number: str
    on: date
    by: str
    bank: str
    office: str
    case: Case
    contract_no: str | None
    figures: Figures
    grace_days: int
    rights: tuple[tuple[str, str, date, str], ...]


def fields(one: Application, plea: Plea) -> dict[str, Any]:
    """Return what the template prints."""
    case, figures = one.case, one.figures
    owed = figures.principal_cents + figures.interest_cents
    planned = sum(step.amount_cents for step in plea.steps)
    return {
        "编号": one.number,
        "申请日期": chinese_day(one.on),
        "申请人": one.by,
        "机构": one.office or "××银行××支行",
        "借款人": case.borrower,
        "借据号": case.loan_no,
        "合同号": one.contract_no or "—",
        "产品": case.product_name or "—",
        "截止日期": chinese_day(figures.on),
        "余额": yuan(figures.balance_cents),
        "本金": yuan(figures.principal_cents),
        "利息": yuan(figures.interest_cents),
        "合计": yuan(owed),
        "合计大写": in_words(owed),
        "逾期天数": case.dpd,
        "五级分类": case.risk_class,
        "理由": plea.reason,
        "暂缓至": chinese_day(plea.until_on),
        "方案合计": yuan(planned),
        "方案合计大写": in_words(planned),
        "方案期数": len(plea.steps),
        "宽限天数": one.grace_days,
        "样张": not one.bank,
        "债务人": [
            {"身份": ROLE_TITLES[party.role], "姓名": party.name, "证件号码": party.id_no or "—"}
            for party in case.parties
        ],
        "方案": _plan(plea),
        "期间": [
            {"名称": title, "对谁": who, "届满日": str(ends_on), "怎样保住": act}
            for title, who, ends_on, act in one.rights
        ],
    }


def sample() -> dict[str, Any]:
    """Return made-up fields to try a template with."""
    whole: dict[str, Any] = {name: example for name, (_, example) in FIELDS.items() if "." not in name}
    lists = {"债务人": "人", "方案": "期", "期间": "权"}
    rows = {
        name: [{key.partition(".")[2]: example for key, (_, example) in FIELDS.items() if key.startswith(f"{short}.")}]
        for name, short in lists.items()
    }
    return {**whole, "样张": False, **rows}


def _plan(plea: Plea) -> list[dict[str, object]]:
    sums: Sequence[int] = list(accumulate(step.amount_cents for step in plea.steps))
    return [
        {"序号": number, "日期": str(step.on), "金额": yuan(step.amount_cents), "累计": yuan(total)}
        for number, (step, total) in enumerate(zip(plea.steps, sums, strict=True), start=1)
    ]
