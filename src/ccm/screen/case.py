"""One case and one person as the terminal shows them, and what was just written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccm.dossier import by_rule, event_words, hold_words, party_words, promise_words
from ccm.masking import mask_identity, mask_phone
from ccm.model import PRODUCT_TITLES, ROLE_TITLES
from ccm.said import title
from ccm.screen.letters import show_each
from ccm.screen.marks import SUIT_STYLES, hold_mark, hold_style
from ccm.signals import in_one_line
from ccm.statutes import named
from ccm.suit.standing import in_words as suit_words
from ccm.units import short_day, short_yuan, yuan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from ccm.dossier import Dossier
    from ccm.errors import Finding
    from ccm.model import Duty, Hold
    from ccm.person import Person
    from ccm.timeline import Event

PROMISE_STYLES = {"broken": "red", "due": "yellow", "kept": "green"}


def show_recorded(
    console: Console,
    events: Sequence[Event],
    duties: Sequence[Duty],
    holds: Sequence[Hold],
    findings: Sequence[Finding],
    as_of: date,
) -> None:
    """Print what was just written down, what was done by it, what holds the loan, and the next step."""
    for event in events:
        console.print(
            Text.assemble(
                ("已记 ", "green"), f"{event.on} {event.at} ", (event.title, "bold"), f" {event.party} ", event.text
            )
        )
        for line in event.detail:
            console.print(Text(f"  {line}", style="dim"))
        for done in event.does:
            console.print(Text(f"  办了：{done}", style="green"))
    for hold in holds:
        console.print(Text(f"  {hold_mark(hold, as_of)}", style=hold_style(hold)))
    if any(hold.state == "active" for hold in holds):
        show_each(console, findings)
        return
    open_ = [duty for duty in duties if duty.state in {"due", "overdue"}]
    if open_:
        duty, people = by_rule(open_)[-1]
        console.print(
            Text(
                f"  还欠{len({one.id for one in open_})}项，接着办：{duty.title}·{named(duty.rule)}（{people}）",
                style="dim",
            )
        )
    show_each(console, findings)


def show_case(console: Console, dossier: Dossier, limit: int, *, reveal: bool) -> None:
    """Print a case: how it stands, what was done of late, what holds it, what was promised, what is owed."""
    console.print(Text.assemble((f"{dossier.loan_no} {dossier.borrower}", "bold"), f"　{dossier.product}"))
    console.print(Text(f"{dossier.manager}　{dossier.branch}", style="dim"))
    console.print(dossier.standing)
    for party in dossier.parties:
        phone = (party.phone if reveal else mask_phone(party.phone)) if party.phone else "没有电话"
        console.print(Text.assemble(f"  {party_words(dossier, party)} ", (phone, "dim")))
    shown = dossier.events[-limit:] if limit else dossier.events
    hidden = len(dossier.events) - len(shown)
    console.print(Text.assemble(("\n经过", "bold"), (f"　更早的{hidden}条用 --all 看" if hidden else "", "dim")))
    _show_events(console, shown, detail=not limit)
    for hold in dossier.holds:
        if hold.state in {"active", "broken"}:
            console.print(Text(hold_words(hold), style=hold_style(hold)))
    if dossier.suit and (words := suit_words(dossier.suit)):
        console.print(Text(words, style=SUIT_STYLES[dossier.suit.state]))
    for one in dossier.signals:
        console.print(Text(in_one_line(one), style="red" if one.overdue else "yellow"))
    for promise in dossier.promises:
        console.print(Text(f"承诺　{promise_words(promise)}", style=PROMISE_STYLES.get(promise.state, "")))
    _show_owed(console, dossier)


def _show_events(console: Console, events: Sequence[Event], *, detail: bool) -> None:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    for options in ({"no_wrap": True}, {"no_wrap": True}, {"no_wrap": True}, {"max_width": 12}, {"ratio": 1}):
        table.add_column(overflow="fold", **options)
    for one in events:
        style = "dim" if one.kind == "ledger" else ""
        table.add_row(
            str(one.on), one.at, Text(one.title, style="bold"), one.party, event_words(one, detail=detail), style=style
        )
    console.print(table if events else Text("  还没有记录", style="dim"))


def _show_owed(console: Console, dossier: Dossier) -> None:
    owed = by_rule(dossier.outstanding)
    console.print(Text(f"\n应办未办 {len(owed)}项" if owed else "\n没有应办未办的事", style="bold"))
    for duty, people in owed:
        late = duty.state == "overdue"
        console.print(
            Padding(
                Text.assemble(
                    f"{duty.title}·{named(duty.rule)} ",
                    (
                        f"{short_day(duty.due_on, dossier.as_of)}{'已过期' if late else '前'} ",
                        "red" if late else "yellow",
                    ),
                    (people, "dim"),
                ),
                (0, 0, 0, 2),
            )
        )


def show_persons(console: Console, persons: Sequence[Person], *, reveal: bool) -> None:
    """Print each human being of a name: what they owe and guarantee, loan by loan, and what befell them."""
    for place, person in enumerate(persons):
        if place:
            console.print()
        number = (person.id_no if reveal else mask_identity(person.id_no)) if person.id_no else "证件号码不明"
        console.print(Text.assemble((person.name, "bold"), f"　{number}"))
        phones = person.phones if reveal else [mask_phone(phone) for phone in person.phones]
        console.print(Text("　".join([*phones, *person.addresses]) or "没有电话和地址", style="dim"))
        for condition in person.conditions:
            console.print(
                Text(f"{title('state', condition.code)}（{condition.on}登记）{condition.text}", style="bold red")
            )
        console.print(
            f"自己欠 余额{yuan(person.owed_cents)}元；为他人担保 余额{yuan(person.guaranteed_cents)}元；"
            f"共{len(person.parts)}笔，其中逾期{sum(part.dpd > 0 for part in person.parts)}笔"
        )
        _show_parts(console, person)


def _show_parts(console: Console, person: Person) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("身份", "借据号", "借款人", "产品", "天数", "逾期本息", "余额"):
        table.add_column(head, justify="right" if head in {"天数", "逾期本息", "余额"} else "left", overflow="fold")
    for part in person.parts:
        unsure = "?" if part.by_name_only and person.id_no else ""
        table.add_row(
            ROLE_TITLES[part.role] + unsure,
            part.loan_no,
            part.borrower,
            PRODUCT_TITLES[part.product],
            str(part.dpd) if part.stage is not None else "-",
            short_yuan(part.overdue_cents) if part.overdue_cents else "-",
            short_yuan(part.balance_cents),
        )
    console.print(table)
    if any(part.by_name_only for part in person.parts) and person.id_no:
        console.print(Text("? 台账里没有证件号码，只按姓名对上，请核对是不是同一个人", style="yellow"))
