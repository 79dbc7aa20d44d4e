"""What an event is worth: the day it must be in time, the days it restarts from, and the papers it still lacks."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ccm.rights.clock import DEBTORS, Basis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.rights.clock import Event, Facts, Key, Obligor, Worth
    from ccm.rights.rules import EventRule, Rules

SIGNER = "signer"
"""What a delivery lacks of which nobody wrote down who took it: no paper, but what the printed page tells."""
UNSIGNED = "投递结果没有写明谁签收（本人、家人、单位收发），补登"
OPEN = date.max
"""Where a proceeding that has not ended restarts by law."""


class Effect(NamedTuple):  # a million are made in one run, and a frozen dataclass takes four times as long
    """An event, weighed.

    It is in time if `in_time_on` is; alarms then count from `careful_on`, the law from `law_on` (law.md §1.4).
    `missing` are the papers without which nothing is proved; a `void` event does nothing whatever is filed.
    `link` shows it in a chain where it is worth what it proves.
    """

    event: Event
    key: Key
    rule: EventRule
    in_time_on: date
    careful_on: date
    law_on: date
    missing: tuple[str, ...]
    void: bool
    link: Basis


def weigh(facts: Facts, events: Iterable[Event], rules: Rules) -> list[Effect]:
    """Return the events of a loan's obligors, weighed, in the order in which they count.

    Events of people the ledger does not know are left out; the order given does not matter.
    """
    obligors = {obligor.key: obligor for obligor in facts.obligors}
    effects = [_weigh(event, obligors[key], facts, rules) for event in events if (key := event.key) in obligors]
    effects.sort(key=_order)
    return effects


def lacking(effects: Iterable[Effect], rules: Rules) -> tuple[str, ...]:
    """Return in words which papers of which letters are missing, each once."""
    return tuple(dict.fromkeys(f"{_name(one)}：{_lacks(one, rules)}" for one in effects))


def _lacks(effect: Effect, rules: Rules) -> str:
    event, rule = effect.event, effect.rule
    papers = _titles(rules, (paper for paper in effect.missing if paper != SIGNER))
    if SIGNER not in effect.missing:
        return papers
    told = f"ccm post status {event.letter_no} delivered --on {event.on} --signer 本人"
    if not event.sent_on:  # logged as an event and not written by ccm
        told = f"ccm log 借据号 event {(rule.words or (rule.title,))[0]} --no {event.letter_no} --grade B"
    return "；".join(filter(None, (papers, f"{UNSIGNED} {told}")))


def _weigh(event: Event, obligor: Obligor, facts: Facts, rules: Rules) -> Effect:
    rule, on = rules.events[event.kind], event.on
    if facts.card and rule.card_papers and event.role in DEBTORS:
        # A card's debtor is reached by sending to the reserved number or address (银行卡规定3).
        sent_on = event.sent_on or on
        return _effect(event, rule, rules, (sent_on, sent_on, sent_on), _missing(rules, rule.card_papers, event.papers))
    missing = _missing(rules, rule.papers, event.papers)
    if rule.by == "proceeding":
        return _effect(event, rule, rules, _proceeding(event), missing, void=event.withdrawn and not event.served_on)
    if rule.by != "arrival":
        return _effect(event, rule, rules, (on, on, on), missing)
    restarts = rules.restarts.get(event.grade or rule.grade, "always")
    agreed = "address_clause" in event.papers or obligor.address_clause
    if restarts == "clause" and agreed is None:
        missing += ("address_clause",)
    if restarts == "arrival":
        missing += _of_arrival(event, rule, missing)
    day = event.arrived_on or (event.sent_on if restarts == "arrival" else None) or on
    void = restarts == "never" or (restarts == "clause" and agreed is False)
    return _effect(event, rule, rules, (day, min(day, event.sent_on or day), day), missing, void=void)


def _of_arrival(event: Event, rule: EventRule, missing: tuple[str, ...]) -> tuple[str, ...]:
    """What else a letter without a grade lacks: a page that shows its delivery, and who took it."""
    if event.arrived_on and "delivery" in rule.papers and "returned" not in event.papers:
        return (SIGNER,)
    return () if "delivery" in missing else ("delivery",)  # a printed page that shows no delivery proves none


def _proceeding(event: Event) -> tuple[date, date, date]:
    """A suit interrupts when filed and restarts when it ends (民法典195).

    Withdrawn, it is a mere demand, and only if the complaint was served (担保解释31; for debtors the careful reading).
    """
    on = event.on
    if event.withdrawn:
        served_on = max(on, event.served_on or on)
        return served_on, on, served_on
    ended_on = max(on, event.ended_on) if event.ended_on else None
    return on, ended_on or on, ended_on or OPEN


def _effect(
    event: Event,
    rule: EventRule,
    rules: Rules,
    days: tuple[date, date, date],
    missing: tuple[str, ...],
    *,
    void: bool = False,
) -> Effect:
    worth: Worth = "void" if void else "unproved" if missing else "counts"
    proof = _proof(rules, event.kind, event.papers, missing)
    grade = event.grade or rule.grade
    link = Basis(event.kind, days[0], proof, grade, worth, event.party, event.letter_no)
    return Effect(event, event.key, rule, *days, missing, void, link)


def _order(effect: Effect) -> tuple[object, ...]:
    """By day; on one day a signed agreement first, so that what follows on it finds the clock alive."""
    return effect.in_time_on, not effect.event.agrees, effect.careful_on, effect.law_on, effect.link, effect.key[0]


@lru_cache(maxsize=4096)
def _missing(rules: Rules, needed: frozenset[str], filed: frozenset[str]) -> tuple[str, ...]:
    return tuple(paper for paper in rules.papers if paper in needed and paper not in filed)


@lru_cache(maxsize=4096)
def _proof(rules: Rules, kind: str, filed: frozenset[str], missing: tuple[str, ...]) -> str:
    rule = rules.events[kind]
    shown = _titles(rules, (paper for paper in rules.papers if paper in filed and paper in rule.papers))
    lack = f"缺{_titles(rules, missing)}" if missing else ""
    return f"{rule.title}：{'；'.join(filter(None, (shown, lack))) or '不需要材料'}"


def _titles(rules: Rules, papers: Iterable[str]) -> str:
    return "、".join("签收人" if paper == SIGNER else rules.papers[paper] for paper in papers)


def _name(effect: Effect) -> str:
    event = effect.event
    return event.letter_no or f"{event.on}{effect.rule.title}"
