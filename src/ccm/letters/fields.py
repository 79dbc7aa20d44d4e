"""What a letter can say: every field with its meaning and an example, and the context made of one letter's facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ccm.model import LETTER_TITLES, PERSON_NUMBER, ROLE_TITLES, LoanNote
from ccm.units import chinese_day, in_words, known_sum, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.letters.letter import Letter

FIELDS: dict[str, tuple[str, str]] = {
    "函号": ("本函的函号，全行唯一，签发时编定（L4）", "清农城催〔2026〕12号"),
    "标题": ("函件名称", "贷款逾期催收通知书"),
    "签发日期": ("签发之日", "2026年11月23日"),
    "截止日期": ("金额所截止的日期，即台账的日期", "2026年11月20日"),
    "限期": ("要求还款的最后一日（政策 [letters] reply_days）", "2026年11月30日"),
    "行名": ("ccm.toml 里的行名", "清水农村商业银行股份有限公司"),
    "机构": ("行名加机构名，用于落款", "清水农村商业银行股份有限公司城关支行"),
    "机构地址": ("ccm.toml 里的地址；可以没有", "清水县城关镇人民路1号"),
    "联系方式": ("客户找谁：客户经理、电话、地址，成句", "联系人：客户经理姜晓琳，电话：0000-5550123。"),
    "还款账户": ("ccm.toml 里的还款账户；没有写时为“合同约定的还款账户”", "户名：……，账号：……"),
    "收件人": ("收函人姓名或名称", "张三"),
    "证件": ("收函人的证件名称和号码；台账没有时为空", "居民身份证号码：110105199001011237"),
    "身份": ("收函人在这笔债务里的身份", "借款人"),
    "地址": ("寄往的地址", "清水县柳溪镇石桥村1组8号"),
    "借款人": ("借款人（持卡人）姓名或名称", "张三"),
    "借款合同": ("借款合同的称呼，有合同号时带合同号", "借款合同（合同号：清农商借字〔2024〕0008号）"),
    "借据": ("各笔借据，用 {%tr for 借 in 借据 %} 循环；每行有下面“借.”开头的各项", "（列表）"),
    "本金": ("逾期本金合计", "50,000.00"),
    "本金大写": ("逾期本金合计的大写", "人民币伍万元整"),
    "正常利息": ("逾期利息合计，不含罚息、复利", "1,100.00"),
    "罚息": ("罚息合计；台账没有单列时是 —", "120.00"),
    "复利": ("复利合计；台账没有单列时是 —", "14.50"),
    "利息": ("逾期利息、罚息、复利合计", "1,234.50"),
    "利息大写": ("逾期利息、罚息、复利合计的大写", "人民币壹仟贰佰叁拾肆元伍角整"),
    "合计": ("逾期本息合计", "51,234.50"),
    "合计大写": ("逾期本息合计的大写", "人民币伍万壹仟贰佰叁拾肆元伍角整"),
    "逾期天数": ("各笔里最长的逾期天数，算到签发日", "65"),
    "催收次数": ("本次逾期以来给收函人的第几封函，含本函", "2"),
    "历次函件": (
        "本次逾期以来已发给收函人的函：名称、函号、日期；第一封时为空",
        "《还款通知书》（清农城催〔2026〕3号，2026年10月21日）",
    ),
    "前次比较": ("上一封函主张了多少、与这次差多少；第一封时为空", "我行已于2026年10月1日以……主张……"),
    "保证合同": (
        "保证合同的称呼，有合同号时带合同号；只在给担保人的函里",
        "保证合同（合同号：清农商保字〔2024〕0008号）",
    ),
    "保证方式": ("连带责任保证、一般保证，或按合同约定；只在给担保人的函里", "连带责任保证"),
    "保证期间": ("到哪一天，或按合同约定；只在给担保人的函里", "至2027年5月1日止"),
    "条款": ("借款合同里提前到期的条款；只在提前到期通知书里", "第八条第二款"),
    "触发事实": ("发生了什么，才可以宣布提前到期；只在提前到期通知书里", "借款人自2026年9月21日起未按期付息"),
    "全部本金": ("借据的全部余额；只在提前到期通知书里", "200,000.00"),
    "全部本金大写": ("全部余额的大写", "人民币贰拾万元整"),
    "全部应付": ("全部余额加逾期利息、罚息、复利", "201,234.50"),
    "全部应付大写": ("全部应付的大写", "人民币贰拾万壹仟贰佰叁拾肆元伍角整"),
    "样张": ("行名没有设置时为真，函上要标明样张", "（真或假）"),
    "二维码": ("函号二维码，ccm.toml 里 qr = true 时印在页面右上角；写作 {{r 二维码 }}", "（图）"),
    "借.序号": ("这笔在函里的次序", "1"),
    "借.借据号": ("一笔借据的号码；信用卡为账号", "00622024000008"),
    "借.合同号": ("这笔的合同号；没有时是 —", "清农商借字〔2024〕0008号"),
    "借.发放日期": ("这笔的发放日；没有时是 —", "2024-05-01"),
    "借.到期日期": ("这笔的到期日；没有时是 —", "2027-05-01"),
    "借.贷款金额": ("这笔的贷款金额；没有时是 —", "200,000.00"),
    "借.年利率": ("这笔的年利率；没有时是 —", "4.35%"),
    "借.贷款余额": ("这笔的余额；台账没有时是 —", "200,000.00"),
    "借.逾期起始日": ("这笔最早没有还上的那一期的应还日", "2026-09-21"),
    "借.逾期本金": ("这笔的逾期本金", "0.00"),
    "借.正常利息": ("这笔的逾期利息，不含罚息、复利", "1,100.00"),
    "借.罚息": ("这笔的罚息；台账没有单列时是 —", "120.00"),
    "借.复利": ("这笔的复利；台账没有单列时是 —", "14.50"),
    "借.逾期利息": ("以上三项合计", "1,234.50"),
    "借.逾期天数": ("这笔的逾期天数，算到签发日", "65"),
    "借.应付合计": ("这笔的逾期本息合计", "1,234.50"),
}
"""Field → meaning and example; `templates/README.md` is made of it and tested against it."""

COMMON = frozenset(
    {
        "函号", "收件人", "证件", "借款合同", "借据", "借.借据号", "借.逾期起始日", "借.逾期天数", "借.逾期本金",
        "本金", "本金大写", "利息", "利息大写", "合计", "合计大写", "截止日期",
        "限期", "还款账户", "联系方式", "机构", "样张",
    }
)  # fmt: skip
"""What every letter must say (law.md "What follows" 5, §8.4); further parts are sentences."""

LOAN = frozenset(
    {
        "借.合同号", "借.发放日期", "借.到期日期", "借.贷款金额", "借.年利率", "借.贷款余额",
        "借.正常利息", "借.罚息", "借.复利",
    }
)  # fmt: skip
"""What is said of a loan note besides: when, how much, at what rate, and interest by its kinds."""

CARD = frozenset({"借.逾期利息"})
GUARANTEE = frozenset({"借款人", "保证合同", "保证方式", "保证期间"})

MANDATORY: dict[str, frozenset[str]] = {
    "loan_overdue": COMMON | LOAN | {"签发日期", "借款人", "身份", "催收次数", "前次比较"},
    "guarantor_perform": COMMON | LOAN | GUARANTEE | {"签发日期", "前次比较"},
    "lawyer_letter": COMMON | LOAN | GUARANTEE,
    "acceleration": COMMON | LOAN | GUARANTEE | {"签发日期", "条款", "触发事实", "全部本金", "全部应付"},
    "repayment": COMMON | CARD | {"签发日期"},
    "urgent": COMMON | CARD | {"签发日期", "历次函件"},
    "guarantee_duty": COMMON | CARD | GUARANTEE | {"签发日期"},
}
"""By kind of letter, the fields its template must use."""

SENTENCES: dict[str, str] = {
    "一式两份": "两份的说明：一份由发函人留存，一份以邮政特快专递（EMS）寄送（L4）",
    "异议": "收函人怎样提出异议（law.md §5.2，§8.4）",
    "回执": "回执一页",
    "签收日期": "回执上由签收人亲笔填写的日期",
    "（盖章）": "盖章的位置",
}
"""Words every template must contain, and why."""

KIND_SENTENCES: dict[str, dict[str, str]] = {
    "guarantor_perform": {"请求贵方承担保证责任": "以请求的口吻要求承担保证责任（law.md §8.4）"},
    "guarantee_duty": {"请求贵方承担保证责任": "以请求的口吻要求承担保证责任（law.md §8.4）"},
    "lawyer_letter": {"代拟稿": "写明是供律师事务所审定的代拟稿（law.md §5.2）"},
    "acceleration": {
        "提前到期": "宣布提前到期",
        "请求贵方承担保证责任": "给担保人的一份也要求承担保证责任（law.md §8.4）",
    },
}


def context(letter: Letter, letter_no: str, qr: str = "") -> dict[str, Any]:
    """Return the fields of one letter; a field that has no value is left out, so that using it is an error.

    Args:
        letter: What is to be said, to whom.
        letter_no: The number it bears.
        qr: A Word run with the number as a QR code, empty where the bank wants none.
    """
    notes, sender = letter.notes, letter.sender
    principal = sum(note.principal_cents for note in notes)
    interest = sum(note.all_interest_cents for note in notes)
    card = letter.product == "card"
    fields = {
        "函号": letter_no,
        "标题": LETTER_TITLES[letter.kind],
        "签发日期": chinese_day(letter.issued_on),
        "截止日期": chinese_day(letter.data_on),
        "限期": chinese_day(letter.reply_by),
        "行名": sender.bank or "××银行",
        "机构": (sender.bank or "××银行") + sender.branch,
        "机构地址": sender.address,
        "联系方式": _contact(letter),
        "还款账户": sender.account or f"{'领用合约' if card else '借款合同'}约定的还款账户",
        "收件人": letter.party.name,
        "证件": _identity(letter.party.id_no),
        "身份": "持卡人" if card and letter.party.role == "borrower" else ROLE_TITLES[letter.party.role],
        "地址": letter.party.address,
        "借款人": letter.borrower,
        "借款合同": _contract("信用卡领用合约" if card else "借款合同", [n.contract_no for n in notes]),
        "借据": [_note(nth, note) for nth, note in enumerate(notes, start=1)],
        "正常利息": yuan(sum(note.interest_cents for note in notes)),
        "罚息": _sum(note.penalty_cents for note in notes),
        "复利": _sum(note.compound_cents for note in notes),
        **_money("本金", principal),
        **_money("利息", interest),
        **_money("合计", principal + interest),
        "逾期天数": str(max(note.dpd for note in notes)),
        "催收次数": str(len({one.letter_no for one in letter.earlier}) + 1),
        "历次函件": _earlier(letter),
        "前次比较": letter.comparison,
        "样张": not sender.bank,
        **(_guarantee(letter) if letter.party.role == "guarantor" else {}),
        **(_acceleration(letter, interest) if letter.kind == "acceleration" else {}),
    }
    return {**{key: value for key, value in fields.items() if value is not None and value != ""}, "二维码": qr}


def _money(name: str, cents: int) -> dict[str, str]:
    return {name: yuan(cents), f"{name}大写": in_words(cents)}


def _sum(parts: Iterable[int | None]) -> str:
    """The sum of what the ledger gives; a dash where it gives none, which is not the same as nothing owed."""
    return yuan(known_sum(parts))


def _earlier(letter: Letter) -> str:
    sent = {one.letter_no: one for one in letter.earlier}.values()
    return "、".join(f"《{LETTER_TITLES[one.kind]}》（{one.letter_no}，{chinese_day(one.on)}）" for one in sent)


def _identity(number: str | None) -> str:
    """The number with its name: citizens have one of 18 digits, as foreigners do, companies a credit code."""
    if not number:
        return ""
    person = re.search(PERSON_NUMBER, number)
    citizen = person and number[0] != "9"
    title = "居民身份证号码" if citizen else "证件号码" if person or len(number) != 18 else "统一社会信用代码"
    return f"{title}：{number}"


def _contract(name: str, numbers: list[str | None]) -> str:
    known = "、".join(dict.fromkeys(number for number in numbers if number))
    return f"{name}（合同号：{known}）" if known else name


def _contact(letter: Letter) -> str:
    """Whom to call and where to go: there is always at least the branch itself."""
    parts = [
        f"联系人：客户经理{letter.manager}" if letter.manager else "联系人：客户经理",
        f"电话：{letter.sender.phone}" if letter.sender.phone else "",
        f"地址：{letter.sender.address}" if letter.sender.address else "地址：本机构营业场所",
    ]
    return "，".join(part for part in parts if part) + "。"


def _guarantee(letter: Letter) -> dict[str, str]:
    party = letter.party
    until = letter.guaranteed_until_on
    return {
        "保证合同": _contract("保证合同", [party.guarantee_contract_no]),
        "保证方式": guarantee_kind(party.guarantee_kind) or "以保证合同约定为准",
        "保证期间": f"至{chinese_day(until)}止" if until else "以保证合同约定为准",
    }


def guarantee_kind(written: str | None) -> str:
    """Return the kind of a guarantee as the law names it, empty where the ledger does not say."""
    return next(
        (kind for word, kind in (("连带", "连带责任保证"), ("一般", "一般保证")) if word in (written or "")), ""
    )


def _acceleration(letter: Letter, interest: int) -> dict[str, str]:
    """All that falls due at once; nothing is claimed where a balance is not known."""
    balances = [note.balance_cents for note in letter.notes if note.balance_cents is not None]
    known, balance = len(balances) == len(letter.notes), sum(balances)
    return {
        **({"条款": letter.clause_no} if letter.clause_no else {}),
        **({"触发事实": letter.trigger} if letter.trigger else {}),
        **({**_money("全部本金", balance), **_money("全部应付", balance + interest)} if known else {}),
    }


def _rate(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.4f}".rstrip("0").rstrip(".") + "%"


def _note(nth: int, note: LoanNote) -> dict[str, str]:
    return {
        "序号": str(nth),
        "借据号": note.loan_no,
        "合同号": note.contract_no or "—",
        "发放日期": str(note.issued_on or "—"),
        "到期日期": str(note.due_on or "—"),
        "贷款金额": yuan(note.amount_cents),
        "年利率": _rate(note.rate),
        "贷款余额": yuan(note.balance_cents),
        "逾期起始日": str(note.since_on),
        "逾期本金": yuan(note.principal_cents),
        "正常利息": yuan(note.interest_cents),
        "逾期利息": yuan(note.all_interest_cents),
        "罚息": _sum([note.penalty_cents]),
        "复利": _sum([note.compound_cents]),
        "逾期天数": str(note.dpd),
        "应付合计": yuan(note.owed_cents),
    }
