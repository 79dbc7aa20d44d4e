"""A book that is triaged in a stream, or on Spark, is what it would be if it were read whole."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from books import books, codes, emptied, triaged
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ccm.bulk.engine import Cluster, Stream
from ccm.cases import cases
from ccm.classify import classify
from ccm.cli import reading
from ccm.duties import duties
from ccm.workspace import Workspace
from conftest import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from ccm.ledger.check import Checked
    from ccm.ledger.columns import Names
    from ccm.model import Done
    from ccm.policy import Policy

CELLWISE = {"guarantor-address", "id-wrong", "loan-no-short", "phone-wrong"}
"""What only a sheet is checked for: it takes a cell to mend it."""
shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""Without shrinking: a failing book of 25 rows is read more easily than a run of minutes is waited for."""


def whole(paths: list[Path]) -> Checked:
    return reading.read_book(paths, Workspace(paths[0].parent), AS_OF, lambda: None, None)


@given(first=books(20), second=books(20))
@shared
def test_two_ledgers_in_a_stream_are_what_they_are_when_read_whole(
    tmp_path: Path, names: Names, policy: Policy, first: pl.DataFrame, second: pl.DataFrame
) -> None:
    """One may have typed columns and the other texts, which go wrong in more ways."""
    folder = emptied(tmp_path / "book")
    with closing(Stream(folder / "out")) as engine:
        large = triaged([first, second], engine, folder, names, policy)
    checked = whole([folder / "0.parquet", folder / "1.parquet"])
    small = classify(checked.ledger.loans, policy, AS_OF)

    shown = [name for name in large["all"].columns if name in small.columns]
    assert_frame_equal(
        large["all"].select(shown).sort("loan_no"), small.select(shown).sort("loan_no"), check_row_order=True
    )
    told = {code: count for code, count in codes(checked.findings).items() if code not in CELLWISE}
    if "row-repeated" not in told:  # of rows that repeat each other a sheet counts each one's findings
        assert dict(large["counts"].findings) == told
    assert large["counts"].rows == checked.ledger.rows
    of_cases = {
        (case.loan_no, duty.id, duty.role, duty.party, duty.state, (duty.due_on - AS_OF).days)
        for case in cases(small, checked.ledger.parties, AS_OF)
        for duty in duties(case, policy, AS_OF)
    }
    keys = large["duties"].select("loan_no", "id", "role", "party", "state", "days_left")
    assert set(keys.rows()) == of_cases
    assert keys.height == len(of_cases)


DONE: Done = {f"0062{nth:04d}": {("loan-overdue-letter", "borrower", "张三"): AS_OF} for nth in range(1, 40)}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("pyspark")
    with closing(Cluster(str(tmp_path_factory.mktemp("spark") / "out"), "local[2]")) as cluster:
        cluster.session.conf.set("spark.sql.shuffle.partitions", 2)
        yield cluster


@pytest.mark.slow
@given(first=books(80), second=books(80), done=st.sampled_from([{}, DONE]))
@settings(shared, max_examples=2)
def test_both_engines_give_the_same_book_in_every_column(
    spark: Cluster, tmp_path: Path, names: Names, policy: Policy, first: pl.DataFrame, second: pl.DataFrame, done: Done
) -> None:
    folder = emptied(tmp_path / "book")
    with closing(Stream(folder / "out")) as engine:
        stream = triaged([first, second], engine, folder, names, policy, done)
    emptied(Path(spark.out))
    spark.session.catalog.clearCache()  # a book of the same name was kept
    cluster = triaged([first, second], spark, folder, names, policy, done)

    assert stream.pop("counts") == cluster.pop("counts")
    assert stream.keys() == cluster.keys()
    for name, frame in stream.items():
        assert_frame_equal(cluster[name], frame)
