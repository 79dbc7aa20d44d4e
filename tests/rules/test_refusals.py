"""What a bank may get wrong in its policy, each told with the line, the key and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccm.errors import CcmError
from ccm.policy import load, parse

HERE = Path(__file__).parent
OWN = HERE.joinpath("own.toml").read_text("utf-8")
CASES = [line for line in HERE.joinpath("refused.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


def changed(old: str, new: str) -> str:
    """Return the bank's policy with one thing written otherwise."""
    first, _, until = old.partition(" … ")
    if not until:
        assert old in OWN
        return OWN.replace(old, new, 1)
    start = OWN.index(first)
    before, after = OWN[:start], OWN[OWN.index(until, start) :]
    return f"{before}{new}\n{after}" if new.startswith("[") else f"{new}\n{before}{after}"


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_policy_is_refused_in_these_words(case: str) -> None:
    change, told = case.split(" ⇒ ")
    old, new = change.replace("⏎", "\n").split(" → ")

    with pytest.raises(CcmError) as stop:
        parse(changed(old, new), "本行.toml")

    said = str(stop.value).removeprefix("本行.toml").lstrip(" ：")
    assert said.replace("政策文件不能用：", "", 1).replace("\n", "⏎") == told


@pytest.mark.parametrize(
    "change",
    [
        "reply_days = 10 → reply_days = 1",
        "reply_days = 10 → reply_days = 90",
        "days = 9 → days = 1",
        "answer_days = 8 → answer_days = 1",
        "real_estate_months = 61 → real_estate_months = 60",
        "above_percent = 20 → above_percent = 0",
        "above_percent = 20 → above_percent = 100",
        "day = 28 → day = 1",
        'band = ["0.35", "0.45"] → band = ["0.45", "0.45"]',
        "max_days = 100 → max_days = 1",
        "triage_months = 1 → triage_months = 1200",
    ],
)
def test_what_lies_on_the_bound_is_taken(change: str) -> None:
    old, new = change.split(" → ")

    parse(changed(old, new), "本行.toml")


def test_a_policy_that_is_too_large_to_be_one_is_refused_by_name(tmp_path: Path) -> None:
    large = tmp_path / "大.toml"
    large.write_text("# " + "x" * 600_000, "utf-8")

    with pytest.raises(CcmError, match="文件超过512 KB") as stop:
        load(large)
    assert (stop.value.code, stop.value.where) == ("policy-syntax", str(large))


def test_a_policy_that_is_not_there_or_no_text_is_refused_by_name(tmp_path: Path) -> None:
    missing, binary = tmp_path / "没有.toml", tmp_path / "坏.toml"
    binary.write_bytes(b"\xff\xff\xfe")

    with pytest.raises(CcmError) as stop:
        load(missing)
    assert (stop.value.code, stop.value.message) == ("policy-missing", f"读不到政策文件 {missing}")
    with pytest.raises(CcmError) as stop:
        load(binary)
    assert (stop.value.code, stop.value.where) == ("policy-syntax", str(binary))
    assert "：文件不是文字，或编码认不出" in stop.value.message
