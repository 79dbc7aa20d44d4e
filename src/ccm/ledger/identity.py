"""Whether identity, organisation and phone numbers can be real: check digits and forms (law.md §10)."""

from __future__ import annotations

import polars as pl

RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
OTHER_PAPERS = r"^[HMhm]\d{8,10}$|^[A-Z]{1,3}\d{6,9}$|^\d{8}$|^9\d{14}$|^9\d{17}$"
"""Permits of Hong Kong, Macao and Taiwan residents, passports, foreigners' permanent residence cards."""

PHONE = r"^(\+?86)?1[3-9]\d{9}$|^0\d{2,3}-?\d{7,8}(-\d{1,6})?$|^\d{7,8}$|^(400|800)-?\d{3}-?\d{4}$"


def wrong_identity(id_no: pl.Series) -> pl.Series:
    """Return true where an identity or organisation number cannot be right; blank is not wrong.

    Citizens' numbers (18 digits) are checked by column; the few others one by one with python-stdnum.
    """
    citizen = id_no.str.contains(r"^\d{17}[\dX]$").fill_null(value=False) & _ric_holds(id_no)
    rest = id_no.is_not_null() & ~citizen
    wrong = {number: not _other_holds(number) for number in id_no.filter(rest).unique().to_list()}
    return (
        rest & pl.Series([wrong.get(number, False) for number in id_no.to_list()], dtype=pl.Boolean) if wrong else rest
    )


def wrong_phone(phone: pl.Series) -> pl.Series:
    """Return true where a number is neither a mobile nor a fixed line; several in one cell must each be one."""
    bare = phone.str.replace_all(r"[\s()（）]", "")
    several = pl.DataFrame({"phone": bare}).select(
        pl.col("phone")
        .str.replace_all(r"[,，;；、/]+", ",")
        .str.split(",")
        .list.eval(pl.element().str.contains(PHONE))
        .list.all()
        .alias("ok")
    )["ok"]
    simple = bare.str.contains(PHONE)
    return phone.is_not_null() & ~(simple | several).fill_null(value=True)


def _ric_holds(id_no: pl.Series) -> pl.Series:
    """GB 11643: the weighted sum of 17 digits fixes the last character, and the birthday must exist."""
    body = pl.col("id").str.slice(0, 17).cast(pl.Int64, strict=False)
    digits = [body // 10 ** (16 - at) % 10 * weight for at, weight in enumerate(RIC_WEIGHTS)]
    remainder = pl.sum_horizontal(digits) % 11
    expected = pl.lit("10X98765432").str.slice(remainder, 1)
    born = pl.col("id").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    return pl.DataFrame({"id": id_no}).select(
        ((pl.col("id").str.slice(17, 1) == expected) & born.is_not_null()).fill_null(value=False).alias("ok")
    )["ok"]


def _other_holds(number: str) -> bool:
    """Organisation codes, credit codes, 15-digit citizens' numbers and other papers."""
    from stdnum.cn import uscc

    bare = number.replace("-", "")
    if len(bare) == 18 and uscc.is_valid(bare):
        return True
    if len(bare) == 9 and _org_code_holds(bare):
        return True
    return bool(pl.Series([bare]).str.contains(r"^\d{15}$|" + OTHER_PAPERS).item()) and len(bare) != 18


def _org_code_holds(code: str) -> bool:
    """GB 11714: eight characters weighted, check character 11 − sum mod 11, 10 is X and 11 is 0."""
    values = [int(c, 36) for c in code[:8] if c.isalnum() and c.isascii()]
    if len(values) != 8:
        return False
    total = sum(value * weight for value, weight in zip(values, ORG_WEIGHTS, strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]
