"""The provinces, cities and counties of China: which ones a text names, by full name or in short.

A place is a tuple from the province down: `("甘肃省", "天水市", "清水县")`, or its first one or two.
What stands directly below a province (仙桃市, 石河子市, 定安县) is a city without counties; a municipality is its own.
The list is data/divisions.json: the Ministry of Civil Affairs' of the last year's end, and the former names since 2002.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Place = tuple[str, ...]

VAGUE = 2
"""郊区, 城区, 东区 and their like are counties' names and plain words too."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name that stands in a text: the places that bear it, all of one depth, where it ends, whether it is short."""

    places: tuple[Place, ...]
    end: int
    short: bool

    @property
    def depth(self) -> int:
        """1 for provinces, 2 for cities, 3 for counties."""
        return len(self.places[0])


@dataclass(frozen=True)
class Places:
    """All places by their names; `former` are those that once were."""

    by_name: Mapping[str, tuple[Place, ...]]
    by_short: Mapping[str, tuple[Place, ...]]
    former: frozenset[Place]

    @cached_property
    def longest(self) -> int:
        """The length of the longest name."""
        return max(map(len, self.by_name))

    @cached_property
    def divided(self) -> frozenset[Place]:
        """The cities that have counties."""
        return frozenset(place[:2] for places in self.by_name.values() for place in places if len(place) == 3)

    def named(self, text: str, at: int) -> Iterator[Named]:
        """Give the names that stand in `text` at `at`, the longest first."""
        for end in range(min(len(text), at + self.longest), at + 1, -1):
            word = text[at:end]
            for short, names in ((False, self.by_name), (True, self.by_short)):
                found = names.get(word, ())
                for depth in (1, 2, 3):
                    if level := tuple(place for place in found if len(place) == depth):
                        yield Named(level, end, short)

    def below(self, named: Named, above: tuple[Place, ...], home: Place) -> tuple[Place, ...]:
        """Return which of the named places lie in one of `above`; with nothing above, which may stand alone.

        Former names and vague ones stand alone only in the city of `home`; where a place of today bears the name, no
        former one does.
        """
        if above:
            found = tuple(place for place in named.places if any(place[: len(one)] == one for one in above))
        else:
            found = tuple(place for place in named.places if place[:2] == home[:2] or not self._doubtful(place))
        return tuple(place for place in found if place not in self.former) or found

    def _doubtful(self, place: Place) -> bool:
        return place in self.former or (len(place) == 3 and len(place[-1]) == VAGUE and place[-1].endswith("区"))


@cache
def places(home: Place = ()) -> Places:
    """Return the list of places, `home` among them whether the list has it or not."""
    data = json.loads(files("ccm").joinpath("data/divisions.json").read_text("utf-8"))
    now = dict.fromkeys([*_walk(data["now"]), *(home[:depth] for depth in range(1, len(home) + 1))])
    former = frozenset(_walk(data["former"])) - now.keys()
    by_name: dict[str, list[Place]] = defaultdict(list)
    by_short: dict[str, list[Place]] = defaultdict(list)
    for place in (*now, *sorted(former)):
        names = [place[-1], *data["also"].get(place[-1], ())]
        for name in names:
            by_name[name].append(place)
        if (short := _short(names[-1])) and short not in names:
            by_short[short].append(place)
    for short in [name for name in by_name if name[-1] not in "省市区县旗盟州"]:
        by_short[short] += by_name.pop(short)
    return Places(_tuples(by_name), _tuples(by_short), former)


def _walk(tree: Mapping[str, Mapping[str, list[str]]]) -> Iterator[Place]:
    for province, cities in tree.items():
        yield (province,)
        for city, counties in cities.items():
            yield (province, city)
            yield from ((province, city, county) for county in counties)


def _short(name: str) -> str:
    """甘肃 for 甘肃省, 喀什 for 喀什地区; a name of two characters has no short form (礼县, 郊区)."""
    for ending in ("地区", "林区", "矿区", "新区", "省", "市", "区", "县", "旗", "盟", "州"):
        if name.endswith(ending) and len(name) >= len(ending) + 2:
            return name.removesuffix(ending)
    return ""


def _tuples(names: Mapping[str, list[Place]]) -> dict[str, tuple[Place, ...]]:
    return {name: tuple(dict.fromkeys(found)) for name, found in names.items()}
