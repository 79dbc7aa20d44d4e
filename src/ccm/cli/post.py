"""`ccm post …`: posting lists, waybill numbers, results, look-ups, and the last look before the postman comes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, progress, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ccm.journal import Journal
    from ccm.life import Life, Lives
    from ccm.model import Note
    from ccm.post.intake import Taken
    from ccm.post.last_look import Newest
    from ccm.post.listing import Listing
    from ccm.post.sheet import Row
    from ccm.workspace import Workspace

post = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="寄送：清单、邮件号、投递结果、寄前核对\n\n例：ccm post list",
)
app.add_typer(post, name="post")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


@post.command("list", cls=ChineseCommand)
def list_letters(
    on: Annotated[str | None, typer.Option("--date", help="寄送日期，默认 --as-of 那天", metavar="YYYY-MM-DD")] = None,
    again: Annotated[str | None, typer.Option(help="照原样重做这一份清单", metavar="清单号")] = None,
    letter: Annotated[list[str] | None, typer.Option(help="只列这封，可写多次", metavar="函号")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """列出签发了还没寄的函：寄送清单（打印盖章）和批量面单。

    例：ccm post list --date 2026-11-24
    """
    from ccm.cli import logbook
    from ccm.post.parcel import ready

    place, day = workspace(), day_of(on or as_of)
    with closing(logbook.journal_of(place)) as journal, journal.writing():
        lives = logbook.lives_in(journal)
        if again:
            made, left_out = [_remade(place, _listed(lives, again), again)], {}
        else:
            asked = [_known(lives, one) for one in letter] if letter else list(lives.letters.values())
            left_out = {life.letter_no: why for life in asked if (why := ready(life) or _on_list(life))}
            chosen = [life for life in asked if life.letter_no not in left_out]
            made = [_made(place, group, list_no, day) for list_no, group in _by_branch(chosen, lives, day)]
            journal.append((note for one in made for note in one.notes), now())
    if as_json:
        from ccm.wire.post import posting_json

        print_json(posting_json(made, left_out))
        return
    from ccm.screen.post import show_listing

    show_listing(console(), made, left_out)


def _known(lives: Lives, letter_no: str) -> Life:
    life = lives.letter_typed(letter_no)
    if life is None:
        raise CcmError("letter-unknown", where=letter_no, letter_no=letter_no)
    return life


def _listed(lives: Lives, list_no: str) -> list[Life]:
    found = [life for life in lives.letters.values() if life.listed and life.listed.facts["list_no"] == list_no]
    if not found:
        raise CcmError("list-unknown", where=list_no, list_no=list_no)
    return found


def _on_list(life: Life) -> str:
    return f"已在清单{life.listed.facts['list_no']}上" if life.listed else ""


def _by_branch(chosen: list[Life], lives: Lives, day: date) -> Iterator[tuple[str, list[Life]]]:
    """Give each sending branch a list of its own; lists are numbered within their day: JS20261124-1."""
    from ccm.numbering import after

    taken = (str(life.listed.facts["list_no"]) for life in lives.letters.values() if life.listed)
    branches = dict.fromkeys(str(life.issued.facts["branch"]) for life in chosen)
    for list_no, branch in zip(after("JS", day, taken), branches, strict=False):
        yield list_no, [life for life in chosen if life.issued.facts["branch"] == branch]


def _pages(place: Workspace, life: Life) -> int | None:
    """The letter's pages, where its PDF was made: a Word file does not know them."""
    from ccm.archive.media import inspect

    made = (place.root / str(life.issued.facts["path"])).with_suffix(".pdf")
    return inspect(made).pages if made.exists() else None


def _remade(place: Workspace, lives: list[Life], list_no: str) -> Listing:
    """Write the files of a list anew, as they were."""
    return replace(_made(place, lives, list_no, lives[0].listed.on if lives[0].listed else day_of(None)), notes=())


def _made(place: Workspace, lives: list[Life], list_no: str, day: date) -> Listing:
    from ccm.address import Home, split
    from ccm.errors import finding
    from ccm.post.listing import Listing, Unit, missing, write_bulk, write_list
    from ccm.post.parcel import parcel

    branch = str(lives[0].issued.facts["branch"])
    office = place.office(branch)
    unit = Unit((place.bank or "××银行") + branch, office.address, office.phone)
    settings = place.post
    home = Home(settings.province, settings.city, settings.county)
    parcels = [parcel(life, _pages(place, life)) for life in lives]
    addresses = [split(one.address, home) for one in parcels]
    folder = place.root / "post"
    paths = (folder / f"寄送清单-{list_no}.xlsx", folder / f"批量面单-{list_no}.xlsx")
    write_list(paths[0], list_no, parcels, unit, day)
    write_bulk(paths[1], parcels, addresses, unit, settings.contents)
    findings = [
        finding(
            "waybill-incomplete", file=paths[1].name, value=one.letter_no, party=one.recipient, parts="、".join(parts)
        )
        for one, where in zip(parcels, addresses, strict=True)
        if (parts := missing(one, where))
    ]
    file = paths[0].relative_to(place.root).as_posix()
    return Listing(list_no, tuple(parcels), paths, tuple(findings), tuple(_notes(lives, list_no, day, file)))


def _notes(lives: list[Life], list_no: str, day: date, file: str) -> Iterator[Note]:
    from ccm.model import Note

    for life in lives:
        facts = {"list_no": list_no, "letters": len(lives), "file": file}
        yield Note("letter-listed", day, life.loan_no, life.party, life.role, "", life.letter_no, facts=facts)


@post.command("import", cls=ChineseCommand)
def take_in(
    what: Annotated[
        list[str],
        typer.Argument(help="邮局返回的表（.xlsx、.csv）；或成对写 函号 邮件号", metavar="文件｜函号 邮件号…"),
    ],
    on: Annotated[
        str | None, typer.Option("--on", help="寄出日期，表里没写时用；默认今天", metavar="YYYY-MM-DD")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记邮件号：从邮局返回的表，或一封一封写。同一张表再导入，不会重复。

    例：ccm post import 收寄清单.xlsx
    例：ccm post import 清农城催〔2026〕3号 1234567890123 --on 2026-11-24
    """
    from ccm.post.intake import take_waybills

    today = day_of(as_of)
    day = day_of(on) if on else today
    rows = _rows_of(what)
    _take(lambda lives: take_waybills(rows, lives, day, today), "登记邮件号", as_json=as_json)


@post.command("status", cls=ChineseCommand)
def status(
    what: Annotated[
        list[str],
        typer.Argument(
            help="查询结果的表；或 函号 delivered|returned|refused|in_transit（妥投、退回、拒收、在途）",
            metavar="文件｜函号 结果",
        ),
    ],
    on: Annotated[
        str | None,
        typer.Option("--on", help="哪一天妥投、退回、拒收，必须写明；表里没写日期时也用它", metavar="YYYY-MM-DD"),
    ] = None,
    reason: Annotated[str, typer.Option(help="退回或拒收的原因", metavar="原因")] = "",
    signer: Annotated[str, typer.Option(help="谁签收的：本人、家人、单位收发", metavar="签收人")] = "",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记投递结果：妥投、退回、拒收、在途。“退回妥投”是退回，不是妥投。

    例：ccm post status 清农城催〔2026〕3号 returned --on 2026-11-28 --reason 查无此人
    """
    from ccm.post.intake import take_results

    today = day_of(as_of)
    if len(what) == 1:
        day = day_of(on) if on else None
        rows = [replace(row, on=row.on or day) for row in _rows_of(what)]
    else:
        rows = [_typed(what, on, reason, signer, today)]
    _take(lambda lives: take_results(rows, lives, today), "登记结果", as_json=as_json)


def _typed(what: list[str], on: str | None, reason: str, signer: str, today: date) -> Row:
    """A result as it was typed. The day of a final one restarts a limitation, so it is never taken to be today."""
    from ccm.life import FINAL, RESULT_TITLES
    from ccm.post.sheet import Row
    from ccm.post.status import read_status

    if len(what) != 2:
        raise CcmError("post-arguments", words=" ".join(what))
    word = RESULT_TITLES.get(what[1], what[1])
    if not on and read_status(f"{word} {signer} {reason}").status in FINAL:
        raise typer.BadParameter(f"“{word}”要写明是哪一天，时效从那天起算：加 --on 日期")
    return Row("命令行", "", None, what[0], "", word, signer, reason, day_of(on) if on else today)


def _rows_of(what: list[str]) -> list[Row]:
    """Rows of a sheet, or pairs of letter and waybill number as they were typed."""
    from ccm.post.sheet import Row, rows

    if len(what) > 1:
        if len(what) % 2:
            raise CcmError("post-arguments", words=" ".join(what))
        pairs = zip(what[::2], what[1::2], strict=True)
        return [Row("命令行", "", None, number, waybill, "", "", "") for number, waybill in pairs]
    from ccm.cli import reading
    from ccm.ledger.read import open_ledger
    from ccm.ledger.table import all_rows

    path = Path(what[0])
    found = [
        row
        for sheet in open_ledger(path, password=reading.password_from(None), bounds=workspace().bounds)
        for row in rows(path.name, sheet.name, all_rows(sheet)) or ()
    ]
    if not found:
        raise CcmError("not-a-post-sheet", where=str(path))
    return found


def _take(take: Callable[[Lives], Taken], what: str, *, as_json: bool) -> None:
    """Take in under the journal's lock, so that two who import at once do not both write the same."""
    from ccm.cli import logbook

    with closing(logbook.journal_of(workspace())) as journal, journal.writing():
        taken = take(logbook.lives_in(journal))
        journal.append(taken.notes, now())
    refused = any(one.severity == "error" for one in taken.findings)
    if as_json:
        from ccm.wire.post import taken_json

        print_json(taken_json(taken.notes, taken.known, taken.findings))
    else:
        from ccm.screen.post import show_taken

        show_taken(console(), what, taken.notes, taken.known, taken.findings)
    raise typer.Exit(4 if refused else 0)


@post.command("due", cls=ChineseCommand)
def due(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """今天该到邮政网站查询的函（寄出满3、7、15天还没有结果），和退回的函下一步怎么办。

    例：ccm post due
    """
    from ccm.cli import journey, logbook
    from ccm.post.lookup import look_ups, returned, weigh

    place, day = workspace(), day_of(as_of)
    with closing(logbook.journal_of(place)) as journal:
        letters = list(logbook.lives_in(journal).letters.values())
    found = look_ups(letters, journey.policy_of(place).post.lookup_days, day)
    back = [(life, weigh(life)) for life in returned(letters)]
    if as_json:
        from ccm.wire.post import look_ups_json

        print_json(look_ups_json(found, back))
        return
    from ccm.screen.post import show_due

    show_due(console(), found, back, day)


@post.command("check", cls=ChineseCommand)
def check(
    ledgers: Annotated[list[Path], typer.Argument(help="今天早上的台账", metavar="台账…")],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """寄出之前，拿最新台账核对已签发未寄的函：还了款、金额变了、地址变了的，列出来不要寄。

    例：ccm post check 台账.xlsx
    """
    from ccm.cli import journey, logbook
    from ccm.post.last_look import last_look
    from ccm.post.parcel import ready

    place, day = workspace(), day_of(as_of)
    with closing(logbook.journal_of(place)) as journal:
        waiting = [life for life in logbook.lives_in(journal).letters.values() if not ready(life)]
        newest = _newest(place, ledgers, day, journal)
    stages = {rule.id: rule.stage for rule in journey.policy_of(place).duties}
    stopped = last_look(waiting, stages, newest)
    if as_json:
        from ccm.wire.post import last_look_json

        print_json(last_look_json(len(waiting), stopped))
    else:
        from ccm.screen.post import show_last_look

        show_last_look(console(), len(waiting), stopped)
    raise typer.Exit(4 if stopped else 0)


def _newest(place: Workspace, ledgers: list[Path], day: date, journal: Journal) -> Newest:
    """Read the morning's ledger without remembering it."""
    from ccm.cli import journey, reading
    from ccm.cli.held import kept_in, stopped_in
    from ccm.payments import logged, unposted
    from ccm.post.last_look import Newest

    with progress("正在读台账……"):
        checked = reading.read_book(ledgers, place, day, reading.password_from(None), None)
        policy, recorded = journey.policy_of(place), journey.recorded_by(journal, place)
        work = journey.work_of(checked.ledger.loans, checked.ledger.parties, policy, day, recorded)
    paid = logged(recorded.words)
    days = work.book.filter(work.book["loan_no"].is_in(list(paid))).select("loan_no", "data_on").iter_rows()
    parts = ("overdue_interest_cents", "penalty_interest_cents", "compound_interest_cents")
    interest = {
        row["loan_no"]: sum(row[part] or 0 for part in parts)
        for row in work.book.filter(work.book["stage"].is_not_null()).select("loan_no", *parts).iter_rows(named=True)
    }
    return Newest(
        {one.case.loan_no: one.case for one in work.ranked},
        frozenset(work.book["loan_no"].to_list()),
        interest,
        kept_in(work),
        {key: one.reason for key, one in stopped_in(work).items()},
        {number: since for number, on in days if (since := unposted(paid[number], on or day))},
    )
