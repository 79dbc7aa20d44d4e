"""`ccm suit file|stage LOAN`: a suit that was filed, and how the case goes on; the clocks of the rights see both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf
from ccm.cli.suit import AsJson, LoanNo, On, bench_of, record, suit
from ccm.errors import CcmError

if TYPE_CHECKING:
    from ccm.journal import Journal
    from ccm.model import Note, Suit

CaseNo = Annotated[str, typer.Option("--no", help="案号；没有时立案后补", metavar="案号")]
Words = Annotated[list[str] | None, typer.Argument(help="说明，不用加引号", metavar="文字", show_default=False)]


@suit.command("file", cls=ChineseCommand)
def file(
    loan: LoanNo,
    court: Annotated[str, typer.Option(help="哪个法院（仲裁机构）", metavar="法院")],
    words: Words = None,
    case_no: CaseNo = "",
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记起诉：对全部债务人。权利的期间按这一条中断，立案或受理凭证归档后才算证明。

    例：ccm suit file 0062 --court 清水县人民法院 --no （2026）川0124民初88号 --on 昨天
    """
    from ccm.suit.notes import filed

    bench = bench_of(loan, on, as_of)

    def notes(_: Journal, known: Suit | None) -> list[Note]:
        unsued = [one for one in bench.docket.defendants if known is None or tuple(one) not in known.sued]
        if known and known.state == "filed" and known.filing and not unsued:
            raise CcmError(
                "suit-filed", where=bench.docket.loan_no, on=known.filing.on, filing_no=known.filing.filing_no
            )
        return [filed(bench.docket, bench.on, court, case_no, " ".join(words or ()))]

    record(bench, notes, as_json=as_json)


@suit.command("stage", cls=ChineseCommand)
def stage(
    loan: LoanNo,
    reached: Annotated[
        str, typer.Argument(help="立案、副本送达、开庭、判决送达、上诉、生效、申请执行……写错会列出全部", metavar="阶段")
    ],
    words: Words = None,
    pay_by: Annotated[
        str | None, typer.Option(help="判决定的履行期间的最后一日（登记“生效”时）；默认生效之日", metavar="日子")
    ] = None,
    case_no: CaseNo = "",
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记诉讼到了哪一步，随之而来的期间列在 ccm suit list；申请执行的二年见 ccm clock。

    例：ccm suit stage 0062 判决送达 --on 昨天
    例：ccm suit stage 0062 生效 --on 12-20 --pay-by 12-31
    """
    from ccm.spoken_days import read_day
    from ccm.suit.court import stage as stage_of
    from ccm.suit.notes import reached as notes_of

    bench, one = bench_of(loan, on, as_of), stage_of(reached)
    from_on = read_day(pay_by, bench.on, "ahead") if pay_by else bench.on

    def notes(journal: Journal, known: Suit | None) -> list[Note]:
        if known is None or known.state != "filed" or known.filing is None:
            raise CcmError("suit-unfiled", where=bench.docket.loan_no, title=one.title)
        running, text = _enforcement(journal, bench.docket.loan_no), " ".join(words or ())
        return notes_of(bench.docket, known.filing, one, bench.on, from_on, text, case_no, running)

    record(bench, notes, as_json=as_json)


def _enforcement(journal: Journal, loan_no: str) -> str:
    """Return the number of the last enforcement that was applied for, empty where none was."""
    applied = [one for one in journal.entries("event", loan_no=loan_no) if one.note.facts.get("code") == "ENFORCEMENT"]
    return next((f"J{one.seq}" for one in reversed(applied) if one.note.kind == "event"), "")
