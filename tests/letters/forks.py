"""A process with ccm loaded that forks a child for each command, so that hundreds can be run, and killed, cheaply.

Started by the tests as a program of its own: it reads one order per line and answers with one line, both JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import ccm.cli
from ccm.letters import issue
from ccm.safe import put_bytes

WRITES = {"open", "os.rename", "os.remove", "os.mkdir", "os.link", "os.truncate", "sqlite3.connect"}
"""What Python's audit hooks are told of the file system; between two of these only SQLite changes the disk."""


def serve() -> None:
    """Answer orders until the input ends.

    An order has `runs`: each with `place` and `words` for ccm, `out` for what it prints, `batch`, and optionally
    `pause`, the seconds to wait before each letter is written, and `die_at`, the step before which it kills itself.
    `kill_after` kills all of them after so many seconds; `load` names modules to have ready.
    """
    # What a killed process has written the system still has: to wait for the disk would only make the tests slow.
    os.sync = os.fsync = lambda *_: None  # type: ignore[assignment]
    for line in sys.stdin:
        order = json.loads(line)
        for name in order.get("load", ()):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        began = time.perf_counter()
        children = [_start(run) for run in order["runs"]]
        if "kill_after" in order:
            time.sleep(order["kill_after"])
            for child in children:
                os.kill(child, signal.SIGKILL)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        sys.stdout.write(json.dumps({"codes": codes, "seconds": time.perf_counter() - began}) + "\n")
        sys.stdout.flush()


def _start(run: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        out = os.open(run["out"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        issue.BATCH = run["batch"]
        if "pause" in run:
            _pause(run["pause"])
        if "die_at" in run:
            _die_at(run["die_at"], run["place"])
        code = _run(["--workspace", run["place"], *run["words"]])
        sys.stdout.flush()
        sys.stderr.flush()
        if "modules" in run:
            Path(run["modules"]).write_text("\n".join(sys.modules), encoding="utf-8")
    finally:
        os._exit(code)


def _run(words: list[str]) -> int:
    sys.argv = ["ccm", *words]
    try:
        ccm.cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _pause(seconds: float) -> None:
    """Wait before each letter is written: what lies between its number and its file takes long enough to die in."""

    def slowly(path: Path, content: bytes) -> None:
        time.sleep(seconds)
        put_bytes(path, content)

    issue.__dict__["put_bytes"] = slowly


def _die_at(step: int, place: str) -> None:
    """Kill this process before its nth step on the files of a workspace."""
    steps = iter(range(step))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in WRITES or not str(arguments[0]).startswith(place):
            return
        reads = event == "open" and arguments[1] in {"r", "rb"}
        if not reads and next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    serve()
