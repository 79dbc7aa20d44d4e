"""Made-up facts for each kind of letter: to preview a template, and to try one that was edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ccm.letters.fields import context
from ccm.letters.letter import Demand, Letter, Sender
from ccm.model import LoanNote, Party

GUARANTORS = ("guarantor_perform", "guarantee_duty")
TO_EVERYBODY = ("lawyer_letter", "acceleration")
CARDS = ("repayment", "urgent", "guarantee_duty")
EARLIER = {"lawyer_letter": "loan_overdue", "acceleration": "loan_overdue", "urgent": "repayment"}
"""What was sent before a kind, where that was another one."""


def sample(kind: str) -> dict[str, Any]:
    """Return the fields of a made-up letter of one kind, two notes, every optional part present."""
    return context(letter(kind), "清农城催〔2026〕12号")


def extremes(kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of two made-up letters: all that this kind can have, and no more than it must have."""
    number = "清农城催〔2026〕12号"
    full = letter(kind, guarantor=kind in (*GUARANTORS, *TO_EVERYBODY))
    least = letter(kind)
    bare = replace(
        least,
        party=replace(least.party, id_no=None),
        sender=replace(least.sender, address="", phone=""),
        earlier=(),
        comparison="",
    )
    return context(full, number), context(bare, number)


def letter(kind: str, *, guarantor: bool | None = None) -> Letter:
    """Return a made-up letter of one kind, to a guarantor or to the borrower."""
    guarantor = kind in GUARANTORS if guarantor is None else guarantor
    party = Party(
        role="guarantor" if guarantor else "borrower",
        name="周小军" if guarantor else "陈国庆",
        id_no="11010519491231002X",
        phone="13800001234",
        address="清水县柳溪镇石桥村1组8号",
        guarantee_kind="连带责任保证" if guarantor else None,
        guarantee_contract_no="清农商保字〔2024〕0008号" if guarantor else None,
        guarantee_until_on=date(2027, 5, 1) if guarantor else None,
    )
    return Letter(
        kind=kind,
        product="card" if kind in CARDS else "loan",
        party=party,
        borrower="陈国庆",
        loan_no="00622024000008",
        covers=(("00622024000008", "sample"),),
        notes=(_note("00622024000008", 15_000_000, 110_000), _note("00622024000009", 5_000_000, 60_000)),
        issued_on=date(2026, 11, 23),
        data_on=date(2026, 11, 20),
        reply_by=date(2026, 11, 30),
        manager="姜晓琳",
        sender=Sender(
            "清水农村商业银行股份有限公司",
            "城关支行",
            "清水县城关镇人民路1号",
            "0000-5550123",
            "户名：还款专户，账号：6200000000000000123，开户行：清水农村商业银行城关支行",
            "清农城催",
        ),
        clause_no="第八条第二款",
        guaranteed_until_on=date(2027, 5, 1) if guarantor else None,
        earlier=(
            Demand("清农城催〔2026〕1号", EARLIER.get(kind, kind), date(2026, 10, 12), 0, 60_000),
            Demand("清农城催〔2026〕3号", EARLIER.get(kind, kind), date(2026, 10, 21), 0, 90_000),
        ),
        trigger="借款人自2026年9月21日起未按约付息，至今已63天，拖欠利息1,834.50元",
        comparison=(
            "我行已于2026年10月21日以清农城催〔2026〕3号主张逾期本金0.00元、利息900.00元。"
            "与该次相比，本金没有变化，利息增加934.50元；前次主张而未清偿的，本函一并主张。"
        ),
    )


def _note(loan_no: str, balance_cents: int, interest_cents: int) -> LoanNote:
    return LoanNote(
        loan_no=loan_no,
        contract_no="清农商借字〔2024〕0008号",
        issued_on=date(2024, 5, 1),
        due_on=date(2027, 5, 1),
        amount_cents=balance_cents,
        balance_cents=balance_cents,
        principal_cents=0,
        interest_cents=interest_cents,
        penalty_cents=0,
        compound_cents=6_725,
        dpd=63,
        since_on=date(2026, 9, 21),
        rate=4.35,
    )
