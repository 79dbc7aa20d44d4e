"""What the desk lays over itself: the whole time line of a case, and the help."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from ccm.desk.form import ACTIONS

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import ComposeResult
    from textual.binding import BindingType

MOVES = (
    ("↑ ↓ 或 k j", "上一笔、下一笔"),
    ("/", "按姓名或借据号找（打几个字就跳过去）；↑ ↓ 上一个、下一个"),
    ("Enter 或 o", "这笔的全部经过"),
    ("Tab", "换栏：窄屏在清单和案情之间换，宽屏换方向键管哪一栏"),
    ("空格 退格", "案情往下翻、往上翻"),
    ("g", "换人：借款人、共同借款人、担保人"),
    ("m", "显示完整的证件和电话号码；看过会记入登记，换一笔就又遮住"),
    ("x", "更正：给刚记的那条补一条备注。登记只增不改，记错了补记更正"),
    ("? 或 F1", "本帮助"),
    ("q", "退出"),
)
TYPING = (
    ("Enter", "记下，接着下一笔"),
    ("Ctrl+S", "记下，留在这笔（还要再记一条）"),
    ("Esc", "先放下：写了一半的留着（✎），下次按同一个键接着写；清空就不留"),
)


class Laid(ModalScreen[None]):
    """A page laid over the desk; any of its keys takes it away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,enter,o,f1,question_mark,fullwidth_question_mark", "dismiss", "返回"),
        ("j", "scroll(1)", ""),
        ("k", "scroll(-1)", ""),
    ]
    CSS = """
    Laid { align: center middle; background: ansi_default; }
    Laid > VerticalScroll { width: 100%; height: 100%; padding: 0 1; background: ansi_default; }
    Laid > VerticalScroll > #title { text-style: bold; }
    """

    def __init__(self, title: str, page: RenderableType) -> None:
        super().__init__()
        self._title, self._page = title, page

    def compose(self) -> ComposeResult:
        """Lay the page out."""
        with VerticalScroll():
            yield Static(f"{self._title}　（↑↓ 翻看，Esc 返回）", id="title", markup=False)
            yield Static(self._page, id="page")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def help_page() -> RenderableType:
    """Return the keys, in Chinese."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_row(Text("走动", style="bold"), "")
    for keys, words in MOVES:
        table.add_row(keys, words)
    table.add_row(Text("\n登记", style="bold"), "\n数字键不受输入法影响；字母键同样管用")
    for one in ACTIONS:
        table.add_row(" ".join(one.keys), f"{one.title}：{one.asks}")
    table.add_row(Text("\n写的时候", style="bold"), "\n日子可写 明天、周五、+3、月底、12-05；金额可写 5000、3千、1.5万")
    for keys, words in TYPING:
        table.add_row(keys, words)
    return table
