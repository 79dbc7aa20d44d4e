"""How long a command takes to start, beside an empty Python, Typer alone, and a Typer program of one command.

    python bench/startup.py [--rounds 7] [--score FILE]

For each command, `--help` is timed against importing the very modules it had loaded by then; the smallest CPU time of
all rounds counts, the contenders taking turns.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from score import Score, options

from ccm.cli.app import COMMANDS

ONE_COMMAND = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str = "you") -> None:
    typer.echo(name)
app()
"""
CCM = "import sys; sys.argv[0] = 'ccm'; from ccm.cli import main; main()"
LOADED = "import atexit, sys; atexit.register(lambda: print('\\n'.join(sys.modules), file=sys.stderr)); " + CCM
GOAL = 1.3


def cpu(command: list[str]) -> float:
    """Seconds of CPU that a process takes, its output thrown away."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def fastest(contenders: dict[str, list[str]], rounds: int) -> dict[str, float]:
    """The smallest time of each, in turns, so that a busy moment hits all alike."""
    found = dict.fromkeys(contenders, float("inf"))
    for _ in range(rounds):
        for name, command in contenders.items():
            found[name] = min(found[name], cpu(command))
    return found


def imports(command: str) -> str:
    """The modules a command has loaded by the time its help is shown, as import statements that cannot fail."""
    run = [sys.executable, "-c", LOADED, command, "--help"]
    said = subprocess.run(run, check=True, capture_output=True, text=True)
    names = [name for name in said.stderr.splitlines() if name.isascii() and name not in {"__main__", "__mp_main__"}]
    return (
        f"import importlib\nfor one in {names!r}:\n    try: importlib.import_module(one)\n    except ImportError: pass"
    )


def main() -> None:
    """Race, print the ratios, and hand over the worst of the commands."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    rounds, score = 1 if asked.tiny else asked.rounds, Score()
    programs(rounds, score)
    commands(list(COMMANDS)[:2] if asked.tiny else list(COMMANDS), rounds, score)
    score.write(asked.score)


PYTHON = [sys.executable, "-c"]


def programs(rounds: int, score: Score) -> None:
    """The page of all commands beside other Typer programs, and what all of them need."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "one.py")
        program.write_text(ONE_COMMAND, "utf-8")
        found = fastest(
            {
                "空的 Python": [*PYTHON, "pass"],
                "import typer": [*PYTHON, "import typer"],
                "一个命令的 Typer 程序 --help": [sys.executable, str(program), "--help"],
                "typer --help": [sys.executable, "-m", "typer", "--help"],
                "ccm --version": [*PYTHON, CCM, "--version"],
                "ccm --help": [*PYTHON, CCM, "--help"],
            },
            rounds,
        )
    for name, took in found.items():
        print(f"{name:32}{took:7.3f} 秒   {took / found['import typer']:5.2f} × import typer")
    for key, peer in (("one", "一个命令的 Typer 程序 --help"), ("typer", "typer --help")):
        score.ratio(f"startup/{key}", f"{peer} ÷ ccm --help", found[peer] / found["ccm --help"], "领先")


def commands(names: list[str], rounds: int, score: Score) -> None:
    """Every command's help against importing what it has loaded."""
    print(f"\n每个命令 --help ÷ 只导入它要的模块（目标 ≤ {GOAL}）")
    ratios = {}
    for name in names:
        pair = {"all": [*PYTHON, CCM, name, "--help"], "imports": [*PYTHON, imports(name)]}
        best = fastest(pair, rounds)
        ratios[name] = best["all"] / best["imports"]
        print(f"ccm {name:16}{best['all']:7.3f} 秒   {ratios[name]:5.2f}", flush=True)
    worst = max(names, key=lambda name: ratios[name])
    what = f"{len(names)} 个命令里最慢的（{worst}）÷ 只导入"
    score.ratio("startup/worst", what, ratios[worst], f"≤ {GOAL}")


if __name__ == "__main__":
    main()
