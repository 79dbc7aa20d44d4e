"""What became of a letter, read from the post office's own words (law.md §7.2).

A text may be one phrase (妥投 本人收), a cell with a reason, or a whole track with dates, newest first or last.
退回妥投 is a letter back in the sender's hands: returned, not delivered.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ccm.post.words import REFUSED, Word, words_of

Outcome = Literal["delivered", "returned", "refused", "in_transit", "unknown"]
Signer = Literal["self", "family", "mail_room", "other", ""]

SIGNERS: tuple[Signer, ...] = ("family", "mail_room", "other", "self")
"""Where several are named, the first of these: 本人妻子签收 is family, 他人收（单位收发章） the mail room."""
FAILED, LOST, PUZZLING, CONTRADICTORY = "投递未成", "丢失", "状态看不懂", "前后矛盾"

FORECAST = re.compile(r"(?:预计|预约|将于|最晚|承诺)[^,，。;；\n]{0,25}?(?:妥投|送达|投递|签收|派送|派件)")
STAMP = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"|(?P<y3>20\d\d)(?P<m3>[01]\d)(?P<d3>[0-3]\d)(?!\d)"
    r"|(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日|(?P<m4>\d{1,2})[-/](?P<d4>\d{1,2})(?=\s+\d{1,2}:\d\d))"
    r"(?:[T\s]*(?P<h>\d{1,2}):(?P<min>\d\d)(?::(?P<s>\d\d))?)?"
)
SIGNED_BY = re.compile(r"签收人(?:姓名)?[:：\s]*(?P<name>[一-龥·]{2,12})")


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a letter.

    `signer` is who took it, only where delivered.
    `reason` is why not, in Chinese: a reason of post.toml, 投递未成, 丢失, 状态看不懂 or 前后矛盾, which somebody has
    to look at; blank where it was delivered or nothing is said.
    """

    status: Outcome
    signer: Signer = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Course:
    """How far the events read so far have brought a letter; `back` once it is on its way to the sender."""

    status: Outcome = "unknown"
    reason: str = ""
    hindrance: str = ""
    back: bool = False
    settled_in: int = -1


def read_status(text: str, addressee: str = "") -> Status:
    """Read what became of a letter.

    Args:
        text: The status as the post office gives it; where a sheet has state, signer and reason in columns of their
            own, joined with a space. Dates in it put the events in order.
        addressee: The recipient's name; a signer of that name is the addressee, one of another name is another person.
    """
    course = _Course()
    signer: Signer = ""
    for number, event in enumerate(_events(text)):
        words = list(words_of(event))
        for word in words:
            course = _after(course, word, number)
        if course.status == "unknown" and not course.reason and _signer(event, words, addressee):
            course = replace(course, status="delivered", settled_in=number)  # 本人收 alone says it was taken
        if course.status == "delivered" and course.settled_in == number:
            signer = _signer(event, words, addressee)
    return _concluded(course, signer if course.status == "delivered" else "", PUZZLING if text.strip() else "")


def reason_of(text: str) -> str:
    """Return the reason of post.toml that a text gives for a return, blank where it gives none."""
    found = [word for word in words_of(text) if word.means in {"refused", "reason"}]
    final = [word for word in found if word.means == "refused" or word.final]
    return next((word.reason or REFUSED for word in reversed(final or found)), "")


def _after(course: _Course, word: Word, number: int) -> _Course:
    """Return the course after one more phrase, which stands in event `number`."""
    match word.means:
        case "returned":
            known = course.hindrance if course.reason == CONTRADICTORY else course.reason
            course = replace(course, status="returned", reason=known, back=True, settled_in=number)
        case "delivered":
            course = _delivered(course, number)
        case "refused":
            course = _hindered(course, REFUSED, "refused", number)
        case "reason" if word.final:
            course = _hindered(course, word.reason, "returned", number)
        case "reason":
            course = replace(course, hindrance=word.reason)
        case "again":
            course = _Course("in_transit", hindrance=course.hindrance)
        case "attempt" if course.status in {"unknown", "in_transit"}:
            course = replace(course, status="in_transit", hindrance=course.hindrance or FAILED)
        case "transit" if course.status == "unknown" and not course.reason:
            course = replace(course, status="in_transit")
        case "lost":
            course = replace(course, status="unknown", reason=LOST, settled_in=number)
    return course


def _delivered(course: _Course, number: int) -> _Course:
    """A letter on its way back is delivered to the sender; one refused in the same breath was not delivered at all."""
    if course.back:
        return course
    if course.settled_in == number and course.status != "delivered":
        return replace(course, status="unknown", hindrance=course.reason, reason=CONTRADICTORY)
    return replace(course, status="delivered", reason="", settled_in=number)


def _hindered(course: _Course, reason: str, status: Outcome, number: int) -> _Course:
    """A reason that means a return, or a refusal; beside a delivery in the same breath it contradicts it."""
    if course.settled_in == number and course.status == "delivered":
        return replace(course, status="unknown", hindrance=reason, reason=CONTRADICTORY)
    if course.reason == CONTRADICTORY and course.settled_in == number:
        return course
    return replace(course, status="returned" if course.back else status, reason=reason, settled_in=number)


def _concluded(course: _Course, signer: Signer, puzzle: str) -> Status:
    """Return where the course ends; a failed attempt explains a letter still on its way, not one that came back."""
    match course.status:
        case "delivered":
            reason = ""
        case "in_transit":
            reason = course.hindrance
        case "unknown":
            reason = course.reason or puzzle
        case _:
            reason = course.reason or course.hindrance.replace(FAILED, "")
    return Status(course.status, signer, reason)


def _signer(event: str, words: list[Word], addressee: str) -> Signer:
    """Who took it: by the words for it, else by the signer's name."""
    named = {word.means for word in words}
    for signer in SIGNERS:
        if signer in named and ("收" in event or "领" in event or "妥投" in event):
            return signer
    if addressee and (signed := SIGNED_BY.search(event)):
        return "self" if signed["name"].startswith(addressee) else "other"
    return ""


def _events(text: str) -> list[str]:
    """Return the events of a track in the order of their days; a text with fewer than two dates is one event."""
    plain = FORECAST.sub("安排投递", unicodedata.normalize("NFKC", text))
    stamps = list(STAMP.finditer(plain))
    if len(stamps) < 2:
        return [plain]
    if any(words_of(plain[: stamps[0].start()])):  # a phrase before the first date: each date stands behind its event
        bounds = [0, *(stamp.end() for stamp in stamps[:-1]), len(plain)]
    else:
        bounds = [0, *(stamp.start() for stamp in stamps[1:]), len(plain)]
    events = [plain[start:end] for start, end in pairwise(bounds)]
    whens = [_when(stamp) for stamp in stamps]
    if whens[0] > whens[-1]:
        events, whens = events[::-1], whens[::-1]
    return [event for _, event in sorted(zip(whens, events, strict=True), key=lambda pair: pair[0])]


def _when(stamp: re.Match[str]) -> tuple[int, ...]:
    names = (("y", "y3"), ("m", "m2", "m3", "m4"), ("d", "d2", "d3", "d4"), ("h",), ("min",), ("s",))
    return tuple(int(next((stamp[name] for name in group if stamp[name]), 0)) for group in names)
