"""What a person may write into ccm.toml and the rule files: read, or refused with the place, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bounded import attacked

from ccm import policy, tomlfile, working_days, workspace
from ccm.errors import CcmError
from ccm.rights import rules
from ccm.sms import texts
from ccm.units import to_cents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ROOT = Path(__file__).parents[2]
CCM = """
[bank]
name = "甲农村商业银行"
branch = "乙支行"
[columns]
overdue_interest = ["欠息合计"]
[products]
card = ["金卡"]
[letters]
code = "清"
number = "{code}〔{year}〕{n}号"
qr = true
[codes]
"乙支行" = "乙"
[branches]
"丙支行" = { address = "甲县丙路1号", phone = "0000-1", account = "丙" }
[post]
contents = "neutral"
[sms]
encoding = "gb18030"
extension = "csv"
columns = { "手机号码" = "手机号", "短信内容" = "内容", "编号" = "编号" }
[warn]
lead = "王"
[leads]
"乙支行" = "王"
[limits]
cells = 5
"""
FILES: dict[str, tuple[Path | None, Callable[[Path], object]]] = {
    "policy.toml": (ROOT / "src/ccm/data/policy.toml", policy.load),
    "rights.toml": (ROOT / "src/ccm/data/rights.toml", rules.load),
    "sms.toml": (ROOT / "templates/sms.toml", texts.load),
    "ccm.toml": (None, lambda path: workspace.load(path.parent)),
    "holidays.toml": (None, lambda path: working_days.load(path.parent)),
}
TEXTS = {"ccm.toml": CCM, "holidays.toml": '[2027]\nsource = "国办发明电〔2026〕1号"\noff = []\nwork = []\n'}
OTHERS = (
    "5", "-1", "99999999999999999999", "1e308", "nan", '"x"', '""', '"1e999999999"', '"{value:>999999999}"', "[]", "[1]",
    "[[]]", "[{}]", "{ a = 1 }", "true", "2026-01-01", "00:00:00",
)  # fmt: skip


def text_of(name: str) -> str:
    path, _ = FILES[name]
    return path.read_text("utf-8") if path else TEXTS[name]


def changed(text: str) -> Iterator[str]:
    """Every key once with each other value and once left out, every table once as each other value."""
    lines, tables = text.splitlines(), set()
    for at, line in enumerate(lines):
        if key := re.match(r"\s*([^\s=#]+)\s*=", line):
            yield from ("\n".join([*lines[:at], f"{key[1]} = {one}", *lines[at + 1 :]]) for one in OTHERS)
            yield "\n".join(lines[:at] + lines[at + 1 :])
        if (table := re.match(r"\[+([\w.]+)\]", line)) and table[1] not in tables:
            tables.add(table[1])
            rest = re.sub(rf"(?ms)^\[+{re.escape(table[1])}\]+.*?(?=^\[|\Z)", "", text)
            yield from (f"{table[1]} = {one}\n{rest}" for one in OTHERS)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_value_of_any_other_kind_is_refused_in_words_or_read(tmp_path: Path, name: str) -> None:
    _, load = FILES[name]
    path, refused = tmp_path / name, 0
    for text in changed(text_of(name)):
        path.write_text(text, "utf-8")
        try:
            load(path)
        except CcmError:
            refused += 1

    assert refused


WRONG = {
    "letters = 5": "letters 写成 [letters] 一节",
    "post = 5": "post 写成 [post] 一节",
    "post = []": "post 写成 [post] 一节",
    "stage = [1]": "stage 写成 [[stage]] 这样的几节",
    'hold = ["x"]': "hold 写成 [[hold]] 这样的几节",
}


@pytest.mark.parametrize(("line", "told"), WRONG.items())
def test_a_table_of_the_policy_that_is_none_is_refused(line: str, told: str) -> None:
    name = line.split(" ", 1)[0]
    text = re.sub(rf"(?ms)^\[+{name}\]+.*?(?=^\[|\Z)", "", text_of("policy.toml"))

    with pytest.raises(CcmError, match=re.escape(told)):
        policy.parse(f"{line}\n{text}", "本行.toml")


def test_a_list_in_the_place_of_a_word_is_refused() -> None:
    text = text_of("policy.toml")

    for line in ('period = ["month"]', "of = [[]]"):
        with pytest.raises(CcmError, match=r"可用|只能列出"):
            policy.parse(re.sub(rf"(?m)^{line.split()[0]} = .*$", line, text), "本行.toml")


def test_a_rights_file_whose_table_is_a_number_is_refused() -> None:
    with pytest.raises(CcmError, match=re.escape("period 写成 [[period]] 这样的几节")):
        rules.parse(
            "period = [1]\n" + re.sub(r"(?ms)^\[+period\]+.*?(?=^\[|\Z)", "", text_of("rights.toml")), "本行.toml"
        )


@pytest.mark.parametrize("wide", ["{value:>999999999}", "{value.__class__}", "{value!r:9}", "{0}", "{"])
def test_a_reason_has_plain_fields_only(wide: str) -> None:
    text = re.sub(r'(?m)^reason = ".*\{value\}.*$', f'reason = "{wide}"', text_of("policy.toml"), count=1)

    with pytest.raises(CcmError, match="reason 里只能用"):
        policy.parse(text, "本行.toml")


@pytest.mark.parametrize("amount", ["1e999999999", "-1e999999999", "nan", "inf", "1e30"])
def test_an_amount_that_is_no_money_is_none(amount: str) -> None:
    with pytest.raises(ValueError, match=re.escape(amount)):
        to_cents(amount)


DEEP = {
    "brackets": "a = " + "[" * 100_000 + "]" * 100_000,
    "braces": "a = " + "{a=" * 50_000,
    "dots": ".".join("a" * 20_000) + " = 1",
    "quoted dots": ".".join(['"a b"'] * 20_000) + " = 1",
    "one long word": "a" * 500_000,
    "digits": "a = " + "9" * 100_000,
    "zeros": "\x00" * 1000,
    "too large": "# " + "x" * 1_000_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_text_that_would_take_for_ever_is_no_settings_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "ccm.toml").write_text(text, "utf-8")

    with pytest.raises(CcmError) as stop:
        workspace.load(tmp_path)

    assert stop.value.code == "config-wrong"
    assert len(str(stop.value)) < 500


def test_a_text_with_dots_is_still_a_text() -> None:
    assert tomlfile.parsed('a = "……........................... 1.2.3.4.5"') == {
        "a": "……........................... 1.2.3.4.5"
    }


@pytest.mark.parametrize("number", ["{year}{n:>999999999}", "{year}{n:{code}}", "{year}{n.__class__}"])
def test_a_letter_number_is_not_padded_without_end(tmp_path: Path, number: str) -> None:
    (tmp_path / "ccm.toml").write_text(f'[letters]\nnumber = "{number}"', "utf-8")

    with pytest.raises(CcmError, match="里只能用"):
        workspace.load(tmp_path)


@pytest.mark.parametrize("cells", ["0", "-1", "true", '"5"', "1.5"])
def test_a_limit_is_a_whole_number(tmp_path: Path, cells: str) -> None:
    (tmp_path / "ccm.toml").write_text(f"[limits]\ncells = {cells}", "utf-8")

    with pytest.raises(CcmError, match="不小于1的整数"):
        workspace.load(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ccm.toml", "policy.toml", "rights.toml"])
@pytest.mark.parametrize("made", ["pipe", "endless", "folder", "loop"])
def test_a_settings_file_that_is_no_file_stops_the_work(tmp_path: Path, name: str, made: str) -> None:
    import os

    path = tmp_path / name
    match made:
        case "pipe":
            os.mkfifo(path)
        case "endless":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to(name)

    told = attacked(tmp_path, "policy", "check") if name == "policy.toml" else attacked(tmp_path, "doctor")

    assert told.out
