"""Figures and lists of conversations as files: CSV that a spreadsheet opens and runs nothing of, or Parquet with its types."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from assistant.cart import whole_units
from assistant.insight.filters import Filters
from assistant.insight.views import By, Conversation, Line
from assistant.web.insights.conversations import measure_of
from assistant.web.insights.overview import dimension
from assistant.web.insights.parts import Bureau, page_language
from assistant.web.insights.show import figure_columns
from assistant.web.insights.surveys import survey_rows
from catalog import Locale

Format = Literal["csv", "parquet"]
Row = dict[str, Any]
_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_WHATS = ("series", "breakdown", "conversations", "surveys")
_PAGE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def export_routes(router: APIRouter, bureau: Bureau) -> None:
    """The route of files."""

    @router.get(
        "/export",
        summary="Figures by day or by a dimension, the conversations, or who answers the survey, as CSV or Parquet",
    )
    def export(
        request: Request, what: str, format: str = "csv", by: str = "locale", measure: str = "conversations"
    ) -> Response:
        filters, locale = bureau.filters(request), page_language(request)
        if format not in _TYPES:
            raise HTTPException(422, f"format: must be csv or parquet, not {format[:40]!r}")
        if what not in _WHATS:
            raise HTTPException(422, f"what: must be one of {', '.join(_WHATS)}, not {what[:40]!r}")
        dimension(by)
        measure_of(measure)
        rows = _rows(bureau, filters, locale, what, request)
        name = f"{what}{f'-{by}' if what == 'breakdown' else ''}-{filters.since}-{filters.until}.{format}"
        return as_csv(rows, name) if format == "csv" else as_parquet(rows, name)


def _rows(bureau: Bureau, filters: Filters, locale: Locale, what: str, request: Request) -> Iterator[Row]:
    if what == "conversations":
        return _conversations(bureau, filters, request.query_params.get("measure", "conversations"))
    if what == "surveys":
        return survey_rows(bureau, filters)
    if what == "series":
        return (_line("day", line, bureau, locale) for line in bureau.parts.figures.series(filters))
    return _breakdown(bureau, filters, dimension(request.query_params.get("by", "locale")), locale)


def _breakdown(bureau: Bureau, filters: Filters, by: By, locale: Locale) -> Iterator[Row]:
    offset, total = 0, 1
    while offset < total:
        found = bureau.parts.figures.breakdown(filters, by, limit=_PAGE, offset=offset)
        yield from (_line(by, line, bureau, locale) for line in found.lines)
        offset, total = offset + _PAGE, found.total


def _line(by: By, line: Line, bureau: Bureau, locale: Locale) -> Row:
    label = {"name": bureau.title(line.value, locale)} if by == "product" else {}
    return {by: line.value, **label, **figure_columns(line.measures, bureau.shop.currency())}


def _conversations(bureau: Bureau, filters: Filters, measure: str) -> Iterator[Row]:
    figures, currency = bureau.parts.figures, bureau.shop.currency()
    after: str | None = None
    while True:
        page = figures.conversations(filters, measure_of(measure), after=after, limit=_PAGE)
        yield from (_conversation(one, currency) for one in page.rows)
        after = page.after
        if after is None:
            return


def _conversation(one: Conversation, currency: str) -> Row:
    return {
        "session_id": one.session_id,
        "started_at": one.started_at.isoformat(),
        "locale": one.locale,
        "who": one.who,
        "category": one.category,
        "first_message": one.first_message,
        "kinds": " ".join(one.kinds),
        "turns": one.turns,
        "score": one.score,
        "clicks": one.clicks,
        "carts": one.carts,
        "purchases": one.purchases,
        "revenue": float(whole_units(one.revenue_minor, currency)),
        "currency": currency,
    }


# ---- Files


def as_csv(rows: Iterable[Row], name: str) -> Response:
    """Rows as CSV, sent as they are read. No cell begins like a formula."""
    return StreamingResponse(_lines(rows), media_type=_TYPES["csv"], headers=_named(name))


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "\ufeff"  # by which spreadsheets know that it is UTF-8
    for number, batch in enumerate(_batches(rows, _PAGE)):
        text = io.StringIO()
        writer = csv.DictWriter(text, list(batch[0]))
        if number == 0:
            writer.writeheader()
        writer.writerows({name: shielded(value) for name, value in row.items()} for row in batch)
        yield text.getvalue()


def shielded(value: Any) -> Any:
    """A cell's value, its first character made harmless where a spreadsheet would compute with it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


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
    for batch in _batches(rows, 10 * _PAGE):
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
