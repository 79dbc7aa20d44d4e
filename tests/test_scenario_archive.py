"""From the envelope to the file that stands in court, day by day (L4–L10, V5, C11)."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

HEAD = "借据号,借款人,证件号码,地址,合同号,贷款余额,逾期本金,逾期利息,逾期日期,到期日期,数据日期\n"
LOANS = {
    "0062001": "张三,11010519491231002X,清水县柳溪镇石桥村1组8号,借字1号,50000,50000,800,2026-10-20,2026-10-20",
    "0062002": "李四,110105199001011237,清水县城关镇人民路9号,借字2号,30000,30000,500,2026-10-20,2026-10-20",
    "0062003": "王五,110105198001011232,清水县清河乡河口村3组,借字3号,20000,20000,300,2026-10-20,2026-10-20",
}


class Branch:
    """A branch at work: a ledger each morning, commands through the day, scans in the evening."""

    def __init__(self, ccm: Callable[..., Result], place: Path) -> None:
        self._ccm, self.place, self._scans = ccm, place, 0
        (place / "ccm.toml").write_text(
            '[bank]\nname = "清水农村商业银行股份有限公司"\nbranch = "城关支行"\n[letters]\ncode = "清农催"\n', "utf-8"
        )

    def morning(self, day: str, *loans: str) -> None:
        """Read the day's ledger, with these loans in it."""
        rows = "".join(f"{loan},{LOANS[loan]},{day}\n" for loan in loans)
        path = self.place / f"{day}.csv"
        path.write_text(HEAD + rows, "utf-8")
        assert self.run("triage", path, "--as-of", day).exit_code == 0

    def run(self, *words: object) -> Result:
        """Run a command."""
        return self._ccm(*words)

    def ask(self, *words: object) -> dict[str, Any]:
        """Run a command and return its JSON."""
        answer: dict[str, Any] = json.loads(self.run(*words, "--json").stdout)
        return answer

    def scan(self, name: str = "scan.jpg") -> Path:
        """Make a picture like no other."""
        from PIL import Image

        self._scans += 1
        path = self.place / "scans" / f"{self._scans}-{name}"
        path.parent.mkdir(exist_ok=True)
        Image.effect_noise((60, 60), 40 + self._scans).save(path)
        return path

    def file(self, letter_no: str, *items: str) -> None:
        """Scan papers of a letter and file them."""
        for item in items:
            result = self.run("archive", "add", letter_no, item, self.scan())
            assert result.exit_code == 0, result.output


@pytest.fixture
def branch(ccm: Callable[..., Result], tmp_path: Path) -> Branch:
    return Branch(ccm, tmp_path)


def test_every_letter_is_proved_or_the_missing_paper_is_named(branch: Branch) -> None:
    # Day 30: one letter, posted alone, delivered, filed.
    branch.morning("2026-11-19", "0062001")
    issued = branch.ask("letters", "--stage", "30", "--as-of", "2026-11-19")["issued"]
    first = issued[0]["letter_no"]
    assert len(issued) == 1
    posted = branch.ask("post", "import", first, "1012345678901", "--on", "2026-11-19", "--as-of", "2026-11-19")
    assert [one["waybill"] for one in posted["recorded"]] == ["1012345678901"]
    assert branch.ask("archive-check")["cases"][0]["letters"][0]["missing"] == ["original", "waybill", "delivery"]
    result = branch.run("post", "status", first, "delivered", "--on", "2026-11-21", "--as-of", "2026-11-22")
    assert result.exit_code == 0, result.output
    branch.file(first, "original", "waybill", "delivery")
    clean = branch.ask("archive-check")
    assert clean["complete"] is True
    assert clean["cases"][0]["letters"][0]["state"] == "delivered"

    # Day 40 for two more: a batch, one of them returned.
    branch.morning("2026-11-29", "0062001", "0062002", "0062003")
    second, third = (
        one["letter_no"] for one in branch.ask("letters", "--stage", "30", "--as-of", "2026-11-29")["issued"]
    )
    listed = branch.ask("post", "list", "--date", "2026-11-29")
    assert [one["letter_no"] for one in listed["lists"][0]["letters"]] == [second, third]
    branch.run("post", "import", second, "1012345678902", third, "1012345678903", "--as-of", "2026-11-29")
    branch.run("post", "status", second, "delivered", "--on", "2026-12-01", "--as-of", "2026-12-04")
    branch.run(
        "post", "status", third, "returned", "--on", "2026-12-03", "--reason", "查无此人", "--as-of", "2026-12-04"
    )
    branch.file(second, "original", "waybill", "delivery")
    branch.file(third, "original", "waybill")

    # The check finds exactly the posting list and the returned item.
    found = branch.ask("archive-check")
    lacks = {one["letter_no"]: one["missing"] for case in found["cases"] for one in case["letters"]}
    assert found["complete"] is False
    assert lacks == {first: [], second: ["posting_list"], third: ["returned", "posting_list"]}
    assert branch.run("archive-check").exit_code == 4
    assert branch.run("pack", "0062003").exit_code == 4

    # They are added; one list serves both letters.
    branch.file(third, "returned", "posting_list")
    assert branch.ask("archive-check")["complete"] is True
    assert branch.run("archive-check").exit_code == 0

    # One byte changes: the check names the file, also the quick one.
    paper = next((branch.place / "archive").rglob("退件.jpg"))
    content = bytearray(paper.read_bytes())
    content[len(content) // 2] ^= 1
    paper.write_bytes(content)
    for how in ((), ("--quick",)):
        result = branch.run("archive-check", *how)
        assert result.exit_code == 4
        assert "退件.jpg" in re.sub(r"\s", "", result.stdout)
    changed = [one["changed"] for case in branch.ask("archive-check")["cases"] for one in case["letters"]]
    assert [item for items in changed for item in items] == ["returned"]


def test_the_pack_is_complete_numbered_and_opens_with_chinese_names(branch: Branch) -> None:
    branch.morning("2026-11-19", "0062001")
    letter_no = branch.ask("letters", "--as-of", "2026-11-19")["issued"][0]["letter_no"]
    branch.run("post", "import", letter_no, "1012345678901", "--as-of", "2026-11-19")
    branch.run("post", "status", letter_no, "delivered", "--on", "2026-11-21", "--as-of", "2026-11-22")
    branch.file(letter_no, "original", "面单")

    refused = branch.run("pack", "0062001", "--json", "--as-of", "2026-11-23")
    incomplete = branch.ask("pack", "0062001", "--incomplete", "--as-of", "2026-11-23")
    branch.file(letter_no, "delivery")
    whole = branch.ask("pack", "2001", "--as-of", "2026-11-23")

    assert refused.exit_code == 4
    assert "投递打印页" in refused.stderr
    told = json.loads(refused.stdout)
    assert (told["loan_no"], told["zip"], told["complete"]) == ("0062001", None, False)
    assert told["lacking"] == incomplete["lacking"]
    assert [(one["letter_no"], one["missing"]) for one in told["letters"]] == [(letter_no, ["delivery"])]
    assert incomplete["lacking"] == [f"{letter_no}《贷款逾期催收通知书》：缺投递打印页"]
    assert whole["complete"] is True
    with zipfile.ZipFile(whole["zip"]) as archive:
        names = [info.filename.split("/", 1)[1] for info in archive.infolist()]
        assert all(info.flag_bits & 0x800 for info in archive.infolist() if not info.filename.isascii())
    assert names[:3] == ["01_证据目录.docx", "02_催收过程.docx", "03_欠款情况.docx"]
    assert [name for name in names if name.startswith("证据/")] == [
        f"证据/00{n}_{letter_no}_{item}.jpg" for n, item in enumerate(("自留正本", "面单寄件人存联", "投递打印页"), 1)
    ]


def test_of_a_loan_that_nobody_knows_or_that_has_no_paper_nothing_is_complete(
    ccm: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "l.csv").write_text(
        "借据号,借款人,到期日,贷款余额,年利率\n0062001,张三,2026-06-30,100,6\n", encoding="utf-8"
    )
    ccm("triage", tmp_path / "l.csv", "--as-of", "2026-11-23")

    assert "没有借据号 999" in ccm("archive-check", "--loan", "999").stderr
    assert ccm("archive-check", "--stage", "45").exit_code == 3  # no stage: not "complete"
    assert "没有要核对的" in ccm("archive-check", "--loan", "0062001").stdout
    packed = ccm("pack", "0062001")
    assert packed.exit_code == 4
    assert "没有任何函件、上门记录和归档的材料" in packed.stderr
    assert not (tmp_path / "packs").exists()
    assert "是不是 contract 借款合同" in ccm("archive", "add", "0062001", "合同复印件", "a.pdf").stderr
    assert "台账里有这笔的利率（6" in ccm("statement", "0062001", "--rate", "9").stderr
