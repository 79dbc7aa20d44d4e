"""The archive as the terminal shows it: plans of filing, what is filed, and the matrix of what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccm.errors import seen
from ccm.life import ITEM_TITLES, LETTER_ITEMS, LIFE_TITLES, VISIT_ITEMS
from ccm.model import LETTER_TITLES, ROLE_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from ccm.archive.check import Report, Standing
    from ccm.archive.filing import Paper
    from ccm.life import Fact, Life, Lives, LoanFile, Visit

SHORT = {
    "original": "正本",
    "waybill": "面单",
    "delivery": "投递",
    "returned": "退件",
    "posting_list": "清单",
    "receipt": "回执",
    "recording": "录音",
    "photo_gate": "小区",
    "photo_door": "楼门",
}
FETCH = {
    "original": "寄出前留下的一份盖章正本，扫描",
    "waybill": "揭下的面单寄件人存联（L6），扫描",
    "delivery": "EMS 网站按邮件号查询，展开详情整页打印（L7）",
    "returned": "退回的邮件连同改退批条（L8），不要拆封，拍照或扫描",
    "posting_list": "邮局盖章的寄送清单（L9），扫描",
    "recording": "上门录音（V5）；录不了的，登记上门时写明：ccm log 借据号 visit … --no-recording 原因",
    "photo_gate": "小区门口、手持工作证或函件的照片（V5）",
    "photo_door": "楼门口、手持工作证或函件的照片（V5）",
}
"""Where each paper comes from."""
LOST = "存过而不见了：从备份取回，或用原件重新扫描归档"
"""Of all other papers only those can be missing that were filed."""
CONDITION_TITLES = {
    "missing": "存过的文件不见了",
    "changed": "归档后内容被改动",
    "broken": "归档后被改动，而且读不出来",
    "unreadable": "读不出来",
}
SHOWN = 20


def show_filing_plan(console: Console, planned: Sequence[Paper]) -> None:
    """Print where each file would go, and what speaks against it."""
    fresh = [one for one in planned if not one.trouble and not one.known]
    known = sum(one.known for one in planned)
    console.print(Text(f"共{len(planned)}份：要存{len(fresh)}份，已在档案里{known}份", style="bold"))
    for one in fresh[:SHOWN]:
        console.print(
            Text.assemble("  ", seen(one.source.name), (" → ", "dim"), f"{one.subject} {ITEM_TITLES[one.item]}")
        )
        _odd(console, one)
    if len(fresh) > SHOWN:
        console.print(f"  ……另有{len(fresh) - SHOWN}份", style="dim")
    _troubles(console, planned)


def show_filed(console: Console, filed: Sequence[Paper], planned: Sequence[Paper]) -> None:
    """Print what was filed."""
    for one in filed[:SHOWN]:
        media = one.media
        size = f"{one.size / 1024:,.0f} KB"
        facts = [media.format, size] if media else [size]
        if media and media.taken_at:
            facts.append(f"拍于{media.taken_at:%Y-%m-%d %H:%M}")
        if media and media.place:
            facts.append(f"位置{media.place[0]:.5f}，{media.place[1]:.5f}")
        console.print(
            Text.assemble(("✓ ", "green"), f"{one.subject} {ITEM_TITLES[one.item]}", (f"  {'，'.join(facts)}", "dim"))
        )
        console.print(Padding(Text(one.target, style="dim"), (0, 0, 0, 4)))
        _odd(console, one)
    known = [one for one in planned if one.known]
    console.print(f"存入{len(filed)}份" + (f"，{len(known)}份早已在档案里" if known else ""))


def _odd(console: Console, one: Paper) -> None:
    if one.odd:
        console.print(Padding(Text(f"! {one.odd}", style="yellow"), (0, 0, 0, 4)))


def _troubles(console: Console, planned: Sequence[Paper]) -> None:
    bad = [one for one in planned if one.trouble]
    if bad:
        console.print(Text(f"\n不能存：{len(bad)}份", style="bold yellow"))
    for one in bad:
        console.print(Padding(Text.assemble(("✗ ", "red"), seen(one.source.name), f"：{one.trouble}"), (0, 0, 0, 2)))


def show_check(console: Console, report: Report) -> None:
    """Print a matrix per case, then what to fetch where, then what belongs to nothing."""
    cases: dict[str, list[Standing]] = {}
    for one in report.standings:
        cases.setdefault(one.of.loan_no, []).append(one)
    open_cases = {loan_no: of for loan_no, of in cases.items() if not all(one.complete for one in of)}
    done = len(cases) - len(open_cases)
    console.print(
        Text(
            f"核对{len(report.standings)}项（函件、上门），{len(cases)}笔贷款：完整{done}笔，不完整{len(open_cases)}笔",
            style="bold",
        )
    )
    for loan_no, standings in open_cases.items():
        _case(console, loan_no, standings)
    _fetch(console, report)
    _weak(console, report)
    if report.strays:
        console.print(Text(f"\n没有归属的文件：{len(report.strays)}个", style="bold yellow"))
        for path in report.strays[:SHOWN]:
            console.print(Padding(Text(path), (0, 0, 0, 2)))
        console.print("  用 ccm archive add 归档，或移出档案文件夹", style="dim")
    if not report.standings and not report.strays:
        console.print("没有要核对的：没有发过函，没有上过门，也没有存过材料")
    elif report.complete:
        console.print("✓ 档案完整", style="green")


def _case(console: Console, loan_no: str, standings: Sequence[Standing]) -> None:
    console.print(Text(f"\n借据 {loan_no}", style="bold"))
    for kind, items in (("letter", LETTER_ITEMS), ("visit", VISIT_ITEMS)):
        group = [
            one
            for one in standings
            if one.of.kind not in {"event", "loan"} and (one.of.kind == "visit") == (kind == "visit")
        ]
        if group:
            console.print(_matrix(group, items))
    for one in standings:
        for path, condition in one.bad.items():
            console.print(Padding(Text(f"{CONDITION_TITLES[condition]}：{path}", style="red"), (0, 0, 0, 2)))


def _matrix(standings: Sequence[Standing], items: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("函号" if items is LETTER_ITEMS else "上门", no_wrap=True)
    table.add_column("收件人" if items is LETTER_ITEMS else "对象", overflow="ellipsis", no_wrap=True, max_width=12)
    table.add_column("状态", no_wrap=True)
    for item in items:
        table.add_column(SHORT[item], justify="center", no_wrap=True)
    for one in standings:
        state = LIFE_TITLES.get(one.of.state, "已上门")  # type: ignore[call-overload]
        table.add_row(one.of.number, one.of.party, state, *(_sign(one, item) for item in items))
    return table


def _sign(one: Standing, item: str) -> Text:
    if item not in one.items:
        return Text("–", style="dim")
    return Text("✓", style="green") if one.items[item] else Text("✗", style="bold red")


def _fetch(console: Console, report: Report) -> None:
    """What is missing, by kind of paper: each kind lies in one place and is fetched in one go."""
    lacking: dict[str, list[str]] = {}
    for one in report.standings:
        for item in one.missing:
            lacking.setdefault(item, []).append(one.of.number)
    if lacking:
        console.print(Text("\n要补的材料", style="bold"))
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for item, numbers in lacking.items():
        names = "、".join(numbers[:SHOWN]) + (f" 等{len(numbers)}封" if len(numbers) > SHOWN else "")
        table.add_row(
            f"  {ITEM_TITLES[item]} {len(numbers)}份", Text.assemble(FETCH.get(item, LOST), (f"\n{names}", "dim"))
        )
    console.print(table)


def _weak(console: Console, report: Report) -> None:
    weak = [one for one in report.standings if one.weak]
    if weak:
        console.print(Text(f"\n证据太弱的函：{len(weak)}封", style="bold yellow"))
    for one in weak:
        console.print(Padding(Text(f"{one.of.title} {one.of.party}（{one.grade}级）：{one.weak}"), (0, 0, 0, 2)))


def show_lives(
    console: Console, letters: Sequence[Life], visits: Sequence[Visit], lives: Lives, file: LoanFile | None = None
) -> None:
    """Print what became of letters and visits, fact by fact, with the papers filed; then those of the loan itself."""
    for life in letters:
        role = ROLE_TITLES[life.role]  # type: ignore[index]
        console.print(
            Text(f"{life.letter_no}《{LETTER_TITLES.get(life.kind, life.title)}》致{role}{life.party}", style="bold")
        )
        steps: list[tuple[str, Fact | None, str]] = [
            ("签发", life.issued, str(life.issued.facts["path"])),
            ("打印", life.printed, str(life.printed.facts["file"]) if life.printed else ""),
            ("列入清单", life.listed, str(life.listed.facts["list_no"]) if life.listed else ""),
            ("寄出", life.posted, f"邮件号{life.waybill}"),
            *(("查询", one, str(one.facts["text"] or "")) for one in life.results),
            ("作废", life.voided, str(life.voided.facts["reason"]) if life.voided else ""),
        ]
        _steps(console, steps)
        papers = [(item, paper) for item in LETTER_ITEMS for paper in lives.papers(life, item)]
        for item, paper in papers:
            console.print(f"    存有 {ITEM_TITLES[item]}　{paper.path}", soft_wrap=True)
    for visit in visits:
        console.print(Text(f"上门{visit.visit_no} {visit.party}", style="bold"))
        _steps(console, [("上门", visit.visited, str(visit.visited.facts.get("text") or ""))])
        for paper in visit.filed:
            console.print(f"    存有 {ITEM_TITLES[paper.item]}　{paper.path}", soft_wrap=True)
    if file:
        console.print(Text(f"贷款档案 {file.loan_no} {file.borrower}", style="bold"))
        for paper in file.filed:
            console.print(f"    存有 {ITEM_TITLES[paper.item]}　{paper.path}", soft_wrap=True)


def _steps(console: Console, steps: Sequence[tuple[str, Fact | None, str]]) -> None:
    for name, fact, text in steps:
        if fact:
            console.print(f"  {fact.on} {name}　{text}　[{fact.actor}]", soft_wrap=True)
