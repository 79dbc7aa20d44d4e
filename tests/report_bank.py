"""A bank of few loans played through by day, for the tests of the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

HEAD = (
    "借据号,客户名称,证件号码,联系电话,联系地址,支行,客户经理,发放日期,到期日期,贷款余额,拖欠本金,拖欠利息,最早欠息日期,"
    "保证人1,保证方式\n"
)
LINE = (
    "{no},{name},{id_no},13800001234,清水县柳溪镇石桥村1组1号,{branch},{manager},2025-03-01,{due},{balance},0,{interest},{since},"
    "{guarantor},{kind}\n"
)
PLAIN = {
    "id_no": "430000197001010019", "branch": "柳溪支行", "manager": "何志远", "due": "2028-06-30", "balance": 50000,
    "interest": 0, "since": "", "guarantor": "", "kind": "",
}  # fmt: skip


class Bank:
    """One workspace; a loan is named by its number's last digit."""

    def __init__(self, ccm: Callable[..., Result], clock: Callable[[str], None], place: Path) -> None:
        self.ccm, self.clock, self.place = ccm, clock, place
        place.mkdir(exist_ok=True)

    def run(self, *words: object, code: int = 0) -> Result:
        """Run a command in this workspace."""
        result = self.ccm("--workspace", self.place, *words)
        assert result.exit_code == code, result.output
        return result

    def morning(self, day: str, *loans: dict[str, Any]) -> None:
        """Read the day's ledger."""
        self.clock(f"2026-{day} 09:00")
        lines = [
            LINE.format(**{**PLAIN, "no": f"006200{nth}", "name": f"客户{nth}", **loan})
            for nth, loan in enumerate(loans, 1)
        ]
        path = self.place / f"ledger-{day}.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        self.run("triage", path)

    def report(self, *words: object) -> dict[str, Any]:
        """Return the report's tables by key, each line's cells by column."""
        answer = json.loads(self.run("report", "--json", *words).stdout)
        tables = [table for section in answer["sections"] for table in section["tables"]] + answer["questions"]
        return {
            table["key"]: {
                line["label"]: dict(zip(table["columns"], line["cells"], strict=True))
                for line in [*table["lines"], *([table["total"]] if table["total"] else [])]
            }
            for table in tables
        }
