"""Write the bad templates of tests/findings: the built-in 贷款逾期催收通知书, each with one mistake a person makes.

Run it again after `scripts/templates.py`: `python scripts/bad_templates.py`.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "templates" / "loan_overdue.docx"
TARGET = ROOT / "tests" / "findings"
BODY = "word/document.xml"

MISTAKES = {
    "template-field-unknown": ("{{ 还款账户 }}", "{{ 还款帐户 }}"),
    "template-part-missing": ("本函一式两份，", ""),
    "template-loop": ("{%tr endfor %}", ""),
    "template-tag": ("{{ 限期 }}", "｛｛ 限期 ｝｝"),
    "template-condition": ("{% if 证件 %}（{{ 证件 }}）{% endif %}", "（{{ 证件 }}）"),
    "template-forbidden": ("{{ 催收次数 }}", "{{ 催收次数 * 1000000000 }}"),
    "template-revision": (
        "{{ 前次比较 }}</w:t></w:r>",
        '{{ 前次比较 }}</w:t></w:r><w:ins w:id="1" w:author="某人"><w:r><w:t>请速还款。</w:t></w:r></w:ins>',
    ),
}
"""What stands in the template, and what is written instead."""


def spoiled(before: str, after: str) -> bytes:
    """Return the template with one text replaced."""
    target = BytesIO()
    with zipfile.ZipFile(SOURCE) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == BODY:
                if before.encode() not in content:
                    raise LookupError(before)
                content = content.replace(before.encode(), after.encode(), 1)
            out.writestr(info, content)
    return target.getvalue()


if __name__ == "__main__":
    for name, (before, after) in MISTAKES.items():
        (TARGET / f"{name}.docx").write_bytes(spoiled(before, after))
        print(TARGET / f"{name}.docx")
