"""The life of a letter and of a visit, as the journal tells it: separate facts, each with its day, person and file.

What else keeps a right, a payment, a plan, a suit, is a deed: it has no life, but papers that prove it.

    issued → printed → listed → posted → delivered, refused or returned → every paper of it filed

Nothing here is stored: a life is read off the entries, and a correction is a later entry that counts instead.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ccm.model import Entry

LetterState = Literal["issued", "posted", "delivered", "returned"]

LIFE_TITLES: dict[LetterState, str] = {
    "issued": "未寄",
    "posted": "已寄",
    "delivered": "已妥投",
    "returned": "已退回",
}
ITEM_TITLES = {
    "original": "自留正本",
    "waybill": "面单寄件人存联",
    "delivery": "投递打印页",
    "returned": "退件",
    "posting_list": "寄送清单",
    "receipt": "回执",
    "recording": "录音",
    "photo_gate": "小区门口照片",
    "photo_door": "楼门口照片",
    "address_clause": "送达地址确认书",
    "payment_slip": "还款凭证",
    "plan": "签字的还款计划",
    "request": "签字的延期申请",
    "waiver": "签字的同意履行书",
    "slip": "签收回执原件",
    "deduction_slip": "扣款凭证",
    "deduction_clause": "授权扣收的条款",
    "newspaper": "报纸原页",
    "whereabouts": "下落不明的证明",
    "security": "新的担保合同",
    "filing_receipt": "立案或受理凭证",
    "acceptance": "受理回执",
    "notice": "债权转让通知书",
    "judgment": "生效法律文书",
    "obstacle_proof": "障碍起止的证明",
    "sending_log": "发送记录",
    "number_clause": "预留号码的条款",
    "complaint": "起诉状",
    "bank_papers": "本行主体材料",
    "mandate": "授权委托书",
    "identity": "被告身份材料",
    "contract": "借款合同",
    "loan_note": "借据",
    "guarantee_contract": "保证合同",
    "resolution": "股东会决议",
    "mortgage_contract": "抵质押合同",
    "title_deed": "他项权证",
    "voucher": "放款凭证",
    "entrusted": "受托支付凭证",
    "repayments": "还款流水",
    "arrears": "欠款计算表",
    "deferral": "暂缓起诉申请签批件",
    "preservation": "保全申请和担保",
    "lawyer_fee": "律师费合同和发票",
    "handover_list": "移交清单",
}
"""The papers of a letter (L10), of a visit (V5), of what else keeps a right (law.md §1.2), of the loan (§9)."""
LOAN_ITEMS = (
    "complaint", "bank_papers", "mandate", "identity", "contract", "loan_note", "guarantee_contract", "resolution",
    "mortgage_contract", "title_deed", "address_clause", "voucher", "entrusted", "repayments", "arrears", "deferral",
    "preservation", "lawyer_fee",
)  # fmt: skip
"""The papers of a loan's own file, in the order in which they go to the court (law.md §9)."""
LETTER_ITEMS = ("original", "waybill", "delivery", "returned", "posting_list", "receipt")
VISIT_ITEMS = ("recording", "photo_gate", "photo_door")
NOT_OF_DEEDS = {*VISIT_ITEMS, *LOAN_ITEMS, "posting_list", "receipt", "handover_list"} - {"address_clause"}
DEED_ITEMS = tuple(item for item in ITEM_TITLES if item not in NOT_OF_DEEDS)
RESULT_TITLES = {"delivered": "妥投", "returned": "退回", "refused": "拒收", "in_transit": "在途"}
FINAL = ("delivered", "refused", "returned")


class Fact(NamedTuple):  # one for nearly every entry of a journal: a frozen dataclass takes four times as long
    """Something that happened: on which day, written down by whom and when, and what the journal kept of it."""

    on: date
    actor: str
    at: str
    facts: Mapping[str, Any]


class Filed(NamedTuple):
    """A paper in the archive: its item, where it lies (from the workspace), and what identifies its bytes.

    `modified_ns` is the file's time when it was filed, for a quick check.
    """

    item: str
    path: str
    sha256: str
    size: int
    modified_ns: int
    on: date
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Life:
    """A letter and all that became of it."""

    letter_no: str
    kind: str
    title: str
    loan_no: str
    loans: tuple[str, ...]
    borrower: str
    party: str
    role: str
    address: str
    duty: str
    issued: Fact
    voided: Fact | None = None
    printed: Fact | None = None
    listed: Fact | None = None
    posted: Fact | None = None
    results: tuple[Fact, ...] = ()
    filed: tuple[Filed, ...] = ()

    @property
    def result(self) -> Fact | None:
        """The last word on what became of it, None while it is on its way."""
        final = [one for one in self.results if one.facts["status"] in FINAL]
        return final[-1] if final else None

    @property
    def state(self) -> LetterState:
        """Where it stands; a refused letter comes back, so it counts as returned."""
        if self.result:
            return "delivered" if self.result.facts["status"] == "delivered" else "returned"
        return "posted" if self.posted else "issued"

    @property
    def waybill(self) -> str:
        """The waybill's number, empty while there is none."""
        return str(self.posted.facts["waybill"]) if self.posted else ""

    @property
    def list_no(self) -> str:
        """The posting list it went out on, empty where it went alone: a list of one letter is no batch (L9)."""
        return str(self.listed.facts["list_no"]) if self.listed and self.listed.facts["letters"] > 1 else ""

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit and what was filed of it."""

    visit_no: str
    loan_no: str
    party: str
    role: str
    visited: Fact
    filed: tuple[Filed, ...] = ()

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class Deed:
    """What keeps a right and is no letter of ours: its code of `data/rights.toml`, to whom it happened, and its papers.

    `parties` are roles and names; `deed_no` is `J` and the number of its entry, a plan's is that of its hold.
    """

    deed_no: str
    code: str
    title: str
    loan_no: str
    parties: tuple[tuple[str, str], ...]
    done: Fact
    filed: tuple[Filed, ...] = ()

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class LoanFile:
    """The papers of a loan itself: contract, note, voucher and what else a suit needs (C6, law.md §9)."""

    loan_no: str
    borrower: str
    filed: tuple[Filed, ...] = ()

    def papers(self, item: str) -> tuple[Filed, ...]:
        """The papers filed under one item."""
        return tuple(one for one in self.filed if one.item == item)


@dataclass(frozen=True, slots=True)
class Lives:
    """Every letter, visit and deed by its number, the lists that were filed, posting and hand-over, and loans' files.

    `handovers` are the numbers of the lists by which cases were handed over, signed and filed or not.
    `plain` gives a letter's number by the form in which numbers are compared (`plain_no`).
    """

    letters: Mapping[str, Life]
    visits: Mapping[str, Visit]
    lists: Mapping[str, tuple[Filed, ...]]
    plain: Mapping[str, str]
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    handovers: frozenset[str] = frozenset()
    files: Mapping[str, LoanFile] = field(default_factory=dict)

    def papers(self, life: Life, item: str) -> tuple[Filed, ...]:
        """The papers of a letter; its posting list lies with the list, once for all its letters."""
        own = life.papers(item)
        return own or (self.lists.get(life.list_no, ()) if item == "posting_list" else ())

    def letter_named(self, text: str) -> Life | None:
        """Find the letter whose number is, or stands within, a text that people or the post office wrote.

        〔2026〕 comes back as [2026], (2026) or 【2026】, with blanks in it; of several that fit, the longest is it.
        """
        wanted = plain_no(text)
        if wanted in self.plain:
            return self.letters[self.plain[wanted]]
        fitting = [number for number in self.plain if _stands_in(number, wanted)]
        return self.letters[self.plain[max(fitting, key=len)]] if fitting else None


def plain_no(text: str) -> str:
    """Return a number as it is compared: half-width, no blanks, one kind of brackets."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[(\[{【〔]", "〔", re.sub(r"[)\]}】〕]", "〕", bare))


def _stands_in(number: str, text: str) -> bool:
    """A number stands in a text where no further digit makes it another one."""
    return any(not text[: found.start()][-1:].isalnum() for found in re.finditer(re.escape(number), text))


FAMILIES = ("letter", "evidence", "visit", "event", "payment", "promise", "hold", "handover", "purged")
"""The kinds of entries that `lives` looks at: `letter-issued`, `evidence-filed`, `visit` …."""
FINDS = ("event", "payment", "promise", "hold-set")
"""The kinds of entries that may begin a deed."""


def lives(entries: Iterable[Entry]) -> Lives:
    """Return what became of every letter, visit and deed.

    Args:
        entries: The journal's entries in order; those of other kinds are passed over.
    """
    found = _Found()
    for entry in entries:
        note = entry.note
        kind = note.kind
        if kind in {"evidence-filed", "evidence-withdrawn"}:
            found.file(entry)
        elif kind == "letter-issued":
            if "loans" in note.facts:
                found.letters[note.letter_no] = _Growing(entry)
        elif kind == "visit":
            found.visits[str(note.facts["visit_no"])] = _Growing(entry)
        elif kind in FINDS or kind == "event-changed":
            found.do(entry)
        elif kind == "handover":
            found.handovers[str(note.facts["handover_no"])] = frozenset(_any(entry)["loans"])
        elif kind == "purged":
            found.purge(note.loan_no)
        elif note.letter_no in found.letters:
            found.letters[note.letter_no].live(entry)
    return found.whole()


class _Growing:
    """A letter, visit or deed while the entries are read; a record copied at each would take most of the time."""

    __slots__ = ("begun", "filed", "marks", "results")

    def __init__(self, begun: Entry) -> None:
        self.begun = begun
        self.filed: dict[str, Filed] = {}
        self.marks: dict[str, Fact] = {}
        self.results: list[Fact] = []

    def live(self, entry: Entry) -> None:
        """Take in what became of a letter; the last word of a kind counts."""
        mark = entry.note.kind.removeprefix("letter-")
        if mark == "result":
            self.results.append(_fact(entry))
        elif mark in MARKS:
            self.marks[mark] = _fact(entry)

    def file(self, entry: Entry) -> None:
        """Add a paper, or take one away that was filed by mistake; the same place again is the newer bytes."""
        facts, note = _any(entry), entry.note
        path = facts["path"]
        self.filed.pop(path, None)
        if note.kind == "evidence-filed":
            self.filed[path] = Filed(
                facts["item"], path, facts["sha256"], facts["size"], facts["modified_ns"],
                note.on, entry.actor, entry.at,
            )  # fmt: skip

    @property
    def list_no(self) -> str:
        """The posting list a letter stands in, empty where it stands in none."""
        listed = self.marks.get("listed")
        return str(listed.facts["list_no"]) if listed else ""

    @property
    def papers(self) -> tuple[Filed, ...]:
        """What is filed."""
        return tuple(self.filed.values())

    def letter(self) -> Life:
        """Return it as a letter."""
        note, facts = self.begun.note, _any(self.begun)
        return Life(
            note.letter_no, facts["kind"], facts["title"], note.loan_no, tuple(facts["loans"]), facts["borrower"],
            note.party, note.role, facts["address"], note.duty, _fact(self.begun),
            results=tuple(self.results), filed=self.papers, **self.marks,
        )  # fmt: skip

    def visit(self) -> Visit:
        """Return it as a visit."""
        note = self.begun.note
        return Visit(str(note.facts["visit_no"]), note.loan_no, note.party, note.role, _fact(self.begun), self.papers)

    def deed(self, number: str) -> Deed:
        """Return it as a deed: what was said of its end later counts with what was said at first."""
        note, facts = self.begun.note, _any(self.begun)
        code, title = DEEDS[note.kind] if note.kind != "event" else (facts["code"], facts["title"])
        parties = tuple((role, name) for role, name in facts.get("parties", ((note.role, note.party),)))
        done = _fact(self.begun)
        if self.results:
            told = {key: value for one in (done, *self.results) for key, value in one.facts.items()}
            done = done._replace(facts=told)
        return Deed(number, code, title, note.loan_no, parties, done, self.papers)


MARKS = {"voided", "printed", "listed", "posted"}
DEEDS = {
    "payment": ("PART_PAYMENT", "还款"),
    "promise": ("PROMISE", "承诺"),
    "hold-set": ("PLAN", "还款计划"),
}
"""What these entries are as deeds: code and title. A promise is a plan once it is filed in writing."""


class _Found:
    """What was found so far, by number."""

    def __init__(self) -> None:
        self.letters: dict[str, _Growing] = {}
        self.visits: dict[str, _Growing] = {}
        self.deeds: dict[str, _Growing] = {}
        self.lists: dict[str, _Growing] = {}
        self.files: dict[str, _Growing] = {}
        self.handovers: dict[str, frozenset[str]] = {}
        self.purged: set[str] = set()

    def file(self, entry: Entry) -> None:
        """File a paper with what it belongs to: a letter, a visit, a deed, a loan itself, else a posting list."""
        number = str(entry.note.facts["subject"])
        if number == entry.note.loan_no:
            self.files.setdefault(number, _Growing(entry)).file(entry)
            return
        owner = self.letters.get(number) or self.visits.get(number) or self.deeds.get(number)
        (owner or self.lists.setdefault(number, _Growing(entry))).file(entry)

    def do(self, entry: Entry) -> None:
        """Add a deed; a change says of an earlier one what became of it."""
        kind, facts = entry.note.kind, _any(entry)
        if kind == "event-changed":
            if old := self.deeds.get(facts["event_no"]):
                old.results.append(_fact(entry))
        elif kind != "hold-set":
            self.deeds[f"J{entry.seq}"] = _Growing(entry)
        elif facts["reason"] == "plan":
            self.deeds[facts["hold_no"]] = _Growing(entry)

    def purge(self, loan_no: str) -> None:
        """Leave out a loan whose keeping is over; what it shares with others stays until they go too (law.md §9)."""
        self.purged.add(loan_no)
        gone = {number for number, one in self.letters.items() if self.purged.issuperset(_any(one.begun)["loans"])}
        lists = {number for number, loans in self.handovers.items() if self.purged.issuperset(loans)}
        lists |= {self.letters[number].list_no for number in gone}
        self.letters = {number: one for number, one in self.letters.items() if number not in gone}
        lists -= {one.list_no for one in self.letters.values()}
        for found in (self.visits, self.deeds):
            for number in [number for number, one in found.items() if one.begun.note.loan_no == loan_no]:
                del found[number]
        self.files.pop(loan_no, None)
        self.lists = {number: one for number, one in self.lists.items() if number not in lists}

    def whole(self) -> Lives:
        """Return it all."""
        return Lives(
            {number: one.letter() for number, one in self.letters.items()},
            {number: one.visit() for number, one in self.visits.items()},
            {number: one.papers for number, one in self.lists.items()},
            {plain_no(number): number for number in self.letters},
            {number: one.deed(number) for number, one in self.deeds.items()},
            frozenset(self.handovers),
            {number: LoanFile(number, one.begun.note.party, one.papers) for number, one in self.files.items()},
        )


def _fact(entry: Entry) -> Fact:
    return Fact(entry.note.on, entry.actor, entry.at, entry.note.facts)


def _any(entry: Entry) -> Mapping[str, Any]:
    return entry.note.facts
