"""A policy from its file: every table read in turn, so that the first trouble is told and nothing half read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ccm import contact_rules, interest_rules
from ccm.policy import file as policy_file
from ccm.policy.duties import duties
from ccm.policy.keys import TABLES
from ccm.policy.limits import completed
from ccm.policy.priorities import priorities
from ccm.policy.rules import Policy
from ccm.policy.signals import levels, signs
from ccm.policy.terms import deferral, holds, letters, post, retention, upcoming_days
from ccm.policy.tiers import classes, cross_default, stages

if TYPE_CHECKING:
    from pathlib import Path

    from ccm.rulefile import RuleFile


def load(path: Path | None = None) -> Policy:
    """Read a policy file; without a path, the built-in one.

    Raises:
        CcmError: `policy-missing`, `policy-syntax` or `policy-wrong`, with line and reason.
    """
    return _policy(policy_file.own(path) if path else policy_file.built_in())


def parse(text: str, path: str) -> Policy:
    """Return the policy written in `text`; `path` is named in messages.

    Raises:
        CcmError: `policy-syntax` where it is no TOML, `policy-wrong` where it makes no sense.
    """
    return _policy(policy_file.opened(text, path))


def _policy(file: RuleFile) -> Policy:
    file.only(TABLES)
    return Policy(
        name=str(file.data.get("name", file.path)),
        digest=hashlib.sha256(file.text.encode()).hexdigest(),
        path=file.path,
        upcoming_days=upcoming_days(file),
        stages=(ladder := stages(file)),
        duties=duties(file, ladder),
        classes=classes(file),
        priorities=priorities(file),
        cross_default=cross_default(file),
        contact=contact_rules.read(*completed(file, "contact", contact_rules.KEYS)),
        interest=interest_rules.read(*completed(file, "interest", interest_rules.KEYS)),
        letters=letters(file),
        holds=holds(file),
        post=post(file),
        deferral=deferral(file),
        retention=retention(file),
        levels=levels(file),
        signs=signs(file),
    )
