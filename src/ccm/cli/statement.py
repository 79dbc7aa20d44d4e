"""`ccm statement`: what a loan owes as of a day, line by line, as a document and as a workbook (law.md §6)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ccm.cli.loan import Loan
    from ccm.errors import Finding
    from ccm.interest_rules import InterestRules
    from ccm.model import Note
    from ccm.statement.account import Dated
    from ccm.statement.debt import Told
    from ccm.statement.statement import Statement
    from ccm.workspace import Workspace

KIND = "statement"
"""The journal's kind of a statement that was made."""


@app.command("statement", cls=ChineseCommand)
def statement(
    loan: Annotated[str, typer.Argument(help="借据号或其末几位；借款人姓名也行", metavar="借据号")],
    as_of: AsOf = None,
    rate: Annotated[str | None, typer.Option(help="合同年利率（%），台账没有利率时用", metavar="5.4")] = None,
    misuse: Annotated[str | None, typer.Option(help="从哪天起挪用了贷款", metavar="日子")] = None,
    cost: Annotated[
        list[str] | None, typer.Option(help="由债务人负担的费用，可写多次：2026-10-08=3000", metavar="日子=金额")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="写成哪个 .docx，默认 statements/；同名 .xlsx 放在旁边", metavar="文件")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """欠款计算表：利息、罚息、复利逐行列出算式，与台账核对，写成可盖章的文档和可重算的表格。

    例：ccm statement 0062 --as-of 2026-11-23
    """
    place, day = workspace(), day_of(as_of)
    costs = tuple(sorted(_cost(one, day) for one in cost or ()))
    made, findings = _count(place, loan, day, rate, _day(misuse, day), costs)
    path = _target(place, made, out)
    note = _written(place, made, path)
    if as_json:
        from ccm.wire.statement import statement_json

        print_json(statement_json(made, findings, note))
    else:
        from ccm.screen.statement import show_statement

        show_statement(console(), made, findings, path)
    raise typer.Exit(4 if findings else 0)


def _count(
    place: Workspace, asked: str, day: date, rate: str | None, misused_on: date | None, costs: tuple[Dated, ...]
) -> tuple[Statement, list[Finding]]:
    """Count a loan as of a day, and say what is doubtful about it.

    Raises:
        CcmError: `statement-card`, `statement-unneeded`, `statement-early`, `statement-no-rate`, `statement-rate`,
            `statement-no-balance`, `statement-no-issue`, and as `loan_in`.
    """
    from ccm.cli.loan import loan_in
    from ccm.statement.statement import statement_of
    from ccm.statement.terms import terms_findings, terms_of

    found = loan_in(place, asked, day)
    row, told = found.row, _told(place, found, day, misused_on, costs)
    if row["product"] == "card":
        raise CcmError("statement-card", where=found.loan_no)
    if row["stage"] is None:
        raise CcmError("statement-unneeded", where=found.loan_no, on=day)
    if day < told.data_on:
        raise CcmError("statement-early", where=found.loan_no, on=day, data_on=told.data_on)
    if row["balance_cents"] is None:
        raise CcmError("statement-no-balance", where=found.loan_no)
    if rate and row["rate"] is not None:
        raise typer.BadParameter(f"台账里有这笔的利率（{row['rate']}%），--rate 只在台账没有利率时用")
    rules = found.work.policy.interest
    terms = terms_of(row, rules, rate=rate)
    made = statement_of(place.bank, _named(found, told), row, told, terms, rules, day)
    findings = [*terms_findings(row, terms, rules, misused=misused_on is not None), *_ceiling(made, row, rules)]
    return made, findings


def _told(place: Workspace, found: Loan, day: date, misused_on: date | None, costs: tuple[Dated, ...]) -> Told:
    """Return what is known of a loan beside its row: since when it is in arrears, payments, an acceleration."""
    from ccm.cli.loan import accelerated_on
    from ccm.cli.logbook import journal_of
    from ccm.journal import exists
    from ccm.payments import logged
    from ccm.statement.debt import Told
    from ccm.units import plus_days

    row = found.row
    payments: tuple[Dated, ...] = ()
    if exists(place.state, place.journal):
        with closing(journal_of(place)) as journal:
            of_loan = logged(journal.entries("payment", loan_no=found.loan_no)).get(found.loan_no, [])
        payments = tuple(sorted((one.on, one.cents) for one in of_loan if one.on <= day))
    since = {
        part: plus_days(day, -days) if (days := row[f"{part}_dpd"]) else None for part in ("interest", "principal")
    }
    return Told(
        data_on=row["data_on"] or found.triage.as_of,
        interest_since_on=since["interest"],
        principal_since_on=since["principal"],
        accelerated_on=accelerated_on(place, found),
        misused_on=misused_on,
        payments=payments,
        costs=costs,
    )


def _named(found: Loan, told: Told) -> Any:  # noqa: ANN401 - the statement's own record of the loan
    from ccm.statement.statement import Loan as Named

    row = found.row
    place = " ".join(filter(None, (row["file"], row["sheet"], f"第{row['row']}行" if row["row"] else "")))
    return Named(
        found.loan_no, row["contract_no"], row["product_name"], found.parties, row["issued_on"], row["amount_cents"],
        row["extended_due_on"] or row["due_on"], f"{place}，台账日期{told.data_on}",
    )  # fmt: skip


def _ceiling(made: Statement, row: dict[str, Any], rules: InterestRules) -> Iterator[Finding]:
    """Warn where all interest together is more than the courts may let stand (law.md §6)."""
    from fractions import Fraction

    if made.account.yearly > Fraction(rules.ceiling):
        yield finding(
            "interest-above-ceiling", file=str(row["file"] or ""), sheet=str(row["sheet"] or ""), row=row["row"],
            value=f"{float(made.account.yearly):.2%}", ceiling=f"{float(rules.ceiling):.0%}",
        )  # fmt: skip


def _day(text: str | None, day: date) -> date | None:
    """Return a day that is past or the day itself.

    Raises:
        CcmError: `day-unclear`, `day-wrong-side`.
    """
    from ccm.cli.log import said_day

    return said_day(text, day, past=True) if text else None


def _cost(text: str, day: date) -> Dated:
    """Return the day and the cents of costs as they were typed.

    Raises:
        CcmError: `day-unclear`, `day-wrong-side`, `amount-unclear`.
    """
    from ccm.said import cents

    said, equals, amount = text.partition("=")
    on = _day(said, day)
    if not equals or on is None:
        raise typer.BadParameter("费用写成 日子=金额，例如 --cost 2026-10-08=3000")
    return on, cents(amount)


def _target(place: Workspace, made: Statement, out: Path | None) -> Path:
    from ccm.safe import file_name

    if out is None:
        loan = made.loan
        name = file_name(loan.loan_no, loan.parties[0].name, str(made.as_of))
        return place.root / "statements" / f"{name}.docx"
    return (out if out.suffix.lower() == ".docx" else out.with_name(f"{out.name}.docx")).resolve()


def _written(place: Workspace, made: Statement, path: Path) -> Note:
    """Write both files and say so in the journal; the same statement made again makes nothing new."""
    from ccm.cli.logbook import journal_of
    from ccm.statement.document import write_document
    from ccm.statement.sheet import write_sheet

    with closing(journal_of(place)) as journal:
        earlier = [one.note for one in journal.entries(KIND, loan_no=made.loan.loan_no)]
        if earlier and _same(earlier[-1], made, path, place):
            return earlier[-1]
        sheet = path.with_suffix(".xlsx")
        write_document(made, path)
        write_sheet(made, sheet)
        note = _note(place, made, (path, sheet))
        journal.record([note], now())
    return note


def _same(note: Note, made: Statement, path: Path, place: Workspace) -> bool:
    from ccm.archive.pack import unchanged

    files = note.facts["files"]
    return (
        note.facts["content"] == made.digest
        and files[0]["path"] == place.name_of(path)
        and all(unchanged(place.root / one["path"], one["sha256"]) for one in files)
    )


def _note(place: Workspace, made: Statement, paths: Sequence[Path]) -> Note:
    """What the journal keeps: both files with their digests, what they say, and what they were made of."""
    from ccm.archive.check import digest_of
    from ccm.cli.journey import policy_of
    from ccm.model import Note

    debtor = made.loan.parties[0]
    facts: dict[str, object] = {
        "files": [{"path": place.name_of(path), "sha256": digest_of(path)} for path in paths],
        "content": made.digest,
        "data_on": str(made.told.data_on),
        "total_cents": made.account.total_cents,
        **{f"{part}_cents": cents for part, cents in made.sums},
    }
    return Note(
        KIND, made.as_of, made.loan.loan_no, debtor.name, debtor.role, policy=policy_of(place).digest, facts=facts
    )
