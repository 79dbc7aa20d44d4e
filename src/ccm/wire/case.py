"""One case, one person and what was just logged, as other programs read them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ccm.masking import mask_identity, mask_phone
from ccm.units import plain_yuan
from ccm.wire.triage import day_json, duty_json, finding_json, hold_json, money_json, signals_json, suit_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ccm.dossier import Dossier
    from ccm.errors import Finding
    from ccm.person import Person
    from ccm.timeline import Event


def event_json(event: Event) -> dict[str, Any]:
    """Return one line of a time line."""
    return {**asdict(event), "on": str(event.on), "entered_on": day_json(event.entered_on)}


def recorded_json(events: Iterable[Event], findings: Iterable[Finding]) -> dict[str, Any]:
    """Return what was just written down."""
    return {
        "recorded": [event_json(event) for event in events],
        "findings": [finding_json(one) for one in findings],
    }


def dossier_json(dossier: Dossier, *, reveal: bool) -> dict[str, Any]:
    """Return the whole case; identity and phone numbers are masked unless `reveal`."""
    figures = dossier.figures
    return {
        "loan_no": dossier.loan_no,
        "borrower": dossier.borrower,
        "product_name": dossier.product,
        "manager": dossier.manager,
        "branch": dossier.branch,
        "as_of": str(dossier.as_of),
        "standing": dossier.standing,
        "figures_on": day_json(figures.on) if figures else None,
        "balance": money_json(figures.balance_cents) if figures else None,
        "overdue_principal": plain_yuan(figures.principal_cents) if figures else None,
        "overdue_interest": plain_yuan(figures.interest_cents) if figures else None,
        "parties": [
            {
                "role": party.role,
                "name": party.name,
                "id_no": masked(party.id_no, mask_identity, reveal=reveal),
                "phone": masked(party.phone, mask_phone, reveal=reveal),
                "address": party.address,
                "state": dossier.states.get((party.role, party.name)),
            }
            for party in dossier.parties
        ],
        "holds": [hold_json(hold) for hold in dossier.holds],
        "promises": [
            {
                "party": one.party,
                "role": one.role,
                "amount": plain_yuan(one.amount_cents),
                "made_on": str(one.made_on),
                "by": str(one.by),
                "state": one.state,
                "paid": plain_yuan(one.paid_cents),
                "text": one.text,
            }
            for one in dossier.promises
        ],
        "signals": signals_json(dossier.signals),
        "suit": suit_json(dossier.suit) if dossier.suit else None,
        "duties": [duty_json(duty) for duty in dossier.duties],
        "timeline": [event_json(event) for event in dossier.events],
    }


def persons_json(persons: Iterable[Person], *, reveal: bool) -> dict[str, Any]:
    """Return every human being of a name, with all their roles."""
    return {
        "persons": [
            {
                "name": one.name,
                "id_no": masked(one.id_no, mask_identity, reveal=reveal),
                "phones": [masked(phone, mask_phone, reveal=reveal) for phone in one.phones],
                "addresses": list(one.addresses),
                "states": [
                    {"state": state.code, "on": str(state.on), "loan_no": state.loan_no, "text": state.text}
                    for state in one.conditions
                ],
                "owed": plain_yuan(one.owed_cents),
                "guaranteed": plain_yuan(one.guaranteed_cents),
                "roles": [
                    {
                        "loan_no": part.loan_no,
                        "role": part.role,
                        "borrower": part.borrower,
                        "product": part.product,
                        "balance": money_json(part.balance_cents),
                        "overdue": plain_yuan(part.overdue_cents),
                        "dpd": part.dpd,
                        "stage": part.stage,
                        "manager": part.manager,
                        "by_name_only": part.by_name_only,
                    }
                    for part in one.parts
                ],
            }
            for one in persons
        ]
    }


def masked(number: str | None, mask: Callable[[str], str], *, reveal: bool) -> str | None:
    """Return a number as it may be shown: masked, unless it is to be revealed."""
    return number if reveal or not number else mask(number)
