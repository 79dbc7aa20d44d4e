"""The handbook as data: stages, duties, five-tier classes and priorities, read from a policy file.

A policy is checked whole when it is read; a malformed one is refused with the line and the reason, never run.
"""

from __future__ import annotations

from ccm.policy.read import load, parse
from ccm.policy.rules import (
    ALWAYS,
    Condition,
    CrossDefault,
    DeferralRule,
    DutyRule,
    Factor,
    HoldRule,
    LetterRule,
    LevelRule,
    Policy,
    PostRule,
    Priority,
    RetentionRule,
    RiskClass,
    SignRule,
    Stage,
)

__all__ = [
    "ALWAYS",
    "Condition",
    "CrossDefault",
    "DeferralRule",
    "DutyRule",
    "Factor",
    "HoldRule",
    "LetterRule",
    "LevelRule",
    "Policy",
    "PostRule",
    "Priority",
    "RetentionRule",
    "RiskClass",
    "SignRule",
    "Stage",
    "load",
    "parse",
]
