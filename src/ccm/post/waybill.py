"""Waybill numbers: whether one can be real, and whether it was on another letter within a year (law.md §7.1)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["s10", "ems", "registered", "plausible", "wrong"]

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
MARKS = re.compile(r"[\W_]+")
"""Spaces, apostrophes, hyphens, quotes and invisible marks: none of them belongs to a number."""
SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d*)?E[+-]?\d+", re.IGNORECASE)
DECIMAL = re.compile(r"(?P<whole>[0-9]+)\.(?P<part>[0-9]*)")
EXACT_DIGITS = 15
"""What Excel keeps of a number; the digits after these it has set to 0."""
S10 = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
REGISTERED = re.compile(r"[A-Z]{2}[0-9]{9}[1-6][0-9]")
EMS = re.compile(r"1[0-3][0-9]{11}")
DIGITS = re.compile(r"[0-9]{13}")
LIKE_DIGITS = str.maketrans("OQIL", "0011")


@dataclass(frozen=True, slots=True)
class Form:
    """A waybill number as it was read.

    `number` is tidied: half-width, capitals, nothing but letters and digits; the number is kept and compared so.
    `form` is `s10` (international form, check digit right), `ems` (numeric EMS), `registered` (domestic registered
    letter), `plausible` (13 digits, no EMS block known: take it with a warning) or `wrong` (refuse it).
    `reason` says in Chinese why.
    """

    number: str
    form: Kind
    reason: str


def check(number: str) -> Form:
    """Judge a waybill number by its form and, where it has one, its check digit.

    Args:
        number: As typed, scanned or read from a cell. A cell's whole number written `1234567890123.0` has lost
            nothing and is taken; scientific notation and more than 15 digits of a number cell have.
    """
    text = unicodedata.normalize("NFKC", number).strip(" '\"=\u200b\ufeff`’‘")
    if lost := _lost(text):
        return Form(text, "wrong", lost)
    decimal = DECIMAL.fullmatch(text)
    tidy = MARKS.sub("", decimal["whole"] if decimal else text).upper()
    return Form(tidy, *_judged(tidy))


def check_digit(serial: str) -> int:
    """Return the check digit of the eight digits of an S10 number (UPU S10; law.md §7.1).

    5 stands for two remainders, 0 and 6: in a number that ends so, a digit changed by a step that turns one into the
    other is not seen. Every other change of one digit is.
    """
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def reused(number: str, on: date, earlier: Mapping[str, Sequence[date]]) -> date | None:
    """Return the mailing of the same number less than 12 months away, None where there is none (law.md §7.1).

    The post may give a number out again after 12 months, so number and mailing date together name a letter.
    The same number on the same day is the same mailing, not a reuse; whether it claims two letters is for the caller.

    Args:
        number: Tidied, as `Form.number`.
        on: The day of mailing.
        earlier: All mailings recorded: number → days, in any order. A mailing recorded late may lie after `on`.
    """
    near = [day for day in earlier.get(number, ()) if day != on and max(day, on) < _year_after(min(day, on))]
    return min(near, key=lambda day: abs(on - day), default=None)


def _judged(tidy: str) -> tuple[Kind, str]:
    if not tidy:
        return "wrong", "没有填邮件号"
    if S10.fullmatch(tidy):
        return _s10(tidy)
    if REGISTERED.fullmatch(tidy):
        return "registered", "国内挂号信编号；这种编号没有校验位，请对照收据核对"
    if EMS.fullmatch(tidy):
        return "ems", "EMS 13 位数字编号；这种编号没有校验位，请对照面单核对"
    if DIGITS.fullmatch(tidy):
        return "plausible", "13 位数字，但不在常见的 EMS 号段（10～13 开头），也可能是别家快递；请对照面单核对"
    return "wrong", _why_wrong(tidy)


def _lost(text: str) -> str:
    """Say how Excel lost digits of a number, blank where it did not."""
    if SCIENTIFIC.fullmatch(text):
        return "是科学记数法，表格软件已丢掉后面的数字；请把该列设为文本，按面单重新填写"
    if not (match := DECIMAL.fullmatch(text)):
        return ""
    if match["part"].strip("0"):
        return "带小数，不是邮件号；请按面单重新填写"
    if len(match["whole"]) > EXACT_DIGITS:
        return "超过 15 位的数字，表格软件已把后面的数字变成 0；请把该列设为文本，按面单重新填写"
    return ""


def _s10(tidy: str) -> tuple[Kind, str]:
    if not tidy.endswith("CN"):
        return "wrong", f"末两位是 {tidy[-2:]}，不是从中国寄出的编号（应是 CN）"
    right = check_digit(tidy[2:10])
    if int(tidy[10]) != right:
        return "wrong", f"校验位不符：第 11 位应是 {right}，现在是 {tidy[10]}，请对照面单看哪一位抄错了"
    names = {"E": "EMS 邮件编号", "R": "挂号邮件编号"}
    return "s10", f"{names.get(tidy[0], '邮件编号')}，校验位相符"


def _why_wrong(tidy: str) -> str:
    if not tidy.isascii():
        return "含有字母和数字以外的字，不是邮件号"
    if tidy.isdigit():
        return f"有 {len(tidy)} 位数字；EMS 的数字编号是 13 位"
    if DIGITS.fullmatch(tidy.translate(LIKE_DIGITS)):
        return "数字里夹了字母（O、I、L），是不是把 0、1 写成了字母"
    return f"共 {len(tidy)} 位，不是邮件号的样子（13 位数字，或两位字母、9 位数字加 CN）"


def _year_after(day: date) -> date:
    """Return the day 12 months on; after 29 February it is 1 March, the later of the two ways to count."""
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
