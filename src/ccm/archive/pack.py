"""The bundle for the court hand-over (C11): catalogue, time line, arrears, all evidence numbered, and its digests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm import paper
from ccm.archive.check import digest_of
from ccm.life import DEED_ITEMS, ITEM_TITLES, LOAN_ITEMS, Deed, LoanFile, Visit
from ccm.lock import write_zip
from ccm.model import ROLE_TITLES
from ccm.safe import clear, file_name, written
from ccm.units import chinese_day, in_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from ccm.archive.check import Standing
    from ccm.life import Filed, Life, Lives
    from ccm.model import LoanNote

LETTER_ORDER = ("original", "waybill", "posting_list", "delivery", "returned", "receipt", "address_clause")
VISIT_ORDER = ("recording", "photo_gate", "photo_door")
KINDS = {"delivery": "打印件", "recording": "电子数据", "photo_gate": "电子数据", "photo_door": "电子数据"}
"""What the file in the bundle is; of all other papers it is a scan, and the original lies in the paper file."""
SCAN = "扫描件（原件在卷）"
PROVES = {
    "identity": "被告的身份",
    "contract": "借款关系，借款的金额、利率、期限和还款方式",
    "loan_note": "借款的发放和到期",
    "guarantee_contract": "保证关系，保证的方式、范围和期间",
    "resolution": "保证人的有权机构同意担保",
    "mortgage_contract": "抵押、质押关系和担保范围",
    "title_deed": "抵押权已经登记",
    "address_clause": "约定或确认的送达地址",
    "voucher": "本行已经放款",
    "entrusted": "贷款按约支付给交易对手",
    "repayments": "已还和未还的本金、利息",
    "arrears": "所请求的本金、利息、罚息、复利及其算法",
    "deferral": "为什么到现在才起诉，债务人按方案还了多少",
    "preservation": "申请保全和担保",
    "lawyer_fee": "实现债权的费用",
}
"""What a paper of the loan itself proves; what is not here is no evidence, but goes along."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One numbered piece of evidence: what it is, of which letter or visit, and what it proves."""

    number: int
    title: str
    subject: str
    on: date
    pages: int | None
    form: str
    proves: str
    filed: Filed
    name: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that goes into one case's bundle.

    `timeline` is (day, party, what, who wrote it down); `lacking` says what the archive check found missing.
    `statement` are the files of the latest arrears statement with their digests, none where none was made.
    `suit` says how the suit stands, empty where nothing was done about it; `more` are further papers: a name, and what
    writes it.
    """

    loan_no: str
    borrower: str
    on: date
    exhibits: tuple[Exhibit, ...]
    timeline: Sequence[tuple[date, str, str, str]]
    note: LoanNote | None
    ledger: str
    lacking: tuple[str, ...]
    statement: tuple[tuple[Path, str], ...] = ()
    suit: str = ""
    more: tuple[tuple[str, Callable[[Path], None]], ...] = ()


Source = tuple["Life | Visit | Deed | LoanFile", str, "Filed"]
"""Whose paper it is, which item, and the paper."""


def exhibits(loan_no: str, lives: Lives, pages: dict[str, int | None]) -> tuple[Exhibit, ...]:
    """Return the evidence of a loan: its own papers, the letters in the order of issue, visits, what keeps a right.

    Args:
        loan_no: The loan; a letter that lists several loans is evidence in each.
        lives: Every letter and visit.
        pages: By path of a filed paper.
    """
    found: list[Exhibit] = []
    for whose, item, filed in _papers(loan_no, lives):
        number = len(found) + 1
        subject, on, proves = _told(whose, item, filed)
        suffix = filed.path.rsplit(".", 1)[-1]
        name = f"{number:03d}_{file_name(subject, ITEM_TITLES[item])}.{suffix}"
        found.append(
            Exhibit(
                number, ITEM_TITLES[item], subject, on, pages.get(filed.path),
                KINDS.get(item, SCAN), proves, filed, name,
            )
        )  # fmt: skip
    return tuple(found)


def _papers(loan_no: str, lives: Lives) -> Iterator[Source]:
    if own := lives.files.get(loan_no):
        yield from ((own, item, filed) for item in LOAN_ITEMS for filed in own.papers(item))
    for life in lives.letters.values():
        if loan_no in life.loans and not life.voided:
            yield from ((life, item, filed) for item in LETTER_ORDER for filed in lives.papers(life, item))
    for visit in lives.visits.values():
        if visit.loan_no == loan_no:
            yield from ((visit, item, filed) for item in VISIT_ORDER for filed in visit.papers(item))

    for deed in lives.deeds.values():
        if deed.loan_no == loan_no:
            yield from ((deed, item, filed) for item in DEED_ITEMS for filed in deed.papers(item))


def _told(whose: Life | Visit | Deed | LoanFile, item: str, filed: Filed) -> tuple[str, date, str]:
    """Return what a paper belongs to, the day it speaks of (a loan's own: that of its filing), and what it proves."""
    if isinstance(whose, LoanFile):
        return "贷款档案", filed.on, PROVES.get(item, "—")
    if isinstance(whose, Visit):
        return f"上门{whose.visit_no}", *_of_visit(whose)
    if isinstance(whose, Deed):
        names = "、".join(name for _, name in whose.parties)
        on = whose.done.on
        return f"{whose.title}{whose.deed_no}", on, f"{chinese_day(on)}{names}{whose.title}，主张或承认了权利"
    return whose.letter_no, *_of_letter(whose, item, filed)


def _of_visit(visit: Visit) -> tuple[date, str]:
    on = visit.visited.on
    return on, f"{chinese_day(on)}上门向{_whom(visit)}催收"


def _of_letter(life: Life, item: str, filed: Filed) -> tuple[date, str]:
    """The day a paper speaks of (not the day it was filed), and what it proves (证明对象)."""
    result, posted = life.result, life.posted.on if life.posted else filed.on
    day = f"于{chinese_day(result.on)}" if result else ""
    reason = str(result.facts.get("reason") or result.facts.get("text") or "") if result else ""
    ended = result.on if result else filed.on
    return {
        "original": (
            life.issued.on,
            f"{chinese_day(life.issued.on)}以《{life.title}》向{_whom(life)}主张权利，及主张的内容和金额",
        ),
        "waybill": (posted, f"上述函件以邮政特快专递寄往{life.address}，邮件号{life.waybill or '见面单'}"),
        "posting_list": (posted, f"上述函件列入寄送清单{life.list_no}，经邮政收寄盖章"),
        "delivery": (ended, f"上述函件{day}送达{_whom(life)}"),
        "returned": (ended, f"上述函件{day}被退回{f'，原因：{reason}' if reason else ''}"),
        "receipt": (ended, f"{_whom(life)}签收上述函件并书面确认"),
        "address_clause": (filed.on, f"{_whom(life)}书面确认过上述函件所寄的送达地址"),
    }[item]


def _whom(whose: Life | Visit) -> str:
    return f"{ROLE_TITLES.get(whose.role, '')}{whose.party}"  # type: ignore[call-overload]


def write_bundle(bundle: Bundle, folder: Path, root: Path, password: str | None = None) -> Path:
    """Write the bundle as a folder and beside it a .zip with the same content; return the .zip.

    With a password the .zip is locked, and the folder, which anybody could open, does not stay.

    Names in the .zip are UTF-8 and marked so, which Windows reads right.

    Raises:
        CcmError: `file-unwritable`.
    """
    if folder.exists():
        clear(folder)
    _catalogue(bundle, folder / "01_证据目录.docx")
    _timeline(bundle, folder / "02_催收过程.docx")
    _arrears(bundle, folder / "03_欠款情况.docx")
    for name, write in bundle.more:
        write(folder / name)
    digests = {}
    for path, digest in bundle.statement:
        name = _statement_name(path)
        with written(folder / name) as temporary:
            shutil.copyfile(path, temporary)
        digests[name] = digest
    for one in bundle.exhibits:
        target = folder / "证据" / one.name
        with written(target) as temporary:
            shutil.copyfile(root / one.filed.path, temporary)
        digests[f"证据/{one.name}"] = one.filed.sha256
    _manifest(digests, folder)
    zipped = _zipped(folder, password)
    if password is not None:
        clear(folder)
    return zipped


def _statement_name(path: Path) -> str:
    return f"04_欠款计算表{path.suffix}"


def unchanged(path: Path, sha256: str) -> bool:
    """Tell whether a file is there and is still the one of that digest."""
    return path.is_file() and digest_of(path) == sha256


def _catalogue(bundle: Bundle, path: Path) -> None:
    made = paper.document("证据目录", across=True)
    paper.line(made, f"借款人：{bundle.borrower}　　借据号：{bundle.loan_no}　　编制日期：{chinese_day(bundle.on)}")
    if bundle.suit:
        paper.line(made, f"起诉：{bundle.suit}")
    if bundle.lacking:
        paper.heading(made, "本卷尚不完整，缺少：")
        paper.bullets(made, bundle.lacking)
    rows = [
        (one.number, one.title, one.subject, one.on, one.pages, one.form, one.proves, one.name)
        for one in bundle.exhibits
    ]
    heads = ("序号", "名称", "函号（编号）", "日期", "页数", "原件或复印件", "证明对象", "文件")
    paper.table(made, heads, rows, (12, 28, 38, 28, 12, 28, 66, 46))
    if not rows:
        paper.line(made, "还没有归档的证据。")
    if bundle.statement:
        paper.line(made, f"另附：{'、'.join(_statement_name(path) for path, _ in bundle.statement)}")
    paper.line(made, "提交人：　　　　　　　　　签收人：　　　　　　　　　　　　年　　月　　日")
    paper.save(made, path)


def _timeline(bundle: Bundle, path: Path) -> None:
    made = paper.document("催收过程")
    paper.line(made, f"借款人：{bundle.borrower}　　借据号：{bundle.loan_no}")
    paper.table(made, ("日期", "对象", "事项", "登记人"), bundle.timeline, (28, 36, 72, 20))
    paper.line(made, "以上按催收记录编制；记录逐条以摘要相连，事后改动可以查出。", small=True)
    paper.save(made, path)


def _arrears(bundle: Bundle, path: Path) -> None:
    made = paper.document("欠款情况")
    note = bundle.note
    if note is None:
        paper.line(made, f"截至{chinese_day(bundle.on)}，台账里这笔贷款没有逾期的本金和利息，或已不在台账里。")
    else:
        rows = (
            ("借款人", bundle.borrower),
            ("借据号", note.loan_no),
            ("合同号", note.contract_no or "（台账未载）"),
            ("发放日、到期日", f"{note.issued_on or '—'}，{note.due_on or '—'}"),
            ("贷款金额", _known(note.amount_cents)),
            ("贷款余额", in_yuan(note.balance_cents)),
            ("逾期本金", f"{yuan(note.principal_cents)}元"),
            ("逾期利息", f"{yuan(note.interest_cents)}元"),
            ("罚息", _known(note.penalty_cents)),
            ("复利", _known(note.compound_cents)),
            ("逾期本息合计", f"{yuan(note.owed_cents)}元"),
            ("最早欠款日、逾期天数", f"{note.since_on}，{note.dpd}天"),
        )
        paper.line(made, f"截至{chinese_day(bundle.on)}：")
        paper.table(made, ("项目", "内容"), rows, (50, 106))
        paper.line(made, f"出处：{bundle.ledger}。实际应付金额以结清日核算为准。", small=True)
    paper.line(made, "经办人：　　　　　　　　复核人：　　　　　　　　（盖章）")
    paper.save(made, path)


def _known(cents: int | None) -> str:
    return "（台账未单列）" if cents is None else f"{yuan(cents)}元"


def _manifest(digests: dict[str, str], folder: Path) -> None:
    """SHA-256 of every file as `sha256sum -c` reads it; of the evidence, the digest of the day it was filed."""
    for path in sorted(folder.glob("*.docx")):
        digests.setdefault(path.name, digest_of(path))
    lines = [f"{digest}  {name}\n" for name, digest in sorted(digests.items())]
    with written(folder / "SHA256.txt") as temporary:
        temporary.write_text("".join(lines), encoding="utf-8", newline="\n")


def _zipped(folder: Path, password: str | None) -> Path:
    target = folder.with_name(f"{folder.name}.zip")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    write_zip(target, ((path, f"{folder.name}/{path.relative_to(folder).as_posix()}") for path in files), password)
    return target


def lacking(standings: Sequence[Standing]) -> tuple[str, ...]:
    """Say what the check found missing or bad, one sentence per letter or visit."""
    words = {"missing": "缺", "damaged": "读不出", "changed": "归档后被改动"}
    told = []
    for one in standings:
        parts = [
            f"{word}{'、'.join(ITEM_TITLES[item] for item in getattr(one, what))}"
            for what, word in words.items()
            if getattr(one, what)
        ]
        if parts:
            told.append(f"{one.of.title}：{'；'.join(parts)}")
    return tuple(told)
