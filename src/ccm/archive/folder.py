"""Where the papers of a letter or a visit lie: one folder per loan, in it one per letter and visit, names fixed.

archive/00622023000020_周文斌/〔2026〕1号_贷款逾期催收通知书_周文斌/面单寄件人存联.jpg
archive/00622023000020_周文斌/上门V20261123-1/小区门口照片-2.jpg
archive/00622023000020_周文斌/贷款档案/借款合同.pdf
archive/寄送清单/JS20261123-1/寄送清单.pdf
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.life import ITEM_TITLES
from ccm.safe import file_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from ccm.life import Deed, Life, LoanFile, Visit

ROOT = "archive"
LISTS = {"posting_list": "寄送清单", "handover_list": "移交清单"}
"""The folders of lists: one paper proves all its letters, or hands over all its loans."""
FILE = "贷款档案"


def of_letter(life: Life) -> str:
    """Return a letter's folder, from the workspace."""
    return f"{ROOT}/{file_name(life.loan_no, life.borrower)}/{file_name(life.letter_no, life.title, life.party)}"


def of_visit(visit: Visit, borrower: str) -> str:
    """Return a visit's folder, from the workspace."""
    return f"{ROOT}/{file_name(visit.loan_no, borrower)}/{file_name('上门' + visit.visit_no)}"


def of_deed(deed: Deed, borrower: str) -> str:
    """Return the folder of what keeps a right and is no letter, from the workspace."""
    return f"{ROOT}/{file_name(deed.loan_no, borrower)}/{file_name(deed.deed_no, deed.title)}"


def of_loan(file: LoanFile) -> str:
    """Return the folder of a loan's own papers, from the workspace."""
    return f"{ROOT}/{file_name(file.loan_no, file.borrower)}/{FILE}"


def of_list(list_no: str, item: str) -> str:
    """Return the folder of a posting list or a hand-over list, from the workspace."""
    return f"{ROOT}/{LISTS[item]}/{file_name(list_no)}"


def path_of(folder: str, item: str, suffix: str, taken: Collection[str]) -> str:
    """Return where the next paper of an item goes: 面单寄件人存联.jpg, then 面单寄件人存联-2.jpg."""
    stem = f"{folder}/{ITEM_TITLES[item]}"
    stems = {path.rsplit(".", 1)[0] for path in taken}
    number = 1
    while (f"{stem}-{number}" if number > 1 else stem) in stems:
        number += 1
    return f"{stem}{f'-{number}' if number > 1 else ''}{suffix.lower()}"
