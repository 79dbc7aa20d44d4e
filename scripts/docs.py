"""Write the pages that repeat what the code knows: commands, rules, policy, findings, templates, rights and others."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from ccm.cli.app import COMMANDS, Root, app
from ccm.errors import catalogue
from ccm.letters.fields import FIELDS, MANDATORY
from ccm.model import LETTER_TITLES
from ccm.policy import load
from ccm.sms.texts import FIELDS as SMS_FIELDS
from ccm.sms.texts import KIND_TITLES, OF_KIND
from ccm.statutes import named
from ccm.suit import checklist, court
from ccm.suit.application import FIELDS as SUIT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).parents[1]
KINDS = {("finding", "error"): "错误", ("finding", "warning"): "提醒", ("stop", "error"): "停止"}


def findings_page() -> str:
    """Return one row per code."""
    rows = "".join(
        f"| `{code}` | {KINDS[one.kind, one.severity]} | {one.title} | {one.hint} |\n"
        for code, one in catalogue().items()
    )
    return f"""# 问题与错误一览

由 `src/ccm/data/trouble.toml` 生成；每个代码在 `tests/findings/` 里有一个最小的例子。
错误（error）拒收该行，提醒（warning）不拒收；停止（stop）中断命令，退出码 3。

| 代码 | 类别 | 名称 | 怎么办 |
|---|---|---|---|
{rows}"""


def templates_page() -> str:
    """Return what a person who edits a template must know: kinds, fields, parts that must stay."""
    kinds = "".join(
        f"| `{kind}.docx` | {title} | {'、'.join(sorted(MANDATORY[kind]))} |\n" for kind, title in LETTER_TITLES.items()
    )
    fields = "".join(
        f"| {'`{{ ' + name + ' }}`'} | {meaning} | {example} |\n" for name, (meaning, example) in FIELDS.items()
    )
    suit_fields = "".join(
        f"| {'`{{ ' + name + ' }}`'} | {meaning} | {example} |\n" for name, (meaning, example) in SUIT_FIELDS.items()
    )
    sms_kinds = "".join(
        f"| `[{kind}]` | {title} | {'、'.join(OF_KIND[kind])} |\n" for kind, title in KIND_TITLES.items()
    )
    sms_fields = "".join(
        f"| {'`{' + name + '}`'} | {meaning} | {example} |\n" for name, (meaning, example) in SMS_FIELDS.items()
    )
    return f"""# 信函和短信的模板

这里的 .docx 是信函模板，一种函一个文件，可以用 Word 或 WPS 修改。
`ccm init` 会把它们复制到工作目录的 `templates/`，请修改复制出来的那一份；改完用 `ccm template check` 检查，用 `ccm template preview` 看样子。

字段写成 `{{{{ 函号 }}}}`，签发时换成实际内容。
一个字段请一次输完，不要中途改格式，否则 Word 会把它拆开。
条件写成 `{{% if 证件 %}}……{{% endif %}}`；整段的条件独占一行写成 `{{%p if 前次比较 %}}`；表格按行循环，用单独一行写 `{{%tr for 借 in 借据 %}}`，最后一行写 `{{%tr endfor %}}`。
没有内容的字段不能直接印出来，签发时会报错，所以可有可无的内容要放在条件里。
模板里只能写字段、条件和一层“for 借 in 借据”循环；不能计算、调用函数、引入别的文件，也不能用脚注和嵌入的对象。
加图片、换字体、改句子、用 Word 的自动编号都可以；改完请接受全部修订、删除批注，否则修改人的姓名会随函发出去。

页面依照 GB/T 9704：A4，上37、左28、右26、下35毫米，三号仿宋，每行29磅，标题二号小标宋，页脚“第×页　共×页”。
电脑上没有方正小标宋、仿宋时，Word 依次换用文件里写明的宋体、仿宋_GB2312 等字体。

每份模板还必须有：“一式两份”的说明、提出“异议”的办法、“盖章”的位置、“回执”一页，回执上的“签收日期”留空由签收人亲笔填写。

## 模板

| 文件 | 函件 | 必须用到的字段 |
|---|---|---|
{kinds}
## 字段

| 写法 | 意思 | 例子 |
|---|---|---|
{fields}
## 暂缓起诉申请

`deferral.docx` 由 `ccm suit defer` 填写（手册C9），也可以在 Word 里改；没有“一式两份”和回执。
三个列表各按行循环：`{{%tr for 人 in 债务人 %}}`、`{{%tr for 期 in 方案 %}}`、`{{%tr for 权 in 期间 %}}`。

| 写法 | 意思 | 例子 |
|---|---|---|
{suit_fields}
## 短信

短信的文字在 `sms.toml`，用记事本一类的纯文本编辑器改，改完用 `ccm sms --dry-run` 看。
`debtor` 写给借款人、共同借款人，`guarantor` 写给担保人；每条都要有 `{{行名}}` 和 `{{回电}}`，写给担保人的还要请求“承担保证责任”。
字段没有内容时，那一条不发，并说明缺什么。

| 情形 | 什么时候 | 可用的字段 |
|---|---|---|
{sms_kinds}
写给担保人的还可以用 `{{借款人}}`。

| 写法 | 意思 | 例子 |
|---|---|---|
{sms_fields}"""


def rights_page() -> str:
    """Return the rules of rights that run out, with their sources, and what the legal department must confirm."""
    data = tomllib.loads(named((ROOT / "src" / "ccm" / "data" / "rights.toml").read_text("utf-8")))
    papers = {row["key"]: row["title"] for row in data["paper"]}

    def table(name: str, *columns: tuple[str, Callable[[dict[str, Any]], str]]) -> str:
        head = "|".join(["", *(title for title, _ in columns), "出处", ""])
        rows = "".join(
            "|".join(
                [
                    "",
                    *(cell(row) for _, cell in columns),
                    row["source"],
                    " 需法务确认" if row.get("confirm") else "",
                    "",
                ]
            )
            + "\n"
            for row in data[name]
        )
        return f"{head}确认|\n{'|---' * (len(columns) + 2)}|\n{rows}"

    def length(row: dict[str, Any]) -> str:
        return f"{row['years']}年" if "years" in row else f"{row['months']}个月"

    key = ("代码", lambda row: f"`{row.get('key') or row.get('code')}`")
    title = ("名称", lambda row: row["title"])
    return f"""# 权利的期间

由 `src/ccm/data/rights.toml` 生成。
标“需法务确认”的，是法条没有写明、依实务或本行习惯定的，法务可以在该文件里改。

## 期间

{table("period", key, ("长度", length))}
## 提醒

届满前多少天提醒，按未顺延的届满日倒数。

{table("right", key, title, ("提前天数", lambda row: "、".join(map(str, row["alarm_days"]))))}
## 事件和证据

归档了这些材料，事件才算证明了。

{table("event", key, title, ("材料", lambda row: "、".join(papers[one] for one in row["papers"])))}
## 送达证据的等级

{table("grade", key, title, ("作用", lambda row: RESTARTS[row["restarts"]]))}
## 有疑问时的读法

两种读法都列出，按届满早的提醒；各种读法都届满才算丧失。

{table("reading", key, ("内容", lambda row: row["says"]))}"""


def suit_page() -> str:
    """Return the stages of a case with the periods that follow, and the papers of a suit, each with its source."""
    stages = "".join(
        f"| {one.title} | {_period(one)} | {one.act or '—'}{f'；{one.heed}' if one.heed else ''} | {one.source} |"
        f"{' 需法务确认' if one.confirm else ''} |\n"
        for one in court.stages()
    )
    papers = "".join(
        f"| {one.group} | {one.title} | {'必备' if one.need == 'must' else '如有'}{WHEN.get(one.when, '')} | "
        f"{'、'.join(f'`{item}`' for item in one.items) or '—'} | {one.source} |"
        f"{' 需法务确认' if one.confirm else ''} |\n"
        for one in checklist.rules()
    )
    return f"""# 起诉

由 `src/ccm/data/suit.toml` 生成。
标“需法务确认”的，是凭记忆或依实务写的，核对原文后再依靠。

## 诉讼的阶段和随之而来的期间

用 `ccm suit stage` 登记；期间按未顺延的日子算。

| 阶段 | 期间 | 要做什么 | 出处 | 确认 |
|---|---|---|---|---|
{stages}
## 起诉材料清单

用 `ccm suit prepare` 对照；材料名用于 `ccm archive add 借据号 材料名 文件`。

| 类 | 材料 | 要求 | 材料名 | 出处 | 确认 |
|---|---|---|---|---|---|
{papers}"""


def _period(one: court.Stage) -> str:
    if one.days:
        return f"{one.days}天"
    if one.months:
        return f"{one.months}个月"
    return "[申请执行期间](rights.md)" if one.period else "—"


WHEN = {
    "guarantor": "（有保证人）",
    "company_guarantor": "（企业作保证人）",
    "mortgage": "（有抵质押）",
    "accelerated": "（发过提前到期通知）",
}


def commands_page() -> str:
    """Return the help of every command, as a terminal of 100 columns shows it."""
    root = Root(name="ccm")
    parts = []
    for name in COMMANDS:
        command: Any = root.get_command(None, name)
        parts.append(_help(name))
        parts += [_help(name, *between(name), sub) for sub in getattr(command, "commands", {})]
    return f"""# 命令一览

由各命令的 `--help` 生成。
退出码：0 办好了 · 2 用法不对 · 3 停下了 · 4 办好了，但有问题要看 · 130 中断。
全局选项 `--workspace 目录` 写在命令前面。

{"".join(parts)}"""


def architecture_page() -> str:
    """Return every room of the code with what it is and which rooms it may know, in the order of the layers."""
    below: dict[str, set[str]] = runpy.run_path(str(ROOT / "tests" / "test_layers.py"))["BELOW"]
    rows = "".join(
        f"| `{room}` | {_first_line(room)} | {' '.join(f'`{one}`' for one in sorted(below[room])) or '—'} |\n"
        for room in sorted(below, key=lambda one: (_depth(one, below), one))
    )
    return f"""# Architecture

Made from the code: the first line of each module, and the table of `tests/test_layers.py` that holds its imports.

The program is one sentence: ledger → stage → duties − what the journal says was done = what is to do today.
`src/ccm/__init__.py` tells the journey of a row; `design` decisions are in [DECISIONS.md](../DECISIONS.md).

- Values travel between rooms through `cli`; rooms of one height do not know each other.
- The book is a frame, a case is a record; `as_of` is an argument, and only `cli` reads the clock or the environment.
- Rules are data in `src/ccm/data/`, each with its source beside it.
- `cli` calls, `screen` shows, `wire` answers in JSON; none of the three has rules of its own.

The lowest rooms first; a room may know those it names and nothing else of `ccm`.

| room | what it is | knows |
|---|---|---|
{rows}"""


def _first_line(room: str) -> str:
    path = ROOT / "src" / "ccm" / room
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0].replace("|", "\\|")


def _depth(room: str, below: dict[str, set[str]]) -> int:
    return 1 + max((_depth(one, below) for one in below[room]), default=0)


def handbook_page() -> str:
    """Return each rule of the handbook with the duties of the policy, the modules and the tests that name it."""
    rules = tomllib.loads((ROOT / "scripts" / "handbook.toml").read_text("utf-8"))["rule"]
    code, tests = _citing(ROOT / "src" / "ccm", "*.py", "*.toml"), _citing(ROOT / "tests", "*.py")
    duties: dict[str, list[str]] = {}
    for duty in load().duties:
        duties.setdefault(duty.rule, []).append(duty.id)

    def listed(names: Iterable[str]) -> str:
        return "、".join(f"`{one}`" for one in names)

    rows = "".join(
        f"| {key} | {row['title']} | {listed(row['commands'])} | {listed(duties.get(key, ()))} "
        f"| {listed(sorted(code[key]))} | {listed(sorted(tests[key]))} |\n"
        for key, row in rules.items()
    )
    return f"""# 手册条款与实现对照

由 `scripts/handbook.toml`、政策文件、代码和测试中写明的条款编号生成；每一条都要有代码和测试，测试管着这张表。

| 条款 | 内容 | 命令 | 政策里的应办事项 | 代码 | 测试 |
|---|---|---|---|---|---|
{rows}"""


def policy_page() -> str:
    """Return each table and key of a policy file; `scripts/policy_page.py` knows how."""
    page: str = runpy.run_path(str(ROOT / "scripts" / "policy_page.py"))["policy_page"]()
    return page


def _citing(folder: Path, *patterns: str) -> dict[str, set[str]]:
    """Return by id the files that name it, also within a span such as V1–V5."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(path for pattern in patterns for path in folder.rglob(pattern)):
        if "ledger" in path.relative_to(folder).parts:
            continue  # its C2 and L1 are cells
        for letter, first, last in re.findall(RULE_ID, path.read_text("utf-8")):
            for number in range(int(first), int(last or first) + 1):
                found[f"{letter}{number}"].add(path.relative_to(folder).as_posix())
    return found


RULE_ID = r"(?<![A-Za-z0-9])([TWCMPLV])(\d{1,2})(?:–[TWCMPLV]?(\d{1,2}))?(?![A-Za-z0-9])"


def between(name: str) -> tuple[str, ...]:
    """Return what stands between a group and its command: `ccm log` wants a loan number."""
    return ("0062",) if name == "log" else ()


def _help(*words: str) -> str:
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    title = " ".join(word for word in words if not word.isdigit())
    text = "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())
    return f"## ccm {title}\n\n```\n{text}\n```\n\n"


RESTARTS = {
    "always": "重新计算",
    "clause": "有送达地址条款才重新计算",
    "arrival": "到达之后才算",
    "never": "不算",
}
PAGES = {
    ROOT / "docs" / "findings.md": findings_page,
    ROOT / "templates" / "README.md": templates_page,
    ROOT / "docs" / "rights.md": rights_page,
    ROOT / "docs" / "suit.md": suit_page,
    ROOT / "docs" / "commands.md": commands_page,
    ROOT / "docs" / "architecture.md": architecture_page,
    ROOT / "docs" / "handbook.md": handbook_page,
    ROOT / "docs" / "policy.md": policy_page,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")
        print(path)
