"""A table of a database as a Parquet file: read once, in batches, so that any size passes through little memory.

ADBC is Arrow's own way into databases; its drivers for PostgreSQL and SQLite are the extra `ccm[database]`.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ccm.errors import CcmError

if TYPE_CHECKING:
    from pathlib import Path

DRIVERS = {
    "postgresql": "adbc_driver_postgresql",
    "postgres": "adbc_driver_postgresql",
    "sqlite": "adbc_driver_sqlite",
}


def write_table(url: str, table: str, path: Path) -> None:
    """Write a whole table, as one reading sees it, to a Parquet file.

    Args:
        url: `postgresql://name:password@host/database`, or `sqlite:///file`.
        table: The table's or view's name, with its schema where needed: `risk.loans`.
        path: The file to write; its columns have the table's names.

    Raises:
        CcmError: `database-failed`; neither message nor place says the password.
    """
    place = f"{spoken(url)} {table}"
    try:
        with closing(_connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608 - quoted, and the user's own database
            _write(cursor.fetch_record_batch(), path)
    except ImportError as error:
        reason = "没有安装读数据库的组件：pip install 'ccm[database]'"
        raise CcmError("database-failed", where=place, reason=reason) from error
    except Exception as error:
        if isinstance(error, CcmError):
            raise
        # Drivers raise kinds of their own; the chain is cut because what they say may repeat the address.
        raise CcmError("database-failed", where=place, reason=without_secrets(str(error), url)) from None


def _connect(url: str) -> Any:  # noqa: ANN401 - the driver's own
    from importlib import import_module

    scheme = urlsplit(url).scheme
    if scheme not in DRIVERS:
        known = "、".join(sorted(set(DRIVERS) - {"postgres"}))
        raise CcmError("database-failed", where=spoken(url), reason=f"不认识这种数据库；认得 {known}")
    driver = import_module(f"{DRIVERS[scheme]}.dbapi")
    if scheme == "sqlite":
        # SQLite makes a database of a name that is not there; a ledger is only read.
        return driver.connect(f"file:{unquote(urlsplit(url).path)[1:]}?mode=ro")
    return driver.connect(url)


def _write(batches: Any, path: Path) -> None:  # noqa: ANN401 - Arrow's own
    """Write batches; a type of the database's own, like an exact number, comes as the text that the driver keeps."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = [pa.field(one.name, getattr(one.type, "storage_type", one.type)) for one in batches.schema]
    with pq.ParquetWriter(path, pa.schema(plain), compression="lz4") as out:
        for batch in batches:
            columns = [getattr(column, "storage", column) for column in batch.columns]
            out.write_batch(pa.record_batch(columns, schema=out.schema))


def quoted(table: str) -> str:
    """Return a table's name as SQL takes it, whatever is in it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))


def spoken(url: str) -> str:
    """Return an address without name and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def without_secrets(message: str, url: str) -> str:
    """Return the first line of a driver's message without the address and the password in it."""
    password = urlsplit(url).password or ""
    line = re.sub(r"^\w+: ", "", message.strip().splitlines()[0] if message.strip() else "连不上")
    for secret in filter(None, (url, password, unquote(password))):
        line = line.replace(secret, "…")
    return line
