"""`ccm archive …` and `ccm archive-check`: file evidence, find what is missing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, measured, print_json, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError

if TYPE_CHECKING:
    from datetime import date

    from ccm.archive.check import Report
    from ccm.archive.filing import Paper
    from ccm.life import Lives, LoanFile
    from ccm.workspace import Workspace

archive = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="归档：存入材料、查看\n\n例：ccm archive add 清农城催〔2026〕3号 waybill 面单.jpg",
)
app.add_typer(archive, name="archive")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
AsOfKnown = Annotated[
    str | None,
    typer.Option("--as-of", help="按这一天已经登记、归档的和所处的阶段核对；默认到现在的全部", metavar="YYYY-MM-DD"),
]


@archive.command("add", cls=ChineseCommand)
def add(
    subject: Annotated[
        str | None,
        typer.Argument(help="函号、上门编号、清单号、移交编号、事件编号或借据号", metavar="编号", show_default=False),
    ] = None,
    item: Annotated[str | None, typer.Argument(help="哪一种材料", metavar="材料", show_default=False)] = None,
    files: Annotated[list[Path] | None, typer.Argument(help="文件，可写多个", metavar="文件…")] = None,
    inbox: Annotated[
        Path | None, typer.Option(help="整个扫描文件夹：按文件名里的函号（或邮件号）和材料名归档", metavar="文件夹")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="看过计划就存，不再问")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看计划")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """把材料存入档案：复制、检查能不能读、记下摘要。

    材料：original 自留正本，waybill 面单，delivery 投递打印页，returned 退件，posting_list 寄送清单，receipt 回执；
    移交：handover_list 移交清单（签字后扫描，JJ 号）；
    上门：recording 录音，photo_gate 小区门口照片，photo_door 楼门口照片；还款、计划、诉讼等：还款凭证、签字的还款计划、
    立案或受理凭证……编号是登记时给的 J 号或 H 号；贷款本身的材料写借据号：借款合同、借据、放款凭证、起诉状……写中文也行。

    例：ccm archive add 清农城催〔2026〕3号 waybill 面单.jpg
    例：ccm archive add 62010012345 借款合同 合同.pdf
    例：ccm archive add --inbox 扫描件
    """
    from ccm.archive.filing import file_papers, named, plan
    from ccm.cli import logbook

    place = workspace()
    if inbox is None and not (subject and item and files):
        raise CcmError("archive-arguments")
    with closing(logbook.journal_of(place)) as journal:
        lives = logbook.lives_in(journal)
        if inbox is not None:
            asked = named(_scans(inbox), inbox, lives)
        else:
            which = _item(item or "")
            number, lives = _subject(place, lives, subject or "")
            asked = [(file, number, which) for file in files or ()]
        planned = plan(asked, lives, _borrowers(lives), place.bounds.paper_mb)
    planned = [_with_wanted(paper, place, lives) for paper in planned]
    if dry_run or inbox is not None or any(paper.trouble for paper in planned):
        _show_plan(planned, as_json=as_json and dry_run)
    fit = [] if dry_run else _fit(planned, inbox, yes=yes)
    if fit:
        # The papers are copied first: a copy without an entry is told as a stray; an entry without a copy is a lie.
        notes = file_papers(fit, place.root, day_of(as_of))
        with closing(logbook.journal_of(place)) as journal:
            journal.record(notes, now())
    if as_json and not dry_run:
        from ccm.wire.archive import filed_json

        print_json(filed_json(planned, fit))
    elif not dry_run:
        from ccm.screen.archive import show_filed

        show_filed(console(), fit, planned)
    raise typer.Exit(4 if any(paper.trouble for paper in planned) else 0)


def _with_wanted(paper: Paper, place: Workspace, lives: Lives) -> Paper:
    """Say beside a paper that is none of an event's which papers that event takes."""
    from dataclasses import replace

    from ccm.claims import PAPERS
    from ccm.cli.rights import rules_of
    from ccm.life import DEED_ITEMS, ITEM_TITLES

    deed = lives.deeds.get(paper.subject)
    rule = rules_of(place).events.get(deed.code) if deed and paper.item not in DEED_ITEMS else None
    if rule is None:
        return paper
    filed_as = {proof: item for item, proof in PAPERS.items()} | {"slip": "slip"}
    items = [filed_as.get(proof, proof) for proof in rule.papers]
    wanted = "、".join(title for item, title in ITEM_TITLES.items() if item in items)
    return replace(paper, trouble=f"{paper.trouble}；{paper.subject}{rule.title}要的是：{wanted}")


def _scans(inbox: Path) -> list[Path]:
    if not inbox.is_dir():
        raise CcmError("file-missing", file=inbox)
    hidden = {"Thumbs.db", "desktop.ini"}
    return sorted(
        path
        for path in inbox.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name not in hidden
    )


def _subject(place: Workspace, lives: Lives, asked: str) -> tuple[str, Lives]:
    """Return the number under which papers are filed; a loan that has no file yet gets an empty one."""
    from dataclasses import replace

    lists = {life.list_no for life in lives.letters.values() if life.list_no}
    if asked in {*lives.visits, *lives.deeds, *lists, *lives.handovers}:
        return asked, lives
    if life := lives.letter_named(asked) if asked.isdigit() else lives.letter_typed(asked):
        return life.letter_no, lives
    file = lives.files.get(asked) or file_of(place, lives, asked)
    if file is None:
        raise CcmError("letter-unknown", where=asked, letter_no=asked)
    return file.loan_no, replace(lives, files={**lives.files, file.loan_no: file})


def file_of(place: Workspace, lives: Lives, asked: str) -> LoanFile | None:
    """Return the file of a loan as the last triage names it, None where it has no such loan.

    Raises:
        CcmError: `loan-ambiguous`.
    """
    from ccm import memory
    from ccm.cli.loan import loan_no_in
    from ccm.life import LoanFile

    triage = memory.latest(place.state)
    if triage is None:
        return None
    try:
        number = loan_no_in(triage, asked)
    except CcmError as error:
        if error.code == "loan-ambiguous":
            raise
        return None
    borrower = triage.loans.filter(triage.loans["loan_no"] == number).item(0, "borrower")
    return lives.files.get(number) or LoanFile(number, str(borrower))


def _item(asked: str) -> str:
    from difflib import get_close_matches

    from ccm.life import ITEM_TITLES
    from ccm.screen.archive import SHORT

    by_title = {title: item for titles in (SHORT, ITEM_TITLES) for item, title in titles.items()}
    found = by_title.get(asked, asked)
    begun = [item for title, item in by_title.items() if title.startswith(asked)]
    if found not in ITEM_TITLES and len(begun) == 1:
        return begun[0]
    if found not in ITEM_TITLES:
        near = begun or [by_title.get(one, one) for one in get_close_matches(asked, [*by_title, *ITEM_TITLES], 4, 0.3)]
        names = "、".join(f"{item} {ITEM_TITLES[item]}" for item in dict.fromkeys(near) or ITEM_TITLES)
        raise CcmError("item-unknown", item=asked, items=f"是不是 {names}？" if near else f"可用：{names}")
    return found


def _borrowers(lives: Lives) -> dict[str, str]:
    deeds = {deed.loan_no: str(deed.done.facts.get("borrower") or deed.parties[0][1]) for deed in lives.deeds.values()}
    return (
        deeds
        | {life.loan_no: life.borrower for life in lives.letters.values()}
        | {visit.loan_no: str(visit.visited.facts.get("borrower") or visit.party) for visit in lives.visits.values()}
    )


def _show_plan(planned: list[Paper], *, as_json: bool) -> None:
    if as_json:
        from ccm.wire.archive import filed_json

        print_json(filed_json(planned, []))
        return
    from ccm.screen.archive import show_filing_plan

    show_filing_plan(console(stderr=True), planned)


def _fit(planned: list[Paper], inbox: Path | None, *, yes: bool) -> list[Paper]:
    """What is to be filed now: papers named one by one all or none; of a scan folder those that fit, once agreed."""
    import sys

    fresh = [paper for paper in planned if not paper.trouble and not paper.known]
    if inbox is None:
        return [] if any(paper.trouble for paper in planned) else fresh
    if not fresh or yes:
        return fresh
    if not sys.stdin.isatty():
        raise CcmError("archive-unconfirmed", count=len(fresh))
    return fresh if typer.confirm(f"存入以上{len(fresh)}份？", err=True) else []


@archive.command("show", cls=ChineseCommand)
def show(
    subject: Annotated[str, typer.Argument(help="函号、上门编号或借据号", metavar="编号")],
    as_json: AsJson = False,
) -> None:
    """一封函（或一笔贷款的全部函件、上门）走到哪一步、存了哪些材料。

    例：ccm archive show 清农城催〔2026〕3号
    """
    from ccm.cli import logbook

    with closing(logbook.journal_of(workspace())) as journal:
        lives = logbook.lives_in(journal)
    letters = [life for life in lives.letters.values() if subject in life.loans]
    visits = [visit for visit in lives.visits.values() if subject in {visit.loan_no, visit.visit_no}]
    file = lives.files.get(subject)
    if not letters and not visits and not file:
        number, lives = _subject(workspace(), lives, subject)
        file = lives.files.get(number)
        letters = [life for life in lives.letters.values() if number in {life.letter_no, life.list_no}]
    if as_json:
        from ccm.wire.archive import lives_json

        print_json(lives_json(letters, visits, lives, file))
        return
    from ccm.screen.archive import show_lives

    show_lives(console(), letters, visits, lives, file)


@app.command("archive-check", cls=ChineseCommand)
def archive_check(
    loan: Annotated[str | None, typer.Option(help="只查这笔", metavar="借据号")] = None,
    stage: Annotated[int | None, typer.Option(help="只查现在处于这个阶段的贷款", metavar="天数")] = None,
    as_of: AsOfKnown = None,
    quick: Annotated[bool, typer.Option("--quick", help="只比大小和时间，不逐字核对")] = False,
    as_json: AsJson = False,
) -> None:
    """核对档案：每封函、每次上门缺什么、什么读不出、什么被改过、什么没有归属。

    例：ccm archive-check --loan 62010012345
    """
    from ccm.cli import logbook

    place, day = workspace(), day_of(as_of) if as_of else None
    with closing(logbook.journal_of(place)) as journal:
        known = logbook.lives_in(journal)
        lives = logbook.lives_in(journal, day) if day else known
    report = report_of(place, lives, _loans_asked(place, lives, loan, stage, day), quick=quick)
    if day:
        report = _without_later(report, known)
    if as_json:
        from ccm.wire.archive import archive_json

        print_json(archive_json(report))
    else:
        from ccm.screen.archive import show_check

        show_check(console(), report)
    raise typer.Exit(0 if report.complete else 4)


def _without_later(report: Report, known: Lives) -> Report:
    """Leave out of the strays what was filed after the day asked for: it belongs to something."""
    from dataclasses import replace

    from ccm.archive.check import papers_of

    filed = {paper.path for paper in papers_of(known, None)}
    return replace(report, strays=tuple(path for path in report.strays if path not in filed))


def _loans_asked(
    place: Workspace, lives: Lives, loan: str | None, stage: int | None, day: date | None
) -> frozenset[str] | None:
    """The loans to check, None for all.

    Raises:
        CcmError: `loan-unknown`, `loan-ambiguous`: of a loan that nobody knows, nothing is complete.
    """
    from ccm.cli import journey
    from ccm.cli.loan import loan_no_in

    if loan:
        known = loan in lives.files or any(loan in life.loans for life in lives.letters.values())
        return frozenset({loan if known else loan_no_in(journey.remembered(place), loan)})
    if stage is None:
        return None
    stage = journey.stage_in(journey.policy_of(place), stage)
    _, work = journey.remembered_work(place, day, journey.NOTHING)
    return frozenset(one.case.loan_no for one in work.ranked if one.case.stage == stage)


def report_of(place: Workspace, lives: Lives, loans: frozenset[str] | None, *, quick: bool) -> Report:
    """Check the archive of some loans, or of all where `loans` is None."""
    from ccm.archive.check import check, papers_of
    from ccm.post.lookup import weigh

    papers = papers_of(lives, loans)
    weighed = {no: weigh(life) for no, life in lives.letters.items() if life.result}
    weights = {no: (one.grade, one.worth if one.weak else "") for no, one in weighed.items()}
    with measured("正在核对档案", sum(paper.size for paper in papers)) as told:
        return check(lives, loans, place.root, weights, told, quick=quick)
