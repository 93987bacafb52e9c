"""What shoppers think over HTTP: by aspect and product, from day to day, and in their own words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from assistant.insight.filters import Filters
from assistant.insight.intervals import Difference, Share
from assistant.insight.opinions.aspects import aspect_ids, aspect_name
from assistant.insight.opinions.figures import Asked, Opined, OpinionFigures, Quote, Side, Sides
from assistant.insight.opinions.reading import Source
from assistant.web.insights.conversations import Cursor, Form, Limit, Pages, listed
from assistant.web.insights.files import paged, require_format, sent
from assistant.web.insights.parts import Bureau, Json, missing, one_of, page_language
from catalog import Locale

_PRODUCTS = 12
_WHATS = ("aspects", "products", "days", "quotes")
Named = Annotated[str | None, Query(max_length=40)]


def opinion_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of opinions."""
    _counted(router, bureau)
    _behind(router, bureau)


def _counted(router: APIRouter, bureau: Bureau) -> None:
    @router.get("/opinions", summary="How many praise and how many complain, by aspect and product")
    def opinions(request: Request, source: Named = None) -> Json:
        filters, locale, asked = bureau.filters(request), page_language(request), asked_of(None, None, source)
        figures = _figures(bureau)
        products = figures.by_product(filters, asked, _PRODUCTS)
        return {
            "total": show_opined(figures.total(filters, asked)),
            "aspects": [
                show_opined(one) | {"name": aspect_name(one.value, locale)} for one in figures.by_aspect(filters, asked)
            ],
            "products": [show_opined(one) | {"name": bureau.title(one.value, locale)} for one in products],
        }

    @router.get("/opinions/series", summary="The opinions of each day, of one aspect or of all")
    def series(request: Request, aspect: Named = None, source: Named = None) -> Json:
        days = _figures(bureau).series(bureau.filters(request), asked_of(aspect, None, source))
        return {"days": [{"day": one.day, **show_sides(one.sides)} for one in days]}

    @router.get("/opinions/quotes", summary="What was said, the newest first")
    def quotes(
        request: Request,
        aspect: Named = None,
        side: Named = None,
        source: Named = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 10,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Json:
        filters, locale = bureau.filters(request), page_language(request)
        page = _figures(bureau).quotes(filters, asked_of(aspect, side, source), limit=limit, offset=offset)
        return {"total": page.total, "offset": offset, "quotes": [_quote(bureau, one, locale) for one in page.lines]}


def _behind(router: APIRouter, bureau: Bureau) -> None:
    @router.get(
        "/opinions/conversations",
        summary="The conversations in which such opinions were said, newest first; `reviews` is how many were said in none",
        response_model=None,
    )
    def conversations(
        request: Request,
        aspect: Named = None,
        side: Named = None,
        source: Named = None,
        cursor: Cursor = None,
        limit: Limit = 50,
        format: Form = "json",
    ) -> Json | Response:
        figures, filters, asked = _figures(bureau), bureau.filters(request), asked_of(aspect, side, source)
        pages: Pages = lambda after, n: figures.conversations(filters, asked, after, n)  # noqa: E731
        told = listed(bureau, pages, cursor, limit, format)
        return told | {"reviews": figures.of_none(filters, asked)} if isinstance(told, dict) else told

    @router.get("/opinions/export", summary="Opinions by aspect, product or day, or every quote, as CSV or Parquet")
    def export(request: Request, what: str = "aspects", source: Named = None, format: Form = "csv") -> Response:
        filters, asked = bureau.filters(request), asked_of(None, None, source)
        require_format(format)
        one_of("what", what, _WHATS)
        rows = _rows(bureau, filters, asked, what, page_language(request))
        return sent(rows, f"opinions-{what}-{filters.since}-{filters.until}", format)


def _rows(bureau: Bureau, filters: Filters, asked: Asked, what: str, locale: Locale) -> Iterator[Json]:
    figures = _figures(bureau)
    if what == "days":
        return ({"day": one.day, **_columns(one.sides)} for one in figures.series(filters, asked))
    if what == "quotes":
        return _quotes(bureau, filters, asked, locale)
    if what == "products":
        named = ((one, bureau.title(one.value, locale)) for one in figures.by_product(filters, asked, None))
        return _opined(named, "product_id")
    return _opined(((one, aspect_name(one.value, locale)) for one in figures.by_aspect(filters, asked)), "aspect")


def _opined(lines: Iterable[tuple[Opined, str]], by: str) -> Iterator[Json]:
    for one, name in lines:
        before = {f"{name}_before": value for name, value in _columns(one.before).items()}
        yield {by: one.value, "name": name, **_columns(one.now), **before}


def _columns(sides: Sides) -> Json:
    shares = {"negative": sides.negative, "positive": sides.positive}
    bounded = {f"{name}_{part}": value for name, one in shares.items() for part, value in _share(one).items()}
    return {"opinions": sides.n, **bounded}


def _quotes(bureau: Bureau, filters: Filters, asked: Asked, locale: Locale) -> Iterator[Json]:
    def page(offset: int, limit: int) -> tuple[Sequence[Quote], int]:
        found = _figures(bureau).quotes(filters, asked, limit=limit, offset=offset)
        return found.lines, found.total

    for one in paged(page):
        yield {name: "" if value is None else value for name, value in _quote(bureau, one, locale).items()}


def asked_of(aspect: str | None, side: str | None, source: str | None) -> Asked:
    """What is asked for; 422 names what there is not."""
    choices = {"aspect": (aspect, aspect_ids()), "side": (side, get_args(Side)), "source": (source, get_args(Source))}
    for name, (given, known) in choices.items():
        if given:
            one_of(name, given, known)
    return Asked(aspect or None, side or None, source or None)  # type: ignore[arg-type]


def show_opined(one: Opined) -> Json:
    """What is thought of one thing, now and before."""
    return {"value": one.value, **show_sides(one.now), "before": show_sides(one.before), "change": _change(one.change)}


def show_sides(sides: Sides) -> Json:
    """How many opinions there are, and which share of them complains and praises."""
    return {"n": sides.n, "negative": _share(sides.negative), "positive": _share(sides.positive)}


def _share(one: Share) -> Json:
    low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
    return {"count": one.count, "value": one.value, "low": low, "high": high}


def _change(one: Difference) -> Json:
    return {"value": one.value, "sure": one.sure}


def _quote(bureau: Bureau, one: Quote, locale: Locale) -> Json:
    return {
        "id": one.id,
        "words": one.words,
        "source": one.source,
        "aspect": one.aspect,
        "aspect_name": aspect_name(one.aspect, locale),
        "polarity": one.polarity,
        "locale": one.locale,
        "product_id": one.product_id,
        "product": bureau.title(one.product_id, locale) if one.product_id else None,
        "session_id": one.session_id,
        "at": one.at.isoformat(),
    }


def _figures(bureau: Bureau) -> OpinionFigures:
    if bureau.parts.opinions is None:
        raise missing("reading of opinions")
    return bureau.parts.opinions
