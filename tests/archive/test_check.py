"""What an archive lacks, what became of its files, and how papers are filed in the first place (L10, V5)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from ccm.archive.check import check, conditions, digest_of, needed, needed_of_visit
from ccm.archive.filing import file_papers, named, plan
from letter_lives import day, filed, issued, listed, no, posted, result, told, visit

if TYPE_CHECKING:
    from pathlib import Path

    from ccm.archive.check import Report
    from ccm.life import Lives
    from ccm.model import Note


def nothing(_: int) -> None:
    """Tell nobody of the progress."""


def kept(root: Path, subject: str, item: str, name: str, content: bytes = b"x") -> Note:
    """Put a paper into the archive, and return the note that says so."""
    path = root / "archive" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    stat = path.stat()
    return filed(
        subject, item, f"archive/{name}", sha256=digest_of(path), size=stat.st_size, modified_ns=stat.st_mtime_ns
    )


def checked(root: Path, lives: Lives, *, quick: bool = False) -> Report:
    return check(lives, None, root, {}, nothing, quick=quick)


@pytest.mark.parametrize(
    ("notes", "items"),
    [
        ([], ("original", "waybill", "delivery")),
        ([posted(1, day(1), "1"), result(1, day(3), "delivered")], ("original", "waybill", "delivery")),
        ([posted(1, day(1), "1"), result(1, day(3), "returned")], ("original", "waybill", "returned")),
        ([posted(1, day(1), "1"), result(1, day(3), "refused")], ("original", "waybill", "returned")),
        ([listed(1, day(1)), posted(1, day(1), "1")], ("original", "waybill", "delivery", "posting_list")),
        ([listed(1, day(1), letters=1)], ("original", "waybill", "delivery")),
    ],
)
def test_which_papers_a_letter_needs_follows_from_what_happened(notes: list[Note], items: tuple[str, ...]) -> None:
    assert needed(told(issued(1), *notes).letters[no(1)]) == items


def test_a_visit_needs_two_photos_and_the_recording_where_one_was_possible() -> None:
    found = told(visit("V20261123-1"), visit("V20261123-2", no_recording=True)).visits

    assert needed_of_visit(found["V20261123-1"]) == ("recording", "photo_gate", "photo_door")
    assert needed_of_visit(found["V20261123-2"]) == ("photo_gate", "photo_door")


def test_what_lacks_and_what_is_whole_is_told_letter_by_letter(tmp_path: Path) -> None:
    papers = [kept(tmp_path, no(1), item, f"{item}.jpg", item.encode()) for item in ("original", "waybill", "delivery")]

    report = checked(tmp_path, told(issued(1), issued(2), *papers))

    assert [(one.of.number, one.missing) for one in report.standings] == [
        (no(1), ()),
        (no(2), ("original", "waybill", "delivery")),
    ]
    assert not report.complete


@pytest.mark.parametrize("quick", [False, True])
def test_a_paper_that_changed_is_gone_or_is_a_link_is_told(tmp_path: Path, quick: bool) -> None:  # noqa: FBT001
    papers = [kept(tmp_path, no(1), item, f"{item}.pdf") for item in ("original", "waybill", "delivery", "receipt")]
    (tmp_path / "archive" / "original.pdf").write_bytes(b"another")
    (tmp_path / "archive" / "waybill.pdf").unlink()
    (tmp_path / "archive" / "delivery.pdf").unlink()
    (tmp_path / "archive" / "delivery.pdf").symlink_to(tmp_path / "archive" / "receipt.pdf")

    standing = checked(tmp_path, told(issued(1), *papers), quick=quick).standings[0]

    assert dict(standing.bad) == {
        "archive/original.pdf": "broken",
        "archive/waybill.pdf": "missing",
        "archive/delivery.pdf": "unreadable",
    }
    assert (standing.missing, standing.changed, standing.damaged) == (
        ("waybill",), ("original",), ("original", "delivery")
    )  # fmt: skip


def test_a_change_that_keeps_size_and_time_is_seen_by_the_full_check_alone(tmp_path: Path) -> None:
    paper = kept(tmp_path, no(1), "original", "original.pdf", b"one")
    path = tmp_path / "archive" / "original.pdf"
    stat = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    papers = told(issued(1), paper).letters[no(1)].filed

    assert conditions(tmp_path, papers, nothing, quick=True) == {"archive/original.pdf": "whole"}
    assert conditions(tmp_path, papers, nothing) == {"archive/original.pdf": "broken"}


def test_files_that_belong_to_nothing_are_told_but_not_what_windows_leaves(tmp_path: Path) -> None:
    paper = kept(tmp_path, no(1), "original", "original.pdf")
    for name in ("随手.jpg", ".ccm-12-面单.jpg", "Thumbs.db", "~$面单.docx"):
        (tmp_path / "archive" / name).write_bytes(b"x")

    assert checked(tmp_path, told(issued(1), paper)).strays == ("archive/.ccm-12-面单.jpg", "archive/随手.jpg")


class Scans:
    """A scan folder whose pictures are all different."""

    def __init__(self, root: Path) -> None:
        self.root, self.count = root / "scans", 0
        self.root.mkdir()

    def picture(self, name: str, **exif: Any) -> Path:  # noqa: ANN401
        """Make one; `taken` is the time its camera wrote into it."""
        self.count += 1
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        data = Image.Exif()
        if exif:
            data.get_ifd(0x8769)[36867] = exif["taken"]
        Image.effect_noise((40, 40), 30 + self.count).save(path, exif=data)
        return path


@pytest.fixture
def scans(tmp_path: Path) -> Scans:
    return Scans(tmp_path)


def test_papers_are_copied_under_fixed_names_and_noted_with_their_digest(tmp_path: Path, scans: Scans) -> None:
    lives = told(issued(1))

    planned = plan([(scans.picture("a.JPG"), no(1), "waybill"), (scans.picture("b.jpg"), no(1), "waybill")], lives, {})
    notes = file_papers(planned, tmp_path, day(3))

    folder = "archive/0062001_张三/清农催〔2026〕1号_贷款逾期催收通知书_张三"
    assert [note.facts["path"] for note in notes] == [
        f"{folder}/面单寄件人存联.jpg", f"{folder}/面单寄件人存联-2.jpg"
    ]  # fmt: skip
    assert all(digest_of(tmp_path / str(note.facts["path"])) == note.facts["sha256"] for note in notes)
    assert checked(tmp_path, told(issued(1), *notes)).standings[0].missing == ("original", "delivery")


def test_the_same_paper_again_is_known_and_the_same_bytes_as_another_are_refused(tmp_path: Path, scans: Scans) -> None:
    scan = scans.picture("a.jpg")
    notes = file_papers(plan([(scan, no(1), "waybill")], told(issued(1)), {}), tmp_path, day(3))
    lives = told(issued(1), issued(2), *notes)

    again, other_item, other_letter = plan(
        [(scan, no(1), "waybill"), (scan, no(1), "delivery"), (scan, no(2), "waybill")], lives, {}
    )

    assert again.known
    assert "一字不差" in other_item.trouble
    assert "一字不差" in other_letter.trouble


def test_what_is_not_what_it_claims_is_refused(tmp_path: Path, scans: Scans) -> None:
    empty, cut, text = scans.root / "空.jpg", scans.root / "半.jpg", scans.root / "录音.mp3"
    empty.write_bytes(b"")
    cut.write_bytes(scans.picture("whole.jpg").read_bytes()[:400])
    text.write_text("这不是录音", "utf-8")
    lives = told(issued(1), visit())

    planned = plan(
        [
            (empty, no(1), "waybill"), (cut, no(1), "waybill"), (text, "V20261123-1", "recording"),
            (scans.picture("p.jpg"), "V20261123-1", "recording"), (scans.picture("q.jpg"), no(1), "photo_gate"),
            (tmp_path / "没有.jpg", no(1), "waybill"),
        ],
        lives, {},
    )  # fmt: skip

    assert all(paper.trouble for paper in planned), [paper.trouble for paper in planned]


def test_a_photo_older_than_its_visit_is_filed_and_told(scans: Scans) -> None:
    photo = scans.picture("a.jpg", taken="2026:11:01 09:30:00")

    paper = plan([(photo, "V20261123-1", "photo_gate")], told(visit()), {"0062001": "张三"})[0]

    assert paper.trouble == ""
    assert "早于上门日2026-11-23" in paper.odd
    assert paper.target == "archive/0062001_张三/上门V20261123-1/小区门口照片.jpg"


def test_a_returned_item_does_not_go_with_a_letter_that_was_delivered(scans: Scans) -> None:
    lives = told(issued(1), posted(1, day(1), "1"), result(1, day(3), "delivered"))

    assert "已妥投" in plan([(scans.picture("a.jpg"), no(1), "returned")], lives, {})[0].trouble


@pytest.mark.parametrize(
    ("name", "subject", "item"),
    [
        ("清农催〔2026〕1号 自留正本.jpg", no(1), "original"),
        ("清农催[2026]1号_面单.jpg", no(1), "waybill"),
        ("清农催(2026)1号-EMS妥投查询.jpg", no(1), "delivery"),
        ("1012345678901 退件.jpg", no(1), "returned"),
        ("清农催〔2026〕1号/回执.jpg", no(1), "receipt"),
        ("JS20261124-1 寄送清单.jpg", "JS20261124-1", "posting_list"),
        ("V20261123-1 小区门口.jpg", "V20261123-1", "photo_gate"),
        ("V20261123-1_楼门口2.jpg", "V20261123-1", "photo_door"),
        ("随便.jpg", "", ""),
        ("清农催〔2026〕1号.jpg", no(1), ""),
    ],
)
def test_a_scans_name_says_whose_and_which_paper_it_is(name: str, subject: str, item: str, tmp_path: Path) -> None:
    lives = told(issued(1), listed(1, day(1)), posted(1, day(1), "1012345678901"), visit())

    assert named([tmp_path / name], tmp_path, lives) == [(tmp_path / name, subject, item)]
