"""A case is destroyed when its time is over and nothing needs it any more, and nobody misses its files then."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccm.policy import RetentionRule
from ccm.retention import reasons, until, worn
from ccm.rights.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from ccm.rights.clock import Right, State

HEAD = "借据号,借款人,证件号码,联系电话,地址,合同号,贷款余额,逾期本金,逾期利息,逾期日期,到期日期,担保方式,抵押物\n"
LOANS = {
    "0062001": "张三,11010519491231002X,13900001111,柳溪镇1号,1号,50000,50000,800,2026-10-20,2026-10-20,信用,",
    "0062002": "李四,110105199001011237,13900002222,城关镇9号,2号,30000,30000,500,2026-10-20,2026-10-20,抵押,房产",
    "0062003": "王五,110105198001011232,13900003333,清河乡3号,3号,20000,20000,300,2026-10-20,2026-10-20,信用,",
}


class Years:
    """A bank over many years: ledgers now and then, commands on a day."""

    def __init__(self, ccm: Callable[..., Result], clock: Callable[[str], None], place: Path) -> None:
        self._ccm, self._clock, self.place = ccm, clock, place
        (place / "ccm.toml").write_text('[bank]\nname = "清水农村商业银行"\n', "utf-8")

    def ledger(self, day: str, *loans: str) -> None:
        """Read a ledger with these loans on a day."""
        self._clock(f"{day} 09:00")
        path = self.place / f"{day}.csv"
        path.write_text(HEAD + "".join(f"{loan},{LOANS[loan]}\n" for loan in loans), "utf-8")
        assert self._ccm("triage", path, "--as-of", day).exit_code == 0
        path.unlink()

    def run(self, *words: object) -> Result:
        """Run a command."""
        return self._ccm(*words)

    def purge(self, day: str, *words: str) -> dict[str, Any]:
        """Ask what would be destroyed on a day, or destroy it."""
        self._clock(f"{day} 09:00")
        result = self._ccm("purge", "--as-of", day, *words, "--json")
        assert result.exit_code == 0, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def scan(self) -> Path:
        """Make a picture like no other."""
        from PIL import Image

        path = self.place.parent / f"{self.place.name}-scan.jpg"
        Image.effect_noise((60, 60), 40).save(path)
        return path


@pytest.fixture
def years(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Years:
    """Three loans with letters and a filed original; two are gone from the ledger on 2026-12-01."""
    told = Years(ccm, clock, tmp_path)
    told.ledger("2026-11-23", *LOANS)
    assert told.run("letters", "--stage", "30").exit_code in {0, 4}
    told.run("archive", "add", "〔2026〕1号", "original", told.scan())
    told.run("visit", "0062001", "--with", "王敏,李强")
    told.ledger("2026-12-01", "0062003")
    return told


def personal(place: Path, *words: str) -> list[str]:
    """Return the files, journal aside, that hold any of these words in their name or, unpacked parquet, inside."""
    import polars as pl

    found = []
    for path in place.rglob("*"):
        if path.is_file() and not path.name.startswith("journal.db"):
            inside = (
                str(pl.read_parquet(path).rows())
                if path.suffix == ".parquet"
                else path.read_bytes().decode("utf-8", "ignore")
            )
            if any(word in path.name or word in inside for word in words):
                found.append(path.relative_to(place).as_posix())
    return found


def test_a_case_goes_after_its_years_and_one_with_a_mortgage_later(years: Years) -> None:
    assert years.purge("2036-12-01")["cases"] == []
    assert [one["loan_no"] for one in years.purge("2036-12-02")["cases"]] == ["0062001"]
    assert [one["loan_no"] for one in years.purge("2046-12-02")["cases"]] == ["0062001", "0062002"]


def test_what_is_destroyed_leaves_no_name_but_in_the_journal_and_is_not_missed(years: Years) -> None:
    listed = years.purge("2036-12-02", "--dry-run")["cases"][0]
    assert {path.split("/")[0] for path in listed["files"]} >= {"letters", "archive", "visits"}
    assert all((years.place / path).exists() for path in listed["files"])

    done = years.purge("2036-12-02", "--yes")

    assert done["done"]
    assert not any((years.place / path).exists() for path in listed["files"])
    assert personal(years.place, "11010519491231002X", "13900001111") == []
    assert personal(years.place, "110105198001011232")
    exported = [json.loads(line) for line in years.run("journal", "export").stdout.splitlines()]
    (entry,) = (one for one in exported if one["kind"] == "purged")
    assert (entry["loan_no"], entry["party"], len(entry["facts"]["sha256"])) == ("0062001", "", len(listed["files"]))
    assert years.run("journal", "verify").exit_code == 0
    checked = json.loads(years.run("archive-check", "--json").stdout)
    assert [one["loan_no"] for one in checked["cases"]] == ["0062002", "0062003"]
    assert checked["strays"] == []
    looks = {one["of"]: one for one in json.loads(years.run("doctor", "--json").stdout)["looks"]}
    assert looks["函件文件"]["state"] == "ok"
    assert years.run("letters", "restore", "〔2026〕1号").exit_code == 3
    again = years.purge("2036-12-02", "--yes")
    assert (again["cases"], again["rests"]) == ([], [])


def test_half_a_triage_that_a_dead_run_left_goes_too(years: Years) -> None:
    triages = years.place / ".ccm" / "triages"
    half = triages / ".2026-11-23-a-b.4711"
    shutil.copytree(next(triages.glob("2026-11-23*")), half)
    os.utime(half, (0, 0))

    years.purge("2036-12-02", "--yes")

    assert not half.exists()


def test_a_run_that_died_before_it_deleted_is_finished(years: Years) -> None:
    before = years.place.parent / f"{years.place.name}-before"
    shutil.copytree(years.place / "letters", before)
    remembered = years.place.parent / f"{years.place.name}-triages"
    shutil.copytree(years.place / ".ccm" / "triages", remembered)
    listed = years.purge("2036-12-02")["cases"][0]["files"]
    years.purge("2036-12-02", "--yes")
    shutil.rmtree(years.place / "letters")
    shutil.copytree(before, years.place / "letters")

    for triage in (years.place / ".ccm" / "triages").glob("2026-11-23*"):
        shutil.rmtree(triage)
        shutil.copytree(remembered / triage.name, triage)

    assert years.purge("2036-12-03", "--yes")["rests"] == [one for one in listed if one.startswith("letters/")]
    assert personal(years.place / ".ccm" / "triages", "张三") == []
    assert personal(years.place / "letters", "张三") == [
        one for one in personal(before, "张三") if "打印文件" in one or "函件目录" in one
    ]


def test_a_suit_that_runs_and_a_right_that_lives_keep_a_case(years: Years) -> None:
    years.ledger("2026-11-30", *LOANS)
    assert years.run("suit", "file", "0062001", "--court", "清水县人民法院", "--on", "2026-11-29").exit_code == 0
    years.ledger("2026-12-02", "0062003")

    answer = years.purge("2037-01-01", "--yes")

    assert answer["cases"] == []
    (staying,) = answer["staying"]
    assert "诉讼没有了结" in staying["reasons"]
    assert "诉讼没有了结" in years.run("purge", "--as-of", "2037-01-01").stdout


def test_a_file_outside_the_workspace_is_told_of_and_never_deleted(
    ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path
) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    years = Years(ccm, clock, tmp_path)
    years.ledger("2026-11-23", *LOANS)
    years.run("letters", "--stage", "30", "--out", elsewhere)
    years.ledger("2026-12-01", "0062003")
    letters = [path for path in elsewhere.iterdir() if "0062001" in path.name]

    answer = years.purge("2037-01-01", "--yes")

    assert [path.exists() for path in letters] == [True]
    assert answer["outside"] == [str(path) for path in letters]
    assert [one["files"] for one in answer["cases"]] == [[]]


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), unique=True, max_size=60),
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.integers(1, 60),
)
def test_every_month_keeps_its_last_triage_and_what_is_young_stays(days: list[date], as_of: date, months: int) -> None:
    known = {str(day): day for day in sorted(days)}
    gone = set(worn(known, as_of, months))
    left = {key: day for key, day in known.items() if key not in gone}

    assert {(day.year, day.month) for day in left.values()} == {(day.year, day.month) for day in known.values()}
    assert all(
        day > known[key]
        for key in gone
        for day in [max(d for d in days if (d.year, d.month) == (known[key].year, known[key].month))]
    )
    assert all(as_of - known[key] > timedelta(days=28 * months) for key in gone)


def test_who_cannot_be_told_to_have_no_mortgage_is_kept_the_longer_time() -> None:
    rule = RetentionRule()

    assert until(date(2026, 12, 1), rule, real_estate=False) == date(2036, 12, 1)
    assert until(date(2026, 12, 1), rule, real_estate=None) == until(date(2026, 12, 1), rule, real_estate=True)


@pytest.mark.parametrize(
    ("right", "state", "kept", "stays"),
    [
        ("limitation", "lost", False, False),
        ("limitation", "unproved", False, True),
        ("limitation", "off", False, True),
        ("guarantor_limitation", "off", False, False),
        ("guarantee", "near", False, True),
        ("guarantee", "safe", True, False),
        ("cap", "safe", False, False),
    ],
)
def test_a_right_that_may_be_alive_keeps_a_case(right: Right, state: State, kept: bool, stays: bool) -> None:  # noqa: FBT001 - a table
    on = date(2026, 12, 1)
    clock = Clock("1", "张三", "borrower", right, state, on, on, on, 0, kept_on=on if kept else None)

    assert bool(reasons([clock], {right: "某项权利"}, None, ())) == stays
