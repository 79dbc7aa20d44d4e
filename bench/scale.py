"""Race the triage of a province's book: ccm in a stream against DuckDB, pandas and the memory's own speed.

The book is 12 columns of Parquet, made here. Each contender does the same and is held to the same answer: loan numbers
that stand twice looked for, cards told from loans by their product's name, persons from companies, the rows' rules
counted, days past due, stage and five-tier class, the loans that are overdue or due written as Parquet by stage, and
the stages added up. `ccm triage --out` is raced beside it: it also writes what each loan owes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from score import Score, options

if TYPE_CHECKING:
    from collections.abc import Callable

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


# The contenders: each triages a book into a folder and returns rows, accepted rows, and stages with loans and cents.

Answer = dict[str, Any]
Found = TypeVar("Found")


def ccm(book: Path, out: Path) -> Answer:
    """The steps of `ccm triage --out`, without the duties."""
    import narwhals as nw

    from ccm.bulk.book import check, counted, source
    from ccm.bulk.engine import Stream
    from ccm.cli.large import COMPUTED, classified_large
    from ccm.ledger.columns import load_names
    from ccm.policy import load

    engine, names, policy = Stream(out), load_names(), load()
    found = check([source(book.name, engine.scan(str(book)), names)], names, AS_OF, engine)
    loans = classified_large(found, policy, AS_OF, engine)
    columns = list(dict.fromkeys((*found.given, *COMPUTED)))
    tally = engine.write(loans.filter(~nw.col("stage").is_null()).select(columns), "loans", ["stage"], found.tally)
    counts = counted(found, tally)
    stages = engine.written("loans").group_by("stage").agg(nw.len(), nw.col("overdue_principal_cents").sum())
    told = answer(counts.rows, counts.accepted, stages.collect("polars").rows())
    engine.finish()
    return told


def command(book: Path, out: Path) -> Answer:
    """The whole command, with the duties."""
    call = [sys.executable, "-c", "from ccm.cli import main; main()", "--workspace", str(out.parent)]
    call += ["triage", str(book), "--as-of", str(AS_OF), "--out", str(out), "--json"]
    told = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, env=COMPILED).stdout)
    stages = [(one["stage"], one["loans"], int(one["overdue_principal"].replace(".", ""))) for one in told["stages"]]
    return answer(told["rows"], told["accepted"], stages)


COMPILED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def spark(book: Path, out: Path) -> Answer:
    """The whole command on Spark in local mode with two workers."""
    call = [sys.executable, "-c", "from ccm.cli import main; main()", "--workspace", str(out.parent)]
    call += ["triage", str(book), "--as-of", str(AS_OF), "--out", str(out), "--json", "--engine", "spark"]
    told = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, env=COMPILED).stdout)
    stages = [(one["stage"], one["loans"], int(one["overdue_principal"].replace(".", ""))) for one in told["stages"]]
    return answer(told["rows"], told["accepted"], stages)


def answer(rows: int, accepted: int, stages: list[tuple[int, int, int]]) -> Answer:
    return {"rows": rows, "accepted": accepted, "stages": sorted(map(list, stages))}


CARD = "信用卡|贷记卡|公务卡|透支|卡分期"
LOAN = (
    "贷|按揭|经营|流动资金|固定资产|消费|助学|农户|个体|抵押|质押|保证|信用|小额|"
    "便民卡|垫款|贴现|保理|项目|房|微|惠农|展业|创业|普通"
)
FIRM = "公司|合作社|厂$|企业|商行$|中心$|医院$|学校$|村委会$|集团"
TIERS = ("正常", "关注", "次级", "可疑", "损失")
BOUNDS = {"card": (181, 121, 91, 1), "loan": (361, 271, 91, 1)}
ERRORS = 9
"""How many of the flags below refuse a row."""


def duckdb(book: Path, out: Path) -> Answer:
    """The same in SQL: two passes, as an engineer would write it."""
    import duckdb as duck

    db = duck.connect()
    db.execute("SET threads = 2; SET memory_limit = '12GB'; SET preserve_insertion_order = false")
    db.execute(f"SET temp_directory = '{out.parent / 'spill'}'")
    of = f"read_parquet('{book}/*.parquet')"
    twice = db.execute(
        f'SELECT trim("借据号") n, count(*) c FROM {of} WHERE n IS NOT NULL GROUP BY n HAVING c > 1'
    ).fetchall()
    if twice:
        sys.exit("the book has no numbers twice")
    flags = [f"f{nth}" for nth in range(1, 12)]
    bad = " OR ".join(flags[:ERRORS])
    [(rows, accepted, *_)] = db.execute(
        f"WITH {_judged(of)} SELECT count(*), count(*) FILTER (NOT ({bad})), "
        f"{', '.join(f'count(*) FILTER ({flag})' for flag in flags)} FROM judged"
    ).fetchall()
    db.execute(f"""
        COPY (WITH {_judged(of)},
          owed AS (SELECT *, (coalesce(op > 0, ps IS NOT NULL) OR matured) AND NOT f6 po,
                   coalesce(oi > 0, si IS NOT NULL) AND NOT f7 io,
                   coalesce(ps, CASE WHEN matured THEN due_on END) pf FROM judged WHERE NOT ({bad})),
          days AS (SELECT *, CASE WHEN po THEN greatest({DAY} - pf, 0) ELSE 0 END pdpd,
                   CASE WHEN io THEN greatest({DAY} - si, 0) ELSE 0 END idpd FROM owed),
          late AS (SELECT *, greatest(coalesce(pdpd, 0), coalesce(idpd, 0)) dpd FROM days),
          tier AS (SELECT *, CASE WHEN po OR io THEN CASE WHEN dpd >= 90 THEN 90 WHEN dpd >= 60 THEN 60
                   WHEN dpd >= 30 THEN 30 ELSE 0 END END stage,
                   greatest(CASE WHEN card THEN {_tier("card")} ELSE {_tier("loan")} END,
                   CASE WHEN class LIKE '%损失%' THEN 4 WHEN class LIKE '%可疑%' THEN 3 WHEN class LIKE '%次级%' THEN 2
                   WHEN class LIKE '%关注%' THEN 1 ELSE 0 END) nth FROM late)
          SELECT loan_no, borrower, product_name, branch, manager, CASE WHEN card THEN 'card' ELSE 'loan' END product,
            CASE WHEN regexp_matches(borrower, '{FIRM}') THEN 'company' ELSE 'person' END party_kind,
            due_on, balance, CASE WHEN matured AND coalesce(op, 0) = 0 THEN balance ELSE coalesce(op, 0) END principal,
            coalesce(oi, 0) interest, ps, si, class, pdpd, idpd, dpd, stage, {list(TIERS)}[nth + 1] risk_class
          FROM tier WHERE stage IS NOT NULL)
        TO '{out}' (FORMAT parquet, COMPRESSION lz4, PARTITION_BY (stage))""")
    stages = db.execute(
        f"SELECT stage, count(*), sum(principal)::BIGINT FROM read_parquet('{out}/**/*.parquet') GROUP BY stage"
    ).fetchall()
    return answer(rows, accepted, stages)


DAY = f"DATE '{AS_OF}'"


def _judged(of: str) -> str:
    return f"""
      values AS (SELECT trim("借据号") loan_no, trim("客户名称") borrower, trim("产品名称") product_name,
        trim("支行") branch, trim("客户经理") manager, "到期日期" due_on,
        cast(round("贷款余额" * 100) AS BIGINT) balance,
        cast(round("拖欠本金" * 100) AS BIGINT) op, cast(round("拖欠利息" * 100) AS BIGINT) oi, "本金逾期日期" ps,
        "最早欠息日期" si, trim("五级分类") class FROM {of}),
      judged AS (SELECT *, coalesce(regexp_matches(product_name, '{CARD}'), false) card,
        coalesce(due_on <= {DAY} AND balance > 0, false) matured,
        loan_no IS NULL f1, borrower IS NULL f2, coalesce(balance < 0, false) f3, coalesce(op < 0, false) f4,
        coalesce(oi < 0, false) f5, coalesce(ps > {DAY}, false) f6, coalesce(si > {DAY}, false) f7,
        coalesce(op > balance, false) f8,
        coalesce(op > 0 OR oi > 0, false) AND ps IS NULL AND si IS NULL AND NOT coalesce(due_on <= {DAY}, false) f9,
        coalesce(due_on < {DAY} AND balance > 0 AND op = 0, false) f10,
        NOT coalesce(regexp_matches(product_name, '{CARD}|{LOAN}'), true) f11 FROM values)"""


def _tier(product: str) -> str:
    steps = " ".join(f"WHEN dpd >= {days} THEN {4 - nth}" for nth, days in enumerate(BOUNDS[product]))
    return f"CASE {steps} ELSE 0 END"


def pandas(book: Path, out: Path) -> Answer:
    """The same with whole columns in memory."""
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(book)
    day = pd.Timestamp(AS_OF)
    for name in ("借据号", "客户名称", "产品名称", "支行", "客户经理", "五级分类"):
        frame[name] = frame[name].str.strip()
    if frame["借据号"].dropna().duplicated().any():
        sys.exit("the book has no numbers twice")
    due, ps, si = (pd.to_datetime(frame[name]) for name in ("到期日期", "本金逾期日期", "最早欠息日期"))
    balance, op, oi = ((frame[name] * 100).round() for name in ("贷款余额", "拖欠本金", "拖欠利息"))
    card = frame["产品名称"].str.contains(CARD).fillna(value=False).to_numpy(bool)
    matured = ((due <= day) & (balance > 0)).to_numpy()
    flags = [
        frame["借据号"].isna(), frame["客户名称"].isna(), balance < 0, op < 0, oi < 0, ps > day, si > day, op > balance,
        ((op > 0) | (oi > 0)) & ps.isna() & si.isna() & ~(due <= day), (due < day) & (balance > 0) & (op == 0),
        ~frame["产品名称"].str.contains(f"{CARD}|{LOAN}").fillna(value=True).astype(bool),
    ]  # fmt: skip
    bad = np.logical_or.reduce([flag.to_numpy(bool) for flag in flags[:ERRORS]])
    _ = [int(flag.sum()) for flag in flags]
    po, io = ((op > 0) | matured).to_numpy(), (oi > 0).to_numpy()
    began = ps.where(ps.notna() | ~matured, due)
    pdpd = np.where(po, (day - began).dt.days.clip(lower=0).fillna(0), 0)
    idpd = np.where(io, (day - si).dt.days.clip(lower=0).fillna(0), 0)
    dpd = np.maximum(pdpd, idpd)
    stage = np.select([dpd >= 90, dpd >= 60, dpd >= 30], [90, 60, 30], 0)
    nth = np.where(card, *(np.select([dpd >= days for days in BOUNDS[of]], [4, 3, 2, 1], 0) for of in ("card", "loan")))
    given = frame["五级分类"].map({label: at for at, label in enumerate(TIERS)}).fillna(0)
    frame = frame.assign(
        product=np.where(card, "card", "loan"),
        principal=np.where(matured & (op == 0), balance, op), interest=oi, pdpd=pdpd, idpd=idpd, dpd=dpd, stage=stage,
        risk_class=np.array(TIERS)[np.maximum(nth, given).astype(int)],
    )  # fmt: skip
    kept = frame[(po | io) & ~bad]
    kept = kept.assign(party_kind=np.where(kept["客户名称"].str.contains(FIRM), "company", "person"))
    kept.to_parquet(out, compression="lz4", partition_cols=["stage"])
    sums = kept.groupby("stage")["principal"].agg(["size", "sum"])
    return answer(len(frame), int((~bad).sum()), [(int(row[0]), int(row[1]), int(row[2])) for row in sums.itertuples()])


WORKS: dict[str, Callable[[Path, Path], Answer]] = {one.__name__: one for one in (ccm, command, duckdb, pandas, spark)}


# The race.


@dataclass
class Contender:
    """A process to time: its best seconds, the processors' seconds, and the peak of its memory in gigabytes."""

    title: str
    work: str
    seconds: float = 1e9
    busy: float = 1e9
    gigabytes: float = 0


def run(one: Contender, book: Path, place: Path) -> Answer:
    """Run a contender once, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        call = [sys.executable, __file__, "--child", one.work, str(book), folder]
        start = time.perf_counter()
        child = subprocess.Popen(call, stdout=subprocess.PIPE, env=COMPILED)
        told = child.stdout.read()  # type: ignore[union-attr]
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if status:
            sys.exit(f"{one.title}: ended with {child.returncode}")
        one.seconds = min(one.seconds, time.perf_counter() - start)
        one.busy = min(one.busy, usage.ru_utime + usage.ru_stime)
        found: Answer = json.loads(told)
        # The memory of a process that the contender itself has started counts as well: the larger of the two.
        one.gigabytes = max(one.gigabytes, usage.ru_maxrss / 2**20, found.pop("peak"))
    print(f"  {one.title}: {one.seconds:.1f} s, busy {one.busy:.1f} s, {one.gigabytes:.1f} GB", flush=True)
    return found


def child(work: str, book: str, folder: str) -> None:
    """Do one contender's work and print its answer."""
    import resource

    found = WORKS[work](Path(book), Path(folder) / "out")
    print(json.dumps({**found, "peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20}))


def floor(book: Path, rows: int) -> float:
    """The seconds in which the memory copies what a triage must touch: the twelve columns, once."""
    import numpy as np
    import polars as pl

    sample = pl.read_parquet(min(book.iterdir()), n_rows=500_000)
    touched = sample.estimated_size() / sample.height * rows
    block, best = np.ones(2**27), 0.0
    for _ in range(3):
        start = time.perf_counter()
        block.copy()
        best = max(best, block.nbytes / (time.perf_counter() - start))
    print(f"the memory copies {best / 1e9:.1f} GB a second; the columns are {touched / 1e9:.1f} GB")
    return touched / best


def apart(work: Callable[..., Found], *given: object) -> Found:
    """Do something in a process of its own: what this one has had in memory would count as its children's."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(work, *given).result()


def race(rows: int, works: list[str], rounds: int, place: Path, score: Score) -> None:
    """Make the book, run everyone in turns, print the table and hand over ratios and points."""
    print(f"\n{rows:,} rows x 12 columns, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    book = apart(make, rows, place)
    contenders = [Contender(TITLES[work], work) for work in works]
    for _ in range(rounds):
        answers = [run(one, book, place) for one in contenders]
        if any(one != answers[0] for one in answers):
            sys.exit(f"they do not agree: {answers}")
    bare, base = apart(floor, book, rows), contenders[0]
    print(f"{'':44}{'seconds':>9}{'busy':>9}{'GB':>7}{'/ ccm':>8}{'/ floor':>9}")
    for one in contenders:
        print(
            f"{one.title:44}{one.seconds:9.1f}{one.busy:9.1f}{one.gigabytes:7.1f}"
            f"{one.seconds / base.seconds:8.2f}{one.seconds / bare:9.1f}"
        )
    print(f"load at the end {os.getloadavg()[0]:.1f}", flush=True)
    hand_over({one.work: one for one in contenders}, rows, bare, score)


def hand_over(ran: dict[str, Contender], rows: int, bare: float, score: Score) -> None:
    """The ratios against ccm doing the same, and the points of the growth."""
    for one in ran.values():
        if line := LINES.get(one.work):
            score.point("triage", line, rows, one.seconds)
    if not (ours := ran.get("ccm")):
        return
    size = f"{rows:,} 行"
    for work, name in (("duckdb", "DuckDB SQL"), ("pandas", "pandas")):
        if peer := ran.get(work):
            aim = "≥ 1" if work == "duckdb" else "领先"
            score.ratio(f"scale/{work}", f"{name} ÷ ccm，{size}", peer.seconds / ours.seconds, aim)
    score.ratio("scale/floor", f"ccm ÷ 内存拷贝一遍（下限），{size}", ours.seconds / bare)
    if whole := ran.get("command"):
        score.ratio("scale/memory", f"ccm triage --out 的峰值内存，GiB，{size}", whole.gigabytes, "≤ 12")
        if spark := ran.get("spark"):
            score.ratio("scale/spark", f"--engine spark ÷ --engine polars，{size}", spark.seconds / whole.seconds)


LINES = {"command": "ccm triage --out, 12 columns", "ccm": "ccm, its steps alone", "duckdb": "the same steps, DuckDB"}
"""Whose growth is drawn, with the names in the picture."""


def able(rows: int) -> list[str]:
    """Who can run here at this size; who cannot is told."""
    if rows > 10_000_000:
        return [one for one in TITLES if one not in {"pandas", "spark"}]
    if find_spec("pyspark") and shutil.which("java"):
        return list(TITLES)
    print("Spark does not run here: it needs ccm[spark] and Java")
    return [one for one in TITLES if one != "spark"]


TITLES = {
    "ccm": "ccm, classified and written",
    "command": "ccm triage --out, with what is owed",
    "duckdb": "DuckDB, the same as the first in SQL",
    "pandas": "pandas, the same as the first",
    "spark": "ccm triage --engine spark, local[2]",
}


def main() -> None:
    """Race at each size, in a folder that is deleted at the end."""
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000_000])
    parser.add_argument("--large", action="store_true", help="also 100 million rows")
    parser.add_argument("--works", nargs="+", choices=TITLES, help="who runs (pandas and Spark up to 10 million rows)")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--place", type=Path, help="where there is room: 100 million rows take 6 GB")
    parser.add_argument("--child", nargs=3, metavar=("WORK", "BOOK", "FOLDER"), help="run one contender")
    asked = parser.parse_args()
    if asked.child:
        child(*asked.child)
        return
    score = Score()
    sizes = [*asked.rows, *([100_000_000] if asked.large else [])]
    for rows in [20_000, 200_000] if asked.tiny else sizes:
        with tempfile.TemporaryDirectory(dir=asked.place) as folder:
            race(rows, asked.works or able(rows), asked.rounds, Path(folder), score)
    score.write(asked.score)


if __name__ == "__main__":
    main()
