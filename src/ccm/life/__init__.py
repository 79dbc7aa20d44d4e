"""The life of a letter and of a visit, as the journal tells it: separate facts, each with its day, person and file.

What else keeps a right, a payment, a plan, a suit, is a deed: it has no life, but papers that prove it.

    issued → printed → listed → posted → delivered, refused or returned → every paper of it filed

Nothing here is stored: a life is read off the entries, and a correction is a later entry that counts instead.
"""

from __future__ import annotations

from ccm.life.papers import DEED_ITEMS, ITEM_TITLES, LETTER_ITEMS, LOAN_ITEMS, VISIT_ITEMS
from ccm.life.read import FAMILIES, lives
from ccm.life.record import FINAL, LIFE_TITLES, RESULT_TITLES, Deed, Fact, Filed, Life, Lives, LoanFile, Visit

__all__ = [
    "DEED_ITEMS", "FAMILIES", "FINAL", "ITEM_TITLES", "LETTER_ITEMS", "LIFE_TITLES", "LOAN_ITEMS", "RESULT_TITLES",
    "VISIT_ITEMS", "Deed", "Fact", "Filed", "Life", "Lives", "LoanFile", "Visit", "lives",
]  # fmt: skip
