"""The order of the doors: by county, township and village, from the addresses alone.

It is the order in which addresses lie together, not a map: whoever drives knows the roads and may change it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm.address import Home, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.visit.errands import Meeting

TOWNSHIP = re.compile(r"[^\d\s]{1,8}?(?:街道办事处|街道|镇|乡|苏木|林场|农场)(?![路街巷])")
VILLAGE = re.compile(r"[^\d\s]{1,10}?(?:村|社区|居委会|嘎查)")
STREET = re.compile(r"[^\d\s]{1,10}?(?:大道|路|街|巷|小区|花园|苑|屯|庄)")
UNKNOWN = "地址不明"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an address lies; blank what it does not say. `rest` is what is left: the group, the house."""

    district: str
    township: str
    village: str
    rest: str


@dataclass(frozen=True, slots=True)
class Door:
    """One address, and everybody who is to be seen there."""

    address: str
    spot: Spot
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A township and its doors in order; `name` is in words, `地址不明` where the ledger gives no address."""

    name: str
    doors: tuple[Door, ...]


def spot_of(address: str, home: Home) -> Spot:
    """Return where an address lies; what stands above the township is told by the list of places, or by `home`."""
    parts = split(address, home)
    rest = parts.street.strip()
    township, rest = _cut(TOWNSHIP, rest)
    village, rest = _cut(VILLAGE, rest)
    if not village:
        village, rest = _cut(STREET, rest)
    return Spot(parts.district or parts.city, township, village, rest)


def route(meetings: Iterable[Meeting], home: Home, start: str = "") -> tuple[Area, ...]:
    """Return every door once, grouped by township.

    The bank's own county and the township of `start` come first, then the township with the most doors; within one,
    village by village, houses by number. Who has no address stands last, each at a door of their own.

    Args:
        meetings: Whom the visits are to.
        home: The bank's own place: what rural addresses leave out.
        start: The address the visitors leave from.
    """
    found: dict[str, list[Meeting]] = {}
    for place, one in enumerate(meetings):
        found.setdefault(_same(one.address) or f"?{place}", []).append(one)
    doors = [Door(group[0].address, spot_of(group[0].address, home), tuple(group)) for group in found.values()]
    areas: dict[str, list[Door]] = {}
    for door in doors:
        areas.setdefault(_area(door), []).append(door)
    counts = Counter({name: len(group) for name, group in areas.items()})
    own = spot_of(start, home)

    def nearness(name: str) -> tuple[object, ...]:
        spot = areas[name][0].spot
        away = spot.district != own.district
        return name == UNKNOWN, away, spot.district, stem(spot) != stem(own), -counts[name], name

    return tuple(Area(name, tuple(sorted(areas[name], key=_within))) for name in sorted(areas, key=nearness))


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)


def _area(door: Door) -> str:
    if not door.address:
        return UNKNOWN
    return f"{door.spot.district}{door.spot.township}" or "未写明县、乡镇"


def stem(spot: Spot) -> str:
    """A township by its name alone: 城关镇 became 城关街道."""
    return re.sub(r"(?:街道办事处|街道|镇|乡)$", "", spot.township)


def _within(door: Door) -> tuple[object, ...]:
    """Village by village, and 9组13号 before 10组2号."""
    numbers = tuple(int(number) for number in re.findall(r"\d{1,9}", door.spot.rest))
    return door.spot.village, numbers, door.spot.rest, door.meetings[0].party.name


def _same(address: str) -> str:
    """One door, however its address is spaced."""
    return re.sub(r"\s", "", address)
