"""Figures and the list of conversations as files."""

from collections.abc import Iterator, Sequence
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.insight.filters import Filters
from assistant.insight.views import By, Line
from assistant.web.insights.conversations import everything, measure_of
from assistant.web.insights.files import Row, paged, require_format, sent
from assistant.web.insights.overview import dimension
from assistant.web.insights.parts import Bureau, one_of, page_language
from assistant.web.insights.show import figure_columns
from assistant.web.insights.surveys import survey_rows
from catalog import Locale

_WHATS = ("series", "breakdown", "conversations", "surveys")
_PAGE = 500


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
        require_format(format)
        one_of("what", what, _WHATS)
        dimension(by)
        measure_of(measure)
        rows = _rows(bureau, filters, locale, what, request)
        return sent(rows, f"{what}{f'-{by}' if what == 'breakdown' else ''}-{filters.since}-{filters.until}", format)


def _rows(bureau: Bureau, filters: Filters, locale: Locale, what: str, request: Request) -> Iterator[Row]:
    if what == "conversations":
        measure = measure_of(request.query_params.get("measure", "conversations"))
        pages = partial(bureau.parts.figures.conversations, filters, measure)
        return everything(lambda after, limit: pages(after=after, limit=limit), bureau.shop.currency())
    if what == "surveys":
        return survey_rows(bureau, filters)
    if what == "series":
        return (_line("day", line, bureau, locale) for line in bureau.parts.figures.series(filters))
    return _breakdown(bureau, filters, dimension(request.query_params.get("by", "locale")), locale)


def _breakdown(bureau: Bureau, filters: Filters, by: By, locale: Locale) -> Iterator[Row]:
    def page(offset: int, limit: int) -> tuple[Sequence[Line], int]:
        found = bureau.parts.figures.breakdown(filters, by, limit=limit, offset=offset)
        return found.lines, found.total

    return (_line(by, line, bureau, locale) for line in paged(page))


def _line(by: By, line: Line, bureau: Bureau, locale: Locale) -> Row:
    label = {"name": bureau.title(line.value, locale)} if by == "product" else {}
    return {by: line.value, **label, **figure_columns(line.measures, bureau.shop.currency())}
