"""`ccm case LOAN` and `ccm person NAME`: everything known of one loan, of one human being."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOfLedger, day_of
from ccm.cli.looked import note_look
from ccm.errors import CcmError

if TYPE_CHECKING:
    from datetime import date

    from ccm.cli.journey import Work
    from ccm.cli.loan import Loan
    from ccm.dossier import Dossier
    from ccm.memory import Triage
    from ccm.model import Party
    from ccm.person import Condition, Person
    from ccm.workspace import Workspace


@app.command("case", cls=ChineseCommand)
def case(
    loan: Annotated[str, typer.Argument(help="借据号或其末几位；借款人姓名也行", metavar="借据号")],
    as_of: AsOfLedger = None,
    docx: Annotated[Path | None, typer.Option("--docx", help="写成 Word 文件", metavar="文件")] = None,
    whole: Annotated[bool, typer.Option("--all", help="显示全部经过")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的证件和电话号码")] = False,
) -> None:
    """一笔贷款的全部经过：台账、信函、电话、上门、承诺、暂停、证据，现在如何，还欠什么。

    例：ccm case 0062
    """
    from ccm.cli.loan import loan_ever_in

    place = workspace()
    found = loan_ever_in(place, loan, day_of(as_of) if as_of else None)
    # What was logged since the last ledger is part of the story, whichever day its figures are counted for.
    until = day_of(as_of) if as_of else max(day_of(None), found.work.as_of)
    if reveal or docx:
        whose = ((found.loan_no, one.role, one.name) for one in found.parties)
        note_look(place, "case --docx" if docx else "case", whose)
    if docx:
        from ccm.dossier import write_docx

        write_docx(dossier_of(place, found, until, reveal=True), docx)
        console(stderr=as_json).print(f"已写好：{docx}（含完整的证件和电话号码，请妥善保管）")
    dossier = dossier_of(place, found, until, reveal=reveal)
    if as_json:
        from ccm.wire.case import dossier_json

        print_json(dossier_json(dossier, reveal=reveal))
    elif not docx:
        from ccm.screen.case import show_case

        show_case(console(), dossier, 0 if whole else 12, reveal=reveal)
        if not found.gone:
            _show_rights(place, found)


def _show_rights(place: Workspace, loan: Loan) -> None:
    from ccm.cli.loan import of_loan
    from ccm.cli.rights import rules_of
    from ccm.screen.clock import show_brief

    show_brief(console(), of_loan(place, loan), rules_of(place), loan.work.as_of)


GONE = "最近的台账里已经没有这笔贷款（结清、核销、转出还是漏导？），最后一次见于{day}的台账。"


def dossier_of(place: Workspace, loan: Loan, until: date, *, reveal: bool) -> Dossier:
    """Put together all that is known of a loan, its time line up to `until`; its numbers are masked unless `reveal`."""
    from ccm import memory
    from ccm.cli import logbook
    from ccm.dossier import Dossier
    from ccm.masking import mask_phone
    from ccm.person import condition_of, conditions
    from ccm.timeline import Told, timeline
    from ccm.why import sentence

    work, row, number = loan.work, loan.row, loan.loan_no
    with closing(logbook.journal_of(place)) as journal:
        entries = [entry for entry in journal.entries(loan_no=number) if loan.gone or entry.note.on <= until]
        told = Told(
            logbook.lives_in(journal).letters,
            work.promises.get(number, ()),
            work.policy,
            str if reveal else mask_phone,
        )
    seen = [(day, one) for day, one in memory.seen(place.state, number) if day <= work.as_of]
    known = conditions(work.recorded.words, work.as_of)
    states = {(one.role, one.name): _state(one, condition_of(one, number, known)) for one in loan.parties}
    return Dossier(
        number,
        row["borrower"],
        row["product_name"] or "",
        _manager(row["manager"] or "", work.handed.get(number)),
        row["branch"] or "",
        work.as_of,
        GONE.format(day=work.as_of) if loan.gone else sentence(row, loan.case, work.policy, work.as_of),
        None if loan.gone else loan.figures,
        loan.parties,
        {key: words for key, words in states.items() if words},
        work.holds.get(number, ()),
        work.promises.get(number, ()),
        () if loan.gone else loan.duties,
        tuple(timeline(entries, seen, told)),
        work.signals.get(number, ()),
        work.suits.get(number),
    )


def _state(party: Party, befell: Condition | None) -> str:
    """Say what befell a party, and that a guarantee is over, so that nothing is owed to the guarantor."""
    from ccm.said import title

    over = f"保证期间已于{party.released_on}届满，不再催收" if party.released_on else ""
    return "；".join(filter(None, (title("state", befell.code) if befell else "", over)))


def _manager(of_ledger: str, receiver: str | None) -> str:
    return f"{of_ledger}（已移交{receiver}，台账未改）" if receiver else of_ledger


@app.command("person", cls=ChineseCommand)
def person(
    who: Annotated[str, typer.Argument(help="姓名，或证件号码", metavar="姓名")],
    as_of: AsOfLedger = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的证件和电话号码")] = False,
) -> None:
    """一个人的全部身份：这里是借款人，那里是几笔的担保人；一共欠多少、担保多少。

    例：ccm person 张三
    """
    from ccm.cli import journey

    place = workspace()
    triage, work = journey.remembered_work(place, day_of(as_of) if as_of else None, journey.recorded_in(place))
    found = persons_in(triage, work, who)
    if reveal:
        note_look(place, "person", ((part.loan_no, part.role, one.name) for one in found for part in one.parts))
    if as_json:
        from ccm.wire.case import persons_json

        print_json(persons_json(found, reveal=reveal))
    else:
        from ccm.screen.case import show_persons

        show_persons(console(), found, reveal=reveal)


def persons_in(triage: Triage, work: Work, asked: str) -> list[Person]:
    """Return whoever bears a name or an identity number in the book, each with what befell them.

    Raises:
        CcmError: `person-unknown`, with the nearest names.
    """
    from dataclasses import replace
    from difflib import get_close_matches

    from ccm.person import befell, conditions, persons

    found = persons(work.book, triage.parties, asked)
    if not found:
        names = {*work.book["borrower"].to_list(), *triage.parties["name"].to_list()}
        near = get_close_matches(asked, sorted(filter(None, names)), 3)
        raise CcmError("person-unknown", who=asked, near=f"；是不是 {'、'.join(near)}？" if near else "")
    known = conditions(work.recorded.words, work.as_of)
    return [replace(one, conditions=befell(one, known)) for one in found]
