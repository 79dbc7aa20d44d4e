"""`ccm triage … --out DIR`: a book that no memory holds, triaged into folders of Parquet."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ccm.cli.app import console, print_json, progress
from ccm.errors import CcmError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ccm.bulk.book import Book
    from ccm.bulk.engine import Engine
    from ccm.bulk.outcome import Outcome
    from ccm.policy import Policy
    from ccm.workspace import Workspace

COMPUTED = ("guaranteed", "overdue_principal_cents", "overdue_interest_cents",
            "principal_dpd", "interest_dpd", "dpd", "stage", "risk_class", "class_by")  # fmt: skip
"""What the loans that are written have beside the columns of the source."""


@contextmanager
def engine_of(kind: str, out: str, master: str | None) -> Iterator[Engine]:
    """Start an engine, and close it whatever happens.

    Raises:
        CcmError: `out-taken`, `file-unwritable`, `no-spark`.
    """
    from ccm.bulk.engine import Cluster, Stream

    with closing(Cluster(out, master_of(master)) if kind == "spark" else Stream(Path(out))) as engine:
        yield engine


def master_of(asked: str | None) -> str | None:
    """Return the master to start Spark with: the one asked for, else this machine.

    spark-submit has chosen one already, and says so by the gateway it opens: then None.
    """
    return asked or (None if "PYSPARK_GATEWAY_PORT" in os.environ else "local[2]")


@contextmanager
def tables_as_files(tables: Sequence[str], variable: str) -> Iterator[list[Path]]:
    """Copy tables of the database that a variable names to files, which are gone when the block ends.

    Raises:
        CcmError: `database-unset`, `database-failed`.
    """
    if not tables:
        yield []
        return
    from ccm.database import write_table

    if not (url := os.environ.get(variable)):
        raise CcmError("database-unset", where="--table", variable=variable)
    with TemporaryDirectory(prefix="ccm-") as folder, progress("正在读数据库……"):
        files = [Path(folder) / table.replace("/", "_") for table in tables]
        for table, file in zip(tables, files, strict=True):
            write_table(url, table, file)
        yield files


def triage_large(
    ledgers: Mapping[str, str], place: Workspace, policy: Policy, day: date, engine: Engine, out: str
) -> Outcome:
    """Read, check, classify and write; `loans`, `duties` and `refused` are folders of `out`.

    `ledgers` maps the names of sources to their places.

    Raises:
        CcmError: A source that cannot be read, or `not-a-ledger`.
    """
    import narwhals as nw

    from ccm.bulk.book import check, counted, source
    from ccm.bulk.outcome import Outcome
    from ccm.bulk.owed import owed
    from ccm.cli import journey, reading

    names = reading.names_of(place)
    sources = [source(name, engine.scan(where), names) for name, where in ledgers.items()]
    book = check(sources, names, day, engine)
    classified = classified_large(book, policy, day, engine)
    columns = list(dict.fromkeys((*book.given, *COMPUTED)))
    standing = classified.filter(~nw.col("stage").is_null()).select(columns)
    tally = engine.write(standing, "loans", ["stage"], beside=book.tally)
    counts, loans = counted(book, tally), engine.written("loans")
    done = journey.recorded_in(place).done
    engine.write(owed(loans, book.people, policy, day, engine, done), "duties", ["stage"])
    headers = tuple(finding for one in sources for finding in one.findings)
    outcome = Outcome(counts, headers, _totals(loans), _height(engine.written("duties")), out)
    if outcome.refused:
        for nth, rows in enumerate(book.refused.values(), start=1):
            engine.write(rows, f"refused/{nth}", [])
    engine.finish()
    return outcome


def classified_large(book: Book, policy: Policy, day: date, engine: Engine) -> Any:  # noqa: ANN401 - a lazy frame
    """Classify a book after summing what its debtors owe, which takes reading it once more."""
    import narwhals as nw
    import polars as pl

    from ccm.classify import classify, debts

    loans = book.good.to_native()
    sums = pl.DataFrame(schema={"debtor": pl.String, "debtor_cents": pl.Int64, "debtor_bad_cents": pl.Int64})
    if "id_no" in book.given:
        sums = nw.from_native(debts(loans, policy, day)).collect("polars").to_native()
    return nw.from_native(classify(loans, policy, day, engine.small(sums).to_native()))


def _height(frame: Any) -> int:  # noqa: ANN401 - a lazy frame
    import narwhals as nw

    return int(frame.select(nw.len()).collect("polars").item())


def _totals(loans: Any) -> dict[int, tuple[int, int, int, int | None]]:  # noqa: ANN401
    import narwhals as nw

    cents = ("overdue_principal_cents", "overdue_interest_cents", "balance_cents")
    sums = loans.group_by("stage").agg(
        nw.len().cast(nw.Int64).alias("loans"),
        *(nw.col(one).sum() for one in cents),
        nw.col("balance_cents").count().cast(nw.Int64).alias("balances"),
    )
    return {
        stage: (count, int(principal or 0), int(interest or 0), int(balance or 0) if balances else None)
        for stage, count, principal, interest, balance, balances in sums.collect("polars").iter_rows()
    }


def tell(outcome: Outcome, ledgers: Sequence[str], policy: Policy, day: date, *, as_json: bool) -> None:
    """Print what came of it."""
    if as_json:
        from ccm.wire.large import large_json

        print_json(large_json(outcome, list(ledgers), policy, day))
        return
    from ccm.screen.large import show_large

    show_large(console(), outcome, policy, day)
