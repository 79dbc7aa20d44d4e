"""Feed what ccm reads with damaged files until something breaks that should have been refused.

    python fuzz/readers.py --minutes 60 --found FOLDER [--seed 1]

Each input is a small honest file of `fuzz/seeds` with a few changes: in its bytes, in a member of its zip package, or
in a word of its text.
A run of inputs is a process of its own, so that a crash, a hang and a full memory are findings too.
What was found lies in FOLDER under the name of the trouble, ready to become a test.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
DATA = Path(__file__).parents[1] / "src" / "ccm" / "data"
AS_OF = date(2026, 11, 23)
BATCH = 200
SECONDS = 10
"""How long the processor may work at one input."""
MEGABYTES = 1024
WORDS = (
    "",
    "0",
    "-1",
    "1",
    "5",
    "65535",
    "65536",
    "1048576",
    "1048577",
    "16384",
    "4294967295",
    "18446744073709551616",
    "1e308",
    "-1e-308",
    "nan",
    "inf",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "20261301",
    "2026年13月1日",
    "0000/0/0",
    "true",
    "null",
    "=1+1",
    "#REF!",
    "１２３",
    "1,2,3",
    "(5)",
    "¥",
    "万元",
    "合计",
    "借据号",
    "余额",
    "\u202e张\u200b",
    "\x00",
    "\ud7ff",
    "𠮷",
    "A1:XFD1048576",
    "XFD1048576",
    "../../x",
    "{}",
    "{0}",
    "%s",
    "[]",
    "'",
    '"',
    "<",
    "&",
    "&#0;",
    "\r",
    "\n",
    "\t",
    "9" * 400,
    "张" * 300,
    "2958466",
    "-693595",
    "0.1",
    "1979-05-27T07:32:00Z",
    "[1, 2]",
    "{ a = 1 }",
    "inline",
    "s",
    "e",
    "d",
)
TOKEN = re.compile(rb"[0-9]+|[A-Za-z_]+|[^\x00-\x7f]+")

Mutate = Callable[[random.Random, bytes], bytes]


def bytewise(chance: random.Random, content: bytes) -> bytes:
    """Change, take out, double or cut off a few bytes."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        at = chance.randrange(len(data))
        size = chance.choice((1, 2, 4, 16, 200))
        match chance.randrange(5):
            case 0:
                data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = data[at : at + size] * chance.choice((1, 2, 50))
            case 3:
                data[at : at + size] = bytes(chance.randrange(256) for _ in range(size))
            case _:
                if chance.random() < 0.2:
                    del data[at:]
    return bytes(data)


def wordwise(chance: random.Random, content: bytes) -> bytes:
    """Put other words and numbers in the place of a few."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        if found := list(TOKEN.finditer(content)):
            hit = chance.choice(found)
            word = chance.choice(WORDS).encode(errors="replace")
            if chance.random() < 0.2:
                word = content[hit.start() : hit.end()] + word
            content = content[: hit.start()] + word + content[hit.end() :]
    return content


def tagwise(chance: random.Random, content: bytes) -> bytes:
    """Double, take out or swap a few tags, lines or rows."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        parts = re.split(rb"(?=<)|(?<=\n)", content)
        at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        match chance.randrange(4):
            case 0:
                parts[at] = b""
            case 1:
                parts[at] *= chance.choice((2, 3, 200))
            case 2:
                parts[at], parts[other] = parts[other], parts[at]
            case _:
                low, high = sorted((at, other))
                parts[low:low] = parts[low : min(high, low + 40)]
        content = b"".join(parts)
    return content


def zipped(chance: random.Random, content: bytes) -> bytes:
    """Change a member of a zip package, its name, or leave it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        big = [name for name in names if re.search(r"sheet|content|workbook|shared|styles|rels", name)]
        chosen = chance.choice(big or names)
        for name in names:
            inside, called = old.read(name), name
            if name == chosen:
                match chance.randrange(12):
                    case 0:
                        continue
                    case 1:
                        called = chance.choice((*names, "../x", "xl/Workbook.xml", "x" * 300))
                    case _:
                        inside = chance.choice((bytewise, wordwise, wordwise, tagwise, tagwise))(chance, inside)
            new.writestr(called, inside)
    return out.getvalue()


WAYS: dict[str, tuple[Mutate, ...]] = {
    ".xlsx": (zipped, zipped, zipped, zipped, bytewise),
    ".xlsb": (zipped, zipped, zipped, bytewise),
    ".ods": (zipped, zipped, zipped, bytewise),
    ".xls": (bytewise,),
    ".parquet": (bytewise,),
    ".csv": (bytewise, wordwise, tagwise),
    ".html": (bytewise, wordwise, tagwise),
    ".toml": (wordwise, tagwise, bytewise),
}


def made(seed: int) -> tuple[str, bytes]:
    """Return the name and content of an input: the same for the same seed."""
    chance = random.Random(seed)
    rules = [DATA / name for name in ("policy.toml", "rights.toml")] + [Path(__file__).parents[1] / "examples/ccm.toml"]
    texts = Path(__file__).parents[1] / "templates" / "sms.toml"
    source = chance.choice([*sorted(SEEDS.iterdir()) * 2, *rules, texts])
    content = source.read_bytes()
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        with suppress(Exception):  # a package that the change before has broken
            content = chance.choice(WAYS[source.suffix])(chance, content)
    return source.name, content


def read(path: Path, place: Path) -> None:
    """Do with a file what ccm does with it; a refusal is what is asked for."""
    from ccm.errors import CcmError

    with suppress(CcmError):
        _settings(path, place) if path.suffix == ".toml" else _table(path)


def _settings(path: Path, place: Path) -> None:
    from ccm import policy, workspace
    from ccm.rights import rules
    from ccm.sms import texts

    match path.stem:
        case "policy":
            policy.load(path)
        case "rights":
            rules.load(path)
        case "sms":
            texts.load(path)
        case _:
            (place / "ccm.toml").write_bytes(path.read_bytes())
            workspace.load(place)


def _table(path: Path) -> None:
    from ccm.bounds import Bounds
    from ccm.classify import classify
    from ccm.ledger.check import check
    from ccm.ledger.columns import load_names
    from ccm.ledger.header import locate
    from ccm.ledger.read import open_ledger
    from ccm.ledger.table import all_rows
    from ccm.policy import load
    from ccm.post.sheet import rows
    from ccm.warn.sheet import rows as warned

    names = load_names()
    sheets = open_ledger(path, password=lambda: None, bounds=Bounds())
    known = [(one, layout) for one in sheets if (layout := locate(one, names))]
    if known:
        checked = check(known, names, AS_OF)
        classify(checked.ledger.loans, load(), AS_OF)
    for sheet in sheets:
        if sheet.height < 5000:
            table = all_rows(sheet)
            list(rows(path.name, sheet.name, table) or ())
            list(warned(path.name, sheet.name, table, AS_OF) or ())


def work(first: int, place: Path) -> None:
    """Try one batch; say on which input it is, so that whoever started it knows where it ended."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    note = place / "at"
    for seed in range(first, first + BATCH):
        name, content = made(seed)
        path = place / name
        path.write_bytes(content)
        note.write_text(f"{seed} {name}")
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            read(path, place)
        except BaseException:  # noqa: BLE001 - every one is what is looked for
            (place / "trace").write_text(traceback.format_exc())
            sys.exit(9)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MEGABYTES * 1024:
            sys.exit(8)


def batch(first: int, found: Path) -> tuple[int, str]:
    """Run a batch; return the seed to go on with, and what was found, empty where nothing was."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ran = subprocess.run(  # noqa: S603 - this very script
            [sys.executable, __file__, "--batch", str(first), "--place", folder], capture_output=True, check=False
        )
        if ran.returncode == 0:
            return first + BATCH, ""
        seed, name = (place / "at").read_text().split(" ", 1)
        trace = (place / "trace").read_text() if (place / "trace").exists() else ran.stderr.decode(errors="replace")
        last = [line for line in trace.strip().splitlines() if line.strip()] or [""]
        spot = re.findall(r'src/ccm/(\S+?)", line (\d+)', trace)
        title = f"{name} code {ran.returncode} {spot[-1] if spot else ''} {last[-1][:120]}"
        key = re.sub(r"\W+", "-", title)[:100]
        if not list(found.glob(f"{key}*")):
            (found / f"{key}--{seed}{Path(name).suffix}").write_bytes((place / name).read_bytes())
            (found / f"{key}--{seed}.txt").write_text(trace[-5000:])
            return int(seed) + 1, title
        return int(seed) + 1, ""


def main() -> None:
    """Fuzz for some minutes, and say what was found."""
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--found", type=Path, default=Path("found"))
    options.add_argument("--batch", type=int)
    options.add_argument("--place", type=Path)
    chosen = options.parse_args()
    if chosen.batch is not None:
        work(chosen.batch, chosen.place)
        return
    chosen.found.mkdir(parents=True, exist_ok=True)
    seed, until = chosen.seed, time.monotonic() + chosen.minutes * 60
    while time.monotonic() < until:
        seed, title = batch(seed, chosen.found)
        if title:
            print(f"{seed - 1}: {title}", flush=True)
    print(f"{seed - chosen.seed} inputs", flush=True)


if __name__ == "__main__":
    main()
