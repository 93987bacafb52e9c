"""Rows as files: CSV that a spreadsheet opens and runs nothing of, or Parquet with its types. Knows no figure."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from fastapi import HTTPException
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from assistant.insight.gaps.export import safe

Row = dict[str, Any]
One = TypeVar("One")
_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_BATCH = 500


def paged(read: Callable[[int, int], tuple[Sequence[One], int]]) -> Iterator[One]:
    """All of a list, of which `read` gives what follows a place, so many at most, and how many there are in all."""
    offset, total = 0, 1
    while offset < total:
        some, total = read(offset, _BATCH)
        yield from some
        offset += _BATCH


def sent(rows: Iterable[Row], name: str, format: str) -> Response:
    """Rows as a file of that name and format; 422 where there is no such format."""
    file = f"{name}.{require_format(format)}"
    return as_csv(rows, file) if format == "csv" else as_parquet(rows, file)


def require_format(format: str) -> str:
    """The format; 422 where there is none of that name."""
    if format not in _TYPES:
        raise HTTPException(422, f"format: must be csv or parquet, not {format[:40]!r}")
    return format


def as_csv(rows: Iterable[Row], name: str) -> Response:
    """Rows as CSV, sent as they are read. No cell begins like a formula."""
    return StreamingResponse(_lines(rows), media_type=_TYPES["csv"], headers=_named(name))


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "\ufeff"  # by which spreadsheets know that it is UTF-8
    for number, batch in enumerate(_batches(rows, _BATCH)):
        text = io.StringIO()
        writer = csv.DictWriter(text, list(batch[0]))
        if number == 0:
            writer.writeheader()
        writer.writerows({name: shielded(value) for name, value in row.items()} for row in batch)
        yield text.getvalue()


def shielded(value: Any) -> Any:
    """A cell's value, text that a spreadsheet would compute with made harmless."""
    return safe(value) if isinstance(value, str) else value


def as_parquet(rows: Iterable[Row], name: str) -> Response:
    """Rows as Parquet; the file is gone once it has been sent."""
    with tempfile.NamedTemporaryFile(suffix=".parquet", delete=False) as file:
        path = Path(file.name)
    try:
        _write(rows, path)
    except BaseException:
        path.unlink()
        raise
    return FileResponse(
        path, media_type=_TYPES["parquet"], headers=_named(name), background=BackgroundTask(path.unlink)
    )


def _write(rows: Iterable[Row], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for batch in _batches(rows, 10 * _BATCH):
        table = pa.table({name: pa.array([row[name] for row in batch], _type(pa, batch, name)) for name in batch[0]})
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is None:
        pq.write_table(pa.table({}), path)
    else:
        writer.close()


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def _type(pa: Any, batch: Sequence[Row], name: str) -> Any:
    """A column's type, the same in every batch: a number that may be missing is a float."""
    value = next((row[name] for row in batch if row[name] is not None), None)
    if isinstance(value, str):
        return pa.string()
    return pa.int64() if isinstance(value, int) and not isinstance(value, bool) else pa.float64()


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
