"""What happened with a customer, as the journal keeps it: from what was typed to notes.

A contact does every duty of its channel that the party owes on that day: the first on its own entry, each further one
on a short entry of its own (`duty-done`), so that a duty is done by exactly one entry.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from ccm.limits import Contact, Intent
from ccm.model import Note
from ccm.numbering import after
from ccm.payments import UNDONE, as_facts
from ccm.said import choices
from ccm.units import plus_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from ccm.ability import Ability, Seen
    from ccm.limits import Channel
    from ccm.model import Duty, Entry, Figures, Hold, Party, Step
    from ccm.policy import HoldRule
    from ccm.said import Choice


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something happened: with which party of which loan, on which day, at which hour (`HH:MM`).

    `at` is empty where the hour is not known; `figures` is what the ledger says of the loan.
    """

    loan_no: str
    party: Party
    on: date
    at: str
    figures: Figures
    policy: str


def call(scene: Scene, result: Choice, number: str, text: str) -> Note:
    """Return a telephone call; `number` is the one that was dialled."""
    return _contact(scene, "contact-call", "phone", result.code, number, text, answered=result.answered)


def sms(scene: Scene, number: str, text: str, **batch: object) -> Note:
    """Return a message that was sent, with the figures that what is repaid after it is held against (P1).

    Nobody answers a message. `batch` tells of the batch it went out in: its number, occasion and length.
    """
    note = _contact(scene, "contact-sms", "sms", "sent", number, text, answered=False)
    return replace(note, facts={**note.facts, **batch, **as_facts(scene.figures)})


def visit(
    scene: Scene,
    visit_no: str,
    visitors: Sequence[str],
    place: Choice,
    found: Choice,
    seen: Iterable[Seen],
    ability: Ability,
    text: str,
    no_recording: str = "",
) -> Note:
    """Return a visit: who went where, whom they found, what they saw, and what follows for the ability to repay.

    `no_recording` is why it was not recorded (V5: where possible), and stands only where there was a reason.
    """
    return _note(
        scene,
        "visit",
        visit_no=visit_no,
        visitors=list(visitors),
        place=place.code,
        found=found.code,
        at=scene.at,
        observation={one.item.key: {"grade": one.grade, "said": one.said} for one in seen},
        ability={key: list(value) if isinstance(value, tuple) else value for key, value in asdict(ability).items()},
        text=text,
        **({"no_recording": no_recording} if no_recording else {}),
    )


def query(scene: Scene, source: Choice, result: str, cause: str) -> Note:
    """Return a query of risk information: where it was asked, what came of it, the cause of the arrears if it told."""
    return _note(scene, "query", source=source.code, result=result, cause=cause)


def promise(scene: Scene, amount_cents: int, by: date, text: str) -> Note:
    """Return a promise to pay, with the figures it will be held against."""
    return _note(scene, "promise", amount_cents=amount_cents, by=str(by), text=text, **as_facts(scene.figures))


def payment(scene: Scene, amount_cents: int, text: str, *, named: bool = False) -> Note:
    """Return a payment that was made or told of; `named` where somebody said that the party paid it themselves."""
    whose: dict[str, object] = {"named": True} if named else {}
    return _note(scene, "payment", amount_cents=amount_cents, text=text, **whose)


def payment_undone(paid: Entry, reason: str) -> Note:
    """Return that a payment was logged by mistake, on its own day: from then on it never was."""
    note = paid.note
    facts = {"payment_seq": paid.seq, "amount_cents": note.facts["amount_cents"], "text": reason}
    return replace(note, kind=UNDONE, facts=facts)


def remark(scene: Scene, kind: str, **facts: str) -> Note:
    """Return what needs no more than words: `cause`, `note`, `wrong-number`, `style`."""
    return _note(scene, kind, **facts)


def condition(scene: Scene, state: Choice, text: str) -> Note:
    """Return what befell a person; their identity number says of whom, in whatever loan."""
    return _note(scene, "person-state", state=state.code, text=text, id_no=scene.party.id_no or "")


def hold(
    scene: Scene, hold_no: str, rule: HoldRule, until: date | None, owner: str, text: str, steps: Sequence[Step] = ()
) -> Note:
    """Return a hold of calls and letters, from the scene's day on.

    `until` is None for as long as the policy's rule says: some days, to the last step of a plan, or until lifted.
    """
    if until is None:
        until = steps[-1].on if steps else plus_days(scene.on, rule.days) if rule.days else None
    answer_by = plus_days(scene.on, rule.answer_days) if rule.answer_days else None
    facts: dict[str, object] = {
        "hold_no": hold_no,
        "reason": rule.reason,
        "from": str(scene.on),
        "until": str(until) if until else None,
        "answer_by": str(answer_by) if answer_by else None,
        "owner": owner,
        "text": text,
    }
    if steps:
        facts["steps"] = [{"on": str(step.on), "amount_cents": step.amount_cents} for step in steps]
    return _note(scene, "hold-set", **facts, **as_facts(scene.figures))


def lifted(scene: Scene, held: Hold, text: str) -> Note:
    """Return the end of a hold, or the answer to a dispute."""
    return _note(scene, "hold-lifted", hold_no=held.hold_no, reason=held.reason, text=text)


def owed(duties: Iterable[Duty], party: Party, channel: str) -> list[Duty]:
    """Return what one contact with a party does: every duty of the channel that has arisen and is outstanding."""
    return [
        duty
        for duty in duties
        if (duty.channel, duty.role, duty.party) == (channel, party.role, party.name)
        and duty.state in {"due", "overdue"}
    ]


def made(entries: Iterable[Entry], who: Mapping[tuple[str, str, str], str]) -> list[Contact]:
    """Return calls, messages and visits as the lawful counts see them; entries of other kinds are passed over.

    Args:
        entries: What the journal holds.
        who: Tells which human being a party is, by loan number, role and name (`person.identities`).
    """
    return [
        Contact(_instant(note), CHANNELS[note.kind], _number(note), _person(note, who), reached(note))
        for note in (entry.note for entry in entries)
        if note.kind in CHANNELS
    ]


def meant(note: Note, who: Mapping[tuple[str, str, str], str]) -> Intent:
    """Return a contact as something to be judged by the limits; one by itself is judged as if it were to come."""
    visitors = note.facts.get("visitors")
    staff = len(visitors) if isinstance(visitors, list) else 1
    return Intent(_instant(note), CHANNELS[note.kind], _number(note), _person(note, who), staff=staff, name=note.party)


def reached(note: Note) -> bool:
    """Tell whether a contact reached the party: a call they took themselves, a visit that met them."""
    if note.kind == "visit":
        return any(one.code == note.facts["found"] and one.answered for one in choices("found"))
    return bool(note.facts.get("answered")) and note.facts.get("result") != "third_party"


def _instant(note: Note) -> datetime:
    """When a contact happened; at noon, which no limit forbids, where the hour was not told."""
    at = str(note.facts.get("at") or "") or "12:00"
    return datetime.combine(note.on, time.fromisoformat(at))


def _number(note: Note) -> str:
    return str(note.facts.get("number") or "")


def _person(note: Note, who: Mapping[tuple[str, str, str], str]) -> str:
    return who.get((note.loan_no, note.role, note.party), note.party)


CHANNELS: dict[str, Channel] = {"contact-call": "phone", "contact-sms": "sms", "visit": "visit"}
"""The kinds of entries that are contacts, and by which channel."""


def doing(note: Note, duties: Sequence[Duty]) -> list[Note]:
    """Return a contact and the duties it does, the first on the contact's own note."""
    if not duties:
        return [note]
    first, *rest = duties
    whole = _with_duty(note, first.id, note.kind, dict(note.facts))
    return [whole, *(_with_duty(note, duty.id, "duty-done", {"by": note.kind}) for duty in rest)]


def numbered(letter: str, on: date, taken: Collection[str]) -> str:
    """Return the next number of a day, such as `V20261123-2`; `taken` holds the numbers there are."""
    return next(after(letter, on, taken))


def _contact(scene: Scene, kind: str, channel: str, result: str, number: str, text: str, *, answered: bool) -> Note:
    return _note(scene, kind, channel=channel, number=number, at=scene.at, answered=answered, result=result, text=text)


def _note(scene: Scene, kind: str, **facts: object) -> Note:
    party = scene.party
    return Note(kind, scene.on, scene.loan_no, party.name, party.role, policy=scene.policy, facts=facts)


def _with_duty(note: Note, duty: str, kind: str, facts: dict[str, object]) -> Note:
    return Note(kind, note.on, note.loan_no, note.party, note.role, duty, policy=note.policy, facts=facts)
