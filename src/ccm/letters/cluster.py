"""Letters rendered and written by Spark's tasks, block by block; what numbers and records them stays the one run.

A block is rendered first, under the numbers it will get, and Spark keeps it: the journal asks for the digests.
Once its numbers are taken, each task writes what it has rendered.
A task that is lost, retried or run twice renders the same bytes again and writes them under the same names.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccm.errors import CcmError
from ccm.letters.crew import Rendered, tried
from ccm.letters.template import Template, compile_template
from ccm.safe import private, put_bytes, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ccm.letters.letter import Letter

BLOCK = 1_000
"""Letters that are numbered at a time: enough for every task, and few enough to be made again by the next run."""

Made = tuple[str, "Rendered | None"]
"""A letter's number and the letter, None where it could not be rendered."""


class Cluster:
    """A Spark session that has the templates; its workers need ccm, and the folder of letters under the same path."""

    def __init__(self, session: Any, templates: Mapping[str, Template]) -> None:  # noqa: ANN401 - pyspark's own
        """Remember the sources of the templates; every worker compiles them for itself."""
        self._context = session.sparkContext
        self._sources = tuple((one.source, kind) for kind, one in templates.items())
        self._made: Any = None
        self.block = BLOCK

    def render(self, letters: Sequence[tuple[Letter, str]], *, coded: bool) -> list[Rendered | None]:
        """Render a block and keep it where it was made; return all but the files.

        Raises:
            CcmError: `no-spark` where a task has failed too often; nothing is numbered yet.
        """
        from pyspark import StorageLevel

        if self._made is not None:
            self._made.unpersist()
        parts = max(1, min(len(letters), 2 * self._context.defaultParallelism))
        spread = self._context.parallelize(list(letters), parts)
        rendering = partial(render_part, sources=self._sources, coded=coded)
        self._made = spread.mapPartitions(rendering).persist(StorageLevel.MEMORY_AND_DISK)
        try:
            found: list[Rendered | None] = self._made.map(without_file).collect()
        except Exception as error:
            raise CcmError("no-spark", reason=_first_line(error)) from error
        return found

    def write(self, files: Mapping[str, Path]) -> None:
        """Write the files of the block just rendered, by letter number; what Spark has lost of it is rendered again.

        Raises:
            CcmError: `letters-unfinished`.
        """
        writing = partial(write_part, files={number: str(path) for number, path in files.items()})
        try:
            troubles = self._made.mapPartitions(writing).collect()
        except Exception as error:
            raise CcmError("letters-unfinished", where="Spark", reason=_first_line(error)) from error
        for where, reason in troubles:
            raise CcmError("letters-unfinished", where=where, reason=reason)


def render_part(
    letters: Iterable[tuple[Letter, str]], *, sources: Sequence[tuple[bytes, str]], coded: bool
) -> Iterator[Made]:
    """A task: render a part of a block."""
    templates = {kind: _compiled(source, kind) for source, kind in sources}
    for letter, number in letters:
        yield number, tried(letter, number, templates, coded=coded)


def without_file(made: Made) -> Rendered | None:
    """What goes back to the run: the fields and the digest."""
    one = made[1]
    return one and Rendered(one.fields, one.sha256, None)


def write_part(block: Iterable[Made], *, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A task: write a part of a block, each letter whole or not at all; yield a place and a reason where it cannot.

    A full disk is as full for the next try, so it is told and not raised.
    """
    paths = []
    for number, made in block:
        if made is None or made.content is None or number not in files:
            continue
        path = Path(files[number])
        # Made anew on a machine that does not share the folder, letters would lie where nobody looks for them.
        if not path.parent.is_dir():
            yield str(path.parent), "工作机上没有这个文件夹，函件要放在各台机器共用的盘上"
            return
        try:
            with private():
                put_bytes(path, made.content)
        except CcmError as error:
            yield str(path), error.message
            return
        paths.append(path)
    settle(paths)


@cache
def _compiled(source: bytes, kind: str) -> Template:
    return compile_template(source, kind, kind)


def _first_line(error: Exception) -> str:
    """Say what Spark says, less the call that failed and all that Java was doing."""
    lines = [line.strip(" :") for line in str(error).splitlines() if line.strip()]
    return f"任务没有做成：{next((line for line in lines if 'Exception' in line), lines[0] if lines else '')[:200]}"
