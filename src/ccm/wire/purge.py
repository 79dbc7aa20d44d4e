"""What `ccm purge` finds and does, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.retention import Over


def purge_json(
    cases: Iterable[Over], staying: Iterable[Over], others: Mapping[str, Sequence[str]], as_of: date, *, done: bool
) -> dict[str, Any]:
    """Return the cases whose keeping is over, those that stay and why, and what else goes; paths from the workspace."""
    return {
        "as_of": str(as_of),
        "done": done,
        "cases": [{**_over(one), "files": list(one.files)} for one in cases],
        "staying": [{**_over(one), "reasons": list(one.reasons)} for one in staying],
        **{key: list(paths) for key, paths in others.items()},
    }


def _over(one: Over) -> dict[str, Any]:
    return {
        "loan_no": one.loan_no,
        "borrower": one.borrower,
        "left_on": str(one.left_on),
        "until_on": str(one.until_on),
    }
