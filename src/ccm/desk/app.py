"""The desk in the terminal: Textual's part, without rules of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, OptionList, Static

from ccm.desk.form import ACTIONS, BY_KIND, Draft, reading
from ccm.desk.round import Round
from ccm.desk.screens import Laid, help_page
from ccm.desk.sheet import draw_case, draw_line, draw_past
from ccm.errors import CcmError

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key
    from textual.strip import Strip

    from ccm.desk.round import Office, Sheet

KEYS = " ".join(f"{one.keys[0]}{one.title}" for one in ACTIONS)
MORE = "Enter经过 /找 Tab换栏 g换人 m号码 x更正 ?帮助 q退出"
TYPING = "Enter记下，下一笔　Ctrl+S记下，留在这笔　Esc先放下"
SEARCH = "↑↓上一个、下一个　Enter选定　Esc不找了"


class Names(OptionList):
    """The list, one line a case; Enter opens the case, a click only chooses it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "app.past", show=False)]

    def render_line(self, y: int) -> Strip:
        """Return a line of the list; the chosen one is reversed, which a style sheet cannot say of an option."""
        strip = super().render_line(y)
        return strip.apply_style(Style(reverse=True)) if self.scroll_offset.y + y == self.highlighted else strip


class Desk(App[None]):
    """A morning's round: the list, the chosen case, and one line to log what happens."""

    TITLE = "ccm desk"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it so
        (0, "-narrow"),
        (100, "-wide"),
    ]
    # Colours are the terminal's own, so that it is legible light and dark; what is chosen is reversed, not coloured.
    CSS = """
    Screen { background: ansi_default; color: ansi_default; }
    * { scrollbar-background: ansi_default; scrollbar-background-hover: ansi_default;
        scrollbar-background-active: ansi_default; scrollbar-color: ansi_bright_black;
        scrollbar-color-hover: ansi_bright_black; scrollbar-color-active: ansi_blue; }
    #head { height: 1; text-style: bold; }
    #panes { height: 1fr; }
    Names, Names:focus { height: 1fr; border: none; padding: 0; background: ansi_default;
                         text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1; }
    Names > .option-list--option { padding: 0; }
    Names > .option-list--option-highlighted, Names:focus > .option-list--option-highlighted {
        color: ansi_default; background: ansi_default; text-style: none; }
    #case { height: 1fr; padding: 0 1; background: ansi_default; scrollbar-size-vertical: 1; }
    .-wide Names { width: 46%; }
    .-wide #case { width: 1fr; border-left: solid ansi_bright_black; }
    .-wide #case:focus { border-left: heavy ansi_blue; }
    .-narrow #case { display: none; }
    .-narrow.turned Names { display: none; }
    .-narrow.turned #case { display: block; }
    #message { height: auto; max-height: 3; }
    #asks { height: auto; max-height: 2; text-style: bold; display: none; }
    #line { display: none; border: none; height: 1; padding: 0; }
    .typing #asks, .typing #line { display: block; }
    #keys { height: auto; max-height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(",".join(one.keys), f"begin('{one.kind}')", one.title) for one in ACTIONS),
        Binding("j", "move(1)", "下一笔"),
        Binding("k", "move(-1)", "上一笔"),
        Binding("slash,ideographic_comma", "search", "找"),
        Binding("down", "match(1)", show=False),
        Binding("up", "match(-1)", show=False),
        Binding("enter,o", "past", "经过"),
        Binding("tab", "turn", "换栏", priority=True),
        Binding("space", "page(1)", "往下翻"),
        Binding("backspace", "page(-1)", "往上翻"),
        Binding("g", "party", "换人"),
        Binding("m", "reveal", "号码"),
        Binding("x", "correct", "更正"),
        Binding("question_mark,fullwidth_question_mark,f1", "help", "帮助"),
        Binding("ctrl+s", "log_here", "记下，留在这笔"),
        Binding("escape", "put_away", "先放下"),
        Binding("q,ctrl+q", "quit", "退出"),
    ]

    def __init__(self, office: Office) -> None:
        # From the start: NO_COLOR is judged by it while the window is made.
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.office = office
        self.state, self.open = Round(tuple(office.lines()), drafts=tuple(office.drafts())).resumed()
        self.searched: Round | None = None
        self.shown: Sheet | None = None
        self.bare = False
        self.last: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        """Lay out head, panes, message, line and keys."""
        yield Static(id="head", markup=False)
        with Horizontal(id="panes"):
            yield Names(*(self._prompt(place) for place in range(len(self.state.lines))), markup=False)
            with VerticalScroll(id="case"):
                yield Static(id="sheet")
        yield Static(id="message", markup=False)
        yield Static(id="asks", markup=False)
        yield Input(id="line", compact=True, select_on_focus=False)
        yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin where it was left: a half-typed line is offered again."""
        names = self.query_one(Names)
        names.focus()
        names.highlighted = self.state.at if self.state.lines else None
        self._show()
        if self.open:
            begun = self.open.on
            day = f"（{begun}写的，日子按{self.office.on}算）" if begun != str(self.office.on) else ""
            self._type(self.open)
            self._tell(f"上次写了一半，已放回{day}：回车记下，Esc先放下")
        elif not self.state.lines:
            self._tell("今天没有要催的。")

    # ── moving ──

    def on_option_list_option_highlighted(self) -> None:
        """Follow the list, whoever moved it."""
        place = self.query_one(Names).highlighted
        if place is not None and place != self.state.at:
            if self.open:
                self.action_put_away()
            self.state = self.state.choose(place)
            self._show()

    def action_move(self, step: int) -> None:
        """Go to the case above or below, in whichever pane."""
        self._go(self.state.choose(self.state.at + step))

    def action_search(self) -> None:
        """Ask for a name or number."""
        self.searched = self.state
        self._ask("找：姓名或借据号的一部分", "", SEARCH)

    def action_match(self, step: int) -> None:
        """Go to the next or last line that fits what is looked for."""
        found = self.state.find(self.query_one(Input).value, step) if self.searched else None
        if found:
            self._go(found)

    def action_turn(self) -> None:
        """Show the other pane, or where both are seen let the arrows move the other."""
        if len(self.screen_stack) > 1:
            return
        turned = not self.screen.has_class("turned")
        self.screen.set_class(turned, "turned")
        if not self.screen.has_class("typing"):
            self.query_one("#case" if turned else "Names").focus()

    def action_page(self, step: int) -> None:
        """Turn the case's pages."""
        case = self.query_one("#case", VerticalScroll)
        case.scroll_relative(y=step * max(1, case.size.height - 2), animate=False)

    def action_party(self) -> None:
        """Speak to the next party."""
        if self.shown:
            self.state = self.state.turned(len(self.shown.dossier.parties))
            self._draw()
            self._tell(f"对：{self._party_words()}")

    def action_reveal(self) -> None:
        """Show the whole numbers of this case, which is journalled, or mask them again."""
        line = self.state.chosen
        if not line:
            return
        if not self.bare:
            try:
                self.office.revealed(line.loan_no)
            except CcmError as error:
                self._refuse(error)
                return
            self._tell("已显示完整号码，并记入登记；再按 m 遮住")
        self.bare = not self.bare
        self._draw()

    def action_past(self) -> None:
        """Lay the whole time line over the desk."""
        if self.shown:
            dossier = self.shown.dossier
            self.push_screen(Laid(f"{dossier.borrower} {dossier.loan_no} 全部经过", draw_past(dossier)))

    def action_help(self) -> None:
        """Lay the help over the desk."""
        self.push_screen(Laid("ccm desk 帮助", help_page()))

    def action_help_quit(self) -> None:
        """Say how to leave, where Ctrl+C is pressed."""
        self._tell("退出按 q（正在写时先按 Esc），写了一半的会留着")

    def on_key(self, event: Key) -> None:
        """Say why a Chinese character does nothing here."""
        if event.character and ord(event.character) > 0x2E80 and not self.screen.has_class("typing"):
            self._tell("输入法开着：登记按数字键 0–9，找人按 /")

    # ── logging ──

    def action_begin(self, kind: str) -> None:
        """Open the line for something to be logged, as it was left."""
        if self.shown and self.state.chosen:
            party = self.shown.dossier.parties[self.state.to]
            self._type(self.state.begun(kind, party, self.office.on))

    def action_correct(self) -> None:
        """Open a note that corrects what was logged last: an entry itself stays."""
        if not self.last:
            self._tell("这次还没有记过什么；更正以前的，到那一笔按5写备注")
            return
        loan_no, words = self.last
        places = [place for place, line in enumerate(self.state.lines) if line.loan_no == loan_no]
        self._go(self.state.choose(places[0]))
        self.action_begin("note")
        if self.open and not self.open.text:
            self._type(replace(self.open, text=f"更正“{words}”："))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed, and say how it is understood; or look for it."""
        if self.searched:
            found = self.searched.find(event.value)
            self._go(found or self.searched)
            self._tell("" if found or not event.value.strip() else "没有这样的姓名或借据号")
        elif self.open:
            self.open = replace(self.open, text=event.value)
            self._keep(self.state.kept(self.open))
            self._tell(reading(self.open, self.office.on)[0] if event.value.strip() else "")

    def on_input_submitted(self) -> None:
        """Log the line and go on; or stay where the search led."""
        if self.searched:
            self._close()
        else:
            self._write(stay=False)

    def action_log_here(self) -> None:
        """Log the line and stay with the case."""
        self._write(stay=True)

    def action_put_away(self) -> None:
        """Close the line; what is typed stays. A search goes back to where it began."""
        if self.searched:
            self._go(self.searched)
        self._close()
        self._tell("")

    def _write(self, *, stay: bool) -> None:
        draft = self.open
        if draft is None:
            return
        words, ready = reading(draft, self.office.on)
        if not ready:
            self._tell(f"还没记：{words}", style="bold red")
            return
        try:
            written = self.office.write(draft)
        except CcmError as error:
            self._refuse(error)
            return
        self.last = (draft.loan_no, written.words)
        self._keep(self.state.dropped(draft).logged(written.line))
        self._close()
        self.shown = None
        self._go(self.state if stay else self.state.after())
        said = f"已记 {written.line.borrower} {written.words}"
        self._tell(
            "\n".join((said, *(f"提醒：{one}" for one in written.warnings))), "magenta" if written.warnings else "green"
        )

    def _type(self, draft: Draft) -> None:
        self.open = draft
        line = next(line for line in self.state.lines if line.loan_no == draft.loan_no)
        action = BY_KIND[draft.kind]
        to = "" if draft.role == "borrower" else f"，对{draft.party}"
        self._ask(f"{action.title}　{line.borrower}{to}　{action.asks}", draft.text, TYPING)
        if draft.text:
            self._tell(reading(draft, self.office.on)[0])

    def _ask(self, asks: str, text: str, keys: str) -> None:
        self.query_one("#asks", Static).update(asks)
        self.query_one("#keys", Static).update(keys)
        self.query_one("#message", Static).update("")
        self.screen.add_class("typing")
        line = self.query_one(Input)
        with line.prevent(Input.Changed):
            line.value = text
        line.cursor_position = len(text)
        line.focus()

    def _close(self) -> None:
        self.open, self.searched = None, None
        self.screen.remove_class("typing")
        self.query_one("#keys", Static).update(f"{KEYS}\n{MORE}")
        self.query_one("#case" if self.screen.has_class("turned") else "Names").focus()

    def _keep(self, state: Round) -> None:
        """Keep the drafts on disk, and draw the marks of the lines anew."""
        at, self.state = self.state.at, state
        self.office.keep(state.drafts)
        if state.lines:
            self.query_one(Names).replace_option_prompt_at_index(at, self._prompt(at))

    # ── drawing ──

    def _go(self, state: Round) -> None:
        self.state = state
        if state.lines:
            self.query_one(Names).highlighted = state.at
        self._show()

    def _show(self) -> None:
        """Fetch the chosen case where another is shown, and draw it."""
        line = self.state.chosen
        if line and (self.shown is None or self.shown.dossier.loan_no != line.loan_no):
            self.bare = False
            try:
                self.shown = self.office.sheet(line.loan_no)
            except CcmError as error:
                self._refuse(error)
            self.query_one("#case", VerticalScroll).scroll_home(animate=False)
        self._draw()

    def _draw(self) -> None:
        state = self.state
        count = f"第{state.at + 1}/{len(state.lines)}笔　已记{state.told}" if state.lines else "没有"
        self.query_one("#head", Static).update(f"{self.office.title}　{count}")
        if self.shown:
            self.query_one("#sheet", Static).update(draw_case(self.shown, state.to, reveal=self.bare))
        if not self.screen.has_class("typing"):
            self.query_one("#keys", Static).update(f"{KEYS}\n{MORE}")

    def _prompt(self, place: int) -> Text:
        line = self.state.lines[place]
        return draw_line(line, half_typed=self.state.half_typed(line.loan_no))

    def _party_words(self) -> str:
        from ccm.dossier import party_words

        return party_words(self.shown.dossier, self.shown.dossier.parties[self.state.to]) if self.shown else ""

    def _tell(self, words: str, style: str = "") -> None:
        self.query_one("#message", Static).update(Text(words, style=style))

    def _refuse(self, error: CcmError) -> None:
        self._tell(f"没记上：{error.message}；{error.hint}", style="bold red")
