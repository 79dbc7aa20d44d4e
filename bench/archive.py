"""Race `ccm archive-check` against `sha256sum` over the same files, in one run, each on one core; print ratios.

Made-up archives of letters with five papers each, from small to large; rounds are interleaved and the best of each is
taken.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from score import Score, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccm.model import Note

ITEMS = ("original", "waybill", "delivery", "receipt", "receipt")
DAY = date(2026, 11, 23)
CCM = [sys.executable, "-c", "from ccm.cli import main; main()"]


def main() -> None:
    """Race at each size; the largest counts."""
    parser = options(__doc__)
    parser.add_argument("--letters", type=int, nargs="+", default=[20, 200, 2_000])
    parser.add_argument("--size", type=int, default=200_000, help="bytes of a paper")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    score = Score()
    for letters in [2, 20] if asked.tiny else asked.letters:
        with tempfile.TemporaryDirectory() as folder:
            best = race(Path(folder), letters, asked.size, asked.rounds)
        for name, took in best.items():
            score.point("archive", name, letters * len(ITEMS), took)
    papers, base = letters * len(ITEMS), best["sha256sum"]
    score.ratio("archive/whole", f"sha256sum ÷ ccm archive-check，{papers:,} 份", base / best[WHOLE], "≥ 0.8")
    score.ratio("archive/quick", f"sha256sum ÷ archive-check --quick，{papers:,} 份", base / best[QUICK])
    score.write(asked.score)


WHOLE, QUICK = "ccm archive-check", "ccm archive-check --quick"


def race(place: Path, letters: int, size: int, rounds: int) -> dict[str, float]:
    """Make an archive, check it in turns, print the table and return everyone's best seconds."""
    papers = fill(place, letters, size)
    print(f"{letters} letters, {len(papers)} papers, {len(papers) * size / 1e9:.2f} GB")
    check = [*CCM, "--workspace", str(place), "archive-check", "--json"]
    contenders = {
        "sha256sum": ["xargs", "-0", "-a", str(place / "papers"), "sha256sum"],
        WHOLE: check,
        QUICK: [*check, "--quick"],
    }
    best = dict.fromkeys(contenders, 1e9)
    for _ in range(rounds):
        for name, command in contenders.items():
            best[name] = min(best[name], seconds(command))
    for name, took in best.items():
        print(f"{name:28}{took:8.2f} s   {best['sha256sum'] / took:6.2f} × the speed of sha256sum", flush=True)
    return best


def fill(place: Path, letters: int, size: int) -> list[Path]:
    """Make the papers and the journal that knows them."""
    from ccm.journal import open_journal

    papers: list[Path] = []
    with closing(open_journal(place / ".ccm", "bench")) as journal:
        journal.record(list(entries(place, letters, size, papers)), datetime(2026, 11, 23, 9, tzinfo=UTC))
    (place / "papers").write_bytes(b"\0".join(bytes(path) for path in papers))
    return papers


def entries(place: Path, letters: int, size: int, papers: list[Path]) -> Iterator[Note]:
    from ccm.model import Note

    noise = random.Random(4).randbytes(size)
    for number in range(1, letters + 1):
        letter_no = f"清农催〔2026〕{number}号"
        facts = {"kind": "loan_overdue", "title": "贷款逾期催收通知书", "loans": [str(number)], "borrower": "张三",
                 "address": "一路1号", "path": f"letters/{number}.docx"}  # fmt: skip
        yield Note(
            "letter-issued", DAY, str(number), "张三", "borrower", "", letter_no, "清农催|2026", number, "", facts
        )
        yield Note("letter-posted", DAY, str(number), letter_no=letter_no, facts={"waybill": f"10{number:011}"})
        yield Note("letter-result", DAY, str(number), letter_no=letter_no,
                   facts={"status": "delivered", "signer": "self", "reason": "", "text": "妥投"})  # fmt: skip
        folder = place / "archive" / f"{number}_张三" / letter_no
        folder.mkdir(parents=True)
        for nth, item in enumerate(ITEMS):
            path = folder / f"{nth}.pdf"
            content = f"{number}-{nth}".encode().ljust(16) + noise[16:]
            path.write_bytes(content)
            papers.append(path)
            stat = path.stat()
            yield Note("evidence-filed", DAY, str(number), facts={
                "subject": letter_no, "item": item, "path": path.relative_to(place).as_posix(),
                "sha256": hashlib.sha256(content).hexdigest(), "size": size, "modified_ns": stat.st_mtime_ns,
            })  # fmt: skip


def seconds(command: list[str]) -> float:
    """Run a command on one core."""
    pin = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]
    start = time.perf_counter()
    subprocess.run([*pin, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
