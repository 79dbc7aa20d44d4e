"""What a race hands over: ratios beside their aims, and points of its growth curves, as JSON.

Each race prints its own tables as before; given `--score FILE` it also writes what `all.py` puts first on the page.
`--tiny` makes every size small: to see that all parts run, not how fast.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ratio:
    """Who against whom, in which direction, and the aim.

    `key` names the row for `why.toml`; `value` is what `what` says (`A ÷ B`); `aim` is `≤ 1.3`, `≥ 40`, `领先`
    (a peer ÷ ccm, above 1), or empty where a ratio is only to be known.
    """

    key: str
    what: str
    value: float
    aim: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None where there is none."""
        if not self.aim:
            return None
        sign, bound = ("≥", "1") if self.aim == "领先" else self.aim.split()
        return self.value <= float(bound) if sign == "≤" else self.value >= float(bound)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve: the picture and the line it belongs to, a size, and seconds."""

    picture: str
    line: str
    size: int
    seconds: float


@dataclass(slots=True)
class Score:
    """All that one run of a race hands over."""

    ratios: list[Ratio] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    def ratio(self, key: str, what: str, value: float, aim: str = "") -> None:
        """Add a ratio."""
        self.ratios.append(Ratio(key, what, value, aim))

    def point(self, picture: str, line: str, size: int, seconds: float) -> None:
        """Add a point of a curve."""
        self.points.append(Point(picture, line, size, seconds))

    def write(self, path: Path | None) -> None:
        """Write it as JSON, where a file was asked for."""
        if path:
            path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")


def read(path: Path) -> Score:
    """Return what a race has written; nothing where it has not come so far."""
    told = json.loads(path.read_text("utf-8")) if path.exists() else {"ratios": [], "points": []}
    return Score([Ratio(**one) for one in told["ratios"]], [Point(**one) for one in told["points"]])


def options(about: str | None) -> argparse.ArgumentParser:
    """The options that every race has."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", type=Path, metavar="FILE", help="also write ratios and points there, as JSON")
    parser.add_argument("--tiny", action="store_true", help="small sizes: only to see that all runs")
    return parser
