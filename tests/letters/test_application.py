"""The written application for deferral, word for word (C9)."""

from __future__ import annotations

import json
import os
import runpy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from documents import text_of, word_file

from ccm.cases import cases
from ccm.classify import classify
from ccm.letters.template import load, render
from ccm.model import Figures, Step
from ccm.suit.application import FIELDS, KIND, Application, fields, sample
from ccm.suit.notes import Plea
from conftest import AS_OF, book, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

    from ccm.policy import Policy

BUILT_IN = Path(__file__).parents[2] / "templates" / f"{KIND}.docx"
GOLDEN = Path(__file__).parent / "golden" / "deferral.txt"


def test_the_application_says_word_for_word_what_was_approved(policy: Policy) -> None:
    """After a change of wording run `CCM_UPDATE_GOLDEN=1 pytest tests/letters`, then read what has changed."""
    loans = book({"loan_no": "0062001", "balance_cents": 5_000_000, "overdue_principal_cents": 5_000_000,
                  "overdue_interest_cents": 123_450, "due_on": date(2026, 8, 20)})  # fmt: skip
    [case] = cases(classify(loans, policy, AS_OF), people(("0062001", "guarantor", "李四")), AS_OF)
    rights = (("保证期间", "担保人李四", date(2027, 2, 20), "发函请求承担，送达保证人本人"),)
    one = Application(
        "ZH20261123-1", AS_OF, "王敏", "清水农村商业银行", "清水农村商业银行城关支行", case, None,
        Figures(date(2026, 11, 20), 5_000_000, 5_000_000, 123_450), 5, rights,
    )  # fmt: skip
    plea = Plea("拆迁款 <一月> 到账 & 已公示", date(2027, 1, 31),
                (Step(date(2026, 12, 20), 500_000), Step(date(2027, 1, 20), 4_623_450)))  # fmt: skip

    said = text_of(render(load(BUILT_IN, KIND), fields(one, plea)))
    if os.environ.get("CCM_UPDATE_GOLDEN"):
        GOLDEN.write_text(said, encoding="utf-8")

    assert said == GOLDEN.read_text(encoding="utf-8")


def test_the_template_is_what_the_script_writes_and_prints_every_field() -> None:
    script = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "templates.py"))
    shown = text_of(render(load(BUILT_IN, KIND), sample()))

    assert BUILT_IN.read_bytes() == script["packed"](script["application"]())
    lists = {"债务人", "方案", "期间", "样张"}
    assert [name for name, (_, example) in FIELDS.items() if name not in lists and example not in shown] == []


def test_a_field_that_the_application_does_not_know_is_told(ccm: Callable[..., Result], tmp_path: Path) -> None:
    own = tmp_path / "templates" / f"{KIND}.docx"
    own.parent.mkdir()
    own.write_bytes(word_file("{{ 借款人 }}申请暂缓到{{ 暂缓到 }}"))

    found = json.loads(ccm("template", "check", "--json").stdout)["findings"]

    assert [(one["code"], one["value"]) for one in found] == [("template-field-unknown", "暂缓到")]
    assert "是不是 暂缓至" in found[0]["message"]
