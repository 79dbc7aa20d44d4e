"""What a handed-over case says, in words, for the document, the workbook and the screen alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.dossier import by_rule
from ccm.model import CHANNEL_TITLES, ROLE_TITLES, STATE_TITLES
from ccm.rights.count import advice
from ccm.statutes import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ccm.handover.record import Item, Proof
    from ccm.model import Party
    from ccm.rights.clock import Clock
    from ccm.rights.rules import Rules


def grouped(clocks: Iterable[Clock]) -> list[list[Clock]]:
    """Put together what ends on one day and is saved by one act: the claim and its mortgage, joint debtors."""
    groups: dict[tuple[object, ...], list[Clock]] = {}
    for one in clocks:
        groups.setdefault((one.ends_on, one.act, one.state, one.needs), []).append(one)
    return list(groups.values())


def rights_of(group: Sequence[Clock], rules: Rules) -> str:
    """Name the rights of a group."""
    return "、".join(dict.fromkeys(rules.rights[one.right].title for one in group))


def whom(group: Sequence[Clock]) -> str:
    """Name against whom they are."""
    return "、".join(dict.fromkeys(f"{ROLE_TITLES[one.role]}{one.party}" for one in group))


def left(clock: Clock) -> str:
    """Say how many days are left; of a right whose proof lacks the proved end may be past."""
    days = clock.days_left or 0
    return f"{days}天" if days >= 0 else f"过{-days}天"


def saves(clock: Clock, rules: Rules, as_of: date) -> str:
    """Say what saves a right, and by when a letter must be posted so that a second way is left."""
    if clock.state == "lost":
        return "已丧失，发函不能恢复"
    act = advice(clock, rules)
    if clock.perhaps_over:
        return act
    if clock.act == "file" and clock.needs:
        act += f"：缺{'；'.join(clock.needs)}"
    if clock.act in {"request", "suit_and_request"}:
        in_time = clock.post_by_on and clock.post_by_on >= as_of
        act += f"，{clock.post_by_on}前寄出" if in_time else "；退信就来不及了：当面送达、公证送达或起诉"
    return act


def person(item: Item, party: Party) -> str:
    """Name a party with role, number and what befell them."""
    state = item.befell.get((party.role, party.name))
    return f"{ROLE_TITLES[party.role]}{party.name}" + (f"【{state}】" if state else "")


def nearest(item: Item, rules: Rules) -> str:
    """Say which right ends next: what, against whom, on which day."""
    if not item.running:
        return "没有算出"
    first = grouped(item.running)[0]
    return f"{first[0].ends_on} {rights_of(first, rules)}（{whom(first)}）"


def proof(one: Proof) -> str:
    """Say in one line what a proof is and how it stands."""
    lacks = f"，缺{'、'.join(one.missing)}" if one.missing else ""
    spoilt = f"，{'、'.join(one.spoilt)}读不出或被改过" if one.spoilt else ""
    return f"{one.title}{one.party}，{one.on}{one.state}{lacks}{spoilt}"


def duties(item: Item) -> list[str]:
    """Say what is outstanding, one line per rule."""
    return [
        f"{named(first.rule)} {first.title}（{CHANNEL_TITLES[first.channel]}，{people}）：{first.due_on}前，"
        f"{STATE_TITLES[first.state]}"
        for first, people in by_rule(item.duties)
    ]
