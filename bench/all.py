"""Run every race on this machine and write docs/benchmarks.md: what was run, where, when, and the ratios.

    python bench/all.py [--only NAME]... [--large] [--tiny --to FOLDER]

First comes one table of all ratios beside their aims, then why an aim is missed (`why.toml`), the growth as pictures
with their figures, and last what each race has printed. `--large` adds the hundred million rows of `scale.py` and the
hundred thousand letters of `letters.py`: 12 GiB of memory, 20 GB of disk and an hour. A race that fails is told as
failed with its last words, and the exit code is 1.
"""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from plots import draw, pictures
from score import Ratio, Score, options, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plots import Curves

HERE = Path(__file__).parent
RACES = {
    "triage": "读十万行的工作簿",
    "scale": "一个省的账",
    "letters": "写函",
    "archive": "核对档案",
    "clocks": "数期间",
    "startup": "启动",
}
"""Each script with its title."""
LARGE = {"scale", "letters"}
"""Who has a larger size on request."""
CAPTIONS = {
    "triage": "清单：横轴是台账行数，纵轴是秒。",
    "letters": "写函：横轴是函的份数，纵轴是从命令开始到结束的秒数。",
    "archive": "核对档案：横轴是材料份数，纵轴是秒。",
    "clocks": "数期间：横轴是登记的条数，纵轴是处理器秒数。",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """One race: what it printed or its last words, and what it handed over."""

    title: str
    name: str
    failed: bool
    said: str
    score: Score


def race(name: str, words: list[str]) -> Ran:
    """Run one race, and show what it says as soon as it has ended."""
    print(f"── {name}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "score.json")
        call = [sys.executable, str(HERE / f"{name}.py"), *words, "--score", str(path)]
        ran = subprocess.run(call, capture_output=True, text=True, check=False)
        score = read(path)
    failed = ran.returncode != 0
    last = f"没有跑完（退出码 {ran.returncode}），最后说的是：\n{(ran.stderr.strip() or ran.stdout.strip())[-500:]}"
    said = last if failed else ran.stdout.strip()
    print(said, flush=True)
    return Ran(RACES[name], name, failed, said, score)


# The page, part by part.


def machine() -> str:
    """Say what the races ran on, and how busy it was."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = os.getloadavg()[0]
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return (
        f"{processor()}，{os.cpu_count()} 核，{gib:.0f} GiB 内存，{system}，"
        f"Python {platform.python_version()}；开始时负载 {load:.1f}"
    )


PEERS = ("polars", "fastexcel", "openpyxl", "pandas", "duckdb", "pyspark", "docxtpl", "docx-mailmerge", "python-docx")


def versions() -> str:
    """Which releases of the peers ran, as far as they are installed here."""
    found = []
    for name in PEERS:
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return "、".join(found)


def processor() -> str:
    """The processor's model where the system tells it, or its kind."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text("utf-8").splitlines() if known.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def table(races: list[Ran]) -> Iterator[str]:
    """All ratios beside their aims."""
    yield "\n## 比值\n\n| 比赛 | 谁比谁 | 比值 | 目标 | 达到 |\n|---|---|---:|---|---|\n"
    for one in races:
        for row in one.score.ratios:
            yield f"| {one.title} | {row.what} | {row.value:.2f} | {row.aim or '—'} | {VERDICTS[row.reached]} |\n"
        if one.failed:
            yield f"| {one.title} | 没有跑完 | — | — | **否** |\n"


VERDICTS = {True: "是", False: "**否**", None: "—"}


def reasons(ratios: list[Ratio]) -> Iterator[str]:
    """Why an aim is missed, and what there is to say about a ratio that has none."""
    known: dict[str, str] = tomllib.loads((HERE / "why.toml").read_text("utf-8"))
    told = [one for one in ratios if one.reached is False or (one.reached is None and one.key in known)]
    if told:
        yield "\n## 没有达到的，为什么\n\n"
    for one in told:
        unknown = f"原因还没有查明（写在 bench/why.toml 的 `{one.key}`）。"
        lines = known.get(one.key, unknown).strip().splitlines()
        yield "".join(f"{line}\n" for line in (f"- {one.what}（{one.value:.2f}）：", *(f"  {line}" for line in lines)))


def growth(curves: dict[str, Curves], folder: Path) -> Iterator[str]:
    """The pictures, each with its figures."""
    if curves:
        yield "\n## 增长\n\n两轴都是对数；虚线的斜率是 1，与它平行就是线性。\n"
    for name, lines in curves.items():
        draw(name, lines, folder / "images" / f"bench-{name}.svg")
        yield f"\n![{CAPTIONS[name]}](images/bench-{name}.svg)\n\n{CAPTIONS[name]}\n\n"
        yield f"| | {' | '.join(lines)} |\n|---:|{'---:|' * len(lines)}\n"
        for size in sorted({size for of in lines.values() for size in of}):
            seconds = (f"{of[size]:.2f}" if size in of else "" for of in lines.values())
            yield f"| {size:,} | {' | '.join(seconds)} |\n"


def page(when: str, races: list[Ran], folder: Path) -> str:
    """The whole page."""
    curves = pictures([point for one in races for point in one.score.points])
    parts = [f"# 测速\n\n由 `make bench` 写成；数字只说明这一台机器这一次，要比就看比值。\n\n{when}\n"]
    parts += [*table(races), *reasons([row for one in races for row in one.score.ratios]), *growth(curves, folder)]
    parts += [f"\n## {one.title}（bench/{one.name}.py）\n\n```\n{one.said}\n```\n" for one in races]
    return "".join(parts)


def main() -> None:
    """Run the races and write the page."""
    parser = options(__doc__)
    parser.add_argument("--only", action="append", choices=RACES)
    parser.add_argument("--large", action="store_true", help="also 100 million rows and 100,000 letters")
    parser.add_argument("--to", type=Path, default=HERE.parent / "docs", metavar="FOLDER", help="where the page goes")
    asked = parser.parse_args()
    tiny = ["--tiny"] if asked.tiny else []
    small = "\n\n**这一次只用小样，看各项能不能跑完；数字什么也不说明。**" if tiny else ""
    when = f"{datetime.now().astimezone():%Y-%m-%d}，{machine()}。\n对手的版本：{versions()}。{small}"
    large = {name: ["--large"] for name in LARGE if asked.large}
    races = [race(name, [*tiny, *large.get(name, [])]) for name in RACES if name in (asked.only or RACES)]
    written = page(when, races, asked.to)
    asked.to.mkdir(parents=True, exist_ok=True)
    (asked.to / "benchmarks.md").write_text(written, "utf-8")
    print("".join(table(races)))
    sys.exit(any(one.failed for one in races))


if __name__ == "__main__":
    main()
