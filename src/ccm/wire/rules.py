"""The rules as other programs read them: the policy, the ledger's column names, the nine measures (contract.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccm.ledger.columns import Layout, Names
    from ccm.policy import Policy
    from ccm.warn.words import Measure


def policy_json(policy: Policy) -> dict[str, Any]:
    """Return the policy's stages, duties and classes, each with its rule and source; days are days past due."""
    return {
        "policy": policy.name,
        "path": str(policy.path),
        "digest": policy.digest,
        "stages": [
            {"from_days": one.from_days, "label": one.label, "rule": one.rule, "source": one.source}
            for one in policy.stages
        ],
        "duties": [
            {
                "id": one.id,
                "rule": one.rule,
                "source": one.source,
                "product": one.product,
                "from_days": one.from_days,
                "within_days": one.within_days,
                "channel": one.channel,
                "letter": one.letter,
                "to": list(one.to),
                "title": one.title,
                "proof": one.proof,
                "on_request": one.on_request,
            }
            for one in policy.duties
        ],
        "classes": [
            {
                "label": one.label,
                "loan_from_days": one.loan_from_days,
                "card_from_days": one.card_from_days,
                "rule": one.rule,
                "source": one.source,
            }
            for one in policy.classes
        ],
    }


def names_json(names: Names) -> dict[str, Any]:
    """Return every field of a ledger with the column names by which it is known."""
    return {
        "fields": [
            {"field": key, "title": one.title, "required": one.required, "names": list(one.names)}
            for key, one in names.fields.items()
        ]
    }


def sheets_json(sheets: Iterable[tuple[str, Layout | None]]) -> dict[str, Any]:
    """Return what each column of each sheet is taken for; `column` counts from 1, a sheet without a header has none."""
    return {"sheets": [_sheet(name, layout) for name, layout in sheets]}


def _sheet(name: str, layout: Layout | None) -> dict[str, Any]:
    if layout is None:
        return {"sheet": name, "header_row": None, "columns": [], "unknown": [], "missing": []}
    return {
        "sheet": name,
        "header_row": layout.skip,
        "columns": [
            {
                "column": one.index + 1,
                "header": one.header,
                "field": one.field,
                "number": one.number or None,
                "scale": one.scale,
            }
            for one in layout.columns
        ],
        "unknown": [{"column": at + 1, "header": header, "near": near} for at, header, near in layout.unknown],
        "missing": list(layout.missing),
    }


def measures_json(measures: Iterable[Measure]) -> dict[str, Any]:
    """Return the nine measures of W4 with their numbers."""
    return {"measures": [{"no": one.no, "title": one.title, "text": one.text} for one in measures]}
