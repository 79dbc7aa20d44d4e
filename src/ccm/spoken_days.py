"""Days as one types them while on the phone: 明天, 周五, 下月10号, 月底, +3, 3天后, 12-05.

What is said is completed in one direction: ahead for a promise, back for something that happened; today belongs to
both. A day that lies on the other side is refused, as is one that does not exist or that could be two.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from ccm.errors import CcmError
from ccm.units import WEEKDAYS, add_months

if TYPE_CHECKING:
    from collections.abc import Callable

Direction = Literal["ahead", "back"]

WORDS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0,
    "明天": 1, "明日": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
YEARS = {"去年": -1, "今年": 0, "明年": 1}
DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}

UNCLEAR = {
    r"(上+|下+|本|这)?个?周末": "是周六还是周日？",
    r"(上+|下+|本|这)个?(周|星期|礼拜)": "要说周几，例如 下周三",
    r"(上|下|本|这)个?月": "要说几号，例如 下月10号",
    r"(上|下|本|这)?个?月[初中]|[上中下]旬|年[初中]": "要说几号，例如 15号",
    r"\d{1,3}": "是号数还是天数？写成 15号 或 +15",
    r"\d{4}": "写成 12-05 或 2026-12-05",
    r"\d\d[-/.]\d{1,2}[-/.]\d{1,2}": "年份要写四位，例如 2026-12-05",
}
"""What could be several days, and what to ask back."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said in one of the forms, when, and in which direction it is completed (1 ahead, -1 back)."""

    match: re.Match[str]
    as_of: date
    way: Literal[1, -1]

    def __getitem__(self, group: int | str) -> str:
        return self.match[group] or ""


def read_day(text: str, as_of: date, direction: Direction = "ahead") -> date:
    """Return the day that `text` names on `as_of`.

    Args:
        text: As typed: a word, a weekday, a day of the month, a distance, or a date with or without its year;
            full-width digits and Chinese numerals as well.
        as_of: The day it is said on.
        direction: `ahead` finds the next such day and refuses the past, `back` the other way round.
            A weekday is never today: 周五 said on a Friday is a week away.

    Raises:
        CcmError: `day-unclear` where it cannot be read, could be several days, or does not exist;
            `day-wrong-side` where it lies on the other side of `as_of`.
    """
    plain = _plain(text)
    for pattern, read in FORMS:
        match = re.fullmatch(pattern, plain)
        if match:
            try:
                day = read(_Said(match, as_of, 1 if direction == "ahead" else -1))
            except (ValueError, OverflowError) as error:
                raise CcmError("day-unclear", text=text, reason=f"没有这一天：{error}") from error
            return _on_its_side(day, as_of, direction, text)
    for pattern, question in UNCLEAR.items():
        if re.fullmatch(pattern, plain):
            raise CcmError("day-unclear", text=text, reason=f"说不准是哪一天：{question}")
    raise CcmError("day-unclear", text=text, reason="看不懂是哪一天")


def _on_its_side(day: date, as_of: date, direction: Direction, text: str) -> date:
    if (day < as_of) if direction == "ahead" else (day > as_of):
        side = "已经过去，这里要今天或以后的日子" if direction == "ahead" else "还没有到，这里要今天或以前的日子"
        raise CcmError("day-wrong-side", text=text, day=f"{day}（周{WEEKDAYS[day.weekday()]}）", side=side)
    return day


def _plain(text: str) -> str:
    """Half width, no spaces, numerals as digits: 十五号 is 15号, 周三 is 周3."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[〇零一二两三四五六七八九十]+", lambda match: _number(match[0]), bare)


def _number(numeral: str) -> str:
    """十 11 二十一 as numbers; without 十 digit by digit, as years are read."""
    if "十" not in numeral:
        return "".join(str(DIGITS[sign]) for sign in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str(DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0))


def _day(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(f"没有{month}月")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{year}年{month}月没有{day}日") from error


def _month_from(as_of: date, months: int) -> tuple[int, int]:
    """Year and month, `months` away."""
    year, month = divmod(as_of.year * 12 + as_of.month - 1 + months, 12)
    return year, month + 1


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _steps(prefix: str) -> int:
    """下 is one on, 上 one back, 下下 two; 本 and 这 stay."""
    return prefix.count("下") - prefix.count("上")


def _word(said: _Said) -> date:
    return said.as_of + timedelta(days=WORDS[said[0]])


def _signed(said: _Said) -> date:
    return said.as_of + timedelta(days=int(said[1]))


def _distance(said: _Said) -> date:
    """3天后, 2周前, 1个月后; where the month is too short, its last day."""
    count = int(said[1]) * (1 if said[3].endswith("后") else -1)
    if not said[2].endswith("月"):
        return said.as_of + timedelta(days=count * (1 if said[2] in {"天", "日"} else 7))
    return add_months(said.as_of, count)


def _weekday(said: _Said) -> date:
    """周五 is the nearest to come (or gone by), never today; 本 下 上 count in weeks that begin on Monday."""
    wanted, today = "1234567".index({"日": "7", "天": "7"}.get(said[2], said[2])), said.as_of.weekday()
    if said[1]:
        return said.as_of + timedelta(days=wanted - today + 7 * _steps(said[1]))
    return said.as_of + timedelta(days=said.way * (said.way * (wanted - today) % 7 or 7))


def _day_of_month(said: _Said) -> date:
    """15号 is in this month, unless it is past (or to come): then in the next (or the last)."""
    day = int(said[2])
    beyond = not said[1] and said.way * (day - said.as_of.day) < 0
    return _day(*_month_from(said.as_of, said.way if beyond else _steps(said[1])), day)


def _month_end(said: _Said) -> date:
    this = _last_of(said.as_of.year, said.as_of.month)
    beyond = not said[1] and said.way < 0 and said.as_of < this
    return _last_of(*_month_from(said.as_of, -1 if beyond else _steps(said[1])))


def _year_end(said: _Said) -> date:
    beyond = not said[1] and said.way < 0 and (said.as_of.month, said.as_of.day) < (12, 31)
    return date(said.as_of.year + (-1 if beyond else YEARS.get(said[1], 0)), 12, 31)


def _month_and_day(said: _Said) -> date:
    """12-05 is in this year, unless it is past (or to come): then in the next (or the last)."""
    month, day, today = int(said["month"]), int(said["day"]), said.as_of
    past = said.way * ((month - today.month) * 31 + day - today.day) < 0
    years = said.way if past and not said["year"] else YEARS.get(said["year"], 0)
    return _day(today.year + years, month, day)


def _date(said: _Said) -> date:
    return _day(int(said["year"]), int(said["month"]), int(said["day"]))


WEEK = r"(?:周|星期|礼拜)"
YEAR, MONTH, DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
FORMS: tuple[tuple[str, Callable[[_Said], date]], ...] = (
    ("|".join(WORDS), _word),
    (r"([+-]\d{1,3})天?", _signed),
    (r"(\d{1,3})(天|日|个?周|个?星期|个?礼拜|个月)(之?后|以后|之?前|以前)", _distance),
    (rf"(?:(上+|下+|本|这)个?)?{WEEK}([1-7日天])", _weekday),
    (r"(?:(上+|下+|本|这)个?月)?(\d{1,2})[号日]", _day_of_month),
    (r"(?:(上+|下+|本|这)个?)?月[底末]", _month_end),
    (r"(?:(去年|今年|明年)|年)[底末]", _year_end),
    (rf"(?P<year>去年|今年|明年)?{MONTH}(?:月|[-/.]){DAY}[号日]?", _month_and_day),
    (rf"{YEAR}年{MONTH}月{DAY}[号日]?", _date),
    (rf"{YEAR}(?P<sign>[-/.]){MONTH}(?P=sign){DAY}", _date),
    (r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)", _date),
)
"""The ways a day is said, and what each makes of it."""
