"""LibreOffice's own mail merge over UNO: one file a letter, as its mail merge wizard saves them.

Run by a Python that has `uno` (Debian: python3-uno, and libreoffice-base for the data source), which need not be the
one that has ccm. It takes a folder with a template a kind and a workbook with two sheets a kind, all its letters and
the first alone, and talks by lines with `writers.py`. A CSV file would not do: the office takes loan numbers and dates
in it for numbers, and 0062… loses its zeros.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SOURCE = "letters"
PATIENCE = 60


def main(place: Path) -> None:
    """Start the office, merge each kind's first letter, wait for the shot, merge all, say what that has taken."""
    pipe = f"ccm-bench-{os.getpid()}"
    office = start(place, pipe)
    try:
        context = connect(pipe)
        register(context, place)
        kinds = sorted(path.stem for path in place.glob("*.docx"))
        for kind in kinds:
            merge(context, place, kind, f"{kind}-first", place / "first")
        print("ready", flush=True)
        sys.stdin.readline()
        begun = busy(office.pid)
        for kind in kinds:
            merge(context, place, kind, kind, place / "out")
        print(f"done {busy(office.pid) - begun}", flush=True)
        with contextlib.suppress(Exception):  # the answer may get lost with the office
            service(context, "com.sun.star.frame.Desktop").terminate()
        office.wait(PATIENCE)
    finally:
        office.terminate()
        office.wait()


def start(place: Path, pipe: str) -> subprocess.Popen[bytes]:
    """Let the office make its profile, then start it without the program before it, whose time says nothing.

    With a new profile the office ends at once, for that program to start it again: so it has its turn first.
    """
    program = shutil.which("soffice") or sys.exit("there is no soffice")
    words = [f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--norestore", "--nologo"]
    subprocess.run([program, *words, "--terminate_after_init"], check=True, timeout=PATIENCE, capture_output=True)
    itself = [str(Path(program).resolve().parent / "soffice.bin"), *words, f"--accept=pipe,name={pipe};urp"]
    return subprocess.Popen(itself, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def connect(pipe: str) -> Any:  # noqa: ANN401 - UNO's objects have no types
    """Return the office's component context as soon as it answers."""
    import uno

    local = uno.getComponentContext()
    resolver = service(local, "com.sun.star.bridge.UnoUrlResolver")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(Exception):  # UNO's exceptions exist at run time alone
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        time.sleep(0.1)
    sys.exit("the office does not answer")


def service(context: Any, name: str) -> Any:  # noqa: ANN401
    """A new object of the office."""
    return context.ServiceManager.createInstanceWithContext(name, context)


def register(context: Any, place: Path) -> None:  # noqa: ANN401
    """Make the workbook known as a data source, without which the office merges nothing."""
    sources = service(context, "com.sun.star.sdb.DatabaseContext")
    source = sources.createInstance()
    source.URL = "sdbc:calc:" + (place / "letters.xlsx").as_uri()
    source.DatabaseDocument.storeAsURL((place / "source.odb").as_uri(), ())
    sources.registerObject(SOURCE, source)


def merge(context: Any, place: Path, kind: str, table: str, out: Path) -> None:  # noqa: ANN401
    """Merge a kind's template with a table; each row's file is named by its column `no`."""
    import uno

    out.mkdir(exist_ok=True)
    job = service(context, "com.sun.star.text.MailMerge")
    job.DataSourceName, job.CommandType, job.Command = SOURCE, 0, table
    job.DocumentURL, job.OutputURL = (place / f"{kind}.docx").as_uri(), out.as_uri()
    job.OutputType = uno.getConstantByName("com.sun.star.text.MailMergeType.FILE")
    job.SaveAsSingleFile, job.FileNameFromColumn, job.FileNamePrefix = False, True, "no"
    job.SaveFilter = "MS Word 2007 XML"
    job.execute(())


def busy(pid: int) -> float:
    """The seconds of processor time of a process so far."""
    told = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
