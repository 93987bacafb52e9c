"""What shoppers think over HTTP: by aspect and product, from day to day, and in their own words."""

from typing import Annotated, get_args

from fastapi import APIRouter, HTTPException, Query, Request

from assistant.insight.intervals import Difference, Share
from assistant.insight.opinions.aspects import aspect_ids, aspect_name
from assistant.insight.opinions.figures import Asked, Opined, OpinionFigures, Quote, Side, Sides
from assistant.insight.opinions.reading import Source
from assistant.web.insights.parts import Bureau, Json, missing, page_language
from catalog import Locale

_PRODUCTS = 12
Named = Annotated[str | None, Query(max_length=40)]


def opinion_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of opinions."""

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


def asked_of(aspect: str | None, side: str | None, source: str | None) -> Asked:
    """What is asked for; 422 names what there is not."""
    choices = {"aspect": (aspect, aspect_ids()), "side": (side, get_args(Side)), "source": (source, get_args(Source))}
    for name, (given, known) in choices.items():
        if given and given not in known:
            raise HTTPException(422, f"{name}: must be one of {', '.join(known)}, not {given!r}")
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
