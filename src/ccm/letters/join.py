"""One letter for what one letter can truly say: several duties of a loan, or all loan notes of a debtor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.letters.letter import Letter


def join(letters: Iterable[Letter], per: str) -> list[Letter]:
    """Join what goes to one person in one role: duties of one loan, or, per debtor, all the borrower's loan notes.

    Only what one letter can truly say is joined: notes of one branch and ledger day, for a guarantor of one guarantee
    contract, for an acceleration of one loan contract and clause. Every note is named, so that each claim is kept.
    """
    groups: dict[tuple[object, ...], list[Letter]] = {}
    for letter in letters:
        party = replace(letter.party, phone=None)
        contract = letter.notes[0].contract_no if letter.kind == "acceleration" else None
        loan_no = letter.loan_no if per == "loan" else None
        said = (loan_no, letter.sender, letter.kind, letter.borrower, party, letter.data_on, letter.clause_no, contract)
        groups.setdefault(said, []).append(letter)
    return [_joined(group) if len(group) > 1 else group[0] for group in groups.values()]


def _joined(group: list[Letter]) -> Letter:
    """Return one letter that says what several would: for each note its own history and trigger."""
    first = group[0]
    loans = {one.loan_no: one for one in group}
    demands = dict.fromkeys(demand for one in group for demand in one.earlier)
    joined = replace(
        first,
        covers=tuple(cover for one in group for cover in one.covers),
        notes=tuple(one.notes[0] for one in loans.values()),
        rules=tuple(dict.fromkeys(rule for one in group for rule in one.rules)),
        earlier=tuple(sorted(demands, key=lambda one: one.on)),
        warnings=tuple(dict.fromkeys(code for one in group for code in one.warnings)),
        barred=any(one.barred for one in group),
        despite="；".join(dict.fromkeys(one.despite for one in group if one.despite)),
    )
    if len(loans) == 1:
        return joined
    return replace(
        joined,
        trigger="；".join(f"借据{loan_no}项下，{one.trigger}" for loan_no, one in loans.items() if one.trigger),
        comparison="".join(f"就借据{loan_no}：{one.comparison}" for loan_no, one in loans.items() if one.comparison),
    )
