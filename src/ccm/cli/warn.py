"""`ccm warn …`: early-warning signals, raised, checked, disposed of, tracked and closed (W1–W5)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from ccm.model import Entry, Note, Signal
    from ccm.policy import Policy
    from ccm.warn.notes import About
    from ccm.warn.sheet import Row
    from ccm.workspace import Workspace

warn = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="预警信号：登记、核实、处置、跟踪、关闭\n\n例：ccm warn list",
)
app.add_typer(warn, name="warn")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Signals = Annotated[
    str, typer.Argument(help="信号编号或其末几位；几个用逗号连起来", metavar="编号", show_default=False)
]
Words = Annotated[list[str] | None, typer.Argument(help="情况，不用加引号", metavar="文字", show_default=False)]
Text = Annotated[list[str], typer.Argument(help="情况，不用加引号", metavar="文字", show_default=False)]


@warn.command("add", cls=ChineseCommand)
def add(
    loan: Annotated[str, typer.Argument(help="借据号或其末几位；借款人姓名也行", metavar="借据号", show_default=False)],
    words: Text,
    source: Annotated[str, typer.Option(help="从哪里知道的：资金流向、财务报表、第三方平台、现场检查", metavar="来源")],
    level: Annotated[str | None, typer.Option(help="红、橙、黄；默认最轻的一级", metavar="级别")] = None,
    deadline: Annotated[str | None, typer.Option(help="哪天以前处置：周五、12-05；默认按级别", metavar="日子")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记自己发现的预警信号，借款人、保证人、抵质押物的都行。

    例：ccm warn add 0062 保证人的厂停工半月 --source 现场检查 --level 橙
    """
    from ccm.cli import journey
    from ccm.cli.loan import loan_no_in
    from ccm.cli.warned import abouts
    from ccm.numbering import after
    from ccm.spoken_days import read_day
    from ccm.warn.notes import NUMBER, Raising, raised
    from ccm.warn.words import source as source_of

    place, on = workspace(), day_of(as_of)
    policy, triage = journey.policy_of(place), journey.remembered(place)
    number = loan_no_in(triage, loan)
    one = Raising(
        source_of(source),
        _level(level, policy),
        " ".join(words),
        read_day(deadline, on, "ahead") if deadline else None,
    )

    def notes(entries: Sequence[Entry]) -> list[Note]:
        free = next(after(NUMBER, on, (str(entry.note.facts["signal_no"]) for entry in entries)))
        return [raised(free, abouts(place, triage, [number])[number], one, on, policy)]

    _record(place, policy, on, notes, as_json=as_json)


def _level(said: str | None, policy: Policy) -> str:
    from ccm.warn.words import level as level_said

    if said is None:
        return policy.levels[-1].label
    if (found := level_said(said, policy)) is None:
        raise CcmError("word-unknown", where="--level", word=said, known="、".join(one.label for one in policy.levels))
    return found


@warn.command("import", cls=ChineseCommand)
def take(
    file: Annotated[Path, typer.Argument(help="总行下发的表（.xlsx、.csv）", metavar="文件", show_default=False)],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """导入总行下发的预警信号。同一张表再导入，不会重复；同一编号改了期限、级别的，按新的更正。

    例：ccm warn import 预警信号.xlsx
    """
    from ccm.cli import journey, logbook
    from ccm.cli.warned import abouts
    from ccm.signals import FAMILY, signals
    from ccm.warn.intake import take_in

    place, today = workspace(), day_of(as_of)
    policy, triage = journey.policy_of(place), journey.remembered(place)
    rows = _rows_of(file, today)
    with closing(logbook.journal_of(place)) as journal, journal.writing():
        entries = list(journal.entries(FAMILY))
        known = signals(entries, policy, today)
        numbers = [str(one.note.facts["signal_no"]) for one in entries]
        taken = take_in(rows, abouts(place, triage), known, policy, today, numbers)
        if taken.notes:
            journal.append(taken.notes, now())
    if as_json:
        from ccm.wire.warn import taken_json

        print_json(taken_json(taken))
    else:
        from ccm.screen.warn import show_taken

        show_taken(console(), taken)
    raise typer.Exit(4 if any(one.severity == "error" for one in taken.findings) else 0)


def _rows_of(file: Path, today: date) -> list[Row]:
    from ccm.cli import reading
    from ccm.ledger.read import open_ledger
    from ccm.ledger.table import all_rows
    from ccm.warn.sheet import rows

    found = [
        read
        for sheet in open_ledger(file, password=reading.password_from(None), bounds=workspace().bounds)
        if (read := rows(file.name, sheet.name, all_rows(sheet), today)) is not None
    ]
    if not found:
        raise CcmError("not-a-warn-sheet", where=str(file))
    return [row for read in found for row in read]


@warn.command("check", cls=ChineseCommand)
def check(
    signals: Signals,
    words: Words = None,
    unfounded: Annotated[bool, typer.Option("--unfounded", help="核实不属实：不必处置，可以关闭")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记核实的情况。

    例：ccm warn check 1123-2 停工属实，工资也欠了两个月
    """
    from ccm.warn.notes import checked

    _act(signals, words, as_of, lambda *known: checked(*known, unfounded=unfounded), as_json=as_json)


@warn.command("dispose", cls=ChineseCommand)
def dispose(
    signals: Signals,
    measure: Annotated[list[str], typer.Option(help="采取的措施：手册九种的编号或名称，可写多次", metavar="措施")],
    words: Words = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """登记处置：采取了九种措施中的哪几种。措施见 ccm warn measures。

    例：ccm warn dispose 1123-2 --measure 1 --measure 查找财产 已查到一处商铺
    """
    from ccm.warn.notes import disposed
    from ccm.warn.words import measure as measure_of

    by = [measure_of(said) for said in measure]
    _act(signals, words, as_of, lambda *known: disposed(*known, by=by), as_json=as_json)


@warn.command("track", cls=ChineseCommand)
def track(signals: Signals, words: Text, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """登记跟踪：风控意见落实了没有，信号和风险有什么变化。

    例：ccm warn track 1123-2 商铺已追加抵押，厂子复工三成
    """
    from ccm.warn.notes import tracked

    _act(signals, words, as_of, tracked, as_json=as_json)


@warn.command("close", cls=ChineseCommand)
def close(signals: Signals, words: Text, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """关闭归档：处置过的，或核实不属实的。

    例：ccm warn close 1123-2 欠息已还清，生产恢复
    """
    from ccm.warn.notes import closed

    _act(signals, words, as_of, closed, as_json=as_json)


@warn.command("undo", cls=ChineseCommand)
def undo(signals: Signals, words: Words = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """撤回这个信号最后一次登记；原来那条仍在记录里。

    例：ccm warn undo 1123-2 登记错了一笔
    """
    from ccm.signals import lives
    from ccm.warn.notes import undone

    place, on = workspace(), day_of(as_of)

    def notes(entries: Sequence[Entry], one: Signal, about: About, text: str, policy: Policy) -> Note:
        return undone(one, about, lives(entries, on)[one.signal_no][-1], on, text, policy)

    _act_on(place, signals, words, on, notes, as_json=as_json)


@warn.command("list", cls=ChineseCommand)
def list_signals(
    only_open: Annotated[bool, typer.Option("--open", help="只看没有关闭的")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看核实、处置、跟踪过期的")] = False,
    loan: Annotated[str | None, typer.Option(help="只看这笔贷款", metavar="借据号")] = None,
    limit: Annotated[int, typer.Option(help="屏幕上显示几个", metavar="个数", min=0)] = 30,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """列出预警信号：过期的在前，再按下一步的日子。

    例：ccm warn list --overdue
    """
    from ccm.cli import journey
    from ccm.cli.loan import loan_no_in
    from ccm.signals import urgency

    place, on = workspace(), day_of(as_of)
    number = loan_no_in(journey.remembered(place), loan) if loan else None
    found = [
        one
        for one in _known(place, on)
        if (number is None or number in one.loans)
        and not (only_open and one.state == "closed")
        and not (overdue and not one.overdue)
    ]
    found.sort(key=urgency)
    if as_json:
        from ccm.wire.triage import signals_json

        print_json({"as_of": str(on), "signals": signals_json(found)})
        return
    from ccm.screen.warn import show_signals

    show_signals(console(), found[:limit], len(found), _names(place), on)


@warn.command("show", cls=ChineseCommand)
def show(signal: Signals, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """一个信号的全部经过。

    例：ccm warn show 1123-2
    """
    from ccm.cli import logbook
    from ccm.signals import FAMILY

    place, on = workspace(), day_of(as_of)
    chosen = [_named(said, _known(place, on)) for said in _split(signal)]
    with closing(logbook.journal_of(place)) as journal:
        entries = [one for one in journal.entries(FAMILY) if one.note.on <= on]
    acts = {
        one.signal_no: [entry for entry in entries if entry.note.facts["signal_no"] == one.signal_no] for one in chosen
    }
    if as_json:
        from ccm.wire.warn import life_json

        print_json({"signals": [life_json(one, acts[one.signal_no]) for one in chosen]})
        return
    from ccm.screen.warn import show_life

    for one in chosen:
        show_life(console(), one, acts[one.signal_no], _names(place))


@warn.command("measures", cls=ChineseCommand)
def measures(as_json: AsJson = False) -> None:
    """九种处置措施和它们的编号。

    例：ccm warn measures
    """
    from ccm.warn.words import measures as nine

    if as_json:
        from ccm.wire.rules import measures_json

        print_json(measures_json(nine()))
        return
    for one in nine():
        console().print(f"{one.no}  {one.title}：{one.text}")


def _names(place: Workspace) -> dict[str, str]:
    """The borrowers' names by loan number; none where no ledger was read yet."""
    from ccm import memory

    triage = memory.latest(place.state)
    return dict(triage.loans.select("loan_no", "borrower").iter_rows()) if triage else {}


def _known(place: Workspace, on: date) -> list[Signal]:
    from ccm.cli import journey, logbook
    from ccm.journal import exists
    from ccm.signals import FAMILY, signals

    if not exists(place.state, place.journal):
        return []
    with closing(logbook.journal_of(place)) as journal:
        return signals(journal.entries(FAMILY), journey.policy_of(place), on)


def _split(said: str) -> list[str]:
    return [part.strip() for part in said.replace("，", ",").replace("、", ",").split(",") if part.strip()]


def _named(said: str, every: Sequence[Signal]) -> Signal:
    """Find a signal by its number, or by an end of it that no other has.

    Raises:
        CcmError: `signal-unknown`, with the nearest.
    """
    from difflib import get_close_matches

    fitting = [one for one in every if one.signal_no == said] or [one for one in every if one.signal_no.endswith(said)]
    if len(fitting) != 1:
        numbers = [one.signal_no for one in fitting or every]
        near = numbers[:3] if fitting else get_close_matches(said, numbers, 3, 0.4)
        raise CcmError(
            "signal-unknown", where=said, signal_no=said, near=f"；是不是 {'、'.join(near)}？" if near else ""
        )
    return fitting[0]


def _act(
    said: str, words: Sequence[str] | None, as_of: str | None, note: Callable[..., Note], *, as_json: bool
) -> None:
    on = day_of(as_of)

    def notes(_: Sequence[Entry], one: Signal, about: About, text: str, policy: Policy) -> Note:
        return note(one, about, on, text, policy)

    _act_on(workspace(), said, words, on, notes, as_json=as_json)


def _act_on(
    place: Workspace, said: str, words: Sequence[str] | None, on: date, note: Callable[..., Note], *, as_json: bool
) -> None:
    """Write the same of each signal named; where one of them does not allow it, of none."""
    from ccm.cli import journey
    from ccm.cli.warned import abouts
    from ccm.signals import signals
    from ccm.warn.notes import About

    policy, triage = journey.policy_of(place), journey.remembered(place)
    text = " ".join(words or ())

    def notes(entries: Sequence[Entry]) -> list[Note]:
        every = signals(entries, policy, on)
        chosen = list({one.signal_no: one for one in (_named(part, every) for part in _split(said))}.values())
        known = abouts(place, triage, [one.loan_no for one in chosen])
        # A loan that has left the ledger has no figures any more; who answered for it stays.
        return [
            note(entries, one, known.get(one.loan_no) or About(one.loan_no, "", None, one.lead), text, policy)
            for one in chosen
        ]

    _record(place, policy, on, notes, as_json=as_json)


def _record(
    place: Workspace, policy: Policy, on: date, notes: Callable[[Sequence[Entry]], list[Note]], *, as_json: bool
) -> None:
    """Write under the journal's lock, then tell how each signal stands."""
    from ccm.cli import logbook
    from ccm.signals import FAMILY, signals

    with closing(logbook.journal_of(place)) as journal, journal.writing():
        made = notes(list(journal.entries(FAMILY)))
        journal.append(made, now())
        after = {one.signal_no: one for one in signals(journal.entries(FAMILY), policy, on)}
    numbers = [str(note.facts["signal_no"]) for note in made]
    stand = [after[number] for number in numbers if number in after]
    if as_json:
        from ccm.wire.triage import signals_json

        print_json({"signals": signals_json(stand)})
        return
    from ccm.screen.warn import show_recorded

    show_recorded(console(), made, stand)
