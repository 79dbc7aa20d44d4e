"""A batch of messages as the terminal shows it: the texts with their length, and who gets none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from ccm.masking import mask_phone
from ccm.model import ROLE_TITLES
from ccm.sms.texts import KIND_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from ccm.sms.plan import Message, Withheld

SHOWN = 20
"""How many messages a batch lists that was written; the rest is in its file."""
NAMED = 4
"""How many are named of those withheld for one reason; all are in the JSON."""


def show_batch(
    console: Console, messages: Sequence[Message], withheld: Sequence[Withheld], *, whole: bool, reveal: bool
) -> None:
    """Print the messages with their texts, and those withheld by reason; `whole` lists all of them."""
    count, billed = len(messages), sum(message.parts for message in messages)
    console.print(Text(f"短信{count}条，按网关计费{billed}条" if count else "没有要发的短信", style="bold"))
    shown = messages if whole else messages[:SHOWN]
    for message in shown:
        number = message.phone if reveal else mask_phone(message.phone)
        console.print(
            Text.assemble(
                (message.party.name, "bold"),
                f"（{ROLE_TITLES[message.party.role]}）{number} {KIND_TITLES[message.kind]} ",
                (f"{message.units}字{message.parts}条 {'、'.join(message.loans)}", "dim"),
            )
        )
        console.print(Padding(Text(message.text), (0, 0, 0, 2)))
    if len(shown) < count:
        console.print(Text(f"……另有{count - len(shown)}条，见批次文件", style="dim"))
    _show_withheld(console, withheld)


def _show_withheld(console: Console, withheld: Sequence[Withheld]) -> None:
    if not withheld:
        return
    console.print(Text(f"\n没有发的 {len(withheld)}条", style="bold"))
    reasons: dict[str, list[str]] = {}
    for one in withheld:
        reasons.setdefault(one.reason, []).append(f"{one.loan_no} {one.party}")
    for reason, names in sorted(reasons.items(), key=lambda pair: -len(pair[1])):
        more = f" 等{len(names)}人" if len(names) > NAMED else ""
        console.print(
            Padding(
                Text.assemble((reason, "yellow"), f"：{'、'.join(names[:NAMED])}{more}"),
                (0, 0, 0, 2),
            )
        )
