"""Shifts over HTTP: a period and its last week against what was before, and the conversations behind each shift."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request

from assistant.insight.drift import Comparison, Drift, Shift
from assistant.insight.drift.statistics import FALSE_ALARMS, LEAST
from assistant.insight.drift.words import named, value_name
from assistant.web.insights.parts import Bureau, Json, missing, page_language
from assistant.web.insights.show import show_conversations
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

    @router.get("/drift/conversations", summary="The conversations behind a shift, newest first")
    def conversations(
        request: Request,
        measure: Annotated[str, Query(max_length=80)],
        value: Annotated[str, Query(max_length=400)],
        cursor: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Json:
        filters = bureau.filters(request)
        try:
            page = _drift(bureau).conversations(filters, measure, value, cursor, limit)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        return show_conversations(page, bureau.shop.currency())


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
