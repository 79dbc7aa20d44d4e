"""Lives read off the journal's entries, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.life.record import Deed, Fact, Filed, Life, Lives, LoanFile, Visit, plain_no

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.model import Entry

FAMILIES = ("letter", "evidence", "visit", "event", "payment", "promise", "hold", "handover", "purged")
"""The kinds of entries that `lives` looks at: `letter-issued`, `evidence-filed`, `visit` …."""
FINDS = ("event", "payment", "promise", "hold-set")
"""The kinds of entries that may begin a deed."""
CHANGES = ("event-changed", "payment-undone")
"""Those that say what became of one."""


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
        elif kind in FINDS or kind in CHANGES:
            found.do(entry)
        elif kind == "handover":
            found.handovers[str(note.facts["handover_no"])] = frozenset(entry.note.facts["loans"])
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
        facts, note = entry.note.facts, entry.note
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
        note, facts = self.begun.note, self.begun.note.facts
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
        note, facts = self.begun.note, self.begun.note.facts
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
        """Add a deed; a change says of an earlier one what became of it, or that it never was."""
        kind, facts = entry.note.kind, entry.note.facts
        if kind == "payment-undone":
            self.deeds.pop(f"J{facts['payment_seq']}", None)
            return
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
        gone = {number for number, one in self.letters.items() if self.purged.issuperset(one.begun.note.facts["loans"])}
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
