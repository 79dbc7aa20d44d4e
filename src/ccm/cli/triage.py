"""`ccm triage`: from a bank's export to today's worklist."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, progress, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf, day_of, now
from ccm.errors import CcmError
from ccm.masking import mask_finding

if TYPE_CHECKING:
    from datetime import date

    from ccm.cli.journey import Work
    from ccm.compare import Comparison
    from ccm.errors import Finding
    from ccm.ledger.check import Checked
    from ccm.model import Case, Ranked, RefusedRow, Signal, WorkItem
    from ccm.policy import Policy
    from ccm.workspace import Workspace


@app.command("triage", cls=ChineseCommand)
def triage(
    ledgers: Annotated[
        list[Path], typer.Argument(help="台账文件，可写多个，合成一本账", metavar="台账…", show_default=False)
    ],
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
    reveal: Annotated[bool, typer.Option("--reveal", help="显示完整的证件和电话号码")] = False,
) -> None:
    """读台账，查错，分阶段，列出今天该办的事。

    例：ccm triage ledger.xlsx --as-of 2026-11-23
    """
    from ccm.ledger import ahead

    ahead.start(ledgers)
    from ccm.cli import journey

    place, day = workspace(), day_of(as_of)
    policy = journey.policy_of(place)
    password = journey.password_from(password_env)
    with progress("正在读台账……"):
        checked = journey.read_book(ledgers, place, day, password, sheet)
        if strict and checked.refusing:
            _stop_strict(checked, reveal=reveal)
        work, comparison = _work(place, policy, checked, day, journey.digest_of(ledgers))
    ranked = [one for one in work.ranked if wanted(work, one.case, stage, manager, branch)]
    if export:
        from ccm.export import write_export

        write_export(work.items(ranked), export, by_manager=by_manager)
    findings = [one if reveal else mask_finding(one) for one in checked.findings]
    outcome = Outcome(
        ledgers,
        policy,
        checked,
        findings,
        ranked,
        comparison,
        day,
        _write_refusal(place, checked.refused, day),
        _elsewhere(work, manager, branch) if stage is None else [],
    )
    if as_json:
        _as_json(outcome, work.items(ranked))
    else:
        _show(outcome, work.items(ranked[:limit]), export)
    raise typer.Exit(4 if checked.refusing else 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one triage has to tell, on screen or as JSON."""

    ledgers: list[Path]
    policy: Policy
    checked: Checked
    findings: list[Finding]
    ranked: list[Ranked]
    comparison: Comparison | None
    day: date
    refusal: Path | None
    elsewhere: list[tuple[str, Signal]]


def _elsewhere(work: Work, manager: str | None, branch: str | None) -> list[tuple[str, Signal]]:
    """The signals of loans that owe nothing yet, with their borrowers: they are on no line of the list."""
    from ccm.signals import urgency

    listed = {one.case.loan_no for one in work.ranked}
    numbers = [number for number in work.signals if number not in listed]
    book = work.book.filter(work.book["loan_no"].is_in(numbers)).select("loan_no", "borrower", "manager", "branch")
    mine = {
        number: borrower
        for number, borrower, of_manager, of_branch in book.iter_rows()
        if work.falls_to(manager, number, of_manager) and (branch is None or of_branch == branch)
    }
    # A circle is about several loans; where one of them is on the list it is told there.
    live = {one.signal_no: one for number in mine for one in work.signals[number] if listed.isdisjoint(one.loans)}
    return [(mine.get(one.loan_no, ""), one) for one in sorted(live.values(), key=urgency)]


def wanted(work: Work, case: Case, stage: int | None, manager: str | None, branch: str | None) -> bool:
    """Tell whether a case is of the stage, manager and branch asked for; None asks for any."""
    return (
        (stage is None or case.stage == stage)
        and work.falls_to(manager, case.loan_no, case.manager)
        and (branch is None or case.branch == branch)
    )


def _work(place: Workspace, policy: Policy, checked: Checked, day: date, digest: str) -> tuple[Work, Comparison | None]:
    """Keep this triage, compare it with the one before, raise the signals it gives, and rank what it owes."""
    from ccm import memory
    from ccm.classify import classify
    from ccm.cli import journey
    from ccm.cli.warned import raise_signs
    from ccm.compare import compare

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
    )
    old = memory.before(place.state, fresh.key, day)
    memory.remember(place.state, fresh)
    recorded = raise_signs(place, fresh, old, policy)
    refused = frozenset(note.loan_no for note in fresh.refused)
    work = journey.work_on(fresh.loans, fresh.parties, policy, day, recorded)
    return work, compare(old.loans, fresh.loans, old.as_of, refused) if old else None


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
        ledgers=[str(path) for path in outcome.ledgers],
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

    out, ledger, policy = console(), outcome.checked.ledger, outcome.policy
    out.print(f"截至{outcome.day}，共读{ledger.rows}行，收下{ledger.loans.height}行；政策：{policy.name}\n")
    if outcome.ranked:
        screen.show_summary(out, totals_of(outcome.ranked), policy, outcome.comparison)
        out.print()
    if outcome.comparison:
        screen.show_changes(out, outcome.comparison)
        out.print()
    if outcome.ranked:
        screen.show_worklist(out, items, policy, len(outcome.ranked))
    else:
        out.print("没有逾期或当天到期的贷款：今天没有要催的。" if ledger.loans.height else "台账里没有一笔可用的贷款。")
    if outcome.elsewhere:
        out.print()
        screen.show_signals_elsewhere(out, outcome.elsewhere)
    if export:
        out.print(f"\n清单已导出：{export}")
    out.print()
    screen.show_findings(
        out, outcome.findings, len(outcome.checked.refused), str(outcome.refusal) if outcome.refusal else None
    )
