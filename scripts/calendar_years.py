"""Write src/ccm/data/calendar.json: the days off and the exchanged days of each year, as the `holidays` package has them.

    python scripts/calendar_years.py

It is run again when the days of another year have been announced, in about November, and the package knows them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "src" / "ccm" / "data" / "calendar.json"
YEARS = range(1999, 2047)
"""Contracts run for thirty years, and limitation for twenty."""


def years() -> dict[str, Any]:
    """Return each year: `off` by day with the holiday's name, and the `work` days in exchange; none were announced yet."""
    from holidays.countries.china import China

    found = {}
    for year in YEARS:
        # The notice for one year may name a weekend of the year before.
        days = China(years=(year, year + 1), language="zh_CN")  # type: ignore[no-untyped-call]
        work = sorted(f"{day:%m-%d}" for day in days.weekend_workdays if day.year == year)
        off = {f"{day:%m-%d}": plain(name) for day, name in sorted(days.items()) if day.year == year}
        found[str(year)] = {"off": off, "work": work}
    return found


def plain(name: str) -> str:
    """春节（补假） is 春节, 农历除夕 belongs to it, 休息日（由 … 调休） has no name of its own."""
    bare = [re.sub(r"（.*?）", "", part).strip() for part in name.split(";")]
    return "、".join({"农历除夕": "春节", "休息日": ""}.get(part, part) for part in bare)


if __name__ == "__main__":
    lines = (f'"{year}": {json.dumps(days, ensure_ascii=False)}' for year, days in years().items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(FILE)
