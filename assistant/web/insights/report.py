"""The weekly report over HTTP."""

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from assistant.insight.alerts.making import ReportOf
from assistant.insight.report import Look, Paper, Weekly, paper, weekly, written
from assistant.insight.report_beside import Sources
from assistant.insight.report_week import week_of
from assistant.settings import Settings
from assistant.web.insights.parts import Bureau, InsightParts, page_language
from catalog import Locale


def report_routes(router: APIRouter, bureau: Bureau) -> None:
    """The route of the report."""
    parts, shop = bureau.parts, bureau.shop

    @router.get(
        "/report", summary="One week against the week before, as a page to read or print", response_class=HTMLResponse
    )
    def report(request: Request, week: str = "") -> Response:
        now, locale = parts.clock(), page_language(request)
        try:
            told = week_told(parts, week, now.date())
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        currency = told.overview.currency or shop.currency()
        look = Look(
            shop.settings.shop_name, locale, currency, shop.settings.accent, lambda id: bureau.title(id, locale),
            base="", button=True,
        )  # fmt: skip
        return HTMLResponse(written(told, look, now), headers={"Cache-Control": "no-store"})


def week_told(parts: InsightParts, week: str, today: date) -> Weekly:
    """What a report of that week, or of the last full one, tells; ValueError where there is no such week."""
    alarm = parts.alerts
    log, rules = (alarm.log, alarm.rules) if alarm else (None, None)
    sources = Sources(parts.gaps, parts.opinions, log, rules, parts.experiments)
    return weekly(parts.figures, week_of(week, today), sources)


def report_of(
    parts: InsightParts, settings: Settings, title: Callable[[str, Locale], str], currency: Callable[[], str]
) -> ReportOf:
    """Makes reports that are sent: with links where shoppers and owners have an address to come by."""

    def report(week: str, locale: Locale) -> Paper:
        now = parts.clock()
        told = week_told(parts, week, now.date())
        look = Look(
            settings.shop_name, locale, told.overview.currency or currency(), settings.accent,
            lambda id: title(id, locale), settings.public_url.rstrip("/") or None,
        )  # fmt: skip
        return paper(told, look, now)

    return report
