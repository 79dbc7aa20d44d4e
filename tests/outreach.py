"""A small bank whose telephone and messages are played through by day: what the tests of calls and messages share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

COLUMNS = (
    "借据号", "客户名称", "证件号码", "联系电话", "职业", "到期日期", "贷款余额", "拖欠本金", "本金逾期日期",
    "拖欠利息", "最早欠息日期", "客户经理", "支行", "担保方式", "保证人1", "保证人1证件号码", "保证人1电话",
    "保证期间届满日", "共同借款人", "累计逾期次数",
)  # fmt: skip
BLANK = dict.fromkeys(COLUMNS, "") | {
    "客户经理": "王敏",
    "支行": "青溪支行",
    "到期日期": "2027-06-30",
    "贷款余额": "50000",
}
ZHANG_ID, LI_ID, WANG_ID = "11010519491231002X", "110101199003077571", "110101198506152395"
ZHANG = {
    **BLANK, "借据号": "0062001", "客户名称": "张三", "证件号码": ZHANG_ID, "联系电话": "13800001111", "职业": "农民",
    "拖欠利息": "300.00", "最早欠息日期": "2026-10-20", "担保方式": "保证", "保证人1": "李四", "保证人1证件号码": LI_ID,
    "保证人1电话": "13900002222",
}  # fmt: skip
"""A farmer 34 days in arrears on 2026-11-23, with a guarantor."""
WANG = {
    **BLANK, "借据号": "0062002", "客户名称": "王五", "证件号码": WANG_ID, "联系电话": "13700003333", "职业": "教师",
    "拖欠利息": "90.00", "最早欠息日期": "2026-11-20",
}  # fmt: skip
"""A teacher 3 days in arrears."""
CONFIG = '[bank]\nname = "清水农村商业银行股份有限公司"\nbranch = "城关支行"\nphone = "0000-5550123"\n'


class Bank:
    """One workspace; each day begins with a ledger, then things are logged, called and sent."""

    def __init__(self, ccm: Callable[..., Result], clock: Callable[[str], None], place: Path) -> None:
        self.ccm, self.clock, self.place = ccm, clock, place
        (place / "ccm.toml").write_text(CONFIG, encoding="utf-8")

    def morning(self, day: str, *rows: dict[str, str]) -> None:
        """Read the ledger of a day of 2026, at 08:30."""
        self.at(f"{day} 08:30")
        lines = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]
        path = self.place / "ledger.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        result = self.ccm("triage", path, "--as-of", f"2026-{day}", "--json")
        assert result.exit_code == 0, result.output

    def at(self, instant: str) -> None:
        """Set the clock: `11-23 09:05`."""
        self.clock(f"2026-{instant}")

    def log(self, loan: str, *words: str) -> None:
        """Log something; a finding does not matter here."""
        result = self.ccm("log", loan, *words)
        assert result.exit_code in {0, 4}, result.output

    def calls(self, *words: str) -> dict[str, Any]:
        """Return the queue."""
        result = self.ccm("calls", "--json", *words)
        assert result.exit_code == 0, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    def call_to(self, party: str, *words: str) -> dict[str, Any]:
        """Return the first call to a party."""
        found: dict[str, Any] = next(one for one in self.calls(*words)["calls"] if one["party"] == party)
        return found

    def reason_for(self, party: str, *words: str) -> str:
        """Return why a party is left out."""
        return next(str(one["reason"]) for one in self.calls(*words)["left_out"] if one["party"] == party)

    def sms(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Send a batch, or look at it with `--dry-run`, and return the answer."""
        result = self.ccm("sms", "--json", *words)
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer
