"""Race `ccm triage` against bare readers of the same file, in one run; print seconds, memory and ratios.

Each contender is a process of its own; rounds are interleaved and the best of each is taken, so that a busy machine
slows all alike.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from score import Score, options

if TYPE_CHECKING:
    import resource
    from collections.abc import Callable

    import polars as pl

AS_OF = "2026-11-23"
TODAY = date(2026, 11, 23)
COMPILED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""Installed programs are compiled once; a source tree that may not keep its bytecode would race with a handicap."""
CCM = [sys.executable, "-c", "from ccm.cli import main; main()"]


@dataclass
class Contender:
    """A process to time: its best seconds and its peak memory in megabytes."""

    name: str
    command: list[str]
    rounds: int
    seconds: float = 1e9
    megabytes: float = 0


def frame(rows: int) -> pl.DataFrame:
    """A ledger of 25 columns, one row in ten overdue, texts as long as real ones."""
    import polars as pl

    chance = random.Random(5)
    late = [number % 10 == 0 for number in range(rows)]
    matured = [number % 20 == 0 for number in range(rows)]
    since = [TODAY - timedelta(days=chance.randrange(1, 400)) for _ in range(rows)]
    amount = [chance.randrange(1, 100) * 10_000 for _ in range(rows)]
    guaranteed = [number % 3 == 0 for number in range(rows)]
    return pl.DataFrame(
        {
            "序号": range(1, rows + 1),
            "借据号": [f"0062{number:012d}" for number in range(rows)],
            "客户名称": [f"张三{number}" for number in range(rows)],
            "证件号码": [citizen(number) for number in range(rows)],
            "客户类型": ["个人"] * rows,
            "产品名称": [("农户小额信用贷款", "个人经营贷款")[number % 2] for number in range(rows)],
            "支行": [f"支行{number % 30}" for number in range(rows)],
            "客户经理": [f"经理{number % 200}" for number in range(rows)],
            "联系电话": [f"138{number % 10**8:08d}" for number in range(rows)],
            "联系地址": [f"清水县柳溪镇石桥村{number % 13}组{number}号" for number in range(rows)],
            "合同号": [f"清农商借字〔2024〕{number}号" for number in range(rows)],
            "发放日期": [date(2024, 1, 1) + timedelta(days=number % 300) for number in range(rows)],
            "到期日期": [
                since[number] if matured[number] else date(2027, 1, 1) + timedelta(days=number % 700)
                for number in range(rows)
            ],
            "贷款金额（元）": amount,
            "贷款余额（元）": [one * 0.8 for one in amount],
            "拖欠本金": [one * 0.8 if due else 0.0 for one, due in zip(amount, matured, strict=True)],
            "本金逾期日期": [one if due else None for one, due in zip(since, matured, strict=True)],
            "拖欠利息": [one * 0.01 if owed else 0.0 for one, owed in zip(amount, late, strict=True)],
            "最早欠息日期": [one if owed else None for one, owed in zip(since, late, strict=True)],
            "五级分类": ["关注" if owed else "正常" for owed in late],
            "担保方式": ["保证" if one else "信用" for one in guaranteed],
            "累计逾期次数": [number % 4 for number in range(rows)],
            "保证人1": [f"李四{number}" if one else None for number, one in enumerate(guaranteed)],
            "保证人1电话": [f"139{number % 10**8:08d}" if one else None for number, one in enumerate(guaranteed)],
            "保证人1地址": [f"清水县清河镇{number}号" if one else None for number, one in enumerate(guaranteed)],
        }
    )


def make(rows: int, *paths: Path) -> None:
    """Write the ledger in a process of its own: what this one has in memory would count as its children's."""
    subprocess.run([sys.executable, __file__, "--make", str(rows), *map(str, paths)], check=True)


def write(rows: int, paths: list[str]) -> None:
    """Write one ledger in the kinds that the names say."""
    book = frame(rows)
    for path in paths:
        kind: dict[str, Callable[[str], object]] = {
            ".xlsx": book.write_excel,
            ".csv": book.write_csv,
            ".parquet": book.write_parquet,
        }
        kind[Path(path).suffix](path)


def citizen(number: int) -> str:
    """A made-up identity number with a right check digit."""
    day = date(1958, 1, 1) + timedelta(days=number % 15000)
    body = f"430000{day:%Y%m%d}{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(one) * weight for one, weight in zip(body, weights, strict=True)) % 11]


def triage(folder: Path, ledger: Path) -> list[str]:
    """The whole command, as the customer manager types it."""
    return [*CCM, "--workspace", str(folder), "triage", str(ledger), "--as-of", AS_OF]


def race(contenders: list[Contender]) -> None:
    """Run each contender as often as it asks, in turns."""
    for round_ in range(max(one.rounds for one in contenders)):
        for one in contenders:
            if round_ < one.rounds:
                start = time.perf_counter()
                child = subprocess.Popen(one.command, stdout=subprocess.DEVNULL, env=COMPILED)
                _, status, usage = wait(child)
                if status:
                    sys.exit(f"{one.name}: ended with {status}")
                one.seconds = min(one.seconds, time.perf_counter() - start)
                one.megabytes = max(one.megabytes, usage.ru_maxrss / 1024)


def wait(child: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    """Wait for one child, and learn what it alone has used."""
    pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return pid, child.returncode, usage


def show(title: str, contenders: list[Contender], base: Contender) -> None:
    """Print one table; ratios are against `base`."""
    print(f"\n{title}")
    print(f"{'':44}{'seconds':>9}{'ratio':>8}{'MB':>8}{'ratio':>8}")
    for one in contenders:
        print(
            f"{one.name:44}{one.seconds:9.2f}{one.seconds / base.seconds:8.2f}"
            f"{one.megabytes:8.0f}{one.megabytes / base.megabytes:8.2f}"
        )


def python(code: str) -> list[str]:
    """A process that runs one line."""
    return [sys.executable, "-c", code]


def large(folder: Path, score: Score, *, tiny: bool) -> None:
    """100,000 rows: a bare read, its floor, and those who read the same sheet; the slow ones once."""
    rows, path = 1_000 if tiny else 100_000, folder / "large.xlsx"
    make(rows, path)
    book = repr(str(path))
    bare = Contender(
        "fastexcel, bare read", python(f"import fastexcel; fastexcel.read_excel({book}).load_sheet(0).to_polars()"), 5
    )
    ours = Contender("ccm triage", triage(folder, path), 5)
    floor = Contender("only inflating the sheet's XML", python(INFLATE.format(book)), 5)
    polars = Contender("Polars alone (calamine)", python(f"import polars; polars.read_excel({book})"), 3)
    calamine = Contender("pandas + calamine", python(PANDAS.format(book, "calamine")), 1)
    frames = Contender("pandas + openpyxl", python(PANDAS.format(book, "openpyxl")), 1)
    cells = Contender("openpyxl, read only, nothing kept", python(OPENPYXL.format(book)), 1)
    everyone = [bare, ours, floor, polars, calamine, frames, cells]
    race(everyone)
    title = f"{rows:,} rows x 25 columns, 10 % overdue (aim: ccm <= 1.3 x bare, earlier 1.6; <= 2.5 x its memory)"
    show(title, everyone, bare)
    print(f"ccm against openpyxl: {cells.seconds / ours.seconds:.1f} x as fast (aim: >= 8)")
    score.ratio("triage/bare", "ccm triage ÷ fastexcel 只读", ours.seconds / bare.seconds, "≤ 1.3")
    score.ratio("triage/memory", "ccm triage ÷ fastexcel 只读，内存", ours.megabytes / bare.megabytes, "≤ 2.5")
    score.ratio("triage/inflate", "ccm triage ÷ 只解压不解析（下限）", ours.seconds / floor.seconds)
    score.ratio("triage/polars", "Polars 读 ÷ ccm triage", polars.seconds / ours.seconds, "领先")
    score.ratio("triage/pandas-calamine", "pandas+calamine 读 ÷ ccm triage", calamine.seconds / ours.seconds, "领先")
    score.ratio("triage/pandas-openpyxl", "pandas+openpyxl 读 ÷ ccm triage", frames.seconds / ours.seconds, "领先")
    score.ratio("triage/openpyxl", "openpyxl 只读 ÷ ccm triage", cells.seconds / ours.seconds, "≥ 8")


INFLATE = """
import zipfile
with zipfile.ZipFile({}) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
    while sheet.read(1 << 20):
        pass
"""
PANDAS = "import pandas; pandas.read_excel({}, engine={!r})"
OPENPYXL = "import openpyxl; [0 for _ in openpyxl.load_workbook({}, read_only=True).active.iter_rows()]"


def small(folder: Path, score: Score, *, tiny: bool) -> None:
    """1,000 rows, and the help page: against imports alone."""
    path, rounds = folder / "small.xlsx", 2 if tiny else 9
    make(1_000, path)
    imports = Contender("import typer, polars, fastexcel", python("import typer, polars, fastexcel"), rounds)
    ours = Contender("ccm triage", triage(folder, path), rounds)
    race([imports, ours])
    show("1,000 rows (aim: <= 2)", [imports, ours], imports)
    typer = Contender("import typer", python("import typer"), rounds)
    page = Contender("ccm --help", [*CCM, "--help"], rounds)
    race([typer, page])
    show("help (aim: <= 1.5)", [typer, page], typer)
    score.ratio("triage/small", "ccm triage 一千行 ÷ 只导入", ours.seconds / imports.seconds, "≤ 2")
    score.ratio("triage/help", "ccm --help ÷ 只导入 Typer", page.seconds / typer.seconds, "≤ 1.5")


def curve(folder: Path, score: Score, *, tiny: bool) -> None:
    """From 10,000 to 1,000,000 rows, CSV and Parquet: microseconds a row stay level when the work is linear."""
    print("\ngrowth, ccm triage, microseconds a row after the time of 1,000 rows")
    print(f"{'rows':>10}{'csv s':>9}{'us/row':>9}{'parquet s':>12}{'us/row':>9}")
    start: dict[str, float] = {}
    for rows in (1_000, 2_000, 4_000) if tiny else (1_000, 10_000, 100_000, 300_000, 1_000_000):
        make(rows, folder / "grow.csv", folder / "grow.parquet")
        line = f"{rows:10,}"
        for kind, width in (("csv", 9), ("parquet", 12)):
            one = Contender(kind, triage(folder, folder / f"grow.{kind}"), rounds=1 if rows > 100_000 else 2)
            race([one])
            each = (one.seconds - start.setdefault(kind, one.seconds)) / rows * 1e6
            line += f"{one.seconds:{width}.2f}{each:9.1f}"
            score.point("triage", f"ccm triage, {kind}", rows, one.seconds)
        print(line)


if __name__ == "__main__":
    races = {"large": large, "small": small, "curve": curve}
    parser = options(__doc__)
    parser.add_argument("race", nargs="*", help=f"which: {', '.join(races)} (all)")
    parser.add_argument("--make", nargs="+", metavar=("ROWS", "FILE"), help="only write a ledger")
    asked = parser.parse_args()
    if asked.make:
        write(int(asked.make[0]), asked.make[1:])
        sys.exit()
    score = Score()
    for name in asked.race or races:
        with tempfile.TemporaryDirectory() as place:
            races[name](Path(place), score, tiny=asked.tiny)
    score.write(asked.score)
