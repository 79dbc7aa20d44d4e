"""The case file of one loan: how it stands, who owes, what holds it, what was promised, what is owed to it, its past.

The same record is shown on the screen, as JSON, and as a Word file to print and file (C11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccm.holds import in_words
from ccm.model import CHANNEL_TITLES, HOLD_STATES, PROMISE_STATES, ROLE_TITLES, STATE_TITLES
from ccm.paper import marked
from ccm.safe import written
from ccm.signals import in_one_line
from ccm.statutes import named
from ccm.suit.standing import in_words as suit_words
from ccm.units import in_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from docx.document import Document as Word

    from ccm.model import Duty, Figures, Hold, Party, Promise, Signal, Suit
    from ccm.timeline import Event


@dataclass(frozen=True, slots=True)
class Dossier:
    """All there is to know of one loan on a day.

    `standing` is how it stands in one sentence; `states` says what befell a party, by role and name.
    `figures` is None for a loan that is in no ledger any more.
    """

    loan_no: str
    borrower: str
    product: str
    manager: str
    branch: str
    as_of: date
    standing: str
    figures: Figures | None
    parties: tuple[Party, ...]
    states: dict[tuple[str, str], str]
    holds: tuple[Hold, ...]
    promises: tuple[Promise, ...]
    duties: tuple[Duty, ...]
    events: tuple[Event, ...]
    signals: tuple[Signal, ...] = ()
    suit: Suit | None = None

    @property
    def outstanding(self) -> list[Duty]:
        """What has arisen and is not done, in the order it arose."""
        return [duty for duty in self.duties if duty.state in {"due", "overdue"}]


def by_rule(duties: Iterable[Duty]) -> list[tuple[Duty, str]]:
    """Return one line per duty of the policy: the first of it, and the parties it is owed to, in words."""
    groups: dict[str, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(duty.id, []).append(duty)
    return [(group[0], "、".join(f"{ROLE_TITLES[one.role]}{one.party}" for one in group)) for group in groups.values()]


def event_words(event: Event, *, detail: bool) -> str:
    """Return a line's text with the duties it does, the day it was entered where that is another, and its details."""
    parts = [event.text, f"办了：{'、'.join(event.does)}" if event.does else ""]
    parts += [f"{event.entered_on}补记" if event.entered_on else "", *(event.detail if detail else ())]
    return "；".join(part for part in parts if part)


def person_words(event: Event) -> str:
    """Return with whom a line happened: name and role."""
    role = ROLE_TITLES.get(event.role)  # type: ignore[call-overload]
    return f"{event.party}（{role}）" if role else event.party


def party_words(dossier: Dossier, party: Party) -> str:
    """Return a party's role and name, and what befell them."""
    state = dossier.states.get((party.role, party.name))
    return f"{ROLE_TITLES[party.role]}{party.name}" + (f"（{state}）" if state else "")


def promise_words(promise: Promise) -> str:
    """Return a promise and what became of it."""
    paid = f"，已见还款{yuan(promise.paid_cents)}元" if promise.paid_cents else ""
    return (
        f"{promise.party}{promise.made_on}承诺{promise.by}前还{yuan(promise.amount_cents)}元："
        f"{PROMISE_STATES[promise.state]}{paid}"
    )


def hold_words(hold: Hold) -> str:
    """Return a hold with its number, what became of it and whose it is."""
    ended = f"，{hold.ended_on}" if hold.ended_on else ""
    return f"{in_words(hold)}；{HOLD_STATES[hold.state]}{ended}；负责人{hold.owner}（{hold.hold_no}）"


def write_docx(dossier: Dossier, path: Path) -> None:
    """Write the case file as a Word document, A4, to print and put on file.

    Raises:
        CcmError: `file-unwritable`.
    """
    from docx import Document

    document = Document()
    _page(document, f"{dossier.loan_no} {dossier.borrower}　截至{dossier.as_of}")
    document.add_heading(f"催收案卷　{dossier.borrower}", level=0)
    document.add_paragraph(dossier.standing)
    _table(document, (), _facts(dossier), (32, 138))
    _section(document, "相关人")
    people = [
        (party_words(dossier, one), one.id_no or "", one.phone or "", one.address or "") for one in dossier.parties
    ]
    _table(document, ("姓名", "证件号码", "电话", "地址"), people, (38, 47, 30, 55))
    if dossier.holds:
        _section(document, "暂停与计划")
        _list(document, map(hold_words, dossier.holds))
    if dossier.promises:
        _section(document, "承诺")
        _list(document, map(promise_words, dossier.promises))
    if dossier.suit and (words := suit_words(dossier.suit)):
        _section(document, "起诉")
        _list(document, [words])
    if dossier.signals:
        _section(document, "预警信号")
        _list(document, map(in_one_line, dossier.signals))
    _section(document, "应办未办")
    _table(document, ("条款", "事项", "对谁", "最迟", "状态"), _owed(dossier), (14, 54, 56, 24, 22))
    _section(document, f"经过（{len(dossier.events)}条）")
    _table(document, ("日期", "时刻", "事项", "对谁", "内容", "登记人"), _past(dossier), (26, 15, 20, 20, 72, 17))
    with written(path) as temporary:
        document.save(str(temporary))


def _facts(dossier: Dossier) -> list[tuple[str, str]]:
    facts = [("借据号", dossier.loan_no), ("产品", dossier.product), ("管户", f"{dossier.manager}　{dossier.branch}")]
    if dossier.figures:
        figures = dossier.figures
        facts.append(("贷款余额", f"{in_yuan(figures.balance_cents)}（台账{figures.on}）"))
        facts.append(("逾期本金、利息", f"{yuan(figures.principal_cents)}元、{yuan(figures.interest_cents)}元"))
    return facts


def _owed(dossier: Dossier) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            named(one.rule),
            f"{one.title}（{CHANNEL_TITLES[one.channel]}）",
            people,
            str(one.due_on),
            STATE_TITLES[one.state],
        )
        for one, people in by_rule(dossier.outstanding)
    ]
    return rows or [("", "没有", "", "", "")]


def _past(dossier: Dossier) -> list[tuple[str, ...]]:
    return [
        (str(one.on), one.at, one.title, one.party, event_words(one, detail=True), one.actor) for one in dossier.events
    ] or [("", "", "没有记录", "", "", "")]


def _page(document: Word, footer: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    marked(document)
    section: Any = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    fonts = {"Normal": ("仿宋", 10.5), "Title": ("黑体", 18), "Heading 2": ("黑体", 12), "List Bullet": ("仿宋", 10.5)}
    for name, (font, size) in fonts.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), None
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in ((f"{footer}　第", ""), ("", "PAGE"), ("页　共", ""), ("", "NUMPAGES"), ("页", "")):
        run = line.add_run(text)
        if field:
            element = OxmlElement("w:fldSimple")
            element.set(qn("w:instr"), field)
            element.append(run._r)  # noqa: SLF001 - python-docx has no word for fields
            line._p.append(element)  # noqa: SLF001


def _section(document: Word, title: str) -> None:
    document.add_heading(title, level=2)


def _list(document: Word, lines: Iterable[str]) -> None:
    for line in lines:
        document.add_paragraph(line, style="List Bullet")


def _table(document: Word, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    """Add a table with fixed widths in millimetres; without heads its first column is one."""
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    rows = [*([heads] if heads else []), *rows]
    table: Any = document.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    if heads:
        # A long past runs over pages: each begins with the heads again.
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no word for it
    for place, values in enumerate(rows):
        for column, (value, width) in enumerate(zip(values, widths, strict=True)):
            cell = table.cell(place, column)
            cell.width = Mm(width)
            run = cell.paragraphs[0].add_run(value)
            run.font.size = Pt(9.5)
            run.bold = place == 0 if heads else column == 0
