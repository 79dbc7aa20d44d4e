"""The two engines: Polars in a stream on this machine, Spark on this machine or a cluster.

All they do differently is opening and writing; what lies between is Narwhals.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw
import polars as pl

from ccm.errors import CcmError
from ccm.safe import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

Lazy = Any
"""A lazy Narwhals frame; its type has a parameter for each engine, which says nothing here."""


class Engine(Protocol):
    """What opens and writes large books; a folder that is written is whole once `finish` has ended.

    `trouble` is what the engine raises where a source turns out, on the way, to be broken.
    """

    trouble: tuple[type[Exception], ...]

    def told(self, error: Exception, where: str) -> CcmError:
        """Return what such a trouble is in words; `where` names the sources."""

    def scan(self, place: str) -> Lazy:
        """Open a Parquet file, or a folder of them."""

    def small(self, frame: pl.DataFrame) -> Lazy:
        """Bring a small frame to where the large ones are."""

    def keep(self, frame: Lazy) -> Lazy:
        """Hold what a frame gives ready for several passes, where the engine gains by it."""

    def repeated(self, numbers: Lazy) -> pl.DataFrame:
        """Return what stands more than once in the column `loan_no`, and how many `rows` each has."""

    def write(self, frame: Lazy, name: str, by: Sequence[str], beside: Lazy | None = None) -> pl.DataFrame:
        """Write a frame as the folder `name` of the output, parted by columns; collect `beside` in the same pass."""

    def written(self, name: str) -> Lazy:
        """Open a folder that was written."""

    def finish(self) -> None:
        """Give the output its name: the work is done."""

    def close(self) -> None:
        """Let go of everything; what is not finished is taken away."""


class Stream:
    """Polars: a row group at a time, so that memory stays flat however many rows there are."""

    def __init__(self, out: Path) -> None:
        """Check that nothing is in the way at `out`.

        Raises:
            CcmError: `out-taken`, `file-unwritable`.
        """
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise CcmError("out-taken", where=str(out))
        pl.Config.set_engine_affinity("streaming")
        self.trouble: tuple[type[Exception], ...] = (pl.exceptions.PolarsError, nw.exceptions.NarwhalsError)
        self._out, self._work = out, out.with_name(f".ccm-{out.name}")
        try:
            shutil.rmtree(self._work, ignore_errors=True)
            self._work.mkdir(parents=True)
        except OSError as error:
            raise CcmError("file-unwritable", where=str(out), reason=spoken(error)) from error

    def told(self, error: Exception, where: str) -> CcmError:  # noqa: ARG002 - what Polars says is for programmers
        """It broke off while it was read."""
        return CcmError("file-broken", where=where, reason="读到一半读不下去了")

    def scan(self, place: str) -> Lazy:
        """Open a Parquet file or a folder; what the folder's names say is a column too.

        Raises:
            CcmError: `file-missing`, `file-broken`.
        """
        path = Path(place)
        if not path.exists():
            raise CcmError("file-missing", file=place)
        try:
            found = pl.scan_parquet(path / "**/*.parquet" if path.is_dir() else path, hive_partitioning=path.is_dir())
            found.collect_schema()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise CcmError("file-broken", where=place, reason="内容读不出来") from error
        return nw.from_native(found)

    def small(self, frame: pl.DataFrame) -> Lazy:
        """Take it as it is."""
        return nw.from_native(frame.lazy())

    def keep(self, frame: Lazy) -> Lazy:
        """Read anew each time: that is faster than to write and read what was read."""
        return frame

    def repeated(self, numbers: Lazy) -> pl.DataFrame:
        """Sort digests of 8 bytes instead of grouping the numbers: a sixth of the memory, a quarter of the time."""
        found = numbers.to_native()
        digest = pl.col("loan_no").hash().alias("digest")
        every = found.select(digest).collect()["digest"].sort()
        twice = every.filter(every == every.shift(1)).unique()
        if twice.is_empty():
            return pl.DataFrame(schema={"loan_no": pl.String, "rows": pl.Int64})
        # Two numbers may share a digest: the numbers themselves decide.
        alike = found.with_columns(digest).join(pl.LazyFrame({"digest": twice}), on="digest", how="semi")
        counted: pl.DataFrame = alike.group_by("loan_no").agg(pl.len().cast(pl.Int64).alias("rows")).collect()
        return counted.filter(counted["rows"] > 1)

    def write(self, frame: Lazy, name: str, by: Sequence[str], beside: Lazy | None = None) -> pl.DataFrame:
        """Sink a frame; the folder has at least one file, so that it can be read again.

        Raises:
            CcmError: `file-unwritable`.
        """
        place = self._work / name
        target: Any = pl.PartitionBy(place, key=list(by)) if by else place / "0.parquet"
        sink = frame.to_native().sink_parquet(target, mkdir=True, maintain_order=False, compression="lz4", lazy=True)
        try:
            _, *others = pl.collect_all([sink, *([] if beside is None else [beside.to_native()])])
            if not any(place.rglob("*.parquet")):
                place.mkdir(exist_ok=True)
                frame.head(0).collect("polars").to_native().write_parquet(place / "0.parquet")
        except OSError as error:
            raise CcmError("file-unwritable", where=str(self._out), reason=spoken(error)) from error
        return others[0] if others else pl.DataFrame()

    def written(self, name: str) -> Lazy:
        """Open it in the working folder."""
        return self.scan(str(self._work / name))

    def finish(self) -> None:
        """Rename the working folder.

        Raises:
            CcmError: `file-unwritable`.
        """
        try:
            if self._out.exists():
                self._out.rmdir()
            self._work.rename(self._out)
        except OSError as error:
            raise CcmError("file-unwritable", where=str(self._out), reason=spoken(error)) from error

    def close(self) -> None:
        """Take the working folder away where it was not finished."""
        shutil.rmtree(self._work, ignore_errors=True)


def session(name: str, master: str | None) -> Any:  # noqa: ANN401 - pyspark has its own types
    """Start or join a Spark session; without a `master`, the one that spark-submit has chosen.

    Raises:
        CcmError: `no-spark` where pyspark or Java is missing, or the master does not answer.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise CcmError("no-spark", reason="没有安装 pyspark") from error
    builder = SparkSession.builder.appName(name)
    builder = builder.master(master) if master else builder
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if master and master.startswith("local") and (megabytes := _half_the_memory()):
        builder = builder.config("spark.driver.memory", f"{megabytes}m")  # there all is done by the driver, with 1 GB
    try:
        started = builder.getOrCreate()
    except Exception as error:
        raise CcmError("no-spark", reason=str(error).splitlines()[0]) from error
    started.sparkContext.setLogLevel("ERROR")
    return started


def _half_the_memory() -> int:
    """Return half of this machine's memory in megabytes, 0 where it does not say (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**21
    except (AttributeError, ValueError, OSError):
        return 0


class Cluster:
    """Spark: any path it reads, on any master; the workers need no ccm, for all is Spark's own expressions."""

    def __init__(self, out: str, master: str | None) -> None:
        """Start or join a session; without a `master`, the one that spark-submit has chosen.

        Raises:
            CcmError: `no-spark` where pyspark or Java is missing, `out-taken`.
        """
        self.session = session("ccm triage", master)
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        self.out = out.rstrip("/")
        self.trouble: tuple[type[Exception], ...] = (PySparkException, Py4JError, nw.exceptions.NarwhalsError)
        self._schemas: dict[str, Any] = {}
        if self._exists(self.out):
            self.close()
            raise CcmError("out-taken", where=out)

    def told(self, error: Exception, where: str) -> CcmError:
        """It broke off while it was read, or there was not memory enough."""
        if re.search("OutOfMemory|OUT_OF_MEMORY|UNABLE_TO_ACQUIRE_MEMORY", str(error)):
            return CcmError("no-spark", reason="内存不够；集群上加大 --executor-memory，本机上换 --engine polars")
        return CcmError("file-broken", where=where, reason="读到一半读不下去了")

    def _path(self, place: str) -> Any:  # noqa: ANN401 - an object of Java
        java: Any = self.session._jvm  # noqa: SLF001 - there is no other way to Hadoop's file systems
        return java.org.apache.hadoop.fs.Path(place)

    def _exists(self, place: str) -> bool:
        path = self._path(place)
        return bool(path.getFileSystem(self.session._jsc.hadoopConfiguration()).exists(path))  # noqa: SLF001

    def scan(self, place: str) -> Lazy:
        """Open whatever Parquet Spark finds there.

        Raises:
            CcmError: `file-missing`, `file-broken`.
        """
        if not self._exists(place):
            raise CcmError("file-missing", file=place)
        try:
            return nw.from_native(self.session.read.parquet(place))
        except self.trouble as error:
            raise CcmError("file-broken", where=place, reason="内容读不出来") from error

    def small(self, frame: pl.DataFrame) -> Lazy:
        """Send it along."""
        schema = ", ".join(f"`{name}` {SQL_TYPES[kind]}" for name, kind in frame.schema.items())
        return nw.from_native(self.session.createDataFrame(frame.rows(), schema))

    def keep(self, frame: Lazy) -> Lazy:
        """Persist it, in memory and on the disk: Spark also plans each later pass from here, not from the source."""
        return nw.from_native(frame.to_native().persist())

    def repeated(self, numbers: Lazy) -> pl.DataFrame:
        """Group them; what does not fit into memory Spark spills."""
        counted = numbers.group_by("loan_no").agg(nw.len().cast(nw.Int64).alias("rows")).filter(nw.col("rows") > 1)
        found: pl.DataFrame = counted.collect("polars").to_native()
        return found

    def write(self, frame: Lazy, name: str, by: Sequence[str], beside: Lazy | None = None) -> pl.DataFrame:
        """Write a frame, then collect; Spark itself writes to a side folder and renames.

        Raises:
            CcmError: `file-unwritable`.
        """
        place = f"{self.out}/{name}"
        try:
            frame.to_native().write.partitionBy(*by).parquet(place)
        except self.trouble as error:
            if re.search("FAILED_READ_FILE|MEMORY|OutOfMemory", str(error)):
                raise
            raise CcmError("file-unwritable", where=place, reason=str(error).splitlines()[0][:200]) from error
        self._schemas[name] = frame.to_native().schema
        return pl.DataFrame() if beside is None else beside.collect("polars").to_native()

    def written(self, name: str) -> Lazy:
        """Open it with the types it was written with: the names of folders do not tell numbers from words."""
        schema = self._schemas[name]
        frame = self.session.read.schema(schema).parquet(f"{self.out}/{name}")
        return nw.from_native(frame.select(schema.names))

    def finish(self) -> None:
        """Nothing is left to do: each folder says by its _SUCCESS that it is whole."""

    def close(self) -> None:
        """End the session."""
        self.session.stop()


SQL_TYPES: dict[Any, str] = {pl.String: "string", pl.Int64: "bigint", pl.Boolean: "boolean", pl.Date: "date"}
