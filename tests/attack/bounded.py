"""What an attack is measured with: a process of its own, its time on the processor and its peak of memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECONDS, MEGABYTES = 10, 1024
"""What any input may cost at most; seconds of the processor, as a busy machine says nothing about ccm."""


@dataclass(frozen=True)
class Told:
    """What a run of ccm said."""

    code: int
    out: str


def attacked(place: Path, *arguments: object) -> Told:
    """Run ccm in a workspace as a process of its own, and hold it to its bounds and its manners."""
    said = place / "said.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", "from ccm.cli import main; main()", "--workspace", place, *map(str, arguments)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COLUMNS": "120", "RUST_BACKTRACE": "0"},
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_CPU, (3 * SECONDS, 3 * SECONDS)),  # noqa: PLW1509 - no threads
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    text = said.read_text(encoding="utf-8", errors="replace")
    assert process.returncode in {0, 3, 4}, text[-2000:]
    assert "Traceback" not in text
    assert used.ru_utime + used.ru_stime < SECONDS
    assert used.ru_maxrss < MEGABYTES * 1024
    assert len(text) < 100_000
    return Told(process.returncode, text)
