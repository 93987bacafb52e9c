"""The figures over HTTP: what happened, against the period before, by day, and by whatever tells conversations apart."""

from typing import Annotated, get_args

from fastapi import APIRouter, HTTPException, Query, Request

from assistant.insight.filters import Filters
from assistant.insight.views import By, Line
from assistant.web.insights.parts import Bureau, Json, one_of, page_language
from assistant.web.insights.show import labelled, show_day, show_measures, show_overview
from catalog import Locale

_BYS = get_args(By)


def overview_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of the figures."""
    figures = bureau.parts.figures

    @router.get("/overview", summary="How many talked, clicked, bought and were satisfied, and in the period before")
    def overview(request: Request) -> Json:
        filters = bureau.filters(request)
        try:
            told = figures.overview(filters)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        currency = told.currency or bureau.shop.currency()
        return show_overview(told, figures.corrected(filters), currency)

    @router.get("/series", summary="The figures of each day")
    def series(request: Request) -> Json:
        currency = bureau.shop.currency()
        lines = figures.series(bureau.filters(request))
        return {"days": [{"day": line.value, **show_day(line.measures, currency)} for line in lines]}

    @router.get("/reasons", summary="Why thumbs were down: how many gave each reason, of all that gave any")
    def reasons(request: Request) -> Json:
        found = figures.reasons(bureau.filters(request))
        return {"total": found.total, "reasons": [{"reason": name, "count": n} for name, n in found.counts.items()]}

    @router.get("/breakdown", summary="The figures of each value of a dimension: language, product, prompt and so on")
    def breakdown(
        request: Request,
        by: str,
        limit: Annotated[int, Query(ge=1, le=200)] = 20,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Json:
        found = figures.breakdown(bureau.filters(request), dimension(by), limit=limit, offset=offset)
        return {
            "by": found.by,
            "total": found.total,
            "offset": found.offset,
            "lines": [show_line(bureau, found.by, line, page_language(request)) for line in found.lines],
        }

    @router.get("/choices", summary="What the filters can be set to")
    def choices(request: Request) -> Json:
        return show_choices(bureau, bureau.filters(request), page_language(request))


def dimension(by: str) -> By:
    """The dimension of that name; 422 where there is none."""
    return one_of("by", by, _BYS)  # type: ignore[no-any-return]


def show_line(bureau: Bureau, by: By, line: Line, locale: Locale) -> Json:
    """A line of a breakdown; a product with its name."""
    label = {"label": bureau.title(line.value, locale)} if by == "product" else {}
    return {"value": line.value, **label, **show_measures(line.measures, bureau.shop.currency())}


def show_choices(bureau: Bureau, filters: Filters, locale: Locale) -> Json:
    """What the filters can be set to, products with their names."""
    found = bureau.parts.figures.choices(filters)
    return {
        "locale": labelled(found.locales),
        "category": labelled(found.categories),
        "product": labelled(found.products, {id: bureau.title(id, locale) for id in found.products}),
        "model": labelled(found.models),
        "prompt": labelled(found.prompts),
        "ranker": labelled(found.rankers),
        "arm": labelled(found.arms),
        "position": labelled(found.positions),
    }
