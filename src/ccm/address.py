"""A Chinese address in the parts a bulk waybill asks for: province, city, county, and the rest.

Only what the text names, what follows from it (清水县 lies in 天水市), or the bank's own place says is told.
What cannot be told stays blank: 市中区 without its city is one of five.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccm.places import places

if TYPE_CHECKING:
    from ccm.places import Place

LEVELS = ("province", "city", "district")

LEAD = re.compile(
    r"(?:(?:现|家庭|户籍|通讯|通信|联系|送达|收件|邮寄|经营|注册|居住)?(?:地址|住址|住所地?|所在地|居住地|户籍地)\s*[:：]?\s*)?"
    r"(?:[(（]?\d{6}[)）]?(?!\d)[\s,，]*)?(?:中华人民共和国|中国)?"
)
"""What may stand before an address and is none of its parts: a label, a post code, the country."""
BETWEEN = re.compile(r"(?:[\s,，、.·;；:：/\\|_\-—]|市辖区|(?:省|自治区)?直辖(?:县级)?行政(?:区划|单位))*")
"""What may stand between two parts: a mark, or the placeholder that systems write where a level is missing."""
TOWN = re.compile(r"[一-龥]{2,6}?(?:镇|乡|街道|苏木)")
WAY = re.compile(r"[东西南北中]?(?:[路街道巷镇乡村屯庄组社里弄桥河湖山]|大[道街桥]|小区|公司|农商)")
"""What makes a short name part of another word: 天水路, 清水镇, 北京东路."""
WORD = re.compile(r"(?<=区)[域间]|(?<=市)场")
"""What makes a full name with nothing above it part of another word: 河东区域, 天水市场."""
SEAT = re.compile(r"委|政府|人民医院|医院|法院|中学|[一二三四]中")
"""What takes a place's name along: in 清水县委家属院 the county is told, and the street begins with it."""
UNKNOWN = re.compile(r"(?P<city>[一-龥]{2,5}?市)?(?P<county>[一-龥]{1,6}?县)(?=[一-龥]{1,6}?(?:镇|乡|街道))")
"""A county that no list has, known by its form and the township after it."""
ZONE = re.compile(
    r"(?P<county>[^\W\d路街巷镇乡村号县]{0,8}?(?:高新技术产业开发区|经济技术开发区|高新区|经开区|开发区"
    r"|工业园区|产业园区|新区|示范区|风景区|管理区|试验区))(?![路街]|大[道街])"
)
"""A zone that stands in a county's place: 济南市高新区."""
CORPS = re.compile(
    r"(?P<province>新疆(?:维吾尔自治区)?)?[\s,，]*"
    r"(?P<corps>(?:新疆)?生产建设兵团|兵团(?=农?第?[一二三四五六七八九十\d]+师))(?:农?第?[一二三四五六七八九十\d]+师)?"
)
"""The corps in Xinjiang, whose divisions have cities of their own; its name stays in the street."""
XINJIANG = "新疆维吾尔自治区"
NOTHING = re.compile(r"[\W_]*(?:无|不详|未知|暂无|没有|同上|不清楚)?[\W_]*")


@dataclass(frozen=True, slots=True)
class Home:
    """Where the bank is, by official names; blank what is not known.

    It fills what an address leaves out before its first named part: rural ledgers start at the county or the township.
    """

    province: str = ""
    city: str = ""
    county: str = ""

    @property
    def place(self) -> Place:
        """The place from the province down to the first blank."""
        names = (self.province, self.city, self.county)
        return names[: names.index("")] if "" in names else names


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts, by official names; blank what cannot be told.

    `written` is the head of the text that told the upper parts: `written + street` is the text, nothing lost.
    `filled` names the parts that the text does not say (of `LEVELS`); `complete` says whether the post can sort by it:
    city and county known as far as there are any, something left for the street, and no second place in the text.
    """

    province: str
    city: str
    district: str
    street: str
    written: str
    filled: tuple[str, ...]
    complete: bool

    @property
    def whole(self) -> str:
        """The address in one line: the parts in order, a municipality's name once."""
        city = "" if self.city == self.province else self.city
        return f"{self.province}{city}{self.district}{self.street}"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a head of the text may mean: places of one depth, the depths it names, where it ends; a second place?"""

    places: tuple[Place, ...] = ()
    told: frozenset[int] = frozenset()
    end: int = 0
    clash: bool = False


def split(text: str, home: Home) -> Address:
    """Split an address.

    Args:
        text: As the ledger has it: any of the upper parts may be missing, short (甘肃天水) or written twice.
        home: The bank's own province, city and county.
    """
    text = text.strip()
    start = _after(LEAD, text, 0)
    if NOTHING.fullmatch(text, start):
        return Address("", "", "", text, "", (), complete=False)
    if corps := CORPS.match(text, start):
        reading = _in_corps(text, corps, home.place)
        return _address(text, corps.start("corps"), reading, home.place)
    reading = _twice(text, _longest(text, start, (), home.place) or _Reading(end=start), home.place)
    return _address(text, _after(BETWEEN, text, reading.end), reading, home.place)


def _address(text: str, end: int, reading: _Reading, home: Place) -> Address:
    """Put the parts together; a county the list does not know is taken by its form."""
    own = None if 3 in reading.told else UNKNOWN.match(text, end) or (ZONE.match(text, end) if reading.told else None)
    names = _settled(reading.places, () if own else home)
    told = set(reading.told)
    if own:
        city = own.groupdict().get("city") or ""
        names = (names[0], names[1] or city, own["county"])
        told |= {2, 3} if city else {3}
        end = own.end()
    filled = tuple(level for depth, level in enumerate(LEVELS, 1) if names[depth - 1] and depth not in told)
    sortable = all(names[:2]) and bool(names[2] or names[:2] not in places(home).divided)
    complete = sortable and not NOTHING.fullmatch(text, end) and not reading.clash
    return Address(*names, text[end:], text[:end], filled, complete)


def _longest(text: str, at: int, above: tuple[Place, ...], home: Place) -> _Reading | None:
    """Read names from the province down and return the reading that gets farthest; None where no name stands.

    Of two that get as far, a place of today goes before a former one: 定州市 is a county of 保定市.
    """
    known = places(home)

    def rank(reading: _Reading) -> tuple[int, bool]:
        return reading.end, reading.places[0] not in known.former

    depth = len(above[0]) if above else 0
    best: _Reading | None = None
    for named in known.named(text, _below(text, at, above)):
        found = known.below(named, above, home) if named.depth > depth else ()
        if not found or (not above and WORD.match(text, named.end)):
            continue
        reading = _longest(text, named.end, found, home)
        if not reading and (not named.short or _stands(text, named.end, named.depth, above)):
            seat = named.depth > 1 and SEAT.match(text, named.end)
            reading = _Reading(found, end=at if seat else named.end)
        if reading and (not best or rank(reading) > rank(best)):
            best = replace(reading, told=reading.told | {named.depth})
    return best


def _below(text: str, at: int, above: tuple[Place, ...]) -> int:
    """Return where the next name may begin; systems write 重庆市县城口县, with 县 for the level that is missing."""
    at = _after(BETWEEN, text, at)
    return at + 1 if above == (("重庆市",),) and text.startswith("县", at) else at


def _stands(text: str, end: int, depth: int, above: tuple[Place, ...]) -> bool:
    """Whether a short name with no further name after it is one: 甘肃天水柳溪镇 and 苏州工业园区 yes, 天水路 no."""
    if depth == 1 or WAY.match(text, end):
        return False
    if depth == 2:
        return bool(above or ZONE.match(text, end))
    return bool(above and TOWN.match(text, end))


def _twice(text: str, reading: _Reading, home: Place) -> _Reading:
    """Take in the same place written again, as systems do that put region and address together; another one clashes."""
    while reading.told and (again := _longest(text, _after(BETWEEN, text, reading.end), (), home)):
        if again.end <= reading.end:
            break
        depth = min(len(reading.places[0]), len(again.places[0]))
        same = [
            max(one, other, key=len) for one in reading.places for other in again.places if one[:depth] == other[:depth]
        ]
        if not same:
            return replace(reading, clash=True)
        reading = _Reading(tuple(dict.fromkeys(same)), reading.told | again.told, again.end)
    return reading


def _settled(found: tuple[Place, ...], home: Place) -> tuple[str, str, str]:
    """Choose among the places of one name: the bank's own, the only one, the only one in its city; else what all share.

    With no place named, the bank's own is.
    """
    if not found or home in found:
        chosen = [home]
    else:
        near = [place for place in found if place[:2] == home[:2]]
        chosen = near if len(near) == 1 else list(found)
    levels = [{place[depth] if len(place) > depth else "" for place in chosen} for depth in range(3)]
    province, city, county = (level.pop() if len(level) == 1 else "" for level in levels)
    return province, city, county


def _in_corps(text: str, corps: re.Match[str], home: Place) -> _Reading:
    """新疆生产建设兵团第八师石河子市121团: the city is told where it is written."""
    told = frozenset({1} if text.startswith("新疆", corps.start()) else ())
    city = _longest(text, corps.end(), ((XINJIANG,),), home)
    return replace(city, told=city.told | told) if city else _Reading(((XINJIANG,),), told)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return where a pattern that may match nothing ends."""
    match = pattern.match(text, at)
    return match.end() if match else at
