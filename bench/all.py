"""Run every race on this machine and write docs/benchmarks.md: what was run, where, when, and the ratios.

    python bench/all.py [--only NAME]... [--large]

`--large` adds the hundred million rows of `scale.py`, which want 12 GiB and some minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
RACES = {
    "triage": ("读十万行的工作簿", []),
    "scale": ("一个省的账", ["--rows", "10000000"]),
    "letters": ("写函", []),
    "archive": ("核对档案", ["--letters", "500", "--size", "200000"]),
    "clocks": ("数期间", []),
    "startup": ("启动", []),
}
"""Each script with its title and how it is run here."""


def machine() -> str:
    """Say what the races ran on, and how busy it was."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = os.getloadavg()[0]
    return (
        f"{platform.machine()}，{os.cpu_count()}核，{gib:.0f} GiB 内存，{platform.system()} {platform.release()}，"
        f"Python {platform.python_version()}；开始时负载 {load:.1f}"
    )


def main() -> None:
    """Run the races and write the page; a race that fails is said to have failed, with its last words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", action="append", choices=RACES)
    parser.add_argument("--large", action="store_true")
    asked = parser.parse_args()
    when = f"{datetime.now().astimezone():%Y-%m-%d}，{machine()}。"
    parts = [f"# 测速\n\n由 `make bench` 写成；数字只说明这一台机器这一次，要比就看比值。\n\n{when}\n"]
    for name, (title, words) in RACES.items():
        if asked.only and name not in asked.only:
            continue
        more = ["100000000"] if name == "scale" and asked.large else []
        print(f"── {name}", flush=True)
        ran = subprocess.run(
            [sys.executable, HERE / f"{name}.py", *words, *more], capture_output=True, text=True, check=False
        )
        said = ran.stdout.strip() if ran.returncode == 0 else f"没有跑完：{ran.stderr.strip()[-500:]}"
        print(said, flush=True)
        parts.append(f"\n## {title}（bench/{name}.py）\n\n```\n{said}\n```\n")
    PAGE.write_text("".join(parts), "utf-8")


if __name__ == "__main__":
    main()
