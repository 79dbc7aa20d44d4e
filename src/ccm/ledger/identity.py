"""Which identity and phone numbers of a column cannot be right."""

from __future__ import annotations

import polars as pl

from ccm.identity import CITIZEN, RIC_CHECKS, can_be, ric_place

PHONE = r"^(\+?86)?1[3-9]\d{9}$|^0\d{2,3}-?\d{7,8}(-\d{1,6})?$|^\d{7,8}$|^(400|800)-?\d{3}-?\d{4}$"


def wrong_identity(id_no: pl.Series) -> pl.Series:
    """Return true where an identity or organisation number cannot be right; blank is not wrong.

    Citizens' numbers (18 digits) are checked by column, which is faster; the few others one by one.
    """
    citizen = id_no.str.contains(CITIZEN).fill_null(value=False) & _ric_holds(id_no)
    rest = id_no.is_not_null() & ~citizen
    wrong = {number: not can_be(number) for number in id_no.filter(rest).unique().to_list()}
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
    """The check character is that of the 17 digits before it, and the birthday exists."""
    expected = pl.lit(RIC_CHECKS).str.slice(ric_place(pl.col("id").str.slice(0, 17).cast(pl.Int64, strict=False)), 1)
    born = pl.col("id").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    return pl.DataFrame({"id": id_no}).select(
        ((pl.col("id").str.slice(17, 1) == expected) & born.is_not_null()).fill_null(value=False).alias("ok")
    )["ok"]
