"""The desk driven as a person drives it, key by key, in windows of both sizes."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.widgets import Input

from ccm.cli.desk import Desk as Office
from ccm.desk.app import Desk
from ccm.desk.form import ACTIONS, Draft, reading, visit_of
from ccm.desk.round import Line, Round
from ccm.errors import CcmError
from ccm.journal import open_journal
from ccm.workspace import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot
    from typer.testing import Result

    from ccm.model import Note

AS_OF = date(2026, 11, 23)
NARROW, WIDE = (80, 24), (120, 36)
HEAD = (
    "借据号,借款人,证件号码,产品,联系电话,职业,贷款余额,逾期利息,利息逾期日期,到期日,"
    "客户经理,机构,保证人1,保证人1电话\n"
)
BOOK = (
    "0062001,张三,110101199003070011,个人经营性贷款,13900001111,教师,50000,900.00,2026-09-10,2027-06-01,王敏,青溪支行,李四,13900002222\n"
    "0062002,王五,110101199003070038,个人经营性贷款,13900003333,农民,50000,300.00,2026-10-20,2027-06-01,王敏,青溪支行,,\n"
    "0063003,赵六妹,110101199003070046,个人经营性贷款,13900004444,,50000,200.00,2026-11-01,2027-06-01,许明,城关支行,,\n"
)


class Morning:
    """A workspace with three loans on a Monday at 10:05."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def office(self, manager: str | None = None) -> Office:
        """Return the desk's way to this workspace."""
        return Office(load(self.place), AS_OF, manager, None)

    def play(self, *keys: str, size: tuple[int, int] = NARROW, look: Callable[[Desk], Any] | None = None) -> Any:  # noqa: ANN401
        """Open the desk, press keys (text is typed), and return what `look` sees before the window closes."""

        async def run() -> Any:  # noqa: ANN401
            window = Desk(self.office())
            async with window.run_test(size=size) as pilot:
                await pilot.pause()
                for key in keys:
                    await _press(pilot, key)
                await pilot.pause()
                return look(window) if look else None

        return asyncio.run(run())

    def notes(self, *kinds: str) -> list[Note]:
        """Return what the journal holds."""
        journal = open_journal(self.place / ".ccm", "test")
        try:
            return [entry.note for entry in journal.entries(*kinds)]
        finally:
            journal.close()


async def _press(pilot: Pilot[None], key: str) -> None:
    """Press a key; what begins with = is text that comes at once, as pasted, with ~ character by character."""
    if key.startswith("="):
        pilot.app.query_one(Input).insert_text_at_cursor(key[1:])
        await pilot.pause()
    else:
        await pilot.press(*(["space" if one == " " else one for one in key[1:]] if key.startswith("~") else [key]))


@pytest.fixture
def morning(ccm: Callable[..., Result], clock: Callable[[str], None], tmp_path: Path) -> Morning:
    clock("2026-11-23 10:05")
    path = tmp_path / "ledger.csv"
    path.write_text(HEAD + BOOK, encoding="utf-8")
    assert ccm("triage", path, "--as-of", AS_OF).exit_code == 0
    return Morning(tmp_path)


def chosen(window: Desk) -> str:
    line = window.state.chosen
    return line.borrower if line else ""


def typed(window: Desk) -> str:
    return window.open.text if window.open else ""


def page(window: Desk) -> str:
    """What is on the screen, as text."""
    lines = window.screen._compositor.render_strips()  # noqa: SLF001 - Textual has no public word for it
    return "\n".join(strip.text for strip in lines)


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ([], "张三"),
        (["j"], "王五"),
        (["down", "down"], "赵六妹"),
        (["j", "j", "j", "k"], "王五"),
        (["/", "=六", "enter"], "赵六妹"),
        (["/", "=062002", "enter"], "王五"),
        (["/", "=006", "down", "enter"], "王五"),
        (["/", "=六", "escape"], "张三"),
        (["、", "=王", "enter", "j"], "赵六妹"),
    ],
)
def test_keys_choose_the_case(morning: Morning, size: tuple[int, int], keys: list[str], name: str) -> None:
    assert morning.play(*keys, size=size, look=chosen) == name


def test_wide_shows_both_panes_and_narrow_one_at_a_time(morning: Morning) -> None:
    both, first, second = morning.play(size=WIDE, look=page), morning.play(look=page), morning.play("tab", look=page)

    assert "  2   王五" in both
    assert "怎么说" in both
    assert "  2   王五" in first
    assert "怎么说" not in first
    assert "  2   王五" not in second
    assert "怎么说" in second


def test_the_case_is_told_whole_beside_the_list(morning: Morning) -> None:
    morning.play("3", "=200 周五", "enter", "k", "7", "=利息多算", "enter")

    shown = morning.play(size=(120, 60), look=page)

    for words in ("逾期60", "▸ 借款人张三 139****1111", "担保人李四", "下一步", "2026-11-27前还200.00元",
                  "最近", "怎么说", "几点打", "①张老师", "【停·异议】12-08前答复 利息多算"):  # fmt: skip
        assert words in shown, words


def test_a_promise_on_friday_is_journalled_with_its_call_and_the_next_case_comes_up(morning: Morning) -> None:
    name, said = morning.play("3", "~5千 周五 卖了猪就还", "enter", look=lambda window: (chosen(window), page(window)))

    call, promise = [note for note in morning.notes() if note.kind in {"contact-call", "promise"}]
    assert (call.facts["result"], call.facts["at"], call.duty != "") == ("promised", "10:05", True)
    assert (promise.facts["amount_cents"], promise.facts["by"]) == (500_000, "2026-11-27")
    assert promise.facts["text"] == "卖了猪就还"
    assert name == "王五"
    assert "已记 张三 10:05 电话 承诺；承诺 2026-11-27前还5,000.00元" in said


def test_the_desk_writes_what_the_command_writes(morning: Morning, ccm: Callable[..., Result]) -> None:
    lines = [
        ("1", "说月底还", ["call", "说月底还"]),
        ("2", "", ["call", "--no-answer"]),
        ("2", "关机", ["call", "关机"]),
        ("3", "5000 周五 卖猪", ["call", "承诺", "5000", "周五", "卖猪"]),
        ("4", "失业 厂里停工", ["cause", "失业", "厂里停工"]),
        ("5", "儿子在县城", ["note", "儿子在县城"]),
        ("6", "说不认识", ["wrong-number", "13900003333", "说不认识"]),
        ("7", "利息多算", ["dispute", "利息多算"]),
        ("8", "请求分期", ["hardship", "请求分期"]),
        ("9", "见到 +李强 收入:中 月底还", ["visit", "见到", "月底还", "--by", "王敏,李强", "--saw", "收入:中"]),
        ("0", "征信 他行两笔", ["query", "征信", "他行两笔"]),
    ]  # fmt: skip
    keys = [one for key, text, _ in lines for one in (key, *(["=" + text] if text else []), "ctrl+s")]

    raised = len(morning.notes())
    morning.play("/", "=062002", "enter", *keys)
    desk = morning.notes()[raised:]
    for _, _, words in lines:
        ccm("log", "0062002", *words)
    log = morning.notes()[raised + len(desk) :]

    assert [_told(note) for note in desk if note.kind != "duty-done"] == [
        _told(note) for note in log if note.kind != "duty-done"
    ]


def _told(note: Note) -> tuple[object, ...]:
    """What a note says, but for the number it took."""
    facts = {key: value for key, value in note.facts.items() if key not in {"visit_no", "hold_no"}}
    return note.kind, note.on, note.party, note.role, note.policy, facts


def test_nothing_is_journalled_before_enter_and_a_wrong_line_stays_open(morning: Morning) -> None:
    said = morning.play("3", "=5000 周末", "enter", look=page)

    assert morning.notes("contact", "promise") == []
    assert "还没记" in said
    assert "5000 周末" in said


def test_a_line_logged_with_control_s_keeps_the_case(morning: Morning) -> None:
    assert morning.play("1", "=答应了", "ctrl+s", "4", "=失业", "ctrl+s", look=chosen) == "张三"
    assert [note.kind for note in morning.notes("contact", "cause")] == ["contact-call", "cause"]


def test_after_the_last_case_the_first_one_left_comes_up(morning: Morning) -> None:
    assert morning.play("j", "2", "enter", "2", "enter", look=chosen) == "张三"


def test_a_half_typed_line_is_offered_again_when_the_desk_is_opened_anew(morning: Morning) -> None:
    morning.play("j", "3", "=5000 周")

    name, said, text = morning.play(look=lambda window: (chosen(window), page(window), typed(window)))
    morning.play("=五", "enter")

    assert (name, text) == ("王五", "5000 周")
    assert "写了一半" in said
    assert morning.notes("promise")[0].facts["by"] == "2026-11-27"
    assert json.loads((morning.place / ".ccm" / "desk.json").read_text("utf-8")) == []


def test_a_line_put_away_is_marked_and_found_again_under_its_key(morning: Morning) -> None:
    marked = morning.play("5", "=家里", "escape", "j", look=page)
    again = morning.play("escape", "5", look=typed)

    assert "1 ✎ 张三" in marked
    assert again == "家里"


def test_whole_numbers_are_shown_by_a_key_of_their_own_which_is_journalled(morning: Morning) -> None:
    masked = morning.play(size=WIDE, look=page)
    bare = morning.play("m", size=WIDE, look=page)
    covered = morning.play("m", "j", "k", size=WIDE, look=page)

    assert "13900001111" not in masked
    assert "139****1111" in masked
    assert "13900001111" in bare
    assert "110101199003070011" in bare
    assert "13900001111" not in covered
    assert [(note.loan_no, note.on) for note in morning.notes("revealed")] == [("0062001", AS_OF)] * 2


def test_a_guarantor_is_spoken_to_after_g(morning: Morning) -> None:
    morning.play("g", "1", "=愿意代偿", "enter")

    (note,) = morning.notes("contact")
    assert (note.party, note.role, note.facts["number"]) == ("李四", "guarantor", "13900002222")


def test_enter_opens_the_whole_time_line_and_escape_closes_it(morning: Morning) -> None:
    past = morning.play("2", "enter", "k", "enter", look=page)
    back = morning.play("enter", "escape", look=page)

    assert "全部经过" in past
    assert "没接" in past
    assert "全部经过" not in back


def test_what_was_logged_is_corrected_by_a_further_entry(morning: Morning) -> None:
    morning.play("2", "enter", "x", "=其实接了", "enter")

    assert [note.kind for note in morning.notes("contact", "note")] == ["contact-call", "note"]
    assert str(morning.notes("note")[0].facts["text"]).endswith("没接”：其实接了")
    assert morning.notes("note")[0].party == "张三"


@pytest.mark.parametrize("key", ["?", "？", "f1"])
def test_help_is_chinese(morning: Morning, key: str) -> None:
    assert "登记只增不改" in morning.play(key, size=WIDE, look=page)


def test_a_call_in_quiet_hours_is_warned_of_and_told(morning: Morning, clock: Callable[[str], None]) -> None:
    clock("2026-11-23 22:05")

    before, after = morning.play("tab", look=page), morning.play("1", "enter", look=page)

    assert "现在不宜打：22:05" in before
    assert "提醒：22:05" in after


def test_without_colour_nothing_is_coloured_and_the_chosen_line_is_reversed(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    def styles(window: Desk) -> list[set[tuple[bool, bool]]]:
        """Tell of the list's first two lines whether they are reversed and whether they have a colour."""
        lines = window.screen._compositor.render_strips()[1:3]  # noqa: SLF001 - as above
        for one in window._filters:  # noqa: SLF001 - what the driver would apply
            lines = [line.apply_filter(one, Color(0, 0, 0)) if one.enabled else line for line in lines]
        found = [[piece.style for piece in line if piece.text.strip() and piece.style] for line in lines]
        return [{(bool(one.reverse), bool(one.color and not one.color.is_default)) for one in line} for line in found]

    assert morning.play(look=styles) == [{(True, False)}, {(False, False)}]


def test_a_manager_sees_their_own_cases(morning: Morning) -> None:
    assert [line.borrower for line in morning.office("许明").lines()] == ["赵六妹"]
    with pytest.raises(CcmError, match="没有客户经理“没有这人”；有 王敏、许明"):
        morning.office("没有这人")


def test_an_empty_list_opens_too(morning: Morning) -> None:
    async def run() -> str:
        office = morning.office("许明")
        office.ranked.clear()
        window = Desk(office)
        async with window.run_test(size=NARROW) as pilot:
            await pilot.press("j", "1", "m", "enter", "g")
            return page(window)

    assert "今天没有要催的" in asyncio.run(run())


def test_the_triage_does_not_load_the_window(morning: Morning) -> None:
    import subprocess

    program = (
        "import sys; from typer.testing import CliRunner; from ccm.cli import app; "
        "CliRunner().invoke(app, sys.argv[1:]); print([name for name in sys.modules if name.startswith('textual')])"
    )
    words = ["--workspace", str(morning.place), "triage", str(morning.place / "ledger.csv"), "--as-of", str(AS_OF)]
    result = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("kind", "text", "words", "ready"),
    [
        ("promise", "", "还没写", False),
        ("promise", "5000", "5,000.00元，哪天还？", False),
        ("promise", "1.5万 +3", "2026-11-26（周四）前还15,000.00元", True),
        ("promise", "5000　12-05 卖猪", "2026-12-05（周六）前还5,000.00元", True),
        ("missed", "", "", True),
        ("missed", "关机", "记作关机", True),
        ("answered", "承诺 5000", "承诺另按3记，好核对金额和日子", False),
        ("cause", "住院 县医院", "记作患病", True),
        ("cause", "猪价跌了", "照原话记", True),
        ("visit", "见到 +李强", "见到；同李强", True),
        ("visit", "搬走 邻居说去了外地", "搬走；一人去（两人以上才算办了）", True),
        ("query", "内部,征信 没有新贷", "查询内部系统、征信", True),
    ],
)
def test_a_line_is_read_while_it_is_typed(kind: str, text: str, words: str, ready: bool) -> None:  # noqa: FBT001
    assert reading(Draft("1", kind, "borrower", "张三", text, str(AS_OF)), AS_OF) == (words, ready)


@given(
    st.sampled_from([one.kind for one in ACTIONS]), st.text(alphabet="5 0,元周五见到王敏，、内部:好-+x", max_size=20)
)
def test_no_line_breaks_the_reader(kind: str, text: str) -> None:
    words, _ = reading(Draft("1", kind, "borrower", "张三", text, str(AS_OF)), AS_OF)

    assert isinstance(words, str)


def test_a_visit_is_read_from_its_words() -> None:
    told = visit_of(["见到", "+李强", "收入:中", "装修：差:旧", "同意月底还"])

    assert (told.found, told.along, told.text) == ("见到", ("李强",), "同意月底还")
    assert told.saw == ("收入:中", "装修：差:旧")


def line(number: str, told: str = "") -> Line:
    return Line(number, f"客户{number}", 1, 10, 0, 100, "", late=False, held=False, told=told)


@given(st.lists(st.booleans(), min_size=1, max_size=8), st.integers(0, 7))
def test_the_next_case_is_one_of_which_nothing_was_logged(told: list[bool], at: int) -> None:
    state = Round(tuple(line(str(place), "接通" if one else "") for place, one in enumerate(told)))
    state = state.choose(at)

    after = state.after()

    left = [place for place, one in enumerate(told) if not one and place != state.at]
    assert after.at in left if left else after.at == state.at
