from __future__ import annotations

import io
import os
import re
import struct
import sys
import wave
import zipfile
import zlib
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter

from ccm.archive import media
from ccm.archive.media import ACCEPTED, inspect, paper, picture
from ccm.archive.media.form import FORMATS
from ccm.life import LETTER_ITEMS, VISIT_ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccm.archive.media import Media

SAMPLES = Path(__file__).parent / "samples"
CHINA = timezone(timedelta(hours=8))
TAKEN_AT = datetime(2026, 11, 20, 9, 30, tzinfo=CHINA)
CHENGDU = (30.675, 104.06)
GPS = {1: "N", 2: (30.0, 40.0, 30.0), 3: "E", 4: (104.0, 3.0, 36.0)}


@cache
def noise(mode: str = "RGB") -> Image.Image:
    pixels = Random(7).randbytes(64 * 48 * 3)  # noqa: S311 - a picture, no secret
    return Image.frombytes("RGB", (64, 48), pixels).convert(mode)


def picture_file(form: str, mode: str = "RGB", **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    file = io.BytesIO()
    noise(mode).save(file, form, **options)
    return file.getvalue()


def notes(gps: dict[int, Any] | None = None, taken_at: str = "2026:11:20 09:30:00") -> Image.Exif:
    exif = Image.Exif()
    exif[0x8769] = {0x9003: taken_at}
    exif[0x8825] = GPS if gps is None else gps
    return exif


def wav(seconds: float = 1, chunk: bytes = b"") -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(Random(7).randbytes(int(16000 * seconds)))  # noqa: S311 - a noise, no secret
    content = file.getvalue() + chunk
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:]


def broadcast_note(text: str) -> bytes:
    body = bytes(320) + text.encode() + bytes(602 - 320 - len(text))
    return b"bext" + struct.pack("<I", len(body)) + body


def pdf(user_password: str | None = None, owner_password: str | None = None, pages: int = 2) -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    for page in PdfReader(io.BytesIO(picture_file("PDF", save_all=True, append_images=[noise("L")]))).pages[:pages]:
        writer.add_page(page)
    if user_password is not None:
        writer.encrypt(user_password, owner_password, algorithm="AES-256")
    writer.write(file)
    return file.getvalue()


def docx() -> bytes:
    file, document = io.BytesIO(), Document()
    document.add_paragraph("催收通知书")
    document.save(file)
    return file.getvalue()


def xlsx() -> bytes:
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


@cache
def wholes() -> dict[str, bytes]:
    """Return a good file under every name: made here, or a sample."""
    frames = [noise("L").rotate(9), noise("L").rotate(40)]
    return {
        "photo.jpg": picture_file("JPEG", exif=notes()),
        "progressive.jpeg": picture_file("JPEG", progressive=True),
        "scan.png": picture_file("PNG"),
        "still.gif": picture_file("GIF"),
        "moving.gif": picture_file("GIF", save_all=True, append_images=frames),
        "scan.bmp": picture_file("BMP"),
        "raw.tif": picture_file("TIFF"),
        "lzw.tif": picture_file("TIFF", compression="tiff_lzw", save_all=True, append_images=frames),
        "fax.tiff": picture_file("TIFF", "1", compression="group4"),
        "photo.webp": picture_file("WEBP"),
        "lossless.webp": picture_file("WEBP", lossless=True),
        "scan.pdf": picture_file("PDF", save_all=True, append_images=frames),
        "written.pdf": pdf(),
        "talk.wav": wav(),
        "letter.docx": docx(),
        "list.xlsx": xlsx(),
        **{path.name: path.read_bytes() for path in SAMPLES.iterdir() if path.suffix != ".md"},
    }


NAMES = sorted(wholes())
WHOLE = [name for name in NAMES if name != "mute.mp4"]
MEASURED = [name for name in WHOLE if name not in {"plain.mp3", "tone.amr", "tone.awb", "tone.aac"}]
"""Formats that say how long they are or where they end; the others are rows of frames."""
PLAIN = {"talk.wav", "scan.bmp", "raw.tif", "index-first.m4a", "photo.webp", "lossless.webp"}
"""Files of the right length in which any bytes, zeros too, are a sound or a picture."""
FILMS = {"M4A", "MP4", "3GP", "MOV"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture
def see(folder: Path) -> Callable[[str, bytes], Media]:
    return lambda name, content: seen(folder, name, content)


def seen(folder: Path, name: str, content: bytes) -> Media:
    path = folder / name
    path.write_bytes(content)
    return inspect(path)


@pytest.mark.parametrize(
    ("name", "kind", "form"),
    [("photo.jpg", "image", "JPEG"), ("progressive.jpeg", "image", "JPEG"), ("scan.png", "image", "PNG"),
     ("still.gif", "image", "GIF"), ("moving.gif", "image", "GIF"), ("scan.bmp", "image", "BMP"),
     ("raw.tif", "image", "TIFF"), ("lzw.tif", "image", "TIFF"), ("fax.tiff", "image", "TIFF"),
     ("photo.webp", "image", "WEBP"), ("lossless.webp", "image", "WEBP"), ("photo.heic", "image", "HEIC"),
     ("scan.pdf", "pdf", "PDF"), ("written.pdf", "pdf", "PDF"), ("web.pdf", "pdf", "PDF"),
     ("talk.wav", "recording", "WAV"), ("counted.mp3", "recording", "MP3"), ("plain.mp3", "recording", "MP3"),
     ("tone.m4a", "recording", "M4A"), ("index-first.m4a", "recording", "M4A"), ("tone.3gp", "recording", "3GP"),
     ("film.mp4", "recording", "MP4"), ("film.mov", "recording", "MOV"), ("tone.amr", "recording", "AMR"),
     ("tone.awb", "recording", "AMR-WB"), ("tone.aac", "recording", "AAC"), ("tone.ogg", "recording", "OGG"),
     ("tone.opus", "recording", "OGG"), ("letter.docx", "document", "DOCX"), ("list.xlsx", "document", "XLSX")],
)  # fmt: skip
def test_a_good_file_is_told_by_its_content_and_has_no_trouble(
    see: Callable[[str, bytes], Media], name: str, kind: str, form: str
) -> None:
    got = see(name, wholes()[name])

    assert (got.kind, got.format, got.trouble) == (kind, form, "")


def test_every_format_that_is_known_is_tried(see: Callable[[str, bytes], Media]) -> None:
    assert {see(name, wholes()[name]).format for name in WHOLE} == set(FORMATS)


@pytest.mark.parametrize("name", ["photo.jpg", "photo.heic"])
def test_a_photo_shows_when_and_where_it_was_taken(see: Callable[[str, bytes], Media], name: str) -> None:
    got = see(name, wholes()[name])

    assert (got.taken_at, got.place) == (TAKEN_AT, CHENGDU)


def test_south_and_west_are_negative(see: Callable[[str, bytes], Media]) -> None:
    got = see("a.jpg", picture_file("JPEG", exif=notes({1: "S", 2: (1.0, 30.0, 0.0), 3: "W", 4: (2.0, 0.0, 36.0)})))

    assert got.place == (-1.5, -2.01)


@pytest.mark.parametrize(
    "gps",
    [{}, {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, {1: "N", 2: (99.0, 0.0, 0.0), 3: "E", 4: GPS[4]},
     {1: "N", 2: 30.0, 3: "E", 4: 104.0}],
)  # fmt: skip
def test_a_place_without_sense_is_no_place(see: Callable[[str, bytes], Media], gps: dict[int, Any]) -> None:
    got = see("a.jpg", picture_file("JPEG", exif=notes(gps)))

    assert (got.trouble, got.place, got.taken_at) == ("", None, TAKEN_AT)


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "2026:02:30 10:00:00", "2026:11:20", "", "昨天"])
def test_a_moment_without_sense_is_no_moment(see: Callable[[str, bytes], Media], text: str) -> None:
    got = see("a.jpg", picture_file("JPEG", exif=notes(taken_at=text)))

    assert (got.trouble, got.taken_at) == ("", None)


def test_broken_notes_do_not_make_a_photo_unreadable(see: Callable[[str, bytes], Media]) -> None:
    content = picture_file("JPEG", exif=notes())
    at = content.index(b"Exif\0\0") + 10
    got = see("a.jpg", content[:at] + b"\xff\xfe" * 20 + content[at + 40 :])

    assert (got.trouble, got.taken_at, got.place) == ("", None, None)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("talk.wav", 1), ("counted.mp3", 1.2), ("plain.mp3", 1.1), ("tone.m4a", 1), ("index-first.m4a", 1),
     ("tone.3gp", 1), ("film.mp4", 1), ("film.mov", 1), ("tone.amr", 1), ("tone.awb", 1), ("tone.aac", 1.1),
     ("tone.ogg", 1), ("tone.opus", 1)],
)  # fmt: skip
def test_a_recording_shows_how_long_it_is(see: Callable[[str, bytes], Media], name: str, seconds: float) -> None:
    assert see(name, wholes()[name]).seconds == pytest.approx(seconds, abs=0.06)


@pytest.mark.parametrize("name", ["tone.m4a", "tone.opus"])
def test_a_recording_shows_when_it_was_made(see: Callable[[str, bytes], Media], name: str) -> None:
    assert see(name, wholes()[name]).taken_at == datetime(2026, 11, 20, 10, 3, 4, tzinfo=CHINA)


def test_a_dictaphones_note_shows_when_it_was_made(see: Callable[[str, bytes], Media]) -> None:
    got = see("a.wav", wav(chunk=broadcast_note("2026-11-2010-03-04")))

    assert (got.trouble, got.taken_at) == ("", datetime(2026, 11, 20, 10, 3, 4, tzinfo=CHINA))


def test_a_recording_that_names_no_moment_has_none(see: Callable[[str, bytes], Media]) -> None:
    assert {see(name, wholes()[name]).taken_at for name in ("tone.amr", "counted.mp3", "talk.wav")} == {None}


def test_a_pdf_shows_its_pages(see: Callable[[str, bytes], Media]) -> None:
    assert [see(name, wholes()[name]).pages for name in ("scan.pdf", "written.pdf", "web.pdf")] == [3, 2, 2]


# What is broken.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"", bytes(5000)])
def test_nothing_and_zeros_are_an_empty_file(see: Callable[[str, bytes], Media], name: str, content: bytes) -> None:
    got = see(name, content)

    assert (got.kind, got.trouble) == ("unknown", "空文件")


@pytest.mark.parametrize("name", NAMES)
def test_one_byte_is_no_format(see: Callable[[str, bytes], Media], name: str) -> None:
    assert see(name, b"\xff").trouble == "不认得的格式"
    assert see(name, wholes()[name][:1]).trouble in {"不认得的格式", "空文件"}


@pytest.mark.parametrize("name", NAMES)
def test_half_a_file_is_called_cut(see: Callable[[str, bytes], Media], name: str) -> None:
    content, whole = wholes()[name], see(name, wholes()[name])
    got = see(name, content[: len(content) // 2 + 7])  # within a frame

    assert (got.kind, got.trouble) == (whole.kind, "文件被截断")


@pytest.mark.parametrize("name", sorted(set(WHOLE) - PLAIN))
def test_a_file_that_was_not_copied_to_its_end_is_seen(see: Callable[[str, bytes], Media], name: str) -> None:
    """Some programs reserve the whole length first: the rest is zeros."""
    content = wholes()[name]
    half = len(content) // 2

    assert see(name, content[:half] + bytes(len(content) - half)).trouble


@pytest.mark.parametrize("name", NAMES)
def test_the_head_of_one_format_on_the_body_of_another_is_trouble(
    see: Callable[[str, bytes], Media], name: str
) -> None:
    form = see(name, wholes()[name]).format
    others = [other for other in NAMES if see(other, wholes()[other]).format not in {form, *FILMS}]
    passed = [other for other in others if not see(name, wholes()[name][:24] + wholes()[other][24:]).trouble]

    assert len(others) > 15
    assert passed == []


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_under_a_wrong_name_is_told_and_still_read(see: Callable[[str, bytes], Media], name: str) -> None:
    whole, got = see(name, wholes()[name]), see("wrong.txt", wholes()[name])

    assert got.trouble == f"内容是{whole.format}，却叫.txt"
    assert (got.kind, got.pages, got.seconds) == (whole.kind, whole.pages, whole.seconds)


def test_a_name_that_fits_is_no_trouble(see: Callable[[str, bytes], Media]) -> None:
    assert see("照片.JPG", wholes()["photo.jpg"]).trouble == ""
    assert see("录音.mp4", wholes()["tone.m4a"]).trouble == ""
    assert see("录音.amr", wholes()["tone.awb"]).trouble == ""


def test_a_wrong_name_is_told_with_both_formats(see: Callable[[str, bytes], Media]) -> None:
    assert see("面单.jpg", wholes()["scan.png"]).trouble == "内容是PNG，却叫.jpg"
    assert see("录音.mp3", wholes()["tone.m4a"]).trouble == "内容是M4A，却叫.mp3"
    assert see("面单", wholes()["scan.png"]).trouble == "内容是PNG，却没有扩展名"


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(MEASURED), share=st.floats(0, 0.95))
def test_no_cut_passes_as_whole(folder: Path, name: str, share: float) -> None:
    content = wholes()[name]

    assert seen(folder, name, content[: int(len(content) * share)]).trouble


@pytest.mark.parametrize("name", ["photo.jpg", "progressive.jpeg", "scan.png", "talk.wav", "scan.pdf", "written.pdf"])
def test_no_cut_at_all_passes_in_the_commonest_formats(see: Callable[[str, bytes], Media], name: str) -> None:
    content = wholes()[name]
    cuts = [*range(0, len(content), 41), *range(len(content) - 200, int(len(content) * 0.995))]

    assert [cut for cut in cuts if not see(name, content[:cut]).trouble] == []


@settings(deadline=None)
@given(cut=st.integers(0, 668))
def test_a_cut_amr_is_whole_only_between_two_frames(folder: Path, cut: int) -> None:
    got = seen(folder, "tone.amr", wholes()["tone.amr"][:cut])
    frames, rest = divmod(cut - 6, 13)  # at 4.75 kbit/s each frame has 13 bytes

    if got.trouble:
        assert rest or frames < 1
    else:
        assert rest == 0
        assert got.seconds == pytest.approx(frames * 0.02)


@pytest.mark.parametrize("name", ["plain.mp3", "tone.awb"])
def test_a_cut_row_of_frames_that_passes_is_shorter_by_what_is_missing(
    see: Callable[[str, bytes], Media], name: str
) -> None:
    content = wholes()[name]
    whole = see(name, content).seconds or 0
    cuts = range(0, len(content), 3)  # their frames have 108 and 18 bytes
    passed = [got.seconds or 0 for cut in cuts if not (got := see(name, content[:cut])).trouble]

    assert 10 < len(passed) < len(content) / 15
    assert passed == sorted(set(passed))
    assert 0 < passed[0] < passed[-1] < whole


@pytest.mark.parametrize("name", ["plain.mp3", "counted.mp3", "tone.amr", "tone.awb", "tone.aac"])
def test_a_hole_in_a_recording_is_damage(see: Callable[[str, bytes], Media], name: str) -> None:
    content = wholes()[name]
    half = len(content) // 2

    assert see(name, content[:half] + bytes(200) + content[half + 200 :]).trouble == "文件内容损坏"


def test_an_mp3_that_counts_its_frames_misses_even_a_whole_one(see: Callable[[str, bytes], Media]) -> None:
    content = wholes()["counted.mp3"]
    troubles = {see("a.mp3", content[:cut]).trouble for cut in range(200, len(content) - 144, 8)}

    assert troubles == {"文件被截断"}


def test_tags_around_an_mp3_are_no_frames(see: Callable[[str, bytes], Media]) -> None:
    plain = wholes()["plain.mp3"]
    dated = b"TDRC\0\0\0\x14\0\0\0" + b"2026-11-20T10:03:04"
    front = b"ID3\x04\0\0\0\0\0" + bytes([len(dated)]) + dated
    back = b"TAG" + bytes(125)
    got = see("a.mp3", front + plain + back)

    assert (got.trouble, got.seconds) == ("", see("b.mp3", plain).seconds)
    assert got.taken_at == datetime(2026, 11, 20, 10, 3, 4, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.wav", wav(0)), ("a.amr", b"#!AMR\n"), ("a.awb", b"#!AMR-WB\n")],
)
def test_a_recording_of_nothing_is_told(see: Callable[[str, bytes], Media], name: str, content: bytes) -> None:
    assert see(name, content).trouble == "录音是空的"


def test_a_film_without_sound_is_no_recording(see: Callable[[str, bytes], Media]) -> None:
    assert see("mute.mp4", wholes()["mute.mp4"]).trouble == "录像里没有声音"


def test_a_recording_that_was_never_finished_is_cut(see: Callable[[str, bytes], Media]) -> None:
    """A phone that dies while recording leaves sound without the index that is written last."""
    content = wholes()["tone.m4a"]

    assert see("a.m4a", content[: content.index(b"moov") - 4]).trouble == "文件被截断"


def test_what_a_phone_appends_to_a_photo_is_no_trouble(see: Callable[[str, bytes], Media]) -> None:
    photo = wholes()["photo.jpg"]
    many = picture_file("MPO", save_all=True, append_images=[noise("L").convert("RGB")])

    assert see("a.jpg", photo + wholes()["film.mp4"]).trouble == ""
    assert see("a.jpg", photo + bytes(30) + b"SEFT").trouble == ""
    assert (see("a.jpg", many).format, see("a.jpg", many).trouble) == ("JPEG", "")


def test_a_thumbnail_inside_a_photo_is_not_taken_for_its_end(see: Callable[[str, bytes], Media]) -> None:
    exif = b"Exif\0\0" + picture_file("JPEG")
    photo = picture_file("JPEG", exif=exif)

    assert see("a.jpg", photo).trouble == ""
    assert see("a.jpg", photo[: len(exif) + 200]).trouble == "文件被截断"


def test_a_changed_byte_in_a_png_is_seen(see: Callable[[str, bytes], Media]) -> None:
    content = bytearray(wholes()["scan.png"])
    content[len(content) // 2] ^= 1

    assert see("a.png", bytes(content)).trouble == "打不开的图片"


def test_a_pdf_that_needs_a_password_is_told(see: Callable[[str, bytes], Media]) -> None:
    assert see("a.pdf", pdf("secret", "owner")).trouble == "有密码的PDF"


def test_a_pdf_that_only_forbids_changes_can_be_read(see: Callable[[str, bytes], Media]) -> None:
    got = see("a.pdf", pdf("", "owner"))

    assert (got.trouble, got.pages) == ("", 2)


def test_a_pdf_without_pages_is_told(see: Callable[[str, bytes], Media]) -> None:
    assert see("a.pdf", pdf(pages=0)).trouble == "PDF里没有页"


def test_a_pdf_whose_picture_is_missing_is_damaged(see: Callable[[str, bytes], Media]) -> None:
    content = re.sub(rb"(/image \d+) 0 R", rb"\1 5 R", wholes()["scan.pdf"])

    assert see("a.pdf", content).trouble == "文件内容损坏"


def test_a_pdf_made_for_the_web_is_not_whole_at_its_first_end_mark(see: Callable[[str, bytes], Media]) -> None:
    content = wholes()["web.pdf"]

    assert see("a.pdf", content[: content.index(b"%%EOF") + 6]).trouble == "文件被截断"


def test_a_pdf_may_have_a_mail_headers_bytes_before_it(see: Callable[[str, bytes], Media]) -> None:
    assert see("a.pdf", b"\xef\xbb\xbf\r\n" + wholes()["written.pdf"]).trouble == ""


def test_a_document_is_checked_against_its_checksums(see: Callable[[str, bytes], Media]) -> None:
    content = bytearray(wholes()["letter.docx"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("word/document.xml").header_offset + 80
    content[at] ^= 0xFF

    assert see("a.docx", bytes(content)).trouble in {"文件内容损坏", "打不开的文档"}


def test_a_document_with_a_password_is_told(see: Callable[[str, bytes], Media]) -> None:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(wholes()["letter.docx"])).encrypt("secret", locked)
    got = see("a.docx", locked.getvalue())

    assert (got.kind, got.trouble) == ("document", "有密码的文档")


def test_an_old_word_file_is_told_what_to_do(see: Callable[[str, bytes], Media]) -> None:
    assert see("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).trouble.startswith("旧版Office文件")


@pytest.mark.parametrize("content", [b"<html>\n", "通知书".encode("utf-16"), b"PK\x05\x06" + bytes(18), b"MZ\x90\0"])
def test_what_is_no_evidence_is_not_known(see: Callable[[str, bytes], Media], content: bytes) -> None:
    got = see("a.pdf", content)

    assert (got.kind, got.format, got.trouble) == ("unknown", "", "不认得的格式")


def test_a_zip_of_other_things_is_not_known(see: Callable[[str, bytes], Media]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", wholes()["photo.jpg"])

    assert see("a.zip", file.getvalue()).trouble == "不认得的格式"


# What must not hurt.


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_not_unpacked(see: Callable[[str, bytes], Media], side: int) -> None:
    assert see("a.png", png_that_claims(side, side)).trouble == "图片太大，无法检查"


def test_a_photo_is_unpacked_at_an_eighth_of_its_size(
    see: Callable[[str, bytes], Media], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "LARGEST_BYTES", 8 * 6)

    assert see("a.jpg", wholes()["photo.jpg"]).trouble == ""
    assert see("a.jpg", wholes()["progressive.jpeg"]).trouble == "图片太大，无法检查"
    assert see("a.png", wholes()["scan.png"]).trouble == "图片太大，无法检查"


def test_a_document_that_unpacks_beyond_reason_is_told(
    see: Callable[[str, bytes], Media], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "LARGEST_BYTES", 1000)

    assert see("a.docx", wholes()["letter.docx"]).trouble == "解开后大得不合常理"


def test_a_tiff_of_endless_pages_is_told(see: Callable[[str, bytes], Media], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_PAGES", 2)

    assert see("a.tif", wholes()["lzw.tif"]).trouble == "图片太大，无法检查"


@pytest.mark.parametrize("name", NAMES)
def test_the_terminal_stays_silent(
    see: Callable[[str, bytes], Media], name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    content = wholes()[name]
    for share in (0.1, 0.5, 0.9, 0.99):
        see(name, content[: int(len(content) * share)])

    assert capfd.readouterr() == ("", "")


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_nothing_a_damaged_file_holds_raises(folder: Path, name: str, changes: list[tuple[float, int]]) -> None:
    content = bytearray(wholes()[name])
    for share, byte in changes:
        content[int(len(content) * share)] = byte
    got = seen(folder, name, bytes(content))

    assert got.trouble or got.kind != "unknown"


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(NAMES), start=st.integers(4, 64), rest=st.binary(max_size=300))
def test_nothing_behind_a_good_head_raises(folder: Path, name: str, start: int, rest: bytes) -> None:
    got = seen(folder, name, wholes()[name][:start] + rest)

    assert got.trouble or got.kind != "unknown"


def test_what_a_library_raises_is_trouble_but_want_of_memory_is_not(
    see: Callable[[str, bytes], Media], monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of(error: type[Exception]) -> Callable[..., Media]:
        def read(*_: object) -> Media:
            raise error

        return read

    monkeypatch.setitem(media.READERS, "image", out_of(RecursionError))
    assert see("a.png", wholes()["scan.png"]).trouble == "打不开的图片"

    monkeypatch.setitem(media.READERS, "image", out_of(MemoryError))
    with pytest.raises(MemoryError):
        see("a.png", wholes()["scan.png"])


def test_a_file_that_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    assert inspect(tmp_path / "无.jpg").trouble == "文件不存在"
    assert inspect(tmp_path).trouble == "不是文件"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")

    assert inspect(tmp_path / "a.jpg").trouble == "不是文件"


def test_a_disk_that_does_not_give_the_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    (tmp_path / "a.jpg").write_bytes(wholes()["photo.jpg"])
    monkeypatch.setattr(Path, "open", broken)

    assert inspect(tmp_path / "a.jpg").trouble.startswith("文件读不出来")


def test_each_item_accepts_the_kinds_it_can_be() -> None:
    assert {item: "/".join(sorted(kinds)) for item, kinds in ACCEPTED.items()} == {
        "original": "document/image/pdf",
        "waybill": "image/pdf",
        "delivery": "image/pdf",
        "returned": "image/pdf",
        "posting_list": "document/image/pdf",
        "receipt": "image/pdf",
        "recording": "recording",
        "photo_gate": "image",
        "photo_door": "image",
    }
    assert list(ACCEPTED) == [*LETTER_ITEMS, *VISIT_ITEMS]
