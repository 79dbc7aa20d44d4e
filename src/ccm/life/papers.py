"""The papers that prove a letter, a visit, a deed or a loan: what each is called, and which belong to which."""

from __future__ import annotations

ITEM_TITLES = {
    "original": "自留正本",
    "waybill": "面单寄件人存联",
    "delivery": "投递打印页",
    "returned": "退件",
    "posting_list": "寄送清单",
    "receipt": "回执",
    "recording": "录音",
    "photo_gate": "小区门口照片",
    "photo_door": "楼门口照片",
    "address_clause": "送达地址确认书",
    "payment_slip": "还款凭证",
    "plan": "签字的还款计划",
    "request": "签字的延期申请",
    "waiver": "签字的同意履行书",
    "slip": "签收回执原件",
    "deduction_slip": "扣款凭证",
    "deduction_clause": "授权扣收的条款",
    "newspaper": "报纸原页",
    "whereabouts": "下落不明的证明",
    "security": "新的担保合同",
    "filing_receipt": "立案或受理凭证",
    "acceptance": "受理回执",
    "notice": "债权转让通知书",
    "judgment": "生效法律文书",
    "obstacle_proof": "障碍起止的证明",
    "sending_log": "发送记录",
    "number_clause": "预留号码的条款",
    "complaint": "起诉状",
    "bank_papers": "本行主体材料",
    "mandate": "授权委托书",
    "identity": "被告身份材料",
    "contract": "借款合同",
    "loan_note": "借据",
    "guarantee_contract": "保证合同",
    "resolution": "股东会决议",
    "mortgage_contract": "抵质押合同",
    "title_deed": "他项权证",
    "voucher": "放款凭证",
    "entrusted": "受托支付凭证",
    "repayments": "还款流水",
    "arrears": "欠款计算表",
    "deferral": "暂缓起诉申请签批件",
    "preservation": "保全申请和担保",
    "lawyer_fee": "律师费合同和发票",
    "handover_list": "移交清单",
}
"""The papers of a letter (L10), of a visit (V5), of what else keeps a right (law.md §1.2), of the loan (§9)."""
LOAN_ITEMS = (
    "complaint", "bank_papers", "mandate", "identity", "contract", "loan_note", "guarantee_contract", "resolution",
    "mortgage_contract", "title_deed", "address_clause", "voucher", "entrusted", "repayments", "arrears", "deferral",
    "preservation", "lawyer_fee",
)  # fmt: skip
"""The papers of a loan's own file, in the order in which they go to the court (law.md §9)."""
LETTER_ITEMS = ("original", "waybill", "delivery", "returned", "posting_list", "receipt")
VISIT_ITEMS = ("recording", "photo_gate", "photo_door")
NOT_OF_DEEDS = {*VISIT_ITEMS, *LOAN_ITEMS, "posting_list", "receipt", "handover_list"} - {"address_clause"}
DEED_ITEMS = tuple(item for item in ITEM_TITLES if item not in NOT_OF_DEEDS)
