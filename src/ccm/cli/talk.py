"""`ccm talk`: how to talk with this customer."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.errors import CcmError

if TYPE_CHECKING:
    from datetime import date

    from ccm.talk.advice import Advice, Call
    from ccm.talk.phrases import Talk
    from ccm.talk.placing import Placed
    from ccm.workspace import Workspace


@app.command("talk", cls=ChineseCommand)
def talk(
    loan: Annotated[str | None, typer.Argument(help="借据号；借款人姓名也行", metavar="借据号")] = None,
    occupation: Annotated[str | None, typer.Option(help="职业，如 教师、个体工商户", metavar="职业")] = None,
    style: Annotated[str | None, typer.Option(help="风格：猫头鹰、鸽子、老鹰、孔雀", metavar="风格")] = None,
    sign: Annotated[list[str] | None, typer.Option(help="看到的一个特征，可写多次", metavar="字样")] = None,
    said: Annotated[str | None, typer.Option(help="客户的一句话，如 没钱", metavar="话")] = None,
    signs: Annotated[bool, typer.Option("--signs", help="列出四种风格各有什么特征")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """和这位客户怎么说话：开场、分寸、别说的话；只供参考。

    例：ccm talk --occupation 教师 --style 猫头鹰
    """
    from ccm.screen import talk as screen
    from ccm.talk.phrases import load
    from ccm.talk.placing import objection_of, place

    words, out = load(), console()
    placed = place(words, sign) if sign else []
    if said:
        answer = objection_of(words, said)
        _print(asdict(answer)) if as_json else screen.show_objection(out, answer, words.caution)
    elif signs or (placed and not (loan or occupation)):
        _print(_styles_json(words, placed)) if as_json else screen.show_styles(out, words, placed)
    elif loan or occupation or style:
        folder = workspace()
        customer = customer_of(folder, loan) if loan else None
        logged = logged_style(folder, customer.loan_no) if customer else None
        advice = advice_for(words, customer, occupation, style, placed, logged)
        _tell(folder, customer, advice, placed, as_json=as_json)
    else:
        _print(asdict(words)) if as_json else screen.show_overview(out, words)


def _tell(folder: Workspace, customer: Customer | None, advice: Advice, placed: list[Placed], *, as_json: bool) -> None:
    """Give the advice, with the hours to call in that the workspace's policy leaves."""
    from ccm.cli.journey import policy_of
    from ccm.limits import lawful_spans
    from ccm.screen.talk import show_advice

    hours = lawful_spans(advice.hours.times(), policy_of(folder).contact) if advice.hours else ()
    if as_json:
        loan_no = customer.loan_no if customer else None
        spans = [f"{first:%H:%M}-{last:%H:%M}" for first, last in hours]
        _print({"loan_no": loan_no, **asdict(advice), "call_hours": spans, "placed": _placed_json(placed)})
    else:
        show_advice(console(), advice, customer.line if customer else "", hours, placed)


@dataclass(frozen=True, slots=True)
class Customer:
    """The borrower of a loan as the ledger read last knows them: a line on the loan, the occupation, who calls whom."""

    loan_no: str
    line: str
    occupation: str
    call: Call


def customer_of(place: Workspace, asked: str) -> Customer:
    """Return the borrower of the loan `asked` for, by number or name.

    Raises:
        CcmError: `no-triage`, `loan-unknown` or `loan-refused`.
    """
    from ccm import memory
    from ccm.cli.loan import loan_no_in

    remembered = memory.latest(place.state)
    if remembered is None:
        raise CcmError("no-triage", where=str(place.root))
    loans = remembered.loans
    row = loans.filter(loans["loan_no"] == loan_no_in(remembered, asked)).row(0, named=True)
    return customer_in(place, row, remembered.as_of)


def customer_in(place: Workspace, row: dict[str, Any], as_of: date) -> Customer:
    """Return the borrower of a row of the classified book."""
    from ccm.talk.advice import Call, is_female
    from ccm.units import short_yuan

    company, blank = row["party_kind"] == "company", Call()
    call = Call(
        name=row["borrower"],
        company=company,
        female=None if company else is_female(row["id_no"]),
        bank=place.short_bank or blank.bank,
        manager=row["manager"] or blank.manager,
    )
    job = "企业" if company else row["occupation"] or "职业不详"
    owed = short_yuan(row["overdue_principal_cents"] + row["overdue_interest_cents"])
    arrears = f"逾期{row['dpd']}天，本息{owed}" if row["dpd"] else "没有逾期"
    line = f"{row['loan_no']} {row['borrower']}（{job}）截至{as_of}{arrears}"
    return Customer(row["loan_no"], line, "企业主" if company else row["occupation"] or "", call)


def logged_style(place: Workspace, loan_no: str) -> str | None:
    """Return the style that was logged last for a loan's borrower, None where none was."""
    from ccm.cli import logbook
    from ccm.journal import exists

    if not exists(place.state, place.journal):
        return None
    with closing(logbook.journal_of(place)) as journal:
        notes = [entry.note for entry in journal.entries("style", loan_no=loan_no)]
    return next((str(note.facts["style"]) for note in reversed(notes) if note.role == "borrower"), None)


def advice_for(
    words: Talk,
    customer: Customer | None,
    occupation: str | None,
    style: str | None,
    placed: list[Placed],
    logged_style: str | None = None,
) -> Advice:
    """Return the advice: what is asked for goes before what was seen (`placed`), and that before what was logged.

    Raises:
        CcmError: `occupation-unknown` or `style-unknown`.
    """
    from ccm.talk.advice import Call, advise
    from ccm.talk.placing import clear_style, hours_of, occupation_of, style_of, told_by

    said = occupation or (customer.occupation if customer else "")
    found = told_by(said, words.occupation)
    job = occupation_of(words, occupation) if occupation else found[0] if found else None
    named = style or (None if placed else logged_style)
    return advise(
        words,
        job,
        style_of(words, named) if named else clear_style(placed) if placed else None,
        customer.call if customer else Call(),
        hours_of(words, said, job),
    )


def _styles_json(words: Talk, placed: list[Placed]) -> dict[str, Any]:
    return {"styles": [asdict(one) for one in words.style], "placed": _placed_json(placed), "caution": words.caution}


def _placed_json(placed: list[Placed]) -> list[dict[str, Any]]:
    return [
        {"key": one.style.key, "title": one.style.title, "score": round(one.score, 2), "seen": one.seen}
        for one in placed
    ]


def _print(answer: dict[str, Any]) -> None:
    print_json(answer)
