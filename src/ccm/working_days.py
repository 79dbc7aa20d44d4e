"""The working calendar: which days are worked, and on which day a term ends that would end on a day off.

Holidays of a year are announced in about November of the year before, with weekends that are worked in exchange
(调休). A year that was announced is official. For the year after, the holidays are known that the law itself names,
not the exchange: that is provisional. Any other year is missing, and nothing is guessed for it (law.md §1.5).
A bank that writes an announced year into its holidays.toml need not wait for the next release.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NoReturn, cast

from ccm import tomlfile
from ccm.errors import CcmError
from ccm.units import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Known = Literal["official", "provisional", "missing"]
KNOWN_TITLES: dict[Known, str] = {
    "official": "官方安排",
    "provisional": "暂定：只有法定节日，调休还没有公布",
    "missing": "没有数据：不推算",
}

FILE = "holidays.toml"
NOTICE = "国务院办公厅放假通知（holidays库）"
BY_LAW = "全国年节及纪念日放假办法（holidays库推算）"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """One year's days off with the holiday's name (empty where exchanged), and the weekend days that are worked."""

    off: Mapping[date, str]
    work: frozenset[date]
    source: str
    official: bool = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working calendar: the bank's own years before those that come with ccm."""

    own: Mapping[int, Year]

    def known(self, year: int) -> Known:
        """Tell how far a year's days can be trusted."""
        if self._announced(year):
            return "official"
        return "provisional" if self._announced(year - 1) else "missing"

    def source(self, year: int) -> str:
        """Return where a year's days come from, empty where there are none."""
        days = self._days(year)
        return days.source if days else ""

    def is_working(self, on: date) -> bool | None:
        """Tell whether a day is worked, None in a year that is missing."""
        days = self._days(on.year)
        if days is None:
            return None
        return on in days.work or (on not in days.off and on.weekday() < 5)

    def roll(self, on: date) -> date | None:
        """Return the first working day on or after a day: where a term ends whose last day is a day off (民法典203).

        None where that cannot be told. In a provisional year the answer may still move: say so (`known`).
        """
        while (working := self.is_working(on)) is False:
            on += DAY
        return on if working else None

    def holiday(self, on: date) -> str | None:
        """Return why a day is off: 春节, 国庆节、中秋节, or 周末; None for a working day and in a missing year.

        Weekends and exchanged days bear the name of the holiday they adjoin.
        """
        if self.is_working(on) is not False:
            return None
        first = on
        while self.is_working(first - DAY) is False:
            first -= DAY
        names: dict[str, None] = {}
        while self.is_working(first) is False:
            days = self._days(first.year)
            names.update(dict.fromkeys(filter(None, (days.off if days else {}).get(first, "").split("、"))))
            first += DAY
        return "、".join(names) or "周末"

    def _announced(self, year: int) -> bool:
        common = _common(year)
        return year in self.own or bool(common and common.official)

    def _days(self, year: int) -> Year | None:
        if self.known(year) == "missing":
            return None
        return self.own.get(year) or _common(year)


@cache
def _built_in() -> dict[str, Any]:
    """The years that come with ccm; `scripts/calendar_years.py` has asked the `holidays` package for them."""
    text = files("ccm").joinpath("data/calendar.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


@cache
def _common(year: int) -> Year | None:
    """One year as it comes with ccm; it was announced if weekends are worked in it in exchange."""
    found = _built_in().get(str(year))
    if found is None:
        return None
    off = {date.fromisoformat(f"{year}-{day}"): name for day, name in found["off"].items()}
    work = frozenset(date.fromisoformat(f"{year}-{day}") for day in found["work"])
    return Year(off, work, NOTICE if work else BY_LAW, official=bool(work))


def load(folder: Path) -> Calendar:
    """Return the calendar with the years that `folder`'s holidays.toml gives, if there is one.

    Raises:
        CcmError: `holidays-wrong` with the reason.
    """
    path = folder / FILE
    if not path.exists():
        return Calendar({})
    try:
        data = tomlfile.parsed(tomlfile.text_of(path))
    except (ValueError, OSError) as error:
        raise CcmError("holidays-wrong", where=str(path), reason=f"文件读不懂（{error}）") from error
    return Calendar(dict(_Reader(path).year(key, content) for key, content in data.items()))


class _Reader:
    """Reads the years of one file, and names the file in its refusals."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def year(self, key: str, content: Any) -> tuple[int, Year]:  # noqa: ANN401 - whatever the file holds
        """Check one year and return it."""
        if not re.fullmatch(r"20\d\d", key) or not isinstance(content, dict):
            self._refuse(f"不认识“{key}”，每年写成一节，例如 [2027]")
        self._known(content, ("source", "off", "work"), f"[{key}]")
        if not isinstance(content.get("source"), str) or not content["source"].strip():
            self._refuse(f"[{key}] 要写 source：放假通知的名称和文号")
        year, off = int(key), self._off(content.get("off"), int(key))
        work = content.get("work", [])
        if not isinstance(work, list):
            self._refuse(f"[{key}] work 应是日期列表，例如 [{key}-02-14]")
        for day in work:
            self._date(day, year, "work")
            if day.weekday() < 5 or day in off:
                why = "在放假的日子里" if day in off else f"是周{WEEKDAYS[day.weekday()]}，本来就上班"
                self._refuse(f"[{key}] work 里的 {day} {why}")
        return year, Year(off, frozenset(work), content["source"])

    def _off(self, rows: object, year: int) -> dict[date, str]:
        example = f'off = [{{ name = "元旦", from = {year}-01-01, to = {year}-01-03 }}]'
        if not isinstance(rows, list) or not rows:
            self._refuse(f"[{year}] 要写放假的日子，例如 {example}")
        off: dict[date, str] = {}
        for at, row in enumerate(rows, start=1):
            place = f"off 第{at}项"
            if not isinstance(row, dict) or not {"name", "from", "to"} <= set(row):
                self._refuse(f"[{year}] {place}应写 name、from、to，例如 {example}")
            self._known(row, ("name", "from", "to"), f"[{year}] {place}")
            first, last = (self._date(row[end], year, place) for end in ("from", "to"))
            if last < first:
                self._refuse(f"[{year}] {place}的 to（{last}）早于 from（{first}）")
            off.update({first + DAY * n: str(row["name"]) for n in range((last - first).days + 1)})
        return off

    def _date(self, value: object, year: int, place: str) -> date:
        # A TOML date-time is a date to Python, too.
        if type(value) is not date or value.year != year:
            self._refuse(f"[{year}] {place}里的“{value}”应是{year}年的日期，写成 {year}-01-01，不加引号")
        return value

    def _known(self, row: Mapping[str, object], allowed: tuple[str, ...], place: str) -> None:
        for key, near in tomlfile.unlike(row, allowed):
            self._refuse(f"{place} 不认识“{key}”" + (f"，{near}" if near else ""))

    def _refuse(self, reason: str) -> NoReturn:
        raise CcmError("holidays-wrong", where=str(self.path), reason=reason)
