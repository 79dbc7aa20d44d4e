"""`ccm template …`: check what a person edited in Word, and see a letter before it is real."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.app import app, console, print_json, workspace
from ccm.cli.chinese import ChineseCommand, ChineseGroup
from ccm.errors import CcmError

if TYPE_CHECKING:
    from ccm.errors import Finding

template = typer.Typer(
    cls=ChineseGroup, rich_markup_mode=None, no_args_is_help=True, help="信函模板：检查、预览\n\n例：ccm template check"
)
app.add_typer(template, name="template")


@template.command("check", cls=ChineseCommand)
def check(
    file: Annotated[Path | None, typer.Argument(help="模板文件；不写则查工作目录里的全部", metavar="文件")] = None,
    kind: Annotated[str | None, typer.Option(help="这是哪一种函；文件名看得出时不用写", metavar="种类")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """检查在 Word 里改过的模板：不认识的字段、缺少的必备内容、坏掉的循环、被拆开的标签。

    例：ccm template check templates/loan_overdue.docx
    """
    from ccm.letters.check import check_template
    from ccm.letters.sample import extremes
    from ccm.suit.application import KIND

    found = []
    targets = [file] if file else every()
    for path in targets:
        if path.stem == KIND and path.exists() and not kind:
            found += check_application(path)
            continue
        which = kind_for(path, kind)
        if not path.exists():
            raise CcmError("template-missing", where=str(path), kind=which)
        found += check_template(path.read_bytes(), which, path.name, *extremes(which))
    if as_json:
        from ccm.wire.triage import finding_json

        answer = {"checked": [str(path) for path in targets], "findings": [finding_json(one) for one in found]}
        print_json(answer)
    elif found:
        from ccm.screen.letters import show_each

        show_each(console(), found)
    else:
        console().print(f"{len(targets)}份模板都可用：{'、'.join(path.name for path in targets)}")
    raise typer.Exit(4 if found else 0)


def check_application(path: Path) -> list[Finding]:
    """Try the application for deferral with made-up data; it has no parts that the law wants.

    Raises:
        CcmError: `template-broken`.
    """
    from difflib import get_close_matches

    from ccm.errors import finding
    from ccm.letters.template import MissingValueError, compile_template, render
    from ccm.suit.application import FIELDS, KIND, sample

    try:
        render(compile_template(path.read_bytes(), KIND, path.name), sample())
    except MissingValueError as error:
        near = get_close_matches(error.name, FIELDS, 1, 0.4)
        hint = f"是不是 {near[0]}？" if near else "可用的字段见 templates/README.md"
        return [finding("template-field-unknown", file=path.name, value=error.name, name=error.name, near=hint)]
    return []


def every() -> list[Path]:
    """Return the workspace's own templates, else the built-in ones."""
    from ccm.workspace import templates

    own = sorted((workspace().root / "templates").glob("*.docx"))
    own = [path for path in own if not path.name.startswith("~$")]
    if own:
        return own
    with templates() as built_in:
        return sorted(built_in.glob("*.docx"))


def kind_for(path: Path, asked: str | None) -> str:
    """Return the kind of letter a template is for: as asked, else as its name tells.

    Raises:
        CcmError: `kind-unknown`.
    """
    from ccm.letters.check import kind_of
    from ccm.model import LETTER_TITLES

    found = asked or kind_of(path.name)
    if found not in LETTER_TITLES:
        raise CcmError("kind-unknown", where=str(path), kind=found or path.stem, kinds="、".join(LETTER_TITLES))
    return found


@template.command("preview", cls=ChineseCommand)
def preview(
    kind: Annotated[str, typer.Argument(help="哪一种函，如 loan_overdue", metavar="种类")],
    out: Annotated[Path | None, typer.Option(help="写到这个文件", metavar="文件.docx")] = None,
) -> None:
    """用虚构的数据把一种函填出来看；不编号、不登记。

    例：ccm template preview acceleration
    """
    from ccm.letters.sample import sample
    from ccm.letters.template import MissingValueError, load, render
    from ccm.safe import put_bytes
    from ccm.workspace import template_path, templates

    which = kind_for(Path(f"{kind}.docx"), None)
    with templates() as built_in:
        compiled = load(template_path(workspace().root, f"{which}.docx") or built_in / f"{which}.docx", which)
    target = out or Path(f"预览-{which}.docx")
    try:
        put_bytes(target, render(compiled, sample(which)))
    except MissingValueError as error:
        raise CcmError("template-broken", where=f"{which}.docx", reason=str(error)) from error
    console().print(f"已写到 {target}，请用 Word 或 WPS 打开看")
