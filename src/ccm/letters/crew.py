"""Letters rendered ahead in several processes; what they render is used only where its number turned out right.

The crew computes and touches neither journal nor disk: whatever becomes of one of its processes, the run that leads it
numbers, records and writes as if it were alone, and renders itself what it has not been given.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ccm.letters import qr
from ccm.letters.fields import context
from ccm.letters.template import compile_template, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from ccm.letters.letter import Letter
    from ccm.letters.template import Template


@dataclass(frozen=True, slots=True)
class Rendered:
    """The fields of a letter, the digest of its file, and the file; None where that waits where it was made."""

    fields: dict[str, Any]
    sha256: str
    content: bytes | None


class Hands(Protocol):
    """Who renders a block of letters ahead; they neither number nor record.

    `block` is how many they want at a time, 0 where it is all the same to them.
    """

    block: int

    def render(self, letters: Sequence[tuple[Letter, str]], *, coded: bool) -> list[Rendered | None]:
        """Render letters under the numbers given, in order; None for what failed: the caller will find out why."""

    def write(self, files: Mapping[str, Path]) -> None:
        """Write those of the letters just rendered whose files wait afar; they have their numbers now."""


def rendered(letter: Letter, letter_no: str, templates: Mapping[str, Template], *, coded: bool) -> Rendered:
    """Render one letter under its number, with a QR code where it is `coded`.

    Raises:
        MissingValueError: The template prints what this letter has no value for.
        CcmError: `template-broken`.
    """
    fields = context(letter, letter_no)
    content = render(templates[letter.kind], {**fields, "二维码": qr.RUN if coded else ""})
    return Rendered(fields, hashlib.sha256(content).hexdigest(), content)


def tried(letter: Letter, letter_no: str, templates: Mapping[str, Template], *, coded: bool) -> Rendered | None:
    """Render one letter; None where it cannot be, whatever the reason."""
    with suppress(Exception):
        return rendered(letter, letter_no, templates, coded=coded)
    return None


class Crew:
    """Processes that have the templates compiled and wait for letters."""

    block = 0

    def __init__(self, templates: Mapping[str, Template], size: int) -> None:
        """Start `size` processes, which are ready while the first batch is being prepared."""
        from multiprocessing import get_context

        # Spawned, a process holds its own end of its own pipe alone: it sees at once when its leader is gone.
        spawn = get_context("spawn")
        sources = [(one.source, kind) for kind, one in templates.items()]
        self._hands: list[tuple[BaseProcess, Connection]] = []
        for _ in range(size):
            mine, theirs = spawn.Pipe()
            process = spawn.Process(target=work, args=(theirs, sources), daemon=True)
            process.start()
            theirs.close()
            self._hands.append((process, mine))

    def render(self, letters: Sequence[tuple[Letter, str]], *, coded: bool) -> list[Rendered | None]:
        """Render letters under the numbers given, in order; None for what failed: the caller will find out why."""
        share = -(-len(letters) // len(self._hands)) or 1
        parts = [letters[at : at + share] for at in range(0, len(letters), share)]
        asked = [_send(line, (part, coded)) for (_, line), part in zip(self._hands, parts, strict=False)]
        found: list[Rendered | None] = []
        for (_, line), part, sent in zip(self._hands, parts, asked, strict=False):
            found += (_receive(line) if sent else None) or [None] * len(part)
        return found

    def write(self, files: Mapping[str, Path]) -> None:
        """Nothing waits here: the leader was given every file."""

    def close(self) -> None:
        """Let the processes end; a closed pipe is their sign."""
        for process, line in self._hands:
            line.close()
            process.join(5)


@contextmanager
def crew(templates: Mapping[str, Template], size: int) -> Iterator[Crew | None]:
    """Give a crew while a block runs; none where one process is enough."""
    if size < 2:
        yield None
        return
    hands = Crew(templates, size)
    try:
        yield hands
    finally:
        hands.close()


def work(line: Connection, sources: Sequence[tuple[bytes, str]]) -> None:
    """Answer with rendered letters until the leader closes the pipe or is gone."""
    import signal

    # Ctrl-C goes to all at once; the leader decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    templates = {kind: compile_template(source, kind, kind) for source, kind in sources}
    while (asked := _receive(line)) is not None:
        letters, coded = asked
        if not _send(line, [tried(letter, number, templates, coded=coded) for letter, number in letters]):
            return


def _send(line: Connection, what: object) -> bool:
    try:
        line.send(what)
    except OSError:
        return False
    return True


def _receive(line: Connection) -> Any:  # noqa: ANN401 - whatever the other side has sent
    try:
        return line.recv()
    except (EOFError, OSError):
        return None
