"""What ccm.toml says of branches: whose address and account stand on whose letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccm.errors import CcmError
from ccm.workspace import Office, load

if TYPE_CHECKING:
    from pathlib import Path

BANK = """
[bank]
name = "清水农村商业银行"
branch = "城关支行"
address = "清水县城关镇1号"
phone = "0000-1"
[letters]
account = "户名甲"
[branches]
"柳溪支行" = { address = "清水县柳溪镇2号", account = "户名乙" }
"""


def test_letters_of_another_branch_never_bear_this_ones_address(tmp_path: Path) -> None:
    (tmp_path / "ccm.toml").write_text(BANK, "utf-8")
    place = load(tmp_path)

    assert place.office("城关支行") == place.office("") == Office("清水县城关镇1号", "0000-1", "户名甲")
    assert place.office("柳溪支行") == Office("清水县柳溪镇2号", "", "户名乙")
    assert place.office("石桥支行") == Office("", "", "户名甲")


def test_where_the_workspace_is_no_branchs_own_the_banks_address_serves_all(tmp_path: Path) -> None:
    (tmp_path / "ccm.toml").write_text(BANK.replace('branch = "城关支行"\n', ""), "utf-8")
    place = load(tmp_path)

    assert place.office("石桥支行") == Office("清水县城关镇1号", "0000-1", "户名甲")
    assert place.office("柳溪支行") == Office("清水县柳溪镇2号", "0000-1", "户名乙")


@pytest.mark.parametrize("row", ['"清水县2号"', '{ addres = "清水县2号" }', "{ phone = 5 }", "[]"])
def test_an_office_is_said_in_three_words_or_fewer(tmp_path: Path, row: str) -> None:
    (tmp_path / "ccm.toml").write_text(f'[branches]\n"柳溪支行" = {row}\n', "utf-8")

    with pytest.raises(CcmError, match="可以只写一部分"):
        load(tmp_path)
