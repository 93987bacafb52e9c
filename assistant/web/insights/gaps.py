"""What shoppers wanted and did not get over HTTP: the lists, the conversations behind each thing, and what there is to do."""

from dataclasses import asdict
from typing import Annotated, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from assistant.cart import whole_units
from assistant.insight.gaps import Gaps, Item, Listed
from assistant.insight.gaps.export import to_csv, to_rows
from assistant.insight.gaps.types import List
from assistant.insight.gaps.words import stated
from assistant.web.insights.conversations import Cursor, Form, Limit, Pages, listed
from assistant.web.insights.files import require_format, sent
from assistant.web.insights.parts import Bureau, Json, missing, one_of, page_language
from catalog import Locale

_LISTS = get_args(List)
_EXPORTED = 1_000  # things of each list
Named = Annotated[str | None, Query(max_length=400)]


def gap_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of gaps."""

    @router.get("/gaps", summary="What shoppers wanted and did not get, most wanted first")
    def gaps(
        request: Request, list: Named = None, limit: Annotated[int, Query(ge=1, le=200)] = 10
    ) -> Json:  # fmt: skip
        filters, locale = bureau.filters(request), page_language(request)
        report = _gaps(bureau).report(filters, list_of(list) if list else None, limit)
        lists = [show_list(one, report.currency, locale) for one in report.lists]
        return {"conversations": report.conversations, "currency": report.currency, "lists": lists}

    @router.get(
        "/gaps/conversations",
        summary="The conversations in which one thing was wanted, or anything of a list, newest first",
        response_model=None,
    )
    def conversations(
        request: Request,
        list: Named = None,
        key: Named = None,
        of: Named = None,
        cursor: Cursor = None,
        limit: Limit = 50,
        format: Form = "json",
    ) -> Json | Response:
        gaps, filters, name = _gaps(bureau), bureau.filters(request), list_of(list) if list else None
        pages: Pages = lambda after, n: gaps.conversations(filters, name, key, of, after, n)  # noqa: E731
        return listed(bureau, pages, cursor, limit, format)

    @router.get("/gaps/export", summary="What there is to do for the people of the catalogue, as CSV or Parquet")
    def export(request: Request, list: Named = None, format: Form = "csv") -> Response:
        filters = bureau.filters(request)
        require_format(format)
        report = _gaps(bureau).report(filters, list_of(list) if list else None, _EXPORTED)
        name = f"to-do-{filters.since}-{filters.until}"
        if format != "csv":
            return sent(to_rows(report, page_language(request)), name, format)
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
        return StreamingResponse(to_csv(report, page_language(request)), media_type="text/csv", headers=headers)


def list_of(name: str) -> List:
    """The list of that name; 422 where there is none."""
    return one_of("list", name, _LISTS)  # type: ignore[no-any-return]


def show_list(listed: Listed, currency: str, locale: Locale) -> Json:
    """A list with its things, named in the page's language."""
    items = [show_item(item, currency, locale) for item in listed.items]
    return {"list": listed.list, "total": listed.total, "conversations": listed.conversations, "items": items}


def show_item(item: Item, currency: str, locale: Locale) -> Json:
    """One thing that was wanted."""
    nearest = item.nearest
    missed = nearest.missed_minor if nearest else None
    return {
        **{name: getattr(item, name) for name in ("key", "conversations", "turns", "before", "first", "last", "state")},
        "name": item.name[locale],
        "days": [*item.days],
        "product_id": item.product_id,
        "product": item.product[locale] if item.product else None,
        "nearest": nearest
        and {
            "product_id": nearest.product_id,
            "title": nearest.title[locale],
            "misses_by": None if missed is None else whole_units(missed, currency),
            "states": stated(nearest.states, locale),
        },
        "parts": [{"name": part.name[locale], "conversations": part.conversations} for part in item.parts],
        "asked": asdict(item.asked) if item.asked else None,
        "category": asdict(item.category) | {"name": (item.category_name or {}).get(locale, "")}
        if item.category
        else None,
        "examples": [
            {"session_id": one.session_id, "turn_id": one.turn_id, "at": one.at.isoformat(), "said": one.said}
            for one in item.examples
        ],
    }


def _gaps(bureau: Bureau) -> Gaps:
    found = bureau.parts.gaps
    if found is None:
        raise missing("lists of what shoppers wanted and did not get")
    return found
