"""`ccm letters`: plan, number, write and print what is outstanding."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseGroup
from ccm.cli.days import AsOfLedger, tell_age
from ccm.cli.letter_job import Job, Outcome
from ccm.cli.letter_run import Means, find_soffice, findings_of, finish_earlier, issue_all, void_samples
from ccm.errors import CcmError

if TYPE_CHECKING:
    from ccm.letters.plan import Asked

letters = typer.Typer(
    cls=ChineseGroup,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="信函：编号、登记、打印\n\n例：ccm letters --stage 60 --dry-run",
)
app.add_typer(letters, name="letters")


@letters.callback(cls=ChineseGroup)
def run_letters(
    ctx: typer.Context,
    stage: Annotated[
        int | None, typer.Option(help="现在处于这个阶段的贷款；写阶段开始的天数，如 60", metavar="天数")
    ] = None,
    loan: Annotated[list[str] | None, typer.Option(help="只办这笔，可写多次", metavar="借据号")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="只办这种函，可写多次；律师函要这样点名", metavar="种类")
    ] = None,
    as_of: AsOfLedger = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看计划，不编号、不写文件")] = False,
    catch_up: Annotated[bool, typer.Option("--catch-up", help="连同以前阶段欠发的一起补")] = False,
    plan: Annotated[Path | None, typer.Option(help="照这份改过的计划文件办", metavar="文件")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="另出PDF（要有 LibreOffice）")] = False,
    out: Annotated[
        Path | None, typer.Option(help="函件放到哪里；与 --dry-run 同用时是计划文件.xlsx", metavar="位置")
    ] = None,
    despite: Annotated[str, typer.Option(help="有异议、计划等暂停仍要发的理由，记入登记", metavar="理由")] = "",
    jobs: Annotated[int, typer.Option(help="用几个进程写函；分得出去的只有排版", metavar="个数", min=1, max=64)] = 1,
    engine: Annotated[
        str | None, typer.Option(help="在哪里写函：spark 交给 Spark；不写就在本机写", metavar="引擎")
    ] = None,
    master: Annotated[
        str | None, typer.Option(help="Spark 的主节点，默认本机两个线程 local[2]", metavar="地址")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """按政策和记录，签发应发未发的信函；也可先看计划、改计划。

    例：ccm letters --stage 60 --dry-run
    """
    if ctx.invoked_subcommand:
        return
    _sensible(engine, master, jobs)
    place, kinds = workspace(), _kinds(kind or [])
    from ccm.cli import journey
    from ccm.cli.loan import loan_no_in
    from ccm.letters.plan import Asked

    soffice = find_soffice(place) if pdf else ""
    job = Job(place, as_of)
    tell_age(job.triage.as_of, as_of)
    policy = journey.policy_of(place)
    loans = frozenset(loan_no_in(job.triage, one) for one in loan or ())
    asked = Asked(journey.stage_in(policy, stage), loans, kinds, catch_up, despite.strip())
    if dry_run:
        _show_plan(asked, out, job, as_json=as_json)
        return
    outcome = Outcome()
    with job.alone() as journal:
        finish_earlier(outcome, job, journal, soffice)
        void_samples(job, journal)
        planned, refused = job.plan_from_file(plan, asked.despite) if plan else job.plan(asked)
        outcome.skipped += refused
        means = Means(jobs, engine == "spark", master)
        issue_all(outcome, planned, job, journal, out, soffice, means)
    outcome.findings = findings_of(planned, job)
    outcome.earlier = 0 if plan else job.owed_earlier(asked)
    tell(outcome, as_json=as_json)
    raise typer.Exit(4 if any(not one.done for one in outcome.skipped) else 0)


def _sensible(engine: str | None, master: str | None, jobs: int) -> None:
    if engine not in {None, "spark"}:
        raise typer.BadParameter("--engine 只能是 spark；不写就在本机写")
    if master and not engine:
        raise typer.BadParameter("--master 是 Spark 的主节点：加上 --engine spark")
    if engine and jobs > 1:
        raise typer.BadParameter("--jobs 是本机的进程数，不能和 --engine spark 同写")


def _kinds(asked: list[str]) -> frozenset[str]:
    from ccm.model import LETTER_TITLES

    by_title = {title: key for key, title in LETTER_TITLES.items()}
    for one in asked:
        if one not in LETTER_TITLES and one not in by_title:
            raise CcmError("kind-unknown", where="--kind", kind=one, kinds="、".join(LETTER_TITLES))
    return frozenset(by_title.get(one, one) for one in asked)


def _show_plan(asked: Asked, out: Path | None, job: Job, *, as_json: bool) -> None:
    from ccm.journal import exists
    from ccm.screen.letters import show_earlier, show_plan
    from ccm.screen.triage import show_findings

    outcome = Outcome()
    if exists(job.place.state, job.place.journal):
        with closing(job.open_journal()) as journal:
            job.forget_samples(journal)
    planned, outcome.skipped = job.plan(asked)
    outcome.findings, outcome.earlier = findings_of(planned, job), job.owed_earlier(asked)
    if out:
        from ccm.letters.planfile import write_plan

        write_plan(out, planned, outcome.skipped, job.triage.key)
    if as_json:
        from ccm.wire.letters import plan_json

        print_json({**plan_json(planned, outcome.skipped, outcome.findings), "earlier": outcome.earlier})
        return
    screen = console()
    show_plan(screen, planned, outcome.skipped, job.work.as_of)
    show_earlier(screen, outcome.earlier)
    show_findings(screen, outcome.findings, 0, None)
    if out:
        screen.print(f"\n计划已写到 {out}：删行或写明不发的理由，再运行 ccm letters --plan {out}")


def tell(outcome: Outcome, *, as_json: bool) -> None:
    """Print what a run of letters has come to."""
    if as_json:
        from ccm.wire.letters import letters_json

        answer = letters_json(outcome.issued, outcome.recovered, outcome.skipped, outcome.findings)
        print_json({**answer, "earlier": outcome.earlier})
        return
    from ccm.screen.letters import show_earlier, show_issued
    from ccm.screen.triage import show_findings

    screen = console()
    if outcome.recovered:
        screen.print(f"上次中断的{len(outcome.recovered)}封函（函号已登记）已写完，打印文件也已重出。")
    show_issued(screen, outcome.issued, outcome.skipped, [str(path) for path in outcome.products])
    show_earlier(screen, outcome.earlier)
    show_findings(screen, outcome.findings, 0, None)
