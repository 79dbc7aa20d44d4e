"""`ccm log LOAN payment|undo …`: what was paid, and what was logged as paid by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf
from ccm.cli.log import AsJson, Job, On, Saying, Words, job_of, log, record, text_of
from ccm.cli.log_word import Amount
from ccm.errors import CcmError

if TYPE_CHECKING:
    from ccm.journal import Journal
    from ccm.model import Note

OWED = ("balance_cents", "overdue_interest_cents", "penalty_interest_cents", "compound_interest_cents")
"""All that the ledger knows to be owed."""


@log.command("payment", cls=ChineseCommand)
def payment(
    ctx: typer.Context,
    amount: Amount,
    words: Words = None,
    to: Annotated[
        str | None, typer.Option("--to", help="谁还的：姓名（或其中几个字）、担保人；不写不分是谁", metavar="姓名")
    ] = None,
    on: On = None,
    yes: Annotated[bool, typer.Option("--yes", help="金额比全部欠款还多，核对过仍要登记")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """还款：看到或听说到账的一笔；登错了用 undo 撤回。

    例：ccm log 0062 payment 2000 --on 昨天
    """
    from ccm.contacts import payment as note_of
    from ccm.said import cents

    job, paid = job_of(ctx, to, on, as_of=as_of), cents(amount)
    if not yes:
        _expect(job, paid)
    record(job, Saying(lambda _: [note_of(job.scene, paid, text_of(words), named=to is not None)]), as_json=as_json)


def _expect(job: Job, paid: int) -> None:
    """Refuse more than can be owed: by the ledger, less what was logged since its day; a slip is seldom small.

    What was paid before that day the ledger shows already: up to the loan's own amount more may have been owed then.

    Raises:
        CcmError: `payment-large`.
    """
    from ccm.payments import in_words, logged, unposted
    from ccm.units import yuan

    loan, row, data_on = job.loan, job.loan.row, job.loan.figures.on
    if row["balance_cents"] is None:
        return
    owed, known = sum(row[part] or 0 for part in OWED), ""
    if job.scene.on < data_on:
        lent = row["amount_cents"] or 0
        owed, known = owed + lent, f"，另加贷款金额{yuan(lent)}元，因为那天欠的比台账日多"
    elif since := unposted(logged(loan.work.recorded.words).get(loan.loan_no, ()), data_on):
        owed, known = owed - sum(one.cents for one in since), f"，已减去台账日以后登记的还款{in_words(since)}"
    if paid > owed:
        facts = {"paid": yuan(paid), "owed": yuan(max(0, owed)), "data_on": data_on, "known": known}
        raise CcmError("payment-large", where=loan.loan_no, **facts)


@log.command("undo", cls=ChineseCommand)
def undo(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help="还款的编号，ccm case 里有", metavar="编号", show_default=False)],
    reason: Annotated[str, typer.Option(help="为什么撤回", metavar="理由")],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """撤回登错的还款：原登记保留，从此不算数。

    例：ccm log 0062 undo J12 --reason 多打了一个零
    """
    job = job_of(ctx, None, None, as_of=as_of)
    record(job, Saying(lambda journal: [_undone(job, journal, number, reason)]), as_json=as_json)


def _undone(job: Job, journal: Journal, number: str, reason: str) -> Note:
    """Take back a payment that stands.

    Raises:
        CcmError: `payment-number`.
    """
    from ccm.contacts import payment_undone
    from ccm.payments import undone

    told = list(journal.entries("payment", loan_no=job.loan.loan_no))
    standing = {f"J{one.seq}": one for one in told if one.note.kind == "payment" and one.seq not in undone(told)}
    if number.strip().upper() not in standing:
        known = "、".join(standing) or "没有"
        raise CcmError("payment-number", where=job.loan.loan_no, number=number, known=known)
    return payment_undone(standing[number.strip().upper()], reason)
