"""`ccm suit defer|submit|review|approve|refuse LOAN`: not suing for now, in writing, and who decides it (C9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf
from ccm.cli.suit import AsJson, Bench, LoanNo, On, bench_of, record, running, suit
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.journal import Journal
    from ccm.model import DeferralAct, Note, Step, Suit
    from ccm.suit.application import Application
    from ccm.suit.notes import Plea

By = Annotated[str, typer.Option("--by", help="谁", metavar="姓名")]
Words = Annotated[list[str] | None, typer.Argument(help="意见，不用加引号", metavar="文字", show_default=False)]


@suit.command("defer", cls=ChineseCommand)
def defer(
    loan: LoanNo,
    reason: Annotated[
        list[str] | None, typer.Argument(help="暂缓的理由，不用加引号", metavar="理由", show_default=False)
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option("--step", help="清收方案的一期，可写多次：12-20=5000、下月10号=1万", metavar="日子=金额"),
    ] = None,
    until: Annotated[str | None, typer.Option(help="暂缓到哪天；默认最后一期加宽限", metavar="日子")] = None,
    by: Annotated[str | None, typer.Option("--by", help="谁起草；默认管户客户经理", metavar="姓名")] = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """申请暂缓起诉：写明理由和清收方案，生成书面申请；上报、审查、批准之后才生效。

    例：ccm suit defer 0062 拆迁款一月到账 --step 12-20=5000 --step 01-20=4.5万
    """
    from dataclasses import replace

    from ccm.cli import logbook
    from ccm.cli.log import taken
    from ccm.contacts import numbered
    from ccm.safe import file_name, put_bytes
    from ccm.suit.notes import drafted, pleaded

    bench = bench_of(loan, on, as_of)
    if bench.loan.case is None or bench.docket.figures is None:
        raise CcmError("suit-undue", where=bench.docket.loan_no)
    plea = pleaded(_plea(bench, " ".join(reason or ()), step or (), until), bench.on, bench.policy.deferral)
    name = by or bench.loan.row["manager"] or logbook.actor()
    unnumbered = _application(bench, name)

    def notes(journal: Journal, known: Suit | None) -> list[Note]:
        _may_apply(bench, known)
        number = numbered("ZH", bench.on, taken(journal, "suit-drafted", "deferral_no"))
        path = bench.place.root / "suits" / f"{file_name('暂缓起诉申请', number, bench.loan.parties[0].name)}.docx"
        content = _written(bench, replace(unnumbered, number=number), plea)
        # The paper first: a paper without an entry is written over by the next try; an entry without it is a lie.
        put_bytes(path, content)
        return [drafted(bench.docket, number, bench.on, name, plea, (bench.place.name_of(path), _digest(content)))]

    record(bench, notes, as_json=as_json)


def _may_apply(bench: Bench, known: Suit | None) -> None:
    """Refuse an application for what is sued, or where one is under way.

    Raises:
        CcmError: `suit-filed`, `deferral-step`.
    """
    from ccm.model import DEFERRAL_STATES
    from ccm.suit.notes import NEXT

    if known and known.state == "filed" and known.filing:
        raise CcmError("suit-filed", where=bench.docket.loan_no, on=known.filing.on, filing_no=known.filing.filing_no)
    newest = known.deferrals[-1] if known and known.deferrals else None
    if newest and newest.state in {"submitted", "reviewed"}:
        raise CcmError(
            "deferral-step", deferral_no=newest.deferral_no, state=DEFERRAL_STATES[newest.state], act="另行申请",
            following=f"下一步是{NEXT[newest.state]}",
        )  # fmt: skip


def _plea(bench: Bench, reason: str, said: Sequence[str], until: str | None) -> Plea:
    from ccm.spoken_days import read_day
    from ccm.suit.notes import Plea
    from ccm.units import plus_days

    steps = tuple(_step(bench, text) for text in said)
    if until:
        return Plea(reason, read_day(until, bench.on, "ahead"), steps)
    last_on = max((step.on for step in steps), default=bench.on)
    return Plea(reason, plus_days(last_on, bench.policy.deferral.grace_days), steps)


def _step(bench: Bench, text: str) -> Step:
    """Read a step as it is typed: `12-20=5000`; a colon does as well, as in `ccm log LOAN plan`.

    Raises:
        CcmError: `plan-unclear`, `day-unclear`, `day-wrong-side`, `amount-unclear`.
    """
    from ccm.model import Step
    from ccm.said import cents
    from ccm.spoken_days import read_day

    day, mark, amount = text.replace("：", "=").replace("＝", "=").replace(":", "=").partition("=")
    if not mark:
        raise CcmError("plan-unclear", where="--step", value=text)
    return Step(read_day(day, bench.on, "ahead"), cents(amount))


def _application(bench: Bench, by: str) -> Application:
    """Return all that an application is written with, but for its number, which is taken last."""
    from ccm.cli.rights import rules_of
    from ccm.model import ROLE_TITLES
    from ccm.rights.count import advice
    from ccm.suit.application import Application

    case, figures, place, rules = bench.loan.case, bench.docket.figures, bench.place, rules_of(bench.place)
    rights = tuple(
        (rules.rights[one.right].title, f"{ROLE_TITLES[one.role]}{one.party}", one.ends_on, advice(one, rules))
        for one in running(bench)
        if one.ends_on
    )
    branch = bench.loan.row["branch"] or place.branch
    office = f"{place.bank}{branch}" if place.bank else ""
    return Application(
        "", bench.on, by, place.bank, office, case, bench.loan.row.get("contract_no"), figures,  # type: ignore[arg-type]
        bench.policy.deferral.grace_days, rights,
    )  # fmt: skip


def _written(bench: Bench, one: Application, plea: Plea) -> bytes:
    """Return the written application.

    Raises:
        CcmError: `template-missing`, `template-broken`.
    """
    from ccm.letters.template import MissingValueError, load, render
    from ccm.suit.application import KIND, fields
    from ccm.workspace import template_path, templates

    name = f"{KIND}.docx"
    with templates() as built_in:
        compiled = load(template_path(bench.place.root, name) or built_in / name, KIND)
    try:
        return render(compiled, fields(one, plea))
    except MissingValueError as error:
        raise CcmError("template-broken", where=name, reason=str(error)) from error


def _digest(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


@suit.command("submit", cls=ChineseCommand)
def submit(
    loan: LoanNo, by: By, words: Words = None, on: On = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """支行上报暂缓起诉申请。

    例：ccm suit submit 0062 --by 张行长
    """
    _sign("submit", bench_of(loan, on, as_of), by, words, as_json=as_json)


@suit.command("review", cls=ChineseCommand)
def review(
    loan: LoanNo, by: By, words: Words = None, on: On = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """总行风险部门审查；不能审查自己起草或上报的。

    例：ccm suit review 0062 还款来源已核实 --by 李审查
    """
    _sign("review", bench_of(loan, on, as_of), by, words, as_json=as_json)


@suit.command("approve", cls=ChineseCommand)
def approve(
    loan: LoanNo, by: By, words: Words = None, on: On = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """有权审批人批准：到期之前不再列为应起诉；不能批准自己起草、上报或审查的。

    例：ccm suit approve 0062 --by 王行长
    """
    _sign("approve", bench_of(loan, on, as_of), by, words, as_json=as_json)


@suit.command("refuse", cls=ChineseCommand)
def refuse(
    loan: LoanNo, by: By, words: Words = None, on: On = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """有权审批人不批准，或撤回已经批准的：照常应起诉。

    例：ccm suit refuse 0062 方案没有还款来源 --by 王行长
    """
    _sign("refuse", bench_of(loan, on, as_of), by, words, as_json=as_json)


def _sign(act: DeferralAct, bench: Bench, by: str, words: Sequence[str] | None, *, as_json: bool) -> None:
    from ccm.suit.notes import signed

    def notes(_: Journal, known: Suit | None) -> list[Note]:
        if known is None or not known.deferrals:
            raise CcmError("deferral-none", where=bench.docket.loan_no, loan_no=bench.docket.loan_no)
        return [signed(bench.docket, known.deferrals[-1], act, bench.on, by, " ".join(words or ()))]

    record(bench, notes, as_json=as_json)
