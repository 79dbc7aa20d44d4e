"""Race the triage of a province's book: ccm in a stream against DuckDB, pandas and the memory's own speed.

The book is 12 columns of Parquet, made here. Each contender does the same and is held to the same answer: cards told
from loans by their product's name, days past due by date, stage, five-tier class, the rows' rules counted, loan
numbers that stand twice looked for, the loans that are overdue or due written as Parquet by stage, and the stages
added up.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 23)
CHUNK = 2_000_000


def make(rows: int, folder: Path) -> Path:
    """Write a book of `rows` loans, one in ten overdue or matured, in files of two million."""
    import polars as pl

    place = folder / f"book-{rows}"
    place.mkdir()
    for nth, start in enumerate(range(0, rows, CHUNK)):
        number = pl.int_range(start, min(start + CHUNK, rows), eager=True).alias("n")
        dice = number.hash(7) % 1000
        late, matured = dice < 80, dice < 20
        since = pl.lit(AS_OF) - pl.duration(days=pl.col("dice") // 2 * 7 % 400 + 1)
        frame = pl.DataFrame({"n": number, "dice": dice, "late": late, "matured": matured}).select(
            pl.format("0062{}", pl.col("n").cast(pl.String).str.zfill(12)).alias("借据号"),
            pl.format("张三{}", pl.col("n")).alias("客户名称"),
            pl.when(pl.col("n") % 17 == 0)
            .then(pl.lit("惠农信用卡"))
            .otherwise(pl.lit("农户小额信用贷款"))
            .alias("产品名称"),
            pl.format("支行{}", pl.col("n") % 3000).alias("支行"),
            pl.format("经理{}", pl.col("n") % 20000).alias("客户经理"),
            pl.when("matured").then(since).otherwise(pl.date(2027, 1, 1) + pl.duration(days=pl.col("n") % 700))
            .alias("到期日期"),
            (pl.col("n") % 100 * 1000.0 + 50.25).alias("贷款余额"),
            pl.when("matured").then(pl.col("n") % 100 * 1000.0 + 50.25).otherwise(0.0).alias("拖欠本金"),
            pl.when("late").then(pl.col("n") % 100 * 3.5 + 1.25).otherwise(0.0).alias("拖欠利息"),
            pl.when("matured").then(since).alias("本金逾期日期"),
            pl.when("late").then(since).alias("最早欠息日期"),
            pl.when("late").then(pl.lit("关注")).otherwise(pl.lit("正常")).alias("五级分类"),
        )  # fmt: skip
        frame.write_parquet(place / f"{nth:04d}.parquet", compression="lz4")
    return place
