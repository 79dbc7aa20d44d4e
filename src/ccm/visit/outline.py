"""The talk plan (谈话提纲): who this is, how to open, what to answer, what to do at the door (V2, V3, T, C3).

Printed on both sides it is one sheet: what is read before the gate comes first, what is looked up at the door last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm import paper
from ccm.masking import mask_identity
from ccm.model import ROLE_TITLES
from ccm.units import in_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from ccm.model import LoanNote
    from ccm.person import Part
    from ccm.talk.advice import Advice
    from ccm.talk.phrases import Objection, Situation
    from ccm.visit.errands import Meeting, Pack
    from ccm.visit.trip import Trip

TOLD = 7
"""How many lines of the past are on the sheet: the newest; the whole is in the case file."""
SAID = 4
"""How many things not to say are on the sheet: the first are those of this very customer."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything the talk plan of one debtor says, beside the pack itself.

    `figures_on` is the ledger's day; `past` are lines of the time line, oldest first, `words` holds and promises.
    `elsewhere` is what the debtor owes or guarantees beside the pack's loans.
    """

    pack: Pack
    occupation: str
    manager: str
    notes: tuple[LoanNote, ...]
    figures_on: date
    past: tuple[str, ...]
    words: tuple[str, ...]
    elsewhere: tuple[Part, ...]
    accounts: tuple[str, ...]
    advice: Advice
    objections: tuple[Objection, ...]
    situations: tuple[Situation, ...]


def write_outline(outline: Outline, trip: Trip, path: Path) -> None:
    """Write the talk plan.

    Raises:
        CcmError: `file-unwritable`.
    """
    debtor = outline.pack.debtor
    made = paper.document(f"上门谈话提纲　{debtor.name}", carried=True)
    paper.line(made, f"{trip.on}　上门人：{trip.visitor_words}（至少{trip.staff}人同行）　管户：{outline.manager}")
    paper.line(
        made,
        f"守则　{trip.hours}之间；先报姓名单位、出示工作证；未经同意不进门；只同本人谈欠款，旁人面前不提；"
        "不张贴、不吓唬、不收现金。",
        bold=True,
    )
    _front(made, outline)
    _back(made, outline, trip)
    paper.save(made, path)


def _front(made: object, outline: Outline) -> None:
    pack, debtor = outline.pack, outline.pack.debtor
    paper.table(made, (), _profile(outline), (20, 71, 20, 69), size=11, lead=True)
    paper.heading(made, f"欠款（台账{outline.figures_on}，元）")
    rows = [_owed(note) for note in outline.notes]
    if len(rows) > 1:
        rows.append(("合计", *(yuan(sum(getattr(note, f"{key}_cents") for note in outline.notes)) for key in SUMS), ""))
    heads = ("借据号", "余额", "逾期本金", "利息", "罚息复利", "逾期天数")
    paper.table(made, heads, rows, (40, 31, 31, 28, 25, 25), size=10.5)
    _list(made, "当面交的函", _papers(pack.meetings))
    others = [one for one in pack.meetings if one.party.name != debtor.name]
    if others or len(pack.cases[0].parties) > 1:
        paper.heading(made, "共同借款人、担保人")
        people = ("身份", "姓名", "电话", "地址", "注意")
        paper.table(made, people, _people(pack), (22, 22, 31, 64, 41), size=10.5)
    _list(made, "另外的借款和担保", [_part(one) for one in outline.elsewhere])
    _list(made, "账户和查询", outline.accounts)
    _list(made, "承诺和暂停", outline.words)
    past = outline.past[-TOLD:]
    more = len(outline.past) - len(past)
    _list(made, f"催收经过（最近{len(past)}条{f'，更早的{more}条见案卷' if more else ''}）", past)


def _back(made: object, outline: Outline, trip: Trip) -> None:
    advice = outline.advice
    paper.heading(made, "怎么谈")
    paper.line(made, f"先认人　{advice.first}{advice.stranger}。", bold=True)
    for opening in advice.openings[:2]:
        paper.line(made, f"开场　{opening}", bold=True)
    for kind in (advice.occupation, advice.style):
        if kind:
            paper.line(made, f"{kind.title}　{'；'.join(kind.approach)}。", bold=True)
    for question in advice.questions:
        paper.line(made, f"问　{question.ask}听：{question.listen}。", bold=True)
    paper.line(made, "别说　" + "；".join(f"“{one.say}”" for one in advice.avoid[:SAID]), bold=True)
    paper.heading(made, "他说……，您答……")
    rows = [(one.title, one.answers[0], one.ask) for one in outline.objections]
    paper.table(made, ("他说", "您答", "接着问"), rows, (26, 88, 66), size=10.5, lead=True)
    paper.heading(made, "到了门口")
    names = {"bank": trip.bank, "manager": outline.manager, "name": outline.pack.debtor.name}
    doing = [(one.title, "；".join(one.do), one.say.format(**names)) for one in outline.situations]
    paper.table(made, ("情形", "做什么", "怎么说"), doing, (22, 98, 60), size=10, lead=True)
    paper.line(made, f"{advice.caution}。", small=True)


SUMS = ("balance", "principal", "interest")


def _profile(outline: Outline) -> list[tuple[str, ...]]:
    party, case = outline.pack.debtor, outline.pack.cases[0]
    kind = "企业" if case.party_kind == "company" else outline.occupation or "职业不详"
    first = case.past_arrears
    history = "台账没有写" if first is None else f"以往逾期{first}次" if first else "以往没有逾期"
    return [
        ("电话", party.phone or "没有", "证件", mask_identity(party.id_no) if party.id_no else "台账没有"),
        ("地址", party.address or "台账没有", "职业", f"{kind}；{history}"),
    ]


def _owed(note: LoanNote) -> tuple[str, ...]:
    extra = (note.penalty_cents or 0) + (note.compound_cents or 0)
    return (
        note.loan_no,
        yuan(note.balance_cents),
        yuan(note.principal_cents),
        yuan(note.interest_cents),
        yuan(extra) if extra else "—",
        f"{note.dpd}天",
    )


def _papers(meetings: Sequence[Meeting]) -> list[str]:
    """What is handed to whom; what is owed and has no number is said, for it is not in the folder."""
    lines = []
    for one in meetings:
        carried = [f"《{paper.title}》{paper.letter_no}（{paper.state}）" for paper in one.papers]
        missing = [f"《{title}》还没有签发，出门前补" for title in one.wanted]
        if carried or missing:
            lines.append(f"□ 交{one.party.name}：{'；'.join([*carried, *missing])}")
    return lines or ["没有已签发的函"]


def _people(pack: Pack) -> list[tuple[str, ...]]:
    notes = {(one.party.role, one.party.name): one.note for meeting in pack.meetings for one in meeting.errands}
    rows = {}
    for case in pack.cases:
        for party in case.parties[1:]:
            until = f"台账写保证至{party.guarantee_until_on}" if party.guarantee_until_on else ""
            if party.released_on:
                until = f"保证期间已于{party.released_on}届满，不要求承担"
            kind = party.guarantee_kind or (case.guarantee_kind if party.role == "guarantor" else "") or ""
            note = "；".join(filter(None, (notes.get((party.role, party.name), ""), kind, until)))
            rows[party.role, party.name] = (
                ROLE_TITLES[party.role],
                party.name,
                party.phone or "",
                party.address or "",
                note,
            )
    return list(rows.values())


def _part(part: Part) -> str:
    owed = f"逾期{part.dpd}天，逾期本息{yuan(part.overdue_cents)}元" if part.stage is not None else "没有逾期"
    whose = "" if part.role == "borrower" else f"（借款人{part.borrower}）"
    unsure = "；只按姓名对上，请核对" if part.by_name_only else ""
    return f"{ROLE_TITLES[part.role]}　{part.loan_no}{whose}，余额{in_yuan(part.balance_cents)}，{owed}{unsure}"


def _list(made: object, title: str, lines: Sequence[str]) -> None:
    if lines:
        paper.heading(made, title)
        for one in lines:
            paper.line(made, one)
