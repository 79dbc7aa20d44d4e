"""The first letters of pinyin, so that 张三 is found by zs: every reading of a character, for names have rare ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccm.report.lists import LOANS

if TYPE_CHECKING:
    from ccm.report.lists import Book

SEARCHED = ("borrower", "guarantors", "manager", "branch")


def initials(book: Book) -> dict[str, str]:
    """Return the first letters of all readings of each Chinese character that stands in a name."""
    from pypinyin import Style, pinyin

    loans = book[LOANS]
    at = [place for name in SEARCHED if (place := loans.place(name)) is not None]
    signs = {sign for row in loans.rows for place in at for sign in str(row[place]) if "\u3400" <= sign <= "\u9fff"}
    return {
        sign: "".join(
            sorted({reading[0] for reading in pinyin(sign, Style.FIRST_LETTER, heteronym=True)[0] if reading})
        )
        for sign in sorted(signs)
    }
