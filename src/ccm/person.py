"""One human being over all roles: borrower here, guarantor of four there; and the states that change a letter.

Whoever has the same identity number is the same person. Without a number only the name can tell, and it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from ccm.model import Party

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from ccm.model import Entry, Product, Role


@dataclass(frozen=True, slots=True)
class Condition:
    """What befell a person, as it was recorded last: dead, missing, insolvent, minor heir."""

    loan_no: str
    name: str
    id_no: str | None
    code: str
    text: str
    on: date

    def is_of(self, party: Party, loan_no: str) -> bool:
        """Tell whether it is this party's: by identity number, or by name within the loan it was recorded for."""
        if self.id_no and party.id_no:
            return self.id_no == party.id_no
        return self.name == party.name and self.loan_no == loan_no


@dataclass(frozen=True, slots=True)
class Part:
    """What a person has to do with one loan; amounts in cents, `stage` None where nothing is overdue."""

    loan_no: str
    role: Role
    borrower: str
    product: Product
    balance_cents: int | None
    overdue_cents: int
    dpd: int
    stage: int | None
    manager: str | None
    by_name_only: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A human being or a company: where to find them, what they owe and guarantee, and what befell them."""

    name: str
    id_no: str | None
    phones: tuple[str, ...]
    addresses: tuple[str, ...]
    parts: tuple[Part, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def owed_cents(self) -> int:
        """The balance of what they borrowed, alone or with others."""
        return sum(part.balance_cents or 0 for part in self.parts if part.role != "guarantor")

    @property
    def guaranteed_cents(self) -> int:
        """The balance of what they answer for; a loan they owe themselves is not counted twice."""
        own = {part.loan_no for part in self.parts if part.role != "guarantor"}
        return sum(
            part.balance_cents or 0 for part in self.parts if part.role == "guarantor" and part.loan_no not in own
        )


def conditions(entries: Iterable[Entry], as_of: date) -> list[Condition]:
    """Return what was recorded of persons until `as_of`, the newest first; entries of other kinds are passed over."""
    found = [
        Condition(note.loan_no, note.party, _text(note.facts.get("id_no")), str(note.facts["state"]),
                  str(note.facts.get("text", "")), note.on)
        for note in (entry.note for entry in entries)
        if note.kind == "person-state" and note.on <= as_of
    ]  # fmt: skip
    return found[::-1]


def condition_of(party: Party, loan_no: str, known: Iterable[Condition]) -> Condition | None:
    """Return what befell a party, None where nothing did or it was taken back; `known` has the newest first."""
    last = next((one for one in known if one.is_of(party, loan_no)), None)
    return last if last and last.code != "alive" else None


def befell(person: Person, known: Iterable[Condition]) -> tuple[Condition, ...]:
    """Return what befell a person in any of their roles; `known` has the newest first."""
    known = list(known)
    found = []
    for part in person.parts:
        bearer = Party(part.role, person.name, None if part.by_name_only else person.id_no)
        if (condition := condition_of(bearer, part.loan_no, known)) and condition not in found:
            found.append(condition)
    return tuple(found)


def identities(loans: pl.DataFrame, parties: pl.DataFrame, numbers: Collection[str]) -> dict[tuple[str, str, str], str]:
    """Return the identity number of each party of some loans, by loan number, role and name; the name without one."""
    names = pl.coalesce("id_no", "name")
    found = [
        frame.filter(pl.col("loan_no").is_in(sorted(numbers))).select("loan_no", "role", "name", names.alias("who"))
        for frame in (
            loans.select("loan_no", "id_no", role=pl.lit("borrower"), name="borrower"),
            parties.select("loan_no", "id_no", "role", "name"),
        )
    ]
    return {(loan_no, role, name): who for loan_no, role, name, who in pl.concat(found).iter_rows()}


def persons(loans: pl.DataFrame, parties: pl.DataFrame, asked: str) -> list[Person]:
    """Return whoever bears a name or an identity number, one per human being, over all loans of a classified book.

    Args:
        loans: The classified book.
        parties: Co-borrowers and guarantors (`frame.PARTY_COLUMNS`).
        asked: A name, or an identity or credit code.
    """
    columns = ("loan_no", "role", "name", "id_no", "phone", "address")
    everyone = pl.concat(
        [
            loans.select("loan_no", pl.lit("borrower").alias("role"), pl.col("borrower").alias("name"), *columns[3:]),
            parties.select(columns),
        ]
    )
    asked = asked.strip()
    named = everyone.filter((pl.col("name") == asked) | (pl.col("id_no") == asked.upper()))
    numbers = named["id_no"].drop_nulls().unique(maintain_order=True).to_list()
    # The same number under another spelling of the name is still the same person.
    known = everyone.filter(pl.col("id_no").is_in(numbers))
    nameless = named.filter(pl.col("id_no").is_null())
    groups = [(number, known.filter(pl.col("id_no") == number)) for number in numbers]
    if len(groups) == 1:
        groups = [(numbers[0], pl.concat([groups[0][1], nameless]))]
    elif nameless.height:
        groups.append((None, nameless))
    book = loans.filter(pl.col("loan_no").is_in(_numbers(groups)))
    rows = {row["loan_no"]: row for row in book.iter_rows(named=True)}
    return [_person(number, group, rows) for number, group in groups]


def _numbers(groups: Iterable[tuple[str | None, pl.DataFrame]]) -> list[str]:
    return sorted({str(number) for _, group in groups for number in group["loan_no"].to_list()})


def _person(number: str | None, group: pl.DataFrame, rows: Mapping[str, Mapping[str, Any]]) -> Person:
    mine = list(group.iter_rows(named=True))
    parts = [_part(one, rows[one["loan_no"]], by_name_only=one["id_no"] is None) for one in mine]
    return Person(
        mine[0]["name"],
        number,
        _distinct(one["phone"] for one in mine),
        _distinct(one["address"] for one in mine),
        tuple(sorted(parts, key=lambda part: (part.role != "borrower", -part.overdue_cents, part.loan_no))),
    )


def _part(one: Mapping[str, Any], row: Mapping[str, Any], *, by_name_only: bool) -> Part:
    return Part(
        one["loan_no"],
        one["role"],
        row["borrower"],
        row["product"],
        row["balance_cents"],
        (row["overdue_principal_cents"] or 0) + (row["overdue_interest_cents"] or 0),
        row["dpd"] or 0,
        row["stage"],
        row["manager"],
        by_name_only,
    )


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _text(value: object) -> str | None:
    return str(value) if value else None
