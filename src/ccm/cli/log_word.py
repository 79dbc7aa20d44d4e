"""`ccm log LOAN promise|cause|note|wrong-number|style|state …`: what was said and learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf
from ccm.cli.log import AsJson, At, Job, On, Saying, To, Words, job_of, log, record, said_day, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Amount = Annotated[str, typer.Argument(help="金额：5000、3千、1.5万", metavar="金额", show_default=False)]


@log.command("promise", cls=ChineseCommand)
def promise(
    ctx: typer.Context,
    amount: Amount,
    by: Annotated[str, typer.Argument(help="哪天还：明天、周五、+3、12-05", metavar="日子", show_default=False)],
    words: Words = None,
    to: To = None,
    on: On = None,
    at: At = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """承诺还款：到那天核对，下次读台账时判断有没有履行。

    例：ccm log 0062 promise 5000 周五
    """
    job = job_of(ctx, to, on, at, as_of=as_of)
    record(job, promised(job, amount, by, text_of(words)), as_json=as_json)


def promised(job: Job, amount: str, by: str, text: str) -> Saying:
    """Return a promise as it was typed.

    Raises:
        CcmError: `amount-unclear`, `day-unclear`, `day-wrong-side`.
    """
    from ccm.contacts import promise as note_of
    from ccm.said import cents

    note = note_of(job.scene, cents(amount), said_day(by, job.scene.on), text)
    return Saying(lambda _: [note])


@log.command("cause", cls=ChineseCommand)
def cause(
    ctx: typer.Context,
    words: Words = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """欠款原因：失业、患病、受灾、周转、亏损、代偿、他人用款、有钱不还……其余照原话记。

    例：ccm log 0062 cause 失业 厂里九月停工
    """
    job = job_of(ctx, to, on, as_of=as_of)
    record(job, explained(job, words or ()), as_json=as_json)


def explained(job: Job, said: Sequence[str]) -> Saying:
    """Return a cause of the arrears: by its word where the first is one, else in their own words."""
    from ccm.contacts import remark
    from ccm.said import known

    told = known("cause", said[0]) if said else None
    text = text_of(said[1:] if told else said)
    note = remark(job.scene, "cause", cause=told.code if told else "other", text=text)
    return Saying(lambda _: [note])


@log.command("note", cls=ChineseCommand)
def note(
    ctx: typer.Context,
    words: Words = None,
    to: To = None,
    on: On = None,
    at: At = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """备注：别处记不下的话。

    例：ccm log 0062 note 儿子在县城开修理铺
    """
    job = job_of(ctx, to, on, at, as_of=as_of)
    record(job, noted(job, text_of(words)), as_json=as_json)


def noted(job: Job, text: str) -> Saying:
    """Return words for which there is no other place."""
    from ccm.contacts import remark

    return Saying(lambda _: [remark(job.scene, "note", text=text, at=job.scene.at)])


@log.command("wrong-number", cls=ChineseCommand)
def wrong_number(
    ctx: typer.Context,
    number: Annotated[
        str | None, typer.Argument(help="打错的号码；默认台账里的", metavar="号码", show_default=False)
    ] = None,
    words: Words = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """错号：这个号码不是本人的，以后不再打。

    例：ccm log 0062 wrong-number
    """
    job = job_of(ctx, to, on, as_of=as_of)
    record(job, misdialled(job, text_of(words), number), as_json=as_json)


def misdialled(job: Job, text: str, number: str | None = None) -> Saying:
    """Return that a number is not the party's: by default the ledger's.

    Raises:
        CcmError: `number-missing`.
    """
    from ccm.contacts import remark
    from ccm.errors import CcmError

    wrong = job.number(number)
    if not wrong:
        raise CcmError("number-missing", where=job.loan.loan_no, party=job.scene.party.name)
    return Saying(lambda _: [remark(job.scene, "wrong-number", number=wrong, text=text)])


@log.command("style", cls=ChineseCommand)
def style(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="猫头鹰、鸽子、老鹰、孔雀", metavar="风格", show_default=False)],
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """风格：此后 ccm talk 按它出主意；拿不准先看 ccm talk --signs。

    例：ccm log 0062 style 猫头鹰
    """
    from ccm.contacts import remark
    from ccm.talk.phrases import load
    from ccm.talk.placing import style_of

    job, told = job_of(ctx, to, on, as_of=as_of), style_of(load(), name)
    record(job, Saying(lambda _: [remark(job.scene, "style", style=told.key, text=told.title)]), as_json=as_json)


@log.command("state", cls=ChineseCommand)
def state(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(help="死亡、下落不明、继承人未成年、破产；登错了写 正常", metavar="状态", show_default=False),
    ],
    words: Words = None,
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """人的状态：此后写给这个名字的函会拦下，并说明该怎么办。

    例：ccm log 0062 state 死亡 村委会证明 --to 李四
    """
    from ccm.contacts import condition
    from ccm.said import choice

    job = job_of(ctx, to, on, as_of=as_of)
    record(job, Saying(lambda _: [condition(job.scene, choice("state", what), text_of(words))]), as_json=as_json)
