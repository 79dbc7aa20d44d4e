"""File papers: plan where each goes and what speaks against it, then copy them and write it down.

Nothing is copied while anything in the plan is wrong with it; a paper that is there already is not filed again.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccm.archive.check import digest_of, papers_of
from ccm.archive.folder import of_deed, of_letter, of_list, of_loan, of_visit, path_of
from ccm.archive.media import ACCEPTED, PAPER, Media, inspect
from ccm.bounds import PAPER_MB
from ccm.life import DEED_ITEMS, ITEM_TITLES, LETTER_ITEMS, LOAN_ITEMS, VISIT_ITEMS, Deed, Life, LoanFile, Visit
from ccm.model import Note
from ccm.safe import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ccm.life import Filed, Lives

WORDS = {
    "original": ("自留正本", "正本", "原件", "original"),
    "waybill": ("面单", "详情单", "寄件人存", "存联", "waybill"),
    "delivery": ("投递", "妥投", "签收页", "查询", "delivery"),
    "returned": ("退件", "退回", "改退", "批条", "returned"),
    "posting_list": ("寄送清单", "清单", "posting_list", "list"),
    "handover_list": ("移交清单",),
    "receipt": ("回执", "receipt"),
    "recording": ("录音", "recording"),
    "photo_gate": ("小区门口", "大门", "gate"),
    "photo_door": ("楼门口", "单元门", "入户", "door"),
}
"""How a scan's name says which paper it is; the first that fits counts, longer words before shorter."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is to be filed: whose and which it is, where it goes, and what is wrong or odd about it.

    `trouble` stops it; `known` says that it lies in the archive already; `odd` is only said.
    `target` is from the workspace.
    """

    source: Path
    subject: str
    item: str
    target: str = ""
    media: Media | None = None
    sha256: str = ""
    size: int = 0
    trouble: str = ""
    known: bool = False
    odd: str = ""
    loan_no: str = ""
    party: str = ""
    role: str = ""


def plan(
    asked: Iterable[tuple[Path, str, str]], lives: Lives, borrowers: dict[str, str], most_mb: int = PAPER_MB
) -> list[Paper]:
    """Return what would be filed: (file, letter, visit or list number, item) each looked at and given its place.

    Args:
        asked: What to file. An empty number or item means that the file's name did not tell.
        lives: Letters, visits and lists, with what was filed before.
        borrowers: By loan number, for the folder's name of a visit.
        most_mb: The largest paper that is taken, in megabytes.
    """
    planned: list[Paper] = []
    places: dict[str, str] = {}
    for one in papers_of(lives, None):
        places.setdefault(one.sha256, one.path)
    for source, subject, item in asked:
        paper = replace(Paper(source, subject, item), trouble=_unreadable(source, most_mb))
        placed = (
            _placed(paper, lives, borrowers, planned, places)
            if subject and item
            else replace(paper, trouble=_unnamed(paper))
        )
        if placed.target:
            places.setdefault(placed.sha256, placed.target)
        planned.append(placed)
    return planned


def _unnamed(paper: Paper) -> str:
    if not paper.subject:
        return "文件名里看不出是哪封函（要有函号、邮件号或上门编号）"
    return "文件名里看不出是哪一种材料：" + "、".join(ITEM_TITLES.values())


def _placed(
    paper: Paper, lives: Lives, borrowers: dict[str, str], planned: Sequence[Paper], places: Mapping[str, str]
) -> Paper:
    """Give a paper its place; `places` tells by digest where each paper lies or will lie.

    The same bytes cannot be two papers: one of them was put there by mistake.
    """
    whose = _whose(paper.subject, lives)
    unfit = _unfit(paper, whose) if whose else _unfit_list(paper, lives)
    if trouble := unfit or paper.trouble:
        return replace(paper, trouble=trouble)
    media = inspect(paper.source)
    if media.trouble or media.kind not in ACCEPTED.get(paper.item, PAPER):
        return replace(paper, media=media, trouble=media.trouble or _wrong_kind(paper, media))
    subject, folder, filed = _home(paper, whose, lives, borrowers)
    digest = digest_of(paper.source)
    owner = whose or next(iter(_of_list(lives, subject)), None)
    paper = replace(
        paper, subject=subject, media=media, sha256=digest, size=paper.source.stat().st_size,
        loan_no=owner.loan_no if owner else "", party=_addressee(owner)[1], role=_addressee(owner)[0],
    )  # fmt: skip
    if any(one.sha256 == digest and one.item == paper.item for one in filed):
        return replace(paper, known=True, target=next(one.path for one in filed if one.sha256 == digest))
    if other := places.get(digest):
        return replace(paper, trouble=f"与已归档的“{other}”一字不差：是不是放错了文件？")
    taken = [one.path for one in filed] + [one.target for one in planned if one.subject == subject]
    return replace(paper, target=path_of(folder, paper.item, paper.source.suffix, taken), odd=_odd(media, whose))


Owner = Life | Visit | Deed | LoanFile
"""What a paper may belong to, beside a posting list."""


def _whose(subject: str, lives: Lives) -> Owner | None:
    kinds = (lives.letters, lives.visits, lives.deeds, lives.files)
    return next((owner for kind in kinds if (owner := kind.get(subject))), None)


def _addressee(owner: Owner | None) -> tuple[str, str]:
    """Return the role and name of whom a paper is about."""
    if owner is None:
        return "", ""
    if isinstance(owner, LoanFile):
        return "borrower", owner.borrower
    return owner.parties[0] if isinstance(owner, Deed) else (owner.role, owner.party)


def _unfit(paper: Paper, whose: Owner | None) -> str:
    """Return why this item cannot be of this letter, visit, deed, loan or list."""
    item = ITEM_TITLES[paper.item]
    if isinstance(whose, Life):
        return _unfit_letter(paper, whose)
    if isinstance(whose, Visit) and paper.item not in VISIT_ITEMS:
        return f"{item}是函件的材料，上门没有"
    if isinstance(whose, Deed) and paper.item not in DEED_ITEMS:
        return f"{item}不是{whose.title}的材料"
    if isinstance(whose, LoanFile) and paper.item not in LOAN_ITEMS:
        return f"{item}是函件、上门或事件的材料：写它的编号，不写借据号"
    return ""


def _unfit_letter(paper: Paper, letter: Life) -> str:
    if paper.item not in (*LETTER_ITEMS, "address_clause"):
        kinds = {**dict.fromkeys(LOAN_ITEMS, "贷款本身（写借据号）"), **dict.fromkeys(VISIT_ITEMS, "上门")}
        return f"{ITEM_TITLES[paper.item]}是{kinds.get(paper.item, '还款、计划、诉讼等事件')}的材料，函件没有"
    if letter.voided:
        return f"{letter.letter_no}已作废"
    if paper.item == "returned" and letter.state == "delivered":
        return "这封函登记的是已妥投，没有退件：先用 ccm post status 改正"
    return ""


def _unfit_list(paper: Paper, lives: Lives) -> str:
    """Return why this item cannot be of this list: its number has the one paper that was stamped or signed."""
    item = "handover_list" if paper.subject in lives.handovers else "posting_list"
    return "" if paper.item == item else f"{paper.subject}下只存{ITEM_TITLES[item]}，不存{ITEM_TITLES[paper.item]}"


def _unreadable(source: Path, most_mb: int) -> str:
    if source.is_symlink() or not source.is_file():
        return "不是文件" if source.exists() else "没有这个文件"
    size = source.stat().st_size // 1024**2
    return f"有{size} MB，一份材料最多{most_mb} MB（ccm.toml 的 [limits] paper_mb）" if size > most_mb else ""


def _wrong_kind(paper: Paper, media: Media) -> str:
    return f"{ITEM_TITLES[paper.item]}不能是{media.format}"


def _home(
    paper: Paper, whose: Owner | None, lives: Lives, borrowers: dict[str, str]
) -> tuple[str, str, tuple[Filed, ...]]:
    """The number a paper is filed under, its folder, and what is filed under that number already."""
    if isinstance(whose, Visit):
        return whose.visit_no, of_visit(whose, borrowers.get(whose.loan_no, "")), whose.filed
    if isinstance(whose, Deed):
        return whose.deed_no, of_deed(whose, borrowers.get(whose.loan_no, "")), whose.filed
    if isinstance(whose, LoanFile):
        return whose.loan_no, of_loan(whose), whose.filed
    if whose is None or (paper.item == "posting_list" and whose.list_no):
        number = whose.list_no if whose else paper.subject
        return number, of_list(number, paper.item), lives.lists.get(number, ())
    return whose.letter_no, of_letter(whose), whose.filed


def _of_list(lives: Lives, list_no: str) -> list[Life]:
    return [life for life in lives.letters.values() if life.list_no == list_no]


def _odd(media: Media, whose: Owner | None) -> str:
    """A photo or recording older than its visit was made for something else."""
    if isinstance(whose, Visit) and media.taken_at and media.taken_at.date() < whose.visited.on:
        return f"拍摄（录制）于{media.taken_at:%Y-%m-%d %H:%M}，早于上门日{whose.visited.on}"
    return ""


def file_papers(papers: Sequence[Paper], root: Path, on: date) -> list[Note]:
    """Copy papers into the archive and return what to write into the journal about them.

    Raises:
        CcmError: `file-unwritable`.
    """
    notes = []
    for paper in papers:
        target = root / paper.target
        with written(target) as temporary:
            shutil.copyfile(paper.source, temporary)
        facts = {
            "subject": paper.subject,
            "item": paper.item,
            "path": paper.target,
            "sha256": paper.sha256,
            "size": paper.size,
            "modified_ns": target.stat().st_mtime_ns,
            "name": paper.source.name,
            **_made(paper.media),
        }
        notes.append(Note("evidence-filed", on, paper.loan_no, paper.party, paper.role, facts=facts))
    return notes


def _made(media: Media | None) -> dict[str, object]:
    if media is None:
        return {}
    return {
        "format": media.format,
        "pages": 1 if media.kind == "image" else media.pages,
        "taken_at": media.taken_at.isoformat() if media.taken_at else None,
        "place": list(media.place) if media.place else None,
    }


def named(files: Iterable[Path], root: Path, lives: Lives) -> list[tuple[Path, str, str]]:
    """Read off the names of a scan folder whose and which paper each file is.

    A letter is named by its number, its waybill's, or by a folder so named; a visit and a posting list by theirs.
    """
    by_waybill = {life.waybill: no for no, life in lives.letters.items() if life.waybill}
    lists = {life.list_no for life in lives.letters.values() if life.list_no}
    return [(file, _subject(str(file.relative_to(root)), lives, by_waybill, lists), _item(file)) for file in files]


def _subject(text: str, lives: Lives, by_waybill: dict[str, str], lists: set[str]) -> str:
    for numbers in (lives.visits, lists, lives.handovers):
        if found := next((number for number in numbers if number in text), ""):
            return found
    if life := lives.letter_named(text):
        return life.letter_no
    return next((no for waybill, no in by_waybill.items() if waybill in text.upper()), "")


def _item(file: Path) -> str:
    text = file.stem.casefold()
    hits = [(len(word), item) for item, words in WORDS.items() for word in words if re.search(re.escape(word), text)]
    return max(hits)[1] if hits else ""
