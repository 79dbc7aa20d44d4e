"""`ccm pack`: the evidence of one loan as a bundle for the court (C11)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.archive import AsJson, file_of, report_of
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of
from ccm.cli.locked import LockEnv, lock_password
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ccm.archive.check import Report
    from ccm.archive.pack import Bundle
    from ccm.journal import Journal
    from ccm.life import Lives
    from ccm.model import Suit
    from ccm.workspace import Workspace


@app.command("pack", cls=ChineseCommand)
def pack(
    loan: Annotated[str, typer.Argument(help="借据号", metavar="借据号")],
    incomplete: Annotated[bool, typer.Option("--incomplete", help="材料不全也打包，目录里写明缺什么")] = False,
    out: Annotated[Path | None, typer.Option(help="放到哪个文件夹，默认 packs/", metavar="文件夹")] = None,
    lock_env: LockEnv = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """把一笔贷款的证据打成一包，移交起诉：目录、催收过程、欠款情况、全部证据和校验值。

    例：ccm pack 62010012345
    """
    from ccm.archive.pack import lacking, write_bundle
    from ccm.cli import logbook
    from ccm.safe import file_name

    place, day, password = workspace(), day_of(as_of), lock_password(lock_env)
    with closing(logbook.journal_of(place)) as journal:
        lives = logbook.lives_in(journal)
        if file := file_of(place, lives, loan):
            loan = file.loan_no
        report = report_of(place, lives, frozenset({loan}), quick=False)
        statement, altered = _statement(place, journal, loan)
        told = altered
        if not report.standings and not statement and loan not in lives.files:
            told = (*told, "没有任何函件、上门记录和归档的材料")
        missing = (*lacking(report.standings), *told)
        bundle = _bundle(place, journal, lives, loan, day, missing, statement)
    if missing and not incomplete:
        if as_json:
            from ccm.wire.archive import unpacked_json

            print_json(unpacked_json(loan, report, missing))
        _tell_missing(report, told)
        raise typer.Exit(4)
    folder = (out or place.root / "packs") / file_name(loan, bundle.borrower, str(day))
    zipped = write_bundle(bundle, folder, place.root, password)
    if as_json:
        from ccm.wire.archive import pack_json

        print_json(pack_json(bundle, None if password else folder, zipped))
    else:
        console().print(
            (f"已打包（有密码）：{zipped}" if password else f"已打包：{folder}\n　　　　{zipped}")
            + f"\n证据{len(bundle.exhibits)}件"
            + (f"，缺{len(missing)}项" if missing else "")
        )
    raise typer.Exit(4 if missing else 0)


def _tell_missing(report: Report, told: tuple[str, ...]) -> None:
    from ccm.screen.archive import show_check

    out = console(stderr=True)
    show_check(out, report)
    for one in told:
        out.print(one)
    out.print("材料不全，没有打包。补齐后再打，或加 --incomplete（目录里会写明缺什么）。")


def _statement(place: Workspace, journal: Journal, loan: str) -> tuple[tuple[tuple[Path, str], ...], tuple[str, ...]]:
    """Return the files of the latest arrears statement with their digests, and what is wrong with them."""
    from ccm.archive.pack import unchanged

    notes = [one.note for one in journal.entries("statement", loan_no=loan)]
    listed: Any = notes[-1].facts["files"] if notes else ()
    files = tuple((place.root / one["path"], one["sha256"]) for one in listed)
    altered = tuple(
        f"欠款计算表：{path.name} 不在了，或做好以后被改动" for path, sha256 in files if not unchanged(path, sha256)
    )
    return (() if altered else files), altered


def _bundle(
    place: Workspace, journal: Journal, lives: Lives, loan: str, day: date, missing: tuple[str, ...],
    statement: tuple[tuple[Path, str], ...],
) -> Bundle:  # fmt: skip
    from ccm.archive.pack import Bundle, exhibits
    from ccm.cli import journey
    from ccm.dossier import event_words, person_words
    from ccm.letters.plan import loan_note
    from ccm.suit.standing import in_words as suit_words
    from ccm.timeline import Told, timeline

    triage, work = journey.remembered_work(place, day, journey.recorded_by(journal, place))
    rows = {row["loan_no"]: row for row in work.book.filter(work.book["loan_no"] == loan).iter_rows(named=True)}
    if loan not in rows and loan not in lives.files and not any(loan in one.loans for one in lives.letters.values()):
        raise CcmError("loan-unknown", files="、".join(triage.files), loan_no=loan, near="")
    case = next((one.case for one in work.ranked if one.case.loan_no == loan), None)
    row = rows.get(loan, {})
    own = [lives.files[loan].borrower] if loan in lives.files else []
    borrower = row.get("borrower") or next(
        iter([*own, *(life.borrower for life in lives.letters.values() if loan in life.loans)])
    )
    pages = {
        str(entry.note.facts["path"]): entry.note.facts.get("pages") for entry in journal.entries("evidence-filed")
    }
    told = Told(lives.letters, work.promises.get(loan, ()), work.policy, str)
    past = timeline(journal.entries(loan_no=loan), (), told)
    place_in_ledger = f"{row.get('file', '')} {row.get('sheet', '')} 第{row.get('row', '')}行"
    return Bundle(
        loan, borrower, day, exhibits(loan, lives, pages),
        [(one.on, person_words(one), f"{one.title}：{event_words(one, detail=True)}", one.actor) for one in past],
        loan_note(case, row) if case else None,
        f"{place_in_ledger}，台账日期{row.get('data_on') or triage.as_of}",
        missing,
        statement,
        suit_words(work.suits[loan]) if loan in work.suits else "",
        _suit_papers(place, loan, day, work.suits.get(loan)),
    )  # fmt: skip


def _suit_papers(
    place: Workspace, loan: str, day: date, suit: Suit | None
) -> tuple[tuple[str, Callable[[Path], None]], ...]:
    """Return what goes along with the evidence (C11): the list of papers, and the applications for deferral."""
    import shutil

    from ccm.cli.suit import bench_of, lines_of
    from ccm.safe import written
    from ccm.suit.sheet import write_list

    bench = bench_of(loan, None, str(day))

    def checklist(path: Path) -> None:
        write_list(lines_of(bench), bench.docket, day, path)

    def copied(source: Path) -> Callable[[Path], None]:
        def copy(path: Path) -> None:
            with written(path) as temporary:
                shutil.copyfile(source, temporary)

        return copy

    applied = [one.path for one in suit.deferrals if (place.root / one.path).is_file()] if suit else []
    return (
        ("05_起诉材料清单.docx", checklist),
        *((f"{number:02d}_{Path(path).name}", copied(place.root / path)) for number, path in enumerate(applied, 6)),
    )
