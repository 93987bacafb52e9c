"""Shifts over HTTP: a period and its last week against what was before, and the conversations behind each shift."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from assistant.insight.drift import Comparison, Drift, Shift
from assistant.insight.drift.statistics import FALSE_ALARMS, LEAST
from assistant.insight.drift.words import named, value_name
from assistant.web.insights.conversations import Cursor, Form, Limit, Pages, listed
from assistant.web.insights.files import require_format, sent
from assistant.web.insights.parts import Bureau, Json, missing, page_language
from catalog import Locale

_CELLS = 8  # values of a measure that are told


def drift_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of shifts."""

    @router.get("/drift", summary="What has shifted against the period before, and from week to week")
    def drift(request: Request) -> Json:
        filters, locale = bureau.filters(request), page_language(request)
        try:
            found = _drift(bureau).report(filters)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        told = [show_comparison(one, locale) for one in found]
        return {"false_alarms": FALSE_ALARMS, "least": LEAST, "comparisons": told}

    @router.get(
        "/drift/conversations",
        summary="The conversations behind a shift, newest first; `other_from` and `other_to` are what it is set beside",
        response_model=None,
    )
    def conversations(
        request: Request,
        measure: Annotated[str, Query(max_length=80)],
        value: Annotated[str, Query(max_length=400)],
        other_from: date | None = None,
        other_to: date | None = None,
        cursor: Cursor = None,
        limit: Limit = 50,
        format: Form = "json",
    ) -> Json | Response:
        drift, filters = _drift(bureau), bureau.filters(request)
        try:
            other = replace(filters, since=other_from, until=other_to) if other_from and other_to else None
        except ValueError as error:
            raise HTTPException(422, f"other_{error}") from error
        pages: Pages = lambda after, n: drift.conversations(filters, measure, value, after, n, other)  # noqa: E731
        return listed(bureau, pages, cursor, limit, format)

    @router.get("/drift/export", summary="Everything that was looked at, as CSV or Parquet: a row for each value")
    def export(request: Request, format: Form = "csv") -> Response:
        filters, locale = bureau.filters(request), page_language(request)
        require_format(format)
        try:
            found = _drift(bureau).report(filters)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        return sent(_rows(found, locale), f"shifts-{filters.since}-{filters.until}", format)


def _rows(found: Sequence[Comparison], locale: Locale) -> Iterator[Json]:
    for one in found:
        days = {
            "from": one.since.isoformat(),
            "to": one.until.isoformat(),
            "before_from": one.before_since.isoformat(),
            "before_to": one.before_until.isoformat(),
        }
        for shift in one.shifts:
            judged = {
                name: getattr(shift, name) for name in ("n_before", "n_now", "psi", "divergence", "p", "q", "size")
            }
            for cell in shift.cells:
                yield {
                    "span": one.span,
                    **days,
                    "measure": shift.measure,
                    "name": named(shift.measure, cell.value, locale),
                    **asdict(cell),
                    **judged,
                    "found": "yes" if shift.found else "no",
                }


def show_comparison(found: Comparison, locale: Locale) -> Json:
    """Two periods beside each other."""
    return {
        "span": found.span,
        "from": found.since.isoformat(),
        "to": found.until.isoformat(),
        "before_from": found.before_since.isoformat(),
        "before_to": found.before_until.isoformat(),
        "conversations": found.conversations,
        "conversations_before": found.conversations_before,
        "shifts": [show_shift(one, locale) for one in found.shifts],
        "too_few": [named(one, "", locale) if one.startswith("kind:") else one for one in found.too_few],
    }


def show_shift(shift: Shift, locale: Locale) -> Json:
    """One measure in both periods."""
    names = ("measure", "value", "before", "now", "n_before", "n_now", "psi", "divergence", "p", "q", "size", "found")
    interval = shift.change.interval
    return {
        **{name: getattr(shift, name) for name in names},
        "name": named(shift.measure, shift.value, locale),
        "words": shift.words[locale],
        "change": {"value": shift.change.value, **(asdict(interval) if interval else {"low": None, "high": None})},
        "cells": [asdict(one) | {"name": value_name(shift.measure, one.value, locale)} for one in shift.cells[:_CELLS]],
    }


def _drift(bureau: Bureau) -> Drift:
    found = bureau.parts.drift
    if found is None:
        raise missing("watch over shifts")
    return found
