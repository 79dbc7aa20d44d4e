"""The periods, alarms, events and grades as data (`data/rights.toml`), checked whole when they are read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, get_args

from ccm import tomlfile
from ccm.errors import CcmError
from ccm.rights.clock import Right
from ccm.rulefile import RuleFile, Table, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHANGES = ("civil_code", "three_years")
PERIODS = (
    "limitation", "limitation_old", "suspension", "cap", "guarantee", "guarantee_unclear_old", "enforcement",
    "enforcement_wait",
)  # fmt: skip
ACTS = (
    "demand", "request", "suit", "suit_and_request", "waiver", "new_guarantee", "enforce", "sue", "file", "review",
    "none",
)  # fmt: skip
READINGS = (
    "due", "accelerated", "extended", "determined", "agreed", "statutory", "unclear_old", "joint", "general", "ends",
    "no_period", "unread_period", "no_consent", "maximum", "pending", "interest", "principal", "revived_principal",
    "co_guarantor", "ems",
)  # fmt: skip
RESTARTS = ("always", "clause", "arrival", "never")
BY = ("arrival", "act", "proceeding", "judgment", "obstacle")
DOES = ("requests", "sues", "revives", "accelerates")
DECIDES = ("joint", "general", "until_paid")

SOURCED = {"source": str}
CONFIRM = {"confirm": bool}
TABLES = {
    "change": Table({"key": str, "on": date, **SOURCED}, CONFIRM),
    "period": Table({"key": str, **SOURCED}, {"years": int, "months": int, **CONFIRM}),
    "right": Table({"key": str, "title": str, "alarm_days": list, "post_before_days": int, **SOURCED}, CONFIRM),
    "grade": Table({"key": str, "title": str, "restarts": str, **SOURCED}, CONFIRM),
    "paper": Table({"key": str, "title": str}, {}),
    "event": Table(
        {"code": str, "title": str, "by": str, "papers": list, **SOURCED},
        {"words": list, "card_papers": list, "grade": str, "does": list, **CONFIRM},
    ),
    "wording": Table({"decides": str, "words": list, **SOURCED}, CONFIRM),
    "act": Table({"key": str, "title": str, "short": str, "needs": list, **SOURCED}, CONFIRM),
    "reading": Table({"key": str, "says": str, **SOURCED}, CONFIRM),
}


@dataclass(frozen=True, slots=True)
class RightRule:
    """One kind of right: how many days before its end to sound the alarm, and how early to post a letter."""

    title: str
    alarm_days: tuple[int, ...]
    post_before_days: int
    source: str


@dataclass(frozen=True, slots=True)
class EventRule:
    """What an event does, which papers prove it, and the grade to assume where none is given ("" = not graded).

    `words` are what a person may type for it.
    """

    title: str
    words: tuple[str, ...]
    by: str
    papers: frozenset[str]
    card_papers: frozenset[str]
    grade: str
    does: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of a guarantee contract and what they decide."""

    decides: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What saves a right, in a sentence and in a few words, and what is needed for it."""

    title: str
    short: str
    needs: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """What one reading says, in words; `confirm` marks what the legal department must decide."""

    says: str
    source: str
    confirm: bool


@dataclass(frozen=True, eq=False)
class Rules:
    """A whole rights file, checked; two are the same only if they are the same object."""

    digest: str
    path: str
    changes: Mapping[str, date]
    months: Mapping[str, int]
    rights: Mapping[str, RightRule]
    restarts: Mapping[str, str]
    grades: Mapping[str, str]
    papers: Mapping[str, str]
    events: Mapping[str, EventRule]
    wordings: tuple[Wording, ...]
    acts: Mapping[str, Act]
    readings: Mapping[str, ReadingRule]


@cache
def built_in() -> Rules:
    """Return the rules that come with ccm."""
    return parse(files("ccm").joinpath("data/rights.toml").read_text(encoding="utf-8"), "内置权利规则 rights.toml")


def load(path: Path) -> Rules:
    """Read a bank's own rights file.

    Raises:
        CcmError: `rights-missing` or `rights-wrong`, with line and reason.
    """
    return parse(text_of(path, missing="rights-missing", wrong="rights-wrong"), str(path))


def parse(text: str, path: str) -> Rules:
    """Return the rules written in `text`; `path` is named in messages.

    Raises:
        CcmError: `rights-wrong` where it is no TOML or makes no sense, with line and reason.
    """
    try:
        data = tomlfile.parsed(text)
    except tomlfile.TomlError as error:
        raise CcmError("rights-wrong", where=path, reason=f"写法不对（{error}）") from error
    reader = _Reader(RuleFile(text, path, "rights-wrong", data))
    reader.file.only(TABLES)
    papers = reader.keyed("paper")
    grades = reader.keyed("grade")
    return Rules(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        path=path,
        changes={key: row["on"] for key, row in reader.keyed("change", CHANGES).items()},
        months=reader.months(),
        rights=reader.rights(),
        restarts={key: row["restarts"] for key, row in grades.items()},
        grades={key: row["title"] for key, row in grades.items()},
        papers={key: row["title"] for key, row in papers.items()},
        events=reader.events(papers, grades),
        wordings=reader.wordings(),
        acts={
            key: Act(row["title"], row["short"], tuple(row["needs"]), row["source"])
            for key, row in reader.keyed("act", ACTS).items()
        },
        readings=reader.readings(),
    )


class _Reader:
    """Turns the rows of a rights file into records, each checked where it stands."""

    def __init__(self, file: RuleFile) -> None:
        self.file = file

    def keyed(self, table: str, needed: tuple[str, ...] = (), key: str = "key") -> dict[str, dict[str, Any]]:
        """Return a table's rows by key: none twice, none unknown, none missing; with the row's number as `at`."""
        found: dict[str, dict[str, Any]] = {}
        for at, row in enumerate(self.file.rows(table, TABLES[table])):
            if row[key] in found:
                self.file.refuse(table, at, key, f"{key} “{row[key]}”写了两遍")
            if needed:
                self.file.one_of(table, at, key, row[key], needed)
            for name, value in row.items():
                if isinstance(value, list) and name != "alarm_days" and not all(isinstance(one, str) for one in value):
                    self.file.refuse(table, at, name, f"{name} 里只能是文字")
            found[row[key]] = {**row, "at": at}
        for name in needed:
            if name not in found:
                self.file.refuse(table, 0, "", f"缺少 {key} = “{name}”的 [[{table}]]")
        return found

    def months(self) -> dict[str, int]:
        """Return the periods in months; each is given in years or in months, not in both."""
        found = {}
        for key, row in self.keyed("period", PERIODS).items():
            given = [unit for unit in ("years", "months") if unit in row]
            if len(given) != 1 or row[given[0]] <= 0:
                name = given[0] if given else ""
                self.file.refuse("period", row["at"], name, "写 years 或 months 其中一个，大于0")
            found[key] = row[given[0]] * (12 if given[0] == "years" else 1)
        return found

    def rights(self) -> dict[str, RightRule]:
        """Return the rights; their alarm days fall."""
        found = {}
        for key, row in self.keyed("right", get_args(Right)).items():
            days = row["alarm_days"]
            if not days or any(type(one) is not int or one < 0 for one in days) or days != sorted(set(days))[::-1]:
                self.file.refuse("right", row["at"], "alarm_days", "alarm_days 应是逐个变小的天数，例如 [90, 60, 30]")
            if row["post_before_days"] < 0:
                self.file.refuse("right", row["at"], "post_before_days", "post_before_days 不能小于0")
            found[key] = RightRule(row["title"], tuple(days), row["post_before_days"], row["source"])
        return found

    def events(self, papers: Mapping[str, object], grades: Mapping[str, dict[str, Any]]) -> dict[str, EventRule]:
        """Return the events; their papers, grades and effects are known ones."""
        for row in grades.values():
            self.file.one_of("grade", row["at"], "restarts", row["restarts"], RESTARTS)
        found = {}
        for code, row in self.keyed("event", key="code").items():
            at = row["at"]
            self.file.one_of("event", at, "by", row["by"], BY)
            for name, allowed in (("papers", papers), ("card_papers", papers), ("does", DOES)):
                for value in row.get(name, []):
                    self.file.one_of("event", at, name, value, allowed)
            if "grade" in row:
                self.file.one_of("event", at, "grade", row["grade"], grades)
            found[code] = EventRule(
                title=row["title"],
                words=tuple(row.get("words", [])),
                by=row["by"],
                papers=frozenset(row["papers"]),
                card_papers=frozenset(row.get("card_papers", [])),
                grade=row.get("grade", ""),
                does=frozenset(row.get("does", [])),
                source=row["source"],
            )
        return found

    def wordings(self) -> tuple[Wording, ...]:
        """Return the wordings in the order in which they are tried."""
        rows = self.file.rows("wording", TABLES["wording"])
        for at, row in enumerate(rows):
            self.file.one_of("wording", at, "decides", row["decides"], DECIDES)
            if not row["words"] or not all(isinstance(word, str) and word for word in row["words"]):
                self.file.refuse("wording", at, "words", "words 应是一串用语，不能空")
        return tuple(Wording(row["decides"], tuple(row["words"])) for row in rows)

    def readings(self) -> dict[str, ReadingRule]:
        """Return what each reading says; only {day} and {party} are filled in."""
        found = {}
        for key, row in self.keyed("reading", READINGS).items():
            if not tomlfile.has_only(row["says"], ("day", "party")):
                self.file.refuse("reading", row["at"], "says", "says 里只能用 {day} 和 {party}")
            found[key] = ReadingRule(row["says"], row["source"], row.get("confirm", False))
        return found
