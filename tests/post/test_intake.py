"""What the post office gives back: waybill numbers and results, taken in once, and what does not fit is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ccm.post.intake import take_results, take_waybills
from ccm.post.sheet import Row, rows
from letter_lives import day, issued, no, posted, result, told, voided

if TYPE_CHECKING:
    from ccm.post.intake import Taken

TODAY = day(10)


def pair(number: int, waybill: str, on: date | None = None) -> Row:
    return Row("表.csv", "", number + 1, no(number), waybill, "", "", "", posted_on=on)


def state(number: int, status: str, on: date | None, signer: str = "", reason: str = "") -> Row:
    return Row("表.csv", "", number + 1, no(number), "", status, signer, reason, on)


def codes(taken: Taken) -> list[str]:
    return [one.code for one in taken.findings]


def test_a_waybill_number_is_given_with_its_day() -> None:
    taken = take_waybills([pair(1, "１０１２３４５６７８９０１", day(1))], told(issued(1)), day(2), TODAY)

    assert [(note.kind, note.letter_no, note.on, note.facts["waybill"]) for note in taken.notes] == [
        ("letter-posted", no(1), day(1), "1012345678901")
    ]


def test_where_a_row_has_no_day_the_day_asked_for_counts() -> None:
    assert take_waybills([pair(1, "1012345678901")], told(issued(1)), day(2), TODAY).notes[0].on == day(2)


def test_the_same_sheet_again_changes_nothing() -> None:
    taken = take_waybills(
        [pair(1, "1012345678901"), pair(1, "1012345678901")],
        told(issued(1), posted(1, day(1), "1012345678901")), day(1), TODAY,
    )  # fmt: skip

    assert (taken.notes, taken.known, taken.findings) == ([], 2, [])


def test_one_number_for_two_letters_is_refused_within_a_sheet_and_across_sheets() -> None:
    within = take_waybills(
        [pair(1, "1012345678901"), pair(2, "1012345678901")], told(issued(1), issued(2)), day(1), TODAY
    )
    across = take_waybills(
        [pair(2, "1012345678901", day(5))],
        told(issued(1), issued(2), posted(1, day(1), "1012345678901")),
        day(1),
        TODAY,
    )

    assert (codes(within), len(within.notes)) == (["waybill-twice"], 1)
    assert (codes(across), across.notes) == (["waybill-twice"], [])


def test_after_a_year_the_post_office_may_use_a_number_again() -> None:
    a_year_ago = posted(1, date(2025, 11, 20), "EA473124829CN")

    taken = take_waybills([pair(2, "EA473124829CN")], told(issued(1), issued(2), a_year_ago), day(1), TODAY)

    assert (len(taken.notes), codes(taken)) == (1, [])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (pair(1, "EA473124828CN"), "waybill-wrong"),
        (pair(1, "1.0123E+12"), "waybill-wrong"),
        (pair(9, "1012345678901"), "post-row-unmatched"),
        (pair(2, "1012345678901"), "post-row-voided"),
        (pair(1, "1012345678901", day(-1)), "posted-day-wrong"),
        (pair(3, "1012345678902"), "waybill-other"),
    ],
)
def test_a_row_that_does_not_fit_is_told_and_left_out(row: Row, code: str) -> None:
    lives = told(issued(1), issued(2), voided(2, day(1)), issued(3), posted(3, day(1), "1012345678909"))

    taken = take_waybills([row], lives, day(1), TODAY)

    assert (codes(taken), taken.notes) == ([code], [])
    assert taken.findings[0].row == row.row


@pytest.mark.parametrize(
    ("waybill", "on", "code"),
    [("9712345678901", day(1), "waybill-plausible"), ("1012345678901", day(40), "post-day-ahead")],
)
def test_what_is_only_odd_is_taken_and_told(waybill: str, on: date, code: str) -> None:
    """L1: letters go by EMS; a number that is none of EMS is told."""
    taken = take_waybills([pair(1, waybill, on)], told(issued(1)), day(1), TODAY)

    assert (codes(taken), len(taken.notes), taken.findings[0].severity) == ([code], 1, "warning")


def test_results_are_recorded_with_day_signer_and_reason() -> None:
    lives = told(*(note for n in (1, 2, 3) for note in (issued(n), posted(n, day(1), f"101234567890{n}"))))

    taken = take_results(
        [
            state(1, "妥投", day(3), "本人收"),
            state(2, "退回妥投", day(8), reason="查无此人"),
            state(3, "正在投递", None),
        ],
        lives,
        TODAY,
    )

    assert [(n.letter_no, n.on, n.facts["status"], n.facts["signer"], n.facts["reason"]) for n in taken.notes] == [
        (no(1), day(3), "delivered", "self", ""),
        (no(2), day(8), "returned", "", "查无此人"),
        (no(3), TODAY, "in_transit", "", ""),
    ]
    assert taken.findings == []


def test_a_result_is_found_by_the_waybill_alone() -> None:
    row = Row("表.csv", "", 2, "", "1012345678901", "妥投", "", "", day(3))

    taken = take_results([row], told(issued(1), posted(1, day(1), "1012345678901")), TODAY)

    assert [note.letter_no for note in taken.notes] == [no(1)]


def test_a_result_of_a_voided_letter_is_told_of_by_whatever_way_it_is_found() -> None:
    lives = told(issued(1), posted(1, day(1), "1012345678901"), voided(1, day(2)))
    rows = [Row("表.csv", "", 2, "", "1012345678901", "妥投", "", "", day(3)), state(1, "妥投", day(3))]

    for row in rows:
        taken = take_results([row], lives, TODAY)
        assert (codes(taken), taken.notes) == (["post-row-voided"], [])


def test_the_same_result_again_changes_nothing_and_another_one_is_told() -> None:
    lives = told(issued(1), posted(1, day(1), "1012345678901"))
    first = take_results([state(1, "妥投", day(3), "本人收")], lives, TODAY)
    again = told(issued(1), posted(1, day(1), "1012345678901"), first.notes[0])

    same = take_results([state(1, "妥投", day(3), "本人收")], again, TODAY)
    other = take_results([state(1, "退回", day(5))], again, TODAY)

    assert (same.notes, same.known) == ([], 1)
    assert (codes(other), len(other.notes)) == (["result-changed"], 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (state(1, "飞走了", day(3)), "status-unread"),
        (state(1, "妥投", None), "result-no-day"),
        (state(1, "妥投", day(0)), "result-day-wrong"),
        (state(2, "妥投", day(3)), "result-unposted"),
        (state(9, "妥投", day(3)), "post-row-unmatched"),
    ],
)
def test_a_result_that_proves_nothing_is_told_and_left_out(row: Row, code: str) -> None:
    lives = told(issued(1), posted(1, day(1), "1012345678901"), issued(2))

    taken = take_results([row], lives, TODAY)

    assert (codes(taken), taken.notes) == ([code], [])


def test_a_sheet_is_read_by_its_headers_wherever_they_stand() -> None:
    table: list[list[Any]] = [
        ["收寄清单", None, None], [None, None, None], ["内件品名", "运单号码（EMS）", "收寄日期"],
        ["清农催〔2026〕1号通知书2页", 1012345678901.0, "2026年11月24日 10:20"], ["合计", None, None],
    ]  # fmt: skip

    found = list(rows("表.xlsx", "清单", table) or ())

    assert [(row.row, row.contents, row.waybill, row.posted_on) for row in found] == [
        (4, "清农催〔2026〕1号通知书2页", "1012345678901", date(2026, 11, 24))
    ]
    assert rows("表.xlsx", "清单", [["姓名", "年龄"], ["张三", 30.0]]) is None


def test_results_of_lives_are_weighed_by_address_and_slip() -> None:
    from ccm.post.lookup import weigh

    back = (posted(1, day(1), "1"), result(1, day(5), "returned", reason="查无此人"))

    assert weigh(told(issued(1), *back).letters[no(1)]).grade == "E"
    assert weigh(told(issued(1, address_agreed_on="2024-05-01"), *back).letters[no(1)]).grade == "D"
