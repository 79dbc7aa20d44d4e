"""`ccm triage`: from a bank's export to today's worklist."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, progress, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now
from ccm.cli.large import tables_as_files
from ccm.cli.locked import LockEnv, lock_password
from ccm.cli.looked import note_look
from ccm.errors import CcmError
from ccm.masking import mask_finding

if TYPE_CHECKING:
    from datetime import date

    from ccm.cli.journey import Work
    from ccm.compare import Comparison
    from ccm.errors import Finding
    from ccm.ledger.check import Checked
    from ccm.memory import Triage
    from ccm.model import Case, Ranked, RefusedRow, Signal, WorkItem
    from ccm.policy import Policy
    from ccm.workspace import Workspace


@app.command("triage", cls=ChineseCommand)
def triage(
    ledgers: Annotated[
        list[str] | None,
        typer.Argument(help="台账文件或 Parquet 文件夹，可写多个，合成一本账", metavar="台账…", show_default=False),
    ] = None,
    as_of: AsOf = None,
    stage: Annotated[int | None, typer.Option(help="只看这个阶段（0、30、60、90）", metavar="天数")] = None,
    manager: Annotated[str | None, typer.Option(help="只看这位客户经理", metavar="姓名")] = None,
    branch: Annotated[str | None, typer.Option(help="只看这个机构", metavar="名称")] = None,
    sheet: Annotated[str | None, typer.Option(help="只读这一张工作表", metavar="名称")] = None,
    limit: Annotated[int, typer.Option(help="屏幕上显示几笔", metavar="笔数", min=0)] = 20,
    export: Annotated[Path | None, typer.Option(help="导出清单：.xlsx 或 .csv", metavar="文件")] = None,
    by_manager: Annotated[bool, typer.Option("--by-manager", help="导出时每位客户经理一张表")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="有一行被拒收就停下，什么也不记")] = False,
    password_env: Annotated[str | None, typer.Option(help="从这个环境变量取台账密码", metavar="变量名")] = None,
    lock_env: LockEnv = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的证件和电话号码")] = False,
    table: Annotated[list[str] | None, typer.Option(help="读数据库里的这张表，可写多次", metavar="表名")] = None,
    database_env: Annotated[
        str, typer.Option(help="从这个环境变量取数据库的连接地址", metavar="变量名")
    ] = "CCM_DATABASE",
    out: Annotated[
        str | None, typer.Option(help="大账：结果写成 Parquet 放进这个文件夹，屏幕上只有汇总", metavar="文件夹")
    ] = None,
    engine: Annotated[str, typer.Option(help="大账用什么算：polars 或 spark", metavar="引擎")] = "polars",
    master: Annotated[
        str | None, typer.Option(help="Spark 的主节点，默认本机两个线程 local[2]", metavar="地址")
    ] = None,
) -> None:
    """读台账，查错，分阶段，列出今天该办的事。

    例：ccm triage ledger.xlsx --as-of 2026-11-23
    """
    if lock_env and not export:
        raise typer.BadParameter("--lock-env 加密的是导出的清单，要和 --export 同写")
    _sensible(engine, out, given=bool(ledgers or table))
    asked = Asked(
        (*(ledgers or ()), *(table or ())),
        stage,
        manager,
        branch,
        sheet,
        limit,
        export,
        by_manager=by_manager,
        as_json=as_json,
        strict=strict,
        reveal=reveal,
        lock=lock_password(lock_env),
    )
    with tables_as_files(table or [], database_env) as files:
        if out:
            code = _large([*(ledgers or []), *map(str, files)], as_of, out, engine, master, asked)
        else:
            code = _small([*map(Path, ledgers or []), *files], as_of, password_env, asked)
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a book is to be shown, and how; `sources` are the files and tables as they were asked for.

    `lock` is the password of what is exported, None where it stays open.
    """

    sources: tuple[str, ...]
    stage: int | None
    manager: str | None
    branch: str | None
    sheet: str | None
    limit: int
    export: Path | None
    by_manager: bool
    as_json: bool
    strict: bool
    reveal: bool
    lock: str | None

    @property
    def of_a_list(self) -> list[str]:
        """The options given that need a list of single loans."""
        given = {"--stage": self.stage, "--manager": self.manager, "--branch": self.branch, "--sheet": self.sheet,
                 "--export": self.export}  # fmt: skip
        return [name for name, value in given.items() if value is not None] + ["--strict"] * self.strict


def _small(ledgers: list[Path], as_of: str | None, password_env: str | None, asked: Asked) -> int:
    """Triage a book that is read whole; return the exit code."""
    from ccm.ledger import ahead

    ahead.start(ledgers)
    from ccm.cli import journey, reading

    place, day = workspace(), day_of(as_of)
    policy = journey.policy_of(place)
    journey.stage_in(policy, asked.stage)
    password = reading.password_from(password_env)
    with progress("正在读台账……"):
        checked = reading.read_book(ledgers, place, day, password, asked.sheet)
        if asked.reveal and any(mask_finding(one) != one for one in checked.findings):
            note_look(place, "triage", [("", "", "")])  # a bad number's row may have no loan that can be read
        if asked.strict and checked.refusing:
            _stop_strict(checked, reveal=asked.reveal)
        work, old = _work(place, policy, checked, day, reading.digest_of(ledgers))
    work.expect(asked.manager, asked.branch)
    ranked = [one for one in work.ranked if wanted(work, one.case, asked.stage, asked.manager, asked.branch)]
    # Only what is shown is put into records, unless a file is to have them all.
    export = _export(work.items(ranked), asked.export, asked) if asked.export else None
    findings = [one if asked.reveal else mask_finding(one) for one in checked.findings]
    outcome = Outcome(
        asked.sources,
        policy,
        checked,
        findings,
        ranked,
        _comparison(work, old, checked, asked.manager, asked.branch) if old else None,
        day,
        _write_refusal(place, checked.refused, day),
        _elsewhere(work, asked.manager, asked.branch) if asked.stage is None else [],
        "" if ranked else _none_words(work, asked),
    )
    if asked.as_json:
        _as_json(outcome, work.items(ranked))
    else:
        _show(outcome, work.items(ranked[: asked.limit]), export)
    return 4 if checked.refusing else 0


def _large(ledgers: list[str], as_of: str | None, out: str, kind: str, master: str | None, asked: Asked) -> int:
    """Triage a book that no memory holds; return the exit code."""
    from ccm.cli import journey, large

    if asked.of_a_list:
        raise typer.BadParameter(f"--out 只给汇总和文件夹，不能同时写 {'、'.join(asked.of_a_list)}")
    place, day = workspace(), day_of(as_of)
    policy = journey.policy_of(place)
    with progress("正在算……"), large.engine_of(kind, out, master) as engine:
        sources = dict(zip(asked.sources, ledgers, strict=True))
        try:
            outcome = large.triage_large(sources, place, policy, day, engine, out)
        except engine.trouble as error:
            raise engine.told(error, "、".join(sources)) from error
    large.tell(outcome, asked.sources, policy, day, as_json=asked.as_json)
    return 4 if outcome.refused else 0


ENGINES = ("polars", "spark")


def _sensible(engine: str, out: str | None, *, given: bool) -> None:
    if not given:
        raise typer.BadParameter("缺少台账：写台账文件，或用 --table 写数据库里的表")
    if engine not in ENGINES:
        raise typer.BadParameter(f"--engine 只能是 {'、'.join(ENGINES)}")
    if engine == "spark" and not out:
        raise typer.BadParameter("--engine spark 的结果要写进文件夹：加上 --out 文件夹")


def _export(items: list[WorkItem], path: Path, asked: Asked) -> Path:
    """Write the list, into a locked .zip where there is a password; return the file that was written."""
    from ccm.export import write_export

    if asked.lock is None:
        write_export(items, path, by_manager=asked.by_manager)
        return path
    from tempfile import TemporaryDirectory

    from ccm.lock import write_zip

    locked = path.with_name(f"{path.name}.zip")
    with TemporaryDirectory() as folder:
        plain = Path(folder) / path.name
        write_export(items, plain, by_manager=asked.by_manager)
        write_zip(locked, [(plain, path.name)], asked.lock)
    return locked


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one triage has to tell, on screen or as JSON."""

    sources: tuple[str, ...]
    policy: Policy
    checked: Checked
    findings: list[Finding]
    ranked: list[Ranked]
    comparison: Comparison | None
    day: date
    refusal: Path | None
    elsewhere: list[tuple[str, Signal]]
    none: str


def _none_words(work: Work, asked: Asked) -> str:
    """Say that the list is empty: because nothing is owed, or because what was asked for left none of it."""
    if not work.book.height:
        return "台账里没有一笔可用的贷款。"
    if not work.ranked:
        return "没有逾期或当天到期的贷款：今天没有要催的。"
    stage = "" if asked.stage is None else work.policy.stage_at(asked.stage).label
    counted = (
        (stage, asked.stage, None, None),
        (asked.manager, None, asked.manager, None),
        (asked.branch, None, None, asked.branch),
    )
    counts = [
        f"{name}{sum(wanted(work, one.case, *alone) for one in work.ranked)}笔" for name, *alone in counted if name
    ]
    return f"按这些条件一笔也没有；去掉筛选有{len(work.ranked)}笔，其中{'，'.join(counts)}。"


def _elsewhere(work: Work, manager: str | None, branch: str | None) -> list[tuple[str, Signal]]:
    """The signals of loans that owe nothing yet, with their borrowers: they are on no line of the list."""
    from ccm.signals import urgency

    listed = {one.case.loan_no for one in work.ranked}
    numbers = [number for number in work.signals if number not in listed]
    book = work.book.filter(work.book["loan_no"].is_in(numbers)).select("loan_no", "borrower", "manager", "branch")
    mine = {
        number: borrower
        for number, borrower, of_manager, of_branch in book.iter_rows()
        if _falls_to(work, manager, branch, (number, of_manager, of_branch))
    }
    # A circle is about several loans; where one of them is on the list it is told there.
    live = {one.signal_no: one for number in mine for one in work.signals[number] if listed.isdisjoint(one.loans)}
    return [(mine.get(one.loan_no, ""), one) for one in sorted(live.values(), key=urgency)]


def wanted(work: Work, case: Case, stage: int | None, manager: str | None, branch: str | None) -> bool:
    """Tell whether a case is of the stage, manager and branch asked for; None asks for any."""
    row = (case.loan_no, case.manager, case.branch)
    return (stage is None or case.stage == stage) and _falls_to(work, manager, branch, row)


def _falls_to(work: Work, manager: str | None, branch: str | None, row: tuple[str, str | None, str | None]) -> bool:
    """Tell whether a loan, given by its number, manager and branch, is among those asked for."""
    number, of_manager, of_branch = row
    return work.falls_to(manager, number, of_manager) and branch in {None, of_branch}


def _work(place: Workspace, policy: Policy, checked: Checked, day: date, digest: str) -> tuple[Work, Triage | None]:
    """Keep this triage, raise the signals it gives, and rank what it owes; return the triage before it too."""
    from ccm import memory
    from ccm.classify import classify
    from ccm.cli import journey
    from ccm.cli.warned import raise_signs

    ledger = checked.ledger
    fresh = memory.Triage(
        as_of=day,
        taken_at=now(),
        files=ledger.files,
        policy_name=policy.name,
        policy_digest=policy.digest,
        ledger_digest=digest,
        loans=classify(ledger.loans, policy, day),
        parties=ledger.parties,
        refused=memory.refused_notes(checked.refused),
        found=memory.found_notes(checked.findings),
    )
    old = memory.before(place.state, fresh.key, day)
    memory.remember(place.state, fresh)
    recorded = raise_signs(place, fresh, old, policy)
    return journey.work_on(fresh.loans, fresh.parties, policy, day, recorded), old


def _comparison(work: Work, old: Triage, checked: Checked, manager: str | None, branch: str | None) -> Comparison:
    """Compare with the triage before: the same loans in both books, those that fall to whom the list is for.

    A loan that another has now is not gone; one that is in no book any more is looked for where it was.
    """
    import polars as pl

    from ccm.compare import compare

    refused = frozenset(row.loan_no for row in checked.refused if row.loan_no)
    if manager is None and branch is None:
        return compare(old.loans, work.book, old.as_of, refused)

    def mine(book: pl.DataFrame) -> list[str]:
        return [
            row[0]
            for row in book.select("loan_no", "manager", "branch").iter_rows()
            if _falls_to(work, manager, branch, row)
        ]

    gone = old.loans.join(work.book, on="loan_no", how="anti")
    numbers = pl.Series([*mine(work.book), *mine(gone)], dtype=pl.String)
    before, now = (book.filter(pl.col("loan_no").is_in(numbers.implode())) for book in (old.loans, work.book))
    return compare(before, now, old.as_of, refused)


def _write_refusal(place: Workspace, refused: tuple[RefusedRow, ...], day: date) -> Path | None:
    if not refused:
        return None
    from ccm.refusal import write_refusal

    path = place.root / "worklists" / f"拒收行-{day}.xlsx"
    write_refusal(refused, path)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _stop_strict(checked: Checked, *, reveal: bool) -> None:
    from ccm.screen.triage import show_findings

    findings = [one if reveal else mask_finding(one) for one in checked.findings]
    show_findings(console(stderr=True), findings, len(checked.refused), None)
    raise CcmError("strict-refused", count=len(checked.refused))


def _as_json(outcome: Outcome, items: list[WorkItem]) -> None:
    from ccm.cli.journey import totals_of
    from ccm.wire.triage import triage_json

    ledger = outcome.checked.ledger
    answer = triage_json(
        as_of=outcome.day,
        ledgers=list(outcome.sources),
        rows=ledger.rows,
        accepted=ledger.loans.height,
        policy=outcome.policy,
        findings=outcome.findings,
        totals=totals_of(outcome.ranked),
        items=items,
        comparison=outcome.comparison,
        refusal=str(outcome.refusal) if outcome.refusal else None,
        signals=[one for _, one in outcome.elsewhere],
    )
    print_json(answer)


def _show(outcome: Outcome, items: list[WorkItem], export: Path | None) -> None:
    from ccm.cli.journey import totals_of
    from ccm.screen import triage as screen
    from ccm.screen.worklist import show_signals_elsewhere, show_worklist

    out, ledger, policy = console(), outcome.checked.ledger, outcome.policy
    repeated = sum(one.code == "row-repeated" for one in outcome.findings)
    others = f"，另{repeated}行整行重复" if repeated else ""
    out.print(f"截至{outcome.day}，共读{ledger.rows}行，收下{ledger.loans.height}行{others}；政策：{policy.name}\n")
    if outcome.ranked:
        screen.show_summary(out, totals_of(outcome.ranked), policy, outcome.comparison)
        out.print()
    if outcome.comparison:
        screen.show_changes(out, outcome.comparison)
        out.print()
    if outcome.ranked:
        show_worklist(out, items, policy, len(outcome.ranked), outcome.day)
    else:
        out.print(outcome.none)
    if outcome.elsewhere:
        out.print()
        show_signals_elsewhere(out, outcome.elsewhere, outcome.day)
    if export:
        out.print(f"\n清单已导出：{export}")
    out.print()
    screen.show_findings(
        out, outcome.findings, len(outcome.checked.refused), str(outcome.refusal) if outcome.refusal else None
    )
