"""Random books as a core system might write them, and what each way of triage makes of one."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl
from hypothesis import strategies as st

from ccm.bulk.book import check, counted, source
from ccm.bulk.owed import owed
from ccm.cli.large import COMPUTED, classified_large
from conftest import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

    from ccm.bulk.engine import Engine
    from ccm.ledger.columns import Names
    from ccm.model import Done
    from ccm.policy import Policy

COLUMNS: dict[str, type[pl.DataType]] = {
    "借据号": pl.String,
    "客户名称": pl.String,
    "产品名称": pl.String,
    "支行": pl.String,
    "客户类型": pl.String,
    "证件号码": pl.String,
    "到期日期": pl.Date,
    "展期到期日": pl.Date,
    "发放日期": pl.Date,
    "贷款余额": pl.Float64,
    "拖欠本金": pl.Float64,
    "拖欠利息": pl.Float64,
    "本金逾期日期": pl.Date,
    "最早欠息日期": pl.Date,
    "逾期日期": pl.Date,
    "本金逾期天数": pl.Int64,
    "逾期天数": pl.Int64,
    "五级分类": pl.String,
    "担保方式": pl.String,
    "保证人": pl.String,
    "保证人2": pl.String,
    "共同借款人": pl.String,
    "年利率（%）": pl.Float64,
    "罚息上浮比例": pl.Float64,
}


def _near() -> st.SearchStrategy[date | None]:
    """Days around the bounds of the stages, and none."""
    ago = st.sampled_from([-400, -20, -1, 0, 1, 6, 7, 29, 30, 31, 59, 60, 61, 89, 90, 91, 121, 270, 271, 361])
    return st.none() | st.builds(lambda days: AS_OF - timedelta(days=days), ago)


def _yuan() -> st.SearchStrategy[float | None]:
    return (
        st.none() | st.sampled_from([0.0, 0.01, 1.1, 1000.0, 50_000.25]) | st.integers(0, 10**7).map(lambda c: c / 100)
    )


def _of(*words: str | None) -> st.SearchStrategy[str | None]:
    return st.sampled_from(words)


ROW = st.tuples(
    st.integers(1, 60).map("0062{:04d}".format) | _of(None, " 0062 0001 ", "1.2E+17", "-"),
    _of("张三", "张三", "王五", "清水县石桥合作社", None, " 李四 "),
    _of("农户小额信用贷款", "惠农信用卡", "其他", None),
    _of("清河支行", "石桥支行", None),
    _of("个人", "企业", None),
    _of("91430000MA4L16JQ9B", "91430000MA4L16JQ9B", "430000195801010010", None),
    _near(),
    st.none() | _near(),
    st.none() | _near(),
    _yuan(),
    _yuan() | st.just(-1.0),
    _yuan(),
    _near(),
    _near(),
    st.none() | _near(),
    st.none() | st.integers(0, 400),
    st.none() | st.integers(0, 400),
    _of("正常", "关注类", "次级1", "关注（原正常）", "无", None),
    _of("保证", "信用", None),
    _of("李四", "李四、赵六", "赵六/钱七", None, None),
    _of("李四", "孙八", None, None),
    _of("张三", "周九", None),
    st.sampled_from([None, 0.0435, 0.49, 0.5, 4.35, 18.0]),
    st.sampled_from([None, 0.3, 0.5, 2.0, 2.5, 50.0]),
)
BLANK = st.tuples(
    st.sampled_from([None, "-"]),
    *[st.none()] * 8,
    st.sampled_from([None, 0.0, 5000.0]),
    *[st.none()] * 5,
    st.sampled_from([None, 0, 70]),
    *[st.none()] * 8,
)
"""Rows that name nobody, some of them with a balance or days."""
JUNK = {"到期日期": "2026-02-30", "拖欠利息": "一点", "逾期天数": "3.5"}


def books(rows: int) -> st.SearchStrategy[pl.DataFrame]:
    """Books of about so many rows, some typed, some all of texts, some with cells that cannot be read."""
    listed = st.lists(st.one_of(BLANK, ROW, ROW, ROW), min_size=rows // 2, max_size=rows)
    return st.builds(lambda rows, form, junk: book(rows, form, junk=junk), listed, FORMS, st.booleans())


FORMS = st.sampled_from(["typed", "text"])


def book(rows: list[tuple[Any, ...]], form: str, *, junk: bool) -> pl.DataFrame:
    """A book with typed columns, or all of it as texts; with junk, some cells cannot be read."""
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    if form == "typed":
        return frame
    frame = frame.cast(pl.String)
    if junk:
        odd = pl.int_range(pl.len()) % 5 == 3
        frame = frame.with_columns(
            pl.when(odd).then(pl.lit(word)).otherwise(name).alias(name) for name, word in JUNK.items()
        )
    return frame


def triaged(
    frames: list[pl.DataFrame], engine: Engine, folder: Path, names: Names, policy: Policy, done: Done | None = None
) -> dict[str, Any]:
    """What the large way makes of books: the folders that it writes, in an order of their own, and the counts."""
    sources = []
    for nth, frame in enumerate(frames):
        path = folder / f"{nth}.parquet"
        frame.write_parquet(path)
        sources.append(source(path.name, engine.scan(str(path)), names))
    found = check(sources, names, AS_OF, engine)
    classified = classified_large(found, policy, AS_OF, engine)
    columns = list(dict.fromkeys((*found.given, *COMPUTED)))
    tally = engine.write(classified.filter(~nw.col("stage").is_null()).select(columns), "loans", ["stage"], found.tally)
    loans = engine.written("loans")
    engine.write(owed(loans, found.people, policy, AS_OF, engine, done), "duties", ["stage"])
    refused = [frame_of(one) for one in found.refused.values()]
    return {
        "all": frame_of(classified.select(columns)),
        "loans": frame_of(loans),
        "duties": frame_of(engine.written("duties")),
        **{f"refused {nth}": one for nth, one in enumerate(refused)},
        "counts": counted(found, tally),
    }


def frame_of(lazy: Any) -> pl.DataFrame:  # noqa: ANN401 - a lazy frame of either engine
    frame: pl.DataFrame = lazy.collect("polars").to_native()
    return frame.sort(pl.all(), nulls_last=True)


def emptied(folder: Path) -> Path:
    """A folder of which nothing is left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def codes(findings: Any) -> Counter[str]:  # noqa: ANN401 - an iterable of findings
    return Counter(one.code for one in findings)
