"""The record's tables as files: CSV, or Parquet with its types, streamed row by row from one snapshot.

JSON columns become JSON text and times are UTC. A file appears under its name only when it is complete. What lets
somebody sign in stays in the database.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Boolean, Column, Connection, Float, Integer, Table, select
from sqlalchemy.engine import make_url
from tqdm import tqdm

from assistant.errors import SetupError
from assistant.record import insight_tables  # noqa: F401  (its tables are exported too)
from assistant.record.columns import Moment
from assistant.record.database import open_database
from assistant.record.tables import Base

Format = Literal["csv", "parquet"]
Write = Callable[[Sequence[tuple[Any, ...]]], None]

_SECRET_TABLES = ("agent_tokens", "sign_in_attempts")
_SECRET_COLUMNS = ("password",)
_PASSING = ("insight_", "deliveries", "mails")  # made anew from the log, or gone once they are sent
TABLES: dict[str, Table] = {
    name: one
    for name, one in Base.metadata.tables.items()
    if name not in _SECRET_TABLES and not name.startswith(_PASSING)
}
_MOMENTS = ("started_at", "finished_at", "shown_at", "at", "created_at")  # a table has one of them at most
_BATCH_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Exported:
    """One table's file and how many rows it holds."""

    table: str
    path: Path
    rows: int


def export(
    url: str, tables: Sequence[str], out: Path, format: Format, since: datetime | None = None
) -> Iterator[Exported]:
    """Write `tables` of the record at `url`, one file each, yielding each when it is complete.

    `out` is a folder, or for one table a file where its suffix is the format's. With `since`, rows from then on; a
    table without times is always written whole. SetupError where there is no record.
    """
    engine = open_database(existing(url))
    if engine.dialect.name == "postgresql":  # SQLite's transactions always see one snapshot
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            for name in tables:
                path = out if len(tables) == 1 and out.suffix == f".{format}" else out / f"{name}.{format}"
                yield Exported(name, path, _export_table(connection, TABLES[name], path, format, since))
    finally:
        engine.dispose()


def existing(url: str) -> str:
    """`url`, where there is a record; SetupError where there is none."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise SetupError(f"there is no record at {parsed.database}: set AISLE_HOME or AISLE_RECORD_URL")
    return url


def _export_table(connection: Connection, table: Table, path: Path, format: Format, since: datetime | None) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    columns = [column for column in table.columns if column.name not in _SECRET_COLUMNS]
    query = select(*columns).order_by(*table.primary_key.columns)
    moment = next((table.columns[name] for name in _MOMENTS if name in table.columns), None)
    if since is not None and moment is not None:
        query = query.where(moment >= since)
    rows = 0
    try:
        with _WRITERS[format](part, columns) as write, tqdm(desc=table.name, disable=None) as bar:
            for batch in connection.execute(query, execution_options={"yield_per": _BATCH_ROWS}).partitions():
                write([_plain(row) for row in batch])
                rows += len(batch)
                bar.update(len(batch))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(json.dumps(one, ensure_ascii=False) if isinstance(one, dict | list) else one for one in row)


@contextmanager
def _csv(path: Path, columns: list[Column[Any]]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in columns)

        def write(rows: Sequence[tuple[Any, ...]]) -> None:
            for row in rows:
                writer.writerow(one.isoformat() if isinstance(one, datetime) else one for one in row)

        yield write


@contextmanager
def _parquet(path: Path, columns: list[Column[Any]]) -> Iterator[Write]:
    import pyarrow
    import pyarrow.parquet

    def kind(column: Column[Any]) -> Any:
        if isinstance(column.type, Moment):
            return pyarrow.timestamp("us", tz="UTC")
        if isinstance(column.type, Integer):
            return pyarrow.int64()
        if isinstance(column.type, Boolean):
            return pyarrow.bool_()
        return pyarrow.float64() if isinstance(column.type, Float) else pyarrow.string()

    schema = pyarrow.schema([pyarrow.field(column.name, kind(column), column.nullable) for column in columns])
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:

        def write(rows: Sequence[tuple[Any, ...]]) -> None:
            arrays = [
                pyarrow.array(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))

        yield write


_WRITERS: dict[Format, Callable[[Path, list[Column[Any]]], AbstractContextManager[Write]]] = {
    "csv": _csv,
    "parquet": _parquet,
}
