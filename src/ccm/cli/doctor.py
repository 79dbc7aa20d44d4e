"""`ccm doctor`: what is wrong with this workspace, and what can safely be mended."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import now
from ccm.doctor import Look, is_letter
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ccm.workspace import Workspace


@app.command("doctor", cls=ChineseCommand)
def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="能放心修的就修：清掉没写完的残留，收紧权限")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """体检：工作目录、政策、模板、记录、信函文件、权限、LibreOffice、字体、时钟，哪里不对、怎么办。

    例：ccm doctor --mend
    """
    looks = looked(workspace(), mend=mend)
    sick = any(one.state == "error" for one in looks)
    if as_json:
        rows = [{"of": one.of, "state": one.state, "message": one.message, "hint": one.hint} for one in looks]
        print_json({"healthy": not sick, "looks": rows})
    else:
        from ccm.screen.doctor import show_looks

        show_looks(console(), looks)
    raise typer.Exit(4 if sick else 0)


def looked(place: Workspace, *, mend: bool) -> list[Look]:
    """Look at everything; what stops one look does not stop the next."""
    looks = [_try(of, partial(look, mend=mend) if look is _journal else look, place) for of, look in LOOKS]
    return [*looks, _leftovers(place, mend=mend), _doors(place, mend=mend)]


def _try(of: str, look: Callable[[Workspace], Look], place: Workspace) -> Look:
    try:
        return look(place)
    except CcmError as error:
        return Look(of, "error", str(error), error.hint)


def _folder(place: Workspace) -> Look:
    import shutil

    from ccm.doctor import LEAST_FREE
    from ccm.safe import check_writable

    check_writable(place.root)
    free = shutil.disk_usage(place.root).free
    if free < LEAST_FREE:
        return Look(
            "工作目录", "warning", f"{place.root} 所在磁盘只剩{free // 1024**2} MB", "腾出空间，否则函件会写不完"
        )
    if not place.bank:
        hint = "用 ccm init . --bank 行名 --branch 机构 建好 ccm.toml；在此之前函件带“样张”字样"
        return Look("工作目录", "warning", f"{place.root} 可写，还没有写明行名", hint)
    return Look("工作目录", "ok", f"{place.root} 可写，磁盘剩{free // 1024**3} GB")


def _rules(place: Workspace) -> Look:
    from ccm.cli import journey, reading
    from ccm.cli.rights import rules_of
    from ccm.working_days import load

    policy = journey.policy_of(place)
    rules_of(place)
    reading.names_of(place)
    load(place.root)
    return Look("政策和设置", "ok", f"{policy.name}，{len(policy.duties)}项应办；权利期间、列名、日历都读得懂")


def _templates(_: Workspace) -> Look:
    from ccm.cli.template import check_application, every, kind_for
    from ccm.letters.check import check_template
    from ccm.letters.sample import extremes
    from ccm.suit.application import KIND

    paths, found = every(), []
    for path in paths:
        if path.stem == KIND:
            found += check_application(path)
            continue
        kind = kind_for(path, None)
        found += check_template(path.read_bytes(), kind, path.name, *extremes(kind))
    if found:
        return Look(
            "模板", "error", f"{found[0].file}：{found[0].message}（共{len(found)}处）", "用 ccm template check 看全部"
        )
    return Look("模板", "ok", f"{len(paths)}份模板都可用")


def _journal(place: Workspace, *, mend: bool) -> Look:
    from datetime import datetime

    from ccm.cli import logbook
    from ccm.journal import exists

    if not exists(place.state, place.journal):
        return Look("记录", "ok", "还没有登记过")
    with closing(logbook.journal_of(place)) as journal:
        breaks, (count, _) = journal.verify(), journal.head()
        if breaks and not any(one.seq for one in breaks):
            if not mend:
                return Look("记录", "error", f"{count}条都完好，索引坏了", "用 ccm doctor --mend 修好：照各条重做索引")
            journal.rebuild()
            if not (breaks := journal.verify()):
                return Look("记录", "mended", f"{count}条都完好，索引坏了，已照各条重做")
        last = next(iter(journal.entries(after=count - 1)), None)
    if breaks:
        hint = "用 ccm journal verify 看全部；先复制一份保全，再用最近的备份核对"
        return Look("记录", "error", f"第{breaks[0].seq}条：{breaks[0].reason}（共{len(breaks)}处）", hint)
    if last and datetime.fromisoformat(last.at) > now():
        hint = "校准电脑的日期和时间，否则函件日期、期限都会算错"
        return Look("记录", "error", f"最后一条记在{last.at[:16]}，比现在还晚：电脑的时钟拨回去了", hint)
    return Look("记录", "ok", f"{count}条，链条完整")


def _letters(place: Workspace) -> Look:
    from ccm.cli import logbook
    from ccm.journal import exists
    from ccm.letters.issue import unfinished

    if not exists(place.state, place.journal):
        return Look("函件文件", "ok", "还没有发过函")
    with closing(logbook.journal_of(place)) as journal:
        half = list(unfinished(journal))
        lives = logbook.lives_in(journal)
    # A letter that was purged is in no life any more, and nobody misses its file.
    known = lives.letters.values()
    issued = [one for one in known if not one.voided]
    if half:
        return Look(
            "函件文件", "error", f"上一次有{len(half)}封函没有写完", "再运行一次 ccm letters：接着写完，不会重号"
        )
    paths = {place.root / str(one.issued.facts["path"]) for one in known}
    strays = [one for one in (place.root / "letters").rglob("*.docx") if one not in paths and is_letter(one)]
    if strays:
        said = f"{strays[0].name} 等{len(strays)}封函记录里没有：记录可能换成了旧的备份，再发函会重号"
        return Look("函件文件", "error", said, "找回最近的记录，或把这些函的函号核对清楚；在此之前不要发函")
    lost = [one.letter_no for one in issued if not (place.root / str(one.issued.facts["path"])).exists()]
    if lost:
        return Look(
            "函件文件",
            "warning",
            f"{lost[0]} 等{len(lost)}封函的文件不在了",
            "用 ccm letters restore 函号 照原样再做一份",
        )
    return Look("函件文件", "ok", f"{len(issued)}封函都在")


def _triage(place: Workspace) -> Look:
    from ccm import memory

    try:
        triage = memory.latest(place.state)
    except (OSError, ValueError, KeyError) as error:
        return Look("上次的台账", "error", f"记住的台账读不出（{error}）", "重新运行 ccm triage 台账.xlsx")
    if triage is None:
        return Look("上次的台账", "ok", "还没有读过台账")
    return Look("上次的台账", "ok", f"{'、'.join(triage.files)}，{triage.as_of}，{triage.loans.height}笔")


def _office(place: Workspace) -> Look:
    from ccm.cli.letter_run import find_soffice

    try:
        return Look("LibreOffice", "ok", f"{find_soffice(place)}，可以出PDF")
    except CcmError as error:
        return Look("LibreOffice", "warning", "没有找到，不能出PDF；Word 文件不受影响", error.hint)


def _fonts(_: Workspace) -> Look:
    from ccm.cli.template import every
    from ccm.doctor import installed, typefaces

    here, wanted = installed(), typefaces(every())
    if here is None:
        return Look("字体", "warning", "问不出这台电脑装了哪些字体", f"模板用到：{'、'.join(sorted(wanted))}")
    if missing := sorted(wanted - here):
        hint = "打印时会换成相近的字体，页数可能不同；要和样张一致就装上这些字体"
        return Look("字体", "warning", f"没有装：{'、'.join(missing)}", hint)
    return Look("字体", "ok", f"{'、'.join(sorted(wanted))}都有")


def _leftovers(place: Workspace, *, mend: bool) -> Look:
    from ccm.doctor import leftovers, take_away

    left = leftovers(place.root, place.state, now())
    return _mended("没写完的残留", left, "没有", f"{len(left)}处", take_away, mend=mend)


def _doors(place: Workspace, *, mend: bool) -> Look:
    from ccm.doctor import close_doors, open_doors

    found = open_doors(place.root, place.state)
    return _mended("权限", found, "只有本人能看", f"{len(found)}处别人也能看", close_doors, mend=mend)


def _mended(
    of: str, found: list[Path], fine: str, wrong: str, cure: Callable[[list[Path]], None], *, mend: bool
) -> Look:
    if not found:
        return Look(of, "ok", fine)
    if mend:
        cure(found)
        return Look(of, "mended", f"{wrong}，已修好")
    return Look(of, "warning", f"{wrong}，如 {found[0]}", "用 ccm doctor --mend 修好")


LOOKS: tuple[tuple[str, Callable[..., Look]], ...] = (
    ("工作目录", _folder),
    ("政策和设置", _rules),
    ("模板", _templates),
    ("记录", _journal),
    ("函件文件", _letters),
    ("上次的台账", _triage),
    ("LibreOffice", _office),
    ("字体", _fonts),
)
