"""`ccm log LOAN call|sms|visit|query …`: contacts, which do duties."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from ccm.cli.chinese import ChineseCommand
from ccm.cli.days import AsOf
from ccm.cli.log import AsJson, At, Job, On, Saying, To, Words, job_of, log, record, said_day, taken, text_of
from ccm.errors import CcmError, finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccm.ability import Grade
    from ccm.errors import Finding
    from ccm.journal import Journal
    from ccm.limits import Stop
    from ccm.model import Note
    from ccm.said import Choice

Number = Annotated[str | None, typer.Option("--number", help="打的（发的）哪个号码；默认台账里的", metavar="号码")]


@log.command("call", cls=ChineseCommand)
def call(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="结果和说的话：接通（可省）、没接、关机、空号、挂断、他人接、拒还；或 承诺 金额 日子",
            metavar="结果 话",
            show_default=False,
        ),
    ] = None,
    no_answer: Annotated[bool, typer.Option("--no-answer", help="没人接")] = False,
    number: Number = None,
    to: To = None,
    on: On = None,
    at: At = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """电话：打通没有、说了什么；打通了，欠着的电话应办就都算办了。

    例：ccm log 0062 call 说周五卖了猪就还
    """
    job = job_of(ctx, to, on, at, as_of=as_of)
    record(job, called(job, [*(["没接"] if no_answer else []), *(words or ())], number), as_json=as_json)


def called(job: Job, words: list[str], number: str | None = None) -> Saying:
    """Return a call as it was typed: a result (else it was answered), with a promise its amount and day, and words.

    Raises:
        CcmError: `promise-unclear`, `amount-unclear`, `day-unclear`, `day-wrong-side`.
    """
    from ccm.contacts import call as note_of
    from ccm.contacts import doing, owed, promise
    from ccm.said import cents, choice, known

    result = known("call", words[0]) if words else None
    words = words[1:] if result else words
    result = result or choice("call", "接通")
    promised: list[Note] = []
    if result.code == "promised":
        if len(words) < 2:
            raise CcmError("promise-unclear", where=" ".join(words))
        amount, by, words = cents(words[0]), said_day(words[1], job.scene.on), words[2:]
        promised = [promise(job.scene, amount, by, text_of(words))]
    note = note_of(job.scene, result, job.number(number), text_of(words))
    does = owed(job.loan.duties, job.scene.party, "phone") if result.does else []
    return Saying(lambda _: [*doing(note, does), *promised], _beyond(job, note))


@log.command("sms", cls=ChineseCommand)
def sms(
    ctx: typer.Context,
    words: Words = None,
    number: Number = None,
    to: To = None,
    on: On = None,
    at: At = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """短信：不是成批发的，自己手机上发的一条。

    例：ccm log 0062 sms 已提醒周五到期
    """
    from ccm.contacts import doing, owed
    from ccm.contacts import sms as note_of

    job = job_of(ctx, to, on, at, as_of=as_of)
    note = note_of(job.scene, job.number(number, mobile=True), text_of(words))
    does = owed(job.loan.duties, job.scene.party, "sms")
    record(job, Saying(lambda _: doing(note, does), _beyond(job, note)), as_json=as_json)


@log.command("visit", cls=ChineseCommand)
def visit(
    ctx: typer.Context,
    found: Annotated[
        str, typer.Argument(help="见到、没见到、搬走、拒见、他人应门", metavar="结果", show_default=False)
    ],
    words: Words = None,
    by: Annotated[str | None, typer.Option("--by", help="去的人，两人以上：王敏,李强", metavar="姓名")] = None,
    place: Annotated[str, typer.Option("--place", help="家、单位、其他", metavar="地点")] = "家",
    saw: Annotated[
        list[str] | None,
        typer.Option("--saw", help="看到的，可写多次：收入:好 邻居:差:说常年在外", metavar="项:好中差"),
    ] = None,
    no_recording: Annotated[
        str, typer.Option("--no-recording", help="没有录音的原因：对方不同意、设备故障……", metavar="原因")
    ] = "",
    to: To = None,
    on: On = None,
    at: At = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """上门：谁去的、见到谁、看到什么；两人以上同去才算办了。

    例：ccm log 0062 visit 见到 答应月底还 --by 王敏,李强 --saw 收入:中
    """
    job = job_of(ctx, to, on, at, as_of=as_of)
    saying = visited(job, found, text_of(words), by, place, saw or (), no_recording.strip())
    record(job, saying, as_json=as_json)


def visited(
    job: Job,
    found: str,
    text: str,
    by: str | None = None,
    place: str = "家",
    saw: Sequence[str] = (),
    no_recording: str = "",
) -> Saying:
    """Return a visit: whom it met, who went (`by`, several names in one text), where, what was seen.

    `no_recording` is why it was not recorded.

    Raises:
        CcmError: `word-unknown`, `observation-unclear`.
    """
    import re

    from ccm.ability import of_accounts, read, score
    from ccm.contacts import doing, numbered, owed
    from ccm.contacts import visit as note_of
    from ccm.said import choice

    outcome, where = choice("found", found), choice("place", place)
    visitors = [name for name in re.split(r"[、,，\s]+", by or job.responsible) if name]
    seen = [read(one) for one in saw]
    ability = score([*seen, *of_accounts(_accounts(job))] if seen else [])
    # Alone is not as the rules want it (law §5.2): the visit is on record, the duty stays owed.
    enough = len(visitors) >= job.loan.work.policy.contact.visit_staff
    does = owed(job.loan.duties, job.scene.party, "visit") if enough and outcome.does else []

    def note(visit_no: str) -> Note:
        return note_of(job.scene, visit_no, visitors, where, outcome, seen, ability, text, no_recording)

    def notes(journal: Journal) -> list[Note]:
        return doing(note(numbered("V", job.scene.on, taken(journal, "visit", "visit_no"))), does)

    return Saying(notes, _beyond(job, note("")))


@log.command("query", cls=ChineseCommand)
def query(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(help="内部、征信、第三方；几处一起写：内部,征信", metavar="来源", show_default=False)
    ],
    words: Words = None,
    cause: Annotated[str, typer.Option("--cause", help="由此知道的欠款原因", metavar="原因")] = "",
    to: To = None,
    on: On = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """查询：内部系统、征信、第三方平台；三处都查过才算办了。

    例：ccm log 0062 query 征信 他行有两笔逾期
    """
    job = job_of(ctx, to, on, as_of=as_of)
    record(job, queried(job, source, text_of(words), cause), as_json=as_json)


def queried(job: Job, source: str, result: str, cause: str = "") -> Saying:
    """Return what was asked of one or several sources (`内部,征信`).

    Raises:
        CcmError: `word-unknown`.
    """
    import re

    from ccm.contacts import doing, owed
    from ccm.contacts import query as note_of
    from ccm.said import choice

    sources = [choice("source", word) for word in re.split(r"[、,，]+", source) if word]
    notes = [note_of(job.scene, one, result, cause) for one in sources]
    does = owed(job.loan.duties, job.scene.party, "query") if _all_asked(job, sources) else []
    return Saying(lambda _: [*notes[:-1], *doing(notes[-1], does)])


CODES = {"quiet_hours": "contact-quiet", "visit": "visit-alone"}
"""The finding for each limit that may be broken; what is a count is `contact-too-many`."""


def _beyond(job: Job, note: Note) -> list[Finding]:
    """What the limits say of a contact that took place all the same: it is recorded, and told (law §5.2)."""
    return [
        finding(
            CODES.get(stop.limit, "contact-too-many"), file=job.loan.loan_no, reason=stop.reason, source=stop.source
        )
        for stop in stops(job, note)
    ]


def stops(job: Job, note: Note) -> tuple[Stop, ...]:
    """Return what the limits say against a contact, by all that was logged on its day."""
    from ccm.cli import logbook
    from ccm.contacts import made, meant
    from ccm.limits import judge
    from ccm.person import identities

    with closing(logbook.journal_of(job.place)) as journal:
        today = list(journal.entries("contact", "visit", on=note.on))
    triage = job.loan.triage
    who = identities(triage.loans, triage.parties, {note.loan_no, *(entry.note.loan_no for entry in today)})
    return judge(meant(note, who), made(today, who), job.loan.work.policy.contact).stops


def _all_asked(job: Job, sources: list[Choice]) -> bool:
    """C3 names three places to ask: the query that completes them does the duty, counted since the arrears began."""
    from ccm.cli import logbook
    from ccm.said import choices

    since = job.loan.case.episode_on if job.loan.case else job.scene.on
    with closing(logbook.journal_of(job.place)) as journal:
        notes = [entry.note for entry in journal.entries("query", loan_no=job.loan.loan_no)]
    party = job.scene.party
    asked = {
        str(note.facts["source"])
        for note in notes
        if (note.role, note.party) == (party.role, party.name) and note.on >= since
    }
    return {one.code for one in choices("source")} <= asked | {one.code for one in sources}


def _accounts(job: Job) -> dict[str, Grade]:
    """What the ledger and the journal say of the ability to repay, since these arrears began."""
    from ccm.ability import accounts
    from ccm.payments import logged

    since = job.loan.case.episode_on if job.loan.case else job.scene.on
    words = [one for one in job.loan.work.recorded.words if one.note.loan_no == job.loan.loan_no]
    paid = any(one.on >= since for one in logged(words).get(job.loan.loan_no, ()))
    promised = any(one.note.kind == "promise" and one.note.on >= since for one in words)
    return accounts(job.loan.row.get("past_arrears"), paid=paid, promised=promised)
