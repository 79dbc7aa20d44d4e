"""Draw how the time grows with the size, from the points of the races: both axes logarithmic, one SVG a picture.

A dashed line of slope 1 stands beside the curves: what runs along it is linear, what is flatter has a start to pay.
The same points give the same file, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from pathlib import Path

    from score import Point

SIZES = {"triage": "rows", "letters": "letters", "archive": "papers", "clocks": "journal entries"}
"""What each picture counts; the page's captions say it in Chinese, since not every machine has a font for it."""

Curves = dict[str, dict[int, float]]


def pictures(points: list[Point]) -> dict[str, Curves]:
    """Seconds by size by line by picture; a picture of fewer than two sizes shows no growth and is left out."""
    found: dict[str, Curves] = defaultdict(lambda: defaultdict(dict))
    for one in points:
        found[one.picture][one.line][one.size] = one.seconds
    return {name: curves for name, curves in found.items() if len({size for of in curves.values() for size in of}) > 1}


def draw(name: str, curves: Curves, path: Path) -> None:
    """Draw one picture."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ccm", "font.family": "sans-serif"}):
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        axes = figure.subplots()
        for line, of in curves.items():
            axes.loglog(list(of), list(of.values()), marker="o", markersize=4, label=line)
        sizes, seconds = guide(curves)
        axes.loglog(sizes, seconds, linestyle="--", color="grey", linewidth=1, label="slope 1: linear")
        axes.set_xlabel(SIZES[name])
        axes.set_ylabel("seconds")
        axes.grid(visible=True, alpha=0.3)
        axes.legend(frameon=False, fontsize="small")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def guide(curves: Curves) -> tuple[list[int], list[float]]:
    """The line of slope 1 that ends where the longest run ends, over a hundredth of its size at most."""
    size, seconds = max((size, took) for of in curves.values() for size, took in of.items())
    first = max(min(size for of in curves.values() for size in of), size // 100)
    return [first, size], [seconds * first / size, seconds]
