"""`ccm clock`: which right against whom is lost on which day, and what saves it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.life import Life
    from ccm.model import Party
    from ccm.rights.clock import Clock
    from ccm.workspace import Workspace


@app.command("clock", cls=ChineseCommand)
def clock(
    loan: Annotated[str | None, typer.Option(help="只看这笔，逐环列出依据", metavar="借据号")] = None,
    within: Annotated[int | None, typer.Option(help="只看这些天之内要丢的权利", metavar="天数", min=0)] = None,
    as_of: AsOf = None,
    ics: Annotated[Path | None, typer.Option(help="把届满日写成日历文件 .ics", metavar="文件")] = None,
    limit: Annotated[int, typer.Option(help="屏幕上显示几项", metavar="项数", min=0)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """哪项权利、对谁、哪天丢、怎样保住：诉讼时效、保证期间、抵押权、申请执行。

    例：ccm clock --within 90
    """
    from ccm.cli.rights import rules_of
    from ccm.rights.clock import in_order

    place, day = workspace(), day_of(as_of)
    book = _one(place, loan, day) if loan else _all(place, day)
    rules = rules_of(place)
    shown = [one for one in in_order(book.clocks) if within is None or _ends_within(one, within)]
    if ics:
        from ccm.agenda import agenda
        from ccm.safe import written

        with written(ics) as temporary:
            temporary.write_bytes(agenda(shown, rules, book.people, now()))
    if as_json:
        from ccm.wire.clock import clocks_json

        print_json(clocks_json(shown, rules, day))
    else:
        from ccm.screen import clock as screen

        if loan:
            screen.show_chains(console(), shown, rules, day, book.drafted, _unsure(place, shown))
        else:
            screen.show_clocks(
                console(), shown, rules, day, {no: who[0].name for no, who in book.people.items()}, limit
            )
    if ics:
        console(stderr=as_json).print(f"日历已写好：{ics}（只有借据号和姓氏，可导入手机或电脑日历）")


def _unsure(place: Workspace, clocks: Iterable[Clock]) -> set[int]:
    """Return the years of which the exchanged working days are not announced yet."""
    from ccm.working_days import load

    calendar = load(place.root)
    years = {one.legal_ends_on.year for one in clocks if one.legal_ends_on}
    return {year for year in years if calendar.known(year) == "provisional"}


@dataclass(frozen=True, slots=True)
class Book:
    """The clocks asked for, who owes under each loan (the borrower first), and the letters not yet posted."""

    clocks: list[Clock]
    people: Mapping[str, tuple[Party, ...]]
    drafted: tuple[Life, ...] = ()


def _all(place: Workspace, day: date) -> Book:
    """All clocks of what is overdue or due."""
    import polars as pl

    from ccm.cli import journey, logbook
    from ccm.cli.rights import clocks_of, told_in

    with closing(logbook.journal_of(place)) as journal:
        triage, work = journey.remembered_work(place, day, journey.NOTHING)
        told = told_in(journal, day)
    owing = work.book.filter(pl.col("stage").is_not_null())
    clocks = clocks_of(place, owing, triage.parties, day, told)
    return Book(
        [one for every in clocks.values() for one in every],
        {one.case.loan_no: one.case.parties for one in work.ranked},
    )


def _one(place: Workspace, asked: str, day: date) -> Book:
    """All clocks of one loan, overdue or not."""
    from ccm.cli import logbook
    from ccm.cli.loan import loan_in
    from ccm.cli.rights import clocks_of, told_in

    with closing(logbook.journal_of(place)) as journal:
        found = loan_in(place, asked, day)
        told = told_in(journal, day)
    number = found.loan_no
    clocks = clocks_of(place, found.work.book, found.triage.parties, day, told)
    return Book(list(clocks[number]), {number: found.parties}, tuple(told.drafted.get(number, ())))


def _ends_within(one: Clock, days: int) -> bool:
    """Tell whether a right can still be saved and must be, within some days."""
    return one.state not in {"lost", "off"} and one.days_left is not None and one.days_left <= days
