"""From large sources to one checked book: the good rows as a lazy frame, the refused ones, and what is wrong counted.

The rows' rules are those of a sheet (`ledger.rules`); at this size a finding is a number of rows, not a cell.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from ccm.bulk.cells import read, tidied
from ccm.errors import CcmError, catalogue
from ccm.frame import LOAN_COLUMNS
from ccm.ledger.book import as_book
from ccm.ledger.check import layout_findings
from ccm.ledger.header import locate
from ccm.ledger.marks import ASIDE
from ccm.ledger.rows import DECIDING, label, says_something
from ccm.ledger.rules import CONDITIONS, PAIRS, own_day, seen
from ccm.ledger.table import Sheet
from ccm.portable import holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ccm.bulk.engine import Engine, Lazy
    from ccm.errors import Finding
    from ccm.ledger.columns import Layout, Names

TEXT = "text:"
"""Before a column of texts that is tidied and not yet read."""
RAW = "raw:"
"""Before a source's own columns while its values stand beside them."""


@dataclass(frozen=True, slots=True)
class Source:
    """One large source: its name, its rows as they stand, and what its columns mean."""

    name: str
    frame: Lazy
    layout: Layout
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A checked book: `good` has `LOAN_COLUMNS`, `guaranteed` and a column for each named party.

    `given` are the columns that a source has; `people` the frames of further parties with loan_no, role and party.
    `refused` holds, by source, the rows as they stood with `ccm_codes`.
    `tally` is a frame that counts, to be collected while the book is written and read by `counted`; `repeats` are the
    rows that were left out because they repeat another.
    """

    good: Lazy
    given: tuple[str, ...]
    people: tuple[Lazy, ...]
    refused: Mapping[str, Lazy]
    tally: Lazy
    repeats: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are and were accepted, and how often each code applies."""

    rows: int
    accepted: int
    findings: Mapping[str, int]


def counted(book: Book, tally: pl.DataFrame) -> Counts:
    """Read a tally that was collected."""
    sums: Counter[str] = Counter({"row-repeated": book.repeats})
    for name, column in tally.to_dict().items():
        sums[name.removeprefix(FLAG).partition(" ")[0]] += int(column.sum())
    rows, accepted = sums.pop(ROWS) + book.repeats, sums.pop(ACCEPTED)
    return Counts(rows, accepted, +sums)


def source(name: str, frame: Lazy, names: Names) -> Source:
    """Tell what the columns of a source mean.

    Raises:
        CcmError: `not-a-ledger` where they are not known, or one that is needed is missing.
    """
    headers = tuple(frame.collect_schema().names())
    sheet = Sheet(name, "", (headers,), 2, (), lambda _, __: [], dict)
    layout = locate(sheet, names)
    if layout is None or layout.missing:
        lacking = "、".join(names.fields[key].title for key in layout.missing) if layout else ""
        seen_here = "、".join(headers[:8]) + (f"；缺少{lacking}" if lacking else "")
        raise CcmError("not-a-ledger", where=name, seen=seen_here)
    return Source(name, frame, layout, tuple(layout_findings(sheet, layout, names)))


@dataclass(frozen=True, slots=True)
class Twice:
    """The loan numbers that stand more than once: `loan_no`, `rows`, and the place of their `first` source.

    Rows that agree in all that is read are one row, `repeated`; of rows that differ nobody knows which is right.
    """

    repeated: pl.DataFrame
    differing: pl.DataFrame


def check(sources: Sequence[Source], names: Names, as_of: date, engine: Engine) -> Book:
    """Read and check all sources as one book.

    Args:
        sources: Loans, and lists of guarantors or co-borrowers, by their layout.
        names: The kinds of the columns, and the words that tell cards from loans.
        as_of: Dates after this day (or after the ledger's own day) are in the future.
        engine: Brings small frames to where the book is.

    Raises:
        CcmError: `not-a-ledger` where no source has loans, `file-broken` where one cannot be read to its end.
    """
    people = tuple(_people(one, names) for one in sources if one.layout.role != "loans")
    loans = [one for one in sources if one.layout.role == "loans"]
    if not loans:
        raise CcmError("not-a-ledger", where="、".join(one.name for one in sources), seen="没有一个是贷款清单")
    given = _given(loans, names)
    tables = [engine.keep(_values(one, names, given)) for one in loans]
    twice = _twice(tables, given, engine)
    day = _own_day(tables, given) or as_of
    tables = [_once(_marked(table, twice, engine), nth, twice, engine) for nth, table in enumerate(tables)]
    judged = [_judged(table, given, people, day) for table in tables]
    good = [table.filter(~_bad(table)).select(*LOAN_COLUMNS, *party_columns(given), "guaranteed") for table in judged]
    return Book(
        good=nw.concat(good),
        given=given,
        people=people,
        refused={one.name: _refused(table) for one, table in zip(loans, judged, strict=True)},
        tally=_tally(judged),
        repeats=int(twice.repeated["rows"].sum()) - twice.repeated.height,
    )


ROWS, ACCEPTED = "=rows", "=accepted"
FLAG = "?"
"""Before a Boolean column that says where a code applies: `?code field`."""
UNREAD = f"{FLAG}digits-lost loan_no"


def _given(loans: Sequence[Source], names: Names) -> tuple[str, ...]:
    """The book's columns that some source has, and a column for each party that is named beside a loan."""
    labels = {
        GIVEN_AS.get(label(column, names), label(column, names)) for one in loans for column in one.layout.columns
    }
    if "overdue_amount_cents" in labels:
        labels.add("overdue_principal_cents")
    parties = sorted(one for one in labels if PARTY.fullmatch(one))
    return (*(name for name in LOAN_COLUMNS if name in labels | ALWAYS), *parties)


ALWAYS = {"loan_no", "borrower", "product", "party_kind", "manager", "branch", "due_on", "balance_cents"}
"""What is in every book, blank where no source has it."""
GIVEN_AS = {"product": "product_name", "risk_class": "given_class"}
PARTY = re.compile(r"(guarantor|co_borrower)(_[0-9]+)?")


def party_columns(given: Iterable[str]) -> list[str]:
    """Return those columns that name a guarantor or a co-borrower."""
    return [name for name in given if PARTY.fullmatch(name)]


def _values(one: Source, names: Names, given: Sequence[str]) -> Lazy:
    """A source's rows under the book's columns, with its own beside them, and flags where a cell cannot be read."""
    table = as_book(_cells(one, names), one.layout, names, "")
    blank = {
        name: nw.lit(None, nw.String) for name in party_columns(given) if name not in table.collect_schema().names()
    }
    return table.with_columns(**blank) if blank else table


def _cells(one: Source, names: Names) -> Lazy:
    """A source's columns read, blank rows left out, with flags where a cell cannot be read."""
    schema = one.frame.collect_schema()
    own = list(schema.names())
    kinds = {
        label(column, names): (own[column.index], names.fields[column.field].kind) for column in one.layout.columns
    }
    texts = {TEXT + name: tidied(of, kind) for name, (of, kind) in kinds.items() if schema[of] == nw.String}
    raw = {f"{RAW}{name}": nw.col(name) for name in own}
    columns = {name: nw.col(name) for name in raw}
    for column in one.layout.columns:
        name = label(column, names)
        of, kind = kinds[name]
        values = read(TEXT + name if TEXT + name in texts else RAW + of, kind, schema[of], column.scale)
        columns[name] = values.values
        for code, where in values.trouble.items():
            columns[f"{FLAG}{code if column.field in DECIDING else ASIDE[code]} {name}"] = where
    filled = says_something(one.layout, names) | nw.col(UNREAD)
    return one.frame.select(**raw, **texts).select(**columns).filter(filled)


def _people(one: Source, names: Names) -> Lazy:
    """Further parties from a list of their own: loan_no, role, party."""
    role = one.layout.role.removesuffix("s")
    named = _cells(one, names)
    return named.select("loan_no", nw.lit(role).alias("role"), nw.col(role).alias("party")).drop_nulls()


def _twice(tables: Sequence[Lazy], given: Sequence[str], engine: Engine) -> Twice:
    several = engine.repeated(nw.concat([table.select("loan_no") for table in tables]).drop_nulls())
    if several.is_empty():
        return Twice(several.with_columns(first=0), several)
    these = engine.small(several.select("loan_no"))
    rows = [table.select(*given, nw.lit(nth).alias("source")) for nth, table in enumerate(tables)]
    there = nw.concat(rows).join(these, on="loan_no", how="semi")
    first = there.group_by("loan_no").agg(nw.col("source").min().cast(nw.Int64).alias("first"))
    versions = there.select(list(given)).unique().group_by("loan_no").agg(nw.len().cast(nw.Int64).alias("versions"))
    told = [one.collect("polars").to_native() for one in (first, versions)]
    several = several.join(told[0], on="loan_no").join(told[1], on="loan_no")
    alike = several["versions"] == 1
    return Twice(several.filter(alike), several.filter(~alike))


def _once(table: Lazy, nth: int, twice: Twice, engine: Engine) -> Lazy:
    """Keep one of the rows that repeat each other, in the first source that has them."""
    if twice.repeated.is_empty():
        return table
    every = engine.small(twice.repeated.select("loan_no"))
    here = engine.small(twice.repeated.filter(twice.repeated["first"] == nth).select("loan_no"))
    kept = table.join(here, on="loan_no", how="semi").unique(subset=["loan_no"], keep="any")
    return nw.concat([table.join(every, on="loan_no", how="anti"), kept])


def _marked(table: Lazy, twice: Twice, engine: Engine) -> Lazy:
    """Flag the rows of numbers whose rows differ."""
    if twice.differing.is_empty():
        return table
    name = f"{FLAG}loan-no-duplicate loan_no"
    numbers = engine.small(twice.differing.select("loan_no", pl.lit(value=True).alias(name)))
    return table.join(numbers, on="loan_no", how="left").with_columns(holds(nw.col(name)).alias(name))


def _own_day(tables: Sequence[Lazy], given: Sequence[str]) -> date | None:
    if not any({since, days} <= set(given) for since, days in PAIRS):
        return None
    columns = [one for pair in PAIRS for one in pair]
    return own_day(nw.concat([table.select(columns) for table in tables]))


def _judged(table: Lazy, given: Sequence[str], people: Sequence[Lazy], day: date) -> Lazy:
    """Flag what the rows of a sheet are judged by, and tell which loans are guaranteed."""
    known = {*given, "seen_on", "final_due_on", "product_known"}
    flags = {
        "loan-no-missing loan_no": nw.col("loan_no").is_null() & ~nw.col(UNREAD),
        "borrower-missing borrower": nw.col("borrower").is_null() & ~nw.col(UNREAD),
    }
    flags |= {
        f"{code} {field}": holds(rule) for code, field, rule, facts in CONDITIONS if known.issuperset(facts.values())
    }
    table = _guaranteed(seen(table, day), given, people)
    table = table.with_columns(**{f"{FLAG}{name}": where for name, where in flags.items()})
    secured = holds(nw.col("guarantee_kind").str.contains("保证|担保人|联保"))
    alone = secured & ~nw.col("guaranteed") & ~_bad(table)
    return table.with_columns(alone.alias(f"{FLAG}guarantor-missing guarantee_kind"))


def _guaranteed(table: Lazy, given: Sequence[str], people: Sequence[Lazy]) -> Lazy:
    beside = [~nw.col(name).is_null() for name in party_columns(given) if name.startswith("guarantor")]
    table = table.with_columns(guaranteed=reduce(or_, beside, nw.lit(False)))  # noqa: FBT003 - a literal
    for nth, others in enumerate(people):
        listed = others.filter(nw.col("role") == "guarantor").select("loan_no").unique()
        listed = listed.with_columns(nw.lit(True).alias(f"listed{nth}"))  # noqa: FBT003 - a literal
        table = table.join(listed, on="loan_no", how="left")
        table = table.with_columns(guaranteed=nw.col("guaranteed") | holds(nw.col(f"listed{nth}"))).drop(f"listed{nth}")
    return table


def _flags(table: Lazy) -> dict[str, str]:
    """The flags of a table, each with its code."""
    names = (name for name in table.collect_schema().names() if name.startswith(FLAG))
    return {name: name.removeprefix(FLAG).partition(" ")[0] for name in names}


def _bad(table: Lazy) -> nw.Expr:
    """Whether a row is refused."""
    errors = [nw.col(name) for name, code in _flags(table).items() if catalogue()[code].severity == "error"]
    return reduce(or_, errors)


def _tally(tables: Sequence[Lazy]) -> Lazy:
    """One row for each table: its rows, those accepted, and how often each flag is set."""
    every = list(dict.fromkeys(name for table in tables for name in _flags(table)))
    sums = []
    for table in tables:
        flags = _flags(table)
        sums.append(
            table.with_columns(_bad(table).alias(ACCEPTED)).select(
                nw.len().cast(nw.Int64).alias(ROWS),
                (~nw.col(ACCEPTED)).cast(nw.Int64).sum(),
                *(_times(name, flags).alias(name) for name in every),
            )
        )
    return nw.concat(sums)


def _times(flag: str, there: Mapping[str, str]) -> nw.Expr:
    """How often a flag is set; a table whose columns cannot go wrong in that way has not got it."""
    return nw.col(flag).cast(nw.Int64).sum() if flag in there else nw.lit(0, nw.Int64)


def _refused(table: Lazy) -> Lazy:
    """The refused rows as they stood, with the codes of all that is wrong with them."""
    codes = [nw.when(nw.col(name)).then(nw.lit(code)) for name, code in _flags(table).items()]
    own = [name for name in table.collect_schema().names() if name.startswith(RAW)]
    return table.filter(_bad(table)).select(
        *(nw.col(name).alias(name.removeprefix(RAW)) for name in own),
        nw.concat_str(*codes, separator=" ", ignore_nulls=True).alias("ccm_codes"),
    )
