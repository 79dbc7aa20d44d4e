"""Co-borrowers and guarantors: from numbered columns, several names in a cell, and sheets of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ccm.frame import PARTY_COLUMNS

if TYPE_CHECKING:
    from ccm.ledger.rows import Rows

SEPARATORS = r"[、，,;；|\n\r]+|\s*/\s*"
DETAILS = ("id_no", "phone", "address", "kind")
CONTRACT = ("guarantee_contract_no", "guarantee_contract_on", "guarantee_period", "guarantee_until_on")
ROLES = ("guarantor", "co_borrower")


def parties(tables: list[Rows]) -> pl.DataFrame:
    """Return one row per loan and further party (`PARTY_COLUMNS`), in the order they stand.

    The same name in one role of one loan is one party: what one place leaves blank, another may fill.
    """
    found = [group for rows in tables for role in ROLES for group in _groups(rows, role)]
    if not found:
        return pl.DataFrame(schema=PARTY_COLUMNS)
    details = [name for name in PARTY_COLUMNS if name not in {"loan_no", "role", "name"}]
    return (
        pl.concat(found)
        .group_by("loan_no", "role", "name", maintain_order=True)
        .agg(pl.col(details).drop_nulls().first())
        .select(list(PARTY_COLUMNS))
    )


def _groups(rows: Rows, role: str) -> list[pl.DataFrame]:
    """One frame for each group of columns: the unnumbered 保证人, 保证人1, 保证人2 …."""
    frame = rows.frame
    if "loan_no" not in frame.columns:
        return []
    suffixes = [name.removeprefix(role) for name in frame.columns if name == role or _numbered(name, role)]
    return [_group(frame, role, suffix) for suffix in suffixes]


def _numbered(name: str, role: str) -> bool:
    return name.startswith(f"{role}_") and name.removeprefix(f"{role}_").isdigit()


def _group(frame: pl.DataFrame, role: str, suffix: str) -> pl.DataFrame:
    """One row per party of one column group; names that share a cell share out their details in order.

    What stands beside a single name is all its own, commas and all: 一路1号，由其弟代收.
    """
    columns = {detail: f"{role}_{detail}{suffix}" for detail in DETAILS}
    if columns["kind"] not in frame.columns:
        columns["kind"] = f"{role}_kind"  # one 保证方式 beside 保证人1, 保证人2 is said of all of them, as 保证期间 is
    lists = frame.filter(pl.col(f"{role}{suffix}").is_not_null()).select(
        pl.col("loan_no"),
        *(_of_contract(frame, name, role) for name in CONTRACT),
        _split(f"{role}{suffix}").alias("name"),
        *(
            (_shares(column, f"{role}{suffix}") if column in frame.columns else NONE).alias(detail)
            for detail, column in columns.items()
        ),
    )
    count = pl.col("name").list.len()
    single = [
        pl.when((pl.col(detail).list.len() == count) | (detail == "kind"))
        .then(
            pl.col(detail).list.get(
                pl.when(pl.col(detail).list.len() == count).then(pl.col("nth")).otherwise(0), null_on_oob=True
            )
        )
        .alias(detail)
        for detail in DETAILS
    ]
    return (
        lists.with_columns(pl.int_ranges(0, count).alias("nth"))
        .explode("nth")
        .with_columns(*single, pl.col("name").list.get(pl.col("nth"), null_on_oob=True))
        .filter(pl.col("loan_no").is_not_null() & pl.col("name").is_not_null())
        .select(
            "loan_no",
            pl.lit(role).alias("role"),
            "name",
            "id_no",
            "phone",
            "address",
            pl.col("kind").alias("guarantee_kind"),
            *CONTRACT,
        )
    )


def _of_contract(frame: pl.DataFrame, name: str, role: str) -> pl.Expr:
    """A column of the guarantee contract, which all guarantors of a row share; co-borrowers have none."""
    if role == "guarantor" and name in frame.columns:
        return pl.col(name)
    return pl.lit(None, dtype=PARTY_COLUMNS[name]).alias(name)


NONE = pl.lit(None, dtype=pl.List(pl.String))


def _shares(column: str, names: str) -> pl.Expr:
    alone = _split(names).list.len() == 1
    return pl.when(alone).then(pl.concat_list(pl.col(column).str.strip_chars())).otherwise(_split(column))


def _split(column: str) -> pl.Expr:
    """Split several values in one cell: 张三、李四."""
    marked = pl.col(column).str.replace_all(SEPARATORS, "、").str.strip_chars("、 ")
    return marked.str.split("、").list.eval(pl.element().str.strip_chars())
