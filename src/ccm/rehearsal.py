"""A change of policy rehearsed on a ledger before it is made: who would stand elsewhere, what would be owed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccm import interest_rules
from ccm.contact_rules import TITLES
from ccm.model import LETTER_TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccm.model import Case, Duty
    from ccm.policy import Policy

Owing = tuple["Case", tuple["Duty", ...]]


@dataclass(frozen=True, slots=True)
class Moved:
    """A loan whose stage or class the new policy would change; None is not on the list."""

    loan_no: str
    borrower: str
    dpd: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a new policy would change: loans that move, letters by kind, duties that would already be missed.

    `rules` lists duty rules and limits of contact that were added, removed or changed, in words.
    """

    moved: tuple[Moved, ...]
    letters: Mapping[str, tuple[int, int]]
    missed: Mapping[str, tuple[int, int]]
    rules: tuple[str, ...]


def rehearse(old: Policy, new: Policy, under_old: Sequence[Owing], under_new: Sequence[Owing]) -> Rehearsal:
    """Compare the same book's cases and duties under two policies, each given with its duties."""
    was = {case.loan_no: case for case, _ in under_old}
    now = {case.loan_no: case for case, _ in under_new}
    moved = [
        Moved(
            number,
            now[number].borrower,
            now[number].dpd,
            _stands(old, was[number]),
            _stands(new, now[number]),
        )
        for number in now
        if number in was and _stands(old, was[number]) != _stands(new, now[number])
    ]
    return Rehearsal(
        moved=tuple(moved),
        letters=_beside(_letters(under_old), _letters(under_new)),
        missed=_beside(_missed(under_old), _missed(under_new)),
        rules=tuple(_rules(old, new)),
    )


def _stands(policy: Policy, case: Case) -> str:
    return f"{policy.stage_at(case.dpd).label}，{case.risk_class}"


def _letters(owing: Sequence[Owing]) -> Counter[str]:
    open_ = (duty for _, duties in owing for duty in duties if duty.state in {"due", "overdue"})
    return Counter(LETTER_TITLES[duty.letter] for duty in open_ if duty.letter)


def _missed(owing: Sequence[Owing]) -> Counter[str]:
    return Counter(f"{duty.rule} {duty.title}" for _, duties in owing for duty in duties if duty.state == "overdue")


def _beside(old: Counter[str], new: Counter[str]) -> dict[str, tuple[int, int]]:
    return {key: (old[key], new[key]) for key in sorted({*old, *new}) if old[key] != new[key]}


def _rules(old: Policy, new: Policy) -> list[str]:
    was = {duty.id: duty for duty in old.duties}
    now = {duty.id: duty for duty in new.duties}
    told = [f"取消：{was[key].rule} {was[key].title}（{key}）" for key in was if key not in now]
    told += [
        f"新增：{now[key].rule} {now[key].title}（{key}，满{now[key].from_days}天）" for key in now if key not in was
    ]
    names = {
        "from_days": "起办天数",
        "within_days": "办结天数",
        "to": "对象",
        "letter": "函种",
        "when": "条件",
        "on_request": "点名才办",
    }
    for key in (key for key in now if key in was):
        for name, title in names.items():
            before, after = getattr(was[key], name), getattr(now[key], name)
            if before != after:
                told.append(f"修改：{now[key].rule} {now[key].title}的{title} {_plain(before)} → {_plain(after)}")
    for group, titles, before_it, after_it in (
        ("联系的限度", TITLES, old.contact.lines(), new.contact.lines()),
        ("利息、罚息、复利", interest_rules.TITLES, old.interest.lines(), new.interest.lines()),
    ):
        told += [
            f"修改：{group}，{titles[table]} {words} → {after_it[table]}"
            for table, words in before_it.items()
            if words != after_it[table]
        ]
    return told


def _plain(value: object) -> str:
    return "、".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
