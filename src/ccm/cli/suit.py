"""`ccm suit …`: due for suit, deferred or filed; the plans of deferrals; the papers a suit needs (C6, C8–C11)."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of, now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from ccm.cli.journey import Work
    from ccm.cli.loan import Loan
    from ccm.journal import Journal
    from ccm.model import Case, Note, Suit
    from ccm.policy import Policy
    from ccm.rights.clock import Clock
    from ccm.suit.checklist import Line
    from ccm.suit.notes import Docket
    from ccm.suit.standing import Due
    from ccm.workspace import Workspace

suit = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="起诉：该诉的、暂缓的、已诉的，和起诉材料\n\n例：ccm suit list",
)
app.add_typer(suit, name="suit")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
LoanNo = Annotated[str, typer.Argument(help="借据号或其末几位；借款人姓名也行", metavar="借据号", show_default=False)]
On = Annotated[str | None, typer.Option("--on", help="哪天的事：昨天、周一、11-20；默认今天", metavar="日子")]


@dataclass(frozen=True, slots=True)
class Bench:
    """One call of `ccm suit` about one loan: the workspace, the loan, the day it happened, and what a note keeps.

    `today` is the day of the call: what happened between `on` and it is known.
    """

    place: Workspace
    loan: Loan
    on: date
    today: date
    docket: Docket

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.loan.work.policy


def bench_of(asked: str, on: str | None, as_of: str | None) -> Bench:
    """Find the loan, also one that has left the ledger, and settle the day: `--on`, as seen from `--as-of` or today.

    Raises:
        CcmError: As `loan_ever_in`; `day-unclear`, `day-wrong-side`.
    """
    from ccm.cli.loan import loan_ever_in
    from ccm.spoken_days import read_day
    from ccm.suit.notes import Docket

    place, today = workspace(), day_of(as_of)
    day = read_day(on, today, "back") if on else today
    loan = loan_ever_in(place, asked, day)
    figures = None if loan.gone else loan.figures
    return Bench(place, loan, day, today, Docket(loan.loan_no, loan.parties, figures, loan.work.policy.digest))


def suit_in(journal: Journal, bench: Bench) -> Suit | None:
    """Return how the loan's suit stands by what the journal holds now, None where nothing was ever done about it."""
    from ccm.suit.standing import FAMILIES, suits

    number, figures = bench.docket.loan_no, bench.docket.figures
    known = journal.entries(*FAMILIES, loan_no=number)
    return suits(known, {number: figures} if figures else {}, bench.policy, bench.today).get(number)


def record(bench: Bench, notes: Callable[[Journal, Suit | None], Sequence[Note]], *, as_json: bool) -> None:
    """Write down under the journal's lock what `notes` makes of how the suit stands; then tell how it stands now."""
    from ccm.cli import logbook

    with closing(logbook.journal_of(bench.place)) as journal:
        with journal.writing():
            before, _ = journal.head()
            made = notes(journal, suit_in(journal, bench))
            journal.append(made, now())
        numbers = [f"J{one.seq}" for one in journal.entries("event", after=before) if one.note.kind == "event"]
        after = suit_in(journal, bench)
    if as_json:
        from ccm.wire.suit import recorded_json

        print_json(recorded_json(bench.docket.loan_no, after, numbers))
        return
    from ccm.cli.rights import rules_of
    from ccm.screen.suit import show_recorded

    show_recorded(console(), made, after, numbers, rules_of(bench.place), running(bench))


def running(bench: Bench) -> list[Clock]:
    """Return the clocks of the loan that still run, what ends first in front; none where no ledger has it any more."""
    from ccm.cli.loan import of_loan

    clocks = [] if bench.loan.gone else of_loan(bench.place, bench.loan)
    running = {"near", "safe", "unproved"}
    return [one for one in clocks if one.ends_on and one.state in running and not one.kept_on and one.right != "cap"]


@suit.command("list", cls=ChineseCommand)
def list_suits(
    limit: Annotated[int, typer.Option(help="屏幕上每类显示几笔", metavar="笔数", min=0)] = 20,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """该起诉的每一笔和它的全部债务人：应起诉、暂缓中、已起诉，权利哪天丢。

    例：ccm suit list
    """
    from ccm.cli import journey
    from ccm.cli.rights import rules_of

    place = workspace()
    _, work = journey.remembered_work(place, day_of(as_of), journey.recorded_in(place))
    found, months = due_in(work), rules_of(place).months
    if as_json:
        from ccm.wire.suit import due_json

        print_json({"as_of": str(work.as_of), "due": [due_json(one, months) for one in found]})
        return
    from ccm.screen.suit import show_due

    show_due(console(), found, rules_of(place), work.policy.deferral, work.as_of, limit)


def due_in(work: Work) -> list[Due]:
    """Return every loan that owes a suit, is deferred, asked to be, or sued, in the order of the worklist."""
    from ccm.suit.standing import Due

    found = []
    for one in work.ranked:
        known = work.suits.get(one.case.loan_no)
        if owes_suit(one.case, work) or (known and known.state != "due"):
            found.append(Due(one.case, known, work.rights.get(one.case.loan_no, ())))
    return found


def owes_suit(case: Case, work: Work) -> bool:
    """Tell whether the policy's duty to sue has arisen, done or not (C8)."""
    from ccm.duties import duties

    return any(one.channel == "suit" and one.state != "upcoming" for one in duties(case, work.policy, work.as_of))


@suit.command("check", cls=ChineseCommand)
def check(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """核对批准了的暂缓：清收方案的各期还了没有；过了宽限没还的登记失效，应起诉（C10）。

    例：ccm suit check
    """
    from ccm.cli import journey

    place, day = workspace(), day_of(as_of)
    triage, work = journey.remembered_work(place, day, journey.recorded_in(place))
    granted = [one for one in work.suits.values() if one.deferral and (one.state in {"deferred", "breached"})]
    names = dict(triage.loans.select("loan_no", "borrower").iter_rows())
    broken = _write_breaches(place, [one for one in granted if one.state == "breached"], day)
    if as_json:
        from ccm.wire.suit import plans_json

        print_json(plans_json(granted, broken, work.policy.deferral, day))
    else:
        from ccm.screen.suit import show_plans

        show_plans(console(), granted, broken, names, work.policy.deferral, day)
    raise typer.Exit(4 if any(one.state == "breached" for one in granted) else 0)


def _write_breaches(place: Workspace, broken: Sequence[Suit], day: date) -> list[str]:
    """Write down each breach that is not yet, so that a later payment does not mend it; return whose are new."""
    from ccm.cli import logbook
    from ccm.suit.notes import breached

    if not broken:
        return []
    found = [(one.deferral, bench_of(one.loan_no, None, str(day))) for one in broken if one.deferral]
    with closing(logbook.journal_of(place)) as journal, journal.writing():
        told = {str(one.note.facts["deferral_no"]) for one in journal.entries("suit-breached")}
        fresh = [(one, bench) for one, bench in found if one.deferral_no not in told]
        journal.append([breached(bench.docket, one, day) for one, bench in fresh], now())
    return [one.loan_no for one, _ in fresh]


@suit.command("show", cls=ChineseCommand)
def show(loan: LoanNo, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """一笔的全部经过：暂缓申请和签批、清收方案、起诉、诉讼的各个阶段和期间。

    例：ccm suit show 0062
    """
    from ccm.cli import logbook
    from ccm.cli.loan import of_loan
    from ccm.cli.rights import rules_of

    bench = bench_of(loan, None, as_of)
    with closing(logbook.journal_of(bench.place)) as journal:
        found = suit_in(journal, bench)
    clocks = [] if bench.loan.gone else of_loan(bench.place, bench.loan)
    rules = rules_of(bench.place)
    if as_json:
        from ccm.wire.suit import life_json

        print_json(life_json(bench.docket, found, rules.months))
        return
    from ccm.screen.clock import show_brief
    from ccm.screen.suit import show_life

    show_life(console(), bench.docket, found, bench.policy.deferral, rules.months, bench.on)
    show_brief(console(), clocks, rules, bench.on)


@suit.command("prepare", cls=ChineseCommand)
def prepare(loan: LoanNo, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """起诉材料清单：这一笔要哪些、档案里有哪些、还缺哪些；写成可以带走的 Word 清单。

    例：ccm suit prepare 0062
    """
    from ccm.suit.notes import prepared
    from ccm.suit.sheet import write_list

    bench = bench_of(loan, None, as_of)
    lines = lines_of(bench)
    path = list_path(bench)
    write_list(lines, bench.docket, bench.on, path)
    where = bench.place.name_of(path)
    done = _prepares(bench) if all(one.complete for one in lines) else ""
    if done:
        from ccm.cli import logbook

        with closing(logbook.journal_of(bench.place)) as journal:
            journal.record([prepared(bench.docket, bench.on, done, where)], now())
    if as_json:
        from ccm.wire.suit import list_json

        print_json(list_json(bench.docket, lines, where, done))
    else:
        from ccm.screen.suit import show_list

        show_list(console(), bench.docket, lines, where, bench.loan.case, done)
    raise typer.Exit(0 if all(one.complete for one in lines) else 4)


def list_path(bench: Bench) -> Path:
    """Return where the checklist of a loan is written."""
    from ccm.safe import file_name

    return (
        bench.place.root
        / "suits"
        / f"{file_name('起诉材料清单', bench.docket.loan_no, bench.loan.parties[0].name)}.docx"
    )


def _prepares(bench: Bench) -> str:
    """Return the duty to put the papers in order (C6) where it is owed, empty where it is not."""
    owed = (one.id for one in bench.loan.duties if one.channel == "papers" and one.state in {"due", "overdue"})
    return next(owed, "")


def lines_of(bench: Bench) -> list[Line]:
    """Return the list of papers of a loan, held against its file and the proof of its letters."""
    from ccm.archive.check import check as check_archive
    from ccm.cli import logbook
    from ccm.suit.checklist import Matter, checklist

    with closing(logbook.journal_of(bench.place)) as journal:
        lives = logbook.lives_in(journal)
    number = bench.docket.loan_no
    report = check_archive(lives, frozenset({number}), bench.place.root, {}, lambda _: None, quick=True)
    letters = [one for one in report.standings if one.of.kind not in {"visit", "event", "loan"}]
    early = [one for one in letters if one.of.kind == "acceleration"]
    own = next((one for one in report.standings if one.of.kind == "loan"), None)
    file = lives.files.get(number)
    filed = [one for one in file.filed if own is None or one.path not in own.bad] if file else []
    kinds, unsure = _kinds(bench, accelerated=bool(early))
    matter = Matter(
        len(bench.docket.defendants), kinds, unsure,
        (len(letters), sum(one.complete for one in letters)), (len(early), sum(one.complete for one in early)),
    )  # fmt: skip
    counts: dict[str, int] = {}
    for paper in filed:
        counts[paper.item] = counts.get(paper.item, 0) + 1
    spoilt = {paper.item for paper in file.filed if own and paper.path in own.bad} if file else set()
    return checklist(matter, counts, spoilt)


def _kinds(bench: Bench, *, accelerated: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return what kind of case a loan is, and of what the ledger says nothing."""
    row, parties = bench.loan.row, bench.loan.parties
    guarantors = [one for one in parties if one.role == "guarantor"]
    kind, secured = row.get("guarantee_kind"), row.get("collateral")
    met = {
        "guarantor": bool(guarantors),
        "company_guarantor": any(one.looks_like_company for one in guarantors),
        "mortgage": bool(secured) or any(word in (kind or "") for word in "抵质"),
        "accelerated": accelerated,
    }
    told = bool(bench.loan.triage.loans["collateral"].is_not_null().any()) or bool(kind)
    unsure = frozenset({"mortgage"}) if not met["mortgage"] and not told else frozenset()
    return frozenset(key for key, holds in met.items() if holds), unsure
