"""What a template may do: print fields, ask whether one is there, go through the loan notes. Nothing else.

Templates come from people and are copied between computers, so they are held to a small language before they run: no
calls, no arithmetic, no loop in a loop, no files. What is left is bounded by the size of the template and the number of
loan notes; there is nothing that could run for ever or fill the memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment

ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test,
    nodes.For, nodes.Filter, nodes.Concat,
)  # fmt: skip
DEEPEST = 30
"""How deep conditions may stand in each other; compiling takes the third power of it."""
TOO_DEEP = "标签套得太深"
FILTERS = frozenset({"default", "d", "trim", "upper", "lower", "length", "count"})
TESTS = frozenset({"defined", "undefined"})
NAMES: dict[type[nodes.Node], str] = {
    nodes.Call: "调用函数",
    nodes.Include: "引入别的文件",
    nodes.Import: "引入别的文件",
    nodes.FromImport: "引入别的文件",
    nodes.Extends: "引入别的文件",
    nodes.Macro: "定义宏",
    nodes.CallBlock: "定义宏",
    nodes.Assign: "设置变量",
    nodes.AssignBlock: "设置变量",
    nodes.BinExpr: "计算",
    nodes.UnaryExpr: "计算",
    nodes.Getitem: "按位置取值",
    nodes.Literal: "写列表",
    nodes.ScopedEvalContextModifier: "关掉转义",
    nodes.FilterBlock: "过滤整段",
    nodes.Block: "定义块",
    nodes.With: "设置变量",
}


class Missing(StrictUndefined):
    """A field without a value: it may be asked for (`{% if 证件 %}`), but never printed."""

    __slots__ = ()
    __bool__ = Undefined.__bool__  # type: ignore[assignment]


class ForbiddenError(TemplateError):
    """A template does what a letter has no need of; the message says what, in Chinese."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, quick at the one thing that templates ask of a value: a loan note's field."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as in Jinja2
        """Return a field of a loan note; what is none is Jinja2's to answer."""
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)


def environment(printed: Callable[[object], object] = escape) -> Sandbox:
    """Return the sandbox of templates: nothing missing is printed, and each value as `printed` gives it: escaped."""
    # Jinja2's own escaping would look at each value once more; that was a third of a letter's time.
    sandbox = Sandbox(autoescape=False, undefined=Missing, finalize=printed)
    sandbox.globals.clear()
    return sandbox


def parsed(sandbox: Environment, source: str) -> nodes.Template:
    """Return a parsed template that keeps to the small language.

    Raises:
        ForbiddenError: It does not.
        TemplateSyntaxError: A tag is not well written.
    """
    try:
        tree = sandbox.parse(source)
    except RecursionError as error:
        raise ForbiddenError(TOO_DEEP) from error
    for reason in _trespasses(tree, 0):
        raise ForbiddenError(reason)
    return tree


def _trespasses(node: nodes.Node, depth: int) -> Iterator[str]:
    for child in node.iter_child_nodes():
        if depth > DEEPEST:
            yield TOO_DEEP
        elif isinstance(child, ALLOWED):
            yield from _misuse(child)
            yield from _trespasses(child, depth + 1)
        else:
            name = next((name for kind, name in NAMES.items() if isinstance(child, kind)), type(child).__name__)
            yield f"模板里不能{name}"


def _misuse(node: Any) -> Iterator[str]:  # noqa: ANN401 - any node of Jinja2's
    """Allowed kinds of node, used in a way that is not."""
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield f"模板里不能用过滤器“{node.name}”"
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        yield f"模板里不能用判断“is {node.name}”"
    if isinstance(node, nodes.Getattr) and (node.attr.startswith("_") or not isinstance(node.node, nodes.Name)):
        yield f"模板里不能取“{node.attr}”"
    if isinstance(node, nodes.For) and (node.recursive or not isinstance(node.iter, nodes.Name)):
        yield "模板里的循环只能写“for 借 in 借据”"
    if isinstance(node, nodes.For) and node.find(nodes.For):
        yield "模板里的循环里不能再有循环"
    if isinstance(node, nodes.Name) and node.name in {"self", "super", "caller"}:
        yield f"模板里不能用“{node.name}”"
