"""The weekly report over HTTP."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from assistant.insight.report import Look, week_of, weekly, written
from assistant.web.insights.parts import Bureau, page_language


def report_routes(router: APIRouter, bureau: Bureau) -> None:
    """The route of the report."""
    parts, shop = bureau.parts, bureau.shop

    @router.get(
        "/report", summary="One week against the week before, as a page to read or print", response_class=HTMLResponse
    )
    def report(request: Request, week: str = "") -> Response:
        now, locale = parts.clock(), page_language(request)
        try:
            told = weekly(parts.figures, week_of(week, now.date()))
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        currency = told.overview.currency or shop.currency()
        look = Look(
            shop.settings.shop_name, locale, currency, shop.settings.accent, lambda id: bureau.title(id, locale)
        )
        return HTMLResponse(written(told, look, now), headers={"Cache-Control": "no-store"})
