"""What a column's header means: names as data, matched after normalising, with the bank's own first."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

SheetRole = Literal["loans", "guarantors", "co_borrowers"]

SCALES = {"亿元": 100_000_000, "百万元": 1_000_000, "万元": 10_000, "千元": 1_000, "元": 1}

NUMBERED = re.compile(r"第?(\d{1,2}|[一二三四五六七八九十])")
PARTY_WORDS = re.compile(r"保证人|担保人|担保方|共同借款人|共借人|共同还款人")
NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing ccm wants to know of a loan: its key, how it is read, and the header names that mean it."""

    key: str
    title: str
    kind: str
    required: bool
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet whose meaning is known.

    `index` counts from 0; `header` is as printed, a two-row one joined with ／; `number` is 1 for 保证人1, 0 where
    there is none; `scale` multiplies its amounts (万元 is 10000).
    """

    field: str
    index: int
    header: str
    number: int = 0
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet's header is and what its columns mean.

    `skip` counts the rows up to and including the header; `unknown` names the other headers, each with the nearest
    known name; `ambiguous` the fields that several headers claim; `missing` the required fields that none does;
    `headers` is all that was there.
    """

    role: SheetRole
    skip: int
    columns: tuple[Column, ...]
    headers: tuple[str, ...]
    unknown: tuple[tuple[int, str, str | None], ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: tuple[str, ...] = ()
    data_on: date | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What one header means; `rank` is its place among the field's names, the smaller the more usual."""

    field: str
    number: int
    rank: int


@dataclass(frozen=True, slots=True)
class Names:
    """The column names in use.

    `known` maps a normalised name to its field and rank; `joined` a pair of header rows; `products` the words that
    tell cards from loans.
    """

    fields: Mapping[str, Field]
    known: Mapping[str, tuple[str, int]]
    joined: Mapping[str, Mapping[str, str]]
    ignored: frozenset[str]
    products: Mapping[str, tuple[str, ...]]

    def match(self, header: str, above: str = "") -> Match | None:
        """Return what a header means, given the cell above it in a two-row header; None where unknown."""
        own, top = normalise(header), normalise(above)
        if top and (found := self._joined(own, top)):
            return found
        for name in (top + own, own):
            if found := self._named(name):
                return found
        return None

    def _joined(self, own: str, top: str) -> Match | None:
        for word, below in self.joined.items():
            if word in top and own in below:
                return Match(below[own], 0, 0)
        return None

    def _named(self, name: str) -> Match | None:
        if name in self.known:
            return Match(self.known[name][0], 0, self.known[name][1])
        if PARTY_WORDS.search(name) and (number := NUMBERED.search(name)):
            bare = name.replace(number[0], "", 1)
            if bare in self.known:
                return Match(self.known[bare][0], NUMERALS.get(number[1]) or int(number[1]), self.known[bare][1])
        return None

    def nearest(self, header: str) -> str | None:
        """Return the known name that a header resembles, None where none is near or the header is known to be other."""
        name = normalise(header)
        near = get_close_matches(name, self.known, 1, 0.75)
        return near[0] if near and name not in self.ignored else None


def load_names(
    extra: Mapping[str, Sequence[str]] | None = None, products: Mapping[str, Sequence[str]] | None = None
) -> Names:
    """Return the built-in names with a bank's own, which win over them.

    Args:
        extra: Field key → header names, from ccm.toml's [columns].
        products: Product → words of its names, from ccm.toml's [products].

    Raises:
        CcmError: `column-field-unknown` for a field ccm does not have.
    """
    data = tomllib.loads(files("ccm").joinpath("data/columns.toml").read_text(encoding="utf-8"))
    fields = {
        key: Field(
            key,
            row["title"],
            row["kind"],
            row.get("required", False),
            (*(extra or {}).get(key, ()), *row["names"]),
        )
        for key, row in data["field"].items()
    }
    known: dict[str, tuple[str, int]] = {}
    for key, field in fields.items():
        for rank, name in enumerate(field.names):
            known.setdefault(normalise(name), (key, rank))
    for key, own in (extra or {}).items():
        if key not in fields:
            near = get_close_matches(key, fields, 1)
            raise CcmError(
                "column-field-unknown",
                where="ccm.toml [columns]",
                key=key,
                near=f"，是不是 {near[0]}？" if near else "",
            )
        known.update({normalise(name): (key, rank) for rank, name in enumerate(own)})
    words = {key: (*(products or {}).get(key, ()), *of) for key, of in data["products"].items()}
    return Names(fields, known, data["joined"], frozenset(map(normalise, data["ignored"]["names"])), words)


def normalise(header: str) -> str:
    """Return a header as it is compared: half-width, without spaces, bracketed notes, units and ornaments."""
    text = unicodedata.normalize("NFKC", header).replace("帐", "账")
    text = re.sub(r"\s+", "", text)
    bare = re.sub(r"[(\[【〔{].*?[)\]】〕}]", "", text)
    bare = re.sub(r"[_\-/:：*#※.。、,，]?(亿元|百万元|万元|千元|元)$", "", bare)
    return re.sub(r"[:：*#※%.。\"'“”]|^\d+[、.]", "", bare).upper()


def unit_in(titles: Sequence[str]) -> int:
    """Return what the unit in the titles above a table multiplies by, 1 where they name none.

    The unit may stand anywhere in a title, beside a date or who made the table, or in the cell after 单位.
    元 itself is not looked for: it changes nothing, and 编制单位：元氏农商银行 is no unit.
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", " ".join(titles)))
    unit = re.search(r"单位:?(?:人民币)?[(\[]?(亿元|百万元|万元|千元)", text)
    return SCALES[unit[1]] if unit else 1


def scale_of(header: str, default: int = 1) -> int:
    """Return what a header's unit multiplies by: 余额（万元） is 10000; `default` where it names none."""
    text = unicodedata.normalize("NFKC", header)
    unit = re.search(r"[(\[_/:]?(?:单位:?)?(亿元|百万元|万元|千元|元)[)\]]?\s*$", text)
    return SCALES[unit[1]] if unit else default
