"""A PostgreSQL server of the tests' own: started once, with a new database for whoever asks."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=50"


class Server:
    """A running server; it listens on a socket in a folder alone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._names = folder, count(1)

    def database(self) -> str:
        """Make an empty database and return its address."""
        name = f"ccm{next(self._names)}"
        _as_postgres(["createdb", "-h", str(self.folder), name])
        return self.address(name)

    def address(self, database: str, user: str = "postgres") -> str:
        """Return the address of a database for a user."""
        return f"postgresql://{user}@/{database}?host={self.folder}"


@contextmanager
def server() -> Iterator[Server]:
    """Run a server until the block ends; as root, the user `postgres` owns it, for it refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="ccm-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    _as_postgres(["initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"])
    options = f"-k {folder} {SETTINGS}"
    _as_postgres(["pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield Server(folder)
    finally:
        _as_postgres(["pg_ctl", "-D", str(data), "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(command: Sequence[str]) -> None:
    program = next((str(place / command[0]) for place in reversed(INSTALLED)), shutil.which(command[0]) or command[0])
    before = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    user = {"PGUSER": "postgres"}
    subprocess.run(
        [*before, program, *command[1:]], check=True, stdout=subprocess.DEVNULL, cwd="/", env=os.environ | user
    )
